"""What blank cells leave open: which cells, and how far they could move a ratio of sums.

A flag that is blank is neither yes nor no. Conditions over blanks follow the logic of three
values (true, false, not known) that pandas has for its `boolean` columns: what is not known
decides only where nothing else does.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any

import pandas as pd

from tenglong.measure.exact import exact, ratio
from tenglong.measure.reading import Blank

Case = tuple[Fraction, Fraction]
Things = list[tuple[tuple[Case, ...], int]]
NOTHING: Case = (Fraction(0), Fraction(0))
NAMED_BY = (
    "name",
    "holder",
    "usci",
    "project_id",
    "parcel_id",
    "supply_id",
    "move_id",
    "indicator",
    "year",
)


def equals(cells: "pd.Series[Any]", value: object) -> "pd.Series[bool]":
    """Whether each cell is this value; not known where it is blank.

    >>> equals(pd.Series(["new", "upgrade", None]), "new").tolist()
    [True, False, <NA>]
    """
    return (cells == value).astype("boolean").mask(cells.isna())


def at_least(cells: "pd.Series[Any]", least: float | Fraction) -> "pd.Series[bool]":
    """Whether each number is at least this; not known where it is blank.

    >>> at_least(pd.Series([3.0, 2.9, None]), 3).tolist()
    [True, False, <NA>]
    """
    return (cells >= float(least)).astype("boolean").mask(cells.isna())


def passing(cells: "pd.Series[Any]", holds: Callable[[Fraction], bool]) -> "pd.Series[bool]":
    """Whether each number passes a test, told exactly; not known where it is blank.

    >>> passing(pd.Series([3.0, 2.9, None]), lambda number: number > Fraction(29, 10)).tolist()
    [True, False, <NA>]
    """
    found = [pd.NA if pd.isna(value) else holds(exact(value)) for value in cells.tolist()]
    return pd.Series(found, index=cells.index, dtype="boolean")


def may_be(chosen: "pd.Series[bool]") -> "pd.Series[bool]":
    """Whether each row is in, or may be.

    >>> may_be(pd.Series([True, None, False], dtype="boolean")).tolist()
    [True, True, False]
    """
    return chosen.fillna(value=True).astype(bool)


def blanks_of(
    rows: pd.DataFrame,
    columns: Mapping[str, tuple[str, str]],
    names: "pd.Series[Any] | None" = None,
) -> tuple[Blank, ...]:
    """Name the blank cells of rows.

    Parameters
    ----------
    columns
        The columns that decide, with the table and column that would have to be supplied.
    names
        What the rows are called, by their index; by default the first of their columns that
        names things and is not blank.

    >>> frame = pd.DataFrame({"name": ["甲", "乙"], "is_enclave": [None, True]}, index=[4, 5])
    >>> [one] = blanks_of(frame, {"is_enclave": ("projects", "is_enclave")})
    >>> one.name, one.row
    ('甲', 4)
    """
    blank = {column: rows[column].isna() for column in columns if column in rows}
    blank = {column: cells for column, cells in blank.items() if cells.any()}
    if not blank:
        return ()
    if names is None:
        names = named(rows[pd.concat(blank.values(), axis=1).any(axis=1)])
    return tuple(
        Blank(*columns[column], str(names[row]), int(row))
        for column, cells in blank.items()
        for row in dict.fromkeys(rows.index[cells].tolist())
    )


def named(rows: pd.DataFrame) -> "pd.Series[Any]":
    """Give each row the first of its names that is known.

    >>> named(pd.DataFrame({"name": [None, "甲"], "usci": ["91A", "91B"]})).tolist()
    ['91A', '甲']
    """
    called = pd.Series(None, index=rows.index, dtype="object")
    for column in NAMED_BY:
        if column in rows and called.isna().any():
            called = called.where(called.notna(), rows[column].astype("object"))
    return called.fillna("")


def cases_of(flag: bool | None, *, is_sure: bool) -> tuple[Case, ...]:
    """Give what a thing may come to be in a count of done over all.

    Parameters
    ----------
    flag
        Whether it is done; missing where that is not known.
    is_sure
        Whether it is known to be among all.

    >>> [[tuple(map(int, case)) for case in cases_of(flag, is_sure=True)] for flag in (None, True)]
    [[(1, 1), (0, 1)], [(1, 1)]]
    """
    ways = (True, False) if pd.isna(flag) else (bool(flag),)
    inside = tuple((Fraction(way), Fraction(1)) for way in ways)
    return inside if is_sure else (NOTHING, *inside)


def span(
    counted: Case, open_: Iterable[tuple[Case, ...]]
) -> tuple[Fraction | None, Fraction | None]:
    """Give the least and the greatest ratio of sums that open cases allow; None without any.

    Formula: (T + Σt) / (B + Σb), with one case (t, b) of every open thing; the extremes follow
    exactly by Dinkelbach's method: at the extreme λ, each thing takes the case with the least
    (greatest) t − λb.

    Parameters
    ----------
    counted
        T and B: what is sure.
    open_
        By thing, every (t, b) that it may come to be.

    Examples
    --------
    One of three landed; a fourth may have been signed, and has landed:

    >>> low, high = span((Fraction(1), Fraction(3)), [(NOTHING, (Fraction(1), Fraction(1)))])
    >>> str(low), str(high)
    ('1/3', '1/2')
    """
    things = list(Counter(open_).items())  # those with the same cases go together
    return _extreme(counted, things, sign=-1), _extreme(counted, things, sign=1)


def _extreme(counted: Case, things: Things, *, sign: int) -> Fraction | None:
    """Improve the ratio until no thing's other case does; every step is exact."""
    best = _some_ratio(counted, things)
    while best is not None:
        bar = best
        picked = [
            (max(cases, key=lambda case: sign * (case[0] - bar * case[1])), count)
            for cases, count in things
        ]
        better = _ratio(counted, picked)
        if better is None or sign * (better - best) <= 0:
            break
        best = better
    return best


def _some_ratio(counted: Case, things: Things) -> Fraction | None:
    """Start from what is sure, or else from the greatest denominators."""
    if not all(NOTHING in cases for cases, _ in things) or not counted[1]:
        most = [(max(cases, key=lambda case: case[1]), count) for cases, count in things]
        return _ratio(counted, most)
    return ratio(*counted)


def _ratio(counted: Case, picked: list[tuple[Case, int]]) -> Fraction | None:
    top = counted[0] + sum((case[0] * count for case, count in picked), Fraction(0))
    return ratio(top, counted[1] + sum((case[1] * count for case, count in picked), Fraction(0)))
