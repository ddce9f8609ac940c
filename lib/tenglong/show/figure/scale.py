"""Scales: where a value stands on the sheet, with round numbers along it, in unbroken runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from math import ceil, floor, log10

from tenglong.show.number import figure

MOST_STEPS = 5


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
    gaps = []
    for is_known, places in groupby(range(len(points)), key=lambda n: points[n][1] is not None):
        if not is_known:
            inside = list(places)
            first, last = max(inside[0] - 1, 0), min(inside[-1] + 1, len(points) - 1)
            gaps.append((points[first][0], points[last][0]))
    return gaps


def dot(x: float, y: float, colour: str, radius: float = 2.5) -> str:
    """Draw a single value.

    >>> dot(1, 2, "#000")
    '<circle cx="1" cy="2" r="2.5" fill="#000"/>'
    """
    return f'<circle cx="{round(x, 1):g}" cy="{round(y, 1):g}" r="{radius:g}" fill="{colour}"/>'


@dataclass(frozen=True)
class Scale:
    """From values to places on the sheet, in a straight line.

    Attributes
    ----------
    low, high
        Values at its two ends.
    start, end
        Their places.

    Examples
    --------
    >>> Scale(Fraction(0), Fraction(10), 100, 200).at(Fraction(5))
    150.0
    """

    low: Fraction
    high: Fraction
    start: float
    end: float

    def at(self, value: Fraction | int) -> float:
        """Give a value's place."""
        share = float((value - self.low) / (self.high - self.low))
        return self.start + share * (self.end - self.start)


def ticks(low: Fraction, high: Fraction, *, most: int = MOST_STEPS) -> tuple[Fraction, ...]:
    """Give round numbers that enclose a range, in at most so many steps of 1, 2 or 5 × 10ⁿ.

    >>> [str(tick) for tick in ticks(Fraction("0.3"), Fraction("11.2"))]
    ['0', '5', '10', '15']
    >>> [str(tick) for tick in ticks(Fraction(4), Fraction(4))]
    ['0', '1', '2', '3', '4']
    """
    if low == high:
        low, high = min(low, Fraction(0)), max(high, Fraction(0))
    if low == high:
        high = Fraction(1)
    step = _step(low, high, most)
    first, last = floor(low / step), ceil(high / step)
    return tuple(step * place for place in range(first, last + 1))


def _step(low: Fraction, high: Fraction, most: int) -> Fraction:
    power = floor(log10(float(high - low))) - 2
    while True:
        for digit in (1, 2, 5):
            step = digit * Fraction(10) ** power
            if ceil(high / step) - floor(low / step) <= most:
                return step
        power += 1


def tick_text(tick: Fraction, step: Fraction) -> str:
    """Print a tick with the decimals that its step needs.

    >>> tick_text(Fraction(1), Fraction(1, 5)), tick_text(Fraction(-2000), Fraction(1000))
    ('1.0', '−2,000')
    """
    decimals = max(0, -floor(log10(float(step))))
    return figure(tick, decimals)
