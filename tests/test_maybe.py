"""What blank cells leave open of a sum: of which thing, on which days, and how much."""

from datetime import date
from fractions import Fraction

import pytest

from build import county
from tenglong.measure.clearance.results import cleared_firms, freed
from tenglong.measure.firm.scale import digitalised_share, net_above_scale
from tenglong.measure.project.investment import investment
from tenglong.measure.project.projects import projects_reached

HALF = Fraction(1, 2)


def told(reading):
    """Give by open thing the cells that it waits for, and its amounts as (day, amount)."""
    return [
        (
            [(cell.table, cell.column, cell.row) for cell in one.blanks],
            sorted((str(day), amount) for day, amount in one.amounts),
        )
        for one in reading.maybe
    ]


# --- firms above the line -------------------------------------------------------------------------


def above(*flags, first=2020):
    """Give one firm's flags by year; ... is no row."""
    rows = [(first + number, flag) for number, flag in enumerate(flags) if flag is not ...]
    one = county(
        enterprise_years={
            "usci": ["a"] * len(rows) + ["b"] * len(flags),
            "year": [year for year, _ in rows] + [first + n for n in range(len(flags))],
            "is_above_scale": [flag for _, flag in rows] + [True] * len(flags),
        }
    )
    return net_above_scale(one)


def sums(reading):
    return [amount for _, amount in reading.amounts]


@pytest.mark.parametrize(
    ("flags", "net", "amounts"),
    [
        # As the year before, or else it rose and fell again.
        ((False, None, False), [0, 0], [("2021-12-31", 1), ("2022-12-31", -1)]),
        ((True, None, True), [0, 0], [("2021-12-31", -1), ("2022-12-31", 1)]),
        ((False, None, True), [0, 1], [("2021-12-31", 1), ("2022-12-31", -1)]),
        # A first year is as the next; the last has nothing after it.
        ((None, True, True), [0, 0], [("2021-12-31", 1)]),
        ((None, False, False), [0, 0], [("2021-12-31", -1)]),
        ((False, False, None), [0, 0], [("2022-12-31", 1)]),
    ],
)
def test_a_blank_scale_counts_as_before_and_may_have_changed(flags, net, amounts):
    reading = above(*flags)
    assert sums(reading) == net
    row = flags.index(None)
    assert told(reading) == [([("enterprise_years", "is_above_scale", row)], amounts)]


def test_who_is_not_in_a_year_s_table_is_not_above():
    assert sums(above(..., True, ...)) == [1, -1]
    assert above(..., True, ...).maybe == ()


def test_a_preliminary_row_leaves_its_year_and_the_next_preliminary():
    one = county(
        enterprise_years={
            "usci": ["a"] * 4,
            "year": [2019, 2020, 2021, 2022],
            "is_above_scale": [True] * 4,
            "stage": ["final", "preliminary", "final", "final"],
        }
    )
    assert net_above_scale(one).preliminary == {date(2020, 12, 31), date(2021, 12, 31)}


@pytest.mark.parametrize(
    ("industry", "flag", "low", "high", "columns"),
    [
        ("3391", None, (10, 21), (11, 21), ["is_digitalised"]),
        (None, None, (10, 21), (11, 21), ["industry", "is_digitalised"]),
        (None, True, (10, 20), (11, 21), ["industry"]),
        (None, False, (10, 21), (10, 20), ["industry"]),
    ],
)
def test_a_share_of_digital_firms_lies_between_what_the_unknown_could_be(
    industry, flag, low, high, columns
):
    codes = [f"F{n}" for n in range(21)]
    one = county(
        enterprises={"usci": codes, "industry": ["3391"] * 20 + [industry]},
        enterprise_years={
            "usci": codes,
            "year": [2021] * 21,
            "is_above_scale": [True] * 21,
            "employees": [10.0] * 21,
            "revenue_wan": [900.0] * 21,
            "is_digitalised": [True] * 10 + [False] * 10 + [flag],
        },
    )
    [figure] = digitalised_share(one).figures
    assert (figure.value, figure.low, figure.high) == (HALF, Fraction(*low), Fraction(*high))
    assert [(cell.column, cell.row) for cell in figure.blanks] == [(name, 20) for name in columns]


def test_a_net_count_may_fall():
    assert above(False, True).may_fall
    assert not above(False, True).is_ledger


# --- projects and what was invested ---------------------------------------------------------------


def projects(**columns):
    table = {
        "project_id": ["P", "Q", "R"],
        "is_manufacturing": [True, None, False],
        "landed_on": ["2021-03-01", "2021-05-01", "2021-06-01"],
        **columns,
    }
    return county(projects=table)


def test_a_project_that_may_be_one_may_count_on_its_day_and_until_it_was_given_up():
    reading = projects_reached(projects(), stage="landed_on", is_manufacturing=True)
    assert reading.amounts == ((date(2021, 3, 1), 1),)
    assert told(reading) == [([("projects", "is_manufacturing", 1)], [("2021-05-01", 1)])]
    ended = projects(terminated_on=[None, "2022-01-01", None])
    found = projects_reached(ended, stage="landed_on", is_manufacturing=True)
    assert told(found)[0][1] == [("2021-05-01", 1), ("2022-01-01", -1)]
    assert found.parts == {"given_up": 0}


def test_a_day_that_is_blank_by_mistake_may_lie_anywhere():
    one = projects(landed_on=[None, None, None], started_on=["2021-05-01", None, "2021-05-01"])
    reading = projects_reached(one, stage="landed_on", is_manufacturing=True)
    assert told(reading) == [([("projects", "landed_on", 0)], [("None", 1)])]
    unsure = projects(landed_on=[None] * 3, started_on=[None, "2021-05-01", None])
    found = projects_reached(unsure, stage="landed_on", is_manufacturing=True)
    assert told(found) == [
        ([("projects", "is_manufacturing", 1), ("projects", "landed_on", 1)], [("None", 1)])
    ]


def test_days_stand_in_their_order_and_what_was_given_up_leaves_on_its_own():
    one = projects(
        is_manufacturing=[True] * 3,
        landed_on=["2021-06-01", "2021-05-01", "2021-05-01"],
        terminated_on=[None, "2021-05-20", None],
    )
    reading = projects_reached(one, stage="landed_on", is_manufacturing=True)
    assert [(day.isoformat(), amount) for day, amount in reading.amounts] == [
        ("2021-05-01", 1),
        ("2021-05-01", 1),
        ("2021-05-20", -1),
        ("2021-06-01", 1),
    ]
    assert reading.parts == {"given_up": 1}


def spent(by="month", **columns):
    months = {
        "project_id": ["P", "P", "Q", "X"],
        "month": ["2021-03", "2021-02", "2021-05", "2021-06"],
        "invested_wan": [5.0, None, 7.0, 9.0],
        **columns,
    }
    one = county(
        "2022-06-30",
        projects={"project_id": ["P", "Q", "R"], "is_manufacturing": [True, None, None]},
        project_months=months,
    )
    return investment(one, by=by)


def test_what_may_have_been_invested_is_told_by_project_and_by_month():
    reading = spent()
    assert reading.amounts[-1] == (date(2021, 3, 31), 5)
    assert sum(amount for _, amount in reading.amounts) == 5
    assert reading.known_until == date(2021, 6, 30)
    assert told(reading) == [
        ([("projects", "is_manufacturing", 1)], [("2021-05-31", 7)]),
        ([("projects", "project_id", None)], [("2021-06-30", 9)]),
        ([("project_months", "invested_wan", 1)], [("2021-02-28", None)]),
    ]


def test_a_year_s_investment_lies_between_what_surely_counts_and_what_may():
    ids = [name for name in ("P", "Q") for _ in range(24)]
    months = [f"{year}-{month:02d}" for year in (2020, 2021) for month in range(1, 13)] * 2
    reading = spent(
        "year",
        project_id=ids,
        month=months,
        invested_wan=[1.0] * 12 + [2.0] * 12 + [10.0] * 12 + [5.0] * 12,
    )
    before, after = reading.figures
    assert (before.value, after.value) == (12, 24)
    assert (after.end, [cell.column for cell in after.blanks]) == (
        date(2021, 12, 31),
        ["is_manufacturing"],
    )
    # With the other it grew from 132 to 84, the least; without it from 12 to 24, the most.
    assert (before.low, after.low) == (12, 84)
    assert (before.high, after.high) == (132, 24)


# --- what was cleared -----------------------------------------------------------------------------


def events(*rows):
    names = ("usci", "event", "happened_on", "evidence", "freed_land_mu")
    table = {name: [row[place] for row in rows] for place, name in enumerate(names)}
    return county(clearance_events=table, enterprises={"usci": ["A"], "name": ["甲"]})


LISTED = [(usci, "listed", "2021-03-01", None, None) for usci in "AB"]


def test_an_end_without_evidence_may_count_on_its_day():
    one = events(
        *LISTED,
        ("A", "closed", "2021-06-01", None, 5.5),
        ("B", "closed", "2021-07-01", " ", None),
    )
    closed, passed = (cleared_firms(one, event=event) for event in ("closed", "passed"))
    assert closed.amounts == passed.amounts == ()
    assert told(closed) == [
        ([("clearance_events", "evidence", 2)], [("2021-06-01", 1)]),
        ([("clearance_events", "evidence", 3)], [("2021-07-01", 1)]),
    ]
    assert told(passed) == []
    assert [cell.name for one in closed.maybe for cell in one.blanks] == ["甲", "B"]
    assert closed.parts == {"firms_without_evidence": 2}


def test_what_an_end_freed_and_does_not_tell_has_no_bound():
    one = events(
        *LISTED,
        ("A", "closed", "2021-06-01", "验收", None),
        ("B", "closed", "2021-07-01", None, 4.0),
    )
    reading = freed(one, what="land_mu")
    assert reading.amounts == ()
    assert told(reading) == [
        ([("clearance_events", "freed_land_mu", 2)], [("2021-06-01", None)]),
        ([("clearance_events", "evidence", 3)], [("2021-07-01", 4)]),
    ]
    assert reading.parts == {"firms": 0, "firms_lacking": 1}
