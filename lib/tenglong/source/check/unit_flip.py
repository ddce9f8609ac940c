"""Figures whose unit seems to change from one period to the next: 元 after 万元, and the like."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from tenglong.measure.period import Period, period_of
from tenglong.measure.supply import numbered
from tenglong.source.cell.units import ADDITIVE, UNITS, kind, unit_named
from tenglong.source.problem import Problem, Spot
from tenglong.source.schema import Column, Table, Type

TIMES = 300.0  # a slip of unit is at least 667 times; what is added up grows by less in a period
LEAST_THINGS = 3  # of which most must change together, for a table of many things
MEASURED = {*ADDITIVE, "money by area", "money by energy"}
PERIODS = ("period", "year", "month")
THINGS = ("usci", "project_id")


def unit_flips(frame: pd.DataFrame, table: Table, spot: Spot) -> Iterator[Problem]:
    """Tell where figures become hundreds of times others with a period, by the row where they do.

    A series (`official_series`, one row a year) is told by each such step, also one whose unit is
    blank or not known, as the figures stand. Of a table of many
    things, such as firms, one of which may well grow so, the step is told where most of those
    that have both periods take it together.
    """
    period = next((name for name in PERIODS if name in table.key and name in frame), None)
    if period is None:
        return
    ordered = _ordered(frame, period)
    by = [name for name in THINGS if name in table.key]
    for column in table.columns.values():
        if column.name not in ordered or column.type is not Type.NUMBER:
            continue
        values = _measured(ordered, column)
        if by:
            yield from _together(values, ordered[[*by, "_at"]], column, spot)
        else:
            things = [name for name in ("indicator", "_grain", "_unit") if name in ordered]
            for _, rows in ordered.groupby(things, sort=False):
                yield from _steps(values[rows.index].dropna(), ordered[period], column, spot)


def _ordered(frame: pd.DataFrame, period: str) -> pd.DataFrame:
    """Give the rows in the order of their periods, with the start and the length of each."""
    texts = frame[period].astype("str").where(frame[period].notna())
    known = {text: one for text in texts.dropna().unique() if (one := _period(text))}
    plain = pd.DataFrame(frame).assign(
        _at=pd.to_datetime(texts.map({text: one.start for text, one in known.items()})),
        _grain=texts.map({text: one.grain.value for text, one in known.items()}),
    )
    if "unit" in plain:
        plain["_unit"] = [_unknown(unit) for unit in plain["unit"].tolist()]
    by = [name for name in ("_at", "published_on") if name in plain]
    return plain[plain["_at"].notna()].sort_values(by, kind="stable", na_position="first")


def _period(text: str) -> Period | None:
    try:
        return period_of(text)
    except ValueError:
        return None


def _measured(frame: pd.DataFrame, column: Column) -> "pd.Series[float]":
    """Give the figures above 0 of what can be added up, in the base unit of each row's own."""
    values = frame[column.name].astype("float64")
    units = frame["unit"] if column.name == "value" and "unit" in frame else None
    if units is None:
        return values.where((values > 0) & (kind(column.unit) in MEASURED))
    bases = units.map(_base, na_action="ignore").astype("float64").where(units.notna(), 1.0)
    return (values * bases).where(values > 0)


def _base(unit: object) -> float:
    """Give the size of a unit; 1 for one that is not known, none for what is not added up."""
    name = unit_named(unit)
    if not name:
        return 1.0
    return float(UNITS[name][1]) if kind(name) in MEASURED else np.nan


def _unknown(unit: object) -> str:
    """Give a unit that is not known, as it stands; nothing for one that is, or a blank."""
    return unit if isinstance(unit, str) and not unit_named(unit) else ""


def _steps(
    values: "pd.Series[float]", periods: "pd.Series[Any]", column: Column, spot: Spot
) -> Iterator[Problem]:
    """Walk through a series, and tell of each step that stays, or of the figure that stands out."""
    for place, level in steps(values.tolist()):
        yield _told(values, periods, place, level, column, spot)


def steps(figures: Sequence[float]) -> Iterator[tuple[int, int]]:
    """Give the place of each step, and of the figure that it is far away from.

    >>> list(steps([1, 2, 9000, 3])), list(steps([1, 9000, 9100]))
    ([(2, 1)], [(1, 0)])
    """
    level = 0
    for place in range(1, len(figures)):
        if not is_far(figures[place], figures[level]):
            level = place
            continue
        yield place, level
        if place + 1 == len(figures) or not is_far(figures[place + 1], figures[place]):
            level = place


def is_far(one: float, other: float) -> bool:
    """Whether one figure is hundreds of times the other."""
    return max(one, other) >= TIMES * min(one, other)


def _told(
    values: "pd.Series[float]",
    periods: "pd.Series[Any]",
    place: int,
    level: int,
    column: Column,
    spot: Spot,
) -> Problem:
    row, other = values.index[place], values.index[level]
    one, before = values.iloc[place], values.iloc[level]
    said: Mapping[str, Any] = {
        "other": numbered(int(other)),
        "period": str(periods[other]),
        "times": f"{max(one, before) / min(one, before):,.0f}",
    }
    return spot.problem(
        "unit_flip", column=column.name, row=int(row), value=str(periods[row]), **said
    )


def _together(
    values: "pd.Series[float]", about: pd.DataFrame, column: Column, spot: Spot
) -> Iterator[Problem]:
    """Tell of a period in which most things' figures are hundreds of times those before."""
    known = about.assign(value=values)[values.notna()]
    if known.empty or values.max() < TIMES * values.min():
        return
    things = [name for name in about if name != "_at"]
    before = known.groupby(things, sort=False)["value"].shift()
    ratios = (known["value"] / before).dropna()
    for at, rows in ratios.groupby(known["_at"].reindex(ratios.index)):
        middle = float(rows.median())
        if len(rows) >= LEAST_THINGS and is_far(middle, 1.0):
            times = f"{max(middle, 1 / middle):,.0f}"
            said: Mapping[str, Any] = {"times": times, "count": len(rows)}
            value = f"{pd.Timestamp(str(at)):%Y-%m}"
            first = int(min(rows.index))
            yield spot.problem("units_flip", column=column.name, row=first, value=value, **said)
