"""A layer that lies beside the county by one shift: GCJ-02 (火星坐标), or another datum."""

import math
from collections.abc import Iterator

import geopandas as gpd
import shapely
from shapely.affinity import translate

from tenglong.source.ground import CGCS2000, Ground
from tenglong.source.problem import Problem, Spot

SEMI_MAJOR, ECCENTRICITY = 6378245.0, 0.00669342162296594323  # Krassowsky 1940, as GCJ-02 has it
LEAST_METRES = 350.0  # the coarse outline tells nothing finer
NEAR_METRES = 200.0
COVER = 0.05  # the frame of a layer that covers the county differs by no more
LEAST_LAND = 0.2  # of the county: what covers less does not follow its border
LEAST_OUTSIDE = 0.002  # of the layer
TIMES_BETTER = 3


def offset_problems(
    shapes: gpd.GeoSeries, outline: shapely.Geometry, ground: Ground, spot: Spot
) -> Iterator[Problem]:
    """Tell of a layer that a shift against the county's outline would explain.

    A layer that covers the county is measured; one that covers a good part of it (some of its
    townships) is suspected where what lies outside would come to lie inside without the shift
    of GCJ-02. Of scattered parcels nothing can honestly be told.
    """
    east, north = gcj02_shift(outline, ground)
    frame, hull = shapely.box(*outline.bounds), shapely.box(*shapes.total_bounds)
    if abs(hull.area / frame.area - 1) <= COVER:
        (x, y), (x_0, y_0) = hull.centroid.coords[0], frame.centroid.coords[0]
        metres = math.hypot(x - x_0, y - y_0)
        if math.hypot(x - x_0 - east, y - y_0 - north) <= NEAR_METRES:
            yield spot.problem("gcj02", column="geometry", metres=round(metres))
        elif metres > LEAST_METRES:
            yield spot.problem("shifted", column="geometry", metres=round(metres))
        return
    area = float(shapes.area.sum())
    if area < LEAST_LAND * outline.area:
        return
    before = _outside(shapes, outline) / area
    after = _outside(shapes, translate(outline, east, north)) / area
    if before > LEAST_OUTSIDE and before > TIMES_BETTER * after:
        yield spot.problem(
            "gcj02_likely",
            column="geometry",
            metres=round(math.hypot(east, north)),
            before=f"{before:.1%}",
            after=f"{after:.1%}",
        )


def _outside(shapes: gpd.GeoSeries, outline: shapely.Geometry) -> float:
    array = shapes.to_numpy()
    shapely.prepare(outline)
    astray = array[~shapely.contains_properly(outline, array)]
    return float(shapely.area(shapely.difference(astray, outline)).sum())


def gcj02_shift(outline: shapely.Geometry, ground: Ground) -> tuple[float, float]:
    """Give how far GCJ-02 moves the middle of the county, east and north, in metres."""
    middle = gpd.GeoSeries([outline.centroid], crs=ground.crs).to_crs(CGCS2000).iloc[0]
    east, north = gcj02(middle.x, middle.y)
    moved = gpd.GeoSeries([shapely.Point(east, north)], crs=CGCS2000).to_crs(ground.crs).iloc[0]
    return moved.x - outline.centroid.x, moved.y - outline.centroid.y


def gcj02(longitude: float, latitude: float) -> tuple[float, float]:
    """Move a place of China as GCJ-02 does, by the formula that is publicly known.

    >>> [round(part, 6) for part in gcj02(116.404, 39.915)]
    [116.410244, 39.916404]
    """
    x, y = longitude - 105.0, latitude - 35.0
    wave = _waves(x, (20, 1 / 6), (20, 1 / 2))
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    north += wave + _waves(y, (20, 1), (40, 3), (160, 12), (320, 30))
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    east += wave + _waves(x, (20, 1), (40, 3), (150, 12), (300, 30))
    radians = math.radians(latitude)
    magic = 1 - ECCENTRICITY * math.sin(radians) ** 2
    along = SEMI_MAJOR * (1 - ECCENTRICITY) / (magic * math.sqrt(magic))
    across = SEMI_MAJOR / math.sqrt(magic) * math.cos(radians)
    return longitude + math.degrees(east / across), latitude + math.degrees(north / along)


def _waves(value: float, *parts: tuple[float, float]) -> float:
    return sum(size * math.sin(value / period * math.pi) for size, period in parts) * 2 / 3
