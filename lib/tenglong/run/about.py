"""What the manifest says of a report: what it is of, its pages, and what they were made from."""

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from tenglong.run import manifest
from tenglong.run.catalogue import Page
from tenglong.run.pages import Made
from tenglong.run.request import Request
from tenglong.source.description import Description

SOURCES, SOURCES_OF = "sources.csv", "sources_{}.csv"


def about_of(
    request: Request, made: Sequence[Made], inputs: Mapping[str, str], tables: Mapping[str, str]
) -> dict[str, Any]:
    """Tell it; `inputs` are the digests of files by name, `tables` the CSV files by name."""
    about = request.bundle
    return {
        "bundle": about.path.name,
        "code": about.code,
        "county": {"zh": about.name.zh, "en": about.name.en},
        "is_synthetic": about.is_synthetic,
        "notice": {"zh": about.notice.zh, "en": about.notice.en} if about.notice else None,
        "as_of": request.as_of.isoformat(),
        "cadence": request.span.period.grain.value if request.span.period else None,
        "period": request.span.period.name if request.span.period else None,
        "township": _township_about(request),
        "edition": manifest.EDITION,
        "language": request.language,
        "pages": [_page_about(one, request) for one in made],
        "beside": [_beside_about(one) for one in request.beside],
        "inputs": {
            **_inputs_about(about, inputs, tables.get(SOURCES, "")),
            **{
                name: told
                for one in request.beside
                for name, told in _inputs_about(
                    one, inputs, tables.get(SOURCES_OF.format(one.code), ""), f"{one.path.name}/"
                ).items()
            },
        },
    }


def _beside_about(bundle: Description) -> dict[str, Any]:
    return {"bundle": bundle.path.name, "county": {"zh": bundle.name.zh, "en": bundle.name.en}}


def _inputs_about(
    bundle: Description, inputs: Mapping[str, str], sources: str, below: str = ""
) -> dict[str, Any]:
    """Tell what one county's tables were read from: its files and queries, with their rows.

    Parameters
    ----------
    sources
        The county's list of sources, as a page holds it.
    below
        What stands before the names of its files, where it is not the report's own county.
    """
    rows = list(csv.DictReader(sources.removeprefix("\ufeff").splitlines()))
    files = {
        f"{below}{name}": {
            "sha256": inputs[f"{below}{name}"],
            "rows": _rows_of([row for row in rows if row["file"] == name]),
        }
        for name in _names(bundle)
    }
    queries = {
        f"{below}{row['table']}: {row['file']}": {
            "sha256": row["sha256"],
            "rows": {row["table"]: int(row["rows"])},
        }
        for row in rows
        if row["table"] in bundle.sources and bundle.sources[row["table"]][0].query
    }
    return files | queries


def _names(bundle: Description) -> list[str]:
    """Name its files as `manifest.digests` does, without reading them."""
    return [manifest.name_of(path, bundle.path) for path in sorted(bundle.files)]


def _rows_of(rows: list[dict[str, str]]) -> dict[str, int]:
    """Count by table: several sheets of a file may bring one."""
    counts: Counter[str] = Counter()
    for row in rows:
        counts[row["table"]] += int(row["rows"])
    return dict(counts)


def _township_about(request: Request) -> dict[str, str] | None:
    place = request.township
    return {"code": place.code, "zh": place.name.zh, "en": place.name.en} if place else None


def _page_about(one: Made, request: Request) -> dict[str, Any]:
    page = one.page
    return {
        "id": page.id,
        "title": {"zh": page.title.zh, "en": page.title.en},
        "summary": {"zh": page.summary.zh, "en": page.summary.en},
        "files": sorted(one.files.contents),
        "lacking": list(one.files.lacking),
        "notebook": {
            "name": page.notebook.name,
            "sha256": manifest.digest(page.notebook),
            "is_edited": page.is_edited,
        },
        "parameters": parameters_of(page, request),
        "tables": sorted(one.rendered.csv),
    }


def parameters_of(page: Page, request: Request) -> dict[str, Any]:
    """Give what a notebook is run with, without the folders of this machine."""
    parameters = {**request.parameters[page.id], "bundle": request.bundle.path.name}
    if "beside" in parameters:
        parameters["beside"] = ",".join(one.path.name for one in request.beside)
    return dict(sorted(parameters.items()))
