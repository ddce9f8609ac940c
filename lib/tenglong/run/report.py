"""Make a report: run its notebooks, render them, and let all of it take its place at once."""

import csv
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from tenglong import errors
from tenglong.errors import ConfigurationError, DataError, TenglongError
from tenglong.run import manifest
from tenglong.run.catalogue import Page
from tenglong.run.cover import cover
from tenglong.run.crew import Work, crew_of
from tenglong.run.data import kernels_with_data, write_data
from tenglong.run.execute import Outcome, execute
from tenglong.run.kernel.kernels import PAGES, Kernels, Kind
from tenglong.run.office import Files, office_files
from tenglong.run.progress import Progress
from tenglong.run.publish import Library, opened, writing
from tenglong.run.quarantine import FOLDER as QUARANTINE
from tenglong.run.quarantine import write_quarantine
from tenglong.run.render import Rendered, render, render_failure
from tenglong.run.request import Request
from tenglong.run.shelf import covers, reports_of, shelf
from tenglong.run.standing import Standing, standing
from tenglong.show.words import clauses, word
from tenglong.source.bundle import Bundle, examine_bundle, require_usable
from tenglong.source.database import limits_of, reach
from tenglong.source.description import Description
from tenglong.source.policy import load_policy

SOURCES, SOURCES_OF = "sources.csv", "sources_{}.csv"
EDITION = "internal"


@dataclass(frozen=True)
class Made:
    """A page that was made, or what is left of one that could not be.

    Attributes
    ----------
    log
        Empty if all went well.
    files
        What else is made of it for the office.
    """

    page: Page
    rendered: Rendered
    log: str = ""
    files: Files = field(default_factory=Files)


@dataclass(frozen=True)
class Result:
    """What came of a run.

    Attributes
    ----------
    folder
        The published report, or where the failed one is kept aside.
    failed
        The ids of the pages that could not be made, each with the reason in one line.
    """

    folder: Path
    failed: Mapping[str, str] = field(default_factory=dict)


def make(request: Request, progress: Progress, kind: Kind = Kind.WARM) -> Result:
    """Make a report and publish it if every page of it is good.

    Parameters
    ----------
    kind
        How the notebooks' kernels start; the report is the same.

    Raises
    ------
    BusyError, WriteError
        If the folder of reports is taken or cannot be written to.
    DataError
        If a file of the bundle is missing, cannot be used or changes under the run, or if more
        of its rows cannot be used than the policy allows.
    SourceError
        If a database does not answer.
    """
    for bundle in request.beside:
        _reach_databases(bundle)
    inputs = _inputs(request)
    with kernels_with_data(kind, EDITION, PAGES) as kernels:
        read = examine_bundle(request.bundle)
        if not all(page.examines for page in request.pages):
            require_usable(read)  # else no page is begun
        with opened(request.out) as library:
            parameters = {page.id: _parameters(page, request) for page in request.pages}
            place = standing(request, inputs, parameters)
            return _in_place(library, place, request, progress, inputs, read, kernels)


def _in_place(
    library: Library,
    place: Standing,
    request: Request,
    progress: Progress,
    inputs: Mapping[str, str],
    read: Bundle,
    kernels: Kernels,
) -> Result:
    kept = {page["id"] for page in place.kept}
    ids = [one for one in request.order if one in kept | {page.id for page in request.pages}]
    with library.staged(place.name) as folder:
        write_data(read, request, kernels)
        made = _all(request, progress, ids, kernels)
        if lacking := _lacking(made):
            progress.say(
                clauses((word(key, request.language) for key in lacking), request.language)
            )
        if _inputs(request) != inputs:
            raise DataError(f"{request.bundle.path.name}: a file was changed during the run")
        with writing(request.out):
            place.copy(folder)
            _write(folder, made, request, inputs, read, place)
        return _conclude(library, folder, request, made, place)


def _all(request: Request, progress: Progress, ids: Sequence[str], kernels: Kernels) -> list[Made]:
    """Make the pages: notebooks run at once, pages are finished in the catalogue's order."""
    with crew_of(kernels) as take:
        works = [
            take(
                partial(
                    execute,
                    page.source(),
                    request.parameters[page.id],
                    kernels=kernels,
                    on_cell=partial(progress.cell, page.id),
                )
            )
            for page in request.pages
        ]
        return [
            _page(page, request, progress, ids, work)
            for page, work in zip(request.pages, works, strict=True)
        ]


def _reach_databases(bundle: Description) -> None:
    if bundle.databases:
        policy = load_policy(bundle.policy, beside=bundle.path)
        reach(bundle.databases, limits_of(policy["database"]))


def _inputs(request: Request) -> dict[str, str]:
    others = (
        {f"{one.path.name}/{name}": digest for name, digest in _digests(one).items()}
        for one in request.beside
    )
    return {**_digests(request.bundle), **{k: v for other in others for k, v in other.items()}}


def _names(bundle: Description) -> list[str]:
    """Name its files as `manifest.digests` does, without reading them."""
    return [manifest.name_of(path, bundle.path) for path in sorted(bundle.files)]


def _digests(bundle: Description) -> dict[str, str]:
    return manifest.digests(bundle.files, bundle.path)


def _page(page: Page, request: Request, progress: Progress, ids: Sequence[str], work: Work) -> Made:
    with progress.page(page.id):
        outcome = work()
        start = time.perf_counter()
        made = _made(page, request, ids, outcome)
    seconds = outcome.seconds + time.perf_counter() - start
    progress.done("failed" if made.log else "ok", seconds)
    return made


def _lacking(made: Iterable[Made]) -> tuple[str, ...]:
    """Give what the machine lacks for the office's files, once for all pages that want it."""
    return tuple(dict.fromkeys(key for one in made for key in one.files.lacking))


def _made(page: Page, request: Request, ids: Sequence[str], outcome: Outcome) -> Made:
    language = request.language
    parts = (page.title[language], request.bundle.name[language], request.as_of.isoformat())
    title = " · ".join(parts)
    log = outcome.log
    if outcome.is_good:
        try:
            rendered = render(
                outcome.notebook,
                title=title,
                language=language,
                pages=ids,
                is_edited=page.is_edited,
            )
            return Made(page, rendered, files=_office(page, rendered, request))
        except TenglongError as error:
            log = f"{page.notebook.name}: {error}\n"
    failure = render_failure(
        outcome.notebook,
        title=title,
        heading=page.title[language],
        language=language,
        log=f"{page.id}.log",
    )
    return Made(page, failure, log)


def _office(page: Page, rendered: Rendered, request: Request) -> Files:
    if not page.files:
        return Files()
    return office_files(
        rendered.html, page.files, name=page.id, day=request.as_of, language=request.language
    )


def _write(
    folder: Path,
    made: list[Made],
    request: Request,
    inputs: Mapping[str, str],
    read: Bundle,
    place: Standing,
) -> None:
    tables = _tables(made)
    for one in made:
        _text(folder / f"{one.page.id}.html", one.rendered.html)
        if one.log:
            _text(folder / f"{one.page.id}.log", one.log)
        for name, file in one.files.contents.items():
            (folder / name).write_bytes(file)
    for name, content in sorted(tables.items()):
        # With the mark, Excel reads Chinese; without it, it guesses wrong.
        _text(folder / "tables" / name, content, encoding="utf-8-sig")
    aside = write_quarantine(folder / QUARANTINE, read, request.language)
    said = _about(request, made, inputs, tables)
    order = request.order.index
    pages = sorted([*place.kept, *said["pages"]], key=lambda page: order(page["id"]))
    said = {**said, "pages": pages, "is_part": place.name != request.name}
    about = manifest.write(folder, {**said, "set_aside": aside})
    _text(folder / "index.html", cover(about))


def _text(path: Path, content: str, encoding: str = "utf-8") -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(content.removeprefix("\ufeff"), encoding=encoding, newline="\n")


def _tables(made: list[Made]) -> dict[str, str]:
    tables: dict[str, str] = {}
    for one in made:
        for name, content in one.rendered.csv.items():
            if tables.setdefault(name, content) != content:
                if name == SOURCES:
                    raise DataError(f"{one.page.id}: a source was changed during the run")
                raise ConfigurationError(f"{one.page.id}: another page has a table {name!r}")
    return tables


def _about(
    request: Request, made: list[Made], inputs: Mapping[str, str], tables: Mapping[str, str]
) -> dict[str, Any]:
    about = request.bundle
    return {
        "bundle": about.path.name,
        "county": {"zh": about.name.zh, "en": about.name.en},
        "is_synthetic": about.is_synthetic,
        "notice": {"zh": about.notice.zh, "en": about.notice.en} if about.notice else None,
        "as_of": request.as_of.isoformat(),
        "cadence": request.span.period.grain.value if request.span.period else None,
        "period": request.span.period.name if request.span.period else None,
        "township": _township_about(request),
        "edition": EDITION,
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
        if bundle.sources[row["table"]][0].query
    }
    return files | queries


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
        "parameters": _parameters(page, request),
        "tables": sorted(one.rendered.csv),
    }


def _parameters(page: Page, request: Request) -> dict[str, Any]:
    """Give what a notebook is run with, without the folders of this machine."""
    parameters = {**request.parameters[page.id], "bundle": request.bundle.path.name}
    if "beside" in parameters:
        parameters["beside"] = ",".join(one.path.name for one in request.beside)
    return dict(sorted(parameters.items()))


def reason_of(log: str) -> str:
    r"""Give the reason of a failure in one line: the message of the kit, or an error with its kind.

    >>> reason_of("ConfigurationError: policy league: no such item\n  File …")
    'policy league: no such item'
    >>> reason_of("KeyError: 'x'\n  File …")
    "KeyError: 'x'"
    """
    first = next((line.strip() for line in log.splitlines() if line.strip()), "")
    kind, _, message = first.partition(": ")
    return message if message and hasattr(errors, kind) else first


def _conclude(
    library: Library, folder: Path, request: Request, made: list[Made], place: Standing
) -> Result:
    failed = {one.page.id: reason_of(one.log) for one in made if one.log}
    if failed:
        return Result(library.keep_aside(folder, place.name), failed)
    library.publish(folder, place.name)
    reports = reports_of(request.out)
    for file, text in covers(reports):
        library.replace(str(file), text)
    library.replace("index.html", shelf(reports, request.language))
    return Result(request.out / place.name)
