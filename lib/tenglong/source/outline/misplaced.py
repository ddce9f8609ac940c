"""Why outlines lie elsewhere: axes, unit, system, meridian, or one shift such as GCJ-02."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import pyproj
import shapely
from shapely.affinity import translate

from tenglong.source.outline.ground import Flags, Floats, Ground
from tenglong.source.problem import Problem, RefusedError, Spot
from tenglong.source.reference import CGCS2000

FOOT = 1200 / 3937  # metres; the international foot differs by two millionths
MOST_DEGREES = 360.0
LEAST_ZONED = 1e7  # an easting of eight digits begins with the number of its zone
MERIDIANS = range(75, 136, 3)  # of CGCS2000 in zones of 3 degrees: EPSG:4534 to 4554
HALF = 0.5

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


@dataclass(frozen=True)
class Guess:
    """One way to read a layer's coordinates, other than as declared."""

    code: str
    crs: pyproj.CRS
    is_swapped: bool = False
    scale: float = 1.0
    shift: float = 0.0
    said: Mapping[str, Any] = field(default_factory=dict)

    def holds(self, x: Floats, y: Floats, ground: Ground) -> Flags:
        """Tell which places lie in the county, read this way."""
        x, y = (y, x) if self.is_swapped else (x, y)
        return ground.holds(*_degrees(x * self.scale - self.shift, y * self.scale, self.crs))


def misplaced(shapes: gpd.GeoSeries, ground: Ground, spot: Spot) -> Flags:
    """Tell which outlines have x and y swapped, among others that do not.

    Parameters
    ----------
    shapes
        In the system that they are declared in, none missing or empty.

    Raises
    ------
    RefusedError
        If most of the layer lies in the county only when read another way; it names the way.
    """
    west, south, east, north = shapes.bounds.to_numpy().T
    x, y = (west + east) / 2, (south + north) / 2
    crs = pyproj.CRS.from_user_input(shapes.crs)
    astray = ~ground.holds(*_degrees(x, y, crs))
    swapped = np.zeros(len(shapes), dtype=bool)
    if not astray.any():
        return swapped
    for guess in _guesses(crs, x, ground):
        explained = astray & guess.holds(x, y, ground)
        if explained.sum() > HALF * len(shapes):
            raise RefusedError(spot.problem(guess.code, crs=crs.name, **guess.said))
        if guess.code == "swapped_axes":
            swapped = explained
    return swapped


def _degrees(x: Floats, y: Floats, crs: pyproj.CRS) -> tuple[Floats, Floats]:
    to_degrees = pyproj.Transformer.from_crs(crs, CGCS2000, always_xy=True)
    longitudes, latitudes = to_degrees.transform(x, y, errcheck=False)
    return np.asarray(longitudes), np.asarray(latitudes)


def _guesses(crs: pyproj.CRS, x: Floats, ground: Ground) -> Iterator[Guess]:
    yield Guess("swapped_axes", crs, is_swapped=True)
    middle = float(np.nanmedian(np.abs(x)))
    if crs.is_geographic:
        if middle > MOST_DEGREES:
            yield from _other_systems(ground)
        return
    if middle <= MOST_DEGREES:
        degrees = pyproj.CRS.from_user_input(CGCS2000)
        yield Guess("in_degrees", degrees)
        yield Guess("in_degrees", degrees, is_swapped=True)
        return
    factor = crs.axis_info[0].unit_conversion_factor
    if factor == 1:
        said = {"unit": "feet", "unit_zh": "英尺", "declared": "metres", "declared_zh": "米"}
        yield Guess("wrong_unit", crs, scale=FOOT, said=said)
    else:
        said = {"unit": "metres", "unit_zh": "米", "declared": "feet", "declared_zh": "英尺"}
        yield Guess("wrong_unit", crs, scale=1 / factor, said=said)
    if middle >= LEAST_ZONED:
        zone = int(middle // 1e6)
        said = {"zone": str(zone), "system": f"EPSG:{4488 + zone}"}
        yield Guess("in_zone", crs, shift=zone * 1e6, said=said)
    yield from _other_systems(ground)


def _other_systems(ground: Ground) -> Iterator[Guess]:
    codes = (f"EPSG:{4534 + place}" for place, _ in enumerate(MERIDIANS))
    for system in dict.fromkeys((ground.crs, *codes)):
        crs = pyproj.CRS.from_user_input(system)
        yield Guess("other_system", crs, said={"system": system, "name": crs.name})


def far_off(shapes: gpd.GeoSeries, ground: Ground) -> Floats:
    """Give how far outlines lie from the county, in metres; 0 within, infinite where unknown.

    Parameters
    ----------
    shapes
        In the county's projected system.
    """
    array = shapes.to_numpy()
    outline = ground.outline
    if outline is not None:
        # Nearly all lie within; only the others are measured.
        near = shapely.buffer(outline, ground.rule.outside_m)
        shapely.prepare(near)
        others = ~shapely.contains(near, array)
        metres: Floats = np.zeros(len(array))
        metres[others] = shapely.distance(array[others], outline)
        return np.where(metres > ground.rule.outside_m, metres, 0.0)
    west, south, east, north = shapes.bounds.to_numpy().T
    crs = pyproj.CRS.from_user_input(ground.crs)
    held = ground.holds(*_degrees((west + east) / 2, (south + north) / 2, crs))
    return np.where(held, 0.0, np.inf)
