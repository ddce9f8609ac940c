"""What can be said of every evaluated firm of a year, by the names that formulas use."""

import re
from collections import ChainMap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any

import pandas as pd

from tenglong.measure.county import County, Unavailable
from tenglong.measure.evaluation.facts import FACTS
from tenglong.measure.evaluation.scheme import Electricity, Scheme, Sites
from tenglong.measure.exact import exact
from tenglong.measure.firm.firms import (
    DIGITS,
    evaluated_tax,
    firm_years,
    in_force,
    occupied_mu,
    parcel_areas,
    require_land,
)
from tenglong.measure.policy.formula import Formula, Function, Value


def sites(county: County, firms: Iterable[str], day: pd.Timestamp) -> dict[str, str]:
    """Give the lead of each firm's site: the firm itself where it is alone.

    Firms that use one parcel belong together, and so do their other neighbours. The lead is
    the one that owns most of the site's land, or else uses most; of equals the first by its
    code. Source: 遂昌 2023 (tenants on one parcel are merged and share the grade).

    Raises
    ------
    Unavailable
        If there are no occupancies, or no parcels.

    >>> county = example_county(policy=load_policy(), parcels={"parcel_id": ["p"]}, occupancies={
    ...     "usci": ["a", "b"], "parcel_id": ["p", "p"], "area_mu": [2.0, 9.0],
    ...     "tenure": ["owned", "leased"]})
    >>> sites(county, ["a", "b", "c"], pd.Timestamp("2021-12-31"))
    {'a': 'a', 'b': 'a', 'c': 'c'}
    """
    evaluated = list(firms)
    used = county.table("occupancies", "usci", "parcel_id")
    used = used[in_force(used, day) & used["usci"].isin(evaluated)]
    together = _connected(zip(used["usci"], used["parcel_id"], strict=True))
    leads: dict[str, str] = {}
    weights = _weights(county, used)
    for members in together:
        lead = min(members, key=lambda usci: (*weights[usci], usci))
        leads |= dict.fromkeys(members, lead)
    return {usci: leads.get(usci, usci) for usci in evaluated}


def _weights(county: County, used: pd.DataFrame) -> dict[str, tuple[float, float]]:
    """Owned and used land of each firm, negative: the largest is the least."""
    area = occupied_mu(used, parcel_areas(county))
    tenure = used["tenure"] if "tenure" in used else pd.Series("", index=used.index)
    owned = area.where(tenure == "owned", 0.0)
    land = pd.DataFrame({"owned": -owned, "used": -area})
    sums = land.groupby(used["usci"]).sum().round(DIGITS)
    return {str(usci): (row["owned"], row["used"]) for usci, row in sums.iterrows()}


def _connected(pairs: Iterable[tuple[str, str]]) -> list[set[str]]:
    """Give the sets of firms that parcels link, directly or through other firms."""
    by_parcel: dict[str, set[str]] = {}
    by_firm: dict[str, set[str]] = {}
    for firm, parcel in pairs:
        by_parcel.setdefault(parcel, set()).add(firm)
        by_firm.setdefault(firm, set()).add(parcel)
    found, seen = [], set[str]()
    for firm in by_firm:
        if firm in seen:
            continue
        members, waiting = {firm}, [firm]
        while waiting:
            for parcel in by_firm[waiting.pop()]:
                new = by_parcel[parcel] - members
                members |= new
                waiting += new
        found.append(members)
        seen |= members
    return found


BEFORE = re.compile(r"(?P<name>\w+?)_before(?P<years>[1-9]?)")
OTHER = "other"
# Numbers that are no amounts: a merged site has its lead's.
NOT_ADDED = frozenset({"division", "year"})
ONE = Formula.parse(1)
Column = Mapping[str, Value]


@dataclass(frozen=True)
class Amount:
    """An indicator of a firm: its amounts, exact, and its value.

    `gap` says why there is no value: `missing`, or `zero_denominator`.
    """

    numerator: Fraction | None = None
    denominator: Fraction | None = None
    value: Fraction | None = None
    gap: str = ""


class Register:
    """The firms of a year under a scheme, and every fact and indicator of theirs.

    A firm is named by its code; where the scheme merges the firms of a site, by its lead's.
    Facts are those at the end of the year. A name that ends in `_before` (or `_before2` …) is
    that of the year before (two years before …), of the same firms.
    """

    def __init__(self, county: County, scheme: Scheme, year: int) -> None:
        self.county = county
        self.scheme = scheme
        self.year = year
        self._frames: dict[int, pd.DataFrame] = {}
        self._columns: dict[tuple[str, int], Column] = {}
        self._amounts: dict[tuple[str, int], Mapping[str, Amount]] = {}

    def frame(self, back: int = 0) -> pd.DataFrame:
        """Give the firm-years, so many years back; the index is the row in the table."""
        if back not in self._frames:
            years = firm_years(self.county)
            rows = years[years["year"] == self.year - back].copy()
            if self.scheme.tax_add_back is not None:
                rows["tax_wan"] = evaluated_tax(rows, self.scheme.tax_add_back)
            self._frames[back] = rows
        return self._frames[back]

    @cached_property
    def leads(self) -> Mapping[str, str]:
        """The lead of each firm's site, by the firm's code."""
        firms = self.frame()["usci"].tolist()
        if self.scheme.sites is Sites.APART:
            return {firm: firm for firm in firms}
        return sites(self.county, firms, self._day(0))

    @cached_property
    def members(self) -> Mapping[str, tuple[str, ...]]:
        """The firms of each site, the lead first, by the lead's code; in order."""
        members: dict[str, list[str]] = {lead: [lead] for lead in sorted(set(self.leads.values()))}
        for firm, lead in sorted(self.leads.items()):
            if firm != lead:
                members[lead].append(firm)
        return {lead: tuple(firms) for lead, firms in members.items()}

    def column(self, name: str, back: int = 0) -> Column:
        """Give a column or fact of every site, so many years back.

        Raises
        ------
        Unavailable
            If what it is read from was not supplied.
        """
        if (name, back) not in self._columns:
            values = self._by_firm(name, back)
            self._columns[name, back] = {
                lead: _merged(name, [values.get(firm) for firm in firms])
                for lead, firms in self.members.items()
            }
        return self._columns[name, back]

    def amounts(self, indicator: str, back: int = 0) -> Mapping[str, Amount]:
        """Give an indicator of every site.

        Raises
        ------
        Unavailable
            If what it is computed from was not supplied.
        """
        if (indicator, back) not in self._amounts:
            self._amounts[indicator, back] = {
                lead: self._amount(indicator, self.names(lead, back=back)) for lead in self.members
            }
        return self._amounts[indicator, back]

    def names(
        self, lead: str, known: Mapping[str, Value] | None = None, *, back: int = 0
    ) -> Mapping[str, Value]:
        """Give everything that a formula may name of a site; what is `known` goes first."""
        return ChainMap(dict(known or {}), _Names(self, lead, back))

    @cached_property
    def functions(self) -> Mapping[str, Function]:
        """The functions of days: full years and months from a day to the year's end."""
        return {
            "years_since": lambda day: Fraction(_months(day, self.year) // 12),
            "months_since": lambda day: Fraction(_months(day, self.year)),
        }

    def holds(
        self, condition: Formula | None, lead: str, known: Mapping[str, Value] | None = None
    ) -> bool | None:
        """Whether a condition holds of a site; where there is none, it does."""
        if condition is None:
            return True
        return condition.holds(self.names(lead, known), self.functions)

    def group(self, lead: str) -> str:
        """Name the first of the scheme's groups whose condition holds."""
        for name, group in self.scheme.groups.items():
            if self.holds(group.when, lead):
                return name
        return OTHER

    def _day(self, back: int) -> pd.Timestamp:
        return pd.Timestamp(year=self.year - back, month=12, day=31)

    def _by_firm(self, name: str, back: int) -> dict[str, Value]:
        rows = self.frame(back)
        calorific = self.scheme.electricity is Electricity.CALORIFIC_VALUE
        source = "energy_calorific_tce" if name == "energy_tce" and calorific else name
        if source in FACTS:
            column = FACTS[source](self.county, rows, self._day(back))
        else:
            _require(self.county, rows, source)
            column = rows[source]
        return dict(zip(rows["usci"], _values(column), strict=True))

    def _amount(self, indicator: str, names: Mapping[str, Value]) -> Amount:
        rule = self.scheme.indicators[indicator]
        if rule.numerator is None:
            return self._free(rule.value, names)
        top = rule.numerator(names, self.functions)
        bottom = (rule.denominator or ONE)(names, self.functions)
        if top is None or bottom is None:
            return Amount(top, bottom, gap="missing")
        if bottom <= 0:
            return Amount(top, bottom, gap="zero_denominator")
        return Amount(top, bottom, top / bottom)

    def _free(self, rule: Formula | None, names: Mapping[str, Value]) -> Amount:
        try:
            value = None if rule is None else rule(names, self.functions)
        except ZeroDivisionError:
            return Amount(gap="zero_denominator")
        return Amount(value=value, gap="missing" if value is None else "")


class _Names(dict[str, Value]):
    """The names of one site, looked up when a formula asks for them, and not kept."""

    def __init__(self, register: Register, lead: str, back: int) -> None:
        self.register = register
        self.lead = lead
        self.back = back

    def __missing__(self, name: str) -> Value:
        register, scheme = self.register, self.register.scheme
        if name == "industry_group":
            return register.group(self.lead)
        if name in scheme.parameters:
            return scheme.parameters[name]
        if name in scheme.lookups:
            return scheme.lookups[name].find(self[scheme.lookups[name].by])
        if name in scheme.indicators:
            return register.amounts(name, self.back)[self.lead].value
        if (earlier := BEFORE.fullmatch(name)) is not None:
            back = self.back + int(earlier["years"] or 1)
            return _Names(register, self.lead, back)[earlier["name"]]
        return register.column(name, self.back)[self.lead]


def _require(county: County, rows: pd.DataFrame, name: str) -> None:
    if name == "land_mu":
        require_land(county)
    elif name == "tax_wan":
        county.table("enterprise_years", "tax_paid_wan")
    elif name == "pollutants_t":
        if "pollutants_t" not in county.table("enterprise_years"):
            county.table("enterprise_years", "cod_t", "nh3n_t", "so2_t", "nox_t")
    elif name not in rows:
        is_firms = ("enterprises", name) in county.labels
        raise Unavailable("enterprises" if is_firms else "enterprise_years", name)


def _values(column: "pd.Series[Any]") -> list[Value]:
    """Give cells as formulas take them: exact numbers, days, flags, texts, None if missing."""
    return [_plain(cell) for cell in column.tolist()]


def _plain(cell: Any) -> Value:
    if isinstance(cell, (frozenset, str)):
        return cell
    if pd.isna(cell):
        return None
    if isinstance(cell, pd.Timestamp):
        return cell.date()
    return cell if isinstance(cell, bool) else exact(cell)


def _merged(name: str, values: list[Value]) -> Value:
    """Merge the values of a site's firms: amounts are added, a flag of one is the site's."""
    known = [value for value in values if value is not None]
    kinds = {type(value) for value in known}
    if kinds == {bool}:
        return any(known)
    if kinds == {Fraction} and name not in NOT_ADDED:
        return sum(known, Fraction(0))
    if kinds == {frozenset}:
        return frozenset().union(*known)
    return values[0]


def _months(day: date, year: int) -> int:
    """Full months from a day to the end of a year; negative after it."""
    return (year - day.year) * 12 + 12 - day.month
