"""The last twelve months beside the yearly figures: one list, on 目标进度 and in a monthly one."""

from tenglong.measure.judge.assessment import Board
from tenglong.show.assessed import actual_cell
from tenglong.show.listing import Field, itself, listing
from tenglong.show.page import Page
from tenglong.show.pages.scorecard import CLAUSE
from tenglong.show.piece import Piece
from tenglong.show.running import months_text, running_cell, running_note

RUNNING = (
    CLAUSE,
    Field("running.yearly", actual_cell, itself),
    Field("running.yearly_on", of="observed_on", css="short"),
    Field("running.value", running_cell, itself),
    Field("running.months", months_text, "running", css="short"),
    Field("running.told", running_note, "running"),
)


def running_figures(page: Page, board: Board, *, name: str = "running") -> Piece:
    """Set the last twelve months beside each yearly figure that months tell; nothing for none.

    Parameters
    ----------
    name
        The CSV's file name without ending.
    """
    rows = [one for one in board.assessments if one.running is not None]
    return listing(
        page,
        rows,
        RUNNING,
        caption=page.word("running.caption"),
        name=name,
        note=page.word("running.note"),
        nothing=Piece(""),
    )
