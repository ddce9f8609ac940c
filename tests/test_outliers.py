"""Of amounts that are far apart: which cell is named, in which order, and where nothing is held."""

from fractions import Fraction

import geopandas as gpd
import pytest
from shapely.geometry import box

from build import county
from tenglong.measure.firm.places import places
from tenglong.measure.slip.suspects import suspects


def found(**tables):
    """Give the suspected cells: column, row, and what they are held against."""
    return [(one.column, one.row, one.against) for one in suspects(county(**tables))]


# --- how cells are told ---------------------------------------------------------------------------


def test_of_two_comparisons_as_far_away_the_first_by_name_is_told():
    areas = [10.0] * 6 + [9000.0]  # 900 times the greatest other and 900 times the median
    assert found(land_supply={"supply_id": list("abcdefg"), "area_mu": areas}) == [
        ("area_mu", 6, "others")
    ]


def test_cells_stand_by_row_though_a_later_one_is_farther_away():
    months = [f"2021-{month:02d}" for month in range(1, 7)]
    amounts = [5.0, 80_000.0, 6.0, 7.0, -90_000.0, 8.0]
    table = {"project_id": ["P"] * 6, "month": months, "invested_wan": amounts}
    assert [row for _, row, _ in found(project_months=table)] == [1, 4]


def test_cells_of_a_row_stand_by_column():
    table = {
        "year": [2020, 2021, 2022],
        "settlement_income_wan": [5000.0, 5200.0, 9e6],
        "drawn_wan": [100.0, 110.0, 50_000.0],
    }
    assert found(special_fund=table) == [
        ("drawn_wan", 2, "own"),
        ("settlement_income_wan", 2, "own"),
    ]


def test_a_firm_that_stands_twice_is_called_by_its_first_name():
    table = {"usci": ["A"] * 3, "month": ["2022-01", "2022-02", "2022-03"]}
    one = county(
        enterprises={"usci": ["A", "A"], "name": ["甲", "乙"]},
        enterprise_months={**table, "tax_wan": [3.0, 4.0, 1201.0]},
    )
    assert [cell.name for cell in suspects(one)] == ["甲"]


# --- where nothing is held against anything -------------------------------------------------------


@pytest.mark.parametrize("amount", [{"area_mu": [5000.0]}, {}])
def test_what_is_used_is_held_against_nothing_where_parcels_or_areas_are_not_told(amount):
    used = {"usci": ["A"], "parcel_id": ["p"], **amount}
    assert found(occupancies=used) == []
    other = {"parcel_id": ["p"], "actual_mu": [3.0]}  # neither registered nor supplied
    assert found(occupancies=used, parcels=other) == []
    whole = {"parcel_id": ["p"], "registered_mu": [3.0]}
    held = [("area_mu", 0, "within")] if amount else []
    assert found(occupancies=used, parcels=whole) == held


def test_an_area_that_is_drawn_is_the_decimal_that_it_is():
    # 16.1 square metres are 0.02415 mu, which floats do not say.
    for registered, told in ((7.245, []), (7.2451, [("registered_mu", 0, "pair")])):
        columns = {"parcel_id": ["p"], "registered_mu": [registered]}
        drawn = gpd.GeoDataFrame(columns, geometry=[box(0, 0, 2.3, 7)], crs="EPSG:4549")
        assert found(parcels=drawn) == told


def test_a_firm_s_rows_without_a_year_are_held_against_one_another():
    table = {"usci": ["A"] * 3, "tax_paid_wan": [3.0, 4.0, 1201.0]}
    assert found(enterprise_years=table) == [("tax_paid_wan", 2, "own")]


def test_land_of_a_slip_is_that_of_its_firm_and_not_of_who_has_none():
    land = [3.0, 4.0]
    parcels = {
        "parcel_id": ["p", "q"],
        "registered_mu": land,
        "supplied_mu": land,
        "actual_mu": [3.0, 4.0 * 667],
    }
    years = {"usci": list("ABC"), "year": [2021] * 3, "tax_paid_wan": [9.0] * 3}
    one = county(
        enterprises={"usci": list("ABC"), "township": ["t", "u", "v"]},
        enterprise_years=years,
        parcels=parcels,
        occupancies={"usci": ["A", "B"], "parcel_id": ["p", "q"], "share": [1.0, 1.0]},
    )
    [cell] = suspects(places(one).within("u"))
    assert (cell.table, cell.row) == ("parcels", 1)
    assert cell.settled == (("enterprise_years", 1, "land_mu"),)
    assert suspects(places(one).within("t")) == suspects(places(one).within("v")) == ()


def test_without_firms_years_a_slip_of_a_parcel_is_that_of_its_township():
    parcels = {
        "parcel_id": ["p", "q"],
        "township": ["t", "u"],
        "registered_mu": [3.0, 4.0],
        "supplied_mu": [3.0, 4.0],
        "actual_mu": [3.0, 4.0 * 667],
    }
    cut = places(county(parcels=parcels))
    assert suspects(cut.within("t")) == ()
    [cell] = suspects(cut.within("u"))
    assert (cell.row, cell.settled) == (1, ())


# --- a firm and its industry ----------------------------------------------------------------------


def firms(*tax, years=None, **more):
    """Give firms of one industry in 2021, on 1 mu each unless told."""
    names = [f"F{n}" for n in range(len(tax))]
    table = {"usci": names, "year": [2021] * len(names), "tax_paid_wan": tax, **(years or {})}
    return county(
        enterprises={"usci": names, "industry": ["3391"] * len(names)},
        enterprise_years=table,
        **more,
    )


def test_tax_that_was_paid_back_is_held_against_the_industry_by_its_size():
    one = firms(3.0, 4.0, 5.0, 6.0, 7.0, -9000.0, years={"land_mu": [2.0] * 5 + [4.0]})
    [cell] = suspects(one)
    # By size 1.5, 2, 2.5, 3, 3.5 and 2250 per mu: the median is 2.75, on 4 mu 11.
    assert (cell.value, cell.usual, cell.times) == (-9000, 11, Fraction(9000, 11))


def test_land_that_is_not_given_by_year_is_not_blamed_in_the_row_of_the_year():
    added = {"value_added_wan": [9.0] * 5 + [450.0]}
    tax = (3.0, 4.0, 5.0, 6.0, 7.0, 5.0 * 667)
    [cell] = suspects(firms(*tax, years={**added, "land_mu": [1.0] * 6}))
    assert cell.column == "land_mu"
    names = [f"F{n}" for n in range(6)]
    used = {"usci": names, "parcel_id": list("pqrstu"), "area_mu": [1.0] * 6}
    [cell] = suspects(firms(*tax, years=added, occupancies=used))
    assert (cell.table, cell.column, cell.row) == ("enterprise_years", "tax_paid_wan", 5)


@pytest.mark.parametrize(("land", "rows"), [(1.0, {13}), (None, {12, 13})])
def test_of_two_years_both_are_named_where_it_is_not_known_what_is_usual_for_one(land, rows):
    names = [f"F{n}" for n in range(6)]
    one = county(
        enterprises={"usci": [*names, "Z"], "industry": ["3391"] * 7},
        enterprise_years={
            "usci": [*names, *names, "Z", "Z"],
            "year": [2020] * 6 + [2021] * 6 + [2020, 2021],
            "tax_paid_wan": [8.0] * 12 + [5.0, 5000.0],
            "land_mu": [1.0] * 13 + [land],
        },
    )
    assert {cell.row for cell in suspects(one)} == rows
