"""The page of innovation and quality: how its clauses stand, and who must bring what by when."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction

import pandas as pd

from tenglong.measure.judge.assessment import Assessment, Status
from tenglong.measure.period import period_of
from tenglong.measure.sheet.innovation import InnovationSheet, Track
from tenglong.show import cell
from tenglong.show.amount import actual_said, difference_cell, target_said
from tenglong.show.assessed import (
    actual_text,
    by_urgency,
    lead_text,
    status_html,
    supplier,
    target_text,
    why_text,
)
from tenglong.show.cell import Cell
from tenglong.show.dates import period_text
from tenglong.show.figure.multiples import Panel, multiples
from tenglong.show.finding import Card, Tone, findings
from tenglong.show.lacking import if_supplied
from tenglong.show.listing import Draw, Field, day, label, listing, nothing_here, text
from tenglong.show.number import MISSING, plain
from tenglong.show.page import Page
from tenglong.show.pages.scorecard import BAD, GOOD
from tenglong.show.piece import Piece, remark
from tenglong.show.sentence import Sentence, Value

MOST_NAMED = 3
TONES: dict[str, Tone] = {
    "good": "good",
    "behind": "warn",
    "bad": "bad",
    "unknown": "none",
    "waiting": "none",
}


def headline(page: Page, sheet: InnovationSheet) -> Piece:
    """Open the page: how the clauses stand, what is furthest behind, what contradicts itself."""
    if not sheet.tracks:
        return nothing_here(page, ".none", "innovation_findings")
    counts = _counts(sheet.tracks)
    titles = if_supplied(sheet.titles, lambda rows: _of_titles(page, rows))
    town = page.place.township
    # A township has its own titles; the clauses are the whole county's, and come after them.
    own = () if town is None else (*titles, page.sentence(".whole_county"))
    return findings(
        *own,
        page.sentence(".overall", as_of=page.place.as_of, clauses=len(sheet.tracks), **counts),
        *_of_levels(page, sheet),
        *(titles if town is None else ()),
        *if_supplied(sheet.lost, lambda lost: _of_lost(page, lost)),
        *_of_urgent(page, sheet),
        *if_supplied(sheet.contradicted, lambda rows: _of_contradicted(page, sheet, rows)),
        *_of_unknown(page, sheet),
        cards=[
            Card(
                page.word(f"board.{name}"),
                cell.number(count, 0),
                page.word("board.clauses", n=count),
                TONES[name],
            )
            for name, count in counts.items()
        ]
        if town is None
        else list(if_supplied(sheet.titles, lambda rows: _title_cards(page, rows))),
        name="innovation_findings",
    )


def _counts(tracks: Iterable[Track]) -> dict[str, int]:
    """Count the clauses by how they stand."""
    statuses = [track.judged.status for track in tracks]
    return {
        "good": sum(status in GOOD for status in statuses),
        "behind": statuses.count(Status.BEHIND),
        "bad": sum(status in BAD for status in statuses),
        "unknown": sum(status.is_untold for status in statuses),
        "waiting": sum(not (status.is_known or status.is_untold) for status in statuses),
    }


def _of_levels(page: Page, sheet: InnovationSheet) -> Iterator[Sentence]:
    """Say the shares: R&D, digitalisation."""
    for track in sheet.tracks:
        judged = track.judged
        if judged.clause.unit != "%" or judged.actual is None or judged.observed_on is None:
            continue
        said: dict[str, Value] = {
            "name": page.told(judged.clause.name),
            "actual": actual_said(page, judged),
            "day": judged.observed_on,
            "target": target_said(page, judged),
        }
        if track.short is None:
            yield page.sentence(".level_met", **said)
        else:
            short = difference_cell(page, track.short, judged.clause)
            yield page.sentence(".level_short", **said, short=short, due=track.due)


def _title_cards(page: Page, titles: pd.DataFrame) -> Iterator[Card]:
    year, unit = page.place.as_of.year, page.word(".titles")
    now = titles[titles["year"] == year]
    for name in ("won", "lost"):
        count = cell.number(int(now[name].sum()), 0)
        yield Card(page.word(f".card.{name}", year=year), count, unit)


def _of_titles(page: Page, titles: pd.DataFrame) -> Iterator[Sentence]:
    town = page.place.township
    if titles.empty and town is None:
        return
    place = "" if town is None else page.word(".of_town", place=page.told(town.name))
    year = page.place.as_of.year
    now = titles[titles["year"] == year]
    lost = int(now["lost"].sum())
    now = now[now["won"] > 0].sort_values(["won", "kind"], ascending=[False, True], kind="stable")
    won = [
        page.sentence(
            ".won_kind",
            kind=page.choice("recognitions", "kind", kind),
            count=cell.amount(Fraction(int(count)), unit_of(page, str(kind)), page.language),
        )
        for kind, count in zip(now["kind"], now["won"], strict=True)
    ]
    if won:
        yield page.sentence(".won", place=place, year=str(year), kinds=won, lost=lost)
    else:
        yield page.sentence(".won_none", place=place, year=str(year), lost=lost)


def _of_lost(page: Page, lost: pd.DataFrame) -> Iterator[Sentence]:
    """Name the titles revoked this year, beside their count."""
    now = lost[lost["recognised_on"].dt.year == page.place.as_of.year]
    if now.empty:
        return
    names = [
        page.sentence(
            ".revoked_one",
            holder=str(holder),
            kind=page.choice("recognitions", "kind", kind),
            day=day.date(),
        )
        for holder, kind, day in zip(now["holder"], now["kind"], now["recognised_on"], strict=True)
    ]
    more = page.word(".revoked_more") if len(names) > MOST_NAMED else ""
    year = str(page.place.as_of.year)
    yield page.sentence(
        ".revoked", year=year, count=len(names), names=names[:MOST_NAMED], more=more
    )


def unit_of(page: Page, kind: str) -> str:
    """Give the unit in which the plan counts a title: firms (家), or the titles themselves (项).

    It stands in a clause, or else in a fact of one.
    """
    counted = [
        (clause.indicator, clause.unit)
        for clause in page.place.plan.clauses
        if clause.indicator is not None
    ]
    told = [(fact.indicator, fact.unit) for one in page.place.plan.clauses for fact in one.facts]
    for indicator, unit in (*counted, *told):
        if indicator.name == "recognitions" and indicator.options.get("kind") == kind and unit:
            return unit
    return "项"


def _of_urgent(page: Page, sheet: InnovationSheet) -> Iterator[Sentence]:
    urgent = [
        page.sentence(
            ".urgent_clause" if track.due > page.place.as_of else ".urgent_late",
            lead=_lead(page, track.judged),
            due=track.due,
            name=page.told(track.judged.clause.name),
            short=difference_cell(page, track.short, track.judged.clause),
        )
        for track in _by_urgency(sheet.open)
        if track.short is not None and track.judged.status in (*BAD, Status.BEHIND)
    ]
    if urgent:
        yield page.sentence(".urgent", clauses=page.first(urgent, MOST_NAMED))


def _by_urgency(tracks: Iterable[Track]) -> list[Track]:
    by_clause = {track.judged.clause.id: track for track in tracks}
    judged = by_urgency(tuple(track.judged for track in by_clause.values()))
    return [by_clause[assessment.clause.id] for assessment in judged]


def _lead(page: Page, judged: Assessment) -> str:
    return lead_text(page, judged.clause)


def names_of(page: Page, sheet: InnovationSheet) -> dict[str, str]:
    """Name the clauses of the page by their ids."""
    clauses = [track.judged.clause for track in sheet.tracks]
    return {clause.id: page.told(clause.name) for clause in clauses}


def _of_contradicted(page: Page, sheet: InnovationSheet, rows: pd.DataFrame) -> Iterator[Sentence]:
    names = names_of(page, sheet)
    for (clause, period), group in rows.groupby(["clause", "period"], sort=False):
        values = [
            page.sentence(
                ".published_value",
                publisher=str(row["publisher"] or MISSING),
                value=cell.amount(row["value"], str(row["unit"] or ""), page.language),
            )
            for row in group.to_dict("records")
        ]
        name = names[str(clause)]
        said = period_text(period_of(str(period)), page.language)
        yield page.sentence(".contradicted", name=name, period=said, values=values)


def _of_unknown(page: Page, sheet: InnovationSheet) -> Iterator[Sentence]:
    """Name by unit what it must supply."""
    by_unit: dict[str, list[str]] = defaultdict(list)
    for track in sheet.tracks:
        if track.judged.status in (Status.NO_DATA, Status.STALE, Status.AWAITING):
            name = page.told(track.judged.clause.name)
            by_unit[supplier(track.judged, page.place)].append(name)
    for unit, names in by_unit.items():
        listed = page.joined(dict.fromkeys(names))
        yield page.sentence(".unknown", unit=unit, count=len(names), names=listed)


def _target(page: Page, judged: Assessment) -> Cell:
    return Cell(cell.text(target_text(page, judged)).html, plain(judged.target))


def _actual(page: Page, judged: Assessment) -> Cell:
    return Cell(cell.text(actual_text(page, judged)).html, plain(judged.actual))


def _status(page: Page, judged: Assessment) -> Cell:
    return Cell(status_html(page, judged.status), page.word(f"status.{judged.status}"))


def _amount(name: str) -> Draw:
    """Draw an amount of a track in the unit of its clause."""
    return lambda page, track: cell.amount(
        getattr(track, name), track.judged.clause.unit, page.language
    )


def _short(page: Page, track: Track) -> Cell:
    return difference_cell(page, track.short, track.judged.clause)


def _said(tell: Callable[[Page, Assessment], str]) -> Draw:
    return lambda page, judged: text(page, tell(page, judged))


CLAUSE = (
    Field("column.clause", label, "judged.clause.name", is_header=True),
    Field("column.lead", _said(_lead), "judged"),
    Field("column.target", _target, "judged", css="short verbatim"),
    Field("column.actual", _actual, "judged", css="short"),
)
DUTY = (
    Field("short", _short, lambda track: track),
    Field("due", day, css="short"),
    Field("column.status", _status, "judged"),
    Field("column.why", _said(why_text), "judged"),
)


def _own(town: str) -> Field:
    """Tell what the township looked at has of each clause."""
    return Field("own", _amount("own"), lambda track: track, label=town)


def duties_table(page: Page, sheet: InnovationSheet) -> Piece:
    """List what is still to be brought: by whom, how much, by when; the most urgent first."""
    town = page.place.township
    own = (_own(page.told(town.name)),) if town else ()
    caption = page.word(".duties_caption")
    return listing(
        page,
        _by_urgency(sheet.open),
        (*CLAUSE, *own, *DUTY),
        caption=page.word("table.whole_county", title=caption) if town else caption,
        name="innovation_duties",
        note=page.word(".duties_note"),
        nothing=remark(page.word(".nothing_open")),
    )


def tracks_figure(page: Page, sheet: InnovationSheet) -> Piece:
    """Draw every clause over time with its target as a line, the most urgent first."""
    if not sheet.tracks:
        return Piece("")
    return multiples(
        page,
        [
            Panel(page.told(clause.name), track.points, track.judged.target, clause.unit)
            for track in _by_urgency(sheet.tracks)
            for clause in [track.judged.clause]
        ],
        caption=page.word(".tracks_caption"),
        described=page.word(".tracks_described"),
        name="innovation_tracks",
    )
