"""The plan in one township: one verdict on each clause, for every page that tells it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from tenglong.measure.board.board import assess_plan, read
from tenglong.measure.board.set_aside import with_set_aside
from tenglong.measure.board.stop import stopped
from tenglong.measure.board.township import is_ratio
from tenglong.measure.board.unlinked import with_strays
from tenglong.measure.clause import Clause, Kind, Label, Plan
from tenglong.measure.county import County, Unavailable
from tenglong.measure.firm.places import places
from tenglong.measure.judge.assessment import Assessment, Board, Reason, Status, bands_of
from tenglong.measure.judge.clock import pace
from tenglong.measure.judge.kinds import assess
from tenglong.measure.league.formula import tally_text
from tenglong.measure.league.rule import TOWNSHIPS, Item, LeagueRule
from tenglong.measure.league.rule_file import league_rules
from tenglong.measure.league.targets import clause_of, targets
from tenglong.measure.reading import NotKnown
from tenglong.measure.unit import convert


@dataclass(frozen=True)
class Basis:
    """What the county's targets of some items are shared out by.

    `label` is None where the policy names it in no words; `by` is the tally as it is written
    there (`formula.tally_text`).
    """

    label: Label | None
    by: str
    names: tuple[Label, ...]


def town_clause(plan: Plan, item: Item, target: Fraction) -> Clause:
    """Give the clause of an item as it is asked of one township: with its own target."""
    clause = clause_of(plan, item.clause)
    return replace(clause, target=convert(target, unit=item.unit, to=clause.unit))


def town_verdict(own: County, clause: Clause) -> Assessment:
    """Judge a clause in a township: by the plan's own rules, against the target that it has.

    A target of zero is no task: it is not judged, and what was done is told all the same.
    Where there is nobody of whom anything could be known, it does not apply. What rests on a
    suspected slip is stopped, as in the county.

    Parameters
    ----------
    own
        The county cut to the township.
    """
    [judged] = stopped(own, [_judge(own, clause)], _judge)
    if judged.reason.code == "nothing_required":
        return judged
    if clause.target != 0 or clause.kind is Kind.CLEAR_OUT:
        return judged
    return _unjudged(judged, "no_task")


def _judge(own: County, clause: Clause) -> Assessment:
    reading = read(own, clause)
    if isinstance(reading, NotKnown) and is_of_nobody(reading, own):
        return Assessment(clause, Status.NOT_APPLICABLE, Reason("nothing_required"))
    judged = assess(clause, reading, as_of=own.as_of, bands=bands_of(own.policy["bands"]))
    return with_strays(own, with_set_aside(own, judged))


def is_of_nobody(reading: NotKnown, county: County) -> bool:
    """Whether there is nobody in the township of whom anything could be known."""
    if reading.evidence:
        return not any(len(evidence.rows) for evidence in reading.evidence)
    return reading.table in county.tables and county.tables[reading.table].empty


def _unjudged(judged: Assessment, code: str) -> Assessment:
    """Keep the figure, and take the judgement from it."""
    return Assessment(
        judged.clause,
        Status.NOT_APPLICABLE,
        Reason(code),
        actual=judged.actual,
        observed_on=judged.observed_on,
        trend=judged.trend,
        evidence=judged.evidence,
        named=judged.named,
        running=judged.running,
        awaited=judged.awaited,
        low=judged.low,
        high=judged.high,
        suspects=judged.suspects,
    )


def town_board(whole: County, own: County) -> Board:
    """Judge every clause of the plan in a township.

    A ratio is judged as the county's is; what the league of townships breaks down, against
    the township's own target; the rest is not broken down: its figure stays, unjudged.

    Parameters
    ----------
    whole, own
        The county, and what is cut from it to the township.

    Raises
    ------
    ConfigurationError
        If the league is malformed.
    """
    return own.keep.derived.get("town_board", lambda: _town_board(whole, own))


def _town_board(whole: County, own: County) -> Board:
    asked = _asked(whole, own)
    judged = []
    for one in assess_plan(own).assessments:
        clause = one.clause
        if clause.kind is Kind.NARRATIVE:
            judged.append(one)
        elif clause.id in asked:
            judged.append(town_verdict(own, asked[clause.id]))
        elif is_ratio(clause):
            judged.append(town_verdict(own, clause))
        else:
            judged.append(_unjudged(one, "county_target"))
    return Board(own.as_of, pace(own.plan.window, own.as_of), tuple(judged))


def town_rule(county: County) -> LeagueRule | None:
    """Give the league of the county's townships, by which targets are broken down, if any."""
    rules = league_rules(county.policy).values() if "league" in county.policy else ()
    return next((rule for rule in rules if rule.members.value == TOWNSHIPS), None)


def _asked(whole: County, own: County) -> Mapping[str, Clause]:
    """Give by id the clauses that the league asks of the township, with its own targets."""
    rule = town_rule(whole)
    found: dict[str, Clause] = {}
    if rule is None or own.township is None:
        return found
    placed = places(whole).county
    members = tuple(placed.table("townships", "township")["township"].astype(str))
    known = {clause.id for clause in own.plan.clauses}
    for item in rule.items.values():
        if item.clause not in known:  # a county's own plan may not have it
            continue
        try:
            target = targets(placed, item, members).get(own.township.code)
        except Unavailable:
            continue
        if target is not None:
            clause = town_clause(own.plan, item, target)
            found[clause.id] = clause
    return found


def shared_by(rule: LeagueRule | None) -> tuple[Basis, ...]:
    """Say by what the county's targets are shared out among the townships, and of which items.

    Items whose targets the county has set itself (`each`, `by`) are not there.
    """
    if rule is None:
        return ()
    found: dict[tuple[Label | None, str], list[Item]] = {}
    for item in rule.items.values():
        shared = item.target.share_of_county
        if shared is not None:
            found.setdefault((shared.basis, tally_text(shared.by)), []).append(item)
    return tuple(
        Basis(label, by, tuple(item.name for item in items)) for (label, by), items in found.items()
    )
