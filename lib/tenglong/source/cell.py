"""Cells become values: one small parser a type, each telling which cells it could not read."""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from tenglong.source.schema import Column, Type

YES = ("是", "有", "Y", "y", "yes", "true", "True", "TRUE", "1", "1.0")
NO = ("否", "无", "N", "n", "no", "false", "False", "FALSE", "0", "0.0")
EXACT_INTEGERS = 2**53
YEARS = (1000, 2200)

Parsed = tuple[pd.Series, pd.Series]


def parse(cells: pd.Series, column: Column) -> Parsed:
    """Read the cells of one column.

    Returns
    -------
    values, bad
        The values with the type's dtype (missing where empty or unreadable), and a mask of
        the cells that hold something that is not of the type, range or list of choices.
    """
    values, bad = _PARSERS[column.type](cells, column)
    if column.minimum is not None:
        bad |= (values < column.minimum).fillna(value=False).astype(bool)
    if column.maximum is not None:
        bad |= (values > column.maximum).fillna(value=False).astype(bool)
    return values.mask(bad), bad


def as_text(cells: pd.Series) -> pd.Series:
    """Give cells as trimmed text; whole numbers lose the `.0` that a spreadsheet adds.

    >>> as_text(pd.Series([330328100.0, " 大峃镇 ", "", None], dtype="object")).tolist()
    ['330328100', '大峃镇', nan, nan]
    """
    if pd.api.types.is_bool_dtype(cells.dtype):
        cells = cells.astype("object")
    elif pd.api.types.is_numeric_dtype(cells.dtype):
        cells = cells.astype("object").where(cells.notna())
    text = cells.map(_plain, na_action="ignore") if cells.dtype == "object" else cells
    text = text.astype("str").str.strip()
    return text.where(text.notna() & (text != ""))


def _plain(cell: object) -> object:
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < EXACT_INTEGERS:
        return str(int(cell))
    return str(cell)


def _text(cells: pd.Series, column: Column) -> Parsed:
    del column
    return as_text(cells), pd.Series(data=False, index=cells.index)


def _number(cells: pd.Series, column: Column) -> Parsed:
    del column
    if pd.api.types.is_numeric_dtype(cells.dtype):
        numbers = cells.astype("float64")
        return numbers, pd.Series(np.isinf(numbers), index=cells.index)
    text = as_text(cells).str.replace(",", "").str.replace("，", "")
    numbers = pd.to_numeric(text, errors="coerce").astype("float64")
    return numbers, (text.notna() & numbers.isna()) | np.isinf(numbers)


def _integer(cells: pd.Series, column: Column) -> Parsed:
    numbers, bad = _number(cells, column)
    broken = numbers.notna() & (numbers != np.floor(numbers))
    return numbers.mask(bad | broken).astype("Int64"), bad | broken


def _year(cells: pd.Series, column: Column) -> Parsed:
    if not pd.api.types.is_numeric_dtype(cells.dtype):
        cells = as_text(cells).str.removesuffix("年").str.removesuffix("年度")
    years, bad = _integer(cells, column)
    outside = (~years.between(*YEARS)).fillna(value=False).astype(bool)
    return years.mask(outside), bad | outside


def _date(cells: pd.Series, column: Column) -> Parsed:
    del column
    if pd.api.types.is_datetime64_any_dtype(cells.dtype):
        return cells.dt.tz_localize(None).dt.as_unit("s"), pd.Series(data=False, index=cells.index)
    text = as_text(cells)
    days = pd.to_datetime(text, errors="coerce", format="ISO8601").dt.as_unit("s")
    return days, text.notna() & days.isna()


def _month(cells: pd.Series, column: Column) -> Parsed:
    days, bad = _date(cells, column)
    return days.dt.to_period("M"), bad


def _flag(cells: pd.Series, column: Column) -> Parsed:
    del column
    text = as_text(cells)
    flags = text.map({**dict.fromkeys(YES, True), **dict.fromkeys(NO, False)}).astype("boolean")
    return flags, text.notna() & flags.isna()


def _choice(cells: pd.Series, column: Column) -> Parsed:
    text = as_text(cells)
    known: dict[str, str] = {}
    for value, label in (column.choices or {}).items():
        known |= {value: value, label.zh: value, label.en: value}
    values = text.map(known).astype("str")
    return values, text.notna() & values.isna()


def _geometry(cells: pd.Series, column: Column) -> Parsed:
    del column
    return cells, pd.Series(data=False, index=cells.index)


_PARSERS: Mapping[Type, Callable[[pd.Series, Column], Parsed]] = {
    Type.TEXT: _text,
    Type.CODE: _text,
    Type.NUMBER: _number,
    Type.INTEGER: _integer,
    Type.YEAR: _year,
    Type.DATE: _date,
    Type.MONTH: _month,
    Type.FLAG: _flag,
    Type.CHOICE: _choice,
    Type.GEOMETRY: _geometry,
}
