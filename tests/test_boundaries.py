"""A limit met exactly: what decides a status, a list or a sentence belongs to one side of it."""

from datetime import date, timedelta
from fractions import Fraction

import pandas as pd
import pytest

from build import BANDS, POLICY, baseline, clause, county, flow, series
from tenglong.measure.board.change import Change
from tenglong.measure.bulletin.pick import bulletin_rule, highlights
from tenglong.measure.carbon.energy import key_users_monitored
from tenglong.measure.chain.collateral import active_collateral
from tenglong.measure.clause import Kind, Operator, Window
from tenglong.measure.clearance.clear_out import low_tax_firms
from tenglong.measure.clearance.results import checked_firms
from tenglong.measure.clearance.standing import standings
from tenglong.measure.clearance.two_high import key_users
from tenglong.measure.firm.ratios import clearance_scope, firm_ratio, firm_total
from tenglong.measure.judge.assessment import Reason, Status
from tenglong.measure.judge.kinds import assess
from tenglong.measure.judge.steps import is_overdue
from tenglong.measure.land.supply import industrial_grants
from tenglong.measure.project.dual_contract import contract_nodes
from tenglong.measure.project.investment import investment_completion
from tenglong.measure.project.projects import guarantee_teams
from tenglong.measure.project.stages import stage_days
from tenglong.measure.published.revisions import staleness
from tenglong.measure.reading import Coverage, Flow, Grain, Happened, NotKnown, Open, Series

END = date(2023, 12, 31)
HALF = date(2022, 6, 30)


# The share of values that may be missing: exactly so many is enough, one in fewer is not.


def firms(count, **columns):
    """Give a county of manufacturers with a year each; the first of them lacks its figures."""
    codes = [f"F{number:02}" for number in range(count)]
    years = {name: [None] + [value] * (count - 1) for name, value in columns.items()}
    return county(
        policy={"tax": {"source": "", "add_back": []}},
        enterprises={"usci": codes, "industry": ["3441"] * count},
        enterprise_years={
            "usci": codes,
            "year": [2021] * count,
            "is_above_scale": [True] * count,
            "land_mu": [4.0] * count,
            "tax_paid_wan": [8.0] * count,
            **years,
        },
    )


def granted(count):
    uses = [None] + ["1001"] * (count - 1)
    return county(
        land_supply={
            "granted_on": ["2021-03-01"] * count,
            "land_use": uses,
            "area_mu": [1.0] * count,
        }
    )


def landed(count):
    codes = [f"P{number:02}" for number in range(count)]
    return county(
        projects={
            "project_id": codes,
            "is_manufacturing": [True] * count,
            "is_attracted": [True] * count,
            "landed_on": ["2021-03-01"] * count,
            "total_investment_wan": [None] + [100.0] * (count - 1),
        },
        project_months={
            "project_id": codes,
            "month": ["2021-12"] * count,
            "invested_wan": [25.0] * count,
        },
    )


MISSING = {
    "firm_total": (
        lambda count: firms(count, revenue_wan=3.0),
        lambda where: firm_total(where, column="revenue_wan", scope="industry"),
    ),
    "firm_ratio": (
        lambda count: firms(count, tax_paid_wan=8.0),
        lambda where: firm_ratio(where, numerator="tax", denominator="land_mu", scope="industry"),
    ),
    "low_tax_firms": (
        lambda count: firms(count, tax_paid_wan=8.0),
        lambda where: low_tax_firms(where, below_wan_per_mu=5),
    ),
    "industrial_grants": (granted, industrial_grants),
    "investment_completion": (landed, investment_completion),
}


@pytest.mark.parametrize("name", MISSING)
def test_as_many_values_may_be_missing_as_the_policy_allows_and_no_more(name):
    build, measure = MISSING[name]
    most = Fraction(str(POLICY["bands"]["most_missing_share"]))
    assert most.numerator == 1, "one of so many rows must be just the share that is allowed"
    allowed = measure(build(most.denominator))
    assert [figure.end.year for figure in allowed.figures] == [2021]
    refused = measure(build(most.denominator - 1))
    assert isinstance(refused, NotKnown) or refused.figures == ()


# Days: what is due, open or stale on a day, and the day after it.


@pytest.mark.parametrize(("days", "is_late"), [(0, False), (1, True)])
def test_a_figure_is_overdue_once_the_usual_delay_is_over(days, is_late):
    ends = {Grain.YEAR: date(2021, 12, 31), Grain.QUARTER: date(2021, 12, 31)}
    for grain, end in ends.items():
        months = int(BANDS.stale_after[grain])
        limit = (pd.Period(end, "M") + months).end_time.date()
        assert is_overdue(end, grain, limit + timedelta(days=days), BANDS) is is_late


@pytest.mark.parametrize(("day", "is_stale"), [("2022-08-31", False), ("2022-09-01", True)])
def test_a_published_figure_is_stale_after_its_months_and_not_on_the_last_day(day, is_stale):
    policy = {**POLICY["bands"], "stale_after_months": {"year": 14, "quarter": 6, "month": 4}}
    where = county(
        day,
        policy={"bands": policy},
        official_series={"indicator": ["x"], "period": ["2022-04"], "value": [1.0]},
    )
    assert staleness(where)["is_stale"].tolist() == [is_stale]
    assert staleness(where)["age_months"].iloc[0] == pytest.approx(4, abs=0.04)


@pytest.mark.parametrize(
    ("day", "status"),
    [
        (END - timedelta(days=1), Status.ON_TRACK),
        (END, Status.MISSED),
        (END + timedelta(days=1), Status.MISSED),
    ],
)
def test_a_ledger_is_due_at_the_end_of_its_last_day(day, status):
    of = clause(Kind.CUMULATIVE, 100, unit="亩")
    found = assess(of, flow(("2021-03-01", 99), unit="亩"), as_of=day, bands=BANDS)
    assert found.status is status


@pytest.mark.parametrize(
    ("day", "status"), [(END - timedelta(days=1), Status.NOT_DUE), (END, Status.MISSED)]
)
def test_a_milestone_is_missed_on_its_due_day(day, status):
    found = assess(clause(Kind.MILESTONE), Happened(None), as_of=day, bands=BANDS)
    assert found.status is status


@pytest.mark.parametrize(
    ("day", "status"),
    [(HALF - timedelta(days=1), Status.AHEAD), (HALF, Status.MISSED)],
)
def test_a_coverage_is_missed_on_its_due_day(day, status):
    of = clause(Kind.COVERAGE, 100, due=HALF, window=Window(date(2022, 1, 1), END))
    reading = Coverage(Fraction(999), Fraction(1000), "家")
    early = assess(of, reading, as_of=date(2022, 3, 31), bands=BANDS)
    assert early.status is Status.AHEAD
    found = assess(of, reading, as_of=day, bands=BANDS)
    assert found.status is (Status.ON_TRACK if day < HALF else status)


def test_a_coverage_is_done_divided_by_required():
    of = clause(Kind.COVERAGE, 100)
    found = assess(of, Coverage(Fraction(3), Fraction(4), "家"), as_of=HALF, bands=BANDS)
    assert (found.actual, found.progress, found.margin) == (75, Fraction(3, 4), -25)


@pytest.mark.parametrize(("days", "status"), [(0, Status.ON_TRACK), (1, Status.BEHIND)])
def test_what_joins_a_duty_is_in_hand_on_the_last_day_of_its_term(days, status):
    of = clause(Kind.COVERAGE, 100, is_standing=True)
    until = date(2022, 6, 1)
    reading = Coverage(
        Fraction(1), Fraction(2), "家", opened=(Open("甲", until - timedelta(days=30), until),)
    )
    found = assess(of, reading, as_of=until + timedelta(days=days), bands=BANDS)
    assert found.status is status


def test_a_broken_duty_is_told_since_the_day_it_has_been_open_the_longest():
    of = clause(Kind.COVERAGE, 100, is_standing=True)
    days = (date(2022, 5, 1), date(2022, 3, 1), date(2022, 4, 1))
    opened = tuple(Open(str(day), day, day + timedelta(days=5)) for day in days)
    found = assess(
        of, Coverage(Fraction(0), Fraction(3), "家", opened=opened), as_of=HALF, bands=BANDS
    )
    assert found.reason == Reason(
        "duty_open_since", {"count": 3, "since": date(2022, 3, 1), "days": 121}
    )


# Bands: ten points ahead is ahead; ten behind is behind; thirty behind is not yet far behind.


@pytest.mark.parametrize(
    ("done", "status"),
    [
        (600, Status.AHEAD),
        (599, Status.ON_TRACK),
        (401, Status.ON_TRACK),
        (400, Status.BEHIND),
        (200, Status.BEHIND),
        (199, Status.FAR_BEHIND),
        (1000, Status.ACHIEVED),
        (999, Status.AHEAD),
    ],
)
def test_every_band_has_its_own_limit(done, status):
    of = clause(Kind.CUMULATIVE, 1000, unit="亩")
    found = assess(of, flow(("2021-03-01", done), unit="亩"), as_of=HALF, bands=BANDS)
    assert found.status is status


@pytest.mark.parametrize(
    ("operator", "actual", "is_met"),
    [
        (Operator.AT_LEAST, "20", True),
        (Operator.AT_LEAST, "19.99999", False),
        (Operator.MORE_THAN, "20", False),
        (Operator.MORE_THAN, "20.00001", True),
        (Operator.AT_MOST, "20", True),
        (Operator.AT_MOST, "20.00001", False),
        (Operator.LESS_THAN, "20", False),
        (Operator.LESS_THAN, "19.99999", True),
    ],
)
def test_a_target_met_exactly_belongs_to_its_operator(operator, actual, is_met):
    of = clause(Kind.SHARE, 20, operator=operator)
    found = assess(of, series(y2023=actual), as_of=END, bands=BANDS)
    assert found.status is (Status.ACHIEVED if is_met else Status.MISSED)
    distance = abs(Fraction(actual) - 20)
    is_good_side = (Fraction(actual) > 20) is operator.rises
    assert found.margin == (distance if is_good_side else -distance)


# Whole things: floor(τ·n) are due of what is counted; what is measured is due in parts.


@pytest.mark.parametrize(
    ("unit", "due_by_now", "status"),
    [
        ("家", 1, Status.ON_TRACK),
        ("亩", None, Status.FAR_BEHIND),
        ("亿元", None, Status.FAR_BEHIND),
    ],
)
def test_only_of_what_is_counted_are_whole_ones_due(unit, due_by_now, status):
    of = clause(Kind.CUMULATIVE, 3, unit=unit)
    day = date(2022, 12, 30)  # 1.9 of three
    found = assess(of, flow(("2021-03-01", 1), unit=unit), as_of=day, bands=BANDS)
    assert found.components.get("due_by_now") == due_by_now
    assert found.status is status
    assert (found.pace == Fraction(1, 3)) is (unit == "家")


def test_rates_a_month_are_what_was_gained_and_what_is_left():
    of = clause(Kind.LEVEL, 20, baseline=baseline(8))
    found = assess(of, series(y2021=11), as_of=date(2022, 3, 31), bands=BANDS)
    assert (found.rate, found.needed_rate) == (Fraction(3, 12), Fraction(9, 24))
    assert (found.components["months_elapsed"], found.components["months_left"]) == (12, 24)


# Lists: who is on a line is on one side of it.


@pytest.mark.parametrize(("energy", "is_key"), [(1000.0, True), (999.99, False)])
def test_a_firm_at_the_limit_of_key_users_is_one(energy, is_key):
    rule = {**POLICY["two_high"], "min_energy_tce": 1000}
    where = county(
        policy={"two_high": rule},
        enterprises={"usci": ["A", "B"], "industry": ["3441", "3441"]},
        enterprise_years={
            "usci": ["A", "B"],
            "year": [2021, 2021],
            "tax_paid_wan": [1.0, 1.0],
            "energy_tce": [energy, 2000.0],
            "electricity_10k_kwh": [0.0, 0.0],
            "is_energy_monitored": [False, True],
        },
    )
    assert ("A" in key_users(where)["usci"].tolist()) is is_key
    reading = key_users_monitored(where, min_energy_tce=1000)
    assert (reading.done, reading.required) == (1, 2 if is_key else 1)


@pytest.mark.parametrize(
    ("land", "tax", "count"), [(3.0, 15.0, 0), (3.0, 14.99, 1), (2.99, 1.0, 0)]
)
def test_a_firm_on_the_line_of_land_is_in_scope_and_one_on_that_of_tax_is_not_below(
    land, tax, count
):
    where = county(
        policy={"tax": {"source": "", "add_back": []}},
        enterprises={"usci": ["A", "B"], "industry": ["3441", "3441"]},
        enterprise_years={
            "usci": ["A", "B"],
            "year": [2021, 2021],
            "is_above_scale": [False, True],
            "land_mu": [land, 1.0],
            "tax_paid_wan": [tax, 90.0],
        },
    )
    assert clearance_scope(where)["usci"].tolist() == (["A", "B"] if land >= 3 else ["B"])
    assert low_tax_firms(where, below_wan_per_mu=5).figures[0].value == count


def test_a_project_of_just_the_size_needs_its_team():
    where = county(
        projects={
            "project_id": ["P", "Q"],
            "is_manufacturing": [True, True],
            "total_investment_wan": [10000.0, 9999.99],
            "landed_on": ["2021-05-20"] * 2,
            "guarantee_team": [None, None],
        }
    )
    assert guarantee_teams(where, min_investment_wan=10000).required == 1


@pytest.mark.parametrize(
    ("day", "begun", "over"),
    [
        ("2021-02-28", False, False),
        ("2021-03-01", True, False),
        ("2022-06-29", True, False),
        ("2022-06-30", True, True),
    ],
)
def test_a_security_is_active_on_its_first_day_and_not_on_its_last(day, begun, over):
    where = county(
        day,
        collateral={
            "collateral_id": ["1"],
            "amount_wan": [5.0],
            "registered_on": ["2021-03-01"],
            "released_on": ["2022-06-30"],
        },
    )
    assert len(active_collateral(where)) == int(begun and not over)


@pytest.mark.parametrize(
    ("started", "day", "state", "late"),
    [
        ("2022-03-31", "2022-06-30", "kept", None),
        ("2022-04-01", "2022-06-30", "late", 1),
        (None, "2022-03-31", "not_due", None),
        (None, "2022-04-01", "overdue", 1),
    ],
)
def test_a_node_is_late_from_the_day_after_the_one_agreed(started, day, state, late):
    where = county(
        day,
        projects={
            "project_id": ["P"],
            "agreed_start_on": ["2022-03-31"],
            "started_on": [started],
        },
    )
    node = contract_nodes(where).set_index("node").loc["start"]
    assert node["state"] == state
    assert (None if pd.isna(node["days_late"]) else node["days_late"]) == late


@pytest.mark.parametrize(("extra", "reason"), [(0, "within"), (1, "over")])
def test_a_project_may_stand_in_a_stage_for_as_many_days_as_the_policy_says(extra, reason):
    stages = POLICY["projects"]["stages"]
    limit = stages["signed_on"]["limit_days"]
    day = date(2021, 1, 1) + timedelta(days=limit + extra)
    dates = {stage: [None] for stage in stages} | {"signed_on": ["2021-01-01"]}
    found = stage_days(county(str(day), projects={"project_id": ["P"], **dates}))
    assert found[["days", "reason"]].to_numpy().tolist() == [[limit + extra, reason]]


# The closed loop: who was on the list by the day that is asked for, and who is late.


@pytest.mark.parametrize(
    ("listed", "required"), [("2021-12-31", 2), ("2022-01-01", 1)], ids=["on the day", "after it"]
)
def test_who_was_listed_on_the_last_day_had_to_be_checked_too(listed, required):
    where = county(
        clearance_events={
            "usci": ["A", "A", "B"],
            "event": ["listed", "checked", "listed"],
            "happened_on": ["2021-03-01", "2021-04-01", listed],
        }
    )
    reading = checked_firms(where, listed_by=date(2021, 12, 31))
    assert (reading.done, reading.required) == (1, required)
    assert reading.parts["later_firms"] == 2 - required


@pytest.mark.parametrize(("day", "late"), [("2021-12-31", None), ("2022-01-01", 1)])
def test_a_step_is_overdue_from_the_day_after_its_own(day, late):
    where = county(
        day,
        clearance_events={"usci": ["A"], "event": ["listed"], "happened_on": ["2021-03-01"]},
    )
    found = standings(where).iloc[0]
    assert found["due_on"] == pd.Timestamp("2021-12-31")
    assert (None if pd.isna(found["days_overdue"]) else found["days_overdue"]) == late
    assert found["codes"] == (("check_overdue",) if late else ())


# A window's first and last day belong to it.


@pytest.mark.parametrize(
    ("day", "counts"),
    [("2020-12-31", 0), ("2021-01-01", 1), ("2023-12-31", 1), ("2024-01-01", 0)],
)
def test_the_first_and_the_last_day_of_the_window_count(day, counts):
    of = clause(Kind.CUMULATIVE, 5, unit="亩")
    found = assess(of, flow((day, 1), unit="亩"), as_of=date(2024, 6, 30), bands=BANDS)
    assert found.actual == counts
    yearly = clause(Kind.ANNUAL, 1, unit="亩")
    told = assess(yearly, flow((day, 1), unit="亩"), as_of=date(2024, 6, 30), bands=BANDS)
    assert sum(year.actual for year in told.years) == counts


@pytest.mark.parametrize("shape", [Series, Flow])
def test_before_the_window_nothing_is_due(shape):
    of = clause(Kind.LEVEL if shape is Series else Kind.CUMULATIVE, 5, unit="亩")
    reading = series("亩", y2020=4) if shape is Series else flow(unit="亩")
    before, first = of.window.start - timedelta(days=1), of.window.start
    assert assess(of, reading, as_of=before, bands=BANDS).reason.code == "not_begun"
    assert assess(of, reading, as_of=first, bands=BANDS).reason.code != "not_begun"


def test_a_bulletin_leads_with_what_is_just_as_far_ahead_as_the_policy_asks():
    rule = bulletin_rule(POLICY)
    least = rule.highlights["ahead"].least
    assert least == int(least)

    def one(points):
        of = clause(Kind.CUMULATIVE, 1000, unit="亩")
        done = 500 + 10 * points
        judged = assess(of, flow(("2021-03-01", done), unit="亩"), as_of=HALF, bands=BANDS)
        return Change(judged, judged)

    told = {
        points: [group.code for group in highlights([one(points)], (), rule)]
        for points in (int(least), int(least) - 1)
    }
    assert told == {int(least): ["ahead"], int(least) - 1: []}
