"""`tenglong report`: run the notebooks on a bundle and publish the report."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import click

from tenglong.measure.reading import Grain
from tenglong.run.kernel.kind import Kind

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
@click.option(
    "--kernel",
    type=click.Choice([kind.value for kind in Kind]),
    default=Kind.WARM.value,
    help="How notebooks start: forked from a warm process, or each anew; default: warm.",
)
def report(bundle: str, notebooks: Path | None, kernel: str, **asked: Any) -> int:
    """Run the notebooks on BUNDLE and publish the report in DIR.

    A report is whole or absent: if a notebook fails, the last good one stays (exit code 1).
    """
    from tenglong.run.progress import Progress
    from tenglong.run.report import make
    from tenglong.run.request import request
    from tenglong.source.place import kit_root

    with leaving_cleanly():
        wanted = request(bundle, notebooks=notebooks or kit_root() / "notebooks", **asked)
        result = make(wanted, Progress(sys.stderr, len(wanted.pages)), Kind(kernel))
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
