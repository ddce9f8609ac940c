"""The score of a firm: the points of its parts, bonuses and deductions, added up."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property, partial

from tenglong.measure.county import Unavailable
from tenglong.measure.evaluation.outcome import Benchmark
from tenglong.measure.evaluation.population import Roll
from tenglong.measure.evaluation.scheme import (
    Better,
    Bonus,
    Fallback,
    Indicator,
    Negative,
    Part,
    Population,
)
from tenglong.measure.evaluation.spread import FIGURES, FUNCTIONS, Spread, average
from tenglong.measure.evaluation.variables import Amount
from tenglong.measure.policy.formula import Formula, Function, Value


@dataclass(frozen=True)
class Points:
    """What a firm got on a part.

    Attributes
    ----------
    points
        None where there are none: `is_left_out` tells whether the part is left out of the
        score, or the whole score is unknown.
    codes
        Why it is not simply the formula's.
    benchmark
        What `b` was.
    """

    points: Fraction | None
    codes: tuple[str, ...] = ()
    is_left_out: bool = False
    benchmark: Fraction | None = None


@dataclass(frozen=True)
class Context(Mapping[str, Value]):
    """The names of a part's formula: w, x, b, other formulas, the spread's, and the firm's."""

    local: Mapping[str, Value]
    formulas: Mapping[str, Formula]
    spread: Spread
    names: Mapping[str, Value]
    days: Mapping[str, Function]

    def __getitem__(self, name: str) -> Value:
        if name in self.local:
            return self.local[name]
        if name in self.formulas:
            return self.value(self.formulas[name])
        if name == "rank":
            return None if self.local.get("x") is None else self.spread.rank(self.local["x"])
        return self.spread.figure(name) if name in FIGURES else self.names[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.local)

    def __len__(self) -> int:
        return len(self.local)

    def knowing(self, **more: Value) -> "Context":
        """Give the same names and these."""
        return replace(self, local={**self.local, **more})

    def value(self, formula: Formula) -> Value:
        """Evaluate a formula with these names."""
        return formula(
            self, {**self.days, **{name: getattr(self.spread, name) for name in FUNCTIONS}}
        )


def limited(points: Fraction, part: Part) -> tuple[Fraction, str]:
    """Keep points within the part's cap and floor, which are multiples of its weight.

    >>> part = Part(Fraction(30), cap=Fraction(3, 2), floor=Fraction(0))
    >>> limited(Fraction(50), part), limited(Fraction(-1), part)
    ((Fraction(45, 1), 'capped'), (Fraction(0, 1), 'floored'))
    """
    if part.cap is not None and points > part.cap * part.weight:
        return part.cap * part.weight, "capped"
    if part.floor is not None and points < part.floor * part.weight:
        return part.floor * part.weight, "floored"
    return points, ""


@dataclass(frozen=True, eq=False)
class Scoring:
    """One part of the score of one population.

    points = formula(w, x, b, …), within cap and floor; a negative value gets none where the
    scheme says so. A firm on which the indicator cannot be computed gets what the scheme says:
    the average points of the others, points of its own, nothing with the other weights
    raised, or no score.
    """

    roll: Roll
    formulas: Mapping[str, Formula]
    population: str
    name: str

    @property
    def part(self) -> Part:
        """What the scheme says of it."""
        return self.roll.scheme.populations[self.population].parts[self.name]

    @property
    def indicator(self) -> Indicator:
        """What is measured."""
        return self.roll.scheme.indicators[self.part.indicator or self.name]

    def points(self) -> dict[str, Points]:
        """Give the points of every firm that is ranked.

        Raises
        ------
        Unavailable
            If what the indicator is computed from was not supplied.
        """
        amounts = self._amounts(self.roll)
        earned = {lead: self._earned(lead, amount) for lead, amount in amounts.items()}
        known = [one.points for one in earned.values() if one.points is not None]
        usual = average(known)
        return {
            lead: one if one.points is not None else self._instead(lead, one, usual)
            for lead, one in earned.items()
        }

    def whole(self) -> Spread:
        """Give the spread over the population as a whole."""
        return Spread(list(self._amounts(self.roll).values()), self.indicator.better)

    def _amounts(self, roll: Roll) -> dict[str, Amount]:
        amounts = roll.register.amounts(self.part.indicator or self.name)
        return {lead: amounts[lead] for lead in roll.base(self.population)}

    def _peers(self, roll: Roll, lead: str) -> tuple[Value, ...]:
        names = roll.register.names(lead, {"population": self.population})
        return tuple(names[fact] for fact in self.part.compare)

    @cached_property
    def _spreads(self) -> dict[tuple[Value, ...], Spread]:
        """The spread among the firms that are compared with each other."""
        peers: dict[tuple[Value, ...], list[Amount]] = {}
        for lead, amount in self._amounts(self.roll).items():
            peers.setdefault(self._peers(self.roll, lead), []).append(amount)
        better = self.indicator.better
        return {
            key: Spread(amounts, better, partial(self._earlier, key))
            for key, amounts in peers.items()
        }

    def _earlier(self, key: tuple[Value, ...]) -> list[Amount]:
        return self._before.get(key, [])

    @cached_property
    def _before(self) -> dict[tuple[Value, ...], list[Amount]]:
        earlier = self.roll.before
        peers: dict[tuple[Value, ...], list[Amount]] = {}
        for lead, amount in self._amounts(earlier).items():
            peers.setdefault(self._peers(earlier, lead), []).append(amount)
        return peers

    def _context(self, lead: str) -> Context:
        register = self.roll.register
        local = {**self.part.parameters, "w": self.part.weight}
        spread = self._spreads[self._peers(self.roll, lead)]
        names = register.names(lead, {"population": self.population})
        return Context(local, self.formulas, spread, names, register.functions)

    def _earned(self, lead: str, amount: Amount) -> Points:
        """Give the formula's points; None with the code of the gap where there are none."""
        if amount.value is None:
            return Points(None, (f"{amount.gap}:{self.name}",))
        negative = self.part.negative or self.roll.scheme.negative
        is_refused = negative is Negative.ZERO and self.indicator.better is Better.HIGHER
        if amount.value < 0 and is_refused:
            return Points(Fraction(0), (f"negative:{self.name}",))
        try:
            return self._by_formula(self._context(lead).knowing(x=amount.value))
        except ZeroDivisionError:
            return Points(None, (f"zero_denominator:{self.name}",))

    def _by_formula(self, context: Context) -> Points:
        benchmark = None
        if self.part.benchmark is not None:
            benchmark = context.value(self.part.benchmark)
            if benchmark is None:
                return Points(None, (f"no_benchmark:{self.name}",))
        formula = self.part.formula or self.roll.scheme.formula
        points = context.knowing(b=benchmark).value(formula)
        if points is None:
            return Points(None, (f"missing:{self.name}",), benchmark=benchmark)
        kept, limit = limited(points, self.part)
        codes = (f"{limit}:{self.name}",) if limit else ()
        return Points(kept, codes, benchmark=benchmark)

    def _instead(self, lead: str, gap: Points, usual: Fraction | None) -> Points:
        """Give what counts in place of points that cannot be computed."""
        (told,) = gap.codes
        code = told.partition(":")[0]
        fallback = self._fallback(code)
        if fallback.rule == "exclude":
            return Points(None, (f"{code}_excluded:{self.name}",), is_left_out=True)
        if fallback.rule == "average" and usual is not None:
            return Points(usual, (f"{code}_average:{self.name}",))
        if fallback.points is not None:
            points = self._context(lead).value(fallback.points)
            return Points(points, (f"{code}_set:{self.name}",))
        return gap

    def _fallback(self, code: str) -> Fallback:
        scheme = self.roll.scheme
        match code:
            case "missing":
                return self.part.missing or scheme.missing
            case "zero_denominator":
                return self.part.zero_denominator or scheme.zero_denominator
            case _:
                return Fallback("unscored")


ZERO = Fraction(0)


@dataclass(frozen=True)
class Score:
    """A firm's score and what it is made of; None where it is not known.

    `codes` say why it is not simply the formula's, `doubts` what could not be told.
    """

    score: Fraction | None
    points: Fraction | None
    bonus: Fraction | None
    parts: Mapping[str, Fraction | None] = field(default_factory=dict)
    codes: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


def total_points(parts: Sequence[Points], weights: Sequence[Fraction]) -> Fraction | None:
    """Add the points of all parts up; the weights of those left out go to the others.

    total = Σ points × Σ weights / Σ weights of the parts that count; None where a part is
    unknown, or none counts.

    >>> found = [Points(Fraction(40)), Points(None, is_left_out=True)]
    >>> total_points(found, [Fraction(60), Fraction(40)])
    Fraction(200, 3)
    """
    if any(part.points is None and not part.is_left_out for part in parts):
        return None
    counted = sum((w for w, part in zip(weights, parts, strict=True) if not part.is_left_out), ZERO)
    earned = sum((part.points for part in parts if part.points is not None), ZERO)
    return earned * sum(weights, ZERO) / counted if counted else None


def clamped(
    number: Fraction, *, least: Fraction | None = None, most: Fraction | None = None
) -> Fraction:
    """Keep a number within limits; None is no limit.

    >>> clamped(Fraction(130), most=Fraction(120))
    Fraction(120, 1)
    """
    kept = number if most is None else min(number, most)
    return kept if least is None else max(kept, least)


def scores(
    roll: Roll, formulas: Mapping[str, Formula], population: str
) -> tuple[dict[str, Score], tuple[Benchmark, ...]]:
    """Score every firm of a population that is ranked, and tell the benchmarks.

    score = total(points, bonus), by default their sum, within the population's limits.
    """
    rule = roll.scheme.populations[population]
    by_part: dict[str, dict[str, Points]] = {}
    benchmarks = []
    for name, part in rule.parts.items():
        scoring = Scoring(roll, formulas, population, name)
        try:
            by_part[name] = scoring.points()
            whole = scoring.whole()
        except Unavailable as lacking:
            roll.lacks(name, lacking)
            unknown = Points(None, (f"not_supplied:{name}",))
            by_part[name] = dict.fromkeys(roll.base(population), unknown)
            continue
        value = _single([one.benchmark for one in by_part[name].values()])
        mean, firms = whole.mean, len(whole.values)
        benchmarks.append(Benchmark(population, name, part.weight, value, mean, firms))
    scores = {
        lead: _score(roll, rule, population, lead, {name: by_part[name][lead] for name in by_part})
        for lead in roll.base(population)
    }
    return scores, tuple(benchmarks)


def _single(values: list[Fraction | None]) -> Fraction | None:
    """Give the one value that there is; None where there are several."""
    known = {value for value in values if value is not None}
    return known.pop() if len(known) == 1 else None


def _score(
    roll: Roll, rule: Population, population: str, lead: str, parts: Mapping[str, Points]
) -> Score:
    by_part = {name: part.points for name, part in parts.items()}
    weights = [rule.parts[name].weight for name in parts]
    points = total_points(list(parts.values()), weights)
    known: dict[str, Value] = {f"points_{name}": earned for name, earned in by_part.items()}
    known |= {"points": points, "population": population}
    bonus, applied, doubts = _bonus(roll, rule, lead, known)
    score = roll.number("total", rule.total, lead, {**known, "bonus": bonus})
    if score is not None:
        score = clamped(score, least=rule.least, most=rule.most)
    codes = (*(code for part in parts.values() for code in part.codes), *applied)
    return Score(score, points, bonus, by_part, codes, doubts)


def _bonus(
    roll: Roll, rule: Population, lead: str, known: Mapping[str, Value]
) -> tuple[Fraction, tuple[str, ...], tuple[str, ...]]:
    """Add up bonuses and deductions, each kind within its limit."""
    added, taken, applied, doubts = ZERO, ZERO, [], []
    for code, bonus in rule.bonuses.items():
        points = _bonus_points(roll, code, bonus, lead, known)
        if points is None:
            doubts.append(f"rule_unknown:{code}")
        elif points > 0:
            applied.append(f"bonus:{code}")
            added += points
        elif points < 0:
            applied.append(f"deduction:{code}")
            taken -= points
    kept = clamped(added, most=rule.most_bonus) - clamped(taken, most=rule.most_deduction)
    return kept, tuple(applied), tuple(doubts)


def _bonus_points(
    roll: Roll, code: str, bonus: Bonus, lead: str, known: Mapping[str, Value]
) -> Fraction | None:
    """Give the points of a bonus, none where it does not apply; None where that is not known."""
    applies = roll.applies(code, bonus, lead, known)
    if not applies:
        return None if applies is None else ZERO
    return roll.number(code, bonus.points, lead, known)
