"""The shelf: an index of all the reports in a folder, made from their manifests alone."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tenglong.run import manifest
from tenglong.run.render import document
from tenglong.show.frame import draw
from tenglong.show.page import day
from tenglong.show.words import word


def shelf(folder: Path, language: str) -> str:
    """Give the index page of a folder of reports, newest first."""
    reports = sorted(_reports(folder), key=lambda one: (one[1]["as_of"], one[0]), reverse=True)
    content = draw(
        "shelf.html.j2",
        language=language,
        reports=[_entry(path, about, language) for path, about in reports],
    )
    return document(content, title=word("shelf.title", language), language=language)


def _reports(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in folder.glob(f"*/*/{manifest.NAME}"):
        about = manifest.read(path.parent)
        name = path.parent.relative_to(folder)
        if about is not None and not name.parts[0].startswith("."):
            yield name.as_posix(), about


def _entry(path: str, about: dict[str, Any], language: str) -> dict[str, Any]:
    return {
        "href": f"{quote(path)}/index.html",
        "as_of": about["as_of"],
        "day": day(date.fromisoformat(about["as_of"]), language),
        "county": about["county"][language],
        "is_synthetic": about["is_synthetic"],
        "pages": [
            (f"{quote(path)}/{page['id']}.html", page["title"][language]) for page in about["pages"]
        ],
    }
