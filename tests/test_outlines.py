"""Findings on the parcels' outlines, against a naive look at every pair."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from shapely.geometry import box

from build import POLICY, opened
from tenglong.measure.county import Unavailable
from tenglong.measure.example import example_county
from tenglong.measure.land.outlines import OutlineRule, outline_findings, overlaps
from tenglong.measure.policy.file import policy_file

RULE = policy_file(OutlineRule, POLICY, "land_findings")
MU = 2000 / 3
BOWTIE = shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])


def county(*outlines, **columns):
    ids = [f"P{number}" for number in range(len(outlines))]
    frame = gpd.GeoDataFrame(
        {"parcel_id": ids, **columns}, geometry=list(outlines), crs="EPSG:4549"
    )
    return replace(example_county(policy=POLICY), tables={"parcels": frame})


def told(*outlines, **columns):
    found = outline_findings(county(*outlines, **columns))
    pairs = zip(found["code"], found["row"], found["other_row"], strict=True)
    return [[code, row, None if pd.isna(other) else other] for code, row, other in pairs]


def test_an_overlap_is_told_once_with_both_parcels():
    found = outline_findings(county(box(0, 0, 10, 10), box(8, 0, 20, 10)))
    assert found[["code", "parcel_id", "other_id"]].to_numpy().tolist() == [["overlap", "P0", "P1"]]
    assert found["area_mu"].tolist() == [pytest.approx(20 / MU)]
    assert found["share"].tolist() == [pytest.approx(0.2)]


def test_parcels_that_share_a_border_do_not_overlap():
    assert told(box(0, 0, 10, 10), box(10, 0, 20, 10), box(0, 10, 20, 20)) == []


def test_a_thin_overlap_is_a_sliver():
    assert told(box(0, 0, 10, 100), box(9.9, 0, 20, 100)) == [["overlap_sliver", 0, 1]]


def test_an_overlap_of_a_square_metre_is_noise_and_more_is_not():
    assert told(box(0, 0, 10, 10), box(9, 9, 20, 20)) == []
    assert told(box(0, 0, 10, 10), box(8.9, 9, 20, 20)) == [["overlap", 0, 1]]


def test_what_is_just_as_wide_as_the_limit_is_no_sliver():
    assert told(box(0, 0, 1, 1)) == []  # 2 × 1 m² / 4 m
    assert told(box(0, 0, 10, 10), box(9.25, 8.5, 20, 20)) == [["overlap", 0, 1]]  # 0.75 by 1.5 m


def test_a_scrap_of_a_hand_s_breadth_is_a_sliver():
    assert told(box(0, 0, 0.1, 0.1)) == [["sliver", 0, None]]


def test_an_outline_that_collapsed_to_a_line_is_broken_and_has_no_width():
    assert told(shapely.Polygon([(0, 0), (10, 0), (20, 0)])) == [["broken_outline", 0, None]]


def test_of_two_parcels_the_one_of_the_earlier_row_is_named_first_whatever_their_order():
    made = county(box(0, 0, 10, 10), box(8, 0, 20, 10))
    turned = replace(made, tables={"parcels": made.tables["parcels"].iloc[::-1]})
    found = outline_findings(turned)
    assert found[["parcel_id", "other_id"]].to_numpy().tolist() == [["P0", "P1"]]


def test_findings_are_numbered_in_their_order():
    found = outline_findings(county(box(100, 0, 100.4, 50), BOWTIE, None))
    assert found.index.tolist() == [0, 1, 2]


def test_one_outline_given_twice_is_told_as_such():
    turned = shapely.Polygon([(10, 0), (10, 10), (0, 10), (0, 0)])
    assert told(box(0, 0, 10, 10), turned) == [["same_outline", 0, 1]]


def test_a_parcel_within_another_overlaps_it_wholly():
    found = outline_findings(county(box(0, 0, 10, 10), box(2, 2, 5, 5)))
    assert found["share"].tolist() == [1.0]


def test_thin_broken_and_missing_outlines_are_told():
    thin = box(100, 0, 100.4, 50)
    assert told(thin, BOWTIE, None) == [
        ["broken_outline", 1, None],
        ["no_outline", 2, None],
        ["sliver", 0, None],
    ]


def test_the_registered_area_may_differ_by_five_per_cent_and_no_more():
    square = box(0, 0, 100, 100)
    drawn = 10000 / MU
    assert told(square, registered_mu=[drawn / 1.0499]) == []
    over = outline_findings(county(square, registered_mu=[drawn / 1.0501]))
    assert over["code"].tolist() == ["registered_mu_differs"]
    assert over["share"].tolist() == [pytest.approx(0.0501)]
    assert over["area_mu"].iloc[0] > 0
    under = outline_findings(county(square, registered_mu=[drawn * 1.1]))
    assert under["area_mu"].iloc[0] < 0


def test_exactly_five_per_cent_is_within_the_tolerance():
    assert told(box(0, 0, 30, 70), registered_mu=[3.0]) == []  # 2100 m² against 2000


def test_the_smallest_areas_are_compared_too():
    differs = [["registered_mu_differs", 0, None]]
    assert told(box(0, 0, 20, 20), registered_mu=[0.5]) == differs  # 400 m² against 333
    assert told(box(0, 0, 1, 1), registered_mu=[3.0]) == differs


def test_a_parcel_that_is_not_drawn_is_not_compared_with_what_is_registered():
    assert told(None, registered_mu=[3.0]) == [["no_outline", 0, None]]


def test_an_unknown_or_empty_registered_area_is_not_compared():
    assert told(box(0, 0, 100, 100), box(200, 0, 300, 100), registered_mu=[None, 0.0]) == []


def test_which_areas_are_compared_is_data():
    made = county(box(0, 0, 100, 100), supplied_mu=[3.0])
    rule = {**POLICY["land_findings"], "areas": {"supplied_mu": 5, "registered_mu": 5}}
    made = replace(made, policy={**POLICY, "land_findings": rule})
    assert outline_findings(made)["code"].tolist() == ["supplied_mu_differs"]


def test_nothing_is_corrected():
    made = county(box(0, 0, 10, 10), BOWTIE, registered_mu=[99.0, 99.0])
    before = made.tables["parcels"].copy()
    outline_findings(made)
    assert_frame_equal(made.tables["parcels"], before)


def test_parcels_without_outlines_cannot_be_looked_at():
    with pytest.raises(Unavailable, match=r"parcels\.geometry"):
        outline_findings(example_county(policy=POLICY, parcels={"parcel_id": ["P"]}))


quads = st.builds(
    lambda x, y, w, h: box(x, y, x + w, y + h),
    *(st.integers(0, 12), st.integers(0, 12), st.integers(1, 6), st.integers(1, 6)),
)


@given(st.lists(quads, max_size=8))
def test_the_pairs_are_those_of_a_naive_look_at_every_pair(shapes):
    found = {found[1:3] for found in overlaps(np.array(shapes, dtype=object), RULE)}
    naive = {
        (one, other)
        for one in range(len(shapes))
        for other in range(one + 1, len(shapes))
        if shapes[one].intersection(shapes[other]).area > RULE.least_overlap_m2
    }
    assert found == naive


def test_the_defects_put_into_the_sample_are_found():
    sample = opened("data/sample", "2023-12-31")
    found = outline_findings(sample)
    pairs = {
        (row.code, frozenset((row.parcel_id, row.other_id)))
        for row in found[found["other_id"].notna()].itertuples()
    }
    assert pairs == {
        ("overlap", frozenset(("330328100002GB00103", "330328100002GB00074"))),
        ("overlap_sliver", frozenset(("330328102002GB00062", "330328102002GB00071"))),
        ("overlap_sliver", frozenset(("330328106004GB00227", "330328106004GB00328"))),
    }
    assert found["code"].tolist().count("registered_mu_differs") == 5
    turned = sample.tables["parcels"].sample(frac=1, random_state=2)
    other = replace(sample, tables={**sample.tables, "parcels": turned})
    assert_frame_equal(outline_findings(other), found)
