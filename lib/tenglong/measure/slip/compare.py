"""Hold amounts against others, all rows at once: which are more than so many times as much.

Every comparison gives the same columns, by the rows of the table: `column`, `value`, `usual`
(what it is held against) and `against`; only those more than `most` times away are kept.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from tenglong.measure.exact import exact

FOUND = ["column", "value", "usual", "against"]
NONE = pd.DataFrame(
    {
        name: pd.Series(dtype=kind)
        for name, kind in zip(FOUND, ("str", "float64", "float64", "str"), strict=True)
    },
    index=pd.Index([], dtype="int64"),
)
SAFE = 0.999  # floats narrow down, exact numbers decide


def amounts(frame: pd.DataFrame, column: str) -> "pd.Series[float]":
    """Give the sizes of a column's amounts; a zero or a blank is held against nothing.

    >>> amounts(pd.DataFrame({"tax_wan": [3.0, 0.0, -2.0, None]}), "tax_wan").tolist()
    [3.0, nan, 2.0, nan]
    """
    size = np.abs(frame[column].to_numpy(dtype="float64", na_value=np.nan))
    return pd.Series(np.where(size > 0, size, np.nan), index=frame.index)


def apart(
    column: str,
    value: "pd.Series[float]",
    usual: "pd.Series[float]",
    *,
    against: str,
    most: Fraction,
    both_ways: bool = False,
) -> pd.DataFrame:
    """Keep the values that are more than `most` times the usual, or, both ways, so much less.

    >>> value, usual = pd.Series([300.0, 301.0, 0.5]), pd.Series([1.0, 1.0, 200.0])
    >>> apart("x", value, usual, against="own", most=Fraction(300)).index.tolist()
    [1]
    >>> apart("x", value, usual, against="own", most=Fraction(300), both_ways=True).index.tolist()
    [1, 2]
    """
    one, other, times = value.to_numpy(), usual.to_numpy(), float(most) * SAFE
    far = one > times * other
    if both_ways:
        far |= other > times * one
    if not far.any():
        return NONE
    kept = pd.DataFrame({"column": column, "value": value, "usual": usual})[far]
    pairs = zip(kept["value"].tolist(), kept["usual"].tolist(), strict=True)
    sure = [_is_apart(exact(one), exact(other), most, both_ways=both_ways) for one, other in pairs]
    found: pd.DataFrame = kept[pd.Series(sure, index=kept.index, dtype=bool)]
    return found.assign(against=against)[FOUND]


def _is_apart(value: Fraction, usual: Fraction, most: Fraction, *, both_ways: bool) -> bool:
    return value > most * usual or (both_ways and usual > most * value)


def nearest_others(
    value: "pd.Series[float]", groups: "pd.Series[Any]"
) -> tuple["pd.Series[float]", "pd.Series[float]"]:
    """Give by row the greatest and the least of the other values of its group.

    >>> top, bottom = nearest_others(pd.Series([1.0, 2.0, 9.0]), pd.Series([0, 0, 0]))
    >>> top.tolist(), bottom.tolist()
    ([9.0, 9.0, 2.0], [2.0, 1.0, 1.0])
    """
    ordered = _Ordered.of(value, groups)
    first, last, size = ordered.first, ordered.last, ordered.size
    cells, sized = ordered.cells, size > 1
    most, least = cells[last], cells[first]
    second = np.where(sized, cells[last - 1], np.nan)
    second_least = np.where(sized, cells[np.where(sized, first + 1, first)], np.nan)
    own = ordered.each(most), ordered.each(least)
    is_top, is_bottom = value.to_numpy() == own[0], value.to_numpy() == own[1]
    top = np.where(is_top, ordered.each(second), own[0])
    bottom = np.where(is_bottom, ordered.each(second_least), own[1])
    return pd.Series(top, index=value.index), pd.Series(bottom, index=value.index)


def medians(
    value: "pd.Series[float]", groups: "pd.Series[Any]", *, least: int
) -> "pd.Series[float]":
    """Give by row the median of its group, where that has so many values beside its own.

    >>> medians(pd.Series([1.0, 2.0, 9.0]), pd.Series([0, 0, 0]), least=2).tolist()
    [2.0, 2.0, 2.0]
    >>> medians(pd.Series([1.0, 2.0]), pd.Series([0, 0]), least=2).tolist()
    [nan, nan]
    """
    ordered = _Ordered.of(value, groups)
    middle = ordered.first + (ordered.size - 1) // 2, ordered.first + ordered.size // 2
    halves = (ordered.cells[middle[0]] + ordered.cells[middle[1]]) / 2
    usual = ordered.each(np.where(ordered.size > least, halves, np.nan))
    return pd.Series(usual, index=value.index)


@dataclass(frozen=True, eq=False)
class _Ordered:
    """Values in the order of their groups, and in each from the least to the greatest.

    Attributes
    ----------
    cells
        All that are known.
    first, last, size
        By group that has any: where it begins and ends among the cells, and how many it has.
    place
        By row, the group's place among these; −1 where it has no group, or that has no value.
    """

    cells: "np.ndarray[Any, Any]"
    first: "np.ndarray[Any, Any]"
    last: "np.ndarray[Any, Any]"
    size: "np.ndarray[Any, Any]"
    place: "np.ndarray[Any, Any]"

    @classmethod
    def of(cls, value: "pd.Series[float]", groups: "pd.Series[Any]") -> "_Ordered":
        codes, cells = pd.factorize(groups)[0], value.to_numpy(dtype="float64")
        known = ~np.isnan(cells) & (codes >= 0)
        order = np.lexsort((cells[known], codes[known]))
        groups_known = codes[known][order]
        there, first = np.unique(groups_known, return_index=True)
        size = np.diff(first, append=len(order))
        place = np.full(codes.max(initial=-1) + 2, -1)  # the last is that of no group
        place[there] = np.arange(len(there))
        return cls(cells[known][order], first, first + size - 1, size, place[codes])

    def each(self, of_groups: "np.ndarray[Any, Any]") -> "np.ndarray[Any, Any]":
        """Give each row what its group has; missing for one without."""
        each: np.ndarray[Any, Any] = np.append(of_groups, np.nan)[self.place]
        return each


def distance(value: "pd.Series[float]", usual: "pd.Series[float]") -> "pd.Series[float]":
    """Say how far amounts are from the usual, up or down: the logarithm of how many times.

    >>> distance(pd.Series([1.0]), pd.Series([1.0])).tolist()
    [0.0]
    """
    times = (value.astype("float64") / usual.astype("float64")).to_numpy()
    return pd.Series(np.abs(np.log(times)), index=value.index)
