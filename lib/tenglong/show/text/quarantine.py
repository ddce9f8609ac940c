"""The rows of a table that were set aside, as the file that is given back to who supplied them."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from tenglong.measure.clause import Label
from tenglong.show.cell import as_text, csv_of
from tenglong.show.words import word

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
