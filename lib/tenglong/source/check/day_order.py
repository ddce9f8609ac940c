"""Days of one row held against one another, and the days from which nothing may be concluded."""

from collections.abc import Iterable, Iterator, Mapping

import pandas as pd

from tenglong.source.problem import Problem, Spot
from tenglong.source.schema import Table, Type

JOINT = "+"  # between the columns of a problem that is about several
# What leaves open which day was meant, though the row is used.
DOUBTS = {
    "unreadable",
    "month_only",
    "no_date",
    "far_date",
    "date_order",
    "formula_error",
    "formula_empty",
}


def days_out_of_order(frame: pd.DataFrame, table: Table, spot: Spot) -> Iterator[Problem]:
    """Tell of the days that lie before one of their row that they cannot lie before.

    The problem is about both columns: which of the two is wrong is not known.
    """
    for column in table.columns.values():
        for earlier in column.not_before:
            if column.name not in frame or earlier not in frame:
                continue
            days, others = frame[column.name], frame[earlier]
            label = table.columns[earlier].label
            for row in frame.index[days < others]:
                yield spot.problem(
                    "date_order",
                    column=f"{column.name}{JOINT}{earlier}",
                    row=int(row),
                    value=days[row].date(),
                    label=label.en,
                    label_zh=label.zh,
                    other=others[row].date(),
                )


def doubtful_days(problems: Iterable[Problem], table: Table) -> Mapping[int, frozenset[str]]:
    """Give the columns of days, by row, whose cell holds something that leaves a doubt."""
    found: dict[int, frozenset[str]] = {}
    for problem in problems:
        if problem.row is None or problem.code not in DOUBTS:
            continue
        names = {
            name
            for name in problem.column.split(JOINT)
            if name in table.columns and table.columns[name].type is Type.DATE
        }
        if names:
            found[problem.row] = found.get(problem.row, frozenset()) | names
    return found
