"""Figures that stand far off the others of their column: likely in another unit."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from tenglong.source.problem import Problem, Spot
from tenglong.source.schema import Column, Type
from tenglong.source.units import ADDITIVE, kind

LEAST_CELLS = 5
LARGE_SHARE = 0.1  # of the figures may be in another unit, for it to be told
TIMES = 300.0  # a slip of unit is at least a thousand; firms differ by less from one to the next


def unit_suspects(
    values: pd.Series, cells: pd.Series, column: Column, spot: Spot
) -> Iterator[Problem]:
    """Tell of the few figures that are hundreds of times the largest of the others.

    Parameters
    ----------
    values, cells
        The column as it was read, and as it stands in the file.
    """
    if column.type is not Type.NUMBER or kind(column.unit) not in ADDITIVE:
        return
    known = values.to_numpy(dtype="float64")
    positive = known[known > 0]
    if len(positive) < LEAST_CELLS:
        return
    few = max(1, int(len(positive) * LARGE_SHARE))
    place = len(positive) - few - 1
    if positive.max() < TIMES * np.partition(positive, place)[place]:
        return
    largest = np.sort(positive)[place:]
    gaps = np.flatnonzero(largest[1:] >= TIMES * largest[:-1])
    if not len(gaps):
        return
    below, above = largest[gaps[0]], largest[gaps[0] + 1]
    for row in values.index[known >= above]:
        said: dict[str, Any] = {"next": f"{below:g}", "times": f"{values[row] / below:,.0f}"}
        yield spot.problem(
            "unit_suspect", column=column.name, row=int(row), value=cells[row], **said
        )
