"""Growth by a compound rate (年均增长): the path b·(1 + g)^n, and where it stands today."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction

from tenglong.measure.clause import Clause
from tenglong.measure.judge.assessment import Assessment, Reason, Status
from tenglong.measure.judge.bands import Bands
from tenglong.measure.judge.steps import (
    banded,
    expect,
    is_stale,
    nothing_yet,
    staleness,
    target_of,
    trend,
)
from tenglong.measure.reading import Part, Reading, Series


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
