"""`tenglong report`: run the notebooks on a bundle and publish the report."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import click

from tenglong.measure.reading import Grain
from tenglong.run.batch.each import WAYS
from tenglong.run.kernel.kind import Kind

if TYPE_CHECKING:
    from tenglong.run.batch.batch import Batch

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
def report(notebooks: Path | None, kernel: str, **given: Any) -> int:
    """Run the notebooks on BUNDLE and publish the report in DIR.

    A report is whole or absent: if a notebook fails, the last good one stays (exit code 1). Of
    several reports, one that fails stops no other.
    """
    from tenglong.run.batch.batch import Batch

    own = {field.name: given.pop(field.name) for field in fields(Batch) if field.name in given}
    batch = Batch(**own, notebooks=notebooks, kind=Kind(kernel))
    with leaving_cleanly():
        return _one(batch, given) if batch.is_single else _many(batch, given)


def _many(batch: "Batch", asked: dict[str, Any]) -> int:
    failed = batch.make(asked)
    for folder in failed:
        print(f"tenglong: not published; what there is, and why: {folder}", file=sys.stderr)
    print(batch.out / "index.html")
    return 1 if failed else 0


def _one(batch: "Batch", asked: dict[str, Any]) -> int:
    from tenglong.run.progress import Progress
    from tenglong.run.report import make
    from tenglong.run.request import request
    from tenglong.source.place import kit_root

    (bundle,) = batch.bundles
    folder = batch.notebooks or kit_root() / "notebooks"
    wanted = request(bundle, out=batch.out, notebooks=folder, **asked)
    result = make(wanted, Progress(sys.stderr, len(wanted.pages)), batch.kind)
    if result.failed:
        for page_id, reason in result.failed.items():
            print(f"tenglong: {page_id}: {reason}", file=sys.stderr)
        print(
            f"tenglong: not published, failed: {', '.join(result.failed)};"
            f" what there is, and why: {result.folder}",
            file=sys.stderr,
        )
        return 1
    print(wanted.out / "index.html")
    return 0
