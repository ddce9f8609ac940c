"""Lights (亮灯): green, yellow or red by the gap, with the memory of the months before."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any

from tenglong.measure.league.rule import LightRule
from tenglong.measure.league.standing import Sheet, SheetRow, Standing

Facts = Mapping[str, Any]


def lit(months: Sequence[Standing]) -> Standing:
    """Light the last of the standings, with the memory of those of the months before.

    Parameters
    ----------
    months
        Standings of one league, oldest first. The memory reaches back as long as they follow
        one another month by month.

    Raises
    ------
    ValueError
        If they are of different leagues, or not one a month in order.
    """
    last = months[-1]
    _refuse_disorder(months)
    run = _consecutive(months)
    sheets = tuple(_lit(sheet, run) for sheet in last.sheets)
    return replace(last, sheets=sheets)


def light(history: Sequence[Facts | None], rules: Sequence[LightRule]) -> str | None:
    """Give the light of the last of some consecutive months; None where it is not known.

    The first rule that holds lights its light; one that is not known hides those after it.
    A rule may name what a month is known for, and `months_not_started` (with this one) and
    `months_<light>` (before this one): for how many months running.

    >>> from tenglong.measure.clause import Label
    >>> from tenglong.measure.policy.formula import Formula
    >>> rules = [LightRule("red", Label("", ""), Formula.parse("months_not_started >= 3")),
    ...     LightRule("yellow", Label("", ""), Formula.parse("months_not_started >= 1")),
    ...     LightRule("green", Label("", ""))]
    >>> [light([{"is_started": False}] * months, rules) for months in (1, 2, 3)]
    ['yellow', 'yellow', 'red']
    """
    idle, running = 0, dict.fromkeys((rule.light for rule in rules), 0)
    shown: str | None = None
    for facts in history:
        is_idle = facts is not None and facts.get("is_started") is False
        idle = idle + 1 if is_idle else 0
        shown = None if facts is None else _first(rules, _names(facts, idle, running))
        running = {name: count + 1 if name == shown else 0 for name, count in running.items()}
    return shown


def _names(facts: Facts, idle: int, running: Mapping[str, int]) -> dict[str, Any]:
    memory = {f"months_{name}": Fraction(count) for name, count in running.items()}
    return {**facts, "months_not_started": Fraction(idle), **memory}


def _first(rules: Sequence[LightRule], names: Mapping[str, Any]) -> str | None:
    for rule in rules:
        holds = True if rule.when is None else rule.when.holds(names)
        if holds is None:
            return None
        if holds:
            return rule.light
    return None


def _lit(sheet: Sheet, months: Sequence[Standing]) -> Sheet:
    rules = months[-1].rule.lights
    sheets = [_sheet_of(standing, sheet.member) for standing in months]
    history = [
        None if one is None else _of_member(one, standing)
        for one, standing in zip(sheets, months, strict=True)
    ]
    rows = tuple(
        replace(row, light=light([_of_row(one, row.item) for one in sheets], rules))
        for row in sheet.rows
    )
    return replace(sheet, rows=rows, light=light(history, rules))


def _sheet_of(standing: Standing, member: str) -> Sheet | None:
    return next((sheet for sheet in standing.sheets if sheet.member == member), None)


def _of_member(sheet: Sheet, standing: Standing) -> Facts | None:
    if sheet.total is None:
        return None
    return {
        "change": _exact(sheet.change),
        "gap": sheet.gap,
        "is_started": sheet.is_started,
        "of": Fraction(len(standing.ranked)),
        "pace": sheet.pace,
        "progress": sheet.progress,
        "rank": _exact(sheet.rank),
        "total": sheet.total,
        "worst_gap": sheet.worst_gap,
    }


def _of_row(sheet: Sheet | None, item: str) -> Facts | None:
    rows: tuple[SheetRow, ...] = () if sheet is None else sheet.counting
    row = next((row for row in rows if row.item == item), None)
    if row is None:
        return None
    return {
        **dict.fromkeys(("change", "of", "rank", "total")),
        "gap": row.gap,
        "is_started": row.is_started,
        "pace": row.pace,
        "progress": row.progress,
        "worst_gap": row.gap,
    }


def _exact(number: int | None) -> Fraction | None:
    return None if number is None else Fraction(number)


def _refuse_disorder(months: Sequence[Standing]) -> None:
    numbers = [_month(standing.as_of) for standing in months]
    if len({standing.league for standing in months}) > 1:
        raise ValueError("lights: the standings must be of one league")
    if any(later <= earlier for earlier, later in pairwise(numbers)):
        raise ValueError("lights: the standings must be one a month, oldest first")


def _consecutive(months: Sequence[Standing]) -> list[Standing]:
    """Give the last standings that follow one another without a month between them."""
    run = [months[-1]]
    for standing in reversed(months[:-1]):
        if _month(run[0].as_of) - _month(standing.as_of) > 1:
            break
        run.insert(0, standing)
    return run


def _month(day: date) -> int:
    return 12 * day.year + day.month
