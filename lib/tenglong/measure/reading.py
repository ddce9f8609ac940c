"""What an indicator says about a county: one of five shapes, or why it cannot say.

Times are ends of periods; values are exact and carry their unit. Every shape keeps the rows
that it was computed from, so that a figure can be explained down to them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

Part = Fraction | int | str | date


class Grain(StrEnum):
    """How long a period is."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True)
class Evidence:
    """Rows of one table that a figure was computed from; the index is the row in the file."""

    table: str
    rows: "pd.DataFrame"


@dataclass(frozen=True)
class Named:
    """Somebody whom a reader must see by name beside a figure: a title revoked, a firm on a line.

    `code` says what of it, `on` since when, or on the day of which figure.
    """

    code: str
    name: str
    on: date


@dataclass(frozen=True)
class Blank:
    """A cell that a figure waits for: it is blank, or says what cannot be (no heads, no land).

    Attributes
    ----------
    table, column
        What has to be supplied; no column where whole rows could not be used (隔离).
    name
        What the row is called: its firm, project or parcel.
    row
        The row in the file; None where the thing has no row in that table.
    count
        How many rows it stands for: more than one only of rows that were set aside, and of a code.
    of
        The table that the code in the cell refers to and that does not have it; empty for a blank.
    """

    table: str
    column: str
    name: str
    row: int | None = None
    count: int = 1
    of: str = ""


@dataclass(frozen=True)
class Suspect:
    """A cell that is hundreds of times away from what it is held against: a slip of units, say.

    Attributes
    ----------
    key
        The cells that name its row, by column: `{"usci": …, "year": 2021}`.
    name
        What the row is called.
    against
        What it was held against: `own` (the same thing's other periods), `per_mu`, `per_head`
        (its industry's median), `pair` (what goes with it in its row), `others`, `done`.
    times
        How many times that it is; below 1 it is so much less.
    accepted
        The reason for which the bundle accepts it as true; None where it does not.
    settled
        Cells (table, row, column) worked out from it before the county was cut to a township.
    """

    table: str
    row: int
    key: Mapping[str, Part]
    name: str
    column: str
    value: Fraction
    against: str
    usual: Fraction
    times: Fraction
    accepted: str | None = None
    settled: tuple[tuple[str, int, str], ...] = ()


@dataclass(frozen=True)
class Maybe:
    """What the blank cells of one thing leave open of a sum: amounts that all count, or none.

    A day is None where it is not known, an amount where it is not: the sum then has no upper
    bound, since none of these amounts is ever negative.
    """

    blanks: tuple[Blank, ...]
    amounts: tuple[tuple[date | None, Fraction | None], ...]


@dataclass(frozen=True)
class Incomplete:
    """A period of which too much is blank for a figure, and what it waits for."""

    end: date
    blanks: tuple[Blank, ...]


@dataclass(frozen=True)
class Figure:
    """A value for the period that ends on `end`; None where it is not applicable.

    `since` is what has come to it after that day and counts at once: firms cleared out between
    two yearly figures. It moves neither the figure nor its date. A figure that `is_preliminary`
    (初步) gives no final verdict. `bounds` are where it may lie, as what it follows from was
    rounded; None where it is exact. Where it waits for `blanks`, `low` and `high` are how far
    these could move it, None where there is no bound.
    """

    end: date
    value: Fraction | None
    parts: Mapping[str, Part] = field(default_factory=dict)
    since: Fraction = Fraction(0)
    is_preliminary: bool = False
    bounds: tuple[Fraction, Fraction] | None = None
    blanks: tuple[Blank, ...] = ()
    low: Fraction | None = None
    high: Fraction | None = None


@dataclass(frozen=True)
class Running:
    """The last twelve months of what is reported by month, over the last year's denominators.

    It stands beside the yearly figure (近12个月滚动), and is in no status and no progress.

    Attributes
    ----------
    start, end
        The first and the last day of the twelve months.
    value
        In the series' unit; None where `code` says why: firms_lacking, months_old (the
        last month known is older than the policy allows) or zero.
    year
        Whose population and denominators they are.
    firms, firms_lacking
        Of the population: how many it has, and how many lack a month or their denominator, or
        are `in_doubt`.
    in_doubt
        The names of those of which it is doubtful when they were closed: in neither sum.
    without
        What the yearly figure holds and the months do not: add_back, or "" for nothing.
    """

    start: date
    end: date
    value: Fraction | None
    year: int
    firms: int
    firms_lacking: int
    code: str = ""
    without: str = ""
    in_doubt: tuple[str, ...] = ()


@dataclass(frozen=True)
class Series:
    """One figure a period, oldest first.

    `running` is what months tell beside yearly figures; `incomplete` are the periods without one
    for blanks.
    """

    figures: tuple[Figure, ...]
    unit: str
    grain: Grain = Grain.YEAR
    evidence: tuple[Evidence, ...] = ()
    named: tuple[Named, ...] = ()
    running: Running | None = None
    incomplete: tuple[Incomplete, ...] = ()


@dataclass(frozen=True)
class Flow:
    """Dated amounts that add up.

    Attributes
    ----------
    known_until
        The end of the last period that has been reported, where amounts come by period;
        None where every event is known as it happens.
    is_ledger
        Whether acts are written down as they are done, so that who stops acting falls behind;
        else the amounts are figures of periods, and stand until the next one is out.
    may_fall
        Whether the sum may fall again (a net count).
    batches
        The months at whose end amounts come, every year; empty where they come at any time.
    named
        Whom a reader must see by name beside the sum.
    preliminary
        The days whose amounts rest on preliminary figures (初步): they give no final verdict.
    maybe
        What is in no amount since a cell that decides it is blank.
    """

    amounts: tuple[tuple[date, Fraction], ...]
    unit: str
    known_until: date | None = None
    grain: Grain = Grain.MONTH
    is_ledger: bool = True
    may_fall: bool = False
    batches: tuple[int, ...] = ()
    preliminary: frozenset[date] = frozenset()
    parts: Mapping[str, Part] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    named: tuple[Named, ...] = ()
    maybe: tuple[Maybe, ...] = ()


@dataclass(frozen=True)
class Open:
    """Something that has to be done and is not: since when, and until when it is in hand (办理中).

    `since` and `until` are None where they are not known: then no term runs.
    """

    name: str
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Coverage:
    """How much of what had to be done is done; both in the same unit.

    `opened` is what is not done, the longest open first. `preliminary` is the end of the year
    whose preliminary figures (初步) it rests on: it gives no final verdict then. Where it waits
    for `blanks`, `low` and `high` are the share done at the least and at the most, None where
    there is no bound.
    """

    done: Fraction
    required: Fraction
    unit: str
    completed_on: date | None = None
    opened: tuple[Open, ...] = ()
    preliminary: date | None = None
    parts: Mapping[str, Part] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    blanks: tuple[Blank, ...] = ()
    low: Fraction | None = None
    high: Fraction | None = None


@dataclass(frozen=True)
class Happened:
    """The day of a milestone, or None while it is still to come."""

    on: date | None
    evidence: tuple[Evidence, ...] = ()


class Gap(StrEnum):
    """Why there is no reading."""

    NO_DATA = "no_data"
    NOT_APPLICABLE = "not_applicable"
    NOT_QUANTIFIABLE = "not_quantifiable"
    CONTRADICTORY = "contradictory"


@dataclass(frozen=True)
class NotKnown:
    """There is no reading; `table` and `column` are what would have to be supplied.

    `blanks` are the cells of it that it waits for, where only some are lacking.
    """

    why: Gap
    code: str
    table: str = ""
    column: str = ""
    parts: Mapping[str, Part] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    blanks: tuple[Blank, ...] = ()


Reading = Series | Flow | Coverage | Happened | NotKnown


def not_supplied(table: str, column: str | None = None) -> NotKnown:
    """Say that there is no reading, as a table or a column was not supplied.

    >>> not_supplied("special_fund").code
    'no_table'
    """
    return NotKnown(Gap.NO_DATA, "no_column" if column else "no_table", table, column or "")
