"""Single cells on the data page: those that clauses wait for, and those suspected of a slip."""

from collections.abc import Sequence

from tenglong.measure.reading import Suspect
from tenglong.measure.sheet.data_quality import Held
from tenglong.show.awaited import row_text, times_text
from tenglong.show.lacking import supplier_of
from tenglong.show.listing import Field, filled, itself, listing, text, whole
from tenglong.show.number import MISSING, figure
from tenglong.show.page import Page
from tenglong.show.piece import Piece, remark

MOST_ROWS = 100


def _column(page: Page, held: Held) -> str:
    cell = held.cell
    return page.label(cell.table, cell.column) if cell.column else page.word(".set_aside_rows")


def _supplier(page: Page, held: Held) -> str:
    return supplier_of(page.place, held.cell.table, held.cell.column)


def _clauses(page: Page, held: Held) -> str:
    return page.joined(page.told(clause.name) for clause in held.clauses) or MISSING


def _suspect(held: Held) -> Suspect:
    if not isinstance(held.cell, Suspect):
        raise TypeError(f"{held.cell!r} is no suspect")
    return held.cell


def _usual(page: Page, held: Held) -> str:
    one = _suspect(held)
    return f"{figure(one.usual)} ({page.word(f'suspect.{one.against}')})"


def _times(held: Held) -> str:
    one = _suspect(held)
    return times_text(one) if one.times >= 1 else f"1/{times_text(one)}"


def _state(page: Page, held: Held) -> str:
    reason = _suspect(held).accepted
    return (
        page.word(".open_suspect")
        if reason is None
        else page.word(".accepted_suspect", reason=reason)
    )


AWAITED = (
    Field(".table", Page.label, "cell.table", is_header=True),
    Field(".column", _column, itself),
    Field(".row_name", filled, "cell.name"),
    Field(".file", text, "file"),
    Field(".row", whole, "cell.row"),
    Field(".count", whole, "cell.count"),
    Field(".supplier", _supplier, itself),
    Field(".resting", _clauses, itself),
)
SUSPECTS = (
    Field(".table", Page.label, "cell.table", is_header=True),
    Field(".column", _column, itself),
    Field(".row_name", text, lambda held: row_text(_suspect(held))),
    Field(".file", text, "file"),
    Field(".row", whole, "cell.row"),
    Field(".value", text, lambda held: figure(_suspect(held).value)),
    Field(".usual", _usual, itself),
    Field(".times", text, _times),
    Field(".state", _state, itself),
    Field(".supplier", _supplier, itself),
    Field(".resting", _clauses, itself),
)


def awaited_table(page: Page, awaited: Sequence[Held]) -> Piece:
    """Draw the blank cells that clauses wait for, with their file, row and supplier."""
    return listing(
        page,
        awaited,
        AWAITED,
        caption=page.word(".awaited"),
        name="data_awaited",
        note=page.word(".awaited_note"),
        nothing=remark(page.word(".nothing_awaited")),
        most_rows=MOST_ROWS,
    )


def suspect_table(page: Page, suspects: Sequence[Held]) -> Piece:
    """Draw the values that are hundreds of times away from others, accepted ones last."""
    return listing(
        page,
        suspects,
        SUSPECTS,
        caption=page.word(".suspects"),
        name="data_suspects",
        note=page.word(".suspects_note"),
        nothing=remark(page.word(".no_suspects")),
        most_rows=MOST_ROWS,
    )
