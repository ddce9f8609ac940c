"""County figures of firms: ratios of sums over the members, never means of ratios."""

from datetime import date
from fractions import Fraction
from itertools import pairwise

import pandas as pd

from tenglong.errors import ConfigurationError
from tenglong.measure.county import County, Unavailable
from tenglong.measure.exact import exact_sum, ratio
from tenglong.measure.firm.firms import firm_years, in_scope, is_closed, require_land, with_firm
from tenglong.measure.firm.running import running_ratio
from tenglong.measure.policy.file import most_missing
from tenglong.measure.reading import (
    Evidence,
    Figure,
    Flow,
    Gap,
    Grain,
    NotKnown,
    Part,
    Reading,
    Series,
)
from tenglong.measure.row import is_preliminary, surely


def members(county: County, *columns: str, scope: str) -> pd.DataFrame:
    """Give the firm-years of a scope, with their industry.

    Raises
    ------
    Unavailable
        If a column of `enterprise_years`, or one that decides the scope, was not supplied.

    Examples
    --------
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
    >>> county = example_county(
    ...     policy=load_policy(), enterprises={"usci": ["A", "B"], "industry": ["3441", "3443"]},
    ...     enterprise_years={"usci": ["A", "B"], "year": [2021, 2021], "revenue_wan": [0.1, 0.2]})
    >>> firm_total(county, column="revenue_wan", scope="industry").figures[0].value
    Fraction(3, 10)
    """
    rows = members(county, column, scope=scope)
    most = most_missing(county.policy)
    figures = tuple(
        Figure(date(year, 12, 31), total)
        for year, total in totals(rows[column], rows["year"], most_missing=most).items()
    )
    evidence = (Evidence("enterprise_years", rows[["usci", "year", column]]),)
    if not figures:
        return NotKnown(Gap.NO_DATA, "population_incomplete", "enterprise_years", column)
    return Series(figures, UNIT_WORDS[column.rsplit("_", 1)[-1]], evidence=evidence)


# What the last word of a column's name says of its unit.
UNIT_WORDS = {
    "employees": "人",
    "kwh": "万千瓦时",
    "mu": "亩",
    "t": "吨",
    "tce": "吨标准煤",
    "wan": "万元",
}


def firm_ratio(county: County, *, numerator: str, denominator: str, scope: str) -> Reading:
    """Σ numerator / Σ denominator over the firms of a scope, year by year.

    Beside the yearly figures stands the running one of the last twelve months, where months
    tell it (`running_ratio`).

    Parameters
    ----------
    numerator, denominator
        Columns of `firm_years`; `tax` is the evaluated tax.
    scope
        A population of `data/policy/scopes.yml`, e.g. `above_scale_manufacturing`.

    Returns
    -------
    Series
        One figure a year, in 万元/亩, 万元/人 … or as a share. A year has no figure where
        more of the population lacks data than the policy allows, and no value where the
        denominators add up to zero.

    Raises
    ------
    Unavailable
        If a column, or what it is computed from, was not supplied.

    Notes
    -----
    规上工业 and 规上制造业 are different populations. Source: 黄岩区 2022 formulas.

    >>> firms = {"usci": ["a", "b"], "industry": ["33", "33"]}
    >>> county = example_county(policy=load_policy(), enterprises=firms, enterprise_years={
    ...     "usci": ["a", "b"], "year": 2021, "tax_paid_wan": [30.0, 10.0], "land_mu": [1.0, 3.0]})
    >>> found = firm_ratio(county, numerator="tax", denominator="land_mu", scope="industry")
    >>> found.figures[0].value
    Fraction(10, 1)
    """
    top = "tax_wan" if numerator == "tax" else numerator
    frame = firm_years(county)
    for column in (top, denominator):
        _require(county, frame, column)
    members = frame[in_scope(frame, county, scope)]
    most = most_missing(county.policy)
    figures = [
        figure
        for year, group in members.groupby("year")
        if (figure := _figure(int(str(year)), group, top, denominator, most)) is not None
    ]
    columns = [c for c in ("usci", "name", "year", top, denominator) if c in members]
    evidence = (Evidence("enterprise_years", members[columns]),)
    if members.empty or not figures:
        table, column = culprit(members, top, denominator)
        return NotKnown(Gap.NO_DATA, "population_incomplete", table, column, evidence=evidence)
    last = members[members["year"] == figures[-1].end.year]
    running = running_ratio(county, last, numerator=top, denominator=denominator)
    return Series(tuple(figures), unit_of(top, denominator), evidence=evidence, running=running)


def _figure(year: int, group: pd.DataFrame, top: str, bottom: str, most: Fraction) -> Figure | None:
    both = group[[top, bottom]].notna().all(axis=1)
    lacking = len(group) - int(both.sum())
    if Fraction(lacking, len(group)) > most:
        return None
    sums = exact_sum(group.loc[both, top]), exact_sum(group.loc[both, bottom])
    parts: dict[str, Part] = {
        top: sums[0],
        bottom: sums[1],
        "firms": int(both.sum()),
        "firms_lacking": lacking,
    }
    preliminary = is_preliminary(group)
    return Figure(date(year, 12, 31), ratio(*sums), parts, is_preliminary=preliminary)


# Columns of `firm_years` that are computed, and the one supplied that they hang on.
ORIGINS = {
    "tax_wan": ("enterprise_years", "tax_paid_wan"),
    "land_mu": ("occupancies", "share"),
}


def culprit(members: pd.DataFrame, *columns: str) -> tuple[str, str]:
    """Name the table and column of which the most is lacking.

    >>> frame = pd.DataFrame({"tax_wan": [1.0, 2.0], "land_mu": [None, 3.0]})
    >>> culprit(frame, "tax_wan", "land_mu")
    ('occupancies', 'share')
    """
    missing = members[list(columns)].isna().sum()
    worst = str(missing.idxmax())
    return ORIGINS.get(worst, ("enterprise_years", worst))


def _require(county: County, frame: pd.DataFrame, column: str) -> None:
    if column == "land_mu":
        require_land(county)
    elif column == "tax_wan":
        county.table("enterprise_years", "tax_paid_wan")
    elif column not in frame.columns:
        raise Unavailable("enterprise_years", column)


def unit_of(numerator: str, denominator: str) -> str:
    """Name the unit of a ratio of two columns by the units in their names.

    Raises
    ------
    ConfigurationError
        If a column's name does not tell its unit.

    >>> unit_of("tax_wan", "land_mu"), unit_of("rd_wan", "revenue_wan")
    ('万元/亩', '')
    """
    words = [name.rsplit("_", 1)[-1] for name in (numerator, denominator)]
    for name, word in zip((numerator, denominator), words, strict=True):
        if word not in UNIT_WORDS:
            raise ConfigurationError(f"firm_ratio: {name!r} is not an amount of a known unit")
    top, bottom = (UNIT_WORDS[word] for word in words)
    return "" if top == bottom else f"{top}/{bottom}"


def clearance_scope(county: County) -> pd.DataFrame:
    """Firm-years that the clearance list may draw on.

    All above-scale manufacturers, and other manufacturers with at least `min_land_mu` of
    land (`data/policy/clearance.yml`); a firm that was closed by the end of the year is out.

    Raises
    ------
    Unavailable
        If land, industry or scale was not supplied.

    >>> firms = {"usci": ["a", "b"], "industry": ["33", "33"]}
    >>> county = example_county(policy=load_policy(), enterprises=firms, enterprise_years={
    ...     "usci": ["a", "b"], "year": 2021, "is_above_scale": False, "land_mu": [3.0, 2.9]})
    >>> clearance_scope(county)["usci"].tolist()
    ['a']
    """
    require_land(county)
    frame = firm_years(county)
    wide = frame["land_mu"] >= float(county.policy["clearance"]["min_land_mu"])
    above = in_scope(frame, county, "above_scale_manufacturing")
    inside = above | (in_scope(frame, county, "manufacturing") & wide)
    return frame[inside & ~is_closed(frame)]


def digitalised_share(county: County) -> Reading:
    """Share of key-industry small and medium firms that use basic digital tools, by year.

    Firms that are known to use them / firms of which it is known; a year of which nothing is
    known has no figure. Source of the population: `key_sme` in `data/policy/scopes.yml`.

    Raises
    ------
    Unavailable
        If the flag, headcount or industry was not supplied.

    >>> firms = {"usci": ["a", "b"], "industry": ["33", "33"]}
    >>> county = example_county(policy=load_policy(), enterprises=firms, enterprise_years={
    ...     "usci": ["a", "b"], "year": 2021, "employees": 9.0, "is_digitalised": [True, False]})
    >>> digitalised_share(county).figures[0].value
    Fraction(1, 2)
    """
    county.table("enterprise_years", "is_digitalised")
    frame = firm_years(county)
    members = frame[in_scope(frame, county, "key_sme")]
    figures = []
    for year, group in members.groupby("year"):
        known = group["is_digitalised"].dropna()
        if known.empty:
            continue
        done = Fraction(int(known.sum()))
        parts: dict[str, Part] = {
            "digitalised": done,
            "firms": len(known),
            "firms_lacking": len(group) - len(known),
        }
        end, preliminary = date(int(str(year)), 12, 31), is_preliminary(group)
        figures.append(Figure(end, done / len(known), parts, is_preliminary=preliminary))
    evidence = (Evidence("enterprise_years", members[["usci", "year", "is_digitalised"]]),)
    return Series(tuple(figures), "", evidence=evidence)


def net_above_scale(county: County) -> Reading:
    """Firms newly above designated size minus those dropped out, year by year (净升规), 家.

    A firm that is above the line in a year and was not in the year before counts +1, the
    reverse −1, on the last day of the year. The first year known is only compared with. A year
    of which, or of the one before it, a row is preliminary (初步) gives no final verdict.

    Raises
    ------
    Unavailable
        If firms' years or their scale were not supplied.

    >>> county = example_county(enterprise_years={
    ...     "usci": ["a", "a"], "year": [2020, 2021], "is_above_scale": [False, True]})
    >>> net_above_scale(county).amounts
    ((datetime.date(2021, 12, 31), Fraction(1, 1)),)
    """
    frame = county.table("enterprise_years", "usci", "year", "is_above_scale")
    above = frame[surely(frame["is_above_scale"])]
    by_year = {int(str(year)): set(group["usci"]) for year, group in above.groupby("year")}
    years = sorted(int(year) for year in frame["year"].dropna().unique())
    early = {year for year in years if is_preliminary(frame[surely(frame["year"] == year)])}
    amounts, preliminary = [], set()
    for before, year in pairwise(years):
        new = len(by_year.get(year, set()) - by_year.get(before, set()))
        gone = len(by_year.get(before, set()) - by_year.get(year, set()))
        amounts.append((date(year, 12, 31), Fraction(new - gone)))
        if early & {before, year}:
            preliminary.add(date(year, 12, 31))
    if not amounts:
        return NotKnown(Gap.NO_DATA, "needs_two_years", "enterprise_years", "year")
    return Flow(
        tuple(amounts),
        "家",
        known_until=amounts[-1][0],
        grain=Grain.YEAR,
        is_ledger=False,
        may_fall=True,
        preliminary=frozenset(preliminary),
        evidence=(Evidence("enterprise_years", above[["usci", "year"]]),),
    )
