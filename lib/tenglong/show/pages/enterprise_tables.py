"""The tables of the evaluation page: who needs action, what moved, and everybody else."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from tenglong.measure.evaluation.evaluated import Evaluation
from tenglong.measure.evaluation.reviewed import Review
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
from tenglong.show.number import MISSING
from tenglong.show.piece import Piece, wide
from tenglong.show.table import Column, table
from tenglong.show.words import word

MOST_ROWS, MOST_LOW, MOST_MOVES, MOST_FALLEN = 300, 150, 60, 10
# Changes that are told, the worst first.
CHANGES = ("worse", "other", "better", "same", "new", "gone")
OF_GRADE = 3  # how many of these are changes of the grade
Rows = list[dict[Any, Any]]


def low_firms(review: Review, *, language: str = "zh") -> Piece:
    """List the firms of the low grades, the worst first, each with what costs it the most."""
    if review.evaluation is None:
        return not_supplied(language)
    if not review.grades:
        return _note("enterprises.ungraded", language)
    firms = review.of_grade(*review.low_grades)
    grades = grades_text(review.low_grades, language)
    if firms.empty:
        return _note("enterprises.no_low", language, grades=grades)
    rows = _worst_first(review, firms)
    return _firm_table(
        review,
        rows,
        language,
        caption=word("enterprises.table.low", language, grades=grades),
        name="enterprises_low",
        most=MOST_LOW,
    )


def other_firms(review: Review, *, language: str = "zh") -> Piece:
    """List the other firms by population and rank; those that are not evaluated last."""
    if review.evaluation is None:
        return not_supplied(language)
    low = review.of_grade(*review.low_grades)
    rows = review.firms.drop(low.index).to_dict("records")
    caption = word("enterprises.table.rest", language)
    most = MOST_ROWS - min(len(low), MOST_LOW)
    return _firm_table(
        review, rows, language, caption=caption, name="enterprises_others", most=most
    )


def _note(key: str, language: str, **values: object) -> Piece:
    return Piece(f'<p class="note">{cell.text(word(key, language, **values)).html}</p>')


def _worst_first(review: Review, firms: pd.DataFrame) -> Rows:
    order = {grade: place for place, grade in enumerate(review.grades)}
    rows: Rows = firms.to_dict("records")
    return sorted(
        rows, key=lambda row: (-order[row["grade"]], row["population"], -_or_zero(row["rank"]))
    )


def _or_zero(value: Any) -> int:
    return 0 if pd.isna(value) else int(value)


def _firm_table(
    review: Review, rows: Rows, language: str, *, caption: str, name: str, most: int
) -> Piece:
    evaluation = review.evaluation
    if evaluation is None:
        return not_supplied(language)
    if not rows:
        return _note("enterprises.no_firms", language)
    note = word("enterprises.note.weakest", language)
    if len(rows) > most:
        note = f"{note} {word('table.more', language, rows=len(rows))}"
    columns = [
        *_who(review, rows, language),
        _column("population", language, [_population(evaluation, row, language) for row in rows]),
        _column("grade", language, [grade_cell(row["grade"], review.grades) for row in rows]),
        _column("before", language, [_before(review, row) for row in rows]),
        _column("score", language, [cell.entry(row["score"]) for row in rows]),
        _column("rank", language, [cell.entry(row["rank"], 0) for row in rows]),
        _column("of", language, [cell.entry(row["of"], 0) for row in rows], in_page=False),
        _column("tax_per_mu", language, [cell.entry(row["tax_wan_per_mu"]) for row in rows]),
        _column("land", language, [cell.entry(row["land_mu"]) for row in rows], in_page=False),
        _column("tax", language, [cell.entry(row["tax_wan"]) for row in rows], in_page=False),
        _column("weakest", language, [_weakest(evaluation, row, language) for row in rows]),
        _column("lost", language, [cell.entry(row["lost"], 1) for row in rows]),
        _column("why", language, [_why(evaluation, row, language) for row in rows], css="unit"),
    ]
    ids = [f"firm-{row['usci']}" for row in rows]
    return wide(table(columns, caption=caption, name=name, note=note, row_ids=ids, most_rows=most))


def _column(
    key: str, language: str, cells: Sequence[Cell], *, in_page: bool = True, css: str = ""
) -> Column:
    return Column(word(f"enterprises.column.{key}", language), cells, in_page=in_page, css=css)


def _who(review: Review, rows: Rows, language: str) -> list[Column]:
    return firm_columns(
        rows, townships=review.townships, industries=review.industries, language=language
    )


def _population(evaluation: Evaluation, row: dict[Any, Any], language: str) -> Cell:
    named = evaluation.scheme.populations
    key = row["population"]
    return cell.text(named[key].name[language] if isinstance(key, str) else MISSING)


def _before(review: Review, row: dict[Any, Any]) -> Cell:
    """Give the grade of the year before."""
    return grade_cell(row.get("grade_before"), review.grades)


def _weakest(evaluation: Evaluation, row: dict[Any, Any], language: str) -> Cell:
    if not isinstance(row["weakest"], str):
        return cell.text(MISSING)
    label = part_label(evaluation, row["population"], row["weakest"])[language]
    return cell.text(f"{label} {part_value(evaluation, row, language)}")


def _why(evaluation: Evaluation, row: dict[Any, Any], language: str) -> Cell:
    told = filter(
        None,
        (
            why_text(evaluation, row["why"], language),
            warning_text(evaluation, row["warnings"], language),
        ),
    )
    return cell.text(("；" if language == "zh" else "; ").join(told))


def moved_firms(review: Review, *, language: str = "zh") -> Piece:
    """List what moved: changes of grade, the worse first, then who lost the most places.

    The CSV holds every firm of either year.
    """
    if review.evaluation is None:
        return not_supplied(language)
    if review.moves.empty:
        return _note("enterprises.no_moves", language)
    rows = review.moves.to_dict("records")
    rows.sort(key=lambda row: (CHANGES.index(row["grade_change"]), _by_change(row)))
    regraded = sum(row["grade_change"] in CHANGES[:OF_GRADE] for row in rows)
    most = min(regraded, MOST_MOVES) + MOST_FALLEN
    note = word("table.more", language, rows=len(rows)) if len(rows) > most else ""
    drawn = table(
        _move_columns(review, review.evaluation, rows, language),
        caption=word("enterprises.table.moves", language, year=review.year),
        name="enterprises_moves",
        note=note,
        most_rows=most,
    )
    return wide(drawn)


def _by_change(row: dict[Any, Any]) -> tuple[int, str]:
    return (0 if pd.isna(row["rank_change"]) else int(row["rank_change"]), row["usci"])


def _move_columns(
    review: Review, evaluation: Evaluation, rows: Rows, language: str
) -> list[Column]:
    changes = [word(f"evaluation.change.{row['grade_change']}", language) for row in rows]
    return [
        *_who(review, rows, language),
        _column("change", language, list(map(cell.text, changes))),
        _column("before", language, [_before(review, row) for row in rows]),
        _column("grade", language, [grade_cell(row["grade"], review.grades) for row in rows]),
        _column("rank_before", language, [cell.entry(row["rank_before"], 0) for row in rows]),
        _column("rank", language, [cell.entry(row["rank"], 0) for row in rows]),
        _column(
            "rank_change", language, [cell.entry(row["rank_change"], 0, sign=True) for row in rows]
        ),
        _column(
            "score_change",
            language,
            [cell.entry(row["score_change"], 1, sign=True) for row in rows],
        ),
        _column("driver", language, [_driver(evaluation, row, language) for row in rows]),
        _column(
            "driver_change",
            language,
            [cell.entry(row["driver_change"], 1, sign=True) for row in rows],
        ),
        _column(
            "why", language, [_move_why(evaluation, row, language) for row in rows], css="unit"
        ),
    ]


def _driver(evaluation: Evaluation, row: dict[Any, Any], language: str) -> Cell:
    if not isinstance(row["driver"], str):
        return cell.text(MISSING)
    return cell.text(part_label(evaluation, row["population"], row["driver"])[language])


def _move_why(evaluation: Evaluation, row: dict[Any, Any], language: str) -> Cell:
    """Say which rules hold now, and which held the year before."""
    told = []
    if isinstance(row["why"], tuple) and row["why"]:
        told.append(why_text(evaluation, row["why"], language))
    if isinstance(row["why_before"], tuple) and row["why_before"]:
        before = why_text(evaluation, row["why_before"], language)
        told.append(word("enterprises.why_before", language, why=before))
    was = row["population_before"]
    if isinstance(was, str) and isinstance(row["population"], str) and was != row["population"]:
        told.append(word("enterprises.other_population", language))
    return cell.text(("；" if language == "zh" else "; ").join(told))
