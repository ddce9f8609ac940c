"""Monthly emissions, and the energy that new projects ask for."""

import pytest

from build import POLICY, county
from tenglong.measure.carbon.energy import energy_demand
from tenglong.measure.carbon.months import carbon_by_month, other_ratio
from tenglong.measure.county import Unavailable

YEARS = {
    "usci": ["A"],
    "year": [2021],
    "coal_t": [100],
    "electricity_10k_kwh": [50],
    "energy_tce": [221.43],
}


def months(years=YEARS, as_of="2022-06-30", **columns):
    table = {"usci": ["A", "B"], "month": ["2022-05", "2022-05"], **columns}
    given = {"enterprise_months": table, **({"enterprise_years": years} if years else {})}
    return carbon_by_month(county(as_of, **given)).iloc[0]


def test_electricity_and_the_rest_are_added_up():
    found = months(electricity_10k_kwh=[10, 0], energy_tce=[40, 7.143])
    assert found["grid_t"] == pytest.approx(10 * 10 * 0.581)
    assert found["other_t"] == pytest.approx((40 + 7.143 - 30) * 1.9003 / 0.7143)
    assert found["co2_t"] == pytest.approx(found["grid_t"] + found["other_t"])


def test_a_row_that_lacks_a_figure_is_in_no_sum():
    found = months(electricity_10k_kwh=[10, None], energy_tce=[40, 500])
    assert (found["firms"], found["lacking"], found["is_complete"]) == (1, 1, False)
    assert found["energy_tce"] == 40


def test_less_energy_than_its_own_electricity_is_not_made_right():
    found = months(electricity_10k_kwh=[10, 10], energy_tce=[20, 30])
    assert (found["reason"], found["other_t"] != found["other_t"]) == ("energy_too_low", True)


def test_without_a_year_only_the_electricity_is_known():
    found = months(years=None, electricity_10k_kwh=[10, 0], energy_tce=[40, 7])
    assert (found["reason"], found["grid_t"]) == ("fuels_unknown", pytest.approx(58.1))


def test_before_a_factor_was_published_nothing_is_estimated():
    found = months(as_of="2015-06-30", electricity_10k_kwh=[10, 0], energy_tce=[40, 7])
    assert found["reason"] == "no_grid_factor"


def test_other_fuels_are_those_of_the_last_year_that_is_known_in_full():
    years = {
        "usci": ["A", "A"],
        "year": [2020, 2021],
        "coal_t": [100, 100],
        "energy_tce": [71.43, 900],
    }
    assert round(float(other_ratio(county(enterprise_years=years), {"A"})), 2) == 2.66


def test_without_electricity_the_column_is_named():
    table = {"usci": ["A"], "month": ["2022-05"], "energy_tce": [1.0]}
    with pytest.raises(Unavailable, match=r"enterprise_months\.electricity_10k_kwh"):
        carbon_by_month(county(enterprise_months=table))


def test_only_projects_started_inside_the_window_ask_for_freed_energy():
    projects = {
        "project_id": ["P", "Q", "R", "S"],
        "kind": ["new", "new", "upgrade", "new"],
        "energy_tce": [480, None, 100, 9000],
        "started_on": ["2021-01-01", "2022-01-10", "2022-02-01", "2020-12-31"],
    }
    found = energy_demand(county(projects=projects))
    assert found.values.tolist() == [["new", 2, 480.0, 1], ["upgrade", 1, 100.0, 0]]


def test_projects_of_no_known_kind_ask_for_energy_too_and_stand_last():
    projects = {
        "project_id": ["P", "Q", "R"],
        "kind": [None, "upgrade", "new"],
        "energy_tce": [480, 100, 20],
        "started_on": ["2021-01-01"] * 3,
    }
    found = energy_demand(county(projects=projects))
    assert found["kind"].fillna("").tolist() == ["new", "upgrade", ""]
    assert found["energy_tce"].tolist() == [20, 100, 480]


@pytest.mark.parametrize(("power", "is_known"), [(5, True), (5.01, False), (None, False)])
def test_firms_of_unknown_fuels_may_use_a_twentieth_of_the_electricity(power, is_known):
    years = {
        "usci": ["A", "B"],
        "year": [2021, 2021],
        "coal_t": [100, None],
        "electricity_10k_kwh": [95, power],
        "energy_tce": [356.43, None],
    }
    found = other_ratio(county(enterprise_years=years), {"A", "B"})
    assert (found is not None) == is_known


def years_of(*rows):
    """Give firms' years: (firm, year, coal, gas, electricity), energy as the fuels add up."""
    names = ("usci", "year", "coal_t", "gas_10k_m3", "electricity_10k_kwh")
    table = {name: [row[place] for row in rows] for place, name in enumerate(names)}
    energy = [0.7143 * coal + 13.3 * gas + 3 * (power or 0) for _, _, coal, gas, power in rows]
    return {**table, "energy_tce": energy}


COAL, GAS = 1.9003 / 0.7143, 21.622 / 13.3  # t of CO₂ per tce, by fuels.yml


def test_other_fuels_are_those_of_the_last_year_of_the_firms_asked_for():
    years = years_of(("A", 2020, 100, 0, 5), ("A", 2021, 0, 10, 5), ("B", 2021, 100, 0, 5))
    one = county(enterprise_years=years)
    assert float(other_ratio(one, {"A"})) == pytest.approx(GAS)
    assert float(other_ratio(one, {"B"})) == pytest.approx(COAL)
    before = county(enterprise_years=years_of(("A", 2021, 100, 0, 5), ("A", 2020, 0, 10, 5)))
    assert float(other_ratio(before, {"A"})) == pytest.approx(COAL)


def test_other_fuels_are_those_of_the_firms_that_tell_both_electricity_and_energy():
    years = years_of(("A", 2021, 100, 0, 50), ("B", 2021, 0, 10, 50))
    for power, energy in (([10, None], [40, 50]), ([10, 10], [40, None])):
        found = months(years=years, electricity_10k_kwh=power, energy_tce=energy)
        assert (found["firms"], found["lacking"]) == (1, 1)
        assert found["other_t"] == pytest.approx((40 - 30) * COAL)


def test_one_firm_that_tells_no_electricity_leaves_a_year_unknown_whatever_another_tells():
    years = years_of(("A", 2021, 100, 0, 95), ("B", 2021, 0, 0, 1), ("C", 2021, 0, 0, None))
    years["energy_tce"] = [*years["energy_tce"][:1], 900, None]
    one = county(enterprise_years=years)
    assert other_ratio(one, {"A", "B", "C"}) is None
    assert float(other_ratio(one, {"A", "B"})) == pytest.approx(COAL)


def test_a_month_of_the_new_year_has_the_factor_and_the_value_of_its_own_year():
    policy = {"electricity": {**POLICY["electricity"], "equal_value_by_year": {2022: 0.25}}}
    found = carbon_by_month(
        county(
            "2026-06-30",
            policy=policy,
            enterprise_years=years_of(("A", 2021, 100, 0, 50)),
            enterprise_months={
                "usci": ["A", "A"],
                "month": ["2021-12", "2022-01"],
                "electricity_10k_kwh": [10, 10],
                "energy_tce": [30, 30],
            },
        )
    )
    assert found["grid_t"].tolist() == [54.22, 51.53]
    assert found["other_t"].tolist() == [0, pytest.approx(5 * COAL)]
