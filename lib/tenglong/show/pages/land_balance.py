"""The land page: control line, replacement ledger, grants, standard land and the fund."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pandas as pd

from tenglong.measure.county import County, Unavailable
from tenglong.measure.land.land_sheet import LandSheet
from tenglong.measure.reading import Figure
from tenglong.show import cell
from tenglong.show.figure.bars import bars
from tenglong.show.figure.lines import Line, lines
from tenglong.show.finding import Sentence, findings, sentence
from tenglong.show.lacking import lacking
from tenglong.show.number import MISSING
from tenglong.show.pages.land import lead_of
from tenglong.show.piece import Piece
from tenglong.show.share import promised, share_bar, verdict, verdict_cell
from tenglong.show.table import Column, table
from tenglong.show.words import word

NOTHING = Fraction(0)


def line_and_ledger(county: County, sheet: LandSheet, *, language: str = "zh") -> Piece:
    """Say how the land lies to the control line, and how the ledger of conversions stands."""
    said: list[Sentence] = []
    for part, told in (
        (sheet.positions, _of_positions(sheet, language)),
        (sheet.ledger, _of_ledger(county, sheet, language)),
    ):
        if isinstance(part, Unavailable):
            said.append(lacking(county, part, language=language))
        else:
            said += told
    return findings(*said, name="land_line")


def _of_positions(sheet: LandSheet, language: str) -> Iterator[Sentence]:
    if isinstance(sheet.positions, Unavailable):
        return
    found = sheet.positions
    inside, outside = int(found["parcels_inside"]), int(found["parcels_outside"])
    share = 100 * found["inside_mu"] / found["drawn_mu"] if found["drawn_mu"] else None
    yield sentence(
        "land.line.overall",
        language,
        parcels=inside + outside,
        inside=inside,
        outside=outside,
        straddling=int(found["parcels_straddling"]),
        inside_mu=cell.number(Fraction(found["inside_mu"]), 1),
        share=cell.number(share, 1),
    )
    if found["parcels_unknown"]:
        yield sentence("land.line.unknown", language, count=int(found["parcels_unknown"]))


def _of_ledger(county: County, sheet: LandSheet, language: str) -> Iterator[Sentence]:
    held = sheet.balance
    if held is None:
        yield sentence("land.none.moves", language, as_of=county.as_of)
        return
    if held.balance_mu is None:
        yield sentence("land.ledger.unknown", language)
        return
    values = {
        "converted": cell.number(held.converted_mu, 2),
        "replaced": cell.number(held.replaced_mu, 2),
        "balance": cell.number(held.balance_mu, 2),
    }
    if held.balance_mu < 0:
        owed = cell.number(-held.balance_mu, 2)
        unit = lead_of(county, "land_replaced")
        yield sentence("land.ledger.short", language, owed=owed, unit=unit, **values)
        return
    yield sentence("land.ledger.balanced", language, **values)
    if held.lowest_mu is not None and held.lowest_on is not None and held.lowest_mu < 0:
        lowest = cell.number(held.lowest_mu, 2)
        yield sentence("land.ledger.was_short", language, lowest=lowest, day=held.lowest_on)


def ledger_table(county: County, sheet: LandSheet, *, language: str = "zh") -> Piece:
    """List what was converted and replaced, with the running balance."""
    if isinstance(sheet.ledger, Unavailable) or sheet.ledger.empty:
        return Piece("")
    moves = sheet.ledger
    ways = [
        county.choice("land_moves", "direction", str(way))[language] for way in moves["direction"]
    ]
    parcels = moves["parcel_id"].fillna(MISSING) if "parcel_id" in moves else [MISSING] * len(moves)
    columns = [
        Column(
            word("land.column.day", language),
            [cell.date_of(d) for d in moves["moved_on"]],
            True,
            css="short",
        ),
        Column(
            word("land.column.parcel_id", language), [cell.text(p) for p in parcels], css="short"
        ),
        Column(word("land.column.direction", language), [cell.text(way) for way in ways]),
        Column(word("land.column.area", language), [cell.number(a, 2) for a in moves["area_mu"]]),
        Column(
            word("land.column.balance", language), [cell.number(b, 2) for b in moves["balance_mu"]]
        ),
    ]
    return table(columns, caption=word("land.table.ledger", language), name="land_ledger")


def ledger_figure(county: County, sheet: LandSheet, *, language: str = "zh") -> Piece:
    """Draw the running balance of the ledger against zero."""
    if isinstance(sheet.ledger, Unavailable) or sheet.ledger.empty:
        return Piece("")
    points: list[tuple[date, Fraction | None]] = [(county.plan.window.start, NOTHING)]
    points += [
        (when.date(), None if pd.isna(balance) else Fraction(str(balance)))
        for when, balance in zip(sheet.ledger["moved_on"], sheet.ledger["balance_mu"], strict=True)
    ]
    ends: list[tuple[date, Fraction | None]] = [(points[0][0], NOTHING), (county.as_of, NOTHING)]
    return lines(
        [
            Line(word("land.figure.balance", language), points),
            Line(word("land.figure.zero", language), ends, is_reference=True),
        ],
        caption=word("land.figure.ledger", language),
        described=word("land.figure.ledger_described", language),
        name="land_ledger_figure",
        unit=word("land.unit.mu", language),
        language=language,
    )


def grants_table(county: County, sheet: LandSheet, *, language: str = "zh") -> Piece:
    """Show by year what was granted, how much of it was industrial, and how much standard land."""
    if isinstance(sheet.grants, Unavailable):
        return findings(lacking(county, sheet.grants, language=language), name="land_grants")
    standard = {} if isinstance(sheet.standard, Unavailable) else sheet.standard
    years = sorted({*sheet.grants, *standard}, reverse=True)
    if not years:
        return findings(sentence("land.none.years", language), name="land_grants")
    columns = [
        _years(years, language),
        _part("granted", sheet.grants, "granted_mu", years, language),
        _part("industrial", sheet.grants, "industrial_mu", years, language),
        _share("industrial_share", sheet.grants, years, language),
        _verdicts(sheet, "industrial_grants", sheet.grants, years, language),
        _part("new_industrial", standard, "new_industrial_mu", years, language),
        _part("standard", standard, "standard_mu", years, language),
        _share("standard_share", standard, years, language),
        replace(
            _verdicts(sheet, "standard_land", standard, years, language),
            label=word("land.column.standard_verdict", language),
        ),
    ]
    return table(columns, caption=word("land.table.grants", language), name="land_grants")


def grants_figure(sheet: LandSheet, *, language: str = "zh") -> Piece:
    """Draw the industrial share of the grants by year against what the plan wants."""
    if isinstance(sheet.grants, Unavailable) or not sheet.grants:
        return Piece("")
    clause, as_of = promised(sheet.board, "industrial_grants"), sheet.board.as_of
    rows = [
        share_bar(one.value, clause, year=year, as_of=as_of, language=language)
        for year, one in sorted(sheet.grants.items())
    ]
    return bars(
        rows,
        caption=word("land.figure.grants", language),
        described=word("land.figure.grants_described", language),
        name="land_grants_figure",
        unit="%",
        language=language,
    )


def fund_table(county: County, sheet: LandSheet, *, language: str = "zh") -> Piece:
    """Show by year what was drawn for the campaign from the settled land income."""
    if isinstance(sheet.fund, Unavailable):
        return findings(lacking(county, sheet.fund, language=language), name="land_fund")
    years = sorted(sheet.fund, reverse=True)
    if not years:
        return findings(sentence("land.none.years", language), name="land_fund")
    columns = [
        _years(years, language),
        _part("income", sheet.fund, "settlement_income_wan", years, language),
        _part("drawn", sheet.fund, "drawn_wan", years, language),
        _share("drawn_share", sheet.fund, years, language),
        _verdicts(sheet, "fund_share", sheet.fund, years, language),
    ]
    return table(columns, caption=word("land.table.fund", language), name="land_fund")


def _years(years: list[int], language: str) -> Column:
    return Column(word("land.column.year", language), [cell.text(year) for year in years], True)


def _part(
    name: str, found: Mapping[int, Figure], part: str, years: list[int], language: str
) -> Column:
    return Column(
        word(f"land.column.{name}", language),
        [cell.number(_number(found.get(year), part), 2) for year in years],
    )


def _number(figure: Figure | None, part: str) -> Fraction | None:
    value = figure.parts.get(part) if figure else None
    return value if isinstance(value, Fraction) else None


def _share(name: str, found: Mapping[int, Figure], years: list[int], language: str) -> Column:
    values = [found[year].value if year in found else None for year in years]
    shown = [cell.number(None if v is None else v * 100, 2) for v in values]
    return Column(word(f"land.column.{name}", language), shown)


def _verdicts(
    sheet: LandSheet,
    indicator: str,
    found: Mapping[int, Figure],
    years: list[int],
    language: str,
) -> Column:
    clause, as_of = promised(sheet.board, indicator), sheet.board.as_of
    values = {year: found[year].value if year in found else None for year in years}
    cells = [
        verdict_cell(verdict(value, clause, year=year, as_of=as_of), language)
        for year, value in values.items()
    ]
    return Column(word("land.column.verdict", language), cells, css="short")
