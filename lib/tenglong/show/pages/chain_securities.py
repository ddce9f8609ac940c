"""Collateral on the page of chains: mortgaged land by parcel, and the creditors."""

import pandas as pd

from tenglong.measure.county import Unavailable
from tenglong.measure.sheet.chains import ChainsSheet
from tenglong.show import cell
from tenglong.show.cell import Cell
from tenglong.show.finding import findings
from tenglong.show.lacking import lacking
from tenglong.show.page import Page
from tenglong.show.pages.chains import place_name
from tenglong.show.piece import Piece, remark
from tenglong.show.table import Column, table

MOST_ROWS = 60


def parcels_table(page: Page, sheet: ChainsSheet) -> Piece:
    """List the mortgaged parcels: those that lie unused or were cleared first."""
    land = sheet.securities
    if isinstance(land, Unavailable):
        return findings(lacking(page, land), name="chains_parcels")
    if land.parcels.empty:
        return remark(page.word("chains.no_parcels"))
    rows, place = land.parcels, page.place
    towns = rows["township"].map(dict(sheet.towns)).fillna(rows["township"])
    columns = [
        Column(page.word("chains.parcel"), cell.texts(rows["parcel_id"]), True, css="short"),
        Column(page.word("chains.line"), cell.counts(range(1, len(rows) + 1)), in_page=False),
        Column(page.word("chains.township"), cell.texts(towns), css="short"),
        Column(page.word("chains.occupants"), cell.texts(rows["occupants"])),
        Column(page.word("chains.amount"), [cell.number(x) for x in rows["amount_wan"]]),
        Column(page.word("chains.per_mu"), [cell.number(x) for x in rows["wan_per_mu"]]),
        Column(page.word("chains.creditors"), cell.texts(rows["creditor_names"])),
        Column(page.word("chains.land_state"), _land_states(page.about(place), rows)),
        Column(page.word("chains.clearance_state"), _loop_states(page, rows)),
        Column(page.word("chains.flag"), [_flag(page, row) for _, row in rows.iterrows()]),
    ]
    caption = page.word("chains.parcels_caption", place=place_name(page))
    more = page.word("table.more", rows=len(rows)) if len(rows) > MOST_ROWS else ""
    note = page.word("chains.parcels_note") + more
    return table(columns, caption=caption, name="chains_parcels", note=note, most_rows=MOST_ROWS)


def _land_states(page: Page, rows: pd.DataFrame) -> list[Cell]:
    """Name the states of the land as the map does."""
    entries = page.place.policy["parcel_measures"]["measures"]["land_state"]["categories"]
    labels = {entry["value"]: entry["label"][page.language] for entry in entries}
    return cell.texts(rows["land_state"].map(labels))


def _loop_states(page: Page, rows: pd.DataFrame) -> list[Cell]:
    states = rows["clearance_state"].dropna().unique()
    labels = {state: page.word(f"clearance.state.{state}") for state in states}
    return cell.texts(rows["clearance_state"].map(labels))


def _flag(page: Page, row: pd.Series) -> Cell:
    if row["is_unused"]:
        mark, tone, key = "▼", "bad", "chains.flag_unused"
    elif row["is_cleared"]:
        mark, tone, key = "◐", "warn", "chains.flag_cleared"
    else:
        mark, tone, key = "●", "none", "chains.flag_none"
    label = page.word(key)
    return Cell(f'<span class="status {tone}">{mark} {cell.text(label).html}</span>', label)


def creditors_table(page: Page, sheet: ChainsSheet) -> Piece:
    """Sum up by creditor, the largest first."""
    land = sheet.securities
    found = land if isinstance(land, Unavailable) else land.creditors
    if isinstance(found, Unavailable):
        return findings(lacking(page, found), name="chains_creditors")
    if found.empty:
        return remark(page.word("chains.no_parcels"))
    columns = [
        Column(page.word("chains.creditor"), cell.texts(found["creditor"]), True),
        Column(page.word("chains.entries"), cell.counts(found["entries"])),
        Column(page.word("chains.parcels"), cell.counts(found["parcels"])),
        Column(page.word("chains.amount"), [cell.number(x) for x in found["amount_wan"]]),
        Column(page.word("chains.share"), [cell.number(x, 1) for x in found["share_pct"]]),
    ]
    caption = page.word("chains.creditors_caption", place=place_name(page))
    return table(columns, caption=caption, name="chains_creditors")
