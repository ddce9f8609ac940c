"""Investment month by month, added up, beside the even path to what the plan wants."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

import pandas as pd

from tenglong.measure.clause import Window
from tenglong.measure.county import County
from tenglong.measure.project.investment import investment
from tenglong.measure.reading import Flow
from tenglong.measure.target.assessment import Assessment
from tenglong.measure.target.clock import pace
from tenglong.measure.unit import convert

Points = tuple[tuple[date, Fraction], ...]
NOTHING = Fraction(0)


def invested_so_far(county: County) -> Points:
    """Add up what was invested in manufacturing without enclaves since the plan's window began.

    Returns
    -------
    Points
        By the end of every month that the table covers, in 万元; a month without a row adds
        nothing.

    Raises
    ------
    Unavailable
        See `investment`.

    Examples
    --------
    >>> from tenglong.measure.example import example_county
    >>> county = example_county(
    ...     projects={"project_id": ["P"], "is_manufacturing": [True], "is_enclave": [False]},
    ...     project_months={"project_id": ["P"] * 3, "month": ["2020-12", "2021-01", "2021-03"],
    ...                     "invested_wan": [9.0, 1.0, 2.0]})
    >>> [(str(day), float(total)) for day, total in invested_so_far(county)]
    [('2021-01-31', 1.0), ('2021-02-28', 1.0), ('2021-03-31', 3.0)]
    """
    flow = investment(county, exclude_enclave=True)
    if not isinstance(flow, Flow) or flow.known_until is None:
        return ()
    return added_up(dict(flow.amounts), county.plan.window, flow.known_until)


def added_up(amounts: Mapping[date, Fraction], window: Window, until: date) -> Points:
    """Add amounts of months up from the beginning of a window, month by month.

    >>> window = Window(date(2021, 1, 1), date(2023, 12, 31))
    >>> added_up({date(2021, 2, 28): Fraction(2)}, window, date(2021, 2, 28))[-1][1]
    Fraction(2, 1)
    """
    last = min(until, window.end)
    if last < window.start:
        return ()
    ends = [month.end_time.date() for month in pd.period_range(window.start, last, freq="M")]
    total, points = NOTHING, []
    for end in ends:
        total += amounts.get(end, NOTHING)
        points.append((end, total))
    return tuple(points)


def even_path(one: Assessment, days: tuple[date, ...]) -> Points:
    """Give what a clause wants by each day if it is come by evenly, in 万元.

    >>> from tenglong.measure.clause import Clause, Kind, Label
    >>> from tenglong.measure.target.assessment import Reason, Status
    >>> window = Window(date(2021, 1, 1), date(2023, 12, 31))
    >>> clause = Clause("x", "目标5", "", Label("投资", "investment"), Kind.CUMULATIVE, window,
    ...     window.end, target=Fraction(20), unit="亿元")
    >>> even_path(Assessment(clause, Status.ON_TRACK, Reason("met")), (date(2021, 12, 31),))[0][1]
    Fraction(200000, 3)
    """
    if one.target is None:
        return ()
    target = convert(one.target, unit=one.clause.unit, to="万元")
    return tuple((day, target * pace(one.clause.window, day)) for day in days)
