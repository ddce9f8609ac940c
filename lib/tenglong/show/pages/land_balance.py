"""The land page: control line, replacement ledger, grants, standard land and the fund."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pandas as pd

from tenglong.measure.county import Unavailable
from tenglong.measure.reading import Figure
from tenglong.measure.sheet.land import LandSheet
from tenglong.show import cell
from tenglong.show.figure.bars import bars
from tenglong.show.figure.lines import Line, lines
from tenglong.show.finding import findings
from tenglong.show.lacking import lacking
from tenglong.show.number import MISSING
from tenglong.show.page import Page
from tenglong.show.pages.land import lead_of
from tenglong.show.piece import Piece
from tenglong.show.sentence import Sentence
from tenglong.show.share import promised, share_bar, verdict, verdict_cell
from tenglong.show.table import Column, table

NOTHING = Fraction(0)


def line_and_ledger(page: Page, sheet: LandSheet) -> Piece:
    """Say how the land lies to the control line, and how the ledger of conversions stands."""
    said: list[Sentence] = []
    for part, told in (
        (sheet.positions, _of_positions(page, sheet)),
        (sheet.ledger, _of_ledger(page, sheet)),
    ):
        if isinstance(part, Unavailable):
            said.append(lacking(page, part))
        else:
            said += told
    return findings(*said, name="land_line")


def _of_positions(page: Page, sheet: LandSheet) -> Iterator[Sentence]:
    if isinstance(sheet.positions, Unavailable):
        return
    found = sheet.positions
    inside, outside = int(found["parcels_inside"]), int(found["parcels_outside"])
    share = 100 * found["inside_mu"] / found["drawn_mu"] if found["drawn_mu"] else None
    yield page.sentence(
        "land.line.overall",
        parcels=inside + outside,
        inside=inside,
        outside=outside,
        straddling=int(found["parcels_straddling"]),
        inside_mu=cell.number(Fraction(found["inside_mu"]), 1),
        share=cell.number(share, 1),
    )
    if found["parcels_unknown"]:
        yield page.sentence("land.line.unknown", count=int(found["parcels_unknown"]))


def _of_ledger(page: Page, sheet: LandSheet) -> Iterator[Sentence]:
    held = sheet.balance
    if held is None:
        yield page.sentence("land.none.moves", as_of=page.place.as_of)
        return
    if held.balance_mu is None:
        yield page.sentence("land.ledger.unknown")
        return
    values = {
        "converted": cell.number(held.converted_mu, 2),
        "replaced": cell.number(held.replaced_mu, 2),
        "balance": cell.number(held.balance_mu, 2),
    }
    if held.balance_mu < 0:
        owed = cell.number(-held.balance_mu, 2)
        unit = lead_of(page.place, "land_replaced")
        yield page.sentence("land.ledger.short", owed=owed, unit=unit, **values)
        return
    yield page.sentence("land.ledger.balanced", **values)
    if held.lowest_mu is not None and held.lowest_on is not None and held.lowest_mu < 0:
        lowest = cell.number(held.lowest_mu, 2)
        yield page.sentence("land.ledger.was_short", lowest=lowest, day=held.lowest_on)


def ledger_table(page: Page, sheet: LandSheet) -> Piece:
    """List what was converted and replaced, with the running balance."""
    if isinstance(sheet.ledger, Unavailable) or sheet.ledger.empty:
        return Piece("")
    moves = sheet.ledger
    ways = [page.choice("land_moves", "direction", str(way)) for way in moves["direction"]]
    parcels = moves["parcel_id"].fillna(MISSING) if "parcel_id" in moves else [MISSING] * len(moves)
    columns = [
        Column(
            page.word("land.column.day"),
            [cell.date_of(d) for d in moves["moved_on"]],
            True,
            css="short",
        ),
        Column(page.word("land.column.parcel_id"), [cell.text(p) for p in parcels], css="short"),
        Column(page.word("land.column.direction"), [cell.text(way) for way in ways]),
        Column(page.word("land.column.area"), [cell.number(a, 2) for a in moves["area_mu"]]),
        Column(page.word("land.column.balance"), [cell.number(b, 2) for b in moves["balance_mu"]]),
    ]
    return table(columns, caption=page.word("land.table.ledger"), name="land_ledger")


def ledger_figure(page: Page, sheet: LandSheet) -> Piece:
    """Draw the running balance of the ledger against zero."""
    if isinstance(sheet.ledger, Unavailable) or sheet.ledger.empty:
        return Piece("")
    points: list[tuple[date, Fraction | None]] = [(page.place.plan.window.start, NOTHING)]
    points += [
        (when.date(), None if pd.isna(balance) else Fraction(str(balance)))
        for when, balance in zip(sheet.ledger["moved_on"], sheet.ledger["balance_mu"], strict=True)
    ]
    ends: list[tuple[date, Fraction | None]] = [
        (points[0][0], NOTHING),
        (page.place.as_of, NOTHING),
    ]
    return lines(
        page,
        [
            Line(page.word("land.figure.balance"), points),
            Line(page.word("land.figure.zero"), ends, is_reference=True),
        ],
        caption=page.word("land.figure.ledger"),
        described=page.word("land.figure.ledger_described"),
        name="land_ledger_figure",
        unit=page.word("land.unit.mu"),
    )


def grants_table(page: Page, sheet: LandSheet) -> Piece:
    """Show by year what was granted, how much of it was industrial, and how much standard land."""
    if isinstance(sheet.grants, Unavailable):
        return findings(lacking(page, sheet.grants), name="land_grants")
    standard = {} if isinstance(sheet.standard, Unavailable) else sheet.standard
    years = sorted({*sheet.grants, *standard}, reverse=True)
    if not years:
        return findings(page.sentence("land.none.years"), name="land_grants")
    columns = [
        _years(page, years),
        _part(page, "granted", sheet.grants, "granted_mu", years),
        _part(page, "industrial", sheet.grants, "industrial_mu", years),
        _share(page, "industrial_share", sheet.grants, years),
        _verdicts(page, sheet, "industrial_grants", sheet.grants, years),
        _part(page, "new_industrial", standard, "new_industrial_mu", years),
        _part(page, "standard", standard, "standard_mu", years),
        _share(page, "standard_share", standard, years),
        replace(
            _verdicts(page, sheet, "standard_land", standard, years),
            label=page.word("land.column.standard_verdict"),
        ),
    ]
    return table(columns, caption=page.word("land.table.grants"), name="land_grants")


def grants_figure(page: Page, sheet: LandSheet) -> Piece:
    """Draw the industrial share of the grants by year against what the plan wants."""
    if isinstance(sheet.grants, Unavailable) or not sheet.grants:
        return Piece("")
    clause, as_of = promised(sheet.board, "industrial_grants"), sheet.board.as_of
    rows = [
        share_bar(page, one.value, clause, year=year, as_of=as_of)
        for year, one in sorted(sheet.grants.items())
    ]
    return bars(
        page,
        rows,
        caption=page.word("land.figure.grants"),
        described=page.word("land.figure.grants_described"),
        name="land_grants_figure",
        unit="%",
    )


def fund_table(page: Page, sheet: LandSheet) -> Piece:
    """Show by year what was drawn for the campaign from the settled land income."""
    if isinstance(sheet.fund, Unavailable):
        return findings(lacking(page, sheet.fund), name="land_fund")
    years = sorted(sheet.fund, reverse=True)
    if not years:
        return findings(page.sentence("land.none.years"), name="land_fund")
    columns = [
        _years(page, years),
        _part(page, "income", sheet.fund, "settlement_income_wan", years),
        _part(page, "drawn", sheet.fund, "drawn_wan", years),
        _share(page, "drawn_share", sheet.fund, years),
        _verdicts(page, sheet, "fund_share", sheet.fund, years),
    ]
    return table(columns, caption=page.word("land.table.fund"), name="land_fund")


def _years(page: Page, years: list[int]) -> Column:
    return Column(page.word("land.column.year"), [cell.text(year) for year in years], True)


def _part(
    page: Page, name: str, found: Mapping[int, Figure], part: str, years: list[int]
) -> Column:
    return Column(
        page.word(f"land.column.{name}"),
        [cell.number(_number(found.get(year), part), 2) for year in years],
    )


def _number(figure: Figure | None, part: str) -> Fraction | None:
    value = figure.parts.get(part) if figure else None
    return value if isinstance(value, Fraction) else None


def _share(page: Page, name: str, found: Mapping[int, Figure], years: list[int]) -> Column:
    values = [found[year].value if year in found else None for year in years]
    shown = [cell.number(None if v is None else v * 100, 2) for v in values]
    return Column(page.word(f"land.column.{name}"), shown)


def _verdicts(
    page: Page, sheet: LandSheet, indicator: str, found: Mapping[int, Figure], years: list[int]
) -> Column:
    clause, as_of = promised(sheet.board, indicator), sheet.board.as_of
    values = {year: found[year].value if year in found else None for year in years}
    cells = [
        verdict_cell(page, verdict(value, clause, year=year, as_of=as_of))
        for year, value in values.items()
    ]
    return Column(page.word("land.column.verdict"), cells, css="short")
