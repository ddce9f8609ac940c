"""Exact numbers: what was typed as 2.3 is 23/10, and sums and ratios stay exact.

Tables hold binary floats. They become fractions by their shortest decimal form, which is what
stood in the file, so a comparison at a boundary never hangs on the sixteenth digit. `exact` reads
one number; of a column of floats `decimals` gives all at once as whole numbers over powers of
ten, and `exact_sum` and `quotients` reckon with these.
"""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

# A double names at most one decimal of 15 digits or fewer; its shortest form is then that one.
SURE = 10**15
MOST_DIGITS = 15  # after the point; powers of ten up to 10²² are doubles themselves


def exact(number: float | str | Fraction) -> Fraction:
    """Give a number as the fraction that its shortest decimal form names.

    >>> exact(2.3) == Fraction(23, 10)
    True
    """
    if isinstance(number, Fraction):
        return number
    if isinstance(number, str):
        return Fraction(number)
    return _decimal(number)


# The cells of a table are asked for by many measures, on many days; a flag is none of them.
@lru_cache(maxsize=2**15, typed=True)
def _decimal(number: float) -> Fraction:
    if not isinstance(number, bool) and -SURE < number < SURE and number == int(number):
        return Fraction(int(number))
    return Fraction(Decimal(str(number)))  # the same as by the text, in half the time


def as_float(number: Fraction | None) -> float:
    """Give an exact number as a cell of a table takes it; NaN where it is not known.

    >>> as_float(Fraction(1, 4)), as_float(None)
    (0.25, nan)
    """
    return float("nan") if number is None else float(number)


def decimals(numbers: NDArray[np.float64]) -> tuple[NDArray[Any], NDArray[Any] | int]:
    """Give floats as `exact` reads them: whole numbers, and the powers of ten below them.

    A float x is n / 10ᵏ where n has at most 15 digits and n / 10ᵏ, divided as floats and hence
    rounded correctly, is x: no other decimal of so few digits is read as the same float (IEEE
    754, 15 = DBL_DIG). What no such n is found for, is read one by one.

    Returns
    -------
    tuple of ndarray, and ndarray or int
        The tops: int64, or Python's integers where these do not suffice; and what each stands
        over: one power of ten for all where that suffices, or one for each.

    Raises
    ------
    OverflowError, ValueError
        If one is infinite, or none (NaN).

    >>> tops, bottom = decimals(np.array([2.3, 0.25, 7.0]))
    >>> tops.tolist(), bottom
    ([230, 25, 700], 100)
    """
    tops = np.zeros(len(numbers), dtype=np.int64)
    digits = np.zeros(len(numbers), dtype=np.int64)
    waiting, left = np.arange(len(numbers)), numbers
    for count in range(MOST_DIGITS + 1):
        if not len(waiting):
            break
        scale = 10.0**count
        with np.errstate(over="ignore", invalid="ignore"):
            whole = np.rint(left * scale)
            found = (np.abs(whole) < SURE) & (whole / scale == left)
        if found.all():
            tops[waiting], digits[waiting] = whole, count
            waiting = waiting[:0]
        elif found.any():
            tops[waiting[found]], digits[waiting[found]] = whole[found], count
            waiting, left = waiting[~found], left[~found]
    if len(waiting):
        return _one_by_one(tops, 10**digits, waiting, left)
    most = int(digits.max(initial=0))
    if (digits == most).all():
        return tops, 10**most
    if int(np.abs(tops).max()) * 10 ** (most - int(digits.min())) < 2**63:
        return tops * 10 ** (most - digits), 10**most
    return tops, 10**digits


def _one_by_one(
    tops: NDArray[Any], bottoms: NDArray[Any], rows: NDArray[Any], numbers: NDArray[np.float64]
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Put in the numbers that have more digits than a double is sure of."""
    read = [exact(number) for number in numbers.tolist()]
    if max(max(abs(one.numerator), one.denominator) for one in read) >= 2**63:
        tops, bottoms = tops.astype("object"), bottoms.astype("object")
    tops[rows] = [one.numerator for one in read]
    bottoms[rows] = [one.denominator for one in read]
    return tops, bottoms


def whole_sum(numbers: NDArray[Any]) -> int:
    """Add whole numbers up, without an overflow.

    >>> whole_sum(np.array([2**62, 2**62, 2**62]))
    13835058055282163712
    """
    if numbers.dtype == object:
        return int(sum(numbers.tolist()))
    return (int((numbers >> 32).sum()) << 32) + int((numbers & 0xFFFFFFFF).sum())


def exact_sum(numbers: pd.Series | Iterable[float]) -> Fraction:
    """Add numbers up exactly; missing ones are left out.

    >>> exact_sum([0.1, 0.2])
    Fraction(3, 10)
    """
    values = pd.Series(numbers, dtype="float64").to_numpy()
    tops, bottoms = decimals(values[~np.isnan(values)])
    if isinstance(bottoms, int):
        return Fraction(whole_sum(tops), bottoms)
    sums = ((whole_sum(tops[bottoms == bottom]), int(bottom)) for bottom in set(bottoms.tolist()))
    return sum((Fraction(top, bottom) for top, bottom in sums), Fraction(0))


def ratio(numerator: Fraction, denominator: Fraction) -> Fraction | None:
    """Divide; None where there is nothing to divide by (not applicable, neither 0 nor 1).

    >>> ratio(Fraction(1), Fraction(0)) is None
    True
    """
    return numerator / denominator if denominator else None


def quotients(numerators: pd.Series, denominators: pd.Series) -> pd.Series:
    """Divide row by row, exactly; missing where one is missing, or there is nothing to divide by.

    Denominators are amounts: land, heads. None of them can be negative.

    >>> quotients(pd.Series([0.3, 1.0, None]), pd.Series([0.1, 0.0, 2.0])).tolist()
    [Fraction(3, 1), nan, nan]
    """
    known = (numerators.notna() & denominators.notna() & (denominators > 0)).to_numpy(bool)
    pairs = (column.to_numpy("float64")[known] for column in (numerators, denominators))
    (tops, over), (bottoms, under) = (decimals(column) for column in pairs)
    quotients = np.full(len(known), float("nan"), dtype="object")
    quotients[known] = _fractions((tops, under), (bottoms, over))
    return pd.Series(quotients, index=numerators.index, dtype="object")


def _fractions(
    tops: tuple[NDArray[Any], NDArray[Any] | int], bottoms: tuple[NDArray[Any], NDArray[Any] | int]
) -> NDArray[Any]:
    """Divide a product by a product, row by row."""
    above, below = ([_wide(one) for one in pair] for pair in (tops, bottoms))
    found = np.empty(len(tops[0]), dtype="object")
    products = zip((above[0] * above[1]).tolist(), (below[0] * below[1]).tolist(), strict=True)
    found[:] = [Fraction(top, bottom) for top, bottom in products]
    return found


def _wide(numbers: NDArray[Any] | int) -> Any:
    return numbers if isinstance(numbers, int) else numbers.astype("object")
