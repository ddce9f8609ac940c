"""A period as it is read: 2022年第二季度, 2022年6月, 2022年."""

from tenglong.measure.reading import Grain
from tenglong.measure.title.period import Period
from tenglong.show.page import MONTHS
from tenglong.show.words import word

QUARTERS = "一二三四"


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
