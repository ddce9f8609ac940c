"""The target page: how the campaign stands, clause by clause."""

from collections.abc import Iterable
from dataclasses import replace
from html import escape

from tenglong.measure.judge.assessment import Assessment, Board, Status
from tenglong.show import cell
from tenglong.show.assessed import (
    actual_text,
    by_urgency,
    reason_text,
    status_html,
    target_text,
    working_text,
)
from tenglong.show.cell import Cell
from tenglong.show.figure.bullet import bullet
from tenglong.show.number import MISSING, figure, percent, plain
from tenglong.show.page import Page
from tenglong.show.pages.trend import trend_cell
from tenglong.show.piece import Piece
from tenglong.show.record import csv_text, record
from tenglong.show.table import Column, table

GOOD = (Status.ACHIEVED, Status.AHEAD, Status.ON_TRACK)
BAD = (Status.FAR_BEHIND, Status.MISSED)
MOST_NAMED = 3


def headline(page: Page, board: Board) -> Piece:
    """Open the page: four numbers, and the sentences that carry the finding."""
    counts = board.counts
    quantified, measured = len(board.quantified), len(board.measured)
    narrative = len(board.assessments) - quantified
    clauses = page.word("board.clauses")
    can_be = page.word("board.of_quantified", quantified=quantified)
    rest = page.word("board.and_narrative", narrative=narrative)
    cards = (
        ("board.measured", measured, can_be, "all"),
        ("board.good", _sum(board, GOOD), clauses, "good"),
        ("board.behind", counts[Status.BEHIND], clauses, "warn"),
        ("board.bad", _sum(board, BAD), clauses, "bad"),
        ("board.unknown", quantified - measured, rest, "none"),
    )
    sentences = "".join(f"<p>{escape(line)}</p>" for line in _sentences(page, board))
    drawn = "".join(
        f'<div class="{tone}"><dt>{escape(page.word(label))}</dt>'
        f"<dd>{value} <small>{escape(unit)}</small></dd></div>"
        for label, value, unit, tone in cards
    )
    return Piece(f'<dl class="cards">{drawn}</dl><div class="finding">{sentences}</div>')


def _sum(board: Board, statuses: Iterable[Status]) -> int:
    return sum(board.counts[status] for status in statuses)


def _sentences(page: Page, board: Board) -> list[str]:
    overall = page.word(
        "board.sentence_overall",
        as_of=page.day(page.place.as_of),
        all=len(board.assessments),
        quantified=len(board.quantified),
        measured=len(board.measured),
        pace=percent(board.pace),
    )
    if not board.measured:
        return [overall, page.word("board.sentence_none_measured")]
    comma = "、" if page.language == "zh" else ", "
    told = [
        page.word("board.count_of", status=page.word(f"status.{status}"), count=count)
        for status, count in board.counts.items()
        if count and status.is_known
    ]
    lines = [overall, page.word("board.sentence_counts", counts=comma.join(told))]
    worst = [one for one in by_urgency(board.measured) if one.status in (*BAD, Status.BEHIND)]
    if worst:
        named = comma.join(_worst(page, one) for one in worst[:MOST_NAMED])
        lines.append(page.word("board.sentence_worst", worst=named))
    return lines


def _worst(page: Page, one: Assessment) -> str:
    lead = one.clause.lead or page.word("board.no_lead")
    name = one.clause.name[page.language]
    if one.gap is None or one.status is Status.MISSED:
        status = page.word(f"status.{one.status}")
        return page.word("board.worst_missed", name=name, status=status, lead=lead)
    gap = figure(one.gap * 100, 1, sign=True)
    return page.word("board.worst_by_gap", name=name, gap=gap, lead=lead)


def scorecard(page: Page, board: Board, *, name: str = "targets") -> Piece:
    """Draw every clause that can be quantified: target, actual, bar, gap, status, lead.

    Parameters
    ----------
    name
        The CSV's file name without ending; it holds every field of `record`.
    """
    rows = by_urgency(board.quantified)
    seen = [
        Column(page.word("column.clause"), [_clause(page, one) for one in rows], True),
        Column(
            page.word("column.target"),
            [_target(page, one) for one in rows],
            css="verbatim",
        ),
        Column(page.word("column.actual"), [_actual(page, one) for one in rows]),
        Column(page.word("column.progress"), [_bullet(page, one) for one in rows]),
        Column(page.word("column.gap"), [_gap(one) for one in rows]),
        Column(page.word("column.status"), [_status(page, one) for one in rows]),
        Column(page.word("column.trend"), [trend_cell(page, o) for o in rows]),
        Column(page.word("column.lead"), [cell.text(one.clause.lead) for one in rows], css="unit"),
    ]
    columns = [replace(c, in_csv=False) for c in seen]
    records = [record(page, one) for one in rows]
    columns += [
        Column(key, [Cell("", csv_text(each[key])) for each in records], in_page=False)
        for key in (records[0] if records else ())
    ]
    return table(
        columns,
        caption=page.word("table.scorecard"),
        name=name,
        note=page.word("note.bullet"),
    )


def _clause(page: Page, one: Assessment) -> Cell:
    clause = one.clause
    html = (
        f'<span class="name">{escape(clause.name[page.language])}</span>'
        f'<span class="where">{escape(clause.section)}</span>'
    )
    return Cell(html, clause.id)


def _target(page: Page, one: Assessment) -> Cell:
    return Cell(escape(target_text(page, one)), plain(one.target), is_number=True)


def _actual(page: Page, one: Assessment) -> Cell:
    return Cell(escape(actual_text(page, one)), plain(one.actual), is_number=True)


def _bullet(page: Page, one: Assessment) -> Cell:
    if one.progress is None:
        return Cell(MISSING, "")
    drawn = bullet(page, one.progress, one.pace, status=one.status)
    return Cell(f'{drawn}<span class="percent">{percent(one.progress)}</span>', plain(one.progress))


def _gap(one: Assessment) -> Cell:
    return cell.number(None if one.gap is None else one.gap * 100, 1, sign=True)


def _status(page: Page, one: Assessment) -> Cell:
    return Cell(status_html(page, one.status), page.word(f"status.{one.status}"))


def workings(page: Page, board: Board, *, name: str = "workings") -> Piece:
    """Draw how every clause was computed: the verbatim text, the line of working, the reason.

    Parameters
    ----------
    name
        The CSV's file name without ending.
    """
    rows = board.quantified
    reasons = [reason_text(page, one) for one in rows]
    lines = [working_text(page, one) for one in rows]
    separator = "。" if page.language == "zh" else ". "
    how = [separator.join(filter(None, pair)) for pair in zip(reasons, lines, strict=True)]
    columns = [
        Column(
            page.word("column.clause"),
            [cell.text(o.clause.name[page.language]) for o in rows],
            True,
        ),
        Column(
            page.word("column.section"),
            [cell.text(o.clause.section) for o in rows],
            css="short",
        ),
        Column(page.word("column.text"), [cell.text(o.clause.text) for o in rows], css="verbatim"),
        Column(page.word("column.working"), [cell.text(line) for line in how]),
        Column(page.word("column.observed_on"), [_observed(one) for one in rows], css="short"),
    ]
    caption = page.word("table.workings")
    return table(columns, caption=caption, name=name)


def _observed(one: Assessment) -> Cell:
    return cell.text(one.observed_on.isoformat() if one.observed_on else MISSING)
