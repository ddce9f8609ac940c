"""The control line by geometry: areas by share, thresholds, and lines that overlap."""

from dataclasses import replace
from fractions import Fraction

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box

from build import POLICY, opened
from tenglong.measure.county import Unavailable
from tenglong.measure.example import example_county
from tenglong.measure.land.control_line import (
    SQUARE_METRES_A_MU,
    area_within,
    in_mu,
    parcel_positions,
    totals_of,
)

BOWTIE = shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])


def county(parcels, lines, crs="EPSG:4549"):
    ids = [f"P{number}" for number in range(len(parcels))]
    made = example_county(policy=POLICY)
    tables = {
        "parcels": gpd.GeoDataFrame({"parcel_id": ids}, geometry=list(parcels), crs=crs),
        "control_lines": gpd.GeoDataFrame(geometry=list(lines), crs=crs),
    }
    return replace(made, tables=tables)


def test_one_mu_is_two_thousand_thirds_of_a_square_metre():
    assert Fraction(2000, 3) == SQUARE_METRES_A_MU
    assert in_mu(np.array([2000.0, 0.0])).tolist() == [3.0, 0.0]


def test_a_parcel_counts_as_inside_from_half_its_area():
    found = parcel_positions(county([box(0, 0, 10, 10), box(0, 20, 10, 30)], [box(0, 0, 5, 50)]))
    assert found["inside_share"].tolist() == [0.5, 0.5]
    less = parcel_positions(county([box(0, 0, 10, 10)], [box(0, 0, 4.99, 50)]))
    assert found["is_inside"].tolist() == [True, True]
    assert less["is_inside"].tolist() == [False]
    assert less["is_straddling"].tolist() == [True]


def test_a_whole_parcel_and_one_beside_the_line_do_not_straddle():
    found = parcel_positions(county([box(0, 0, 9, 9), box(20, 0, 29, 9)], [box(-1, -1, 20, 20)]))
    assert found["is_inside"].tolist() == [True, False]
    assert found["is_straddling"].tolist() == [False, False]
    assert found["drawn_mu"].tolist() == [81 * 3 / 2000] * 2


@pytest.mark.parametrize(
    ("metres", "is_inside", "is_straddling"),
    [(1, False, False), (2, False, True), (998, True, True), (999, True, False)],
)
def test_a_thousandth_of_a_parcel_beyond_the_line_is_drawing_noise(
    metres, is_inside, is_straddling
):
    found = parcel_positions(county([box(0, 0, 1000, 1)], [box(0, 0, metres, 1)])).iloc[0]
    assert (found["is_inside"], found["is_straddling"]) == (is_inside, is_straddling)


def test_a_parcel_of_less_than_a_square_metre_has_a_position():
    found = parcel_positions(county([box(0, 0, 0.5, 1)], [box(0, 0, 9, 9)]))
    assert found["is_inside"].tolist() == [True]
    assert found["drawn_mu"].tolist() == found["inside_mu"].tolist() == [0.5 * 3 / 2000]


def test_lines_that_overlap_count_once():
    found = parcel_positions(county([box(0, 0, 10, 10)], [box(0, 0, 6, 10), box(4, 0, 8, 10)]))
    assert found["inside_share"].tolist() == [pytest.approx(0.8)]


def test_a_parcel_without_outline_is_neither_inside_nor_outside():
    found = parcel_positions(county([None, shapely.Polygon()], [box(0, 0, 9, 9)]))
    assert found[["is_inside", "is_straddling", "drawn_mu"]].isna().all().all()


def test_an_outline_that_crosses_itself_is_measured_by_what_it_encloses():
    whole = county([BOWTIE], [box(0, 0, 5, 10)])
    found = parcel_positions(whole)
    assert found["inside_share"].tolist() == [pytest.approx(0.5)]
    assert whole.tables["parcels"].geometry.iloc[0].equals_exact(BOWTIE)


def test_totals_split_straddling_parcels_by_area():
    made = county([box(0, 0, 10, 10), box(0, 20, 10, 30)], [box(0, 0, 2, 10)])
    found = totals_of(parcel_positions(made))
    assert (found["parcels_inside"], found["parcels_outside"]) == (0, 2)
    assert found["parcels_straddling"] == 1
    assert float(found["inside_mu"]) == pytest.approx(20 * 3 / 2000)


def test_totals_tell_how_many_parcels_are_not_drawn():
    made = county([box(0, 0, 10, 10), None, box(0, 20, 10, 30)], [box(0, 0, 10, 10)])
    found = totals_of(parcel_positions(made))
    counts = {name: found[f"parcels_{name}"] for name in ("inside", "outside", "unknown")}
    assert counts == {"inside": 1, "outside": 1, "unknown": 1}


def test_without_lines_there_is_no_inside():
    made = county([box(0, 0, 1, 1)], [box(0, 0, 1, 1)])
    del made.tables["control_lines"]
    with pytest.raises(Unavailable, match="control_lines"):
        parcel_positions(made)


boxes = st.lists(
    st.builds(
        lambda x, y, w, h: box(x, y, x + w, y + h),
        *(st.integers(0, 20), st.integers(0, 20), st.integers(1, 9), st.integers(1, 9)),
    ),
    min_size=1,
    max_size=6,
)


@given(boxes, boxes)
def test_the_area_within_agrees_with_counting_unit_squares(shapes, lines):
    """Corners are whole numbers, so an area is a number of unit squares."""
    found = area_within(np.array(shapes, dtype=object), np.array(lines, dtype=object))
    for shape, area in zip(shapes, found, strict=True):
        left, bottom, right, top = (int(v) for v in shape.bounds)
        cells = [box(x, y, x + 1, y + 1) for x in range(left, right) for y in range(bottom, top)]
        assert area == pytest.approx(sum(any(line.covers(c) for line in lines) for c in cells))


def test_the_samples_positions_agree_with_pairwise_intersections():
    sample = opened("data/sample", "2022-06-30")
    found = parcel_positions(sample)
    union = shapely.union_all(sample.tables["control_lines"].geometry.to_numpy())
    for row, outline in sample.tables["parcels"].geometry.items():
        share = outline.intersection(union).area / outline.area
        assert found.loc[row, "inside_share"] == pytest.approx(share, abs=1e-9)
    assert 0 < found["is_straddling"].sum() < len(found)
