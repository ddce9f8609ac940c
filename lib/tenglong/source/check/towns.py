"""The townships of a county by name: a name that is none is a mistake, or a misread encoding."""

from collections.abc import Iterator

import pandas as pd

from tenglong.source.problem import Problem, Spot


def unknown_names(names: pd.Series, *, known: frozenset[str], spot: Spot) -> Iterator[Problem]:
    """Tell of names that are no township of the county (西坑镇 for 西坑畲族镇 is one, too)."""
    if not known:
        return
    for row, name in names.dropna().items():
        if name not in known:
            yield spot.problem("unknown_township", column="name", row=int(str(row)), value=name)
