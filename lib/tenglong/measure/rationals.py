"""Columns of exact numbers: whole numbers over whole numbers, reckoned with all at once.

A column is `scale × tops / bottoms`. What holds for all of it (a weight, a power of ten, a
benchmark) stands in the scale, so the whole numbers stay small: int64 as long as the largest of
a result fits, else Python's own integers. Two numbers are compared as floats where these are far
enough apart to be sure, and as whole numbers where not. Nothing is ever rounded but `floats`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from math import gcd, lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenglong.measure.exact import decimals, whole_sum

Whole = NDArray[Any]  # int64, or Python's integers as objects
MOST = 2**63 - 1
FLOAT_MOST = 2**53  # whole numbers below it are floats themselves
# Of two products and a quotient of rounded numbers: more than a hundred times what can be wrong.
UNSURE = 1e-13
TINY = 1e-290
ONE = Fraction(1)


@dataclass(frozen=True, eq=False)
class Rationals:
    """A column of exact numbers, `scale × tops / bottoms`.

    Attributes
    ----------
    bottoms
        Above zero; None where all are 1.

    >>> found = Rationals.read(np.array([0.1, 2.5])) / Rationals.read(np.array([0.3, 2.0]))
    >>> found.fractions()
    [Fraction(1, 3), Fraction(5, 4)]
    """

    tops: Whole
    bottoms: Whole | None = None
    scale: Fraction = ONE

    @classmethod
    def read(cls, numbers: NDArray[np.float64]) -> "Rationals":
        """Give floats as the decimals that they were typed as; see `exact.decimals`."""
        tops, bottoms = decimals(numbers)
        if isinstance(bottoms, int):
            return cls(tops, scale=Fraction(1, bottoms))
        return cls(tops, bottoms)

    @classmethod
    def of(cls, numbers: Sequence[Fraction]) -> "Rationals":
        """Give fractions as a column.

        >>> Rationals.of([Fraction(1, 3), Fraction(2)]).fractions()
        [Fraction(1, 3), Fraction(2, 1)]
        """
        tops = whole([number.numerator for number in numbers])
        bottoms = [number.denominator for number in numbers]
        return cls(tops, None if set(bottoms) <= {1} else whole(bottoms))

    @classmethod
    def joined(cls, size: int, pieces: Sequence[tuple[NDArray[Any], "Rationals"]]) -> "Rationals":
        """Put pieces into one column, each at its rows; 0 where there is none."""
        known = [(rows, one) for rows, one in pieces if len(rows)]
        scale = _common([one.scale for _, one in known])
        tops = [(rows, times(one.tops, int(one.scale / scale))) for rows, one in known]
        bottoms = [(rows, one.bottoms) for rows, one in known if one.bottoms is not None]
        return cls(_placed(size, tops, 0), _placed(size, bottoms, 1) if bottoms else None, scale)

    def __len__(self) -> int:
        return len(self.tops)

    def take(self, rows: NDArray[Any]) -> "Rationals":
        """Give these rows (their numbers, or a flag for each)."""
        bottoms = None if self.bottoms is None else self.bottoms[rows]
        return replace(self, tops=self.tops[rows], bottoms=bottoms)

    def one(self, row: int) -> Fraction:
        """Give one number."""
        bottom = 1 if self.bottoms is None else int(self.bottoms[row])
        return self.scale * Fraction(int(self.tops[row]), bottom)

    def fractions(self) -> list[Fraction]:
        """Give all numbers as fractions."""
        tops = times(self.tops, self.scale.numerator).tolist()
        if self.bottoms is None:
            return [Fraction(top, self.scale.denominator) for top in tops]
        bottoms = times(self.bottoms, self.scale.denominator).tolist()
        return [Fraction(top, bottom) for top, bottom in zip(tops, bottoms, strict=True)]

    def __neg__(self) -> "Rationals":
        return replace(self, scale=-self.scale)

    def __abs__(self) -> "Rationals":
        return replace(self, tops=np.abs(self.tops), scale=abs(self.scale))

    def scaled(self, factor: Fraction) -> "Rationals":
        """Multiply all by one number."""
        if not factor:
            return Rationals(np.zeros(len(self), dtype=np.int64))
        return replace(self, scale=self.scale * factor)

    def shifted(self, by: Fraction) -> "Rationals":
        """Add one number to all.

        >>> Rationals.of([Fraction(1, 3), Fraction(2)]).shifted(Fraction(1, 2)).fractions()
        [Fraction(5, 6), Fraction(5, 2)]
        """
        if not by:
            return self
        scale = _common([self.scale, by])
        more = int(by / scale)
        added = more if self.bottoms is None else times(self.bottoms, more)
        return Rationals(
            plus(times(self.tops, int(self.scale / scale)), added), self.bottoms, scale
        )

    def __add__(self, other: "Rationals") -> "Rationals":
        scale = _common([self.scale, other.scale])
        left = times(self.tops, int(self.scale / scale))
        right = times(other.tops, int(other.scale / scale))
        if self.bottoms is other.bottoms:
            return Rationals(plus(left, right), self.bottoms, scale)
        left, right = _over(left, other.bottoms), _over(right, self.bottoms)
        return Rationals(plus(left, right), _product(self.bottoms, other.bottoms), scale)

    def __sub__(self, other: "Rationals") -> "Rationals":
        return self + -other

    def __mul__(self, other: "Rationals") -> "Rationals":
        bottoms = _product(self.bottoms, other.bottoms)
        return Rationals(times(self.tops, other.tops), bottoms, self.scale * other.scale)

    def __truediv__(self, other: "Rationals") -> "Rationals":
        """Divide; nothing that divides may be zero (see `is_zero`)."""
        below = other.tops
        if (below < 0).any():
            return (self * Rationals(np.sign(below))) / replace(other, tops=np.abs(below))
        scale = self.scale / other.scale
        if self.bottoms is other.bottoms:
            return Rationals(self.tops, below, scale)
        bottoms = below if self.bottoms is None else times(self.bottoms, below)
        return Rationals(_over(self.tops, other.bottoms), bottoms, scale)

    @property
    def is_zero(self) -> NDArray[np.bool_]:
        """Which are zero."""
        return np.asarray(self.tops == 0, dtype=bool)

    def signs(self, other: "Rationals | Fraction") -> NDArray[np.int8]:
        """Tell which are less (−1) than another's, which equal (0), which more (1).

        >>> Rationals.of([Fraction(1, 3), Fraction(2)]).signs(Fraction(1, 3)).tolist()
        [0, 1]
        """
        if isinstance(other, Fraction):
            other = Rationals(np.ones(len(self), dtype=np.int64), scale=other)
        left, right = self._about, other._about
        gap = left - right
        size = np.abs(left) + np.abs(right)
        signs = np.sign(gap).astype(np.int8)
        near = ~(np.abs(gap) > UNSURE * size) | (size < TINY)
        if near.any():
            rows = np.flatnonzero(near)
            apart = self.take(rows) - other.take(rows)
            sign = 1 if apart.scale > 0 else -1
            signs[rows] = sign * ((apart.tops > 0).astype(np.int8) - (apart.tops < 0))
        return signs

    @cached_property
    def _about(self) -> NDArray[np.float64]:
        """The numbers as floats, all but the last digits right; NaN where that cannot be told."""
        try:
            tops, scale = self.tops.astype("float64"), float(self.scale)
            found = tops * scale
            found = found if self.bottoms is None else found / self.bottoms.astype("float64")
        except OverflowError:
            return np.full(len(self), float("nan"))
        # A zero scale, or one out of a float's range, leaves the whole numbers to tell.
        return found if np.isfinite(found).all() else np.full(len(self), float("nan"))

    @cached_property
    def floats(self) -> NDArray[np.float64]:
        """The numbers as the floats that are nearest to them, as `float` of a fraction."""
        tops = times(self.tops, self.scale.numerator)
        under: Whole | int = self.scale.denominator
        if self.bottoms is not None:
            under = times(self.bottoms, under)
        if most(tops) < FLOAT_MOST and most(under) < FLOAT_MOST:
            return np.asarray(tops / under, dtype="float64")
        above = tops.astype("object")
        found = above / (under if isinstance(under, int) else under.astype("object"))
        return np.asarray(found, dtype="float64")

    def total(self) -> Fraction:
        """Add all numbers up."""
        if self.bottoms is None:
            return self.scale * whole_sum(self.tops)
        pairs = zip(self.tops.tolist(), self.bottoms.tolist(), strict=True)
        sums: dict[int, int] = {}
        for top, bottom in pairs:
            sums[bottom] = sums.get(bottom, 0) + top
        return self.scale * _added([Fraction(top, bottom) for bottom, top in sums.items()])

    @cached_property
    def order(self) -> NDArray[np.int64]:
        """The rows by size, the smallest number first; of equal ones the earlier row.

        Floats that are rounded correctly never stand in the wrong order: only where two are the
        same are the numbers themselves compared.
        """
        return self._sorted[0]

    @cached_property
    def ids(self) -> NDArray[np.int64]:
        """The place of each number among the different ones, from 0: equal numbers share it.

        >>> Rationals.of([Fraction(2), Fraction(1, 3), Fraction(2), Fraction(0)]).ids.tolist()
        [2, 1, 2, 0]
        """
        return self._sorted[1]

    @cached_property
    def _sorted(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        order = np.argsort(self.floats, kind="stable")
        same = np.diff(self.floats[order]) == 0
        rows = np.flatnonzero(same)
        is_new = ~same
        if len(rows):
            left, right = self.take(order[rows]), self.take(order[rows + 1])
            apart = rows[left.signs(right) != 0]
            is_new[apart] = True
            if len(apart):
                order, is_new = self._by_fractions(order, same, is_new)
        ids = np.empty(len(order), dtype=np.int64)
        ids[order] = np.concatenate([[0], np.cumsum(is_new)])[: len(order)]
        return order, ids

    def _by_fractions(
        self, order: NDArray[np.int64], same: NDArray[np.bool_], is_new: NDArray[np.bool_]
    ) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Sort what is the same as a float, and is not the same, by the numbers themselves."""
        runs = np.concatenate([[0], np.cumsum(~same)])
        for run in np.unique(runs[1:][same & is_new]):
            start, end = np.searchsorted(runs, [run, run + 1])
            rows = order[start:end]
            numbers = dict(zip(rows.tolist(), self.take(rows).fractions(), strict=True))
            ordered = sorted(sorted(numbers), key=numbers.__getitem__)
            order[start:end] = ordered
            steps = pairwise(ordered)
            is_new[start : end - 1] = [numbers[one] != numbers[other] for one, other in steps]
        return order, is_new


def whole(numbers: Sequence[int]) -> Whole:
    """Give whole numbers as int64 if all fit, else as they are.

    >>> whole([1, 2]).dtype, whole([2**70]).dtype
    (dtype('int64'), dtype('O'))
    """
    fits = all(-MOST <= number <= MOST for number in numbers)
    return np.array(numbers, dtype=np.int64 if fits else "object")


def most(numbers: Whole | int) -> int:
    """Give the largest size of whole numbers; more than any float where they are objects."""
    if isinstance(numbers, int):
        return abs(numbers)
    if numbers.dtype == object:
        return MOST + 1
    return max(-int(numbers.min(initial=0)), int(numbers.max(initial=0)))


def times(left: Whole, right: Whole | int) -> Whole:
    """Multiply whole numbers, in int64 if the largest result fits.

    >>> times(np.array([2**40, 3]), 2**40).tolist()
    [1208925819614629174706176, 3298534883328]
    """
    if isinstance(right, int) and right == 1:
        return left
    if most(right) <= MOST and most(left) * most(right) <= MOST:
        return np.asarray(left * right)
    return np.asarray(left.astype("object") * _object(right))


def plus(left: Whole, right: Whole | int) -> Whole:
    """Add whole numbers, in int64 if the largest result fits."""
    if most(left) + most(right) <= MOST:
        return np.asarray(left + right)
    return np.asarray(left.astype("object") + _object(right))


def _object(numbers: Whole | int) -> Any:
    return numbers if isinstance(numbers, int) else numbers.astype("object")


def _over(tops: Whole, bottoms: Whole | None) -> Whole:
    return tops if bottoms is None else times(tops, bottoms)


def _product(left: Whole | None, right: Whole | None) -> Whole | None:
    if left is None or right is None:
        return right if left is None else left
    return times(left, right)


def _common(scales: Sequence[Fraction]) -> Fraction:
    """Give the largest number that all are whole multiples of; 1 of none."""
    top = gcd(*(scale.numerator for scale in scales))
    return Fraction(top, lcm(*(scale.denominator for scale in scales))) if top else ONE


def _placed(size: int, pieces: Sequence[tuple[NDArray[Any], Whole]], blank: int) -> Whole:
    is_wide = any(one.dtype == object for _, one in pieces)
    placed = np.full(size, blank, dtype="object" if is_wide else np.int64)
    for rows, one in pieces:
        placed[rows] = one
    return placed


def _added(numbers: list[Fraction]) -> Fraction:
    """Add fractions up by halves, so that the whole numbers stay short for long."""
    if len(numbers) > 2:  # noqa: PLR2004
        middle = len(numbers) // 2
        return _added(numbers[:middle]) + _added(numbers[middle:])
    return sum(numbers, Fraction(0))
