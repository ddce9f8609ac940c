"""Titles on the page of innovation: by kind and year, lost and double; published figures."""

import pandas as pd

from tenglong.measure.county import Unavailable
from tenglong.measure.sheet.innovation import InnovationSheet
from tenglong.show import cell
from tenglong.show.cell import Cell
from tenglong.show.finding import findings
from tenglong.show.lacking import lacking
from tenglong.show.page import Page
from tenglong.show.piece import Piece, remark
from tenglong.show.table import Column, table


def titles_table(page: Page, sheet: InnovationSheet) -> Piece:
    """Count the titles won by kind and year, those lost, and who holds them now."""
    found = sheet.titles
    if isinstance(found, Unavailable):
        said = lacking(page, found)
        return findings(said, name="innovation_titles")
    if found.empty:
        return remark(page.word("innovation.no_titles"))
    records = found.to_dict("records")
    won = {(str(one["kind"]), int(one["year"])): int(one["won"]) for one in records}
    holders = {str(one["kind"]): int(one["holders"]) for one in records}
    lost = {str(kind): int(count) for kind, count in found.groupby("kind")["lost"].sum().items()}
    years = range(min(year for _, year in won), page.place.as_of.year + 1)
    totals = {kind: sum(won.get((kind, year), 0) for year in years) for kind in holders}
    kinds = sorted(holders, key=lambda kind: (-totals[kind], kind))
    columns = [
        Column(page.word("innovation.kind"), _kinds(page, kinds), True),
        *(
            Column(str(year), cell.counts(won.get((kind, year), 0) for kind in kinds))
            for year in years
        ),
        Column(page.word("innovation.lost"), cell.counts(lost[kind] for kind in kinds)),
        Column(
            page.word("innovation.holders"),
            cell.counts(holders[kind] for kind in kinds),
        ),
    ]
    caption = page.word("innovation.titles_caption")
    note = page.word("innovation.titles_note")
    return table(columns, caption=caption, name="innovation_titles", note=note)


def _kinds(page: Page, kinds: list[str]) -> list[Cell]:
    place = page.place
    return cell.texts(place.choice("recognitions", "kind", kind)[page.language] for kind in kinds)


def lost_table(page: Page, sheet: InnovationSheet) -> Piece:
    """List the titles lost and the entries that are odd, each with what is made of it."""
    lost, odd = sheet.lost, sheet.odd
    if isinstance(lost, Unavailable) or isinstance(odd, Unavailable):
        return Piece("")
    rows = pd.concat([lost.assign(code="lost"), odd])
    if rows.empty:
        return remark(page.word("innovation.nothing_lost"))
    labels = {
        "lost": page.word("innovation.was_lost"),
        **{code: page.word(f"title.finding.{code}") for code in odd["code"].unique()},
    }
    columns = [
        Column(page.word("innovation.holder"), cell.texts(rows["holder"]), True),
        Column(page.word("innovation.kind"), _kinds(page, list(rows["kind"]))),
        Column(page.word("innovation.day"), _days(rows["recognised_on"]), css="short"),
        Column(page.word("innovation.finding"), cell.texts(rows["code"].map(labels))),
    ]
    return table(columns, caption=page.word("innovation.lost_caption"), name="innovation_lost")


def _days(values: pd.Series) -> list[Cell]:
    return cell.texts(None if pd.isna(day) else day.date().isoformat() for day in values)


def published_table(page: Page, sheet: InnovationSheet) -> Piece:
    """Set published figures that contradict one another side by side; none is chosen."""
    rows = sheet.contradicted
    if isinstance(rows, Unavailable):
        said = lacking(page, rows)
        return findings(said, name="innovation_published")
    if rows.empty:
        return remark(page.word("innovation.no_contradiction"))
    columns = [
        Column(page.word("innovation.figure"), _clauses(page, rows, sheet), True),
        Column(page.word("innovation.period"), cell.texts(rows["period"]), css="short"),
        Column(page.word("innovation.value"), [cell.number(x) for x in rows["value"]]),
        Column(page.word("innovation.unit"), cell.texts(rows["unit"])),
        Column(page.word("innovation.publisher"), cell.texts(rows["publisher"])),
        Column(page.word("innovation.published_on"), _days(rows["published_on"]), css="short"),
    ]
    caption = page.word("innovation.published_caption")
    note = page.word("innovation.published_note")
    return table(columns, caption=caption, name="innovation_published", note=note)


def _clauses(page: Page, rows: pd.DataFrame, sheet: InnovationSheet) -> list[Cell]:
    names = {
        track.judged.clause.id: track.judged.clause.name[page.language] for track in sheet.tracks
    }
    return cell.texts(rows["clause"].map(names))


def restated_table(page: Page, sheet: InnovationSheet) -> Piece:
    """List the figures that were published again with another value, old and new."""
    rows = sheet.restated
    if isinstance(rows, Unavailable) or rows.empty:
        return Piece("")
    columns = [
        Column(page.word("innovation.figure"), _clauses(page, rows, sheet), True),
        Column(page.word("innovation.period"), cell.texts(rows["period"]), css="short"),
        *(
            Column(page.word(f"innovation.{name}"), [cell.number(x) for x in rows[name]])
            for name in ("old", "new")
        ),
        Column(page.word("innovation.unit"), cell.texts(rows["unit"])),
        Column(page.word("innovation.publisher"), cell.texts(rows["new_publisher"])),
        Column(page.word("innovation.published_on"), _days(rows["new_published_on"])),
    ]
    caption = page.word("innovation.restated_caption")
    return table(columns, caption=caption, name="innovation_restated")
