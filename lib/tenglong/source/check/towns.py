"""The townships of a county by name: a name that is none is a mistake, or a misread encoding."""

import csv
from collections.abc import Iterator
from functools import cache

import pandas as pd

from tenglong.source.place import kit_root
from tenglong.source.problem import Problem, Spot

LISTS = {"330328": "wencheng_townships.csv"}


@cache
def names_of(county: str) -> frozenset[str]:
    """Give the names of a county's townships from the reference data; none for an unknown one.

    >>> "峃口镇" in names_of("330328"), names_of("25017")
    (True, frozenset())
    """
    if county not in LISTS:
        return frozenset()
    path = kit_root() / "data" / "reference" / LISTS[county]
    with path.open(encoding="utf-8-sig", newline="") as file:
        return frozenset(row["name"] for row in csv.DictReader(file))


def unknown_names(names: pd.Series, *, county: str, spot: Spot) -> Iterator[Problem]:
    """Tell of names that are no township of the county (西坑镇 for 西坑畲族镇 is one, too)."""
    known = names_of(county)
    if not known:
        return
    for row, name in names.dropna().items():
        if name not in known:
            yield spot.problem("unknown_township", column="name", row=int(str(row)), value=name)
