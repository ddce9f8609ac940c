"""Make a report: its pages, and let all of it take its place at once."""

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from tenglong.errors import ConfigurationError, DataError
from tenglong.run import manifest
from tenglong.run.about import SOURCES, about_of, parameters_of
from tenglong.run.cache.kept import Cache, Kept, kept, remember
from tenglong.run.cache.why import reasons
from tenglong.run.cover import cover
from tenglong.run.difference import difference_tables
from tenglong.run.kernel.kernels import Kernels
from tenglong.run.kernel.kind import Kind
from tenglong.run.pages import Made, lacking_of, made_pages, reason_of
from tenglong.run.progress import Progress
from tenglong.run.publish import Library, opened, writing
from tenglong.run.publishing import Publishing, publishing
from tenglong.run.quarantine import FOLDER as QUARANTINE
from tenglong.run.quarantine import write_quarantine
from tenglong.run.request import Request
from tenglong.run.shelving import shelve
from tenglong.run.snapshots import kernels_apart, write_snapshots
from tenglong.run.standing import Standing, standing
from tenglong.run.whole import require_whole
from tenglong.show.words import clauses, word
from tenglong.source.bundle import Bundle, examine_bundle, require_usable
from tenglong.source.description import Description
from tenglong.source.policy import load_policy
from tenglong.source.query import limits_of


@dataclass(frozen=True)
class Result:
    """What came of a run.

    Attributes
    ----------
    folder
        The published report, or where the failed one is kept aside.
    failed
        The ids of the pages that could not be made, each with the reason in one line.
    is_repeatable
        Whether the same command has nothing to do as long as nothing changes.
    outcome
        What came of a publication: `published`, `revised`, or `unchanged` where nothing of its
        data had changed; empty for a report that was not to be published, or failed.
    number
        That of the revision that was published; 0 of a first publication.
    """

    folder: Path
    failed: Mapping[str, str] = field(default_factory=dict)
    is_repeatable: bool = False
    outcome: str = ""
    number: int = 0


def make(
    request: Request,
    progress: Progress,
    kind: Kind = Kind.WARM,
    *,
    cache: Cache | None = None,
    kernels: Kernels | None = None,
    moment: datetime | None = None,
) -> Result:
    """Make a report, and let it take its place if every page of it is good.

    Parameters
    ----------
    kind
        How the notebooks' kernels start; the report is the same.
    cache
        Where pages that were made from the very same are taken from, and new ones kept.
    kernels
        Those of other reports of the same bundles, which find them as they were read (`keeping`).
    moment
        When it is published, with its time zone; None for a draft.

    Raises
    ------
    BusyError, WriteError
        If the folder of reports is taken or cannot be written to, or if something else stands in
        the report's place (`run.room`).
    DataError
        If a file of the bundle is missing, cannot be used or changes under the run, or if more
        of its rows cannot be used than the policy allows.
    SourceError
        If a database does not answer.
    """
    for bundle in request.beside:
        _reach_databases(bundle)
    inputs = _inputs(request)
    with nullcontext(kernels) if kernels else kernels_apart(kind, request) as ready:
        read = examine_bundle(request.bundle)
        if not all(page.examines for page in request.pages):
            require_usable(read)  # else no page is begun
        if kernels is None:
            write_snapshots(read, request, ready)
        with opened(request.out) as library:
            run = _Run(library, request, progress, inputs, read, ready, moment)
            return run.take_place(cache or Cache())


@dataclass(frozen=True)
class _Run:
    """A report that is being made: what it is made from, and where."""

    library: Library
    request: Request
    progress: Progress
    inputs: Mapping[str, str]
    read: Bundle
    kernels: Kernels
    moment: datetime | None

    def take_place(self, cache: Cache) -> Result:
        """Make the pages, and publish them if all are good."""
        request, language = self.request, self.request.language
        parameters = {page.id: parameters_of(page, request) for page in request.pages}
        is_publication = self.moment is not None
        place = standing(request, self.inputs, parameters, is_publication=is_publication)
        coming = publishing(request, self.read, self.moment) if self.moment else None
        if coming is not None and not coming.is_due:
            self._shelve()
            return Result(request.out / place.name, outcome=coming.outcome)
        there = {page["id"] for page in place.kept} | {page.id for page in request.pages}
        ids = [one for one in request.order if one in there]
        with (
            self.library.staged(place.name) as folder,
            kept(cache, request, ids, edition=manifest.EDITION) as pages,
        ):
            found = {page.id: pages.get(page.id) for page in request.pages}
            if cache.tells_why:
                for page_id in found:
                    self.progress.say(reasons(pages, page_id, language))
            made = made_pages(request, self.progress, ids, self.kernels, found=found, kept=pages)
            if lacking := lacking_of(made):
                said = (word(key, language) for key in lacking)
                self.progress.say(clauses(said, language))
            if _inputs(request) != self.inputs:
                raise DataError(f"{request.bundle.path.name}: a file was changed during the run")
            with writing(request.out):
                place.copy(folder)
                _write(folder, made, request, self.inputs, self.read, place, coming)
            return self._conclude(folder, made, place, pages, coming)

    def _conclude(
        self,
        folder: Path,
        made: list[Made],
        place: Standing,
        pages: Kept,
        coming: Publishing | None,
    ) -> Result:
        failed = {one.page.id: reason_of(one.log) for one in made if one.log}
        if failed:
            folder.chmod(0o700)
            return Result(self.library.keep_aside(folder, place.name), failed)
        self.library.publish(folder, place.name, kept=coming.kept if coming else None)
        self._shelve()
        if pages.store:
            remember(pages.store, self.request, pages.recipes)
        out = self.request.out / place.name
        result = Result(out, is_repeatable=pages.knows_all)
        if coming is None:
            return result
        return replace(result, outcome=coming.outcome, number=coming.number)

    def _shelve(self) -> None:
        for said in shelve(self.library, self.request.language):
            self.progress.say(said)


def _reach_databases(bundle: Description) -> None:
    if bundle.databases:
        from tenglong.source.database import reach  # noqa: PLC0415 - it brings the driver

        policy = load_policy(bundle.policy, beside=bundle.path)
        reach(bundle.databases, limits_of(policy["database"]))


def _inputs(request: Request) -> dict[str, str]:
    others = (
        {f"{one.path.name}/{name}": digest for name, digest in _digests(one).items()}
        for one in request.beside
    )
    return {**_digests(request.bundle), **{k: v for other in others for k, v in other.items()}}


def _digests(bundle: Description) -> dict[str, str]:
    return manifest.digests(bundle.files, bundle.path)


def _write(
    folder: Path,
    made: list[Made],
    request: Request,
    inputs: Mapping[str, str],
    read: Bundle,
    place: Standing,
    coming: Publishing | None,
) -> None:
    tables = _tables(made)
    for one in made:
        _text(folder / f"{one.page.id}.html", one.rendered.html)
        if one.log:
            (folder / f"{one.page.id}.log").touch(mode=0o600)  # it may hold rows of the data
            _text(folder / f"{one.page.id}.log", one.log)
        for name, file in one.files.contents.items():
            (folder / name).write_bytes(file)
    for name, content in sorted(tables.items()):
        # With the mark, Excel reads Chinese; without it, it guesses wrong.
        _text(folder / "tables" / name, content, encoding="utf-8-sig")
    aside = write_quarantine(folder / QUARANTINE, read, request.language)
    said = about_of(request, made, inputs, tables)
    order = request.order.index
    pages = sorted([*place.kept, *said["pages"]], key=lambda page: order(page["id"]))
    failed = {one.page.id for one in made if one.log}
    require_whole(folder / f"{page['id']}.html" for page in pages if page["id"] not in failed)
    said = {**said, "pages": pages, "is_part": place.name != request.name}
    published = coming.told(folder, said) if coming else None
    for name, content in difference_tables(published).items():
        _text(folder / "tables" / name, content, encoding="utf-8-sig")
    about = manifest.write(folder, {**said, "set_aside": aside, "publication": published})
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
