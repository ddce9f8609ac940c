"""How far a parcel lies behind its contract, and the tallies of the land page."""

from datetime import date

import pandas as pd
import pytest

from build import POLICY, county
from tenglong.measure.land.contract import late_parcels, unmet_checks
from tenglong.measure.land.tally import balance_of, by_town, land_extents, tallies

COLUMNS = (
    *("started_on", "completed_on", "production_on", "suspended_on"),
    *("agreed_start_on", "agreed_production_on", "agreed_far", "actual_far"),
    *("to_develop_mu", "developed_mu"),
)


def parcels(*rows, as_of="2022-06-30"):
    cells = {name: [row.get(name) for row in rows] for name in COLUMNS}
    return county(as_of, parcels={"parcel_id": [f"P{n}" for n in range(len(rows))]} | cells)


def test_land_not_started_is_late_by_days_and_will_be_idle_a_year_after_the_day_agreed():
    found = late_parcels(parcels({"agreed_start_on": "2022-06-29"}))
    assert found["days_late"].tolist() == [1]
    assert found["idle_on"].dt.date.tolist() == [date(2023, 6, 29)]


def test_land_not_in_production_will_never_lie_idle_by_that_rule():
    built = {"started_on": "2019-01-01", "completed_on": "2020-01-01"}
    found = late_parcels(parcels(built | {"agreed_production_on": "2022-05-31"}))
    assert found[["land_state", "days_late"]].to_numpy().tolist() == [["invested_short", 30]]
    assert found["idle_on"].isna().all()


def test_land_that_is_idle_or_in_time_is_not_late():
    idle, in_time = {"agreed_start_on": "2021-06-30"}, {"agreed_start_on": "2022-06-30"}
    assert late_parcels(parcels(idle, in_time)).empty


def test_the_check_furthest_behind_stands_first():
    built = {
        "started_on": "2019-01-01",
        "completed_on": "2020-01-01",
        "production_on": "2020-06-01",
    }
    rows = [
        built | {"agreed_far": 2.0, "actual_far": 1.0, "to_develop_mu": 10.0, "developed_mu": 9.0},
        built | {"agreed_far": 1.0, "actual_far": 0.7, "to_develop_mu": 10.0, "developed_mu": 2.0},
    ]
    found = unmet_checks(parcels(*rows))
    assert found[["parcel_id", "actual_name", "reached"]].to_numpy().tolist() == [
        ["P1", "developed_mu", 0.2],
        ["P0", "actual_far", 0.5],
        ["P1", "actual_far", 0.7],
    ]


OTHERS = ("agreed_value_added_wan_per_mu", "agreed_value_added_wan_per_tce")


@pytest.mark.parametrize(
    ("capacity_on", "names"),
    [
        ("2021-06-30", ["invested_wan"]),  # in 2021 it was not yet a full year at capacity
        ("2021-01-02", ["invested_wan"]),
        ("2021-01-01", ["tax_wan_per_mu", "invested_wan"]),
    ],
)
def test_output_of_a_year_that_was_no_full_one_at_capacity_misses_nothing(capacity_on, names):
    dates = ("started_on", "production_on")
    one = county(
        "2022-12-31",
        parcels={
            "parcel_id": ["P"],
            "supplied_mu": [2.0],
            "started_on": ["2019-01-01"],
            "production_on": ["2020-06-01"],
            "agreed_capacity_on": [capacity_on],
            "agreed_tax_wan_per_mu": [50.0],
            "invested_wan": [90.0],
            "agreed_investment_wan": [100.0],
            **{name: [None] for name in (*COLUMNS, *OTHERS) if name not in dates},
        },
        occupancies={"usci": ["A"], "parcel_id": ["P"], "area_mu": [2.0]},
        enterprises={"usci": ["A"]},
        enterprise_years={"usci": ["A"], "year": [2021], "tax_paid_wan": [10.0]},
    )
    assert unmet_checks(one)["actual_name"].tolist() == names


def test_unused_land_has_the_area_that_was_granted():
    one = county(parcels={"parcel_id": ["P"], "supplied_mu": [12.0], "actual_mu": [0.0]})
    assert land_extents(one).tolist() == [12.0]


def test_land_of_no_known_area_has_none():
    one = county(parcels={"parcel_id": ["P"], "actual_mu": [None]})
    assert land_extents(one).isna().all()
    assert POLICY["land_state"]["area"][-1] == "actual_mu"


def test_tallies_add_up_to_all_and_leave_a_missing_fee_out():
    rows = pd.DataFrame(
        {
            "land_state": ["idle", "idle", None],
            "area_mu": [0.1, 0.2, 1.0],
            "fee_wan": [None, 5.0, None],
        }
    )
    found = tallies(rows, "land_state")
    assert (found["idle"].parcels, str(found["idle"].area_mu), found["idle"].fee_wan) == (
        2,
        "3/10",
        5,
    )
    assert found["undecided"].parcels == 1
    assert found["all"].parcels == 3


def test_the_township_with_most_idle_parcels_stands_first_and_states_keep_their_order():
    rows = pd.DataFrame({"town": ["甲", "乙", None], "land_state": ["in_use", "idle", "idle"]})
    made = by_town(rows, ("idle", "in_use"))
    assert made.index.tolist() == ["", "乙", "甲"]
    assert made["all"].tolist() == [1, 1, 1]


@pytest.mark.parametrize(("balances", "lowest"), [([-2.0, 1.0], -2), ([2.0, 1.0], 1)])
def test_a_ledger_is_summed_up_with_its_lowest_balance(balances, lowest):
    days = pd.to_datetime(["2021-03-01", "2021-05-01"])
    rows = pd.DataFrame(
        {
            "moved_on": days,
            "direction": ["out", "in"],
            "area_mu": [2.0, 3.0],
            "balance_mu": balances,
        }
    )
    found = balance_of(rows)
    assert (found.converted_mu, found.replaced_mu, found.balance_mu) == (2, 3, 1)
    assert found.lowest_mu == lowest


def test_a_ledger_with_an_unknown_entry_has_no_balance_and_an_empty_one_is_none():
    rows = pd.DataFrame(
        {
            "moved_on": pd.to_datetime(["2021-03-01"]),
            "direction": [None],
            "area_mu": [2.0],
            "balance_mu": [float("nan")],
        }
    )
    assert balance_of(rows).balance_mu is None
    assert balance_of(rows.iloc[:0]) is None
