"""What a report cannot tell: which clauses, why, and who must supply what."""

from tenglong.measure.county import County
from tenglong.measure.target.assessment import Board, Status
from tenglong.show import cell
from tenglong.show.assessed import by_urgency, reason_text, status_html, supplier, supply
from tenglong.show.cell import Cell
from tenglong.show.piece import Piece
from tenglong.show.table import Column, table
from tenglong.show.words import word


def unknowns(county: County, board: Board, *, language: str = "zh") -> Piece:
    """Draw what cannot be told, why, and which unit must supply what."""
    rows = [
        one
        for one in by_urgency(board.quantified)
        if not one.status.is_known and one.reason.code != "county_target"
    ]
    columns = [
        Column(
            word("column.clause", language),
            [cell.text(o.clause.name[language]) for o in rows],
            True,
        ),
        Column(
            word("column.section", language),
            [cell.text(o.clause.section) for o in rows],
            css="short",
        ),
        Column(word("column.status", language), [_status(one.status, language) for one in rows]),
        Column(
            word("column.why", language),
            [cell.text(reason_text(o, county, language)) for o in rows],
        ),
        Column(
            word("column.supply", language), [cell.text(supply(o, county, language)) for o in rows]
        ),
        Column(word("column.supplier", language), [cell.text(supplier(o, county)) for o in rows]),
    ]
    caption = word("table.unknowns", language)
    return table(columns, caption=caption, name="unknowns")


def narratives(board: Board, *, language: str = "zh") -> Piece:
    """List what the plan promises without a quantity: it is not judged, and never zero."""
    rows = [one.clause for one in board.assessments if one.status is Status.NOT_QUANTIFIABLE]
    columns = [
        Column(word("column.clause", language), [cell.text(c.name[language]) for c in rows], True),
        Column(word("column.section", language), [cell.text(c.section) for c in rows], css="short"),
        Column(word("column.text", language), [cell.text(c.text) for c in rows]),
        Column(word("column.lead", language), [cell.text(c.lead) for c in rows]),
    ]
    caption = word("table.narratives", language)
    return table(columns, caption=caption, name="narratives")


def _status(status: Status, language: str) -> Cell:
    return Cell(status_html(status, language), word(f"status.{status}", language))
