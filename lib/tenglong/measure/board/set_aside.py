"""Rows that could not be used (隔离), told by the clauses that rest on their tables."""

from collections import Counter
from dataclasses import replace

from tenglong.measure.county import County
from tenglong.measure.judge.assessment import Assessment
from tenglong.measure.reading import Blank
from tenglong.measure.stray import BEHIND, NAMED

LAND = ("occupancies", "parcels")


def with_set_aside(county: County, one: Assessment) -> Assessment:
    """Add to what a clause waits for the rows of its tables that were set aside.

    What they hold is not known, so they move no range: they are told with their number.

    >>> from tenglong.measure.clause import Clause, Kind, Label
    >>> from tenglong.measure.county import Input
    >>> from tenglong.measure.judge.assessment import Reason, Status
    >>> from tenglong.measure.reading import Evidence
    >>> county = example_county(special_fund={"year": [2021]})
    >>> county = replace(county, inputs=(Input("special_fund", "a.csv", "", 1, 2),))
    >>> clause = Clause("x", "政策2", "…", Label("…", "…"), Kind.SHARE, county.plan.window,
    ...     county.plan.window.end)
    >>> evidence = (Evidence("special_fund", county.table("special_fund")),)
    >>> one = Assessment(clause, Status.NO_DATA, Reason("no_figure"), evidence=evidence)
    >>> [(blank.table, blank.count) for blank in with_set_aside(county, one).awaited]
    [('special_fund', 2)]
    """
    aside: Counter[str] = Counter()
    for given in county.inputs:
        aside[given.table] += given.set_aside
    if not aside.total():
        return one
    rows = tuple(
        Blank(table, "", "", count=aside[table]) for table in tables_behind(one) if aside[table]
    )
    return replace(one, awaited=(*one.awaited, *rows))


def tables_behind(one: Assessment) -> tuple[str, ...]:
    """Name the tables that a clause rests on, or would rest on where it has no figure.

    >>> from tenglong.measure.clause import Clause, Kind, Label
    >>> from tenglong.measure.judge.assessment import Reason, Status
    >>> window = example_county().plan.window
    >>> clause = Clause("x", "…", "…", Label("…", "…"), Kind.LEVEL, window, window.end)
    >>> missing = ("occupancies", "share")
    >>> tables_behind(Assessment(clause, Status.NO_DATA, Reason("no_figure"), missing=missing))
    ('occupancies', 'parcels', 'enterprise_years', 'enterprises')
    """
    tables: list[str] = []
    for evidence in one.evidence:
        tables += [evidence.table, *NAMED.get(evidence.table, ())]
        if "land_mu" in evidence.rows:
            tables += LAND
    if one.running is not None:
        tables.append("enterprise_months")
    if one.missing is not None and not one.status.is_known:
        tables += [one.missing[0], *BEHIND.get(one.missing[0], ())]
    return tuple(dict.fromkeys(tables))
