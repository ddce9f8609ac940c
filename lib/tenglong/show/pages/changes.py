"""What changed since an earlier report (与上期相比): statuses, restated figures, plan and rules."""

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from html import escape
from typing import Any

import pandas as pd

from tenglong.measure.clause import (
    Baseline,
    Clause,
    IndicatorRef,
    Kind,
    Label,
    Operator,
    Window,
    written,
)
from tenglong.measure.county import County
from tenglong.measure.target.assessment import Status
from tenglong.measure.target.comparison import Change, Comparison, Move, Restated, Value
from tenglong.show import cell
from tenglong.show.assessed import in_unit, promise_text, status_html
from tenglong.show.cell import Cell
from tenglong.show.finding import findings, sentence
from tenglong.show.number import MISSING, figure, plain
from tenglong.show.piece import Piece
from tenglong.show.table import Column, table
from tenglong.show.words import word

ORDER = (Move.WORSE, Move.BETTER, Move.UNTOLD, Move.TOLD, Move.SAME)


def changes(
    county: County,
    comparison: Comparison,
    *,
    published: pd.DataFrame | None = None,
    language: str = "zh",
    name: str = "changes",
) -> Piece:
    """Tell what changed: a sentence of counts, then a table of each kind of change there is.

    Parameters
    ----------
    published
        Published figures that were restated since, as `measure.title.revisions` gives them.
    name
        Begins the names of its CSV files.
    """
    pieces = [
        _summary(comparison, language, name),
        _moved(comparison, language, name),
        _restated(comparison, language, name),
        _published(county, published, language, name),
        _plan(comparison, language, name),
        _rules(comparison, language, name),
    ]
    shown = [piece for piece in pieces if piece is not None]
    csv = {file: text for piece in shown for file, text in piece.csv.items()}
    return Piece("".join(piece.html for piece in shown), csv)


def _summary(comparison: Comparison, language: str, name: str) -> Piece:
    before = comparison.before_on
    if comparison.is_nothing:
        line = sentence("changes.none", language, before=before)
    else:
        parts = [
            sentence(f"changes.count.{key}", language, count=count)
            for key, count in _counts(comparison).items()
            if count
        ]
        line = sentence("changes.figures_only", language, before=before)
        if parts:
            line = sentence("changes.summary", language, before=before, counts=parts)
    return findings(line, name=name)


def _counts(comparison: Comparison) -> Mapping[str, int]:
    ways = (Move.BETTER, Move.WORSE, Move.TOLD, Move.UNTOLD)
    return {
        **{way.value: len(comparison.moved(way)) for way in ways},
        "same": sum(one.before.status is not one.now.status for one in comparison.moved(Move.SAME)),
        "restated": len(comparison.restated),
        "added": len(comparison.added),
        "withdrawn": len(comparison.withdrawn),
        "amended": len(comparison.amended),
        "rules": len(comparison.rules),
    }


def _said(key: str, language: str) -> str:
    return word(f"changes.column.{key}", language)


def _clauses(clauses: list[Clause], language: str) -> Column:
    names = [cell.text(one.name[language]) for one in clauses]
    return Column(word("column.clause", language), names, is_header=True)


def _moved(comparison: Comparison, language: str, name: str) -> Piece | None:
    moved = [one for one in comparison.changes if one.before.status is not one.now.status]
    rows = sorted(moved, key=lambda one: ORDER.index(one.move))
    if not rows:
        return None
    columns = [
        _clauses([one.clause for one in rows], language),
        Column(_said("before", language), [_status(one.before.status, language) for one in rows]),
        Column(_said("now", language), [_status(one.now.status, language) for one in rows]),
        Column(
            _said("move", language),
            [cell.text(word(f"changes.move.{one.move}", language)) for one in rows],
        ),
        Column(_said("actual", language), [_figure(one.actual, one, language) for one in rows]),
        Column(_said("progress", language), [_points(one.progress) for one in rows]),
        Column(_said("gap", language), [_points(one.gap) for one in rows]),
        Column(
            word("column.lead", language),
            [cell.text(one.clause.lead or MISSING) for one in rows],
            css="unit",
        ),
    ]
    return table(columns, caption=word("changes.table.moved", language), name=f"{name}_moved")


def _status(status: Status, language: str) -> Cell:
    return Cell(status_html(status, language), word(f"status.{status}", language))


def _figure(value: Fraction | None, change: Change, language: str) -> Cell:
    one = change.now
    if value is None or one.clause.kind is Kind.GROWTH or one.clause.unit in ("", "%"):
        return _points_moved(value, one.clause.unit, language)
    text = in_unit(value, one, language)
    return Cell(escape(f"+{text}" if value > 0 else text), plain(value), is_number=True)


def _points_moved(value: Fraction | None, unit: str, language: str) -> Cell:
    """Give how far a share moved: in percentage points, not in per cent."""
    if value is None:
        return Cell(MISSING, "", is_number=True)
    points = figure(value if unit else value * 100, 2, sign=True)
    return Cell(escape(word("changes.points", language, points=points)), plain(value), True)


def _points(share: Fraction | None) -> Cell:
    return cell.number(None if share is None else share * 100, 1, sign=True)


def _restated(comparison: Comparison, language: str, name: str) -> Piece | None:
    rows = comparison.restated
    if not rows:
        return None
    columns = [
        _clauses([one.clause for one in rows], language),
        Column(
            _said("until", language), [cell.text(one.end.isoformat()) for one in rows], css="short"
        ),
        Column(_said("old", language), [_value(one.old) for one in rows]),
        Column(_said("new", language), [_value(one.new) for one in rows]),
        Column(_said("difference", language), [_difference(one) for one in rows]),
        Column(_said("unit", language), [cell.text(one.clause.unit or MISSING) for one in rows]),
    ]
    caption = word("changes.table.restated", language)
    return table(columns, caption=caption, name=f"{name}_restated")


def _value(value: Value) -> Cell:
    if isinstance(value, date):
        return cell.text(value.isoformat())
    return cell.number(value)


def _difference(one: Restated) -> Cell:
    if isinstance(one.old, Fraction) and isinstance(one.new, Fraction):
        return cell.number(one.new - one.old, sign=True)
    return Cell(MISSING, "", is_number=True)


def _published(
    county: County, found: pd.DataFrame | None, language: str, name: str
) -> Piece | None:
    if found is None or found.empty:
        return None
    labels = _series_labels(county)
    names = [labels.get(code, Label(code, code))[language] for code in found["indicator"]]
    days = [str(day.date()) if pd.notna(day) else MISSING for day in found["new_published_on"]]
    columns = [
        Column(_said("series", language), [cell.text(one) for one in names], is_header=True),
        Column(_said("period", language), [cell.text(one) for one in found["period"]], css="short"),
        *(
            Column(
                _said(key, language),
                [cell.number(value, sign=key == "difference") for value in found[key]],
            )
            for key in ("old", "new", "difference")
        ),
        Column(_said("unit", language), [cell.text(one or MISSING) for one in found["unit"]]),
        Column(
            _said("publisher", language),
            [cell.text(one or MISSING) for one in found["new_publisher"]],
        ),
        Column(_said("published_on", language), [cell.text(one) for one in days], css="short"),
    ]
    caption = word("changes.table.published", language)
    return table(columns, caption=caption, name=f"{name}_published")


def _series_labels(county: County) -> Mapping[str, Label]:
    """Name the published figures: by what they are compared with, or the clause they measure."""
    clauses = {
        str(one.indicator.options["indicator"]): one.name
        for one in county.plan.clauses
        if one.indicator and "indicator" in one.indicator.options
    }
    series = county.policy["series"]
    compared = {one["official"]: Label(**one["name"]) for one in series["compared"]}
    others = {code: Label(**name) for code, name in series["names"].items()}
    return {**clauses, **others, **compared}


def _plan(comparison: Comparison, language: str, name: str) -> Piece | None:
    rows = [
        *(
            (one.clause, "added", "", promise_text(one.clause, language))
            for one in comparison.added
        ),
        *(
            (one.clause, "withdrawn", promise_text(one.clause, language), "")
            for one in comparison.withdrawn
        ),
        *(
            (one.clause, one.term, _term(one.old, language), _term(one.new, language))
            for one in comparison.amended
        ),
    ]
    if not rows:
        return None
    columns = [
        _clauses([clause for clause, *_ in rows], language),
        Column(
            _said("term", language),
            [cell.text(word(f"changes.term.{term}", language)) for _, term, _, _ in rows],
        ),
        Column(_said("old", language), [cell.text(old or MISSING) for _, _, old, _ in rows]),
        Column(_said("new", language), [cell.text(new or MISSING) for *_, new in rows]),
    ]
    return table(columns, caption=word("changes.table.plan", language), name=f"{name}_plan")


def _term(value: Any, language: str) -> str:
    match value:
        case None:
            return ""
        case bool():
            return word(f"changes.value.{str(value).lower()}", language)
        case Kind():
            return word(f"kind.{value}", language)
        case tuple():
            return ("、" if language == "zh" else ", ").join(map(str, value))
        case _:
            return _WRITTEN.get(type(value), str)(value)


def _baseline(value: Baseline) -> str:
    figure = MISSING if value.value is None else written(value.value)
    return f"{value.year}: {figure}"


def _indicator(value: IndicatorRef) -> str:
    options = ", ".join(f"{key}={one}" for key, one in sorted(value.options.items()))
    return f"{value.name}({options})"


_WRITTEN: Mapping[type, Callable[[Any], str]] = {
    Fraction: written,
    Operator: lambda value: str(value.sign),
    Window: lambda value: f"{value.start} — {value.end}",
    Baseline: _baseline,
    IndicatorRef: _indicator,
}


def _rules(comparison: Comparison, language: str, name: str) -> Piece | None:
    rows = comparison.rules
    if not rows:
        return None
    columns = [
        Column(_said("file", language), [cell.text(f"{one.file}.yml") for one in rows], True),
        Column(_said("key", language), [cell.text(one.key) for one in rows]),
        Column(_said("old", language), [cell.text(one.old or MISSING) for one in rows]),
        Column(_said("new", language), [cell.text(one.new or MISSING) for one in rows]),
    ]
    return table(columns, caption=word("changes.table.rules", language), name=f"{name}_rules")
