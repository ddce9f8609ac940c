"""What became of cleared firms: each counted once, by its first proven end, and what it freed."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from build import POLICY, county, typed
from tenglong.measure.clearance.results import (
    cleared_firms,
    freed,
    freed_by_firm,
    proven_events,
    unproven_ends,
)

# A county that lists firms again after they passed; see `data/policy/loop.yml`.
AGAIN = {
    "loop": {
        **POLICY["loop"],
        "transitions": {**POLICY["loop"]["transitions"], "passed": ["listed"]},
    }
}
WAY = (("2021-03-01", "listed"), ("2021-04-01", "checked"), ("2021-05-01", "plan"))


def led(firms, *, turned=False, **policy):
    """Give a county of firms with a plan; what follows: (day, step, evidence, land freed)."""
    rows = [
        (usci, *step)
        for usci, ends in firms.items()
        for step in ([(*one, None, None) for one in WAY] + list(ends))
    ]
    names = ("usci", "happened_on", "event", "evidence", "freed_land_mu")
    rows = rows[::-1] if turned else rows
    table = {name: [row[place] for row in rows] for place, name in enumerate(names)}
    return county("2022-06-30", policy=policy, clearance_events=table)


def twice(first, second):
    """Give the records of a firm that passed, was listed again and closed, with this evidence."""
    return [
        ("2021-07-01", "passed", first, 5.0),
        ("2022-01-01", "listed", None, None),
        ("2022-02-01", "closed", second, 2.0),
    ]


def amounts(reading):
    return [(day.isoformat(), amount) for day, amount in reading.amounts]


def told(reading):
    return [(day.isoformat(), amount) for one in reading.maybe for day, amount in one.amounts]


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(
    ("evidence", "event", "day", "land"),
    [
        (("1号", "2号"), "passed", "2021-07-01", 5),
        (("1号", None), "passed", "2021-07-01", 5),
        ((None, "2号"), "closed", "2022-02-01", 2),
    ],
)
def test_a_firm_that_is_listed_again_counts_once_by_its_first_proven_end(
    evidence, event, day, land, turned
):
    place = led({"A": twice(*evidence)}, turned=turned, **AGAIN)
    other = {"passed": "closed", "closed": "passed"}[event]
    assert proven_events(place)["event"].tolist() == [event]
    assert amounts(cleared_firms(place, event=event)) == [(day, 1)]
    assert amounts(cleared_firms(place, event=other)) == []
    assert amounts(freed(place, what="land_mu")) == [(day, land)]
    assert unproven_ends(place).empty


@pytest.mark.parametrize("turned", [False, True])
def test_of_a_firm_without_evidence_the_first_end_may_count_whatever_the_order_of_the_rows(turned):
    place = led({"A": twice(None, " ")}, turned=turned, **AGAIN)
    assert unproven_ends(place)["event"].tolist() == ["passed"]
    assert told(cleared_firms(place, event="passed")) == [("2021-07-01", 1)]
    assert told(cleared_firms(place, event="closed")) == []
    assert told(freed(place, what="land_mu")) == [("2021-07-01", 5)]


def test_ends_stand_by_day_and_those_without_evidence_by_row():
    ends = {"A": "2021-09-01", "B": "2021-07-01", "C": "2021-08-01", "D": "2021-07-01"}

    def place(evidence):
        return led({usci: [(day, "closed", evidence, 1.0)] for usci, day in ends.items()})

    assert proven_events(place("1号"))["usci"].tolist() == ["B", "D", "C", "A"]
    assert unproven_ends(place("1号")).empty
    assert unproven_ends(place(None))["usci"].tolist() == ["A", "B", "C", "D"]
    assert proven_events(place(None)).empty


def test_only_an_end_with_evidence_is_counted_and_the_other_way_of_ending_is_not():
    place = led(
        {
            "A": [("2021-07-01", "closed", "1号", 1.5)],
            "B": [("2021-08-01", "closed", "2号", 2.5)],
            "C": [("2021-09-01", "passed", "3号", 4.0)],
            "D": [("2021-09-02", "passed", None, 8.0)],
            "E": [],
        }
    )
    closed, passed = (cleared_firms(place, event=event) for event in ("closed", "passed"))
    assert amounts(closed) == [("2021-07-01", 1), ("2021-08-01", 1)]
    assert amounts(passed) == [("2021-09-01", 1)]
    assert (told(closed), told(passed)) == ([], [("2021-09-02", 1)])
    assert closed.parts == {"firms_without_evidence": 0}
    assert passed.parts == {"firms_without_evidence": 1}


def test_a_firm_that_does_not_tell_what_it_freed_is_told_of_beside_those_that_do():
    place = led(
        {
            "A": [("2021-07-01", "closed", "1号", 1.5)],
            "B": [("2021-08-01", "passed", "2号", 2.5)],
            "C": [("2021-09-01", "closed", "3号", 0.0)],
            "D": [("2021-10-01", "closed", "4号", None)],
        }
    )
    reading = freed(place, what="land_mu")
    assert reading.parts == {"firms": 3, "firms_lacking": 1}
    assert sum(amount for _, amount in reading.amounts) == 4
    assert told(reading) == [("2021-10-01", None)]


def test_a_plan_s_amount_stands_beside_what_each_firm_freed_in_the_end():
    planned = ("2021-05-02", "rectifying", None, 3.25)
    place = led(
        {
            "A": [planned, ("2021-07-01", "closed", "1号", 1.5)],
            "B": [planned, ("2021-08-01", "closed", None, 2.5)],
            "C": [planned],
        }
    )
    found = freed_by_firm(place).set_index("usci")
    assert found["planned_land_mu"].tolist() == [3.25] * 3
    assert found["freed_land_mu"].fillna(-1).tolist() == [1.5, -1, -1]
    assert found["is_proven"].isna().tolist() == [False, False, True]


def test_amounts_are_added_exactly():
    """What was typed as 0.1 and 0.2 mu is 0.3 mu."""
    ends = {
        usci: [(f"2021-0{month}-01", "closed", "1号", land)]
        for usci, month, land in (("A", 6, 0.1), ("B", 7, 0.2))
    }
    found = freed(led(ends), what="land_mu").amounts
    assert found == ((date(2021, 6, 1), Fraction(1, 10)), (date(2021, 7, 1), Fraction(1, 5)))


def test_a_firm_without_a_name_is_called_by_its_code():
    place = led(
        {
            "A": [("2021-07-01", "closed", None, 1.5)],
            "B": [("2021-08-01", "closed", None, None)],
            "C": [("2021-09-01", "closed", "3号", None)],
        }
    )
    firms = typed("enterprises", {"usci": ["A", "B"], "name": ["甲", None]})
    place = replace(place, tables={**place.tables, "enterprises": firms})
    called = [blank.name for one in freed(place, what="land_mu").maybe for blank in one.blanks]
    assert sorted(set(called)) == ["B", "C", "甲"]
    closed = [
        blank.name for one in cleared_firms(place, event="closed").maybe for blank in one.blanks
    ]
    assert closed == ["甲", "B"]
