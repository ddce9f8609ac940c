"""What a machine's own scheduler is given: printed, or written to a folder."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import click

from tenglong.run.publish import writing
from tenglong.run.schedule import cron, systemd, windows
from tenglong.run.schedule.errand import Errand, errand_of
from tenglong.run.schedule.rule import rule_of
from tenglong.run.schedule.settings import read_settings
from tenglong.show.words import word
from tenglong.source.description import describe_bundle
from tenglong.source.policy import load_policy


def print_installable(
    bundle: str,
    kind: str,
    *,
    to: Path | None,
    out: Path,
    settings: Path | None,
    language: str,
    notebooks: Path | None,
) -> None:
    """Print the files of a kind of scheduler, or write them, and say how they are installed.

    Raises
    ------
    ConfigurationError
        If the bundle's description, the rule or the settings are malformed.
    UsageError
        If a path cannot be scheduled.
    WriteError
        If the folder cannot be written to.
    """
    about = describe_bundle(bundle)
    rule = rule_of(load_policy(about.policy, beside=about.path))
    read_settings(about.path, settings)  # told now, not at the first report
    options = {
        "--language": language,
        **({"--settings": str(settings.absolute())} if settings else {}),
        **({"--notebooks": str(notebooks.absolute())} if notebooks else {}),
    }
    errand = errand_of(about, rule, out=out, options=options)
    files = _files(errand, kind)
    for name, text in files.items():
        if to is None:
            if len(files) > 1:
                click.echo(f"# {name}")
            click.echo(text)
            continue
        encoding = windows.ENCODING if kind == "windows" else "utf-8"
        with writing(to):
            to.mkdir(parents=True, exist_ok=True)
            (to / name).write_text(text, encoding=encoding, newline="\n")
        click.echo(word("schedule.written", language, path=to / name))
    click.echo(word(f"schedule.install.{kind}", language, name=errand.name), err=True)


def _files(errand: Errand, kind: str) -> Mapping[str, str]:
    if kind == "systemd":
        return systemd.units_of(errand)
    if kind == "cron":
        return {f"{errand.name}.crontab": cron.line_of(errand)}
    today = datetime.now(UTC).astimezone(errand.rule.time_zone).date()
    return {f"{errand.name}.xml": windows.task_of(errand, today)}
