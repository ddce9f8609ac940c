"""The verdict on a firm: its place among its peers, and its grade before and after the rules."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from tenglong.measure.county import Unavailable
from tenglong.measure.evaluation.population import CLOSED, Roll
from tenglong.measure.evaluation.scheme import Better, Cut, Grade, Grading, Override, Ties
from tenglong.measure.evaluation.score import Score
from tenglong.measure.policy.formula import Value

Key = tuple[Fraction | float, ...]  # more is better; the first that differs decides
UNKNOWN = -math.inf  # of what decides between equals: below every number


@dataclass(frozen=True)
class Place:
    """A place in a ranking.

    Attributes
    ----------
    rank
        One more than there are better ones; equals share it.
    last
        How many are at least as good.
    of
        How many are ranked.
    """

    rank: int
    last: int
    of: int


def places(keys: Mapping[str, Key]) -> dict[str, Place]:
    """Rank by keys, more is better; equals share the better rank.

    >>> found = places({"a": (Fraction(9),), "b": (Fraction(7),), "c": (Fraction(7),)})
    >>> [(place.rank, place.last) for place in found.values()]
    [(1, 1), (2, 3), (2, 3)]
    """
    ordered = sorted(keys, key=lambda name: keys[name], reverse=True)
    places: dict[str, Place] = {}
    for _, equals in groupby(ordered, key=lambda name: keys[name]):
        names = list(equals)
        rank, last = len(places) + 1, len(places) + len(names)
        places |= {name: Place(rank, last, len(keys)) for name in names}
    return places


def cut(count: int, percent: Fraction, rounding: Cut) -> int:
    """How many of `count` are above a cut.

    >>> [cut(39, Fraction(20), rounding) for rounding in (Cut.HALF_UP, Cut.UP, Cut.DOWN)]
    [8, 8, 7]
    """
    number = count * percent / 100
    match rounding:
        case Cut.UP:
            return math.ceil(number)
        case Cut.DOWN:
            return math.floor(number)
        case _:
            return math.floor(number + Fraction(1, 2))


def last_ranks(grades: Sequence[Grade], count: int, rounding: Cut) -> list[int]:
    """Give the rank at which each grade ends.

    A grade ends at its own share from the top, or where the shares from the bottom of those
    below it begin; else it has no end.

    >>> abcd = [Grade("A", to_pct=Fraction(20)), Grade("B", to_pct=Fraction(60)),
    ...     Grade("C"), Grade("D", last_pct=Fraction(5))]
    >>> last_ranks(abcd, 30, Cut.HALF_UP)
    [6, 18, 28, 30]
    """
    ends = []
    for number, grade in enumerate(grades, start=1):
        below = [worse.last_pct for worse in grades[number:]]
        shares = [share for share in below if share is not None]
        if grade.to_pct is not None:
            ends.append(cut(count, grade.to_pct, rounding))
        elif len(shares) == len(below):
            ends.append(count - cut(count, sum(shares, Fraction(0)), rounding))
        else:
            ends.append(count)
    return ends


def grade_at(
    place: Place, grades: Sequence[Grade], holds: Sequence[bool | None], grading: Grading
) -> str:
    """Give the best grade whose limits a place keeps and whose condition holds; "" for none.

    Firms of one score on both sides of a cut share the better grade, or the worse where the
    scheme says so.
    """
    rank = place.rank if grading.ties is Ties.BETTER else place.last
    ends = last_ranks(grades, place.of, grading.rounding)
    for grade, end, is_met in zip(grades, ends, holds, strict=True):
        if is_met and rank <= end:
            return grade.grade
    return ""


def overridden(grade: str, rule: Override, order: Sequence[str], owners: str = "") -> str:
    """Give the grade after a rule that applies.

    Parameters
    ----------
    order
        The grades, best first; a grade outside it (T, none) is changed by `to` only.
    owners
        The grade of the firm that owns the land, for `like_owner`.

    >>> from tenglong.measure.policy.formula import Formula
    >>> always = Formula.parse("True")
    >>> overridden("A", Override(always, at_best="C"), "ABCD")
    'C'
    >>> overridden("D", Override(always, at_worst="C"), "ABCD")
    'C'
    >>> overridden("B", Override(always, shift=-1), "ABCD")
    'C'
    """
    if rule.to:
        return rule.to
    if grade not in order:
        return grade
    at = order.index(grade)
    if rule.at_best:
        return order[max(at, order.index(rule.at_best))]
    if rule.at_worst:
        return order[min(at, order.index(rule.at_worst))]
    if rule.like_owner:
        return owners or grade
    return order[min(max(at - rule.shift, 0), len(order) - 1)]


UNTOLD = "…"  # of a group, where the fact that names it is not known


@dataclass(frozen=True)
class Verdict:
    """What became of a firm.

    Attributes
    ----------
    group
        The facts that its peers share; "" where it is not ranked.
    place
        None where it is not ranked.
    ranked_grade, grade
        Before and after exclusions and overrides; "" for none.
    codes, doubts
        Why, and what could not be told.
    """

    group: str = ""
    place: Place | None = None
    ranked_grade: str = ""
    grade: str = ""
    codes: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


def verdicts(
    roll: Roll, scores: Mapping[str, Score], before: Mapping[str, str]
) -> dict[str, Verdict]:
    """Rank the firms within their groups, grade them, and apply exclusions and overrides.

    Parameters
    ----------
    before
        The grades of the year before, where a rule asks for them (`grade_before`).
    """
    groups, keys = _groups(roll, scores), _keys(roll, scores)
    ranked = _places(groups, keys)
    verdicts = {}
    for lead in roll.standings:
        group, place, score = groups.get(lead, ""), ranked.get(lead), scores.get(lead)
        known = {} if score is None else _known(roll, lead, score, group, place)
        verdicts[lead] = _verdict(
            roll, lead, {**known, "grade_before": before.get(lead)}, group, place
        )
    return {lead: _after_owner(roll, lead, verdicts) for lead in verdicts}


def _groups(roll: Roll, scores: Mapping[str, Score]) -> dict[str, str]:
    grading = roll.scheme.grading
    try:
        return {lead: _group(roll, lead, grading) for lead in scores}
    except Unavailable as lacking:
        roll.lacks("grading", lacking)
        return {}


def _group(roll: Roll, lead: str, grading: Grading) -> str:
    names = roll.register.names(lead, {"population": roll.standings[lead].population})
    facts = [names[fact] for fact in grading.within]
    return "/".join(UNTOLD if fact is None else str(fact) for fact in facts)


def _keys(roll: Roll, scores: Mapping[str, Score]) -> dict[str, Key]:
    """Give what each firm is ranked by; nothing for a firm of which it is not known."""
    grading = roll.scheme.grading
    try:
        ties = [_directed(roll, indicator) for indicator in grading.break_ties]
        main = (
            {lead: score.score for lead, score in scores.items()}
            if grading.by == "score"
            else _directed(roll, grading.by)
        )
    except Unavailable as lacking:
        roll.lacks("grading", lacking)
        return {}
    return {
        lead: (value, *(_or_last(tie[lead]) for tie in ties))
        for lead, value in main.items()
        if value is not None
    }


def _or_last(value: Fraction | None) -> Fraction | float:
    return UNKNOWN if value is None else value


def _directed(roll: Roll, indicator: str) -> dict[str, Fraction | None]:
    """Give an indicator so that more is better."""
    is_higher = roll.scheme.indicators[indicator].better is Better.HIGHER
    return {
        lead: amount.value if amount.value is None or is_higher else -amount.value
        for lead, amount in roll.register.amounts(indicator).items()
    }


def _places(groups: Mapping[str, str], keys: Mapping[str, Key]) -> dict[str, Place]:
    by_group: dict[str, dict[str, Key]] = {}
    for lead, group in groups.items():
        if lead in keys:
            by_group.setdefault(group, {})[lead] = keys[lead]
    found: dict[str, Place] = {}
    for members in by_group.values():
        found |= places(members)
    return found


def _verdict(
    roll: Roll, lead: str, known: Mapping[str, Value], group: str, place: Place | None
) -> Verdict:
    standing = roll.standings[lead]
    if not standing.population:
        return Verdict(codes=("population_unknown",), doubts=standing.doubts)
    if standing.exclusion == CLOSED:
        return Verdict(codes=(CLOSED,), doubts=standing.doubts)
    ranked, doubts = _ranked_grade(roll, lead, known, place)
    codes: tuple[str, ...] = ()
    if place is None and "score" in known:
        codes = ("not_ranked",)
    excluded = roll.scheme.exclude.get(standing.exclusion)
    grade, applied, more = (
        _overridden(roll, lead, known, ranked)
        if excluded is None
        else (excluded.grade, (f"excluded:{standing.exclusion}",), ())
    )
    doubts = (*standing.doubts, *doubts, *more)
    return Verdict(group, place, ranked, grade, (*codes, *applied), doubts)


def _known(
    roll: Roll, lead: str, score: Score, group: str, place: Place | None
) -> dict[str, Value]:
    """Give the names that conditions on grades may use beside the firm's."""
    return {
        **{f"points_{name}": points for name, points in score.parts.items()},
        "population": roll.standings[lead].population,
        "points": score.points,
        "bonus": score.bonus,
        "score": score.score,
        "group": group,
        "rank": None if place is None else Fraction(place.rank),
        "of": None if place is None else Fraction(place.of),
    }


def _ranked_grade(
    roll: Roll, lead: str, known: Mapping[str, Value], place: Place | None
) -> tuple[str, tuple[str, ...]]:
    grades = roll.scheme.grades_of(roll.standings[lead].population)
    if place is None:
        return "", ()
    holds = [roll.applies(f"grade {one.grade}", one, lead, known) for one in grades]
    doubts = tuple(
        f"rule_unknown:grade {one.grade}"
        for one, held in zip(grades, holds, strict=True)
        if held is None
    )
    return grade_at(place, grades, holds, roll.scheme.grading), doubts


def _order(roll: Roll, lead: str) -> Sequence[str]:
    return [grade.grade for grade in roll.scheme.grades_of(roll.standings[lead].population)]


def _overridden(
    roll: Roll, lead: str, known: Mapping[str, Value], grade: str
) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """Apply the rules in their order; those that follow the owner come last, elsewhere."""
    applied, doubts = [], []
    for code, rule in roll.scheme.overrides.items():
        if rule.like_owner:
            continue
        applies = roll.applies(code, rule, lead, {**known, "grade": grade})
        if applies is None:
            doubts.append(f"rule_unknown:{code}")
        after = overridden(grade, rule, _order(roll, lead)) if applies else grade
        if after != grade:
            applied.append(f"override:{code}")
        grade = after
    return grade, tuple(applied), tuple(doubts)


def _after_owner(roll: Roll, lead: str, found: Mapping[str, Verdict]) -> Verdict:
    """Give a tenant its owner's grade, where a rule says so."""
    verdict = found[lead]
    rules = {code: rule for code, rule in roll.scheme.overrides.items() if rule.like_owner}
    for code, rule in rules.items():
        known = {"population": roll.standings[lead].population, "grade": verdict.grade}
        if verdict.place is None or not roll.applies(code, rule, lead, known):
            continue
        owner = roll.register.column("owner")[lead]
        owners = found.get(roll.register.leads.get(owner, ""), Verdict()).grade
        grade = overridden(verdict.grade, rule, _order(roll, lead), owners)
        if grade != verdict.grade:
            codes = (*verdict.codes, f"override:{code}")
            return Verdict(
                verdict.group, verdict.place, verdict.ranked_grade, grade, codes, verdict.doubts
            )
    return verdict
