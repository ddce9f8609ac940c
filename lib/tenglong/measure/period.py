"""Periods as publishers write them: a year, a quarter or a month."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from tenglong.errors import UsageError
from tenglong.measure.reading import Grain

_YEAR = r"(?P<year>\d{4})"
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_PATTERNS = {
    Grain.YEAR: re.compile(rf"{_YEAR}(?:年度?|年?全年)?"),
    Grain.QUARTER: re.compile(
        rf"{_YEAR}(?:-?[Qq](?=.$)|年第?(?=.季))(?P<part>[1-4一二三四])(?:季度?)?"
    ),
    Grain.MONTH: re.compile(rf"{_YEAR}(?:[-/.]|年(?=.+月)|(?=\d\d$))(?P<part>0?[1-9]|1[0-2])月?"),
}
_LENGTH = {Grain.YEAR: 12, Grain.QUARTER: 3, Grain.MONTH: 1}


@dataclass(frozen=True)
class Period:
    """A year, a quarter or a month; `part` is its number within the year."""

    year: int
    grain: Grain
    part: int = 1

    @property
    def months(self) -> range:
        """The months of the year that it holds, from 1 to 12."""
        length = _LENGTH[self.grain]
        return range((self.part - 1) * length + 1, self.part * length + 1)

    @property
    def start(self) -> date:
        """Its first day."""
        return date(self.year, self.months[0], 1)

    @property
    def end(self) -> date:
        """Its last day."""
        last = self.months[-1]
        following = date(self.year + last // 12, last % 12 + 1, 1)
        return following - timedelta(days=1)

    @property
    def before(self) -> "Period":
        """The one of the same length before it.

        >>> [period_of(text).before.name for text in ("2022", "2022Q1", "2022-03")]
        ['2021', '2021Q4', '2022-02']
        """
        return period_at(self.start - timedelta(days=1), self.grain)

    @property
    def name(self) -> str:
        """Its name as the tables ask for it.

        >>> [period_of(text).name for text in ("2021年", "2021年第三季度", "2021.9")]
        ['2021', '2021Q3', '2021-09']
        """
        suffix = {Grain.YEAR: "", Grain.QUARTER: f"Q{self.part}", Grain.MONTH: f"-{self.part:02d}"}
        return f"{self.year}{suffix[self.grain]}"


def period_of(text: str) -> Period:
    """Read a period.

    A span such as `2021年1-9月` is refused: it adds up what other periods hold, and a table
    that mixes both would count it twice.

    Raises
    ------
    ValueError
        If it is neither a year, a quarter nor a month.

    Examples
    --------
    >>> period_of("2021Q3").end, period_of("2021-09").grain.value, period_of("2021年9月").part
    (datetime.date(2021, 9, 30), 'month', 9)
    """
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    for grain, pattern in _PATTERNS.items():
        found = pattern.fullmatch(plain)
        if found is None:
            continue
        part = found.groupdict().get("part") or "1"
        number = _QUARTERS[part] if grain is Grain.QUARTER else int(part)
        return Period(int(found["year"]), grain, number)
    raise ValueError(f"{text!r} must be a period such as 2021, 2021Q3 or 2021-09")


def is_period(text: object) -> bool:
    """Whether a text is a period that can be read.

    >>> is_period("2021年第三季度"), is_period("2021年1-9月"), is_period(None)
    (True, False, False)
    """
    try:
        period_of(str(text))
    except ValueError:
        return False
    return True


def period_at(day: date, grain: Grain) -> Period:
    """Give the period of this length that a day lies in.

    >>> [period_at(date(2022, 6, 15), grain).name for grain in Grain]
    ['2022-06', '2022Q2', '2022']
    """
    return Period(day.year, grain, (day.month - 1) // _LENGTH[grain] + 1)


def last_over(day: date, grain: Grain) -> Period:
    """Give the last period of this length that is over at the end of a day.

    >>> [last_over(date(2022, 6, 30), grain).name for grain in Grain]
    ['2022-06', '2022Q2', '2021']
    """
    here = period_at(day, grain)
    return here if here.end == day else here.before


def compared_day(as_of: date, against: str) -> date:
    """Settle the day that a report is compared with.

    Parameters
    ----------
    against
        YYYY-MM-DD; for an empty text the last quarter's end before the day.

    Raises
    ------
    UsageError
        If it is no day, or not before `as_of`.

    >>> compared_day(date(2022, 6, 30), ""), compared_day(date(2022, 11, 30), "")
    (datetime.date(2022, 3, 31), datetime.date(2022, 9, 30))
    """
    if not against:
        return period_at(as_of, Grain.QUARTER).before.end
    try:
        day = date.fromisoformat(against)
    except ValueError as error:
        raise UsageError(f"against must be a day, YYYY-MM-DD, not {against!r}") from error
    if day >= as_of:
        raise UsageError(f"against must be a day before {as_of}, not {day}")
    return day


def quarter_ends(as_of: date, count: int) -> tuple[date, ...]:
    """Give the last ends of quarters before a day, oldest first.

    >>> [str(day) for day in quarter_ends(date(2022, 11, 30), 2)]
    ['2022-06-30', '2022-09-30']
    """
    ends = [period_at(as_of, Grain.QUARTER).before]
    while len(ends) < count:
        ends.insert(0, ends[0].before)
    return tuple(period.end for period in ends)
