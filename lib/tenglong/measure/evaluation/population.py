"""Who is evaluated in a year: the populations of a scheme, and who is left out of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from tenglong.measure.county import County, Unavailable
from tenglong.measure.evaluation.outcome import Lacking
from tenglong.measure.evaluation.scheme import Bonus, Exclusion, Grade, Override, Scheme
from tenglong.measure.evaluation.variables import Register
from tenglong.measure.firm.firms import is_closed
from tenglong.measure.firm.scope import belongs
from tenglong.measure.policy.formula import Formula, Value
from tenglong.measure.row import surely

CLOSED = "closed"
Rule = Bonus | Exclusion | Override | Grade


@dataclass(frozen=True)
class Standing:
    """Where a firm stands before anything is scored.

    Attributes
    ----------
    population
        "" where none takes it.
    exclusion
        The rule that leaves it out, or `closed`; "" where it is evaluated.
    doubts
        Codes of the rules of which it is not known whether they apply.
    """

    population: str
    exclusion: str = ""
    doubts: tuple[str, ...] = ()


class Roll:
    """The firms of a year (or the sites, by their lead), each with its standing."""

    def __init__(self, county: County, scheme: Scheme, year: int) -> None:
        self.register = Register(county, scheme, year)
        self.scheme = scheme
        self._lacking: dict[Lacking, None] = {}

    @property
    def lacking(self) -> tuple[Lacking, ...]:
        """What was found not to have been supplied, so far."""
        return tuple(self._lacking)

    def lacks(self, used_by: str, what: Unavailable) -> None:
        """Note that a rule or a part cannot be told."""
        self._lacking[Lacking(used_by, what.table, what.column or "")] = None

    @cached_property
    def before(self) -> "Roll":
        """The roll of the year before."""
        return Roll(self.register.county, self.scheme, self.register.year - 1)

    @cached_property
    def standings(self) -> Mapping[str, Standing]:
        """The standing of every firm that belongs to a population, or may do."""
        standings = {lead: self._standing(lead) for lead in self.register.members}
        return {
            lead: standing
            for lead, standing in standings.items()
            if standing.population or standing.doubts
        }

    def base(self, population: str) -> tuple[str, ...]:
        """Give the firms of a population that are scored and ranked."""
        return tuple(
            lead
            for lead, standing in self.standings.items()
            if standing.population == population and self._is_ranked(standing)
        )

    def applies(
        self,
        code: str,
        rule: Rule,
        lead: str,
        known: Mapping[str, Value] | None = None,
    ) -> bool | None:
        """Whether a rule applies to a firm; None, and noted, where that cannot be told.

        It does where `when` holds and `unless` is not known to hold.
        """
        if rule.unless is not None and self._told(code, rule.unless, lead, known):
            return False
        return self._told(code, rule.when, lead, known)

    def number(
        self, code: str, formula: Formula, lead: str, known: Mapping[str, Value]
    ) -> Fraction | None:
        """Evaluate a formula of a rule for a firm; None, and noted, where it cannot be told."""
        try:
            value: Fraction | None = formula(
                self.register.names(lead, known), self.register.functions
            )
        except ZeroDivisionError:
            return None
        except Unavailable as lacking:
            self.lacks(code, lacking)
            return None
        return value

    def _told(
        self, code: str, condition: Formula | None, lead: str, known: Mapping[str, Value] | None
    ) -> bool | None:
        try:
            return self.register.holds(condition, lead, known)
        except Unavailable as lacking:
            self.lacks(code, lacking)
            return None

    def _is_ranked(self, standing: Standing) -> bool:
        rule = self.scheme.exclude.get(standing.exclusion)
        return not standing.exclusion or (rule is not None and rule.in_base)

    def _standing(self, lead: str) -> Standing:
        population, doubts = self._population(lead)
        if lead in self._closed:
            return Standing(population, CLOSED)
        if not population:
            return Standing("", doubts=doubts)
        unknown: list[str] = []
        for code, rule in self.scheme.exclude.items():
            applies = self.applies(code, rule, lead, {"population": population})
            if applies:
                return Standing(population, code, tuple(unknown))
            if applies is None:
                unknown.append(f"rule_unknown:{code}")
        return Standing(population, doubts=tuple(unknown))

    def _population(self, lead: str) -> tuple[str, tuple[str, ...]]:
        """Give the first population that takes a firm; none where an earlier one may do so."""
        for name, population in self.scheme.populations.items():
            takes = self._takes(lead, population.scope)
            if takes:
                takes = self._told(f"population {name}", population.when, lead, None)
            if takes is None:
                return "", (f"population_unknown:{name}",)
            if takes:
                return name, ()
        return "", ()

    def _takes(self, lead: str, scope: str) -> bool | None:
        """Whether one firm of a site is in a scope; None where a blank of it decides that."""
        sure, unsure = self._scopes[scope]
        if lead in sure:
            return True
        return None if lead in unsure else False

    @cached_property
    def _scopes(self) -> Mapping[str, tuple[frozenset[str], frozenset[str]]]:
        """The sites of which one firm is in a scope, and those of which one may be, by scope."""
        rows, county = self.register.frame(), self.register.county
        named = [population.scope for population in self.scheme.populations.values()]
        found = {scope: belongs(rows, county, scope) for scope in named}
        firms = rows["usci"]
        return {
            scope: (self._leads(firms[surely(is_in)]), self._leads(firms[is_in.isna()]))
            for scope, is_in in found.items()
        }

    @cached_property
    def _closed(self) -> frozenset[str]:
        """The sites all of whose firms were closed by the end of the year."""
        rows = self.register.frame()
        return self._leads(rows["usci"]) - self._leads(rows.loc[~is_closed(rows), "usci"])

    def _leads(self, firms: Iterable[str]) -> frozenset[str]:
        return frozenset(self.register.leads[firm] for firm in firms)
