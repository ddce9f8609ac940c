"""The problems of a bundle's files as `tenglong check` prints them, and the rows set aside."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from rich.table import Table
from rich.text import Text

from tenglong.measure.clause import Label
from tenglong.show.cell import as_text, csv_of
from tenglong.show.words import word

SEVERITIES = ("error", "warning", "note")
STYLES = {"error": "bold red", "warning": "yellow", "note": "dim"}


COLUMNS = ("file", "sheet", "row_number", "code", "reason")


class NotUsed(Protocol):
    """What is needed of a row to print it; `source.quarantine.Aside` is one."""

    @property
    def file(self) -> str:
        """The file."""

    @property
    def sheet(self) -> str:
        """The sheet or layer, or empty."""

    @property
    def row(self) -> int:
        """The row as a person counts it in the file."""

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of its errors."""

    @property
    def reason(self) -> Label:
        """Why it is not used."""

    @property
    def cells(self) -> Mapping[str, str]:
        """What stands in it, by the file's headers."""


def quarantine_csv(rows: Sequence[NotUsed], language: str) -> str:
    """Write rows with their place and the reason, then their cells under the file's own headers.

    No cell is a formula in a spreadsheet.
    """
    headers = list(dict.fromkeys(header for row in rows for header in row.cells))
    head = [word(f"intake.{name}", language) for name in COLUMNS]
    lines = [
        [row.file, row.sheet, str(row.row), " ".join(row.codes), row.reason[language]]
        + [row.cells.get(header, "") for header in headers]
        for row in rows
    ]
    cells = ([as_text(cell) for cell in line] for line in lines)
    return csv_of([*head, *map(as_text, headers)], cells)


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


def finding_record(told: Told, *, language: str, column: str = "") -> dict[str, object]:
    """Give a problem as `--json` prints it.

    Parameters
    ----------
    column
        The column's name for people; its own name where none is given.
    """
    return {
        "severity": str(told.severity),
        "code": told.code,
        "file": told.file,
        "sheet": told.sheet,
        "table": told.table,
        "row": told.row,
        "column": told.column,
        "column_label": column or told.column,
        "value": told.value,
        "rule": told.rule_zh if language == "zh" and told.rule_zh else told.rule,
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
