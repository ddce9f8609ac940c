"""The page of many counties: how each stands, clause by clause, and what they did together."""

from html import escape

from tenglong.measure.judge.assessment import Assessment, Status
from tenglong.measure.sheet.province import FAR_OFF, IN_ORDER, Province, Row, Standing
from tenglong.show import cell
from tenglong.show.assessed import actual_text, status_html
from tenglong.show.cell import Cell
from tenglong.show.figure.stacked import Part, stacked
from tenglong.show.figure.stacked import Row as Bar
from tenglong.show.finding import Card, findings
from tenglong.show.number import MISSING, percent, plain, quantity
from tenglong.show.page import Page
from tenglong.show.piece import Piece
from tenglong.show.sentence import Sentence
from tenglong.show.table import Column, table

GROUPS = (("good", IN_ORDER, "good"), ("behind", (Status.BEHIND,), "warn"), ("bad", FAR_OFF, "bad"))


def province_findings(page: Page, found: Province) -> Piece:
    """Say how many counties there are, which need a push, and of which too little is known."""
    standings = found.standings
    judged = [one for one in standings if one.share_in_order is not None]
    cards = [
        Card(page.word("province.counties"), cell.number(len(standings), 0)),
        Card(page.word("province.judged"), cell.number(len(judged), 0)),
        Card(
            page.word("province.far_off"),
            cell.number(sum(one.count(*FAR_OFF) for one in standings), 0),
            page.word("board.clauses"),
            "bad",
        ),
    ]
    lines = [_county_sentence(page, one) for one in standings]
    return findings(*lines, name="province_findings", cards=cards)


def _county_sentence(page: Page, one: Standing) -> Sentence:
    values: dict[str, str | int] = {
        "county": one.county.name[page.language],
        "measured": len(one.board.measured),
        "quantified": len(one.board.quantified),
    }
    if not one.board.measured:
        return page.sentence("province.nothing_known", **values)
    return page.sentence(
        "province.stands",
        **values,
        good=one.count(*IN_ORDER),
        behind=one.count(Status.BEHIND),
        bad=one.count(*FAR_OFF),
    )


def province_standings(page: Page, found: Province) -> Piece:
    """Draw a row a county: how many clauses are judged, and how they stand."""
    standings = found.standings
    columns = [
        Column(
            page.word("province.county"),
            [cell.text(one.county.name[page.language]) for one in standings],
            is_header=True,
        ),
        Column(
            page.word("board.measured"),
            [cell.number(len(one.board.measured), 0) for one in standings],
        ),
        *(
            Column(
                page.word(f"province.{name}"),
                [cell.number(one.count(*statuses), 0) for one in standings],
            )
            for name, statuses, _ in GROUPS
        ),
        Column(page.word("board.unknown"), [cell.number(one.unknown, 0) for one in standings]),
        Column(page.word("province.share"), [_share(one) for one in standings]),
    ]
    return table(
        columns,
        caption=page.word("province.table"),
        name="province",
        note=page.word("province.note"),
    )


def _share(one: Standing) -> Cell:
    share = one.share_in_order
    return Cell(percent(share), plain(share), is_number=True)


def province_figure(page: Page, found: Province) -> Piece:
    """Draw a bar a county: its clauses by how they stand."""
    parts = [Part(page.word(f"province.{name}"), tone) for name, _, tone in GROUPS]
    parts.append(Part(page.word("board.unknown"), "none"))
    rows = [
        Bar(
            one.county.name[page.language],
            [*(one.count(*statuses) for _, statuses, _ in GROUPS), one.unknown],
        )
        for one in found.standings
    ]
    return stacked(
        page,
        rows,
        parts,
        caption=page.word("province.figure"),
        described=page.word("province.figure_described"),
        name="province_standings",
    )


def province_clauses(page: Page, found: Province) -> Piece:
    """Draw a row a clause: what it has come to in every county, and together."""
    rows = found.rows
    columns = [
        Column(
            page.word("column.clause"),
            [cell.text(row.clause.name[page.language]) for row in rows],
            is_header=True,
        ),
        *(
            Column(
                one.county.name[page.language],
                [_standing(page, row.by_county.get(place)) for row in rows],
            )
            for place, one in enumerate(found.standings)
        ),
        Column(page.word("province.total"), [_total(page, row) for row in rows]),
    ]
    return table(columns, caption=page.word("province.clauses"), name="province_clauses")


def _standing(page: Page, one: Assessment | None) -> Cell:
    if one is None:
        return cell.text(MISSING)
    shown = f"{escape(actual_text(page, one))} " if one.status.is_known else ""
    return Cell(f"{shown}{status_html(page, one.status)}", plain(one.actual))


def _total(page: Page, row: Row) -> Cell:
    if row.total is None:
        return Cell(MISSING, "", is_number=True)
    return Cell(
        escape(quantity(row.total, row.clause.unit, page.language)),
        plain(row.total),
        is_number=True,
    )
