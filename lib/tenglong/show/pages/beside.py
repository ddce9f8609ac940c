"""A township's figures beside the county's: how much of each is its own."""

from html import escape

from tenglong.measure.county import County
from tenglong.measure.target.assessment import Assessment
from tenglong.measure.target.town_board import Beside
from tenglong.show import cell
from tenglong.show.assessed import actual_text, status_html, target_text
from tenglong.show.cell import Cell
from tenglong.show.finding import findings, sentence
from tenglong.show.number import MISSING, percent, plain
from tenglong.show.piece import Piece
from tenglong.show.table import Column, table
from tenglong.show.words import word


def beside_county(
    county: County, rows: tuple[Beside, ...], *, language: str = "zh", name: str = "beside"
) -> Piece:
    """Draw every clause in the township and in the county; nothing for a whole county.

    Parameters
    ----------
    name
        Begins the names of its CSV files.
    """
    if county.township is None:
        return Piece("")
    judged = [one for one in rows if one.is_judged and one.own.status.is_known]
    said = findings(
        sentence(
            "beside.sentence",
            language,
            place=county.township.name[language],
            clauses=len(rows),
            ratios=sum(one.is_judged for one in rows),
            judged=len(judged),
            good=sum(one.own.status in ("achieved", "ahead", "on_track") for one in judged),
        ),
        name=name,
    )
    drawn = _table(rows, language, name)
    return Piece(said.html + drawn.html, {**said.csv, **drawn.csv})


def _table(rows: tuple[Beside, ...], language: str, name: str) -> Piece:
    columns = [
        Column(
            word("column.clause", language),
            [cell.text(one.clause.name[language]) for one in rows],
            is_header=True,
        ),
        Column(
            word("column.target", language),
            [_target(one, language) for one in rows],
            css="verbatim",
        ),
        Column(word("beside.own", language), [_actual(one.own, language) for one in rows]),
        Column(word("beside.county", language), [_actual(one.county, language) for one in rows]),
        Column(word("beside.share", language), [_share(one) for one in rows]),
        Column(word("beside.own_status", language), [_status(one, language) for one in rows]),
        Column(
            word("beside.county_status", language),
            [_shown(one.county, language) for one in rows],
        ),
    ]
    note = word("beside.note", language)
    caption = word("beside.caption", language)
    return table(columns, caption=caption, name=f"{name}_county", note=note)


def _target(one: Beside, language: str) -> Cell:
    return Cell(escape(target_text(one.county, language)), plain(one.county.target), is_number=True)


def _actual(one: Assessment, language: str) -> Cell:
    return Cell(escape(actual_text(one, language)), plain(one.actual), is_number=True)


def _share(one: Beside) -> Cell:
    return Cell(percent(one.share), plain(one.share), is_number=True)


def _status(one: Beside, language: str) -> Cell:
    return _shown(one.own, language) if one.is_judged else Cell(MISSING, "")


def _shown(one: Assessment, language: str) -> Cell:
    return Cell(status_html(one.status, language), word(f"status.{one.status}", language))
