"""The score of a firm: the points of its parts, bonuses and deductions, added up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from tenglong.measure.county import Unavailable
from tenglong.measure.evaluation.evaluated import Benchmark
from tenglong.measure.evaluation.points import Points, Scoring
from tenglong.measure.evaluation.roll import Roll
from tenglong.measure.evaluation.scheme import Bonus, Population
from tenglong.measure.policy.formula import Formula, Value

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
    if most is not None and number > most:
        return most
    return least if least is not None and number < least else number


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
    found = {
        lead: _score(roll, rule, population, lead, {name: by_part[name][lead] for name in by_part})
        for lead in roll.base(population)
    }
    return found, tuple(benchmarks)


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
        elif points:
            applied.append(f"bonus:{code}" if points > 0 else f"deduction:{code}")
            added, taken = added + max(points, ZERO), taken + max(-points, ZERO)
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
