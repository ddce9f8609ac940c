"""Tallies as data: rows of a table that meet a condition, counted or added up by township."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pandas as pd

from tenglong.errors import ConfigurationError, Fault, did_you_mean, is_it
from tenglong.measure.clause import Label
from tenglong.measure.county import County
from tenglong.measure.exact import exact
from tenglong.measure.firm.places import township_of
from tenglong.measure.judge.clock import months_between
from tenglong.measure.kept import kept
from tenglong.measure.policy.formula import FUNCTIONS, Formula, Function
from tenglong.measure.policy.wording import WORDS, wording_rule
from tenglong.measure.row import exact_row, rows

# What a condition may name beside the columns of its table.
DAYS = frozenset({"as_of", "year_start", "plan_start", "effective_on"})
OWN_FUNCTIONS = frozenset({*WORDS, "months_since"})


@dataclass(frozen=True)
class Tally:
    """What is counted: rows of `table` `where` a condition holds.

    Each row counts one; with `sum` its amount in that column; with `distinct` the different
    values of a column count.
    """

    table: str
    where: Formula | None = None
    sum: str = ""
    distinct: str = ""

    def faults(self, place: str) -> Iterator[tuple[str, Label]]:
        """Tell what is wrong with it as it stands in the policy: the place, and why."""
        if not self.table:
            yield f"{place}.table", Label("应写明表名", "must name a table")
        if self.sum and self.distinct:
            both = Label("sum 和 distinct 只能写一个", "give `sum` or `distinct`, not both")
            yield place, both
        known = {*FUNCTIONS, *OWN_FUNCTIONS}
        for name in sorted(self.where.functions - known) if self.where is not None else ():
            yield (
                f"{place}.where",
                Label(
                    f"没有函数“{name}”{is_it(name, known)}",
                    f"there is no function {name!r}{did_you_mean(name, known)}",
                ),
            )


@dataclass(frozen=True)
class Tallied:
    """The tally of each township, and how many rows could not be told."""

    amounts: Mapping[str, Fraction]
    undecided: int


@kept
def tallied(county: County, tally: Tally) -> Tallied:
    """Tally the rows of a table by township.

    A row for which the condition is not known, or that has no amount, counts nothing and is
    told among the undecided; a row that stands in no township counts for none.

    Raises
    ------
    Unavailable
        If the table, a column that it needs, or the townships of its rows were not supplied.
    ConfigurationError
        If there can be no such table or column, or one that is added up does not hold numbers.

    >>> county = example_county(parcels={
    ...     "parcel_id": ["p", "q"], "township": ["t", "t"], "actual_mu": [1.5, 2.5]})
    >>> tallied(county, Tally("parcels", sum="actual_mu")).amounts
    {'t': Fraction(4, 1)}
    """
    days, words = _days(county), wording_rule(county.policy).functions
    wanted = (tally.where.names if tally.where else frozenset()) - days.keys()
    columns = sorted(wanted | ({tally.sum, tally.distinct} - {""}))
    _refuse_undeclared(county, tally.table, columns)
    frame = county.table(tally.table, *columns)
    amounts: dict[str, Fraction] = {}
    seen: set[tuple[str, Any]] = set()
    undecided = 0
    for row, place in zip(
        rows(frame[columns]), township_of(county, tally.table).tolist(), strict=True
    ):
        holds = _holds(tally.where, {**exact_row(row), **days}, words, county)
        amount = _amount(tally, row)
        undecided += holds is None or (holds and amount is None)
        mark = (str(place), row[tally.distinct]) if tally.distinct else None
        if not holds or amount is None or pd.isna(place) or mark in seen:
            continue
        if mark is not None:
            seen.add(mark)
        amounts[str(place)] = amounts.get(str(place), Fraction(0)) + amount
    return Tallied(dict(sorted(amounts.items())), undecided)


def _refuse_undeclared(county: County, table: str, columns: list[str]) -> None:
    """Refuse a slip of the policy, where it is known what every table may have."""
    if not county.labels:
        return
    tables = {name for name, _ in county.labels}
    known = {column for name, column in county.labels if name == table}
    if table not in tables:
        en = f"there is no table {table!r}{did_you_mean(table, tables)}"
        lacks = [Fault(en, f"没有表“{table}”{is_it(table, tables)}")]
        raise ConfigurationError.of_policy("league", lacks)
    lacks = [
        Fault(
            f"{table} has no column {column!r}{did_you_mean(column, known | DAYS)}",
            f"{table} 没有列“{column}”{is_it(column, known | DAYS)}",
        )
        for column in columns
        if column not in known
    ]
    if lacks:
        raise ConfigurationError.of_policy("league", lacks)


def _days(county: County) -> dict[str, Any]:
    return {
        "as_of": county.as_of,
        "year_start": county.as_of.replace(month=1, day=1),
        "plan_start": county.plan.window.start,
        "effective_on": county.plan.effective_on,
    }


def _holds(
    where: Formula | None,
    names: Mapping[str, Any],
    words: Mapping[str, Function],
    county: County,
) -> bool | None:
    if where is None:
        return True

    def months_since(day: Any) -> Fraction:
        return months_between(day, county.as_of)

    return where.holds(names, {**words, "months_since": months_since})


def _amount(tally: Tally, row: Mapping[str, Any]) -> Fraction | None:
    if tally.distinct:
        return None if row[tally.distinct] is None else Fraction(1)
    if not tally.sum:
        return Fraction(1)
    value = row[tally.sum]
    if value is not None and (isinstance(value, bool) or not isinstance(value, (int, float))):
        place = f"{tally.table}.{tally.sum}"
        wrong = Fault("does not hold numbers to add up", "不是可以加总的数字", place=place)
        raise ConfigurationError.of_policy("league", [wrong])
    return None if value is None else exact(value)
