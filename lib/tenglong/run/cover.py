"""The cover of a report: its index page, made from its manifest and its neighbours' names."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from tenglong.measure.period import period_of
from tenglong.run.imprint import number_text, published_text
from tenglong.run.quarantine import FOLDER as QUARANTINE
from tenglong.run.render import document
from tenglong.run.revision import revision
from tenglong.show.dates import day, period_text
from tenglong.show.frame import draw
from tenglong.show.office.typeface import STAND_INS
from tenglong.show.words import word

About = Mapping[str, Any]


@dataclass(frozen=True)
class Neighbour:
    """The report before or after one in its series: its folder beside, and its manifest."""

    folder: str
    about: About


def cover(
    about: About,
    *,
    previous: Neighbour | None = None,
    following: Neighbour | None = None,
    newest: str = "",
) -> str:
    """Give the index page of a report.

    Parameters
    ----------
    newest
        Of a publication that was revised, the folder beside of the newest revision.
    """
    language = about["language"]
    number = about["publication"]["number"] if about.get("publication") else -1
    notice, township = about.get("notice"), about.get("township")
    keys = dict.fromkeys(key for page in about["pages"] for key in page["lacking"])
    lacking = [word(key, language) for key in keys]
    files = [name for page in about["pages"] for name in page["files"]]
    tables = sorted(name for name in about["outputs"] if name.startswith("tables/"))
    content = draw(
        "report.html.j2",
        language=language,
        county=about["county"][language],
        township=township[language] if township else "",
        period=when(about, language),
        as_of=about["as_of"],
        day=day(date.fromisoformat(about["as_of"]), language),
        is_synthetic=about["is_synthetic"],
        notice=notice[language] if notice else "",
        pages=[_door(page, language) for page in about["pages"]],
        lacking=lacking,
        has_word=any(name.endswith(".docx") for name in files),
        fonts=("、" if language == "zh" else ", ").join(STAND_INS),
        tables=[(quote(name), PurePosixPath(name).name) for name in tables],
        aside=[
            (f"{QUARANTINE}/{table}.csv", table, rows)
            for table, rows in about.get("set_aside", {}).items()
        ],
        previous=_beside(previous, language),
        following=_beside(following, language),
        number=number_text(number, language),
        published=published_text(about, language),
        newest=f"../{quote(newest)}/index.html" if newest else "",
        revision=revision(about, language),
    )
    parts = (word("report.title", language), about["county"][language], when(about, language))
    up = ("../../index.html", "frame.shelf")
    return document(content, title=" · ".join(parts), language=language, up=up)


def when(about: About, language: str) -> str:
    """Name the period of a report, or else its day."""
    if about.get("period"):
        return period_text(period_of(about["period"]), language)
    return day(date.fromisoformat(about["as_of"]), language)


def _door(page: About, language: str) -> dict[str, Any]:
    """Give what the index says of a page, with the office files that were made of it."""
    files = [(name, word(f"office.{name.rpartition('.')[2]}", language)) for name in page["files"]]
    return {
        "href": f"{page['id']}.html",
        "name": page["title"][language],
        "summary": page["summary"][language],
        "files": files,
    }


def _beside(neighbour: Neighbour | None, language: str) -> tuple[str, str] | None:
    if neighbour is None:
        return None
    return f"../{quote(neighbour.folder)}/index.html", when(neighbour.about, language)
