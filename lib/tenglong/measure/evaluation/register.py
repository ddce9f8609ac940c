"""What can be said of every evaluated firm of a year, by the names that formulas use."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenglong.measure.county import County, Unavailable
from tenglong.measure.evaluation.amounts import MISSING, ZERO_DENOMINATOR, Amounts, told_amounts
from tenglong.measure.evaluation.facts import FACTS
from tenglong.measure.evaluation.scheme import Electricity, Lookup, Scheme, Sites
from tenglong.measure.evaluation.site import sites
from tenglong.measure.firm.firms import evaluated_tax, firm_years, require_land
from tenglong.measure.policy.column import (
    UNDIVIDED,
    UNKNOWN,
    Column,
    Gaps,
    Rows,
    Same,
    Value,
    combined,
    spread_out,
)
from tenglong.measure.policy.columnwise import (
    ColumnFunction,
    applied_by_row,
    evaluated,
    holding,
    told,
)
from tenglong.measure.policy.formula import Formula, Function
from tenglong.measure.policy.operation import Part
from tenglong.measure.rationals import Rationals

BEFORE = re.compile(r"(?P<name>\w+?)_before(?P<years>[1-9]?)")
OTHER = "other"
# Numbers that are no amounts: a merged site has its lead's.
NOT_ADDED = frozenset({"division", "year"})
ONE = Formula.parse(1)


class Register:
    """The firms of a year under a scheme, and every fact and indicator of theirs.

    A firm is named by its code; where the scheme merges the firms of a site, by its lead's.
    Facts are those at the end of the year. A name that ends in `_before` (or `_before2` …) is
    that of the year before (two years before …), of the same firms. Columns stand in the order
    of `codes`.
    """

    def __init__(self, county: County, scheme: Scheme, year: int) -> None:
        self.county = county
        self.scheme = scheme
        self.year = year
        self.gaps = Gaps()
        self._frames: dict[int, pd.DataFrame] = {}
        self._rows: dict[int, Rows] = {}
        self._columns: dict[tuple[str, int], Column] = {}
        self._amounts: dict[tuple[str, int], Amounts] = {}
        self._parts: dict[tuple[str, int], Part] = {}

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
        leads = self.leads
        if self.scheme.sites is Sites.APART:
            return {firm: (firm,) for firm in sorted(leads)}
        members: dict[str, list[str]] = {lead: [lead] for lead in sorted(set(leads.values()))}
        for firm, lead in sorted(leads.items()):
            if firm != lead:
                members[lead].append(firm)
        return {lead: tuple(firms) for lead, firms in members.items()}

    @cached_property
    def codes(self) -> "pd.Index[Any]":
        """The leads' codes, in order."""
        return pd.Index(list(self.members), dtype="object")

    @cached_property
    def everything(self) -> Rows:
        """The rows of all sites."""
        return np.arange(len(self.codes))

    @cached_property
    def firms(self) -> "pd.Index[Any]":
        """All firms, site by site."""
        return pd.Index(list(chain.from_iterable(self.members.values())), dtype="object")

    @cached_property
    def sizes(self) -> NDArray[np.int64]:
        """How many firms each site has."""
        return np.array([len(firms) for firms in self.members.values()], dtype=np.int64)

    @cached_property
    def sites(self) -> Rows:
        """The row of the site of each firm-year in `frame`."""
        sites = np.empty(len(self.firms), dtype=np.int64)
        sites[self.rows_of()] = np.repeat(self.everything, self.sizes)
        return sites

    def rows_of(self, back: int = 0) -> Rows:
        """Give the place of each of `firms` in the frame of so many years back; −1 for none."""
        if back not in self._rows:
            codes = pd.Index(self.frame(back)["usci"].to_numpy("object"))
            self._rows[back] = codes.get_indexer(self.firms)
        return self._rows[back]

    def column(self, name: str, back: int = 0) -> Column:
        """Give a column or fact of every site, so many years back.

        Raises
        ------
        Unavailable
            If what it is read from was not supplied.
        """
        if (name, back) not in self._columns:
            self._columns[name, back] = self._by_site(name, self._by_firm(name, back))
        return self._columns[name, back]

    def amounts(self, indicator: str, back: int = 0) -> Amounts:
        """Give an indicator of every site.

        Raises
        ------
        Unavailable
            If what it is computed from was not supplied.
        """
        if (indicator, back) not in self._amounts:
            self._amounts[indicator, back] = self._reckoned(indicator, back)
        return self._amounts[indicator, back]

    def part(self, name: str, back: int = 0) -> Part:
        """Give what a formula may name, of every site; what it fails by is its state."""
        if (name, back) not in self._parts:
            try:
                self._parts[name, back] = self._part(name, back)
            except (Unavailable, ZeroDivisionError) as error:
                self._parts[name, back] = Same(None, self.gaps.state(error))
        return self._parts[name, back]

    def names(self, lead: str, known: Mapping[str, Value] | None = None) -> Mapping[str, Value]:
        """Give everything that a formula may name of a site; what is `known` goes first."""
        given = {name: Same.of(value) for name, value in (known or {}).items()}
        return SiteNames(self, self.everything, given).row(list(self.codes).index(lead))

    @cached_property
    def functions(self) -> Mapping[str, Function]:
        """The functions of days: full years and months from a day to the year's end."""
        return {
            "years_since": lambda day: Fraction(_months(day, self.year) // 12),
            "months_since": lambda day: Fraction(_months(day, self.year)),
        }

    def months_since(self, parts: Sequence[Part], *, of: int = 1) -> Part | None:
        """Give full months (or spans `of` so many) from days on; None where they are no days."""
        if len(parts) != 1 or not isinstance(days := parts[0], Column):
            return None
        if isinstance(days.cells, Rationals) or days.cells.dtype.kind != "M":
            return None
        months = days.cells.astype("datetime64[M]").astype(np.int64)
        last = (self.year - 1970) * 12 + 12
        spans = (last - months - 1) // of
        return Column(Rationals(np.where(days.is_known, spans, 0)), days.states)

    @cached_property
    def industry_groups(self) -> Column:
        """The first of the scheme's groups whose condition holds, of every site."""
        names = SiteNames(self, self.everything)
        states = np.zeros(len(self.codes), dtype=np.int16)
        groups = np.full(len(self.codes), OTHER, dtype="object")
        waiting = self.everything
        for name, group in self.scheme.groups.items():
            answer = spread_out(told(group.when, names, waiting), len(waiting))
            fails = answer.states >= UNDIVIDED
            holds = holding(answer, len(waiting))
            states[waiting[fails]] = answer.states[fails]
            groups[waiting[holds]] = name
            waiting = waiting[~(holds | fails)]
        return Column(groups, states)

    def _day(self, back: int) -> pd.Timestamp:
        return pd.Timestamp(year=self.year - back, month=12, day=31)

    def _part(self, name: str, back: int) -> Part:
        scheme = self.scheme
        if name == "industry_group":
            return self.industry_groups
        if name in scheme.parameters:
            return Same.of(scheme.parameters[name])
        if name in scheme.lookups:
            return _looked_up(scheme.lookups[name], self.part(scheme.lookups[name].by, back))
        if name in scheme.indicators:
            return self.amounts(name, back).scored
        if (earlier := BEFORE.fullmatch(name)) is not None:
            return self.part(earlier["name"], back + int(earlier["years"] or 1))
        return self.column(name, back)

    def _by_firm(self, name: str, back: int) -> Column:
        """Give a column or fact of all `firms`."""
        rows = self.frame(back)
        calorific = self.scheme.electricity is Electricity.CALORIFIC_VALUE
        source = "energy_calorific_tce" if name == "energy_tce" and calorific else name
        if source in FACTS:
            cells = FACTS[source](self.county, rows, self._day(back))
        else:
            _require(self.county, rows, source)
            cells = rows[source]
        places = self.rows_of(back)
        if (places >= 0).all():
            return Column.read(cells).take(places)
        is_there = np.flatnonzero(places >= 0)
        return Column.joined(len(places), [(is_there, Column.read(cells).take(places[is_there]))])

    def _by_site(self, name: str, column: Column) -> Column:
        """Merge the values of each site's firms."""
        if len(self.firms) == len(self.codes):
            return column
        firsts = np.cumsum(self.sizes) - self.sizes
        together = np.flatnonzero(self.sizes > 1)
        merged = [
            _merged(name, column.take(slice(first, first + size)).values())
            for first, size in zip(firsts[together], self.sizes[together], strict=True)
        ]
        alone = np.flatnonzero(self.sizes == 1)
        pieces = [(alone, column.take(firsts[alone])), (together, Column.of(merged))]
        return Column.joined(len(self.codes), pieces)

    def _reckoned(self, indicator: str, back: int) -> Amounts:
        rule = self.scheme.indicators[indicator]
        names, rows = SiteNames(self, self.everything, back=back), self.everything
        formulas = [rule.numerator, rule.denominator or ONE] if rule.numerator else [rule.value]
        parts = [Same.of(None) if one is None else evaluated(one, names, rows) for one in formulas]
        states = np.broadcast_to(np.asarray(combined(parts)), len(rows))
        least = UNDIVIDED if rule.numerator else UNDIVIDED + 1
        if len(failing := np.flatnonzero(states >= least)):
            self._raise(formulas, names, int(failing[0]))
        columns = [spread_out(part, len(rows)) for part in parts]
        if rule.numerator is not None:
            return told_amounts(*columns)
        gaps = np.array([0, MISSING, ZERO_DENOMINATOR], dtype=np.int8)[states]
        return Amounts(Column(columns[0].cells, np.minimum(states, UNKNOWN)), gaps)

    def _raise(self, formulas: Sequence[Formula | None], names: "SiteNames", row: int) -> None:
        """Raise what the first firm that fails, fails by."""
        for formula in formulas:
            if formula is not None:
                formula(names.row(row), self.functions)


@dataclass(frozen=True, eq=False)
class SiteNames:
    """The names of some sites, for formulas over columns; what is `known` goes first.

    Attributes
    ----------
    sites
        Their rows in the register, by which its columns are cut.
    known
        Columns of these sites.
    """

    register: Register
    sites: Rows
    known: Mapping[str, Part] | None = None
    back: int = 0

    @property
    def gaps(self) -> Gaps:
        """What the states of the columns tell."""
        return self.register.gaps

    @cached_property
    def over(self) -> Mapping[str, ColumnFunction]:
        """The functions of days, over columns."""
        spans = {"months_since": 1, "years_since": 12}

        def function(name: str) -> ColumnFunction:
            def since(parts: Sequence[Part], rows: Rows) -> Part:
                found = self.register.months_since(parts, of=spans[name])
                return applied_by_row(name, parts, self, rows) if found is None else found

            return since

        return {name: function(name) for name in spans}

    def column(self, name: str, rows: Rows) -> Part:
        """Give what is called so, for some rows of `sites`."""
        if self.known is not None and name in self.known:
            known = self.known[name]
            return known if len(rows) == len(self.sites) else known.take(rows)
        return self.register.part(name, self.back).take(self.sites[rows])

    def row(self, row: int) -> Mapping[str, Value]:
        """Give the names of one row."""
        return RowNames(self, row)

    def functions(self, row: int) -> Mapping[str, Function]:
        """Give the functions of days."""
        del row
        return self.register.functions


@dataclass(frozen=True)
class RowNames(Mapping[str, Value]):
    """The names of one row, for a formula that is evaluated for it alone."""

    names: Any
    number: int

    def __getitem__(self, name: str) -> Value:
        part = spread_out(self.names.column(name, np.array([self.number])), 1)
        state = int(part.states[0])
        if state >= UNDIVIDED:
            raise self.names.gaps.error(state)
        return part.values()[0]

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def _looked_up(lookup: Lookup, part: Part) -> Part:
    """Give the number of each fact; that of a fact which is not known is the default."""
    if isinstance(part, Same):
        return part if part.state >= UNDIVIDED else Same.of(lookup.find(part.value))
    codes, facts = part.codes()
    found = Column.of([lookup.find(fact) for fact in facts]).take(codes)
    states = np.where(part.states >= UNDIVIDED, part.states, found.states)
    return Column(found.cells, states.astype(np.int16))


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
