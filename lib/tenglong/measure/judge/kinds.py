"""What a target means: one small function a kind of clause.

b = baseline, t = target, a = the latest actual figure on the day. Progress is exact; a
status never rests on a rounded number. The rules are those of the docs page `targets`.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import accumulate

from tenglong.measure.clause import Clause, Kind, Window
from tenglong.measure.judge.assessment import Assessment, Bands, Reason, Status
from tenglong.measure.judge.clock import pace
from tenglong.measure.judge.range import ranged
from tenglong.measure.judge.steps import (
    awaited,
    banded,
    baseline_of,
    before_batch,
    concluded,
    expect,
    growth,
    is_met,
    is_stale,
    margin,
    nothing_yet,
    paced,
    paced_on,
    staleness,
    target_of,
    trend,
    value_of,
    when_done,
)
from tenglong.measure.judge.yearly import yearly
from tenglong.measure.reading import (
    Coverage,
    Figure,
    Flow,
    Happened,
    NotKnown,
    Part,
    Reading,
    Series,
)
from tenglong.measure.unit import convert


def assess(clause: Clause, reading: Reading, *, as_of: date, bands: Bands) -> Assessment:
    """Judge a clause by a reading of its indicator.

    Parameters
    ----------
    reading
        What the indicator says of the facts known on `as_of`.
    as_of
        The day it is judged on, at its end.

    Raises
    ------
    ValueError
        If the reading's shape or unit does not fit the clause.
    """
    if clause.kind is Kind.NARRATIVE:
        return Assessment(clause, Status.NOT_QUANTIFIABLE, Reason("narrative"))
    if isinstance(reading, NotKnown):
        return _not_known(clause, reading)
    if as_of < clause.window.start:
        return Assessment(
            clause, Status.NOT_DUE, Reason("not_begun", {"start": clause.window.start})
        )
    each_year = clause.kind is Kind.ANNUAL or clause.each_year
    judge = yearly if each_year else _JUDGES[clause.kind]
    told = _in_unit_of(clause, reading)

    def again(other: Reading) -> Assessment:
        return judge(clause, other, as_of, bands)

    return replace(
        ranged(again(told), told, as_of, again),
        evidence=reading.evidence,
        named=told.named if isinstance(told, Series | Flow) else (),
        running=told.running if isinstance(told, Series) else None,
    )


def _not_known(clause: Clause, reading: NotKnown) -> Assessment:
    missing = (reading.table, reading.column) if reading.table else None
    return Assessment(
        clause,
        Status(reading.why.value),
        Reason(reading.code, reading.parts),
        components=reading.parts,
        evidence=reading.evidence,
        missing=missing,
        awaited=reading.blanks,
    )


def _in_unit_of(clause: Clause, reading: Reading) -> Reading:
    """Express a reading in the clause's unit."""

    def turned(value: Fraction) -> Fraction:
        return convert(value, unit=reading.unit, to=clause.unit)  # type: ignore[union-attr]

    def turned_if(value: Fraction | None) -> Fraction | None:
        return None if value is None else turned(value)

    match reading:
        case Series() if clause.kind is not Kind.GROWTH:
            figures = tuple(
                replace(
                    figure,
                    value=turned_if(figure.value),
                    since=turned(figure.since),
                    low=turned_if(figure.low),
                    high=turned_if(figure.high),
                )
                for figure in reading.figures
            )
            running = reading.running
            if running is not None and running.value is not None:
                running = replace(running, value=turned(running.value))
            return replace(reading, figures=figures, unit=clause.unit, running=running)
        case Flow():
            amounts = tuple((day, turned(amount)) for day, amount in reading.amounts)
            maybe = tuple(
                replace(one, amounts=tuple((day, turned_if(amount)) for day, amount in one.amounts))
                for one in reading.maybe
            )
            return replace(reading, amounts=amounts, unit=clause.unit, maybe=maybe)
        case _:
            return reading


def _level(clause: Clause, reading: Reading, as_of: date, bands: Bands) -> Assessment:
    """Judge a on its way from b to t: progress = (a − b) / (t − b)."""
    series = expect(reading, Series, clause)
    known = [figure for figure in series.figures if figure.value is not None]
    baseline = baseline_of(clause, known)
    inside = [figure for figure in known if figure.end >= clause.window.start]
    if not inside:
        return nothing_yet(clause, series, as_of, bands)
    return _towards(clause, inside[-1], baseline, series, as_of, bands)


def _change(clause: Clause, reading: Reading, as_of: date, bands: Bands) -> Assessment:
    """Judge a / t, where a is the cumulative change since the baseline, at comparable prices."""
    series = expect(reading, Series, clause)
    inside = [f for f in series.figures if f.value is not None and f.end >= clause.window.start]
    if not inside:
        return nothing_yet(clause, series, as_of, bands)
    return _towards(clause, inside[-1], Fraction(0), series, as_of, bands)


def _towards(
    clause: Clause,
    latest: Figure,
    baseline: Fraction | None,
    series: Series,
    as_of: date,
    bands: Bands,
) -> Assessment:
    actual, target = value_of(latest), target_of(clause)
    base = Assessment(
        clause,
        Status.NO_BASELINE,
        Reason("no_baseline"),
        actual=actual,
        baseline=baseline,
        observed_on=latest.end,
        margin=margin(clause, actual),
        components={**latest.parts, **_own(latest), "actual": actual, "target": target},
        trend=trend(series),
    )
    if is_stale(latest.end, series.grain, clause, as_of, bands):
        return replace(base, status=Status.STALE, reason=staleness(latest.end))
    judged = base if baseline is None else paced(base, baseline, latest.end)
    if verdict := concluded(judged, latest.end, as_of, is_preliminary=latest.is_preliminary):
        return verdict
    if judged.gap is not None:
        return banded(judged, bands)
    if baseline is not None:
        return replace(judged, status=Status.BEHIND, reason=Reason("fell_below_baseline"))
    return judged


def _own(figure: Figure) -> Mapping[str, Part]:
    """Tell a figure as it was, where more has come to it since."""
    return {"figure": figure.value} if figure.since and figure.value is not None else {}


def _cumulative(clause: Clause, reading: Reading, as_of: date, bands: Bands) -> Assessment:
    """Judge a / t, where a adds up what happened inside the window; a net count may fall."""
    flow = expect(reading, Flow, clause)
    inside = [
        (d, x) for d, x in flow.amounts if clause.window.start <= d <= min(as_of, clause.window.end)
    ]
    actual, target = sum((amount for _, amount in inside), Fraction(0)), target_of(clause)
    base = Assessment(
        clause,
        Status.ON_TRACK,
        Reason("paced"),
        actual=actual,
        observed_on=flow.known_until or min(as_of, clause.window.end),
        margin=margin(clause, actual),
        components={**flow.parts, "actual": actual, "target": target},
        trend=tuple(zip([d for d, _ in inside], accumulate(x for _, x in inside), strict=True)),
    )
    if flow.known_until and flow.known_until < clause.window.start:
        return replace(nothing_yet(clause, flow, as_of, bands), components=base.components)
    if flow.known_until and is_stale(flow.known_until, flow.grain, clause, as_of, bands):
        return replace(base, status=Status.STALE, reason=staleness(flow.known_until))
    span = Window(clause.window.start, clause.due)
    on = paced_on(flow, span, as_of)
    judged = paced(base, Fraction(0), on or as_of)
    end = flow.known_until or clause.due
    is_early = any(day in flow.preliminary for day, _ in inside)
    if verdict := concluded(judged, end, as_of, can_fall=flow.may_fall, is_preliminary=is_early):
        return verdict
    if on is None:
        return replace(base, status=Status.NOT_DUE, reason=before_batch(flow, span, as_of))
    return banded(judged, bands)


def _coverage(clause: Clause, reading: Reading, as_of: date, bands: Bands) -> Assessment:
    """Done / required by the due date; an empty required set is not applicable."""
    coverage = expect(reading, Coverage, clause)
    parts: dict[str, Part] = {
        **coverage.parts,
        "done": coverage.done,
        "required": coverage.required,
    }
    if not coverage.required:
        reason = Reason("nothing_required")
        return Assessment(clause, Status.NOT_APPLICABLE, reason, components=parts)
    share = coverage.done / coverage.required * 100
    base = Assessment(
        clause,
        Status.ON_TRACK,
        Reason("paced"),
        actual=share,
        observed_on=as_of,
        margin=margin(clause, share),
        components=parts,
        opened=coverage.opened,
    )
    if coverage.preliminary is not None and as_of >= clause.due:
        return awaited(base, coverage.preliminary, code="awaiting_final")
    if clause.is_standing:
        return _duty(base, share, as_of)
    judged = paced(base, Fraction(0), as_of)
    if is_met(clause, share):
        return replace(
            judged, status=Status.ACHIEVED, reason=when_done(clause, coverage.completed_on)
        )
    if as_of >= clause.due:
        return replace(judged, status=Status.MISSED, reason=Reason("missed"))
    return banded(judged, bands)


def _duty(base: Assessment, share: Fraction, as_of: date) -> Assessment:
    """Judge a standing duty: it holds or it does not; what has joined lately is in hand."""
    is_due = as_of >= base.clause.due
    if is_met(base.clause, share):
        status = Status.ACHIEVED if is_due else Status.ON_TRACK
        return replace(base, status=status, reason=Reason("duty_holds"))
    late = [one for one in base.opened if one.until is None or as_of > one.until]
    if base.opened and not late:
        reason = Reason("duty_in_hand", {"count": len(base.opened)})
        return replace(base, status=Status.ON_TRACK, reason=reason)
    since = min((one.since for one in late if one.since is not None), default=None)
    told: dict[str, Part] = {"count": len(late)}
    if since is not None:
        told |= {"since": since, "days": (as_of - since).days}
    reason = Reason("duty_open_since" if since else "duty_open", told)
    return replace(base, status=Status.MISSED if is_due else Status.BEHIND, reason=reason)


def _share(clause: Clause, reading: Reading, as_of: date, bands: Bands) -> Assessment:
    """Met or missed by a margin in percentage points; no progress is made up."""
    series = expect(reading, Series, clause)
    inside = [f for f in series.figures if f.end >= clause.window.start]
    if not inside:
        return nothing_yet(clause, series, as_of, bands)
    latest = inside[-1]
    if latest.value is None:
        return Assessment(
            clause, Status.NOT_APPLICABLE, Reason("nothing_required"), components=latest.parts
        )
    return _towards(clause, latest, None, series, as_of, bands)


def _milestone(clause: Clause, reading: Reading, as_of: date, bands: Bands) -> Assessment:
    """Done on a day, or not; done late is done, N days late."""
    del bands
    happened = expect(reading, Happened, clause)
    if happened.on is not None:
        return Assessment(
            clause,
            Status.ACHIEVED,
            when_done(clause, happened.on),
            observed_on=happened.on,
            progress=Fraction(1),
            components={"happened_on": happened.on, "due": clause.due},
        )
    late = as_of >= clause.due
    reason = Reason("missed" if late else "not_due", {"due": clause.due})
    return Assessment(
        clause,
        Status.MISSED if late else Status.NOT_DUE,
        reason,
        progress=Fraction(0),
        pace=pace(Window(clause.window.start, clause.due), as_of),
        components={"due": clause.due},
    )


_Judge = Callable[[Clause, Reading, date, Bands], Assessment]
_JUDGES: Mapping[Kind, _Judge] = {
    Kind.LEVEL: _level,
    Kind.CHANGE: _change,
    Kind.CLEAR_OUT: _level,  # down to zero: (a − b) / (0 − b) is (b − a) / b
    Kind.CUMULATIVE: _cumulative,
    Kind.GROWTH: growth,
    Kind.COVERAGE: _coverage,
    Kind.SHARE: _share,
    Kind.MILESTONE: _milestone,
}
