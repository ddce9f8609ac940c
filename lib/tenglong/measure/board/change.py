"""What changed between two reports: statuses, progress, restated figures, the plan, the rules."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any

from tenglong.errors import UsageError
from tenglong.measure.clause import Clause, Kind
from tenglong.measure.judge.assessment import Assessment, Board, Status

# How bad a status is; one that is not here says nothing of how the clause stands.
_KNOWN = {status: rank for rank, status in enumerate(one for one in Status if one.is_known)}
SEVERITY: Mapping[Status, int] = {**_KNOWN, Status.NOT_DUE: _KNOWN[Status.ON_TRACK]}
Value = Fraction | date


class Move(StrEnum):
    """Which way a status went.

    A year that ends met is `closed`: what was ahead within it is on track, and no worse. What
    falls due and is on track has `begun`; what is not due again (a new year, a new batch)
    `rests`, and is no better. `told` is one that could not be told before, `untold` one that
    can no longer be told, `reason` one that still cannot be, for another reason.
    """

    BETTER = "better"
    WORSE = "worse"
    CLOSED = "closed"
    BEGUN = "begun"
    RESTS = "rests"
    TOLD = "told"
    UNTOLD = "untold"
    REASON = "reason"
    SAME = "same"


def move(before: Status, now: Status, *, has_closed: bool = False) -> Move:
    """Say which way a status went, in the order of severity.

    Parameters
    ----------
    has_closed
        Whether a year of the clause has ended met since.

    Examples
    --------
    >>> [move(Status.BEHIND, now).value for now in (Status.AHEAD, Status.MISSED, Status.STALE)]
    ['better', 'worse', 'untold']
    >>> move(Status.AHEAD, Status.ON_TRACK, has_closed=True).value
    'closed'
    """
    if before is now:
        return Move.SAME
    if now is Status.NOT_DUE:
        return Move.RESTS
    if has_closed and (before, now) == (Status.AHEAD, Status.ON_TRACK):
        return Move.CLOSED
    was, is_ = SEVERITY.get(before), SEVERITY.get(now)
    if was is not None and is_ is not None:
        return Move.BETTER if is_ < was else Move.WORSE if is_ > was else Move.BEGUN
    if now.is_known:
        return Move.TOLD
    return Move.REASON if was is None else Move.UNTOLD


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

    Where its terms were amended, or it is for every year and another year has begun, its figures
    cannot be held against each other, and the differences are None.
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
        met = [
            {year.year for year in one.years if year.verdict == "met"}
            for one in (self.before, self.now)
        ]
        return move(self.before.status, self.now.status, has_closed=bool(met[1] - met[0]))

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
        if self.amended or before is None or now is None or self._is_of_another_year:
            return None
        return now - before

    @property
    def _is_of_another_year(self) -> bool:
        """Whether a clause for every year tells of two years, whose figures have no difference."""
        days = (self.before.observed_on, self.now.observed_on)
        return bool(self.now.years) and len({day and day.year for day in days}) > 1


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
        return tuple(change for change in self.changes if change.move is way)

    @property
    def amended(self) -> tuple[Amendment, ...]:
        """Every term that the plan now states otherwise."""
        return tuple(amendment for change in self.changes for amendment in change.amended)

    @property
    def is_nothing(self) -> bool:
        """Whether nothing at all is different."""
        differs = any(
            change.before.status is not change.now.status
            or change.actual
            or change.progress
            or change.gap
            for change in self.changes
        )
        rest = (self.added, self.withdrawn, self.restated, self.rules, self.amended)
        return not differs and not any(rest)


# What a clause asks for; how it is named, or by whom it is to be done, may change as it likes.
TERMS = (
    *("kind", "operator", "target", "unit", "window", "due", "each_year"),
    *("baseline", "scope", "indicator"),
)
FINAL = ("met", "missed")


def compare_boards(before: Board, now: Board, *, rules: tuple[RuleChange, ...] = ()) -> Comparison:
    """Compare two boards clause by clause, by the clauses' ids.

    A restated value is one of a period that was over on the earlier day: what the earlier board
    knew of it against what is known of the same period now. A year or count that was still
    running is not restated by going on.

    Parameters
    ----------
    rules
        How the policies of the two differ: `rule_changes`.

    Raises
    ------
    UsageError
        If `before` is of a later day than `now`.
    """
    if before.as_of > now.as_of:
        raise UsageError(f"against must be a day before {now.as_of}, not {before.as_of}")
    earlier = {one.clause.id: one for one in before.assessments}
    ids = {one.clause.id for one in now.assessments}
    changes = tuple(
        Change(earlier[one.clause.id], one, _amended(earlier[one.clause.id].clause, one.clause))
        for one in now.assessments
        if one.clause.id in earlier
    )
    return Comparison(
        before.as_of,
        now.as_of,
        changes,
        added=tuple(one for one in now.assessments if one.clause.id not in earlier),
        withdrawn=tuple(one for one in before.assessments if one.clause.id not in ids),
        restated=tuple(
            restated
            for one in changes
            if not one.amended
            for restated in _restated(one, before.as_of)
        ),
        rules=rules,
    )


def _amended(before: Clause, now: Clause) -> tuple[Amendment, ...]:
    return tuple(
        Amendment(now, term.name, getattr(before, term.name), getattr(now, term.name))
        for term in fields(Clause)
        if term.name in TERMS and getattr(before, term.name) != getattr(now, term.name)
    )


def _restated(change: Change, before_on: date) -> Iterator[Restated]:
    known, now = _figures(change.before, before_on), change.now
    for end, old in known.items():
        new = _as_known(now, end)
        if new is not None and new != old:
            yield Restated(now.clause, end, old, new)


def _figures(assessment: Assessment, on: date) -> dict[date, Value]:
    """Give the figures of periods that were over on a day, by the end of the period."""
    if assessment.years:
        return {
            date(year.year, 12, 31): year.actual
            for year in assessment.years
            if year.actual is not None and year.verdict in FINAL
        }
    if assessment.clause.kind is Kind.CUMULATIVE:
        if assessment.actual is None or assessment.observed_on is None:
            return {}
        return {assessment.observed_on: assessment.actual}
    if assessment.clause.kind is Kind.MILESTONE:
        return (
            {assessment.clause.due: assessment.observed_on}
            if assessment.observed_on is not None
            else {}
        )
    return {end: value for end, value in assessment.trend if end <= on}


def _as_known(assessment: Assessment, end: date) -> Value | None:
    """Give what is known now of the period that ended then."""
    if assessment.years:
        return next((year.actual for year in assessment.years if year.year == end.year), None)
    if assessment.clause.kind is Kind.MILESTONE:
        return assessment.observed_on
    if assessment.clause.kind is not Kind.CUMULATIVE:
        return dict(assessment.trend).get(end)
    if assessment.actual is None:
        return None
    return next((total for day, total in reversed(assessment.trend) if day <= end), Fraction(0))


def rule_changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[RuleChange, ...]:
    """List how two policies differ, rule by rule.

    What only tells where a rule comes from is no rule.

    >>> rule_changes({"bands": {"bands": {"ahead": {"from": 10}}}},
    ...     {"bands": {"bands": {"ahead": {"from": 5}}}})
    (RuleChange(file='bands', key='bands.ahead.from', old='10', new='5'),)
    """
    was, is_ = dict(_rules(before)), dict(_rules(now))
    return tuple(
        RuleChange(*key, was.get(key, ""), is_.get(key, ""))
        for key in sorted(was.keys() | is_.keys())
        if was.get(key) != is_.get(key)
    )


def _rules(policy: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], str]]:
    for file, rules in policy.items():
        for key, value in _leaves(rules, ()):
            if not key or key[-1] not in ("source", "source_en"):
                yield (file, ".".join(key)), value


def _leaves(rules: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(rules, Mapping) and rules:
        for key, value in rules.items():
            yield from _leaves(value, (*path, str(key)))
    else:
        yield path, str(rules)
