"""The carbon page by month and project: emissions, demand, and factors."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from operator import itemgetter
from typing import Any

import pandas as pd

from tenglong.measure.carbon.rule import GridFactor
from tenglong.show import cell
from tenglong.show.cell import Cell
from tenglong.show.figure.lines import Line, lines
from tenglong.show.lacking import supplied
from tenglong.show.listing import Field, coded, listing, nothing_here, number, whole
from tenglong.show.page import Page
from tenglong.show.pages.carbon import month_text, region_text
from tenglong.show.piece import Piece


def _month(page: Page, month: object) -> Cell:
    return cell.text(month_text(page, month))


def _kind(page: Page, kind: Any) -> Cell:
    return cell.text(page.word(".kind_unknown" if pd.isna(kind) else f"project.kind.{kind}"))


def _region(page: Page, region: str | None) -> Cell:
    return cell.text(region_text(page, region) if region else page.word(".none.factor"))


def _factor(name: str) -> Callable[[tuple[int, GridFactor | None]], Any]:
    """Give what is told of a year's factor; None where none was out."""
    return lambda year: getattr(year[1], name, None)


def _source(page: Page, source: str | None) -> str:
    return page.source(source or "")


MONTHS = (
    Field("month", _month, is_header=True),
    Field("emitted", number(1), "co2_t"),
    Field("grid", number(1), "grid_t"),
    Field("other", number(1), "other_t"),
    Field("firms", whole),
    Field("lacking", whole),
    Field("note", coded("carbon_month"), "reason"),
)
FACTORS = (
    Field("year", of=itemgetter(0), is_header=True),
    Field("region", _region, _factor("region")),
    Field("factor_year", of=_factor("factor_year")),
    Field("factor", number(4), _factor("kg_per_kwh")),
    Field("published", of=_factor("published")),
    Field("source", _source, _factor("source")),
)
EFFECT = (
    Field("year", of=lambda rows: rows["year"].astype(int), is_header=True),
    Field("equal", number(2), "equal_tce"),
    Field("calorific", number(2), "calorific_tce"),
    Field("key_equal", whole),
    Field("key_calorific", whole),
    Field("firms", whole),
    Field("lacking", whole),
)
DEMAND = (
    Field("kind", _kind, is_header=True),
    Field("projects", whole),
    Field("demand", number(2), "energy_tce"),
    Field("unknown", whole, "energy_unknown"),
)


@supplied("carbon_months_figure")
def months_figure(page: Page, months: pd.DataFrame) -> Piece:
    """Draw the emissions of the firms that report, month by month."""
    if months.empty:
        return nothing_here(page, ".none.months", "carbon_months_figure")
    ends = [pd.Period(str(month), freq="M").end_time.date() for month in months["month"]]
    series = [
        Line(
            page.word(f".figure.{name}"),
            [
                (end, None if pd.isna(value) else Fraction(str(value)))
                for end, value in zip(ends, months[column], strict=True)
            ],
        )
        for name, column in (("all", "co2_t"), ("grid", "grid_t"))
    ]
    return lines(
        page,
        series,
        caption=page.word(".figure.months"),
        described=page.word(".figure.months_described"),
        name="carbon_months_figure",
        unit=page.word(".unit.t"),
    )


@supplied()
def months_table(page: Page, months: pd.DataFrame) -> Piece:
    """Show the emissions by month, the last first, and how many firms they are of."""
    return listing(
        page,
        months.iloc[::-1],
        MONTHS,
        caption=page.word(".table.months"),
        name="carbon_months",
        nothing=Piece(""),
    )


@supplied("carbon_demand")
def demand_table(page: Page, demand: pd.DataFrame) -> Piece:
    """Show by kind of project what energy is asked for."""
    return listing(
        page,
        demand,
        DEMAND,
        caption=page.word(".table.demand"),
        name="carbon_demand",
        note=page.word(".table.demand_note"),
        nothing=".none.demand",
    )


@supplied("carbon_effect")
def effect_table(page: Page, effect: pd.DataFrame) -> Piece:
    """Show what firms' energy is in the two ways of counting electricity."""
    least = f"{page.place.policy['two_high']['min_energy_tce']:,}"
    return listing(
        page,
        effect.sort_values("year", ascending=False),
        EFFECT,
        caption=page.word(".table.effect"),
        name="carbon_effect",
        note=page.word(".table.effect_note", least=least),
        nothing=Piece(""),
    )


def factors_table(page: Page, factors: Mapping[int, GridFactor | None]) -> Piece:
    """Show which grid factor is used for each year, and since when it is public."""
    return listing(
        page,
        sorted(factors.items(), reverse=True),
        FACTORS,
        caption=page.word(".table.factors"),
        name="carbon_factors",
        nothing=Piece(""),
    )
