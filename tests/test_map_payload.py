"""What travels to the map's script: every number, text and corner comes back."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod, Transformer

import plots
from build import page_in
from cadastre import many_parcels
from map_payload import opened, payload, shapes
from tenglong.measure.parcel.classes import classes_of
from tenglong.show.map.packing import Texts
from tenglong.show.map.packing import payload as written
from tenglong.show.map.parcel_layer import parcel_map
from tenglong.show.map.world import ACROSS, EQUATOR_M, bound_m, outlines_of

TO_DEGREES = Transformer.from_crs(3857, 4326, always_xy=True)


def series(*found):
    return gpd.GeoSeries(list(found), crs=plots.CRS)


def on_grid(*found):
    """Give outlines as the script would read them."""
    return shapes(opened(written({"shapes": outlines_of(series(*found)).content()}))["shapes"])


def in_degrees(corners):
    """Bring corners of the grid back to longitudes and latitudes."""
    x, y = np.array(corners, dtype="float64").T / ACROSS
    return np.column_stack(TO_DEGREES.transform((x - 0.5) * EQUATOR_M, (0.5 - y) * EQUATOR_M))


def metres_apart(shape, corners):
    """Give how far the corners of the grid are from a shape's own, over the ellipsoid."""
    own = Transformer.from_crs(plots.CRS, 4326, always_xy=True).transform(
        *shapely.get_coordinates(shape)[:-1].T
    )
    return Geod(ellps="GRS80").inv(*own, *in_degrees(corners).T)[2]


@given(st.text(), st.lists(st.text()), st.lists(st.integers(-(2**31), 2**31 - 1)))
def test_any_text_and_any_number_survive_the_way_into_the_page(text, texts, numbers):
    column = np.array(numbers, dtype=np.int64)
    found = written({"a": text, "b": Texts(pd.Series(texts, dtype="object")), "c": column})
    assert opened(found) == {"a": text, "b": texts, "c": numbers}
    assert not set("<>&\u2028\u2029") & set(found)


@pytest.mark.parametrize("column", [np.array([0.5]), np.array(["a"]), {1, 2}])
def test_what_is_no_column_is_refused(column):
    with pytest.raises(TypeError, match="whole numbers or texts"):
        written({"a": column})


def test_no_corner_moves_by_more_than_the_bound_that_is_printed():
    rng = np.random.default_rng(1)
    squares = [plots.square(*place) for place in rng.uniform(-20_000, 20_000, (200, 2))]
    apart = [
        metres_apart(shape, ring) for shape, (ring,) in zip(squares, on_grid(*squares), strict=True)
    ]
    south, north = (series(*squares).to_crs(4326).total_bounds[place].item() for place in (1, 3))
    bound = bound_m(south, north)
    assert bound / 2 < np.max(apart) <= bound
    html = parcel_map(
        page_in("zh"), plots.parcels(*squares), classed([1] * 200), plots.MEASURE
    ).html
    assert f"相差不超过 {bound:.2f} 米" in html


def classed(values):
    return classes_of(plots.tax(*values), plots.MEASURE)


def test_the_bound_is_largest_at_the_equator_and_the_same_on_both_sides():
    assert bound_m(-30, -20) == bound_m(20, 30) < bound_m(-20, 30) == bound_m(0, 0)
    assert bound_m(60, 70) < bound_m(20, 30)


def test_every_corner_that_neighbours_share_stays_shared():
    land = many_parcels(400)
    corners = [
        {tuple(corner) for corner in shape}
        for shape in (shapely.get_coordinates(one)[:-1].tolist() for one in land.geometry)
    ]
    told = [set(ring) for (ring,) in on_grid(*land.geometry)]
    pairs = [(row, other) for row in range(400) for other in (row + 1, row + 20) if other < 400]
    shared = [(len(corners[a] & corners[b]), len(told[a] & told[b])) for a, b in pairs]
    assert all(after == before for before, after in shared)
    assert sum(before for before, _ in shared) > 1000


def test_corners_that_fall_on_one_another_are_told_once():
    wavering = shapely.Polygon(
        [
            (plots.WEST + x, plots.SOUTH + y)
            for x, y in [(0, 0), (0, 1e-4), (0, 50), (50, 50), (50, 0)]
        ]
    )
    ((ring,),) = on_grid(wavering)
    assert len(ring) == 4


def test_a_parcel_smaller_than_the_grid_is_one_corner():
    assert [len(ring) for ring in on_grid(plots.square(0, 0, 1e-4))[0]] == [1]


def test_holes_and_parts_come_back_and_what_has_no_outline_has_no_ring():
    islands = shapely.MultiPolygon([plots.square(0, 0), plots.square(500, 0)])
    nowhere = shapely.Polygon([(0, 0), (1, 0), (np.inf, 1)])
    found = on_grid(plots.holed(), islands, shapely.Point(0, 0), None, shapely.Polygon(), nowhere)
    assert [[len(ring) for ring in rings] for rings in found] == [[4, 4], [4, 4], [], [], [], []]


def test_a_part_that_has_no_place_in_the_world_leaves_the_others():
    far = shapely.box(1e30, 0, 2e30, 1)
    near, gone = on_grid(shapely.MultiPolygon([far, plots.square(0, 0)]), far)
    assert [len(ring) for ring in near] == [4]
    assert gone == []


def test_an_empty_layer_has_no_shapes():
    assert on_grid() == []


def test_a_hostile_name_travels_as_it_is_and_computes_nothing():
    firms = pd.Series([plots.EVIL])
    piece = parcel_map(
        page_in("zh"),
        plots.parcels(plots.square(0, 0)),
        classed([3]),
        plots.MEASURE,
        popup={plots.EVIL: firms},
        caption=plots.EVIL,
    )
    assert payload(piece)["columns"] == [{"label": plots.EVIL, "texts": [plots.EVIL]}]


def test_a_thousand_parcels_that_do_not_repeat_take_less_than_forty_bytes_each():
    land = many_parcels(1000)
    lone, many = (
        len(
            parcel_map(
                page_in("zh"),
                part,
                classed([1.0] * len(part)),
                plots.MEASURE,
                popup={"宗地": part["parcel_id"]},
            ).html
        )
        for part in (land[:1], land)
    )
    assert many - lone < 40 * 1000


def test_the_work_a_layer_takes_does_not_depend_on_how_many_parcels_it_has(monkeypatch):
    calls = []
    for name in ("get_parts", "get_rings", "get_coordinates", "bounds"):
        real = getattr(shapely, name)
        monkeypatch.setattr(
            shapely, name, lambda *given, real=real, **more: calls.append(1) or real(*given, **more)
        )

    def called(count):
        calls.clear()
        parcel_map(page_in("zh"), many_parcels(count), classed([1.0] * count), plots.MEASURE)
        return len(calls)

    assert called(3000) == called(6000) > 0
