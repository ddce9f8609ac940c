"""Steps that kinds of clause share: pace, bands, staleness, compound growth (年均增长)."""

import calendar
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from math import floor
from typing import TypeVar

from tenglong.errors import ConfigurationError
from tenglong.measure.clause import Clause, Kind, Window
from tenglong.measure.judge.assessment import Assessment, Bands, Reason, Status
from tenglong.measure.judge.clock import months_between, months_elapsed, pace, years
from tenglong.measure.reading import Coverage, Figure, Flow, Grain, Happened, Part, Reading, Series
from tenglong.measure.unit import is_counted

COUNTED = frozenset({Kind.CUMULATIVE, Kind.ANNUAL, Kind.CLEAR_OUT})
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


def paced(judged: Assessment, baseline: Fraction, on: date) -> Assessment:
    """Add progress, pace, gap and the rates a month, all on the clause's own clock.

    Parameters
    ----------
    on
        The day whose pace it is: that of the figure, or today's for a ledger of events.
    """
    clause, actual, target = judged.clause, judged.actual, target_of(judged.clause)
    if actual is None or margin(clause, baseline) >= 0:  # no way is left
        return judged
    window = Window(clause.window.start, clause.due)
    progress = (actual - baseline) / (target - baseline)
    passed = pace(window, on)
    parts: dict[str, Part] = {}
    if is_whole(clause):
        count = abs(target - baseline)
        passed = whole_pace(passed, count)
        parts["due_by_now"] = passed * count
    elapsed, left = months_elapsed(window, on), months_between(min(on, clause.due), clause.due)
    return replace(
        judged,
        baseline=baseline,
        progress=progress,
        pace=passed,
        gap=progress - passed,
        paced_on=on,
        rate=(actual - baseline) / elapsed if elapsed else None,
        needed_rate=(target - actual) / left if left and not is_met(clause, actual) else None,
        components={
            **judged.components,
            **parts,
            "baseline": baseline,
            "months_elapsed": elapsed,
            "months_left": left,
        },
    )


def may_fall(reading: Reading) -> bool:
    """Whether its sum may fall again."""
    return isinstance(reading, Flow) and reading.may_fall


def paced_on(reading: Series | Flow, window: Window, as_of: date) -> date | None:
    """Give the day whose pace a sum is held against; None before the first batch of a window.

    A ledger of events by the day; figures of periods by the last of them; titles that come in
    batches by the end of the last batch.
    """
    if isinstance(reading, Series):
        return max((f.end for f in reading.figures if f.end <= window.end), default=None)
    if reading.batches:
        ends = [day for day in _batch_ends(reading, window) if day <= as_of]
        return ends[-1] if ends else None
    return as_of if reading.is_ledger or reading.known_until is None else reading.known_until


def _batch_ends(flow: Flow, window: Window) -> list[date]:
    ends = [
        date(year, month, calendar.monthrange(year, month)[1])
        for year in (span.start.year for span in years(window))
        for month in sorted(flow.batches)
    ]
    return [day for day in ends if window.start <= day <= window.end]


def before_batch(reading: Reading, window: Window, as_of: date) -> Reason:
    """Say when the next batch comes."""
    days = _batch_ends(reading, window) if isinstance(reading, Flow) else []
    coming = next((day for day in days if day > as_of), window.end)
    return Reason("before_batch", {"due": coming})


def concluded(
    judged: Assessment,
    end: date,
    as_of: date,
    *,
    is_preliminary: bool,
    can_fall: bool = True,
) -> Assessment | None:
    """Give the verdict where there is one; None while the clause is on its way.

    From the due day on only the final figure of the due period decides, which ends on it or
    later; a sum that cannot fall is met once it is met.
    """
    is_due = as_of >= judged.clause.due
    met = judged.actual is not None and is_met(judged.clause, judged.actual)
    if is_due and is_preliminary:
        return awaited(judged, end, code="awaiting_final")
    if is_due and end < judged.clause.due and (can_fall or not met):
        return awaited(judged, end)
    if met:
        return replace(judged, status=Status.ACHIEVED, reason=Reason("met"))
    return replace(judged, status=Status.MISSED, reason=Reason("missed")) if is_due else None


def is_whole(clause: Clause) -> bool:
    """Whether it counts things of which there are no halves: firms, titles, projects.

    >>> from tenglong.measure.clause import Label, Window
    >>> window = Window(date(2021, 1, 1), date(2023, 12, 31))
    >>> is_whole(Clause("x", "", "", Label("", ""), Kind.CUMULATIVE, window, window.end, unit="家"))
    True
    """
    return clause.kind in COUNTED and is_counted(clause.unit)


def whole_pace(pace: Fraction, count: Fraction) -> Fraction:
    """Give the share of whole things that is due: floor(τ · n) / n.

    >>> [str(whole_pace(Fraction(part, 12), Fraction(2))) for part in (5, 6, 11, 12)]
    ['0', '1/2', '1/2', '1']
    """
    return Fraction(floor(pace * count)) / count


def banded(judged: Assessment, bands: Bands) -> Assessment:
    """Name the band of the gap, where there is one; while nothing whole is due, it is not due."""
    if judged.gap is None:
        return judged
    if is_whole(judged.clause) and judged.pace == 0 and judged.progress == 0:
        return replace(judged, status=Status.NOT_DUE, reason=Reason("none_due"))
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
    before = date(first_end.year - 1, 12, 31)
    if reading.grain is Grain.YEAR and not is_overdue(before, Grain.YEAR, as_of, bands):
        reason = Reason("first_figure", {"due": first_end})
        return replace(judged, status=Status.NOT_DUE, reason=reason)
    if so_far:
        latest, _ = so_far[-1]
        if is_stale(latest, reading.grain, clause, as_of, bands):
            return replace(judged, status=Status.STALE, reason=staleness(latest))
    return judged


def is_stale(end: date, grain: Grain, clause: Clause, as_of: date, bands: Bands) -> bool:
    """Whether the next figure is overdue by its publisher's usual delay.

    From the due day on it is awaited instead, however long.
    """
    return as_of < clause.due and is_overdue(end, grain, as_of, bands)


def is_overdue(end: date, grain: Grain, as_of: date, bands: Bands) -> bool:
    """Whether the figure that follows one of `end` should have been out by now."""
    return months_between(end, as_of) > bands.stale_after[grain]


def awaited(judged: Assessment, end: date, *, code: str = "awaiting") -> Assessment:
    """Give no verdict (到期待核): it is due, and the figure of the due period is not out."""
    reason = Reason(code, {"observed_on": end, "due": judged.clause.due})
    return replace(judged, status=Status.AWAITING, reason=reason)


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
    """Give a figure's value where it is applicable, with what has come to it since."""
    if figure.value is None:
        raise ConfigurationError(f"the figure of {figure.end} is not applicable")
    return figure.value + figure.since


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
        "mean_of_yearly_rates_pct": sum(yearly, Fraction(0)) / len(yearly) * 100,
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
        paced_on=end,
        margin=rate * 100 - target_of(clause),
        components=parts,
        trend=trend(series),
    )
    if is_stale(end, series.grain, clause, as_of, bands):
        return replace(
            judged, status=Status.STALE, reason=staleness(end), progress=None, pace=None, gap=None
        )
    if as_of >= clause.due and last < clause.window.end.year:
        return awaited(judged, end)
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
    level = max(float(quotient), 0.0)
    return Fraction(round((level ** (1 / years) - 1) * 10**12), 10**12)
