"""Who must do what next (下步): for every problem the unit, what is left, and until when."""

from collections.abc import Iterable, Iterator
from datetime import date

from tenglong.measure.bulletin.points import Cases, Clauses, Group, Step
from tenglong.measure.clause import Kind
from tenglong.measure.target.clock import months_between
from tenglong.measure.target.comparison import Change

# Kinds whose figure is an amount, so that what is left of it can be told.
AMOUNTS = frozenset({Kind.CUMULATIVE, Kind.ANNUAL})


def steps(problems: Iterable[Group], as_of: date) -> tuple[Step, ...]:
    """Say for every problem who must do what until when, unit by unit.

    The units come in the order of their worst problem; a problem without a unit comes last.
    """
    found = list(_steps(problems, as_of))
    order = {unit: place for place, unit in enumerate(dict.fromkeys(one.lead for one in found))}
    return tuple(sorted(found, key=lambda one: (one.lead == "", order[one.lead])))


def _steps(problems: Iterable[Group], as_of: date) -> Iterator[Step]:
    for group in problems:
        match group:
            case Clauses() if group.code != "untold":
                for one in group.changes:
                    yield _step(group.code, one, as_of)
            case Cases():
                yield Step(group.code, group.units, cases=group)
            case _:  # what is untold asks for data, a red light for what the others ask for
                continue


def _step(code: str, change: Change, as_of: date) -> Step:
    one = change.now
    clause = one.clause
    due = _due(change, as_of)
    target, actual = clause.target, one.actual
    left = None
    if clause.kind in AMOUNTS and target is not None and actual is not None and target > actual:
        left = target - actual
    return Step(
        code,
        clause.units,
        change=change,
        left=left,
        needed_rate=one.needed_rate,
        months_left=months_between(as_of, due) if due > as_of else None,
        due=due,
    )


def _due(change: Change, as_of: date) -> date:
    """Give the day by which it must hold: of a yearly clause, the end of the running year."""
    clause = change.clause
    if change.now.years and as_of < clause.due:
        return min(date(as_of.year, 12, 31), clause.due)
    return clause.due
