"""The page of innovation and quality: how its clauses stand, and who must bring what by when."""

from collections.abc import Iterable, Iterator
from datetime import date

from tenglong.measure.county import Unavailable
from tenglong.measure.target.assessment import Assessment, Status
from tenglong.measure.title.innovation import InnovationSheet, Track
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
from tenglong.show.finding import Card, Sentence, findings, sentence
from tenglong.show.number import MISSING
from tenglong.show.pages.scorecard import BAD, GOOD
from tenglong.show.piece import Piece, remark
from tenglong.show.table import Column, table
from tenglong.show.words import word

MOST_NAMED = 3


def headline(sheet: InnovationSheet, *, language: str = "zh") -> Piece:
    """Open the page: how the clauses stand, what is furthest behind, what contradicts itself."""
    judged = [track.judged for track in sheet.tracks]
    if not judged:
        return findings(sentence("innovation.none", language), name="innovation_findings")
    said = [_overall(sheet, judged, language), *_levels_said(sheet, language)]
    said += _titles_said(sheet, language)
    said += _urgent_said(sheet, language)
    said += _contradicted_said(sheet, language)
    said += _unknown_said(sheet, language)
    return findings(*said, cards=list(_cards(judged, language)), name="innovation_findings")


def _count(judged: Iterable[Assessment], *statuses: Status) -> int:
    return sum(one.status in statuses for one in judged)


def _cards(judged: list[Assessment], language: str) -> Iterator[Card]:
    clauses = word("board.clauses", language)
    good, bad = _count(judged, *GOOD), _count(judged, *BAD)
    behind = _count(judged, Status.BEHIND)
    yield Card(word("board.good", language), cell.number(good, 0), clauses, "good")
    yield Card(word("board.behind", language), cell.number(behind, 0), clauses, "warn")
    yield Card(word("board.bad", language), cell.number(bad, 0), clauses, "bad")
    unknown = sum(not one.status.is_known for one in judged)
    yield Card(word("board.unknown", language), cell.number(unknown, 0), clauses, "none")


def _overall(sheet: InnovationSheet, judged: list[Assessment], language: str) -> Sentence:
    return sentence(
        "innovation.overall",
        language,
        as_of=sheet.place.as_of,
        clauses=len(judged),
        good=_count(judged, *GOOD),
        behind=_count(judged, Status.BEHIND),
        bad=_count(judged, *BAD),
        unknown=sum(not one.status.is_known for one in judged),
    )


def _levels_said(sheet: InnovationSheet, language: str) -> Iterator[Sentence]:
    """Say the shares: R&D, digitalisation."""
    for track in sheet.tracks:
        one = track.judged
        if one.clause.unit != "%" or one.actual is None or one.observed_on is None:
            continue
        said: dict[str, Cell | date | str] = {
            "name": one.clause.name[language],
            "actual": cell.amount(one.actual, "%", language),
            "day": one.observed_on,
            "target": _target(one, language),
        }
        if track.short is None:
            yield sentence("innovation.level_met", language, **said)
        else:
            short = cell.number(track.short)
            yield sentence("innovation.level_short", language, **said, short=short, due=track.due)


def _target(one: Assessment, language: str) -> Cell:
    return Cell(cell.text(target_text(one, language)).html, cell.amount(one.target, "").plain)


def _titles_said(sheet: InnovationSheet, language: str) -> Iterator[Sentence]:
    titles, place = sheet.titles, sheet.place
    if isinstance(titles, Unavailable) or titles.empty:
        return
    year = place.as_of.year
    now = titles[(titles["year"] == year) & (titles["won"] > 0)].sort_values(
        ["won", "kind"], ascending=[False, True], kind="stable"
    )
    won = [
        sentence(
            "innovation.won_kind",
            language,
            kind=place.choice("recognitions", "kind", str(one["kind"]))[language],
            count=int(one["won"]),
        )
        for one in now.to_dict("records")
    ]
    lost = int(titles.loc[titles["year"] == year, "lost"].sum())
    if won:
        yield sentence("innovation.won", language, year=str(year), kinds=won, lost=lost)
    else:
        yield sentence("innovation.won_none", language, year=str(year), lost=lost)


def _urgent_said(sheet: InnovationSheet, language: str) -> Iterator[Sentence]:
    tracks = {track.judged.clause.id: track for track in sheet.open if track.short is not None}
    urgent = by_urgency(tuple(track.judged for track in tracks.values()))
    pressing = [one for one in urgent if one.status in (*BAD, Status.BEHIND)][:MOST_NAMED]
    named = [_urgent(tracks[one.clause.id], language) for one in pressing]
    if named:
        yield sentence("innovation.urgent", language, clauses=named)


def _urgent(track: Track, language: str) -> Sentence:
    clause = track.judged.clause
    return sentence(
        "innovation.urgent_clause",
        language,
        lead=clause.lead or word("board.no_lead", language),
        due=track.due,
        name=clause.name[language],
        short=cell.amount(track.short, clause.unit, language),
    )


def _contradicted_said(sheet: InnovationSheet, language: str) -> Iterator[Sentence]:
    rows = sheet.contradicted
    if isinstance(rows, Unavailable):
        return
    names = {track.judged.clause.id: track.judged.clause.name[language] for track in sheet.tracks}
    for (clause, period), group in rows.groupby(["clause", "period"], sort=False):
        told = [
            sentence(
                "innovation.published_value",
                language,
                publisher=str(one["publisher"] or MISSING),
                value=cell.amount(one["value"], str(one["unit"] or "")),
            )
            for one in group.to_dict("records")
        ]
        name = names[str(clause)]
        yield sentence(
            "innovation.contradicted", language, name=name, period=str(period), values=told
        )


def _unknown_said(sheet: InnovationSheet, language: str) -> Iterator[Sentence]:
    """Name by unit what it must supply."""
    by_unit: dict[str, list[str]] = {}
    for track in sheet.tracks:
        one = track.judged
        if one.status in (Status.NO_DATA, Status.STALE):
            unit = supplier(one, sheet.place)
            by_unit.setdefault(unit, []).append(one.clause.name[language])
    comma = "、" if language == "zh" else ", "
    for unit, names in by_unit.items():
        told = comma.join(dict.fromkeys(names))
        yield sentence("innovation.unknown", language, unit=unit, count=len(names), names=told)


def duties_table(sheet: InnovationSheet, *, language: str = "zh") -> Piece:
    """List what is still to be brought: by whom, how much, by when; the most urgent first."""
    tracks = {track.judged.clause.id: track for track in sheet.open}
    rows = [tracks[one.clause.id] for one in by_urgency(tuple(t.judged for t in tracks.values()))]
    if not rows:
        return remark(word("innovation.nothing_open", language))
    judged = [track.judged for track in rows]
    nobody = word("board.no_lead", language)
    columns = [
        Column(
            word("column.clause", language),
            cell.texts(one.clause.name[language] for one in judged),
            is_header=True,
        ),
        Column(
            word("column.lead", language), cell.texts(one.clause.lead or nobody for one in judged)
        ),
        Column(
            word("column.target", language),
            [_target(one, language) for one in judged],
            css="short verbatim",
        ),
        Column(
            word("column.actual", language), [_actual(one, language) for one in judged], css="short"
        ),
        *_own(rows, sheet, language),
        Column(
            word("innovation.short", language),
            [cell.amount(track.short, track.judged.clause.unit, language) for track in rows],
        ),
        Column(
            word("innovation.due", language),
            cell.texts(track.due.isoformat() for track in rows),
            css="short",
        ),
        Column(word("column.status", language), [_status(one, language) for one in judged]),
        Column(
            word("column.why", language),
            cell.texts(reason_text(one, sheet.place, language) for one in judged),
        ),
    ]
    caption = word("innovation.duties_caption", language)
    note = word("innovation.duties_note", language)
    return table(columns, caption=caption, name="innovation_duties", note=note)


def _own(rows: list[Track], sheet: InnovationSheet, language: str) -> Iterator[Column]:
    """Tell what the township looked at has of each."""
    if sheet.place.township is not None:
        cells = [cell.amount(track.own, track.judged.clause.unit, language) for track in rows]
        yield Column(sheet.place.township.name[language], cells)


def _actual(one: Assessment, language: str) -> Cell:
    return Cell(cell.text(actual_text(one, language)).html, cell.amount(one.actual, "").plain)


def _status(one: Assessment, language: str) -> Cell:
    return Cell(status_html(one.status, language), word(f"status.{one.status}", language))


def tracks_figure(sheet: InnovationSheet, *, language: str = "zh") -> Piece:
    """Draw every clause over time with its target as a line, the most urgent first."""
    if not sheet.tracks:
        return Piece("")
    tracks = {track.judged.clause.id: track for track in sheet.tracks}
    order = by_urgency(tuple(track.judged for track in sheet.tracks))
    panels = [
        Panel(
            one.clause.name[language],
            tracks[one.clause.id].points,
            one.target,
            one.clause.unit,
        )
        for one in order
    ]
    return multiples(
        panels,
        caption=word("innovation.tracks_caption", language),
        described=word("innovation.tracks_described", language),
        name="innovation_tracks",
        language=language,
    )
