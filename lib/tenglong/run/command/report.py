"""`tenglong report`: run the notebooks on a bundle and publish the report."""

import signal
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import click

from tenglong.errors import UsageError
from tenglong.measure.reading import Grain
from tenglong.run.batch.ways import WAYS
from tenglong.run.cache.receipt import Receipt, draft, issue, key_of, unchanged
from tenglong.run.cache.store import Store, open_store
from tenglong.run.day import TODAY, day_of, now
from tenglong.run.handles import require_handles
from tenglong.run.kernel.kind import Kind
from tenglong.run.manifest import EDITION
from tenglong.source.place import kit_root

if TYPE_CHECKING:
    from tenglong.run.progress import Progress
    from tenglong.run.report import Result
    from tenglong.run.request import Request

# What makes a batch of a command, and what a request does not ask for.
OF_BATCHES = ("ways", "file", "jobs", "cluster", "is_province")
OF_RUNS = ("bundles", "kernel", "why", "fresh", "publish", *OF_BATCHES)

SIGNALS = (signal.SIGINT, signal.SIGTERM)


def _leave(number: int, frame: FrameType | None) -> None:
    del frame
    for one in SIGNALS:  # an impatient second Ctrl-C must not cut the clean-up short
        signal.signal(one, signal.SIG_IGN)
    # SystemExit, because asyncio lets it through at once; 128 + n is the shell's convention.
    raise SystemExit(128 + number)


@contextmanager
def leaving_cleanly() -> Iterator[None]:
    """Turn SIGINT and SIGTERM into SystemExit 130 and 143, so that every `finally` is run."""
    former = {number: signal.signal(number, _leave) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


@click.command()
@click.argument("bundles", nargs=-1, metavar="BUNDLE...")
@click.option("--as-of", metavar="DATE", help="A day, or today; default: the bundle's own.")
@click.option(
    "--cadence",
    type=click.Choice([grain.value for grain in Grain]),
    help="The last one that is over on that day.",
)
@click.option(
    "--period", metavar="PERIOD", help="The period to report on: 2022-06, 2022Q2 or 2022."
)
@click.option(
    "--beside", metavar="BUNDLE", multiple=True, help="Another county, for the province's page."
)
@click.option("--township", metavar="T", default="", help="Only this one, by its name or code.")
@click.option(
    "--out",
    metavar="DIR",
    type=click.Path(path_type=Path),
    default=Path("reports"),
    help="The folder of reports; default: reports.",
)
@click.option("--page", "page_ids", metavar="ID", multiple=True, help="Only this page; repeatable.")
@click.option(
    "--each",
    "ways",
    type=click.Choice(WAYS),
    multiple=True,
    help="A report for every township, or every period of the plan that is over; repeatable.",
)
@click.option(
    "--sets",
    "file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A CSV of parameter sets: a report a row.",
)
@click.option(
    "--province", "is_province", is_flag=True, help="Roll the counties up when all are made."
)
@click.option(
    "--jobs",
    metavar="N",
    type=click.IntRange(min=1),
    default=None,
    help="How many reports to make at a time; default: one a core.",
)
@click.option(
    "--cluster", metavar="ADDRESS", default="", help="Make them by the workers of a dask scheduler."
)
@click.option("--language", type=click.Choice(["zh", "en"]), default="zh", help="Default: zh.")
@click.option(
    "-p", "pairs", metavar="NAME=VALUE", multiple=True, help="A notebook's parameter; repeatable."
)
@click.option(
    "--notebooks",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="A folder with a catalogue.yml; default: the kit's own notebooks.",
)
@click.option(
    "--kernel",
    type=click.Choice([kind.value for kind in Kind]),
    default=Kind.WARM.value,
    help="How notebooks start: forked from a warm process, or each anew; default: warm.",
)
@click.option("--why", is_flag=True, help="Say of each page what changed since the last run.")
@click.option(
    "--publish",
    is_flag=True,
    help="Publish it: the first time, or as a revision if its data changed; the former is kept.",
)
@click.option("--fresh", is_flag=True, help="Make every page anew, whatever is kept.")
def report(**asked: Any) -> int:
    """Run the notebooks on BUNDLE and put the report in DIR.

    A report is whole or absent: if a notebook fails, the last good one stays (exit code 1). Of
    several reports, one that fails stops no other. Pages of which nothing has changed since they
    were made are not made again. One that was published is replaced by its revision alone.
    """
    started_ns = time.time_ns()
    with leaving_cleanly():
        if asked["publish"]:
            _require_whole(asked)
        require_handles()
        if is_batch(asked):
            return _many(asked)
        store = open_store(EDITION)
        key = _key(asked)
        found = None if asked["fresh"] or store is None else unchanged(store, key)
        if found is not None:
            return _nothing_to_do(found, asked)
        return _one(asked, store, key, started_ns=started_ns)


def is_batch(asked: Mapping[str, Any]) -> bool:
    """Whether more is asked for than one report of one bundle, made by this very process."""
    return len(asked["bundles"]) != 1 or any(asked[name] for name in OF_BATCHES)


def _require_whole(asked: Mapping[str, Any]) -> None:
    if is_batch(asked) or asked["page_ids"]:
        raise UsageError("--publish: publishes one whole report of one BUNDLE at a time")


def _many(asked: dict[str, Any]) -> int:
    from tenglong.run.batch.batch import Batch

    own = {field.name: asked[field.name] for field in fields(Batch) if field.name in asked}
    if asked["why"]:
        raise UsageError("--why: is told of a single report")
    batch = Batch(**own, kind=Kind(asked["kernel"]), is_fresh=asked["fresh"])
    of_all = {*OF_RUNS, *own}
    failed = batch.make({name: told for name, told in asked.items() if name not in of_all})
    for folder in failed:
        print(f"tenglong: not published; what there is, and why: {folder}", file=sys.stderr)
    print(batch.out / "index.html")
    return 1 if failed else 0


def _key(asked: Mapping[str, Any]) -> str:
    day, notebooks = asked["as_of"], _notebooks(asked).absolute()
    day = str(day_of(day)) if day == TODAY else day
    own = {name: told for name, told in asked.items() if name not in OF_RUNS}
    told = {name: asked[name] for name in ("bundles", "publish")}
    return key_of({**own, **told, "as_of": day, "notebooks": notebooks})


def _notebooks(asked: Mapping[str, Any]) -> Path:
    return asked["notebooks"] or kit_root() / "notebooks"


def _nothing_to_do(found: Receipt, asked: Mapping[str, Any]) -> int:
    from tenglong.run.progress import Progress

    progress = Progress(sys.stderr, len(found.pages))
    if asked["why"]:
        from tenglong.show.words import word

        for page_id in found.pages:
            progress.say(word("why.same", asked["language"], page=page_id))
    progress.unchanged()
    print(asked["out"] / "index.html")
    return 0


def _one(asked: Mapping[str, Any], store: Store | None, key: str, *, started_ns: int) -> int:
    # To import these takes longer than to see that nothing has changed.
    from tenglong.run.cache.kept import Cache
    from tenglong.run.progress import Progress
    from tenglong.run.report import make
    from tenglong.run.request import request

    (bundle,) = asked["bundles"]
    own = {name: told for name, told in asked.items() if name not in OF_RUNS}
    wanted = request(bundle, **{**own, "notebooks": _notebooks(asked)})
    progress = Progress(sys.stderr, len(wanted.pages))
    typed = (bundle, *asked["beside"])
    begun = draft(key, wanted, typed, started_ns=started_ns) if store else None
    cache = Cache(store, is_fresh=asked["fresh"], tells_why=asked["why"])
    moment = now() if asked["publish"] else None
    result = make(wanted, progress, Kind(asked["kernel"]), cache=cache, moment=moment)
    if store and begun and result.is_repeatable:
        issue(store, begun, wanted, result.folder)
    if store and store.trouble:
        _tell_trouble(store, wanted.language, progress)
    if result.failed:
        _tell_failed(result)
        return 1
    if result.outcome:
        _tell_published(result, wanted, progress)
    print(wanted.out / "index.html")
    return 0


def _tell_trouble(store: Store, language: str, progress: "Progress") -> None:
    from tenglong.show.words import word

    progress.say(word("cache.trouble", language, folder=store.folder, reason=store.trouble))


def _tell_published(result: "Result", wanted: "Request", progress: "Progress") -> None:
    from tenglong.show.words import word

    place = result.folder.relative_to(wanted.out).as_posix()
    said = {"place": place, "number": result.number}
    progress.say(word(f"publication.{result.outcome}", wanted.language, **said))


def _tell_failed(result: "Result") -> None:
    for page_id, reason in result.failed.items():
        print(f"tenglong: {page_id}: {reason}", file=sys.stderr)
    print(
        f"tenglong: not published, failed: {', '.join(result.failed)};"
        f" what there is, and why: {result.folder}",
        file=sys.stderr,
    )
