"""Packing: oblong blocks in rows inside an area, so that none reaches into another.

Rows run from the north to the south, each as high as its first block; the blocks of a row stand in
the longest stretch of it that lies within the area.
"""

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

GAP = 12.0  # metres between blocks, and to the border
STEP = 20.0  # metres southward where a row has no room

Floats = NDArray[np.float64]


class NoRoomError(ValueError):
    """An area is too small for what shall stand in it."""


def packed(sizes: Sequence[tuple[float, float]], area: BaseGeometry) -> Floats:
    """Give every block the place of its south-western corner.

    Parameters
    ----------
    sizes
        Width and height of each block, in metres.
    area
        Where they shall stand, in metres.

    Raises
    ------
    NoRoomError
        If they do not all fit in.

    >>> packed([(10, 20), (30, 40)], shapely.box(0, 0, 100, 100)).tolist()
    [[54.0, 68.0], [12.0, 48.0]]
    """
    order = sorted(range(len(sizes)), key=lambda number: -sizes[number][1])
    corners = np.zeros((len(sizes), 2))
    inner = area.buffer(-GAP)
    shapely.prepare(inner)
    _, south, _, top = inner.bounds
    while order:
        height = sizes[order[0]][1]
        if not top - height >= south:
            raise NoRoomError(f"{len(order)} of {len(sizes)} blocks have no room")
        left, right = _stretch(inner, top - height, top)
        if right - left < sizes[order[0]][0]:
            top -= STEP
            continue
        while order and left + sizes[order[0]][0] <= right:
            number = order.pop(0)
            corners[number] = left, top - sizes[number][1]
            left += sizes[number][0] + GAP
        top -= height + GAP
    return corners


def _stretch(area: BaseGeometry, south: float, north: float) -> tuple[float, float]:
    """Give the longest stretch, from west to east, in which a row lies within the area."""
    west, _, east, _ = area.bounds
    astray = shapely.box(west, south, east, north).difference(area)
    gaps = sorted((part.bounds[0], part.bounds[2]) for part in shapely.get_parts(astray))
    left, best = west, (west, west)
    for begins, ends in (*gaps, (east, east)):
        if begins - left > best[1] - best[0]:
            best = left, begins
        left = max(left, ends)
    return best
