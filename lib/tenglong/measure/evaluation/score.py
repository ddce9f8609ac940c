"""The score of a firm: the points of its parts, bonuses and deductions, added up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from tenglong.measure.county import Unavailable
from tenglong.measure.evaluation.codes import CodeColumn
from tenglong.measure.evaluation.outcome import Benchmark
from tenglong.measure.evaluation.part import PartPoints, Scoring, replaced
from tenglong.measure.evaluation.population import UNTOLD, YES, Roll
from tenglong.measure.evaluation.register import SiteNames
from tenglong.measure.evaluation.scheme import Population
from tenglong.measure.policy.column import KNOWN, UNKNOWN, Column, Rows, Same
from tenglong.measure.policy.formula import Formula
from tenglong.measure.policy.operation import Part
from tenglong.measure.rationals import Rationals

ZERO = Fraction(0)


@dataclass(frozen=True, eq=False)
class Scores:
    """The scores of a population's firms, and what they are made of.

    Attributes
    ----------
    sites
        The rows of the firms in the register.
    parts
        The points of each part.
    codes, doubts
        Why a score is not simply the formula's, and what could not be told.
    """

    population: str
    sites: Rows
    parts: Mapping[str, Column]
    points: Column
    bonus: Column
    score: Column
    codes: CodeColumn
    doubts: CodeColumn

    @property
    def names(self) -> Mapping[str, Part]:
        """What conditions on grades may name of the score."""
        return {
            **{f"points_{name}": points for name, points in self.parts.items()},
            "population": Same.of(self.population),
            "points": self.points,
            "bonus": self.bonus,
            "score": self.score,
        }


def total_points(parts: Sequence[PartPoints], weights: Sequence[Fraction]) -> Column:
    """Add the points of all parts up; the weights of those left out go to the others.

    total = Σ points × Σ weights / Σ weights of the parts that count; not known where a part is
    unknown, or none counts.

    >>> found = [Column.of([Fraction(40)]), Column.of([None])]
    >>> parts = [PartPoints(points, CodeColumn(1), np.array([not points.is_known[0]]))
    ...     for points in found]
    >>> total_points(parts, [Fraction(60), Fraction(40)]).values()
    [Fraction(200, 3)]
    """
    whole = sum(weights, ZERO)
    is_unknown = np.logical_or.reduce([~(one.points.is_known | one.is_left_out) for one in parts])
    factors = _factors(parts, weights, whole)
    earned = [replaced(one.points.numbers(), ~one.points.is_known, ZERO) for one in parts]
    total = earned[0]
    for points in earned[1:]:
        total = total + points
    if isinstance(factors, Column):
        is_unknown |= ~factors.is_known
        total = total * factors.numbers()
    return Column(total, np.where(is_unknown, UNKNOWN, KNOWN).astype(np.int16))


def _factors(
    parts: Sequence[PartPoints], weights: Sequence[Fraction], whole: Fraction
) -> Column | None:
    """Give by how much the weights are raised; None where nothing is left out of any."""
    if whole and not any(one.is_left_out.any() for one in parts):
        return None
    numbers = sum(one.is_left_out.astype(np.int64) << bit for bit, one in enumerate(parts))
    kinds, places = np.unique(numbers, return_inverse=True)
    counted = [
        sum((weight for bit, weight in enumerate(weights) if not kind >> bit & 1), ZERO)
        for kind in kinds.tolist()
    ]
    return Column.of([whole / weight if weight else None for weight in counted]).take(places)


def clamped(
    numbers: Rationals, *, least: Fraction | None = None, most: Fraction | None = None
) -> Rationals:
    """Keep numbers within limits; None is no limit.

    >>> clamped(Rationals.of([Fraction(130)]), most=Fraction(120)).fractions()
    [Fraction(120, 1)]
    """
    if most is not None:
        numbers = replaced(numbers, numbers.signs(most) > 0, most)
    if least is not None:
        numbers = replaced(numbers, numbers.signs(least) < 0, least)
    return numbers


def scores(
    roll: Roll, formulas: Mapping[str, Formula], population: str
) -> tuple[Scores, tuple[Benchmark, ...]]:
    """Score every firm of a population that is ranked, and tell the benchmarks.

    score = total(points, bonus), by default their sum, within the population's limits.
    """
    rule = roll.scheme.populations[population]
    by_part: dict[str, PartPoints] = {}
    benchmarks = []
    for name, part in rule.parts.items():
        scoring = Scoring(roll, formulas, population, name)
        try:
            points, whole = scoring.points(), scoring.whole()
            mean, firms = whole.mean, len(whole.values)
        except Unavailable as lacking:
            roll.lacks(name, lacking)
            by_part[name] = _not_supplied(name, len(roll.base(population)))
            continue
        by_part[name] = points
        benchmarks.append(Benchmark(population, name, part.weight, points.benchmark, mean, firms))
    return _scored(roll, rule, population, by_part), tuple(benchmarks)


def _not_supplied(name: str, size: int) -> PartPoints:
    codes = CodeColumn(size)
    codes.add(np.arange(size), f"not_supplied:{name}")
    return PartPoints(Column.of([None] * size), codes, np.zeros(size, bool))


def _scored(
    roll: Roll, rule: Population, population: str, parts: Mapping[str, PartPoints]
) -> Scores:
    sites = roll.base(population)
    weights = [rule.parts[name].weight for name in parts]
    points = (
        total_points(list(parts.values()), weights) if parts else Column.of([None] * len(sites))
    )
    by_part = {name: part.points for name, part in parts.items()}
    known: dict[str, Part] = {f"points_{name}": earned for name, earned in by_part.items()}
    known |= {"points": points, "population": Same.of(population)}
    codes, doubts = CodeColumn(len(sites)), CodeColumn(len(sites))
    for part in parts.values():
        codes.extend(np.arange(len(sites)), part.codes)
    with roll.firm_by_firm():
        bonus = _bonus(roll, rule, roll.names(sites, known), codes, doubts)
        names = roll.names(sites, {**known, "bonus": bonus})
        score = roll.numbers("total", rule.total, names, np.arange(len(sites)))
    if rule.least is not None or rule.most is not None:
        kept = clamped(score.numbers(), least=rule.least, most=rule.most)
        score = Column(kept, score.states)
    return Scores(population, sites, by_part, points, bonus, score, codes, doubts)


def _bonus(
    roll: Roll, rule: Population, names: SiteNames, codes: CodeColumn, doubts: CodeColumn
) -> Column:
    """Add up bonuses and deductions, each kind within its limit."""
    size = len(names.sites)
    rows, states = np.arange(size), np.full(size, KNOWN, dtype=np.int16)
    added = taken = Rationals(np.zeros(size, dtype=np.int64))
    for code, bonus in rule.bonuses.items():
        applies = roll.applies(code, bonus, names, rows)
        asked = rows[applies == YES]
        points = roll.numbers(code, bonus.points, names, asked)
        doubts.add(np.union1d(rows[applies == UNTOLD], asked[~points.is_known]), _unknown(code))
        signs = np.where(points.is_known, points.numbers().signs(ZERO), 0)
        for sign, kind in ((1, "bonus"), (-1, "deduction")):
            codes.add(asked[signs == sign], f"{kind}:{code}")
        added, taken = (
            sums
            + Rationals.joined(
                size,
                [
                    (
                        asked[signs == sign],
                        points.numbers().take(signs == sign).scaled(Fraction(sign)),
                    )
                ],
            )
            for sums, sign in ((added, 1), (taken, -1))
        )
    kept = clamped(added, most=rule.most_bonus) - clamped(taken, most=rule.most_deduction)
    return Column(kept, states)


def _unknown(code: str) -> str:
    return f"rule_unknown:{code}"
