"""A plan in plain text, to be read on a terminal or in a pipe, and as facts for machines."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import date
from fractions import Fraction
from itertools import groupby
from typing import Any

from rich.console import Group
from rich.padding import Padding, PaddingDimensions
from rich.text import Text

from tenglong.measure.clause import Clause, Firmness, Kind, Plan, Task, written
from tenglong.measure.plan.finding import Finding
from tenglong.show.words import joined, word

INDENT = (0, 0, 0, 2)
DEEPER = (0, 0, 0, 4)


def plan_text(plan: Plan, *, language: str) -> Group:
    """Lay a plan out by section: what each clause asks for, its sentence, who answers for it."""
    parts: list[Text | Padding] = [*_head(plan, language)]
    tasks = {task.id: task for task in plan.tasks}
    shown = set()
    for name, clauses in groupby(plan.clauses, key=lambda clause: _group(clause, tasks)):
        shown.add(name)
        parts += _heading(name, tasks.get(name), language)
        for clause in clauses:
            parts += _clause(clause, plan, name, language)
    for name in [name for name in tasks if name not in shown]:
        parts += _heading(name, tasks[name], language)
    return Group(*parts)


def findings_text(plan: Plan, findings: Iterable[Finding], *, language: str) -> Group:
    """Lay out what the check of a plan found: the words, then the clauses."""
    found = list(findings)
    key = "plan.findings" if found else "plan.no_findings"
    parts: list[Text | Padding] = [
        Text(word(key, language, name=plan.name[language], count=len(found)), "bold")
    ]
    for code, group in groupby(found, key=lambda finding: finding.code):
        parts += [Text(), Text(code, "bold")]
        for finding in group:
            parts.append(_indented(Text(finding.message[language]), INDENT))
            if finding.clauses:
                parts.append(_indented(Text(", ".join(finding.clauses), "dim"), DEEPER))
    return Group(*parts)


def plan_facts(plan: Plan) -> dict[str, Any]:
    """Give a plan as JSON values: dates in ISO form, numbers exact as integers or text.

    The keys are those of `tenglong.measure.clause`; a clause also has its `lead`.
    """
    facts: dict[str, Any] = _jsonable(asdict(plan))
    for clause, raw in zip(plan.clauses, facts["clauses"], strict=True):
        raw["lead"] = clause.lead
    return facts


def finding_facts(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Give findings as JSON values."""
    return [_jsonable(asdict(finding)) for finding in findings]


def _jsonable(value: Any) -> Any:
    match value:
        case Fraction():
            return value.numerator if value.denominator == 1 else written(value)
        case date():
            return value.isoformat()
        case Mapping():
            return {str(key): _jsonable(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_jsonable(inner) for inner in value]
        case _:
            return value


def _group(clause: Clause, tasks: Mapping[str, Task]) -> str:
    """Name the heading that a clause stands under: its task, or else its section."""
    task = tasks.get(clause.units_from)
    return task.id if task is not None and task.section == clause.section else clause.section


def _head(plan: Plan, language: str) -> Iterator[Text]:
    yield Text(plan.name[language], "bold")
    yield Text(
        word(
            "plan.counted",
            language,
            start=plan.window.start,
            end=plan.window.end,
            effective=plan.effective_on,
            year=plan.baseline_year,
        )
    )
    narrative = sum(clause.kind is Kind.NARRATIVE for clause in plan.clauses)
    yield Text(
        word(
            "plan.size",
            language,
            clauses=len(plan.clauses),
            judged=len(plan.clauses) - narrative,
            narrative=narrative,
            tasks=sum(bool(task.units) for task in plan.tasks),
        )
    )
    if plan.source:
        yield Text(plan.source, "dim")


def _heading(name: str, task: Task | None, language: str) -> Iterator[Text]:
    yield Text()
    if task is None:
        yield Text(name, "bold")
        return
    yield Text(f"{name}  {task.title}", "bold")
    yield _units(task.units, language)


def _clause(clause: Clause, plan: Plan, heading: str, language: str) -> Iterator[Text | Padding]:
    title = Text.assemble((clause.name[language], "bold"), f"  {asked(clause, language)}  ")
    title.append(clause.id, "dim")
    yield _indented(title, INDENT)
    yield _indented(Text(clause.text), DEEPER)
    for note in _notes(clause, plan, heading, language):
        yield _indented(note, DEEPER)


def asked(clause: Clause, language: str) -> str:
    """Say what a clause asks for: kind, target and due date."""
    words = [word(f"kind.{clause.kind}", language)]
    if clause.each_year:
        words.append(word("plan.each_year", language))
    if clause.promise:
        words.append(clause.promise)
    if clause.kind is not Kind.NARRATIVE:
        words.append(word("plan.by", language, due=clause.due))
    if clause.firmness is Firmness.ASPIRATIONAL:
        words.append(word("plan.hope", language))
    return " · ".join(words)


def _notes(clause: Clause, plan: Plan, heading: str, language: str) -> Iterator[Text]:
    if clause.scope:
        yield Text(word("plan.scope", language, scope=joined(clause.scope, language)), "dim")
    if clause.parent:
        parent = plan.clause(clause.parent).name[language]
        yield Text(word("plan.parent", language, parent=parent), "dim")
    if clause.rule_source:
        yield Text(word("plan.rule", language, rule=clause.rule_source), "dim")
    for fact in clause.facts:
        options = ", ".join(f"{key}={value}" for key, value in fact.indicator.options.items())
        measured = f"{fact.indicator.name}({options})"
        said = word("plan.fact", language, name=fact.name[language], indicator=measured)
        yield Text(said, "dim")
    if clause.units_from == heading:
        return
    if clause.units_from:
        size = len(clause.units)
        values = {"task": clause.units_from, "lead": clause.lead, "count": size}
        yield Text(word("plan.units_of", language, **values), "dim")
    else:
        yield _units(clause.units, language)


def _units(units: tuple[str, ...], language: str) -> Text:
    if not units:
        return Text(word("plan.no_units", language), "dim")
    names = joined(units, language)
    return Text(word("plan.units", language, units=names), "dim")


def _indented(text: Text, indent: PaddingDimensions) -> Padding:
    return Padding(text, indent, expand=False)
