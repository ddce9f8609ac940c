"""Standard coal and CO₂ of a mix of fuels: the published coefficients, and what follows."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from build import POLICY
from tenglong.errors import ConfigurationError
from tenglong.measure.carbon.fuels import (
    ELECTRICITY,
    emissions,
    fuels_of,
    kgce_per_kwh,
    standard_coal,
)
from tenglong.measure.exact import exact

FUELS = fuels_of(POLICY)
RULE = POLICY["electricity"]
EQUAL, CALORIFIC = exact("0.30"), exact("0.1229")
ZHEJIANG = {2021: "0.5422", 2022: "0.5153", 2023: "0.4974"}
amounts = st.decimals(0, 10**6, places=2).map(lambda number: Fraction(str(number)))
mixes = st.dictionaries(st.sampled_from([*FUELS, ELECTRICITY]), amounts)


def per_tce(mix, *, kg_per_kwh, kgce_per_kwh):
    """CO₂ / standard coal of a mix, in 吨/吨标准煤."""
    burnt = standard_coal(mix, FUELS, kgce_per_kwh=kgce_per_kwh)
    return emissions(mix, FUELS, kg_per_kwh=kg_per_kwh) / burnt


@pytest.mark.parametrize(
    ("year", "equal", "calorific"), [(2021, 1.81, 4.41), (2022, 1.72, 4.19), (2023, 1.66, 4.05)]
)
def test_all_electric_energy_has_the_published_ratios_of_both_ways_of_counting(
    year, equal, calorific
):
    mix = {ELECTRICITY: Fraction(250)}
    factor = exact(ZHEJIANG[year])
    found = [per_tce(mix, kg_per_kwh=factor, kgce_per_kwh=way) for way in (EQUAL, CALORIFIC)]
    assert [round(float(ratio), 2) for ratio in found] == [equal, calorific]


def test_coal_alone_gives_two_point_six_six():
    mix = {"coal_t": Fraction(1000)}
    ratio = per_tce(mix, kg_per_kwh=Fraction(0), kgce_per_kwh=EQUAL)
    assert round(float(ratio), 2) == 2.66


def test_ten_thousand_kilowatt_hours_are_three_tonnes_at_equal_value():
    assert standard_coal({ELECTRICITY: Fraction(1)}, FUELS, kgce_per_kwh=EQUAL) == 3


def test_a_thousand_tonnes_of_coal_equivalent_are_these_kilowatt_hours():
    for way, gigawatt_hours in ((CALORIFIC, 8.14), (EQUAL, 3.33)):
        per_10k_kwh = standard_coal({ELECTRICITY: Fraction(1)}, FUELS, kgce_per_kwh=way)
        assert round(float(1000 / per_10k_kwh / 100), 2) == gigawatt_hours


def test_the_gas_of_a_household_meter_is_not_the_gas_of_the_table():
    burnt = standard_coal({"gas_10k_m3": Fraction(1)}, FUELS, kgce_per_kwh=EQUAL)
    assert burnt == exact("1.33") * 10_000 / 1000


def test_nothing_burnt_emits_nothing():
    assert (
        emissions({}, FUELS, kg_per_kwh=EQUAL) == standard_coal({}, FUELS, kgce_per_kwh=EQUAL) == 0
    )


@given(mixes, mixes)
def test_mixes_add_up(one, other):
    both = {name: one.get(name, 0) + other.get(name, 0) for name in {*one, *other}}
    for measure, rate in ((standard_coal, "kgce_per_kwh"), (emissions, "kg_per_kwh")):
        parts = [measure(mix, FUELS, **{rate: EQUAL}) for mix in (one, other)]
        assert measure(both, FUELS, **{rate: EQUAL}) == sum(parts)


@given(mixes)
def test_the_sum_is_that_of_a_plain_loop_over_the_printed_table(mix):
    printed = {
        "coal_t": "0.7143",
        "gas_10k_m3": "13.3",
        "diesel_t": "1.4571",
        "gasoline_t": "1.4714",
        "heat_gj": "0.03412",
        ELECTRICITY: "1.229",
    }
    total = Fraction(0)
    for name, quantity in mix.items():
        total += quantity * Fraction(printed[name])
    assert standard_coal(mix, FUELS, kgce_per_kwh=CALORIFIC) == total


def test_a_value_of_the_year_goes_before_the_general_one():
    rule = {**RULE, "equal_value_by_year": {2020: 0.3055}}
    assert kgce_per_kwh(rule, year=2020) == Fraction("0.3055")
    assert kgce_per_kwh(rule, year=2021) == Fraction("0.3")


def test_the_calorific_value_is_the_same_in_every_year():
    rule = {**RULE, "equal_value_by_year": {2020: 0.3055}}
    assert kgce_per_kwh(rule, year=2020, counting="calorific") == Fraction("0.1229")


def test_another_county_may_bring_other_fuels():
    steam = {"name": {"zh": "蒸汽", "en": "Steam"}, "tce": 0.1286, "co2_t": 0.33}
    fuels = fuels_of({"fuels": {"source": "…", "fuels": {"steam_t": steam}}})
    assert standard_coal({"steam_t": Fraction(10)}, fuels, kgce_per_kwh=EQUAL) == Fraction("1.286")


def test_a_fuel_without_a_coefficient_is_named():
    coal = {"name": {"zh": "原煤", "en": "Raw coal"}, "tce": 0.7143}
    with pytest.raises(ConfigurationError, match=r"fuels\.coal_t: the key 'co2_t' is missing"):
        fuels_of({"fuels": {"source": "…", "fuels": {"coal_t": coal}}})


def test_a_coefficient_that_is_a_word_is_named():
    coal = {"name": {"zh": "原煤", "en": "Raw coal"}, "tce": "much", "co2_t": 1.9}
    with pytest.raises(ConfigurationError, match=r"fuels\.coal_t\.tce: 'much' must be a number"):
        fuels_of({"fuels": {"source": "…", "fuels": {"coal_t": coal}}})


def test_a_policy_without_a_value_of_electricity_is_named():
    with pytest.raises(ConfigurationError, match="electricity: the key 'calorific_kgce_per_kwh'"):
        kgce_per_kwh({"equal_value_kgce_per_kwh": 0.3}, year=2021)
