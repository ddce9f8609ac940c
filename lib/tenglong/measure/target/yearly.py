"""Clauses that must hold in every year (每年): one bad year fails them, however good the total."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction

from tenglong.errors import ConfigurationError
from tenglong.measure.clause import Clause, Kind, Window
from tenglong.measure.reading import Figure, Flow, Part, Reading, Series
from tenglong.measure.target.assessment import Assessment, Reason, Status, YearVerdict
from tenglong.measure.target.bands import Bands
from tenglong.measure.target.clock import years
from tenglong.measure.target.steps import banded, is_met, margin, paced, target_of


def yearly(clause: Clause, reading: Reading, as_of: date, bands: Bands) -> Assessment:
    """Judge every year on its own; one bad year fails the clause, however good the total."""
    spans = years(clause.window)
    found = [_in_year(clause, reading, span, as_of) for span in spans]
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
    return _of_years(base, latest, spans, as_of, bands)


def _of_years(
    base: Assessment, latest: YearVerdict, spans: tuple[Window, ...], as_of: date, bands: Bands
) -> Assessment:
    said = {verdict.verdict for verdict in base.years}
    if "missed" in said:
        bad = ", ".join(str(v.year) for v in base.years if v.verdict == "missed")
        return replace(base, status=Status.MISSED, reason=Reason("bad_year", {"years": bad}))
    if "no_data" in said:
        lacking = ", ".join(str(v.year) for v in base.years if v.verdict == "no_data")
        return replace(
            base, status=Status.NO_DATA, reason=Reason("year_lacking", {"years": lacking})
        )
    judged = {v.verdict for v in base.years if v.verdict != "not_due"}
    if judged == {"not_applicable"}:
        return replace(base, status=Status.NOT_APPLICABLE, reason=Reason("nothing_required"))
    if latest.verdict == "running":
        return _running(base, latest, spans, as_of, bands)
    if latest.year == spans[-1].end.year:
        return replace(base, status=Status.ACHIEVED, reason=Reason("every_year_met"))
    return base


def _running(
    base: Assessment, latest: YearVerdict, spans: tuple[Window, ...], as_of: date, bands: Bands
) -> Assessment:
    clause = base.clause
    span = next(span for span in spans if span.start.year == latest.year)
    if latest.actual is None and any(year.verdict == "met" for year in base.years):
        return replace(base, reason=Reason("year_running", {"years": str(latest.year)}))
    if latest.actual is None:
        return replace(
            base, status=Status.NOT_DUE, reason=Reason("first_figure", {"due": span.end})
        )
    met = is_met(clause, latest.actual)
    if clause.kind is Kind.SHARE:
        status = Status.ON_TRACK if met else Status.BEHIND
        return replace(
            base, status=status, reason=Reason("share_running", {"years": str(latest.year)})
        )
    judged = paced(
        replace(base, clause=replace(clause, window=span, due=span.end)), Fraction(0), as_of
    )
    judged = replace(judged, clause=clause)
    if met and span == spans[-1]:
        return replace(judged, status=Status.ACHIEVED, reason=Reason("every_year_met"))
    return banded(judged, bands)


def _in_year(
    clause: Clause, reading: Reading, span: Window, as_of: date
) -> tuple[YearVerdict, Mapping[str, Part]]:
    year = span.start.year
    if as_of < span.start:
        return YearVerdict(year, "not_due"), {}
    is_over = as_of >= span.end
    figure = _figure_of_year(reading, span, as_of, clause)
    if figure is None:
        return YearVerdict(year, "no_data" if is_over else "running"), {}
    if figure.value is None:
        return YearVerdict(year, "not_applicable" if is_over else "running"), figure.parts
    if not is_over or figure.end < span.end:
        return YearVerdict(year, "running", figure.value), figure.parts
    verdict = "met" if is_met(clause, figure.value) else "missed"
    return YearVerdict(year, verdict, figure.value), figure.parts


def _figure_of_year(reading: Reading, span: Window, as_of: date, clause: Clause) -> Figure | None:
    match reading:
        case Series():
            inside = [f for f in reading.figures if span.start <= f.end <= span.end]
            return inside[-1] if inside else None
        case Flow():
            end = min(as_of, span.end, reading.known_until or span.end)
            if end < span.start:
                return None
            total = sum((x for d, x in reading.amounts if span.start <= d <= end), Fraction(0))
            return Figure(end, total, reading.parts)
        case _:
            raise ConfigurationError(f"clause {clause.id}: a {type(reading).__name__} has no years")


def _year_parts(verdicts: tuple[YearVerdict, ...]) -> dict[str, Part]:
    return {
        f"year_{verdict.year}": verdict.verdict if verdict.actual is None else verdict.actual
        for verdict in verdicts
    }
