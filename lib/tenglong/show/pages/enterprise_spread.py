"""The lower half of the evaluation page: indicators beside benchmarks, and what follows."""

from typing import Any

import pandas as pd

from tenglong.measure.county import County
from tenglong.measure.evaluation.evaluated import Evaluation
from tenglong.measure.evaluation.reviewed import GradeMeasure, Review
from tenglong.show import cell
from tenglong.show.cell import Cell
from tenglong.show.evaluated import group_text, part_label, rule_text
from tenglong.show.finding import findings, sentence
from tenglong.show.lacking import not_supplied, supplier_of
from tenglong.show.number import MISSING, percent, plain, unit_text
from tenglong.show.piece import Piece
from tenglong.show.table import Column, table
from tenglong.show.words import word


def indicators(review: Review, *, language: str = "zh") -> Piece:
    """Set the ratios of sums beside the benchmarks, population by population."""
    if review.evaluation is None:
        return not_supplied(language)
    rows = review.areas.to_dict("records")
    columns = [
        _column(*one, language) for one in _indicator_cells(review.evaluation, rows, language)
    ]
    return table(
        columns,
        caption=word("enterprises.table.areas", language, year=review.year),
        name="enterprises_indicators",
        note=word("enterprises.note.areas", language),
    )


def _column(key: str, cells: list[Cell], language: str) -> Column:
    return Column(word(f"enterprises.column.{key}", language), cells, key == "indicator")


def _indicator_cells(
    evaluation: Evaluation, rows: list[dict[Any, Any]], language: str
) -> list[tuple[str, list[Cell]]]:
    scheme = evaluation.scheme
    units = [scheme.indicators[row["indicator"]].unit for row in rows]
    labels = [part_label(evaluation, row["population"], row["part"])[language] for row in rows]
    populations = [scheme.populations[row["population"]].name[language] for row in rows]
    pairs = list(zip(rows, units, strict=True))
    return [
        ("population", list(map(cell.text, populations))),
        ("indicator", list(map(cell.text, labels))),
        ("unit", [cell.text(unit_text(unit or "%", language)) for unit in units]),
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


def grade_measures(county: County, review: Review, *, language: str = "zh") -> Piece:
    """Draw what follows from each grade, who answers for it, and where that is written."""
    grades = review.grades or tuple(
        sorted({grade for one in review.measures for grade in one.by_grade})
    )
    measures = review.measures
    by_grade = [
        Column(
            word("evaluation.grades", language, grades=grade),
            [_for_grade(one, grade, language) for one in measures],
        )
        for grade in grades
    ]
    columns = [
        Column(
            word("enterprises.column.measure", language),
            [cell.text(one.name[language]) for one in measures],
            is_header=True,
        ),
        *by_grade,
        Column(word("enterprises.column.rate", language), [_rate(o, language) for o in measures]),
        Column(
            word("enterprises.column.units", language),
            [_units(county, one, language) for one in measures],
            css="unit",
        ),
        Column(
            word("enterprises.column.source", language),
            [cell.text(one.source[language]) for one in measures],
        ),
    ]
    return table(
        columns,
        caption=word("enterprises.table.measures", language),
        name="enterprises_measures",
        note=word("enterprises.note.measures", language),
    )


def _for_grade(one: GradeMeasure, grade: str, language: str) -> Cell:
    label = one.by_grade.get(grade)
    return cell.text(label[language] if label else MISSING)


def _rate(one: GradeMeasure, language: str) -> Cell:
    return cell.text(one.rate[language] if one.rate else MISSING)


def _units(county: County, one: GradeMeasure, language: str) -> Cell:
    comma = "、" if language == "zh" else ", "
    named = [clause.units for clause in county.plan.clauses if clause.id == one.clause]
    return cell.text(comma.join(named[0]) if named and named[0] else MISSING)


def scheme_sources(review: Review, *, language: str = "zh") -> Piece:
    """Say which scheme was used, and where it comes from."""
    if review.evaluation is None:
        return not_supplied(language)
    scheme = review.evaluation.scheme
    source = scheme.source_en if language == "en" and scheme.source_en else scheme.source
    columns = [
        Column(
            word("enterprises.column.scheme", language), [cell.text(scheme.name[language])], True
        ),
        Column(word("enterprises.column.source", language), [cell.text(" ".join(source.split()))]),
    ]
    caption = word("enterprises.table.scheme", language)
    return table(columns, caption=caption, name="enterprises_scheme")


def quality(county: County, review: Review, *, language: str = "zh") -> Piece:
    """Say what was not supplied and which rule it leaves open, and which groups are small."""
    evaluation = review.evaluation
    name = "enterprises_quality"
    if evaluation is None:
        return not_supplied(language)
    told = [
        sentence(
            "evaluation.lacking",
            language,
            used_by=rule_text(evaluation, one.used_by.removeprefix("population "), language),
            table=county.label(one.table)[language],
            column=county.label(one.table, one.column)[language],
            unit=supplier_of(county, one.table, one.column),
        )
        for one in evaluation.lacking
    ]
    for note in evaluation.notes:
        about = dict(note.about)
        if "group" in about:
            about["group"] = group_text(evaluation, about["group"], review.industries, language)
        told.append(sentence(f"evaluation.note.{note.code}", language, **about))
    if review.low is not None and review.low.firms_lacking:
        lacking = review.low.firms_lacking
        told.append(sentence("enterprises.low_lacking", language, count=lacking))
    out = sentence("enterprises.out_of_scope", language, count=evaluation.out_of_scope)
    return findings(*told, out, name=name)
