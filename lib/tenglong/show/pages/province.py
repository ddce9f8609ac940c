"""The page of many counties: how each stands, clause by clause, and what they did together."""

from html import escape

from tenglong.measure.province.standing import FAR_OFF, IN_ORDER, Province, Row, Standing
from tenglong.measure.target.assessment import Assessment, Status
from tenglong.show import cell
from tenglong.show.assessed import actual_text, status_html
from tenglong.show.cell import Cell
from tenglong.show.figure.stacked import Part, stacked
from tenglong.show.figure.stacked import Row as Bar
from tenglong.show.finding import Card, Sentence, findings, sentence
from tenglong.show.number import MISSING, percent, plain, quantity
from tenglong.show.piece import Piece
from tenglong.show.table import Column, table
from tenglong.show.words import word

GROUPS = (("good", IN_ORDER, "good"), ("behind", (Status.BEHIND,), "warn"), ("bad", FAR_OFF, "bad"))


def province_findings(found: Province, *, language: str = "zh") -> Piece:
    """Say how many counties there are, which need a push, and of which too little is known."""
    standings = found.standings
    judged = [one for one in standings if one.share_in_order is not None]
    cards = [
        Card(word("province.counties", language), cell.number(len(standings), 0)),
        Card(word("province.judged", language), cell.number(len(judged), 0)),
        Card(
            word("province.far_off", language),
            cell.number(sum(one.count(*FAR_OFF) for one in standings), 0),
            word("board.clauses", language),
            "bad",
        ),
    ]
    lines = [_county_sentence(one, language) for one in standings]
    return findings(*lines, name="province_findings", cards=cards)


def _county_sentence(one: Standing, language: str) -> Sentence:
    values: dict[str, str | int] = {
        "county": one.county.name[language],
        "measured": len(one.board.measured),
        "quantified": len(one.board.quantified),
    }
    if not one.board.measured:
        return sentence("province.nothing_known", language, **values)
    return sentence(
        "province.stands",
        language,
        **values,
        good=one.count(*IN_ORDER),
        behind=one.count(Status.BEHIND),
        bad=one.count(*FAR_OFF),
    )


def province_standings(found: Province, *, language: str = "zh") -> Piece:
    """Draw a row a county: how many clauses are judged, and how they stand."""
    standings = found.standings
    columns = [
        Column(
            word("province.county", language),
            [cell.text(one.county.name[language]) for one in standings],
            is_header=True,
        ),
        Column(
            word("board.measured", language),
            [cell.number(len(one.board.measured), 0) for one in standings],
        ),
        *(
            Column(
                word(f"province.{name}", language),
                [cell.number(one.count(*statuses), 0) for one in standings],
            )
            for name, statuses, _ in GROUPS
        ),
        Column(word("board.unknown", language), [cell.number(one.unknown, 0) for one in standings]),
        Column(word("province.share", language), [_share(one) for one in standings]),
    ]
    return table(
        columns,
        caption=word("province.table", language),
        name="province",
        note=word("province.note", language),
    )


def _share(one: Standing) -> Cell:
    share = one.share_in_order
    return Cell(percent(share), plain(share), is_number=True)


def province_figure(found: Province, *, language: str = "zh") -> Piece:
    """Draw a bar a county: its clauses by how they stand."""
    parts = [Part(word(f"province.{name}", language), tone) for name, _, tone in GROUPS]
    parts.append(Part(word("board.unknown", language), "none"))
    rows = [
        Bar(
            one.county.name[language],
            [*(one.count(*statuses) for _, statuses, _ in GROUPS), one.unknown],
        )
        for one in found.standings
    ]
    return stacked(
        rows,
        parts,
        caption=word("province.figure", language),
        described=word("province.figure_described", language),
        name="province_standings",
        language=language,
    )


def province_clauses(found: Province, *, language: str = "zh") -> Piece:
    """Draw a row a clause: what it has come to in every county, and together."""
    rows = found.rows
    columns = [
        Column(
            word("column.clause", language),
            [cell.text(row.clause.name[language]) for row in rows],
            is_header=True,
        ),
        *(
            Column(
                one.county.name[language],
                [_standing(row.by_county.get(place), language) for row in rows],
            )
            for place, one in enumerate(found.standings)
        ),
        Column(word("province.total", language), [_total(row, language) for row in rows]),
    ]
    return table(columns, caption=word("province.clauses", language), name="province_clauses")


def _standing(one: Assessment | None, language: str) -> Cell:
    if one is None:
        return cell.text(MISSING)
    shown = f"{escape(actual_text(one, language))} " if one.status.is_known else ""
    return Cell(f"{shown}{status_html(one.status, language)}", plain(one.actual))


def _total(row: Row, language: str) -> Cell:
    if row.total is None:
        return Cell(MISSING, "", is_number=True)
    return Cell(
        escape(quantity(row.total, row.clause.unit, language)), plain(row.total), is_number=True
    )
