"""Read a plan: clauses, tasks and units from YAML, each sentence checked against the text."""

import re
from collections.abc import Iterable
from dataclasses import fields
from datetime import date
from pathlib import Path

from tenglong.errors import ConfigurationError
from tenglong.measure.clause import (
    Baseline,
    Clause,
    Firmness,
    IndicatorRef,
    Kind,
    Operator,
    Plan,
    Task,
    Window,
)
from tenglong.source.entry import Entry, near, read_yaml
from tenglong.source.place import kit_root

# The files use the names of the parts; a target is its operator, value and unit there.
_KEY = {"target": "value"}
PLAN_KEYS = ("text", *(part.name for part in fields(Plan)))
TASK_KEYS = tuple(part.name for part in fields(Task))
CLAUSE_KEYS = tuple(_KEY.get(part.name, part.name) for part in fields(Clause))
WITHOUT_TARGET = (Kind.MILESTONE, Kind.NARRATIVE)
YEAR_BY_YEAR = (Kind.LEVEL, Kind.SHARE)
ANY_TIME = Window(date.min, date.max)  # stands in where the plan gives no window


def load_plan(choice: str | Path) -> Plan:
    """Read a plan.

    Parameters
    ----------
    choice
        The name of a file in the kit's `data/plan`, or the path of a YAML file.

    Raises
    ------
    ConfigurationError
        With everything that is wrong in one message: the file, the clause, the key, and the
        nearest valid one.

    >>> load_plan("wencheng-2021-2023").clause("rd_share_of_revenue").target
    Fraction(23, 10)
    """
    path = find_plan(choice)
    faults: list[str] = []
    entry = Entry(read_yaml(path), "", faults)
    plan = _plan(entry)
    faults += [*_id_faults(plan), *_parent_faults(plan), *_unit_faults(plan)]
    faults += _text_faults(plan, path.parent, entry.text("text"))
    if faults:
        raise ConfigurationError(f"{path.name}: {'; '.join(faults)}")
    return plan


def find_plan(choice: str | Path) -> Path:
    """Find a plan's file: by name in the kit, or by path (in the working directory or the kit).

    Raises
    ------
    ConfigurationError
        If there is none; with the nearest name.

    >>> find_plan("wencheng-2021-2023").name
    'wencheng-2021-2023.yml'
    """
    folder = kit_root() / "data" / "plan"
    if isinstance(choice, str) and not choice.endswith((".yml", ".yaml")):
        path = folder / f"{choice}.yml"
        if path.is_file():
            return path
        names = sorted(known.stem for known in folder.glob("*.yml"))
        raise ConfigurationError(
            f"plan {choice!r}: there is none of this name{near(choice, names)}"
        )
    for root in (Path(), kit_root()):
        if (root / choice).is_file():
            return root / choice
    raise ConfigurationError(f"plan {Path(choice).name}: there is no such file")


def _plan(entry: Entry) -> Plan:
    needed = ("id", "name", "effective_on", "window", "baseline_year", "clauses")
    entry.expect(PLAN_KEYS, needed=needed)
    window = entry.window("window", ANY_TIME)
    tasks = tuple(_task(task) for task in entry.entries("tasks", "task"))
    return Plan(
        id=entry.text("id"),
        name=entry.label("name"),
        window=window,
        effective_on=entry.day("effective_on", window.start),
        baseline_year=entry.year("baseline_year", window.start.year - 1),
        tasks=tasks,
        clauses=tuple(_clause(c, window, tasks) for c in entry.entries("clauses", "clause")),
        source=entry.text("source"),
        same_unit=_same_unit(entry),
    )


def _same_unit(entry: Entry) -> tuple[tuple[str, ...], ...]:
    groups = entry.raw.get("same_unit") or []
    for group in groups if isinstance(groups, list) else [groups]:
        if not isinstance(group, list) or len(group) < 2:  # noqa: PLR2004 - one name has no other
            entry.fault("same_unit: must be a list of lists of two names or more")
            return ()
    return tuple(tuple(str(name) for name in group) for group in groups)


def _task(entry: Entry) -> Task:
    entry.expect(TASK_KEYS, needed=("id", "title"))
    task_id = entry.text("id")
    return Task(
        id=task_id,
        section=entry.text("section", default=task_id),
        title=entry.text("title"),
        units=entry.strings("units"),
    )


def _clause(entry: Entry, window: Window, tasks: tuple[Task, ...]) -> Clause:
    entry.expect(CLAUSE_KEYS, needed=("id", "section", "text", "name", "kind"))
    if entry.has("id") and not re.fullmatch(r"[a-z][a-z0-9_]*", entry.text("id")):
        entry.fault("its id must be snake_case: a-z, 0-9 and _")
    kind = entry.choice("kind", Kind)
    section = entry.text("section")
    units, units_from = _units(entry, section, tasks)
    own = entry.window("window", window)
    clause = Clause(
        id=entry.text("id"),
        section=section,
        text=entry.text("text"),
        name=entry.label("name"),
        kind=kind or Kind.NARRATIVE,
        window=own,
        due=entry.day("due", own.end),
        operator=entry.choice("operator", Operator),
        target=entry.number("value"),
        unit=entry.text("unit"),
        each_year=entry.flag("each_year"),
        baseline=_baseline(entry),
        firmness=entry.choice("firmness", Firmness) or Firmness.BINDING,
        parent=entry.text("parent") or None,
        scope=entry.strings("scope"),
        units=units,
        units_from=units_from,
        indicator=_indicator(entry),
        rule_source=entry.text("rule_source"),
    )
    if kind is not None:
        _check_target(entry, kind)
    _check_time(entry, clause, window)
    return clause


def _units(entry: Entry, section: str, tasks: tuple[Task, ...]) -> tuple[tuple[str, ...], str]:
    """Give a clause's units: its own, those of the task it names, or of its section's only task."""
    named = entry.text("units_from")
    if entry.has("units"):
        if named:
            entry.fault("has both units and units_from; keep one")
        return entry.strings("units"), ""
    if named:
        found = [task for task in tasks if task.id == named]
        if not found:
            known = [task.id for task in tasks]
            entry.fault(f"units_from: there is no task {named!r}{near(named, known)}")
    else:
        found = [task for task in tasks if task.section == section]
        if len(found) > 1:
            groups = ", ".join(task.id for task in found)
            entry.fault(
                f"section {section} has several groups of units: units_from one of {groups}"
            )
    return (found[0].units, found[0].id) if len(found) == 1 else ((), "")


def _baseline(entry: Entry) -> Baseline | None:
    if not entry.has("baseline"):
        return None
    inner = entry.entry("baseline")
    inner.expect(("year", "value", "source"), needed=("year",))
    year = inner.year("year", ANY_TIME.start.year)
    return Baseline(year, inner.number("value"), inner.text("source"))


def _indicator(entry: Entry) -> IndicatorRef | None:
    if not entry.has("indicator"):
        return None
    inner = entry.entry("indicator")
    name = inner.text("name")
    if not name:
        inner.fault("the key 'name' is missing")
    options = {str(key): value for key, value in inner.raw.items() if key != "name"}
    return IndicatorRef(name, options)


def _check_target(entry: Entry, kind: Kind) -> None:
    for key in ("operator", "value"):
        if kind in WITHOUT_TARGET and entry.has(key):
            entry.fault(f"a {kind} takes no {key}")
        if kind not in WITHOUT_TARGET and not entry.has(key):
            entry.fault(f"kind {kind} needs the key {key!r}")
    if entry.flag("each_year") and kind not in YEAR_BY_YEAR:
        kinds = " or ".join(YEAR_BY_YEAR)
        entry.fault(f"each_year is for kind {kinds}, not {kind}; a count of every year is annual")


def _check_time(entry: Entry, clause: Clause, window: Window) -> None:
    if not window.start <= clause.window.start <= clause.window.end <= window.end:
        entry.fault(
            f"window {clause.window.start} to {clause.window.end} lies outside the plan's, "
            f"{window.start} to {window.end}"
        )
    if not clause.window.start <= clause.due <= window.end:
        entry.fault(f"due {clause.due} lies outside {clause.window.start} to {window.end}")


def _id_faults(plan: Plan) -> list[str]:
    faults = []
    for noun, ids in (
        ("clause", [clause.id for clause in plan.clauses]),
        ("task", [task.id for task in plan.tasks]),
    ):
        twice = sorted({name for name in ids if name and ids.count(name) > 1})
        faults += [f"{noun} {name}: the id stands {ids.count(name)} times" for name in twice]
    return faults


def _parent_faults(plan: Plan) -> list[str]:
    parents = {clause.id: clause.parent for clause in plan.clauses}
    faults = []
    for clause in plan.clauses:
        if clause.parent is None:
            continue
        if clause.parent not in parents:
            hint = near(clause.parent, parents)
            faults.append(f"clause {clause.id}: there is no parent {clause.parent!r}{hint}")
        elif clause.id in _ancestors(clause.id, parents):
            faults.append(f"clause {clause.id}: is nested in itself")
    return faults


def _ancestors(clause_id: str, parents: dict[str, str | None]) -> list[str]:
    found: list[str] = []
    step = parents.get(clause_id)
    while step is not None and step not in found:
        found.append(step)
        step = parents.get(step)
    return found


def _unit_faults(plan: Plan) -> list[str]:
    known = _unique(unit for task in plan.tasks for unit in task.units)
    known = _unique([*known, *(unit for clause in plan.clauses for unit in clause.units)])
    return [
        f"same_unit: {name!r} is no unit of this plan{near(name, known)}"
        for group in plan.same_unit
        for name in group
        if name not in known
    ]


def _text_faults(plan: Plan, folder: Path, name: str) -> list[str]:
    """Tell what should stand in the plan's text and does not."""
    if not name:
        return []
    if not (folder / name).is_file():
        return [f"text: there is no file {name}"]
    text = (folder / name).read_text(encoding="utf-8")
    quoted = [
        (f"task {task.id}", words) for task in plan.tasks for words in (task.title, *task.units)
    ]
    for clause in plan.clauses:
        own_units = () if clause.units_from else clause.units
        quoted += [(f"clause {clause.id}", words) for words in (clause.text, *own_units)]
    return [
        f"{place}: {words!r} does not stand in {name}"
        for place, words in quoted
        if words not in text
    ]


def _unique(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))
