"""Populations of firms (规上工业, 规上制造业 …): who belongs, and of whom it is not known."""

from dataclasses import replace

import pandas as pd

from tenglong.measure.county import County, Unavailable
from tenglong.measure.doubt import at_least, blanks_of
from tenglong.measure.firm.closing import doubtful_closings
from tenglong.measure.firm.firm_names import firm_names
from tenglong.measure.firm.firms import firms_by_code
from tenglong.measure.reading import Blank
from tenglong.measure.row import surely

# Columns of `firm_years` that are computed, and the one supplied that they hang on.
ORIGINS = {
    "tax_wan": ("enterprise_years", "tax_paid_wan"),
    "land_mu": ("occupancies", "share"),
}


def in_scope(years: pd.DataFrame, county: County, scope: str) -> "pd.Series[bool]":
    """Whether each firm-year is known to belong to a population; see `belongs`.

    >>> rows = pd.DataFrame({"industry": ["3391", "4411", None]}, dtype="str")
    >>> in_scope(rows, example_county(policy=load_policy()), "manufacturing").tolist()
    [True, False, False]
    """
    return surely(belongs(years, county, scope))


def belongs(years: pd.DataFrame, county: County, scope: str) -> "pd.Series[bool]":
    """Whether each firm-year belongs to a population of `data/policy/scopes.yml`.

    `above_scale_` before a scope's name keeps the firms above designated size in that year. Not
    known where a blank decides it: the industry, the scale, or the headcount.

    Raises
    ------
    Unavailable
        If the column that decides it was not supplied.

    >>> rows = pd.DataFrame({"industry": ["3391", "4411", None]}, dtype="str")
    >>> belongs(rows, example_county(policy=load_policy()), "manufacturing").tolist()
    [True, False, <NA>]
    """
    name = scope.removeprefix("above_scale_")
    rule = county.policy["scopes"][name]
    if "industry" not in years.columns:
        county.table("enterprises", "usci", "industry")
        raise Unavailable("enterprises", "industry")
    division = pd.to_numeric(years["industry"].str[:2], errors="coerce")
    found = pd.Series(data=False, index=years.index, dtype="boolean")
    for first, last in rule["divisions"]:
        found |= division.between(first, last)
    found = found.mask(division.isna())
    if name != scope:
        county.table("enterprise_years", "is_above_scale")
        found &= years["is_above_scale"].astype("boolean")
    if "most_employees" in rule:
        county.table("enterprise_years", "employees")
        found &= ~at_least(years["employees"], rule["most_employees"])
    return found


def firm_blanks(county: County, years: pd.DataFrame, *columns: str) -> tuple[Blank, ...]:
    """Name the blank cells of firm-years that are waited for, the firm's industry among them.

    Parameters
    ----------
    columns
        Columns of `firm_years`; a computed one stands for the supplied one that it hangs on.
        `closed_on` stands for the days of closing that are doubtful: one that is blank is none.

    >>> county = example_county(enterprises={"usci": ["A"], "name": ["甲"], "industry": [None]},
    ...     enterprise_years={"usci": ["A"], "year": [2021], "rd_wan": [None]})
    >>> rows = county.table("enterprise_years").assign(industry=None)
    >>> [(one.table, one.name) for one in firm_blanks(county, rows, "industry", "rd_wan")]
    [('enterprises', '甲'), ('enterprise_years', '甲')]
    """
    asked = [name for name in columns if name in years and name != "closed_on"]
    blank = [name for name in asked if years[name].isna().any()]
    doubtful = list(doubtful_closings(county)) if "closed_on" in columns else []
    if not blank and not doubtful:
        return ()
    years = years[years[blank].isna().any(axis=1) | years["usci"].isin(doubtful)]
    names = firm_names(county, years["usci"])
    firms = county.tables.get("enterprises", pd.DataFrame()).sort_index()
    is_there = years["usci"].notna()
    if "usci" in firms:
        is_there[:] = firms_by_code(county).index.get_indexer(pd.Index(years["usci"])) >= 0
    found: list[Blank] = []
    if "closed_on" in columns:
        found += _closings(county, years, names)
    for column in blank:
        table, origin = origin_of(county, column)
        if column == "industry":
            found += _of_firms(firms, years[is_there & years[column].isna()], names)
        elif table == "enterprise_years":
            found += blanks_of(years, {column: (table, origin)}, names)
        else:
            cells = blanks_of(years[is_there], {column: (table, origin)}, names)
            found += [replace(one, row=None) for one in cells]
        if table != "enterprise_years" or column == "industry":
            found += _unlinked(years[~is_there & years[column].isna()])
    return tuple(dict.fromkeys(found))


def _closings(county: County, years: pd.DataFrame, names: "pd.Series[str]") -> list[Blank]:
    doubtful = doubtful_closings(county)
    firms = years[years["usci"].isin(list(doubtful))]
    return [
        Blank("enterprises", "closed_on", str(name), doubtful[str(usci)])
        for name, usci in zip(names[firms.index], firms["usci"], strict=True)
    ]


def origin_of(county: County, column: str) -> tuple[str, str]:
    """Name the table and column that a column of `firm_years` has to be supplied in.

    Land is the year's own where the county supplies that, else what firms occupy.

    >>> county = example_county(enterprise_years={"usci": ["A"], "land_mu": [3.0]})
    >>> origin_of(county, "land_mu"), origin_of(county, "tax_wan")
    (('enterprise_years', 'land_mu'), ('enterprise_years', 'tax_paid_wan'))
    """
    is_own = column in county.tables.get("enterprise_years", ())
    own = ("enterprise_years", column)
    return own if is_own and not county.is_settled else ORIGINS.get(column, own)


def _of_firms(firms: pd.DataFrame, years: pd.DataFrame, names: "pd.Series[str]") -> list[Blank]:
    """Name the firms themselves, once each, by their rows in `enterprises`."""
    first = firms.drop_duplicates("usci") if len(firms) else pd.DataFrame(columns=["usci"])
    places = dict(zip(first["usci"], first.index, strict=True))
    return [
        Blank("enterprises", "industry", str(names[row]), places.get(usci))
        for row, usci in zip(years.index, years["usci"], strict=True)
    ]


def _unlinked(years: pd.DataFrame) -> list[Blank]:
    """Name the codes of firms that are not in `enterprises`: nothing else of them is waited for."""
    first = years[~years["usci"].duplicated()]
    return [
        Blank("enterprise_years", "usci", str(usci), int(row), of="enterprises")
        for row, usci in zip(first.index, first["usci"], strict=True)
    ]
