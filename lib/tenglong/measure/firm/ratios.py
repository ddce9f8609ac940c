"""County figures of firms: ratios of sums over the members, never means of ratios."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from tenglong.errors import ConfigurationError
from tenglong.measure.county import County, Unavailable
from tenglong.measure.doubt import NOTHING, Case, at_least, may_be, span
from tenglong.measure.exact import exact, exact_sum, ratio
from tenglong.measure.firm.closing import doubtful_closings
from tenglong.measure.firm.firms import (
    firm_years,
    is_closed,
    require_land,
    with_firm,
)
from tenglong.measure.firm.running import running_ratio
from tenglong.measure.firm.scope import ORIGINS, belongs, firm_blanks, in_scope
from tenglong.measure.kept import kept_by_row
from tenglong.measure.policy.file import most_missing
from tenglong.measure.reading import (
    Blank,
    Evidence,
    Figure,
    Gap,
    Incomplete,
    NotKnown,
    Part,
    Reading,
    Series,
)
from tenglong.measure.row import surely


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
    return Series(figures, UNIT_WORDS[column.rpartition("_")[2]], evidence=evidence)


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
        One figure a year, in 万元/亩, 万元/人 … or as a share. A year is incomplete where
        more of the population lacks data than the policy allows, or may belong to it, and has
        no value where the denominators add up to zero. Firms of which it is not known if they
        belong are in no sum: they give the range.

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
    members = _members(county, columns=(top, denominator), scope=scope)
    columns = [c for c in ("usci", "name", "year", top, denominator) if c in members]
    shown = members if members["inside"].notna().all() else members[members["inside"].notna()]
    evidence = (Evidence("enterprise_years", shown[columns]),)
    years = list(_years(county, members, (top, denominator)))
    figures = tuple(one for one in years if isinstance(one, Figure))
    incomplete = tuple(one for one in years if isinstance(one, Incomplete))
    if not figures:
        table, column = culprit(members, top, denominator)
        blanks = tuple(blank for one in incomplete for blank in one.blanks)
        return NotKnown(
            Gap.NO_DATA, "population_incomplete", table, column, evidence=evidence, blanks=blanks
        )
    year = figures[-1].end.year
    last = members[surely(members["inside"]) & (members["year"] == year)]
    running = running_ratio(county, last, numerator=top, denominator=denominator)
    unit = unit_of(top, denominator)
    return Series(figures, unit, evidence=evidence, running=running, incomplete=incomplete)


@kept_by_row("enterprise_years")
def _members(county: County, *, columns: tuple[str, str], scope: str) -> pd.DataFrame:
    """Give the firm-years that are in a scope, or may be: `inside` says which."""
    frame = firm_years(county)
    inside = belongs(frame, county, scope)
    wanted = ("usci", "name", "year", "stage", "closed_on", *WHO_BELONGS, *columns)
    narrow = [column for column in dict.fromkeys(wanted) if column in frame]
    return frame.loc[may_be(inside), narrow].assign(inside=inside)


def _years(
    county: County, members: pd.DataFrame, columns: tuple[str, str]
) -> Iterator[Figure | Incomplete]:
    """Give each year's ratio over the known firms, and how far the others could move it."""
    years = members["year"].to_numpy(dtype="int64")
    amounts = [members[name].to_numpy(dtype="float64", na_value=np.nan) for name in columns]
    has_both = ~np.isnan(amounts[0]) & ~np.isnan(amounts[1])
    sure, unsure = surely(members["inside"]).to_numpy(), members["inside"].isna().to_numpy()
    early = _is_early(members)
    most = most_missing(county.policy)
    for year in np.unique(years).tolist():
        here = years == year
        counted, whole = here & sure & has_both, int(here.sum())
        lacking = whole - int(counted.sum())
        is_open = (here & (unsure | ~has_both)).any()
        blanks = _blanks(county, members[here], columns) if is_open else ()
        end = date(year, 12, 31)
        if Fraction(lacking, whole) > most:
            yield Incomplete(end, blanks)
            continue
        above, below = (exact_sum(each[counted]) for each in amounts)
        parts: dict[str, Part] = {
            columns[0]: above,
            columns[1]: below,
            "firms": whole - lacking,
            "firms_lacking": lacking,
        }
        open_ = zip(*(each[here & unsure & has_both].tolist() for each in amounts), strict=True)
        cases: list[tuple[Case, ...]] = [(NOTHING, (exact(top), exact(low))) for top, low in open_]
        low, high = span((above, below), cases) if has_both[here].all() else (None, None)
        yield Figure(
            end,
            ratio(above, below),
            parts,
            is_preliminary=bool(early[here].any()),
            blanks=blanks,
            low=low,
            high=high,
        )


def _is_early(members: pd.DataFrame) -> "np.ndarray[Any, Any]":
    """Whether each row is a preliminary one (初步)."""
    if "stage" not in members:
        return np.zeros(len(members), dtype=bool)
    return surely(members["stage"] == "preliminary").to_numpy()


def _blanks(county: County, group: pd.DataFrame, columns: tuple[str, str]) -> tuple[Blank, ...]:
    unsure = group[group["inside"].isna()]
    return (*firm_blanks(county, unsure, *WHO_BELONGS), *firm_blanks(county, group, *columns))


# What tells whether a firm belongs to a population, where it is blank.
WHO_BELONGS = ("industry", "is_above_scale")


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
    words = [name.rpartition("_")[2] for name in (numerator, denominator)]
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
    return frame[surely(clearable(county, frame))]


def clearable(county: County, frame: pd.DataFrame) -> "pd.Series[bool]":
    """Whether each firm-year is in the scope of the clearance list; not known where blanks decide.

    Nor is it known of a firm whose day of closing is doubtful.

    >>> firms = {"usci": ["a"], "industry": ["33"]}
    >>> county = example_county(policy=load_policy(), enterprises=firms, enterprise_years={
    ...     "usci": ["a"], "year": 2021, "is_above_scale": False, "land_mu": [None]})
    >>> clearable(county, firm_years(county)).tolist()
    [<NA>]
    """
    wide = at_least(frame["land_mu"], county.policy["clearance"]["min_land_mu"])
    above = belongs(frame, county, "above_scale_manufacturing")
    inside = above | (belongs(frame, county, "manufacturing") & wide)
    is_open = (~is_closed(frame)).astype("boolean")
    return inside & is_open.mask(frame["usci"].isin(list(doubtful_closings(county))))
