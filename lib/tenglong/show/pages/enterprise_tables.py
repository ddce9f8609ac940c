"""The tables of the evaluation page: who needs action, what moved, and everybody else."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from tenglong.measure.evaluation.outcome import Evaluation
from tenglong.measure.sheet.enterprises import EnterprisesSheet
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
from tenglong.show.page import Page
from tenglong.show.piece import Piece, wide
from tenglong.show.table import Column, table

MOST_ROWS, MOST_LOW, MOST_MOVES, MOST_FALLEN = 300, 150, 60, 10
# Changes that are told, the worst first.
CHANGES = ("worse", "other", "better", "same", "new", "gone")
OF_GRADE = 3  # how many of these are changes of the grade
Rows = list[dict[Any, Any]]


def low_firms(page: Page, review: EnterprisesSheet) -> Piece:
    """List the firms of the low grades, the worst first, each with what costs it the most."""
    if review.evaluation is None:
        return not_supplied(page)
    if not review.grades:
        return _note(page, "enterprises.ungraded")
    firms = review.of_grade(*review.low_grades)
    grades = grades_text(page, review.low_grades)
    if firms.empty:
        return _note(page, "enterprises.no_low", grades=grades)
    rows = _worst_first(review, firms)
    return _firm_table(
        page,
        review,
        rows,
        caption=page.word("enterprises.table.low", grades=grades),
        name="enterprises_low",
        most=MOST_LOW,
    )


def other_firms(page: Page, review: EnterprisesSheet) -> Piece:
    """List the other firms by population and rank; those that are not evaluated last."""
    if review.evaluation is None:
        return not_supplied(page)
    low = review.of_grade(*review.low_grades)
    rows = review.firms.drop(low.index).to_dict("records")
    caption = page.word("enterprises.table.rest")
    most = MOST_ROWS - min(len(low), MOST_LOW)
    return _firm_table(page, review, rows, caption=caption, name="enterprises_others", most=most)


def _note(page: Page, key: str, **values: object) -> Piece:
    return Piece(f'<p class="note">{cell.text(page.word(key, **values)).html}</p>')


def _worst_first(review: EnterprisesSheet, firms: pd.DataFrame) -> Rows:
    order = {grade: place for place, grade in enumerate(review.grades)}
    rows: Rows = firms.to_dict("records")
    return sorted(
        rows, key=lambda row: (-order[row["grade"]], row["population"], -_or_zero(row["rank"]))
    )


def _or_zero(value: Any) -> int:
    return 0 if pd.isna(value) else int(value)


def _firm_table(
    page: Page, review: EnterprisesSheet, rows: Rows, *, caption: str, name: str, most: int
) -> Piece:
    evaluation = review.evaluation
    if evaluation is None:
        return not_supplied(page)
    if not rows:
        return _note(page, "enterprises.no_firms")
    note = page.word("enterprises.note.weakest")
    if len(rows) > most:
        note = f"{note} {page.word('table.more', rows=len(rows))}"
    columns = [
        *_who(page, review, rows),
        _column(page, "population", [_population(page, evaluation, row) for row in rows]),
        _column(page, "grade", [grade_cell(row["grade"], review.grades) for row in rows]),
        _column(page, "before", [_before(review, row) for row in rows]),
        _column(page, "score", [cell.entry(row["score"]) for row in rows]),
        _column(page, "rank", [cell.entry(row["rank"], 0) for row in rows]),
        _column(page, "of", [cell.entry(row["of"], 0) for row in rows], in_page=False),
        _column(page, "tax_per_mu", [cell.entry(row["tax_wan_per_mu"]) for row in rows]),
        _column(page, "land", [cell.entry(row["land_mu"]) for row in rows], in_page=False),
        _column(page, "tax", [cell.entry(row["tax_wan"]) for row in rows], in_page=False),
        _column(page, "weakest", [_weakest(page, evaluation, row) for row in rows]),
        _column(page, "lost", [cell.entry(row["lost"], 1) for row in rows]),
        _column(page, "why", [_why(page, evaluation, row) for row in rows], css="unit"),
    ]
    ids = [f"firm-{row['usci']}" for row in rows]
    return wide(table(columns, caption=caption, name=name, note=note, row_ids=ids, most_rows=most))


def _column(
    page: Page, key: str, cells: Sequence[Cell], *, in_page: bool = True, css: str = ""
) -> Column:
    return Column(page.word(f"enterprises.column.{key}"), cells, in_page=in_page, css=css)


def _who(page: Page, review: EnterprisesSheet, rows: Rows) -> list[Column]:
    return firm_columns(page, rows, townships=review.townships, industries=review.industries)


def _population(page: Page, evaluation: Evaluation, row: dict[Any, Any]) -> Cell:
    named = evaluation.scheme.populations
    key = row["population"]
    return cell.text(named[key].name[page.language] if isinstance(key, str) else MISSING)


def _before(review: EnterprisesSheet, row: dict[Any, Any]) -> Cell:
    """Give the grade of the year before."""
    return grade_cell(row.get("grade_before"), review.grades)


def _weakest(page: Page, evaluation: Evaluation, row: dict[Any, Any]) -> Cell:
    if not isinstance(row["weakest"], str):
        return cell.text(MISSING)
    label = part_label(evaluation, row["population"], row["weakest"])[page.language]
    return cell.text(f"{label} {part_value(page, evaluation, row)}")


def _why(page: Page, evaluation: Evaluation, row: dict[Any, Any]) -> Cell:
    told = filter(
        None,
        (
            why_text(page, evaluation, row["why"]),
            warning_text(page, evaluation, row["warnings"]),
        ),
    )
    return cell.text(("；" if page.language == "zh" else "; ").join(told))


def moved_firms(page: Page, review: EnterprisesSheet) -> Piece:
    """List what moved: changes of grade, the worse first, then who lost the most places.

    The CSV holds every firm of either year.
    """
    if review.evaluation is None:
        return not_supplied(page)
    if review.moves.empty:
        return _note(page, "enterprises.no_moves")
    rows = review.moves.to_dict("records")
    rows.sort(key=lambda row: (CHANGES.index(row["grade_change"]), _by_change(row)))
    regraded = sum(row["grade_change"] in CHANGES[:OF_GRADE] for row in rows)
    most = min(regraded, MOST_MOVES) + MOST_FALLEN
    note = page.word("table.more", rows=len(rows)) if len(rows) > most else ""
    drawn = table(
        _move_columns(page, review, review.evaluation, rows),
        caption=page.word("enterprises.table.moves", year=review.year),
        name="enterprises_moves",
        note=note,
        most_rows=most,
    )
    return wide(drawn)


def _by_change(row: dict[Any, Any]) -> tuple[int, str]:
    return (0 if pd.isna(row["rank_change"]) else int(row["rank_change"]), row["usci"])


def _move_columns(
    page: Page, review: EnterprisesSheet, evaluation: Evaluation, rows: Rows
) -> list[Column]:
    changes = [page.word(f"evaluation.change.{row['grade_change']}") for row in rows]
    return [
        *_who(page, review, rows),
        _column(page, "change", list(map(cell.text, changes))),
        _column(page, "before", [_before(review, row) for row in rows]),
        _column(page, "grade", [grade_cell(row["grade"], review.grades) for row in rows]),
        _column(page, "rank_before", [cell.entry(row["rank_before"], 0) for row in rows]),
        _column(page, "rank", [cell.entry(row["rank"], 0) for row in rows]),
        _column(
            page, "rank_change", [cell.entry(row["rank_change"], 0, sign=True) for row in rows]
        ),
        _column(
            page, "score_change", [cell.entry(row["score_change"], 1, sign=True) for row in rows]
        ),
        _column(page, "driver", [_driver(page, evaluation, row) for row in rows]),
        _column(
            page, "driver_change", [cell.entry(row["driver_change"], 1, sign=True) for row in rows]
        ),
        _column(page, "why", [_move_why(page, evaluation, row) for row in rows], css="unit"),
    ]


def _driver(page: Page, evaluation: Evaluation, row: dict[Any, Any]) -> Cell:
    if not isinstance(row["driver"], str):
        return cell.text(MISSING)
    return cell.text(part_label(evaluation, row["population"], row["driver"])[page.language])


def _move_why(page: Page, evaluation: Evaluation, row: dict[Any, Any]) -> Cell:
    """Say which rules hold now, and which held the year before."""
    told = []
    if isinstance(row["why"], tuple) and row["why"]:
        told.append(why_text(page, evaluation, row["why"]))
    if isinstance(row["why_before"], tuple) and row["why_before"]:
        before = why_text(page, evaluation, row["why_before"])
        told.append(page.word("enterprises.why_before", why=before))
    was = row["population_before"]
    if isinstance(was, str) and isinstance(row["population"], str) and was != row["population"]:
        told.append(page.word("enterprises.other_population"))
    return cell.text(("；" if page.language == "zh" else "; ").join(told))
