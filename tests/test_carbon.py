"""Emissions by fuel mix, and the carbon efficiency of firms: levels, grades, small groups."""

import sqlite3
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from build import POLICY, county
from tenglong.errors import ConfigurationError
from tenglong.measure.carbon.efficiency import carbon_levels, carbon_rated
from tenglong.measure.carbon.emission import firm_carbon
from tenglong.measure.county import Unavailable

LATE = "2026-06-30"  # every factor is out


def carbon(as_of=LATE, policy=None, **columns):
    years = {"usci": ["A"], "year": [2021], "zero_carbon_power_10k_kwh": [None]}
    years |= {name: [value] for name, value in columns.items()}
    return firm_carbon(county(as_of, policy=policy, enterprise_years=years)).iloc[0]


@pytest.mark.parametrize(
    ("year", "tonnes"), [(2021, 542.2), (2022, 515.3), (2023, 497.4), (2020, 542.2)]
)
def test_electricity_is_judged_by_the_factor_of_its_year_or_of_the_nearest(year, tonnes):
    found = carbon(year=year, electricity_10k_kwh=100, energy_tce=300)
    assert found["co2_t"] == tonnes
    assert found["is_factor_of_year"] == (year > 2020)


def test_the_factor_known_on_the_day_is_said():
    found = carbon("2022-06-30", electricity_10k_kwh=100, energy_tce=300)
    assert (found["co2_t"], found["factor_region"], found["factor_year"]) == (581.0, "全国", 2021)


def test_before_any_factor_was_published_electricity_has_no_carbon():
    found = carbon("2015-01-01", electricity_10k_kwh=100, energy_tce=300)
    assert (pd.isna(found["co2_t"]), found["reason"]) == (True, "no_grid_factor")


def test_a_firm_without_electricity_needs_no_factor():
    found = carbon("2015-01-01", coal_t=100, energy_tce=71.43)
    assert (found["co2_t"], found["net_co2_t"]) == (190.03, 190.03)


def test_zero_carbon_power_is_taken_off():
    found = carbon(electricity_10k_kwh=100, energy_tce=300, zero_carbon_power_10k_kwh=25)
    assert (found["co2_t"], found["zero_carbon_t"], found["net_co2_t"]) == (542.2, 135.55, 406.65)


def test_all_electricity_may_be_zero_carbon():
    found = carbon(electricity_10k_kwh=100, energy_tce=300, zero_carbon_power_10k_kwh=100)
    assert (found["net_co2_t"], found["reason"]) == (0, "known")


def test_more_zero_carbon_power_than_electricity_is_not_believed():
    found = carbon(electricity_10k_kwh=100, energy_tce=300, zero_carbon_power_10k_kwh=101)
    assert (pd.isna(found["net_co2_t"]), found["reason"]) == (True, "zero_carbon_exceeds")


def test_without_the_column_of_zero_carbon_power_only_net_emissions_are_unknown():
    years = {"usci": ["A"], "year": [2021], "electricity_10k_kwh": [100], "energy_tce": [300]}
    found = firm_carbon(county(LATE, enterprise_years=years)).iloc[0]
    assert (found["co2_t"], found["reason"]) == (542.2, "zero_carbon_not_supplied")
    assert pd.isna(found["net_co2_t"])


def test_a_policy_may_leave_zero_carbon_power_on():
    policy = {"carbon": {**POLICY["carbon"], "deducts_zero_carbon": False}}
    found = carbon(
        policy=policy, electricity_10k_kwh=100, energy_tce=300, zero_carbon_power_10k_kwh=25
    )
    assert found["net_co2_t"] == 542.2


def test_what_is_not_known_of_the_fuels_is_not_known_of_the_carbon():
    found = carbon(electricity_10k_kwh=100, energy_tce=900)
    assert (pd.isna(found["co2_t"]), found["reason"]) == (True, "fuels_short")


def test_a_firm_without_electricity_has_no_factor_though_all_are_out():
    found = carbon(coal_t=100, energy_tce=71.43)
    assert (found["reason"], found["co2_t"]) == ("known", 190.03)
    told = ["kg_per_kwh", "factor_region", "factor_year", "is_factor_of_year"]
    assert found[told].isna().all()


def test_what_was_burnt_in_an_unknown_year_has_no_factor_and_no_carbon():
    found = carbon(year=None, electricity_10k_kwh=100, energy_tce=300)
    assert found["reason"] == "year_unknown"
    assert found[["co2_t", "net_co2_t", "kg_per_kwh", "factor_year"]].isna().all()


@pytest.mark.parametrize("power", [None, 0])
def test_zero_carbon_power_without_electricity_is_not_believed(power):
    found = carbon(
        coal_t=100, electricity_10k_kwh=power, energy_tce=71.43, zero_carbon_power_10k_kwh=0.5
    )
    assert (found["co2_t"], found["reason"]) == (190.03, "zero_carbon_exceeds")
    assert pd.isna(found["net_co2_t"])


def test_a_firm_without_electricity_needs_no_column_of_zero_carbon_power():
    years = {"usci": ["A"], "year": [2021], "coal_t": [100], "energy_tce": [71.43]}
    found = firm_carbon(county(LATE, enterprise_years=years)).iloc[0]
    assert (found["reason"], found["zero_carbon_t"], found["net_co2_t"]) == ("known", 0, 190.03)


def levels(firms, *, policy=None, as_of=LATE):
    """Rate firms given as (usci, industry, coal, value added) in 2021."""
    usci, industry, coal, added = ([firm[n] for firm in firms] for n in range(4))
    years = {
        "usci": usci,
        "year": [2021] * len(firms),
        "is_above_scale": [True] * len(firms),
        "coal_t": coal,
        "energy_tce": [None if c is None else float(Fraction(str(c)) * 7143 / 10000) for c in coal],
        "value_added_wan": added,
    }
    enterprises = {"usci": usci, "industry": industry}
    return carbon_levels(
        county(as_of, policy=policy, enterprises=enterprises, enterprise_years=years)
    )


@pytest.mark.parametrize(
    ("l_value", "level"),
    [("0.6", "low"), ("0.6001", "middle"), ("2.0", "middle"), ("2.0001", "high"), ("0", "low")],
)
def test_a_limit_of_the_levels_belongs_to_the_lower_one(l_value, level):
    coal = float(Fraction(l_value) * 10_000)  # at 1.9003 t a tonne, over 19,003 wan: L exactly
    found = levels([("A", "3441", coal, 19003)])
    assert found["level"].tolist() == [level]


@pytest.mark.parametrize(
    ("k_value", "grade"),
    [
        ("0.6", "1"),
        ("0.61", "2"),
        ("0.8", "2"),
        ("0.81", "3"),
        ("1.2", "3"),
        ("1.21", "4"),
        ("2.0", "4"),
        ("2.01", "5"),
    ],
)
def test_a_limit_of_the_grades_belongs_to_the_better_one(k_value, grade):
    policy = {"carbon": {**POLICY["carbon"], "benchmarks": {"34": 1.9003}}}
    coal = float(Fraction(k_value) * 100)
    found = levels([("A", "3441", coal, 100.0)], policy=policy)
    assert (found["k"].tolist(), found["grade"].tolist()) == ([float(k_value)], [grade])


def test_the_mean_of_an_industry_is_a_ratio_of_sums():
    found = levels([("A", "3441", 100, 100), ("B", "3412", 100, 300)])
    assert found["group_l"].tolist() == pytest.approx([1.9003 * 200 / 400] * 2)


def test_a_policy_may_take_the_mean_of_ratios():
    policy = {"carbon": {**POLICY["carbon"], "industry_mean": "mean_of_ratios"}}
    found = levels([("A", "3441", 100, 100), ("B", "3412", 100, 300)], policy=policy)
    assert found["group_l"].tolist() == pytest.approx([1.9003 * (1 + 1 / 3) / 2] * 2)


def test_small_groups_are_warned_about():
    firms = [(f"A{n}", "3441", 100, 100) for n in range(5)] + [("B", "1713", 100, 100)]
    assert levels(firms)["is_small_group"].tolist() == [False] * 5 + [True]


def test_industries_are_compared_by_two_digits():
    firms = [("A", "3441", 100, 100), ("B", "34", 100, 300), ("C", "3", 100, 100)]
    found = levels(firms)
    assert found["group_firms"].tolist()[:2] == [2, 2]
    assert found["reason"].tolist() == ["known", "known"]  # one digit is no industry of any scope


@pytest.mark.parametrize("added", [0, -5])
def test_value_added_that_divides_nothing_is_named(added):
    found = levels([("A", "3441", 100, added), ("B", "3441", 100, 100)])
    assert found["reason"].tolist() == ["value_added_not_positive", "known"]
    assert found["group_firms"].tolist() == [1, 1]


def test_an_industry_that_is_not_known_in_full_has_no_mean():
    found = levels([("A", "3441", 100, 100), ("B", "3441", None, 100), ("C", "1713", 100, 100)])
    assert found["reason"].tolist() == ["group_incomplete", "energy_not_reported", "known"]
    assert found["level"].tolist()[0] == "middle"
    assert pd.isna(found["k"].tolist()[0])


def test_firms_outside_the_scope_are_not_rated():
    assert levels([("A", "5990", 100, 100)]).empty


def test_an_industry_that_emits_nothing_has_no_grades():
    found = levels([("A", "3441", 0, 100)])
    assert (found["level"].tolist(), found["reason"].tolist()) == (["low"], ["mean_is_zero"])


def test_an_industry_none_of_which_made_value_has_no_mean():
    found = levels([("A", "3441", 100, -5), ("B", "3441", 100, 0)])
    assert found["reason"].tolist() == ["value_added_not_positive"] * 2
    assert found["group_firms"].tolist() == [0, 0]
    assert found[["l_t_per_wan", "group_l", "k"]].isna().all(axis=None)


def test_a_code_shorter_than_an_industry_has_a_level_and_no_grade():
    policy = {"carbon": {**POLICY["carbon"], "industry_digits": 3}}
    found = levels([("A", "3441", 100, 100), ("B", "34", 100, 100)], policy=policy)
    assert found["industry"].fillna("").tolist() == ["344", ""]
    assert found["reason"].tolist() == ["known", "no_industry"]
    assert found["level"].tolist() == ["middle", "middle"]
    assert found["grade"].fillna("").tolist() == ["3", ""]
    assert found["group_l"].isna().tolist() == [False, True]


def test_firms_are_counted_as_rated_by_their_last_year_only():
    place = county(
        LATE,
        enterprises={"usci": list("ABC"), "industry": ["3441"] * 3},
        enterprise_years={
            "usci": ["A", "B", "C", "A", "B"],
            "year": [2021, 2021, 2020, 2020, 2020],
            "is_above_scale": [True] * 5,
            "coal_t": [100.0, None, 100.0, 100.0, 100.0],
            "energy_tce": [71.43, None, 71.43, 71.43, 71.43],
            "value_added_wan": [100.0] * 5,
        },
    )
    found = carbon_rated(place)
    assert (found.done, found.required) == (1, 2)
    assert found.evidence[0].rows["usci"].tolist() == ["A", "B"]


def test_without_value_added_the_column_is_named():
    years = {"usci": ["A"], "year": [2021], "is_above_scale": [True]}
    enterprises = {"usci": ["A"], "industry": ["34"]}
    with pytest.raises(Unavailable, match=r"enterprise_years\.value_added_wan"):
        carbon_levels(county(LATE, enterprises=enterprises, enterprise_years=years))


@pytest.mark.parametrize("limits", [(2, 1), (1, 1), (1, 3, 2), (2, 1, 3)])
def test_limits_that_do_not_rise_are_refused(limits):
    steps = [
        {"name": name, "label": {"zh": name, "en": name}, **limit}
        for name, limit in zip("abcd", [*({"up_to": one} for one in limits), {}], strict=False)
    ]
    policy = {"carbon": {**POLICY["carbon"], "levels": steps}}
    with pytest.raises(ConfigurationError, match="levels: the limits must rise"):
        levels([("A", "3441", 100, 100)], policy=policy)


def test_levels_without_any_step_are_refused():
    policy = {"carbon": {**POLICY["carbon"], "levels": []}}
    with pytest.raises(ConfigurationError, match="levels: all but the last must have `up_to`"):
        levels([("A", "3441", 100, 100)], policy=policy)


def test_a_last_step_with_a_limit_is_refused():
    steps = [{"name": "a", "label": {"zh": "a", "en": "a"}, "up_to": 2}]
    policy = {"carbon": {**POLICY["carbon"], "grades": steps}}
    with pytest.raises(ConfigurationError, match="grades: all but the last must have `up_to`"):
        levels([("A", "3441", 100, 100)], policy=policy)


@pytest.mark.parametrize("limits", [(None, None), (2, None, None), (None, 2, None)])
def test_a_step_before_the_last_without_a_limit_is_refused(limits):
    steps = [
        {
            "name": name,
            "label": {"zh": name, "en": name},
            **({} if limit is None else {"up_to": limit}),
        }
        for name, limit in zip("abc", limits, strict=False)
    ]
    policy = {"carbon": {**POLICY["carbon"], "levels": steps}}
    with pytest.raises(ConfigurationError, match="levels: all but the last must have `up_to`"):
        levels([("A", "3441", 100, 100)], policy=policy)


firms = st.lists(
    st.tuples(
        st.sampled_from(["3441", "3412", "1713", "2929"]),
        st.integers(0, 500),
        st.one_of(st.none(), st.integers(-10, 900)),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=settings().max_examples // 2)
@given(firms)
def test_the_rating_is_that_of_plain_sql(drawn):
    """Recompute L and K in SQL, which shares no line with the measure."""
    rows = [(f"F{n}", *firm) for n, firm in enumerate(drawn)]
    found = levels(rows).set_index("usci")
    base = sqlite3.connect(":memory:")
    base.execute("create table f (usci text, industry text, coal real, added real)")
    base.executemany("insert into f values (?, ?, ?, ?)", rows)
    said = base.execute(
        """
        with l as (select usci, substr(industry, 1, 2) as i, 1.9003 * coal as t, added from f
                   where added > 0),
             m as (select i, sum(t) / sum(added) as mean from l group by i),
             n as (select substr(industry, 1, 2) as i, sum(added is null) as lacking from f
                   group by 1)
        select usci, t / added, case lacking when 0 then t / added / mean end
        from l join m using (i) join n using (i)
        """
    ).fetchall()
    base.close()
    for usci, l_value, k in said:
        assert found.loc[usci, "l_t_per_wan"] == pytest.approx(l_value)
        assert found.loc[usci, "k"] == pytest.approx(
            k if k is not None else float("nan"), nan_ok=True
        )
    assert found["l_t_per_wan"].notna().sum() == len(said)


@given(firms, st.randoms())
def test_the_order_of_rows_changes_nothing(drawn, random):
    rows = [(f"F{n}", *firm) for n, firm in enumerate(drawn)]
    shuffled = list(rows)
    random.shuffle(shuffled)
    one, other = (levels(table).set_index("usci").sort_index() for table in (rows, shuffled))
    pd.testing.assert_frame_equal(one, other)
