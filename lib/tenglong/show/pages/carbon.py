"""The carbon page: what it finds, energy intensity by year, and emissions by month."""

from collections.abc import Iterator
from fractions import Fraction
from typing import cast

import pandas as pd

from tenglong.measure.carbon.carbon_sheet import CarbonSheet
from tenglong.measure.county import County, Unavailable
from tenglong.show import cell
from tenglong.show.assessed import TONES
from tenglong.show.cell import Cell
from tenglong.show.coded import known
from tenglong.show.figure.bars import Bar, bars
from tenglong.show.figure.lines import Line, lines
from tenglong.show.finding import Card, Sentence, Tone, findings, sentence
from tenglong.show.lacking import all_lacking, lacking
from tenglong.show.number import MISSING, figure
from tenglong.show.piece import Piece
from tenglong.show.share import promised
from tenglong.show.table import Column, table
from tenglong.show.words import catalogue, word


def carbon_findings(county: County, sheet: CarbonSheet, *, language: str = "zh") -> Piece:
    """Open the page: intensity, the firms of the worst grades, the last month, freed energy."""
    said = [
        *_of_intensity(sheet, language),
        *_of_grades(county, sheet, language),
        *_of_months(sheet, language),
        *_of_freed(sheet, language),
        *_of_factors(sheet, language),
    ]
    if county.township:
        said.append(sentence("energy.found.whole_county", language))
    parts = (sheet.intensity, sheet.firms, sheet.months, sheet.demand, sheet.freed)
    gaps = [part for part in parts if isinstance(part, Unavailable)]
    return findings(
        *said,
        *all_lacking(county, gaps, language=language),
        cards=tuple(_cards(sheet, language)),
        name="carbon_findings",
    )


def _cards(sheet: CarbonSheet, language: str) -> Iterator[Card]:
    clause = promised(sheet.board, "intensity_change")
    if not isinstance(sheet.intensity, Unavailable) and sheet.intensity and clause is not None:
        value = sheet.intensity[max(sheet.intensity)].value
        unit = word("energy.unit.intensity", language, target=figure(clause.target, 0))
        tone = cast("Tone", TONES.get(clause.status, "none"))
        label = word("energy.card.intensity", language)
        yield Card(label, cell.number(value, 2, sign=True), unit, tone)
    if not isinstance(sheet.firms, Unavailable) and len(sheet.firms):
        rated = int(sheet.firms["grade"].notna().sum())
        unit = word("energy.unit.worst", language, rated=rated)
        worst: Tone = "bad" if len(sheet.worst) else "good"
        count = cell.number(len(sheet.worst) if rated else None, 0)
        yield Card(word("energy.card.worst", language), count, unit, worst if rated else "none")
    last = _last_month(sheet)
    if last is not None:
        label = word("energy.card.month", language, month=month_text(last["month"], language))
        yield Card(label, cell.number(last["co2_t"], 0), word("energy.unit.t", language))
    if not isinstance(sheet.freed, Unavailable):
        unit = word("energy.unit.tce", language)
        yield Card(
            word("energy.card.freed", language), cell.number(sheet.freed.energy_tce, 1), unit
        )


def _of_intensity(sheet: CarbonSheet, language: str) -> Iterator[Sentence]:
    clause = promised(sheet.board, "intensity_change")
    if isinstance(sheet.intensity, Unavailable) or clause is None:
        return
    if not sheet.intensity:
        yield sentence("energy.found.no_intensity", language)
        return
    last = max(sheet.intensity)
    others = sheet.intensity_calorific
    other = None if isinstance(others, Unavailable) else others.get(last)
    yield sentence(
        "energy.found.intensity",
        language,
        year=str(last),
        change=cell.number(sheet.intensity[last].value, 2, sign=True),
        target=cell.number(clause.target, 0),
        status=word(f"status.{clause.status}", language),
        unit=clause.clause.lead,
        calorific=cell.number(other.value if other else None, 2, sign=True),
    )


def _of_grades(county: County, sheet: CarbonSheet, language: str) -> Iterator[Sentence]:
    if isinstance(sheet.firms, Unavailable) or sheet.firms.empty:
        return
    rated, year = sheet.firms[sheet.firms["grade"].notna()], str(sheet.year)
    if rated.empty:
        first = sheet.firms["reason"].value_counts().index[0]
        reason = word(f"carbon.reason.{first}", language) if _is_told(first) else MISSING
        firms = len(sheet.firms)
        yield sentence("energy.found.unrated", language, year=year, firms=firms, reason=reason)
        return
    if sheet.worst.empty:
        yield sentence("energy.found.none_worst", language, year=year, rated=len(rated))
    else:
        yield _worst(county, sheet, len(rated), language)
    unrated = len(sheet.firms) - len(rated)
    if unrated:
        yield sentence("energy.found.some_unrated", language, firms=unrated)


def _worst(county: County, sheet: CarbonSheet, rated: int, language: str) -> Sentence:
    largest = sheet.worst.sort_values(["net_co2_t", "usci"], ascending=[False, True]).iloc[0]
    share = sheet.worst_share
    return sentence(
        "energy.found.grades",
        language,
        year=str(sheet.year),
        rated=rated,
        worst=len(sheet.worst),
        emitted=cell.number(sheet.worst_t, 0),
        share=cell.number(None if share is None else 100 * share, 1),
        name=str(largest["name"]),
        town=known(largest["town"]),
        most=cell.number(largest["net_co2_t"], 0),
        grade=str(largest["grade"]),
        unit=_lead(county),
    )


def _lead(county: County) -> str:
    found = next((one for one in county.plan.clauses if one.id == "carbon_efficiency"), None)
    lead = found.lead if found else ""
    return lead or str(county.policy["suppliers"]["columns"]["enterprise_years.energy_tce"])


def _is_told(code: str) -> bool:
    return not code.startswith(("fuels_", "energy_", "year_"))


def _of_months(sheet: CarbonSheet, language: str) -> Iterator[Sentence]:
    last = _last_month(sheet)
    if last is None:
        return
    yield sentence(
        "energy.found.month",
        language,
        month=month_text(last["month"], language),
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


def _of_freed(sheet: CarbonSheet, language: str) -> Iterator[Sentence]:
    if isinstance(sheet.freed, Unavailable) or isinstance(sheet.demand, Unavailable):
        return
    demand = cell.number(sheet.demand_tce, 0)
    freed = sheet.freed
    if freed.ratio is None:
        yield sentence("energy.found.freed_none", language, demand=demand)
        return
    yield sentence(
        "energy.found.freed",
        language,
        energy=cell.number(freed.energy_tce, 1),
        carbon=cell.number(freed.carbon_t, 1),
        ratio=cell.number(freed.ratio, 2),
        reason=word(f"freed_carbon.{freed.reason}", language),
        demand=demand,
    )


def _of_factors(sheet: CarbonSheet, language: str) -> Iterator[Sentence]:
    comma = "、" if language == "zh" else ", "
    parts = [
        sentence(
            "energy.found.one_factor",
            language,
            years=comma.join(map(str, years)),
            region=region_text(factor.region, language),
            factor_year=str(factor.factor_year),
            value=cell.number(factor.kg_per_kwh, 4),
            published=factor.published,
        )
        for factor, years in sheet.used
    ]
    if parts:
        yield sentence("energy.found.factor", language, factors=parts)


def intensity_figure(county: County, sheet: CarbonSheet, *, language: str = "zh") -> Piece:
    """Draw the change of energy per value added by year against what the plan wants."""
    if isinstance(sheet.intensity, Unavailable):
        said = lacking(county, sheet.intensity, language=language)
        return findings(said, name="carbon_intensity_figure")
    if not sheet.intensity:
        return Piece("")
    clause = promised(sheet.board, "intensity_change")
    target = clause.target if clause else None
    rows = [
        Bar(
            word("share.year", language, year=year), one.value, target, _bar_tone(one.value, target)
        )
        for year, one in sorted(sheet.intensity.items())
    ]
    return bars(
        rows,
        caption=word("energy.figure.intensity", language),
        described=word("energy.figure.intensity_described", language),
        name="carbon_intensity_figure",
        unit="%",
        language=language,
    )


def _bar_tone(value: Fraction | None, target: Fraction | None) -> str:
    is_met = value is not None and target is not None and value <= target
    return "good" if is_met else "all"


def intensity_table(sheet: CarbonSheet, *, language: str = "zh") -> Piece:
    """Show by year what the change follows from, and what it is at calorific value."""
    if isinstance(sheet.intensity, Unavailable):
        return Piece("")
    if not sheet.intensity:
        return findings(sentence("energy.none.intensity", language), name="carbon_intensity")
    years = sorted(sheet.intensity, reverse=True)
    others = {} if isinstance(sheet.intensity_calorific, Unavailable) else sheet.intensity_calorific
    parts = (
        ("energy", "energy_tce", 2),
        ("before", "energy_tce_before", 2),
        ("growth", "value_added_growth_pct", 1),
    )
    columns = [
        column("year", [cell.text(year) for year in years], language, is_header=True),
        *(
            column(
                name,
                [cell.number(_exact(sheet.intensity[y].parts.get(part)), d) for y in years],
                language,
            )
            for name, part, d in parts
        ),
        column(
            "change", [cell.number(sheet.intensity[y].value, 2, sign=True) for y in years], language
        ),
        column(
            "calorific_change",
            [cell.number(others[y].value if y in others else None, 2, sign=True) for y in years],
            language,
        ),
    ]
    caption = word("energy.table.intensity", language)
    return table(columns, caption=caption, name="carbon_intensity")


def _exact(part: object) -> Fraction | None:
    return part if isinstance(part, Fraction) else None


def months_figure(county: County, sheet: CarbonSheet, *, language: str = "zh") -> Piece:
    """Draw the emissions of the firms that report, month by month."""
    if isinstance(sheet.months, Unavailable):
        said = lacking(county, sheet.months, language=language)
        return findings(said, name="carbon_months_figure")
    if sheet.months.empty:
        return findings(sentence("energy.none.months", language), name="carbon_months_figure")
    ends = [pd.Period(str(month), freq="M").end_time.date() for month in sheet.months["month"]]
    series = [
        Line(
            word(f"energy.figure.{name}", language),
            [
                (end, None if pd.isna(value) else Fraction(str(value)))
                for end, value in zip(ends, sheet.months[name_of], strict=True)
            ],
        )
        for name, name_of in (("all", "co2_t"), ("grid", "grid_t"))
    ]
    return lines(
        series,
        caption=word("energy.figure.months", language),
        described=word("energy.figure.months_described", language),
        name="carbon_months_figure",
        unit=word("energy.unit.t", language),
        language=language,
    )


def months_table(sheet: CarbonSheet, *, language: str = "zh") -> Piece:
    """Show the emissions by month, the last first, and how many firms they are of."""
    if isinstance(sheet.months, Unavailable) or sheet.months.empty:
        return Piece("")
    rows = sheet.months.iloc[::-1]
    texts = [month_text(month, language) for month in rows["month"]]
    columns = [
        column("month", [cell.text(text) for text in texts], language, is_header=True),
        column("emitted", [cell.number(v, 1) for v in rows["co2_t"]], language),
        column("grid", [cell.number(v, 1) for v in rows["grid_t"]], language),
        column("other", [cell.number(v, 1) for v in rows["other_t"]], language),
        column("firms", [cell.number(int(n), 0) for n in rows["firms"]], language),
        column("lacking", [cell.number(int(n), 0) for n in rows["lacking"]], language),
        column(
            "note",
            [cell.text(word(f"carbon_month.{r}", language)) for r in rows["reason"]],
            language,
        ),
    ]
    return table(columns, caption=word("energy.table.months", language), name="carbon_months")


def month_text(month: object, language: str) -> str:
    """Name a month as it is read."""
    period = pd.Period(str(month), freq="M")
    shown = str(period.month) if language == "zh" else f"{period.month:02d}"
    return word("energy.month", language, year=period.year, month=shown)


def region_text(region: str, language: str) -> str:
    """Name a region of the grid; as the policy writes it where the catalogue does not know it."""
    label = catalogue().get(f"energy.region.{region}")
    return label[language] if label else region


def column(name: str, cells: list[Cell], language: str, *, is_header: bool = False) -> Column:
    """Give a column of the page's tables, its label from the catalogue."""
    return Column(word(f"energy.column.{name}", language), cells, is_header)
