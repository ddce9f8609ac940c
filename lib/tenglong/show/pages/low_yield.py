"""What is left below the line of tax per mu: by township, by industry, firm by firm."""

import pandas as pd

from tenglong.measure.clearance.cleared import Clearing, Sheet
from tenglong.measure.county import Unavailable
from tenglong.show import cell
from tenglong.show.firm import firm_columns, industry_text, place_text
from tenglong.show.lacking import not_supplied
from tenglong.show.number import MISSING, figure
from tenglong.show.pages.clearance_list import nothing
from tenglong.show.piece import Piece
from tenglong.show.table import Column, table
from tenglong.show.words import word

MOST_ROWS = 200


def left_by_township(found: Clearing, *, language: str = "zh") -> Piece:
    """Count what is left below the line by township, the most land first."""
    names = _keys(found.left_townships)
    labels = [place_text(found.townships, name) for name in names]
    return _added_up(found, found.left_townships, labels, "left_townships", "township", language)


def left_by_industry(found: Clearing, *, language: str = "zh") -> Piece:
    """Count what is left below the line by industry, the most land first."""
    names = _keys(found.left_industries)
    labels = [industry_text(found.industries, name, language) for name in names]
    return _added_up(found, found.left_industries, labels, "left_industries", "industry", language)


def _keys(sheet: Sheet) -> list[object]:
    return [] if isinstance(sheet, Unavailable) else sheet["of"].tolist()


def _line(found: Clearing) -> str:
    line = found.line_wan_per_mu
    return figure(line, 0 if line.denominator == 1 else 2)


def _added_up(
    found: Clearing, sheet: Sheet, labels: list[str], key: str, head: str, language: str
) -> Piece:
    if isinstance(sheet, Unavailable):
        return not_supplied(language)
    if sheet.empty:
        return nothing("clearance.no_left", language)
    nowhere = word("clearance.nowhere", language)
    heads = [cell.text(nowhere if label == MISSING else label) for label in labels]
    numbers = [("firms", 0), ("land_mu", 1), ("tax_wan", 1), ("not_listed", 0)]
    columns = [
        Column(word(f"firm.{head}", language), heads, is_header=True),
        *(
            Column(
                word(f"clearance.column.{name.partition('_mu')[0].partition('_wan')[0]}", language),
                [cell.entry(value, decimals) for value in sheet[name].tolist()],
            )
            for name, decimals in numbers
        ),
    ]
    caption = word(f"clearance.table.{key}", language, line=_line(found))
    return table(columns, caption=caption, name=f"clearance_{key}")


def left_firms(found: Clearing, *, language: str = "zh") -> Piece:
    """List the firms below the line, the lowest first, with where they stand in the loop."""
    if isinstance(found.left, Unavailable):
        return not_supplied(language)
    rows = found.left.to_dict("records")
    if not rows:
        return nothing("clearance.no_left", language)
    note = word("clearance.note.left", language)
    if len(rows) > MOST_ROWS:
        note = f"{note} {word('table.more', language, rows=len(rows))}"
    columns = [
        *firm_columns(
            rows, townships=found.townships, industries=found.industries, language=language
        ),
        *(
            Column(
                word(f"clearance.column.{key}", language), [cell.entry(row[name]) for row in rows]
            )
            for key, name in (("tax_per_mu", "tax_wan_per_mu"), ("tax", "tax_wan"))
        ),
        Column(
            word("clearance.column.land", language), [cell.entry(row["land_mu"]) for row in rows]
        ),
        Column(
            word("clearance.column.state", language),
            [cell.text(_state(row.get("state"), language)) for row in rows],
        ),
        Column(
            word("clearance.column.since", language),
            [cell.date_of(row.get("since", pd.NaT)) for row in rows],
            css="short",
        ),
    ]
    return table(
        columns,
        caption=word("clearance.table.left", language, line=_line(found)),
        name="clearance_left",
        note=note,
        most_rows=MOST_ROWS,
    )


def _state(state: object, language: str) -> str:
    return word(f"clearance.state.{state if isinstance(state, str) else 'not_listed'}", language)
