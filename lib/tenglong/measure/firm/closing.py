"""Firms that are closed, and those of which it is doubtful when they were."""

from collections.abc import Mapping

import pandas as pd

from tenglong.measure.county import County
from tenglong.measure.firm.firm_names import firm_names
from tenglong.measure.kept import kept


@kept
def doubtful_closings(county: County) -> Mapping[str, int]:
    """Give the firms, with their row, of which it is doubtful when they were closed.

    >>> from dataclasses import replace
    >>> county = example_county(enterprises={"usci": ["A", "B"], "closed_on": [None, None]})
    >>> doubtful_closings(replace(county, doubtful={"enterprises": {1: frozenset({"closed_on"})}}))
    {'B': 1}
    """
    firms = county.tables.get("enterprises", pd.DataFrame())
    doubts = county.doubtful.get("enterprises", {})
    if "usci" not in firms:
        return {}
    doubtful = [row for row, columns in doubts.items() if "closed_on" in columns]
    codes = firms.loc[firms.index.isin(doubtful), "usci"]
    return {str(code): int(str(row)) for row, code in codes.items()}


def surely_open(rows: pd.DataFrame, county: County) -> "pd.Series[bool]":
    """Whether the firm of each row has no day of closing, and none that is doubtful.

    Parameters
    ----------
    rows
        Each with `usci` and `closed_on`.

    >>> from dataclasses import replace
    >>> firms = {"usci": ["A", "B", "C"], "closed_on": [None, None, "2022-01-31"]}
    >>> county = example_county(enterprises=firms)
    >>> county = replace(county, doubtful={"enterprises": {1: frozenset({"closed_on"})}})
    >>> surely_open(county.table("enterprises"), county).tolist()
    [True, False, False]
    """
    return rows["closed_on"].isna() & ~rows["usci"].isin(list(doubtful_closings(county)))


def doubtful_names(county: County) -> tuple[str, ...]:
    """Name the firms of which it is doubtful when they were closed, in the order of the file.

    >>> from dataclasses import replace
    >>> county = example_county(enterprises={"usci": ["A", "B"], "name": ["甲", "乙"]})
    >>> doubtful_names(replace(county, doubtful={"enterprises": {1: frozenset({"closed_on"})}}))
    ('乙',)
    """
    codes = pd.Series(list(doubtful_closings(county)), dtype="str")
    return tuple(map(str, firm_names(county, codes)))
