"""The shapes of a layer: in a known system, in the county, and whole; each fault by its row."""

import json
import math
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from tenglong.source.place import kit_root
from tenglong.source.problem import Problem, RefusedError, Spot

OUTLINES = {"330328": "wencheng_county.geojson"}
FAR_METRES = 2_000.0  # beyond the coarse outline by more is outside
GCJ_METRES = (350.0, 750.0)
CHINA = (73.0, 18.0, 136.0, 54.0)


def located(cells: pd.Series, *, given: object, crs: str, spot: Spot) -> gpd.GeoSeries:
    """Bring the shapes of a layer into the county's projected system.

    Raises
    ------
    RefusedError
        If there is no reference system, an unknown one, or longitude and latitude are swapped.
    """
    if given is None:
        raise RefusedError(spot.problem("no_crs"))
    try:
        shapes = gpd.GeoSeries(cells, crs=given)
    except (pyproj.exceptions.CRSError, TypeError) as error:
        raise RefusedError(spot.problem("bad_crs", crs=given)) from error
    if shapes.crs.is_geographic and _is_swapped(shapes.total_bounds):
        raise RefusedError(spot.problem("swapped_axes"))
    return shapes.to_crs(crs)


def _is_swapped(bounds: np.ndarray) -> bool:
    """Tell whether x and y lie in China only when they are exchanged."""
    west, south, east, north = bounds
    low_x, low_y, high_x, high_y = CHINA
    is_flipped = low_x <= south <= north <= high_x and low_y <= west <= east <= high_y
    return bool(is_flipped)


def shape_problems(
    shapes: gpd.GeoSeries, ids: pd.Series, *, county: str, spot: Spot
) -> Iterator[Problem]:
    """List the shapes that are missing, invalid, doubled, of several parts or out of place."""

    def told(code: str, row: object, **said: Any) -> Problem:
        return spot.problem(
            code, column="geometry", row=int(str(row)), value=ids.get(row, ""), **said
        )

    array = shapes.to_numpy()
    absent = shapely.is_missing(array) | shapely.is_empty(array)
    yield from (told("no_geometry", row) for row in shapes.index[absent])
    present = shapes[~absent]
    for row, shape in present[~present.is_valid].items():
        yield told("crossing", row, reason=shapely.is_valid_reason(shape))
    yield from _doubled(present, told=told)
    parts = present.count_geometries()
    yield from (told("multipart", row, count=int(parts[row])) for row in parts.index[parts > 1])
    outline = outline_of(county, str(shapes.crs.to_wkt()))
    if outline is not None and len(present):
        yield from _out_of_place(present, outline, told=told, spot=spot)


def _doubled(shapes: gpd.GeoSeries, *, told: Callable[..., Problem]) -> Iterator[Problem]:
    seen = pd.Series(shapely.to_wkb(shapes.to_numpy()), index=shapes.index)
    again = seen.duplicated()
    firsts = {wkb: row for row, wkb in reversed(list(seen[seen.duplicated(keep=False)].items()))}
    for row in seen.index[again]:
        yield told("same_shape", row, first=firsts[seen[row]])


def _out_of_place(
    shapes: gpd.GeoSeries, outline: shapely.Geometry, *, told: Callable[..., Problem], spot: Spot
) -> Iterator[Problem]:
    """Tell of shapes outside the county, and of a layer that a shift by GCJ-02 would explain."""
    metres = shapely.distance(shapes.to_numpy(), outline)
    far = metres > FAR_METRES
    for row, off in zip(shapes.index[far], metres[far], strict=True):
        yield told("outside", row, km=f"{off / 1000:.1f}")
    shift = _shift(shapes, outline)
    if shift is not None and GCJ_METRES[0] <= shift <= GCJ_METRES[1]:
        yield spot.problem("gcj02", column="geometry", metres=round(shift))


def _shift(shapes: gpd.GeoSeries, outline: shapely.Geometry) -> float | None:
    """Measure how far a layer that covers the whole county lies from its outline, in metres."""
    hull = shapely.box(*shapes.total_bounds)
    frame = shapely.box(*outline.bounds)
    if abs(hull.area / frame.area - 1) > 0.05:  # noqa: PLR2004 - else it is no cover of the county
        return None
    return math.hypot(
        *(a - b for a, b in zip(hull.centroid.coords[0], frame.centroid.coords[0], strict=True))
    )


@cache
def outline_of(county: str, crs: str) -> shapely.Geometry | None:
    """Give a county's outline from the reference data, or None where there is none."""
    if county not in OUTLINES:
        return None
    path = kit_root() / "data" / "reference" / OUTLINES[county]
    content = json.loads(path.read_text(encoding="utf-8"))
    shape = gpd.GeoSeries.from_file(path) if not content.get("features") else None
    shapes = shape if shape is not None else gpd.GeoDataFrame.from_features(content).geometry
    return shapes.set_crs("EPSG:4490", allow_override=True).to_crs(crs).union_all()
