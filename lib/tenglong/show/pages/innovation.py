"""The page of innovation and quality: how its clauses stand, and who must bring what by when."""

from collections.abc import Iterable, Iterator
from datetime import date

from tenglong.measure.county import Unavailable
from tenglong.measure.judge.assessment import Assessment, Status
from tenglong.measure.sheet.innovation import InnovationSheet, Track
from tenglong.show import cell
from tenglong.show.assessed import (
    actual_text,
    by_urgency,
    reason_text,
    status_html,
    supplier,
    target_text,
)
from tenglong.show.cell import Cell
from tenglong.show.figure.multiples import Panel, multiples
from tenglong.show.finding import Card, findings
from tenglong.show.number import MISSING
from tenglong.show.page import Page
from tenglong.show.pages.scorecard import BAD, GOOD
from tenglong.show.piece import Piece, remark
from tenglong.show.sentence import Sentence
from tenglong.show.table import Column, table

MOST_NAMED = 3


def headline(page: Page, sheet: InnovationSheet) -> Piece:
    """Open the page: how the clauses stand, what is furthest behind, what contradicts itself."""
    judged = [track.judged for track in sheet.tracks]
    if not judged:
        return findings(page.sentence("innovation.none"), name="innovation_findings")
    said = [_overall(page, judged), *_levels_said(page, sheet)]
    said += _titles_said(page, sheet)
    said += _urgent_said(page, sheet)
    said += _contradicted_said(page, sheet)
    said += _unknown_said(page, sheet)
    return findings(*said, cards=list(_cards(page, judged)), name="innovation_findings")


def _count(judged: Iterable[Assessment], *statuses: Status) -> int:
    return sum(one.status in statuses for one in judged)


def _cards(page: Page, judged: list[Assessment]) -> Iterator[Card]:
    clauses = page.word("board.clauses")
    good, bad = _count(judged, *GOOD), _count(judged, *BAD)
    behind = _count(judged, Status.BEHIND)
    yield Card(page.word("board.good"), cell.number(good, 0), clauses, "good")
    yield Card(page.word("board.behind"), cell.number(behind, 0), clauses, "warn")
    yield Card(page.word("board.bad"), cell.number(bad, 0), clauses, "bad")
    unknown = sum(not one.status.is_known for one in judged)
    yield Card(page.word("board.unknown"), cell.number(unknown, 0), clauses, "none")


def _overall(page: Page, judged: list[Assessment]) -> Sentence:
    return page.sentence(
        "innovation.overall",
        as_of=page.place.as_of,
        clauses=len(judged),
        good=_count(judged, *GOOD),
        behind=_count(judged, Status.BEHIND),
        bad=_count(judged, *BAD),
        unknown=sum(not one.status.is_known for one in judged),
    )


def _levels_said(page: Page, sheet: InnovationSheet) -> Iterator[Sentence]:
    """Say the shares: R&D, digitalisation."""
    for track in sheet.tracks:
        one = track.judged
        if one.clause.unit != "%" or one.actual is None or one.observed_on is None:
            continue
        said: dict[str, Cell | date | str] = {
            "name": one.clause.name[page.language],
            "actual": cell.amount(one.actual, "%", page.language),
            "day": one.observed_on,
            "target": _target(page, one),
        }
        if track.short is None:
            yield page.sentence("innovation.level_met", **said)
        else:
            short = cell.number(track.short)
            yield page.sentence("innovation.level_short", **said, short=short, due=track.due)


def _target(page: Page, one: Assessment) -> Cell:
    return Cell(cell.text(target_text(page, one)).html, cell.amount(one.target, "").plain)


def _titles_said(page: Page, sheet: InnovationSheet) -> Iterator[Sentence]:
    titles, place = sheet.titles, page.place
    if isinstance(titles, Unavailable) or titles.empty:
        return
    year = place.as_of.year
    now = titles[(titles["year"] == year) & (titles["won"] > 0)].sort_values(
        ["won", "kind"], ascending=[False, True], kind="stable"
    )
    won = [
        page.sentence(
            "innovation.won_kind",
            kind=place.choice("recognitions", "kind", str(one["kind"]))[page.language],
            count=int(one["won"]),
        )
        for one in now.to_dict("records")
    ]
    lost = int(titles.loc[titles["year"] == year, "lost"].sum())
    if won:
        yield page.sentence("innovation.won", year=str(year), kinds=won, lost=lost)
    else:
        yield page.sentence("innovation.won_none", year=str(year), lost=lost)


def _urgent_said(page: Page, sheet: InnovationSheet) -> Iterator[Sentence]:
    tracks = {track.judged.clause.id: track for track in sheet.open if track.short is not None}
    urgent = by_urgency(tuple(track.judged for track in tracks.values()))
    pressing = [one for one in urgent if one.status in (*BAD, Status.BEHIND)][:MOST_NAMED]
    named = [_urgent(page, tracks[one.clause.id]) for one in pressing]
    if named:
        yield page.sentence("innovation.urgent", clauses=named)


def _urgent(page: Page, track: Track) -> Sentence:
    clause = track.judged.clause
    return page.sentence(
        "innovation.urgent_clause",
        lead=clause.lead or page.word("board.no_lead"),
        due=track.due,
        name=clause.name[page.language],
        short=cell.amount(track.short, clause.unit, page.language),
    )


def _contradicted_said(page: Page, sheet: InnovationSheet) -> Iterator[Sentence]:
    rows = sheet.contradicted
    if isinstance(rows, Unavailable):
        return
    names = {
        track.judged.clause.id: track.judged.clause.name[page.language] for track in sheet.tracks
    }
    for (clause, period), group in rows.groupby(["clause", "period"], sort=False):
        told = [
            page.sentence(
                "innovation.published_value",
                publisher=str(one["publisher"] or MISSING),
                value=cell.amount(one["value"], str(one["unit"] or "")),
            )
            for one in group.to_dict("records")
        ]
        name = names[str(clause)]
        yield page.sentence("innovation.contradicted", name=name, period=str(period), values=told)


def _unknown_said(page: Page, sheet: InnovationSheet) -> Iterator[Sentence]:
    """Name by unit what it must supply."""
    by_unit: dict[str, list[str]] = {}
    for track in sheet.tracks:
        one = track.judged
        if one.status in (Status.NO_DATA, Status.STALE):
            unit = supplier(one, page.place)
            by_unit.setdefault(unit, []).append(one.clause.name[page.language])
    comma = "、" if page.language == "zh" else ", "
    for unit, names in by_unit.items():
        told = comma.join(dict.fromkeys(names))
        yield page.sentence("innovation.unknown", unit=unit, count=len(names), names=told)


def duties_table(page: Page, sheet: InnovationSheet) -> Piece:
    """List what is still to be brought: by whom, how much, by when; the most urgent first."""
    tracks = {track.judged.clause.id: track for track in sheet.open}
    rows = [tracks[one.clause.id] for one in by_urgency(tuple(t.judged for t in tracks.values()))]
    if not rows:
        return remark(page.word("innovation.nothing_open"))
    judged = [track.judged for track in rows]
    nobody = page.word("board.no_lead")
    columns = [
        Column(
            page.word("column.clause"),
            cell.texts(one.clause.name[page.language] for one in judged),
            is_header=True,
        ),
        Column(page.word("column.lead"), cell.texts(one.clause.lead or nobody for one in judged)),
        Column(
            page.word("column.target"),
            [_target(page, one) for one in judged],
            css="short verbatim",
        ),
        Column(page.word("column.actual"), [_actual(page, one) for one in judged], css="short"),
        *_own(page, rows),
        Column(
            page.word("innovation.short"),
            [cell.amount(track.short, track.judged.clause.unit, page.language) for track in rows],
        ),
        Column(
            page.word("innovation.due"),
            cell.texts(track.due.isoformat() for track in rows),
            css="short",
        ),
        Column(page.word("column.status"), [_status(page, one) for one in judged]),
        Column(
            page.word("column.why"),
            cell.texts(reason_text(page, one) for one in judged),
        ),
    ]
    caption = page.word("innovation.duties_caption")
    note = page.word("innovation.duties_note")
    return table(columns, caption=caption, name="innovation_duties", note=note)


def _own(page: Page, rows: list[Track]) -> Iterator[Column]:
    """Tell what the township looked at has of each."""
    if page.place.township is not None:
        cells = [cell.amount(track.own, track.judged.clause.unit, page.language) for track in rows]
        yield Column(page.place.township.name[page.language], cells)


def _actual(page: Page, one: Assessment) -> Cell:
    return Cell(cell.text(actual_text(page, one)).html, cell.amount(one.actual, "").plain)


def _status(page: Page, one: Assessment) -> Cell:
    return Cell(status_html(page, one.status), page.word(f"status.{one.status}"))


def tracks_figure(page: Page, sheet: InnovationSheet) -> Piece:
    """Draw every clause over time with its target as a line, the most urgent first."""
    if not sheet.tracks:
        return Piece("")
    tracks = {track.judged.clause.id: track for track in sheet.tracks}
    order = by_urgency(tuple(track.judged for track in sheet.tracks))
    panels = [
        Panel(
            one.clause.name[page.language],
            tracks[one.clause.id].points,
            one.target,
            one.clause.unit,
        )
        for one in order
    ]
    return multiples(
        page,
        panels,
        caption=page.word("innovation.tracks_caption"),
        described=page.word("innovation.tracks_described"),
        name="innovation_tracks",
    )
