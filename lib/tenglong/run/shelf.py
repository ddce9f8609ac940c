"""The shelf: an index of all the reports in a folder, made from their manifests alone.

A report belongs to a series: one bundle, township, edition, cadence and language. Its cover
leads to the report before and after it. A publication that was revised stands below its revision.
"""

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from tenglong.run.cover import Neighbour, cover, when
from tenglong.run.holdings import Holdings, Report
from tenglong.run.imprint import number_text, published_text
from tenglong.run.latest import latest
from tenglong.run.render import document
from tenglong.show.frame import draw
from tenglong.show.words import word


def shelf(found: Holdings, language: str) -> str:
    """Give the index page of a folder of reports."""
    content = draw(
        "shelf.html.j2",
        language=language,
        years=_years(found.reports, language),
        latest=[
            (quote(str(path)), _of(one, one.about["language"]), when(one.about, language))
            for path, one in sorted(latest(found.reports).items())
        ],
        passed_over=passed_over(found, language),
    )
    return document(content, title=word("shelf.title", language), language=language)


def passed_over(found: Holdings, language: str) -> tuple[str, ...]:
    """Tell, a line each, which folders are passed over, and why."""
    return tuple(
        word("shelf.passed_over", language, path=one.path, reason=word(one.reason, language))
        for one in found.passed_over
    )


def covers(reports: Sequence[Report]) -> Iterator[tuple[PurePosixPath, str]]:
    """Give the cover of every report, with its way to the one before and after it."""
    series: dict[str, list[Report]] = {}
    for report in reports:
        if report.is_kept:
            yield report.path / "index.html", cover(report.about, newest=report.name)
        else:
            series.setdefault(report.series, []).append(report)
    for those in series.values():
        neighbours = zip([None, *those[:-1]], those, [*those[1:], None], strict=True)
        for following, report, previous in neighbours:
            beside = [_neighbour(one) for one in (previous, following)]
            text = cover(report.about, previous=beside[0], following=beside[1])
            yield report.path / "index.html", text


def _neighbour(report: Report | None) -> Neighbour | None:
    return Neighbour(report.path.name, report.about) if report else None


def _years(reports: Sequence[Report], language: str) -> list[tuple[str, list[dict[str, Any]]]]:
    years: dict[str, list[dict[str, Any]]] = {}
    for report in reports:
        years.setdefault(str(report.about["as_of"])[:4], []).append(_entry(report, language))
    return list(years.items())


def _of(report: Report, language: str) -> str:
    """Name the county, and the township, that a report is of."""
    township = report.about["township"]
    county: str = report.about["county"][language]
    return f"{county} · {township[language]}" if township else county


def _entry(report: Report, language: str) -> dict[str, Any]:
    about, number = report.about, number_text(report.number, language)
    href = quote(str(report.path))
    if report.is_kept:
        number = word("publication.superseded", language, number=number)
    return {
        "href": f"{href}/index.html",
        "when": when(about, language),
        "as_of": about["as_of"],
        "of": _of(report, language),
        "edition": word(f"edition.{about['edition']}", language),
        "number": number,
        "published": published_text(about, language),
        "is_synthetic": about["is_synthetic"],
        "is_part": report.is_part,
        "pages": [
            (f"{href}/{page['id']}.html", page["title"][language]) for page in about["pages"]
        ],
        "files": [
            (f"{href}/{name}", word(f"office.{name.rpartition('.')[2]}", language))
            for page in about["pages"]
            for name in page["files"]
        ],
    }
