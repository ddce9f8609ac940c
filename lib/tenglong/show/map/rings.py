"""Polygons taken apart into rings, and packed into text for a browser."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

DEGREE_UNITS = 1_000_000  # a packed coordinate is a whole number of millionths of a degree
GROUP, FIRST = 0b11111, ord("?")  # five bits, and the character of the lowest group

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_POLYGON = 3  # shapely's type number


@dataclass(frozen=True, eq=False)
class Rings:
    """Polygons as flat arrays: rings are drawn as they are, valid or not.

    Attributes
    ----------
    points
        x and y of every vertex, ring after ring; the vertex that closes a ring is left out.
    vertices
        How many vertices each ring has.
    rings
        How many rings each polygon has; the first is its outline, the others are holes.
    polygons
        How many polygons each feature has; 0 where there is nothing to draw.
    """

    points: Floats
    vertices: Ints
    rings: Ints
    polygons: Ints

    @property
    def ring_features(self) -> Ints:
        """Number of the feature that each ring belongs to."""
        return np.repeat(np.repeat(np.arange(len(self.polygons)), self.polygons), self.rings)

    @property
    def is_drawn(self) -> NDArray[np.bool_]:
        """Whether a feature has an outline."""
        return self.polygons > 0


def rings_of(layer: gpd.GeoSeries) -> Rings:
    """Take the polygons of a layer apart; what is empty, missing, infinite or no polygon has none.

    >>> square = shapely.box(0, 0, 1, 1)
    >>> rings = rings_of(gpd.GeoSeries([square, None, shapely.Point(0, 0)]))
    >>> rings.polygons.tolist(), rings.vertices.tolist()
    ([1, 0, 0], [4])
    """
    parts, features = shapely.get_parts(layer.to_numpy(), return_index=True)
    is_shown = (shapely.get_type_id(parts) == _POLYGON) & ~shapely.is_empty(parts)
    is_shown &= _is_finite(parts)
    parts, features = parts[is_shown], features[is_shown]
    rings, owners = shapely.get_rings(parts, return_index=True)
    points, places = shapely.get_coordinates(rings, return_index=True)
    is_last = np.append(places[1:] != places[:-1], True)[: len(places)]
    return Rings(
        points[~is_last],
        np.bincount(places[~is_last], minlength=len(rings)),
        np.bincount(owners, minlength=len(parts)),
        np.bincount(features, minlength=len(layer)),
    )


def _is_finite(parts: NDArray[np.object_]) -> NDArray[np.bool_]:
    points, places = shapely.get_coordinates(parts, return_index=True)
    lost = places[~np.isfinite(points).all(axis=1)]
    is_finite: NDArray[np.bool_] = np.bincount(lost, minlength=len(parts)) == 0
    return is_finite


def pack(numbers: Ints) -> str:
    r"""Write whole numbers as text, small ones short: the encoded polyline format.

    Each number is zigzagged and cut into groups of five bits, the lowest first; a group is a
    character from `?` to `~`.
    Source: Google, "Encoded Polyline Algorithm Format".

    >>> pack(np.array([3850000, -12020000]))
    '_p~iF~ps|U'
    """
    rest = np.where(numbers < 0, ~(numbers << 1), numbers << 1).astype(np.int64)
    groups = []
    while True:
        more = rest > GROUP
        groups.append(np.where(rest >= 0, (rest & GROUP) + (GROUP + 1) * more + FIRST, 0))
        rest = np.where(more, rest >> 5, -1)
        if not more.any():
            break
    text = np.stack(groups, axis=1).ravel().astype(np.uint8)
    return text[text > 0].tobytes().decode("ascii")


def packed(rings: Rings) -> dict[str, str]:
    """Pack rings in degrees: their sizes, and the steps from vertex to vertex.

    A vertex that two parcels share is rounded alike in both, so neighbours stay neighbours; none
    moves by more than half a millionth of a degree (6 cm).
    """
    units = np.rint(rings.points * DEGREE_UNITS).astype(np.int64)
    steps = np.diff(units, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    return {
        "steps": pack(steps.ravel()),
        "vertices": pack(rings.vertices),
        "rings": pack(rings.rings),
        "polygons": pack(rings.polygons),
    }
