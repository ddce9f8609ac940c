"""Cells become numbers: a whole column by one cast, and what a cast cannot read cell by cell."""

import re
from fractions import Fraction

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from tenglong.source.cell.strings import arrow, is_text
from tenglong.source.cell.units import factor, scaled, unit_label, unit_named
from tenglong.source.cell.way import EXACT_INTEGERS, Way, as_text, folded, nobody, without_marks
from tenglong.source.schema import Column

Parsed = tuple[pd.Series, pd.Series]
MOST = 1e18  # nothing of a county is as many, in any unit: sums of such figures end beyond floats
YEARS = (1000, 2200)
GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?")
LONGEST = 40  # characters; no figure is longer
NUMBER_AND_UNIT = re.compile(r"([+-]?[\d,.]+)(\D+)")


def numbers_of(cells: pd.Series, column: Column, way: Way) -> Parsed:
    """Read numbers, in the column's unit; also `1,234`, full-width digits and `12.5万元`.

    A figure of 10^18 and more is none.
    """
    values, bad = _read(cells, column, way, factor(way.unit, column.unit) or Fraction(1))
    beyond = values.abs() >= MOST
    return (values.mask(beyond), bad | beyond) if beyond.any() else (values, bad)


def _read(cells: pd.Series, column: Column, way: Way, by: Fraction) -> Parsed:
    if pd.api.types.is_numeric_dtype(cells.dtype):
        return scaled(cells.astype("float64"), by), nobody(cells)
    cast = _cast(cells)
    if cast is not None:
        return scaled(cast, by), nobody(cells)
    text = as_text(cells)
    numbers = pd.to_numeric(text, errors="coerce").astype("float64")
    odd = (text.notna() & (numbers.isna() | np.isinf(numbers))).to_numpy()
    values = scaled(numbers.mask(odd), by)
    read, bad = _odd(without_marks(text[odd], way), column, way, by)
    values.loc[odd] = read
    return values, _spread(bad, odd, cells)


def _cast(cells: pd.Series) -> pd.Series | None:
    """Give a text column as numbers where every cell plainly is one."""
    if not is_text(cells):
        return None
    text = arrow(cells)
    try:
        numbers = pc.cast(text, pa.float64()).to_numpy()
    except pa.ArrowInvalid:
        return None
    # `nan` and `inf` can be cast, too, and are no figures.
    are_all = int(np.isfinite(numbers).sum()) == len(text) - text.null_count
    return pd.Series(numbers, index=cells.index) if are_all else None


def _odd(text: pd.Series, column: Column, way: Way, by: Fraction) -> tuple[np.ndarray, np.ndarray]:
    """Read the cells that are no plain numbers; each text once."""
    known: dict[str, float | None] = {}
    values, bad = np.full(len(text), np.nan), np.zeros(len(text), dtype=bool)
    for place, (row, cell) in enumerate(zip(text.index, text, strict=True)):
        if isinstance(cell, str):
            if cell not in known:
                known[cell] = _odd_number(cell, column, by)
            value = known[cell]
            bad[place] = value is None
            if value is not None:
                values[place] = value
                if NUMBER_AND_UNIT.fullmatch(folded(cell)):
                    way.marks.note(row, "unit_in_cell", wanted=unit_label(column.unit))
    return values, bad


def _spread(bad: np.ndarray, odd: np.ndarray, cells: pd.Series) -> pd.Series:
    whole = odd.copy()
    whole[odd] = bad
    return pd.Series(whole, index=cells.index)


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
    exact = Fraction(text.replace(",", "")) * by if len(text) <= LONGEST else Fraction(MOST)
    return float(exact) if abs(exact) < MOST else None


def integers_of(cells: pd.Series, column: Column, way: Way) -> Parsed:
    """Read whole numbers below 2^53."""
    numbers, bad = numbers_of(cells, column, way)
    broken = numbers.notna() & ((numbers != np.floor(numbers)) | (numbers.abs() >= EXACT_INTEGERS))
    return numbers.mask(bad | broken).astype("Int64"), bad | broken


def years_of(cells: pd.Series, column: Column, way: Way) -> Parsed:
    """Read years, also `2021年` and `2021年度`."""
    if not pd.api.types.is_numeric_dtype(cells.dtype):
        cells = as_text(cells).str.removesuffix("度").str.removesuffix("年")
    years, bad = integers_of(cells, column, way)
    outside = (~years.between(*YEARS)).fillna(value=False).astype(bool)
    return years.mask(outside), bad | outside
