"""Sums over the firms of a scope, by year."""

from datetime import date
from fractions import Fraction

import pandas as pd

from tenglong.measure.county import County
from tenglong.measure.exact import exact, exact_sum
from tenglong.measure.firm.firms import in_scope
from tenglong.measure.firm.members import with_firm
from tenglong.measure.firm.ratios import UNIT_WORDS
from tenglong.measure.reading import Evidence, Figure, Reading, Series


def members(county: County, *columns: str, scope: str) -> pd.DataFrame:
    """Give the firm-years of a scope, with their industry.

    Raises
    ------
    Unavailable
        If a column of `enterprise_years`, or one that decides the scope, was not supplied.

    Examples
    --------
    >>> from tenglong.measure.example import example_county
    >>> from tenglong.source.policy import load_policy
    >>> county = example_county(
    ...     policy=load_policy(), enterprises={"usci": ["A", "B"], "industry": ["3441", "0162"]},
    ...     enterprise_years={"usci": ["A", "B"], "year": [2021, 2021]})
    >>> members(county, scope="industry")["usci"].tolist()
    ['A']
    """
    years = with_firm(
        county.table("enterprise_years", "usci", "year", *columns), county, "industry"
    )
    inside: pd.DataFrame = years[in_scope(years, county, scope)]
    return inside


def totals(values: pd.Series, years: pd.Series, *, most_missing: Fraction) -> dict[int, Fraction]:
    """Σ by year; a year is left out where more than a share of its values is missing.

    Examples
    --------
    >>> values, years = pd.Series([0.1, 0.2, None]), pd.Series([2020, 2020, 2021])
    >>> totals(values, years, most_missing=Fraction(1, 20))
    {2020: Fraction(3, 10)}
    """
    return {
        int(str(year)): exact_sum(group)
        for year, group in values.groupby(years)
        if Fraction(int(group.isna().sum()), len(group)) <= most_missing
    }


def firm_total(county: County, *, column: str, scope: str) -> Reading:
    """Σ of a column over the firms of a scope, by year, in the column's unit.

    A year has no figure where more of the firms lack theirs than the policy allows.

    Examples
    --------
    >>> from tenglong.measure.example import example_county
    >>> from tenglong.source.policy import load_policy
    >>> county = example_county(
    ...     policy=load_policy(), enterprises={"usci": ["A", "B"], "industry": ["3441", "3443"]},
    ...     enterprise_years={"usci": ["A", "B"], "year": [2021, 2021], "revenue_wan": [0.1, 0.2]})
    >>> firm_total(county, column="revenue_wan", scope="industry").figures[0].value
    Fraction(3, 10)
    """
    rows = members(county, column, scope=scope)
    most = exact(county.policy["bands"]["most_missing_share"])
    figures = tuple(
        Figure(date(year, 12, 31), total)
        for year, total in totals(rows[column], rows["year"], most_missing=most).items()
    )
    evidence = (Evidence("enterprise_years", rows[["usci", "year", column]]),)
    return Series(figures, UNIT_WORDS[column.rsplit("_", 1)[-1]], evidence=evidence)
