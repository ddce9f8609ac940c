"""Firms' monthly figures by firm and month, and their changes; exact, and never guessed."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Self

import pandas as pd

from tenglong.measure.county import County
from tenglong.measure.exact import exact

YEAR = 12
Found = tuple[Fraction | None, str]


@dataclass(frozen=True)
class Months:
    """The months of `enterprise_months`, to be asked for one figure at a time.

    Attributes
    ----------
    last
        The last month that any firm has a row for.
    figures
        By column, the figures by firm and number of the month; none where a cell is empty. A
        firm's second row for a month is left out.
    """

    last: pd.Period
    figures: Mapping[str, Mapping[tuple[str, int], float]]

    @classmethod
    def of(cls, county: County) -> Self:
        """Read a county's months.

        Raises
        ------
        Unavailable
            If there are no monthly figures.

        Examples
        --------
        >>> table = {"usci": ["A", "A"], "month": ["2022-05", "2022-06"], "tax_wan": [None, 2.0]}
        >>> found = Months.of(example_county(enterprise_months=table))
        >>> str(found.last), dict(found.figures["tax_wan"])
        ('2022-06', {('A', 629): 2.0})
        """
        frame = county.table("enterprise_months", "usci", "month")
        told = frame[frame["month"].notna()].sort_index().drop_duplicates(["usci", "month"])
        numbers = [month.ordinal for month in told["month"]]
        keys = list(zip(told["usci"], numbers, strict=True))
        figures = told.drop(columns=["usci", "month"])
        return cls(frame["month"].max(), {str(name): _known(keys, told[name]) for name in figures})

    def back_from_last(self, count: int) -> Iterator[int]:
        """Give the numbers of the last months, oldest first."""
        yield from range(self.last.ordinal - count + 1, self.last.ordinal + 1)

    def figure(self, column: str, usci: str, month: int, lacking: str = "no_month") -> Found:
        """Give a firm's figure of a month, or None and the code of why it is not known."""
        if column not in self.figures:
            return None, "no_column"
        value = self.figures[column].get((usci, month))
        return (None, lacking) if value is None else (exact(value), "")

    def value(self, name: str, usci: str, month: int) -> Found:
        """Give what a name of `warning.yml` stands for, or None and why it is not known.

        Examples
        --------
        >>> months = Months(pd.Period("2022-06"), {"tax_wan": {("A", 629): 7.5, ("A", 617): 10.0}})
        >>> months.value("tax_wan_yoy", "A", 629), months.value("tax_wan_mom", "A", 629)
        ((Fraction(-25, 1), ''), (None, 'no_base'))
        """
        for suffix, ask in _ASKED.items():
            if name.endswith(suffix) and name not in self.figures:
                return ask(self, name.removesuffix(suffix), usci, month)
        return self.figure(name, usci, month)


def _known(keys: list[tuple[str, int]], values: pd.Series) -> dict[tuple[str, int], float]:
    found = zip(keys, values.tolist(), strict=True)
    return {key: value for key, value in found if not pd.isna(value)}


def _last_year(months: Months, column: str, usci: str, month: int) -> Found:
    return months.figure(column, usci, month - YEAR, "no_base")


def _before(months: Months, column: str, usci: str, month: int) -> Found:
    return months.figure(column, usci, month - 1, "no_base")


def _yoy(months: Months, column: str, usci: str, month: int) -> Found:
    now = months.figure(column, usci, month)
    return _change(now, _last_year(months, column, usci, month))


def _mom(months: Months, column: str, usci: str, month: int) -> Found:
    now = months.figure(column, usci, month)
    return _change(now, _before(months, column, usci, month))


def _ytd_yoy(months: Months, column: str, usci: str, month: int) -> Found:
    january = month - (pd.Period(ordinal=month, freq="M").month - 1)
    span = range(january, month + 1)
    now = _sum([months.figure(column, usci, one) for one in span])
    return _change(now, _sum([_last_year(months, column, usci, one) for one in span]))


def _sum(found: list[Found]) -> Found:
    values = [value for value, _ in found if value is not None]
    if len(values) < len(found):
        return None, next(why for _, why in found if why)
    return sum(values, Fraction(0)), ""


def _change(now: Found, base: Found) -> Found:
    """Change in per cent; not known on nothing, or on less than nothing."""
    after, before = now[0], base[0]
    if after is None or before is None:
        return None, now[1] or base[1]
    if before <= 0:
        return None, "base_not_positive"
    return (after / before - 1) * 100, ""


_ASKED: Mapping[str, Callable[[Months, str, str, int], Found]] = {
    "_ytd_yoy": _ytd_yoy,
    "_yoy": _yoy,
    "_mom": _mom,
    "_last_year": _last_year,
    "_before": _before,
}
