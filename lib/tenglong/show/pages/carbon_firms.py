"""The carbon page, firm by firm: grades by industry, the worst first, and what is not known."""

from dataclasses import replace

import pandas as pd

from tenglong.measure.county import Unavailable
from tenglong.measure.sheet.carbon import CarbonSheet
from tenglong.show import cell
from tenglong.show.figure.stacked import Part, Row, stacked
from tenglong.show.finding import findings
from tenglong.show.lacking import lacking, supplier_of
from tenglong.show.number import MISSING
from tenglong.show.page import Page
from tenglong.show.pages.carbon import column
from tenglong.show.piece import Piece
from tenglong.show.table import Column, table

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


def grades_figure(page: Page, sheet: CarbonSheet) -> Piece:
    """Draw the grades of the firms by industry, those with most of the worst first."""
    if isinstance(sheet.firms, Unavailable):
        return findings(lacking(page, sheet.firms), name="carbon_grades_figure")
    if sheet.firms.empty:
        return findings(page.sentence("energy.none.rated"), name="carbon_grades_figure")
    grades = [step.label[page.language] for step in sheet.rule.grades]
    parts = [Part(label, tone) for label, tone in zip(grades, TONES, strict=False)]
    parts.append(Part(page.word("energy.unrated"), "none"))
    rows = [
        Row(industry_text(page, sheet, code), [int(n) for n in counts])
        for code, counts in zip(sheet.by_industry.index, sheet.by_industry.to_numpy(), strict=True)
    ]
    return stacked(
        page,
        rows,
        parts,
        caption=page.word("energy.figure.grades"),
        described=page.word("energy.figure.grades_described"),
        name="carbon_grades_figure",
    )


def worst_table(page: Page, sheet: CarbonSheet) -> Piece:
    """List the firms of the two worst grades, with what they emit."""
    if isinstance(sheet.firms, Unavailable):
        return Piece("")
    rows = sheet.worst
    if rows.empty:
        none = "worst" if sheet.firms["grade"].notna().any() else "rated"
        return findings(page.sentence(f"energy.none.{none}"), name="carbon_worst")
    steps = {
        step.name: step.label[page.language] for step in (*sheet.rule.levels, *sheet.rule.grades)
    }
    columns = [
        *_about(page, sheet, rows),
        column(page, "emitted", [cell.number(v, 1) for v in rows["net_co2_t"]]),
        in_csv(column(page, "value_added", [cell.number(v, 2) for v in rows["value_added_wan"]])),
        column(page, "level", [cell.number(v, 2) for v in rows["l_t_per_wan"]]),
        column(page, "step", [cell.text(steps[str(name)]) for name in rows["level"]]),
        in_csv(column(page, "mean", [cell.number(v, 2) for v in rows["group_l"]])),
        column(page, "k", [cell.number(v, 2) for v in rows["k"]]),
        replace(
            column(page, "grade", [cell.text(steps[str(name)]) for name in rows["grade"]]),
            css="short",
        ),
        column(page, "group", [cell.number(int(n), 0) for n in rows["group_firms"]]),
    ]
    return table(
        columns,
        caption=page.word("energy.table.worst"),
        name="carbon_worst",
        note=page.word("energy.table.worst_note", least=sheet.rule.small_group),
        most_rows=MOST_ROWS,
    )


def unknown_table(page: Page, sheet: CarbonSheet) -> Piece:
    """List the firms that cannot be rated, why, and who must supply what is wanting."""
    if isinstance(sheet.firms, Unavailable):
        return findings(lacking(page, sheet.firms), name="carbon_unknown")
    rows = sheet.firms[sheet.firms["grade"].isna()].sort_values(["reason", "usci"])
    if rows.empty:
        return findings(page.sentence("energy.none.unknown"), name="carbon_unknown")
    units = [
        supplier_of(page.place, "enterprise_years", WANTED[reason]) if reason in WANTED else MISSING
        for reason in rows["reason"]
    ]
    columns = [
        *_about(page, sheet, rows),
        column(page, "reason", [cell.text(_reason(page, code)) for code in rows["reason"]]),
        column(page, "mix", [cell.text(page.word(f"fuel_mix.{c}")) for c in rows["mix"]]),
        column(page, "supplier", [cell.text(unit) for unit in units]),
    ]
    note = page.word("table.more", rows=len(rows)) if len(rows) > MOST_ROWS else ""
    caption = page.word("energy.table.unknown")
    return table(columns, caption=caption, name="carbon_unknown", note=note, most_rows=MOST_ROWS)


def _reason(page: Page, code: str) -> str:
    is_mix = code.startswith(("fuels_", "energy_", "year_"))
    return page.word(f"{'fuel_mix' if is_mix else 'carbon.reason'}.{code}")


def in_csv(one: Column) -> Column:
    """Keep a column for the CSV alone."""
    return replace(one, in_page=False)


def industry_text(page: Page, sheet: CarbonSheet, code: object) -> str:
    """Name an industry by its code."""
    if pd.isna(code) or not str(code):  # type: ignore[call-overload]
        return page.word("energy.no_industry")
    label = sheet.labels.get(str(code)[:2])
    return label[page.language] if label else str(code)


def _about(page: Page, sheet: CarbonSheet, rows: pd.DataFrame) -> list[Column]:
    """Give the columns that every list of firms begins with; codes stand in the CSV alone."""
    industries = [industry_text(page, sheet, code) for code in rows["industry"]]
    return [
        Column(
            page.word("energy.column.usci"),
            [cell.text(one) for one in rows["usci"]],
            in_page=False,
        ),
        column(page, "firm", [cell.text(one) for one in rows["name"]], is_header=True),
        Column(
            page.word("energy.column.town"),
            cell.texts(rows["town"]),
            css="short",
        ),
        column(page, "industry", [cell.text(one) for one in industries]),
    ]
