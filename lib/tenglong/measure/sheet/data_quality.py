"""Account for every table of the data model: what came in, over which time, what is wanting."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from tenglong.measure.board.board import assess_plan
from tenglong.measure.clause import Clause
from tenglong.measure.clearance.standing import due_after_plan
from tenglong.measure.county import County, Strays, Unavailable, attempt
from tenglong.measure.evaluation.ranking import evaluate
from tenglong.measure.judge.assessment import Assessment, Board
from tenglong.measure.reading import Blank, Suspect
from tenglong.measure.sheet.enterprises import Checked, checked, last_year
from tenglong.measure.sheet.land import Outlines, outlined
from tenglong.measure.sheet.sheet import PageSheet
from tenglong.measure.slip.suspects import suspects
from tenglong.measure.stray import UNMATCHED
from tenglong.measure.supply import origin_of, place_of


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


@dataclass(frozen=True)
class Held:
    """A cell that clauses wait for (`Blank`), or that is suspected of a slip (`Suspect`).

    `file` is where its table came from; `clauses` wait for it, are stopped by it, or rest on it.
    """

    cell: Blank | Suspect
    file: str
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, eq=False)
class Unlinked:
    """The codes of a column that refer to nothing.

    `file` is where its table came from; the figures of `clauses` hang on them.
    """

    strays: Strays
    file: str
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, eq=False, repr=False)
class DataQualitySheet(PageSheet):
    """What came in, what is wanting, and what is wrong with outlines, grades and terms.

    Attributes
    ----------
    untold
        The clauses that should be told and cannot be, for whichever reason.
    awaited
        The single cells that clauses wait for.
    suspects
        The values that are hundreds of times away from others, those accepted in bundle.yml
        among them.
    unlinked
        The codes that refer to nothing, column by column.
    outlines
        See `sheet.land.outlined`.
    checked
        Where the last year's evaluation by the scheme `default` contradicts what else is known.
    late_terms
        The listed firms whose term ends after the plan (`due_after_plan`).
    """

    accounts: tuple[Account, ...]
    gaps: tuple[Gap, ...]
    untold: tuple[Assessment, ...]
    awaited: tuple[Held, ...]
    suspects: tuple[Held, ...]
    unlinked: tuple[Unlinked, ...]
    outlines: Outlines | Unavailable
    checked: Checked | Unavailable
    late_terms: pd.DataFrame | Unavailable


def data_quality_sheet(
    county: County, refused: Mapping[str, str] | None = None
) -> DataQualitySheet:
    """Account for a county's data; `refused` as `accounts` takes it.

    >>> data_quality_sheet(example_county(policy=load_policy())).gaps
    ()
    """
    board = assess_plan(county)
    return DataQualitySheet(
        accounts(county, refused),
        gaps(county, board),
        board.untold,
        awaited(county, board),
        suspected(county, board),
        unlinked(county, board),
        outlined(county),
        attempt(_checked_grades, county),
        attempt(due_after_plan, county),
    )


def _checked_grades(county: County) -> Checked:
    return checked(county, evaluate(county, year=last_year(county)))


def awaited(county: County, board: Board) -> tuple[Held, ...]:
    """List the single cells that clauses wait for, by table, column and row."""
    waiting: dict[Blank, list[Clause]] = {}
    for assessment in board.assessments:
        for blank in (cell for cell in assessment.awaited if not cell.of):
            waiting.setdefault(blank, []).append(assessment.clause)
    held = [_held(county, blank, clauses) for blank, clauses in waiting.items()]
    order = {key: place for place, key in enumerate(county.labels)}

    def place(one: Held) -> tuple[int, int, str]:
        cell = one.cell
        return order.get((cell.table, cell.column), len(order)), cell.row or 0, cell.name

    return tuple(sorted(held, key=place))


def suspected(county: County, board: Board) -> tuple[Held, ...]:
    """List every value that is hundreds of times away from others, and the clauses resting on it.

    Those that are not accepted come first.
    """
    held = [
        _held(
            county,
            one,
            [a.clause for a in board.assessments if any(s == one for s in a.suspects)],
        )
        for one in suspects(county)
    ]
    return tuple(sorted(held, key=lambda one: getattr(one.cell, "accepted", None) is not None))


def unlinked(county: County, board: Board) -> tuple[Unlinked, ...]:
    """List the columns with codes that refer to nothing, those that most rows have first."""
    return tuple(
        Unlinked(
            strays,
            origin_of(county.inputs, strays.table),
            tuple(one.clause for one in board.assessments if _waits(one, strays)),
        )
        for strays in sorted(county.strays, key=lambda one: -len(one.codes))
    )


def _waits(one: Assessment, strays: Strays) -> bool:
    place = (strays.table, strays.column, strays.of)
    return any((blank.table, blank.column, blank.of) == place for blank in one.awaited)


def _held(county: County, cell: Blank | Suspect, clauses: Sequence[Clause]) -> Held:
    if cell.row is None:
        return Held(cell, origin_of(county.inputs, cell.table), tuple(clauses))
    file, row = place_of(county.inputs, cell.table, cell.row)
    return Held(replace(cell, row=row), file, tuple(clauses))


def accounts(county: County, refused: Mapping[str, str] | None = None) -> tuple[Account, ...]:
    """Account for every table that the county may supply, in their order.

    Parameters
    ----------
    refused
        The tables that were supplied but could not be read, with their files.

    Examples
    --------
    >>> from tenglong.measure.clause import Label
    >>> from tenglong.measure.county import Input
    >>> from dataclasses import replace
    >>> county = example_county(special_fund={"year": [2021, 2020]})
    >>> county = replace(county, inputs=(Input("special_fund", "a.csv", "", 2, 1),),
    ...     labels={("special_fund", name): Label(name, name) for name in ("", "year", "drawn")})
    >>> [fund] = accounts(county)
    >>> fund.rows, fund.set_aside, fund.absent, [day.isoformat() for day in fund.covers]
    (2, 1, ('drawn',), ['2020-01-01', '2021-12-31'])
    """
    lost = refused or {}
    names = [table for table, column in county.labels if not column]
    return tuple(_account(county, table, lost.get(table, "")) for table in names)


def _account(county: County, table: str, file: str) -> Account:
    given = [one for one in county.inputs if one.table == table]
    columns = [column for name, column in county.labels if name == table and column]
    if not given or table not in county.tables:
        return Account(table, origin=file)
    frame = county.tables[table]
    covers, grain = _covered(frame, county.as_of)
    return Account(
        table=table,
        origin=origin_of(given, table),
        rows=sum(one.rows for one in given),
        set_aside=sum(one.set_aside for one in given),
        known=len(frame),
        present=tuple(column for column in columns if column in frame.columns),
        absent=tuple(column for column in columns if column not in frame.columns),
        covers=covers,
        grain=grain,
    )


def _covered(frame: pd.DataFrame, as_of: date) -> tuple[tuple[date, date] | None, str]:
    """Give the time that rows tell of: by month, by year, or else by their dates until the day."""
    if "month" in frame:
        months = frame["month"].dropna()
        return _span(months.dt.start_time, months.dt.end_time), "month"
    if "year" in frame:
        years = frame["year"].dropna().astype("int").astype("str")
        return _span(pd.to_datetime(years + "-01-01"), pd.to_datetime(years + "-12-31")), "year"
    days = [frame[name] for name in frame.select_dtypes("datetime")]
    known = pd.concat(days).dropna() if days else pd.Series(dtype="datetime64[s]")
    known = known[known <= pd.Timestamp(as_of)]  # later ones are agreed, not yet facts
    return _span(known, known), "day"


def _span(starts: pd.Series, ends: pd.Series) -> tuple[date, date] | None:
    return (starts.min().date(), ends.max().date()) if len(starts) else None


def gaps(county: County, board: Board) -> tuple[Gap, ...]:
    """List what is wanting: each table not supplied, each column that a clause cannot do without.

    Those that most clauses wait for come first, then in the order of the tables.
    """
    waiting: dict[tuple[str, str], list[Clause]] = {
        (table, ""): []
        for table, column in county.labels
        if not column and table not in county.tables
    }
    for assessment in board.assessments:
        if assessment.missing is None or assessment.status.is_known:
            continue
        if assessment.reason.code != UNMATCHED:  # no column is wanting
            waiting.setdefault(assessment.missing, []).append(assessment.clause)
    gaps = [Gap(table, column, tuple(clauses)) for (table, column), clauses in waiting.items()]
    order = {key: place for place, key in enumerate(county.labels)}

    def urgency(gap: Gap) -> tuple[int, int, str, str]:
        place = order.get((gap.table, gap.column), len(order))
        return -len(gap.clauses), place, gap.table, gap.column

    return tuple(sorted(gaps, key=urgency))
