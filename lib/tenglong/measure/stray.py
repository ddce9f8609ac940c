"""Codes that refer to nothing, told by the clauses whose figures they move."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from tenglong.measure.county import County, Strays
from tenglong.measure.judge.assessment import Assessment, Reason
from tenglong.measure.reading import Blank
from tenglong.measure.set_aside import BEHIND, tables_behind

UNMATCHED = "codes_unmatched"  # why there is no figure
# Reasons that blame a column of which too much is blank.
BLAMING = frozenset({"population_incomplete", "year_incomplete"})
# Reasons that ask for what was not supplied at all: no code stands behind them.
NOT_SUPPLIED = frozenset({"no_table", "no_column"})
# Cells that stand in for each other: an occupancy tells its share or its area.
INSTEAD = {("occupancies", "share"): "area_mu", ("occupancies", "area_mu"): "share"}


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
    told = {(blank.table, blank.column, blank.name) for blank in given if blank.of}
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


@lru_cache(maxsize=64)
def blanks_of_strays(strays: Strays) -> tuple[Blank, ...]:
    """Give each code with its first row and how many rows have it."""
    codes = strays.codes
    counts = codes.value_counts()
    first = codes[~codes.duplicated()]
    return tuple(
        Blank(strays.table, strays.column, str(code), int(str(row)), int(counts[code]), strays.of)
        for row, code in first.items()
    )


def stray_rows(county: County) -> dict[str, int]:
    """Count by table the rows of which a code refers to nothing.

    >>> import pandas as pd
    >>> codes = pd.Series(["91A", "91B"], index=[2, 3])
    >>> strays = Strays("enterprise_years", "usci", "enterprises", codes)
    >>> stray_rows(replace(example_county(), strays=(strays,)))
    {'enterprise_years': 2}
    """
    rows: dict[str, set[int]] = {}
    for strays in county.strays:
        rows.setdefault(strays.table, set()).update(strays.codes.index)
    return {table: len(found) for table, found in rows.items()}


def cause(county: County, table: str, column: str) -> Strays | None:
    """Give the codes for which there is no figure, where a column is blamed that has fewer gaps.

    Those of the table, or of the ones that it is computed with; None where there are none, or
    where the column was not supplied at all.

    >>> import pandas as pd
    >>> strays = Strays("enterprise_years", "usci", "enterprises", pd.Series(["91A"], index=[2]))
    >>> county = example_county(occupancies={"share": [1.0, None], "parcel_id": ["p", None]})
    >>> county = replace(county, strays=(strays,))
    >>> cause(county, "occupancies", "share").of, cause(county, "projects", "name") is None
    ('enterprises', True)
    """
    frame = county.tables.get(table)
    if frame is None or column not in frame:
        return None
    tables = (table, *BEHIND.get(table, ()))
    behind = [one for one in county.strays if one.is_key and one.table in tables]
    most = max(behind, key=lambda one: len(one.codes), default=None)
    return most if most is not None and len(most.codes) >= frame[column].isna().sum() else None


def _reasoned(county: County, one: Assessment) -> Assessment:
    """Name the codes as the reason where the column that is blamed for a gap has none."""
    if one.missing is None or one.reason.code not in BLAMING:
        return one
    unmatched = [blank for blank in one.awaited if blank.of]
    places = {(blank.table, blank.column) for blank in unmatched}
    blank = sum((cell.table, cell.column) == one.missing for cell in one.awaited if not cell.of)
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


def is_complete(county: County, table: str, column: str) -> bool:
    """Whether every row of a table has a column, so that it is not the column that is wanting.

    >>> county = example_county(occupancies={"share": [1.0, None], "area_mu": [None, 2.0]})
    >>> is_complete(county, "occupancies", "share"), is_complete(county, "parcels", "parcel_id")
    (True, False)
    """
    frame = county.tables.get(table)
    if frame is None or column not in frame or frame.empty:
        return False
    held = frame[column].notna()
    other = INSTEAD.get((table, column), "")
    return bool((held | frame[other].notna() if other in frame else held).all())
