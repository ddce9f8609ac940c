"""Codes that refer to nothing, on the data page: which, how many rows, who must correct them."""

from collections.abc import Sequence

from tenglong.measure.sheet.data_quality import Unlinked
from tenglong.measure.stray import blanks_of_strays
from tenglong.show.lacking import supplier_of
from tenglong.show.listing import Field, itself, listing, text, whole
from tenglong.show.number import MISSING
from tenglong.show.page import Page
from tenglong.show.piece import Piece

MOST_NAMED = 5


def _column(page: Page, one: Unlinked) -> str:
    return page.label(one.strays.table, one.strays.column)


def _codes(page: Page, one: Unlinked) -> str:
    codes = blanks_of_strays(one.strays)
    named = [page.word(".code_in_row", code=code.name, row=code.row) for code in codes[:MOST_NAMED]]
    first = page.joined(named)
    return page.word(".and_more", first=first) if len(codes) > MOST_NAMED else first


def _supplier(page: Page, one: Unlinked) -> str:
    return supplier_of(page.place, one.strays.table, one.strays.column)


def _clauses(page: Page, one: Unlinked) -> str:
    return page.joined(page.told(clause.name) for clause in one.clauses) or MISSING


UNLINKED = (
    Field(".table", Page.label, "strays.table", is_header=True),
    Field(".column", _column, itself),
    Field(".not_in", Page.label, "strays.of"),
    Field(".file", text, "file"),
    Field(".code_rows", whole, lambda one: len(one.strays.codes)),
    Field(".code_count", whole, lambda one: one.strays.codes.nunique()),
    Field(".which_codes", _codes, itself, css="verbatim"),
    Field(".to_correct", _supplier, itself),
    Field(".resting", _clauses, itself),
)


def link_table(page: Page, unlinked: Sequence[Unlinked]) -> Piece:
    """Draw the columns whose codes are not found in the table they refer to; nothing for none."""
    return listing(
        page,
        unlinked,
        UNLINKED,
        caption=page.word(".unlinked"),
        name="data_unlinked",
        note=page.word(".unlinked_note"),
        nothing=Piece(""),
    )
