"""Exact numbers: what was typed as 2.3 is 23/10, and sums and ratios stay exact.

Tables hold binary floats. They become fractions by their shortest decimal form, which is what
stood in the file, so a comparison at a boundary never hangs on the sixteenth digit.
"""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

import pandas as pd


def exact(number: float | str | Fraction) -> Fraction:
    """Give a number as the fraction that its shortest decimal form names.

    >>> exact(2.3) == Fraction(23, 10)
    True
    """
    if isinstance(number, Fraction):
        return number
    if isinstance(number, str):
        return Fraction(number)
    return Fraction(Decimal(str(number)))  # the same as by the text, in half the time


def as_float(number: Fraction | None) -> float:
    """Give an exact number as a cell of a table takes it; NaN where it is not known.

    >>> as_float(Fraction(1, 4)), as_float(None)
    (0.25, nan)
    """
    return float("nan") if number is None else float(number)


def exact_sum(numbers: pd.Series | Iterable[float]) -> Fraction:
    """Add numbers up exactly; missing ones are left out.

    >>> exact_sum([0.1, 0.2])
    Fraction(3, 10)
    """
    values = pd.Series(numbers, dtype="float64").dropna()
    return sum((exact(value) for value in values.tolist()), Fraction(0))


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
    known = numerators.notna() & denominators.notna() & (denominators > 0)
    rows = zip(known, numerators.tolist(), denominators.tolist(), strict=True)
    quotients = [
        exact(top) / exact(bottom) if is_known else float("nan") for is_known, top, bottom in rows
    ]
    return pd.Series(quotients, index=numerators.index, dtype="object")
