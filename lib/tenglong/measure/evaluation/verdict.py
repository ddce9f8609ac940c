"""What becomes of every firm: its group and place, and its grade by rank and by rule."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenglong.measure.county import Unavailable
from tenglong.measure.evaluation.codes import CodeColumn
from tenglong.measure.evaluation.grade import Places, grades_at, overridden, places
from tenglong.measure.evaluation.peers import Groups
from tenglong.measure.evaluation.population import CLOSED, IS_CLOSED, NONE, UNTOLD, YES, Roll
from tenglong.measure.evaluation.register import SiteNames
from tenglong.measure.evaluation.scheme import Better, Override
from tenglong.measure.evaluation.score import Scores
from tenglong.measure.policy.column import KNOWN, UNKNOWN, Column, Rows, Same, Value
from tenglong.measure.policy.operation import Part
from tenglong.measure.rationals import Rationals

UNTOLD_FACT = "…"  # of a group, where the fact that names it is not known


@dataclass(frozen=True, eq=False)
class Verdicts:
    """What became of the firms, in the order of the register.

    Attributes
    ----------
    groups
        The facts that a firm's peers share; "" where it is not ranked.
    ranked_grades, grades
        Before and after exclusions and overrides; "" for none.
    codes, doubts
        Why, and what could not be told.
    """

    groups: NDArray[np.object_]
    places: Places
    ranked_grades: NDArray[np.object_]
    grades: NDArray[np.object_]
    codes: CodeColumn
    doubts: CodeColumn


def verdicts(roll: Roll, found: Sequence[Scores], before: Mapping[str, str]) -> Verdicts:
    """Rank the firms within their groups, grade them, and apply exclusions and overrides.

    Parameters
    ----------
    before
        The grades of the year before, where a rule asks for them (`grade_before`).
    """
    size = len(roll.register.codes)
    groups, ranked = _ranked(roll, found)
    ungraded, blank = (np.full(size, "", dtype="object") for _ in range(2))
    doubts = CodeColumn(size)
    doubts.extend(np.arange(size), roll.standings.doubts)
    judged = Verdicts(groups, ranked, ungraded, blank, CodeColumn(size), doubts)
    standings = roll.standings
    judged.codes.add(_standing(roll, standings.populations == NONE), "population_unknown")
    judged.codes.add(_standing(roll, standings.exclusions == IS_CLOSED), CLOSED)
    with roll.firm_by_firm():
        for scores in found:
            _judge(roll, scores, judged, before)
    _exclude(roll, judged)
    with roll.firm_by_firm():
        _after_owner(roll, judged)
    return judged


def _standing(roll: Roll, flags: NDArray[np.bool_]) -> Rows:
    rows = roll.standings.rows
    return rows[flags[rows]]


def _ranked(roll: Roll, found: Sequence[Scores]) -> tuple[NDArray[np.object_], Places]:
    """Give each firm's group, and its place in it."""
    size = len(roll.register.codes)
    labels = np.full(size, "", dtype="object")
    numbers, kinds = np.full(size, NONE), dict[str, int]()
    try:
        for scores in found:
            groups, texts = _groups(roll, scores)
            labels[scores.sites] = np.fromiter(texts, "object", len(texts))[groups.numbers]
            of_kinds = np.array([kinds.setdefault(text, len(kinds)) for text in texts])
            numbers[scores.sites] = of_kinds[groups.numbers]
    except Unavailable as lacking:
        roll.lacks("grading", lacking)
        labels[:] = ""
        found = ()
    keys, is_known = _keys(roll, found)
    rows = np.concatenate([np.array([], dtype=np.int64), *(one.sites for one in found)])
    return labels, places(keys, numbers, np.sort(rows[is_known[rows]]))


def _groups(roll: Roll, scores: Scores) -> tuple[Groups, list[str]]:
    """Give the groups of a population's firms, and the facts of each, by "/"."""
    names = roll.names(scores.sites, {"population": Same.of(scores.population)})
    groups = Groups.by(roll.scheme.grading.within, names)
    return groups, ["/".join(_written(fact) for fact in key) for key in groups.keys]


def _written(fact: Value) -> str:
    return UNTOLD_FACT if fact is None else str(fact)


def _keys(roll: Roll, found: Sequence[Scores]) -> tuple[list[NDArray[np.int64]], NDArray[np.bool_]]:
    """Give what each firm is ranked by, as numbers in its order, and of whom that is known.

    Of what decides between equals, what is not known is below every number.
    """
    size = len(roll.register.codes)
    grading = roll.scheme.grading
    try:
        ties = [_directed(roll, indicator) for indicator in grading.break_ties]
        main = (
            Column.joined(size, [(scores.sites, scores.score) for scores in found])
            if grading.by == "score"
            else _directed(roll, grading.by)
        )
    except Unavailable as lacking:
        roll.lacks("grading", lacking)
        return [np.zeros(size, dtype=np.int64)], np.zeros(size, bool)
    keys = [np.where(column.is_known, column.numbers().ids, NONE) for column in (main, *ties)]
    return keys, main.is_known


def _directed(roll: Roll, indicator: str) -> Column:
    """Give an indicator so that more is better."""
    values = roll.register.amounts(indicator).scored
    is_higher = roll.scheme.indicators[indicator].better is Better.HIGHER
    numbers = values.numbers()
    return Column(numbers if is_higher else -numbers, values.states)


def _judge(roll: Roll, scores: Scores, judged: Verdicts, before: Mapping[str, str]) -> None:
    """Grade a population's firms by their places, and then by the rules in their order."""
    sites, ranked = scores.sites, judged.places
    names = roll.names(sites, _known(roll, scores, judged, before))
    is_ranked = ranked.of[sites] > 0
    rows = np.flatnonzero(is_ranked)
    grades = roll.scheme.grades_of(scores.population)
    holds = []
    for one in grades:
        applies = roll.applies(f"grade {one.grade}", one, names, rows)
        judged.doubts.add(sites[rows[applies == UNTOLD]], f"rule_unknown:grade {one.grade}")
        holds.append(applies == YES)
    at = sites[rows]
    of_rows = Places(ranked.ranks[at], ranked.lasts[at], ranked.of[at])
    if len(rows) and grades:
        judged.ranked_grades[at] = grades_at(of_rows, grades, holds, roll.scheme.grading)
    judged.codes.add(sites[~is_ranked], "not_ranked")
    judged.grades[sites] = judged.ranked_grades[sites]
    _override(
        roll,
        scores.population,
        names,
        judged,
        np.flatnonzero(roll.standings.exclusions[sites] == NONE),
    )


def _known(
    roll: Roll, scores: Scores, judged: Verdicts, before: Mapping[str, str]
) -> dict[str, Part]:
    """Give the names that conditions on grades may use beside the firm's."""
    sites = scores.sites
    states = np.where(judged.places.of[sites] > 0, KNOWN, UNKNOWN).astype(np.int16)
    codes = roll.register.codes[sites]
    earlier = Column.of([before.get(code) for code in codes]) if before else Same.of(None)
    return {
        **scores.names,
        "group": Column.texts(judged.groups[sites]),
        "rank": Column(Rationals(judged.places.ranks[sites]), states),
        "of": Column(Rationals(judged.places.of[sites]), states),
        "grade_before": earlier,
    }


def _order(roll: Roll, population: str) -> Sequence[str]:
    return [grade.grade for grade in roll.scheme.grades_of(population)]


def _override(roll: Roll, population: str, names: SiteNames, judged: Verdicts, rows: Rows) -> None:
    """Apply the rules in their order; those that follow the owner come last, elsewhere."""
    sites = names.sites
    known = dict(names.known or {})
    order = _order(roll, population)
    for code, rule in roll.scheme.overrides.items():
        if rule.like_owner:
            continue
        known["grade"] = Column.texts(judged.grades[sites])
        applies = roll.applies(code, rule, roll.names(sites, known), rows)
        judged.doubts.add(sites[rows[applies == UNTOLD]], f"rule_unknown:{code}")
        at = sites[rows[applies == YES]]
        had = judged.grades[at]
        after = {grade: overridden(grade, rule, order) for grade in set(had.tolist())}
        got = np.fromiter((after[grade] for grade in had.tolist()), "object", len(had))
        judged.grades[at] = got
        judged.codes.add(at[got != had], f"override:{code}")


def _exclude(roll: Roll, judged: Verdicts) -> None:
    """Give those whom a rule leaves out its grade."""
    exclusions = roll.standings.exclusions
    for number, (code, rule) in enumerate(roll.scheme.exclude.items()):
        rows = np.flatnonzero(exclusions == number)
        judged.grades[rows] = rule.grade
        judged.codes.add(rows, f"excluded:{code}")


def _after_owner(roll: Roll, judged: Verdicts) -> None:
    """Give a tenant its owner's grade, where a rule says so."""
    rules = {code: rule for code, rule in roll.scheme.overrides.items() if rule.like_owner}
    if not rules:
        return
    grades = judged.grades.copy()
    for number, population in enumerate(roll.scheme.populations):
        is_in = (roll.standings.populations == number) & (judged.places.of > 0)
        waiting = np.flatnonzero(is_in)
        names = roll.names(
            roll.register.everything,
            {"population": Same.of(population), "grade": Column.texts(grades)},
        )
        for code, rule in rules.items():
            at = waiting[roll.applies(code, rule, names, waiting) == YES]
            if not len(at):
                continue
            got = _as_owner(roll, rule, at, grades, _order(roll, population))
            changed = at[got != grades[at]]
            judged.grades[at] = got
            judged.codes.add(changed, f"override:{code}")
            waiting = np.setdiff1d(waiting, changed)


def _as_owner(
    roll: Roll, rule: Override, rows: Rows, grades: NDArray[np.object_], order: Sequence[str]
) -> NDArray[np.object_]:
    """Give the grades of the owners, where there are any."""
    register = roll.register
    owners = [
        register.leads.get(owner, "") for owner in register.column("owner").take(rows).values()
    ]
    places = register.codes.get_indexer(pd.Index(owners, dtype="object"))
    found = [
        overridden(grade, rule, order, grades[place] if place >= 0 else "")
        for grade, place in zip(grades[rows].tolist(), places.tolist(), strict=True)
    ]
    return np.fromiter(found, "object", len(found))
