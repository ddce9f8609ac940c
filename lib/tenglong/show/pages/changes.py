"""What changed since an earlier report (与上期相比): statuses, restated figures, plan and rules."""

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from html import escape
from typing import Any

import pandas as pd

from tenglong.measure.board.change import Change, Comparison, Move, Restated, Value
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
from tenglong.measure.judge.assessment import Status
from tenglong.show import cell
from tenglong.show.assessed import in_unit, promise_text, status_html
from tenglong.show.cell import Cell
from tenglong.show.finding import findings
from tenglong.show.number import MISSING, figure, plain
from tenglong.show.page import Page
from tenglong.show.piece import Piece
from tenglong.show.table import Column, table

ORDER = (Move.WORSE, Move.BETTER, Move.UNTOLD, Move.TOLD, Move.SAME)


def changes(
    page: Page,
    comparison: Comparison,
    *,
    published: pd.DataFrame | None = None,
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
        _summary(page, comparison, name),
        _moved(page, comparison, name),
        _restated(page, comparison, name),
        _published(page, published, name),
        _plan(page, comparison, name),
        _rules(page, comparison, name),
    ]
    shown = [piece for piece in pieces if piece is not None]
    csv = {file: text for piece in shown for file, text in piece.csv.items()}
    return Piece("".join(piece.html for piece in shown), csv)


def _summary(page: Page, comparison: Comparison, name: str) -> Piece:
    before = comparison.before_on
    if comparison.is_nothing:
        line = page.sentence("changes.none", before=before)
    else:
        parts = [
            page.sentence(f"changes.count.{key}", count=count)
            for key, count in _counts(comparison).items()
            if count
        ]
        line = page.sentence("changes.figures_only", before=before)
        if parts:
            line = page.sentence("changes.summary", before=before, counts=parts)
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


def _said(page: Page, key: str) -> str:
    return page.word(f"changes.column.{key}")


def _clauses(page: Page, clauses: list[Clause]) -> Column:
    names = [cell.text(one.name[page.language]) for one in clauses]
    return Column(page.word("column.clause"), names, is_header=True)


def _moved(page: Page, comparison: Comparison, name: str) -> Piece | None:
    moved = [one for one in comparison.changes if one.before.status is not one.now.status]
    rows = sorted(moved, key=lambda one: ORDER.index(one.move))
    if not rows:
        return None
    columns = [
        _clauses(page, [one.clause for one in rows]),
        Column(_said(page, "before"), [_status(page, one.before.status) for one in rows]),
        Column(_said(page, "now"), [_status(page, one.now.status) for one in rows]),
        Column(
            _said(page, "move"),
            [cell.text(page.word(f"changes.move.{one.move}")) for one in rows],
        ),
        Column(_said(page, "actual"), [_figure(page, one.actual, one) for one in rows]),
        Column(_said(page, "progress"), [_points(one.progress) for one in rows]),
        Column(_said(page, "gap"), [_points(one.gap) for one in rows]),
        Column(
            page.word("column.lead"),
            [cell.text(one.clause.lead or MISSING) for one in rows],
            css="unit",
        ),
    ]
    return table(columns, caption=page.word("changes.table.moved"), name=f"{name}_moved")


def _status(page: Page, status: Status) -> Cell:
    return Cell(status_html(page, status), page.word(f"status.{status}"))


def _figure(page: Page, value: Fraction | None, change: Change) -> Cell:
    one = change.now
    if value is None or one.clause.kind is Kind.GROWTH or one.clause.unit in ("", "%"):
        return _points_moved(page, value, one.clause.unit)
    text = in_unit(page, value, one)
    return Cell(escape(f"+{text}" if value > 0 else text), plain(value), is_number=True)


def _points_moved(page: Page, value: Fraction | None, unit: str) -> Cell:
    """Give how far a share moved: in percentage points, not in per cent."""
    if value is None:
        return Cell(MISSING, "", is_number=True)
    points = figure(value if unit else value * 100, 2, sign=True)
    return Cell(escape(page.word("changes.points", points=points)), plain(value), True)


def _points(share: Fraction | None) -> Cell:
    return cell.number(None if share is None else share * 100, 1, sign=True)


def _restated(page: Page, comparison: Comparison, name: str) -> Piece | None:
    rows = comparison.restated
    if not rows:
        return None
    columns = [
        _clauses(page, [one.clause for one in rows]),
        Column(_said(page, "until"), [cell.text(one.end.isoformat()) for one in rows], css="short"),
        Column(_said(page, "old"), [_value(one.old) for one in rows]),
        Column(_said(page, "new"), [_value(one.new) for one in rows]),
        Column(_said(page, "difference"), [_difference(one) for one in rows]),
        Column(_said(page, "unit"), [cell.text(one.clause.unit or MISSING) for one in rows]),
    ]
    caption = page.word("changes.table.restated")
    return table(columns, caption=caption, name=f"{name}_restated")


def _value(value: Value) -> Cell:
    if isinstance(value, date):
        return cell.text(value.isoformat())
    return cell.number(value)


def _difference(one: Restated) -> Cell:
    if isinstance(one.old, Fraction) and isinstance(one.new, Fraction):
        return cell.number(one.new - one.old, sign=True)
    return Cell(MISSING, "", is_number=True)


def _published(page: Page, found: pd.DataFrame | None, name: str) -> Piece | None:
    if found is None or found.empty:
        return None
    labels = _series_labels(page.place)
    names = [labels.get(code, Label(code, code))[page.language] for code in found["indicator"]]
    days = [str(day.date()) if pd.notna(day) else MISSING for day in found["new_published_on"]]
    columns = [
        Column(_said(page, "series"), [cell.text(one) for one in names], is_header=True),
        Column(_said(page, "period"), [cell.text(one) for one in found["period"]], css="short"),
        *(
            Column(
                _said(page, key),
                [cell.number(value, sign=key == "difference") for value in found[key]],
            )
            for key in ("old", "new", "difference")
        ),
        Column(_said(page, "unit"), [cell.text(one or MISSING) for one in found["unit"]]),
        Column(
            _said(page, "publisher"),
            [cell.text(one or MISSING) for one in found["new_publisher"]],
        ),
        Column(_said(page, "published_on"), [cell.text(one) for one in days], css="short"),
    ]
    caption = page.word("changes.table.published")
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


def _plan(page: Page, comparison: Comparison, name: str) -> Piece | None:
    rows = [
        *((one.clause, "added", "", promise_text(page, one.clause)) for one in comparison.added),
        *(
            (one.clause, "withdrawn", promise_text(page, one.clause), "")
            for one in comparison.withdrawn
        ),
        *(
            (one.clause, one.term, _term(page, one.old), _term(page, one.new))
            for one in comparison.amended
        ),
    ]
    if not rows:
        return None
    columns = [
        _clauses(page, [clause for clause, *_ in rows]),
        Column(
            _said(page, "term"),
            [cell.text(page.word(f"changes.term.{term}")) for _, term, _, _ in rows],
        ),
        Column(_said(page, "old"), [cell.text(old or MISSING) for _, _, old, _ in rows]),
        Column(_said(page, "new"), [cell.text(new or MISSING) for *_, new in rows]),
    ]
    return table(columns, caption=page.word("changes.table.plan"), name=f"{name}_plan")


def _term(page: Page, value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return page.word(f"changes.value.{str(value).lower()}")
        case Kind():
            return page.word(f"kind.{value}")
        case tuple():
            return ("、" if page.language == "zh" else ", ").join(map(str, value))
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


def _rules(page: Page, comparison: Comparison, name: str) -> Piece | None:
    rows = comparison.rules
    if not rows:
        return None
    columns = [
        Column(_said(page, "file"), [cell.text(f"{one.file}.yml") for one in rows], True),
        Column(_said(page, "key"), [cell.text(one.key) for one in rows]),
        Column(_said(page, "old"), [cell.text(one.old or MISSING) for one in rows]),
        Column(_said(page, "new"), [cell.text(one.new or MISSING) for one in rows]),
    ]
    return table(columns, caption=page.word("changes.table.rules"), name=f"{name}_rules")
