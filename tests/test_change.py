"""Two reports compared: which way statuses went, and what was restated, amended or added."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from build import BANDS, POLICY, baseline, clause, county, flow, series
from tenglong.errors import UsageError
from tenglong.measure.board.board import assess_plan
from tenglong.measure.board.change import (
    Amendment,
    Change,
    Comparison,
    Move,
    Restated,
    RuleChange,
    compare_boards,
    move,
    rule_changes,
)
from tenglong.measure.clause import IndicatorRef, Kind, Operator
from tenglong.measure.judge.assessment import Board, Status
from tenglong.measure.judge.kinds import assess
from tenglong.measure.reading import Coverage, Figure, Gap, Happened, NotKnown, Series
from tenglong.source import describe_bundle, read_bundle

MARCH, JUNE = date(2022, 3, 31), date(2022, 6, 30)
COUNT = clause(Kind.CUMULATIVE, 20, id="count", unit="家")
LEVEL = clause(Kind.LEVEL, 20, id="level", unit="万元/亩", baseline=baseline(12))
YEARLY = clause(Kind.ANNUAL, 2, id="yearly", unit="家")
LACKING = NotKnown(Gap.NO_DATA, "no_table", "clearance_events")


def board(day, *pairs):
    """Judge clauses by their readings on a day."""
    judged = tuple(assess(of, reading, as_of=day, bands=BANDS) for of, reading in pairs)
    return Board(day, Fraction(1, 2), judged)


def counted(*days, **more):
    return flow(*((day, 1) for day in days), unit="家", **more)


def only(comparison):
    (found,) = comparison.changes
    return found


def test_a_status_that_fell_is_worse_and_one_that_rose_is_better():
    rose = counted(*["2021-05-01"] * 5, *["2022-05-01"] * 10)
    before = board(MARCH, (COUNT, counted(*["2021-05-01"] * 5)))
    assert only(before_now := compare_boards(before, board(JUNE, (COUNT, rose)))).move is (
        Move.BETTER
    )
    assert [one.clause.id for one in before_now.moved(Move.BETTER)] == ["count"]
    stood = board(JUNE, (COUNT, counted(*["2021-05-01"] * 5)))
    assert only(compare_boards(before, stood)).move is Move.SAME
    fell = board(JUNE, (COUNT, counted("2021-05-01")))
    assert only(compare_boards(before, fell)).move is Move.WORSE


@pytest.mark.parametrize(
    ("before", "now", "way"),
    [
        (Status.NOT_DUE, Status.ACHIEVED, Move.BETTER),
        (Status.NOT_DUE, Status.MISSED, Move.WORSE),
        (Status.NOT_DUE, Status.ON_TRACK, Move.BEGUN),
        (Status.NOT_DUE, Status.AHEAD, Move.BETTER),
        (Status.NOT_DUE, Status.STALE, Move.UNTOLD),
        (Status.ON_TRACK, Status.NOT_DUE, Move.RESTS),
        (Status.BEHIND, Status.NOT_DUE, Move.RESTS),
        (Status.AWAITING, Status.NOT_DUE, Move.RESTS),
        (Status.AHEAD, Status.ON_TRACK, Move.WORSE),
        (Status.NO_DATA, Status.MISSED, Move.TOLD),
        (Status.AHEAD, Status.CONTRADICTORY, Move.UNTOLD),
        (Status.NO_DATA, Status.STALE, Move.REASON),
        (Status.NOT_APPLICABLE, Status.NO_DATA, Move.REASON),
        (Status.FAR_BEHIND, Status.MISSED, Move.WORSE),
    ],
)
def test_which_way_a_status_went(before, now, way):
    assert move(before, now) is way


ORDER = [
    *(Status.ACHIEVED, Status.AHEAD, Status.ON_TRACK),
    *(Status.BEHIND, Status.FAR_BEHIND, Status.MISSED),
]


@pytest.mark.parametrize(("better", "worse"), list(pairwise(ORDER)))
def test_from_each_status_to_the_next_worse_one_is_worse_and_back_is_better(better, worse):
    assert move(better, worse) is Move.WORSE
    assert move(worse, better) is Move.BETTER


@given(st.sampled_from(Status), st.sampled_from(Status))
def test_what_is_better_one_way_is_worse_the_other(before, now):
    opposite = {Move.BETTER: Move.WORSE, Move.WORSE: Move.BETTER}
    if Status.NOT_DUE in (before, now):
        return
    there, back = move(before, now), move(now, before)
    assert opposite.get(there) is (back if there in opposite else None)


def test_a_year_that_ends_met_is_no_worse_and_one_that_begins_no_better():
    done = ["2021-05-01", "2021-06-01", "2021-07-01"]
    days = {date(2021, 9, 30): "ahead", date(2021, 12, 31): "on_track", MARCH: "not_due"}
    boards = [board(day, (YEARLY, counted(*done))) for day in days]
    assert [only_status(one) for one in boards] == list(days.values())
    in_year, at_its_end, after = boards
    assert only(compare_boards(in_year, at_its_end)).move is Move.CLOSED
    assert only(compare_boards(in_year, at_its_end)).actual == 0
    rests = only(compare_boards(at_its_end, after))
    assert (rests.move, rests.actual, rests.progress) == (Move.RESTS, None, None)
    went_on = board(JUNE, (YEARLY, counted(*done, "2022-05-01")))
    assert only_status(went_on) == "on_track"
    assert only(compare_boards(after, went_on)).move is Move.BEGUN
    # The year that ended was the one before: what was ahead in March has lost its lead by June.
    ahead = board(MARCH, (YEARLY, counted(*done, "2022-01-01")))
    assert only_status(ahead) == "ahead"
    assert only(compare_boards(ahead, went_on)).move is Move.WORSE


@pytest.mark.parametrize("name", ["actual", "progress", "gap"])
def test_where_one_of_the_two_has_no_figure_there_is_no_difference(name):
    [told] = board(JUNE, (COUNT, counted("2021-05-01"))).assessments
    lacking = replace(told, **{name: None})
    assert getattr(Change(told, told), name) == 0
    assert [getattr(one, name) for one in (Change(told, lacking), Change(lacking, told))] == [
        None,
        None,
    ]


def test_figures_of_two_years_have_a_difference_but_where_each_year_is_for_itself():
    later = date(2023, 3, 31)
    before = board(JUNE, (COUNT, counted("2021-05-01")))
    assert only(compare_boards(before, board(later, (COUNT, counted("2021-05-01"))))).actual == 0
    yearly = counted("2021-05-01", "2021-06-01", "2022-05-01", "2022-06-01", "2023-02-01")
    change = only(compare_boards(board(JUNE, (YEARLY, yearly)), board(later, (YEARLY, yearly))))
    assert (change.before.actual, change.now.actual, change.actual) == (2, 1, None)


def only_status(of):
    (found,) = of.assessments
    return found.status


def test_progress_and_gap_move_by_exact_shares():
    before = board(MARCH, (COUNT, counted(*["2021-05-01"] * 5)))
    now = board(JUNE, (COUNT, counted(*["2021-05-01"] * 5, "2022-05-01", "2022-06-01")))
    change = only(compare_boards(before, now))
    assert change.actual == 2
    assert change.progress == Fraction(2, 20)
    # On 31 March 8 of 20 are due (15/36 of the time has passed), on 30 June 10.
    assert change.gap == Fraction(2, 20) - Fraction(2, 20)


def test_a_figure_of_a_year_that_was_over_is_restated_old_to_new():
    before = board(MARCH, (LEVEL, series("万元/亩", y2020=12, y2021="13.5")))
    now = board(JUNE, (LEVEL, series("万元/亩", y2020=12, y2021="13.2")))
    (one,) = compare_boards(before, now).restated
    assert (one.end, one.old, one.new) == (date(2021, 12, 31), Fraction("13.5"), Fraction("13.2"))


def test_what_came_to_a_figure_since_is_no_restatement():
    of = clause(Kind.CLEAR_OUT, 0, operator=Operator.AT_MOST, unit="家", baseline=baseline(12))
    before = board(MARCH, (of, series("家", y2021=9)))
    fewer = Series((Figure(date(2021, 12, 31), Fraction(9), since=Fraction(-2)),), "家")
    found = compare_boards(before, board(JUNE, (of, fewer)))
    assert found.restated == ()
    assert only(found).actual == -2


def test_a_new_year_restates_nothing():
    before = board(MARCH, (LEVEL, series("万元/亩", y2020=12)))
    now = board(JUNE, (LEVEL, series("万元/亩", y2020=12, y2021="13.2")))
    assert compare_boards(before, now).restated == ()


def test_a_count_that_went_on_is_not_restated_but_one_entered_late_is():
    before = board(MARCH, (COUNT, counted("2021-05-01")))
    went_on = board(JUNE, (COUNT, counted("2021-05-01", "2022-04-01")))
    assert compare_boards(before, went_on).restated == ()
    late = board(JUNE, (COUNT, counted("2021-05-01", "2022-03-31", "2022-04-01")))
    (one,) = compare_boards(before, late).restated
    assert (one.end, one.old, one.new) == (MARCH, 1, 2)


def test_a_count_that_lost_its_only_event_is_restated_to_zero():
    before = board(MARCH, (COUNT, counted("2021-05-01")))
    (one,) = compare_boards(before, board(JUNE, (COUNT, counted("2022-04-01")))).restated
    assert (one.old, one.new) == (1, 0)


def test_months_reported_late_restate_nothing():
    before = board(MARCH, (COUNT, counted("2022-01-31", known_until=date(2022, 1, 31))))
    now = board(JUNE, (COUNT, counted("2022-01-31", "2022-02-28", known_until=date(2022, 5, 31))))
    assert compare_boards(before, now).restated == ()


def test_a_running_year_is_not_restated_but_a_finished_one_is():
    before = board(MARCH, (YEARLY, counted("2021-05-01", "2021-06-01", "2022-02-01")))
    now = board(JUNE, (YEARLY, counted("2021-05-01", "2022-02-01", "2022-05-01")))
    (one,) = compare_boards(before, now).restated
    assert (one.end, one.old, one.new) == (date(2021, 12, 31), 2, 1)


def test_a_milestone_with_another_day_is_restated():
    done = clause(Kind.MILESTONE, id="done")
    before = board(MARCH, (done, Happened(date(2022, 3, 1))))
    now = board(JUNE, (done, Happened(date(2022, 3, 8))))
    (one,) = compare_boards(before, now).restated
    assert (one.old, one.new) == (date(2022, 3, 1), date(2022, 3, 8))


def test_what_is_no_longer_known_is_untold_and_not_restated():
    before = board(MARCH, (COUNT, counted("2021-05-01")))
    now = compare_boards(before, board(JUNE, (COUNT, LACKING)))
    assert only(now).move is Move.UNTOLD
    assert now.restated == ()


def test_a_coverage_is_that_of_its_day_and_never_restated():
    of = clause(Kind.COVERAGE, 100, id="coverage")
    before = board(MARCH, (of, Coverage(Fraction(3), Fraction(9), "家")))
    now = board(JUNE, (of, Coverage(Fraction(6), Fraction(9), "家")))
    comparison = compare_boards(before, now)
    assert comparison.restated == ()
    assert only(comparison).progress == Fraction(1, 3)


def test_clauses_are_found_by_their_id_and_new_or_withdrawn_ones_are_told():
    before = board(MARCH, (COUNT, counted("2021-05-01")), (YEARLY, counted()))
    now = board(JUNE, (LEVEL, series("万元/亩", y2021=13)), (COUNT, counted("2021-05-01")))
    comparison = compare_boards(before, now)
    assert [one.clause.id for one in comparison.added] == ["level"]
    assert [one.clause.id for one in comparison.withdrawn] == ["yearly"]
    assert only(comparison).clause.id == "count"


def test_an_amended_target_is_told_and_its_figures_are_not_compared():
    before = board(MARCH, (COUNT, counted("2021-05-01")))
    now = board(JUNE, (replace(COUNT, target=Fraction(30)), counted("2021-05-01", "2021-06-01")))
    comparison = compare_boards(before, now)
    (told,) = comparison.amended
    assert (told.term, told.old, told.new) == ("target", 20, 30)
    assert (only(comparison).progress, only(comparison).actual) == (None, None)
    assert comparison.restated == ()


def test_another_name_or_unit_in_charge_is_no_amendment():
    renamed = replace(COUNT, units=("县科技局",), text="又一句")
    before = board(MARCH, (COUNT, counted("2021-05-01")))
    assert compare_boards(before, board(JUNE, (renamed, counted("2021-05-01")))).amended == ()


def test_rules_that_differ_are_named_and_sources_are_no_rules():
    changed = {**POLICY, "tax": {**POLICY["tax"], "source": "别处"}}
    assert rule_changes(POLICY, changed) == ()
    bands = {**POLICY["bands"], "most_missing_share": 0.1}
    (one,) = rule_changes(POLICY, {**POLICY, "bands": bands})
    assert (one.file, one.key, one.old, one.new) == ("bands", "most_missing_share", "0.05", "0.1")


def test_rules_that_differ_are_told_in_the_order_of_files_and_keys():
    before = {"tax": {"b": 1, "a": 1}, "bands": {"z": {"y": 1, "x": 1}, "c": 1}, "line": 5}
    now = {"tax": {"b": 2, "a": 2}, "bands": {"z": {"y": 2, "x": 2}, "c": 2}, "line": 6}
    assert [(one.file, one.key) for one in rule_changes(before, now)] == [
        *(("bands", "c"), ("bands", "z.x"), ("bands", "z.y")),
        *(("line", ""), ("tax", "a"), ("tax", "b")),
    ]


def test_a_source_within_a_rule_is_no_rule_and_a_rule_called_otherwise_is_one():
    def policy(said):
        return {"a": {"x": {"source": said, "source_en": said}, "source": {"least": said}}}

    [one] = rule_changes(policy("1"), policy("2"))
    assert (one.key, one.old, one.new) == ("source.least", "1", "2")


def test_a_rule_that_was_empty_and_is_full_is_another():
    changes = rule_changes({"a": {"b": {}}}, {"a": {"b": {"c": 1}}})
    assert [(one.key, one.old, one.new) for one in changes] == [("b", "{}", ""), ("b.c", "", "1")]


def test_a_rule_that_only_one_of_them_has_is_told():
    (one,) = rule_changes({"a": {"b": 1}}, {"a": {"b": 1, "c": [1, 2]}})
    assert (one.key, one.old, one.new) == ("c", "", "[1, 2]")


def test_the_later_report_comes_second():
    early, late = (board(day, (COUNT, counted("2021-05-01"))) for day in (MARCH, JUNE))
    with pytest.raises(UsageError, match="against must be a day before 2022-03-31"):
        compare_boards(late, early)


DAYS = st.lists(st.dates(date(2021, 1, 1), MARCH).map(date.isoformat), max_size=8)


@given(DAYS)
def test_a_report_compared_with_itself_changes_nothing(days):
    same = board(
        JUNE,
        (COUNT, counted(*days)),
        (YEARLY, counted(*days)),
        (LEVEL, series("万元/亩", y2021=13)),
    )
    assert compare_boards(same, same, rules=rule_changes(POLICY, POLICY)).is_nothing


@given(DAYS.filter(len))
def test_one_more_event_is_never_nothing(days):
    before = board(JUNE, (COUNT, counted(*days)))
    assert not compare_boards(before, board(JUNE, (COUNT, counted(*days, days[0])))).is_nothing


STOOD = board(JUNE, (COUNT, counted("2021-05-01")))["count"]


@pytest.mark.parametrize(
    "other",
    [
        {"status": Status.STALE},
        {"actual": Fraction(2)},
        {"progress": Fraction(1, 2)},
        {"gap": Fraction(1, 2)},
    ],
    ids=str,
)
def test_one_thing_that_differs_in_one_of_the_clauses_is_not_nothing(other):
    same = Change(STOOD, STOOD)
    assert Comparison(MARCH, JUNE, (same, same)).is_nothing
    for changes in ((same, Change(STOOD, replace(STOOD, **other))), (same,)):
        assert Comparison(MARCH, JUNE, changes).is_nothing is (len(changes) == 1)


@pytest.mark.parametrize(
    "rest",
    [
        {"added": (STOOD,)},
        {"withdrawn": (STOOD,)},
        {"restated": (Restated(COUNT, MARCH, Fraction(1), Fraction(2)),)},
        {"rules": (RuleChange("bands", "x", "1", "2"),)},
        {"changes": (Change(STOOD, STOOD, (Amendment(COUNT, "target", 1, 2),)),)},
    ],
    ids=lambda rest: next(iter(rest)),
)
def test_a_plan_a_rule_or_a_figure_of_before_that_differs_is_not_nothing(rest):
    given_ = {"changes": (Change(STOOD, STOOD),), **rest}
    assert not Comparison(MARCH, JUNE, **given_).is_nothing


EVENTS = {
    "usci": ["A", "A", "B", "B", "C"],
    "event": ["listed", "closed", "listed", "closed", "listed"],
    "happened_on": ["2021-02-01", "2021-05-01", "2021-03-01", "2022-05-01", "2022-06-01"],
}
CLOSED = replace(COUNT, indicator=IndicatorRef("cleared_firms", {"event": "closed"}))


@given(st.permutations(range(5)))
def test_the_order_of_rows_changes_nothing(order):
    shuffled = {name: [values[row] for row in order] for name, values in EVENTS.items()}

    def compared(events):
        boards = (
            assess_plan(county(day, (CLOSED,), clearance_events=known(events, day)))
            for day in ("2022-03-31", "2022-06-30")
        )
        found = compare_boards(*boards)
        return [(one.move, one.actual, one.gap) for one in found.changes], found.restated

    assert compared(shuffled) == compared(EVENTS)


def known(events, day):
    rows = [row for row, on in enumerate(events["happened_on"]) if on <= day]
    return {name: [values[row] for row in rows] for name, values in events.items()}


def test_the_sample_tells_what_moved_in_a_quarter():
    bundle = read_bundle(describe_bundle("data/sample"))
    found = compare_boards(*(assess_plan(bundle.on(day)) for day in (MARCH, JUNE)))
    worse = {one.clause.id for one in found.moved(Move.WORSE)}
    assert {"firms_closed", "projects_1bn"} <= worse
    better = {one.clause.id for one in found.moved(Move.BETTER)}
    assert {"made_in_zhejiang_standards", "special_assessment"} <= better
