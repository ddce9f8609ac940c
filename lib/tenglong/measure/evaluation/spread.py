"""How an indicator is spread over the firms that one firm is compared with."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cached_property

from tenglong.measure.evaluation.scheme import Better
from tenglong.measure.evaluation.variables import Amount
from tenglong.measure.exact import exact, ratio

FUNCTIONS = ("quantile", "top_average")
FIGURES = frozenset(
    {"average", "best", "high", "low", "mean", "mean_before", "median", "n", "sd", "worst"}
)


def mean(amounts: Sequence[Amount]) -> Fraction | None:
    """Σ numerator / Σ denominator over the firms that have a value; None where there are none.

    Where a value is no ratio of two amounts, the mean of the values.

    >>> two = [Amount(Fraction(30), Fraction(1), Fraction(30)), Amount(Fraction(10), Fraction(3))]
    >>> mean(two[:1] + [Amount(Fraction(10), Fraction(3), Fraction(10, 3))])
    Fraction(10, 1)
    """
    values = [one.value for one in amounts if one.value is not None]
    pairs = [
        (one.numerator, one.denominator)
        for one in amounts
        if one.value is not None and one.numerator is not None and one.denominator is not None
    ]
    if len(pairs) < len(values):
        return average(values)
    top = sum((numerator for numerator, _ in pairs), Fraction(0))
    bottom = sum((denominator for _, denominator in pairs), Fraction(0))
    return ratio(top, bottom)


def average(values: Sequence[Fraction]) -> Fraction | None:
    """Mean of values, whatever their order, to the precision of a float; None of none.

    >>> average([Fraction(1, 3), Fraction(2, 3)])
    Fraction(1, 2)
    """
    if not values:
        return None
    return exact(math.fsum(float(value) for value in values) / len(values))


class Spread:
    """The figures of an indicator among the firms compared, for the formulas of a part.

    >>> spread = Spread([Amount(value=Fraction(n)) for n in (3, 5, 5, 9)], Better.HIGHER)
    >>> [int(spread.figure(name)) for name in ("n", "low", "best")], int(spread.rank(Fraction(5)))
    ([4, 3, 9], 2)
    """

    def __init__(
        self,
        amounts: Sequence[Amount],
        better: Better,
        before: Callable[[], Sequence[Amount]] = tuple,
    ) -> None:
        self.amounts = amounts
        self.better = better
        self.before = before

    def figure(self, name: str) -> Fraction | None:
        """Give one of `FIGURES`; None where no firm has a value."""
        figure: Fraction | None = getattr(self, name)
        return figure

    def rank(self, value: Fraction) -> Fraction:
        """Give the rank of a value: one more than there are better ones."""
        if self.better is Better.LOWER:
            return Fraction(bisect_left(self.values, value) + 1)
        return Fraction(len(self.values) - bisect_right(self.values, value) + 1)

    def quantile(self, percent: Fraction) -> Fraction | None:
        """Give the value below which so many per cent lie, between two by linear steps.

        >>> rows = [Amount(value=Fraction(n)) for n in (1, 2, 4)]
        >>> Spread(rows, Better.HIGHER).quantile(Fraction(75))
        Fraction(3, 1)
        """
        if not self.values:
            return None
        last = len(self.values) - 1
        place = min(max(percent / 100, Fraction(0)), Fraction(1)) * last
        below = math.floor(place)
        above = min(below + 1, last)
        return self.values[below] + (place - below) * (self.values[above] - self.values[below])

    def top_average(self, percent: Fraction) -> Fraction | None:
        """Give the mean of the best so many per cent of the firms, at least of one.

        >>> rows = [Amount(value=Fraction(n)) for n in (1, 2, 4, 8)]
        >>> Spread(rows, Better.HIGHER).top_average(Fraction(50))
        Fraction(6, 1)
        """
        count = max(math.floor(len(self.values) * percent / 100 + Fraction(1, 2)), 1)
        best_last = self.values if self.better is Better.HIGHER else self.values[::-1]
        return average(best_last[-count:])

    @cached_property
    def values(self) -> list[Fraction]:
        """The firms' own values, ascending."""
        return sorted(amount.value for amount in self.amounts if amount.value is not None)

    @property
    def n(self) -> Fraction:
        """How many firms have a value."""
        return Fraction(len(self.values))

    @property
    def low(self) -> Fraction | None:
        """The lowest value."""
        return self.values[0] if self.values else None

    @property
    def high(self) -> Fraction | None:
        """The highest value."""
        return self.values[-1] if self.values else None

    @property
    def best(self) -> Fraction | None:
        """The highest value, or the lowest where lower is better."""
        return self.high if self.better is Better.HIGHER else self.low

    @property
    def worst(self) -> Fraction | None:
        """The lowest value, or the highest where lower is better."""
        return self.low if self.better is Better.HIGHER else self.high

    @cached_property
    def mean(self) -> Fraction | None:
        """The ratio of sums: the population's own value."""
        return mean(self.amounts)

    @cached_property
    def mean_before(self) -> Fraction | None:
        """The ratio of sums of the year before."""
        return mean(self.before())

    @cached_property
    def average(self) -> Fraction | None:
        """The mean of the firms' own values."""
        return average(self.values)

    @property
    def median(self) -> Fraction | None:
        """The value in the middle."""
        return self.quantile(Fraction(50))

    @cached_property
    def sd(self) -> Fraction | None:
        """The standard deviation over all firms, to the precision of a float."""
        middle = self.average
        if middle is None:
            return None
        squares = average([(value - middle) ** 2 for value in self.values])
        return None if squares is None else exact(math.sqrt(squares))
