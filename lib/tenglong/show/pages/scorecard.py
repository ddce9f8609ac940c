"""The scorecard: how the campaign stands, clause by clause."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from html import escape

from tenglong.measure.clause import Kind
from tenglong.measure.judge.assessment import Assessment, Board, Status
from tenglong.show import cell
from tenglong.show.amount import in_unit
from tenglong.show.assessed import (
    actual_cell,
    by_urgency,
    gap_cell,
    gap_points,
    lead_text,
    led_by,
    reason_text,
    status_cell,
    target_cell,
    working_text,
)
from tenglong.show.cell import Cell
from tenglong.show.figure.inline import bullet, sparkline
from tenglong.show.finding import Card, Tone, findings
from tenglong.show.listing import Field, itself, label, listing, share, text
from tenglong.show.number import MISSING, figure, percent, plain
from tenglong.show.page import Page
from tenglong.show.piece import Piece
from tenglong.show.record import csv_text, record
from tenglong.show.sentence import Sentence
from tenglong.show.table import Column

GOOD = (Status.ACHIEVED, Status.AHEAD, Status.ON_TRACK)
BAD = (Status.FAR_BEHIND, Status.MISSED)
MOST_NAMED = 3
LEAST_POINTS = 2


def headline(page: Page, board: Board) -> Piece:
    """Open the page: five numbers, and the sentences that carry the finding.

    It has no CSV of its own: the scorecard's has every clause that is counted here.
    """
    counts, quantified, measured = board.counts, len(board.quantified), len(board.measured)
    can_be = page.word("board.of_quantified", quantified=quantified)
    rest = page.word("board.and_narrative", narrative=len(board.assessments) - quantified)
    cards: tuple[tuple[str, int, str, Tone], ...] = (
        ("measured", measured, can_be, "all"),
        ("good", sum(counts[status] for status in GOOD), "", "good"),
        ("behind", counts[Status.BEHIND], "", "warn"),
        ("bad", sum(counts[status] for status in BAD), "", "bad"),
        ("unknown", len(board.untold), rest, "none"),
    )
    opened = findings(
        *_sentences(page, board),
        cards=[
            Card(
                page.word(f"board.{name}"),
                cell.number(count, 0),
                unit or page.word("board.clauses", n=count),
                tone,
            )
            for name, count, unit, tone in cards
        ],
        name="",
    )
    return Piece(opened.html)


def _sentences(page: Page, board: Board) -> Iterator[Sentence]:
    yield page.sentence(
        "board.sentence_overall",
        as_of=page.place.as_of,
        all=len(board.assessments),
        quantified=len(board.quantified),
        measured=len(board.measured),
        pace=share(page, board.pace),
    )
    if not board.measured:
        yield page.sentence("board.sentence_none_measured")
        return
    counts = [
        page.sentence("board.count_of", status=page.word(f"status.{status}"), count=count)
        for status, count in board.counts.items()
        if count and status.is_known
    ]
    yield page.sentence("board.sentence_counts", counts=counts)
    rest = {"waiting": len(board.waiting), "untold": len(board.untold)}
    key = "board.sentence_rest_town" if page.place.township else "board.sentence_rest"
    if any(rest.values()):
        yield page.sentence(key, **rest)
    worst = [
        assessment
        for assessment in by_urgency(board.measured)
        if assessment.status in (*BAD, Status.BEHIND)
    ]
    if worst:
        named = [_worst(page, assessment) for assessment in worst]
        first = page.first(named, MOST_NAMED, counted="条")
        yield page.sentence("board.sentence_worst", worst=first)


def _worst(page: Page, assessment: Assessment) -> Sentence:
    said = {
        "name": page.told(assessment.clause.name),
        "status": page.word(f"status.{assessment.status}"),
        "lead": led_by(page, assessment.clause.lead),
    }
    if assessment.gap is None or assessment.status is Status.MISSED:
        return page.sentence("board.worst_missed", **said)
    gap = Cell(gap_points(page, assessment.gap), plain(assessment.gap * 100))
    return page.sentence("board.worst_by_gap", gap=gap, **said)


def _clause(page: Page, assessment: Assessment) -> Cell:
    clause = assessment.clause
    html = (
        f'<span class="name">{escape(page.told(clause.name))}</span>'
        f'<span class="where">{escape(page.section(clause.section))}</span>'
    )
    return Cell(html, clause.id)


def _bullet(page: Page, assessment: Assessment) -> Cell:
    if assessment.progress is None:
        return Cell(MISSING, "")
    drawn = bullet(page, assessment.progress, assessment.pace, status=assessment.status)
    return Cell(
        f'{drawn}<span class="percent">{percent(assessment.progress)}</span>',
        plain(assessment.progress),
    )


def trend_cell(page: Page, assessment: Assessment) -> Cell:
    """Draw a clause's figures since the day before the plan's window; "…" for fewer than two.

    All clauses share one range of time: from that day to the end of the plan.
    """
    as_of, window = page.place.as_of, page.place.plan.window
    start = window.start - timedelta(days=1)
    figures = [
        (day, value) for day, value in _points(assessment, as_of, start) if start <= day <= as_of
    ]
    if len(figures) < LEAST_POINTS:
        return Cell(MISSING, "")
    (first, begin), (last, end) = figures[0], figures[-1]
    described = page.word(
        "trend.describe",
        name=page.told(assessment.clause.name),
        first=page.day(first),
        start=_said(page, begin, assessment),
        last=page.day(last),
        end=_said(page, end, assessment),
    )
    drawn = sparkline(
        figures,
        start=start,
        end=max(window.end, as_of),
        target=None if assessment.clause.kind is Kind.GROWTH else assessment.target,
        described=described,
    )
    return Cell(drawn, "")


def _points(assessment: Assessment, as_of: date, start: date) -> list[tuple[date, Fraction]]:
    """Give the figures by day: a count begins with nothing, and stands until today.

    A year that is still running stands on its last day, which is to come: it is left out.
    """
    if assessment.clause.kind is not Kind.CUMULATIVE or assessment.actual is None:
        return list(assessment.trend)
    return [
        (start, Fraction(0)),
        *assessment.trend,
        (assessment.observed_on or as_of, assessment.actual),
    ]


def _said(page: Page, value: Fraction, assessment: Assessment) -> str:
    # What grows is a level, in a unit of its own.
    return (
        figure(value) if assessment.clause.kind is Kind.GROWTH else in_unit(page, value, assessment)
    )


def _working(page: Page, assessment: Assessment) -> str:
    """Say why the status is what it is, and how to recompute it by hand."""
    between = "。" if page.language == "zh" else ". "
    return between.join(
        filter(None, (reason_text(page, assessment), working_text(page, assessment)))
    )


CLAUSE = Field("column.clause", label, "clause.name", is_header=True)
SECTION = Field("column.section", Page.section, "clause.section", css="short")
TARGET = Field("column.target", target_cell, itself, css="verbatim")
LEAD = Field("column.lead", lead_text, "clause", css="unit")
SCORECARD = (
    Field("column.clause", _clause, itself, is_header=True),
    TARGET,
    Field("column.actual", actual_cell, itself),
    Field("column.progress", _bullet, itself),
    Field("column.gap", gap_cell),
    Field("column.status", status_cell),
    Field("column.trend", trend_cell, itself),
    LEAD,
)
WORKINGS = (
    CLAUSE,
    SECTION,
    Field("column.text", text, "clause.text", css="verbatim"),
    Field("column.working", _working, itself),
    Field("column.observed_on", css="short"),
)


def scorecard(page: Page, board: Board, *, name: str = "targets") -> Piece:
    """Draw every clause that can be quantified: target, actual, bar, gap, status, lead.

    Parameters
    ----------
    name
        The CSV's file name without ending; it holds every field of `record`.
    """
    rows = by_urgency(board.quantified)
    records = [record(page, assessment) for assessment in rows]
    in_csv = [
        Column(key, [Cell("", csv_text(each[key])) for each in records], in_page=False)
        for key in (records[0] if records else ())
    ]
    return listing(
        page,
        rows,
        (*(replace(field, in_csv=False) for field in SCORECARD), *in_csv),
        caption=page.caption("table.scorecard"),
        name=name,
        note=page.word("note.bullet"),
    )


def workings(page: Page, board: Board, *, name: str = "workings") -> Piece:
    """Draw how every clause was computed: the verbatim text, the line of working, the reason.

    Parameters
    ----------
    name
        The CSV's file name without ending.
    """
    caption = page.caption("table.workings")
    return listing(page, board.quantified, WORKINGS, caption=caption, name=name)
