"""Steps that kinds of clause share: pace, bands, staleness, compound growth (年均增长)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import TypeVar

from tenglong.errors import ConfigurationError
from tenglong.measure.clause import Clause, Window
from tenglong.measure.judge.assessment import Assessment, Bands, Reason, Status
from tenglong.measure.judge.clock import months_between, months_elapsed, pace, years
from tenglong.measure.reading import Coverage, Figure, Flow, Grain, Happened, Part, Reading, Series

Shape = TypeVar("Shape", Series, Flow, Coverage, Happened)


def expect(reading: Reading, shape: type[Shape], clause: Clause) -> Shape:
    """Give the reading if it has the shape that the clause's kind needs.

    Raises
    ------
    ConfigurationError
        If its indicator gives another shape.
    """
    if not isinstance(reading, shape):
        raise ConfigurationError(
            f"clause {clause.id} ({clause.kind}) needs a {shape.__name__}, "
            f"its indicator gives a {type(reading).__name__}"
        )
    return reading


def paced(judged: Assessment, baseline: Fraction, as_of: date) -> Assessment:
    """Add progress, pace, gap and the rates a month, all on the clause's own clock."""
    clause, actual, target = judged.clause, judged.actual, target_of(judged.clause)
    if actual is None or target == baseline or (target > baseline) != rises(clause):
        return judged
    window = Window(clause.window.start, clause.due)
    progress, passed = (actual - baseline) / (target - baseline), pace(window, as_of)
    elapsed, left = (
        months_elapsed(window, as_of),
        months_between(min(as_of, clause.due), clause.due),
    )
    return replace(
        judged,
        baseline=baseline,
        progress=progress,
        pace=passed,
        gap=progress - passed,
        rate=(actual - baseline) / elapsed if elapsed else None,
        needed_rate=(target - actual) / left if left and not is_met(clause, actual) else None,
        components={
            **judged.components,
            "baseline": baseline,
            "months_elapsed": elapsed,
            "months_left": left,
        },
    )


def banded(judged: Assessment, bands: Bands) -> Assessment:
    """Name the band of the gap, where there is one."""
    if judged.gap is None:
        return judged
    return replace(judged, status=Status(bands.name(judged.gap)), reason=Reason("paced"))


def baseline_of(clause: Clause, figures: list[Figure]) -> Fraction | None:
    """Give the plan's baseline, or the measured figure of its year."""
    if clause.baseline is None:
        return None
    if clause.baseline.value is not None:
        return clause.baseline.value
    year = clause.baseline.year
    return next((f.value for f in figures if f.end == date(year, 12, 31)), None)


def nothing_yet(clause: Clause, reading: Series | Flow, as_of: date, bands: Bands) -> Assessment:
    """No figure of the window is known: it is not due yet, lacking, or only an old one is."""
    first_end = years(clause.window)[0].end
    so_far = trend(reading) if isinstance(reading, Series) else ()
    judged = Assessment(clause, Status.NO_DATA, Reason("no_figure"), trend=so_far)
    if reading.grain is Grain.YEAR and as_of < first_end:
        reason = Reason("first_figure", {"due": first_end})
        return replace(judged, status=Status.NOT_DUE, reason=reason)
    if so_far and is_stale(so_far[-1][0], reading.grain, clause, as_of, bands):
        return replace(judged, status=Status.STALE, reason=staleness(so_far[-1][0]))
    return judged


def is_stale(end: date, grain: Grain, clause: Clause, as_of: date, bands: Bands) -> bool:
    """Whether a figure is too old to judge by, and not the final one."""
    if end >= clause.due or end >= as_of:
        return False
    return months_between(end, as_of) > bands.stale_after[grain]


def staleness(end: date) -> Reason:
    """Say since when nothing newer is known."""
    return Reason("stale", {"observed_on": end})


def when_done(clause: Clause, day: date | None) -> Reason:
    """Say when it was done, and how many days late."""
    if day is None:
        return Reason("met")
    late = (day - clause.due).days
    if late > 0:
        return Reason("done_late", {"happened_on": day, "days": late})
    return Reason("done", {"happened_on": day})


def is_met(clause: Clause, actual: Fraction) -> bool:
    """Whether the target is met, exactly."""
    return clause.operator is not None and clause.operator.holds(actual, target_of(clause))


def margin(clause: Clause, actual: Fraction) -> Fraction:
    """How far `actual` lies on the good side of the target."""
    difference = actual - target_of(clause)
    return difference if rises(clause) else -difference


def rises(clause: Clause) -> bool:
    """Whether more is better."""
    return clause.operator is not None and clause.operator.rises


def target_of(clause: Clause) -> Fraction:
    """Give the target that the clause's kind needs."""
    if clause.target is None:
        raise ConfigurationError(f"clause {clause.id}: a {clause.kind} needs a value")
    return clause.target


def value_of(figure: Figure) -> Fraction:
    """Give a figure's value where it is applicable."""
    if figure.value is None:
        raise ConfigurationError(f"the figure of {figure.end} is not applicable")
    return figure.value


def trend(series: Series) -> tuple[tuple[date, Fraction], ...]:
    """Give the figures of a series that are applicable."""
    return tuple((f.end, f.value) for f in series.figures if f.value is not None)


def growth(clause: Clause, reading: Reading, as_of: date, bands: Bands) -> Assessment:
    """Judge a against the path b·(1 + g)^n after n full years; 年均 is the compound rate."""
    series = expect(reading, Series, clause)
    first = clause.window.start.year - 1
    values = {f.end.year: f.value for f in series.figures if f.value is not None}
    begin = values.get(first)
    if begin is None:
        return Assessment(clause, Status.NO_BASELINE, Reason("no_baseline"), trend=trend(series))
    if begin <= 0:
        reason = Reason("baseline_not_positive", {"baseline": begin})
        return Assessment(clause, Status.NOT_APPLICABLE, reason, baseline=begin)
    last = first
    while last + 1 in values and last < clause.window.end.year:
        last += 1
    if last == first:
        return nothing_yet(clause, series, as_of, bands)
    return _on_path(clause, series, (first, last), values, as_of, bands)


def _on_path(
    clause: Clause,
    series: Series,
    span: tuple[int, int],
    values: Mapping[int, Fraction],
    as_of: date,
    bands: Bands,
) -> Assessment:
    first, last = span
    begin, actual = values[first], values[last]
    factor, n = 1 + target_of(clause) / 100, last - first
    whole = clause.window.end.year - first
    path, goal = begin * factor**n, begin * factor**whole
    yearly = [
        values[year] / values[year - 1] - 1
        for year in range(first + 1, last + 1)
        if values[year - 1]
    ]
    rate = compound_rate(actual / begin, years=n)
    end = date(last, 12, 31)
    parts: dict[str, Part] = {
        "baseline": begin,
        "latest": actual,
        "years": n,
        "path": path,
        "goal": goal,
        "compound_rate_pct": rate * 100,
        "mean_of_yearly_rates_pct": sum(yearly, Fraction(0)) / max(len(yearly), 1) * 100,
        "target": target_of(clause),
    }
    progress, paced = (actual - begin) / (goal - begin), (path - begin) / (goal - begin)
    judged = Assessment(
        clause,
        Status.ON_TRACK,
        Reason("path", {"path": path, "latest": actual}),
        actual=rate * 100,
        baseline=begin,
        observed_on=end,
        progress=progress,
        pace=paced,
        gap=progress - paced,
        margin=rate * 100 - target_of(clause),
        components=parts,
        trend=trend(series),
    )
    if is_stale(end, series.grain, clause, as_of, bands):
        return replace(
            judged, status=Status.STALE, reason=staleness(end), progress=None, pace=None, gap=None
        )
    on_path = clause.operator is not None and clause.operator.holds(actual, path)
    if last == clause.window.end.year:
        status = Status.ACHIEVED if on_path else Status.MISSED
        return replace(judged, status=status, reason=Reason("met" if on_path else "missed"))
    return banded(judged, bands)


def compound_rate(quotient: Fraction, *, years: int) -> Fraction:
    """Give the yearly rate that leads to a quotient of levels: q^(1/n) − 1, to twelve digits.

    Only for show: whether a path was kept is compared exactly, by q against (1 + g)^n. A level
    that fell to nothing or below has the rate −1.

    Examples
    --------
    >>> round(float(compound_rate(Fraction("1.827"), years=3)), 4)
    0.2225
    """
    if quotient <= 0:
        return Fraction(-1)
    return Fraction(round((float(quotient) ** (1 / years) - 1) * 10**12), 10**12)
