"""What a clause waits for, and the range in which the blank cells could move its figure."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from fractions import Fraction

from tenglong.measure.clause import Clause, Kind, Window
from tenglong.measure.judge.assessment import Assessment, Reason, Status
from tenglong.measure.judge.clock import years
from tenglong.measure.reading import (
    Blank,
    Coverage,
    Figure,
    Flow,
    Incomplete,
    Maybe,
    Reading,
    Series,
)

# Statuses that say no more than that there is no figure yet: where one was supplied in part, that
# part is the reason.
WITHOUT_FIGURE = frozenset({"stale", "no_figure", "first_figure"})
NOTHING = Fraction(0)


def ranged(
    judged: Assessment, reading: Reading, as_of: date, again: Callable[[Reading], Assessment]
) -> Assessment:
    """Tell what a judged clause waits for, and how far that could move its figure and its status.

    Parameters
    ----------
    reading
        What was judged, in the clause's unit.
    again
        Judges another reading in the same way: the one at either end of the range.
    """
    newer = _incomplete(judged, reading, as_of)
    open_ = _open(judged, reading, as_of)
    waiting = tuple(dict.fromkeys([*open_, *(b for one in newer for b in one.blanks)]))
    if not waiting:
        return judged
    judged = replace(judged, awaited=waiting)
    if newer and judged.reason.code in WITHOUT_FIGURE:
        period = ", ".join(str(one.end.year) for one in newer)
        judged = replace(
            judged, status=Status.NO_DATA, reason=Reason("year_incomplete", {"years": period})
        )
    if not judged.status.is_known:
        judged = replace(judged, missing=most_lacking(waiting))
    if not open_:
        return replace(judged, low=judged.actual, high=judged.actual)
    ends = [again(end) if end is not None else None for end in _ends(judged.clause, reading, as_of)]
    low, high = (None if one is None else one.actual for one in ends)
    statuses = [judged.status, *(one.status for one in ends if one is not None)]
    could_be = tuple(dict.fromkeys(statuses)) if len(set(statuses)) > 1 else ()
    return replace(judged, low=low, high=high, could_be=could_be)


def most_lacking(blanks: Iterable[Blank]) -> tuple[str, str]:
    """Give the table and column of most of the blank cells; of codes, where there are only those.

    >>> most_lacking([Blank("a", "x", ""), Blank("a", "y", ""), Blank("a", "y", "")])
    ('a', 'y')
    """
    cells = list(blanks)
    blank_ones = [cell for cell in cells if not cell.of]
    counts = Counter((cell.table, cell.column) for cell in blank_ones or cells)
    return min(counts, key=lambda place: (-counts[place], place))


def _is_by_year(clause: Clause) -> bool:
    return clause.kind is Kind.ANNUAL or clause.each_year


def _spans(clause: Clause) -> tuple[Window, ...]:
    return years(clause.window) if _is_by_year(clause) else (clause.window,)


def _incomplete(judged: Assessment, reading: Reading, as_of: date) -> list[Incomplete]:
    """Give the periods of the window without a figure for blanks, newer than the one judged."""
    if not isinstance(reading, Series):
        return []
    window = judged.clause.window
    since = date.min if _is_by_year(judged.clause) else judged.observed_on or date.min
    return [
        one
        for one in reading.incomplete
        if since < one.end and window.start <= one.end <= window.end and one.end.year <= as_of.year
    ]


def _open(judged: Assessment, reading: Reading, as_of: date) -> list[Blank]:
    """Give the blanks of the figures that the judgement rests on."""
    match reading:
        case Series():
            return [
                b for one in reading.figures if _is_used(one, judged, as_of) for b in one.blanks
            ]
        case Flow():
            spans = _spans(judged.clause)
            touching = [
                one
                for one in reading.maybe
                if any(_net(one, span, as_of) != (NOTHING, NOTHING) for span in spans)
            ]
            return [blank for one in touching for blank in one.blanks]
        case Coverage():
            return list(reading.blanks)
        case _:
            return []


def _is_used(figure: Figure, judged: Assessment, as_of: date) -> bool:
    clause = judged.clause
    if figure.end.year > as_of.year or figure.end > clause.window.end:
        return False
    base = clause.baseline
    if base is not None and base.value is None and figure.end.year == base.year:
        return True
    if _is_by_year(clause) or clause.kind is Kind.GROWTH:
        return figure.end >= clause.window.start
    return figure.end == judged.observed_on


def _ends(clause: Clause, reading: Reading, as_of: date) -> tuple[Reading | None, Reading | None]:
    """Give the reading at either end of the range; None where there is no bound."""
    match reading:
        case Series():
            bottom = _series_end(clause, reading, is_high=False)
            return bottom, _series_end(clause, reading, is_high=True)
        case Flow():
            return _flow_end(clause, reading, as_of, 0), _flow_end(clause, reading, as_of, 1)
        case Coverage():
            low, high = (
                None if share is None else replace(reading, done=share, required=Fraction(1))
                for share in (reading.low, reading.high)
            )
            return low, high
        case _:
            return None, None


def _series_end(clause: Clause, reading: Series, *, is_high: bool) -> Series | None:
    """Take every figure of the window at one end, and what is compared with at the other."""
    figures = []
    for one in reading.figures:
        if one.blanks:
            is_top = is_high == (one.end >= clause.window.start)
            end = one.high if is_top else one.low
            if end is None and one.end <= clause.window.end:
                return None
            figures.append(replace(one, value=end))
        else:
            figures.append(one)
    return replace(reading, figures=tuple(figures))


def _net(maybe: Maybe, span: Window, as_of: date) -> tuple[Fraction, Fraction | None]:
    """Give what one thing adds inside a span at the least and at the most; None: no bound."""
    low = high = NOTHING
    for day, amount in maybe.amounts:
        if day is not None and not span.start <= day <= min(span.end, as_of):
            continue
        if amount is None:
            return NOTHING, None
        # Without a day it may lie inside or not.
        ends = (min(NOTHING, amount), max(NOTHING, amount)) if day is None else (amount, amount)
        low, high = low + ends[0], high + ends[1]
    return min(NOTHING, low), max(NOTHING, high)


def _flow_end(clause: Clause, reading: Flow, as_of: date, side: int) -> Flow | None:
    extra: list[tuple[date, Fraction]] = []
    for span in _spans(clause):
        nets = [_net(one, span, as_of)[side] for one in reading.maybe]
        known = [net for net in nets if net is not None]
        if len(known) < len(nets):
            return None
        extra.append((span.start, sum(known, NOTHING)))
    return replace(reading, amounts=(*reading.amounts, *extra))
