"""What the map page finds: what stands where, what needs action, and who must act."""

from collections.abc import Iterator
from fractions import Fraction
from functools import partial

from tenglong.measure.county import County
from tenglong.measure.land.parcel_sheet import ParcelSheet
from tenglong.measure.land.parcel_tally import ActionTally
from tenglong.show import cell
from tenglong.show.cell import Cell
from tenglong.show.finding import Card, Sentence, findings, sentence
from tenglong.show.lacking import supplier_of
from tenglong.show.map.legend import class_texts, title_of
from tenglong.show.number import MISSING, quantity
from tenglong.show.piece import Piece
from tenglong.show.words import word

CARDS = ("low_tax", "idle", "overdue", "worst_grade")
UNFINISHED = ("supplied_unused", "invested_short", "partly_used", "below_capacity")
MOST_TOWNS = 3


def parcel_findings(county: County, sheet: ParcelSheet, *, language: str = "zh") -> Piece:
    """Say how many parcels there are, which need action and where, and what is not known."""
    if sheet.parcels.empty:
        lines = [sentence("parcels.none", language), *_lacking(county, sheet, language)]
        return findings(*lines, name="parcel_map_findings")
    lines = [
        _overall(county, sheet, language),
        *_asking(county, sheet, language),
        _classes(sheet, language),
        *_missing(sheet, language),
        *_lacking(county, sheet, language),
    ]
    return findings(*lines, cards=list(_cards(sheet, language)), name="parcel_map_findings")


def _cards(sheet: ParcelSheet, language: str) -> Iterator[Card]:
    unit = word("parcels.unit_parcels", language)
    whole = quantity(sheet.area_mu, _mu(language))
    label = word("parcels.card.all", language)
    yield Card(label, cell.number(len(sheet.parcels), 0), f"{unit} · {whole}")
    for code in CARDS:
        if one := sheet.tallies.get(code):
            below = f"{unit} · {quantity(one.area_mu, _mu(language))}"
            label = word(f"parcels.card.{code}", language)
            yield Card(label, cell.number(one.parcels, 0), below, "bad")


def _overall(county: County, sheet: ParcelSheet, language: str) -> Sentence:
    used = sheet.uses.loc[sheet.uses["usci"].notna()]
    place = county.township.name if county.township else county.name
    return sentence(
        "parcels.overall" if len(used) else "parcels.overall_unused",
        language,
        place=place[language],
        count=len(sheet.parcels),
        area=_area(sheet.area_mu, language),
        **(
            {"used": used["parcel"].nunique(), "firms": used["usci"].nunique()} if len(used) else {}
        ),
    )


def _asking(county: County, sheet: ParcelSheet, language: str) -> Iterator[Sentence]:
    """Say what needs action, where most of it is, and who leads."""
    low = county.policy["clearance"]["low_tax_wan_per_mu"]
    told = partial(_told, language=language, is_cut=county.township is not None)
    if one := sheet.tallies.get("low_tax"):
        yield told("parcels.low_tax", one, limit=cell.number(low, _decimals(low)))
    if one := sheet.tallies.get("overdue"):
        late = sheet.uses["days_overdue"]
        names = sheet.uses["name"].fillna(sheet.uses["usci"])
        name = str(names[late == late.max()].iloc[0])
        yield told("parcels.overdue", one, days=int(late.max()), firm=name)
    if one := sheet.tallies.get("idle"):
        yield told("parcels.idle", one)
    if parts := [(code, sheet.tallies[code]) for code in UNFINISHED if code in sheet.tallies]:
        yield sentence(
            "parcels.unfinished",
            language,
            parts=[_part(code, one, language) for code, one in parts],
            unit=_lead(parts[0][1]),
        )
    if one := sheet.tallies.get("worst_grade"):
        yield told("parcels.worst_grade", one)


def _told(
    key: str, one: ActionTally, language: str, *, is_cut: bool, **more: Cell | int | str
) -> Sentence:
    return sentence(
        key,
        language,
        count=one.parcels,
        area=_area(one.area_mu, language),
        firms=one.firms,
        towns=_towns(one, language, is_cut=is_cut),
        unit=_lead(one),
        **more,
    )


def _towns(one: ActionTally, language: str, *, is_cut: bool) -> Sentence | str:
    """Name the townships that have most; nothing on the page of one township."""
    if is_cut:
        return ""
    parts = [_of_town(*town, language) for town in one.townships[:MOST_TOWNS]]
    if len(parts) == 1:
        name = one.townships[0][0] or word("parcels.nowhere", language)
        return sentence("parcels.all_in", language, town=name)
    return sentence("parcels.most_in", language, towns=parts)


def _of_town(name: str | None, count: int, area: Fraction, language: str) -> Sentence:
    town = name or word("parcels.nowhere", language)
    return sentence("parcels.of_town", language, town=town, count=count, area=_area(area, language))


def _part(code: str, one: ActionTally, language: str) -> Sentence:
    return sentence(
        "parcels.of_state",
        language,
        state=word(f"parcels.action.{code}", language),
        count=one.parcels,
        area=_area(one.area_mu, language),
    )


def _lead(one: ActionTally) -> str:
    return one.units[0] if one.units else MISSING


def _classes(sheet: ParcelSheet, language: str) -> Sentence:
    texts = class_texts(sheet.classes, sheet.rule, language=language)
    parts = [
        sentence("parcels.class_count", language, name=name, count=count)
        for name, count in zip(texts, sheet.classes.counts, strict=True)
        if count
    ]
    title = title_of(sheet.rule, language=language)
    return sentence("parcels.classes", language, label=title, told=parts or MISSING)


def _missing(sheet: ParcelSheet, language: str) -> Iterator[Sentence]:
    if sheet.classes.missing:
        label = sheet.rule["label"][language]
        yield sentence("parcels.missing", language, count=sheet.classes.missing, label=label)


def _lacking(county: County, sheet: ParcelSheet, language: str) -> Iterator[Sentence]:
    """Say which measures cannot be shown, and who must supply what for each."""
    parts = [_lacks(county, name, sheet, language) for name in sheet.lacking]
    if parts:
        yield sentence("parcels.lacking", language, measures=parts)


def _lacks(county: County, name: str, sheet: ParcelSheet, language: str) -> Sentence:
    label = county.policy["parcel_measures"]["measures"][name]["label"][language]
    wanting = sheet.lacking[name]
    if wanting is None:
        return sentence("parcels.lacks_value", language, label=label)
    what = county.label(wanting.table)[language]
    if wanting.column:
        what = f"{what} · {county.label(wanting.table, wanting.column)[language]}"
    unit = supplier_of(county, wanting.table, wanting.column or "")
    return sentence("parcels.lacks", language, label=label, what=what, unit=unit)


def _mu(language: str) -> str:
    return word("parcels.unit_mu", language)


def _area(area: Fraction, language: str) -> Cell:
    return cell.amount(area, _mu(language))


def _decimals(number: float) -> int:
    return 0 if float(number).is_integer() else 2
