"""The land page: control line, replacement ledger, grants, standard land and the fund."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

import pandas as pd

from tenglong.measure.county import Unavailable
from tenglong.measure.judge.assessment import Board
from tenglong.measure.reading import Figure
from tenglong.measure.sheet.land import LandSheet
from tenglong.show import cell
from tenglong.show.figure.bars import bars
from tenglong.show.figure.lines import Line, lines
from tenglong.show.finding import findings
from tenglong.show.lacking import supplied, told_or_lacking
from tenglong.show.listing import Field, choice, day, listing, number
from tenglong.show.page import Page
from tenglong.show.pages.land import lead_of
from tenglong.show.piece import Piece
from tenglong.show.sentence import Sentence
from tenglong.show.share import promised, share_bar, verdict, verdict_cell

NOTHING = Fraction(0)


def line_and_ledger(page: Page, sheet: LandSheet) -> Piece:
    """Say how the land lies to the control line, and how the ledger of conversions stands."""
    positions = told_or_lacking(page, sheet.positions, lambda told: _of_positions(page, told))
    ledger = told_or_lacking(page, sheet.ledger, lambda _: _of_ledger(page, sheet))
    return findings(*positions, *ledger, name="land_line")


def _of_positions(page: Page, found: Mapping[str, Fraction | int]) -> Iterator[Sentence]:
    inside, outside = int(found["parcels_inside"]), int(found["parcels_outside"])
    if not (inside or outside or found["parcels_unknown"]):
        return
    share = 100 * found["inside_mu"] / found["drawn_mu"] if found["drawn_mu"] else None
    yield page.sentence(
        ".line.overall",
        parcels=inside + outside,
        inside=inside,
        outside=outside,
        straddling=int(found["parcels_straddling"]),
        inside_mu=cell.number(Fraction(found["inside_mu"]), 2),
        share=cell.number(share, 1),
    )
    if found["parcels_unknown"]:
        yield page.sentence(".line.unknown", count=int(found["parcels_unknown"]))


def _of_ledger(page: Page, sheet: LandSheet) -> Iterator[Sentence]:
    held = sheet.balance
    if held is None:
        yield page.sentence(".none.moves", as_of=page.place.as_of)
        return
    if held.balance_mu is None:
        yield page.sentence(".ledger.unknown")
        return
    values = {
        "converted": cell.number(held.converted_mu, 2),
        "replaced": cell.number(held.replaced_mu, 2),
        "balance": cell.number(held.balance_mu, 2),
    }
    if held.balance_mu < 0:
        owed = cell.number(-held.balance_mu, 2)
        unit = lead_of(page.place, "land_replaced")
        yield page.sentence(".ledger.short", owed=owed, unit=unit, **values)
        return
    yield page.sentence(".ledger.balanced", **values)
    if held.lowest_mu is not None and held.lowest_on is not None and held.lowest_mu < 0:
        lowest = cell.number(held.lowest_mu, 2)
        yield page.sentence(".ledger.was_short", lowest=lowest, day=held.lowest_on)


MOVES = (
    Field("day", day, "moved_on", is_header=True, css="short"),
    Field("parcel_id", of=lambda moves: moves.get("parcel_id", [None] * len(moves)), css="short"),
    Field("direction", choice("land_moves", "direction")),
    Field("area", number(2), "area_mu"),
    Field("balance", number(2), "balance_mu"),
)


@supplied()
def ledger_table(page: Page, ledger: pd.DataFrame) -> Piece:
    """List what was converted and replaced, with the running balance."""
    if ledger.empty:
        return Piece("")
    return listing(page, ledger, MOVES, caption=page.word(".table.ledger"), name="land_ledger")


@supplied()
def ledger_figure(page: Page, ledger: pd.DataFrame) -> Piece:
    """Draw the running balance of the ledger against zero."""
    if ledger.empty:
        return Piece("")
    points: list[tuple[date, Fraction | None]] = [(page.place.plan.window.start, NOTHING)]
    points += [
        (when.date(), None if pd.isna(balance) else Fraction(str(balance)))
        for when, balance in zip(ledger["moved_on"], ledger["balance_mu"], strict=True)
    ]
    ends: list[tuple[date, Fraction | None]] = [
        (points[0][0], NOTHING),
        (page.place.as_of, NOTHING),
    ]
    return lines(
        page,
        [
            Line(page.word(".figure.balance"), points),
            Line(page.word(".figure.zero"), ends, is_reference=True),
        ],
        caption=page.word(".figure.ledger"),
        described=page.word(".figure.ledger_described"),
        name="land_ledger_figure",
        unit=page.word(".unit.mu"),
    )


@dataclass(frozen=True)
class Year:
    """A year of a share: its figure, and how it stands against what the plan wants."""

    year: int
    figure: Figure | None
    verdict: str
    beside: "Year | None" = None

    def part(self, name: str) -> Fraction | None:
        """Give a part that the figure is made of."""
        value = self.figure.parts.get(name) if self.figure else None
        return value if isinstance(value, Fraction) else None

    @property
    def percent(self) -> Fraction | None:
        """The share, in per cent."""
        value = self.figure.value if self.figure else None
        return None if value is None else value * 100


def _years(board: Board, indicator: str, figures: Mapping[int, Figure]) -> Mapping[int, Year]:
    clause = promised(board, indicator)
    years: dict[int, Year] = {}
    for year in sorted(figures, reverse=True):
        code = verdict(figures[year].value, clause, year=year, as_of=board.as_of)
        years[year] = Year(year, figures[year], code)
    return years


GRANTS = (
    Field("year", is_header=True),
    Field("granted", number(2), lambda row: row.part("granted_mu")),
    Field("industrial", number(2), lambda row: row.part("industrial_mu")),
    Field("industrial_share", number(2), "percent"),
    Field("verdict", verdict_cell, css="short"),
    Field("new_industrial", number(2), lambda row: row.beside.part("new_industrial_mu")),
    Field("standard", number(2), lambda row: row.beside.part("standard_mu")),
    Field("standard_share", number(2), lambda row: row.beside.percent),
    Field("standard_verdict", verdict_cell, lambda row: row.beside.verdict, css="short"),
)
FUND = (
    Field("year", is_header=True),
    Field("income", number(2), lambda row: row.part("settlement_income_wan")),
    Field("drawn", number(2), lambda row: row.part("drawn_wan")),
    Field("drawn_share", number(2), "percent"),
    Field("verdict", verdict_cell, css="short"),
)


@supplied("land_grants")
def grants_table(
    page: Page,
    grants: Mapping[int, Figure],
    standard: Mapping[int, Figure] | Unavailable,
    board: Board,
) -> Piece:
    """Show by year what was granted, how much of it was industrial, and how much standard land."""
    granted = _years(board, "industrial_grants", grants)
    known = {} if isinstance(standard, Unavailable) else standard
    beside = _years(board, "standard_land", known)
    rows = [
        replace(
            granted.get(year, Year(year, None, "unknown")),
            beside=beside.get(year, Year(year, None, "unknown")),
        )
        for year in sorted({*granted, *beside}, reverse=True)
    ]
    return listing(
        page,
        rows,
        GRANTS,
        caption=page.caption(".table.grants"),
        name="land_grants",
        nothing=".none.years",
    )


@supplied()
def grants_figure(page: Page, grants: Mapping[int, Figure], board: Board) -> Piece:
    """Draw the industrial share of the grants by year against what the plan wants."""
    if not grants:
        return Piece("")
    clause = promised(board, "industrial_grants")
    rows = [
        share_bar(page, figure.value, clause, year=year, as_of=board.as_of)
        for year, figure in sorted(grants.items())
    ]
    return bars(
        page,
        rows,
        caption=page.word(".figure.grants"),
        described=page.word(".figure.grants_described"),
        name="land_grants_figure",
        unit="%",
    )


@supplied("land_fund")
def fund_table(page: Page, fund: Mapping[int, Figure], board: Board) -> Piece:
    """Show by year what was drawn for the campaign from the settled land income."""
    rows = list(_years(board, "fund_share", fund).values())
    caption = page.caption(".table.fund")
    return listing(page, rows, FUND, caption=caption, name="land_fund", nothing=".none.years")
