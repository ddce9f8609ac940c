"""What a target means: the worked examples of `targets.md`, and each kind's edges."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from build import BANDS, baseline, clause, flow, series
from tenglong.errors import ConfigurationError
from tenglong.measure.clause import Baseline, Firmness, Kind, Operator, Window
from tenglong.measure.judge.assessment import Status
from tenglong.measure.judge.kinds import assess
from tenglong.measure.reading import Coverage, Gap, Grain, Happened, NotKnown, Open, Running

MIDDLE, END = date(2022, 6, 30), date(2023, 12, 31)


def judged(of, reading, as_of=MIDDLE):
    return assess(of, reading, as_of=as_of, bands=BANDS)


@pytest.mark.parametrize(
    ("b", "t", "a", "operator", "progress"),
    [
        ("12", "20", "14", Operator.AT_LEAST, Fraction(1, 4)),
        ("100", "91", "97", Operator.AT_MOST, Fraction(1, 3)),
        ("-5", "10", "-2", Operator.AT_LEAST, Fraction(1, 5)),
        ("1.9", "2.3", "2.1", Operator.MORE_THAN, Fraction(1, 2)),
    ],
)
def test_a_level_progresses_from_its_baseline(b, t, a, operator, progress):
    of = clause(Kind.LEVEL, t, baseline=baseline(b), operator=operator)
    assert judged(of, series(y2021=a)).progress == progress


@pytest.mark.parametrize(("a", "progress"), [(8, Fraction(1, 3)), (15, Fraction(-1, 4))])
def test_a_clear_out_goes_down_to_zero_and_growing_is_negative(a, progress):
    of = clause(Kind.CLEAR_OUT, 0, operator=Operator.AT_MOST, unit="家", baseline=baseline(12))
    assert judged(of, series("家", y2021=a)).progress == progress


def test_eight_of_twenty_is_forty_per_cent():
    of = clause(Kind.CUMULATIVE, 20, unit="家")
    found = judged(of, flow(*[("2021-05-01", 1)] * 8, unit="家"))
    assert (found.progress, found.pace, found.gap) == (
        Fraction(2, 5),
        Fraction(1, 2),
        Fraction(-1, 10),
    )


def test_ten_points_behind_is_behind_by_the_published_rule():
    of = clause(Kind.CUMULATIVE, 20, unit="家")
    assert judged(of, flow(("2021-05-01", 8), unit="家")).status is Status.BEHIND


def test_just_less_than_ten_points_behind_is_on_track():
    of = clause(Kind.CUMULATIVE, 1000, unit="家")
    assert judged(of, flow(("2021-05-01", 401), unit="家")).status is Status.ON_TRACK


def test_a_level_without_a_baseline_has_no_made_up_progress():
    found = judged(clause(Kind.LEVEL, 20), series(y2021=14))
    assert found.status is Status.NO_BASELINE
    assert found.progress is None
    assert found.margin == -6


def test_a_level_without_a_baseline_can_be_met():
    assert judged(clause(Kind.LEVEL, 20), series(y2021=20)).status is Status.ACHIEVED


def test_the_baseline_year_of_the_indicator_is_the_baseline():
    of = clause(Kind.LEVEL, 20, baseline=Baseline(2020))
    assert judged(of, series(y2020=12, y2021=14)).progress == Fraction(1, 4)


def test_more_than_is_strict():
    of = clause(Kind.LEVEL, "2.3", operator=Operator.MORE_THAN, baseline=baseline("1.9"))
    assert judged(of, series(y2021="2.3")).status is not Status.ACHIEVED
    assert judged(of, series(y2021="2.31")).status is Status.ACHIEVED


def test_due_and_not_met_is_missed():
    of = clause(Kind.LEVEL, 20, baseline=baseline(12))
    assert judged(of, series(y2023="19.99"), END).status is Status.MISSED


def test_a_figure_that_is_too_old_is_stale():
    of = clause(Kind.LEVEL, 20, baseline=baseline(12))
    found = judged(of, series(y2020=12, y2021=14), date(2023, 3, 31))
    assert found.status is Status.STALE
    assert found.actual == 14


def test_before_the_first_yearly_figure_a_level_is_not_due():
    of = clause(Kind.LEVEL, 20, baseline=baseline(12))
    assert judged(of, series(y2020=12), date(2021, 6, 30)).status is Status.NOT_DUE


def test_a_baseline_that_already_meets_the_target_gives_no_progress():
    of = clause(Kind.LEVEL, "2.3", baseline=baseline("2.8"))
    found = judged(of, series(y2021="2.2"))
    assert (found.status, found.progress) == (Status.BEHIND, None)


def test_a_change_is_measured_against_the_target_change():
    of = clause(Kind.CHANGE, -9, operator=Operator.AT_MOST)
    found = judged(of, series(y2021="-3"))
    assert (found.progress, found.gap, found.status) == (Fraction(1, 3), 0, Status.ON_TRACK)


def test_a_net_count_may_fall():
    of = clause(Kind.CUMULATIVE, 20, unit="家")
    found = judged(of, flow(("2021-12-31", 9), ("2022-06-01", -3), unit="家"))
    assert found.actual == 6


def test_events_outside_the_window_do_not_count():
    of = clause(Kind.CUMULATIVE, 20, unit="家")
    reading = flow(("2020-12-31", 5), ("2021-01-01", 1), ("2022-07-01", 5), unit="家")
    assert judged(of, reading).actual == 1


def test_required_run_rate_stands_beside_the_rate_so_far():
    of = clause(Kind.CUMULATIVE, 36, unit="家")
    found = judged(of, flow(("2021-05-01", 9), unit="家"))
    assert (found.rate, found.needed_rate) == (Fraction(1, 2), Fraction(3, 2))


def test_one_bad_year_fails_however_good_the_total():
    of = clause(Kind.ANNUAL, 2, unit="家")
    found = judged(of, flow(("2021-05-01", 1), ("2022-02-01", 9), unit="家"))
    assert found.status is Status.MISSED
    assert [year.verdict for year in found.years] == ["missed", "running", "not_due"]


def test_the_running_year_is_judged_by_its_own_pace():
    of = clause(Kind.ANNUAL, 8, unit="家")
    found = judged(of, flow(("2021-05-01", 8), ("2022-02-01", 3), unit="家"))
    assert (found.progress, found.pace) == (Fraction(3, 8), Fraction(1, 2))
    assert found.status is Status.BEHIND


def test_every_year_met_is_achieved_at_the_end():
    of = clause(Kind.ANNUAL, 1, unit="家")
    reading = flow(("2021-05-01", 1), ("2022-05-01", 1), ("2023-05-01", 1), unit="家")
    assert judged(of, reading, END).status is Status.ACHIEVED


def test_a_year_that_lacks_its_figure_is_no_data():
    of = clause(Kind.ANNUAL, 2, unit="亿元")
    reading = flow(unit="亿元", known_until=date(2020, 12, 31), grain=Grain.YEAR)
    assert judged(of, reading).status is Status.NO_DATA


def test_a_yearly_figure_that_comes_at_the_year_s_end_is_not_due_before():
    of = clause(Kind.ANNUAL, 2, unit="亿元")
    reading = flow(unit="亿元", known_until=date(2020, 12, 31), grain=Grain.YEAR)
    assert judged(of, reading, date(2021, 6, 30)).status is Status.NOT_DUE


def test_growth_follows_the_compound_path():
    of = clause(Kind.GROWTH, 25)
    found = judged(of, series("万元", y2020=100, y2021=125, y2022="156.25", y2023="195.3125"), END)
    assert found.status is Status.ACHIEVED
    assert found.components["path"] == Fraction("195.3125")


def test_the_mean_of_yearly_rates_is_not_the_compound_rate():
    of = clause(Kind.GROWTH, 25)
    found = judged(of, series("万元", y2020=100, y2021=140, y2022=126, y2023="182.7"), END)
    assert found.components["mean_of_yearly_rates_pct"] == 25
    assert round(float(found.actual), 1) == 22.2
    assert found.status is Status.MISSED


def test_growth_without_a_base_has_no_baseline():
    assert judged(clause(Kind.GROWTH, 25), series("万元", y2021=9)).status is Status.NO_BASELINE


def test_growth_from_nothing_is_not_applicable():
    found = judged(clause(Kind.GROWTH, 25), series("万元", y2020=0, y2021=9))
    assert found.status is Status.NOT_APPLICABLE


def test_one_of_three_passes_a_third():
    of = clause(Kind.SHARE, Fraction(100, 3), each_year=True)
    found = judged(of, series("", y2021=Fraction(1, 3)), date(2021, 12, 31))
    assert found.years[0].verdict == "met"


def test_a_share_of_nothing_is_not_applicable():
    of = clause(Kind.SHARE, 30, each_year=True)
    assert judged(of, series("", y2021=None), date(2021, 12, 31)).status is Status.NOT_APPLICABLE


def test_a_share_below_its_floor_is_told_by_its_margin():
    of = clause(Kind.SHARE, 30, each_year=True)
    found = judged(of, series("", y2021="0.28"), date(2021, 12, 31))
    assert (found.status, found.margin, found.progress) == (Status.MISSED, -2, None)


def test_coverage_of_an_empty_set_is_not_applicable():
    of = clause(Kind.COVERAGE, 100, unit="%")
    found = judged(of, Coverage(Fraction(0), Fraction(0), "家"))
    assert found.status is Status.NOT_APPLICABLE


def test_coverage_that_is_done_late_says_so():
    of = clause(Kind.COVERAGE, 100, unit="%", due=date(2021, 12, 31))
    reading = Coverage(Fraction(9), Fraction(9), "家", completed_on=date(2022, 1, 5))
    found = judged(of, reading)
    assert found.status is Status.ACHIEVED
    assert found.reason.values["days"] == 5


def test_coverage_runs_on_its_own_clock():
    of = clause(Kind.COVERAGE, 100, unit="%", due=date(2021, 12, 31))
    found = judged(of, Coverage(Fraction(4), Fraction(9), "家"), date(2021, 6, 30))
    assert found.pace == Fraction(1, 2)


def test_a_milestone_done_late_is_done():
    of = clause(Kind.MILESTONE, due=date(2021, 12, 31), firmness=Firmness.ASPIRATIONAL)
    found = judged(of, Happened(date(2022, 1, 31)))
    assert (found.status, found.reason.values["days"]) == (Status.ACHIEVED, 31)


@pytest.mark.parametrize(
    ("day", "status"), [(date(2021, 12, 30), Status.NOT_DUE), (date(2021, 12, 31), Status.MISSED)]
)
def test_a_milestone_is_missed_at_the_end_of_its_due_day(day, status):
    of = clause(Kind.MILESTONE, due=date(2021, 12, 31))
    assert judged(of, Happened(None), day).status is status


def test_a_narrative_is_not_quantifiable_and_never_zero():
    found = judged(clause(Kind.NARRATIVE), NotKnown(Gap.NOT_QUANTIFIABLE, "narrative"))
    assert (found.status, found.progress) == (Status.NOT_QUANTIFIABLE, None)


def test_nothing_is_due_before_the_window_begins():
    of = clause(Kind.CUMULATIVE, 20, unit="家")
    assert judged(of, flow(unit="家"), date(2020, 12, 31)).status is Status.NOT_DUE


def test_an_indicator_of_the_wrong_shape_is_refused():
    with pytest.raises(ConfigurationError, match="needs a Flow"):
        judged(clause(Kind.CUMULATIVE, 20), series(y2021=1))


def test_a_unit_of_another_dimension_is_refused():
    with pytest.raises(ConfigurationError, match="is area"):
        judged(clause(Kind.LEVEL, 20, unit="万元"), series("亩", y2021=1))


def test_units_of_one_dimension_are_converted_exactly():
    of = clause(Kind.CUMULATIVE, 20, unit="亿元")
    assert judged(of, flow(("2021-05-01", 50000), unit="万元")).actual == 5


def test_growth_is_held_on_the_path_to_the_last_year_of_the_plan_and_no_further():
    """A year after the plan's last one is no figure of the plan, however good."""
    of = clause(Kind.GROWTH, 10, baseline=baseline(100))
    figures = {"y2020": 100, "y2021": 110, "y2022": 121, "y2023": "133.1"}
    within = assess(of, series(**figures), as_of=date(2025, 6, 30), bands=BANDS)
    beyond = assess(of, series(**figures, y2024=100), as_of=date(2025, 6, 30), bands=BANDS)
    assert (within.status, within.actual) == (Status.ACHIEVED, Fraction(10))
    assert (beyond.status, beyond.actual, beyond.observed_on) == (
        within.status,
        within.actual,
        date(2023, 12, 31),
    )


BY_FIGURES = [
    (Kind.LEVEL, {"baseline": baseline(12)}),
    (Kind.CHANGE, {}),
    (Kind.SHARE, {}),
]


@pytest.mark.parametrize(("kind", "more"), BY_FIGURES)
@pytest.mark.parametrize(("start", "actual"), [(date(2021, 12, 31), 13), (date(2022, 1, 1), None)])
def test_a_figure_is_of_the_window_if_its_period_ends_in_it(kind, more, start, actual):
    of = clause(kind, 20, window=Window(start, END), **more)
    assert judged(of, series(y2021=13)).actual == actual


@pytest.mark.parametrize(("kind", "more"), BY_FIGURES[:2])
def test_a_year_without_a_value_leaves_the_figure_of_the_year_before(kind, more):
    found = judged(clause(kind, 20, **more), series(y2021=13, y2022=None), date(2023, 1, 31))
    assert (found.actual, found.observed_on) == (13, date(2021, 12, 31))


def test_a_share_of_nothing_in_its_last_year_is_not_applicable():
    found = judged(clause(Kind.SHARE, 20), series(y2021=13, y2022=None), date(2023, 1, 31))
    assert (found.status, found.actual) == (Status.NOT_APPLICABLE, None)


@pytest.mark.parametrize(
    ("known_until", "actual"), [(date(2020, 12, 31), None), (date(2021, 1, 1), 0)]
)
def test_a_sum_has_a_figure_once_the_first_day_of_the_window_is_known(known_until, actual):
    of = clause(Kind.CUMULATIVE, 20, unit="亩")
    found = judged(of, flow(unit="亩", known_until=known_until), date(2021, 3, 31))
    assert found.actual == actual


@pytest.mark.parametrize(
    ("day", "status"),
    [
        ("2020-12-31", Status.ACHIEVED),
        ("2021-01-01", Status.AWAITING),
        ("2023-12-31", Status.AWAITING),
        ("2024-01-01", Status.ACHIEVED),
    ],
)
def test_a_preliminary_amount_outside_the_window_holds_no_sum_back(day, status):
    of = clause(Kind.CUMULATIVE, 2, unit="亩")
    amounts = flow((day, 1), ("2022-05-01", 2), unit="亩", preliminary={date.fromisoformat(day)})
    assert judged(of, amounts, date(2024, 3, 31)).status is status


def test_of_things_that_are_late_one_without_a_day_is_counted_and_the_longest_known_is_told():
    of = clause(Kind.COVERAGE, 100, is_standing=True)
    late = (Open("甲"), Open("乙", date(2022, 5, 1)), Open("丙", date(2022, 4, 1)))
    in_hand = Open("丁", date(2022, 6, 1), date(2022, 7, 1))
    found = judged(of, Coverage(Fraction(1), Fraction(5), "家", opened=(*late, in_hand)))
    assert found.reason.code == "duty_open_since"
    assert found.reason.values == {"count": 3, "since": date(2022, 4, 1), "days": 90}


def test_a_duty_that_is_not_kept_and_names_nothing_is_broken():
    of = clause(Kind.COVERAGE, 100, is_standing=True)
    found = judged(of, Coverage(Fraction(0), Fraction(5), "家"))
    assert (found.status, found.reason.values) == (Status.BEHIND, {"count": 0})


def test_the_last_twelve_months_are_told_in_the_unit_of_the_clause():
    months = Running(
        date(2021, 7, 1), date(2022, 6, 30), Fraction(15), 2021, firms=3, firms_lacking=0
    )
    reading = replace(series("万元/亩", y2021=14), running=months)
    found = judged(clause(Kind.LEVEL, 200_000, unit="元/亩"), reading)
    assert (found.actual, found.running.value) == (140_000, 150_000)
