"""Rows as plain mappings, for rules that look at one thing at a time."""

from collections.abc import Collection, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from tenglong.measure.exact import exact

Row = Mapping[str, Any]


def rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Give the rows of a table: what was not supplied is no key, what is not known is None.

    Days are dates, numbers are floats or integers, flags are booleans; shapes are left out.

    >>> rows(pd.DataFrame({"price_wan": [3.0, None], "n": ["a", "b"]}))
    [{'price_wan': 3.0, 'n': 'a'}, {'price_wan': None, 'n': 'b'}]
    """
    names = [str(name) for name in frame.columns if name != "geometry"]
    columns = [cells(frame[name]) for name in names]
    if not columns:
        return [{} for _ in range(len(frame))]
    return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]


def cells(column: "pd.Series[Any]") -> list[Any]:
    """Give the cells of a column as `rows` does.

    In one go where its type says what they can be.

    >>> cells(pd.Series([3.0, None]))
    [3.0, None]
    """
    kind, values = column.dtype, column.array
    if isinstance(kind, pd.StringDtype) or kind.kind in "biuf":
        known = values.astype("object")
        known[np.asarray(values.isna())] = None
        return list(known.tolist())
    if isinstance(kind, np.dtype) and kind.kind == "M":
        return list(column.to_numpy().astype("datetime64[D]").tolist())
    return [_plain(value) for value in column.tolist()]


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return value
    if value is None or pd.isna(value):
        return None
    return value.date() if isinstance(value, pd.Timestamp) else value


def written_cell(value: Any) -> str:
    """Write a cell that names a row as a file would: a day, a month or a number in plain form.

    >>> written_cell(pd.Timestamp("2021-03-05")), written_cell(2021.0), written_cell("91A")
    ('2021-03-05', '2021', '91A')
    """
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def among(column: "pd.Series[Any]", values: Collection[Any]) -> "pd.Series[bool]":
    """Tell of each cell whether it is one of many values; `isin` is for few, text by text slow.

    >>> among(pd.Series(["a", "b"]), {"b", "c"}).tolist()
    [False, True]
    """
    return pd.Series([cell in values for cell in column.tolist()], index=column.index, dtype=bool)


def surely(flags: "pd.Series[Any]") -> "pd.Series[bool]":
    """Give flags of which none is missing: what is not known does not hold.

    >>> surely(pd.Series([True, None, False], dtype="boolean")).tolist()
    [True, False, False]
    """
    return flags.fillna(value=False).astype(bool)


def is_preliminary(frame: pd.DataFrame) -> bool:
    """Whether any row of yearly figures is a preliminary one (初步); what is not told is final.

    >>> is_preliminary(pd.DataFrame({"stage": ["final", None]}))
    False
    """
    return "stage" in frame and bool((frame["stage"] == "preliminary").any())


def preliminary_end(years: pd.DataFrame) -> date | None:
    """Give the end of the last year of some yearly rows, where one of its rows is preliminary.

    >>> preliminary_end(pd.DataFrame({"year": [2020, 2021], "stage": ["final", "preliminary"]}))
    datetime.date(2021, 12, 31)
    """
    if years.empty or not is_preliminary(years[surely(years["year"] == years["year"].max())]):
        return None
    return date(int(years["year"].max()), 12, 31)


def has_any(row: Row, *columns: str) -> bool:
    """Whether one of the columns is known.

    >>> has_any({"started_on": None, "completed_on": 1}, "started_on", "completed_on")
    True
    """
    return any(row.get(column) is not None for column in columns)


def without(row: Row, columns: Collection[str]) -> Row:
    """Give a row without these columns: what they hold is then not known.

    >>> without({"started_on": None, "price_wan": 3.0}, {"started_on"})
    {'price_wan': 3.0}
    """
    return {name: cell for name, cell in row.items() if name not in columns} if columns else row


def exact_row(row: Row) -> dict[str, Any]:
    """Give a row with its numbers exact, as a formula needs them.

    >>> exact_row({"tax_wan": 2.5, "name": "甲", "is_vetoed": True})
    {'tax_wan': Fraction(5, 2), 'name': '甲', 'is_vetoed': True}
    """
    return {name: _exact(value) for name, value in row.items()}


def _exact(value: Any) -> Any:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return exact(value)
    return value


def is_less(part: Any, share: Any, whole: Any) -> bool | None:
    """Whether `part` is less than a share of `whole`, compared exactly; None if not known.

    >>> is_less(6.0, "1/3", 18.0), is_less(5.99, "1/3", 18.0), is_less(None, "1/3", 18.0)
    (False, True, None)
    """
    if part is None or whole is None or exact(whole) <= 0:
        return None
    return exact(part) < Fraction(exact(share)) * exact(whole)
