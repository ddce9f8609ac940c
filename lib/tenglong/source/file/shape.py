"""Outlines from their bytes (well-known binary), each by itself: a bad one costs its row."""

import re

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

Shapes = NDArray[np.object_]
Flags = NDArray[np.bool_]

COLLECTION = 7  # may hold curves
FLAGGED = 0x1FFFFFFF  # without the flags of PostGIS for height, measure and system
HEAD = 5  # bytes: the order of bytes and the type
# The head of a collection, its bytes in either order, with height or measure or not. GEOS reads
# one within another until its stack is full, and ends the process then.
NESTED = re.compile(
    rb"\x01(?:\x07\0\0[\0\x20\x40\x80\xa0\xc0\xe0]|\xef\x03\0\0|\xd7\x07\0\0|\xbf\x0b\0\0)"
    rb"|\0(?:[\0\x20\x40\x80\xa0\xc0\xe0]\0\0\x07|\0\0\x03\xef|\0\0\x07\xd7|\0\0\x0b\xbf)"
)
MOST_NESTED = 100


def are_curved(cells: Shapes) -> Flags:
    """Tell which outlines are of arcs (or another type), which shapely does not know.

    Parameters
    ----------
    cells
        Bytes, or None.

    >>> are_curved(np.array([bytes([1, 10, 0, 0, 0]), bytes([1, 3, 0, 0, 0]), None], dtype=object))
    array([ True, False, False])
    """
    types = np.fromiter((_type(cell) for cell in cells), dtype=np.int64, count=len(cells))
    curved: Flags = types > COLLECTION
    for place in np.flatnonzero(types == COLLECTION):
        curved[place] = _decoded(cells[place]) is None
    return curved


def _type(cell: object) -> int:
    if not isinstance(cell, bytes | bytearray | memoryview) or len(cell) < HEAD:
        return 0
    head = bytes(cell[:HEAD])
    return (int.from_bytes(head[1:], "little" if head[0] else "big") & FLAGGED) % 1000


def shapes_of(cells: Shapes) -> tuple[Shapes, dict[int, str]]:
    """Decode outlines, and tell by place (0, 1 …) what was wrong with their bytes.

    A ring that is not closed is closed (`unclosed`), and what cannot be read is None
    (`unreadable`); few are, and only those are looked at twice.
    """
    plain = cells.copy()
    plain[are_curved(cells)] = None
    shapes: Shapes = shapely.from_wkb(plain, on_invalid="ignore")
    suspects = np.flatnonzero(pd.notna(cells) & shapely.is_missing(shapes))
    faults = {}
    for place in suspects:
        shapes[place] = _decoded(cells[place], on_invalid="fix")
        faults[int(place)] = "unreadable" if shapes[place] is None else "unclosed"
    return shapes, faults


def _decoded(cell: object, on_invalid: str = "ignore") -> shapely.Geometry | None:
    if isinstance(cell, bytes) and len(NESTED.findall(cell)) > MOST_NESTED:
        return None
    try:
        shape = shapely.from_wkb(cell, on_invalid=on_invalid)
        shapely.is_valid(shape)  # a collection hides its arcs until it is used
    except (NotImplementedError, shapely.errors.ShapelyError):
        return None  # an arc, or bytes that even a repair cannot read
    return shape
