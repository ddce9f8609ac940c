"""The problems of a bundle's files, as `tenglong check` prints them."""

from collections.abc import Iterable
from typing import Protocol

from rich.table import Table
from rich.text import Text

from tenglong.show.words import word

SEVERITIES = ("error", "warning", "note")
STYLES = {"error": "bold red", "warning": "yellow", "note": "dim"}


class Told(Protocol):
    """What is needed of a problem to print it; `source.problem.Problem` is one."""

    @property
    def severity(self) -> str:
        """`error`, `warning` or `note`."""

    @property
    def code(self) -> str:
        """Its name in `rules.yml`."""

    @property
    def file(self) -> str:
        """The file."""

    @property
    def sheet(self) -> str:
        """The sheet or layer, or empty."""

    @property
    def table(self) -> str:
        """The table that the file should bring."""

    @property
    def column(self) -> str:
        """The column, or empty."""

    @property
    def row(self) -> int | None:
        """The row as a person counts it in the file."""

    @property
    def value(self) -> str:
        """What stands there."""

    @property
    def rule(self) -> str:
        """What must hold, in English."""

    @property
    def rule_zh(self) -> str:
        """What must hold, in Chinese."""


def finding_record(one: Told, *, language: str, column: str = "") -> dict[str, object]:
    """Give a problem as `--json` prints it.

    Parameters
    ----------
    column
        The column's name for people; its own name where none is given.
    """
    return {
        "severity": str(one.severity),
        "code": one.code,
        "file": one.file,
        "sheet": one.sheet,
        "table": one.table,
        "row": one.row,
        "column": one.column,
        "column_label": column or one.column,
        "value": one.value,
        "rule": one.rule_zh if language == "zh" and one.rule_zh else one.rule,
    }


def findings_table(records: Iterable[dict[str, object]], language: str) -> Table:
    """Lay problems out, the gravest first, in the order of the files."""
    table = Table(show_edge=False, pad_edge=False)
    table.add_column(word("intake.severity", language), no_wrap=True)
    for name in ("where", "column", "value", "rule"):
        table.add_column(word(f"intake.{name}", language), overflow="fold")
    listed = sorted(records, key=lambda one: SEVERITIES.index(str(one["severity"])))
    for one in listed:
        severity = str(one["severity"])
        where = f"{one['file']}[{one['sheet']}]" if one["sheet"] else str(one["file"])
        if one["row"] is not None:
            where += " " + word("intake.row", language, row=one["row"])
        cells = (where, one["column_label"], one["value"], one["rule"])
        mark = Text(word(f"intake.{severity}", language), style=STYLES[severity])
        table.add_row(mark, *(Text(str(cell)) for cell in cells))
    return table
