"""The verdict on a firm: its place among its peers, and its grade before and after the rules."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from tenglong.measure.evaluation.scheme import Cut, Grade, Grading, Override, Ties
from tenglong.measure.policy.column import Rows


@dataclass(frozen=True, eq=False)
class Places:
    """The places of firms in their rankings; 0 where one is not ranked.

    Attributes
    ----------
    ranks
        One more than there are better ones; equals share it.
    lasts
        How many are at least as good.
    of
        How many are ranked.
    """

    ranks: NDArray[np.int64]
    lasts: NDArray[np.int64]
    of: NDArray[np.int64]

    @property
    def rows(self) -> Rows:
        """The rows of the firms that are ranked."""
        return np.flatnonzero(self.of)


def places(
    keys: Sequence[NDArray[np.int64]], groups: NDArray[np.int64], rows: Rows | None = None
) -> Places:
    """Rank within groups by keys, more is better; equals share the better rank.

    Parameters
    ----------
    keys
        What is ranked by; of equals on the first, the second decides, and so on.
    rows
        Who is ranked; all, where it is not given.

    >>> found = places([np.array([9, 7, 7])], np.array([0, 0, 0]))
    >>> list(zip(found.ranks.tolist(), found.lasts.tolist()))
    [(1, 1), (2, 3), (2, 3)]
    """
    found = Places(*(np.zeros(len(groups), dtype=np.int64) for _ in range(3)))
    chosen = np.arange(len(groups)) if rows is None else rows
    if not len(chosen):
        return found
    order = chosen[np.lexsort([*(-key[chosen] for key in reversed(keys)), groups[chosen]])]
    is_other = np.diff(groups[order]) != 0
    differs = np.logical_or.reduce([is_other, *(np.diff(key[order]) != 0 for key in keys)])
    first, end = _runs(is_other)
    best, last = _runs(differs)
    found.ranks[order] = best - first + 1
    found.lasts[order] = last - first
    found.of[order] = end - first
    return found


def _runs(differs: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give for each row where its run begins, and where the next one does."""
    starts = np.concatenate([[0], np.flatnonzero(differs) + 1])
    ends = np.concatenate([starts[1:], [len(differs) + 1]])
    sizes = ends - starts
    return np.repeat(starts, sizes), np.repeat(ends, sizes)


def cut(count: int, percent: Fraction, rounding: Cut) -> int:
    """How many of `count` are above a cut.

    >>> [cut(39, Fraction(20), rounding) for rounding in (Cut.HALF_UP, Cut.UP, Cut.DOWN)]
    [8, 8, 7]
    """
    number = count * percent / 100
    match rounding:
        case Cut.UP:
            return math.ceil(number)
        case Cut.DOWN:
            return math.floor(number)
        case _:
            return math.floor(number + Fraction(1, 2))


def last_ranks(grades: Sequence[Grade], count: int, rounding: Cut) -> list[int]:
    """Give the rank at which each grade ends.

    A grade ends at its own share from the top, or where the shares from the bottom of those
    below it begin; else it has no end.

    >>> abcd = [Grade("A", to_pct=Fraction(20)), Grade("B", to_pct=Fraction(60)),
    ...     Grade("C"), Grade("D", last_pct=Fraction(5))]
    >>> last_ranks(abcd, 30, Cut.HALF_UP)
    [6, 18, 28, 30]
    """
    ends = []
    for number, grade in enumerate(grades, start=1):
        below = [worse.last_pct for worse in grades[number:]]
        shares = [share for share in below if share is not None]
        if grade.to_pct is not None:
            ends.append(cut(count, grade.to_pct, rounding))
        elif len(shares) == len(below):
            ends.append(count - cut(count, sum(shares, Fraction(0)), rounding))
        else:
            ends.append(count)
    return ends


def grades_at(
    ranked: Places, grades: Sequence[Grade], holds: Sequence[NDArray[np.bool_]], grading: Grading
) -> NDArray[np.object_]:
    """Give the best grade whose limits each place keeps and whose condition holds; "" for none.

    Firms of one score on both sides of a cut share the better grade, or the worse where the
    scheme says so.
    """
    ranks = ranked.ranks if grading.ties is Ties.BETTER else ranked.lasts
    sizes, kinds = np.unique(ranked.of, return_inverse=True)
    ends = np.array([last_ranks(grades, int(size), grading.rounding) for size in sizes])
    found = np.full(len(ranks), "", dtype="object")
    for number in reversed(range(len(grades))):
        found[holds[number] & (ranks <= ends[kinds, number])] = grades[number].grade
    return found


def overridden(grade: str, rule: Override, order: Sequence[str], owners: str = "") -> str:
    """Give the grade after a rule that applies.

    Parameters
    ----------
    order
        The grades, best first; a grade outside it (T, none) is changed by `to` only.
    owners
        The grade of the firm that owns the land, for `like_owner`.

    >>> from tenglong.measure.policy.formula import Formula
    >>> always = Formula.parse("True")
    >>> overridden("A", Override(always, at_best="C"), "ABCD")
    'C'
    >>> overridden("D", Override(always, at_worst="C"), "ABCD")
    'C'
    >>> overridden("B", Override(always, shift=-1), "ABCD")
    'C'
    """
    if rule.to:
        return rule.to
    if grade not in order:
        return grade
    at = order.index(grade)
    if rule.at_best:
        return order[max(at, order.index(rule.at_best))]
    if rule.at_worst:
        return order[min(at, order.index(rule.at_worst))]
    if rule.like_owner:
        return owners or grade
    return order[min(max(at - rule.shift, 0), len(order) - 1)]
