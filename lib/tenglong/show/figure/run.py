"""Runs: the unbroken stretches of a series, and the gaps between them."""

from collections.abc import Sequence
from itertools import groupby

Point = tuple[float, float | None]


def runs(points: Sequence[Point]) -> list[list[tuple[float, float]]]:
    """Give the stretches of a series in which every value is known.

    >>> runs([(0, 1), (1, None), (2, 3), (3, 4)])
    [[(0, 1)], [(2, 3), (3, 4)]]
    """
    stretches = groupby(points, key=lambda point: point[1] is not None)
    return [
        [(x, y) for x, y in stretch if y is not None] for is_known, stretch in stretches if is_known
    ]


def gaps(points: Sequence[Point]) -> list[tuple[float, float]]:
    """Give where the values are not known: from the known one before to the known one after.

    >>> gaps([(0, 1), (1, None), (2, None), (3, 4), (4, None)])
    [(0, 3), (3, 4)]
    """
    found = []
    for is_known, places in groupby(range(len(points)), key=lambda n: points[n][1] is not None):
        if not is_known:
            inside = list(places)
            first, last = max(inside[0] - 1, 0), min(inside[-1] + 1, len(points) - 1)
            found.append((points[first][0], points[last][0]))
    return found


def dot(x: float, y: float, colour: str, radius: float = 2.5) -> str:
    """Draw a single value.

    >>> dot(1, 2, "#000")
    '<circle cx="1" cy="2" r="2.5" fill="#000"/>'
    """
    return f'<circle cx="{round(x, 1):g}" cy="{round(y, 1):g}" r="{radius:g}" fill="{colour}"/>'
