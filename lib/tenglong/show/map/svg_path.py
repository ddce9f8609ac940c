"""Outlines as SVG path data, in tenths of a pixel, without what no eye could see."""

from collections.abc import Iterator

import numpy as np
import shapely
from numpy.typing import NDArray

from tenglong.show.map.rings import Rings

TOLERANCE = 0.4  # by which an outline may move, pixels
TENTHS = 10


def path_data(rings: Rings) -> list[str]:
    """Write each feature's rings, given in pixels, as the data of one path.

    Every ring is thinned out by itself, so that what is invalid stays as it is; a ring that
    vanishes becomes a point, which its stroke shows.

    >>> from tenglong.show.map.rings import rings_of
    >>> import geopandas as gpd
    >>> path_data(rings_of(gpd.GeoSeries([shapely.box(0, 0, 2, 1)])))
    ['M20 0l0 10-20 0 0-10z']
    """
    if not len(rings.vertices):
        return ["" for _ in rings.polygons]
    places = np.repeat(np.arange(len(rings.vertices)), rings.vertices)
    closed = shapely.linearrings(rings.points, indices=places)
    thinned = shapely.simplify(closed, TOLERANCE, preserve_topology=False)
    data = [""] * len(rings.polygons)
    for feature, ring in zip(rings.ring_features.tolist(), _rings(thinned), strict=True):
        data[feature] += ring
    return data


def _rings(lines: NDArray[np.object_]) -> Iterator[str]:
    """Write closed lines: an absolute start, then steps."""
    points, places = shapely.get_coordinates(lines, return_index=True)
    tenths = np.rint(points * TENTHS).astype(np.int64)
    ends = np.searchsorted(places, np.arange(len(lines)), side="right")
    for line in np.split(tenths, ends[:-1]):
        steps = np.diff(line[:-1], axis=0)
        shown = steps[steps.any(axis=1)].ravel().tolist() or [0, 0]
        x, y = line[0].tolist()
        yield f"M{x} {y}l{' '.join(map(str, shown))}z".replace(" -", "-")
