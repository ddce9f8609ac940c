"""Two reports side by side: which way statuses went, and everything else that changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any

from tenglong.measure.clause import Clause
from tenglong.measure.target.assessment import Assessment, Status

# How bad a status is; one that is not here says nothing of how the clause stands.
SEVERITY: Mapping[Status, int] = {
    Status.ACHIEVED: 0,
    Status.AHEAD: 1,
    Status.ON_TRACK: 2,
    Status.NOT_DUE: 2,
    Status.BEHIND: 3,
    Status.FAR_BEHIND: 4,
    Status.MISSED: 5,
}
Value = Fraction | date


class Move(StrEnum):
    """Which way a status went.

    `told` is one that could not be told before, `untold` one that can no longer be told.
    """

    BETTER = "better"
    WORSE = "worse"
    TOLD = "told"
    UNTOLD = "untold"
    SAME = "same"


def move(before: Status, now: Status) -> Move:
    """Say which way a status went, in the order of severity.

    >>> [move(Status.BEHIND, now).value for now in (Status.AHEAD, Status.MISSED, Status.STALE)]
    ['better', 'worse', 'untold']
    """
    if before is now:
        return Move.SAME
    was, is_ = SEVERITY.get(before), SEVERITY.get(now)
    if was is not None and is_ is not None and was != is_:
        return Move.BETTER if is_ < was else Move.WORSE
    if now.is_known:
        return Move.TOLD
    return Move.UNTOLD if before.is_known else Move.SAME


@dataclass(frozen=True)
class Restated:
    """A figure of one and the same period: `old` when the earlier report was made, `new` now.

    In the clause's unit (of growth: the level's own); of a milestone the day on which it
    happened. `end` is the end of the period.
    """

    clause: Clause
    end: date
    old: Value
    new: Value


@dataclass(frozen=True)
class Amendment:
    """A term of a clause that the plan now states otherwise; `term` is a field of `Clause`."""

    clause: Clause
    term: str
    old: Any
    new: Any


@dataclass(frozen=True)
class RuleChange:
    """A rule of the policy that is now another, e.g. `bands`, `bands.ahead.from`; "" is none."""

    file: str
    key: str
    old: str
    new: str


@dataclass(frozen=True)
class Change:
    """One clause in both reports.

    Where its terms were amended its figures cannot be held against each other, and the
    differences are None.
    """

    before: Assessment
    now: Assessment
    amended: tuple[Amendment, ...] = ()

    @property
    def clause(self) -> Clause:
        """The clause as the plan states it now."""
        return self.now.clause

    @property
    def move(self) -> Move:
        """Which way its status went."""
        return move(self.before.status, self.now.status)

    @property
    def actual(self) -> Fraction | None:
        """How far the actual figure moved, in the clause's unit."""
        return self._difference(self.before.actual, self.now.actual)

    @property
    def progress(self) -> Fraction | None:
        """How far progress moved; a share."""
        return self._difference(self.before.progress, self.now.progress)

    @property
    def gap(self) -> Fraction | None:
        """How far the gap to the pace of time moved; a share."""
        return self._difference(self.before.gap, self.now.gap)

    def _difference(self, before: Fraction | None, now: Fraction | None) -> Fraction | None:
        if self.amended or before is None or now is None:
            return None
        return now - before


@dataclass(frozen=True)
class Comparison:
    """What changed between the report of one day and that of a later one.

    Attributes
    ----------
    changes
        Every clause that stands in both plans, in the order of the plan now.
    added, withdrawn
        Clauses that only the plan now, or only the plan before, has.
    restated
        By clause in the order of the plan, oldest period first.
    """

    before_on: date
    as_of: date
    changes: tuple[Change, ...]
    added: tuple[Assessment, ...] = ()
    withdrawn: tuple[Assessment, ...] = ()
    restated: tuple[Restated, ...] = ()
    rules: tuple[RuleChange, ...] = ()

    def moved(self, way: Move) -> tuple[Change, ...]:
        """Give the clauses whose status went that way."""
        return tuple(one for one in self.changes if one.move is way)

    @property
    def amended(self) -> tuple[Amendment, ...]:
        """Every term that the plan now states otherwise."""
        return tuple(amendment for one in self.changes for amendment in one.amended)

    @property
    def is_nothing(self) -> bool:
        """Whether nothing at all is different."""
        differs = any(
            one.before.status is not one.now.status or one.actual or one.progress or one.gap
            for one in self.changes
        )
        rest = (self.added, self.withdrawn, self.restated, self.rules, self.amended)
        return not differs and not any(rest)
