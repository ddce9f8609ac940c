"""Days and months: the small arithmetic of dates that every table needs."""

from datetime import date, timedelta

import numpy as np

YEARS = (2020, 2021, 2022, 2023)
FIRST_DAY, LAST_DAY = date(2020, 1, 1), date(2023, 12, 31)
MONTHS_A_YEAR = 12


def year_end(year: int) -> date:
    """Give the last day of a year."""
    return date(year, 12, 31)


def shift(day: date, months: int) -> date:
    """Move a day by whole months; no month is asked for its 29th.

    >>> shift(date(2021, 11, 30), 3)
    datetime.date(2022, 2, 28)
    """
    count = day.year * MONTHS_A_YEAR + day.month - 1 + months
    return date(count // MONTHS_A_YEAR, count % MONTHS_A_YEAR + 1, min(day.day, 28))


def day_in(rng: np.random.Generator, year: int, month: int) -> date:
    """Draw a day of a month, away from its ends."""
    return date(year, month, int(rng.integers(3, 27)))


def day_of(rng: np.random.Generator, text: str) -> date | None:
    """Read `2021-08` as a drawn day of that month, `2021-08-15` as itself, `` as none."""
    match [int(part) for part in text.split("-") if part]:
        case [year, month, day]:
            return date(year, month, day)
        case [year, month]:
            return day_in(rng, year, month)
        case _:
            return None


def day_between(rng: np.random.Generator, first: date, last: date) -> date:
    """Draw a day from `first` to `last`, both included."""
    return first + timedelta(days=int(rng.integers(0, (last - first).days + 1)))


def months_between(first: date, last: date) -> list[date]:
    """Give the first days of the months from `first` to `last`.

    >>> len(months_between(date(2020, 11, 20), date(2021, 2, 1)))
    4
    """
    start = first.replace(day=1)
    count = (last.year - first.year) * MONTHS_A_YEAR + last.month - first.month + 1
    return [shift(start, step) for step in range(count)]
