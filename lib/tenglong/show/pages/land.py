"""The land page: what it finds, the states by township, and the contracts to be signed."""

from collections.abc import Iterator, Mapping
from fractions import Fraction

from tenglong.measure.county import County, Unavailable
from tenglong.measure.land.land_sheet import LandSheet
from tenglong.measure.land.tally import EVERY, UNDECIDED, Tally
from tenglong.show import cell
from tenglong.show.coded import known
from tenglong.show.figure.stacked import Part, Row, stacked
from tenglong.show.finding import Card, Sentence, Tone, Value, findings, sentence
from tenglong.show.lacking import all_lacking, lacking
from tenglong.show.number import MISSING, figure
from tenglong.show.piece import Piece
from tenglong.show.share import MARKS, promised, target_share, verdict
from tenglong.show.table import Column, table
from tenglong.show.words import word

NOTHING = Tally(0, Fraction(0))
GAPS = ("supplied_unused", "invested_short", "partly_used", "below_capacity")
WAYS = ("take_back", "fee", "by_decision", "cause_unknown", "agreement")
# The parts of a bar: what is drawn alike, in the order of what needs action.
PARTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "land.state.idle": ("bad", ("idle",)),
    "land.figure.short": ("warn", GAPS),
    "land.state.in_progress": ("fair", ("in_progress",)),
    "land.state.in_use": ("good", ("in_use",)),
    "land.figure.rest": ("none", ("vacant", "undecided")),
}


def land_findings(county: County, sheet: LandSheet, *, language: str = "zh") -> Piece:
    """Open the page: how much land lies idle or falls short, and what must be done next."""
    said = [
        *_of_states(county, sheet, language),
        *_of_contracts(sheet, language),
        *_of_years(sheet, language),
    ]
    parts = (sheet.parcels, sheet.signing, sheet.grants, sheet.fund)
    gaps = [part for part in parts if isinstance(part, Unavailable)]
    return findings(
        *said,
        *all_lacking(county, gaps, language=language),
        cards=_cards(sheet, language),
        name="land_findings",
    )


def _cards(sheet: LandSheet, language: str) -> list[Card]:
    if isinstance(sheet.parcels, Unavailable):
        return []
    cards = []
    for state in ("idle", *GAPS):
        held = sheet.tallies.get(state, NOTHING)
        unit = word("land.card.mu", language, area=figure(held.area_mu, 1))
        tone: Tone = ("bad" if state == "idle" else "warn") if held.parcels else "good"
        label = word(f"land.state.{state}", language)
        cards.append(Card(label, cell.number(held.parcels, 0), unit, tone))
    return cards


def _of_states(county: County, sheet: LandSheet, language: str) -> Iterator[Sentence]:
    if isinstance(sheet.parcels, Unavailable):
        if sheet.supplied:
            day, parcels = county.as_of, sheet.supplied
            yield sentence("land.found.only_count", language, as_of=day, parcels=parcels)
        return
    every, idle = sheet.tallies[EVERY], sheet.tallies.get("idle", NOTHING)
    share = 100 * idle.area_mu / every.area_mu if every.area_mu else None
    yield sentence(
        "land.found.township" if county.township else "land.found.overall",
        language,
        as_of=county.as_of,
        **({"township": county.township.name[language]} if county.township else {}),
        parcels=every.parcels,
        area=cell.number(every.area_mu, 1),
        idle=idle.parcels,
        idle_area=cell.number(idle.area_mu, 1),
        share=cell.number(share, 1),
    )
    if idle.parcels:
        yield from _of_idle(county, sheet, language)
    yield from _of_gaps(county, sheet, language)
    if UNDECIDED in sheet.tallies:
        count = sheet.tallies[UNDECIDED].parcels
        yield sentence("land.found.undecided", language, count=count)


def _of_idle(county: County, sheet: LandSheet, language: str) -> Iterator[Sentence]:
    ways = [_way(sheet.ways[way], way, language) for way in WAYS if way in sheet.ways]
    if ways:
        unit = lead_of(county, "idle_land_disposed")
        yield sentence("land.found.handling", language, ways=ways, unit=unit)


def _way(held: Tally, way: str, language: str) -> Sentence:
    name = word(f"land.handling.{way}", language)
    if held.fee_wan is None:
        return sentence("land.found.way", language, way=name, count=held.parcels)
    fee = cell.number(held.fee_wan, 2)
    return sentence("land.found.way_with_fee", language, way=name, count=held.parcels, fee=fee)


def _of_gaps(county: County, sheet: LandSheet, language: str) -> Iterator[Sentence]:
    classes = [
        sentence(
            "land.found.class",
            language,
            name=word(f"land.state.{state}", language),
            count=held.parcels,
            area=cell.number(held.area_mu, 1),
        )
        for state in GAPS
        if (held := sheet.tallies.get(state)) is not None
    ]
    if not classes:
        yield sentence("land.found.no_gaps", language)
        return
    unit = lead_of(county, "three_unfinished")
    yield sentence("land.found.gaps", language, classes=classes, unit=unit)
    if not isinstance(sheet.late, Unavailable) and sheet.late["idle_on"].notna().any():
        first = sheet.late.sort_values(["idle_on", "parcel_id"], kind="stable").iloc[0]
        years = first["idle_on"].year - first["agreed_on"].year
        day = first["idle_on"].date()
        name = str(first["name"])
        yield sentence("land.found.next_idle", language, name=name, day=day, years=years)


def _of_contracts(sheet: LandSheet, language: str) -> Iterator[Sentence]:
    if isinstance(sheet.signing, Unavailable) or not sheet.signing.required:
        return
    signing = sheet.signing
    left = signing.required - signing.signed
    clause = promised(sheet.board, "contracts_signed")
    said: dict[str, Value] = {
        "required": signing.required,
        "signed": signing.signed,
        "share": cell.number(Fraction(100 * signing.signed, signing.required), 1),
        "unsigned": left,
    }
    if not left or clause is None:
        yield sentence("land.found.contracts", language, **said)
        return
    said |= {"due": clause.clause.due, "unit": clause.clause.lead}
    if signing.needed_a_month is None:
        yield sentence("land.found.contracts_due", language, **said)
        return
    needed = cell.number(signing.needed_a_month, 1)
    yield sentence("land.found.contracts_pace", language, needed=needed, **said)


def _of_years(sheet: LandSheet, language: str) -> Iterator[Sentence]:
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
        yield sentence(
            f"land.found.{name}_{code}",
            language,
            year=str(last),
            share=cell.number(told.value * 100, 2),
            target=cell.number(target * 100, 0),
            unit=clause.clause.lead,
            **({"drawn": cell.number(drawn, 2)} if isinstance(drawn, Fraction) else {}),
        )


def lead_of(county: County, clause_id: str) -> str:
    """Name the unit that leads a clause of the plan; the supplier of parcels where there is none.

    A county's own plan may have no such clause.
    """
    found = next((one for one in county.plan.clauses if one.id == clause_id), None)
    if found is not None and found.lead:
        return found.lead
    return str(county.policy["suppliers"]["tables"].get("parcels", MISSING))


def states_by_town(county: County, sheet: LandSheet, *, language: str = "zh") -> Piece:
    """Draw the states of the parcels by township, those with most trouble first."""
    if isinstance(sheet.parcels, Unavailable):
        return findings(
            lacking(county, sheet.parcels, language=language), name="land_states_figure"
        )
    rows = [
        Row(town or MISSING, [sum(counts[state] for state in held) for _, held in PARTS.values()])
        for town, counts in _counts(sheet)
    ]
    return stacked(
        rows,
        [Part(word(key, language), tone) for key, (tone, _) in PARTS.items()],
        caption=word("land.figure.states", language),
        described=word("land.figure.states_described", language),
        name="land_states_figure",
        language=language,
    )


def _counts(sheet: LandSheet) -> list[tuple[str, dict[str, int]]]:
    """Give the counts of every township by state, as plain numbers."""
    named = sheet.by_town.to_dict("index")
    return [(str(t), {str(k): int(n) for k, n in counts.items()}) for t, counts in named.items()]


def state_table(sheet: LandSheet, *, language: str = "zh") -> Piece:
    """Count the parcels in each state, by township."""
    if isinstance(sheet.parcels, Unavailable):
        return Piece("")
    counts = _counts(sheet)
    names = [state for state in sheet.by_town.columns if any(held[state] for _, held in counts)]
    columns = [
        Column(
            word("land.column.town", language), [cell.text(t or MISSING) for t, _ in counts], True
        ),
        *(
            Column(
                word("land.column.total" if name == EVERY else f"land.short.{name}", language),
                [cell.number(held[name], 0) for _, held in counts],
            )
            for name in names
        ),
    ]
    return table(columns, caption=word("land.table.states", language), name="land_states")


def signing_table(county: County, sheet: LandSheet, *, language: str = "zh") -> Piece:
    """Count by township the contracts that are still to be signed, most first."""
    if isinstance(sheet.signing, Unavailable):
        return findings(lacking(county, sheet.signing, language=language), name="land_signing")
    rows = sheet.signing.by_town
    share = [
        Fraction(100 * int(s), int(p)) for s, p in zip(rows["signed"], rows["parcels"], strict=True)
    ]
    columns = [
        Column(
            word("land.column.town", language),
            [cell.text(known(town)) for town in rows["town"]],
            True,
        ),
        *(
            Column(word(f"land.column.{name}", language), [cell.number(n, 0) for n in rows[name]])
            for name in ("parcels", "signed", "unsigned")
        ),
        Column(word("land.column.signed_share", language), [cell.number(s, 1) for s in share]),
    ]
    return table(columns, caption=word("land.table.signing", language), name="land_signing")
