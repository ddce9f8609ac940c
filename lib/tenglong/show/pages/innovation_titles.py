"""Titles on the page of innovation: by kind and year, lost and double; published figures."""

import pandas as pd

from tenglong.measure.county import Unavailable
from tenglong.measure.title.innovation import InnovationSheet
from tenglong.show import cell
from tenglong.show.cell import Cell
from tenglong.show.finding import findings
from tenglong.show.lacking import lacking
from tenglong.show.piece import Piece, remark
from tenglong.show.table import Column, table
from tenglong.show.words import word


def titles_table(sheet: InnovationSheet, *, language: str = "zh") -> Piece:
    """Count the titles won by kind and year, those lost, and who holds them now."""
    found = sheet.titles
    if isinstance(found, Unavailable):
        said = lacking(sheet.place, found, language=language)
        return findings(said, name="innovation_titles")
    if found.empty:
        return remark(word("innovation.no_titles", language))
    records = found.to_dict("records")
    won = {(str(one["kind"]), int(one["year"])): int(one["won"]) for one in records}
    holders = {str(one["kind"]): int(one["holders"]) for one in records}
    lost = {str(kind): int(count) for kind, count in found.groupby("kind")["lost"].sum().items()}
    years = range(min(year for _, year in won), sheet.place.as_of.year + 1)
    totals = {kind: sum(won.get((kind, year), 0) for year in years) for kind in holders}
    kinds = sorted(holders, key=lambda kind: (-totals[kind], kind))
    columns = [
        Column(word("innovation.kind", language), _kinds(kinds, sheet, language), True),
        *(
            Column(str(year), cell.counts(won.get((kind, year), 0) for kind in kinds))
            for year in years
        ),
        Column(word("innovation.lost", language), cell.counts(lost[kind] for kind in kinds)),
        Column(
            word("innovation.holders", language),
            cell.counts(holders[kind] for kind in kinds),
        ),
    ]
    caption = word("innovation.titles_caption", language)
    note = word("innovation.titles_note", language)
    return table(columns, caption=caption, name="innovation_titles", note=note)


def _kinds(kinds: list[str], sheet: InnovationSheet, language: str) -> list[Cell]:
    place = sheet.place
    return cell.texts(place.choice("recognitions", "kind", kind)[language] for kind in kinds)


def lost_table(sheet: InnovationSheet, *, language: str = "zh") -> Piece:
    """List the titles lost and the entries that are odd, each with what is made of it."""
    lost, odd = sheet.lost, sheet.odd
    if isinstance(lost, Unavailable) or isinstance(odd, Unavailable):
        return Piece("")
    rows = pd.concat([lost.assign(code="lost"), odd])
    if rows.empty:
        return remark(word("innovation.nothing_lost", language))
    labels = {
        "lost": word("innovation.was_lost", language),
        **{code: word(f"title.finding.{code}", language) for code in odd["code"].unique()},
    }
    columns = [
        Column(word("innovation.holder", language), cell.texts(rows["holder"]), True),
        Column(word("innovation.kind", language), _kinds(list(rows["kind"]), sheet, language)),
        Column(word("innovation.day", language), _days(rows["recognised_on"]), css="short"),
        Column(word("innovation.finding", language), cell.texts(rows["code"].map(labels))),
    ]
    return table(columns, caption=word("innovation.lost_caption", language), name="innovation_lost")


def _days(values: pd.Series) -> list[Cell]:
    return cell.texts(None if pd.isna(day) else day.date().isoformat() for day in values)


def published_table(sheet: InnovationSheet, *, language: str = "zh") -> Piece:
    """Set published figures that contradict one another side by side; none is chosen."""
    rows = sheet.contradicted
    if isinstance(rows, Unavailable):
        said = lacking(sheet.place, rows, language=language)
        return findings(said, name="innovation_published")
    if rows.empty:
        return remark(word("innovation.no_contradiction", language))
    columns = [
        Column(word("innovation.figure", language), _clauses(rows, sheet, language), True),
        Column(word("innovation.period", language), cell.texts(rows["period"]), css="short"),
        Column(word("innovation.value", language), [cell.number(x) for x in rows["value"]]),
        Column(word("innovation.unit", language), cell.texts(rows["unit"])),
        Column(word("innovation.publisher", language), cell.texts(rows["publisher"])),
        Column(word("innovation.published_on", language), _days(rows["published_on"]), css="short"),
    ]
    caption = word("innovation.published_caption", language)
    note = word("innovation.published_note", language)
    return table(columns, caption=caption, name="innovation_published", note=note)


def _clauses(rows: pd.DataFrame, sheet: InnovationSheet, language: str) -> list[Cell]:
    names = {track.judged.clause.id: track.judged.clause.name[language] for track in sheet.tracks}
    return cell.texts(rows["clause"].map(names))


def restated_table(sheet: InnovationSheet, *, language: str = "zh") -> Piece:
    """List the figures that were published again with another value, old and new."""
    rows = sheet.restated
    if isinstance(rows, Unavailable) or rows.empty:
        return Piece("")
    columns = [
        Column(word("innovation.figure", language), _clauses(rows, sheet, language), True),
        Column(word("innovation.period", language), cell.texts(rows["period"]), css="short"),
        *(
            Column(word(f"innovation.{name}", language), [cell.number(x) for x in rows[name]])
            for name in ("old", "new")
        ),
        Column(word("innovation.unit", language), cell.texts(rows["unit"])),
        Column(word("innovation.publisher", language), cell.texts(rows["new_publisher"])),
        Column(word("innovation.published_on", language), _days(rows["new_published_on"])),
    ]
    caption = word("innovation.restated_caption", language)
    return table(columns, caption=caption, name="innovation_restated")
