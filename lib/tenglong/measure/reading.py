"""What an indicator says about a county: one of five shapes, or why it cannot say.

Times are ends of periods; values are exact and carry their unit. Every shape keeps the rows
that it was computed from, so that a figure can be explained down to them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction

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
    rows: pd.DataFrame


@dataclass(frozen=True)
class Named:
    """Somebody whom a reader must see by name beside a figure: a title revoked, a firm on a line.

    `code` says what of it, `on` since when, or on the day of which figure.
    """

    code: str
    name: str
    on: date


@dataclass(frozen=True)
class Figure:
    """A value for the period that ends on `end`; None where it is not applicable.

    `since` is what has come to it after that day and counts at once: firms cleared out between
    two yearly figures. It moves neither the figure nor its date. A figure that `is_preliminary`
    (初步) gives no final verdict. `bounds` are where it may lie, as what it follows from was
    rounded; None where it is exact.
    """

    end: date
    value: Fraction | None
    parts: Mapping[str, Part] = field(default_factory=dict)
    since: Fraction = Fraction(0)
    is_preliminary: bool = False
    bounds: tuple[Fraction, Fraction] | None = None


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
        Of the population: how many it has, and how many lack a month or their denominator.
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


@dataclass(frozen=True)
class Series:
    """One figure a period, oldest first; `running` is what months tell beside yearly figures."""

    figures: tuple[Figure, ...]
    unit: str
    grain: Grain = Grain.YEAR
    evidence: tuple[Evidence, ...] = ()
    named: tuple[Named, ...] = ()
    running: Running | None = None


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
    whose preliminary figures (初步) it rests on: it gives no final verdict then.
    """

    done: Fraction
    required: Fraction
    unit: str
    completed_on: date | None = None
    opened: tuple[Open, ...] = ()
    preliminary: date | None = None
    parts: Mapping[str, Part] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()


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
    """There is no reading; `table` and `column` are what would have to be supplied."""

    why: Gap
    code: str
    table: str = ""
    column: str = ""
    parts: Mapping[str, Part] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()


Reading = Series | Flow | Coverage | Happened | NotKnown


def not_supplied(table: str, column: str | None = None) -> NotKnown:
    """Say that there is no reading, as a table or a column was not supplied.

    >>> not_supplied("special_fund").code
    'no_table'
    """
    return NotKnown(Gap.NO_DATA, "no_column" if column else "no_table", table, column or "")
