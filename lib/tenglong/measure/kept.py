"""What is worked out of a county once, and kept with it for as long as it lives."""

from collections.abc import Callable, Collection, Hashable, Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import update_wrapper
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar, cast

import pandas as pd

from tenglong.measure.county import County
from tenglong.measure.watched import Watched

Told = TypeVar("Told")
Rows = TypeVar("Rows", pd.DataFrame, "pd.Series[Any]", Mapping[int, Any])
More = ParamSpec("More")


class Kept(Generic[More, Told]):
    """A measure that is computed once for a county and its options, and then given again.

    It is kept on the county that it was computed of (`County.keep`). Whoever replaces a part of
    a county has another one, for which nothing is kept yet: so nothing stale can be served. A
    frame is given as a copy on write: who changes it changes their own.

    Parameters
    ----------
    by
        The table of whose rows it tells, each by itself: of a township it gives the rows that
        stand there of what is kept of the whole county. Empty where it is no such measure.

    Raises
    ------
    Unavailable
        What the measure raises; that is not kept.
    """

    def __init__(self, measure: Callable[Concatenate[County, More], Told], *, by: str = "") -> None:
        self._measure = measure
        self._by = by
        update_wrapper(self, measure)

    def __call__(self, county: County, *args: More.args, **options: More.kwargs) -> Told:
        """Give what is kept, or compute it and keep it."""
        key = self._key(*args, **options)
        if key not in county.keep.found:
            with _heard(county.policy) as files:
                told = self._computed(county, *args, **options)
            county.keep.found[key] = told, files
        found, files = county.keep.found[key]
        if isinstance(county.policy, Watched):
            county.policy.tell(files)
        is_pandas = isinstance(found, pd.DataFrame | pd.Series)
        return cast("Told", found.copy(deep=False) if is_pandas else found)

    def give(self, county: County, told: Told, *args: More.args, **options: More.kwargs) -> None:
        """Keep what is known already to be what the measure would give."""
        county.keep.found[self._key(*args, **options)] = told, frozenset()

    def _key(self, *args: More.args, **options: More.kwargs) -> Hashable:
        return self, args, tuple(sorted(options.items()))

    def _computed(self, county: County, *args: More.args, **options: More.kwargs) -> Told:
        whole, rows = county.keep.cut_from, county.tables.get(self._by)
        if whole is None or rows is None:
            return self._measure(county, *args, **options)
        return cast("Told", _rows_of(self(whole, *args, **options), rows.index))


def _heard(policy: Mapping[str, Any]) -> AbstractContextManager[Collection[str]]:
    """Listen to which files of the policy what is kept rests on, where anybody asks."""
    return policy.heard() if isinstance(policy, Watched) else nullcontext(frozenset())


def _rows_of(found: Any, rows: "pd.Index[Any]") -> Any:
    if isinstance(found, Mapping):
        return {row: found[row] for row in rows.tolist() if row in found}
    return found[found.index.isin(rows)]


def kept(measure: Callable[Concatenate[County, More], Told]) -> Kept[More, Told]:
    """Keep a measure with the county that it is computed of.

    >>> from dataclasses import replace
    >>> asked = []
    >>> @kept
    ... def day(county):
    ...     asked.append(county)
    ...     return county.as_of
    >>> county = example_county()
    >>> day(county) == day(county) == day(replace(county)), len(asked)
    (True, 2)
    """
    return Kept(measure)


def kept_by_row(
    table: str,
) -> Callable[[Callable[Concatenate[County, More], Rows]], Kept[More, Rows]]:
    """Keep a measure that tells of each row of a table what hangs on no other county's row.

    Of a township that was cut from a county it gives the rows of what is kept of that county.

    >>> from tenglong.measure.firm.places import places
    >>> asked = []
    >>> @kept_by_row("projects")
    ... def names(county):
    ...     asked.append(county)
    ...     return county.table("projects")["project_id"]
    >>> county = example_county(projects={"project_id": ["P", "Q"], "township": ["t", "u"]},
    ...     enterprise_years={"usci": ["A"], "year": [2021], "land_mu": [3.0]})
    >>> placed = places(county)
    >>> [names(placed.within(one)).tolist() for one in ("t", "u")], len(asked)
    ([['P'], ['Q']], 1)
    """

    def keep(measure: Callable[Concatenate[County, More], Rows]) -> Kept[More, Rows]:
        return Kept(measure, by=table)

    return keep
