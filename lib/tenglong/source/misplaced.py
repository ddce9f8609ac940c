"""Why outlines lie elsewhere: swapped axes, another unit, another system, a wrong meridian."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import pyproj
import shapely

from tenglong.source.ground import CGCS2000, Flags, Floats, Ground
from tenglong.source.problem import RefusedError, Spot

FOOT = 1200 / 3937  # metres; the international foot differs by two millionths
MOST_DEGREES = 360.0
LEAST_ZONED = 1e7  # an easting of eight digits begins with the number of its zone
MERIDIANS = range(75, 136, 3)  # of CGCS2000 in zones of 3 degrees: EPSG:4534 to 4554
HALF = 0.5


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
