"""Rows that name a firm, with what is known of the firm itself."""

from collections.abc import Mapping

import pandas as pd

from tenglong.measure.clause import Label
from tenglong.measure.county import County


def with_firm(frame: pd.DataFrame, county: County, *columns: str) -> pd.DataFrame:
    """Add columns of `enterprises` to rows that name their firm by `usci`.

    The index stays; a firm that `enterprises` does not list has nothing in the new columns.

    Raises
    ------
    Unavailable
        If there are no `enterprises`, or one of the columns was not supplied.

    Examples
    --------
    >>> from tenglong.measure.example import example_county
    >>> county = example_county(enterprises={"usci": ["A"], "industry": ["3441"]})
    >>> with_firm(pd.DataFrame({"usci": ["B", "A"]}), county, "industry")["industry"].tolist()
    [nan, '3441']
    """
    firms = county.table("enterprises", "usci", *columns)
    known = firms.sort_index().drop_duplicates("usci").set_index("usci")
    return frame.join(known[list(columns)], on="usci")


def industry_of(codes: pd.Series, *, digits: int) -> pd.Series:
    """Cut codes of GB/T 4754 to their first digits; a shorter code belongs to no such industry.

    Examples
    --------
    >>> industry_of(pd.Series(["3441", "34", None]), digits=2).tolist()
    ['34', '34', nan]
    """
    cut = codes.astype("str").str[:digits]
    return cut.where(codes.notna() & (cut.str.len() == digits))


def industry_labels(county: County) -> Mapping[str, Label]:
    """Name the industries by the first two digits of GB/T 4754 (`data/policy/industries.yml`).

    Examples
    --------
    >>> from tenglong.measure.example import example_county
    >>> from tenglong.source.policy import load_policy
    >>> industry_labels(example_county(policy=load_policy()))["13"].zh
    '农副食品加工业'
    """
    named = county.policy["industries"]["divisions"]
    return {code: Label(**label) for code, label in named.items()}
