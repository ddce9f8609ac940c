"""Firms' energy: which mixes are known, intensity at comparable prices, and key users."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from build import POLICY, county
from tenglong.measure.carbon.energy import intensity_change, key_users_monitored
from tenglong.measure.carbon.fuels import firm_energy
from tenglong.measure.county import Unavailable
from tenglong.measure.reading import Gap, NotKnown


def energy(policy=None, **columns):
    years = {"usci": ["A"], "year": [2021], **{name: [value] for name, value in columns.items()}}
    return firm_energy(county(policy=policy, enterprise_years=years)).iloc[0]


def blank_is_none(**changes):
    return {"carbon": {**POLICY["carbon"], "blank_fuel": "none", **changes}}


def test_fuels_that_add_up_to_the_reported_energy_are_complete():
    found = energy(electricity_10k_kwh=100, coal_t=100, gas_10k_m3=None, energy_tce=371.43)
    assert (found["mix"], found["equal_tce"]) == ("confirmed", 371.43)


def test_both_ways_of_counting_electricity_are_given():
    found = energy(electricity_10k_kwh=100, energy_tce=300)
    assert (found["equal_tce"], found["calorific_tce"]) == (300.0, 122.9)


def test_a_blank_fuel_is_not_known_where_the_energy_says_more_was_burnt():
    found = energy(electricity_10k_kwh=100, coal_t=None, energy_tce=400)
    assert found["mix"] == "fuels_short"
    assert found[["equal_tce", "calorific_tce"]].isna().all()


def test_fuels_that_exceed_the_energy_are_not_taken():
    assert energy(electricity_10k_kwh=200, energy_tce=300)["mix"] == "fuels_exceed"


def test_energy_reported_at_calorific_value_is_recognised():
    found = energy(electricity_10k_kwh=100, coal_t=10, energy_tce=130.043)
    assert found["mix"] == "reported_calorific"
    assert found["difference_tce"] == pytest.approx(130.043 - 307.143)


@pytest.mark.parametrize(("power", "mix"), [(98, "confirmed"), (97.99, "fuels_short")])
def test_the_tolerance_is_two_per_cent_of_what_was_reported(power, mix):
    assert energy(electricity_10k_kwh=power, energy_tce=300)["mix"] == mix


def test_without_reported_energy_blanks_are_not_known():
    assert energy(electricity_10k_kwh=100)["mix"] == "energy_not_reported"


def test_a_policy_may_take_blanks_for_none():
    found = energy(blank_is_none(), electricity_10k_kwh=100)
    assert (found["mix"], found["equal_tce"]) == ("listed", 300.0)


def test_a_firm_that_tells_every_fuel_needs_no_confirmation():
    fuels = dict.fromkeys(("coal_t", "gas_10k_m3", "diesel_t", "gasoline_t", "heat_gj"), 0)
    assert energy(electricity_10k_kwh=100, **fuels)["mix"] == "listed"


def test_removing_a_fuel_makes_only_its_users_unknown():
    years = {
        "usci": ["A", "B"],
        "year": [2021, 2021],
        "electricity_10k_kwh": [100, 50],
        "coal_t": [100, None],
        "energy_tce": [371.43, 150],
    }
    less = {name: values for name, values in years.items() if name != "coal_t"}
    assert firm_energy(county(enterprise_years=years))["mix"].tolist() == ["confirmed"] * 2
    found = firm_energy(county(enterprise_years=less))
    assert found["mix"].tolist() == ["fuels_short", "confirmed"]


def growing(rates, tce, **more):
    """Give a county with one above-scale firm that burnt these amounts from 2020 on."""
    years = {
        "usci": ["A"] * len(tce),
        "year": range(2020, 2020 + len(tce)),
        "is_above_scale": [True] * len(tce),
        "energy_tce": tce,
    }
    series = {
        "indicator": ["value_added_growth_pct"] * len(rates),
        "period": [str(2021 + n) for n in range(len(rates))],
        "value": rates,
    }
    firms = {"usci": ["A"], "industry": ["3441"]}
    tables = {"enterprises": firms, "enterprise_years": years, "official_series": series}
    return county("2024-06-30", **{**tables, **more})


def test_three_years_of_equal_falls_make_nine_per_cent():
    yearly = 0.91 ** (1 / 3)
    tce = [1000 * yearly**n for n in range(4)]
    found = intensity_change(growing([0, 0, 0], tce)).figures[-1]
    assert float(found.value) == pytest.approx(-9)


def test_nominal_levels_are_never_divided():
    found = intensity_change(growing([10], [100, 104.5])).figures
    assert [figure.value for figure in found] == [-5]


rates = st.lists(st.decimals(-20, 40, places=1), min_size=3, max_size=3)
burnt = st.lists(st.decimals(100, 9999, places=2), min_size=4, max_size=4)


@given(rates, burnt)
def test_the_change_is_the_quotient_of_two_indices(growth, tce):
    found = intensity_change(growing([float(g) for g in growth], [float(t) for t in tce]))
    index = Fraction(1)
    for rate in growth:
        index *= 1 + Fraction(str(rate)) / 100
    energy_index = Fraction(str(tce[3])) / Fraction(str(tce[0]))
    assert found.figures[-1].value == (energy_index / index - 1) * 100


def test_a_year_without_a_rate_ends_the_chain():
    county_ = growing([10, None, 10], [100, 100, 100, 100])
    assert [figure.end.year for figure in intensity_change(county_).figures] == [2021]


def test_a_quarters_rate_is_no_years_rate():
    series = {"indicator": ["value_added_growth_pct"], "period": ["2021Q4"], "value": [8.0]}
    assert intensity_change(growing([1], [100, 100], official_series=series)).figures == ()


def test_the_scope_leaves_other_industries_out():
    years = {
        "usci": ["A", "A", "B", "B"],
        "year": [2020, 2021] * 2,
        "is_above_scale": [True] * 4,
        "energy_tce": [100, 100, 1000, 9000],
    }
    firms = {"usci": ["A", "B"], "industry": ["3441", "5990"]}
    one = growing([0], [100], enterprise_years=years, enterprises=firms)
    assert intensity_change(one).figures[0].value == 0


def test_electricity_can_be_counted_at_its_calorific_value():
    years = {
        "usci": ["A"] * 2,
        "year": [2020, 2021],
        "is_above_scale": [True] * 2,
        "electricity_10k_kwh": [100, 0],
        "coal_t": [0, 300 / 0.7143],
        "energy_tce": [300, 300],
    }
    one = growing([0], [100], enterprise_years=years)
    assert float(intensity_change(one).figures[0].value) == pytest.approx(0)
    calorific = intensity_change(one, counting="calorific").figures[0].value
    assert float(calorific) == pytest.approx((300 / 122.9 - 1) * 100)


def test_energy_does_not_hang_on_tax():
    assert "tax_paid_wan" not in growing([0], [1, 1]).table("enterprise_years")
    assert intensity_change(growing([0], [1, 1])).figures


def test_without_energy_the_column_is_named():
    with pytest.raises(Unavailable, match=r"enterprise_years\.energy_tce"):
        intensity_change(county(enterprise_years={"usci": ["A"], "year": [2021]}))


def test_without_published_growth_the_indicator_is_named():
    series = {"indicator": ["other"], "period": ["2021"], "value": [1.0]}
    found = intensity_change(growing([1], [1, 1], official_series=series))
    assert isinstance(found, NotKnown)
    assert found.parts == {"indicator": "value_added_growth_pct"}


def users(**columns):
    years = {"usci": ["A", "B", "C"], "year": [2021] * 3, **columns}
    return key_users_monitored(county(enterprise_years=years), min_energy_tce=1000)


def test_a_firm_on_the_line_is_a_key_user():
    found = users(energy_tce=[1000, 999.99, 5000], is_energy_monitored=[True, True, None])
    assert (found.done, found.required) == (1, 2)
    assert found.parts == {"monitoring_untold": 1, "energy_unknown": 0}


def test_only_the_last_year_counts():
    years = {
        "usci": ["A", "A"],
        "year": [2020, 2021],
        "energy_tce": [5000, 10],
        "is_energy_monitored": [True, True],
    }
    found = key_users_monitored(county(enterprise_years=years), min_energy_tce=1000)
    assert found.required == 0


def test_an_empty_column_is_no_data():
    found = users(energy_tce=[1000, 1, 1], is_energy_monitored=[None, None, None])
    assert isinstance(found, NotKnown)
    assert (found.why, found.column) == (Gap.NO_DATA, "is_energy_monitored")
