"""Titles by year, and what is odd about the rows that they are counted from."""

import pandas as pd

from tenglong.measure.county import County
from tenglong.measure.title.titles import events, stands_twice

YEARS = ["kind", "year", "won", "lost", "new_holders", "holders_lost", "holders"]


def titles_by_year(county: County) -> pd.DataFrame:
    """Count titles and their holders by kind and year.

    Returns
    -------
    DataFrame
        One row a kind and year, from the kind's first year to that of `as_of`: `kind`, `year`,
        `won` (titles, one that stands twice in a batch once), `lost`, `new_holders` (firms that
        came to hold it), `holders_lost` (that no longer do), `holders` (at the end of the
        year, or on `as_of`).

    Raises
    ------
    Unavailable
        If there are no recognitions.

    Examples
    --------
    >>> from tenglong.measure.example import example_county
    >>> county = example_county(recognitions={
    ...     "kind": ["high_tech_firm"] * 3, "holder": ["甲", "乙", "甲"],
    ...     "recognised_on": ["2021-03-01", "2021-03-01", "2022-03-01"],
    ...     "is_lost": [False, False, True]})
    >>> titles_by_year(county)[["year", "won", "lost", "holders"]].values.tolist()
    [[2021, 2, 0, 2], [2022, 0, 1, 1]]
    """
    found = events(county)
    lines = []
    for kind, rows in found.groupby("kind"):
        rows = rows[~stands_twice(rows)]  # noqa: PLW2901 - the same rows, each once
        changes = _changes(rows)
        years = rows["recognised_on"].dt.year
        for year in range(int(years.min()), county.as_of.year + 1):
            mine, lost = rows[years == year], rows["is_lost"]
            change = changes[changes["year"] == year]["change"]
            held = int(changes.loc[changes["year"] <= year, "change"].sum())
            counts = (int((~lost[mine.index]).sum()), int(lost[mine.index].sum()))
            moved = (int((change > 0).sum()), int((change < 0).sum()))
            lines.append((kind, year, *counts, *moved, held))
    return pd.DataFrame(lines, columns=YEARS)


def _changes(rows: pd.DataFrame) -> pd.DataFrame:
    """Follow the holders of one kind: +1 when one comes to hold the title, −1 when it loses it."""
    holds: set[str] = set()
    changes = []
    for day, holder, is_lost in zip(
        rows["recognised_on"], rows["holder_id"], rows["is_lost"], strict=True
    ):
        if is_lost == (holder in holds):
            (holds.discard if is_lost else holds.add)(holder)
            changes.append((day.year, -1 if is_lost else 1))
    return pd.DataFrame(changes, columns=["year", "change"]).astype("int64")


def title_findings(county: County) -> pd.DataFrame:
    """List the rows of `recognitions` that are odd; none is corrected.

    Returns
    -------
    DataFrame
        By the rows of `recognitions`: `code`, `kind`, `holder`, `recognised_on`, `batch`,
        `item` (as far as supplied). Codes: `same_batch_twice` (counted once) and
        `lost_without_title` (lost by one that did not hold it then; it does not lower the
        number of holders).

    Examples
    --------
    >>> from tenglong.measure.example import example_county
    >>> county = example_county(recognitions={
    ...     "kind": ["rd_centre"] * 2, "holder": ["甲", "甲（文成）"], "usci": ["91A", "91A"],
    ...     "recognised_on": ["2021-03-01", "2021-03-05"], "batch": ["2021年第1批"] * 2,
    ...     "item": [None] * 2, "is_lost": [None] * 2})
    >>> title_findings(county)["code"].tolist()
    ['same_batch_twice']
    """
    found = events(county)
    twice = stands_twice(found)
    about = ("kind", "holder", "recognised_on", "batch", "item")
    shown = [name for name in about if name in found]
    again = found.loc[twice, shown].assign(code="same_batch_twice")
    without = found.loc[_unheld(found), shown].assign(code="lost_without_title")
    return pd.concat([again, without])[["code", *shown]].sort_index()


def _unheld(found: pd.DataFrame) -> pd.Series:
    """Whether a row says that a title was lost that its holder did not hold."""
    holds: set[tuple[str, str]] = set()
    odd = []
    for kind, holder, is_lost in zip(
        found["kind"], found["holder_id"], found["is_lost"], strict=True
    ):
        odd.append(is_lost and (kind, holder) not in holds)
        (holds.discard if is_lost else holds.add)((kind, holder))
    return pd.Series(odd, index=found.index, dtype=bool)
