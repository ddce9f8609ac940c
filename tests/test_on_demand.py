"""What is asked of rows is worked out of those rows, and once."""

import pytest

import build
from tenglong.measure.carbon import fuels
from tenglong.measure.carbon.efficiency import carbon_levels
from tenglong.measure.carbon.emission import emissions_of
from tenglong.measure.carbon.fuels import fuel_mixes
from tenglong.measure.exact import exact
from tenglong.measure.kept import kept
from tenglong.measure.land import occupants
from tenglong.measure.land.contract import land_states
from tenglong.measure.land.occupants import OUTPUTS, outputs
from tenglong.measure.on_demand import OnDemand
from tenglong.source.policy import load_policy

BIG, SMALL = 3, 20


@pytest.fixture
def county():
    firms = [f"F{n}" for n in range(BIG + SMALL)]
    parcels = [f"P{n}" for n in range(BIG + SMALL)]
    years = {
        "usci": firms,
        "year": [2021] * len(firms),
        "is_above_scale": [n < BIG for n in range(len(firms))],
        "coal_t": [100.0] * len(firms),
        "energy_tce": [71.43] * len(firms),
        "value_added_wan": [380.06] * len(firms),
        "tax_paid_wan": [30.0] * len(firms),
    }
    due = ["2020-06-30"] * BIG + [None] * SMALL
    return build.county(
        policy=load_policy(),
        enterprises={"usci": firms, "industry": ["3441"] * len(firms)},
        enterprise_years=years,
        parcels={
            "parcel_id": parcels,
            "actual_mu": [10.0] * len(parcels),
            **dict.fromkeys(("started_on", "completed_on"), ["2018-01-01"] * len(parcels)),
            "production_on": ["2019-06-01"] * len(parcels),
            "agreed_capacity_on": due,
            "agreed_tax_wan_per_mu": [5.0] * len(parcels),
        },
        occupancies={"usci": firms, "parcel_id": parcels, "share": [1.0] * len(firms)},
    )


@pytest.fixture
def counted(monkeypatch):
    """Count how often a function of a module is called."""

    def watch(module, name):
        calls, work = [], getattr(module, name)
        monkeypatch.setattr(module, name, lambda *args: calls.append(args) or work(*args))
        return calls

    return watch


def test_what_is_asked_again_is_not_worked_out_again():
    asked = []
    found = OnDemand("abc", lambda place: asked.append(place) or place)
    assert (found["b"], found["b"], asked) == (1, 1, [1])
    assert dict(found) == {"a": 0, "b": 1, "c": 2}
    assert sorted(asked) == [0, 1, 2]
    with pytest.raises(KeyError):
        found["d"]


def test_only_firms_of_the_scope_have_their_fuels_added_up(county, counted):
    calls = counted(fuels, "_firm_mix")
    assert len(carbon_levels(county)) == BIG
    assert len(calls) == BIG
    assert len(emissions_of(county)) == len(fuel_mixes(county)) == BIG + SMALL
    assert len(calls) == BIG


def test_only_parcels_whose_capacity_is_due_have_their_output_reckoned(county, counted):
    calls = counted(occupants, "_quotient")
    found = land_states(county)["codes"].tolist()
    assert sum("below_capacity" in codes for codes in found) == BIG
    assert len(calls) == BIG
    assert set(outputs(county)[0]["P0"]) == set(OUTPUTS)


def test_the_rules_that_a_measure_rests_on_are_told_though_its_rows_wait(county):
    heard = []

    @kept
    def measure(one):
        with one.policy.heard() as files:
            found = fuel_mixes(one)
        heard.append(files)
        return found

    from tenglong.measure.board.board import _watched  # noqa: PLC0415 - how verdicts watch

    _, watched = _watched(county)
    measure(watched)
    assert {"electricity", "fuels", "carbon"} <= heard[0]


def test_a_flag_is_no_number_though_one_that_equals_it_was_read_before():
    assert exact(1.0) == 1
    with pytest.raises(ArithmeticError):
        exact(True)
