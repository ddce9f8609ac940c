"""The shelf: an index of all the reports in a folder, made from their manifests alone.

A report belongs to a series: one bundle, township, edition, cadence and language. Its cover
leads to the report before and after it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

from tenglong.run import manifest
from tenglong.run.cover import About, Neighbour, cover, when
from tenglong.run.render import document
from tenglong.show.frame import draw
from tenglong.show.words import word

SERIES = ("bundle", "township", "edition", "cadence", "language")
# What a manifest of a report must hold to be listed.
NEEDED = frozenset({"as_of", "county", "is_synthetic", "pages", "language", "outputs", *SERIES})


@dataclass(frozen=True)
class Report:
    """A published report: where it stands below the folder of reports, and its manifest."""

    path: PurePosixPath
    about: About

    @property
    def series(self) -> str:
        """What it has in common with those before and after it."""
        return str([*(self.about[name] for name in SERIES), self.is_part])

    @property
    def is_part(self) -> bool:
        """Whether it is of some pages alone, beside a whole report of the same day."""
        return bool(self.about.get("is_part"))


def reports_of(folder: Path) -> tuple[Report, ...]:
    """Read the manifests of all reports, newest first; of one day, by edition and bundle."""
    found = sorted(_reports(folder), key=lambda one: (one.about["edition"], str(one.path)))
    return tuple(sorted(found, key=lambda one: str(one.about["as_of"]), reverse=True))


def shelf(reports: tuple[Report, ...], language: str) -> str:
    """Give the index page of a folder of reports."""
    content = draw(
        "shelf.html.j2",
        language=language,
        years=_years(reports, language),
    )
    return document(content, title=word("shelf.title", language), language=language)


def covers(reports: tuple[Report, ...]) -> Iterator[tuple[PurePosixPath, str]]:
    """Give the cover of every report, with its way to the one before and after it."""
    series: dict[str, list[Report]] = {}
    for report in reports:
        series.setdefault(report.series, []).append(report)
    for those in series.values():
        neighbours = zip([None, *those[:-1]], those, [*those[1:], None], strict=True)
        for following, report, previous in neighbours:
            told = {"previous": _neighbour(previous), "following": _neighbour(following)}
            yield report.path / "index.html", cover(report.about, **told)


def _neighbour(report: Report | None) -> Neighbour | None:
    return Neighbour(report.path.name, report.about) if report else None


def _reports(folder: Path) -> Iterator[Report]:
    for path in folder.glob(f"*/*/{manifest.NAME}"):
        about = manifest.read(path.parent)
        name = PurePosixPath(path.parent.relative_to(folder).as_posix())
        if about is not None and about.keys() >= NEEDED and not name.parts[0].startswith("."):
            yield Report(name, about)


def _years(reports: tuple[Report, ...], language: str) -> list[tuple[str, list[dict[str, Any]]]]:
    years: dict[str, list[dict[str, Any]]] = {}
    for report in reports:
        years.setdefault(str(report.about["as_of"])[:4], []).append(_entry(report, language))
    return list(years.items())


def _entry(report: Report, language: str) -> dict[str, Any]:
    about = report.about
    href = quote(str(report.path))
    township = about["township"]
    return {
        "href": f"{href}/index.html",
        "when": when(about, language),
        "as_of": about["as_of"],
        "county": about["county"][language],
        "township": township[language] if township else "",
        "edition": word(f"edition.{about['edition']}", language),
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
