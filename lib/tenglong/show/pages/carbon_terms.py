"""The carbon page: factors, the two ways of counting electricity, demand, and terms."""

import pandas as pd

from tenglong.measure.carbon.carbon_sheet import CarbonSheet
from tenglong.measure.county import County, Unavailable
from tenglong.show import cell
from tenglong.show.finding import Sentence, findings, sentence
from tenglong.show.lacking import lacking
from tenglong.show.number import MISSING
from tenglong.show.pages.carbon import column, region_text
from tenglong.show.piece import Piece
from tenglong.show.table import table
from tenglong.show.words import word


def factors_table(sheet: CarbonSheet, *, language: str = "zh") -> Piece:
    """Show which grid factor is used for each year, and since when it is public."""
    years = sorted(sheet.factors, reverse=True)
    if not years:
        return Piece("")
    used = [sheet.factors[year] for year in years]
    none = word("energy.none.factor", language)
    columns = [
        column("year", [cell.text(year) for year in years], language, is_header=True),
        column(
            "region",
            [cell.text(region_text(f.region, language) if f else none) for f in used],
            language,
        ),
        column("factor_year", [cell.text(f.factor_year if f else MISSING) for f in used], language),
        column("factor", [cell.number(f.kg_per_kwh if f else None, 4) for f in used], language),
        column(
            "published",
            [cell.text(f.published.isoformat() if f else MISSING) for f in used],
            language,
        ),
        column("source", [cell.text(f.source if f else MISSING) for f in used], language),
    ]
    return table(columns, caption=word("energy.table.factors", language), name="carbon_factors")


def effect_table(county: County, sheet: CarbonSheet, *, language: str = "zh") -> Piece:
    """Show what firms' energy is in the two ways of counting electricity."""
    if isinstance(sheet.effect, Unavailable):
        return findings(lacking(county, sheet.effect, language=language), name="carbon_effect")
    if sheet.effect.empty:
        return Piece("")
    rows = sheet.effect.sort_values("year", ascending=False)
    columns = [
        column("year", [cell.text(int(year)) for year in rows["year"]], language, is_header=True),
        column("equal", [cell.number(v, 2) for v in rows["equal_tce"]], language),
        column("calorific", [cell.number(v, 2) for v in rows["calorific_tce"]], language),
        column("key_equal", [cell.number(int(n), 0) for n in rows["key_equal"]], language),
        column("key_calorific", [cell.number(int(n), 0) for n in rows["key_calorific"]], language),
        column("firms", [cell.number(int(n), 0) for n in rows["firms"]], language),
        column("lacking", [cell.number(int(n), 0) for n in rows["lacking"]], language),
    ]
    least = f"{county.policy['two_high']['min_energy_tce']:,}"
    return table(
        columns,
        caption=word("energy.table.effect", language),
        name="carbon_effect",
        note=word("energy.table.effect_note", language, least=least),
    )


def demand_table(county: County, sheet: CarbonSheet, *, language: str = "zh") -> Piece:
    """Show by kind of project what energy is asked for."""
    if isinstance(sheet.demand, Unavailable):
        return findings(lacking(county, sheet.demand, language=language), name="carbon_demand")
    rows = sheet.demand
    if rows.empty:
        return findings(sentence("energy.none.demand", language), name="carbon_demand")
    kinds = [
        word("energy.kind_unknown" if pd.isna(kind) else f"project.kind.{kind}", language)
        for kind in rows["kind"]
    ]
    columns = [
        column("kind", [cell.text(kind) for kind in kinds], language, is_header=True),
        column("projects", [cell.number(int(n), 0) for n in rows["projects"]], language),
        column("demand", [cell.number(v, 2) for v in rows["energy_tce"]], language),
        column("unknown", [cell.number(int(n), 0) for n in rows["energy_unknown"]], language),
    ]
    return table(
        columns,
        caption=word("energy.table.demand", language),
        name="carbon_demand",
        note=word("energy.table.demand_note", language),
    )


def carbon_terms(county: County, sheet: CarbonSheet, *, language: str = "zh") -> Piece:
    """Say what intensity, grades, levels and monthly emissions are, with the policy's limits."""
    electricity = county.policy["electricity"]
    return findings(
        sentence("energy.method.intensity", language),
        _grades(sheet, language),
        sentence("energy.method.months", language),
        sentence(
            "energy.method.electricity",
            language,
            equal=cell.number(electricity["equal_value_kgce_per_kwh"], 4),
            calorific=cell.number(electricity["calorific_kgce_per_kwh"], 4),
        ),
        name="carbon_terms",
    )


def _grades(sheet: CarbonSheet, language: str) -> Sentence:
    limits = [
        sentence(
            "energy.method.limit",
            language,
            value=cell.number(step.up_to, 1),
            label=step.label[language],
        )
        for step in sheet.rule.grades
        if step.up_to is not None
    ]
    levels = [
        sentence("energy.method.rest", language, label=step.label[language])
        if step.up_to is None
        else sentence(
            "energy.method.level",
            language,
            value=cell.number(step.up_to, 1),
            label=step.label[language],
        )
        for step in sheet.rule.levels
    ]
    return sentence("energy.method.grades", language, limits=limits, levels=levels)
