"""The carbon page, firm by firm: grades by industry, the worst first, and what is not known."""

from dataclasses import replace

import pandas as pd

from tenglong.measure.carbon.carbon_sheet import CarbonSheet
from tenglong.measure.county import County, Unavailable
from tenglong.show import cell
from tenglong.show.figure.stacked import Part, Row, stacked
from tenglong.show.finding import findings, sentence
from tenglong.show.lacking import lacking, supplier_of
from tenglong.show.number import MISSING
from tenglong.show.pages.carbon import column
from tenglong.show.piece import Piece
from tenglong.show.table import Column, table
from tenglong.show.words import word

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


def grades_figure(county: County, sheet: CarbonSheet, *, language: str = "zh") -> Piece:
    """Draw the grades of the firms by industry, those with most of the worst first."""
    if isinstance(sheet.firms, Unavailable):
        return findings(
            lacking(county, sheet.firms, language=language), name="carbon_grades_figure"
        )
    if sheet.firms.empty:
        return findings(sentence("energy.none.rated", language), name="carbon_grades_figure")
    grades = [step.label[language] for step in sheet.rule.grades]
    parts = [Part(label, tone) for label, tone in zip(grades, TONES, strict=False)]
    parts.append(Part(word("energy.unrated", language), "none"))
    rows = [
        Row(industry_text(sheet, code, language), [int(n) for n in counts])
        for code, counts in zip(sheet.by_industry.index, sheet.by_industry.to_numpy(), strict=True)
    ]
    return stacked(
        rows,
        parts,
        caption=word("energy.figure.grades", language),
        described=word("energy.figure.grades_described", language),
        name="carbon_grades_figure",
        language=language,
    )


def worst_table(sheet: CarbonSheet, *, language: str = "zh") -> Piece:
    """List the firms of the two worst grades, with what they emit."""
    if isinstance(sheet.firms, Unavailable):
        return Piece("")
    rows = sheet.worst
    if rows.empty:
        none = "worst" if sheet.firms["grade"].notna().any() else "rated"
        return findings(sentence(f"energy.none.{none}", language), name="carbon_worst")
    steps = {step.name: step.label[language] for step in (*sheet.rule.levels, *sheet.rule.grades)}
    columns = [
        *_about(sheet, rows, language),
        column("emitted", [cell.number(v, 1) for v in rows["net_co2_t"]], language),
        in_csv(
            column("value_added", [cell.number(v, 2) for v in rows["value_added_wan"]], language)
        ),
        column("level", [cell.number(v, 2) for v in rows["l_t_per_wan"]], language),
        column("step", [cell.text(steps[str(name)]) for name in rows["level"]], language),
        in_csv(column("mean", [cell.number(v, 2) for v in rows["group_l"]], language)),
        column("k", [cell.number(v, 2) for v in rows["k"]], language),
        replace(
            column("grade", [cell.text(steps[str(name)]) for name in rows["grade"]], language),
            css="short",
        ),
        column("group", [cell.number(int(n), 0) for n in rows["group_firms"]], language),
    ]
    return table(
        columns,
        caption=word("energy.table.worst", language),
        name="carbon_worst",
        note=word("energy.table.worst_note", language, least=sheet.rule.small_group),
        most_rows=MOST_ROWS,
    )


def unknown_table(county: County, sheet: CarbonSheet, *, language: str = "zh") -> Piece:
    """List the firms that cannot be rated, why, and who must supply what is wanting."""
    if isinstance(sheet.firms, Unavailable):
        return findings(lacking(county, sheet.firms, language=language), name="carbon_unknown")
    rows = sheet.firms[sheet.firms["grade"].isna()].sort_values(["reason", "usci"])
    if rows.empty:
        return findings(sentence("energy.none.unknown", language), name="carbon_unknown")
    units = [
        supplier_of(county, "enterprise_years", WANTED[reason]) if reason in WANTED else MISSING
        for reason in rows["reason"]
    ]
    columns = [
        *_about(sheet, rows, language),
        column("reason", [cell.text(_reason(code, language)) for code in rows["reason"]], language),
        column("mix", [cell.text(word(f"fuel_mix.{c}", language)) for c in rows["mix"]], language),
        column("supplier", [cell.text(unit) for unit in units], language),
    ]
    note = word("table.more", language, rows=len(rows)) if len(rows) > MOST_ROWS else ""
    caption = word("energy.table.unknown", language)
    return table(columns, caption=caption, name="carbon_unknown", note=note, most_rows=MOST_ROWS)


def _reason(code: str, language: str) -> str:
    is_mix = code.startswith(("fuels_", "energy_", "year_"))
    return word(f"{'fuel_mix' if is_mix else 'carbon.reason'}.{code}", language)


def in_csv(one: Column) -> Column:
    """Keep a column for the CSV alone."""
    return replace(one, in_page=False)


def industry_text(sheet: CarbonSheet, code: object, language: str) -> str:
    """Name an industry by its code."""
    if pd.isna(code) or not str(code):  # type: ignore[call-overload]
        return word("energy.no_industry", language)
    label = sheet.labels.get(str(code)[:2])
    return label[language] if label else str(code)


def _about(sheet: CarbonSheet, rows: pd.DataFrame, language: str) -> list[Column]:
    """Give the columns that every list of firms begins with; codes stand in the CSV alone."""
    industries = [industry_text(sheet, code, language) for code in rows["industry"]]
    return [
        Column(
            word("energy.column.usci", language),
            [cell.text(one) for one in rows["usci"]],
            in_page=False,
        ),
        column("firm", [cell.text(one) for one in rows["name"]], language, is_header=True),
        Column(
            word("energy.column.town", language),
            cell.texts(rows["town"]),
            css="short",
        ),
        column("industry", [cell.text(one) for one in industries], language),
    ]
