"""A crosstab, with its periods as headers: figures whose unit seems to change along a row.

Such a table is refused. What would be told of it once each period has a row is told with that.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pandas as pd

from tenglong.source.cell.units import kind
from tenglong.source.cell.way import as_text
from tenglong.source.check.unit_flip import LEAST_THINGS, MEASURED, THINGS, is_far, steps
from tenglong.source.file.header import JOINT, column_of, known_headers, periods_across, squash
from tenglong.source.problem import Problem, Spot
from tenglong.source.schema import Table

BACK = 2  # far changes of a row: there and back again is no growth


def crosstab_flips(frame: pd.DataFrame, table: Table, spot: Spot) -> Iterator[Problem]:
    """Tell, by row, where figures become hundreds of times those of the period before.

    Of a table of many things, such as firms, one of which may well grow so, a row is told where
    its figures go back again, and the period where most rows take the step together.
    """
    is_of_things = any(name in table.key for name in THINGS)
    for places in _groups(frame, table):
        cells = [_numbers(frame.iloc[:, place]) for place in places]
        figures = pd.concat(cells, axis=1).set_axis([str(frame.columns[p]) for p in places], axis=1)
        together = list(_together(figures, spot)) if is_of_things else []
        yield from together
        if not together:
            yield from _alone(figures, spot, least=BACK if is_of_things else 1)


def _groups(frame: pd.DataFrame, table: Table) -> Iterator[list[int]]:
    """Give the places of the columns of one figure, in the order of the file."""
    known = known_headers(table)
    groups: dict[str, list[int]] = {}
    headers = [str(header) for header in frame.columns]
    for place in periods_across(headers):
        groups.setdefault("".join(squash(headers[place]).split(JOINT)[1:]), []).append(place)
    for figure, places in groups.items():
        column = table.columns.get(column_of(figure, known) or "")
        if len(places) > 1 and (column is None or kind(column.unit) in MEASURED):
            yield places


def _numbers(cells: "pd.Series[Any]") -> "pd.Series[float]":
    plain = as_text(cells).str.replace("[,，\\s]", "", regex=True)
    numbers = pd.to_numeric(plain, errors="coerce").astype("float64")
    return numbers.where(numbers > 0)


def _alone(figures: pd.DataFrame, spot: Spot, *, least: int) -> Iterator[Problem]:
    for row, values in figures.iterrows():
        held = values.dropna()
        numbers = held.tolist()
        if sum(is_far(one, other) for one, other in pairwise(numbers)) < least:
            continue
        for place, level in steps(numbers):
            one, before = held.iloc[place], held.iloc[level]
            said: dict[str, Any] = {
                "other": held.index[level],
                "times": f"{max(one, before) / min(one, before):,.0f}",
            }
            value = held.index[place]
            yield spot.problem("unit_flip_across", row=int(str(row)), value=value, **said)


def _together(figures: pd.DataFrame, spot: Spot) -> Iterator[Problem]:
    for before, after in pairwise(figures.columns):
        ratios = (figures[after] / figures[before]).dropna()
        middle = float(ratios.median()) if len(ratios) else 1.0
        are_far = [ratio for ratio in ratios if is_far(ratio, 1.0)]
        if len(ratios) >= LEAST_THINGS and len(are_far) * 2 > len(ratios):
            said: dict[str, Any] = {
                "other": before,
                "times": f"{max(middle, 1 / middle):,.0f}",
                "count": len(ratios),
            }
            first = int(ratios.index.min())
            yield spot.problem("units_flip_across", row=first, value=after, **said)
