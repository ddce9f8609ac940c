"""What changed between two reports: statuses, progress, restated figures, the plan, the rules."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import date
from fractions import Fraction
from typing import Any

from tenglong.errors import UsageError
from tenglong.measure.clause import Clause, Kind
from tenglong.measure.reading import Grain
from tenglong.measure.target.assessment import Assessment, Board
from tenglong.measure.target.comparison import (
    Amendment,
    Change,
    Comparison,
    Restated,
    RuleChange,
    Value,
)
from tenglong.measure.title.period import period_at

# What a clause asks for; how it is named, or by whom it is to be done, may change as it likes.
TERMS = (
    *("kind", "operator", "target", "unit", "window", "due", "each_year"),
    *("baseline", "scope", "indicator"),
)
FINAL = ("met", "missed")


def compared_day(as_of: date, against: str = "") -> date:
    """Settle the day that a report is compared with.

    Parameters
    ----------
    against
        YYYY-MM-DD; empty: the end of the quarter before the one in which `as_of` lies.

    Raises
    ------
    UsageError
        If it is no day.

    >>> compared_day(date(2022, 6, 30)), compared_day(date(2022, 6, 30), "2021-12-31")
    (datetime.date(2022, 3, 31), datetime.date(2021, 12, 31))
    """
    if not against:
        return period_at(as_of, Grain.QUARTER).before.end
    try:
        return date.fromisoformat(against)
    except ValueError as error:
        raise UsageError(f"against must be a day, YYYY-MM-DD, not {against!r}") from error


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
            found for one in changes if not one.amended for found in _restated(one, before.as_of)
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
    for end, old in sorted(known.items()):
        new = _as_known(now, end)
        if new is not None and new != old:
            yield Restated(now.clause, end, old, new)


def _figures(one: Assessment, on: date) -> dict[date, Value]:
    """Give the figures of periods that were over on a day, by the end of the period."""
    if one.years:
        return {
            date(year.year, 12, 31): year.actual
            for year in one.years
            if year.actual is not None and year.verdict in FINAL
        }
    if one.clause.kind is Kind.CUMULATIVE:
        if one.actual is None or one.observed_on is None:
            return {}
        return {one.observed_on: one.actual}
    if one.clause.kind is Kind.MILESTONE:
        return {one.clause.due: one.observed_on} if one.observed_on is not None else {}
    return {end: value for end, value in one.trend if end <= on}


def _as_known(one: Assessment, end: date) -> Value | None:
    """Give what is known now of the period that ended then."""
    if one.years:
        return next((year.actual for year in one.years if year.year == end.year), None)
    if one.clause.kind is Kind.MILESTONE:
        return one.observed_on
    if one.clause.kind is not Kind.CUMULATIVE:
        return dict(one.trend).get(end)
    if one.actual is None:
        return None
    return next((total for day, total in reversed(one.trend) if day <= end), Fraction(0))


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
