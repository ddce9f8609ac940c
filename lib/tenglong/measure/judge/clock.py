"""The plan's clock: how much of a window has passed (序时进度)."""

import calendar
from datetime import date, timedelta
from fractions import Fraction

from tenglong.measure.clause import Window


def months(window: Window) -> Fraction:
    """Count the months of a window, a broken month by its days.

    >>> months(Window(date(2021, 1, 1), date(2023, 12, 31)))
    Fraction(36, 1)
    """
    return months_between(_day_before(window), window.end)


def months_elapsed(window: Window, as_of: date) -> Fraction:
    """Count the months of a window that have passed at the end of `as_of`.

    >>> months_elapsed(Window(date(2021, 1, 1), date(2023, 12, 31)), date(2022, 6, 15))
    Fraction(35, 2)
    """
    before = _day_before(window)
    return months_between(before, max(before, min(as_of, window.end)))


def pace(window: Window, as_of: date) -> Fraction:
    """Give the share of a window that has passed at the end of `as_of`: τ, from 0 to 1.

    The running month counts by its days. Source: the plan runs "从2021年开始计算" to
    2023-12-31, so its window has 36 months.

    >>> window = Window(date(2021, 1, 1), date(2023, 12, 31))
    >>> [str(pace(window, day)) for day in (date(2020, 12, 31), date(2021, 12, 31),
    ...  date(2022, 6, 15), date(2022, 6, 30), date(2024, 5, 1))]
    ['0', '1/3', '35/72', '1/2', '1']
    """
    return months_elapsed(window, as_of) / months(window)


def years(window: Window) -> tuple[Window, ...]:
    """Split a window into its calendar years.

    >>> [part.start.year for part in years(Window(date(2021, 1, 1), date(2023, 12, 31)))]
    [2021, 2022, 2023]
    """
    return tuple(
        Window(max(window.start, date(year, 1, 1)), min(window.end, date(year, 12, 31)))
        for year in range(window.start.year, window.end.year + 1)
    )


def months_between(earlier: date, later: date) -> Fraction:
    """Count the months from the end of one day to the end of another.

    >>> months_between(date(2021, 12, 31), date(2022, 6, 30))
    Fraction(6, 1)
    """
    return _month_number(later) - _month_number(earlier)


def _month_number(day: date) -> Fraction:
    """Count months to the end of `day`; a whole number is the end of a month."""
    length = calendar.monthrange(day.year, day.month)[1]
    return 12 * day.year + day.month + Fraction(day.day, length)


def _day_before(window: Window) -> date:
    return window.start - timedelta(days=1)


def months_back(day: date, count: int) -> date:
    """Give the day so many months earlier; the last day of a month stays the last.

    >>> months_back(date(2022, 6, 30), 3), months_back(date(2022, 5, 31), 3)
    (datetime.date(2022, 3, 31), datetime.date(2022, 2, 28))
    """
    number = 12 * day.year + day.month - 1 - count
    year, month = divmod(number, 12)
    last = calendar.monthrange(year, month + 1)[1]
    is_last = day.day == calendar.monthrange(day.year, day.month)[1]
    return date(year, month + 1, last if is_last else min(day.day, last))
