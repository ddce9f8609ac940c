"""The period that a report is asked for: a month, a quarter or a year, and its last day."""

import re
from dataclasses import dataclass
from datetime import date

from tenglong.errors import UsageError
from tenglong.measure.published.period import Period, last_over, period_of
from tenglong.measure.reading import Grain

ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Span:
    """The day that a report is of, and the period that ends on it where one was asked for."""

    as_of: date
    period: Period | None = None

    @property
    def name(self) -> str:
        """What the report's folder is called: the period, or else the day."""
        return self.period.name if self.period else self.as_of.isoformat()

    @property
    def texts(self) -> dict[str, str]:
        """What notebooks that tell of a period are run with."""
        if self.period is None:
            return {}
        return {"cadence": self.period.grain.value, "period": self.period.name}


def span(
    *,
    default: date,
    as_of: str | None = None,
    cadence: str | None = None,
    period: str | None = None,
) -> Span:
    """Settle which day, and which period, is asked for.

    A period's day is its last; a cadence alone is its last period that is over on the day.

    Parameters
    ----------
    default
        The bundle's own day.
    as_of, cadence, period
        As typed: YYYY-MM-DD; month, quarter or year; 2022-06, 2022Q2 or 2022.

    Raises
    ------
    UsageError
        If one is malformed, or they do not agree.

    Examples
    --------
    >>> span(default=date(2022, 6, 30), period="2021Q4").as_of
    datetime.date(2021, 12, 31)
    """
    day = None if as_of is None else day_of(as_of)
    if period is not None:
        return _of_period(_period(period), day, cadence)
    if cadence is None:
        return Span(day or default)
    found = last_over(day or default, Grain(cadence))
    if day is not None and found.end != day:
        raise UsageError(
            f"--as-of must be the last day of a {cadence}, such as {found.end}, not {day},"
            f" where --cadence is {cadence}"
        )
    return Span(found.end, found)


def day_of(text: str) -> date:
    """Read a day as it is typed.

    Raises
    ------
    UsageError
        If it is not YYYY-MM-DD.
    """
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or not ISO_DAY.fullmatch(text):
        raise UsageError(f"--as-of must be a day, YYYY-MM-DD, not {text!r}")
    return day


def _period(text: str) -> Period:
    try:
        found = period_of(text)
        is_written_so = found.name == text and found.start < found.end
    except ValueError:
        is_written_so = False
    if not is_written_so:
        raise UsageError(
            "--period must be a month, a quarter or a year, written 2022-06, 2022Q2 or 2022,"
            f" not {text!r}"
        )
    return found


def _of_period(period: Period, day: date | None, cadence: str | None) -> Span:
    grain = period.grain.value
    if cadence is not None and cadence != grain:
        raise UsageError(f"--cadence must be {grain}, as --period {period.name} is, not {cadence}")
    if day is not None and day != period.end:
        raise UsageError(
            f"--as-of must be {period.end}, where --period {period.name} ends, not {day}"
        )
    return Span(period.end, period)
