"""What the map page finds: what stands where, what needs action, and who must act."""

from collections.abc import Iterator
from fractions import Fraction
from functools import partial

from tenglong.measure.county import Unavailable
from tenglong.measure.parcel.uses import ActionTally
from tenglong.measure.sheet.parcel_map import ParcelMapSheet
from tenglong.show import cell
from tenglong.show.cell import Cell
from tenglong.show.finding import Card, findings
from tenglong.show.lacking import supplier_of
from tenglong.show.map.legend import class_texts, title_of
from tenglong.show.number import MISSING, quantity
from tenglong.show.page import Page
from tenglong.show.piece import Piece
from tenglong.show.sentence import Sentence

CARDS = ("low_tax", "idle", "overdue", "worst_grade")
UNFINISHED = ("supplied_unused", "invested_short", "partly_used", "below_capacity")
MOST_TOWNS = 3


def parcel_findings(page: Page, sheet: ParcelMapSheet) -> Piece:
    """Say how many parcels there are, which need action and where, and what is not known."""
    if sheet.parcels.empty:
        lines = [page.sentence("parcels.none"), *_lacking(page, sheet)]
        return findings(*lines, name="parcel_map_findings")
    lines = [
        _overall(page, sheet),
        *_asking(page, sheet),
        _classes(page, sheet),
        *_missing(page, sheet),
        *_lacking(page, sheet),
        *_cautions(page, sheet),
    ]
    return findings(*lines, cards=list(_cards(page, sheet)), name="parcel_map_findings")


def _cautions(page: Page, sheet: ParcelMapSheet) -> Iterator[Sentence]:
    """Say what is doubtful about the scheme of the grades, where the map shows grades."""
    if sheet.caution is not None:
        yield page.sentence("evaluation.caution", caution=page.told(sheet.caution))


def _cards(page: Page, sheet: ParcelMapSheet) -> Iterator[Card]:
    unit = page.word("parcels.unit_parcels")
    whole = quantity(sheet.area_mu, _mu(page))
    label = page.word("parcels.card.all")
    yield Card(label, cell.number(len(sheet.parcels), 0), f"{unit} · {whole}")
    for code in CARDS:
        if one := sheet.tallies.get(code):
            below = f"{unit} · {quantity(one.area_mu, _mu(page))}"
            label = page.word(f"parcels.card.{code}")
            yield Card(label, cell.number(one.parcels, 0), below, "bad")


def _overall(page: Page, sheet: ParcelMapSheet) -> Sentence:
    used = sheet.uses.loc[sheet.uses["usci"].notna()]
    place = page.place.township.name if page.place.township else page.place.name
    return page.sentence(
        "parcels.overall" if len(used) else "parcels.overall_unused",
        place=place[page.language],
        count=len(sheet.parcels),
        area=_area(page, sheet.area_mu),
        **(
            {"used": used["parcel"].nunique(), "firms": used["usci"].nunique()} if len(used) else {}
        ),
    )


def _asking(page: Page, sheet: ParcelMapSheet) -> Iterator[Sentence]:
    """Say what needs action, where most of it is, and who leads."""
    told = partial(_told, page, is_cut=page.place.township is not None)
    if one := sheet.tallies.get("low_tax"):
        low = page.place.policy["clearance"]["low_tax_wan_per_mu"]
        yield told("parcels.low_tax", one, limit=cell.number(low, _decimals(low)))
        if not isinstance(sheet.left_firms, Unavailable):
            yield page.sentence("parcels.low_tax_firms", firms=sheet.left_firms)
    if one := sheet.tallies.get("overdue"):
        late = sheet.uses["days_overdue"]
        names = sheet.uses["name"].fillna(sheet.uses["usci"])
        latest = page.names([str(name) for name in names[late == late.max()].unique()], 1)
        yield told("parcels.overdue", one, days=int(late.max()), firm=latest)
    if one := sheet.tallies.get("idle"):
        yield told("parcels.idle", one)
    if one := sheet.tallies.get("may_be_idle"):
        yield told("parcels.may_be_idle", one)
    if parts := [(code, sheet.tallies[code]) for code in UNFINISHED if code in sheet.tallies]:
        yield page.sentence(
            "parcels.unfinished",
            parts=page.listed([_part(page, code, one) for code, one in parts]),
            unit=_lead(parts[0][1]),
        )
    if one := sheet.tallies.get("worst_grade"):
        yield told("parcels.worst_grade", one)


def _told(
    page: Page, key: str, tally: ActionTally, *, is_cut: bool, **more: Cell | Sentence | int
) -> Sentence:
    return page.sentence(
        key,
        count=tally.parcels,
        area=_area(page, tally.area_mu),
        firms=tally.firms,
        towns=_towns(page, tally, is_cut=is_cut),
        unit=_lead(tally),
        **more,
    )


def _towns(page: Page, tally: ActionTally, *, is_cut: bool) -> Sentence | str:
    """Name the townships that have most; nothing on the page of one township."""
    if is_cut:
        return ""
    parts = [_of_town(page, *town) for town in tally.townships]
    if len(parts) == 1:
        name = tally.townships[0][0] or page.word("parcels.nowhere")
        return page.sentence("parcels.all_in", town=name)
    return page.sentence("parcels.most_in", towns=page.first(parts, MOST_TOWNS))


def _of_town(page: Page, name: str | None, count: int, area: Fraction) -> Sentence:
    town = name or page.word("parcels.nowhere")
    return page.sentence("parcels.of_town", town=town, count=count, area=_area(page, area))


def _part(page: Page, code: str, tally: ActionTally) -> Sentence:
    return page.sentence(
        "parcels.of_state",
        state=page.word(f"parcels.action.{code}"),
        count=tally.parcels,
        area=_area(page, tally.area_mu),
    )


def _lead(tally: ActionTally) -> str:
    return tally.units[0] if tally.units else MISSING


def _classes(page: Page, sheet: ParcelMapSheet) -> Sentence:
    texts = class_texts(page, sheet.classes, sheet.rule)
    parts = [
        page.sentence("parcels.class_count", name=name, count=count)
        for name, count in zip(texts, sheet.classes.counts, strict=True)
        if count
    ]
    title = title_of(page, sheet.rule)
    return page.sentence("parcels.classes", label=title, told=parts or MISSING)


def _missing(page: Page, sheet: ParcelMapSheet) -> Iterator[Sentence]:
    if sheet.classes.missing:
        label = sheet.rule["label"][page.language]
        yield page.sentence("parcels.missing", count=sheet.classes.missing, label=label)


def _lacking(page: Page, sheet: ParcelMapSheet) -> Iterator[Sentence]:
    """Say which measures cannot be shown, and who must supply what for each."""
    parts = [_lacks(page, name, sheet) for name in sheet.lacking]
    if parts:
        yield page.sentence("parcels.lacking", measures=page.listed(parts))


def _lacks(page: Page, name: str, sheet: ParcelMapSheet) -> Sentence:
    label = page.place.policy["parcel_measures"]["measures"][name]["label"][page.language]
    wanting = sheet.lacking[name]
    if wanting is None:
        return page.sentence("parcels.lacks_value", label=label)
    what = page.label(wanting.table)
    if wanting.column:
        what = f"{what} · {page.label(wanting.table, wanting.column)}"
    unit = supplier_of(page.place, wanting.table, wanting.column or "")
    return page.sentence("parcels.lacks", label=label, what=what, unit=unit)


def _mu(page: Page) -> str:
    return page.word("parcels.unit_mu")


def _area(page: Page, area: Fraction) -> Cell:
    return cell.amount(area, _mu(page))


def _decimals(number: float) -> int:
    return 0 if float(number).is_integer() else 2
