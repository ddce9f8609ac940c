"""What a report cannot tell: which clauses, why, and who must supply what."""

from tenglong.measure.judge.assessment import Board, Status
from tenglong.show import cell
from tenglong.show.assessed import by_urgency, reason_text, status_html, supplier, supply
from tenglong.show.cell import Cell
from tenglong.show.page import Page
from tenglong.show.piece import Piece
from tenglong.show.table import Column, table


def unknowns(page: Page, board: Board) -> Piece:
    """Draw what cannot be told, why, and which unit must supply what."""
    rows = [
        one
        for one in by_urgency(board.quantified)
        if not one.status.is_known and one.reason.code != "county_target"
    ]
    columns = [
        Column(
            page.word("column.clause"),
            [cell.text(o.clause.name[page.language]) for o in rows],
            True,
        ),
        Column(
            page.word("column.section"),
            [cell.text(o.clause.section) for o in rows],
            css="short",
        ),
        Column(page.word("column.status"), [_status(page, one.status) for one in rows]),
        Column(
            page.word("column.why"),
            [cell.text(reason_text(page, o)) for o in rows],
        ),
        Column(page.word("column.supply"), [cell.text(supply(page, o)) for o in rows]),
        Column(page.word("column.supplier"), [cell.text(supplier(o, page.place)) for o in rows]),
    ]
    caption = page.word("table.unknowns")
    return table(columns, caption=caption, name="unknowns")


def narratives(page: Page, board: Board) -> Piece:
    """List what the plan promises without a quantity: it is not judged, and never zero."""
    rows = [one.clause for one in board.assessments if one.status is Status.NOT_QUANTIFIABLE]
    columns = [
        Column(page.word("column.clause"), [cell.text(c.name[page.language]) for c in rows], True),
        Column(page.word("column.section"), [cell.text(c.section) for c in rows], css="short"),
        Column(page.word("column.text"), [cell.text(c.text) for c in rows]),
        Column(page.word("column.lead"), [cell.text(c.lead) for c in rows]),
    ]
    caption = page.word("table.narratives")
    return table(columns, caption=caption, name="narratives")


def _status(page: Page, status: Status) -> Cell:
    return Cell(status_html(page, status), page.word(f"status.{status}"))
