"""What others published: every publication in order, and the one that holds on the day."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from itertools import groupby

import pandas as pd

from tenglong.measure.county import County
from tenglong.measure.exact import exact
from tenglong.measure.published.period import Period, period_of
from tenglong.measure.unit import UNITS, convert

UNDATED = date.min


@dataclass(frozen=True)
class Publication:
    """One published figure; `row` is its row in `official_series`.

    `published_on` is `UNDATED` where the table does not say.
    """

    row: int
    indicator: str
    period: Period
    value: Fraction
    unit: str
    publisher: str
    published_on: date


def publications(county: County, indicator: str | None = None) -> tuple[Publication, ...]:
    """Give the published figures in the order of indicator, period and day of publication.

    Rows without a value or with a period that cannot be read are left out (see `unreadable`);
    figures of one indicator are expressed in one unit where their units can be converted.

    Raises
    ------
    Unavailable
        If there is no `official_series`.

    Examples
    --------
    >>> county = example_county(official_series={
    ...     "indicator": ["relief", "relief"], "period": ["2022", "2021年"],
    ...     "value": [2.1, 20000.0], "unit": ["亿元", "万元"]})
    >>> [(one.period.name, one.value, one.unit) for one in publications(county, "relief")]
    [('2021', Fraction(2, 1), '亿元'), ('2022', Fraction(21, 10), '亿元')]
    """
    frame = county.table("official_series", "indicator", "period", "value")
    rows = frame if indicator is None else frame[frame["indicator"] == indicator]
    found = sorted(_read(rows), key=_order)
    groups = groupby(found, key=lambda one: one.indicator)
    return tuple(one for _, group in groups for one in _in_one_unit(list(group)))


def unreadable(county: County) -> pd.DataFrame:
    """Rows of `official_series` whose period cannot be read, as they stand.

    Examples
    --------
    >>> county = example_county(official_series={
    ...     "indicator": ["relief"], "period": ["2021年1-9月"], "value": [1.4]})
    >>> unreadable(county)["period"].tolist()
    ['2021年1-9月']
    """
    frame = county.table("official_series", "indicator", "period", "value")
    read = {one.row for one in _read(frame.assign(value=0.0))}
    lost: pd.DataFrame = frame[[int(row) not in read for row in frame.index]]
    return lost


def holding(found: Iterable[Publication]) -> Iterator[tuple[Publication, ...]]:
    """Give the latest publications of each period: one, or several of the same day.

    Examples
    --------
    >>> days = {1: date(2022, 1, 9), 2: date(2022, 3, 1)}
    >>> early, late = (Publication(row, "x", period_of("2021"), Fraction(row), "", "", day)
    ...                for row, day in days.items())
    >>> [[one.row for one in group] for group in holding([late, early])]
    [[2]]
    """
    by_period = groupby(sorted(found, key=_order), key=lambda one: (one.indicator, one.period))
    for _, group in by_period:
        known = list(group)
        newest = max(one.published_on for one in known)
        yield tuple(one for one in known if one.published_on == newest)


def disagree(group: Iterable[Publication]) -> bool:
    """Whether publications of one period give more than one value.

    >>> disagree([])
    False
    """
    return len({(one.value, one.unit) for one in group}) > 1


def _read(rows: pd.DataFrame) -> Iterator[Publication]:
    for row, cells in zip(rows.index, rows.to_dict("records"), strict=True):
        if pd.isna(cells["value"]) or pd.isna(cells["period"]):
            continue
        try:
            period = period_of(str(cells["period"]))
        except ValueError:
            continue
        day = cells.get("published_on")
        yield Publication(
            row=int(row),
            indicator=str(cells["indicator"]),
            period=period,
            value=exact(cells["value"]),
            unit=_text(cells.get("unit")),
            publisher=_text(cells.get("publisher")),
            published_on=UNDATED if day is None or pd.isna(day) else day.date(),
        )


def _text(cell: object) -> str:
    return str(cell) if isinstance(cell, str) else ""


def _order(one: Publication) -> tuple[str, date, int, date, str, Fraction, str]:
    return (
        one.indicator,
        one.period.end,
        -len(one.period.months),
        one.published_on,
        one.publisher,
        one.value,
        one.unit,
    )


def _in_one_unit(group: list[Publication]) -> Iterator[Publication]:
    """Express all in the unit of the latest figure, where they measure the same thing."""
    named = [one.unit for one in group if one.unit]
    unit = named[-1] if named else ""
    for one in group:
        if not one.unit or one.unit == unit:
            yield replace(one, unit=unit)
        elif _alike(one.unit, unit):
            yield replace(one, value=convert(one.value, unit=one.unit, to=unit), unit=unit)
        else:
            yield one


def _alike(one: str, other: str) -> bool:
    return one in UNITS and other in UNITS and UNITS[one][0] == UNITS[other][0]
