"""What a bulletin tells by `bulletin.yml`: highlights (亮点) and problems (问题), and how many."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from operator import attrgetter
from typing import Any

import pandas as pd

from tenglong.errors import Fault, did_you_mean, is_it
from tenglong.measure.board.change import Change, Move
from tenglong.measure.bulletin.points import Case, Cases, Clauses, Group, Member, Members
from tenglong.measure.clause import Plan
from tenglong.measure.clearance.standing import standings
from tenglong.measure.county import County, Unavailable
from tenglong.measure.exact import exact
from tenglong.measure.firm.places import PLACE, township_labels
from tenglong.measure.judge.assessment import Status
from tenglong.measure.land.idle import idle_land
from tenglong.measure.land.tally import land_extents
from tenglong.measure.league.standing import Standing
from tenglong.measure.policy.file import policy_file
from tenglong.measure.project.stages import project_stages
from tenglong.measure.row import rows
from tenglong.shape import fault_at

HANDLINGS = ("take_back", "fee", "by_decision", "to_determine", "agreement", "")
GOOD = frozenset({Status.ACHIEVED, Status.AHEAD, Status.ON_TRACK})
LEADING = frozenset({Status.AHEAD, Status.ON_TRACK})
Test = Callable[[Change], bool]


HIGHLIGHTS = ("achieved", "rose", "climbed", "ahead")
PROBLEMS = (
    *("missed", "far_behind", "fell", "behind"),
    *("overdue", "stuck", "red", "idle", "untold"),
)


@dataclass(frozen=True)
class Pick:
    """How many of a kind are named, and from which margin on one is told at all."""

    most: int
    least: Fraction = Fraction(0)


@dataclass(frozen=True)
class BulletinRule:
    """The file `bulletin.yml`; see there for what each key means."""

    leading: tuple[str, ...]
    highlights: Mapping[str, Pick]
    problems: Mapping[str, Pick]
    units: Mapping[str, str]
    red_light: str


def bulletin_rule(policy: Mapping[str, Any]) -> BulletinRule:
    """Read `data/policy/bulletin.yml`.

    Raises
    ------
    ConfigurationError
        If a key or a value is wrong, or a kind of highlight or problem is not known.

    Examples
    --------
    >>> next(iter(bulletin_rule(load_policy()).problems))
    'missed'
    """
    return policy_file(BulletinRule, policy, "bulletin", also=_unknown_kinds)


def _unknown_kinds(rule: BulletinRule, raw: Any) -> Iterator[Fault]:
    for key, given, known in (
        ("highlights", rule.highlights, HIGHLIGHTS),
        ("problems", rule.problems, PROBLEMS),
        ("units", rule.units, PROBLEMS),
    ):
        for kind in given:
            if kind not in known:
                en = f"unknown kind {kind!r}{did_you_mean(kind, known)}"
                yield fault_at(raw, f"{key}.{kind}", en, f"没有“{kind}”这一类{is_it(kind, known)}")


def overdue(county: County) -> tuple[Case, ...]:
    """List the firms whose next step in the closed loop is past its day, the latest first.

    Raises
    ------
    Unavailable
        If there are no `clearance_events`.

    >>> county = example_county(policy=load_policy(), clearance_events={
    ...     "usci": ["A"], "event": ["listed"], "happened_on": ["2021-03-01"]})
    >>> [(one.name, one.step, one.days) for one in overdue(county)]
    [('A', 'check', 181)]
    """
    late = standings(county)
    late = late[late["days_overdue"].notna()]
    places = township_labels(county)
    cases = [
        Case(
            str(row.get("name") or row["usci"]),
            places.get(str(row.get(PLACE)), ""),
            row["owed"],
            int(row["days_overdue"]),
            since=row["since"],
            due_on=row["due_on"],
        )
        for row in rows(late)
    ]
    return tuple(sorted(cases, key=_urgency))


def stuck(county: County) -> tuple[Case, ...]:
    """List the projects that stand in a stage longer than the policy allows, the latest first.

    Raises
    ------
    Unavailable
        If there are no `projects`, or not all dates of their stages.
    """
    frame = project_stages(county)
    named = _named(frame[frame["is_stuck"]], county.table("projects"), "project_id")
    places = township_labels(county)
    cases = [
        Case(
            row["name"],
            places.get(str(row.get(PLACE)), ""),
            str(row["next_stage"] or ""),
            int(row["days_over"]),
            since=row["since"],
        )
        for row in rows(named)
    ]
    return tuple(sorted(cases, key=_urgency))


def idle(county: County) -> tuple[Case, ...]:
    """List the idle land: what is to be taken back first, then the longest idle.

    Its area is that of the land, as on every page of land (`land_extents`), not what is used.

    Raises
    ------
    Unavailable
        If there are no parcels, or none says when it was started.
    """
    frame = idle_land(county)
    lying = frame[frame["is_counted"]]
    parcels = county.table("parcels", "parcel_id")
    areas = land_extents(county).loc[lying.index]
    named = _named(lying, parcels, "parcel_id").assign(area_mu=areas)
    places = township_labels(county)
    cases = [
        Case(
            row["name"],
            places.get(str(row.get(PLACE)), ""),
            str(row["handling"] or ""),
            since=row["since"],
            amount=None if row["area_mu"] is None else exact(row["area_mu"]),
            fee_wan=None if row["fee_wan"] is None else exact(row["fee_wan"]),
        )
        for row in rows(named)
    ]
    return tuple(sorted(cases, key=_handling))


def _handling(case: Case) -> tuple[Any, ...]:
    order = HANDLINGS.index(case.step) if case.step in HANDLINGS else len(HANDLINGS)
    return order, case.since is None, case.since, case.name


def _urgency(case: Case) -> tuple[int, str, str]:
    return -(case.days or 0), case.name, case.step


def _named(frame: pd.DataFrame, table: pd.DataFrame, key: str) -> pd.DataFrame:
    """Add each row's name, or else its key, and its township where known."""
    about = table.loc[frame.index]
    names = (
        about["name"].astype("str")
        if "name" in about
        else pd.Series(None, index=about.index, dtype="str")
    )
    places = {PLACE: about[PLACE]} if PLACE in about else {}
    return frame.assign(name=names.fillna(about[key].astype("str")), **places)


LISTS: Mapping[str, Callable[[County], tuple[Case, ...]]] = {
    "overdue": overdue,
    "stuck": stuck,
    "idle": idle,
}


def highlights(
    changes: Sequence[Change], standings: Sequence[Standing], rule: BulletinRule
) -> tuple[Group, ...]:
    """Choose what is told as a highlight, in the order of the policy, each clause once."""
    tests: Mapping[str, Test] = {
        "achieved": lambda change: (
            change.now.status is Status.ACHIEVED and change.before.status is not Status.ACHIEVED
        ),
        "rose": lambda change: change.move is Move.BETTER and change.now.status in GOOD,
        "ahead": lambda change: change.now.status in LEADING and _leads(change, rule),
    }
    pool = _distinct(changes)
    highlights: list[Group] = []
    for code, pick in rule.highlights.items():
        if code == "climbed":
            highlights.append(Members(code, _climbed(standings, pick.least), pick.most))
            continue
        chosen = [change for change in pool if tests[code](change)]
        pool = [change for change in pool if change not in chosen]
        ordered = sorted(chosen, key=lambda change: -(change.now.gap or Fraction(0)))
        highlights.append(Clauses(code, tuple(ordered), pick.most))
    return tuple(group for group in highlights if group.total)


def _climbed(standings: Sequence[Standing], least: Fraction) -> tuple[Member, ...]:
    found = _members(
        standings,
        lambda sheet: sheet.change is not None and sheet.change >= max(least, Fraction(1)),
    )
    return tuple(sorted(found, key=attrgetter("sheet.change"), reverse=True))


def _leads(change: Change, rule: BulletinRule) -> bool:
    return change.now.gap is not None and change.now.gap * 100 >= rule.highlights["ahead"].least


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
        "missed": lambda change: change.now.status is Status.MISSED,
        "far_behind": lambda change: change.now.status is Status.FAR_BEHIND,
        "fell": lambda change: change.move is Move.WORSE and change.now.status not in GOOD,
        "behind": lambda change: change.now.status is Status.BEHIND,
        "untold": lambda change: change.now.status.is_untold,
    }
    pool = _distinct(changes)
    problems: list[Group] = []
    lacking: list[Unavailable] = []
    for code, pick in rule.problems.items():
        if code in LISTS:
            try:
                cases = LISTS[code](county)
            except Unavailable as error:
                lacking.append(error)
                continue
            units = units_of(county.plan, rule.units.get(code, ""))
            problems.append(Cases(code, cases, pick.most, units))
        elif code == "red":
            red = _members(standings, lambda sheet: sheet.light == rule.red_light)
            problems.append(Members(code, tuple(red), pick.most))
        else:
            chosen = [change for change in pool if tests[code](change)]
            pool = [change for change in pool if change not in chosen]
            ordered = sorted(chosen, key=lambda change: change.now.gap or Fraction(0))
            problems.append(Clauses(code, tuple(ordered), pick.most))
    return tuple(group for group in problems if group.total), tuple(lacking)


def _distinct(changes: Sequence[Change]) -> list[Change]:
    """Leave out a clause that promises what one before it promises, e.g. a goal and its task."""
    seen: dict[object, Change] = {}
    for change in changes:
        clause = change.clause
        said = (str(clause.indicator), clause.kind, clause.target, clause.window, clause.due)
        seen.setdefault(said if clause.indicator else clause.id, change)
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
