"""Published figures over time: what was restated, what contradicts itself, what is stale."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from itertools import groupby, pairwise

import pandas as pd

from tenglong.measure.county import County, Unavailable, attempt
from tenglong.measure.judge.assessment import bands_of
from tenglong.measure.judge.clock import months_between
from tenglong.measure.published.published import (
    Publication,
    disagree,
    finest,
    holding,
    publications,
)

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
        yield [finest(day) for day in by_day if not disagree(day)]


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
        before.day,
        after.day,
    )


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
        (o.indicator, o.period.name, float(o.value), o.unit or None, o.publisher or None, o.day)
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
        known = (latest.period.name, pd.Timestamp(latest.period.end), latest.day, grain.value)
        limit = limits[grain]
        lines.append((indicator, *known, float(age), float(limit), age > limit))
    columns = ["indicator", "period", "ended_on", "published_on", "grain", "age_months"]
    return pd.DataFrame(lines, columns=[*columns, "limit_months", "is_stale"])


def _recency(publication: Publication) -> tuple[date, int, date]:
    return publication.period.end, -len(publication.period.months), publication.published_on
