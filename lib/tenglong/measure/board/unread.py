"""Published figures whose period cannot be read, told by the clauses that they would move."""

from collections.abc import Iterator
from dataclasses import replace

from tenglong.measure.county import County
from tenglong.measure.judge.assessment import Assessment
from tenglong.measure.published.published import unreadable
from tenglong.measure.reading import Blank

TABLE = "official_series"


def with_unread_periods(county: County, one: Assessment) -> Assessment:
    """Add to what a clause waits for the rows of its published figures that have no period.

    >>> from tenglong.measure.clause import Clause, IndicatorRef, Kind, Label
    >>> from tenglong.measure.judge.assessment import Reason, Status
    >>> county = example_county(official_series={
    ...     "indicator": ["x", "y"], "period": ["2021年1-9月"] * 2, "value": [1.4, 2.0]})
    >>> clause = Clause("x", "…", "…", Label("…", "…"), Kind.LEVEL, county.plan.window,
    ...     county.plan.window.end, indicator=IndicatorRef("official", {"indicator": "x"}))
    >>> one = Assessment(clause, Status.NO_DATA, Reason("not_published", {"indicator": "x"}))
    >>> [blank.name for blank in with_unread_periods(county, one).awaited]
    ['x 2021年1-9月']
    """
    names = set(_indicators(one))
    if not names or not {"indicator", "period", "value"} <= set(county.tables.get(TABLE, ())):
        return one
    lost = unreadable(county)
    lost = lost[lost["indicator"].isin(names)]
    blanks = tuple(
        Blank(TABLE, "period", f"{name} {_said(period)}".strip(), int(str(row)))
        for row, name, period in zip(lost.index, lost["indicator"], lost["period"], strict=True)
    )
    return replace(one, awaited=(*one.awaited, *blanks))


def _said(period: object) -> str:
    return period if isinstance(period, str) else ""


def _indicators(one: Assessment) -> Iterator[str]:
    """Name the published figures that a clause rests on, or would rest on."""
    for evidence in one.evidence:
        if evidence.table == TABLE and "indicator" in evidence.rows:
            yield from evidence.rows["indicator"].dropna().astype("str")
    if "indicator" in one.reason.values:
        yield str(one.reason.values["indicator"])
    for ref in one.clause.indicators:
        if "indicator" in ref.options:
            yield str(ref.options["indicator"])
