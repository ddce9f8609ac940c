"""Everything that stands beside a verdict, number by number: what a page prints of it."""

from datetime import date
from fractions import Fraction

import pandas as pd
import pytest

from build import BANDS, baseline, clause, county, flow, series
from tenglong.measure.clause import Baseline, IndicatorRef, Kind, Operator, Window
from tenglong.measure.clearance.standing import standings
from tenglong.measure.judge.assessment import Board, Reason, Status
from tenglong.measure.judge.clock import months_back, months_between, pace
from tenglong.measure.judge.kinds import assess
from tenglong.measure.judge.steps import compound_rate, whole_pace
from tenglong.measure.reading import Coverage, Figure, Gap, Grain, Happened, NotKnown, Open, Series

MIDDLE, END = date(2022, 6, 30), date(2023, 12, 31)


def judged(of, reading, as_of=MIDDLE):
    return assess(of, reading, as_of=as_of, bands=BANDS)


# Growth: held against the path, year by year.


def test_growth_is_told_with_its_path_its_goal_and_both_rates():
    of = clause(Kind.GROWTH, 25)
    found = judged(of, series("万元", y2020=100, y2021=140, y2022=126), date(2023, 3, 1))
    parts = found.components
    assert (parts["baseline"], parts["latest"], parts["years"]) == (100, 126, 2)
    assert (parts["path"], parts["goal"]) == (Fraction("156.25"), Fraction("195.3125"))
    assert parts["mean_of_yearly_rates_pct"] == 15
    assert float(parts["compound_rate_pct"]) == pytest.approx(12.2497, abs=1e-4)
    assert found.actual == parts["compound_rate_pct"]
    assert found.margin == found.actual - 25
    assert found.progress == Fraction(26) / Fraction("95.3125")
    assert found.pace == Fraction("56.25") / Fraction("95.3125")
    assert (found.observed_on, found.paced_on) == (date(2022, 12, 31), date(2022, 12, 31))
    assert found.status is Status.FAR_BEHIND


@pytest.mark.parametrize(
    ("last", "status"), [("195.3125", Status.ACHIEVED), ("195.3124", Status.MISSED)]
)
def test_growth_on_the_path_to_the_last_digit_is_kept(last, status):
    reading = series("万元", y2020=100, y2021=125, y2022="156.25", y2023=last)
    assert judged(clause(Kind.GROWTH, 25), reading, END).status is status


def test_growth_stops_at_the_first_year_without_a_figure_and_from_nothing_there_is_none():
    of = clause(Kind.GROWTH, 25)
    found = judged(of, series("万元", y2020=100, y2021=125, y2022=None, y2023=400), END)
    assert (found.components["years"], found.status) == (1, Status.AWAITING)
    assert judged(of, series("万元", y2020=0, y2021=125)).status is Status.NOT_APPLICABLE
    assert judged(of, series("万元", y2020=1, y2021="1.25")).status is Status.ON_TRACK
    assert judged(of, series("万元", y2021=125)).status is Status.NO_BASELINE


def test_growth_of_an_old_figure_is_stale():
    of = clause(Kind.GROWTH, 25)
    reading = series("万元", y2020=100, y2021=125)
    assert judged(of, reading, date(2023, 12, 30)).status is Status.STALE
    found = judged(of, reading, date(2023, 12, 30))
    assert (found.progress, found.pace, found.gap) == (None, None, None)
    assert judged(of, reading, END).status is Status.AWAITING


@pytest.mark.parametrize(
    ("quotient", "rate"), [("2.25", "0.5"), ("1", "0"), ("0", "-1"), ("-2", "-1")]
)
def test_a_compound_rate_leads_to_its_quotient(quotient, rate):
    assert compound_rate(Fraction(quotient), years=2) == Fraction(rate)


# Levels: the baseline, what has come since, the rates a month.


def test_a_level_is_told_with_everything_that_it_follows_from():
    figure = Figure(date(2021, 12, 31), Fraction(9), {"firms": 30}, since=Fraction(-2))
    of = clause(Kind.CLEAR_OUT, 0, operator=Operator.AT_MOST, unit="家", baseline=baseline(12))
    found = judged(of, Series((figure,), "家"))
    assert (found.actual, found.baseline, found.margin) == (7, 12, -7)
    assert (found.progress, found.pace) == (Fraction(5, 12), Fraction(1, 3))
    assert found.components["figure"] == 9
    assert found.components["firms"] == 30
    assert found.components["due_by_now"] == 4
    assert (found.rate, found.needed_rate) == (Fraction(-5, 12), Fraction(-7, 24))
    assert (found.observed_on, found.paced_on) == (date(2021, 12, 31), date(2021, 12, 31))


def test_a_figure_to_which_nothing_has_come_since_is_told_once():
    of = clause(Kind.LEVEL, 20, baseline=baseline(12))
    assert "figure" not in judged(of, series(y2021=14)).components


def test_the_baseline_is_the_figure_of_its_own_year():
    of = clause(Kind.LEVEL, 20, baseline=Baseline(2019))
    found = judged(of, series(y2018=1, y2019=10, y2020=12, y2021=15))
    assert (found.baseline, found.progress) == (10, Fraction(1, 2))
    assert judged(of, series(y2020=12, y2021=15)).status is Status.NO_BASELINE


def test_figures_before_the_window_are_the_trend_and_no_actual():
    of = clause(Kind.LEVEL, 20, baseline=baseline(12))
    found = judged(of, series(y2019=11, y2020=19), date(2021, 12, 30))
    assert (found.status, found.actual) == (Status.NOT_DUE, None)
    assert [value for _, value in found.trend] == [11, 19]
    assert found.reason == Reason("first_figure", {"due": date(2021, 12, 31)})


@pytest.mark.parametrize(
    ("as_of", "status"),
    [
        (date(2022, 2, 28), Status.NOT_DUE),
        (date(2022, 3, 1), Status.STALE),
    ],
)
def test_the_first_figure_is_lacking_when_its_publisher_is_late(as_of, status):
    assert BANDS.stale_after[Grain.YEAR] == 14
    of = clause(Kind.LEVEL, 20, baseline=baseline(12))
    found = judged(of, series(y2020=12), as_of)
    assert found.status is status


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        (Kind.LEVEL, {"baseline": baseline(12)}),
        (Kind.SHARE, {}),
        (Kind.CHANGE, {}),
    ],
)
def test_of_two_figures_of_the_window_the_later_one_is_judged(kind, more):
    found = judged(clause(kind, 20, **more), series(y2020=11, y2021=13, y2022=14), END)
    assert (found.actual, found.observed_on) == (14, date(2022, 12, 31))
    assert found.margin == -6
    final = judged(clause(kind, 20, **more), series(y2021=13, y2023=20), END)
    assert (final.actual, final.status) == (20, Status.ACHIEVED)


def test_a_target_that_the_baseline_meets_falls_behind_below_it():
    of = clause(Kind.LEVEL, 20, baseline=baseline(20))
    found = judged(of, series(y2021=19))
    assert (found.status, found.reason.code) == (Status.BEHIND, "fell_below_baseline")
    assert judged(of, series(y2021=20)).status is Status.ACHIEVED


# Sums: whose pace, which batch, how they grew.


def test_a_sum_grows_from_day_to_day_and_ends_on_the_last_day_known():
    of = clause(Kind.CUMULATIVE, 20, unit="亩")
    found = judged(of, flow(("2021-03-01", 2), ("2021-05-01", 3), ("2022-05-01", -1), unit="亩"))
    assert [value for _, value in found.trend] == [2, 5, 4]
    assert (found.actual, found.margin, found.observed_on) == (4, -16, MIDDLE)
    assert found.components["actual"] == 4
    late = judged(of, flow(("2021-03-01", 2), unit="亩"), date(2025, 1, 1))
    assert late.observed_on == END


@pytest.mark.parametrize(
    ("as_of", "due", "paced_on"),
    [
        (date(2021, 5, 31), date(2021, 6, 30), None),
        (date(2021, 6, 30), None, date(2021, 6, 30)),
        (date(2021, 12, 30), None, date(2021, 6, 30)),
        (date(2021, 12, 31), None, date(2021, 12, 31)),
        (date(2022, 7, 1), None, date(2022, 6, 30)),
    ],
)
def test_titles_are_held_against_the_end_of_their_last_batch(as_of, due, paced_on):
    of = clause(Kind.CUMULATIVE, 6, unit="项")
    found = judged(of, flow(unit="项", batches=(12, 6)), as_of)
    if due:
        assert (found.status, found.reason) == (
            Status.NOT_DUE,
            Reason("before_batch", {"due": due}),
        )
    else:
        assert found.paced_on == paced_on
        assert found.pace == whole_pace(pace(of.window, paced_on), Fraction(6))


def test_a_yearly_count_waits_for_its_batch_and_says_when():
    of = clause(Kind.ANNUAL, 2, unit="项")
    reading = flow(("2021-12-01", 2), unit="项", batches=(12,))
    found = judged(of, reading, date(2022, 12, 30))
    assert (found.status, found.reason) == (
        Status.NOT_DUE,
        Reason("before_batch", {"due": date(2022, 12, 31)}),
    )
    assert judged(of, reading, date(2022, 12, 31)).status is Status.MISSED


@pytest.mark.parametrize(
    ("known_until", "status"),
    [
        (date(2020, 12, 31), Status.NO_DATA),
        (date(2021, 1, 31), Status.STALE),
        (date(2022, 2, 28), Status.FAR_BEHIND),
        (date(2022, 2, 27), Status.STALE),
    ],
)
def test_monthly_amounts_are_stale_after_their_months(known_until, status):
    assert BANDS.stale_after[Grain.MONTH] == 4
    of = clause(Kind.CUMULATIVE, 20, unit="亩")
    assert judged(of, flow(unit="亩", known_until=known_until)).status is status


def test_a_sum_that_may_fall_waits_for_its_last_figure_and_one_that_cannot_does_not():
    of = clause(Kind.CUMULATIVE, 5, unit="亩")
    known = {"unit": "亩", "known_until": date(2023, 11, 30)}
    assert judged(of, flow(("2021-03-01", 5), **known), END).status is Status.ACHIEVED
    assert (
        judged(of, flow(("2021-03-01", 5), **known, may_fall=True), END).status is Status.AWAITING
    )
    assert judged(of, flow(("2021-03-01", 4), **known), END).status is Status.AWAITING


# Years.


def test_all_bad_years_are_named_and_the_last_known_is_shown():
    of = clause(Kind.ANNUAL, 2, unit="家")
    found = judged(of, flow(("2021-05-01", 1), ("2023-02-01", 1), unit="家"), date(2023, 6, 30))
    assert found.reason == Reason("bad_year", {"years": "2021, 2022"})
    assert [(year.year, year.verdict, year.actual) for year in found.years] == [
        (2021, "missed", 1),
        (2022, "missed", 0),
        (2023, "running", 1),
    ]
    assert (found.actual, found.margin, found.observed_on) == (1, -1, date(2023, 6, 30))
    assert {name: found.components[name] for name in ("year_2021", "year_2022", "target")} == {
        "year_2021": 1,
        "year_2022": 0,
        "target": 2,
    }
    assert [value for _, value in found.trend] == [1, 0, 1]


def test_a_share_of_every_year_shows_the_last_year_that_has_one():
    of = clause(Kind.SHARE, 30, each_year=True)
    found = judged(of, series(y2021=31), date(2022, 3, 31))
    assert (found.status, found.reason) == (
        Status.ON_TRACK,
        Reason("year_running", {"years": "2022"}),
    )
    assert (found.actual, found.margin, found.observed_on) == (31, 1, date(2021, 12, 31))
    assert found.trend == ((date(2021, 12, 31), 31),)
    running = judged(of, series(y2021=31, y2022=29), date(2022, 3, 31))
    assert (running.status, running.actual) == (Status.NOT_DUE, 29)
    assert running.reason == Reason(
        "share_provisional", {"years": "2022", "due": date(2022, 12, 31)}
    )


@pytest.mark.parametrize(
    ("as_of", "verdict"), [("2023-02-28", "awaiting"), ("2023-03-01", "no_data")]
)
def test_a_year_without_a_figure_is_awaited_until_its_publisher_is_late(as_of, verdict):
    of = clause(Kind.SHARE, 30, each_year=True)
    found = judged(of, series(y2021=31), date.fromisoformat(as_of))
    assert found.years[1].verdict == verdict


def test_a_preliminary_figure_of_a_year_decides_nothing():
    of = clause(Kind.SHARE, 30, each_year=True)
    figure = Figure(date(2021, 12, 31), Fraction(29), is_preliminary=True)
    assert judged(of, Series((figure,), "%")).status is Status.AWAITING
    final = Figure(date(2021, 12, 31), Fraction(29))
    assert judged(of, Series((final,), "%")).status is Status.MISSED


# Duties and milestones: by how many days.


@pytest.mark.parametrize(
    ("on", "reason"),
    [
        (date(2021, 12, 31), Reason("done", {"happened_on": date(2021, 12, 31)})),
        (date(2022, 1, 1), Reason("done_late", {"happened_on": date(2022, 1, 1), "days": 1})),
        (date(2022, 3, 1), Reason("done_late", {"happened_on": date(2022, 3, 1), "days": 60})),
    ],
)
def test_what_is_done_late_tells_by_how_many_days(on, reason):
    of = clause(Kind.MILESTONE, due=date(2021, 12, 31))
    assert judged(of, Happened(on)).reason == reason
    checks = clause(Kind.COVERAGE, 100, due=date(2021, 12, 31))
    done = Coverage(Fraction(2), Fraction(2), "家", completed_on=on)
    assert judged(checks, done).reason == reason


def test_a_milestone_to_come_is_held_against_its_own_clock():
    of = clause(Kind.MILESTONE, due=date(2022, 12, 31), window=Window(date(2022, 1, 1), END))
    found = judged(of, Happened(None))
    assert (found.status, found.pace, found.progress) == (Status.NOT_DUE, Fraction(1, 2), 0)


@pytest.mark.parametrize(
    ("since", "until", "status", "code"),
    [
        (date(2022, 6, 1), MIDDLE, Status.ON_TRACK, "duty_in_hand"),
        (date(2022, 6, 1), date(2022, 6, 29), Status.BEHIND, "duty_open_since"),
        (None, None, Status.BEHIND, "duty_open"),
    ],
)
def test_a_duty_that_is_not_done_is_in_hand_or_open(since, until, status, code):
    of = clause(Kind.COVERAGE, 100, is_standing=True)
    open_ = (Open("甲", since, until),)
    found = judged(of, Coverage(Fraction(1), Fraction(2), "家", opened=open_))
    assert (found.status, found.reason.code, found.opened) == (status, code, open_)
    assert dict(found.reason.values)["count"] == 1
    over = judged(
        of, Coverage(Fraction(1), Fraction(2), "家", opened=(Open("甲", since, since),)), END
    )
    assert over.status is Status.MISSED
    held = judged(of, Coverage(Fraction(2), Fraction(2), "家"), END)
    assert held.status is Status.ACHIEVED


def test_nothing_required_is_not_applicable_with_what_is_known():
    found = judged(
        clause(Kind.COVERAGE, 100), Coverage(Fraction(0), Fraction(0), "家", parts={"x": 1})
    )
    assert (found.status, found.components) == (
        Status.NOT_APPLICABLE,
        {"x": 1, "done": 0, "required": 0},
    )


# A board counts every clause once.


def test_a_board_counts_what_is_judged_untold_and_waiting():
    unknown = NotKnown(Gap.NO_DATA, "no_table", "parcels")
    of = clause(Kind.CUMULATIVE, 2, unit="亩")
    board = Board(
        MIDDLE,
        Fraction(1, 2),
        (
            judged(of, flow(("2021-03-01", 2), unit="亩")),
            judged(of, unknown),
            judged(clause(Kind.COVERAGE, 100), Coverage(Fraction(0), Fraction(0), "家")),
            judged(clause(Kind.NARRATIVE), unknown),
            judged(of, flow(("2021-03-01", 1), unit="亩")),
        ),
    )
    assert [
        len(part) for part in (board.quantified, board.measured, board.untold, board.waiting)
    ] == [
        4,
        2,
        1,
        1,
    ]
    assert (board.counts[Status.ACHIEVED], board.counts[Status.NO_DATA]) == (1, 1)
    assert sum(board.counts.values()) == 5
    assert board.assessments[1].missing == ("parcels", "")


def test_a_board_gives_the_clauses_that_an_indicator_measures():
    board = Board(
        MIDDLE,
        Fraction(1, 2),
        tuple(
            judged(
                clause(Kind.CUMULATIVE, 2, id=name, unit="亩", indicator=indicator),
                flow(unit="亩"),
            )
            for name, indicator in (
                ("a", IndicatorRef("freed")),
                ("b", IndicatorRef("investment")),
                ("c", None),
                ("d", IndicatorRef("freed")),
            )
        ),
    )
    assert [one.clause.id for one in board.measured_by("freed")] == ["a", "d"]
    assert board.measured_by("milestone") == ()


# The clock.


@pytest.mark.parametrize(
    ("day", "count", "back"),
    [
        (date(2022, 3, 31), 1, date(2022, 2, 28)),
        (date(2022, 2, 28), 1, date(2022, 1, 31)),
        (date(2022, 3, 15), 3, date(2021, 12, 15)),
        (date(2022, 1, 30), 11, date(2021, 2, 28)),
        (date(2022, 12, 31), 12, date(2021, 12, 31)),
    ],
)
def test_so_many_months_back_is_the_same_day_or_the_last(day, count, back):
    assert months_back(day, count) == back


def test_months_between_two_days_count_broken_months_by_their_days():
    assert months_between(date(2022, 1, 31), date(2022, 2, 14)) == Fraction(1, 2)
    assert months_between(date(2022, 1, 15), date(2022, 3, 31)) == 2 + Fraction(16, 31)


# The closed loop: every day of a firm's way.


def test_a_firm_s_way_is_told_with_each_of_its_days():
    rows = [
        ("2021-03-01", "listed", None),
        ("2021-04-01", "checked", False),
        ("2021-05-01", "plan", None),
        ("2021-06-01", "rectifying", True),
        ("2021-08-01", "closed", None),
    ]
    whole = {
        "usci": ["A"] * 5,
        "happened_on": [day for day, _, _ in rows],
        "event": [event for _, event, _ in rows],
        "is_illegal": [flag for _, _, flag in rows],
        "evidence": [None, None, None, None, "1号"],
    }
    found = standings(county(clearance_events=whole)).iloc[0]
    days = {
        name: str(found[name].date()) for name in ("listed_on", "checked_on", "ended_on", "since")
    }
    assert days == {
        "listed_on": "2021-03-01",
        "checked_on": "2021-04-01",
        "ended_on": "2021-08-01",
        "since": "2021-08-01",
    }
    assert (found["state"], found["days_in_state"]) == ("closed", 333)
    assert (bool(found["is_illegal"]), bool(found["is_proven"])) == (True, True)
    assert pd.isna(found["owed"])
    on_its_way = {name: values[:3] for name, values in whole.items()}
    found = standings(county(clearance_events=on_its_way)).iloc[0]
    assert (found["state"], str(found["since"].date())) == ("plan", "2021-05-01")
    assert pd.isna(found["ended_on"])
    assert bool(found["is_illegal"]) is False
