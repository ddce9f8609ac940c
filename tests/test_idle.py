"""Idle land by Order 53: worked examples of the decree, and its boundaries to the day."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from build import POLICY
from tenglong.errors import ConfigurationError
from tenglong.measure.county import Unavailable
from tenglong.measure.example import example_county
from tenglong.measure.land.idle import anniversary, full_years, idle_land, idle_rule, idleness

RULE = idle_rule(POLICY)
TODAY = date(2022, 6, 30)
ALL = dict.fromkeys(
    (
        *("started_on", "completed_on", "production_on", "suspended_on", "agreed_start_on"),
        *("to_develop_mu", "developed_mu", "agreed_investment_wan", "invested_wan"),
        *("price_wan", "idle_cause", "supplied_on"),
    )
)
STOPPED = {"started_on": date(2019, 5, 1), "suspended_on": date(2021, 6, 30)}
DONE = {
    "to_develop_mu": 18.0,
    "developed_mu": 6.0,
    "agreed_investment_wan": 2400.0,
    "invested_wan": 600.0,
}


def judge(as_of=TODAY, *, is_used=False, rule=RULE, **cells):
    return idleness({**ALL, **cells}, rule=rule, as_of=as_of, is_used=is_used)


def test_land_not_started_for_a_year_to_the_day_is_idle():
    judged = judge(agreed_start_on=date(2021, 6, 30), idle_cause="firm", price_wan=523.4)
    assert (judged.state, judged.case, judged.years) == ("idle", "not_started", 1)
    assert judged.fee_wan == Fraction(5234, 50)  # 20 % of the price
    assert judged.handling == "fee"


def test_land_not_started_for_a_day_less_than_a_year_is_not_idle():
    judged = judge(agreed_start_on=date(2021, 7, 1))
    assert (judged.state, judged.reasons) == ("not_idle", ("start_overdue",))


def test_land_not_yet_due_to_start_is_not_idle():
    judged = judge(agreed_start_on=TODAY)
    assert (judged.state, judged.reasons, judged.years) == ("not_idle", ("start_not_due",), 0)


def test_land_not_started_for_two_years_is_taken_back_without_fee():
    judged = judge(agreed_start_on=date(2020, 6, 30), idle_cause="firm", price_wan=500.0)
    assert (judged.handling, judged.years, judged.fee_wan) == ("take_back", 2, None)


def test_land_not_started_for_a_day_less_than_two_years_pays_the_fee():
    judged = judge(agreed_start_on=date(2020, 7, 1), idle_cause="firm", price_wan=500.0)
    assert (judged.handling, judged.fee_wan) == ("fee", 100)


@pytest.mark.parametrize("cause", ["government", "force_majeure"])
def test_land_idle_by_no_fault_of_the_firm_is_settled_by_agreement(cause):
    judged = judge(agreed_start_on=date(2019, 1, 1), idle_cause=cause, price_wan=500.0)
    assert (judged.state, judged.handling, judged.fee_wan) == ("idle", "agreement", None)


def test_an_unknown_cause_leaves_the_state_known_and_the_fee_unknown():
    judged = judge(agreed_start_on=date(2021, 1, 1), price_wan=500.0)
    assert (judged.state, judged.handling, judged.fee_wan) == ("idle", "cause_unknown", None)
    assert judged.missing == ("idle_cause",)


def test_an_unknown_price_leaves_the_fee_unknown():
    judged = judge(agreed_start_on=date(2021, 1, 1), idle_cause="firm")
    assert (judged.handling, judged.fee_wan, judged.missing) == ("fee", None, ("price_wan",))


def test_a_third_developed_and_a_quarter_invested_exactly_are_enough():
    judged = judge(**STOPPED, **DONE)
    assert (judged.state, judged.reasons) == ("not_idle", ("enough_done",))


def test_less_than_a_third_developed_is_idle_once_stopped_for_a_year():
    judged = judge(**STOPPED, **{**DONE, "developed_mu": 5.99}, idle_cause="firm")
    assert (judged.state, judged.case, judged.reasons) == (
        "idle",
        "suspended",
        ("developed_below",),
    )
    assert judged.handling == "by_decision"
    assert judged.fee_wan is None


def test_less_than_a_quarter_invested_is_idle_though_enough_is_developed():
    assert judge(**STOPPED, **{**DONE, "invested_wan": 599.9}).reasons == ("invested_below",)


def test_works_stopped_for_a_day_less_than_a_year_are_not_idle():
    stopped = {**STOPPED, "suspended_on": date(2021, 7, 1)}
    judged = judge(**stopped, **{**DONE, "developed_mu": 1.0})
    assert (judged.state, judged.reasons) == ("not_idle", ("suspended_short",))


def test_works_that_go_on_are_not_idle_however_little_is_done():
    judged = judge(started_on=date(2015, 1, 1), developed_mu=0.0, to_develop_mu=30.0)
    assert judged.reasons == ("under_way",)


def test_a_completed_parcel_is_not_idle_though_it_had_been_suspended():
    assert judge(**STOPPED, completed_on=date(2022, 1, 1), developed_mu=0.0).state == "not_idle"


def test_one_share_below_decides_though_the_other_is_not_known():
    judged = judge(**STOPPED, developed_mu=1.0, to_develop_mu=18.0)
    assert (judged.state, judged.reasons) == ("idle", ("developed_below",))


def test_one_share_enough_does_not_decide_while_the_other_is_not_known():
    judged = judge(**STOPPED, developed_mu=9.0, to_develop_mu=18.0)
    assert judged.state == "undecided"
    assert judged.missing == ("invested_wan", "agreed_investment_wan")


def test_the_price_of_the_land_is_no_investment_where_the_figures_include_it():
    rule = replace(RULE, investment_includes_price=True)
    figures = {**DONE, "agreed_investment_wan": 2900.0, "invested_wan": 1099.0}
    assert judge(**STOPPED, **figures).state == "not_idle"
    assert judge(**STOPPED, **figures, price_wan=500.0, rule=rule).reasons == ("invested_below",)
    assert judge(**STOPPED, **figures, rule=rule).missing == ("price_wan",)


def test_land_without_dates_is_undecided_unless_a_firm_uses_it():
    judged = judge(supplied_on=date(2001, 1, 1))
    assert (judged.state, judged.missing) == ("undecided", ("agreed_start_on",))
    assert judge(supplied_on=date(2001, 1, 1), is_used=True).state == "not_idle"


def test_a_firm_that_holds_land_does_not_keep_it_from_lying_idle():
    assert judge(agreed_start_on=date(2020, 1, 1), is_used=True).state == "idle"


def test_where_no_start_is_agreed_the_rule_may_take_the_supply_plus_a_year():
    rule = replace(RULE, start_years_after_supply=1)
    judged = judge(supplied_on=date(2020, 6, 30), rule=rule)
    assert (judged.state, judged.since, judged.years) == ("idle", date(2021, 6, 30), 1)
    assert judged.reasons == ("start_by_rule", "not_started_in_time")
    assert judge(supplied_on=date(2020, 7, 1), rule=rule).state == "not_idle"


def test_a_column_of_suspensions_that_was_not_supplied_leaves_short_works_undecided():
    cells = {**ALL, **DONE, "started_on": date(2019, 5, 1), "developed_mu": 1.0}
    del cells["suspended_on"]
    judged = idleness(cells, rule=RULE, as_of=TODAY)
    assert (judged.state, judged.missing) == ("undecided", ("suspended_on",))
    cells["developed_mu"] = 9.0
    assert idleness(cells, rule=RULE, as_of=TODAY).state == "not_idle"


def test_a_year_begun_on_29_february_is_full_on_the_28th():
    assert anniversary(date(2020, 2, 29), 1) == date(2021, 2, 28)
    assert full_years(date(2020, 2, 29), date(2021, 2, 27)) == 0
    assert full_years(date(2020, 2, 29), date(2024, 2, 29)) == 4


@given(st.dates(date(1990, 1, 1), date(2040, 1, 1)), st.integers(0, 20000))
def test_full_years_count_the_anniversaries_that_have_come(since, days):
    as_of = since + timedelta(days=days)
    come = [
        n
        for n in range(1, 60)
        if pd.Timestamp(since) + pd.DateOffset(years=n) <= pd.Timestamp(as_of)
    ]
    assert full_years(since, as_of) == len(come)


@given(st.dates(date(2000, 1, 1), date(2030, 1, 1)))
def test_land_turns_idle_on_one_day_exactly(agreed):
    day = (pd.Timestamp(agreed) + pd.DateOffset(years=1)).date()
    assert judge(as_of=day, agreed_start_on=agreed).state == "idle"
    assert judge(as_of=day - timedelta(days=1), agreed_start_on=agreed).state == "not_idle"


@given(st.dates(date(2000, 1, 1), date(2022, 6, 30)), st.integers(0, 300), st.integers(0, 4000))
def test_works_that_stopped_are_judged_as_the_decree_says(stopped, developed, invested):
    """The same rule once more, with day counts and whole numbers only."""
    judged = judge(
        started_on=date(1999, 1, 1),
        suspended_on=stopped,
        developed_mu=developed / 10,
        to_develop_mu=30.0,
        invested_wan=float(invested),
        agreed_investment_wan=4000.0,
    )
    a_year_ago = date(2021, 6, 30)
    too_little = 3 * developed < 300 or 4 * invested < 4000
    assert (judged.state == "idle") == (stopped <= a_year_ago and too_little)


def test_parcels_are_judged_by_row_and_keep_their_index():
    county = example_county(
        policy=POLICY,
        parcels={
            "parcel_id": ["P1", "P2", "P3"],
            "started_on": [None, "2020-01-01", None],
            "agreed_start_on": ["2021-06-30", None, None],
            "idle_cause": ["firm", None, None],
            "price_wan": [300.0, None, None],
            "suspended_on": [None, None, None],
        },
    )
    found = idle_land(county)
    assert found["state"].tolist() == ["idle", "not_idle", "undecided"]
    assert found["fee_wan"].tolist()[0] == 60.0
    assert found["missing"].tolist() == [(), (), ("agreed_start_on",)]
    assert found.index.equals(county.tables["parcels"].index)


def test_parcels_that_do_not_say_when_they_were_started_are_not_judged():
    county = example_county(policy=POLICY, parcels={"parcel_id": ["P1"]})
    with pytest.raises(Unavailable, match=r"parcels\.started_on"):
        idle_land(county)


def test_a_rule_with_a_misspelt_key_is_refused_with_the_nearest():
    policy = {**POLICY, "idle": {**POLICY["idle"], "at_falt": ["firm"]}}
    with pytest.raises(ConfigurationError, match="did you mean 'at_fault'"):
        idle_rule(policy)
