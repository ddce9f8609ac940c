"""Hold amounts against others, all rows at once: which are more than so many times as much.

Every comparison gives the same columns, by the rows of the table: `column`, `value`, `usual`
(what it is held against) and `against`; only those more than `most` times away are kept.
"""

from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from tenglong.measure.exact import exact

FOUND = ["column", "value", "usual", "against"]
SAFE = 0.999  # floats narrow down, exact numbers decide


def amounts(frame: pd.DataFrame, column: str) -> "pd.Series[float]":
    """Give the sizes of a column's amounts; a zero or a blank is held against nothing.

    >>> amounts(pd.DataFrame({"tax_wan": [3.0, 0.0, -2.0, None]}), "tax_wan").tolist()
    [3.0, nan, 2.0, nan]
    """
    size = frame[column].astype("float64").abs()
    return size.where(size > 0)


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
    far = value > float(most) * SAFE * usual
    if both_ways:
        far |= usual > float(most) * SAFE * value
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
    grouped = value.groupby(groups)
    is_top = grouped.rank(method="first", ascending=False) == 1
    is_bottom = grouped.rank(method="first") == 1
    second_top = value.where(~is_top).groupby(groups).transform("max")
    second_bottom = value.where(~is_bottom).groupby(groups).transform("min")
    top = grouped.transform("max").where(~is_top, second_top)
    bottom = grouped.transform("min").where(~is_bottom, second_bottom)
    return top, bottom


def medians(
    value: "pd.Series[float]", groups: "pd.Series[Any]", *, least: int
) -> "pd.Series[float]":
    """Give by row the median of its group, where that has so many values beside its own.

    >>> medians(pd.Series([1.0, 2.0, 9.0]), pd.Series([0, 0, 0]), least=2).tolist()
    [2.0, 2.0, 2.0]
    >>> medians(pd.Series([1.0, 2.0]), pd.Series([0, 0]), least=2).tolist()
    [nan, nan]
    """
    grouped = value.groupby(groups)
    return grouped.transform("median").where(grouped.transform("count") > least)


def distance(value: "pd.Series[float]", usual: "pd.Series[float]") -> "pd.Series[float]":
    """Say how far amounts are from the usual, up or down: the logarithm of how many times.

    >>> distance(pd.Series([1.0]), pd.Series([1.0])).tolist()
    [0.0]
    """
    times = (value.astype("float64") / usual.astype("float64")).to_numpy()
    return pd.Series(np.abs(np.log(times)), index=value.index)
