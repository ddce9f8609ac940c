"""Dates as offices write them; what is not certain is not read."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

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
