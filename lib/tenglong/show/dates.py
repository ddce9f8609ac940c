"""Days and periods as they are read: 2022年6月30日, 2022年第二季度, 2022年6月, 2022年."""

from datetime import date

from tenglong.measure.period import Period
from tenglong.measure.reading import Grain
from tenglong.show.words import word

QUARTERS = "一二三四"
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def day(when: date, language: str) -> str:
    """Write a day as it is read.

    >>> day(date(2022, 6, 30), "zh"), day(date(2022, 6, 30), "en")
    ('2022年6月30日', '30 June 2022')
    """
    if language == "zh":
        return f"{when.year}年{when.month}月{when.day}日"
    # Not strftime: its month names follow the machine's locale.
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"


def month(year: int, number: int, language: str) -> str:
    """Write a month as it is read.

    >>> month(2022, 6, "zh"), month(2022, 6, "en")
    ('2022年6月', 'June 2022')
    """
    return period_text(Period(year, Grain.MONTH, number), language)


def period_text(period: Period, language: str) -> str:
    """Name a period.

    >>> period_text(Period(2022, Grain.QUARTER, 2), "zh")
    '2022年第二季度'
    >>> period_text(Period(2022, Grain.MONTH, 6), "en")
    'June 2022'
    """
    part = str(period.part)
    if language == "zh" and period.grain is Grain.QUARTER:
        part = QUARTERS[period.part - 1]
    if language == "en" and period.grain is Grain.MONTH:
        part = MONTHS[period.part - 1]
    return word(f"period.{period.grain}", language, year=period.year, part=part)
