"""Limits and blanks of what is ranked, lit, told as a change or named as a duty."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from build import BANDS, POLICY, clause, county, flow
from tenglong.errors import ConfigurationError
from tenglong.measure.board.change import Move, RuleChange, compare_boards, rule_changes
from tenglong.measure.bulletin.pick import bulletin_rule, highlights
from tenglong.measure.bulletin.points import duties
from tenglong.measure.carbon.months import carbon_by_month
from tenglong.measure.carbon.rule import Range
from tenglong.measure.clause import Kind, Label
from tenglong.measure.clearance.freed import implied
from tenglong.measure.clearance.results import freed_by_firm
from tenglong.measure.county import Township
from tenglong.measure.evaluation.grade import cut, places
from tenglong.measure.evaluation.scheme import Cut
from tenglong.measure.evaluation.scheme_file import scheme_of
from tenglong.measure.judge.assessment import Board, Status
from tenglong.measure.judge.kinds import assess
from tenglong.measure.league.ranking import league
from tenglong.measure.league.rule_file import league_rules
from tenglong.measure.league.tally import Tally, tallied
from tenglong.measure.policy.formula import Formula
from test_league import BONUS, DEPARTMENTS, EQUAL, TOWNS, item, policy, row, sheet, standing

MARCH, JUNE = date(2022, 3, 31), date(2022, 6, 30)
JIA = Township("t1", Label("甲镇", "Jia"))


# What a league asks of a township, judged by the bands.


def duty(done, *, as_of="2022-06-30", span="plan", target=120):
    items = {"x": item({"t1": done}, target, span=span, unit="亩")}
    rules = policy(items, most_unknown="1")
    place = county(as_of, policy=rules, townships=TOWNS)
    return duties(place, league(place, "t"), JIA)["x"]


@pytest.mark.parametrize(
    ("done", "status", "rate"),
    [
        (0, Status.FAR_BEHIND, Fraction(120, 18)),
        (24, Status.BEHIND, Fraction(96, 18)),
        (48, Status.BEHIND, Fraction(72, 18)),
        (60, Status.ON_TRACK, Fraction(60, 18)),
        (72, Status.AHEAD, Fraction(48, 18)),
        (120, Status.ACHIEVED, None),
        (121, Status.ACHIEVED, None),
    ],
)
def test_a_township_s_share_is_judged_by_the_bands(done, status, rate):
    found = duty(done)
    assert (found.status, found.needed_rate) == (status, rate)
    assert (found.progress, found.pace) == (Fraction(done, 120), Fraction(1, 2))
    assert found.clause.kind is Kind.CUMULATIVE


@pytest.mark.parametrize(
    ("as_of", "status"), [("2023-12-30", Status.ON_TRACK), ("2023-12-31", Status.MISSED)]
)
def test_a_township_s_share_is_due_at_the_end_of_the_plan(as_of, status):
    assert duty(119, as_of=as_of).status is status


def test_a_township_s_level_is_met_or_behind_and_one_without_a_target_asks_nothing():
    assert duty(119, span="none").status is Status.BEHIND
    assert duty(120, span="none").status is Status.ACHIEVED
    assert duty(119, span="none").clause.kind is Kind.LEVEL
    for target in (None, 0):
        own = {} if target is None else {"t1": target}
        nothing = duty(5, target={"by": {**own, "t2": 5}})
        assert (nothing.status, nothing.target) == (Status.NOT_APPLICABLE, target)
        assert nothing.reason.code == "nothing_required"


def test_an_item_that_nobody_reported_is_no_data():
    found = duty({"2022-07-01": 5})
    assert (found.status, found.reason.code) == (Status.NO_DATA, "no_figure")


def test_a_year_s_item_has_the_year_s_own_pace():
    found = duty(30, span="year")
    assert (found.pace, found.clause.window.start) == (Fraction(1, 2), date(2022, 1, 1))
    assert found.clause.due == date(2022, 12, 31)


@pytest.mark.parametrize(
    ("day", "as_of", "done"),
    [
        ("2021-12-31", "2022-12-31", 0),
        ("2022-01-01", "2022-12-31", 1),
        ("2022-12-31", "2022-12-31", 1),
        ("2022-12-31", "2022-12-30", 0),
    ],
)
def test_what_happens_on_the_first_or_the_last_day_of_a_year_counts_in_it(day, as_of, done):
    asked = {
        "name": {"zh": "落地", "en": "landed"},
        "weight": 1,
        "unit": "个",
        "span": "year",
        "indicator": {"name": "projects_reached", "stage": "landed_on"},
        "target": {"each": 1},
    }
    place = county(
        as_of,
        policy=policy({"x": asked}),
        townships=TOWNS,
        projects={"project_id": ["P"], "township": ["t1"], "landed_on": [day]},
    )
    assert league(place, "t")["t1"].rows[0].actual == done


def test_a_reported_figure_is_the_last_of_the_day_and_stands_with_its_own_day():
    reported = {"2022-03-31": 5, "2022-06-30": 7, "2022-01-31": 3, "2022-07-01": 9}
    row_ = standing({"x": item({"t1": reported}, 10)})["t1"].rows[0]
    assert (row_.actual, row_.observed_on) == (7, JUNE)


# The score: what counts, and on which side of a limit.


@pytest.mark.parametrize(("weight", "code"), [(1, ""), (1.0001, "too_much_unknown")])
def test_just_a_fifth_may_be_unknown(weight, code):
    asked = {
        "a": item({"t1": 50}, 100, weight=4),
        "b": item({"t2": 50}, 100, weight=weight),
    }
    found = standing(asked)["t1"]
    assert found.code == code
    assert (found.total is None) is bool(code)


@pytest.mark.parametrize(("decimals", "ranks"), [(1, [1, 1]), (2, [1, 2]), (None, [1, 2])])
def test_totals_are_rounded_as_the_policy_says_before_they_are_ranked(decimals, ranks):
    asked = {"x": item({"t1": 71.25, "t2": 71.2949}, 100)}
    more = {} if decimals is None else {"decimals": decimals}
    found = standing(asked, **more)
    assert [(one.member, one.rank) for one in found.ranked] == [("t2", ranks[0]), ("t1", ranks[1])]


def test_a_half_is_rounded_up_before_it_is_ranked():
    found = standing({"x": item({"t1": 71.25, "t2": 71.26}, 100)}, decimals=1)
    assert [one.rank for one in found.ranked] == [1, 1]
    found = standing({"x": item({"t1": 71.24, "t2": 71.25}, 100)}, decimals=1)
    assert [(one.member, one.rank) for one in found.ranked] == [("t2", 1), ("t1", 2)]


def test_a_sheet_s_progress_counts_at_most_one_and_its_worst_gap_is_the_lowest():
    half = Fraction(1, 2)
    found = sheet(
        row(1, 2, progress=Fraction(2), pace=half),
        row(3, "0.25", progress=Fraction(1, 4), pace=half),
        row(5, "0.5"),
    )
    assert (found.progress, found.pace) == (Fraction(7, 16), half)
    assert (found.gap, found.worst_gap) == (Fraction(-25, 4), -25)
    assert found.is_started is True
    idle = sheet(row(1, 0, progress=Fraction(0), pace=half), row(1, "0.5"))
    assert idle.is_started is False
    assert sheet(row(1, "0.5")).is_started is None


def test_the_share_that_is_unknown_is_by_weight_and_leaves_out_what_asks_nothing():
    found = sheet(row(3, 1), row(1, is_unknown=True, code="no_table"), row(100, code="no_target"))
    assert found.unknown_share == Fraction(1, 4)
    assert sheet(row(3, 1)).unknown_share == 0


# A bulletin: who climbed.


@pytest.mark.parametrize(("places_won", "is_told"), [(3, True), (2, False)])
def test_who_won_just_as_many_places_as_the_policy_asks_is_told(places_won, is_told):
    assert bulletin_rule(POLICY).highlights["climbed"].least == 3
    asked = standing({"x": item({"t1": 50, "t2": 60, "t3": 70}, 100)})
    sheets = tuple(
        replace(one, rank=1, rank_before=1 + places_won if one.member == "t1" else 1)
        for one in asked.sheets
    )
    told = highlights((), (replace(asked, sheets=sheets),), bulletin_rule(POLICY))
    assert [[one.sheet.member for one in group.members] for group in told] == (
        [["t1"]] if is_told else []
    )


@pytest.mark.parametrize(("places_won", "is_told"), [(1, True), (0, False), (-1, False)])
def test_who_won_no_place_did_not_climb_whatever_the_policy_asks(places_won, is_told):
    rule = bulletin_rule(POLICY)
    rule = replace(
        rule, highlights={"climbed": replace(rule.highlights["climbed"], least=Fraction(0))}
    )
    asked = standing({"x": item({"t1": 50}, 100)})
    sheets = tuple(replace(one, rank=2, rank_before=2 + places_won) for one in asked.sheets)
    told = highlights((), (replace(asked, sheets=sheets),), rule)
    assert bool(told) is is_told


def test_who_climbed_the_furthest_is_named_first():
    asked = standing({"x": item({"t1": 50, "t2": 60, "t3": 70}, 100)})
    before = {"t1": 4, "t2": 6, "t3": 5}
    sheets = tuple(replace(one, rank=1, rank_before=before[one.member]) for one in asked.sheets)
    (told,) = highlights((), (replace(asked, sheets=sheets),), bulletin_rule(POLICY))
    assert [one.sheet.member for one in told.members] == ["t2", "t3", "t1"]


# What changed between two days.


def boards(*amounts, days=(MARCH, JUNE)):
    of = clause(Kind.CUMULATIVE, 100, unit="亩")
    reading = flow(*amounts, unit="亩")
    return [
        Board(day, Fraction(1, 2), (assess(of, reading, as_of=day, bands=BANDS),)) for day in days
    ]


@pytest.mark.parametrize(
    "more",
    [
        {"rules": (RuleChange("bands", "x", "1", "2"),)},
        {"added": True},
        {"withdrawn": True},
    ],
    ids=["a rule", "an added clause", "a withdrawn clause"],
)
def test_anything_that_differs_is_something(more):
    (one,) = boards(days=(MARCH,))
    same = compare_boards(one, one)
    assert same.is_nothing
    given = {key: one.assessments if value is True else value for key, value in more.items()}
    assert not replace(same, **given).is_nothing


def test_where_a_rule_comes_from_is_no_rule_wherever_it_stands():
    was = {"f": {"a": {"limit": 1, "source": "甲", "source_en": "a"}, "source": "甲"}}
    now = {"f": {"a": {"limit": 2, "source": "乙", "source_en": "b"}, "source": "乙"}}
    assert rule_changes(was, now) == (RuleChange("f", "a.limit", "1", "2"),)
    lists = {"f": {"source_of_all": {"x": 1}, "gone": 3}}
    assert rule_changes(lists, {"f": {"source_of_all": {"x": 2}}}) == (
        RuleChange("f", "gone", "3", ""),
        RuleChange("f", "source_of_all.x", "1", "2"),
    )


def test_a_figure_that_moved_without_a_status_is_something_and_no_better():
    before, now = boards(("2021-03-01", 45), ("2022-05-01", 1))
    found = compare_boards(before, now)
    (one,) = found.changes
    assert (one.actual, one.progress) == (1, Fraction(1, 100))
    assert one.gap == Fraction(1, 100) - Fraction(3, 36)
    assert not found.is_nothing


def test_what_happened_after_the_earlier_day_restates_nothing_and_what_is_entered_late_does():
    of = clause(Kind.CUMULATIVE, 100, unit="亩")

    def board(day, *amounts):
        judged = assess(of, flow(*amounts, unit="亩"), as_of=day, bands=BANDS)
        return Board(day, Fraction(1, 2), (judged,))

    before = board(MARCH, ("2021-03-01", 40))
    on = board(JUNE, ("2021-03-01", 40), ("2022-04-01", 20))
    assert compare_boards(before, on).restated == ()
    assert compare_boards(before, on).changes[0].move is Move.BETTER
    late = board(JUNE, ("2021-03-01", 40), ("2022-03-31", 5), ("2022-04-01", 20))
    (found,) = compare_boards(before, late).restated
    assert (found.end, found.old, found.new) == (MARCH, 40, 45)


# Clearing: what a plan promised last, and what is plausible.


def test_a_plan_s_last_amount_is_told_whatever_the_order_of_the_rows():
    rows = [
        ("2021-03-01", "listed", 1.0),
        ("2021-06-01", "rectifying", 7.0),
        ("2021-05-01", "plan", 5.0),
        ("2021-07-01", "closed", 9.0),
        ("2021-04-01", "checked", 3.0),
    ]
    place = county(
        clearance_events={
            "usci": ["A"] * 5,
            "happened_on": [day for day, _, _ in rows],
            "event": [event for _, event, _ in rows],
            "freed_land_mu": [amount for _, _, amount in rows],
            "freed_energy_tce": [amount if amount < 6 else None for _, _, amount in rows],
            "evidence": [None, None, None, "1号", None],
        }
    )
    found = freed_by_firm(place).iloc[0]
    assert (found["planned_land_mu"], found["freed_land_mu"]) == (7, 9)
    assert found["planned_energy_tce"] == 5
    assert pd.isna(found["freed_energy_tce"])


@pytest.mark.parametrize(
    ("carbon", "reason"),
    [("149.9", "too_low"), ("150", "plausible"), ("280", "plausible"), ("280.1", "too_high")],
)
def test_carbon_on_a_limit_is_plausible(carbon, reason):
    limits = Range(Fraction("1.5"), Fraction("2.8"))
    assert implied(Fraction(100), Fraction(carbon), limits)[1] == reason
    assert implied(Fraction(0), Fraction(carbon), limits) == (None, "no_energy")


# Months: a row with one of two figures is in no sum.


@pytest.mark.parametrize(("count", "is_complete"), [(20, True), (19, False)])
def test_a_month_is_complete_where_just_a_twentieth_lacks_a_figure(count, is_complete):
    assert POLICY["bands"]["most_missing_share"] == 0.05
    codes = [f"F{number}" for number in range(count)]
    place = county(
        enterprise_months={
            "usci": codes,
            "month": ["2022-05"] * count,
            "electricity_10k_kwh": [None] + [1.0] * (count - 1),
            "energy_tce": [900.0] + [4.0] * (count - 1),
        }
    )
    found = carbon_by_month(place).iloc[0]
    assert bool(found["is_complete"]) is is_complete
    assert (found["firms"], found["lacking"]) == (count - 1, 1)
    assert (found["electricity_10k_kwh"], found["energy_tce"]) == (count - 1, 4 * (count - 1))


# Grades: cuts met exactly, and ties across them.


@pytest.mark.parametrize(
    ("count", "up", "half", "down"),
    [(10, 2, 2, 2), (12, 3, 2, 2), (13, 3, 3, 2), (0, 0, 0, 0)],
)
def test_a_cut_of_a_fifth(count, up, half, down):
    share = Fraction(20)
    found = [cut(count, share, rounding) for rounding in (Cut.UP, Cut.HALF_UP, Cut.DOWN)]
    assert found == [up, half, down]


def test_equals_share_the_better_place_and_tell_where_they_end():
    found = places([np.array([5, 7, 5, 9, 1])], np.zeros(5, int))
    assert found.ranks.tolist() == [3, 2, 3, 1, 5]
    assert found.lasts.tolist() == [4, 2, 4, 1, 5]
    assert found.of.tolist() == [5] * 5


# The policy's own limits.


@pytest.mark.parametrize(
    ("change", "is_refused"),
    [
        ({"most_unknown": 0}, False),
        ({"most_unknown": 1}, False),
        ({"most_unknown": -0.01}, True),
        ({"most_unknown": 1.01}, True),
        ({"floor": 0, "cap": 0.01}, False),
        ({"floor": -0.01}, True),
        ({"floor": 1.2}, True),
        ({"floor": 1.19}, False),
        ({"full": 0.01}, False),
        ({"full": 0}, True),
        ({"least_members": 1, "least_items": 1}, False),
        ({"least_items": 0}, True),
        ({"bonuses": {"b": {**BONUS, "most": 0}}}, False),
        ({"bonuses": {"b": {**BONUS, "most": -1}}}, True),
    ],
)
def test_a_league_s_numbers_may_lie_on_their_limits(change, is_refused):
    rules = policy({"x": EQUAL}, **change)
    if is_refused:
        with pytest.raises(ConfigurationError):
            league_rules(rules)
    else:
        assert list(league_rules(rules)) == ["t"]


@pytest.mark.parametrize(
    ("lead", "together", "is_refused"),
    [(1, 0, False), (0, 0, True), (1, -0.5, True), (0.01, 1, False)],
)
def test_who_leads_must_weigh_something(lead, together, is_refused):
    clauses = {**DEPARTMENTS["clauses"], "lead": lead, "together": together}
    rules = policy({}, **{**DEPARTMENTS, "clauses": clauses})
    if is_refused:
        with pytest.raises(ConfigurationError, match="`lead` must be more than 0"):
            league_rules(rules)
    else:
        assert league_rules(rules)["t"].clauses.lead == Fraction(str(lead))


@pytest.mark.parametrize(
    ("grades", "is_refused"),
    [
        ([("A", 0), ("B", 100)], False),
        ([("A", 20), ("B", 20)], False),
        ([("A", 20), ("B", 19)], True),
        ([("A", -1)], True),
        ([("A", 101)], True),
    ],
)
def test_a_scheme_s_shares_may_lie_on_their_limits(grades, is_refused):
    given = [{"grade": grade, "to_pct": share} for grade, share in grades]
    schemes = {**POLICY["schemes"], "own": {"based_on": "default", "grading": {"grades": given}}}
    place = county(policy={"schemes": schemes})
    if is_refused:
        with pytest.raises(ConfigurationError):
            scheme_of(place, "own")
    else:
        found = scheme_of(place, "own").grading.grades
        assert [(one.grade, one.to_pct) for one in found] == grades


# A bonus: what is counted for whom, within its limit.


def test_a_bonus_counts_the_member_s_own_rows_and_stops_at_its_most():
    bonus = {
        **BONUS,
        "points": "2 * counted",
        "count": {"table": "projects", "where": "landed_on <= as_of"},
        "most": 5,
    }
    rules = policy({"x": item({"t1": 50, "t2": 50, "t3": 50}, 100)}, bonuses={"b": bonus})
    place = county(
        policy=rules,
        townships=TOWNS,
        projects={
            "project_id": list("abcdef"),
            "township": ["t1", "t1", "t1", "t2", "t2", "t9"],
            "landed_on": ["2022-06-30"] * 4 + ["2022-07-01", "2022-06-30"],
        },
    )
    found = league(place, "t")
    assert {one.member: (one.bonuses[0].counted, one.bonus) for one in found.sheets} == {
        "t1": (3, 5),
        "t2": (1, 2),
        "t3": (0, 0),
    }
    assert [(one.member, one.total) for one in found.sheets] == [("t1", 55), ("t2", 52), ("t3", 50)]


def test_different_things_count_once_and_unknown_conditions_are_told():
    place = county(
        policy=policy({"x": EQUAL}),
        townships=TOWNS,
        enterprises={"usci": ["A", "B"], "township": ["t1", "t1"]},
        recognitions={
            "usci": ["A", "A", "B", "B"],
            "kind": ["high_tech_firm", "rd_centre", "high_tech_firm", "high_tech_firm"],
            "level": ["national", "national", None, "municipal"],
        },
    )
    counted = tallied(place, Tally("recognitions", distinct="kind"))
    assert (counted.amounts, counted.undecided) == ({"t1": 2}, 0)
    where = Formula.parse("level == 'national'")
    counted = tallied(place, Tally("recognitions", where=where))
    assert (counted.amounts, counted.undecided) == ({"t1": 2}, 1)


def test_a_slip_of_a_bonus_takes_nothing_off():
    negative = {**BONUS, "points": "counted - 2", "count": {"table": "projects"}}
    rules = policy({"x": item({"t1": 50, "t2": 50}, 100)}, bonuses={"b": negative})
    place = county(
        policy=rules,
        townships=TOWNS,
        projects={"project_id": list("abc"), "township": ["t1", "t1", "t1"]},
    )
    found = league(place, "t")
    assert {one.member: one.bonus for one in found.ranked} == {"t1": 1, "t2": 0}


# Lights: a month between two others is not forgotten, and memory counts months.


def test_the_rank_of_the_last_is_the_number_of_those_ranked():
    lights = [
        {"light": "red", "label": {"zh": "红", "en": "red"}, "when": "rank == of"},
        {"light": "yellow", "label": {"zh": "黄", "en": "yellow"}, "when": "change < 0"},
        {"light": "green", "label": {"zh": "绿", "en": "green"}},
    ]
    rules = policy({"x": item({"t1": 50, "t2": 60, "t3": {"2022-06-01": 55}}, 100)}, lights=lights)
    now, before = (
        county(day, policy=rules, townships=TOWNS) for day in ("2022-06-30", "2022-05-31")
    )
    found = league(now, "t", previous=before)
    told = [(one.member, one.rank, one.rank_before, one.light) for one in found.sheets]
    assert told == [("t2", 1, 1, "green"), ("t3", 2, None, None), ("t1", 3, 2, "red")]
