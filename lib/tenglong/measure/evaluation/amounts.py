"""An indicator of many firms: its amounts, exact, its values, and why there are none."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenglong.measure.policy.column import KNOWN, UNKNOWN, Column, Rows, combined
from tenglong.measure.rationals import Rationals

GAPS = ("", "missing", "zero_denominator")
MISSING, ZERO_DENOMINATOR = 1, 2


@dataclass(frozen=True, eq=False)
class Amounts:
    """An indicator of firms: amounts and values, and why there is none.

    Attributes
    ----------
    scored
        The values.
    gaps
        Why a firm has no value, as a number of `GAPS`.
    numerators, denominators
        None where the indicator is no ratio.
    """

    scored: Column
    gaps: NDArray[np.int8]
    numerators: Column | None = None
    denominators: Column | None = None

    def take(self, rows: Rows) -> "Amounts":
        """Give these firms' (their numbers, or a flag for each)."""
        pair = (
            None if column is None else column.take(rows)
            for column in (self.numerators, self.denominators)
        )
        return Amounts(self.scored.take(rows), self.gaps[rows], *pair)

    @property
    def known(self) -> Rationals:
        """The values that there are, as numbers."""
        return self.scored.take(self.scored.is_known).numbers()

    @property
    def have_both(self) -> NDArray[np.bool_]:
        """Which firms have both amounts."""
        if self.numerators is None or self.denominators is None:
            return np.zeros(len(self.scored), bool)
        return self.numerators.is_known & self.denominators.is_known


def told_amounts(numerators: Column, denominators: Column) -> Amounts:
    """Divide amounts; there is no value where one is missing, or the denominator is not above 0.

    >>> from fractions import Fraction
    >>> top, bottom = Column.of([Fraction(3), None]), Column.of([Fraction(2), Fraction(0)])
    >>> told = told_amounts(top, bottom)
    >>> told.scored.values(), [GAPS[gap] for gap in told.gaps]
    ([Fraction(3, 2), None], ['', 'missing'])
    """
    states = np.asarray(combined([numerators, denominators]))
    tops, bottoms = numerators.numbers(), denominators.numbers()
    is_positive = (bottoms.tops > 0) if bottoms.scale > 0 else (bottoms.tops < 0)
    is_positive = is_positive.astype(bool)
    safe = Rationals(np.where(is_positive, bottoms.tops, 1), bottoms.bottoms, bottoms.scale)
    has_value = (states == KNOWN) & is_positive
    values = Column(tops / safe, np.where(has_value, KNOWN, UNKNOWN).astype(np.int16))
    gaps = np.where(states == KNOWN, np.where(is_positive, 0, ZERO_DENOMINATOR), MISSING)
    return Amounts(values, gaps.astype(np.int8), numerators, denominators)
