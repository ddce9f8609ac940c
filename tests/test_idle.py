"""Idle land by Order 53: worked examples of the decree, and its boundaries to the day."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import box

from build import POLICY, clause, county
from drawing import drawn, read, rows
from tenglong.errors import ConfigurationError
from tenglong.measure.clause import Kind
from tenglong.measure.county import Unavailable
from tenglong.measure.example import example_county
from tenglong.measure.land.contract import land_states
from tenglong.measure.land.disposal import idle_handled, industrial_land
from tenglong.measure.land.idle import anniversary, full_years, idle_land, idle_rule, idleness
from tenglong.measure.parcel.uses import parcel_uses

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


def judge(as_of=TODAY, *, is_used=False, rule=RULE, doubtful=frozenset(), **cells):
    parcel = {**ALL, **cells}
    return idleness(parcel, rule=rule, as_of=as_of, is_used=is_used, doubtful=doubtful)


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


def test_less_than_a_third_developed_may_be_determined_as_idle_once_stopped_for_a_year():
    judged = judge(**STOPPED, **{**DONE, "developed_mu": 5.99}, idle_cause="firm")
    assert (judged.state, judged.case, judged.reasons) == (
        "may_be_idle",
        "suspended",
        ("developed_below",),
    )
    assert (judged.handling, judged.fee_wan) == ("to_determine", None)


def test_stopped_works_are_idle_once_the_authority_has_determined_it():
    short = {**STOPPED, **DONE, "developed_mu": 5.99, "idle_cause": "firm"}
    judged = judge(**short, idle_determined_on=date(2022, 6, 1))
    assert (judged.state, judged.reasons) == ("idle", ("developed_below", "determined"))
    assert (judged.handling, judged.fee_wan) == ("by_decision", None)


def test_a_determination_ends_when_works_go_on_or_are_completed():
    determined = {"started_on": date(2019, 5, 1), "idle_determined_on": date(2022, 1, 1)}
    assert judge(**determined).reasons == ("under_way",)
    assert judge(**determined, completed_on=date(2022, 5, 1)).reasons == ("built",)


def candidate(policy=POLICY, **columns):
    parcels = {
        "parcel_id": ["P1", "P2"],
        "supplied_mu": [18.0, 9.0],
        "started_on": ["2019-05-01", None],
        "completed_on": [None, None],
        "production_on": [None, None],
        "suspended_on": ["2021-01-01", None],
        "developed_mu": [1.0, None],
        "to_develop_mu": [18.0, None],
        "agreed_start_on": [None, "2021-01-01"],
        **columns,
    }
    return county(policy=policy, is_declared=True, parcels=parcels)


def test_candidates_stand_apart_from_idle_land_until_they_are_determined():
    found = land_states(candidate())
    assert found["land_state"].tolist() == ["may_be_idle", "idle"]
    assert found["codes"].tolist()[0] == ("may_be_idle",)
    determined = candidate(idle_determined_on=["2022-03-01", None])
    assert land_states(determined)["land_state"].tolist() == ["idle", "idle"]


def test_whether_candidates_count_is_the_policys_choice():
    counting = {"idle": {**POLICY["idle"], "candidates_count": True}}
    assert idle_land(candidate())["is_counted"].tolist() == [False, True]
    one = candidate(counting)
    assert idle_land(one)["is_counted"].tolist() == [True, True]
    assert land_states(one)["land_state"].tolist() == ["idle", "idle"]
    assert idle_land(one)["state"].tolist() == ["may_be_idle", "idle"]


def test_idle_land_is_handled_when_it_is_started_or_disposed_of():
    reading = idle_handled(candidate())
    assert (reading.done, reading.required, reading.parts) == (0, 1, {"candidates": 1})
    assert idle_handled(candidate(idle_disposed_on=[None, "2022-05-01"])).done == 1
    late = candidate(started_on=["2019-05-01", "2022-01-02"])
    assert (idle_handled(late).done, idle_handled(late).required) == (1, 1)
    on_the_day = candidate(started_on=["2019-05-01", "2022-01-01"])
    assert idle_handled(on_the_day).required == 0


def test_the_page_of_land_names_candidates_apart_and_says_who_decides():
    page = drawn("land", candidate(name=["甲地", "乙地"]))
    assert [row["地块"] for row in rows(page["idle_table"])] == ["乙地"]
    assert [row["地块"] for row in rows(page["candidates_table"])] == ["甲地"]
    assert "可以认定为闲置土地（待认定）：甲地" in page["land_findings"].html
    assert "不计入闲置" in page["candidates_table"].html


def test_the_map_tells_candidates_apart_from_idle_land():
    one = candidate()
    states = {"land_state": land_states(one)["land_state"]}
    used = parcel_uses(one, one.table("parcels"), states).set_index("parcel_id")["actions"]
    assert used.to_dict() == {"P1": ("may_be_idle",), "P2": ("idle",)}


def test_the_findings_of_the_map_say_who_has_candidates_decided():
    parcels = candidate().table("parcels")
    shapes = [box(0, 0, 100, 100), box(200, 0, 300, 100)]
    one = replace(
        candidate(),
        tables={"parcels": gpd.GeoDataFrame(parcels, geometry=shapes, crs="EPSG:4549")},
        plan=replace(candidate().plan, clauses=(clause(Kind.NARRATIVE, id="idle_land_disposed"),)),
    )
    said = read(drawn("parcel_map", one)["parcel_findings"])
    assert "构成闲置的土地 1 宗、9.00 亩" in said
    assert "可认定为闲置、尚待认定的土地 1 宗、18.00 亩" in said
    assert "是否认定由县经信局提请决定" in said


def test_industrial_land_grows_by_supply_and_falls_by_conversion():
    one = county(
        parcels={
            "parcel_id": ["P1", "P2", "P3"],
            "supplied_mu": [30.0, 12.5, 4.0],
            "supplied_on": ["2010-01-01", "2021-05-01", None],
        },
        land_moves={
            "move_id": ["1", "2", "3", "4"],
            "moved_on": ["2022-02-01", "2022-03-01", "2022-04-01", "2022-05-01"],
            "parcel_id": ["P1", "P2", None, "elsewhere"],
            "area_mu": [5.0, 12.5, 2.0, 7.0],
            "direction": ["out", "in", "in", "out"],
        },
    )
    found = {figure.end: figure.value for figure in industrial_land(one).figures}
    assert found == {
        date(2020, 12, 31): 34,
        date(2021, 12, 31): Fraction("46.5"),
        date(2022, 6, 30): Fraction("43.5"),
    }


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
    assert (judged.state, judged.reasons) == ("may_be_idle", ("developed_below",))


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
    assert judged.state != "idle"  # that is for the authority to say
    assert (judged.state == "may_be_idle") == (stopped <= a_year_ago and too_little)


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


def in_doubt(known, **columns):
    """Give a county whose parcels have doubtful days: columns by row."""
    doubts = {int(row[1:]): frozenset(names) for row, names in columns.items()}
    return replace(known, doubtful={"parcels": doubts})


def test_what_is_sure_decides_and_what_is_doubtful_does_not():
    start = {"agreed_start_on": date(2020, 6, 30)}
    for column in ("agreed_start_on", "started_on", "completed_on", "suspended_on"):
        judged = judge(**start, doubtful=frozenset({column}))
        assert (judged.state, judged.reasons) == ("undecided", ("date_doubtful",))
        assert judged.missing == (column,)
    assert judge(**start, doubtful=frozenset({"supplied_on"})).state == "idle"
    built = {**start, "completed_on": TODAY}
    assert judge(**built, doubtful=frozenset({"started_on", "agreed_start_on"})).state == "not_idle"
    stopped = {**STOPPED, **DONE, "idle_determined_on": TODAY}
    assert judge(**stopped).state == "idle"
    assert judge(**stopped, doubtful=frozenset({"idle_determined_on"})).state == "undecided"
    assert judge(**stopped, doubtful=frozenset({"agreed_start_on"})).state == "idle"


def test_where_the_rule_takes_the_supply_its_day_must_not_be_doubtful():
    rule = replace(RULE, start_years_after_supply=1)
    cells = {"supplied_on": date(2019, 1, 1), "rule": rule}
    assert judge(**cells).state == "idle"
    assert judge(**cells, doubtful=frozenset({"supplied_on"})).state == "undecided"


def test_land_of_doubtful_days_has_no_state_and_may_come_to_be_handled():
    for column in ("agreed_start_on", "started_on"):
        one = in_doubt(candidate(), p1={column})
        states = land_states(one)["land_state"]
        assert states.iloc[0] == "may_be_idle"
        assert states.isna().tolist() == [False, True]
        reading = idle_handled(one)
        assert (reading.done, reading.required) == (0, 0)
        assert [(blank.row, blank.column, blank.name) for blank in reading.blanks] == [
            (1, column, "P2")
        ]
    late = candidate(started_on=["2019-05-01", "2022-01-02"])
    assert idle_handled(in_doubt(late, p1={"agreed_start_on"})).required == 0
    disposed = candidate(idle_disposed_on=[None, "2022-05-01"])
    assert idle_handled(in_doubt(disposed, p1={"idle_disposed_on"})).done == 0


def test_the_page_names_the_doubtful_day_that_keeps_a_parcel_undecided():
    one = in_doubt(candidate(name=["甲地", "乙地"]), p1={"agreed_start_on"})
    (row,) = rows(drawn("land", one)["undecided_table"])
    assert (row["地块"], row["须补报的资料"]) == ("乙地", "约定开工时间（日期可疑，须核对）")
