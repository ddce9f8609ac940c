"""How the cells of a column are to be read, and what was noticed in them."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from tenglong.source.cell.day_rule import DayRule
from tenglong.source.cell.strings import is_text, shortest, trimmed

NOTHING = ("-", "--", "—", "——", "－", "–", "/", "／", "\\", "无", "暂无", "N/A", "n/a", "…", "……")
LONGEST_NOTHING = max(len(mark.encode()) for mark in NOTHING)
EPOCH = date(1899, 12, 30)  # day 0 of Excel; a workbook of 1904 begins with the first of that year
EXACT_INTEGERS = 2**53
EXCEL_INTEGERS = 10**15  # Excel keeps fifteen digits and writes zeros for the others


@dataclass(frozen=True)
class Marks:
    """What was noticed in the cells of a column, by row."""

    codes: dict[int, str] = field(default_factory=dict)
    said: dict[int, dict[str, Any]] = field(default_factory=dict)

    def note(self, row: object, code: str, **said: Any) -> None:
        """Remember a problem's code for a row, and what it says."""
        self.codes[int(str(row))] = code
        self.said[int(str(row))] = said


@dataclass(frozen=True)
class Way:
    """How the cells of a column are to be read: the unit they are in, what a bare month means.

    `is_typed`: people typed the cells, so that `-` is no code. `epoch`: the day 0 of their
    workbook. `days`: what dates can mean; None judges none.
    """

    unit: str = ""
    month_is_its_first_day: bool = False
    is_typed: bool = False
    epoch: date = EPOCH
    days: DayRule | None = None
    marks: Marks = field(default_factory=Marks)


def as_text(cells: pd.Series) -> pd.Series:
    """Give cells as trimmed text; whole numbers lose the `.0` that a spreadsheet adds.

    >>> as_text(pd.Series([330328100.0, " 大峃镇 ", "", None], dtype="object")).tolist()
    ['330328100', '大峃镇', nan, nan]
    """
    if is_text(cells):
        return trimmed(cells)
    if pd.api.types.is_bool_dtype(cells.dtype):
        cells = cells.astype("object")
    elif pd.api.types.is_numeric_dtype(cells.dtype):
        cells = cells.astype("object").where(cells.notna())
    text = cells.map(_plain, na_action="ignore") if cells.dtype == "object" else cells
    return trimmed(text.astype("str"))


def _plain(cell: object) -> object:
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < EXACT_INTEGERS:
        return str(int(cell))
    return str(cell)


def folded(text: str) -> str:
    """Give full-width digits, letters and signs as plain ones, without blanks.

    >>> folded("１，２３４．５ 万元")
    '1,234.5万元'
    """
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).replace("−", "-")


def without_marks(text: pd.Series, way: Way) -> pd.Series:
    """Take `-`, `/`, `无` … for the missing values that they stand for, and note them."""
    if shortest(text) > LONGEST_NOTHING:
        return text
    nothing = text.isin(NOTHING)
    if not nothing.any():
        return text
    for row in text.index[nothing]:
        way.marks.note(row, "no_value")
    return text.mask(nothing)


def nobody(cells: pd.Series) -> pd.Series:
    """Give a mask that holds for no cell."""
    return pd.Series(data=False, index=cells.index)
