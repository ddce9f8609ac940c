"""Cells of a table: what a reader sees, and what stands in the CSV behind it."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import partial
from html import escape
from numbers import Integral
from typing import Any

import pandas as pd

from tenglong.show.number import MISSING, figure, plain, quantity, spoken

# A spreadsheet would take a text that begins with one of these for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Cell:
    """One cell: safe HTML, and plain text for the CSV.

    Attributes
    ----------
    drawn
        The HTML, or what draws it when it is looked at: of a long list the page shows the first
        rows alone.
    """

    drawn: str | Callable[[], str]
    plain: str
    is_number: bool = False

    @property
    def html(self) -> str:
        """What a reader sees; everything that came from data is escaped."""
        return self.drawn if isinstance(self.drawn, str) else self.drawn()


def text(value: object) -> Cell:
    """Give a text cell; everything in it is escaped.

    >>> text("<b>").html
    '&lt;b&gt;'
    """
    said = str(value)
    return Cell(escape(said), as_text(said))


def number(value: Fraction | float | None, decimals: int = 2, *, sign: bool = False) -> Cell:
    """Give a number cell: rounded half-up to see, exact in the CSV."""
    return Cell(partial(figure, value, decimals, sign=sign), plain(value), is_number=True)


def amount(value: Fraction | float | None, unit: str, language: str = "zh") -> Cell:
    """Give a number cell with its unit, in the page's language."""
    return Cell(lambda: escape(quantity(value, unit, language)), plain(value), is_number=True)


def said(value: Fraction | float | None, unit: str, language: str = "zh") -> Cell:
    """Give an amount as running text tells it, see `number.spoken`; the CSV has it in its unit."""
    return Cell(lambda: escape(spoken(value, unit, language)), plain(value), is_number=True)


def texts(values: Iterable[object]) -> list[Cell]:
    """Give text cells; what is missing prints as such.

    >>> [one.html for one in texts(["大峃镇", None, float("nan")])]
    ['大峃镇', '…', '…']
    """
    return [text(MISSING) if _is_missing(value) else text(value) for value in values]


def counts(values: Iterable[float | None]) -> list[Cell]:
    """Give cells of whole numbers; what is missing prints as such.

    >>> [one.html for one in counts([1200, None])]
    ['1,200', '…']
    """
    return [entry(value, 0) for value in values]


def _is_missing(value: object) -> bool:
    """Whether it is None, NaN, NaT or pandas' own missing value."""
    return bool(pd.isna(value))  # type: ignore[call-overload]


def entry(value: Any, decimals: int = 2, *, sign: bool = False) -> Cell:
    """Give a number cell from an entry of a table, which may be missing in any of its ways.

    >>> entry(float("nan")).html, entry(7, 0).html, entry(Fraction(1, 3)).plain
    ('…', '7', '0.333333333333')
    """
    if _is_missing(value):
        return number(None)
    return number(
        Fraction(int(value)) if isinstance(value, Integral) else value, decimals, sign=sign
    )


def date_of(value: Any) -> Cell:
    """Give a date cell from an entry of a table.

    >>> date_of(datetime(2022, 6, 30)).html, date_of(None).html
    ('2022-06-30', '…')
    """
    if _is_missing(value):
        return Cell(MISSING, "")
    return text((value.date() if isinstance(value, datetime) else value).isoformat())


def as_text(value: str) -> str:
    """Keep a text a text in a spreadsheet: one that looks like a formula gets an apostrophe.

    >>> as_text("=1+1"), as_text("大峃镇")
    ("'=1+1", '大峃镇')
    """
    return f"'{value}" if value.startswith(FORMULA_STARTS) else value


def csv_of(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    r"""Write a CSV, with line ends as RFC 4180 has them.

    >>> csv_of(["名称"], [["甲,乙"]])
    '名称\r\n"甲,乙"\r\n'
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()
