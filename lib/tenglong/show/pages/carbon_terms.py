"""The carbon page: factors, the two ways of counting electricity, demand, and terms."""

import pandas as pd

from tenglong.measure.county import Unavailable
from tenglong.measure.sheet.carbon import CarbonSheet
from tenglong.show import cell
from tenglong.show.finding import findings
from tenglong.show.lacking import lacking
from tenglong.show.number import MISSING
from tenglong.show.page import Page
from tenglong.show.pages.carbon import column, region_text
from tenglong.show.piece import Piece
from tenglong.show.sentence import Sentence
from tenglong.show.table import table


def factors_table(page: Page, sheet: CarbonSheet) -> Piece:
    """Show which grid factor is used for each year, and since when it is public."""
    years = sorted(sheet.factors, reverse=True)
    if not years:
        return Piece("")
    used = [sheet.factors[year] for year in years]
    none = page.word("energy.none.factor")
    columns = [
        column(page, "year", [cell.text(year) for year in years], is_header=True),
        column(
            page, "region", [cell.text(region_text(page, f.region) if f else none) for f in used]
        ),
        column(page, "factor_year", [cell.text(f.factor_year if f else MISSING) for f in used]),
        column(page, "factor", [cell.number(f.kg_per_kwh if f else None, 4) for f in used]),
        column(
            page, "published", [cell.text(f.published.isoformat() if f else MISSING) for f in used]
        ),
        column(page, "source", [cell.text(f.source if f else MISSING) for f in used]),
    ]
    return table(columns, caption=page.word("energy.table.factors"), name="carbon_factors")


def effect_table(page: Page, sheet: CarbonSheet) -> Piece:
    """Show what firms' energy is in the two ways of counting electricity."""
    if isinstance(sheet.effect, Unavailable):
        return findings(lacking(page, sheet.effect), name="carbon_effect")
    if sheet.effect.empty:
        return Piece("")
    rows = sheet.effect.sort_values("year", ascending=False)
    columns = [
        column(page, "year", [cell.text(int(year)) for year in rows["year"]], is_header=True),
        column(page, "equal", [cell.number(v, 2) for v in rows["equal_tce"]]),
        column(page, "calorific", [cell.number(v, 2) for v in rows["calorific_tce"]]),
        column(page, "key_equal", [cell.number(int(n), 0) for n in rows["key_equal"]]),
        column(page, "key_calorific", [cell.number(int(n), 0) for n in rows["key_calorific"]]),
        column(page, "firms", [cell.number(int(n), 0) for n in rows["firms"]]),
        column(page, "lacking", [cell.number(int(n), 0) for n in rows["lacking"]]),
    ]
    least = f"{page.place.policy['two_high']['min_energy_tce']:,}"
    return table(
        columns,
        caption=page.word("energy.table.effect"),
        name="carbon_effect",
        note=page.word("energy.table.effect_note", least=least),
    )


def demand_table(page: Page, sheet: CarbonSheet) -> Piece:
    """Show by kind of project what energy is asked for."""
    if isinstance(sheet.demand, Unavailable):
        return findings(lacking(page, sheet.demand), name="carbon_demand")
    rows = sheet.demand
    if rows.empty:
        return findings(page.sentence("energy.none.demand"), name="carbon_demand")
    kinds = [
        page.word("energy.kind_unknown" if pd.isna(kind) else f"project.kind.{kind}")
        for kind in rows["kind"]
    ]
    columns = [
        column(page, "kind", [cell.text(kind) for kind in kinds], is_header=True),
        column(page, "projects", [cell.number(int(n), 0) for n in rows["projects"]]),
        column(page, "demand", [cell.number(v, 2) for v in rows["energy_tce"]]),
        column(page, "unknown", [cell.number(int(n), 0) for n in rows["energy_unknown"]]),
    ]
    return table(
        columns,
        caption=page.word("energy.table.demand"),
        name="carbon_demand",
        note=page.word("energy.table.demand_note"),
    )


def carbon_terms(page: Page, sheet: CarbonSheet) -> Piece:
    """Say what intensity, grades, levels and monthly emissions are, with the policy's limits."""
    electricity = page.place.policy["electricity"]
    return findings(
        page.sentence("energy.method.intensity"),
        _grades(page, sheet),
        page.sentence("energy.method.months"),
        page.sentence(
            "energy.method.electricity",
            equal=cell.number(electricity["equal_value_kgce_per_kwh"], 4),
            calorific=cell.number(electricity["calorific_kgce_per_kwh"], 4),
        ),
        name="carbon_terms",
    )


def _grades(page: Page, sheet: CarbonSheet) -> Sentence:
    limits = [
        page.sentence(
            "energy.method.limit", value=cell.number(step.up_to, 1), label=step.label[page.language]
        )
        for step in sheet.rule.grades
        if step.up_to is not None
    ]
    levels = [
        page.sentence("energy.method.rest", label=step.label[page.language])
        if step.up_to is None
        else page.sentence(
            "energy.method.level", value=cell.number(step.up_to, 1), label=step.label[page.language]
        )
        for step in sheet.rule.levels
    ]
    return page.sentence("energy.method.grades", limits=limits, levels=levels)
