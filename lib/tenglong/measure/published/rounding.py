"""Rounded figures: how far from what they say the truth may lie, by the digits they are given with.

A figure of 6.3 % stands for all from 6.25 to 6.35 %: half a unit of its last digit each way.
"""

from dataclasses import dataclass
from fractions import Fraction

HALF = Fraction(1, 2)


@dataclass(frozen=True)
class Rounded:
    """A figure and the bounds that its rounding leaves; all three are one where it is exact."""

    value: Fraction
    low: Fraction
    high: Fraction

    @classmethod
    def exactly(cls, value: Fraction) -> "Rounded":
        """Give a figure that was not rounded."""
        return cls(value, value, value)

    @classmethod
    def about(cls, value: Fraction, half: Fraction) -> "Rounded":
        """Give a figure that may lie by half a unit of its last digit from the truth."""
        return cls(value, value - half, value + half)

    def tolerance(self, other: "Rounded") -> Fraction:
        """Give how far the two may lie apart by rounding alone, the way that they do.

        >>> implied = growth_quotient(
        ...     Rounded.about(Fraction("10.1"), half_unit(1)),
        ...     Rounded.about(Fraction("3.6"), half_unit(1)))
        >>> published = Rounded.about(Fraction("6.34"), half_unit(2))
        >>> round(float(implied.value), 2), round(float(implied.tolerance(published)), 3)
        (6.27, 0.105)
        """
        if self.value >= other.value:
            return self.value - self.low + other.high - other.value
        return self.high - self.value + other.value - other.low

    def agrees(self, other: "Rounded") -> bool:
        """Whether rounding alone explains the difference of the two; on the bound it does.

        >>> Rounded.exactly(Fraction("6.35")).agrees(Rounded.about(Fraction("6.3"), half_unit(1)))
        True
        """
        return abs(self.value - other.value) <= self.tolerance(other)


def half_unit(decimals: int) -> Fraction:
    """Give half a unit of the last digit; hundreds have −2 decimals.

    >>> half_unit(1), half_unit(-2)
    (Fraction(1, 20), Fraction(50, 1))
    """
    return HALF / Fraction(10) ** decimals


def decimals_of(value: Fraction) -> int:
    """Count the digits after the point of a number that a file holds.

    >>> decimals_of(Fraction("6.34")), decimals_of(Fraction(10))
    (2, 0)
    """
    decimals = 0
    while (value * 10**decimals).denominator != 1:
        decimals += 1
    return decimals


def relative_growth(numerator: Fraction, denominator: Fraction) -> Fraction:
    """(1 + g₁) / (1 + g₂) − 1 of two growths, all in %.

    Raises
    ------
    ZeroDivisionError
        If the denominator fell to nothing.

    >>> relative_growth(Fraction(0), Fraction(25))
    Fraction(-20, 1)
    """
    return ((100 + numerator) / (100 + denominator) - 1) * 100


def growth_quotient(numerator: Rounded, denominator: Rounded) -> Rounded:
    """Give `relative_growth` of two rounded growths, with the bounds that theirs leave it.

    >>> found = growth_quotient(Rounded.exactly(Fraction(0)),
    ...                         Rounded(Fraction(25), Fraction(0), Fraction(100)))
    >>> found.low, found.high
    (Fraction(-50, 1), Fraction(0, 1))
    """
    return Rounded(
        relative_growth(numerator.value, denominator.value),
        relative_growth(numerator.low, denominator.high),
        relative_growth(numerator.high, denominator.low),
    )
