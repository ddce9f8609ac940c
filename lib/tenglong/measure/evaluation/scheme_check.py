"""Everything that a scheme names, held against everything that there is."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet

from tenglong.errors import Fault, did_you_mean, is_it
from tenglong.measure.county import County
from tenglong.measure.evaluation.facts import FACTS
from tenglong.measure.evaluation.register import BEFORE
from tenglong.measure.evaluation.scheme import Scheme
from tenglong.measure.evaluation.spread import FIGURES
from tenglong.measure.evaluation.spread import FUNCTIONS as OF_A_SPREAD
from tenglong.measure.exact import exact
from tenglong.measure.policy.formula import FUNCTIONS, Formula
from tenglong.shape import fault_at

Names = AbstractSet[str]
TABLES = ("enterprises", "enterprise_years")
MADE = frozenset({"tax_wan", "land_mu", "pollutants_t"})
OF_A_PART = FIGURES | {"w", "x", "b", "rank"}
OF_A_SCORE = frozenset({"points", "bonus"})
OF_A_GRADE = OF_A_SCORE | {"score", "rank", "of", "group", "grade", "grade_before"}
DAYS = frozenset({"years_since", "months_since"})
CIRCULAR = ("is computed from itself", "由它自己算出，成了循环")


class SchemeCheck:
    """Everything that a scheme names, against everything that there is.

    Parameters
    ----------
    raw
        The scheme as it stands, which knows its lines.
    """

    def __init__(
        self, scheme: Scheme, county: County, formulas: Mapping[str, Formula], raw: object = None
    ) -> None:
        self.scheme = scheme
        self.raw = raw
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

    def _at(self, place: str, en: str, zh: str) -> Fault:
        return fault_at(self.raw, place, en, zh)

    def faults(self) -> list[Fault]:
        """Everything that is wrong, in the order of the file."""
        checks = (self._own, self._indicators, self._populations, self._rules, self._grading)
        return list(dict.fromkeys(fault for check in checks for fault in check()))

    def _own(self) -> Iterator[Fault]:
        scheme = self.scheme
        for name in scheme.tax_add_back or ():
            yield from self._known("tax_add_back", name, self.columns)
        for name, group in scheme.groups.items():
            yield from self._formula(f"groups.{name}.when", group.when, self.facts)
        for name, lookup in scheme.lookups.items():
            names = self.facts | {"industry_group"}
            yield from self._known(f"lookups.{name}.by", lookup.by, names)
        taken = self.facts | OF_A_PART | OF_A_GRADE | {"industry_group", "population"}
        for key in ("indicators", "lookups", "parameters"):
            for name in getattr(scheme, key):
                if name in taken:
                    en = f"{name!r} is the name of something else already; choose another"
                    yield self._at(f"{key}.{name}", en, f"“{name}”已另有所指，请换一个名称")
        for name in self.formulas:
            if name in self._needs(self.formulas[name], set()):
                yield self._at(f"formulas.{name}", *CIRCULAR)

    def _indicators(self) -> Iterator[Fault]:
        for name, indicator in self.scheme.indicators.items():
            place = f"indicators.{name}"
            if (indicator.numerator is None) == (indicator.value is None):
                en = "must have either a numerator or a value"
                yield self._at(place, en, "应写 numerator（分子）或 value（数值）之一")
            if indicator.denominator is not None and indicator.numerator is None:
                en = "a denominator needs a numerator"
                yield self._at(place, en, "写了 denominator（分母），还须写 numerator（分子）")
            for key in ("numerator", "denominator", "value"):
                yield from self._formula(f"{place}.{key}", getattr(indicator, key), self.firm)
            if name in self._reached(name, set()):
                yield self._at(place, *CIRCULAR)

    def _reached(self, name: str, seen: set[str]) -> set[str]:
        """Give the indicators that one is computed from, directly or not."""
        indicator = self.scheme.indicators[name]
        for formula in (indicator.numerator, indicator.denominator, indicator.value):
            named = set() if formula is None else {_present(used) for used in formula.names}
            for other in named & set(self.scheme.indicators) - seen:
                seen.add(other)
                self._reached(other, seen)
        return seen

    def _populations(self) -> Iterator[Fault]:
        scopes = [key for key, value in self.policy["scopes"].items() if isinstance(value, Mapping)]
        if not self.scheme.populations:
            yield self._at("populations", "there must be one at least", "至少要有一个")
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

    def _parts(self, population: str) -> Iterator[Fault]:
        for name, part in self.scheme.populations[population].parts.items():
            place = f"populations.{population}.parts.{name}"
            indicator = part.indicator or name
            if indicator not in self.scheme.indicators:
                known = self.scheme.indicators
                yield self._at(
                    place,
                    f"there is no indicator {indicator!r}{did_you_mean(indicator, known)}",
                    f"没有指标“{indicator}”{is_it(indicator, known)}",
                )
            names = self.member | OF_A_PART | set(self.formulas) | set(part.parameters)
            formula = part.formula or self.scheme.formula
            if "b" in self._needs(formula, set()) and part.benchmark is None:
                en = "its formula needs a benchmark"
                yield self._at(place, en, "所用算式需要 benchmark（基准值）")
            where = f"{place}.formula" if part.formula else "formula"
            yield from self._formula(where, formula, names, is_of_part=True)
            yield from self._formula(f"{place}.benchmark", part.benchmark, names, is_of_part=True)
            for key in ("missing", "zero_denominator"):
                fallback = getattr(part, key) or getattr(self.scheme, key)
                where = f"{place}.{key}" if getattr(part, key) else key
                yield from self._formula(where, fallback.points, names, is_of_part=True)
            for fact in part.compare:
                yield from self._known(f"{place}.compare", fact, self.member)

    def _needs(self, formula: Formula, seen: set[str]) -> set[str]:
        """Give the names that a formula uses, with those of the formulas that it names."""
        for name in formula.names - seen:
            seen.add(name)
            if name in self.formulas:
                self._needs(self.formulas[name], seen)
        return seen

    def _rules(self) -> Iterator[Fault]:
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
                names_of = "at_best, at_worst, to, shift, like_owner"
                yield self._at(place, f"must have one of {names_of}", f"应写 {names_of} 之一")
            for key in ("at_best", "at_worst"):
                if getattr(rule, key):
                    yield from self._known(f"{place}.{key}", getattr(rule, key), grades)

    def _grading(self) -> Iterator[Fault]:
        grading = self.scheme.grading
        for fact in grading.within:
            yield from self._known("grading.within", fact, self.member)
        own = [name for name, population in self.scheme.populations.items() if population.grades]
        if own and "population" not in grading.within:
            yield self._at(
                "grading.within",
                f"must have population, since {own[0]} has grades of its own",
                f"{own[0]} 有自己的等级，这里须写 population",
            )
        if grading.by != "score":
            yield from self._known("grading.by", grading.by, set(self.scheme.indicators))
        for name in grading.break_ties:
            yield from self._known("grading.break_ties", name, set(self.scheme.indicators))
        yield from self._grades("grading.grades", "")

    def _grades(self, place: str, population: str) -> Iterator[Fault]:
        populations = self.scheme.populations
        grades = populations[population].grades if population else self.scheme.grading.grades
        shares = [grade.to_pct for grade in grades if grade.to_pct is not None]
        if shares != sorted(shares):
            en = "to_pct must rise from the best grade to the worst"
            yield self._at(place, en, "to_pct 须从最好的等级到最差的等级递增")
        for share in (*shares, *(one.last_pct for one in grades if one.last_pct is not None)):
            if not 0 <= share <= exact(100):
                en = f"{share} is no share of 0 to 100"
                yield self._at(place, en, f"“{share}”应是 0 到 100 之间的百分数")
        for grade in grades:
            if grade.to_pct is not None and grade.last_pct is not None:
                en = f"{grade.grade} has both to_pct and last_pct; keep one"
                zh = f"{grade.grade} 同时写了 to_pct 和 last_pct，只能写一个"
                yield self._at(place, en, zh)
            names = self.member | OF_A_GRADE | self._all_parts()
            for key in ("when", "unless"):
                yield from self._formula(f"{place}.{grade.grade}.{key}", getattr(grade, key), names)
        named = [grade.grade for grade in grades]
        if len(set(named)) < len(named):
            yield self._at(place, "a grade stands twice", "同一个等级写了两次")

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
    ) -> Iterator[Fault]:
        if formula is None:
            return
        functions = set(FUNCTIONS) | DAYS | (set(OF_A_SPREAD) if is_of_part else set())
        for name in sorted(formula.functions - functions):
            yield self._at(
                place,
                f"there is no function {name!r}{did_you_mean(name, functions)}",
                f"没有函数“{name}”{is_it(name, functions)}",
            )
        for name in sorted(formula.names):
            yield from self._known(place, name, names)

    def _known(self, place: str, name: str, names: Names) -> Iterator[Fault]:
        is_earlier = _present(name) != name and _present(name) in self.firm
        is_column = self.takes_any and names >= self.columns
        if name not in names and not is_earlier and not is_column:
            yield self._at(
                place,
                f"nothing here is called {name!r}{did_you_mean(name, names)}",
                f"这里没有叫“{name}”的{is_it(name, names)}",
            )


def _present(name: str) -> str:
    """Give the name of this year's figure.

    >>> _present("tax_wan_before2"), _present("tax_wan")
    ('tax_wan', 'tax_wan')
    """
    earlier = BEFORE.fullmatch(name)
    return earlier["name"] if earlier else name
