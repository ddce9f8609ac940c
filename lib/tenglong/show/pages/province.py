"""The page of many counties: how each stands, clause by clause, and what they did together."""

from collections.abc import Callable
from dataclasses import replace
from html import escape

from tenglong.measure.judge.assessment import Assessment, Status
from tenglong.measure.sheet.province import FAR_OFF, IN_ORDER, Province, Row, Standing
from tenglong.show import cell
from tenglong.show.assessed import actual_text, status_html, target_text
from tenglong.show.cell import Cell
from tenglong.show.figure.stacked import Part, stacked
from tenglong.show.figure.stacked import Row as Bar
from tenglong.show.finding import Card, findings
from tenglong.show.listing import Draw, Field, label, listing, share, whole
from tenglong.show.number import MISSING, plain
from tenglong.show.page import Page
from tenglong.show.piece import Piece
from tenglong.show.sentence import Sentence

GROUPS = (("good", IN_ORDER, "good"), ("behind", (Status.BEHIND,), "warn"), ("bad", FAR_OFF, "bad"))


def _count(statuses: tuple[Status, ...]) -> Callable[[Standing], int]:
    return lambda standing: standing.count(*statuses)


STANDINGS = (
    Field("province.county", label, lambda standing: standing.county.name, is_header=True),
    Field("board.measured", whole, lambda standing: len(standing.board.measured)),
    *(Field(f"province.{name}", whole, _count(statuses)) for name, statuses, _ in GROUPS),
    Field("board.unknown", whole, lambda standing: len(standing.board.untold)),
    Field("board.waiting", whole, lambda standing: len(standing.board.waiting)),
    Field("province.share", share, "share_in_order"),
)


def province_findings(page: Page, province: Province) -> Piece:
    """Say how many counties there are, which need a push, and of which too little is known."""
    standings = province.standings
    judged = sum(standing.share_in_order is not None for standing in standings)
    far_off = sum(standing.count(*FAR_OFF) for standing in standings)
    clauses = page.word("board.clauses", n=far_off)
    cards = [
        Card(page.word(".counties"), cell.number(len(standings), 0)),
        Card(page.word(".judged"), cell.number(judged, 0)),
        Card(page.word(".far_off"), cell.number(far_off, 0), clauses, "bad"),
    ]
    said = [_county(page, standing) for standing in standings]
    return findings(*said, name="province_findings", cards=cards)


def _county(page: Page, standing: Standing) -> Sentence:
    counts = {name: standing.count(*statuses) for name, statuses, _ in GROUPS}
    measured = len(standing.board.measured)
    return page.sentence(
        ".stands" if measured else ".nothing_known",
        county=page.told(standing.county.name),
        measured=measured,
        quantified=len(standing.board.quantified),
        **(counts if measured else {}),
    )


def province_standings(page: Page, province: Province) -> Piece:
    """Draw a row a county: how many clauses are judged, and how they stand."""
    return listing(
        page,
        province.standings,
        STANDINGS,
        caption=page.word(".table"),
        name="province",
        note=page.word(".note"),
    )


def province_figure(page: Page, province: Province) -> Piece:
    """Draw a bar a county: its clauses by how they stand."""
    parts = [Part(page.word(f".{name}"), tone) for name, _, tone in GROUPS]
    rows = [
        Bar(
            page.told(standing.county.name),
            [
                *(standing.count(*statuses) for _, statuses, _ in GROUPS),
                len(standing.board.untold),
            ],
        )
        for standing in province.standings
    ]
    return stacked(
        page,
        rows,
        [*parts, Part(page.word("board.unknown"), "none")],
        caption=page.word(".figure"),
        described=page.word(".figure_described"),
        name="province_standings",
    )


def province_clauses(page: Page, province: Province) -> Piece:
    """Draw a row a clause: what it has come to in every county, each by its plan, and together."""
    named = [page.told(standing.county.name) for standing in province.standings]
    fields = (
        Field("column.clause", label, lambda row: row.clause.name, is_header=True),
        *(Field("", _standing, _in(place), label=name) for place, name in enumerate(named)),
        *(
            Field(
                "", _target, _in(place), label=page.word(".target_of", county=name), in_page=False
            )
            for place, name in enumerate(named)
        ),
        Field("province.total", _total(len(province.standings)), lambda row: row),
    )
    caption = page.word(".clauses")
    return listing(page, province.rows, fields, caption=caption, name="province_clauses")


def _in(place: int) -> Callable[[Row], Assessment | None]:
    return lambda row: row.by_county.get(place)


def _standing(page: Page, clause: Assessment | None) -> Cell:
    if clause is None:
        return cell.text(MISSING)
    actual = actual_text(page, clause) if clause.status.is_known else ""
    asked = target_text(page, clause)
    if asked != MISSING:
        key = "province.against" if actual else "province.target"
        actual = page.word(key, actual=actual, target=asked)
    return Cell(f"{escape(actual)} {status_html(page, clause.status)}", plain(clause.actual))


def _target(page: Page, clause: Assessment | None) -> Cell:
    """Give what a county's own plan asks for, as the CSV holds it: a number, or a day."""
    if clause is None or target_text(page, clause) == MISSING:
        return cell.text(MISSING)
    known = clause.clause
    said = plain(known.target) if known.target is not None else known.due.isoformat()
    return Cell(said, said)


def _total(counties: int) -> Draw:
    """Draw what the counties come to together; of how many, where some are not known."""

    def draw(page: Page, row: Row) -> Cell:
        total = cell.amount(row.total, row.clause.unit, page.language)
        if row.total is None or row.known == counties:
            return total
        said = page.word(".of_counties", total=total.html, known=row.known, counties=counties)
        return replace(total, drawn=said)

    return draw
