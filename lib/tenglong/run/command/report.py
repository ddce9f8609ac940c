"""`tenglong report`: run the notebooks on a bundle and publish the report."""

import signal
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import click

from tenglong.measure.reading import Grain
from tenglong.run.cache.receipt import Receipt, draft, issue, key_of, unchanged
from tenglong.run.cache.store import Store, open_store
from tenglong.run.day import TODAY, day_of
from tenglong.run.manifest import EDITION
from tenglong.run.progress import Progress
from tenglong.source.place import kit_root

if TYPE_CHECKING:
    from tenglong.run.report import Result

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
@click.argument("bundle")
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
@click.option("--why", is_flag=True, help="Say of each page what changed since the last run.")
@click.option("--fresh", is_flag=True, help="Make every page anew, whatever is kept.")
def report(bundle: str, *, notebooks: Path | None, why: bool, fresh: bool, **asked: Any) -> int:
    """Run the notebooks on BUNDLE and publish the report in DIR.

    A report is whole or absent: if a notebook fails, the last good one stays (exit code 1).
    Pages of which nothing has changed since they were made are not made again.
    """
    started_ns = time.time_ns()
    asked |= {"bundle": bundle, "notebooks": (notebooks or kit_root() / "notebooks").absolute()}
    with leaving_cleanly():
        store = open_store(EDITION)
        key = _key(asked)
        found = None if fresh or store is None else unchanged(store, key)
        if found is not None:
            return _nothing_to_do(found, asked, tells_why=why)
        return _run(asked, store, key, fresh=fresh, why=why, started_ns=started_ns)


def _key(asked: Mapping[str, Any]) -> str:
    day = asked["as_of"]
    return key_of({**asked, "as_of": str(day_of(day)) if day == TODAY else day})


def _nothing_to_do(found: Receipt, asked: Mapping[str, Any], *, tells_why: bool) -> int:
    progress = Progress(sys.stderr, len(found.pages))
    if tells_why:
        from tenglong.show.words import word  # noqa: PLC0415 - who does not ask need not wait

        for page_id in found.pages:
            progress.say(word("why.same", asked["language"], page=page_id))
    progress.unchanged()
    print(asked["out"] / "index.html")
    return 0


def _run(
    asked: Mapping[str, Any],
    store: Store | None,
    key: str,
    *,
    fresh: bool,
    why: bool,
    started_ns: int,
) -> int:
    # To import these takes longer than to see that nothing has changed.
    from tenglong.run.cache.kept import Cache  # noqa: PLC0415
    from tenglong.run.report import make  # noqa: PLC0415
    from tenglong.run.request import request  # noqa: PLC0415

    wanted = request(**asked)
    progress = Progress(sys.stderr, len(wanted.pages))
    typed = (asked["bundle"], *asked["beside"])
    begun = draft(key, wanted, typed, started_ns=started_ns) if store else None
    result = make(wanted, progress, Cache(store, is_fresh=fresh, tells_why=why))
    if store and begun and result.is_repeatable:
        issue(store, begun, wanted, result.folder)
    if store and store.trouble:
        _tell_trouble(store, wanted.language, progress)
    if result.failed:
        _tell_failed(result)
        return 1
    print(wanted.out / "index.html")
    return 0


def _tell_trouble(store: Store, language: str, progress: Progress) -> None:
    from tenglong.show.words import word  # noqa: PLC0415 - as above

    progress.say(word("cache.trouble", language, folder=store.folder, reason=store.trouble))


def _tell_failed(result: "Result") -> None:
    for page_id, reason in result.failed.items():
        print(f"tenglong: {page_id}: {reason}", file=sys.stderr)
    print(
        f"tenglong: not published, failed: {', '.join(result.failed)};"
        f" what there is, and why: {result.folder}",
        file=sys.stderr,
    )
