"""Cells become dates and months, a whole column at a time where its cells are of one kind."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from tenglong.source.dates import Day, keeps_zeros, read_day
from tenglong.source.quantity import Parsed
from tenglong.source.schema import Column, Type
from tenglong.source.strings import arrow, is_text
from tenglong.source.way import Way, as_text, nobody, without_marks

WHOLE = len("2021-03-05")


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


def _is_whole(one: Day, column: Column, way: Way, row: object) -> bool:
    if one.is_serial:
        way.marks.note(row, "excel_serial", day=one.day.isoformat())
    if one.has_day or column.type is Type.MONTH:
        return True
    is_taken = way.month_is_its_first_day
    way.marks.note(row, "month_as_first_day" if is_taken else "month_only")
    return is_taken


def months_of(cells: pd.Series, column: Column, way: Way) -> Parsed:
    """Read months, and dates as the months that they lie in."""
    days, bad = dates_of(cells, column, way)
    return days.dt.to_period("M"), bad
