"""A township's figures beside the county's: how much of each is its own."""

from html import escape

from tenglong.measure.board.township import Beside
from tenglong.measure.judge.assessment import Assessment
from tenglong.show import cell
from tenglong.show.assessed import actual_text, status_html, target_text
from tenglong.show.cell import Cell
from tenglong.show.finding import findings
from tenglong.show.number import MISSING, percent, plain
from tenglong.show.page import Page
from tenglong.show.piece import Piece
from tenglong.show.table import Column, table


def beside_county(page: Page, rows: tuple[Beside, ...], *, name: str = "beside") -> Piece:
    """Draw every clause in the township and in the county; nothing for a whole county.

    Parameters
    ----------
    name
        Begins the names of its CSV files.
    """
    if page.place.township is None:
        return Piece("")
    judged = [one for one in rows if one.is_judged and one.own.status.is_known]
    said = findings(
        page.sentence(
            "beside.sentence",
            place=page.place.township.name[page.language],
            clauses=len(rows),
            ratios=sum(one.is_judged for one in rows),
            judged=len(judged),
            good=sum(one.own.status in ("achieved", "ahead", "on_track") for one in judged),
        ),
        name=name,
    )
    drawn = _table(page, rows, name)
    return Piece(said.html + drawn.html, {**said.csv, **drawn.csv})


def _table(page: Page, rows: tuple[Beside, ...], name: str) -> Piece:
    columns = [
        Column(
            page.word("column.clause"),
            [cell.text(one.clause.name[page.language]) for one in rows],
            is_header=True,
        ),
        Column(
            page.word("column.target"),
            [_target(page, one) for one in rows],
            css="verbatim",
        ),
        Column(page.word("beside.own"), [_actual(page, one.own) for one in rows]),
        Column(page.word("beside.county"), [_actual(page, one.county) for one in rows]),
        Column(page.word("beside.share"), [_share(one) for one in rows]),
        Column(page.word("beside.own_status"), [_status(page, one) for one in rows]),
        Column(
            page.word("beside.county_status"),
            [_shown(page, one.county) for one in rows],
        ),
    ]
    note = page.word("beside.note")
    caption = page.word("beside.caption")
    return table(columns, caption=caption, name=f"{name}_county", note=note)


def _target(page: Page, one: Beside) -> Cell:
    return Cell(escape(target_text(page, one.county)), plain(one.county.target), is_number=True)


def _actual(page: Page, one: Assessment) -> Cell:
    return Cell(escape(actual_text(page, one)), plain(one.actual), is_number=True)


def _share(one: Beside) -> Cell:
    return Cell(percent(one.share), plain(one.share), is_number=True)


def _status(page: Page, one: Beside) -> Cell:
    return _shown(page, one.own) if one.is_judged else Cell(MISSING, "")


def _shown(page: Page, one: Assessment) -> Cell:
    return Cell(status_html(page, one.status), page.word(f"status.{one.status}"))
