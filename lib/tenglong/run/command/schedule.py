"""`tenglong schedule`: what lets a machine's own scheduler make reports on time."""

from pathlib import Path
from typing import Any

import click

from tenglong.errors import UsageError

KINDS = ("systemd", "cron", "windows")


@click.command()
@click.argument("bundle")
@click.option("--systemd", is_flag=True, help="A service and a timer.")
@click.option("--cron", is_flag=True, help="A line of a crontab.")
@click.option("--windows", is_flag=True, help="The XML of a task of the Task Scheduler.")
@click.option(
    "--to",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write it to DIR; default: it is printed.",
)
@click.option(
    "--out",
    metavar="DIR",
    type=click.Path(path_type=Path),
    default=Path("reports"),
    help="The folder of reports; default: reports.",
)
@click.option(
    "--settings", metavar="FILE", type=click.Path(path_type=Path), help="See `tenglong due`."
)
@click.option("--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
@click.option(
    "--notebooks", metavar="DIR", type=click.Path(path_type=Path), help="See `tenglong due`."
)
def schedule(bundle: str, *, to: Path | None, **asked: Any) -> None:
    """Print what lets this machine run `tenglong due BUNDLE --make` every hour.

    Most hours find nothing to do. What is due, and by which clock, the policy decides
    (schedule.yml). Nothing is installed; how that is done is said on the standard error.
    """
    kinds = [kind for kind in KINDS if asked.pop(kind)]
    if len(kinds) != 1:
        raise UsageError(f"choose one of {', '.join(f'--{kind}' for kind in KINDS)}")
    from tenglong.run.schedule.install import print_installable

    print_installable(bundle, kinds[0], to=to, **asked)
