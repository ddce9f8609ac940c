"""Whose a parcel is, and what of a firm's figures is its own: areas and days at a limit."""

from fractions import Fraction

import pandas as pd
import pytest

from build import county
from tenglong.measure.county import Unavailable
from tenglong.measure.land.occupants import allocated, last_figures, main_occupants, outputs, per_mu


def used(*rows, areas=(4.0, 4.0), years=None):
    """Give uses (firm, parcel, area, from, to) of the parcels p and q."""
    columns = ("usci", "parcel_id", "area_mu", "from_on", "to_on")
    cells = [row + (None,) * (len(columns) - len(row)) for row in rows]
    return county(
        parcels={"parcel_id": ["p", "q"], "supplied_mu": list(areas)},
        occupancies=dict(zip(columns, map(list, zip(*cells, strict=True)), strict=True)),
        enterprise_years=years
        or {"usci": ["A", "B"], "year": [2021, 2021], "tax_paid_wan": [30.0, 8.0]},
    )


def main(*rows):
    found = main_occupants(used(*rows)).iloc[0]
    return None if pd.isna(found) else found


@pytest.mark.parametrize(
    ("rows", "firm"),
    [
        ([("A", "p", 0.0), ("B", "p", 0.5)], "B"),
        ([("B", "p", 0.0), ("A", "p", 0.0)], "A"),
        ([("A", "p", 1.0), ("B", "p", 1.5), ("A", "p", 0.5)], "A"),
        ([("A", "p", 3.0), ("B", "p", None)], None),
        ([("A", "p", None), ("B", "p", 3.0)], None),
    ],
)
def test_the_firm_with_most_land_on_a_parcel_is_its_main_one_unless_one_use_is_not_known(
    rows, firm
):
    assert main(*rows) == firm


def test_land_is_that_of_the_last_day_of_the_year():
    one = used(("A", "p", 2.0, None, "2021-12-30"), ("A", "q", 2.0, "2021-12-31"))
    assert dict(allocated(one, "tax_wan")) == {"q": 30}


def test_a_firm_that_uses_no_land_has_nothing_to_share_out():
    one = used(("A", "p", 0.0), ("A", "q", 0.0), ("B", "q", 2.0))
    assert dict(allocated(one, "tax_wan")) == {"p": None, "q": None}


def test_a_firm_of_unknown_tax_or_land_leaves_the_sum_of_its_parcels_unknown():
    years = {"usci": ["A", "B"], "year": [2021, 2021], "tax_paid_wan": [30.0, None]}
    one = used(("A", "p", 1.0), ("A", "q", 2.0), ("B", "q", 2.0), years=years)
    assert dict(allocated(one, "tax_wan")) == {"p": 10, "q": None}
    other = used(("B", "q", 2.0), ("A", "p", 1.0), ("A", "q", 2.0), years=years)
    assert dict(allocated(other, "tax_wan")) == {"p": 10, "q": None}
    unsized = used(("A", "p", None), ("A", "q", 2.0))
    assert dict(allocated(unsized, "tax_wan")) == {"p": None, "q": None}


def test_what_is_yielded_is_over_any_area_above_nothing_and_over_no_other():
    one = used(("A", "p", 0.25), ("A", "q", 0.25), ("A", "elsewhere", 0.5), areas=(0.5, 0.0))
    assert dict(allocated(one, "tax_wan")) == {"p": 7.5, "q": 7.5, "elsewhere": 15}
    assert per_mu(one, "tax_wan") == {"p": 15, "q": None, "elsewhere": None}


def test_output_over_energy_is_not_known_where_one_of_them_is_not_or_energy_is_none():
    years = {
        "usci": ["A", "B"],
        "year": [2021, 2021],
        "value_added_wan": [None, 16.0],
        "energy_tce": [12.0, 0.0],
    }
    found, year = outputs(used(("A", "p", 1.0), ("B", "q", 1.0), years=years))
    assert [one["value_added_wan_per_tce"] for one in found.values()] == [None, None]
    assert [one["value_added_wan_per_mu"] for one in found.values()] == [None, Fraction(4)]
    assert year == 2021


def test_figures_that_name_no_year_are_of_none():
    one = used(("A", "p", 1.0), years={"usci": ["A"], "year": [None], "tax_paid_wan": [3.0]})
    with pytest.raises(Unavailable, match=r"enterprise_years\.year"):
        last_figures(one, "tax_wan")
    found, year = outputs(one)
    assert (found["p"]["tax_wan_per_mu"], year) == (None, None)
