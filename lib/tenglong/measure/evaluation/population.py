"""Who is evaluated in a year: the populations of a scheme, and who is left out of them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenglong.measure.county import County, Unavailable
from tenglong.measure.evaluation.codes import CodeColumn
from tenglong.measure.evaluation.outcome import Lacking
from tenglong.measure.evaluation.register import Register, SiteNames
from tenglong.measure.evaluation.scheme import Bonus, Exclusion, Grade, Override, Scheme
from tenglong.measure.firm.firms import is_closed
from tenglong.measure.firm.scope import belongs
from tenglong.measure.policy.column import UNDIVIDED, UNKNOWN, Column, Rows, Same, spread_out
from tenglong.measure.policy.columnwise import evaluated, holding, told
from tenglong.measure.policy.formula import Formula
from tenglong.measure.policy.operation import Part
from tenglong.measure.row import surely

CLOSED = "closed"
NONE, IS_CLOSED = -1, -2  # instead of the number of a rule or a population
NO, YES, UNTOLD = 0, 1, -1  # whether a rule applies
Rule = Bonus | Exclusion | Override | Grade
Answers = NDArray[np.int8]


@dataclass(frozen=True, eq=False)
class Standings:
    """Where the firms stand before anything is scored, in the order of the register.

    Attributes
    ----------
    populations
        The number of the population; NONE where none takes it.
    exclusions
        The number of the rule that leaves it out; IS_CLOSED, or NONE where it is evaluated.
    doubts
        Codes of the rules of which it is not known whether they apply.
    """

    populations: NDArray[np.int64]
    exclusions: NDArray[np.int64]
    doubts: CodeColumn

    @cached_property
    def rows(self) -> Rows:
        """The rows of the firms that belong to a population, or may do."""
        return np.flatnonzero((self.populations != NONE) | self.doubts.is_any())


class Roll:
    """The firms of a year (or the sites, by their lead), each with its standing."""

    def __init__(self, county: County, scheme: Scheme, year: int) -> None:
        self.register = Register(county, scheme, year)
        self.scheme = scheme
        self._lacking: dict[Lacking, None] = {}
        self._noted: list[tuple[int, int, Lacking]] = []

    @property
    def lacking(self) -> tuple[Lacking, ...]:
        """What was found not to have been supplied, so far."""
        return tuple(self._lacking)

    def lacks(self, used_by: str, what: Unavailable) -> None:
        """Note that a rule or a part cannot be told."""
        self._lacking[Lacking(used_by, what.table, what.column or "")] = None

    @contextmanager
    def firm_by_firm(self) -> Iterator[None]:
        """Note what rules lack in the order of the firms, as who judges one after another would."""
        yield
        for _, _, lacking in sorted(self._noted, key=lambda note: note[:2]):
            self._lacking[lacking] = None
        self._noted.clear()

    @cached_property
    def before(self) -> "Roll":
        """The roll of the year before."""
        return Roll(self.register.county, self.scheme, self.register.year - 1)

    @cached_property
    def standings(self) -> Standings:
        """The standing of every firm."""
        size = len(self.register.codes)
        found = Standings(np.full(size, NONE), np.full(size, NONE), CodeColumn(size))
        if size:
            with self.firm_by_firm():
                self._find_populations(found)
                found.exclusions[self._closed] = IS_CLOSED
                found.doubts.clear(self._closed)
                self._find_exclusions(found)
        return found

    def base(self, population: str) -> Rows:
        """Give the firms of a population that are scored and ranked."""
        rules = list(self.scheme.exclude.values())
        in_base = [number for number, rule in enumerate(rules) if rule.in_base]
        number = list(self.scheme.populations).index(population)
        is_ranked = np.isin(self.standings.exclusions, [NONE, *in_base])
        return np.flatnonzero((self.standings.populations == number) & is_ranked)

    def names(self, sites: Rows, known: Mapping[str, Part] | None = None) -> SiteNames:
        """Give the names of some firms, for formulas over columns."""
        return SiteNames(self.register, sites, known)

    def applies(self, code: str, rule: Rule, names: SiteNames, rows: Rows) -> Answers:
        """Whether a rule applies to firms: YES, NO, or UNTOLD and noted where it cannot be told.

        It does where `when` holds and `unless` is not known to hold.
        """
        answers = np.full(len(rows), NO, dtype=np.int8)
        waiting = np.arange(len(rows))
        if rule.unless is not None:
            waiting = waiting[self._told(code, rule.unless, names, rows) != YES]
        answers[waiting] = self._told(code, rule.when, names, rows[waiting])
        return answers

    def numbers(self, code: str, formula: Formula, names: SiteNames, rows: Rows) -> Column:
        """Evaluate a formula of a rule; not known, and noted, where it cannot be told."""
        return self._noting(code, evaluated(formula, names, rows), names, rows)

    def _told(self, code: str, condition: Formula | None, names: SiteNames, rows: Rows) -> Answers:
        if condition is None:
            return np.full(len(rows), YES, dtype=np.int8)
        answers = self._noting(code, told(condition, names, rows), names, rows)
        holds = holding(answers, len(rows))
        return np.where(answers.is_known, holds, UNTOLD).astype(np.int8)

    def _noting(self, code: str, part: Part, names: SiteNames, rows: Rows) -> Column:
        """Note what was not supplied, with the first firm that needs it; it is not known."""
        column = spread_out(part, len(rows))
        for state in np.unique(column.states[column.states > UNDIVIDED]).tolist():
            error = names.gaps.error(state)
            if isinstance(error, Unavailable):
                first = int(names.sites[rows[np.argmax(column.states == state)]])
                lacking = Lacking(code, error.table, error.column or "")
                self._noted.append((first, len(self._noted), lacking))
        return Column(column.cells, np.minimum(column.states, UNKNOWN))

    def _find_populations(self, found: Standings) -> None:
        """Give each firm the first population that takes it; none where an earlier one may."""
        waiting = self.register.everything
        names = self.names(waiting)
        for number, (name, population) in enumerate(self.scheme.populations.items()):
            sure, unsure = self._scopes[population.scope]
            takes = np.where(sure[waiting], YES, np.where(unsure[waiting], UNTOLD, NO))
            asked = np.flatnonzero(takes == YES)
            takes[asked] = self._told(f"population {name}", population.when, names, waiting[asked])
            found.populations[waiting[takes == YES]] = number
            found.doubts.add(waiting[takes == UNTOLD], f"population_unknown:{name}")
            waiting = waiting[takes == NO]

    def _find_exclusions(self, found: Standings) -> None:
        """Leave out of each population those to whom a rule applies, by the first that does."""
        for number, population in enumerate(self.scheme.populations):
            is_in = (found.populations == number) & (found.exclusions == NONE)
            waiting = np.flatnonzero(is_in)
            names = self.names(self.register.everything, {"population": Same.of(population)})
            for place, (code, rule) in enumerate(self.scheme.exclude.items()):
                applies = self.applies(code, rule, names, waiting)
                found.exclusions[waiting[applies == YES]] = place
                found.doubts.add(waiting[applies == UNTOLD], f"rule_unknown:{code}")
                waiting = waiting[applies != YES]

    @cached_property
    def _scopes(self) -> Mapping[str, tuple[NDArray[np.bool_], NDArray[np.bool_]]]:
        """The sites of which one firm is in a scope, and those of which one may be, by scope."""
        rows, county = self.register.frame(), self.register.county
        named = [population.scope for population in self.scheme.populations.values()]
        found = {scope: belongs(rows, county, scope) for scope in named}
        return {
            scope: (self._sites(surely(is_in)), self._sites(is_in.isna()))
            for scope, is_in in found.items()
        }

    @cached_property
    def _closed(self) -> NDArray[np.bool_]:
        """The sites all of whose firms were closed by the end of the year."""
        return ~self._sites(~is_closed(self.register.frame()))

    def _sites(self, flags: "pd.Series[Any]") -> NDArray[np.bool_]:
        """Which sites one of the flagged firms belongs to."""
        found = np.zeros(len(self.register.codes), bool)
        found[self.register.sites[flags.to_numpy(bool)]] = True
        return found
