"""What of a table was known on a day."""

from datetime import date

import pandas as pd

from tenglong.source.schema import Column, Table, Type


def known_on(frame: pd.DataFrame, table: Table, as_of: date) -> pd.DataFrame:
    """Give the rows and dates of `frame` that were known on `as_of`.

    A row is known since the date that `table.known_by` names; a month or a year, when it is
    over; and never before its `published_on`. Of rows that follow one another (`latest_by`) the
    last one that is known holds. A date after `as_of` is blanked unless it was
    agreed in advance, and so are a value that goes with it (`dated_by`) and a year to come.
    """
    day = pd.Timestamp(as_of)
    rows = frame[_known_rows(frame, table, day)].copy()
    for column in table.columns.values():
        if column.name in rows and column.type is Type.DATE and not column.planned:
            rows[column.name] = rows[column.name].mask(rows[column.name] > day)
        if column.name in rows and column.type is Type.YEAR and column.name != table.known_by:
            rows[column.name] = rows[column.name].mask(rows[column.name] > as_of.year)
    for column in table.columns.values():
        if column.name in rows and column.dated_by in rows:
            rows[column.name] = rows[column.name].mask(rows[column.dated_by].isna())
    return _holding(rows, table)


def _holding(rows: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Keep of rows of one key the one that was published last; one without a day came first."""
    key = [name for name in table.key if name in rows]
    by = table.latest_by
    if by is None or by not in rows or not rows.duplicated(key).any():
        return rows
    ordered = rows.sort_values(by, kind="stable", na_position="first")
    named = ordered[key].notna().all(axis=1)
    kept: pd.DataFrame = ordered[~named | ~ordered.duplicated(key, keep="last")]
    return kept.sort_index()


def _known_rows(frame: pd.DataFrame, table: Table, day: pd.Timestamp) -> pd.Series:
    known = pd.Series(data=True, index=frame.index)
    for name in (table.known_by, "published_on" if "published_on" in table.columns else None):
        if name is not None and name in frame.columns:
            since = _since(frame[name], table.columns[name])
            known &= since.isna() | (since <= day)
    return known


def _since(values: pd.Series, column: Column) -> pd.Series:
    match column.type:
        case Type.YEAR:
            text = values.astype("str").where(values.notna())
            return pd.to_datetime(text + "-12-31", errors="coerce")
        case Type.MONTH:
            ends: pd.Series = values.dt.to_timestamp(how="end").dt.normalize()
            return ends
        case _:
            return values
