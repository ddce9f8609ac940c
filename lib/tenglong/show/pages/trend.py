"""How a clause's figure went: a sparkline for a cell of the scorecard."""

from datetime import date, timedelta
from fractions import Fraction

from tenglong.measure.clause import Kind
from tenglong.measure.county import County
from tenglong.measure.target.assessment import Assessment
from tenglong.show.assessed import in_unit
from tenglong.show.cell import Cell
from tenglong.show.figure.sparkline import sparkline
from tenglong.show.number import MISSING, figure
from tenglong.show.words import word

LEAST_POINTS = 2


def trend_cell(one: Assessment, county: County, language: str) -> Cell:
    """Draw a clause's figures since the day before the plan's window; "…" for fewer than two.

    All clauses share one range of time: from that day to the end of the plan.
    """
    window = county.plan.window
    start = window.start - timedelta(days=1)
    found = _points(one, county.as_of, start)
    points = [(day, value) for day, value in found if start <= day <= county.as_of]
    if len(points) < LEAST_POINTS:
        return Cell(MISSING, "")
    (first, begin), (last, end) = points[0], points[-1]
    described = word(
        "trend.describe",
        language,
        name=one.clause.name[language],
        first=first.isoformat(),
        start=_said(begin, one, language),
        last=last.isoformat(),
        end=_said(end, one, language),
    )
    target = None if one.clause.kind is Kind.GROWTH else one.target
    drawn = sparkline(
        points,
        start=start,
        end=max(window.end, county.as_of),
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


def _said(value: Fraction, one: Assessment, language: str) -> str:
    # What grows is a level, in a unit of its own.
    return figure(value) if one.clause.kind is Kind.GROWTH else in_unit(value, one, language)
