"""The target page: how the campaign stands, clause by clause."""

from collections.abc import Iterable
from dataclasses import replace
from html import escape

from tenglong.measure.county import County
from tenglong.measure.target.assessment import Assessment, Board, Status
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
from tenglong.show.page import day
from tenglong.show.pages.trend import trend_cell
from tenglong.show.piece import Piece
from tenglong.show.record import csv_text, record
from tenglong.show.table import Column, table
from tenglong.show.words import word

GOOD = (Status.ACHIEVED, Status.AHEAD, Status.ON_TRACK)
BAD = (Status.FAR_BEHIND, Status.MISSED)
MOST_NAMED = 3


def headline(county: County, board: Board, *, language: str = "zh") -> Piece:
    """Open the page: four numbers, and the sentences that carry the finding."""
    counts = board.counts
    quantified, measured = len(board.quantified), len(board.measured)
    narrative = len(board.assessments) - quantified
    clauses = word("board.clauses", language)
    can_be = word("board.of_quantified", language, quantified=quantified)
    rest = word("board.and_narrative", language, narrative=narrative)
    cards = (
        ("board.measured", measured, can_be, "all"),
        ("board.good", _sum(board, GOOD), clauses, "good"),
        ("board.behind", counts[Status.BEHIND], clauses, "warn"),
        ("board.bad", _sum(board, BAD), clauses, "bad"),
        ("board.unknown", quantified - measured, rest, "none"),
    )
    sentences = "".join(f"<p>{escape(line)}</p>" for line in _sentences(county, board, language))
    drawn = "".join(
        f'<div class="{tone}"><dt>{escape(word(label, language))}</dt>'
        f"<dd>{value} <small>{escape(unit)}</small></dd></div>"
        for label, value, unit, tone in cards
    )
    return Piece(f'<dl class="cards">{drawn}</dl><div class="finding">{sentences}</div>')


def _sum(board: Board, statuses: Iterable[Status]) -> int:
    return sum(board.counts[status] for status in statuses)


def _sentences(county: County, board: Board, language: str) -> list[str]:
    overall = word(
        "board.sentence_overall",
        language,
        as_of=day(county.as_of, language),
        all=len(board.assessments),
        quantified=len(board.quantified),
        measured=len(board.measured),
        pace=percent(board.pace),
    )
    if not board.measured:
        return [overall, word("board.sentence_none_measured", language)]
    comma = "、" if language == "zh" else ", "
    told = [
        word("board.count_of", language, status=word(f"status.{status}", language), count=count)
        for status, count in board.counts.items()
        if count and status.is_known
    ]
    lines = [overall, word("board.sentence_counts", language, counts=comma.join(told))]
    worst = [one for one in by_urgency(board.measured) if one.status in (*BAD, Status.BEHIND)]
    if worst:
        named = comma.join(_worst(one, language) for one in worst[:MOST_NAMED])
        lines.append(word("board.sentence_worst", language, worst=named))
    return lines


def _worst(one: Assessment, language: str) -> str:
    lead = one.clause.lead or word("board.no_lead", language)
    name = one.clause.name[language]
    if one.gap is None or one.status is Status.MISSED:
        status = word(f"status.{one.status}", language)
        return word("board.worst_missed", language, name=name, status=status, lead=lead)
    gap = figure(one.gap * 100, 1, sign=True)
    return word("board.worst_by_gap", language, name=name, gap=gap, lead=lead)


def scorecard(
    county: County, board: Board, *, language: str = "zh", name: str = "targets"
) -> Piece:
    """Draw every clause that can be quantified: target, actual, bar, gap, status, lead.

    Parameters
    ----------
    name
        The CSV's file name without ending; it holds every field of `record`.
    """
    rows = by_urgency(board.quantified)
    seen = [
        Column(word("column.clause", language), [_clause(one, language) for one in rows], True),
        Column(
            word("column.target", language),
            [_target(one, language) for one in rows],
            css="verbatim",
        ),
        Column(word("column.actual", language), [_actual(one, language) for one in rows]),
        Column(word("column.progress", language), [_bullet(one, language) for one in rows]),
        Column(word("column.gap", language), [_gap(one) for one in rows]),
        Column(word("column.status", language), [_status(one, language) for one in rows]),
        Column(word("column.trend", language), [trend_cell(o, county, language) for o in rows]),
        Column(
            word("column.lead", language), [cell.text(one.clause.lead) for one in rows], css="unit"
        ),
    ]
    columns = [replace(c, in_csv=False) for c in seen]
    records = [record(one, county, language) for one in rows]
    columns += [
        Column(key, [Cell("", csv_text(each[key])) for each in records], in_page=False)
        for key in (records[0] if records else ())
    ]
    return table(
        columns,
        caption=word("table.scorecard", language),
        name=name,
        note=word("note.bullet", language),
    )


def _clause(one: Assessment, language: str) -> Cell:
    clause = one.clause
    html = (
        f'<span class="name">{escape(clause.name[language])}</span>'
        f'<span class="where">{escape(clause.section)}</span>'
    )
    return Cell(html, clause.id)


def _target(one: Assessment, language: str) -> Cell:
    return Cell(escape(target_text(one, language)), plain(one.target), is_number=True)


def _actual(one: Assessment, language: str) -> Cell:
    return Cell(escape(actual_text(one, language)), plain(one.actual), is_number=True)


def _bullet(one: Assessment, language: str) -> Cell:
    if one.progress is None:
        return Cell(MISSING, "")
    drawn = bullet(one.progress, one.pace, status=one.status, language=language)
    return Cell(f'{drawn}<span class="percent">{percent(one.progress)}</span>', plain(one.progress))


def _gap(one: Assessment) -> Cell:
    return cell.number(None if one.gap is None else one.gap * 100, 1, sign=True)


def _status(one: Assessment, language: str) -> Cell:
    return Cell(status_html(one.status, language), word(f"status.{one.status}", language))


def workings(
    county: County, board: Board, *, language: str = "zh", name: str = "workings"
) -> Piece:
    """Draw how every clause was computed: the verbatim text, the line of working, the reason.

    Parameters
    ----------
    name
        The CSV's file name without ending.
    """
    rows = board.quantified
    reasons = [reason_text(one, county, language) for one in rows]
    lines = [working_text(one, language) for one in rows]
    separator = "。" if language == "zh" else ". "
    how = [separator.join(filter(None, pair)) for pair in zip(reasons, lines, strict=True)]
    columns = [
        Column(
            word("column.clause", language),
            [cell.text(o.clause.name[language]) for o in rows],
            True,
        ),
        Column(
            word("column.section", language),
            [cell.text(o.clause.section) for o in rows],
            css="short",
        ),
        Column(
            word("column.text", language), [cell.text(o.clause.text) for o in rows], css="verbatim"
        ),
        Column(word("column.working", language), [cell.text(line) for line in how]),
        Column(word("column.observed_on", language), [_observed(one) for one in rows], css="short"),
    ]
    caption = word("table.workings", language)
    return table(columns, caption=caption, name=name)


def _observed(one: Assessment) -> Cell:
    return cell.text(one.observed_on.isoformat() if one.observed_on else MISSING)
