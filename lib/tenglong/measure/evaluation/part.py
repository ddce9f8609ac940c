"""One part of the score: the points of an indicator, and what counts where there are none."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tenglong.measure.evaluation.amounts import GAPS, MISSING, ZERO_DENOMINATOR, Amounts
from tenglong.measure.evaluation.codes import CodeColumn
from tenglong.measure.evaluation.peers import Groups, PartNames, Peers
from tenglong.measure.evaluation.population import Roll
from tenglong.measure.evaluation.register import SiteNames
from tenglong.measure.evaluation.scheme import Better, Fallback, Indicator, Negative, Part
from tenglong.measure.evaluation.spread import Spread, average
from tenglong.measure.policy.column import (
    FIRST_GAP,
    UNDIVIDED,
    UNKNOWN,
    Column,
    Rows,
    Same,
    spread_out,
)
from tenglong.measure.policy.columnwise import evaluated
from tenglong.measure.policy.formula import Formula
from tenglong.measure.rationals import Rationals

REASONS = (*GAPS, "no_benchmark")  # why there are no points
NO_BENCHMARK = len(GAPS)


@dataclass(frozen=True, eq=False)
class PartPoints:
    """What firms got on a part.

    Attributes
    ----------
    points
        Not known where there are none: `is_left_out` tells whether the part is left out of the
        score, or the whole score is unknown.
    codes
        Why it is not simply the formula's.
    benchmark
        What `b` was, where it was the same for all.
    """

    points: Column
    codes: CodeColumn
    is_left_out: NDArray[np.bool_]
    benchmark: Fraction | None = None


def limited(
    points: Rationals, part: Part
) -> tuple[Rationals, NDArray[np.bool_], NDArray[np.bool_]]:
    """Keep points within the part's cap and floor, which are multiples of its weight.

    Returns
    -------
    tuple of Rationals and two ndarrays
        The points; which were capped; which were raised to the floor.

    >>> part = Part(Fraction(30), cap=Fraction(3, 2), floor=Fraction(0))
    >>> kept, capped, floored = limited(Rationals.of([Fraction(50), Fraction(-1)]), part)
    >>> kept.fractions(), capped.tolist(), floored.tolist()
    ([Fraction(45, 1), Fraction(0, 1)], [True, False], [False, True])
    """
    capped = floored = np.zeros(len(points), bool)
    if part.cap is not None:
        capped = points.signs(part.cap * part.weight) > 0
    if part.floor is not None:
        floored = (points.signs(part.floor * part.weight) < 0) & ~capped
    kept = replaced(points, capped, (part.cap or 0) * part.weight)
    return replaced(kept, floored, (part.floor or 0) * part.weight), capped, floored


def replaced(numbers: Rationals, flags: NDArray[np.bool_], by: Fraction) -> Rationals:
    """Put one number where it is flagged."""
    if not flags.any():
        return numbers
    kept, out = np.flatnonzero(~flags), np.flatnonzero(flags)
    same = Rationals(np.ones(len(out), dtype=np.int64)).scaled(by)
    return Rationals.joined(len(numbers), [(kept, numbers.take(kept)), (out, same)])


class Scoring:
    """One part of the score of one population.

    points = formula(w, x, b, …), within cap and floor; a negative value gets none where the
    scheme says so. A firm on which the indicator cannot be computed gets what the scheme says:
    the average points of the others, points of its own, nothing with the other weights
    raised, or no score.
    """

    def __init__(
        self, roll: Roll, formulas: Mapping[str, Formula], population: str, name: str
    ) -> None:
        self.roll = roll
        self.formulas = formulas
        self.population = population
        self.name = name

    @property
    def part(self) -> Part:
        """What the scheme says of it."""
        return self.roll.scheme.populations[self.population].parts[self.name]

    @property
    def indicator(self) -> Indicator:
        """What is measured."""
        return self.roll.scheme.indicators[self.part.indicator or self.name]

    @cached_property
    def amounts(self) -> Amounts:
        """The indicator of every firm that is ranked.

        Raises
        ------
        Unavailable
            If what the indicator is computed from was not supplied.
        """
        return self._amounts(self.roll)

    def points(self) -> PartPoints:
        """Give the points of every firm that is ranked.

        Raises
        ------
        Unavailable
            If what the indicator is computed from was not supplied.
        """
        earned = _Earned(len(self.amounts.scored), self.name)
        earned.lacks(self.amounts.gaps)
        waiting = self._positive(earned)
        if len(waiting):
            self._by_formula(earned, waiting)
        self._instead(earned)
        return earned.result()

    def whole(self) -> Spread:
        """Give the spread over the population as a whole."""
        return Spread(self.amounts, self.indicator.better)

    def _amounts(self, roll: Roll) -> Amounts:
        amounts = roll.register.amounts(self.part.indicator or self.name)
        return amounts.take(roll.base(self.population))

    def _sites(self, roll: Roll) -> SiteNames:
        known = {"population": Same.of(self.population)}
        return roll.names(roll.base(self.population), known)

    @cached_property
    def _names(self) -> PartNames:
        part, sites = self.part, self._sites(self.roll)
        groups = Groups.by(part.compare, sites)
        peers = Peers(self.amounts, groups, self.indicator.better, self._before)
        local = {name: Same.of(number) for name, number in part.parameters.items()}
        return PartNames({**local, "w": Same.of(part.weight)}, self.formulas, peers, sites)

    def _before(self) -> tuple[Amounts, Groups]:
        earlier = self.roll.before
        amounts = self._amounts(earlier)
        return amounts, Groups.by(self.part.compare, self._sites(earlier))

    def _positive(self, earned: "_Earned") -> Rows:
        """Give those with a value that the formula is for; a negative one may get no points."""
        values = self.amounts.scored
        waiting = np.flatnonzero(values.is_known)
        negative = self.part.negative or self.roll.scheme.negative
        if negative is not Negative.ZERO or self.indicator.better is not Better.HIGHER:
            return waiting
        is_refused = values.take(waiting).numbers().signs(Fraction(0)) < 0
        earned.get(waiting[is_refused], Same.of(Fraction(0)))
        earned.codes.add(waiting[is_refused], f"negative:{self.name}")
        return waiting[~is_refused]

    def _by_formula(self, earned: "_Earned", waiting: Rows) -> None:
        names = self._names.knowing(x=self.amounts.scored)
        fails: list[tuple[Rows, Column]] = []
        if self.part.benchmark is not None:
            found = spread_out(
                benchmark := evaluated(self.part.benchmark, names, waiting), len(waiting)
            )
            earned.fail(waiting[found.states == UNKNOWN], NO_BENCHMARK)
            earned.fail(waiting[found.states == UNDIVIDED], ZERO_DENOMINATOR)
            fails.append((waiting, found))
            if isinstance(benchmark, Column):
                benchmark = Column.joined(len(earned), [(waiting, benchmark)])
            earned.benchmark = benchmark
            waiting = waiting[found.is_known]
        names = names.knowing(b=earned.benchmark)
        formula = self.part.formula or self.roll.scheme.formula
        points = spread_out(evaluated(formula, names, waiting), len(waiting))
        fails.append((waiting, points))
        self._raise(fails)
        earned.fail(waiting[points.states == UNKNOWN], MISSING)
        earned.fail(waiting[points.states == UNDIVIDED], ZERO_DENOMINATOR)
        self._keep(earned, waiting[points.is_known], points.take(points.is_known))
        earned.has_benchmark[waiting[points.states <= UNKNOWN]] = True

    def _keep(self, earned: "_Earned", rows: Rows, points: Column) -> None:
        if self.part.cap is None and self.part.floor is None:
            earned.get(rows, points)
            return
        kept, capped, floored = limited(points.numbers(), self.part)
        earned.get(rows, Column(kept, points.states))
        earned.codes.add(rows[capped], f"capped:{self.name}")
        earned.codes.add(rows[floored], f"floored:{self.name}")

    def _instead(self, earned: "_Earned") -> None:
        """Give what counts in place of points that cannot be computed."""
        usual = earned.average()
        found: list[tuple[Rows, Column]] = []
        for reason in (MISSING, ZERO_DENOMINATOR, NO_BENCHMARK):
            rows = np.flatnonzero(earned.reasons == reason)
            fallback, code = self._fallback(reason), REASONS[reason]
            if not len(rows):
                continue
            if fallback.rule == "exclude":
                earned.is_left_out[rows] = True
                earned.instead(rows, f"{code}_excluded:{self.name}")
            elif fallback.rule == "average" and usual is not None:
                earned.get(rows, Same.of(usual))
                earned.instead(rows, f"{code}_average:{self.name}")
            elif fallback.points is not None:
                points = spread_out(evaluated(fallback.points, self._names, rows), len(rows))
                found.append((rows, points))
                earned.get(rows, points)
                earned.instead(rows, f"{code}_set:{self.name}")
            else:
                earned.codes.add(rows, f"{code}:{self.name}")
        self._raise(found, least=UNDIVIDED)

    def _raise(self, found: list[tuple[Rows, Column]], *, least: int = FIRST_GAP) -> None:
        """Raise what the first firm that fails, fails by."""
        failing = [
            (int(rows[at]), int(column.states[at]))
            for rows, column in found
            for at in np.flatnonzero(column.states >= least)[:1]
        ]
        if failing:
            raise self._names.gaps.error(min(failing)[1])

    def _fallback(self, reason: int) -> Fallback:
        scheme = self.roll.scheme
        if reason == MISSING:
            return self.part.missing or scheme.missing
        if reason == ZERO_DENOMINATOR:
            return self.part.zero_denominator or scheme.zero_denominator
        return Fallback("unscored")


class _Earned:
    """The points of a part while they are found, and why there are none."""

    def __init__(self, size: int, name: str) -> None:
        self.name = name
        self.pieces: list[tuple[Rows, Column | Same]] = []
        self.codes = CodeColumn(size)
        self.reasons = np.zeros(size, dtype=np.int8)
        self.is_left_out = np.zeros(size, bool)
        self.benchmark: Column | Same = Same.of(None)
        self.has_benchmark = np.zeros(size, bool)

    def __len__(self) -> int:
        return len(self.reasons)

    def lacks(self, gaps: NDArray[np.int8]) -> None:
        """Take over why there are no values."""
        self.reasons[:] = gaps

    def fail(self, rows: Rows, reason: int) -> None:
        """Say why firms have no points by the formula."""
        self.reasons[rows] = reason

    def get(self, rows: Rows, points: Column | Same) -> None:
        """Give points."""
        self.pieces.append((rows, points))

    def instead(self, rows: Rows, code: str) -> None:
        """Say what counts in place of points; a benchmark is told no more."""
        self.codes.add(rows, code)
        self.has_benchmark[rows] = False

    def average(self) -> Fraction | None:
        """Give the mean of the points so far."""
        points = self._points()
        return average(points.take(points.is_known).numbers().floats.tolist())

    def result(self) -> PartPoints:
        """Give what was found."""
        return PartPoints(self._points(), self.codes, self.is_left_out, self._single())

    def _points(self) -> Column:
        return Column.joined(len(self), self.pieces)

    def _single(self) -> Fraction | None:
        """Give the one benchmark that there is; None where there are several."""
        rows = np.flatnonzero(self.has_benchmark)
        if not len(rows):
            return None
        if isinstance(self.benchmark, Same):
            value: Fraction | None = self.benchmark.value
            return value
        values = set(self.benchmark.take(rows).codes()[1]) - {None}
        return values.pop() if len(values) == 1 else None
