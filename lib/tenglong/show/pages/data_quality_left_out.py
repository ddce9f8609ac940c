"""Rules left out on the data page, since the plan has no clause that they speak of."""

from tenglong.measure.county import LeftOut
from tenglong.show.cell import Cell, text
from tenglong.show.listing import Field, itself, label, listing
from tenglong.show.page import Page
from tenglong.show.piece import Piece


def _file(page: Page, one: LeftOut) -> Cell:
    """Name the file of the rule, and the keys that lead to it."""
    file, part = text(f"{one.file}.yml"), text(".".join(one.part))
    colon = page.word(".colon")
    return Cell(
        f"<code>{file.html}</code>{colon}<code>{part.html}</code>",
        f"{file.plain}{colon}{part.plain}",
    )


def _wanted(page: Page, one: LeftOut) -> Cell:
    """Say by what the clause was looked for; of a whole that no part of it is left."""
    if not one.wanted:
        return text(page.word(".no_part_left"))
    return Cell(f"<code>{text(one.wanted).html}</code>", one.wanted)


LEFT_OUT = (
    Field(".left_rule", label, "name", is_header=True),
    Field(".left_file", _file, itself, css="verbatim"),
    Field(".left_wanted", _wanted, itself, css="verbatim"),
)


def left_out_table(page: Page) -> Piece:
    """Draw the rules that the plan has no clause for, as `check` names them; nothing for none."""
    return listing(
        page,
        page.place.left_out,
        LEFT_OUT,
        caption=page.word(".left_out"),
        name="data_left_out",
        note=page.word(".left_out_note"),
        nothing=Piece(""),
    )
