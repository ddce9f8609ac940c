"""The carbon page on energy intensity: what is judged, what it rests on, what stands beside it."""

from collections.abc import Mapping
from fractions import Fraction

import pandas as pd

from tenglong.measure.carbon.intensity import IntensityYear
from tenglong.measure.judge.assessment import Board
from tenglong.measure.sheet.carbon import CarbonSheet
from tenglong.show.figure.bars import Bar, bars
from tenglong.show.lacking import supplied
from tenglong.show.listing import Field, coded, listing, number, whole
from tenglong.show.page import Page
from tenglong.show.pages.carbon import calorific_change
from tenglong.show.piece import Piece
from tenglong.show.share import promised

MOST_ROWS = 100
INTENSITY = (
    Field("year", is_header=True),
    Field("basis", coded("carbon.basis")),
    Field("energy_growth", number(2, sign=True), "energy_pct"),
    Field("growth", number(2, sign=True), "value_added_pct"),
    Field("own", number(2, sign=True), "own_pct"),
    Field("change", number(2, sign=True), "change_pct"),
)
BESIDE = (
    Field("year", is_header=True),
    Field("pair_firms", whole),
    Field("pair_lacking", whole),
    Field("pair_new", whole),
    Field("before", number(2)),
    Field("energy", number(2)),
    Field("pairs_change", number(2, sign=True)),
    Field("all_firms_change", number(2, sign=True)),
    Field("calorific_change", number(2, sign=True)),
)
UNPAIRED = (
    Field("usci", in_page=False),
    Field("firm", of="name", is_header=True),
    Field("town", css="short"),
    Field("year"),
    Field("reason", coded("carbon.unpaired")),
)


@supplied("carbon_intensity_figure")
def intensity_figure(page: Page, years: Mapping[int, IntensityYear], board: Board) -> Piece:
    """Draw the change of energy per value added by year against what the plan wants."""
    if not years:
        return Piece("")
    clause = promised(board, "intensity_change")
    target = clause.target if clause else None
    return bars(
        page,
        [
            Bar(
                page.word("share.year", year=year),
                one.change_pct,
                target,
                _tone(one.change_pct, target),
            )
            for year, one in sorted(years.items())
        ],
        caption=page.word(".figure.intensity"),
        described=page.word(".figure.intensity_described"),
        name="carbon_intensity_figure",
        unit="%",
    )


def _tone(change: Fraction, target: Fraction | None) -> str:
    return "good" if target is not None and change <= target else "all"


@supplied()
def intensity_table(page: Page, years: Mapping[int, IntensityYear]) -> Piece:
    """Show by year what the judged change rests on and follows from."""
    return listing(
        page,
        [years[year] for year in sorted(years, reverse=True)],
        INTENSITY,
        caption=page.word(".table.intensity", base=page.place.plan.baseline_year),
        name="carbon_intensity",
        nothing=".none.intensity",
    )


@supplied()
def beside_table(page: Page, years: Mapping[int, IntensityYear], sheet: CarbonSheet) -> Piece:
    """Show what is not judged: the same firms in both years, all firms, at calorific value."""
    return listing(
        page,
        [_beside(years[year], sheet) for year in sorted(years, reverse=True)],
        BESIDE,
        caption=page.word(".table.beside"),
        name="carbon_intensity_beside",
        note=page.word(".table.beside_note"),
        nothing=Piece(""),
    )


def _beside(one: IntensityYear, sheet: CarbonSheet) -> dict[str, object]:
    pair = one.pair
    return {
        "year": one.year,
        "pair_firms": pair and pair.firms,
        "pair_lacking": pair and pair.lacking,
        "pair_new": pair and pair.newcomers,
        "before": pair and pair.energy_tce_before,
        "energy": pair and pair.energy_tce,
        "pairs_change": one.pairs_pct,
        "all_firms_change": one.all_firms_pct,
        "calorific_change": calorific_change(sheet, one.year),
    }


@supplied()
def unpaired_table(page: Page, firms: pd.DataFrame) -> Piece:
    """List the firms that are left out of the pairs, by year, and why."""
    return listing(
        page,
        firms,
        UNPAIRED,
        caption=page.word(".table.unpaired"),
        name="carbon_unpaired",
        nothing=".none.unpaired",
        most_rows=MOST_ROWS,
    )
