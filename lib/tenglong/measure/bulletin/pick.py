"""Highlights (亮点) and problems (问题) of a bulletin, chosen by the rules of the policy."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction

from tenglong.measure.bulletin.cases import idle, overdue, stuck
from tenglong.measure.bulletin.points import Case, Cases, Clauses, Group, Member, Members
from tenglong.measure.bulletin.rule import BulletinRule
from tenglong.measure.clause import Plan
from tenglong.measure.county import County, Unavailable
from tenglong.measure.league.standing import Standing
from tenglong.measure.target.assessment import Status
from tenglong.measure.target.comparison import Change, Move

GOOD = frozenset({Status.ACHIEVED, Status.AHEAD, Status.ON_TRACK})
LEADING = frozenset({Status.AHEAD, Status.ON_TRACK})
UNTOLD = frozenset({Status.NO_DATA, Status.STALE, Status.NO_BASELINE, Status.CONTRADICTORY})
LISTS: Mapping[str, Callable[[County], tuple[Case, ...]]] = {
    "overdue": overdue,
    "stuck": stuck,
    "idle": idle,
}
Test = Callable[[Change], bool]


def highlights(
    changes: Sequence[Change], standings: Sequence[Standing], rule: BulletinRule
) -> tuple[Group, ...]:
    """Choose what is told as a highlight, in the order of the policy, each clause once."""
    tests: Mapping[str, Test] = {
        "achieved": lambda one: (
            one.now.status is Status.ACHIEVED and one.before.status is not Status.ACHIEVED
        ),
        "rose": lambda one: one.move is Move.BETTER and one.now.status in GOOD,
        "ahead": lambda one: one.now.status in LEADING and _leads(one, rule),
    }
    pool = _distinct(changes)
    found: list[Group] = []
    for code, pick in rule.highlights.items():
        if code == "climbed":
            found.append(Members(code, _climbed(standings, pick.least), pick.most))
            continue
        chosen = [one for one in pool if tests[code](one)]
        pool = [one for one in pool if one not in chosen]
        ordered = sorted(chosen, key=lambda one: -(one.now.gap or Fraction(0)))
        found.append(Clauses(code, tuple(ordered), pick.most))
    return tuple(group for group in found if group.total)


def _climbed(standings: Sequence[Standing], least: Fraction) -> tuple[Member, ...]:
    found = _members(
        standings,
        lambda sheet: sheet.change is not None and sheet.change >= max(least, Fraction(1)),
    )
    return tuple(sorted(found, key=lambda one: -(one.sheet.change or 0)))


def _leads(one: Change, rule: BulletinRule) -> bool:
    return one.now.gap is not None and one.now.gap * 100 >= rule.highlights["ahead"].least


def problems(
    county: County, changes: Sequence[Change], standings: Sequence[Standing], rule: BulletinRule
) -> tuple[tuple[Group, ...], tuple[Unavailable, ...]]:
    """Choose what is told as a problem, in the order of the policy, each clause once.

    Returns
    -------
    tuple
        The problems, and what would have to be supplied for those that cannot be told.
    """
    tests: Mapping[str, Test] = {
        "missed": lambda one: one.now.status is Status.MISSED,
        "far_behind": lambda one: one.now.status is Status.FAR_BEHIND,
        "fell": lambda one: one.move is Move.WORSE and one.now.status not in GOOD,
        "behind": lambda one: one.now.status is Status.BEHIND,
        "untold": lambda one: one.now.status in UNTOLD,
    }
    pool = _distinct(changes)
    found: list[Group] = []
    lacking: list[Unavailable] = []
    for code, pick in rule.problems.items():
        if code in LISTS:
            try:
                cases = LISTS[code](county)
            except Unavailable as error:
                lacking.append(error)
                continue
            units = units_of(county.plan, rule.units.get(code, ""))
            found.append(Cases(code, cases, pick.most, units))
        elif code == "red":
            red = _members(standings, lambda sheet: sheet.light == rule.red_light)
            found.append(Members(code, tuple(red), pick.most))
        else:
            chosen = [one for one in pool if tests[code](one)]
            pool = [one for one in pool if one not in chosen]
            ordered = sorted(chosen, key=lambda one: one.now.gap or Fraction(0))
            found.append(Clauses(code, tuple(ordered), pick.most))
    return tuple(group for group in found if group.total), tuple(lacking)


def _distinct(changes: Sequence[Change]) -> list[Change]:
    """Leave out a clause that promises what one before it promises, e.g. a goal and its task."""
    seen: dict[object, Change] = {}
    for one in changes:
        clause = one.clause
        said = (str(clause.indicator), clause.kind, clause.target, clause.window, clause.due)
        seen.setdefault(said if clause.indicator else clause.id, one)
    return list(seen.values())


def _members(standings: Sequence[Standing], test: Callable[..., bool]) -> list[Member]:
    return [
        Member(standing.league, sheet)
        for standing in standings
        for sheet in standing.sheets
        if test(sheet)
    ]


def units_of(plan: Plan, clause_id: str) -> tuple[str, ...]:
    """Give the units of a clause; none where the plan does not have it."""
    return next(_units(plan, clause_id), ())


def _units(plan: Plan, clause_id: str) -> Iterator[tuple[str, ...]]:
    yield from (clause.units for clause in plan.clauses if clause.id == clause_id)
