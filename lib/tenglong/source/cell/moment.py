"""Cells become dates and months, a whole column at a time where its cells are of one kind.

A fact of a day is a fact of that day: an hour is dropped, once a moment that tells its zone has
been brought into the county's.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from tenglong.source.cell.quantity import Parsed
from tenglong.source.cell.strings import arrow, is_text, longest, matching
from tenglong.source.cell.way import EPOCH, Way, as_text, nobody, without_marks
from tenglong.source.schema import Column, Type

HALF = r"(?:上午|下午|凌晨|早上|中午|晚上)?"
MINUTES = r"[:时点][0-5]?\d(?:[:分][0-5]?\d(?:[.,]\d+)?秒?|分)?|[时点]"
TIME = rf"(?:[ T]?{HALF} ?(?:[01]?\d|2[0-4])(?:{MINUTES})(?: ?[AaPp][Mm])?)"
MIDNIGHT = re.compile(
    r"[ T]?(?:0?0|24)(?:[:时分点秒]0{1,2}){0,2}(?:[.,]0+)?[时分点秒]?|[ T]?0{4,6}"
)
SEPARATED = re.compile(rf"(\d{{4}})[-./](\d{{1,2}})(?:[-./](\d{{1,2}})({TIME})?)?")
CHINESE = re.compile(rf"(\d{{4}}|\d{{2}})年(\d{{1,2}})月(?:(\d{{1,2}})[日号]?({TIME})?)?")
RUN = re.compile(rf"(\d{{4}})(\d{{2}})(?:(\d{{2}})({TIME}|[ T]?\d{{4}}(?:\d{{2}})?)?)?")
SERIAL = re.compile(r"(\d{5})(\.\d+)?")
SERIALS = (20_000, 60_000)  # 1954 to 2064
CENTURY = 50  # 21年 is 2021, 98年 is 1998
# Plain for pandas; and a moment that tells its zone (RE2).
ISO = r"^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)?$"
ZONED = r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)? ?(?:Z|[+-]\d{2}(?::?\d{2})?)$"
SHORTEST_ZONED = len("2021-03-05T16:00Z")
ZERO = re.compile(r"0(?:\.0+)?|0{1,2}:00:00")  # what a workbook holds where a day was never entered


@dataclass(frozen=True)
class Day:
    """A date that was read; the first of the month where only that is known."""

    day: date
    has_day: bool = True
    is_serial: bool = False
    has_time: bool = False


def read_day(cell: object, *, is_text_column: bool = True, epoch: date = EPOCH) -> Day | None:
    """Read one date, or give None for what is none or leaves a doubt.

    Parameters
    ----------
    is_text_column
        False where `2021.1` may be a number that lost its last zero (October).
    epoch
        Day 0 of the workbook that it stands in.

    >>> read_day("2021年3月5日").day, read_day("21年3月").has_day, read_day("2021.1").day.month
    (datetime.date(2021, 3, 5), False, 1)
    >>> read_day("2021.1", is_text_column=False) is None, read_day("3/5/21") is None
    (True, True)
    >>> read_day("2021/6/30 14:42:00").day, read_day("2021年6月30日下午2时").has_time
    (datetime.date(2021, 6, 30), True)
    """
    text = _plain(cell)
    serial = SERIAL.fullmatch(text)
    if serial and SERIALS[0] <= int(serial[1]) <= SERIALS[1]:
        has_time = float(serial[2] or 0) > 0
        return Day(epoch + timedelta(days=int(serial[1])), is_serial=True, has_time=has_time)
    if not is_text_column and re.fullmatch(r"\d{4}\.1", text):
        return None
    match = _match(text)
    return _day(*match.groups()) if match else None


def _plain(cell: object) -> str:
    text = unicodedata.normalize("NFKC", str(cell)).strip()
    return re.sub(r"\s+", " ", re.sub(r"\s*([年月日号./-])\s*", r"\1", text))


def _match(text: str) -> re.Match[str] | None:
    return SEPARATED.fullmatch(text) or CHINESE.fullmatch(text) or RUN.fullmatch(text)


def _day(year: str, month: str, day: str | None, time: str | None) -> Day | None:
    has_time = bool(time) and not MIDNIGHT.fullmatch(time or "")
    try:
        whole = date(_whole(year), int(month), int(day or 1))
    except ValueError:
        return None
    return Day(whole, has_day=day is not None, has_time=has_time)


def _whole(year: str) -> int:
    whole = int(year)
    if len(year) == len("21"):
        whole += 2000 if whole < CENTURY else 1900
    return whole


def stands_for_none(cell: str, way: Way) -> bool:
    """Tell whether a cell that is no day is what people or systems write for none.

    >>> from tenglong.source.cell.day_rule import day_rule_of
    >>> rule = day_rule_of(load_policy(), as_of=date(2022, 6, 30))
    >>> [stands_for_none(cell, Way(days=rule)) for cell in ("1900-01-00", "长期", "约2021年")]
    [True, True, False]
    """
    if way.days is None:
        return False
    text = _plain(cell)
    if text.lower() in way.days.none_words or ZERO.fullmatch(text):
        return True
    match = _match(text)
    if match is None:
        return False
    year, month, day = (int(part or 1) for part in match.groups()[:3])
    return way.days.is_none(year, month, day)


def keeps_zeros(cells: Iterable[object]) -> bool:
    """Tell whether a column holds `2021.10`, so that its `2021.1` is January for certain.

    >>> keeps_zeros(["2021.9", "2021.10"]), keeps_zeros(["2021.9", "2021.1"])
    (True, False)
    """
    return any(re.fullmatch(r"\d{4}\.10", str(cell).strip()) for cell in cells)


def dates_of(cells: pd.Series, column: Column, way: Way) -> Parsed:
    """Read dates; a month without a day only where the policy says what it means."""
    cast = plain_dates(cells, way)
    if cast is not None:
        return cast, nobody(cells)
    text = as_text(cells)
    is_iso = pd.Series(matching(text, ISO), index=text.index)
    days = pd.to_datetime(text.where(is_iso), errors="coerce", format="ISO8601").dt.as_unit("s")
    if longest(text) >= SHORTEST_ZONED:
        is_zoned = matching(text, ZONED)
        moments = pd.to_datetime(text[is_zoned], errors="coerce", format="ISO8601", utc=True)
        days.loc[is_zoned] = _here(moments, way)
    days = _whole_days(days, way)
    odd = (text.notna() & days.isna()).to_numpy()
    bad = nobody(cells)
    if odd.any():
        rest = without_marks(text[odd], way)
        read, wrong = _odd(rest, column, way, keeps=keeps_zeros(text.dropna()))
        days.loc[odd] = read
        bad.loc[odd] = wrong
    return days, bad


def plain_dates(cells: pd.Series, way: Way) -> pd.Series | None:
    """Give a column at once that holds nothing but ISO dates, or dates of Excel or a layer."""
    if pd.api.types.is_datetime64_any_dtype(cells.dtype):
        return _whole_days(_here(cells, way), way)
    try:
        if is_text(cells):
            days = pc.cast(arrow(cells), pa.date32())
        elif _are_days(cells):
            days = pa.chunked_array([pa.array(cells, from_pandas=True)])
        else:
            return None
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
        return None
    if pa.types.is_timestamp(days.type) and days.type.tz is not None:
        return _whole_days(_here(days.to_pandas().set_axis(cells.index), way), way)
    if not (pa.types.is_date(days.type) or pa.types.is_timestamp(days.type)):
        return None
    seconds = pc.cast(days, pa.timestamp("s"), safe=False)
    return _whole_days(pd.Series(seconds.to_numpy(), index=cells.index), way)


def _are_days(cells: pd.Series) -> bool:
    """Tell whether cells are all days, or all moments: Arrow would count numbers from 1970."""
    kind = pd.api.types.infer_dtype(cells, skipna=True)
    if kind == "date" and cells.dtype == "object":
        return not any(isinstance(cell, datetime) for cell in cells)
    return kind in {"date", "datetime"}


def _here(moments: pd.Series, way: Way) -> pd.Series:
    """Bring moments that tell their zone into the county's, and take the zone away."""
    if moments.dt.tz is not None:
        zone = way.days.time_zone if way.days else moments.dt.tz
        for row in moments.index[moments.notna()]:
            way.marks.note(row, "zoned_moment", zone=str(zone))
        moments = moments.dt.tz_convert(zone).dt.tz_localize(None)
    here: pd.Series = moments.dt.as_unit("s")
    return here


def _whole_days(moments: pd.Series, way: Way) -> pd.Series:
    """Drop the hours, and note where there were any."""
    days: pd.Series = moments.dt.normalize()
    for row in moments.index[(moments != days) & moments.notna()]:
        if int(str(row)) not in way.marks.codes:
            way.marks.note(row, "time_of_day")
    return days


def _odd(
    text: pd.Series, column: Column, way: Way, *, keeps: bool
) -> tuple[np.ndarray, np.ndarray]:
    values = np.full(len(text), np.datetime64("NaT"), dtype="datetime64[s]")
    bad = np.zeros(len(text), dtype=bool)
    for place, (row, cell) in enumerate(zip(text.index, text, strict=True)):
        if isinstance(cell, str):
            one = read_day(cell, is_text_column=keeps, epoch=way.epoch)
            if one is None and stands_for_none(cell, way):
                way.marks.note(row, "no_date")
            if one is None or not _is_whole(one, column, way, row):
                bad[place] = True
            else:
                values[place] = np.datetime64(one.day, "s")
    return values, bad


def _is_whole(day: Day, column: Column, way: Way, row: object) -> bool:
    if day.is_serial:
        way.marks.note(row, "excel_serial", day=day.day.isoformat())
    elif day.has_time:
        way.marks.note(row, "time_of_day")
    if day.has_day or column.type is Type.MONTH:
        return True
    is_taken = way.month_is_its_first_day
    way.marks.note(row, "month_as_first_day" if is_taken else "month_only")
    return is_taken


def months_of(cells: pd.Series, column: Column, way: Way) -> Parsed:
    """Read months, and dates as the months that they lie in."""
    days, bad = dates_of(cells, column, way)
    return days.dt.to_period("M"), bad
