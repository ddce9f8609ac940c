"""Scales: where a value stands on the sheet, with round numbers along it."""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, log10

from tenglong.show.number import figure

MOST_STEPS = 5


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
