"""Cells become dates and months, a whole column at a time where its cells are of one kind."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from tenglong.source.cell.quantity import Parsed
from tenglong.source.cell.strings import arrow, is_text
from tenglong.source.cell.way import Way, as_text, nobody, without_marks
from tenglong.source.schema import Column, Type

WHOLE = len("2021-03-05")

MIDNIGHT = r"(?:[ T]0{1,2}:00(?::00(?:\.0+)?)?)?"
SEPARATED = re.compile(r"(\d{4})[-./](\d{1,2})(?:[-./](\d{1,2}))?" + MIDNIGHT)
CHINESE = re.compile(r"(\d{4}|\d{2})年(\d{1,2})月(?:(\d{1,2})[日号]?)?")
RUN = re.compile(r"(\d{4})(\d{2})(\d{2})?")
SERIAL = re.compile(r"(\d{5})(?:\.0)?")
SERIALS = (20_000, 60_000)  # 1954 to 2064
EPOCH = date(1899, 12, 30)
CENTURY = 50  # 21年 is 2021, 98年 is 1998


@dataclass(frozen=True)
class Day:
    """A date that was read; the first of the month where only that is known."""

    day: date
    has_day: bool = True
    is_serial: bool = False


def read_day(cell: object, *, is_text_column: bool = True) -> Day | None:
    """Read one date, or give None for what is none or leaves a doubt.

    Parameters
    ----------
    is_text_column
        False where `2021.1` may be a number that lost its last zero (October).

    >>> read_day("2021年3月5日").day, read_day("21年3月").has_day, read_day("2021.1").day.month
    (datetime.date(2021, 3, 5), False, 1)
    >>> read_day("2021.1", is_text_column=False) is None, read_day("3/5/21") is None
    (True, True)
    """
    text = re.sub(r"\s*([年月日./-])\s*", r"\1", unicodedata.normalize("NFKC", str(cell)).strip())
    serial = SERIAL.fullmatch(text)
    if serial and SERIALS[0] <= int(serial[1]) <= SERIALS[1]:
        return Day(EPOCH + timedelta(days=int(serial[1])), is_serial=True)
    if not is_text_column and re.fullmatch(r"\d{4}\.1", text):
        return None
    match = SEPARATED.fullmatch(text) or CHINESE.fullmatch(text) or RUN.fullmatch(text)
    return _day(*match.groups()) if match else None


def _day(year: str, month: str, day: str | None) -> Day | None:
    whole = int(year)
    if len(year) == len("21"):
        whole += 2000 if whole < CENTURY else 1900
    try:
        return Day(date(whole, int(month), int(day or 1)), has_day=day is not None)
    except ValueError:
        return None


def keeps_zeros(cells: Iterable[object]) -> bool:
    """Tell whether a column holds `2021.10`, so that its `2021.1` is January for certain.

    >>> keeps_zeros(["2021.9", "2021.10"]), keeps_zeros(["2021.9", "2021.1"])
    (True, False)
    """
    return any(re.fullmatch(r"\d{4}\.10", str(cell).strip()) for cell in cells)


def dates_of(cells: pd.Series, column: Column, way: Way) -> Parsed:
    """Read dates; a month without a day only where the policy says what it means."""
    if pd.api.types.is_datetime64_any_dtype(cells.dtype):
        return cells.dt.tz_localize(None).dt.as_unit("s"), nobody(cells)
    cast = plain_dates(cells)
    if cast is not None:
        return cast, nobody(cells)
    text = as_text(cells)
    whole = text.str.len().ge(WHOLE).fillna(value=False).astype(bool)
    days = pd.to_datetime(text.where(whole), errors="coerce", format="ISO8601").dt.as_unit("s")
    odd = (text.notna() & days.isna()).to_numpy()
    bad = nobody(cells)
    if odd.any():
        rest = without_marks(text[odd], way)
        read, wrong = _odd(rest, column, way, keeps=keeps_zeros(text.dropna()))
        days.loc[odd] = read
        bad.loc[odd] = wrong
    return days, bad


def plain_dates(cells: pd.Series) -> pd.Series | None:
    """Give a column at once that holds nothing but ISO dates, as text or as dates of Excel."""
    try:
        if is_text(cells):
            days = pc.cast(arrow(cells), pa.date32())
        else:
            days = pa.chunked_array([pa.array(cells, from_pandas=True)])
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return None
    if not (pa.types.is_date(days.type) or pa.types.is_timestamp(days.type)):
        return None
    seconds = pc.cast(days, pa.timestamp("s"), safe=False)
    return pd.Series(seconds.to_numpy(), index=cells.index)


def _odd(
    text: pd.Series, column: Column, way: Way, *, keeps: bool
) -> tuple[np.ndarray, np.ndarray]:
    values = np.full(len(text), np.datetime64("NaT"), dtype="datetime64[s]")
    bad = np.zeros(len(text), dtype=bool)
    for place, (row, cell) in enumerate(zip(text.index, text, strict=True)):
        if isinstance(cell, str):
            one = read_day(cell, is_text_column=keeps)
            if one is None or not _is_whole(one, column, way, row):
                bad[place] = True
            else:
                values[place] = np.datetime64(one.day, "s")
    return values, bad


def _is_whole(day: Day, column: Column, way: Way, row: object) -> bool:
    if day.is_serial:
        way.marks.note(row, "excel_serial", day=day.day.isoformat())
    if day.has_day or column.type is Type.MONTH:
        return True
    is_taken = way.month_is_its_first_day
    way.marks.note(row, "month_as_first_day" if is_taken else "month_only")
    return is_taken


def months_of(cells: pd.Series, column: Column, way: Way) -> Parsed:
    """Read months, and dates as the months that they lie in."""
    days, bad = dates_of(cells, column, way)
    return days.dt.to_period("M"), bad
