"""What others published, in order: which figure of a period holds, and with what digits."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from itertools import groupby

import pandas as pd

from tenglong.measure.county import County
from tenglong.measure.exact import exact
from tenglong.measure.period import Period, period_of
from tenglong.measure.published.rounding import Rounded, decimals_of, half_unit
from tenglong.measure.unit import UNITS, convert

UNDATED = date.min


@dataclass(frozen=True)
class Publication:
    """One published figure; `row` is its row in `official_series`.

    `published_on` is `UNDATED` where the table does not say. `half` is half a unit of the last
    digit that it is published with, in its unit; `decimals` is what the table tells of them.
    """

    row: int
    indicator: str
    period: Period
    value: Fraction
    unit: str
    publisher: str
    published_on: date
    decimals: int | None = None
    half: Fraction = Fraction(0)

    @property
    def rounded(self) -> Rounded:
        """The figure with the bounds that its digits leave."""
        return Rounded.about(self.value, self.half)

    @property
    def day(self) -> pd.Timestamp | None:
        """The day it was published, as a cell of a table; None where the table does not say."""
        return None if self.published_on == UNDATED else pd.Timestamp(self.published_on)


def publications(county: County, indicator: str | None = None) -> tuple[Publication, ...]:
    """Give the published figures in the order of indicator, period and day of publication.

    Rows without a value or with a period that cannot be read are left out (see `unreadable`);
    figures of one indicator are expressed in one unit where their units can be converted.

    A figure has the digits that `decimals` tells. Else a file may have dropped its last zeros
    (10.0 is a number 10), and it has as many as the figure of the same indicator and unit that
    has the most.

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
    groups = groupby(found, key=lambda publication: publication.indicator)
    return tuple(
        publication
        for _, group in groups
        for publication in _in_one_unit(_with_digits(list(group)))
    )


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
    lost: pd.DataFrame = frame[frame["period"].map(_period).isna()]
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
    """Whether publications of one period give values that cannot be one and the same, rounded.

    15.7 and 15.68 can; 15.6 and 15.7 cannot, which stand for nothing in common.

    >>> disagree([])
    False
    """
    known = [*group]
    if len({(one.value, one.unit) for one in known}) <= 1:
        return False
    if len({one.unit for one in known}) > 1:
        return True
    bounds = [one.rounded for one in known]
    return max(one.low for one in bounds) >= min(one.high for one in bounds)


def finest(group: Iterable[Publication]) -> Publication:
    """Give the publication of one period with the most digits, of those that agree.

    >>> whole, fine = (Publication(row, "x", period_of("2021"), Fraction(value), "%", "",
    ...                            UNDATED, half=half_unit(digits))
    ...                for row, value, digits in ((1, "15.7", 1), (2, "15.68", 2)))
    >>> disagree([whole, fine]), finest([whole, fine]).row
    (False, 2)
    """
    return min(group, key=lambda one: one.half)


def _read(rows: pd.DataFrame) -> Iterator[Publication]:
    for row, cells in zip(rows.index, rows.to_dict("records"), strict=True):
        period, day = _period(cells["period"]), cells.get("published_on")
        if period is None or pd.isna(cells["value"]):
            continue
        yield Publication(
            row=int(row),
            indicator=str(cells["indicator"]),
            period=period,
            value=exact(cells["value"]),
            unit=_text(cells.get("unit")),
            publisher=_text(cells.get("publisher")),
            published_on=UNDATED if pd.isna(day) else day.date(),
            decimals=_decimals(cells.get("decimals")),
        )


def _period(cell: object) -> Period | None:
    """Read a period; None where there is none, or it cannot be read."""
    try:
        return period_of(str(cell))
    except ValueError:
        return None


def _decimals(cell: object) -> int | None:
    return int(str(cell)) if pd.notna(cell) else None  # type: ignore[call-overload]


def _text(cell: object) -> str:
    return str(cell) if isinstance(cell, str) else ""


def _order(publication: Publication) -> tuple[str, date, int, date, str, Fraction, str]:
    return (
        publication.indicator,
        publication.period.end,
        -len(publication.period.months),
        publication.published_on,
        publication.publisher,
        publication.value,
        publication.unit,
    )


def _with_digits(group: list[Publication]) -> Iterator[Publication]:
    """Tell of the publications of an indicator half a unit of their last digit."""
    most: dict[str, int] = {}
    for one in group:
        digits = decimals_of(one.value) if one.decimals is None else one.decimals
        most[one.unit] = max(digits, most.get(one.unit, digits))
    for one in group:
        yield replace(one, half=half_unit(most[one.unit] if one.decimals is None else one.decimals))


def _in_one_unit(found: Iterable[Publication]) -> Iterator[Publication]:
    """Express all in the unit of the latest figure, where they measure the same thing."""
    group = [*found]
    named = [publication.unit for publication in group if publication.unit]
    unit = named[-1] if named else ""
    for publication in group:
        if not publication.unit or publication.unit == unit:
            yield replace(publication, unit=unit)
        elif _alike(publication.unit, unit):
            yield replace(
                publication,
                value=convert(publication.value, unit=publication.unit, to=unit),
                half=convert(publication.half, unit=publication.unit, to=unit),
                unit=unit,
            )
        else:
            yield publication


def _alike(one: str, other: str) -> bool:
    return one in UNITS and other in UNITS and UNITS[one][0] == UNITS[other][0]
