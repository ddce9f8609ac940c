"""What others published, in order: what holds on the day, what was restated or contradicted."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from itertools import groupby, pairwise

import pandas as pd

from tenglong.measure.county import County, Unavailable, attempt
from tenglong.measure.exact import exact
from tenglong.measure.judge.assessment import bands_of
from tenglong.measure.judge.clock import months_between
from tenglong.measure.published.period import Period, period_of
from tenglong.measure.unit import UNITS, convert

RESTATED = [
    "indicator",
    "period",
    "old",
    "new",
    "difference",
    "unit",
    "old_publisher",
    "new_publisher",
    "old_published_on",
    "new_published_on",
]

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
    groups = groupby(found, key=lambda publication: publication.indicator)
    return tuple(publication for _, group in groups for publication in _in_one_unit(list(group)))


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
    read = {publication.row for publication in _read(frame.assign(value=0.0))}
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
    return len({(publication.value, publication.unit) for publication in group}) > 1


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


def _in_one_unit(group: list[Publication]) -> Iterator[Publication]:
    """Express all in the unit of the latest figure, where they measure the same thing."""
    named = [publication.unit for publication in group if publication.unit]
    unit = named[-1] if named else ""
    for publication in group:
        if not publication.unit or publication.unit == unit:
            yield replace(publication, unit=unit)
        elif _alike(publication.unit, unit):
            yield replace(
                publication,
                value=convert(publication.value, unit=publication.unit, to=unit),
                unit=unit,
            )
        else:
            yield publication


def _alike(one: str, other: str) -> bool:
    return one in UNITS and other in UNITS and UNITS[one][0] == UNITS[other][0]


def restatements(county: County) -> pd.DataFrame:
    """List the figures that were published again with another value, old → new.

    Each publication is held against the one before it for the same period; days that
    contradict themselves are in `contradictions` instead.

    Returns
    -------
    DataFrame
        By the row of `official_series` that holds the new value: `indicator`, `period`, `old`,
        `new`, `difference` (new − old), `unit`, and who published each and when.

    Raises
    ------
    Unavailable
        If there is no `official_series`.

    Examples
    --------
    >>> county = example_county(official_series={
    ...     "indicator": ["x", "x"], "period": ["2021", "2021"], "value": [8.9, 8.6],
    ...     "published_on": ["2022-02-20", "2022-05-12"]})
    >>> restatements(county)[["old", "new", "difference"]].values.tolist()
    [[8.9, 8.6, -0.3]]
    """
    restatements = [
        (before, after)
        for history in _histories(county)
        for before, after in pairwise(history)
        if before.value != after.value and before.unit == after.unit
    ]
    lines = [_restated(before, after) for before, after in restatements]
    return pd.DataFrame(lines, columns=RESTATED, index=[after.row for _, after in restatements])


def restated_since(county: County, day: date) -> pd.DataFrame | None:
    """Give the restatements whose new value came out after a day; None without any figures.

    >>> restated_since(example_county(), date(2022, 3, 31)) is None
    True
    """
    frame = attempt(restatements, county)
    if isinstance(frame, Unavailable):
        return None
    return frame[frame["new_published_on"] > pd.Timestamp(day)]


def _histories(county: County) -> Iterator[list[Publication]]:
    """Give the publications of each period by day, without days that contradict themselves."""
    by_period = groupby(publications(county), key=lambda one: (one.indicator, one.period))
    for _, group in by_period:
        by_day = [list(day) for _, day in groupby(group, key=lambda one: one.published_on)]
        yield [day[0] for day in by_day if not disagree(day)]


def _restated(before: Publication, after: Publication) -> tuple[object, ...]:
    return (
        after.indicator,
        after.period.name,
        float(before.value),
        float(after.value),
        float(after.value - before.value),
        after.unit or None,
        before.publisher or None,
        after.publisher or None,
        _day(before),
        _day(after),
    )


def _said(publication: Publication) -> tuple[str | None, str | None]:
    return publication.unit or None, publication.publisher or None


def _day(publication: Publication) -> pd.Timestamp | None:
    return None if publication.published_on == UNDATED else pd.Timestamp(publication.published_on)


def contradictions(county: County) -> pd.DataFrame:
    """List the figures for which the latest day of publication gives different values.

    Returns
    -------
    DataFrame
        By the rows of `official_series`: `indicator`, `period`, `value`, `unit`, `publisher`,
        `published_on`.

    Examples
    --------
    >>> county = example_county(official_series={
    ...     "indicator": ["x", "x"], "period": ["2021", "2021"], "value": [5.0, 5.2],
    ...     "publisher": ["县统计局", "县经信局"], "published_on": ["2022-02-20"] * 2})
    >>> contradictions(county)["value"].tolist()
    [5.2, 5.0]
    """
    contradictions = [
        one for group in holding(publications(county)) if disagree(group) for one in group
    ]
    lines = [
        (o.indicator, o.period.name, float(o.value), o.unit or None, o.publisher or None, _day(o))
        for o in contradictions
    ]
    columns = ["indicator", "period", "value", "unit", "publisher", "published_on"]
    return pd.DataFrame(lines, columns=columns, index=[one.row for one in contradictions])


def staleness(county: County) -> pd.DataFrame:
    """Tell how old the latest figure of every published indicator is.

    A figure is stale when its period ended more months ago than the policy (`bands.yml`,
    `stale_after_months`) allows for its length; on the limit it is not.

    Returns
    -------
    DataFrame
        `indicator`, `period` (the latest), `ended_on`, `published_on`, `grain`, `age_months`,
        `limit_months`, `is_stale`; in the order of the indicators' names.

    Examples
    --------
    >>> county = example_county(policy=load_policy(), official_series={
    ...     "indicator": ["x", "y"], "period": ["2020", "2022-02"], "value": [1.0, 2.0]})
    >>> staleness(county)[["indicator", "age_months", "is_stale"]].values.tolist()
    [['x', 18.0, True], ['y', 4.0, False]]
    """
    limits = bands_of(county.policy["bands"]).stale_after
    lines = []
    for indicator, group in groupby(publications(county), key=lambda one: one.indicator):
        latest = max(group, key=_recency)
        age = max(months_between(latest.period.end, county.as_of), Fraction(0))
        grain = latest.period.grain
        known = (latest.period.name, pd.Timestamp(latest.period.end), _day(latest), grain.value)
        limit = limits[grain]
        lines.append((indicator, *known, float(age), float(limit), age > limit))
    columns = ["indicator", "period", "ended_on", "published_on", "grain", "age_months"]
    return pd.DataFrame(lines, columns=[*columns, "limit_months", "is_stale"])


def _recency(publication: Publication) -> tuple[date, int, date]:
    return publication.period.end, -len(publication.period.months), publication.published_on
