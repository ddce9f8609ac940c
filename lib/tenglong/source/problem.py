"""What is wrong with a file, said so that its owner can find and mend it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """An error keeps a row out; a warning lets it in and is told; a note is only told."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True)
class Problem:
    """One finding: where it is, what stands there, and what must hold."""

    severity: Severity
    code: str
    file: str
    table: str
    column: str = ""
    row: int | None = None
    value: str = ""
    rule: str = ""

    def __str__(self) -> str:
        where = [self.file, f"table {self.table}"]
        if self.row is not None:
            where.append(f"row {self.row}")
        if self.column:
            where.append(f"column {self.column}")
        value = f" {self.value!r}" if self.value else ""
        return f"{', '.join(where)}:{value} {self.rule}"


def summary(problems: Iterable[Problem], *, most: int = 10) -> str:
    """Join problems into one message, the first `most` of them in full.

    >>> one = Problem(Severity.ERROR, "x", "a.csv", "parcels", "price_wan", 3, "x", "is no number")
    >>> summary([one])
    "a.csv, table parcels, row 3, column price_wan: 'x' is no number"
    """
    listed = list(problems)
    lines = [str(problem) for problem in listed[:most]]
    if len(listed) > most:
        lines.append(f"and {len(listed) - most} more")
    return "; ".join(lines)
