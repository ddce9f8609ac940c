"""The carbon page: what it finds of intensity, grades, months and freed energy, and its terms."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, cast

import pandas as pd

from tenglong.measure.carbon.intensity import Basis, IntensityYear
from tenglong.measure.carbon.rule import Step
from tenglong.measure.clearance.freed import FreedCarbon
from tenglong.measure.judge.assessment import Assessment
from tenglong.measure.sheet.carbon import CarbonSheet
from tenglong.show import cell, dates
from tenglong.show.amount import amount_said, target_said
from tenglong.show.assessed import TONES
from tenglong.show.coded import known
from tenglong.show.finding import Card, Tone, findings
from tenglong.show.lacking import all_lacking, answering, if_supplied
from tenglong.show.number import MISSING
from tenglong.show.page import Page
from tenglong.show.piece import Piece
from tenglong.show.sentence import Sentence
from tenglong.show.share import promised
from tenglong.show.words import bare, catalogue

# How codes of `reason` begin that are about the fuels a firm reported.
OF_FUELS = ("fuels_", "energy_", "year_")


def carbon_findings(page: Page, sheet: CarbonSheet) -> Piece:
    """Open the page: intensity, the firms of the worst grades, the last month, freed energy."""
    clause = promised(sheet.board, "intensity_change")
    parts = (sheet.intensity, sheet.firms, sheet.months, sheet.demand, sheet.freed)
    of_county = if_supplied(
        sheet.intensity, lambda years: _of_intensity(page, sheet, years, clause)
    )
    is_town = page.place.township is not None  # what is the whole county's comes last there
    return findings(
        *(() if is_town else of_county),
        *if_supplied(sheet.firms, lambda firms: _of_grades(page, sheet, firms)),
        *if_supplied(sheet.months, lambda months: _of_month(page, months)),
        *if_supplied(
            sheet.demand,
            lambda _: if_supplied(sheet.freed, lambda freed: [_of_freed(page, sheet, freed)]),
        ),
        *_of_factors(page, sheet),
        *((*of_county, page.sentence(".found.whole_county")) if is_town else ()),
        *all_lacking(page, parts),
        cards=[
            *if_supplied(
                sheet.intensity,
                lambda years: () if is_town else _intensity_card(page, years, clause),
            ),
            *if_supplied(sheet.firms, lambda firms: _worst_card(page, sheet, firms)),
            *if_supplied(sheet.months, lambda months: _month_card(page, months)),
            *if_supplied(sheet.freed, lambda freed: [_freed_card(page, freed)]),
        ],
        name="carbon_findings",
    )


def _intensity_card(
    page: Page, years: Mapping[int, IntensityYear], clause: Assessment | None
) -> Iterator[Card]:
    if years and clause is not None:
        change = amount_said(page, years[max(years)].change_pct, clause.clause)
        unit = page.word(".unit.intensity", target=target_said(page, clause).html)
        tone = cast("Tone", TONES.get(clause.status, "none"))
        yield Card(page.word(".card.intensity"), change, unit, tone)


def _of_intensity(
    page: Page, sheet: CarbonSheet, years: Mapping[int, IntensityYear], clause: Assessment | None
) -> Iterator[Sentence]:
    if clause is not None and not years:
        yield page.sentence(".found.no_intensity")
    elif clause is not None:
        last = max(years)
        yield page.sentence(
            ".found.intensity",
            year=str(last),
            base=str(page.place.plan.baseline_year),
            change=amount_said(page, years[last].change_pct, clause.clause),
            target=target_said(page, clause),
            status=page.word(f"status.{clause.status}"),
            unit=clause.clause.lead,
        )
        yield page.sentence(".found.intensity_basis", bases=_bases(page, years))
        beside = [
            page.sentence(f".found.by_{name}", change=cell.number(change, 2, sign=True))
            for name, change in (
                ("pairs", years[last].pairs_pct),
                ("all_firms", years[last].all_firms_pct),
                ("calorific", calorific_change(sheet, last)),
            )
            if change is not None
        ]
        if beside:
            yield page.sentence(".found.intensity_beside", beside=beside)


def _bases(page: Page, years: Mapping[int, IntensityYear]) -> list[Sentence]:
    """Say of each year what its change rests on, the years of one ground together."""
    return [
        page.sentence(
            ".found.one_basis",
            years=page.joined(str(one.year) for one in years.values() if one.basis is basis),
            basis=page.word(f".basis.{basis}"),
        )
        for basis in Basis
        if any(one.basis is basis for one in years.values())
    ]


def calorific_change(sheet: CarbonSheet, year: int) -> Fraction | None:
    """Give the change of intensity with electricity at calorific value, in %; None if unknown."""
    years = dict(if_supplied(sheet.intensity_calorific, lambda years: years.items()))
    return years[year].change_pct if year in years else None


def _worst_card(page: Page, sheet: CarbonSheet, firms: pd.DataFrame) -> Iterator[Card]:
    if len(firms):
        rated, worst = int(firms["grade"].notna().sum()), len(sheet.worst)
        tone: Tone = ("bad" if worst else "good") if rated else "none"
        count = cell.number(worst if rated else None, 0)
        yield Card(page.word(".card.worst"), count, page.word(".unit.worst", rated=rated), tone)


def _of_grades(page: Page, sheet: CarbonSheet, firms: pd.DataFrame) -> Iterator[Sentence]:
    if firms.empty:
        return
    rated, year = int(firms["grade"].notna().sum()), str(sheet.year)
    if not rated:
        first = firms["reason"].value_counts().index[0]
        reason = MISSING if first.startswith(OF_FUELS) else page.word(f".reason.{first}")
        yield page.sentence(".found.unrated", year=year, firms=len(firms), reason=reason)
        return
    if sheet.worst.empty:
        yield page.sentence(".found.none_worst", year=year, rated=rated)
    else:
        yield _of_worst(page, sheet, rated)
    if rated < len(firms):
        yield page.sentence(".found.some_unrated", firms=len(firms) - rated)


def _of_worst(page: Page, sheet: CarbonSheet, rated: int) -> Sentence:
    largest = sheet.worst.sort_values(["net_co2_t", "usci"], ascending=[False, True]).iloc[0]
    share = sheet.worst_share
    return page.sentence(
        ".found.grades",
        year=str(sheet.year),
        rated=rated,
        worst=len(sheet.worst),
        emitted=cell.number(sheet.worst_t, 0),
        share=cell.number(None if share is None else 100 * share, 1),
        name=str(largest["name"]),
        town=known(largest["town"]),
        most=cell.number(largest["net_co2_t"], 0),
        grade=str(largest["grade"]),
        unit=answering(page.place, "carbon_rated", "enterprise_years", "energy_tce"),
    )


def _last(months: pd.DataFrame) -> list[dict[Any, Any]]:
    """Give the last month of which emissions are known, if there is one."""
    return months[months["co2_t"].notna()].tail(1).to_dict("records")


def _month_card(page: Page, months: pd.DataFrame) -> Iterator[Card]:
    for last in _last(months):
        label = page.word(".card.month", month=month_text(page, last["month"]))
        yield Card(label, cell.number(last["co2_t"], 0), page.word(".unit.t"))


def _of_month(page: Page, months: pd.DataFrame) -> Iterator[Sentence]:
    for last in _last(months):
        yield page.sentence(
            ".found.month",
            month=month_text(page, last["month"]),
            firms=int(last["firms"]),
            emitted=cell.number(last["co2_t"], 0),
            grid=cell.number(last["grid_t"], 0),
            lacking=int(last["lacking"]),
        )


def month_text(page: Page, month: object) -> str:
    """Name a month as it is read."""
    period = pd.Period(str(month), freq="M")
    return dates.month(period.year, period.month, page.language)


def _freed_card(page: Page, freed: FreedCarbon) -> Card:
    return Card(page.word(".card.freed"), cell.number(freed.energy_tce), page.word(".unit.tce"))


def _of_freed(page: Page, sheet: CarbonSheet, freed: FreedCarbon) -> Sentence:
    demand = cell.number(sheet.demand_tce, 0)
    if freed.ratio is None:
        return page.sentence(".found.freed_none", demand=demand)
    return page.sentence(
        ".found.freed",
        energy=cell.number(freed.energy_tce),
        carbon=cell.number(freed.carbon_t),
        ratio=cell.number(freed.ratio, 2),
        reason=page.word(f"freed_carbon.{freed.reason}"),
        demand=demand,
    )


def _of_factors(page: Page, sheet: CarbonSheet) -> Iterator[Sentence]:
    factors = [
        page.sentence(
            ".found.one_factor",
            years=page.joined(map(str, years)),
            region=region_text(page, factor.region),
            factor_year=str(factor.factor_year),
            value=cell.number(factor.kg_per_kwh, 4),
            published=factor.published,
        )
        for factor, years in sheet.used
    ]
    if factors:
        yield page.sentence(".found.factor", factors=page.listed(factors))


def region_text(page: Page, region: str) -> str:
    """Name a region of the grid; as the policy writes it where the catalogue does not know it."""
    label = catalogue().get(f"carbon.region.{region}")
    return page.told(label) if label else region


def carbon_terms(page: Page, sheet: CarbonSheet) -> Piece:
    """Say what intensity, grades, levels and monthly emissions are, with the policy's limits."""
    electricity = page.place.policy["electricity"]
    limits = [_step(page, step, "limit") for step in sheet.rule.grades if step.up_to is not None]
    levels = [_step(page, step, "level") for step in sheet.rule.levels]
    return findings(
        page.sentence(".method.intensity"),
        page.sentence(".method.grades", limits=limits, levels=levels),
        page.sentence(".method.months"),
        page.sentence(
            ".method.electricity",
            equal=cell.number(electricity["equal_value_kgce_per_kwh"], 4),
            calorific=cell.number(electricity["calorific_kgce_per_kwh"], 4),
        ),
        name="carbon_terms",
    )


def _step(page: Page, step: Step, said: str) -> Sentence:
    # What a label remarks in brackets stands in the legend.
    label = bare(page.told(step.label))
    if step.up_to is None:
        return page.sentence(".method.rest", label=label)
    return page.sentence(f".method.{said}", value=cell.number(step.up_to, 1), label=label)
