"""What came of each table that a county may supply, and what is wanting."""

from dataclasses import dataclass
from datetime import date

from tenglong.measure.clause import Clause


@dataclass(frozen=True)
class Account:
    """What came of one table.

    Attributes
    ----------
    origin
        The file or query; empty where the table was not supplied.
    rows, set_aside
        How many rows are used, and how many could not be; None where it could not be read.
    known
        How many of those used were known on the day.
    present, absent
        Its columns that were supplied, and those that were not.
    covers
        The first and last day that the rows known tell of; None where they tell of no day.
    grain
        `year`, `month` or `day`: how fine that is.
    """

    table: str
    origin: str = ""
    rows: int | None = None
    set_aside: int | None = None
    known: int | None = None
    present: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    covers: tuple[date, date] | None = None
    grain: str = "day"

    @property
    def is_read(self) -> bool:
        """Whether its rows are there."""
        return self.rows is not None


@dataclass(frozen=True)
class Gap:
    """A table, or a column of one, that is wanting, and the clauses that cannot be told for it.

    `column` is empty where the whole table is wanting.
    """

    table: str
    column: str = ""
    clauses: tuple[Clause, ...] = ()
