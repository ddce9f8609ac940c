"""What is left below the line of tax per mu: by township, by industry, firm by firm."""

import pandas as pd

from tenglong.measure.county import Unavailable
from tenglong.measure.sheet.clearance import ClearanceSheet, Frame
from tenglong.show import cell
from tenglong.show.firm import firm_columns, industry_text, place_text
from tenglong.show.lacking import not_supplied
from tenglong.show.number import MISSING, figure
from tenglong.show.page import Page
from tenglong.show.pages.clearance_list import nothing
from tenglong.show.piece import Piece
from tenglong.show.table import Column, table

MOST_ROWS = 200


def left_by_township(page: Page, found: ClearanceSheet) -> Piece:
    """Count what is left below the line by township, the most land first."""
    names = _keys(found.left_townships)
    labels = [place_text(found.townships, name) for name in names]
    return _added_up(page, found, found.left_townships, labels, "left_townships", "township")


def left_by_industry(page: Page, found: ClearanceSheet) -> Piece:
    """Count what is left below the line by industry, the most land first."""
    names = _keys(found.left_industries)
    labels = [industry_text(page, found.industries, name) for name in names]
    return _added_up(page, found, found.left_industries, labels, "left_industries", "industry")


def _keys(sheet: Frame) -> list[object]:
    return [] if isinstance(sheet, Unavailable) else sheet["of"].tolist()


def _line(found: ClearanceSheet) -> str:
    line = found.line_wan_per_mu
    return figure(line, 0 if line.denominator == 1 else 2)


def _added_up(
    page: Page, found: ClearanceSheet, sheet: Frame, labels: list[str], key: str, head: str
) -> Piece:
    if isinstance(sheet, Unavailable):
        return not_supplied(page)
    if sheet.empty:
        return nothing(page, "clearance.no_left")
    nowhere = page.word("clearance.nowhere")
    heads = [cell.text(nowhere if label == MISSING else label) for label in labels]
    numbers = [("firms", 0), ("land_mu", 1), ("tax_wan", 1), ("not_listed", 0)]
    columns = [
        Column(page.word(f"firm.{head}"), heads, is_header=True),
        *(
            Column(
                page.word(f"clearance.column.{name.partition('_mu')[0].partition('_wan')[0]}"),
                [cell.entry(value, decimals) for value in sheet[name].tolist()],
            )
            for name, decimals in numbers
        ),
    ]
    caption = page.word(f"clearance.table.{key}", line=_line(found))
    return table(columns, caption=caption, name=f"clearance_{key}")


def left_firms(page: Page, found: ClearanceSheet) -> Piece:
    """List the firms below the line, the lowest first, with where they stand in the loop."""
    if isinstance(found.left, Unavailable):
        return not_supplied(page)
    rows = found.left.to_dict("records")
    if not rows:
        return nothing(page, "clearance.no_left")
    note = page.word("clearance.note.left")
    if len(rows) > MOST_ROWS:
        note = f"{note} {page.word('table.more', rows=len(rows))}"
    columns = [
        *firm_columns(page, rows, townships=found.townships, industries=found.industries),
        *(
            Column(page.word(f"clearance.column.{key}"), [cell.entry(row[name]) for row in rows])
            for key, name in (("tax_per_mu", "tax_wan_per_mu"), ("tax", "tax_wan"))
        ),
        Column(page.word("clearance.column.land"), [cell.entry(row["land_mu"]) for row in rows]),
        Column(
            page.word("clearance.column.state"),
            [cell.text(_state(page, row.get("state"))) for row in rows],
        ),
        Column(
            page.word("clearance.column.since"),
            [cell.date_of(row.get("since", pd.NaT)) for row in rows],
            css="short",
        ),
    ]
    return table(
        columns,
        caption=page.word("clearance.table.left", line=_line(found)),
        name="clearance_left",
        note=note,
        most_rows=MOST_ROWS,
    )


def _state(page: Page, state: object) -> str:
    return page.word(f"clearance.state.{state if isinstance(state, str) else 'not_listed'}")
