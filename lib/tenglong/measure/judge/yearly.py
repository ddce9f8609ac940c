"""Clauses that must hold in every year: each year's own verdict, and the running year's pace."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction

from tenglong.errors import ConfigurationError
from tenglong.measure.clause import Clause, Kind, Window
from tenglong.measure.judge.assessment import Assessment, Bands, Reason, Status, YearVerdict
from tenglong.measure.judge.clock import years
from tenglong.measure.judge.steps import (
    banded,
    before_batch,
    is_met,
    is_overdue,
    margin,
    may_fall,
    paced,
    paced_on,
    target_of,
)
from tenglong.measure.reading import Figure, Flow, Grain, Part, Reading, Series

# A year of which this is said decides over the clause, the first before the others.
DECIDING: Mapping[str, tuple[Status, str]] = {
    "missed": (Status.MISSED, "bad_year"),
    "no_data": (Status.NO_DATA, "year_lacking"),
    "awaiting": (Status.AWAITING, "year_awaiting"),
}


def yearly(clause: Clause, reading: Reading, as_of: date, bands: Bands) -> Assessment:
    """Judge every year on its own; one bad year fails the clause, however good the total."""
    if not isinstance(reading, Series | Flow):
        raise ConfigurationError(f"clause {clause.id}: a {type(reading).__name__} has no years")
    spans = years(clause.window)
    found = [_in_year(clause, reading, span, as_of, bands) for span in spans]
    verdicts = tuple(verdict for verdict, _ in found)
    begun = [(v, parts) for v, parts in found if v.verdict != "not_due"]
    latest, parts = begun[-1]
    shown = next((v for v, _ in reversed(begun) if v.actual is not None), latest)
    actual = shown.actual
    base = Assessment(
        clause,
        Status.ON_TRACK,
        Reason("every_year"),
        actual=actual,
        observed_on=min(as_of, date(shown.year, 12, 31)) if actual is not None else None,
        margin=None if actual is None else margin(clause, actual),
        years=verdicts,
        components={**parts, **_year_parts(verdicts), "target": target_of(clause)},
        trend=tuple((date(v.year, 12, 31), v.actual) for v, _ in begun if v.actual is not None),
    )
    return _of_years(base, latest, reading, as_of, bands)


def _of_years(
    base: Assessment, latest: YearVerdict, reading: Series | Flow, as_of: date, bands: Bands
) -> Assessment:
    for verdict, (status, code) in DECIDING.items():
        named = ", ".join(str(v.year) for v in base.years if v.verdict == verdict)
        if named:
            return replace(base, status=status, reason=Reason(code, {"years": named}))
    if {v.verdict for v in base.years} <= {"not_due", "not_applicable"}:
        return replace(base, status=Status.NOT_APPLICABLE, reason=Reason("nothing_required"))
    if latest.verdict == "running":
        return _running(base, latest, reading, as_of, bands)
    if latest.year == base.clause.window.end.year:
        return replace(base, status=Status.ACHIEVED, reason=Reason("every_year_met"))
    return base


def _running(
    base: Assessment, latest: YearVerdict, reading: Series | Flow, as_of: date, bands: Bands
) -> Assessment:
    clause = base.clause
    span = next(span for span in years(clause.window) if span.start.year == latest.year)
    if latest.actual is None and any(year.verdict == "met" for year in base.years):
        return replace(base, reason=Reason("year_running", {"years": str(latest.year)}))
    if latest.actual is None:
        return replace(
            base, status=Status.NOT_DUE, reason=Reason("first_figure", {"due": span.end})
        )
    met = is_met(clause, latest.actual)
    if clause.kind is Kind.SHARE:
        return _running_share(base, latest, span, met=met)
    on = paced_on(reading, span, as_of)
    if on is None and not met:
        return replace(base, status=Status.NOT_DUE, reason=before_batch(reading, span, as_of))
    in_year = replace(base, clause=replace(clause, window=span, due=span.end))
    judged = replace(paced(in_year, Fraction(0), on or as_of), clause=clause)
    if met and span.end == clause.window.end and not may_fall(reading):
        return replace(judged, status=Status.ACHIEVED, reason=Reason("every_year_met"))
    return banded(judged, bands)


def _running_share(base: Assessment, latest: YearVerdict, span: Window, *, met: bool) -> Assessment:
    """Judge a share of the running year; one that fills up over the year is provisional."""
    told: dict[str, Part] = {"years": str(latest.year), "due": span.end}
    if base.clause.is_standing:
        reason = Reason("duty_holds" if met else "duty_broken", told)
        return replace(base, status=Status.ON_TRACK if met else Status.BEHIND, reason=reason)
    status = Status.ON_TRACK if met else Status.NOT_DUE
    return replace(base, status=status, reason=Reason("share_provisional", told))


def _in_year(
    clause: Clause, reading: Series | Flow, span: Window, as_of: date, bands: Bands
) -> tuple[YearVerdict, Mapping[str, Part]]:
    year = span.start.year
    if as_of < span.start:
        return YearVerdict(year, "not_due"), {}
    is_over = as_of >= span.end
    figure = _figure_of_year(reading, span, as_of)
    if figure is None:
        before = date(year - 1, 12, 31)
        is_lost = is_overdue(before, Grain.YEAR, as_of, bands)
        unknown = "no_data" if is_lost else "awaiting"
        return YearVerdict(year, unknown if is_over else "running"), {}
    if figure.value is None:
        return YearVerdict(year, "not_applicable" if is_over else "running"), figure.parts
    return YearVerdict(year, _verdict(clause, reading, figure, span, as_of), figure.value), (
        figure.parts
    )


def _verdict(clause: Clause, reading: Reading, figure: Figure, span: Window, as_of: date) -> str:
    """Say how a year of which there is a figure stands."""
    if as_of < span.end:
        return "running"
    met = figure.value is not None and is_met(clause, figure.value)
    is_settled = met and isinstance(reading, Flow) and not may_fall(reading)
    if figure.is_preliminary or (figure.end < span.end and not is_settled):
        return "awaiting"
    return "met" if met else "missed"


def _figure_of_year(reading: Series | Flow, span: Window, as_of: date) -> Figure | None:
    match reading:
        case Series():
            inside = [f for f in reading.figures if span.start <= f.end <= span.end]
            return inside[-1] if inside else None
        case Flow():
            end = min(as_of, span.end, reading.known_until or span.end)
            if end < span.start:
                return None
            total = sum((x for d, x in reading.amounts if span.start <= d <= end), Fraction(0))
            early = any(span.start <= day <= end for day in reading.preliminary)
            return Figure(end, total, reading.parts, is_preliminary=early)


def _year_parts(verdicts: tuple[YearVerdict, ...]) -> dict[str, Part]:
    return {
        f"year_{verdict.year}": verdict.verdict if verdict.actual is None else verdict.actual
        for verdict in verdicts
    }
