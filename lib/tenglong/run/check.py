"""Everything that is wrong with a bundle's files, on the terminal."""

import json
from collections import Counter
from pathlib import Path

import click
from rich.text import Text

from tenglong.errors import ConfigurationError, DataError, UsageError
from tenglong.run.publish import writing
from tenglong.run.quarantine import write_quarantine
from tenglong.run.sound import configuration_problems
from tenglong.run.terminal import Terminal
from tenglong.show.text.problems import SEVERITIES, finding_record, findings_table
from tenglong.show.words import word
from tenglong.source.bundle import Bundle, examine_bundle
from tenglong.source.description import describe_bundle
from tenglong.source.problem import Severity
from tenglong.source.schema import labels

LEAST_WIDTH = 120  # columns: what a pipe gets


def print_problems(bundle: str, *, as_json: bool, quarantine: Path | None, language: str) -> None:
    """Print what is wrong with a bundle, and write the rows that cannot be used where it is asked.

    Raises
    ------
    UsageError
        If the folder for these rows is not empty.
    click.exceptions.Exit
        With the code of what is wrong, where the bundle cannot be used as it is.
    """
    if quarantine is not None and quarantine.exists() and any(quarantine.iterdir()):
        raise UsageError(f"--quarantine: {quarantine} must be empty or new")
    about = describe_bundle(bundle)
    unsound = configuration_problems(about)
    read = examine_bundle(about)
    names = {key: label[language] for key, label in labels().items()}
    found = [
        finding_record(one, language=language, column=names.get((one.table, one.column), ""))
        for one in (*unsound, *read.problems)
    ]
    counts = Counter(dict.fromkeys(SEVERITIES, 0))
    counts.update(str(one["severity"]) for one in found)
    if as_json:
        report = {"counts": counts, "tables": _tables(read), "findings": found}
        click.echo(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        _print(read, found, counts, language)
    if quarantine is not None:
        with writing(quarantine):
            written = write_quarantine(quarantine, read, language)
        said = word("intake.written", language, rows=sum(written.values()), folder=quarantine)
        click.echo(said, err=True)
    if any(one.severity is Severity.ERROR for one in unsound):
        raise click.exceptions.Exit(ConfigurationError.exit_code)
    if counts["error"]:
        raise click.exceptions.Exit(DataError.exit_code)


def _tables(read: Bundle) -> list[dict[str, object]]:
    listed: list[dict[str, object]] = []
    for name, sources in read.description.sources.items():
        file = "、".join(dict.fromkeys(source.file for source in sources))
        loaded = read.tables.get(name)
        rows = None if loaded is None else len(loaded.frame)
        aside = None if loaded is None else len(loaded.quarantined)
        listed.append({"table": name, "file": file, "rows": rows, "quarantined": aside})
    return listed


def _print(
    read: Bundle, found: list[dict[str, object]], counts: Counter[str], language: str
) -> None:
    screen = Terminal()
    width = max(screen.width, LEAST_WIDTH) if screen.is_terminal else LEAST_WIDTH
    console = Terminal(width=width, highlight=False)
    name = read.description.name[language]
    console.print(Text(word("intake.title", language, name=name)))
    for table in _tables(read):
        key = "intake.refused" if table["rows"] is None else "intake.table"
        label = labels()[str(table["table"]), ""][language]
        said = {"label": label, "file": table["file"], "rows": table["rows"]}
        console.print(Text(word(key, language, aside=table["quarantined"], **said)))
    console.print(Text(word("intake.counts", language, **counts)))
    if found:
        console.print(findings_table(found, language))
