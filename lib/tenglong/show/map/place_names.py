"""Names on a map: each where it stands clear of the others and hides few parcels."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FIRST_WIDE = "\u2e80"
STEPS = 13  # places tried in an outline, across and down
OVERLAP, HIDDEN = 50.0, 2.0  # what a clash with a name, and a hidden parcel, cost
OUTSIDE = 6.0  # what it costs that a corner of the name leaves its own outline
CLEAR = 4.0  # between a name and the middle of a parcel, pixels
AWAY = 0.02  # what a pixel of distance from the outline's middle costs


@dataclass(frozen=True)
class PlacedName:
    """A name, with the middle of its box."""

    text: str
    x: float
    y: float


def text_width(text: str, size: float) -> float:
    """Estimate how wide a text is: a Chinese character is as wide as the type is high.

    >>> text_width("大峃镇", 10), text_width("abc", 10)
    (30.0, 16.5)
    """
    return size * sum(1.0 if is_wide(character) else 0.55 for character in text)


def is_wide(character: str) -> bool:
    """Tell whether a character is as wide as it is high: Chinese, with its punctuation."""
    return character >= FIRST_WIDE


def place_names(
    names: Sequence[str], outlines: Sequence[shapely.Geometry], dots: Floats, *, size: float
) -> list[PlacedName]:
    """Find a place for every name, the longest first, in the outline that it names.

    Parameters
    ----------
    outlines
        In pixels; a name whose outline is empty is left out.
    dots
        Middle of every parcel, one a row.
    size
        Of the type, in pixels.
    """
    taken: list[Floats] = []
    placed: dict[int, PlacedName] = {}
    order = sorted(range(len(names)), key=lambda place: (-len(names[place]), place))
    for place in order:
        if outlines[place] is None or outlines[place].is_empty:
            continue
        half = np.array([text_width(names[place], size), size * 1.2]) / 2
        x, y = _best(outlines[place], half, taken, dots)
        taken.append(np.array([x - half[0], y - half[1], x + half[0], y + half[1]]))
        placed[place] = PlacedName(names[place], x, y)
    return [placed[place] for place in sorted(placed)]


def _best(
    outline: shapely.Geometry, half: Floats, taken: Sequence[Floats], dots: Floats
) -> tuple[float, float]:
    """Try places all over an outline; the cheapest is the best."""
    tried = _candidates(outline)
    boxes = np.hstack([tried - half, tried + half])
    cost = AWAY * np.linalg.norm(tried - tried[0], axis=1)
    for box in taken:
        cost += OVERLAP * np.all((boxes[:, :2] < box[2:]) & (boxes[:, 2:] > box[:2]), axis=1)
    low, high = boxes[:, None, :2] - CLEAR, boxes[:, None, 2:] + CLEAR
    is_near = (dots > low.min(axis=(0, 1))) & (dots < high.max(axis=(0, 1)))
    near = dots[np.all(is_near, axis=1)]
    inside = (near[None] > low) & (near[None] < high)
    cost += HIDDEN * np.all(inside, axis=2).sum(axis=1)
    for corner in ((0, 1), (0, 3), (2, 1), (2, 3)):
        cost += OUTSIDE / 4 * ~shapely.contains_xy(outline, boxes[:, corner])
    x, y = tried[int(np.argmin(cost))].tolist()
    return x, y


def _candidates(outline: shapely.Geometry) -> Floats:
    """Give points in an outline, the middle of its widest part first."""
    middle = shapely.maximum_inscribed_circle(outline, tolerance=1).coords[0]
    west, south, east, north = outline.bounds
    grid = np.meshgrid(np.linspace(west, east, STEPS), np.linspace(south, north, STEPS))
    points = np.column_stack([axis.ravel() for axis in grid])
    return np.vstack([[middle], points[shapely.contains_xy(outline, points)]])
