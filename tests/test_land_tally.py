"""Townships of parcels where outlines, codes or names lack, and states that nobody is in."""

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import box

from build import county
from tenglong.measure.land.tally import by_town, land_extents, township_codes, township_names

TOWNS = {"township": ["330328100", "330328101"], "name": ["甲镇", "乙镇"]}
PARCELS = {"parcel_id": ["a", "b"], "township": ["330328101", None]}
HERE = [box(0, 0, 10, 10), box(20, 0, 30, 10)]


def drawn(table, shapes):
    return gpd.GeoDataFrame(pd.DataFrame(table), geometry=shapes, crs="EPSG:4549")


def codes(towns, parcels):
    one = county(townships=towns, parcels=parcels)
    found = township_codes(one, one.table("parcels"))
    return [None if pd.isna(code) else code for code in found.tolist()]


def test_a_parcel_whose_code_is_not_told_is_placed_by_its_outline():
    parcels = drawn(PARCELS, [HERE[0], box(1, 1, 2, 2)])
    assert codes(drawn(TOWNS, HERE), parcels) == ["330328101", "330328100"]


@pytest.mark.parametrize(
    ("towns", "parcels"),
    [
        (drawn(TOWNS, HERE), PARCELS),
        (TOWNS, drawn(PARCELS, HERE)),
    ],
)
def test_where_one_side_has_no_outlines_a_parcel_s_township_is_that_of_its_code(towns, parcels):
    assert codes(towns, parcels) == ["330328101", None]


def test_townships_without_names_place_no_parcel():
    nameless = drawn({"township": TOWNS["township"]}, HERE)
    assert codes(nameless, drawn(PARCELS, HERE)) == [None, None]


def test_where_townships_overlap_a_parcel_stands_in_the_first_of_the_table():
    both = [box(0, 0, 10, 10), box(0, 0, 20, 20)]
    parcels = drawn({"parcel_id": ["a", "b"]}, [box(12, 1, 13, 2), box(1, 1, 2, 2)])
    assert codes(drawn(TOWNS, both), parcels) == ["330328101", "330328100"]
    turned = {name: cells[::-1] for name, cells in TOWNS.items()}
    assert codes(drawn(turned, both[::-1]), parcels) == ["330328101", "330328101"]


def test_a_township_is_called_by_its_name():
    one = county(townships=drawn(TOWNS, HERE), parcels=drawn(PARCELS, HERE[::-1]))
    assert township_names(one, one.table("parcels")).tolist() == ["乙镇", "甲镇"]


def test_a_state_that_no_parcel_is_in_counts_nothing():
    rows = pd.DataFrame({"town": ["乙", "甲", "甲"], "land_state": ["used", "used", "idle"]})
    found = by_town(rows, ("idle", "used", "vacant"))
    assert found.columns.tolist() == ["idle", "used", "vacant", "undecided", "all"]
    assert found.reset_index().to_numpy().tolist() == [["甲", 1, 1, 0, 0, 2], ["乙", 0, 1, 0, 0, 1]]


def test_the_first_area_that_a_parcel_has_is_not_overwritten_by_a_later_one():
    parcels = {"parcel_id": ["a", "b"], "supplied_mu": [0.5, 0.0], "actual_mu": [4.0, 3.0]}
    assert land_extents(county(parcels=parcels)).tolist() == [0.5, 3.0]
