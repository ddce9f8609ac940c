"""All that is known of a county on one day: the one thing every measure is given."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Protocol, TypeVar

import pandas as pd

from tenglong.measure.clause import Label, Plan

Told = TypeVar("Told")


class Unavailable(Exception):  # noqa: N818 - it is an answer ("not known"), not a failure
    """A measure needs a table or a column that the county has not supplied."""

    def __init__(self, table: str, column: str | None = None) -> None:
        self.table = table
        self.column = column
        super().__init__(f"{table}.{column}" if column else table)


class NoClause(Unavailable):
    """A measure needs a number that a clause of the plan gives, and the plan has no such clause.

    `column` is the indicator that measures such a clause.
    """

    def __init__(self, indicator: str) -> None:
        super().__init__("plan", indicator)


@dataclass(frozen=True)
class Input:
    """A file (or query) that a table was read from.

    Attributes
    ----------
    rows, set_aside
        How many of its rows are used, and how many could not be (隔离).
    """

    table: str
    origin: str
    sha256: str
    rows: int
    set_aside: int = 0


@dataclass(frozen=True)
class Repair:
    """An outline that could not be used as it was drawn.

    Attributes
    ----------
    row, name
        Its row in the file, and its key.
    fault
        `crossing`, `unclosed` or `mixed` (points or lines beside polygons).
    before_mu, after_mu
        The area as drawn (None where that has none) and of the outline that is used instead.
    is_made
        False where the change is more than the policy allows: the outline counts as missing.
    """

    table: str
    row: int
    name: str
    fault: str
    before_mu: float | None
    after_mu: float
    is_made: bool


@dataclass(frozen=True, eq=False)
class Strays:
    """The codes of a column that stand in no row of the table that they refer to.

    Attributes
    ----------
    table, column
        Where they stand.
    of
        The table that does not have them, or has them only in rows that are not used.
    codes
        By row in the file.
    is_key
        Whether they name the row itself, so that every figure of the table hangs on them.
    """

    table: str
    column: str
    of: str
    codes: "pd.Series[Any]"
    is_key: bool = True


class Derived(Protocol):
    """Where what is worked out of a county is kept, for whoever asks for it next."""

    def get(self, name: str, work: Callable[[], Told]) -> Told:
        """Give what stands under a name, or else work it out and keep it."""
        ...

    def within(self, part: str) -> "Derived":
        """Give the place of what is worked out of a part of the county."""
        ...


class Unkept:
    """Keeps nothing.

    >>> Unkept().get("one", lambda: 1)
    1
    """

    def get(self, name: str, work: Callable[[], Told]) -> Told:
        """Work it out."""
        del name
        return work()

    def within(self, part: str) -> "Unkept":
        """Keep nothing of a part either."""
        del part
        return self


@dataclass(frozen=True)
class Township:
    """One township of a county: its code (9 digits), and its name."""

    code: str
    name: Label


@dataclass(frozen=True)
class Accepted:
    """A cell that the bundle accepts as true although it is hundreds of times away from others.

    `key` names its row by the table's key columns.
    """

    table: str
    key: Mapping[str, Any]
    column: str
    reason: str


@dataclass(frozen=True)
class LeftOut:
    """A part of the policy that is left out, since the plan has no clause that it speaks of.

    Attributes
    ----------
    file, part
        The policy file, and the keys that lead to the part.
    name
        What people call it.
    wanted
        By what the clause was looked for: what measures it, its words or its id.
    """

    file: str
    part: tuple[str, ...]
    name: Label
    wanted: str


@dataclass(eq=False)
class Keep:
    """What was worked out of a county (`measure.kept`).

    Attributes
    ----------
    found
        By measure and options.
    cut_from
        The county of which it has some rows, each as it stands there; None where it is no cut.
    derived
        Where other processes of the run find what is dear.
    """

    found: dict[Hashable, Any] = field(default_factory=dict)
    cut_from: "County | None" = None
    derived: Derived = field(default_factory=Unkept)


@dataclass(frozen=True, eq=False, repr=False)
class County:
    """A county's tables as of a day, with its plan and its policy.

    Attributes
    ----------
    as_of
        The day it is seen on; no table holds a fact that was not known then.
    tables
        Frames by table name; the index is the row number in the source, dtypes are those
        of `source.schema`. What was not supplied is not there.
    policy
        The rules that the plan leaves to others, by the name of their file in `data/policy`,
        completed by the plan (`source.bound_policy`).
    crs
        The projected reference system in which areas and distances are computed.
    labels
        What people call the tables and columns, by table and column ("" for the table).
    choices
        What people call the codes in a column of choices, by table, column and code.
    is_synthetic
        Whether the data is made up (示例数据); every page says so.
    township
        The one that the tables are cut to (`measure.firm.places.within`); None for all of it.
    is_settled
        Whether the land of firms by year was worked out while all of the county was there, and
        stands in `enterprise_years` (`measure.firm.places`).
    links
        By table without a township of its own, the column that names the firm, parcel or project
        that a row stands with, and the table of these (`refers_to` in `tables.yml`).
    names
        What its units and townships are called, by the name that the plan or the data has.
    unplaced
        The tables that were left out by that cut, since their rows stand in no township.
    spans
        Of a township, the first and last month of each monthly table of the whole county.
    accepted
        The cells that the bundle accepts as true (`measure.slip.suspects`).
    doubtful
        By table and row, the columns whose cell holds no day that can be meant, or one that
        cannot lie beside another of its row: nothing is concluded from them.
    set_aside
        The rows that could not be used, by table, as far as their cells could be read.
    left_out
        What of the policy is left out, since the plan has no clause that it speaks of.
    strays
        The codes that refer to nothing, of the rows that are known on the day; those of the whole
        county also in a township, of which they may be.
    whole
        The county that it was cut from, or settled from; None where it is that itself.
    keep
        What was worked out of it; of a county that replaces it, nothing is yet.
    """

    name: Label
    code: str
    as_of: date
    plan: Plan
    policy: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]
    crs: str
    currency: Label = field(default_factory=lambda: Label("万元", "10k CNY"))
    is_synthetic: bool = False
    notice: Label | None = None
    inputs: tuple[Input, ...] = ()
    repairs: tuple[Repair, ...] = ()
    labels: Mapping[tuple[str, str], Label] = field(default_factory=dict)
    choices: Mapping[tuple[str, str, str], Label] = field(default_factory=dict)
    township: Township | None = None
    is_settled: bool = False
    unplaced: frozenset[str] = frozenset()
    spans: Mapping[str, tuple[pd.Period, pd.Period] | None] = field(default_factory=dict)
    links: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    names: Mapping[str, Label] = field(default_factory=dict)
    accepted: tuple[Accepted, ...] = ()
    doubtful: Mapping[str, Mapping[int, frozenset[str]]] = field(default_factory=dict)
    set_aside: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    left_out: tuple[LeftOut, ...] = ()
    strays: tuple[Strays, ...] = ()
    whole: "County | None" = None
    keep: Keep = field(default_factory=Keep, init=False)

    def __getstate__(self) -> dict[str, Any]:
        """Leave what is kept behind: it is worked out anew where the county arrives."""
        return {**self.__dict__, "keep": Keep()}

    def __repr__(self) -> str:
        place = f"{self.name.zh} · {self.township.name.zh}" if self.township else self.name.zh
        rows = sum(map(len, self.tables.values()))
        return f"<County {place} {self.as_of}: {len(self.tables)} tables, {rows:,} rows>"

    def by(self, policy: Mapping[str, Any]) -> "County":
        """Give the same county, by another policy."""
        return self if policy is self.policy else replace(self, policy=policy)

    def label(self, table: str, column: str = "") -> Label:
        """Name a table or a column for people; its own name where no label is known."""
        return self.labels.get((table, column), Label(column or table, column or table))

    def choice(self, table: str, column: str, code: str) -> Label:
        """Name what a code of a column stands for; the code itself where that is not known."""
        return self.choices.get((table, column, code), Label(code, code))

    def doubts(self, table: str, row: int) -> frozenset[str]:
        """Give the columns of a row whose day is doubtful.

        >>> from dataclasses import replace
        >>> known = replace(example_county(), doubtful={"parcels": {3: frozenset({"started_on"})}})
        >>> known.doubts("parcels", 3), known.doubts("parcels", 4)
        (frozenset({'started_on'}), frozenset())
        """
        return self.doubtful.get(table, {}).get(row, frozenset())

    def months(self, name: str) -> tuple[pd.Period, pd.Period] | None:
        """Give the first and the last month that a monthly table reports on; None for none.

        Of a township those of the whole county: who has no row for a month has nothing to tell.

        >>> county = example_county(project_months={"month": ["2021-02", "2021-05"]})
        >>> [str(month) for month in county.months("project_months")]
        ['2021-02', '2021-05']
        """
        if name in self.spans:
            return self.spans[name]
        known = self.table(name, "month")["month"].dropna()
        return None if known.empty else (known.min(), known.max())

    def table(self, name: str, *columns: str) -> pd.DataFrame:
        """Give a table that has these columns.

        Raises
        ------
        Unavailable
            If the table, or one of the columns, was not supplied.
        """
        frame = self.tables.get(name)
        if frame is None:
            raise Unavailable(name)
        for column in columns:
            if column not in frame.columns:
                raise Unavailable(name, column)
        return frame


def attempt(measure: Callable[[County], Told], county: County) -> Told | Unavailable:
    """Give a measure of a county, or what would have to be supplied for it.

    >>> str(attempt(lambda county: county.table("land_moves", "area_mu"), example_county()))
    'land_moves'
    """
    try:
        return measure(county)
    except Unavailable as lacking:
        return lacking
