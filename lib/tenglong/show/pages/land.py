"""The land page: what it finds, the states by township, and the contracts to be signed."""

from collections.abc import Iterator, Mapping
from fractions import Fraction

import pandas as pd

from tenglong.measure.county import County, Unavailable
from tenglong.measure.exact import exact_sum
from tenglong.measure.land.tally import EVERY, UNDECIDED, Tally
from tenglong.measure.sheet.land import LandSheet, Signing
from tenglong.show import cell
from tenglong.show.figure.stacked import Part, Row, stacked
from tenglong.show.finding import Card, Tone, findings
from tenglong.show.lacking import all_lacking, answering, supplied
from tenglong.show.listing import Field, listing, number, whole
from tenglong.show.number import MISSING, figure
from tenglong.show.page import Page
from tenglong.show.piece import Piece
from tenglong.show.sentence import Sentence, Value
from tenglong.show.share import MARKS, promised, target_share, verdict

NOTHING = Tally(0, Fraction(0))
GAPS = ("supplied_unused", "invested_short", "partly_used", "below_capacity")
WAYS = ("take_back", "fee", "by_decision", "to_determine", "cause_unknown", "agreement")
MOST_NAMED = 3
# The parts of a bar: what is drawn alike, in the order of what needs action.
PARTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "land.state.idle": ("bad", ("idle",)),
    "land.figure.short": ("warn", ("may_be_idle", *GAPS)),
    "land.state.in_progress": ("fair", ("in_progress",)),
    "land.state.in_use": ("good", ("in_use",)),
    "land.figure.rest": ("none", ("vacant", "undecided")),
}


def land_findings(page: Page, sheet: LandSheet) -> Piece:
    """Open the page: how much land lies idle or falls short, and what must be done next."""
    said = [
        *_of_states(page, sheet),
        *_of_contracts(page, sheet),
        *_of_years(page, sheet),
    ]
    return findings(
        *said,
        *all_lacking(page, (sheet.parcels, sheet.signing, sheet.grants, sheet.fund)),
        cards=_cards(page, sheet),
        name="land_findings",
    )


def _cards(page: Page, sheet: LandSheet) -> list[Card]:
    if isinstance(sheet.parcels, Unavailable):
        return []
    cards = []
    for state in ("idle", "may_be_idle", *GAPS):
        held = sheet.tallies.get(state, NOTHING)
        unit = page.word(".card.mu", area=figure(held.area_mu))
        tone: Tone = ("bad" if state == "idle" else "warn") if held.parcels else "good"
        label = page.word(f".state.{state}")
        cards.append(Card(label, cell.number(held.parcels, 0), unit, tone))
    return cards


def _of_states(page: Page, sheet: LandSheet) -> Iterator[Sentence]:
    if isinstance(sheet.parcels, Unavailable):
        if sheet.supplied:
            day, parcels = page.place.as_of, sheet.supplied
            yield page.sentence(".found.only_count", as_of=day, parcels=parcels)
        return
    every, idle = sheet.tallies[EVERY], sheet.tallies.get("idle", NOTHING)
    if not every.parcels:
        place = page.place.township or page.place
        yield page.sentence(".found.nothing", as_of=page.place.as_of, place=page.told(place.name))
        return
    share = 100 * idle.area_mu / every.area_mu if every.area_mu else None
    yield page.sentence(
        ".found.township" if page.place.township else ".found.overall",
        as_of=page.place.as_of,
        **({"township": page.place.township.name[page.language]} if page.place.township else {}),
        parcels=every.parcels,
        area=cell.number(every.area_mu),
        idle=idle.parcels,
        idle_area=cell.number(idle.area_mu),
        share=cell.number(share),
    )
    if idle.parcels:
        yield from _of_idle(page, sheet)
    yield from _of_candidates(page, sheet)
    yield from _of_gaps(page, sheet)
    if UNDECIDED in sheet.tallies:
        count = sheet.tallies[UNDECIDED].parcels
        yield page.sentence(".found.undecided", count=count)


def _of_idle(page: Page, sheet: LandSheet) -> Iterator[Sentence]:
    ways = [_way(page, sheet.ways[way], way) for way in WAYS if way in sheet.ways]
    if ways:
        unit = lead_of(page.place, "idle_handled")
        yield page.sentence(".found.handling", ways=page.listed(ways), unit=unit)


def _of_candidates(page: Page, sheet: LandSheet) -> Iterator[Sentence]:
    """Tell apart what may be determined as idle, by name: it is for the authority to decide."""
    if isinstance(sheet.parcels, Unavailable) or not (found := candidates(sheet.parcels)).size:
        return
    names = [str(name) for name in found["name"]]
    yield page.sentence(
        ".found.candidates",
        count=len(found),
        area=cell.number(exact_sum(found["area_mu"]), 2),
        years=sheet.idle_rule.suspended.years,
        names=page.joined(names[:MOST_NAMED]),
        more=page.word(".found.more") if len(names) > MOST_NAMED else "",
        unit=lead_of(page.place, "idle_handled"),
    )


def candidates(parcels: pd.DataFrame) -> pd.DataFrame:
    """Give the parcels that may be determined as idle, the longest suspended first."""
    found = parcels[parcels["state"] == "may_be_idle"]
    return found.sort_values(["years", "since", "parcel_id"], ascending=[False, True, True])


def _way(page: Page, held: Tally, way: str) -> Sentence:
    name = page.word(f".handling.{way}")
    if held.fee_wan is None:
        return page.sentence(".found.way", way=name, count=held.parcels)
    fee = cell.said(held.fee_wan, "万元", page.language)
    return page.sentence(".found.way_with_fee", way=name, count=held.parcels, fee=fee)


def _of_gaps(page: Page, sheet: LandSheet) -> Iterator[Sentence]:
    classes = [
        page.sentence(
            ".found.class",
            name=page.word(f".state.{state}"),
            count=held.parcels,
            area=cell.number(held.area_mu),
        )
        for state in GAPS
        if (held := sheet.tallies.get(state)) is not None
    ]
    if not classes:
        yield page.sentence(".found.no_gaps")
        return
    unit = lead_of(page.place, "land_in_states")
    yield page.sentence(".found.gaps", classes=classes, unit=unit)
    if not isinstance(sheet.late, Unavailable) and sheet.late["idle_on"].notna().any():
        first = sheet.late.sort_values(["idle_on", "parcel_id"], kind="stable").iloc[0]
        years = first["idle_on"].year - first["agreed_on"].year
        day = first["idle_on"].date()
        name = str(first["name"])
        yield page.sentence(".found.next_idle", name=name, day=day, years=years)


def _of_contracts(page: Page, sheet: LandSheet) -> Iterator[Sentence]:
    if isinstance(sheet.signing, Unavailable) or not sheet.signing.required:
        return
    signing = sheet.signing
    left = signing.required - signing.signed
    clause = promised(sheet.board, "contracts_signed")
    said: dict[str, Value] = {
        "required": signing.required,
        "signed": signing.signed,
        "share": cell.number(Fraction(100 * signing.signed, signing.required)),
        "unsigned": left,
    }
    if not left or clause is None:
        yield page.sentence(".found.contracts", **said)
        return
    said |= {"due": clause.clause.due, "unit": clause.clause.lead}
    if signing.needed_a_month is None:
        yield page.sentence(".found.contracts_due", **said)
        return
    needed = cell.number(signing.needed_a_month, 1)
    yield page.sentence(".found.contracts_pace", needed=needed, **said)


def _of_years(page: Page, sheet: LandSheet) -> Iterator[Sentence]:
    """Say how the last year's grants and fund stand against what the plan wants every year."""
    for name, indicator, years in (
        ("grants", "industrial_grants", sheet.grants),
        ("fund", "fund_share", sheet.fund),
    ):
        clause = promised(sheet.board, indicator)
        if isinstance(years, Unavailable) or not years or clause is None:
            continue
        last = max(years)
        told, target = years[last], target_share(clause)
        code = verdict(told.value, clause, year=last, as_of=sheet.board.as_of)
        if code not in MARKS or told.value is None or target is None:
            continue
        drawn = told.parts.get("drawn_wan")
        yield page.sentence(
            f".found.{name}_{code}",
            year=str(last),
            share=cell.number(told.value * 100, 2),
            target=cell.number(target * 100, 0),
            unit=clause.clause.lead,
            **(
                {"drawn": cell.said(drawn, "万元", page.language)}
                if isinstance(drawn, Fraction)
                else {}
            ),
        )


def lead_of(county: County, indicator: str) -> str:
    """Name who leads the clause of an indicator, else the supplier of parcels."""
    return answering(county, indicator, "parcels")


@supplied("land_states_figure", of="parcels")
def states_by_town(page: Page, sheet: LandSheet) -> Piece:
    """Draw the states of the parcels by township, those with most trouble first."""
    rows = [
        Row(
            page.name(town) or MISSING,
            [sum(counts[state] for state in held) for _, held in PARTS.values()],
        )
        for town, counts in _counts(sheet)
    ]
    return stacked(
        page,
        rows,
        [Part(page.word(key), tone) for key, (tone, _) in PARTS.items()],
        caption=page.word(".figure.states"),
        described=page.word(".figure.states_described"),
        name="land_states_figure",
    )


def _counts(sheet: LandSheet) -> list[tuple[str, dict[str, int]]]:
    """Give the counts of every township by state, as plain numbers."""
    named = sheet.by_town.to_dict("index")
    return [(str(t), {str(k): int(n) for k, n in counts.items()}) for t, counts in named.items()]


@supplied(of="parcels")
def state_table(page: Page, sheet: LandSheet) -> Piece:
    """Count the parcels in each state, by township."""
    states = [state for state in sheet.by_town if sheet.by_town[state].any()]
    return listing(
        page,
        sheet.by_town.rename_axis("town").reset_index(),
        [
            Field("town", of=lambda rows: rows["town"].replace("", None), is_header=True),
            *(
                Field("total" if state == EVERY else f"land.short.{state}", whole, str(state))
                for state in states
            ),
        ],
        caption=page.word(".table.states"),
        name="land_states",
    )


SIGNING = (
    Field("town", is_header=True),
    Field("parcels", whole),
    Field("signed", whole),
    Field("unsigned", whole),
    Field(
        "signed_share",
        number(1),
        lambda rows: [
            Fraction(100 * int(signed), int(parcels))
            for signed, parcels in zip(rows["signed"], rows["parcels"], strict=True)
        ],
    ),
)


@supplied("land_signing")
def signing_table(page: Page, signing: Signing) -> Piece:
    """Count by township the contracts that are still to be signed, most first."""
    caption = page.word(".table.signing")
    return listing(page, signing.by_town, SIGNING, caption=caption, name="land_signing")
