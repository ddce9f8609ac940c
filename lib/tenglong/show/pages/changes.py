"""What changed since an earlier report (与上期相比): statuses, restated figures, plan and rules."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from html import escape
from typing import Any

import pandas as pd

from tenglong.measure.board.change import Amendment, Change, Comparison, Move, Restated, Value
from tenglong.measure.clause import (
    Baseline,
    IndicatorRef,
    Kind,
    Label,
    Operator,
    Window,
    written,
)
from tenglong.show.amount import difference_text, promise_text
from tenglong.show.assessed import status_cell
from tenglong.show.cell import Cell
from tenglong.show.finding import findings
from tenglong.show.listing import (
    Field,
    Rows,
    coded,
    difference,
    filled,
    itself,
    label,
    listing,
    number,
    pairs,
    points,
    text,
    unit,
)
from tenglong.show.number import MISSING, plain
from tenglong.show.page import Page
from tenglong.show.pages.scorecard import CLAUSE, LEAD
from tenglong.show.piece import Piece, stacked

ORDER = (
    *(Move.WORSE, Move.BETTER, Move.UNTOLD, Move.TOLD),
    *(Move.CLOSED, Move.BEGUN, Move.RESTS, Move.REASON),
)
PARTS = ("restated", "added", "withdrawn", "amended", "rules")


def _figure(page: Page, change: Change) -> Cell:
    """Draw how far a figure moved; a share in percentage points, not in per cent."""
    value, clause = change.actual, change.clause
    if value is None:
        return number(2)(page, None)
    shown = f"{'+' if value > 0 else ''}{difference_text(page, value, clause)}"
    return Cell(escape(shown), plain(value), is_number=True)


def _value(page: Page, value: Value) -> Cell:
    return text(page, value) if isinstance(value, date) else number(2)(page, value)


def _difference(restated: Restated) -> Fraction | None:
    if isinstance(restated.old, Fraction) and isinstance(restated.new, Fraction):
        return restated.new - restated.old
    return None


def _series(page: Page, code: str) -> Cell:
    """Name a published figure: by what it is compared with, or the clause that it measures."""
    clauses = {
        str(one.indicator.options["indicator"]): one.name
        for one in page.place.plan.clauses
        if one.indicator and "indicator" in one.indicator.options
    }
    series = page.place.policy["series"]
    compared = {one["official"]: Label(**one["name"]) for one in series["compared"]}
    others = {code: Label(**name) for code, name in series["names"].items()}
    names = {**clauses, **others, **compared}
    return label(page, names.get(code, Label(code, code)))


def _indicator(value: IndicatorRef) -> str:
    options = ", ".join(f"{key}={one}" for key, one in sorted(value.options.items()))
    return f"{value.name}({options})"


WRITTEN: Mapping[type, Callable[[Any], str]] = {
    Fraction: written,
    Operator: lambda value: str(value.sign),
    Window: lambda value: f"{value.start} — {value.end}",
    Baseline: lambda it: f"{it.year}: {MISSING if it.value is None else written(it.value)}",
    IndicatorRef: _indicator,
}


def _written(page: Page, value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return page.word(f".value.{str(value).lower()}")
        case Kind():
            return page.word(f"kind.{value}")
        case tuple():
            return page.joined(map(str, value))
        case _:
            return WRITTEN.get(type(value), str)(value)


def _term(page: Page, value: Any) -> Cell:
    return filled(page, _written(page, value))


MOVED = (
    CLAUSE,
    Field("before", status_cell, "before.status"),
    Field("now", status_cell, "now.status"),
    Field("move", coded(".move")),
    Field("actual", _figure, itself),
    Field("progress", points(sign=True)),
    Field("gap", points(sign=True)),
    LEAD,
)
RESTATED = (
    CLAUSE,
    Field("until", text, "end", css="short"),
    Field("old", _value),
    Field("new", _value),
    Field("difference", difference, lambda one: (_difference(one), one.clause.unit)),
    Field("unit", unit, "clause.unit"),
)
PUBLISHED = (
    Field("series", _series, "indicator", is_header=True),
    Field("period", css="short"),
    Field("old", number(2)),
    Field("new", number(2)),
    Field("difference", difference, pairs("difference")),
    Field("unit", unit),
    Field("publisher", filled, "new_publisher"),
    Field("published_on", text, lambda rows: rows["new_published_on"].dt.date, css="short"),
)
PLAN = (CLAUSE, Field("term", coded(".term")), Field("old", _term), Field("new", _term))
RULES = (
    Field("file", text, lambda rule: f"{rule.file}.yml", is_header=True),
    Field("key"),
    Field("old", filled),
    Field("new", filled),
)


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
    page = page.speaking("changes")
    moved = [change for change in comparison.changes if change.move is not Move.SAME]
    lists: Mapping[str, tuple[Rows, Iterable[Field]]] = {
        "moved": (sorted(moved, key=lambda change: ORDER.index(change.move)), MOVED),
        "restated": (comparison.restated, RESTATED),
        "published": (() if published is None else published, PUBLISHED),
        "plan": (_plan(page, comparison), PLAN),
        "rules": (comparison.rules, RULES),
    }
    tables = [
        listing(
            page,
            rows,
            fields,
            caption=page.caption(f".table.{kind}"),
            name=f"{name}_{kind}",
            nothing=Piece(""),
        )
        for kind, (rows, fields) in lists.items()
    ]
    return stacked(_summary(page, comparison, name), *tables)


def _plan(page: Page, comparison: Comparison) -> Sequence[Amendment]:
    """Give what the plan states otherwise; clauses come and go with what they ask for."""
    added = [one.clause for one in comparison.added]
    gone = [one.clause for one in comparison.withdrawn]
    return (
        *(Amendment(clause, "added", None, promise_text(page, clause)) for clause in added),
        *(Amendment(clause, "withdrawn", promise_text(page, clause), None) for clause in gone),
        *comparison.amended,
    )


def _summary(page: Page, comparison: Comparison, name: str) -> Piece:
    counts = [
        page.sentence(f".count.{key}", count=count)
        for key, count in _counts(comparison).items()
        if count
    ]
    key = ".none" if comparison.is_nothing else ".summary" if counts else ".figures_only"
    said = page.sentence(key, before=comparison.before_on, counts=counts)
    return findings(said, name=name)


def _counts(comparison: Comparison) -> Mapping[str, int]:
    return {
        **{way.value: len(comparison.moved(way)) for way in Move if way is not Move.SAME},
        **{part: len(getattr(comparison, part)) for part in PARTS},
    }
