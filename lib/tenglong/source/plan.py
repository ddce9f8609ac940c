"""Read a plan: clauses, tasks and units from YAML, each sentence checked against the text."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from pathlib import Path

from tenglong.encoding import found
from tenglong.errors import ConfigurationError, Fault, did_you_mean, is_it, placed
from tenglong.measure.clause import (
    Baseline,
    Clause,
    FactRef,
    Firmness,
    IndicatorRef,
    Kind,
    Label,
    Operator,
    Plan,
    Task,
    Window,
)
from tenglong.shape import line_of, shaped
from tenglong.source.allowed import is_allowed
from tenglong.source.place import kit_root
from tenglong.yaml_file import read_yaml

WITHOUT_TARGET = (Kind.MILESTONE, Kind.NARRATIVE)
YEAR_BY_YEAR = (Kind.LEVEL, Kind.SHARE)
STANDING = (Kind.COVERAGE, Kind.SHARE)
NOUNS = {"clause": "条款", "task": "任务"}
SNAKE_CASE = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class TaskEntry:
    """A task as the file has it; without a section it is the section of its own name."""

    id: str
    title: str
    section: str = ""
    units: tuple[str, ...] = ()


@dataclass(frozen=True)
class ClauseEntry:
    """A clause as the file has it: a target is its operator, value and unit."""

    id: str
    section: str
    text: str
    name: Label
    kind: Kind
    window: Window | None = None
    due: date | None = None
    operator: Operator | None = None
    value: Fraction | None = None
    unit: str = ""
    each_year: bool = False
    standing: bool = False
    baseline: Baseline | None = None
    firmness: Firmness = Firmness.BINDING
    parent: str = ""
    scope: tuple[str, ...] = ()
    units: tuple[str, ...] | None = None
    units_from: str = ""
    indicator: IndicatorRef | None = None
    rule_source: str = ""
    facts: tuple[FactRef, ...] = ()


@dataclass(frozen=True)
class PlanEntry:
    """A plan as the file has it; `text` names the file that its sentences stand in."""

    id: str
    name: Label
    effective_on: date
    window: Window
    baseline_year: int
    clauses: tuple[ClauseEntry, ...]
    tasks: tuple[TaskEntry, ...] = ()
    text: str = ""
    source: str = ""
    same_unit: tuple[tuple[str, ...], ...] = ()
    unit_names: Mapping[str, str] = field(default_factory=dict)


def _nothing(plan: Plan) -> Iterable[str]:
    del plan
    return ()


def load_plan(choice: str | Path, *, also: Callable[[Plan], Iterable[str]] = _nothing) -> Plan:
    """Read a plan.

    Parameters
    ----------
    choice
        The name of a file in the kit's `data/plan`, or the path of a YAML file.
    also
        Tells what else is wrong with it, each fault beginning with its clause.

    Raises
    ------
    ConfigurationError
        With everything that is wrong in one message: the file, the line, the clause, the key,
        and the nearest valid one.

    >>> load_plan("wencheng-2021-2023").clause("rd_share_of_revenue").target
    Fraction(23, 10)
    """
    path = find_plan(choice)
    faults: list[str] = []
    raw = read_yaml(path, faults=faults)
    entry = shaped(PlanEntry, raw, "", faults)
    plan = _plan(entry)
    later = [*_entry_faults(entry, faults), *_id_faults(plan), *_parent_faults(plan)]
    later += [*_unit_faults(plan), *_text_faults(plan, path.parent, entry.text)]
    whole = [one for one in plan.clauses if not any(f"clause {one.id}" in told for told in faults)]
    later += also(replace(plan, clauses=tuple(whole)))
    faults += _with_lines(later, raw)
    if faults:
        raise ConfigurationError.of(path.name, faults)
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
        en = f"there is none of this name{did_you_mean(choice, names)}"
        lacks = Fault(en, f"没有这个方案{is_it(choice, names)}")
        raise ConfigurationError.of(f"plan {choice!r}", [lacks], zh=f"方案 {choice}")
    for root in (Path(), kit_root()):
        if (root / choice).is_file():
            return root / choice
    lacks = Fault("there is no such file", "没有这个文件")
    name = Path(choice).name
    raise ConfigurationError.of(f"plan {name}", [lacks], zh=f"方案 {name}")


def _plan(entry: PlanEntry) -> Plan:
    tasks = tuple(
        Task(task.id, task.section or task.id, task.title, task.units) for task in entry.tasks
    )
    return Plan(
        id=entry.id,
        name=entry.name,
        window=entry.window,
        effective_on=entry.effective_on,
        baseline_year=entry.baseline_year,
        tasks=tasks,
        clauses=tuple(_clause(clause, entry.window, tasks) for clause in entry.clauses),
        source=entry.source,
        same_unit=entry.same_unit,
        unit_names=entry.unit_names,
    )


def _clause(entry: ClauseEntry, window: Window, tasks: tuple[Task, ...]) -> Clause:
    own = entry.window or window
    named = _tasks_of(entry, tasks)
    task = named[0] if entry.units is None and len(named) == 1 else None
    return Clause(
        id=entry.id,
        section=entry.section,
        text=entry.text,
        name=entry.name,
        kind=entry.kind,
        window=own,
        due=entry.due or own.end,
        operator=entry.operator,
        target=entry.value,
        unit=entry.unit,
        each_year=entry.each_year,
        is_standing=entry.standing,
        baseline=entry.baseline,
        firmness=entry.firmness,
        parent=entry.parent or None,
        scope=entry.scope,
        units=task.units if task else entry.units or (),
        units_from=task.id if task else "",
        indicator=entry.indicator,
        rule_source=entry.rule_source,
        facts=entry.facts,
    )


def _tasks_of(entry: ClauseEntry, tasks: tuple[Task, ...]) -> list[Task]:
    """Give the task that a clause names, or else those of its section."""
    if entry.units_from:
        return [task for task in tasks if task.id == entry.units_from]
    return [task for task in tasks if task.section == entry.section]


def _entry_faults(entry: PlanEntry, told: list[str]) -> Iterator[str]:
    """Tell what no part says by itself; of a clause of which something is told already, nothing."""
    tasks = _plan(entry).tasks
    if any("window" in fault for fault in told):
        return
    yield from (placed(fault, "window", "window") for fault in _order_faults(entry.window))
    for group in entry.same_unit:
        if len(group) < 2:  # noqa: PLR2004 - one name has no other
            yield Fault(
                "same_unit: must be a list of lists of two names or more",
                "same_unit：每一组须有两个以上的名称",
            )
    for clause in entry.clauses:
        place = f"clause {clause.id}"
        if any(place in fault for fault in told):
            continue
        faults = [
            *_target_faults(clause),
            *_task_faults(clause, tasks),
            *_time_faults(clause, entry.window),
        ]
        if not SNAKE_CASE.fullmatch(clause.id):
            faults.append(
                Fault(
                    "its id must be snake_case: a-z, 0-9 and _",
                    "id 只能用小写字母、数字和下划线，以字母开头",
                )
            )
        yield from (placed(fault, place, f"条款 {clause.id}") for fault in faults)


def _with_lines(faults: Iterable[str], raw: object) -> Iterator[str]:
    """Begin each fault of a clause, a task or a key with its line."""
    keys = raw if isinstance(raw, Mapping) else {}
    lines = {str(key): line_of(raw, str(key)) for key in keys}
    for noun in ("clause", "task"):
        listed = keys.get(f"{noun}s")
        for item in listed if isinstance(listed, list) else ():
            if isinstance(item, Mapping):
                lines[f"{noun} {item.get('id')}"] = line_of(item)
    for fault in faults:
        line = lines.get(fault.split(":")[0], 0)
        yield placed(fault, f"line {line}", f"第 {line} 行") if line else fault


def _order_faults(window: Window) -> Iterator[str]:
    if window.start > window.end:
        yield Fault(
            f"ends on {window.end}, before it starts on {window.start}",
            f"结束日期 {window.end} 早于开始日期 {window.start}",
        )


def _target_faults(entry: ClauseEntry) -> Iterator[str]:
    kind = entry.kind
    for key in ("operator", "value"):
        is_given = getattr(entry, key) is not None
        if kind in WITHOUT_TARGET and is_given:
            yield Fault(f"a {kind} takes no {key}", f"类型 {kind} 不能写 {key}")
        if kind not in WITHOUT_TARGET and not is_given:
            yield Fault(f"kind {kind} needs the key {key!r}", f"类型 {kind} 须写 {key}")
    if entry.facts and kind is not Kind.NARRATIVE:
        yield Fault(
            f"facts are for kind {Kind.NARRATIVE}, not {kind}: its figure is its indicator's",
            f"facts 只用于类型 {Kind.NARRATIVE}，类型 {kind} 的数取自 indicator",
        )
    if entry.each_year and kind not in YEAR_BY_YEAR:
        kinds = " or ".join(YEAR_BY_YEAR)
        yield Fault(
            f"each_year is for kind {kinds}, not {kind}; a count of every year is annual",
            f"each_year 只用于类型 {kinds}；每年计数的用 annual",
        )
    if entry.standing and (kind not in STANDING or (kind is Kind.SHARE and not entry.each_year)):
        yield Fault(
            f"standing is for kind {STANDING[0]}, or a {STANDING[1]} of each year, not {kind}",
            f"standing 只用于类型 {STANDING[0]}，或逐年判定的 {STANDING[1]}",
        )


def _task_faults(entry: ClauseEntry, tasks: tuple[Task, ...]) -> Iterator[str]:
    found = _tasks_of(entry, tasks)
    if entry.units is not None:
        if entry.units_from:
            yield Fault("has both units and units_from; keep one", "units 和 units_from 只能写一个")
    elif entry.units_from and not found:
        hint = did_you_mean(entry.units_from, [task.id for task in tasks])
        hint_zh = is_it(entry.units_from, [task.id for task in tasks])
        yield Fault(
            f"units_from: there is no task {entry.units_from!r}{hint}",
            f"units_from：tasks 里没有“{entry.units_from}”{hint_zh}",
        )
    elif len(found) > 1:
        groups = ", ".join(task.id for task in found)
        yield Fault(
            f"section {entry.section} has several groups of units: units_from one of {groups}",
            f"{entry.section}有几组责任单位，请用 units_from 写明是哪一组：{groups}",
        )


def _time_faults(entry: ClauseEntry, window: Window) -> Iterator[str]:
    own = entry.window or window
    due = entry.due or own.end
    yield from (placed(fault, "window", "window") for fault in _order_faults(own))
    if not window.start <= own.start <= own.end <= window.end:
        yield Fault(
            f"window {own.start} to {own.end} lies outside the plan's, "
            f"{window.start} to {window.end}",
            f"window {own.start} 至 {own.end} 超出方案的 {window.start} 至 {window.end}",
        )
    if not own.start <= due <= window.end:
        yield Fault(
            f"due {due} lies outside {own.start} to {window.end}",
            f"due {due} 不在 {own.start} 至 {window.end} 之内",
        )


def _id_faults(plan: Plan) -> Sequence[str]:
    faults = []
    for noun, ids in (
        ("clause", [clause.id for clause in plan.clauses]),
        ("task", [task.id for task in plan.tasks]),
    ):
        twice = sorted({name for name in ids if name and ids.count(name) > 1})
        faults += [
            Fault(
                f"{noun} {name}: the id stands {ids.count(name)} times",
                f"{NOUNS[noun]} {name}：id 出现了 {ids.count(name)} 次",
            )
            for name in twice
        ]
    return faults


def _parent_faults(plan: Plan) -> list[str]:
    parents = {clause.id: clause.parent for clause in plan.clauses}
    faults: list[str] = []
    for clause in plan.clauses:
        if clause.parent is None:
            continue
        if clause.parent not in parents:
            hint, hint_zh = did_you_mean(clause.parent, parents), is_it(clause.parent, parents)
            faults.append(
                Fault(
                    f"clause {clause.id}: there is no parent {clause.parent!r}{hint}",
                    f"条款 {clause.id}：没有上级条款“{clause.parent}”{hint_zh}",
                )
            )
        elif clause.id in _ancestors(clause.id, parents):
            faults.append(
                Fault(
                    f"clause {clause.id}: is nested in itself",
                    f"条款 {clause.id}：不能以自己为上级",
                )
            )
    return faults


def _ancestors(clause_id: str, parents: dict[str, str | None]) -> list[str]:
    ancestors: list[str] = []
    step = parents.get(clause_id)
    while step is not None and step not in ancestors:
        ancestors.append(step)
        step = parents.get(step)
    return ancestors


def _unit_faults(plan: Plan) -> Sequence[str]:
    known = _unique(unit for task in plan.tasks for unit in task.units)
    known = _unique([*known, *(unit for clause in plan.clauses for unit in clause.units)])
    named = [("same_unit", name) for group in plan.same_unit for name in group]
    named += [("unit_names", name) for name in plan.unit_names]
    return [
        Fault(
            f"{key}: {name!r} is no unit of this plan{did_you_mean(name, known)}",
            f"{key}：方案没有单位“{name}”{is_it(name, known)}",
        )
        for key, name in named
        if name not in known
    ]


def _text_faults(plan: Plan, folder: Path, name: str) -> Sequence[str]:
    """Tell what should stand in the plan's text and does not."""
    if not name:
        return []
    if not is_allowed(folder / name, folder):
        said = "must lie in the plan's own folder", "应与方案放在同一个文件夹里"
        return [placed(Fault(*said), "text", "text")]
    if not (folder / name).is_file():
        return [Fault(f"text: there is no file {name}", f"text：没有文件 {name}")]
    raw = (folder / name).read_bytes()
    text = raw.decode(found(raw), "replace")
    quoted = [
        (f"task {task.id}", words) for task in plan.tasks for words in (task.title, *task.units)
    ]
    for clause in plan.clauses:
        own_units = () if clause.units_from else clause.units
        quoted += [(f"clause {clause.id}", words) for words in (clause.text, *own_units)]
    return [
        Fault(
            f"{place}: {words!r} does not stand in {name}",
            f"{_zh_place(place)}：“{words}”不在方案原文 {name} 里，请逐字照抄",
        )
        for place, words in quoted
        if words not in text
    ]


def _zh_place(place: str) -> str:
    noun, _, name = place.partition(" ")
    return f"{NOUNS[noun]} {name}"


def _unique(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))
