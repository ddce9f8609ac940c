"""The bulletin's figure: the clauses that lag most, each against the pace of its own time."""

from tenglong.measure.judge.assessment import Board
from tenglong.show.assessed import TONES, by_urgency
from tenglong.show.figure.bars import Bar, bars
from tenglong.show.page import Page
from tenglong.show.piece import Piece

MOST = 12


def progress_figure(page: Page, board: Board) -> Piece:
    """Draw progress in per cent for the clauses that need a push most, with the pace as a tick."""
    paced = [one for one in board.measured if one.progress is not None and one.pace is not None]
    rows = [
        Bar(
            one.clause.name[page.language],
            None if one.progress is None else one.progress * 100,
            None if one.pace is None else one.pace * 100,
            TONES[one.status],
        )
        for one in by_urgency(tuple(paced))[:MOST]
    ]
    return bars(
        page,
        rows,
        caption=page.word("bulletin.figure.progress", count=len(rows)),
        described=page.word("bulletin.figure.described"),
        name="bulletin_progress",
        unit="%",
    )
