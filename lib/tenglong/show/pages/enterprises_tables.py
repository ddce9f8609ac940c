"""The tables of the evaluation page: who needs action, what moved, everybody else, and why."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from tenglong.measure.clause import Label
from tenglong.measure.evaluation.outcome import Evaluation
from tenglong.measure.evaluation.scheme import Scheme
from tenglong.measure.sheet.enterprises import EnterprisesSheet, GradeMeasure
from tenglong.show import cell
from tenglong.show.cell import Cell
from tenglong.show.evaluated import (
    grade_cell,
    grades_text,
    part_label,
    part_value,
    warning_text,
    why_text,
)
from tenglong.show.firm import firm_columns
from tenglong.show.lacking import not_supplied
from tenglong.show.listing import Field, coded, itself, label, listing, number, share, whole
from tenglong.show.number import MISSING, unit_text
from tenglong.show.page import Page
from tenglong.show.pages.enterprises import evaluated
from tenglong.show.piece import Piece, remark, wide
from tenglong.show.table import Column

MOST_ROWS, MOST_LOW, MOST_MOVES, MOST_FALLEN = 300, 150, 60, 10
# Changes that are told, the worst first.
CHANGES = ("worse", "other", "better", "same", "new", "gone")
OF_GRADE = 3  # how many of these are changes of the grade
Row = Mapping[Any, Any]

SCORES = (
    Field("score", number(2)),
    Field("rank", whole),
    Field("of", whole, in_page=False),
    Field("tax_per_mu", number(2), "tax_wan_per_mu"),
    Field("land", number(2), "land_mu", in_page=False),
    Field("tax", number(2), "tax_wan", in_page=False),
)
MOVES = (
    Field("rank_before", whole),
    Field("rank", whole),
    Field("rank_change", number(0, sign=True)),
    Field("score_change", number(1, sign=True)),
)


@evaluated
def low_firms(page: Page, review: EnterprisesSheet, evaluation: Evaluation) -> Piece:
    """List the firms of the low grades, the worst first, each with what costs it the most."""
    if not review.grades:
        return remark(page.word(".ungraded"))
    firms = review.of_grade(*review.low_grades)
    firms = firms.assign(order=firms["grade"].map(review.grades.index))
    order = {"order": False, "population": True, "rank": False}
    grades = grades_text(page, review.low_grades)
    return _firms(
        page,
        review,
        evaluation,
        firms.sort_values(list(order), ascending=list(order.values()), kind="stable"),
        caption=page.word(".table.low", grades=grades),
        name="enterprises_low",
        nothing=remark(page.word(".no_low", grades=grades)),
        most_rows=MOST_LOW,
    )


@evaluated
def other_firms(page: Page, review: EnterprisesSheet, evaluation: Evaluation) -> Piece:
    """List the other firms by population and rank; those that are not evaluated last."""
    low = review.of_grade(*review.low_grades)
    return _firms(
        page,
        review,
        evaluation,
        review.firms.drop(low.index),
        caption=page.word(".table.rest"),
        name="enterprises_others",
        nothing=remark(page.word(".no_firms")),
        most_rows=MOST_ROWS - min(len(low), MOST_LOW),
    )


def _firms(
    page: Page,
    review: EnterprisesSheet,
    evaluation: Evaluation,
    firms: pd.DataFrame,
    *,
    nothing: Piece,
    **about: Any,
) -> Piece:
    if firms.empty:
        return nothing
    rows = firms.to_dict("records")
    names = {code: population.name for code, population in evaluation.scheme.populations.items()}
    fields: list[Field | Column] = [
        *_who(page, review, rows),
        Field("population", label, lambda row: names.get(row["population"])),
        _grade(review, "grade"),
        _grade(review, "before", "grade_before"),
        *SCORES,
        Field("weakest", of=lambda row: _weakest(page, evaluation, row)),
        Field("lost", number(1)),
        Field("why", of=lambda row: _why(page, evaluation, row), css="unit"),
    ]
    ids = [f"firm-{row['usci']}" for row in rows]
    return wide(listing(page, rows, fields, note=page.word(".note.weakest"), row_ids=ids, **about))


def _who(page: Page, review: EnterprisesSheet, rows: Sequence[Row]) -> list[Column]:
    return firm_columns(page, rows, townships=review.townships, industries=review.industries)


def _grade(review: EnterprisesSheet, name: str, of: str = "") -> Field:
    grades = review.grades
    return Field(name, lambda page, grade: grade_cell(grade, grades), of)  # noqa: ARG005


def _part(evaluation: Evaluation, row: Row, name: str) -> Label | None:
    """Name the part of the score that a column holds, by the row's population."""
    if not isinstance(row[name], str):
        return None
    return part_label(evaluation, row["population"], row[name])


def _weakest(page: Page, evaluation: Evaluation, row: Row) -> str:
    part = _part(evaluation, row, "weakest")
    return f"{page.told(part)} {part_value(page, evaluation, row)}" if part else MISSING


def _why(page: Page, evaluation: Evaluation, row: Row) -> str:
    texts = why_text(page, evaluation, row["why"]), warning_text(page, evaluation, row["warnings"])
    return _joined(page, filter(None, texts))


def _move_why(page: Page, evaluation: Evaluation, row: Row) -> str:
    """Say which rules hold now, and which held the year before."""
    texts = []
    if isinstance(row["why"], tuple) and row["why"]:
        texts.append(why_text(page, evaluation, row["why"]))
    if isinstance(row["why_before"], tuple) and row["why_before"]:
        before = why_text(page, evaluation, row["why_before"])
        texts.append(page.word(".why_before", why=before))
    was = row["population_before"]
    if isinstance(was, str) and isinstance(row["population"], str) and was != row["population"]:
        texts.append(page.word(".other_population"))
    return _joined(page, texts)


def _joined(page: Page, texts: Iterable[str]) -> str:
    return ("；" if page.language == "zh" else "; ").join(texts)


@evaluated
def moved_firms(page: Page, review: EnterprisesSheet, evaluation: Evaluation) -> Piece:
    """List what moved: changes of grade, the worse first, then who lost the most places.

    The CSV holds every firm of either year.
    """
    if review.moves.empty:
        return remark(page.word(".no_moves"))
    moves = review.moves.assign(
        order=review.moves["grade_change"].map(CHANGES.index),
        places=review.moves["rank_change"].fillna(0),
    )
    rows = moves.sort_values(["order", "places", "usci"]).to_dict("records")
    regraded = int((moves["order"] < OF_GRADE).sum())
    drawn = listing(
        page,
        rows,
        [
            *_who(page, review, rows),
            Field("change", coded("evaluation.change"), "grade_change"),
            _grade(review, "before", "grade_before"),
            _grade(review, "grade"),
            *MOVES,
            Field("driver", label, lambda row: _part(evaluation, row, "driver")),
            Field("driver_change", number(1, sign=True)),
            Field("why", of=lambda row: _move_why(page, evaluation, row), css="unit"),
        ],
        caption=page.word(".table.moves", year=review.year),
        name="enterprises_moves",
        most_rows=min(regraded, MOST_MOVES) + MOST_FALLEN,
    )
    return wide(drawn)


@evaluated
def indicators(page: Page, review: EnterprisesSheet, evaluation: Evaluation) -> Piece:
    """Set the ratios of sums beside the benchmarks, population by population."""
    scheme = evaluation.scheme

    def unit(row: Row) -> str:
        return scheme.indicators[row["indicator"]].unit

    def in_unit(name: str) -> Callable[[Row], Any]:
        return lambda row: row[name] if unit(row) or pd.isna(row[name]) else row[name] * 100

    return listing(
        page,
        review.areas.to_dict("records"),
        (
            Field("population", label, lambda row: scheme.populations[row["population"]].name),
            Field("indicator", label, lambda row: _part(evaluation, row, "part"), is_header=True),
            Field("unit", of=lambda row: unit_text(unit(row) or "%", page.language)),
            Field("sum", number(2), in_unit("value")),
            Field("benchmark", number(2), in_unit("benchmark")),
            Field("share", share),
            Field("weight", whole),
            Field("firms", whole),
            Field("lacking", whole, "firms_lacking"),
        ),
        caption=page.word(".table.areas", year=review.year),
        name="enterprises_indicators",
        note=page.word(".note.areas"),
    )


def _for(grade: str) -> Callable[[GradeMeasure], Label | None]:
    return lambda measure: measure.by_grade.get(grade)


def _units(page: Page, clause_id: str) -> Cell:
    """Name the units that answer for a clause of the plan."""
    clauses = page.place.plan.clauses
    units = next((clause.units for clause in clauses if clause.id == clause_id), ())
    return cell.text(page.joined(units) or MISSING)


def grade_measures(page: Page, review: EnterprisesSheet) -> Piece:
    """Draw what follows from each grade, who answers for it, and where that is written."""
    told_grades = {grade for measure in review.measures for grade in measure.by_grade}
    return listing(
        page,
        review.measures,
        (
            Field("measure", label, "name", is_header=True),
            *(
                Field(grade, label, _for(grade), label=page.word("evaluation.grades", grades=grade))
                for grade in review.grades or sorted(told_grades)
            ),
            Field("rate", label),
            Field("units", _units, "clause", css="unit"),
            Field("source", label),
        ),
        caption=page.word(".table.measures"),
        name="enterprises_measures",
        note=page.word(".note.measures"),
    )


def _scheme_source(page: Page, scheme: Scheme) -> str:
    return page.source(scheme.source, scheme.source_en)


def scheme_sources(page: Page, review: EnterprisesSheet) -> Piece:
    """Say which scheme was used, and where it comes from."""
    if review.evaluation is None:
        return not_supplied(page)
    scheme = review.evaluation.scheme
    return listing(
        page,
        [scheme],
        (
            Field("scheme", label, "name", is_header=True),
            Field("source", _scheme_source, itself),
            *([Field("caution", label)] if scheme.caution else []),
        ),
        caption=page.word(".table.scheme"),
        name="enterprises_scheme",
    )
