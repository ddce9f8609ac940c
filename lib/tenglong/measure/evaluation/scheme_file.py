"""Read a scheme from the policy, and check that everything it names is there."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import Any

from tenglong.errors import ConfigurationError, did_you_mean
from tenglong.measure.county import County
from tenglong.measure.evaluation.facts import FACTS
from tenglong.measure.evaluation.scheme import Scheme
from tenglong.measure.evaluation.spread import FIGURES
from tenglong.measure.evaluation.spread import FUNCTIONS as OF_A_SPREAD
from tenglong.measure.evaluation.variables import BEFORE
from tenglong.measure.exact import exact
from tenglong.measure.policy.formula import FUNCTIONS, Formula
from tenglong.shape import shaped

Names = AbstractSet[str]
TABLES = ("enterprises", "enterprise_years")
MADE = frozenset({"tax_wan", "land_mu", "pollutants_t"})
OF_A_PART = FIGURES | {"w", "x", "b", "rank"}
OF_A_SCORE = frozenset({"points", "bonus"})
OF_A_GRADE = OF_A_SCORE | {"score", "rank", "of", "group", "grade", "grade_before"}
DAYS = frozenset({"years_since", "months_since"})


class SchemeCheck:
    """Everything that a scheme names, against everything that there is."""

    def __init__(self, scheme: Scheme, county: County, formulas: Mapping[str, Formula]) -> None:
        self.scheme = scheme
        self.policy = county.policy
        declared = {column for table, column in county.labels if table in TABLES and column}
        present = {
            str(column)
            for table in TABLES
            if table in county.tables
            for column in county.tables[table].columns
        }
        self.columns = declared | present
        # Without a declaration of the tables, a name may be a column that was not supplied.
        self.takes_any = not declared
        self.formulas = formulas
        self.facts = self.columns | MADE | set(FACTS)
        own = {*scheme.indicators, *scheme.lookups, *scheme.parameters}
        self.firm = self.facts | own | {"industry_group"}
        self.member = self.firm | {"population"}

    def faults(self) -> list[str]:
        """Everything that is wrong, in the order of the file."""
        checks = (self._own, self._indicators, self._populations, self._rules, self._grading)
        return [fault for check in checks for fault in check()]

    def _own(self) -> Iterator[str]:
        scheme = self.scheme
        for name in scheme.tax_add_back or ():
            yield from self._known("tax_add_back", name, self.columns)
        for name, group in scheme.groups.items():
            yield from self._formula(f"groups.{name}.when", group.when, self.facts)
        for name, lookup in scheme.lookups.items():
            names = self.facts | {"industry_group"}
            yield from self._known(f"lookups.{name}.by", lookup.by, names)
        for name in (*scheme.indicators, *scheme.lookups, *scheme.parameters):
            if name in self.facts | OF_A_PART | OF_A_GRADE | {"industry_group", "population"}:
                yield f"{name!r} is the name of something else already; choose another"
        for name in self.formulas:
            if name in self._needs(self.formulas[name], set()):
                yield f"formulas.{name}: is computed from itself"

    def _indicators(self) -> Iterator[str]:
        for name, indicator in self.scheme.indicators.items():
            place = f"indicators.{name}"
            if (indicator.numerator is None) == (indicator.value is None):
                yield f"{place}: must have either a numerator or a value"
            if indicator.denominator is not None and indicator.numerator is None:
                yield f"{place}: a denominator needs a numerator"
            for key in ("numerator", "denominator", "value"):
                yield from self._formula(f"{place}.{key}", getattr(indicator, key), self.firm)
            if name in self._reached(name, set()):
                yield f"{place}: is computed from itself"

    def _reached(self, name: str, seen: set[str]) -> set[str]:
        """Give the indicators that one is computed from, directly or not."""
        indicator = self.scheme.indicators[name]
        for formula in (indicator.numerator, indicator.denominator, indicator.value):
            named = set() if formula is None else {_present(used) for used in formula.names}
            for other in named & set(self.scheme.indicators) - seen:
                seen.add(other)
                self._reached(other, seen)
        return seen

    def _populations(self) -> Iterator[str]:
        scopes = [key for key, value in self.policy["scopes"].items() if isinstance(value, Mapping)]
        if not self.scheme.populations:
            yield "populations: there must be one at least"
        for name, population in self.scheme.populations.items():
            place = f"populations.{name}"
            scope = population.scope.removeprefix("above_scale_")
            yield from self._known(f"{place}.scope", scope, set(scopes))
            yield from self._formula(f"{place}.when", population.when, self.firm)
            parts = {f"points_{part}" for part in population.parts}
            for code, bonus in population.bonuses.items():
                for key in ("points", "when", "unless"):
                    names = self.member | parts | {"points"}
                    yield from self._formula(
                        f"{place}.bonuses.{code}.{key}", getattr(bonus, key), names
                    )
            yield from self._formula(
                f"{place}.total", population.total, self.member | parts | OF_A_SCORE
            )
            yield from self._parts(name)
            yield from self._grades(f"{place}.grades", name)

    def _parts(self, population: str) -> Iterator[str]:
        for name, part in self.scheme.populations[population].parts.items():
            place = f"populations.{population}.parts.{name}"
            indicator = part.indicator or name
            if indicator not in self.scheme.indicators:
                hint = did_you_mean(indicator, self.scheme.indicators)
                yield f"{place}: there is no indicator {indicator!r}{hint}"
            names = self.member | OF_A_PART | set(self.formulas) | set(part.parameters)
            formula = part.formula or self.scheme.formula
            if "b" in self._needs(formula, set()) and part.benchmark is None:
                yield f"{place}: its formula needs a benchmark"
            yield from self._formula(f"{place}.formula", formula, names, is_of_part=True)
            yield from self._formula(f"{place}.benchmark", part.benchmark, names, is_of_part=True)
            for key in ("missing", "zero_denominator"):
                fallback = getattr(part, key) or getattr(self.scheme, key)
                yield from self._formula(f"{place}.{key}", fallback.points, names, is_of_part=True)
            for fact in part.compare:
                yield from self._known(f"{place}.compare", fact, self.member)

    def _needs(self, formula: Formula, seen: set[str]) -> set[str]:
        """Give the names that a formula uses, with those of the formulas that it names."""
        for name in formula.names - seen:
            seen.add(name)
            if name in self.formulas:
                self._needs(self.formulas[name], seen)
        return seen

    def _rules(self) -> Iterator[str]:
        grades = self._all_grades()
        for code, out in self.scheme.exclude.items():
            for key in ("when", "unless"):
                yield from self._formula(f"exclude.{code}.{key}", getattr(out, key), self.member)
        names = self.member | OF_A_GRADE | self._all_parts()
        for code, rule in self.scheme.overrides.items():
            place = f"overrides.{code}"
            for key in ("when", "unless"):
                yield from self._formula(f"{place}.{key}", getattr(rule, key), names)
            effects = [rule.at_best, rule.at_worst, rule.to, rule.shift, rule.like_owner]
            if sum(bool(effect) for effect in effects) != 1:
                yield f"{place}: must have one of at_best, at_worst, to, shift, like_owner"
            for key in ("at_best", "at_worst"):
                if getattr(rule, key):
                    yield from self._known(f"{place}.{key}", getattr(rule, key), grades)

    def _grading(self) -> Iterator[str]:
        grading = self.scheme.grading
        for fact in grading.within:
            yield from self._known("grading.within", fact, self.member)
        own = [name for name, population in self.scheme.populations.items() if population.grades]
        if own and "population" not in grading.within:
            yield f"grading.within: must have population, since {own[0]} has grades of its own"
        if grading.by != "score":
            yield from self._known("grading.by", grading.by, set(self.scheme.indicators))
        for name in grading.break_ties:
            yield from self._known("grading.break_ties", name, set(self.scheme.indicators))
        yield from self._grades("grading.grades", "")

    def _grades(self, place: str, population: str) -> Iterator[str]:
        populations = self.scheme.populations
        grades = populations[population].grades if population else self.scheme.grading.grades
        shares = [grade.to_pct for grade in grades if grade.to_pct is not None]
        if shares != sorted(shares):
            yield f"{place}: to_pct must rise from the best grade to the worst"
        for share in (*shares, *(one.last_pct for one in grades if one.last_pct is not None)):
            if not 0 <= share <= exact(100):
                yield f"{place}: {share} is no share of 0 to 100"
        for grade in grades:
            if grade.to_pct is not None and grade.last_pct is not None:
                yield f"{place}: {grade.grade} has both to_pct and last_pct; keep one"
            names = self.member | OF_A_GRADE | self._all_parts()
            for key in ("when", "unless"):
                yield from self._formula(f"{place}.{grade.grade}.{key}", getattr(grade, key), names)
        named = [grade.grade for grade in grades]
        if len(set(named)) < len(named):
            yield f"{place}: a grade stands twice"

    def _all_parts(self) -> set[str]:
        parts = (
            part for population in self.scheme.populations.values() for part in population.parts
        )
        return {f"points_{part}" for part in parts}

    def _all_grades(self) -> set[str]:
        return {
            grade.grade
            for population in self.scheme.populations
            for grade in self.scheme.grades_of(population)
        }

    def _formula(
        self, place: str, formula: Formula | None, names: Names, *, is_of_part: bool = False
    ) -> Iterator[str]:
        if formula is None:
            return
        functions = set(FUNCTIONS) | DAYS | (set(OF_A_SPREAD) if is_of_part else set())
        for name in sorted(formula.functions - functions):
            yield f"{place}: there is no function {name!r}{did_you_mean(name, functions)}"
        for name in sorted(formula.names):
            yield from self._known(place, name, names)

    def _known(self, place: str, name: str, names: Names) -> Iterator[str]:
        is_earlier = _present(name) != name and _present(name) in self.firm
        is_column = self.takes_any and names >= self.columns
        if name not in names and not is_earlier and not is_column:
            yield f"{place}: nothing here is called {name!r}{did_you_mean(name, names)}"


def _present(name: str) -> str:
    """Give the name of this year's figure.

    >>> _present("tax_wan_before2"), _present("tax_wan")
    ('tax_wan', 'tax_wan')
    """
    earlier = BEFORE.fullmatch(name)
    return earlier["name"] if earlier else name


def formulas_of(policy: Mapping[str, Any], scheme: Scheme) -> Mapping[str, Formula]:
    """Give the named formulas: those of `data/policy/formulas.yml`, and the scheme's own.

    Raises
    ------
    ConfigurationError
        If one is not a formula.
    """
    raw = policy.get("formulas", {}).get("formulas", {})
    try:
        common = {str(name): Formula.parse(text) for name, text in raw.items()}
    except (TypeError, ValueError) as error:
        raise ConfigurationError(f"policy formulas.yml: {error}") from error
    return {**common, **scheme.formulas}


@lru_cache(maxsize=16)
def scheme_of(county: County, name: str) -> Scheme:
    """Read a scheme of the county's policy.

    Raises
    ------
    ConfigurationError
        With everything that is wrong in one message: the file, the key, and the nearest
        valid one.

    >>> scheme = scheme_of(example_county(policy=load_policy()), "huangyan-2022")
    >>> scheme.populations["above_scale"].parts["tax_per_mu"].benchmark.text
    '24.097'
    """
    schemes: Mapping[str, Any] = county.policy.get("schemes", {})
    if name not in schemes:
        raise ConfigurationError(
            f"policy schemes: there is no scheme {name!r}{did_you_mean(name, schemes)}"
        )
    faults: list[str] = []
    raw = _whole(schemes, name)
    scheme = shaped(Scheme, raw, "", faults)
    faults += SchemeCheck(scheme, county, formulas_of(county.policy, scheme)).faults()
    if faults:
        raise ConfigurationError.of(f"policy schemes/{name}.yml", faults)
    return scheme


def _whole(schemes: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Give a scheme with what it takes over from the one that it is based on."""
    seen, chain = [name], [schemes[name]]
    while (base := chain[-1].get("based_on")) is not None:
        if base not in schemes or base in seen:
            what = "is based on itself" if base in seen else f"there is no scheme {base!r}"
            hint = "" if base in seen else did_you_mean(base, schemes)
            raise ConfigurationError(f"policy schemes/{seen[-1]}.yml, based_on: {what}{hint}")
        seen.append(base)
        chain.append(schemes[base])
    whole: Mapping[str, Any] = {}
    for layer in reversed(chain):
        whole = _over(whole, {key: value for key, value in layer.items() if key != "based_on"})
    return whole


def _over(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Put a mapping over another: key by key, mappings within likewise, all else replaced.

    A key without a value takes the other's away.

    >>> _over({"a": {"b": 1, "c": 2}}, {"a": {"b": None, "d": 3}})
    {'a': {'c': 2, 'd': 3}}
    """
    merged = dict(base)
    for key, value in own.items():
        if value is None:
            merged.pop(key, None)
            continue
        both = isinstance(value, Mapping) and isinstance(merged.get(key), Mapping)
        merged[key] = _over(merged[key], value) if both else value
    return merged
