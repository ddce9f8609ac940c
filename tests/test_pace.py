"""Whose pace a figure is held against, and when a status may change at all."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from build import BANDS, PLAN_WINDOW, POLICY, baseline, clause, county, flow, series
from tenglong.errors import ConfigurationError
from tenglong.measure.board.board import assess_plan
from tenglong.measure.clause import Kind, Operator, Window
from tenglong.measure.clearance.results import listed_firms
from tenglong.measure.judge.assessment import Status
from tenglong.measure.judge.clock import pace
from tenglong.measure.judge.kinds import assess
from tenglong.measure.judge.steps import paced_on
from tenglong.measure.land.supply import land_replaced
from tenglong.measure.policy.duty import opened
from tenglong.measure.project.projects import guarantee_teams
from tenglong.measure.reading import Coverage, Grain, Open
from tenglong.measure.title.titles import recognitions
from tenglong.source import describe_bundle, read_bundle

END = date(2023, 12, 31)
LEVEL = clause(Kind.LEVEL, 20, unit="万元/亩", baseline=baseline(12))
FIGURES = series("万元/亩", y2021=14, y2022=17)


def judged(of, reading, day):
    on = date.fromisoformat(day) if isinstance(day, str) else day
    return assess(of, reading, as_of=on, bands=BANDS)


# --- figures of a period ------------------------------------------------------------------------


@pytest.mark.parametrize("day", ["2021-12-31", "2022-06-30", "2022-11-30", "2022-12-30"])
def test_a_yearly_figure_is_held_against_the_pace_of_its_own_date(day):
    one = judged(LEVEL, series("万元/亩", y2021=14), day)
    assert (one.pace, one.gap) == (Fraction(1, 3), Fraction(1, 4) - Fraction(1, 3))
    assert (one.status, one.paced_on) == (Status.ON_TRACK, date(2021, 12, 31))


@given(st.dates(date(2021, 12, 31), date(2024, 12, 31)))
def test_between_two_figures_nothing_moves_but_what_falls_due(day):
    # The figure of 2022 is out on its last day and becomes too old after February 2024; the
    # clause is due at the end of 2023.
    known = series("万元/亩", y2021=14)
    if day >= date(2022, 12, 31):
        known = series("万元/亩", y2021=14, y2022=17)
    expected = Status.AWAITING if day >= END else Status.ON_TRACK
    assert judged(LEVEL, known, day).status is expected


def test_a_figure_whose_next_is_overdue_is_stale_from_that_day_on():
    only = series("万元/亩", y2021=14)
    assert judged(LEVEL, only, "2023-02-28").status is Status.ON_TRACK
    assert judged(LEVEL, only, "2023-03-01").status is Status.STALE


@pytest.mark.parametrize("value", ["19.5", "20", "25"])
def test_from_the_due_day_on_only_its_own_figure_decides(value):
    old = judged(LEVEL, series("万元/亩", y2022=value), END)
    assert (old.status, old.observed_on) == (Status.AWAITING, date(2022, 12, 31))
    assert not old.status.is_known
    own = judged(LEVEL, series("万元/亩", y2022=value, y2023=value), "2024-03-20")
    assert own.status is (Status.MISSED if value == "19.5" else Status.ACHIEVED)


def test_growth_awaits_the_figure_of_its_last_year():
    of = clause(Kind.GROWTH, 25)
    grown = series("万元", y2020=100, y2021=130, y2022=170)
    assert judged(of, grown, "2023-12-30").status is Status.AHEAD
    assert judged(of, grown, END).status is Status.AWAITING


def test_where_only_a_figure_of_before_the_window_is_known_it_is_told_of_when_it_is():
    one = judged(LEVEL, series("万元/亩", y2019=11, y2020=12), "2022-06-30")
    assert (one.status, one.reason.code) == (Status.STALE, "stale")
    assert one.reason.values == {"observed_on": date(2020, 12, 31)}


@pytest.mark.parametrize(
    ("start", "on"), [(date(2021, 6, 30), date(2021, 6, 30)), (date(2021, 7, 1), None)]
)
def test_a_batch_that_ends_on_the_first_day_of_a_window_is_of_it(start, on):
    titles = flow(unit="个", batches=(6,))
    assert paced_on(titles, Window(start, END), date(2021, 7, 15)) == on


@pytest.mark.parametrize(
    ("end", "on"), [(date(2023, 6, 30), date(2023, 6, 30)), (date(2023, 6, 29), date(2022, 6, 30))]
)
def test_a_batch_that_ends_on_the_last_day_of_a_window_is_of_it(end, on):
    titles = flow(unit="个", batches=(6,))
    assert paced_on(titles, Window(date(2021, 1, 1), end), date(2023, 7, 15)) == on


def test_a_first_figure_is_not_lacking_before_it_is_overdue():
    of = clause(Kind.GROWTH, 10)
    only = series("%", y2020=100)
    assert judged(of, only, "2022-02-28").status is Status.NOT_DUE
    assert judged(of, only, "2022-03-01").status is Status.STALE


def test_a_published_total_stands_until_the_next_and_a_ledger_falls_behind():
    of = clause(Kind.CUMULATIVE, 30, unit="亿元")
    half = flow(("2021-12-31", 10), unit="亿元", known_until=date(2021, 12, 31), grain=Grain.YEAR)
    figure = replace(half, is_ledger=False)
    assert judged(of, figure, "2022-11-30").gap == 0
    assert judged(of, half, "2022-11-30").gap == Fraction(10, 30) - Fraction(23, 36)


def test_a_sum_that_cannot_fall_is_met_and_a_net_count_is_awaited():
    of = clause(Kind.CUMULATIVE, 20, unit="家")
    net = flow(("2022-12-31", 20), unit="家", known_until=date(2022, 12, 31), grain=Grain.YEAR)
    assert judged(of, net, END).status is Status.ACHIEVED
    assert judged(of, replace(net, may_fall=True), END).status is Status.AWAITING


# --- whole things -------------------------------------------------------------------------------


@given(st.integers(1, 60), st.dates(date(2021, 1, 1), END))
def test_of_n_things_the_whole_part_of_their_pace_is_due(count, day):
    of = clause(Kind.CUMULATIVE, count, unit="家")
    one = judged(of, flow(("2021-01-01", 1), unit="家"), day)
    assert one.pace == Fraction(floor(pace(PLAN_WINDOW, day) * count), count)


@pytest.mark.parametrize(
    ("count", "day", "status"),
    [
        (1, "2023-12-30", Status.NOT_DUE),
        (1, "2023-12-31", Status.MISSED),
        (2, "2022-06-29", Status.NOT_DUE),
        (2, "2022-06-30", Status.FAR_BEHIND),
        (20, "2021-01-31", Status.NOT_DUE),
    ],
)
def test_while_none_is_due_none_is_late(count, day, status):
    of = clause(Kind.CUMULATIVE, count, unit="家")
    assert judged(of, flow(unit="家"), day).status is status


def test_one_a_year_is_not_behind_in_april_and_late_at_its_end():
    of = clause(Kind.ANNUAL, 1, unit="个")
    kept = flow(("2021-05-01", 1), unit="个")
    assert judged(of, kept, "2022-04-30").status is Status.NOT_DUE
    assert judged(of, kept, "2022-12-30").status is Status.NOT_DUE
    assert judged(of, kept, "2022-12-31").status is Status.MISSED


def test_amounts_that_have_halves_keep_the_exact_pace():
    of = clause(Kind.CUMULATIVE, 350, unit="亩")
    assert judged(of, flow(("2021-05-01", 100), unit="亩"), "2022-06-30").pace == Fraction(1, 2)


# --- titles in batches --------------------------------------------------------------------------


def titles(*days, months=(12,)):
    return recognitions(
        county(
            policy={"titles": POLICY["titles"] | {"batches": {"high_tech_firm": list(months)}}},
            recognitions={
                "kind": ["high_tech_firm"] * len(days),
                "holder": list("甲乙丙丁戊己")[: len(days)],
                "recognised_on": list(days),
                "is_lost": [False] * len(days),
            },
        ),
        kind="high_tech_firm",
    )


def test_a_title_is_not_due_before_its_batch_and_late_after_it():
    of = clause(Kind.ANNUAL, 2, unit="家")
    kept = titles("2021-12-16", "2021-12-16")
    for day in ("2022-01-01", "2022-04-30", "2022-11-30"):
        one = judged(of, kept, day)
        assert (one.status, one.reason.values) == (Status.NOT_DUE, {"due": date(2022, 12, 31)})
    assert judged(of, kept, "2022-12-31").status is Status.MISSED


def test_a_cumulative_title_is_held_against_the_pace_of_the_last_batch():
    of = clause(Kind.CUMULATIVE, 6, unit="家")
    won = titles("2021-12-16", "2021-12-16")
    assert judged(of, won, "2021-11-30").status is Status.NOT_DUE
    assert judged(of, won, "2022-11-30").gap == 0  # 2 of the 2 due by the batch of 2021


def test_two_batches_a_year_make_half_of_it_due_in_summer():
    of = clause(Kind.ANNUAL, 4, unit="家")
    won = titles("2021-06-01", "2021-06-01", "2021-12-01", "2021-12-01", months=(6, 12))
    assert judged(of, won, "2022-06-29").status is Status.NOT_DUE
    assert judged(of, won, "2022-06-30").status is Status.FAR_BEHIND


# --- shares that fill up ------------------------------------------------------------------------


def test_a_share_of_the_running_year_is_provisional_until_it_is_over():
    of = clause(Kind.SHARE, 30, each_year=True)
    low = series("", y2021="0.4", y2022="0.1")
    one = judged(of, low, "2022-04-30")
    assert (one.status, one.reason.code) == (Status.NOT_DUE, "share_provisional")
    assert judged(of, low, "2022-12-31").status is Status.MISSED
    high = series("", y2021="0.4", y2022="0.5")
    assert judged(of, high, "2022-04-30").status is Status.ON_TRACK


def test_a_share_with_a_day_and_no_baseline_lacks_its_baseline():
    of = clause(Kind.SHARE, 35)
    assert judged(of, series("", y2021="0.3"), "2022-06-30").status is Status.NO_BASELINE
    assert judged(of, series("", y2021="0.35"), "2022-06-30").status is Status.ACHIEVED
    assert judged(of, series("", y2023="0.3"), END).status is Status.MISSED


def test_a_year_that_is_over_is_awaited_until_its_figure_is_overdue():
    of = clause(Kind.ANNUAL, 2, unit="亿元")
    none = flow(unit="亿元", known_until=date(2020, 12, 31), grain=Grain.YEAR)
    assert judged(of, none, "2021-12-31").status is Status.AWAITING
    assert judged(of, none, "2022-02-28").status is Status.AWAITING
    assert judged(of, none, "2022-03-01").status is Status.NO_DATA


# --- standing duties ----------------------------------------------------------------------------

DUTY = clause(Kind.COVERAGE, 100, is_standing=True)


def covered(done, required, *things):
    return Coverage(Fraction(done), Fraction(required), "个", opened=things)


@pytest.mark.parametrize("day", ["2021-02-01", "2022-06-30", "2023-12-30"])
def test_a_duty_holds_or_not_and_is_never_ahead(day):
    kept = judged(DUTY, covered(7, 7), day)
    assert (kept.status, kept.pace, kept.gap) == (Status.ON_TRACK, None, None)
    open_since = Open("甲", date(2021, 1, 1), date(2021, 1, 31))
    broken = judged(DUTY, covered(6, 7, open_since), day)
    assert (broken.status, broken.gap) == (Status.BEHIND, None)
    assert broken.reason.values["days"] == (date.fromisoformat(day) - date(2021, 1, 1)).days


def test_what_joins_has_its_term_and_is_named_afterwards():
    joined = Open("甲", date(2022, 6, 1), date(2022, 7, 1))
    assert judged(DUTY, covered(6, 7, joined), "2022-07-01").reason.code == "duty_in_hand"
    late = judged(DUTY, covered(6, 7, joined), "2022-07-02")
    assert (late.status, late.opened) == (Status.BEHIND, (joined,))


def test_what_is_open_without_a_known_day_is_late():
    assert judged(DUTY, covered(0, 1, Open("甲")), "2022-06-30").reason.code == "duty_open"


def test_a_duty_is_settled_when_the_plan_ends():
    assert judged(DUTY, covered(1, 1), END).status is Status.ACHIEVED
    assert judged(DUTY, covered(0, 1, Open("甲")), END).status is Status.MISSED


def test_a_yearly_duty_that_is_broken_is_behind_at_once():
    of = clause(Kind.SHARE, 100, each_year=True, is_standing=True)
    assert judged(of, series("", y2021=1, y2022="0.9"), "2022-04-30").status is Status.BEHIND
    assert judged(of, series("", y2021=1, y2022=1), "2022-04-30").status is Status.ON_TRACK


TERMS = {"duties": {"source": "测试", "terms_days": {"guarantee_teams": 30, "land_replaced": 180}}}


def test_a_project_without_a_team_is_open_since_it_landed():
    reading = guarantee_teams(
        county(
            policy=TERMS,
            projects={
                "project_id": ["P", "Q"],
                "name": ["一", "二"],
                "is_manufacturing": [True, True],
                "total_investment_wan": [12000, 12000],
                "landed_on": ["2022-06-10", "2022-05-01"],
                "guarantee_team": [None, None],
            },
        ),
        min_investment_wan=10000,
    )
    assert [(one.name, one.until) for one in reading.opened] == [
        ("二", date(2022, 5, 31)),
        ("一", date(2022, 7, 10)),
    ]


def test_land_is_owed_since_the_day_the_balance_fell_below_zero_for_good():
    moves = {
        "moved_on": ["2021-03-01", "2021-05-01", "2021-09-01", "2022-01-10"],
        "area_mu": [10, 12, 5, 1],
        "direction": ["out", "in", "out", "in"],
    }
    (owed,) = land_replaced(county(policy=TERMS, land_moves=moves)).opened
    assert (owed.name, owed.since) == ("2 亩", date(2021, 9, 1))


def test_a_firm_that_a_new_figure_brings_is_open_since_that_figure():
    firms = {"usci": ["A", "B"], "name": ["甲", "乙"], "industry": ["33", "33"]}
    years = {
        "usci": ["A", "B", "A", "B"],
        "year": [2020, 2020, 2021, 2021],
        "tax_paid_wan": [3, 90, 3, 3],
        "value_added_wan": [9, 90, 9, 9],
        "energy_tce": [1, 1, 1, 1],
        "land_mu": [3, 3, 3, 3],
        "is_above_scale": [False] * 4,
    }
    nobody = {"usci": [], "event": [], "happened_on": []}
    known = county(enterprises=firms, enterprise_years=years, clearance_events=nobody)
    found = listed_firms(known, min_land_mu=3)
    assert [(one.name, one.since) for one in found.opened] == [
        ("甲", date(2020, 12, 31)),
        ("乙", date(2021, 12, 31)),
    ]


def test_a_duty_without_a_term_in_the_policy_is_never_in_hand():
    (one,) = opened({}, "guarantee_teams", [("甲", date(2022, 6, 1))])
    assert one.until is None


def test_terms_that_are_no_days_are_refused():
    policy = {"duties": {"source": "测试", "terms_days": {"guarantee_teams": "soon"}}}
    with pytest.raises(ConfigurationError, match="whole number"):
        opened(policy, "guarantee_teams", [])


# --- the sample ---------------------------------------------------------------------------------

# Measured by figures of a period: nothing moves them but a figure, or a day that falls due.
BY_FIGURES = (
    "tax_per_mu",
    "value_added_per_mu",
    "labour_productivity",
    "energy_intensity",
    "rd_share_of_revenue",
    "net_above_scale_firms",
    "digitalised_smes",
    "digital_manufacturing_growth",
    "technology_transactions",
    "manufacturing_investment_growth",
)


@pytest.fixture(scope="module")
def sample():
    return read_bundle(describe_bundle("data/sample"))


def rows_of(judged):
    return [len(evidence.rows) for evidence in judged.evidence]


@pytest.mark.long
def test_a_status_measured_by_figures_moves_only_with_a_figure_or_a_due_day(sample):
    falls_due = {date(2021, 12, 31), date(2022, 3, 1), date(2023, 3, 1), END}
    days = [date(2021, 2, 1) + timedelta(days=23 * step) for step in range(47)]
    days += [day + timedelta(days=more) for day in falls_due for more in (-1, 0, 1)]
    before = None
    for day in sorted(days):
        board = assess_plan(sample.on(day))
        now = {name: board[name] for name in BY_FIGURES}
        for name, one in now.items() if before else ():
            was = before[1][name]
            has_news = rows_of(one) != rows_of(was)
            is_due = any(before[0] < due <= day for due in falls_due)
            if not (has_news or is_due or Status.CONTRADICTORY in (was.status, one.status)):
                assert (one.status, one.gap) == (was.status, was.gap), (name, day)
        before = (day, now)


def test_a_clear_out_is_whole_too():
    of = clause(Kind.CLEAR_OUT, 0, operator=Operator.AT_MOST, unit="家", baseline=baseline(13))
    one = judged(of, series("家", y2021=9), "2022-11-30")
    assert one.pace == Fraction(4, 13)  # floor(13/3) of 13 by the end of 2021
