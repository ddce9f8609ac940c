"""Outlines on the whole-number grid of the world that a map's script draws from."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, partial
from math import atan, ceil, cos, degrees, pi, radians, sinh, sqrt
from typing import Any

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer

from tenglong.show.map.packing import Ints
from tenglong.show.map.rings import rings_of

EQUATOR_M = 2 * pi * 6_378_137  # of the sphere of Web Mercator, EPSG:3857
WEB_MERCATOR = 3857
MOST_STRETCHED = 1.0034  # a degree of the ellipsoid is longer than one of the sphere, at most
ZOOM = 21  # whose pixels are the grid's units; decode.js has it, too
ACROSS = 256 << ZOOM  # units around the world
ORIGIN = np.zeros((1, 2), dtype=np.int64)

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Outlines:
    """Outlines on the grid, as flat arrays; x grows eastwards, y southwards.

    A corner is rounded by its place alone, so that one which neighbours share stays one. A corner
    that falls on the one before it is left out, and so is the one that closes a ring.

    Attributes
    ----------
    corners
        x and y of every corner, ring after ring.
    counts
        How many corners each ring has, one at least.
    rings
        How many rings each feature has; 0 where there is nothing to draw.
    """

    corners: Ints
    counts: Ints
    rings: Ints

    @property
    def is_drawn(self) -> NDArray[np.bool_]:
        """Whether a feature has an outline."""
        return self.rings > 0

    def content(self) -> dict[str, Any]:
        """Give the outlines for the browser: where rings start, and the steps within them."""
        firsts = np.cumsum(self.counts) - self.counts
        starts = np.diff(self.corners[firsts], axis=0, prepend=ORIGIN)
        steps = np.delete(np.diff(self.corners, axis=0, prepend=ORIGIN), firsts, axis=0)
        return {
            "starts": [starts[:, 0], starts[:, 1]],
            "steps": [steps[:, 0], steps[:, 1]],
            "counts": self.counts,
            "rings": self.rings,
        }


def outlines_of(layer: gpd.GeoSeries) -> Outlines:
    """Bring a layer's outlines onto the grid.

    >>> import shapely
    >>> square = gpd.GeoSeries([shapely.box(120, 27, 120.001, 27.001)], crs=4326)
    >>> outlines_of(square).content()["steps"]
    [array([    0, -1491,     0]), array([-1674,     0,  1674])]
    """
    rings = rings_of(layer, partial(to_web_mercator, crs=layer.crs))
    units = on_grid(rings.points)
    owners = np.repeat(np.arange(len(rings.vertices)), rings.vertices)
    is_first = np.diff(owners, prepend=-1) > 0
    is_kept = is_first | np.diff(units, axis=0, prepend=ORIGIN).any(axis=1)
    return Outlines(
        units[is_kept],
        np.bincount(owners[is_kept], minlength=len(rings.vertices)),
        np.bincount(rings.ring_features, minlength=len(rings.polygons)),
    )


def to_web_mercator(points: Floats, *, crs: Any) -> Floats:
    """Bring places from a reference system into Web Mercator.

    >>> to_web_mercator(np.array([[120.0, 27.0]]), crs=4326).round().tolist()
    [[13358339.0, 3123472.0]]
    """
    return np.column_stack(_from(crs).transform(points[:, 0], points[:, 1]))


@cache
def _from(crs: Any) -> Transformer:
    return Transformer.from_crs(crs, WEB_MERCATOR, always_xy=True)


def on_grid(points: Floats) -> Ints:
    """Round places in Web Mercator, in its metres, to the grid.

    >>> on_grid(np.array([[0.0, 0.0]])).tolist()
    [[268435456, 268435456]]
    """
    shares = np.array([0.5, 0.5]) + points * (1 / EQUATOR_M, -1 / EQUATOR_M)
    units: Ints = np.rint(shares * ACROSS).astype(np.int64)
    return units


def bounds_of(layers: Iterable[Outlines]) -> tuple[tuple[float, float], tuple[float, float]]:
    """Give the corners of all there is: south and west, north and east, in degrees."""
    corners = np.concatenate([layer.corners for layer in layers])
    (west, north), (east, south) = corners.min(axis=0).tolist(), corners.max(axis=0).tolist()
    return (_latitude(south), _longitude(west)), (_latitude(north), _longitude(east))


def _longitude(x: int) -> float:
    return round(360 * x / ACROSS - 180, 6)


def _latitude(y: int) -> float:
    return round(degrees(atan(sinh(pi * (1 - 2 * y / ACROSS)))), 6)


def bound_m(south: float, north: float) -> float:
    """Give the distance in metres, in whole centimetres, that no corner is moved beyond.

    It is half the diagonal of the grid's square where that is largest, nearest to the equator.

    Parameters
    ----------
    south, north
        The latitudes between which the corners lie, in degrees.

    >>> bound_m(27.6, 27.9), bound_m(-1, 1)
    (0.05, 0.06)
    """
    nearest = 0.0 if south < 0 < north else min(abs(south), abs(north))
    unit = EQUATOR_M / ACROSS * cos(radians(nearest)) * MOST_STRETCHED
    return ceil(unit * sqrt(0.5) * 100) / 100
