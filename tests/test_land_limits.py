"""Figures of land where a limit is met exactly: days, areas, blanks, and the order of rows."""

from datetime import date
from fractions import Fraction

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import box

from build import county
from tenglong.measure.land.disposal import idle_handled, industrial_land, land_in_states
from tenglong.measure.land.occupants import allocated, last_figures, main_occupants, outputs, per_mu
from tenglong.measure.land.supply import (
    contracts_signed,
    fund_share,
    industrial_grants,
    land_replaced,
    standard_land,
)
from tenglong.measure.land.tally import balance_of, by_town, tallies, township_codes
from tenglong.measure.reading import NotKnown

NONE = float("nan")


# --- grants -------------------------------------------------------------------------------------


def grants(*rows):
    """Give twenty known grants of 1 mu, industrial and standard, and others; a year's row."""
    names = ("land_use", "area_mu", "is_new", "is_standard_land")
    every = [("1001", 1.0, True, True)] * 19 + list(rows)
    table = {name: [row[place] for row in every] for place, name in enumerate(names)}
    return county(land_supply={"granted_on": ["2021-05-01"] * len(every), **table})


def told(reading):
    [figure] = reading.figures
    return figure.value, figure.low, figure.high, [cell.column for cell in figure.blanks]


def test_a_grant_of_unknown_use_may_be_industrial_or_not():
    one = grants((None, 6.0, True, False))
    assert told(industrial_grants(one)) == (1, Fraction(19, 25), 1, ["land_use"])
    # Of new industrial land it would be a part that is not standard.
    assert told(standard_land(one)) == (1, Fraction(19, 25), 1, ["land_use"])


def test_a_standard_grant_of_unknown_use_is_in_neither_part_of_the_share():
    assert told(standard_land(grants((None, 6.0, True, True)))) == (1, 1, 1, ["land_use"])
    assert told(standard_land(grants(("1001", 6.0, None, True)))) == (1, 1, 1, ["is_new"])


def test_a_grant_of_unknown_area_leaves_a_share_without_a_bound():
    one = grants(("1001", None, True, False))
    assert told(industrial_grants(one)) == (1, None, None, ["area_mu"])


def test_a_grant_that_is_not_known_to_be_standard_may_be_or_not():
    one = grants(("1001", 6.0, True, None))
    assert told(standard_land(one)) == (1, Fraction(19, 25), 1, ["is_standard_land"])
    assert told(industrial_grants(one)) == (1, 1, 1, [])


def test_what_is_surely_no_new_industrial_land_leaves_nothing_open():
    assert told(standard_land(grants((None, 6.0, False, None)))) == (1, 1, 1, [])
    assert told(standard_land(grants(("0701", None, None, None)))) == (1, 1, 1, [])


def test_the_parts_of_a_share_are_its_areas_and_how_many_lack_something():
    one = industrial_grants(grants((None, 6.0, True, False))).figures[0]
    assert one.parts == {
        "industrial_mu": 19,
        "granted_mu": 19,
        "grants": 20,
        "grants_lacking": 1,
    }


def test_a_fund_of_several_rows_is_added_up_and_one_blank_leaves_the_year_open():
    table = {
        "year": [2021, 2021, 2022, 2022],
        "settlement_income_wan": [5000.0, 3000.0, 100.0, 100.0],
        "drawn_wan": [100.0, 60.0, 2.0, None],
    }
    reading = fund_share(county(special_fund=table))
    assert [(one.end.year, one.value) for one in reading.figures] == [(2021, Fraction(1, 50))]
    [year] = reading.incomplete
    assert (year.end, [(one.column, one.row) for one in year.blanks]) == (
        date(2022, 12, 31),
        [("drawn_wan", 3)],
    )


# --- contracts ----------------------------------------------------------------------------------


def contracts(*rows):
    uses, days = zip(*rows, strict=True)
    ids = [f"P{number}" for number in range(len(rows))]
    table = {"parcel_id": ids, "land_use": uses, "supervision_signed_on": days}
    return contracts_signed(county(parcels=table))


def test_a_parcel_of_unknown_use_may_have_to_be_signed_for_or_not():
    signed, unsigned = ("1001", "2021-05-01"), ("1001", None)
    one = contracts(signed, unsigned, (None, None))
    assert (one.done, one.required, one.low, one.high) == (1, 3, Fraction(1, 3), Fraction(1, 2))
    assert one.completed_on is None
    other = contracts(signed, unsigned, (None, "2021-06-01"))
    assert (other.done, other.low, other.high) == (2, Fraction(1, 2), Fraction(2, 3))
    assert [(cell.column, cell.row) for cell in other.blanks] == [("land_use", 2)]
    sure = contracts(signed, unsigned)
    assert (sure.low, sure.high, sure.blanks) == (Fraction(1, 2), Fraction(1, 2), ())


def test_contracts_are_complete_on_the_last_day_whatever_the_order_of_rows():
    one = contracts(("1001", "2022-01-01"), ("1001", "2021-05-01"))
    assert one.completed_on == date(2022, 1, 1)
    assert contracts(("0701", "2021-05-01")).completed_on is None


# --- land that was converted --------------------------------------------------------------------


def moves(*rows):
    names = ("moved_on", "area_mu", "direction")
    return county(
        land_moves={name: [row[place] for row in rows] for place, name in enumerate(names)}
    )


def since(*rows):
    return [(one.name, one.since) for one in land_replaced(moves(*rows)).opened]


def test_land_is_owed_since_the_first_day_after_the_ledger_was_last_even():
    out, into = "out", "in"
    even = [("2021-01-01", 2.0, out), ("2021-02-01", 2.0, into)]
    assert since(*even) == []
    assert since(*even, ("2021-03-01", 1.5, out), ("2021-04-01", 1.0, out)) == [
        ("2.5 亩", date(2021, 3, 1))
    ]
    assert since(("2021-01-01", 2.0, out), ("2021-02-01", 0.5, into)) == [
        ("1.5 亩", date(2021, 1, 1))
    ]
    again = [("2021-05-01", 1.0, out), ("2021-06-01", 1.0, into), ("2021-07-01", 3.0, out)]
    assert since(*even, *again) == [("3 亩", date(2021, 7, 1))]
    # By the end of a day: what was put in on the same day counts.
    assert since(("2021-01-01", 2.0, out), ("2021-01-01", 2.0, into)) == []
    assert since(("2021-02-01", 3.0, out), ("2021-01-01", 2.0, into)) == [
        ("1 亩", date(2021, 2, 1))
    ]


def test_what_is_blank_in_the_ledger_is_awaited():
    reading = land_replaced(moves(("2021-01-01", 2.0, None), ("2021-02-01", None, "in")))
    found = {(cell.column, cell.row) for cell in reading.blanks}
    assert found == {("direction", 0), ("area_mu", 1)}
    assert (reading.done, reading.required, reading.unit) == (0, 0, "亩")


def test_of_days_with_the_same_lowest_balance_the_first_is_told():
    ledger = pd.DataFrame(
        {
            "moved_on": pd.to_datetime(["2021-05-01", "2021-03-01", "2021-04-01"]),
            "area_mu": [2.0, 2.0, 2.0],
            "direction": ["out", "out", "in"],
            "balance_mu": [-2.0, -2.0, 0.0],
        }
    )
    found = balance_of(ledger)
    assert (found.lowest_mu, found.lowest_on) == (-2, date(2021, 3, 1))
    assert (found.converted_mu, found.replaced_mu, found.balance_mu) == (4, 2, 0)


# --- how much there is, and what became of it ---------------------------------------------------


def ground(as_of="2021-12-31", moved=None, **columns):
    tables = {"land_moves": moved} if moved else {}
    return county(as_of, parcels={"parcel_id": ["a", "b"], **columns}, **tables)


@pytest.mark.parametrize(("day", "total"), [("2021-12-31", 5), ("2022-01-01", 3)])
def test_land_supplied_on_the_day_is_there(day, total):
    one = ground(supplied_mu=[3.0, 2.0], supplied_on=[None, day])
    assert industrial_land(one).figures[-1].value == total
    assert industrial_land(one).figures[-1].parts == {
        "parcels": 1 + (total == 5),
        "parcels_lacking": 0,
    }


@pytest.mark.parametrize(("day", "total"), [("2021-12-31", 4), ("2022-01-01", 5), (None, 5)])
def test_land_taken_out_on_the_day_is_gone(day, total):
    moved = {"moved_on": [day], "area_mu": [1.0], "direction": ["out"]}
    one = ground(moved=moved, supplied_mu=[3.0, 2.0], supplied_on=["2020-01-01"] * 2)
    assert [figure.end for figure in industrial_land(one).figures] == [
        date(2020, 12, 31),
        date(2021, 12, 31),
    ]
    assert industrial_land(one).figures[-1].value == total


def test_land_of_another_use_is_no_industrial_land_and_that_of_an_unknown_one_is():
    one = ground(supplied_mu=[3.0, 2.0], supplied_on=["2020-01-01"] * 2, land_use=[None, "0701"])
    assert industrial_land(one).figures[-1].value == 3


def test_a_total_is_told_while_just_a_twentieth_of_the_parcels_lacks_its_area():
    def total(count):
        ids = [f"p{number}" for number in range(count)]
        areas = [None] + [1.0] * (count - 1)
        one = county(
            parcels={"parcel_id": ids, "supplied_mu": areas, "supplied_on": [None] * count}
        )
        return industrial_land(one)

    assert total(20).figures[-1].value == 19
    assert total(20).figures[-1].parts["parcels_lacking"] == 1
    lacking = total(19)
    assert isinstance(lacking, NotKnown)
    assert (lacking.table, lacking.column) == ("parcels", "supplied_mu")


@pytest.mark.parametrize(
    ("agreed", "started", "counts"),
    [
        ("2020-05-01", "2021-05-01", 0),  # on the last day of the year it was not yet idle
        ("2020-05-01", "2021-05-02", 1),
        ("2019-01-01", "2020-12-31", 0),  # before the window
        ("2019-01-01", "2021-01-01", 1),
        (None, "2021-05-02", 0),
    ],
)
def test_land_that_lay_idle_is_handled_from_the_day_after_its_year(agreed, started, counts):
    one = ground("2022-06-30", agreed_start_on=[agreed, None], started_on=[started, None])
    reading = idle_handled(one)
    assert (reading.done, reading.required) == (counts, counts)


def test_what_was_disposed_of_counts_only_where_it_was_idle():
    one = ground(
        "2022-06-30",
        agreed_start_on=["2020-05-01", "2022-06-01"],
        started_on=[None, None],
        idle_disposed_on=["2022-01-01", "2022-02-01"],
    )
    reading = idle_handled(one)
    assert (reading.done, reading.required, reading.unit) == (1, 1, "宗")
    assert reading.evidence[0].rows["parcel_id"].tolist() == ["a"]
    assert land_in_states(one, states=["supplied_unused"]).figures[0].value == 1


# --- tallies and townships ----------------------------------------------------------------------


def test_a_fee_is_the_sum_of_those_that_are_due():
    rows = pd.DataFrame(
        {"state": ["x", "x", "y"], "area_mu": [2.0, 1.5, 4.0], "fee_wan": [60.0, 0.5, NONE]}
    )
    found = tallies(rows, "state")
    assert (found["x"].parcels, found["x"].area_mu, found["x"].fee_wan) == (
        2,
        Fraction("3.5"),
        Fraction("60.5"),
    )
    assert found["y"].fee_wan is None
    assert (found["all"].parcels, found["all"].fee_wan) == (3, Fraction("60.5"))


def test_townships_with_as_many_parcels_stand_by_their_name():
    rows = pd.DataFrame(
        {
            "town": ["丙", "甲", "乙", None, "乙", "甲"],
            "land_state": ["idle", "idle", "idle", "idle", "unused", None],
        }
    )
    found = by_town(rows, ("idle", "unused"))
    assert found.reset_index().to_numpy().tolist() == [
        ["乙", 1, 1, 0, 2],
        ["甲", 1, 0, 1, 2],
        ["", 1, 0, 0, 1],
        ["丙", 1, 0, 0, 1],
    ]


def test_a_parcel_s_township_is_told_by_its_code_or_else_by_where_it_lies():
    towns = gpd.GeoDataFrame(
        {"township": ["330328100", "330328101"], "name": ["甲镇", "乙镇"]},
        geometry=[box(0, 0, 10, 10), box(10, 0, 20, 10)],
        crs="EPSG:4549",
    )
    parcels = gpd.GeoDataFrame(
        {
            "parcel_id": list("abcd"),
            "township": ["330328101", None, "999999999", None],
        },
        geometry=[box(1, 1, 2, 2), box(12, 1, 13, 2), box(1, 1, 2, 2), box(50, 50, 51, 51)],
        crs="EPSG:4549",
    )
    one = county(townships=towns, parcels=parcels)
    found = township_codes(one, one.table("parcels"))
    known = [None if pd.isna(code) else code for code in found.tolist()]
    assert known == ["330328101", "330328101", "330328100", None]


# --- whose a parcel's figures are ---------------------------------------------------------------


def used(*rows, year_rows=None, **more):
    """Give uses of two parcels of 4 mu: (firm, parcel, area)."""
    firms, parcels, areas = zip(*rows, strict=True)
    years = year_rows or {"usci": ["A", "B"], "year": [2021, 2021], "tax_paid_wan": [30.0, 8.0]}
    return county(
        "2022-06-30",
        parcels={"parcel_id": ["p", "q"], "supplied_mu": [4.0, 4.0]},
        occupancies={"usci": firms, "parcel_id": parcels, "area_mu": areas},
        enterprises={"usci": ["A", "B"]},
        enterprise_years=years,
        **more,
    )


def test_what_is_allocated_is_by_the_land_used_and_adds_up():
    one = used(("A", "p", 1.0), ("A", "q", 2.0), ("B", "q", 2.0))
    assert dict(allocated(one, "tax_wan")) == {"p": 10, "q": 28}
    assert per_mu(one, "tax_wan") == {"p": Fraction(10, 4), "q": 7}


def test_a_firm_with_two_uses_of_a_parcel_uses_their_sum_of_it():
    one = used(("A", "p", 1.0), ("B", "p", 1.5), ("A", "p", 1.0))
    assert main_occupants(one).tolist()[0] == "A"
    even = used(("B", "p", 1.5), ("A", "p", 1.5))
    assert main_occupants(even).tolist()[0] == "A"


def test_the_output_of_a_parcel_is_of_the_last_year_that_is_known():
    years = {
        "usci": ["A", "B", "A", "B"],
        "year": [2020, 2020, 2021, 2021],
        "tax_paid_wan": [100.0, 100.0, 30.0, None],
        "value_added_wan": [1.0, 1.0, 60.0, 16.0],
        "energy_tce": [1.0, 1.0, 12.0, 0.0],
    }
    one = used(("A", "p", 2.0), ("B", "q", 2.0), year_rows=years)
    assert last_figures(one, "tax_wan") == ({"A": 30}, 2021)
    found, year = outputs(one)
    assert year == 2021
    assert [*found.values()] == [
        {
            "tax_wan_per_mu": Fraction(30, 4),
            "value_added_wan_per_mu": 15,
            "value_added_wan_per_tce": 5,
        },
        {
            "tax_wan_per_mu": None,
            "value_added_wan_per_mu": 4,
            "value_added_wan_per_tce": None,
        },
    ]
