"""How a clause's figure went: a sparkline for a cell of the scorecard."""

from datetime import date, timedelta
from fractions import Fraction

from tenglong.measure.clause import Kind
from tenglong.measure.judge.assessment import Assessment
from tenglong.show.assessed import in_unit
from tenglong.show.cell import Cell
from tenglong.show.figure.sparkline import sparkline
from tenglong.show.number import MISSING, figure
from tenglong.show.page import Page

LEAST_POINTS = 2


def trend_cell(page: Page, one: Assessment) -> Cell:
    """Draw a clause's figures since the day before the plan's window; "…" for fewer than two.

    All clauses share one range of time: from that day to the end of the plan.
    """
    window = page.place.plan.window
    start = window.start - timedelta(days=1)
    found = _points(one, page.place.as_of, start)
    points = [(day, value) for day, value in found if start <= day <= page.place.as_of]
    if len(points) < LEAST_POINTS:
        return Cell(MISSING, "")
    (first, begin), (last, end) = points[0], points[-1]
    described = page.word(
        "trend.describe",
        name=one.clause.name[page.language],
        first=first.isoformat(),
        start=_said(page, begin, one),
        last=last.isoformat(),
        end=_said(page, end, one),
    )
    target = None if one.clause.kind is Kind.GROWTH else one.target
    drawn = sparkline(
        points,
        start=start,
        end=max(window.end, page.place.as_of),
        target=target,
        described=described,
    )
    return Cell(drawn, "")


def _points(one: Assessment, as_of: date, start: date) -> list[tuple[date, Fraction]]:
    """Give the figures by day: a count begins with nothing, and stands until today.

    A year that is still running stands on its last day, which is to come: it is left out.
    """
    if one.clause.kind is not Kind.CUMULATIVE or one.actual is None:
        return list(one.trend)
    return [(start, Fraction(0)), *one.trend, (one.observed_on or as_of, one.actual)]


def _said(page: Page, value: Fraction, one: Assessment) -> str:
    # What grows is a level, in a unit of its own.
    return figure(value) if one.clause.kind is Kind.GROWTH else in_unit(page, value, one)
