"""Polygons taken apart into rings."""

from collections.abc import Callable
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

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


def rings_of(layer: gpd.GeoSeries, moved: Callable[[Floats], Floats] | None = None) -> Rings:
    """Take the polygons of a layer apart; what is empty, missing, infinite or no polygon has none.

    Parameters
    ----------
    moved
        Brings the vertices into another system; a polygon that has no place there has none here.

    >>> square = shapely.box(0, 0, 1, 1)
    >>> rings = rings_of(gpd.GeoSeries([square, None, shapely.Point(0, 0)]))
    >>> rings.polygons.tolist(), rings.vertices.tolist()
    ([1, 0, 0], [4])
    """
    parts, features = shapely.get_parts(layer.to_numpy(), return_index=True)
    is_shown = (shapely.get_type_id(parts) == _POLYGON) & ~shapely.is_empty(parts)
    parts, features = parts[is_shown], features[is_shown]
    rings, owners = shapely.get_rings(parts, return_index=True)
    points, places = shapely.get_coordinates(rings, return_index=True)
    points = points if moved is None else moved(points)
    is_placed = np.ones(len(parts), dtype=np.bool_)
    is_placed[owners[places[~np.isfinite(points).all(axis=1)]]] = False
    is_ring = is_placed[owners]
    is_last = np.append(places[1:] != places[:-1], True)[: len(places)]
    is_vertex = ~is_last & is_ring[places]
    return Rings(
        points[is_vertex],
        np.bincount(places[is_vertex], minlength=len(rings))[is_ring],
        np.bincount(owners, minlength=len(parts))[is_placed],
        np.bincount(features[is_placed], minlength=len(layer)),
    )
