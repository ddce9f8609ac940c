"""An evaluation in words: parts, rules and codes by name, grades as letter, shape and colour."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

import pandas as pd

from tenglong.measure.clause import Label
from tenglong.measure.evaluation.outcome import Evaluation
from tenglong.show import cell
from tenglong.show.cell import Cell
from tenglong.show.finding import Tone
from tenglong.show.number import MISSING, quantity
from tenglong.show.page import Page

GOOD, FAIR, LOW, LOWEST, NONE = "▲ ", "● ", "◐ ", "▼ ", "○ "


def grade_cell(grade: object, order: tuple[str, ...]) -> Cell:
    """Give a grade as letter, shape and colour; its place among the grades decides which.

    >>> grade_cell("D", ("A", "B", "C", "D")).html
    '<span class="status bad">▼ D</span>'
    """
    if not isinstance(grade, str):
        return Cell(MISSING, "")
    mark, tone = _look(grade, order)
    return Cell(f'<span class="status {tone}">{mark}{escape(grade)}</span>', cell.as_text(grade))


def _look(grade: str, order: tuple[str, ...]) -> tuple[str, Tone]:
    if grade not in order:
        return NONE, "none"
    if grade == order[0]:
        return GOOD, "good"
    if grade == order[-1]:
        return LOWEST, "bad"
    return (FAIR, "good") if order.index(grade) == 1 else (LOW, "warn")


def grade_tone(grade: str, order: tuple[str, ...]) -> Tone:
    """Give the tone of a grade's headline number.

    >>> [grade_tone(grade, ("A", "B", "C", "D")) for grade in "ABCDT"]
    ['good', 'good', 'warn', 'bad', 'none']
    """
    return _look(grade, order)[1]


def figure_tone(grade: str, order: tuple[str, ...]) -> str:
    """Give the tone of a grade in a figure, where the second is told from the first.

    >>> [figure_tone(grade, ("A", "B", "C", "D")) for grade in "ABCDT"]
    ['good', 'fair', 'warn', 'bad', 'none']
    """
    mark, tone = _look(grade, order)
    return "fair" if mark == FAIR else tone


def grades_text(page: Page, grades: Sequence[str]) -> str:
    """Name grades together.

    >>> [grades_text(Page(example_county(), language), ("C", "D")) for language in ("zh", "en")]
    ['C、D 类', 'C, D']
    """
    return page.word("evaluation.grades", grades=page.joined(grades))


def part_label(evaluation: Evaluation, population: str, name: str) -> Label:
    """Name a part of a population's score by its indicator."""
    part = evaluation.scheme.populations[population].parts[name]
    return evaluation.scheme.indicators[part.indicator or name].name


def part_value(page: Page, evaluation: Evaluation, row: Mapping[str, object]) -> str:
    """Give a firm's value of the part on which it lost most, with its unit."""
    population, name = str(row["population"]), str(row["weakest"])
    indicator = evaluation.scheme.populations[population].parts[name].indicator or name
    value = row.get(indicator)
    if not isinstance(value, float) or pd.isna(value):
        return MISSING
    unit = evaluation.scheme.indicators[indicator].unit
    return unit_quantity(page, value, unit)


def unit_quantity(page: Page, value: float | None, unit: str) -> str:
    """Print an indicator in its unit; a share without a unit as per cent."""
    if value is None or pd.isna(value):
        return MISSING
    if not unit:
        return quantity(value * 100, "%")
    return quantity(value, unit, page.language)


def group_text(
    page: Page, evaluation: Evaluation, group: object, industries: Mapping[str, Label]
) -> str:
    """Name a group of firms that are ranked together."""
    if not isinstance(group, str):
        return MISSING
    scheme = evaluation.scheme
    names: dict[str, Label] = {
        **industries,
        **{key: one.name for key, one in scheme.groups.items() if one.name},
        **{key: one.name for key, one in scheme.populations.items()},
    }
    return " / ".join(
        names[key][page.language] if key in names else key for key in group.split("/")
    )


def why_text(page: Page, evaluation: Evaluation, codes: Iterable[str]) -> str:
    """Say why a score or grade is what it is."""
    told = (_code(page, evaluation, "evaluation.why", code) for code in codes)
    return page.clauses(told)


def warning_text(page: Page, evaluation: Evaluation, codes: Iterable[str]) -> str:
    """Say what is doubtful about a firm's grade."""
    told = (_code(page, evaluation, "evaluation.warning", code) for code in codes)
    return page.clauses(told)


def _code(page: Page, evaluation: Evaluation, group: str, code: str) -> str:
    kind, _, about = code.partition(":")
    return page.word(f"{group}.{kind}", about=rule_text(page, evaluation, about))


def rule_text(page: Page, evaluation: Evaluation, code: str) -> str:
    """Name a part, a population, a grade or a rule of the scheme; a reason stands as it is."""
    scheme = evaluation.scheme
    if code.startswith("grade "):
        return page.word("evaluation.grade_of", grade=code.removeprefix("grade "))
    bonuses = [population.bonuses for population in scheme.populations.values()]
    named: Sequence[Mapping[str, Any]] = (
        scheme.overrides,
        scheme.exclude,
        *reversed(bonuses),
        scheme.populations,
        scheme.indicators,
    )
    label: Label | None = next((every[code].name for every in named if code in every), None)
    return code if label is None else label[page.language]
