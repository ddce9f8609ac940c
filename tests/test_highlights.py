"""What a bulletin leads with and what it complains of: margins, orders, and each thing once."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from build import BANDS, POLICY, clause, county, flow
from tenglong.measure.board.change import Change
from tenglong.measure.bulletin.pick import (
    Pick,
    bulletin_rule,
    highlights,
    idle,
    problems,
    stuck,
    units_of,
)
from tenglong.measure.bulletin.points import Cases, Clauses, Step, steps
from tenglong.measure.clause import Kind
from tenglong.measure.judge.assessment import Assessment, Reason, Status
from tenglong.measure.judge.kinds import assess

JUNE = date(2022, 6, 30)
RULE = bulletin_rule(POLICY)


def one(name, status, points=None, before=None):
    """Give a clause of a status so many percentage points from its pace; None without a pace."""
    gap = None if points is None else Fraction(str(points)) / 100
    of = clause(Kind.CUMULATIVE, 20, id=name, unit="家")
    now = Assessment(of, status, Reason("paced"), gap=gap)
    return Change(replace(now, status=before or status), now)


def named(groups):
    return {
        group.code: [change.clause.id for change in group.changes]
        for group in groups
        if isinstance(group, Clauses)
    }


def praised(*changes, rule=RULE):
    return named(highlights(changes, (), rule))


def blamed(*changes, rule=RULE):
    return named(problems(county(), changes, (), rule)[0])


# ── highlights ──


@pytest.mark.parametrize(
    ("points", "is_told"), [(10, True), (9.95, False), (9.05, False), (-12, False), (None, False)]
)
def test_what_leads_by_as_much_as_the_policy_asks_is_told(points, is_told):
    assert RULE.highlights["ahead"].least == 10
    found = praised(one("x", Status.AHEAD, points))
    assert found == ({"ahead": ["x"]} if is_told else {})


@pytest.mark.parametrize(
    ("points", "is_told"), [(0.5, True), (0, True), (-0.5, False), (None, False)]
)
def test_a_policy_without_a_margin_asks_no_more_than_the_pace(points, is_told):
    given = {**POLICY["bulletin"], "highlights": {"ahead": {"most": 3}}}
    rule = bulletin_rule({**POLICY, "bulletin": given})
    assert rule.highlights == {"ahead": Pick(3, Fraction(0))}
    found = praised(one("x", Status.ON_TRACK, points), rule=rule)
    assert found == ({"ahead": ["x"]} if is_told else {})


def test_only_what_is_ahead_or_on_track_leads():
    changes = [one(status.value, status, 20) for status in Status]
    assert praised(*changes) == {"ahead": ["ahead", "on_track"]}


def test_what_is_furthest_ahead_comes_first_and_what_has_no_pace_as_if_on_it():
    changes = [
        one(name, Status.ON_TRACK, points, before=Status.BEHIND)
        for name, points in (("less", -5), ("none", None), ("much", 50), ("even", 0), ("more", 5))
    ]
    assert praised(*changes) == {"rose": ["much", "more", "none", "even", "less"]}


def test_what_rose_and_leads_is_told_as_risen_alone():
    rose = one("rose", Status.AHEAD, 20, before=Status.BEHIND)
    done = one("done", Status.ACHIEVED, 20, before=Status.BEHIND)
    was = one("was", Status.ACHIEVED, 20)
    assert praised(rose, done, was) == {"achieved": ["done"], "rose": ["rose"]}


def test_what_rose_from_the_worst_and_still_lags_is_no_highlight():
    assert praised(one("x", Status.BEHIND, -20, before=Status.FAR_BEHIND)) == {}


# ── problems ──


def test_every_status_that_lags_is_a_problem_of_its_own_kind():
    assert blamed(*[one(status.value, status, -20) for status in Status]) == {
        "missed": ["missed"],
        "far_behind": ["far_behind"],
        "behind": ["behind"],
        "untold": ["no_data", "stale", "awaiting", "no_baseline", "contradictory"],
    }


def test_what_is_furthest_behind_comes_first_and_what_has_no_pace_as_if_on_it():
    changes = [
        one(name, Status.MISSED, points)
        for name, points in (("more", 5), ("none", None), ("far", -50), ("even", 0), ("less", -5))
    ]
    assert blamed(*changes) == {"missed": ["far", "less", "none", "even", "more"]}


def test_what_fell_and_lags_is_told_as_fallen_alone():
    fell = one("fell", Status.BEHIND, -20, before=Status.ON_TRACK)
    lost = one("lost", Status.MISSED, -20, before=Status.ON_TRACK)
    was = one("was", Status.BEHIND, -20)
    assert blamed(fell, lost, was) == {"missed": ["lost"], "fell": ["fell"], "behind": ["was"]}


# ── lists of cases ──

LISTED = {"usci": ["A"], "event": ["listed"], "happened_on": ["2021-03-01"]}


def test_a_list_is_answered_for_by_the_units_of_the_clause_that_the_policy_names():
    plan = (
        clause(Kind.NARRATIVE, id="first", units=("县财政局",)),
        clause(Kind.NARRATIVE, id="checks", units=("县经信局", "县生态环境分局")),
        clause(Kind.NARRATIVE, id="last", units=()),
    )
    where = county("2022-06-30", plan, clearance_events=LISTED)
    assert units_of(where.plan, "checks") == ("县经信局", "县生态环境分局")
    assert units_of(where.plan, "gone") == ()
    for clause_id, units in (("checks", ("县经信局", "县生态环境分局")), ("gone", ())):
        rule = replace(RULE, units={"overdue": clause_id})
        [late] = [group for group in problems(where, (), (), rule)[0] if isinstance(group, Cases)]
        assert (late.code, late.total, late.units) == ("overdue", 1, units)
    [late] = problems(where, (), (), replace(RULE, units={}))[0]
    assert late.units == ()


def stuck_of(*projects, **more):
    """Give the projects that are stuck, of each the name and the day on which it landed."""
    dates = {stage: [None] * len(projects) for stage in POLICY["projects"]["stages"]}
    dates |= {"landed_on": [day for _, day in projects]}
    table = {"project_id": [f"P{number}" for number, _ in enumerate(projects)], **dates, **more}
    return stuck(county("2022-06-30", projects=table))


def test_a_project_without_a_name_is_called_by_its_number():
    named = [("甲", "2021-01-01"), (None, "2021-01-01")]
    found = stuck_of(*named, name=[name for name, _ in named])
    assert [case.name for case in found] == ["P1", "甲"]
    assert [case.name for case in stuck_of(*named)] == ["P0", "P1"]


def test_the_project_that_is_stuck_longest_comes_first_and_of_equals_by_name():
    days = [("丙", "2021-03-01"), ("乙", "2021-01-01"), ("甲", "2021-03-01")]
    found = stuck_of(*days, name=[name for name, _ in days])
    assert [case.name for case in found] == ["乙", "丙", "甲"]
    assert found[0].days == found[1].days + 59


def test_idle_land_since_a_day_that_is_known_comes_before_that_without_one():
    """Works may have been determined as idle where no column says when they stopped."""
    parcels = {
        "parcel_id": ["a", "b", "c"],
        "started_on": ["2018-01-01", None, None],
        "idle_determined_on": ["2022-01-01", None, None],
        "agreed_start_on": [None, "2021-03-01", "2020-03-01"],
        "idle_cause": ["government"] * 3,
        "actual_mu": [1.0, 2.0, 4.0],
    }
    found = idle(county("2022-06-30", parcels=parcels))
    assert [(case.name, case.step, case.since) for case in found] == [
        ("c", "agreement", date(2020, 3, 1)),
        ("b", "agreement", date(2021, 3, 1)),
        ("a", "agreement", None),
    ]


# ── next steps ──


def step_of(of, reading, as_of) -> Step:
    judged = assess(of, reading, as_of=date.fromisoformat(as_of), bands=BANDS)
    groups = [Clauses("missed", (Change(judged, judged),), 5)]
    [found] = steps(groups, date.fromisoformat(as_of))
    return found


@pytest.mark.parametrize(
    ("as_of", "months_left"),
    [("2023-12-30", Fraction(1, 31)), ("2023-12-31", None), ("2024-01-01", None)],
)
def test_on_the_day_itself_no_time_is_left(as_of, months_left):
    of = clause(Kind.CUMULATIVE, 20, unit="家")
    found = step_of(of, flow(("2021-05-01", 1), unit="家"), as_of)
    assert (found.due, found.months_left, found.left) == (date(2023, 12, 31), months_left, 19)


@pytest.mark.parametrize(
    ("last", "as_of", "due"),
    [
        ("2023-09-30", "2022-06-30", "2022-12-31"),
        ("2023-09-30", "2022-12-31", "2022-12-31"),
        ("2023-09-30", "2023-01-01", "2023-09-30"),
        ("2023-09-30", "2023-09-30", "2023-09-30"),
        ("2023-09-30", "2024-06-30", "2023-09-30"),
    ],
)
def test_a_year_is_due_at_its_end_and_the_last_when_the_plan_ends(last, as_of, due):
    end = date.fromisoformat(last)
    of = clause(Kind.ANNUAL, 4, unit="家", due=end)
    of = replace(of, window=replace(of.window, end=end))
    found = step_of(of, flow(("2021-05-01", 1), unit="家"), as_of)
    assert found.due == date.fromisoformat(due)


def test_a_year_that_was_missed_leaves_nothing_of_the_year_that_is_met():
    of = clause(Kind.ANNUAL, 4, unit="家")
    for done, left in ((3, 1), (4, None), (5, None)):
        reading = flow(("2021-05-01", 1), ("2022-05-01", done), unit="家")
        found = step_of(of, reading, "2022-06-30")
        assert (found.change.now.status, found.left) == (Status.MISSED, left)


def test_what_is_untold_and_who_has_a_red_light_asks_for_no_step():
    unknown = Clauses("untold", (one("x", Status.NO_DATA),), 5)
    known = Clauses("behind", (one("y", Status.BEHIND, -20),), 5)
    assert [step.clause.id for step in steps([unknown, known], JUNE)] == ["y"]
