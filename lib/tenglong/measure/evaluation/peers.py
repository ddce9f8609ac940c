"""The firms that a firm is compared with on a part of the score, and the names that follow."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tenglong.measure.county import Unavailable
from tenglong.measure.evaluation.amounts import Amounts
from tenglong.measure.evaluation.register import RowNames, SiteNames
from tenglong.measure.evaluation.scheme import Better
from tenglong.measure.evaluation.spread import FIGURES, FUNCTIONS, Spread
from tenglong.measure.policy.column import (
    UNDIVIDED,
    UNKNOWN,
    Column,
    Gaps,
    Rows,
    Same,
    Value,
    spread_out,
)
from tenglong.measure.policy.columnwise import ColumnFunction, applied_by_row, evaluated
from tenglong.measure.policy.formula import Formula, Function
from tenglong.measure.policy.operation import Part
from tenglong.measure.rationals import Rationals

Key = tuple[Value, ...]


@dataclass(frozen=True, eq=False)
class Groups:
    """Firms by the facts that they share.

    Attributes
    ----------
    numbers
        The group of each firm.
    keys
        The facts of each group.
    """

    numbers: NDArray[np.int64]
    keys: Sequence[Key]

    @classmethod
    def by(cls, facts: Sequence[str], names: SiteNames) -> "Groups":
        """Group firms by facts of theirs; by none, all are of one group.

        Raises
        ------
        Unavailable
            If one of the facts was not supplied.
        """
        rows = np.arange(len(names.sites))
        numbers = np.zeros(len(rows), dtype=np.int64)
        keys: list[Key] = [()]
        for fact in facts if len(rows) else ():
            column = spread_out(names.column(fact, rows), len(rows))
            if len(failing := np.flatnonzero(column.states >= UNDIVIDED)):
                raise names.gaps.error(int(column.states[failing[0]]))
            codes, values = column.codes()
            pairs, numbers = np.unique(numbers * len(values) + codes, return_inverse=True)
            split = [divmod(pair, len(values)) for pair in pairs.tolist()]
            keys = [(*keys[first], values[second]) for first, second in split]
        return cls(numbers, keys)

    def rows(self, number: int) -> Rows:
        """Give the firms of a group."""
        return self._order[self._bounds[number] : self._bounds[number + 1]]

    @cached_property
    def _order(self) -> Rows:
        return np.argsort(self.numbers, kind="stable")

    @cached_property
    def _bounds(self) -> list[int]:
        counts = np.bincount(self.numbers, minlength=len(self.keys))
        return [0, *np.cumsum(counts).tolist()]


class Peers:
    """The spreads of an indicator, one for each group of firms that are compared.

    Parameters
    ----------
    before
        The indicator and the groups of the year before.
    """

    def __init__(
        self,
        amounts: Amounts,
        groups: Groups,
        better: Better,
        before: Callable[[], tuple[Amounts, Groups]],
    ) -> None:
        self.groups = groups
        self.values = amounts.scored
        self._before = before
        self.spreads = [
            Spread(amounts.take(groups.rows(number)), better, self._earlier(key))
            for number, key in enumerate(groups.keys)
        ]

    def _earlier(self, key: Key) -> Callable[[], Amounts | None]:
        def earlier() -> Amounts | None:
            amounts, groups = self.before
            found = [number for number, other in enumerate(groups.keys) if other == key]
            return amounts.take(groups.rows(found[0])) if found else None

        return earlier

    @cached_property
    def before(self) -> tuple[Amounts, Groups]:
        """The indicator and the groups of the year before."""
        return self._before()

    @cached_property
    def ranks(self) -> Column:
        """The rank of each firm's own value among its peers'."""
        is_known = self.values.is_known
        ranks = np.zeros(len(is_known), dtype=np.int64)
        for number, spread in enumerate(self.spreads):
            rows = self.groups.rows(number)
            ranks[rows[is_known[rows]]] = spread.ranks
        return Column(Rationals(ranks), np.where(is_known, 0, UNKNOWN).astype(np.int16))

    def each(self, figure: Callable[[Spread], Fraction | None], rows: Rows) -> Part:
        """Give a figure of each firm's peers."""
        figures = [figure(spread) for spread in self.spreads]
        if len(figures) == 1:
            return Same.of(figures[0])
        return Column.of(figures).take(self.groups.numbers[rows])

    def of(self, row: int) -> Spread:
        """Give the spread that a firm is compared by."""
        found: Spread = self.spreads[self.groups.numbers[row]]
        return found


@dataclass(frozen=True, eq=False)
class PartNames:
    """The names of a part's formula: w, x, b, other formulas, the spread's, and the firm's."""

    local: Mapping[str, Part]
    formulas: Mapping[str, Formula]
    peers: Peers
    sites: SiteNames

    @property
    def gaps(self) -> Gaps:
        """What the states of the columns tell."""
        return self.sites.gaps

    def knowing(self, **more: Part) -> "PartNames":
        """Give the same names and these."""
        return replace(self, local={**self.local, **more})

    def column(self, name: str, rows: Rows) -> Part:
        """Give what is called so, for some of the firms."""
        if name in self.local:
            return self.local[name].take(rows)
        if name in self.formulas:
            return evaluated(self.formulas[name], self, rows)
        if name == "rank":
            return self.peers.ranks.take(rows) if "x" in self.local else Same.of(None)
        if name not in FIGURES:
            return self.sites.column(name, rows)
        try:
            return self.peers.each(lambda spread: spread.figure(name), rows)
        except (Unavailable, ZeroDivisionError) as error:
            return Same(None, self.gaps.state(error))

    @cached_property
    def over(self) -> Mapping[str, ColumnFunction]:
        """The functions of days, and those of the spread."""

        def function(name: str) -> ColumnFunction:
            def of_peers(parts: Sequence[Part], rows: Rows) -> Part:
                if len(parts) != 1 or not isinstance(parts[0], Same) or parts[0].state:
                    return applied_by_row(name, parts, self, rows)
                percent = parts[0].value
                return self.peers.each(lambda spread: getattr(spread, name)(percent), rows)

            return of_peers

        return {**self.sites.over, **{name: function(name) for name in FUNCTIONS}}

    def row(self, row: int) -> Mapping[str, Value]:
        """Give the names of one firm."""
        return RowNames(self, row)

    def functions(self, row: int) -> Mapping[str, Function]:
        """Give the functions of days, and those of the spread that a firm is compared by."""
        spread = self.peers.of(row)
        return {**self.sites.functions(row), **{name: getattr(spread, name) for name in FUNCTIONS}}
