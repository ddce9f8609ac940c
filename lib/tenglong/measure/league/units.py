"""The rows of a league of departments: the clauses of the plan that each unit answers for."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from tenglong.measure.clause import Plan
from tenglong.measure.county import County
from tenglong.measure.exact import exact
from tenglong.measure.league.rule import LeagueRule, Led
from tenglong.measure.league.sheet import SheetRow
from tenglong.measure.target.assessment import Assessment, Status
from tenglong.measure.target.board import assess_plan

# What is left out because nothing can be expected of it yet, or ever; the rest is not known.
LEFT_OUT = frozenset({Status.NOT_DUE, Status.NOT_APPLICABLE, Status.NOT_QUANTIFIABLE})


def unit_names(plan: Plan) -> Mapping[str, str]:
    """Give the one name of every unit that the plan calls by several: its first.

    >>> from tenglong.measure.example import example_county
    >>> plan = replace(example_county().plan, same_unit=(("县自然资源和规划局", "县资规局"),))
    >>> unit_names(plan)
    {'县自然资源和规划局': '县自然资源和规划局', '县资规局': '县自然资源和规划局'}
    """
    return {name: names[0] for names in plan.same_unit for name in names}


def units(plan: Plan, not_units: tuple[str, ...]) -> tuple[str, ...]:
    """Name the units that answer for some clause, in the order of the plan, each once."""
    one_name = unit_names(plan)
    named = (one_name.get(unit, unit) for clause in plan.clauses for unit in clause.units)
    return tuple(unit for unit in dict.fromkeys(named) if unit not in not_units)


def unit_rows(
    county: County, rule: LeagueRule, members: tuple[str, ...]
) -> Mapping[str, tuple[SheetRow, ...]]:
    """Give the rows of every unit, in the order of the plan: its clauses as they are judged.

    The unit that a clause names first leads it; the others are responsible together with it.

    Raises
    ------
    ConfigurationError
        If the plan's indicators do not fit its clauses, or the bands are malformed.
    """
    led = rule.clauses or Led(Fraction(1), Fraction(0))
    found: dict[str, list[SheetRow]] = {member: [] for member in members}
    one_name = unit_names(county.plan)
    for judged in assess_plan(county).assessments:
        row = _row(judged, rule, led)
        for unit, weight in _weights(judged, one_name, led):
            if unit in found:
                found[unit].append(replace(row, weight=weight))
    return {member: tuple(rows) for member, rows in found.items()}


def _weights(
    judged: Assessment, one_name: Mapping[str, str], led: Led
) -> Iterator[tuple[str, Fraction]]:
    named = dict.fromkeys(one_name.get(unit, unit) for unit in judged.clause.units)
    for place, unit in enumerate(named):
        weight = led.together if place else led.lead
        if weight:
            yield unit, weight


def _row(judged: Assessment, rule: LeagueRule, led: Led) -> SheetRow:
    clause, status = judged.clause, judged.status
    is_left_out = status in LEFT_OUT
    row = SheetRow(
        clause.id,
        clause.name,
        Fraction(1),
        clause.unit,
        target=judged.target,
        actual=judged.actual,
        observed_on=judged.observed_on,
        status=status.value,
        code="" if status.is_known else status.value,
        is_unknown=not status.is_known and not is_left_out,
        lacking=judged.missing,
    )
    if not status.is_known:
        return row
    paced = replace(row, progress=judged.progress, pace=judged.pace)
    completion = _completion(judged, rule)
    if completion is None:
        completion = led.without_progress.get(status.value)
    return replace(
        paced, completion=completion, code="" if completion is not None else "no_progress"
    )


def _completion(judged: Assessment, rule: LeagueRule) -> Fraction | None:
    if judged.progress is None:
        return None
    names = {
        "actual": judged.actual,
        "target": judged.target,
        "pace": judged.pace,
        "progress": judged.progress,
    }
    try:
        completion = rule.completion(names)
    except ZeroDivisionError:
        return None
    return None if completion is None else exact(completion)
