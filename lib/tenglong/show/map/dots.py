"""Dots for parcels that are too small to see, moved apart so that none hides another."""

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

DOT_RADIUS = 4  # pixels; lens.js has it, too
PITCH = 2 * DOT_RADIUS + 0.6  # of two dots side by side, with their edges
FARTHEST = 12 * PITCH  # that a dot may move

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def dodged(points: Floats, areas: Sequence[shapely.Geometry] = ()) -> Floats:
    """Move dots apart that would overlap: each to the nearest free place of a honeycomb.

    They are moved in their own order, and stay in the area that they lie in as long as it has
    room. A dot that no other is near stays where it is.

    >>> one, far, other = dodged(np.array([[0.0, 0.0], [50.0, 0.0], [0.0, 0.0]]))
    >>> far.tolist(), bool(np.hypot(*(one - other)) >= PITCH - 1e-6)
    ([50.0, 0.0], True)
    """
    placed = points.copy()
    is_crowded = _is_crowded(points)
    free = _honeycomb(points[is_crowded], points[~is_crowded])
    free_areas, own_areas = _areas(free, areas), _areas(points, areas)
    for place in np.flatnonzero(is_crowded):
        far = np.hypot(*(free - points[place]).T) + FARTHEST * (free_areas != own_areas[place])
        nearest = int(far.argmin())
        if far[nearest] < 2 * FARTHEST:
            placed[place] = free[nearest]
            free[nearest] = np.inf
    return placed


def _is_crowded(points: Floats) -> NDArray[np.bool_]:
    """Tell which points have another one nearer than two dots may lie."""
    tree = shapely.STRtree(shapely.points(points))
    one, _ = tree.query(shapely.points(points), predicate="dwithin", distance=PITCH)
    is_crowded: NDArray[np.bool_] = np.bincount(one, minlength=len(points)) > 1
    return is_crowded


def _honeycomb(crowded: Floats, others: Floats) -> Floats:
    """Give the places around crowded points that no other dot takes."""
    if not len(crowded):
        return crowded
    low, high = crowded.min(axis=0) - FARTHEST, crowded.max(axis=0) + FARTHEST
    rows = np.arange(low[1], high[1], PITCH * np.sqrt(3) / 2)
    x, y = np.meshgrid(np.arange(low[0], high[0], PITCH), rows)
    x += (np.arange(len(rows)) % 2)[:, None] * PITCH / 2
    places = np.column_stack([x.ravel(), y.ravel()])
    if not len(others):
        return places
    taken = shapely.STRtree(shapely.points(others))
    near, _ = taken.query(shapely.points(places), predicate="dwithin", distance=PITCH)
    return np.delete(places, near, axis=0)


def _areas(points: Floats, areas: Sequence[shapely.Geometry]) -> Ints:
    """Give the number of the area that each point lies in; -1 where in none."""
    numbers = np.full(len(points), -1)
    for number, area in enumerate(areas):
        numbers[shapely.contains_xy(area, points)] = number
    return numbers
