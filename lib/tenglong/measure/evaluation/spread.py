"""How an indicator is spread over the firms that one firm is compared with."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tenglong.measure.evaluation.amounts import Amounts
from tenglong.measure.evaluation.scheme import Better
from tenglong.measure.exact import exact, ratio
from tenglong.measure.rationals import Rationals

FUNCTIONS = ("quantile", "top_average")
FIGURES = frozenset(
    {"average", "best", "high", "low", "mean", "mean_before", "median", "n", "sd", "worst"}
)


def mean(amounts: Amounts) -> Fraction | None:
    """Σ numerator / Σ denominator over the firms that have a value; None where there are none.

    Where a value is no ratio of two amounts, the mean of the values.

    >>> from tenglong.measure.evaluation.amounts import told_amounts
    >>> from tenglong.measure.policy.column import Column
    >>> top, bottom = ([Fraction(30), Fraction(10)], [Fraction(1), Fraction(3)])
    >>> mean(told_amounts(Column.of(top), Column.of(bottom)))
    Fraction(10, 1)
    """
    counted = amounts.scored.is_known
    is_ratio = amounts.have_both | ~counted
    if amounts.numerators is None or amounts.denominators is None or not is_ratio.all():
        return average(amounts.known.floats.tolist())
    top, bottom = (
        column.take(counted).numbers().total()
        for column in (amounts.numerators, amounts.denominators)
    )
    return ratio(top, bottom)


def average(values: Sequence[Fraction | float]) -> Fraction | None:
    """Mean of values, whatever their order, to the precision of a float; None of none.

    >>> average([Fraction(1, 3), Fraction(2, 3)])
    Fraction(1, 2)
    """
    if not values:
        return None
    return exact(math.fsum(values) / len(values))


class Spread:
    """The figures of an indicator among the firms compared, for the formulas of a part.

    >>> from tenglong.measure.policy.column import Column
    >>> values = Column.of([Fraction(number) for number in (3, 5, 5, 9)])
    >>> spread = Spread(Amounts(values, np.zeros(4, np.int8)), Better.HIGHER)
    >>> [int(spread.figure(name)) for name in ("n", "low", "best")], int(spread.rank(Fraction(5)))
    ([4, 3, 9], 2)
    """

    def __init__(
        self,
        amounts: Amounts,
        better: Better,
        before: Callable[[], Amounts | None] = lambda: None,
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
        places = range(len(self.values))
        if self.better is Better.LOWER:
            return Fraction(bisect_left(places, value, key=self._at) + 1)
        return Fraction(len(places) - bisect_right(places, value, key=self._at) + 1)

    @property
    def ranks(self) -> NDArray[np.int64]:
        """The rank of each firm's own value, in the order of `values`."""
        counts = np.bincount(self.values.ids)
        up_to = np.cumsum(counts)
        if self.better is Better.LOWER:
            return np.asarray((up_to - counts + 1)[self.values.ids])
        return np.asarray((len(self.values) - up_to + 1)[self.values.ids])

    def quantile(self, percent: Fraction) -> Fraction | None:
        """Give the value below which so many per cent lie, between two by linear steps.

        >>> from tenglong.measure.policy.column import Column
        >>> values = Column.of([Fraction(number) for number in (1, 2, 4)])
        >>> Spread(Amounts(values, np.zeros(3, np.int8)), Better.HIGHER).quantile(Fraction(75))
        Fraction(3, 1)
        """
        if not len(self.values):
            return None
        last = len(self.values) - 1
        place = min(max(percent / 100, Fraction(0)), Fraction(1)) * last
        below = math.floor(place)
        above = min(below + 1, last)
        lower, upper = self._at(below), self._at(above)
        return lower + (place - below) * (upper - lower)

    def top_average(self, percent: Fraction) -> Fraction | None:
        """Give the mean of the best so many per cent of the firms, at least of one.

        >>> from tenglong.measure.policy.column import Column
        >>> values = Column.of([Fraction(number) for number in (1, 2, 4, 8)])
        >>> Spread(Amounts(values, np.zeros(4, np.int8)), Better.HIGHER).top_average(Fraction(50))
        Fraction(6, 1)
        """
        count = max(math.floor(len(self.values) * percent / 100 + Fraction(1, 2)), 1)
        rising = self.values.order
        best_last = rising if self.better is Better.HIGHER else rising[::-1]
        return average(self.values.floats[best_last[-count:]].tolist())

    @cached_property
    def values(self) -> Rationals:
        """The firms' own values, in the order of the firms."""
        return self.amounts.known

    def _at(self, place: int) -> Fraction:
        """Give a value by its place from the lowest."""
        return self.values.one(int(self.values.order[place]))

    @property
    def n(self) -> Fraction:
        """How many firms have a value."""
        return Fraction(len(self.values))

    @property
    def low(self) -> Fraction | None:
        """The lowest value."""
        return self._at(0) if len(self.values) else None

    @property
    def high(self) -> Fraction | None:
        """The highest value."""
        return self._at(-1) if len(self.values) else None

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
        earlier = self.before()
        return None if earlier is None else mean(earlier)

    @cached_property
    def average(self) -> Fraction | None:
        """The mean of the firms' own values."""
        return average(self.values.floats.tolist())

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
        off = self.values.shifted(-middle)
        squares = average((off * off).floats.tolist())
        return None if squares is None else exact(math.sqrt(squares))
