"""The day that a command is asked for, as it is typed."""

import re
from datetime import date, datetime, timedelta, timezone

from tenglong.errors import UsageError

TODAY = "today"
# All of China keeps one time, and has no summer time.
CHINA = timezone(timedelta(hours=8))
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def day_of(text: str) -> date:
    """Read a day as it is typed: YYYY-MM-DD, or `today` by this machine's calendar.

    Raises
    ------
    UsageError
        If it is neither.

    >>> day_of("2022-06-30"), day_of("today") == date.today()
    (datetime.date(2022, 6, 30), True)
    """
    if text == TODAY:
        return date.today()  # noqa: DTZ011 - the day of whoever asks
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or not ISO_DAY.fullmatch(text):
        raise UsageError(f"--as-of must be a day, YYYY-MM-DD, or today, not {text!r}")
    return day


def now() -> datetime:
    """Give this moment by the time of China, whatever the machine's own."""
    return datetime.now(CHINA)
