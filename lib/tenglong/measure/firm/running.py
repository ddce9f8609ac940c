"""The last twelve months of a ratio of firms (近12个月滚动), for monthly monitoring."""

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from tenglong.measure.county import County
from tenglong.measure.exact import exact, exact_sum, ratio
from tenglong.measure.firm.closing import doubtful_closings
from tenglong.measure.firm.firm_names import firm_names
from tenglong.measure.judge.clock import months_between
from tenglong.measure.policy.file import most_missing
from tenglong.measure.reading import Running

Numbers = np.ndarray[Any, Any]
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
    told = _Months.of(months, members, months_of)
    if not len(told.month):
        return None
    doubtful = members["usci"].isin(list(doubtful_closings(county))).to_numpy()
    last = _last_month(told, members, doubtful, most_missing(county.policy))
    told = told.among((told.month > last.ordinal - MONTHS) & (told.month <= last.ordinal))
    there = _there(members, doubtful, last.end_time.date())
    own = there & (told.months_of_firms(len(members)) == MONTHS) & ~doubtful
    if denominator in STANDING:
        own &= members[denominator].notna().to_numpy()
    [year] = members["year"].unique()
    monthly = told.among(own[told.firm])
    below = members.loc[own, denominator] if denominator in STANDING else monthly.amounts[-1]
    value = ratio(exact_sum(monthly.amounts[0]), exact_sum(below))
    found = Running(
        start=(last - MONTHS + 1).start_time.date(),
        end=last.end_time.date(),
        value=value,
        year=int(year),
        firms=int(there.sum()),
        firms_lacking=int(there.sum() - own.sum()),
        without="add_back" if _has_add_back(county, numerator) else "",
        in_doubt=_names(county, members.loc[doubtful, "usci"]) if doubtful.any() else (),
    )
    code = _why_not(county, found)
    return replace(found, value=None, code=code) if code else found


def _names(county: County, codes: "pd.Series[str]") -> tuple[str, ...]:
    return tuple(map(str, firm_names(county, codes)))


@dataclass(frozen=True, eq=False)
class _Months:
    """The firm-months that tell all of some amounts.

    Attributes
    ----------
    firm, month
        The firm's place among the members, and the month's number.
    amounts
        By column.
    """

    firm: Numbers
    month: Numbers
    amounts: tuple[Numbers, ...]

    @classmethod
    def of(cls, months: pd.DataFrame, members: pd.DataFrame, columns: list[str]) -> "_Months":
        firm = pd.Index(members["usci"]).get_indexer(months["usci"])
        amounts = tuple(months[name].to_numpy(dtype="float64", na_value=np.nan) for name in columns)
        month = months["month"]
        told = (firm >= 0) & month.notna().to_numpy() & ~np.isnan(amounts).any(axis=0)
        return cls(firm, month.array.asi8, amounts).among(told)

    def among(self, chosen: Numbers) -> "_Months":
        """Give those that are chosen."""
        amounts = tuple(each[chosen] for each in self.amounts)
        return _Months(self.firm[chosen], self.month[chosen], amounts)

    def months_of_firms(self, firms: int) -> Numbers:
        """Count the months of each firm, by its place."""
        pairs = np.unique(np.stack([self.firm, self.month]), axis=1)
        return np.bincount(pairs[0], minlength=firms)


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


def _there(members: pd.DataFrame, doubtful: Numbers, day: date) -> Numbers:
    """Whether each firm is not closed by a day, or that is in doubt."""
    if "closed_on" not in members:
        return np.ones(len(members), dtype=bool)
    is_open = members["closed_on"].isna() | (members["closed_on"] > pd.Timestamp(day))
    return is_open.to_numpy() | doubtful


def _last_month(
    told: _Months, members: pd.DataFrame, doubtful: Numbers, most: Fraction
) -> pd.Period:
    """Give the last month of which no more firms lack than allowed; else the last of any."""
    months = np.unique(told.month)[::-1].tolist()
    for number in months:
        month = pd.Period(ordinal=number, freq="M")
        there = _there(members, doubtful, month.end_time.date())
        known = int(there[np.unique(told.firm[told.month == number])].sum())
        if known and Fraction(int(there.sum()) - known, int(there.sum())) <= most:
            return month
    return pd.Period(ordinal=months[0], freq="M")
