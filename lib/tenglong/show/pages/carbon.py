"""The carbon page: what it finds, energy intensity by year, and emissions by month."""

from collections.abc import Iterator
from fractions import Fraction
from typing import cast

import pandas as pd

from tenglong.measure.county import County, Unavailable
from tenglong.measure.sheet.carbon import CarbonSheet
from tenglong.show import cell
from tenglong.show.assessed import TONES
from tenglong.show.cell import Cell
from tenglong.show.coded import known
from tenglong.show.figure.bars import Bar, bars
from tenglong.show.figure.lines import Line, lines
from tenglong.show.finding import Card, Tone, findings
from tenglong.show.lacking import all_lacking, lacking
from tenglong.show.number import MISSING, figure
from tenglong.show.page import Page
from tenglong.show.piece import Piece
from tenglong.show.sentence import Sentence
from tenglong.show.share import promised
from tenglong.show.table import Column, table
from tenglong.show.words import catalogue


def carbon_findings(page: Page, sheet: CarbonSheet) -> Piece:
    """Open the page: intensity, the firms of the worst grades, the last month, freed energy."""
    said = [
        *_of_intensity(page, sheet),
        *_of_grades(page, sheet),
        *_of_months(page, sheet),
        *_of_freed(page, sheet),
        *_of_factors(page, sheet),
    ]
    if page.place.township:
        said.append(page.sentence("energy.found.whole_county"))
    parts = (sheet.intensity, sheet.firms, sheet.months, sheet.demand, sheet.freed)
    gaps = [part for part in parts if isinstance(part, Unavailable)]
    return findings(
        *said,
        *all_lacking(page, gaps),
        cards=tuple(_cards(page, sheet)),
        name="carbon_findings",
    )


def _cards(page: Page, sheet: CarbonSheet) -> Iterator[Card]:
    clause = promised(sheet.board, "intensity_change")
    if not isinstance(sheet.intensity, Unavailable) and sheet.intensity and clause is not None:
        value = sheet.intensity[max(sheet.intensity)].value
        unit = page.word("energy.unit.intensity", target=figure(clause.target, 0))
        tone = cast("Tone", TONES.get(clause.status, "none"))
        label = page.word("energy.card.intensity")
        yield Card(label, cell.number(value, 2, sign=True), unit, tone)
    if not isinstance(sheet.firms, Unavailable) and len(sheet.firms):
        rated = int(sheet.firms["grade"].notna().sum())
        unit = page.word("energy.unit.worst", rated=rated)
        worst: Tone = "bad" if len(sheet.worst) else "good"
        count = cell.number(len(sheet.worst) if rated else None, 0)
        yield Card(page.word("energy.card.worst"), count, unit, worst if rated else "none")
    last = _last_month(sheet)
    if last is not None:
        label = page.word("energy.card.month", month=month_text(page, last["month"]))
        yield Card(label, cell.number(last["co2_t"], 0), page.word("energy.unit.t"))
    if not isinstance(sheet.freed, Unavailable):
        unit = page.word("energy.unit.tce")
        yield Card(page.word("energy.card.freed"), cell.number(sheet.freed.energy_tce, 1), unit)


def _of_intensity(page: Page, sheet: CarbonSheet) -> Iterator[Sentence]:
    clause = promised(sheet.board, "intensity_change")
    if isinstance(sheet.intensity, Unavailable) or clause is None:
        return
    if not sheet.intensity:
        yield page.sentence("energy.found.no_intensity")
        return
    last = max(sheet.intensity)
    others = sheet.intensity_calorific
    other = None if isinstance(others, Unavailable) else others.get(last)
    yield page.sentence(
        "energy.found.intensity",
        year=str(last),
        change=cell.number(sheet.intensity[last].value, 2, sign=True),
        target=cell.number(clause.target, 0),
        status=page.word(f"status.{clause.status}"),
        unit=clause.clause.lead,
        calorific=cell.number(other.value if other else None, 2, sign=True),
    )


def _of_grades(page: Page, sheet: CarbonSheet) -> Iterator[Sentence]:
    if isinstance(sheet.firms, Unavailable) or sheet.firms.empty:
        return
    rated, year = sheet.firms[sheet.firms["grade"].notna()], str(sheet.year)
    if rated.empty:
        first = sheet.firms["reason"].value_counts().index[0]
        reason = page.word(f"carbon.reason.{first}") if _is_told(first) else MISSING
        firms = len(sheet.firms)
        yield page.sentence("energy.found.unrated", year=year, firms=firms, reason=reason)
        return
    if sheet.worst.empty:
        yield page.sentence("energy.found.none_worst", year=year, rated=len(rated))
    else:
        yield _worst(page, sheet, len(rated))
    unrated = len(sheet.firms) - len(rated)
    if unrated:
        yield page.sentence("energy.found.some_unrated", firms=unrated)


def _worst(page: Page, sheet: CarbonSheet, rated: int) -> Sentence:
    largest = sheet.worst.sort_values(["net_co2_t", "usci"], ascending=[False, True]).iloc[0]
    share = sheet.worst_share
    return page.sentence(
        "energy.found.grades",
        year=str(sheet.year),
        rated=rated,
        worst=len(sheet.worst),
        emitted=cell.number(sheet.worst_t, 0),
        share=cell.number(None if share is None else 100 * share, 1),
        name=str(largest["name"]),
        town=known(largest["town"]),
        most=cell.number(largest["net_co2_t"], 0),
        grade=str(largest["grade"]),
        unit=_lead(page.place),
    )


def _lead(county: County) -> str:
    found = next((one for one in county.plan.clauses if one.id == "carbon_efficiency"), None)
    lead = found.lead if found else ""
    return lead or str(county.policy["suppliers"]["columns"]["enterprise_years.energy_tce"])


def _is_told(code: str) -> bool:
    return not code.startswith(("fuels_", "energy_", "year_"))


def _of_months(page: Page, sheet: CarbonSheet) -> Iterator[Sentence]:
    last = _last_month(sheet)
    if last is None:
        return
    yield page.sentence(
        "energy.found.month",
        month=month_text(page, last["month"]),
        firms=int(last["firms"]),
        emitted=cell.number(last["co2_t"], 0),
        grid=cell.number(last["grid_t"], 0),
        lacking=int(last["lacking"]),
    )


def _last_month(sheet: CarbonSheet) -> pd.Series | None:
    if isinstance(sheet.months, Unavailable):
        return None
    told = sheet.months[sheet.months["co2_t"].notna()]
    return None if told.empty else told.iloc[-1]


def _of_freed(page: Page, sheet: CarbonSheet) -> Iterator[Sentence]:
    if isinstance(sheet.freed, Unavailable) or isinstance(sheet.demand, Unavailable):
        return
    demand = cell.number(sheet.demand_tce, 0)
    freed = sheet.freed
    if freed.ratio is None:
        yield page.sentence("energy.found.freed_none", demand=demand)
        return
    yield page.sentence(
        "energy.found.freed",
        energy=cell.number(freed.energy_tce, 1),
        carbon=cell.number(freed.carbon_t, 1),
        ratio=cell.number(freed.ratio, 2),
        reason=page.word(f"freed_carbon.{freed.reason}"),
        demand=demand,
    )


def _of_factors(page: Page, sheet: CarbonSheet) -> Iterator[Sentence]:
    comma = "、" if page.language == "zh" else ", "
    parts = [
        page.sentence(
            "energy.found.one_factor",
            years=comma.join(map(str, years)),
            region=region_text(page, factor.region),
            factor_year=str(factor.factor_year),
            value=cell.number(factor.kg_per_kwh, 4),
            published=factor.published,
        )
        for factor, years in sheet.used
    ]
    if parts:
        yield page.sentence("energy.found.factor", factors=parts)


def intensity_figure(page: Page, sheet: CarbonSheet) -> Piece:
    """Draw the change of energy per value added by year against what the plan wants."""
    if isinstance(sheet.intensity, Unavailable):
        said = lacking(page, sheet.intensity)
        return findings(said, name="carbon_intensity_figure")
    if not sheet.intensity:
        return Piece("")
    clause = promised(sheet.board, "intensity_change")
    target = clause.target if clause else None
    rows = [
        Bar(page.word("share.year", year=year), one.value, target, _bar_tone(one.value, target))
        for year, one in sorted(sheet.intensity.items())
    ]
    return bars(
        page,
        rows,
        caption=page.word("energy.figure.intensity"),
        described=page.word("energy.figure.intensity_described"),
        name="carbon_intensity_figure",
        unit="%",
    )


def _bar_tone(value: Fraction | None, target: Fraction | None) -> str:
    is_met = value is not None and target is not None and value <= target
    return "good" if is_met else "all"


def intensity_table(page: Page, sheet: CarbonSheet) -> Piece:
    """Show by year what the change follows from, and what it is at calorific value."""
    if isinstance(sheet.intensity, Unavailable):
        return Piece("")
    if not sheet.intensity:
        return findings(page.sentence("energy.none.intensity"), name="carbon_intensity")
    years = sorted(sheet.intensity, reverse=True)
    others = {} if isinstance(sheet.intensity_calorific, Unavailable) else sheet.intensity_calorific
    parts = (
        ("energy", "energy_tce", 2),
        ("before", "energy_tce_before", 2),
        ("growth", "value_added_growth_pct", 1),
    )
    columns = [
        column(page, "year", [cell.text(year) for year in years], is_header=True),
        *(
            column(
                page,
                name,
                [cell.number(_exact(sheet.intensity[y].parts.get(part)), d) for y in years],
            )
            for name, part, d in parts
        ),
        column(
            page, "change", [cell.number(sheet.intensity[y].value, 2, sign=True) for y in years]
        ),
        column(
            page,
            "calorific_change",
            [cell.number(others[y].value if y in others else None, 2, sign=True) for y in years],
        ),
    ]
    caption = page.word("energy.table.intensity")
    return table(columns, caption=caption, name="carbon_intensity")


def _exact(part: object) -> Fraction | None:
    return part if isinstance(part, Fraction) else None


def months_figure(page: Page, sheet: CarbonSheet) -> Piece:
    """Draw the emissions of the firms that report, month by month."""
    if isinstance(sheet.months, Unavailable):
        said = lacking(page, sheet.months)
        return findings(said, name="carbon_months_figure")
    if sheet.months.empty:
        return findings(page.sentence("energy.none.months"), name="carbon_months_figure")
    ends = [pd.Period(str(month), freq="M").end_time.date() for month in sheet.months["month"]]
    series = [
        Line(
            page.word(f"energy.figure.{name}"),
            [
                (end, None if pd.isna(value) else Fraction(str(value)))
                for end, value in zip(ends, sheet.months[name_of], strict=True)
            ],
        )
        for name, name_of in (("all", "co2_t"), ("grid", "grid_t"))
    ]
    return lines(
        page,
        series,
        caption=page.word("energy.figure.months"),
        described=page.word("energy.figure.months_described"),
        name="carbon_months_figure",
        unit=page.word("energy.unit.t"),
    )


def months_table(page: Page, sheet: CarbonSheet) -> Piece:
    """Show the emissions by month, the last first, and how many firms they are of."""
    if isinstance(sheet.months, Unavailable) or sheet.months.empty:
        return Piece("")
    rows = sheet.months.iloc[::-1]
    texts = [month_text(page, month) for month in rows["month"]]
    columns = [
        column(page, "month", [cell.text(text) for text in texts], is_header=True),
        column(page, "emitted", [cell.number(v, 1) for v in rows["co2_t"]]),
        column(page, "grid", [cell.number(v, 1) for v in rows["grid_t"]]),
        column(page, "other", [cell.number(v, 1) for v in rows["other_t"]]),
        column(page, "firms", [cell.number(int(n), 0) for n in rows["firms"]]),
        column(page, "lacking", [cell.number(int(n), 0) for n in rows["lacking"]]),
        column(page, "note", [cell.text(page.word(f"carbon_month.{r}")) for r in rows["reason"]]),
    ]
    return table(columns, caption=page.word("energy.table.months"), name="carbon_months")


def month_text(page: Page, month: object) -> str:
    """Name a month as it is read."""
    period = pd.Period(str(month), freq="M")
    shown = str(period.month) if page.language == "zh" else f"{period.month:02d}"
    return page.word("energy.month", year=period.year, month=shown)


def region_text(page: Page, region: str) -> str:
    """Name a region of the grid; as the policy writes it where the catalogue does not know it."""
    label = catalogue().get(f"energy.region.{region}")
    return label[page.language] if label else region


def column(page: Page, name: str, cells: list[Cell], *, is_header: bool = False) -> Column:
    """Give a column of the page's tables, its label from the catalogue."""
    return Column(page.word(f"energy.column.{name}"), cells, is_header)
