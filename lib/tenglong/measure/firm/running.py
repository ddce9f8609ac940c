"""The last twelve months of a ratio of firms (近12个月滚动), for monthly monitoring."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pandas as pd

from tenglong.measure.county import County
from tenglong.measure.exact import exact, exact_sum, ratio
from tenglong.measure.firm.closing import doubtful_closings
from tenglong.measure.firm.firm_names import firm_names
from tenglong.measure.judge.clock import months_between
from tenglong.measure.policy.file import most_missing
from tenglong.measure.reading import Running

MONTHS = 12
# What a firm has at a time, of which months tell nothing: it is that of the last yearly figure.
STANDING = frozenset({"land_mu", "employees"})


def running_ratio(
    county: County, members: pd.DataFrame, *, numerator: str, denominator: str
) -> Running | None:
    """Divide the last twelve months known by the denominators of the last yearly figure.

    Formula: Σ of the numerator over twelve full months / Σ of the denominator, over the firms
    of that year's population that are not closed by the last of the months. Land and headcount
    are those of the year; a denominator that is reported by month is added up over the same
    months. The last month known is that of which no more firms lack their figure than
    `bands.yml` allows; a firm counts with all twelve months and its denominator, or lacks, as
    does one of which it is doubtful when it was closed.

    Parameters
    ----------
    members
        The rows of `firm_years` of the population in the year of the last yearly figure.
    numerator, denominator
        Their columns, with the unit in the name.

    Returns
    -------
    Running or None
        None where months tell no numerator, or no denominator that the year does not have.

    Examples
    --------
    >>> months = [str(month) for month in pd.period_range("2021-07", "2022-06", freq="M")]
    >>> county = example_county(policy=load_policy(), enterprise_months={
    ...     "usci": "a", "month": months, "tax_wan": [2.5] * 12})
    >>> rows = pd.DataFrame({"usci": ["a"], "year": [2021], "land_mu": [3.0]})
    >>> found = running_ratio(county, rows, numerator="tax_wan", denominator="land_mu")
    >>> found.value, str(found.start), str(found.end)
    (Fraction(10, 1), '2021-07-01', '2022-06-30')
    """
    months = county.tables.get("enterprise_months", pd.DataFrame())
    if not {"usci", "month", numerator}.issubset(months.columns):
        return None
    if denominator not in STANDING and denominator not in months:
        return None
    months_of = [numerator] if denominator in STANDING else [numerator, denominator]
    told = months[months["usci"].isin(members["usci"])]
    told = told[told[months_of].notna().all(axis=1)]
    if told.empty:
        return None
    doubtful = members["usci"].isin(list(doubtful_closings(county)))
    last = _last_month(told, members, doubtful, most_missing(county.policy))
    span = told[(told["month"] > last - MONTHS) & (told["month"] <= last)]
    there = _there(members, doubtful, last.end_time.date())
    full = there["usci"].map(span.groupby("usci")["month"].nunique()).eq(MONTHS)
    if denominator in STANDING:
        full &= there[denominator].notna()
    full &= ~doubtful[there.index]
    own = there[full]
    [year] = members["year"].unique()
    monthly = span[span["usci"].isin(own["usci"])]
    below = own[denominator] if denominator in STANDING else monthly[denominator]
    value = ratio(exact_sum(monthly[numerator]), exact_sum(below))
    found = Running(
        start=(last - MONTHS + 1).start_time.date(),
        end=last.end_time.date(),
        value=value,
        year=int(year),
        firms=len(there),
        firms_lacking=len(there) - len(own),
        without="add_back" if _has_add_back(county, numerator) else "",
        in_doubt=tuple(map(str, firm_names(county, members.loc[doubtful, "usci"]))),
    )
    code = _why_not(county, found)
    return replace(found, value=None, code=code) if code else found


def _why_not(county: County, found: Running) -> str:
    """Say why there is no figure; "" where there is one."""
    if found.firms_lacking > most_missing(county.policy) * found.firms:
        return "firms_lacking"
    oldest = exact(county.policy["bands"]["stale_after_months"]["month"])
    if months_between(found.end, county.as_of) > oldest:
        return "months_old"
    return "zero" if found.value is None else ""


def _has_add_back(county: County, numerator: str) -> bool:
    """Whether the yearly tax holds what the monthly one does not."""
    return numerator == "tax_wan" and bool(county.policy["tax"]["add_back"])


def _there(members: pd.DataFrame, doubtful: "pd.Series[bool]", day: date) -> pd.DataFrame:
    """Give the firms that are not closed by a day, or of which that is in doubt."""
    if "closed_on" not in members:
        return members
    is_open = members["closed_on"].isna() | (members["closed_on"] > pd.Timestamp(day))
    return members[is_open | doubtful]


def _last_month(
    told: pd.DataFrame, members: pd.DataFrame, doubtful: "pd.Series[bool]", most: Fraction
) -> pd.Period:
    """Give the last month of which no more firms lack than allowed; else the last of any."""
    months: list[pd.Period] = sorted(set(told["month"].tolist()), reverse=True)
    for month in months:
        there = _there(members, doubtful, month.end_time.date())
        known = int(there["usci"].isin(told.loc[told["month"] == month, "usci"]).sum())
        if known and Fraction(len(there) - known, len(there)) <= most:
            return month
    return months[0]
