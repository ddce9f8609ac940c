"""The league where a limit is met exactly: days, weights, orders, means of rows, counts."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pandas as pd
import pytest

from build import POLICY, clause, county, flow
from tenglong.errors import ConfigurationError
from tenglong.measure.clause import IndicatorRef, Kind, Window
from tenglong.measure.league.items import _latest, _sum, _value, completed
from tenglong.measure.league.ranking import league, ranked, score, unit_rows, units
from tenglong.measure.league.rule import Led
from tenglong.measure.league.rule_file import league_rules
from tenglong.measure.league.standing import Standing
from tenglong.measure.league.tally import Tally, tallied
from tenglong.measure.policy.formula import Formula
from tenglong.measure.reading import Coverage, Figure, Gap, Incomplete, NotKnown, Series
from test_league import EQUAL, RULE, TOWNS, item, policy, row, sheet, standing, towns

# --- sheets ---------------------------------------------------------------------------------------


def test_a_sheet_s_progress_and_pace_are_means_by_weight_each_row_at_most_one():
    one = sheet(
        row(3, 1, progress=Fraction(1, 2), pace=Fraction(1, 4)),
        row(1, 1, progress=Fraction(5, 2), pace=Fraction(3, 4)),
        row(6, 1, progress=Fraction(1)),  # has no pace
        row(9, progress=Fraction(0), pace=Fraction(1)),  # does not count
    )
    assert (one.progress, one.pace) == (Fraction(5, 8), Fraction(3, 8))
    assert (one.gap, one.worst_gap) == (25, 25)
    assert one.rows[1].gap == 175
    assert sheet(row(6, 1, progress=Fraction(1))).worst_gap is None


@pytest.mark.parametrize(
    ("progress", "is_started"), [(("0", "0"), False), (("0", "1/9"), True), ((None, "0"), False)]
)
def test_a_sheet_is_started_with_its_first_row(progress, is_started):
    rows = [row(1, 1, progress=None if one is None else Fraction(one)) for one in progress]
    assert sheet(*rows).is_started is is_started
    assert sheet(row(1, 1)).is_started is None


def test_the_share_that_is_not_known_is_of_what_ought_to_count():
    one = sheet(row(3, 1), row(1, is_unknown=True), row(5, code="no_target"))
    assert one.unknown_share == Fraction(1, 4)
    assert sheet(row(5, code="no_target")).unknown_share == 0


def test_a_gap_needs_progress_and_pace_and_a_change_needs_both_ranks():
    half = Fraction(1, 2)
    assert row(1, 1, progress=half, pace=Fraction(2, 5)).gap == 10
    assert (row(1, 1, progress=half).gap, row(1, 1, pace=half).gap) == (None, None)
    assert sheet(rank=2, rank_before=5).change == 3
    assert (sheet(rank=2).change, sheet(rank_before=5).change) == (None, None)


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ((row(1, is_unknown=True), row(1, code="no_target")), "too_much_unknown"),
        ((row(1, is_unknown=True),), "too_much_unknown"),
        ((row(1, code="no_target"),), "no_target"),
        ((), "no_target"),
    ],
)
def test_where_nothing_counts_it_is_said_whether_it_is_unknown_or_not_asked(rows, code):
    found = score(sheet(*rows), RULE)
    assert (found.code, found.score, found.total) == (code, None, None)


def test_who_leads_as_many_as_the_policy_asks_is_scored():
    two = (row(1, 1), row(1, 1, is_led=False))
    for least, code in ((0, ""), (1, ""), (2, "leads_nothing")):
        rule = replace(RULE, clauses=Led(Fraction(1), Fraction(1), least_led=least))
        assert score(sheet(*two), rule).code == code
    assert score(sheet(*two), replace(RULE, least_items=2)).code == ""
    assert score(sheet(*two), replace(RULE, least_items=3)).code == "too_few_items"


def test_who_only_helps_is_ranked_where_the_policy_does_not_ask_to_lead():
    rule = replace(RULE, clauses=Led(Fraction(1), Fraction(1, 2)))
    assert score(sheet(row(1, 1, is_led=False)), rule).total == 100


def test_members_without_a_total_stand_last_and_of_equals_the_first_by_code():
    sheets = tuple(
        sheet(member=name, total=total)
        for name, total in (("d", None), ("c", 5), ("b", None), ("a", 5), ("e", 7))
    )
    found = ranked(Standing("t", county().as_of, RULE, sheets))
    assert [one.member for one in found.sheets] == ["e", "a", "c", "b", "d"]
    few = ranked(Standing("t", county().as_of, replace(RULE, least_members=9), sheets))
    assert [one.member for one in few.sheets] == ["e", "a", "c", "b", "d"]
    assert {one.code for one in few.sheets} == {"too_few_members"}


def test_just_as_many_members_as_the_policy_says_are_ranked():
    sheets = tuple(sheet(member=name, total=1) for name in "ab")
    assert ranked(Standing("t", county().as_of, RULE, sheets)).code == ""


def test_members_by_name_stand_by_their_code():
    names = {code: {"zh": code, "en": code} for code in ("3", "1", "2")}
    rules = policy({"x": item({"1": 5, "2": 5, "3": 5}, 10)}, members=names)
    assert [one.member for one in league(county(policy=rules), "t").sheets] == ["1", "2", "3"]


# --- bonuses --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("points", "gained"), [("-3", 0), ("0.5", Fraction(1, 2)), ("2", 2), ("3", 2), ("1 / 0", 0)]
)
def test_an_extra_is_at_least_nothing_and_at_most_what_the_policy_says(points, gained):
    extra = {"b": {"name": {"zh": "加", "en": "b"}, "points": points, "most": 2}}
    one = standing({"x": EQUAL}, bonuses=extra)["t1"]
    assert (one.bonus, one.total) == (gained, 50 + gained)
    assert one.bonuses[0].code == ("not_known" if points == "1 / 0" else "")


def test_what_is_counted_of_a_town_without_any_is_nothing():
    many = {
        "name": {"zh": "加", "en": "b"},
        "points": "counted + items + judged + unknown",
        "count": {"table": "parcels"},
    }
    parcels = {"parcel_id": ["p", "q", "r"], "township": ["t1", "t1", "t2"]}
    found = towns({"x": EQUAL}, parcels=parcels, more={"bonuses": {"b": many}})
    assert [found[town].bonuses[0].counted for town in ("t1", "t2", "t3")] == [2, 1, 0]
    assert [found[town].bonus for town in ("t1", "t2", "t3")] == [4, 3, 2]


@pytest.mark.parametrize("kind", ["bonuses", "deductions"])
def test_an_extra_that_counts_no_rows_leaves_none_undecided(kind):
    extra = {"b": {"name": {"zh": "加", "en": "b"}, "points": "items"}}
    [found] = getattr(standing({"x": EQUAL}, **{kind: extra})["t1"], kind)
    assert (found.points, found.counted, found.undecided, found.code) == (1, None, 0, "")


def test_an_extra_names_the_table_or_the_column_that_it_lacks():
    extra = {
        "name": {"zh": "加", "en": "b"},
        "points": "counted",
        "count": {"table": "projects", "where": "landed_on <= as_of"},
    }
    bare = {"project_id": ["P"], "township": ["t1"]}
    for tables, code, column in (
        ({}, "no_table", ""),
        ({"projects": bare}, "no_column", "landed_on"),
    ):
        [found] = towns({"x": EQUAL}, **tables, more={"bonuses": {"b": extra}})["t1"].bonuses
        assert (found.code, found.lacking) == (code, ("projects", column))
        assert (found.points, found.counted, found.undecided) == (0, None, 0)


def test_a_row_whose_condition_is_not_known_is_told_beside_the_extra():
    extra = {
        "name": {"zh": "扣", "en": "d"},
        "points": "2 * counted",
        "count": {"table": "projects", "where": "landed_on <= as_of"},
    }
    projects = {
        "project_id": ["P", "Q"],
        "township": ["t1", "t1"],
        "landed_on": ["2022-06-30", None],
    }
    found = towns({"x": EQUAL}, projects=projects, more={"deductions": {"d": extra}})["t1"]
    assert (found.deductions[0].counted, found.deductions[0].undecided) == (1, 1)
    assert (found.bonus, found.deduction, found.total) == (0, 2, 48)


def test_a_tally_adds_up_or_counts_what_is_different():
    one = county(
        policy=POLICY,
        townships=TOWNS,
        projects={
            "project_id": ["P", "Q", "R", "S", "T"],
            "township": ["t2", "t1", "t1", "t1", None],
            "kind": ["new", "new", "upgrade", "new", "new"],
            "total_investment_wan": [5.0, 2.5, None, 0.5, 9.0],
        },
    )
    amounts = tallied(one, Tally("projects", sum="total_investment_wan"))
    assert (dict(amounts.amounts), amounts.undecided) == ({"t1": 3, "t2": 5}, 1)
    assert list(amounts.amounts) == ["t1", "t2"]
    kinds = tallied(one, Tally("projects", distinct="kind"))
    assert (dict(kinds.amounts), kinds.undecided) == ({"t1": 2, "t2": 1}, 0)
    large = tallied(one, Tally("projects", where=Formula.parse("total_investment_wan >= 2.5")))
    assert (dict(large.amounts), large.undecided) == ({"t1": 1, "t2": 1}, 1)


# --- figures of an item ---------------------------------------------------------------------------


def test_a_sum_takes_the_first_and_the_last_day_and_none_after_the_report_s():
    window = Window(date(2022, 1, 1), date(2022, 6, 30))
    of = flow(
        ("2021-12-31", 1), ("2022-01-01", 10), ("2022-06-30", 100), ("2022-07-01", 1000), unit="亩"
    )
    assert _sum(of, window, date(2022, 12, 31)).value == 110
    assert _sum(of, window, date(2022, 6, 30)).value == 110
    assert _sum(of, window, date(2022, 6, 29)).value == 10
    assert _sum(of, None, date(2022, 6, 30)).value == 111


def test_a_figure_of_just_the_greatest_age_is_not_too_old():
    series = Series(
        (Figure(date(2020, 12, 31), Fraction(1)), Figure(date(2021, 12, 31), Fraction(7))), "%"
    )
    assert _latest(series, county("2023-02-28", policy=POLICY)).value == 7
    assert _latest(series, county("2023-03-01", policy=POLICY)).code == "stale"
    nothing = replace(series, figures=(Figure(date(2021, 12, 31), None),))
    assert _latest(nothing, county("2022-06-30", policy=POLICY)).code == "not_applicable"


def test_the_last_figure_reported_by_the_day_is_taken_whatever_the_order():
    reported = {"t1": {"2022-06-30": 30, "2022-01-31": 10, "2022-07-01": 99}}
    found = standing({"x": item(reported, 100)})["t1"].rows[0]
    assert (found.actual, found.observed_on) == (30, date(2022, 6, 30))
    assert standing({"x": item(reported, 100)}, "2022-06-29")["t1"].rows[0].actual == 10


def test_a_span_of_a_year_is_paced_by_the_year_and_one_of_the_plan_by_the_plan():
    spans = {name: item({"t1": 5}, 10, span=name) for name in ("year", "plan", "none")}
    rows = standing(spans)["t1"].rows
    assert [one.pace for one in rows] == [Fraction(1, 2), Fraction(1, 2), None]
    assert [one.pace for one in standing(spans, "2022-01-31")["t1"].rows] == [
        Fraction(1, 12),
        Fraction(13, 36),
        None,
    ]


@pytest.mark.parametrize(
    ("actual", "target", "pace", "completion", "code"),
    [
        (5, 20, "1/2", "1/2", ""),
        (5, 20, 0, 1, ""),
        (0, 20, 0, None, "no_progress"),
        (-5, 20, 0, None, "no_progress"),
        (0, 20, "1/2", 0, ""),
    ],
)
def test_what_is_done_before_anything_is_due_is_complete(actual, target, pace, completion, code):
    asked = row(1, actual=Fraction(actual), target=Fraction(target), pace=Fraction(pace))
    found = completed(asked, Formula.parse("progress / pace"))
    assert found.progress == Fraction(actual, target)
    assert (found.completion, found.code) == (completion and Fraction(completion), code)


def test_where_nothing_was_asked_or_nothing_is_known_there_is_no_progress():
    known, asked = row(1, actual=Fraction(5), target=Fraction(0)), row(1, target=Fraction(5))
    for one in (known, asked, row(1, actual=Fraction(5))):
        assert completed(one, Formula.parse("progress")) == one


@pytest.mark.parametrize(
    ("reading", "tables", "code", "lacking"),
    [
        (NotKnown(Gap.NOT_APPLICABLE, "zero", "a"), {"a": 1}, "not_applicable", None),
        (NotKnown(Gap.NO_DATA, "year_incomplete", "a"), {"a": 0}, "not_applicable", None),
        (NotKnown(Gap.NO_DATA, "year_incomplete", "a"), {"a": 1}, "year_incomplete", ("a", "")),
        (NotKnown(Gap.NO_DATA, "no_table", "a", "b"), {}, "no_table", ("a", "b")),
        (NotKnown(Gap.NO_DATA, "not_published"), {}, "not_published", None),
    ],
)
def test_what_is_not_known_is_told_apart_from_what_does_not_apply(reading, tables, code, lacking):
    of = county(**{name: pd.DataFrame({"x": [1] * count}) for name, count in tables.items()})
    found = _value(reading, None, of)
    assert (found.code, found.lacking, found.value) == (code, lacking, None)
    assert found.is_unknown is (code != "not_applicable")


def test_a_coverage_is_the_share_done_on_the_day_and_of_nothing_it_does_not_apply():
    found = _value(Coverage(Fraction(3), Fraction(4), "家"), None, county("2022-06-30"))
    assert (found.value, found.observed_on, found.is_unknown) == (75, date(2022, 6, 30), False)
    nothing = _value(Coverage(Fraction(0), Fraction(0), "家"), None, county())
    assert (nothing.value, nothing.code, nothing.is_unknown) == (None, "not_applicable", False)


@pytest.mark.parametrize(("unit", "share"), [("%", 50), ("", 0.5)])
def test_a_coverage_is_told_in_the_item_s_unit(unit, share):
    asked = {
        **EQUAL,
        "unit": unit,
        "target": {"each": share},
        "indicator": {"name": "checked_firms"},
    }
    del asked["reported"]
    events = {
        "usci": ["A", "A", "B", "C"],
        "event": ["listed", "checked", "listed", "listed"],
        "happened_on": ["2021-03-01", "2021-04-01", "2021-03-01", "2021-03-01"],
    }
    found = league(
        county(
            policy=policy({"x": asked}),
            townships=TOWNS,
            enterprises={"usci": ["A", "B", "C"], "township": ["t1", "t1", "t2"]},
            clearance_events=events,
        ),
        "t",
    )
    assert [found[town].rows[0].actual for town in ("t1", "t2")] == [share, 0]
    assert found["t1"].rows[0].progress == 1


def test_years_that_are_incomplete_take_no_figure_from_those_that_are_not():
    end = date(2021, 12, 31)
    waiting = (Incomplete(date(2020, 12, 31), ()),)
    one = Series((Figure(end, Fraction(7)),), "%", incomplete=waiting)
    of = county("2022-06-30", policy=POLICY)
    assert (_latest(one, of).value, _latest(one, of).observed_on) == (7, end)
    lost = _latest(replace(one, figures=()), of)
    assert (lost.value, lost.code, lost.is_unknown) == (None, "population_incomplete", True)
    none = _latest(Series((), "%"), of)
    assert (none.value, none.code, none.is_unknown) == (None, "not_applicable", False)


def test_what_is_too_old_is_unknown_and_says_of_when_it_is():
    old = Series((Figure(date(2021, 12, 31), Fraction(7)),), "%")
    found = _latest(old, county("2023-03-01", policy=POLICY))
    assert (found.value, found.observed_on, found.is_unknown) == (None, date(2021, 12, 31), True)


def test_an_item_may_be_completed_by_a_formula_of_its_own():
    asked = {"a": item({"t1": 5}, 10), "b": item({"t1": 5}, 10, completion="1 - progress / 2")}
    found = standing(asked)["t1"].rows
    assert [one.completion for one in found] == [Fraction(1, 2), Fraction(3, 4)]


# --- targets --------------------------------------------------------------------------------------


def test_a_target_is_shared_out_among_the_members_alone():
    shared = {"share_of_county": {"total": 12, "by": {"table": "parcels", "sum": "actual_mu"}}}
    parcels = {
        "parcel_id": list("pqr"),
        "township": ["t1", "t2", "t9"],
        "actual_mu": [8.0, 4.0, 12.0],
    }
    found = towns({"x": item({"t1": 8, "t2": 4}, shared, unit="亩")}, parcels=parcels)
    assert [found[town].rows[0].target for town in ("t1", "t2", "t3")] == [8, 4, None]


def test_a_clause_without_a_target_has_none_to_share_out():
    shared = {"share_of_county": {"clause": "done", "by": {"table": "parcels"}}}
    rules = policy({"x": item({"t1": 1}, shared)})
    one = county(
        clauses=(clause(Kind.MILESTONE, id="done"),),
        policy=rules,
        townships=TOWNS,
        parcels={"parcel_id": ["p"], "township": ["t1"]},
    )
    with pytest.raises(ConfigurationError, match="clause 'done' has no target to share"):
        league(one, "t")


def test_a_formula_that_divides_by_nothing_gives_no_completion():
    found = standing(
        {"x": item({"t1": 5, "t2": 0}, 10, span="plan")}, completion="1 / (pace - pace)"
    )
    assert [found[town].rows[0].code for town in ("t1", "t2")] == ["no_progress"] * 2


# --- units ----------------------------------------------------------------------------------------


def departments(led, *clauses):
    rule = replace(league_rules(POLICY)["departments"], clauses=led, least_members=1, least_items=1)
    one = county("2022-06-30", clauses, policy=POLICY)
    return unit_rows(one, rule, led, units(one.plan, led.not_units))


def test_a_unit_s_clauses_stand_in_the_order_of_the_plan_with_their_weights():
    led = Led(Fraction(3), Fraction(1), not_units=("县财政局",))
    found = departments(
        led,
        clause(Kind.MILESTONE, id="b", units=("县发改局", "县经信局", "县财政局")),
        clause(Kind.MILESTONE, id="a", units=("县经信局", "县发改局")),
    )
    told = {
        unit: [(one.item, one.weight, one.is_led) for one in rows] for unit, rows in found.items()
    }
    assert told == {
        "县发改局": [("b", 3, True), ("a", 1, False)],
        "县经信局": [("b", 1, False), ("a", 3, True)],
    }


def test_where_helping_weighs_nothing_only_the_lead_has_the_clause():
    found = departments(
        Led(Fraction(1), Fraction(0)),
        clause(Kind.MILESTONE, id="a", units=("县经信局", "县发改局")),
    )
    assert [one.item for one in found["县经信局"]] == ["a"]
    assert found["县发改局"] == ()


def test_a_unit_s_row_says_how_the_clause_is_judged():
    won = {
        "kind": ["rd_centre"],
        "holder": ["甲"],
        "recognised_on": ["2021-05-01"],
        "is_lost": [False],
    }
    of = clause(
        Kind.CUMULATIVE,
        2,
        id="a",
        unit="家",
        units=("县科技局",),
        indicator=IndicatorRef("recognitions", {"kind": "rd_centre"}),
    )
    rule = replace(league_rules(POLICY)["departments"], least_members=1, least_items=1)
    one = county("2022-06-30", (of,), policy=POLICY, recognitions=won)
    [found] = unit_rows(one, rule, rule.clauses, ("县科技局",))["县科技局"]
    assert (found.actual, found.target, found.progress, found.pace) == (
        1,
        2,
        Fraction(1, 2),
        Fraction(1, 2),
    )
    assert (found.code, found.is_unknown, found.completion) == ("", False, 1)
    [lost] = unit_rows(replace(one, tables={}), rule, rule.clauses, ("县科技局",))["县科技局"]
    assert (lost.code, lost.is_unknown, lost.completion) == ("no_data", True, None)
    assert lost.lacking == ("recognitions", "")
