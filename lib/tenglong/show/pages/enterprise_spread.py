"""The lower half of the evaluation page: indicators beside benchmarks, and what follows."""

from typing import Any

import pandas as pd

from tenglong.measure.evaluation.outcome import Evaluation
from tenglong.measure.sheet.enterprises import EnterprisesSheet, GradeMeasure
from tenglong.show import cell
from tenglong.show.cell import Cell
from tenglong.show.evaluated import group_text, part_label, rule_text
from tenglong.show.finding import findings
from tenglong.show.lacking import not_supplied, supplier_of
from tenglong.show.number import MISSING, percent, plain, unit_text
from tenglong.show.page import Page
from tenglong.show.piece import Piece
from tenglong.show.table import Column, table


def indicators(page: Page, review: EnterprisesSheet) -> Piece:
    """Set the ratios of sums beside the benchmarks, population by population."""
    if review.evaluation is None:
        return not_supplied(page)
    rows = review.areas.to_dict("records")
    columns = [_column(page, *one) for one in _indicator_cells(page, review.evaluation, rows)]
    return table(
        columns,
        caption=page.word("enterprises.table.areas", year=review.year),
        name="enterprises_indicators",
        note=page.word("enterprises.note.areas"),
    )


def _column(page: Page, key: str, cells: list[Cell]) -> Column:
    return Column(page.word(f"enterprises.column.{key}"), cells, key == "indicator")


def _indicator_cells(
    page: Page, evaluation: Evaluation, rows: list[dict[Any, Any]]
) -> list[tuple[str, list[Cell]]]:
    scheme = evaluation.scheme
    units = [scheme.indicators[row["indicator"]].unit for row in rows]
    labels = [part_label(evaluation, row["population"], row["part"])[page.language] for row in rows]
    populations = [scheme.populations[row["population"]].name[page.language] for row in rows]
    pairs = list(zip(rows, units, strict=True))
    return [
        ("population", list(map(cell.text, populations))),
        ("indicator", list(map(cell.text, labels))),
        ("unit", [cell.text(unit_text(unit or "%", page.language)) for unit in units]),
        ("sum", [_in_unit(row["value"], unit) for row, unit in pairs]),
        ("benchmark", [_in_unit(row["benchmark"], unit) for row, unit in pairs]),
        ("share", [_percent(row["share"]) for row in rows]),
        ("weight", [cell.number(row["weight"], 0) for row in rows]),
        ("firms", [cell.number(row["firms"], 0) for row in rows]),
        ("lacking", [cell.number(row["firms_lacking"], 0) for row in rows]),
    ]


def _in_unit(value: Any, unit: str) -> Cell:
    if value is None or pd.isna(value):
        return cell.number(None)
    return cell.number(value if unit else value * 100)


def _percent(share: Any) -> Cell:
    if share is None or pd.isna(share):
        return cell.number(None)
    return Cell(percent(share), plain(share), is_number=True)


def grade_measures(page: Page, review: EnterprisesSheet) -> Piece:
    """Draw what follows from each grade, who answers for it, and where that is written."""
    grades = review.grades or tuple(
        sorted({grade for one in review.measures for grade in one.by_grade})
    )
    measures = review.measures
    by_grade = [
        Column(
            page.word("evaluation.grades", grades=grade),
            [_for_grade(page, one, grade) for one in measures],
        )
        for grade in grades
    ]
    columns = [
        Column(
            page.word("enterprises.column.measure"),
            [cell.text(one.name[page.language]) for one in measures],
            is_header=True,
        ),
        *by_grade,
        Column(page.word("enterprises.column.rate"), [_rate(page, o) for o in measures]),
        Column(
            page.word("enterprises.column.units"),
            [_units(page, one) for one in measures],
            css="unit",
        ),
        Column(
            page.word("enterprises.column.source"),
            [cell.text(one.source[page.language]) for one in measures],
        ),
    ]
    return table(
        columns,
        caption=page.word("enterprises.table.measures"),
        name="enterprises_measures",
        note=page.word("enterprises.note.measures"),
    )


def _for_grade(page: Page, one: GradeMeasure, grade: str) -> Cell:
    label = one.by_grade.get(grade)
    return cell.text(label[page.language] if label else MISSING)


def _rate(page: Page, one: GradeMeasure) -> Cell:
    return cell.text(one.rate[page.language] if one.rate else MISSING)


def _units(page: Page, one: GradeMeasure) -> Cell:
    comma = "、" if page.language == "zh" else ", "
    named = [clause.units for clause in page.place.plan.clauses if clause.id == one.clause]
    return cell.text(comma.join(named[0]) if named and named[0] else MISSING)


def scheme_sources(page: Page, review: EnterprisesSheet) -> Piece:
    """Say which scheme was used, and where it comes from."""
    if review.evaluation is None:
        return not_supplied(page)
    scheme = review.evaluation.scheme
    source = scheme.source_en if page.language == "en" and scheme.source_en else scheme.source
    columns = [
        Column(
            page.word("enterprises.column.scheme"), [cell.text(scheme.name[page.language])], True
        ),
        Column(page.word("enterprises.column.source"), [cell.text(" ".join(source.split()))]),
    ]
    caption = page.word("enterprises.table.scheme")
    return table(columns, caption=caption, name="enterprises_scheme")


def quality(page: Page, review: EnterprisesSheet) -> Piece:
    """Say what was not supplied and which rule it leaves open, and which groups are small."""
    evaluation = review.evaluation
    name = "enterprises_quality"
    if evaluation is None:
        return not_supplied(page)
    told = [
        page.sentence(
            "evaluation.lacking",
            used_by=rule_text(page, evaluation, one.used_by.removeprefix("population ")),
            table=page.label(one.table),
            column=page.label(one.table, one.column),
            unit=supplier_of(page.place, one.table, one.column),
        )
        for one in evaluation.lacking
    ]
    for note in evaluation.notes:
        about = dict(note.about)
        if "group" in about:
            about["group"] = group_text(page, evaluation, about["group"], review.industries)
        told.append(page.sentence(f"evaluation.note.{note.code}", **about))
    if review.low is not None and review.low.firms_lacking:
        lacking = review.low.firms_lacking
        told.append(page.sentence("enterprises.low_lacking", count=lacking))
    out = page.sentence("enterprises.out_of_scope", count=evaluation.out_of_scope)
    return findings(*told, out, name=name)
