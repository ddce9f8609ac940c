"""Cells become values: one small parser a type, each telling which cells it could not read."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from tenglong.source.dates import Day, keeps_zeros, read_day
from tenglong.source.schema import Column, Type
from tenglong.source.units import factor, scaled, unit_named

YES = ("是", "有", "Y", "y", "yes", "true", "True", "TRUE", "1", "1.0", "√", "✓")
NO = ("否", "无", "N", "n", "no", "false", "False", "FALSE", "0", "0.0", "×")
NOTHING = ("-", "--", "—", "——", "－", "–", "/", "／", "\\", "无", "暂无", "N/A", "n/a", "…", "……")
EXACT_INTEGERS = 2**53
YEARS = (1000, 2200)
GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?")
NUMBER_AND_UNIT = re.compile(r"([+-]?[\d,.]+)(\D+)")
SCIENTIFIC = re.compile(r"\d(\.\d+)?[eE]\+?\d+")

Parsed = tuple[pd.Series, pd.Series]


@dataclass(frozen=True)
class Marks:
    """What was noticed in the cells of a column, by row."""

    codes: dict[int, str] = field(default_factory=dict)
    said: dict[int, dict[str, Any]] = field(default_factory=dict)

    def note(self, row: object, code: str, **said: str) -> None:
        """Remember a problem's code for a row, and what it says."""
        self.codes[int(str(row))] = code
        self.said[int(str(row))] = said


@dataclass(frozen=True)
class Way:
    """How the cells of a column are to be read: the unit they are in, what a bare month means.

    `is_typed`: people typed the cells, so that `-` is no code.
    """

    unit: str = ""
    month_is_its_first_day: bool = False
    is_typed: bool = False
    marks: Marks = field(default_factory=Marks)


def parse(cells: pd.Series, column: Column, way: Way | None = None) -> Parsed:
    """Read the cells of one column.

    Returns
    -------
    values, bad
        The values with the type's dtype (missing where empty or unreadable), and a mask of
        the cells that hold something that is not of the type, range or list of choices.
    """
    values, bad = _PARSERS[column.type](cells, column, way or Way(column.unit))
    if column.minimum is not None:
        bad |= (values < column.minimum).fillna(value=False).astype(bool)
    if column.maximum is not None:
        bad |= (values > column.maximum).fillna(value=False).astype(bool)
    return (values.mask(bad) if bad.any() else values), bad


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


def folded(text: str) -> str:
    """Give full-width digits, letters and signs as plain ones, without blanks.

    >>> folded("１，２３４．５ 万元")
    '1,234.5万元'
    """
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).replace("−", "-")


def _plain(cell: object) -> object:
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < EXACT_INTEGERS:
        return str(int(cell))
    return str(cell)


def _nobody(cells: pd.Series) -> pd.Series:
    return pd.Series(data=False, index=cells.index)


def _text(cells: pd.Series, column: Column, way: Way) -> Parsed:
    del column, way
    return as_text(cells), _nobody(cells)


def _code(cells: pd.Series, column: Column, way: Way) -> Parsed:
    del column
    text = as_text(cells)
    bad = _nobody(cells)
    if cells.dtype != "object" and pd.api.types.is_numeric_dtype(cells.dtype):
        lost = (cells.abs() >= EXACT_INTEGERS).fillna(value=False).astype(bool)
    elif cells.dtype == "object":
        lost = cells.map(_is_too_long).astype(bool)
    else:
        # The four characters of the shortest loss are rare enough to look for first.
        lost = text.str.contains("E+", regex=False).fillna(value=False).astype(bool)
        lost &= text.str.fullmatch(SCIENTIFIC.pattern).fillna(value=False).astype(bool)
    for row in cells.index[lost]:
        way.marks.note(row, "number_code")
    wide = text.str.contains("[\uff01-\uff5e]").fillna(value=False).astype(bool)
    if wide.any():
        text = text.mask(wide, text[wide].map(folded))
    return (_without_marks(text, way) if way.is_typed else text), bad | lost


def _is_too_long(cell: object) -> bool:
    if isinstance(cell, str):
        return bool(SCIENTIFIC.fullmatch(cell.strip()))
    is_number = isinstance(cell, int | float) and not isinstance(cell, bool)
    return is_number and bool(abs(cell) >= EXACT_INTEGERS)  # type: ignore[arg-type]


def _without_marks(text: pd.Series, way: Way) -> pd.Series:
    """Take `-`, `/`, `无` … for the missing values that they stand for."""
    nothing = text.isin(NOTHING)
    if not nothing.any():
        return text
    for row in text.index[nothing]:
        way.marks.note(row, "no_value")
    return text.mask(nothing)


def _number(cells: pd.Series, column: Column, way: Way) -> Parsed:
    by = factor(way.unit, column.unit) or Fraction(1)
    if pd.api.types.is_numeric_dtype(cells.dtype):
        numbers = cells.astype("float64")
        return scaled(numbers, by), pd.Series(np.isinf(numbers), index=cells.index)
    text = as_text(cells)
    numbers = pd.to_numeric(text, errors="coerce").astype("float64")
    odd = text.notna() & (numbers.isna() | np.isinf(numbers))
    values = scaled(numbers.mask(odd), by)
    bad = _nobody(cells)
    if odd.any():
        text = _without_marks(text[odd], way).dropna()
        for row, cell in zip(text.index.tolist(), text.tolist(), strict=True):
            value = _odd_number(str(cell), column, by)
            bad.loc[row] = value is None
            if value is not None:
                values.loc[row] = value
                if NUMBER_AND_UNIT.fullmatch(folded(str(cell))):
                    way.marks.note(row, "unit_in_cell", wanted=column.unit)
    return values, bad


def _odd_number(cell: str, column: Column, by: Fraction) -> float | None:
    text = folded(cell)
    match = NUMBER_AND_UNIT.fullmatch(text)
    if match and "e" not in match[2].lower():
        unit = unit_named(match[2])
        own = factor(unit, column.unit) if unit else None
        if own is None:
            return None
        text, by = match[1], own
    if not (GROUPED.fullmatch(text) or PLAIN.fullmatch(text)):
        return None
    value = float(Fraction(text.replace(",", "")) * by) if len(text) < 40 else float("inf")  # noqa: PLR2004 - no figure is longer
    return value if np.isfinite(value) else None


def _integer(cells: pd.Series, column: Column, way: Way) -> Parsed:
    numbers, bad = _number(cells, column, way)
    broken = numbers.notna() & ((numbers != np.floor(numbers)) | (numbers.abs() >= EXACT_INTEGERS))
    return numbers.mask(bad | broken).astype("Int64"), bad | broken


def _year(cells: pd.Series, column: Column, way: Way) -> Parsed:
    if not pd.api.types.is_numeric_dtype(cells.dtype):
        cells = as_text(cells).str.removesuffix("度").str.removesuffix("年")
    years, bad = _integer(cells, column, way)
    outside = (~years.between(*YEARS)).fillna(value=False).astype(bool)
    return years.mask(outside), bad | outside


def _date(cells: pd.Series, column: Column, way: Way) -> Parsed:
    if pd.api.types.is_datetime64_any_dtype(cells.dtype):
        return cells.dt.tz_localize(None).dt.as_unit("s"), _nobody(cells)
    text = as_text(cells)
    whole = text.str.len().ge(10).fillna(value=False).astype(bool)
    days = pd.to_datetime(text.where(whole), errors="coerce", format="ISO8601").dt.as_unit("s")
    odd = text.notna() & days.isna()
    bad = _nobody(cells)
    if odd.any():
        rest = _without_marks(text[odd], way).dropna()
        keeps = cells.dtype != "object" or keeps_zeros(text.dropna())
        keeps = keeps and (keeps_zeros(text.dropna()) or not _has_bare_tenth(rest))
        for row, cell in zip(rest.index.tolist(), rest.tolist(), strict=True):
            one = read_day(cell, is_text_column=keeps)
            bad.loc[row] = one is None or not _is_whole(one, column, way, row)
            if one is not None and not bad[row]:
                days.loc[row] = pd.Timestamp(one.day)
    return days, bad


def _has_bare_tenth(text: pd.Series) -> bool:
    return bool(text.str.fullmatch(r"\d{4}\.1").any())


def _is_whole(one: Day, column: Column, way: Way, row: object) -> bool:
    if one.is_serial:
        way.marks.note(row, "excel_serial", day=one.day.isoformat())
    if one.has_day or column.type is Type.MONTH:
        return True
    is_taken = way.month_is_its_first_day
    way.marks.note(row, "month_as_first_day" if is_taken else "month_only")
    return is_taken


def _month(cells: pd.Series, column: Column, way: Way) -> Parsed:
    days, bad = _date(cells, column, way)
    return days.dt.to_period("M"), bad


def _flag(cells: pd.Series, column: Column, way: Way) -> Parsed:
    del column, way
    text = as_text(cells)
    flags = text.map({**dict.fromkeys(YES, True), **dict.fromkeys(NO, False)}).astype("boolean")
    return flags, text.notna() & flags.isna()


def _choice(cells: pd.Series, column: Column, way: Way) -> Parsed:
    del way
    text = as_text(cells)
    known: dict[str, str] = {}
    for value, label in (column.choices or {}).items():
        known |= {value: value, label.zh: value, label.en: value}
    values = text.map(known).astype("str")
    return values, text.notna() & values.isna()


def _geometry(cells: pd.Series, column: Column, way: Way) -> Parsed:
    del column, way
    return cells, _nobody(cells)


_PARSERS: Mapping[Type, Callable[[pd.Series, Column, Way], Parsed]] = {
    Type.TEXT: _text,
    Type.CODE: _code,
    Type.NUMBER: _number,
    Type.INTEGER: _integer,
    Type.YEAR: _year,
    Type.DATE: _date,
    Type.MONTH: _month,
    Type.FLAG: _flag,
    Type.CHOICE: _choice,
    Type.GEOMETRY: _geometry,
}
