"""`tenglong due`: what is to be made as of now, and making it."""

from pathlib import Path
from typing import Any

import click

from tenglong.errors import UsageError


@click.command()
@click.argument("bundle")
@click.option("--now", metavar="MOMENT", help="A day, or a moment of it; default: now.")
@click.option(
    "--out",
    metavar="DIR",
    type=click.Path(path_type=Path),
    default=Path("reports"),
    help="The folder of reports; default: reports.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.option("--make", "makes", is_flag=True, help="Make what is due, oldest first.")
@click.option("--catch-up", "catches_up", is_flag=True, help="Make what was missed, too.")
@click.option(
    "--settings",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Who is told, and how; default: notify.yml in BUNDLE, if it is there.",
)
@click.option("--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
@click.option(
    "--notebooks",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="A folder with a catalogue.yml; default: the kit's own notebooks.",
)
def due(bundle: str, *, now: str | None, as_json: bool, makes: bool, **asked: Any) -> int:
    """Tell of every month, quarter and year of the plan whether its report is made or due.

    With --make, files that were dropped in BUNDLE/inbox are taken over and what is due is
    published, each report by a run of its own; one that fails stops no other. The exit code is
    0, or that of the reports that failed; 1 where they failed with several. With --catch-up,
    what was missed since the plan began is made, too.
    """
    from tenglong.run.command.report import leaving_cleanly
    from tenglong.run.schedule.due import make_due, open_schedule, print_due

    catches_up, settings = asked.pop("catches_up"), asked.pop("settings")
    does = makes or catches_up
    if as_json and does:
        raise UsageError("--json: tells what is due; what --make does stands in the run log")
    if settings and not does:
        raise UsageError("--settings: says who is told of what --make does")
    schedule = open_schedule(bundle, **asked)
    if not does:
        print_due(schedule, now, as_json=as_json)
        return 0
    with leaving_cleanly():
        return make_due(schedule, now, catches_up=catches_up, settings=settings)
