"""The carbon page, firm by firm: grades by industry, the worst first, and what is not known."""

from typing import Any

import pandas as pd

from tenglong.measure.sheet.carbon import CarbonSheet
from tenglong.show.cell import Cell
from tenglong.show.figure.stacked import Part, Row, stacked
from tenglong.show.firm import industry_text
from tenglong.show.lacking import supplied, supplier_of
from tenglong.show.listing import Field, coded, label, listing, nothing_here, number, text, whole
from tenglong.show.page import Page
from tenglong.show.pages.carbon import OF_FUELS
from tenglong.show.piece import Piece

MOST_ROWS = 100
TONES = ("good", "fair", "all", "warn", "bad")
# Who supplies what a reason says is wanting; where it names no table, nobody is asked.
WANTED = {
    "zero_carbon_not_supplied": "zero_carbon_power_10k_kwh",
    "value_added_unknown": "value_added_wan",
    "energy_not_reported": "energy_tce",
    "fuels_short": "energy_tce",
    "fuels_exceed": "energy_tce",
    "zero_carbon_exceeds": "zero_carbon_power_10k_kwh",
}


def _reason(page: Page, code: str) -> Cell:
    return coded("fuel_mix" if code.startswith(OF_FUELS) else "carbon.reason")(page, code)


def _supplier(page: Page, reason: str) -> Cell:
    column = WANTED.get(reason)
    return text(page, supplier_of(page.place, "enterprise_years", column) if column else None)


# What every list of firms begins with; codes stand in the CSV alone.
ABOUT = (
    Field("usci", in_page=False),
    Field("firm", of="name", is_header=True),
    Field("town", css="short"),
    Field("industry"),
)
WORST = (
    *ABOUT,
    Field("emitted", number(1), "net_co2_t"),
    Field("value_added", number(2), "value_added_wan", in_page=False),
    Field("level", number(2), "l_t_per_wan"),
    Field("step", label, "level"),
    Field("mean", number(2), "group_l", in_page=False),
    Field("k", number(2)),
    Field("grade", label, css="short"),
    Field("group", whole, "group_firms"),
)
UNKNOWN = (
    *ABOUT,
    Field("reason", _reason),
    Field("mix", coded("fuel_mix")),
    Field("supplier", _supplier, "reason"),
)


@supplied("carbon_grades_figure")
def grades_figure(page: Page, firms: pd.DataFrame, sheet: CarbonSheet) -> Piece:
    """Draw the grades of the firms by industry, those with most of the worst first."""
    if firms.empty:
        return nothing_here(page, ".none.rated", "carbon_grades_figure")
    grades = [page.told(step.label) for step in sheet.rule.grades]
    parts = [Part(label, tone) for label, tone in zip(grades, TONES, strict=False)]
    counts = sheet.by_industry
    return stacked(
        page,
        [
            Row(_industry(page, sheet, code), [int(n) for n in firms])
            for code, firms in zip(counts.index, counts.to_numpy(), strict=True)
        ],
        [*parts, Part(page.word(".unrated"), "none")],
        caption=page.word(".figure.grades"),
        described=page.word(".figure.grades_described"),
        name="carbon_grades_figure",
    )


def _industry(page: Page, sheet: CarbonSheet, code: Any) -> str:
    is_told = isinstance(code, str) and code
    return industry_text(page, sheet.labels, code) if is_told else page.word(".no_industry")


def _named(page: Page, sheet: CarbonSheet, firms: pd.DataFrame) -> pd.DataFrame:
    """Name the industry of each firm."""
    return firms.assign(industry=[_industry(page, sheet, code) for code in firms["industry"]])


@supplied()
def worst_table(page: Page, firms: pd.DataFrame, sheet: CarbonSheet) -> Piece:
    """List the firms of the two worst grades, with what they emit."""
    labels = {step.name: step.label for step in (*sheet.rule.levels, *sheet.rule.grades)}
    worst = _named(page, sheet, sheet.worst)
    return listing(
        page,
        worst.assign(level=worst["level"].map(labels), grade=worst["grade"].map(labels)),
        WORST,
        caption=page.word(".table.worst"),
        name="carbon_worst",
        note=page.word(".table.worst_note", least=sheet.rule.small_group),
        nothing=".none.worst" if firms["grade"].notna().any() else ".none.rated",
        most_rows=MOST_ROWS,
    )


@supplied("carbon_unknown")
def unknown_table(page: Page, firms: pd.DataFrame, sheet: CarbonSheet) -> Piece:
    """List the firms that cannot be rated, why, and who must supply what is wanting."""
    unrated = firms[firms["grade"].isna()].sort_values(["reason", "usci"])
    return listing(
        page,
        _named(page, sheet, unrated),
        UNKNOWN,
        caption=page.word(".table.unknown"),
        name="carbon_unknown",
        nothing=".none.unknown",
        most_rows=MOST_ROWS,
    )
