"""What is said of a publication: which one it is, and of which day."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tenglong.run.day import CHINA
from tenglong.show.dates import day
from tenglong.show.words import word


def number_text(number: int, language: str) -> str:
    """Name the first publication, or a revision; empty for what was not published (-1).

    >>> number_text(0, "zh"), number_text(2, "zh"), number_text(-1, "zh")
    ('首次发布', '第2次修订', '')
    """
    if number < 0:
        return ""
    return word("publication.revision" if number else "publication.first", language, number=number)


def published_text(about: Mapping[str, Any], language: str) -> str:
    """Say on which day a report was published; empty where it was not."""
    told = about.get("publication")
    moment = told and day_text(told["published_at"], language)
    return word("publication.day", language, day=moment) if moment else ""


def day_text(moment: str, language: str) -> str:
    """Write the day of a moment by the time of China.

    >>> day_text("2022-07-31T18:00:00+00:00", "zh")
    '2022年8月1日'
    """
    return day(datetime.fromisoformat(moment).astimezone(CHINA).date(), language)
