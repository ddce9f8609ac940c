"""Cells become values: one small parser a type, each telling which cells it could not read."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from tenglong.source.cell.code import plain_codes
from tenglong.source.cell.moment import dates_of, months_of, plain_dates
from tenglong.source.cell.quantity import Parsed, integers_of, numbers_of, years_of
from tenglong.source.cell.strings import holds, is_text
from tenglong.source.cell.way import (
    EXACT_INTEGERS,
    EXCEL_INTEGERS,
    Marks,
    Way,
    as_text,
    nobody,
    without_marks,
)
from tenglong.source.schema import Column, Type

YES = ("是", "有", "Y", "y", "yes", "true", "True", "TRUE", "1", "1.0", "√", "✓")
NO = ("否", "无", "N", "n", "no", "false", "False", "FALSE", "0", "0.0", "×")
SCIENTIFIC = re.compile(r"\d(\.\d+)?[eE]\+?\d+")

Parser = Callable[[pd.Series, Column, Way], Parsed]


def parse(cells: pd.Series, column: Column, way: Way | None = None) -> Parsed:
    """Read the cells of one column.

    Returns
    -------
    values, bad
        The values with the type's dtype (missing where empty or unreadable), and a mask of
        the cells that hold something that is not of the type, range or list of choices.
    """
    way = way or Way(column.unit)
    values, bad = _PARSERS[column.type](cells, column, way)
    if way.days is not None:
        span = {"first": way.days.earliest, "last": way.days.latest[column.horizon]}
        for row, code in way.days.judge(values, column).items():
            way.marks.note(row, code, **{end: day.isoformat() for end, day in span.items()})
            bad[row] = True
    if column.minimum is not None:
        bad |= (values < column.minimum).fillna(value=False).astype(bool)
    if column.maximum is not None:
        bad |= (values > column.maximum).fillna(value=False).astype(bool)
    return (values.mask(bad) if bad.any() else values), bad


def _each_once(parser: Parser) -> Parser:
    """Let a parser read every text of a column once, however many cells hold it."""

    def parse_distinct(cells: pd.Series, column: Column, way: Way) -> Parsed:
        if not is_text(cells):
            return parser(cells, column, way)
        places, texts = cells.factorize()
        marks = Marks()
        own = replace(way, marks=marks)
        distinct = pd.Series(texts, index=pd.RangeIndex(len(texts)), dtype="str")
        values, bad = parser(distinct, column, own)
        noted = np.isin(places, list(marks.codes))
        for row, place in zip(cells.index[noted], places[noted], strict=True):
            way.marks.note(row, marks.codes[int(place)], **marks.said[int(place)])
        taken = values.array.take(places, allow_fill=True)
        wrong = np.append(bad.to_numpy(dtype=bool), False)[places]  # -1, missing: the last
        return pd.Series(taken, index=cells.index), pd.Series(wrong, index=cells.index)

    return parse_distinct


def _dates(cells: pd.Series, column: Column, way: Way) -> Parsed:
    days = plain_dates(cells, way)
    return _each_once(dates_of)(cells, column, way) if days is None else (days, nobody(cells))


def _text(cells: pd.Series, column: Column, way: Way) -> Parsed:
    del column, way
    return as_text(cells), nobody(cells)


def _code(cells: pd.Series, column: Column, way: Way) -> Parsed:
    text = plain_codes(cells, column, way)
    lost = _lost(cells, text)
    for row in cells.index[lost]:
        way.marks.note(row, "number_code")
    return (without_marks(text, way) if way.is_typed else text), lost


def _lost(cells: pd.Series, text: pd.Series) -> pd.Series:
    """Tell which codes were numbers that are too long to be exact."""
    if is_text(cells):
        # The sign is rare enough to look for first.
        if not holds(cells, b"+"):
            return nobody(cells)
        lost = text.str.contains("E+", regex=False).fillna(value=False).astype(bool)
        return lost & text.str.fullmatch(SCIENTIFIC.pattern).fillna(value=False).astype(bool)
    if pd.api.types.is_bool_dtype(cells.dtype):
        return nobody(cells)
    if pd.api.types.is_numeric_dtype(cells.dtype):
        most = EXCEL_INTEGERS if pd.api.types.is_float_dtype(cells.dtype) else EXACT_INTEGERS
        return (cells.abs() >= most).fillna(value=False).astype(bool)
    return cells.map(_is_too_long).astype(bool)


def _is_too_long(cell: object) -> bool:
    if isinstance(cell, str):
        return bool(SCIENTIFIC.fullmatch(cell.strip()))
    is_number = isinstance(cell, int | float) and not isinstance(cell, bool)
    most = EXCEL_INTEGERS if isinstance(cell, float) else EXACT_INTEGERS
    return is_number and bool(abs(cell) >= most)  # type: ignore[arg-type]


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
    return cells, nobody(cells)


_PARSERS: Mapping[Type, Parser] = {
    Type.TEXT: _text,
    Type.CODE: _code,
    Type.NUMBER: numbers_of,
    Type.INTEGER: integers_of,
    Type.YEAR: _each_once(years_of),
    Type.DATE: _dates,
    Type.MONTH: _each_once(months_of),
    Type.FLAG: _each_once(_flag),
    Type.CHOICE: _each_once(_choice),
    Type.GEOMETRY: _geometry,
}
