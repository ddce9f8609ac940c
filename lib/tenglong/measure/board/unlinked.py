"""Codes that refer to nothing, told by the clauses whose figures they move."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from tenglong.measure.board.set_aside import tables_behind
from tenglong.measure.county import County, Strays
from tenglong.measure.judge.assessment import Assessment, Reason
from tenglong.measure.stray import UNMATCHED, blanks_of_strays, is_complete

# Reasons that blame a column of which too much is blank.
BLAMING = frozenset({"population_incomplete", "year_incomplete"})
# Reasons that ask for what was not supplied at all: no code stands behind them.
NOT_SUPPLIED = frozenset({"no_table", "no_column"})


def with_strays(county: County, one: Assessment) -> Assessment:
    """Add to what a clause waits for the codes of its tables that refer to nothing.

    A row whose code names no firm, parcel or project cannot be counted where it belongs: the
    codes are told beside the figure. Where there is none for them, they are the reason, and no
    column is blamed that is complete.

    >>> import pandas as pd
    >>> from tenglong.measure.clause import Clause, Kind, Label
    >>> from tenglong.measure.judge.assessment import Status
    >>> codes = pd.Series(["91A", "91A", "91B"], index=[2, 3, 4])
    >>> strays = Strays("enterprise_years", "usci", "enterprises", codes)
    >>> county = example_county(enterprises={"usci": ["A"], "industry": ["33"]})
    >>> clause = Clause("x", "…", "…", Label("…", "…"), Kind.LEVEL, county.plan.window,
    ...     county.plan.window.end)
    >>> one = Assessment(clause, Status.NO_DATA, Reason("population_incomplete"),
    ...     missing=("enterprises", "industry"))
    >>> told = with_strays(replace(county, strays=(strays,)), one)
    >>> told.reason.code, told.missing, [(blank.name, blank.count) for blank in told.awaited]
    ('codes_unmatched', ('enterprise_years', 'usci'), [('91A', 2), ('91B', 1)])
    """
    given = tuple(dict.fromkeys(one.awaited))
    told = {(blank.table, blank.column, blank.name) for blank in given}
    more = tuple(
        blank
        for strays in _behind(county, one)
        for blank in blanks_of_strays(strays)
        if (blank.table, blank.column, blank.name) not in told
    )
    return _reasoned(county, replace(one, awaited=(*given, *more)))


def _behind(county: County, one: Assessment) -> Iterator[Strays]:
    """Give the strays that a clause hangs on; what places a row moves a township's figures only."""
    if one.reason.code in NOT_SUPPLIED:
        return
    tables = tables_behind(one) if county.strays else ()
    for strays in county.strays:
        if strays.table in tables and (strays.is_key or county.township is not None):
            yield strays


def _reasoned(county: County, one: Assessment) -> Assessment:
    """Name the codes as the reason where the column that is blamed for a gap has none."""
    if one.missing is None or one.reason.code not in BLAMING:
        return one
    unmatched = [blank for blank in one.awaited if blank.of]
    places = {(blank.table, blank.column) for blank in unmatched}
    blank = sum((cell.table, cell.column) == one.missing for cell in one.awaited)
    is_outnumbered = unmatched and sum(cell.count for cell in unmatched) >= blank
    if not (one.missing in places or is_outnumbered or is_complete(county, *one.missing)):
        return one
    if not unmatched:
        return replace(one, reason=Reason("rows_lacking", one.reason.values))
    rows: Counter[tuple[str, str, str]] = Counter()
    for code in unmatched:
        rows[code.table, code.column, code.of] += code.count
    [((table, column, of), count)] = rows.most_common(1)
    reason = Reason(UNMATCHED, {"count": count, "of": of})
    return replace(one, reason=reason, missing=(table, column))
