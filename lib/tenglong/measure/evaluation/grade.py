"""Grades: ranks within groups, the cuts between grades, and the rules that go over them."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from tenglong.measure.evaluation.scheme import Grade, Grading, Override
from tenglong.measure.evaluation.scheme_choice import Cut, Ties

Key = tuple[Fraction, ...]  # more is better; the first that differs decides


@dataclass(frozen=True)
class Place:
    """A place in a ranking.

    Attributes
    ----------
    rank
        One more than there are better ones; equals share it.
    last
        How many are at least as good.
    of
        How many are ranked.
    """

    rank: int
    last: int
    of: int


def places(keys: Mapping[str, Key]) -> dict[str, Place]:
    """Rank by keys, more is better; equals share the better rank.

    >>> found = places({"a": (Fraction(9),), "b": (Fraction(7),), "c": (Fraction(7),)})
    >>> [(place.rank, place.last) for place in found.values()]
    [(1, 1), (2, 3), (2, 3)]
    """
    ordered = sorted(keys, key=lambda name: (keys[name], name), reverse=True)
    found: dict[str, Place] = {}
    for _, equals in groupby(ordered, key=lambda name: keys[name]):
        names = sorted(equals)
        rank, last = len(found) + 1, len(found) + len(names)
        found |= {name: Place(rank, last, len(keys)) for name in names}
    return found


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
        elif shares and len(shares) == len(below):
            ends.append(count - cut(count, sum(shares, Fraction(0)), rounding))
        else:
            ends.append(count)
    return ends


def grade_at(
    place: Place, grades: Sequence[Grade], holds: Sequence[bool | None], grading: Grading
) -> str:
    """Give the best grade whose limits a place keeps and whose condition holds; "" for none.

    Firms of one score on both sides of a cut share the better grade, or the worse where the
    scheme says so.
    """
    rank = place.rank if grading.ties is Ties.BETTER else place.last
    ends = last_ranks(grades, place.of, grading.rounding)
    for grade, end, is_met in zip(grades, ends, holds, strict=True):
        if is_met and rank <= end:
            return grade.grade
    return ""


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
