"""Frames as an analyst uses them: plain dtypes, and heads in words."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, TypeVar

import pandas as pd

from tenglong.show.number import unit_text
from tenglong.show.page import Page
from tenglong.show.words import catalogue

Frame = TypeVar("Frame", bound=pd.DataFrame)
# How a column's name ends, and its unit; the longer endings first.
UNITS: Mapping[str, str] = {
    "_wan_per_10k_kwh": "万元/万千瓦时",
    "_wan_per_head": "万元/人",
    "_wan_per_tce": "万元/吨标准煤",
    "_wan_per_mu": "万元/亩",
    "_wan_per_t": "万元/吨",
    "_10k_kwh": "万千瓦时",
    "_10k_m3": "万立方米",
    "_tce": "吨标准煤",
    "_wan": "万元",
    "_pct": "%",
    "_mu": "亩",
    "_gj": "吉焦",
    "_t": "吨",
}
POINTS = "points_"  # what an indicator of the evaluation earns: its own unit, not the indicator's


def plain(frame: Frame) -> Frame:
    """Give a frame whose columns are ordinary: float64, Int64, boolean, text, dates, category.

    An exact number becomes the nearest float, a month its first day, several codes one text
    joined by ";". The index stays.

    >>> frame = pd.DataFrame({"tax": [Fraction(1, 4), None], "why": [("a", "b"), ()]})
    >>> plain(frame)["tax"].tolist(), plain(frame)["why"].tolist()
    ([0.25, nan], ['a; b', ''])
    """
    return frame.assign(**{str(name): _plain(frame[name]) for name in frame.columns})


def _plain(column: "pd.Series[Any]") -> "pd.Series[Any]":
    if isinstance(column.dtype, pd.PeriodDtype):
        days: pd.Series[Any] = column.dt.to_timestamp().astype("datetime64[s]")
        return days
    if pd.api.types.is_bool_dtype(column.dtype):
        return column.astype("boolean")
    if pd.api.types.is_integer_dtype(column.dtype):
        return column.astype("Int64")
    if column.dtype != object:
        return column
    known = column.dropna()
    if known.map(lambda value: isinstance(value, list | tuple | frozenset | set)).any():
        return column.map(_joined, na_action="ignore").astype("str")
    is_number = known.map(lambda value: isinstance(value, Fraction | int | float)).all()
    return column.astype("float64" if is_number else "str")


def _joined(values: Any) -> str:
    return "; ".join(map(str, values)) if not isinstance(values, str) else values


def headed(page: Page, frame: Frame, *tables: str, named: Mapping[str, str]) -> Frame:
    """Give a frame with heads in the page's language, each with its unit.

    Parameters
    ----------
    tables
        Whose declared columns give their names.
    named
        The names of columns that are no table's; else the words of the face name them.
    """
    labels = {name: page.label(*pair) for pair in page.place.labels for name in _of(pair, tables)}
    heads = {str(name): _head(page, str(name), {**labels, **named}) for name in frame.columns}
    return frame.rename(columns=heads)


def _of(pair: tuple[str, str], tables: tuple[str, ...]) -> tuple[str, ...]:
    return (pair[1],) if pair[0] in tables else ()


def _head(page: Page, name: str, labels: Mapping[str, str]) -> str:
    key = f"face.column.{name}"
    label = labels.get(name) or (page.word(key) if key in catalogue() else name)
    unit = next((unit for end, unit in UNITS.items() if name.endswith(end)), "")
    if not unit or unit in label or name.startswith(POINTS):
        return label
    shown = unit_text(unit, page.language)
    return f"{label}（{shown}）" if page.language == "zh" else f"{label} ({shown})"
