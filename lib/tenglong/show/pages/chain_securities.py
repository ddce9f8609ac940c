"""Collateral on the page of chains: mortgaged land by parcel, and the creditors."""

import pandas as pd

from tenglong.measure.chain.sheet import ChainSheet
from tenglong.measure.county import County, Unavailable
from tenglong.show import cell
from tenglong.show.cell import Cell
from tenglong.show.finding import findings
from tenglong.show.lacking import lacking
from tenglong.show.pages.chains import place_name
from tenglong.show.piece import Piece, remark
from tenglong.show.table import Column, table
from tenglong.show.words import word

MOST_ROWS = 60


def parcels_table(sheet: ChainSheet, *, language: str = "zh") -> Piece:
    """List the mortgaged parcels: those that lie unused or were cleared first."""
    land = sheet.securities
    if isinstance(land, Unavailable):
        return findings(lacking(sheet.place, land, language=language), name="chains_parcels")
    if land.parcels.empty:
        return remark(word("chains.no_parcels", language))
    rows, place = land.parcels, sheet.place
    towns = rows["township"].map(dict(sheet.towns)).fillna(rows["township"])
    columns = [
        Column(word("chains.parcel", language), cell.texts(rows["parcel_id"]), True, css="short"),
        Column(word("chains.line", language), cell.counts(range(1, len(rows) + 1)), in_page=False),
        Column(word("chains.township", language), cell.texts(towns), css="short"),
        Column(word("chains.occupants", language), cell.texts(rows["occupants"])),
        Column(word("chains.amount", language), [cell.number(x) for x in rows["amount_wan"]]),
        Column(word("chains.per_mu", language), [cell.number(x) for x in rows["wan_per_mu"]]),
        Column(word("chains.creditors", language), cell.texts(rows["creditor_names"])),
        Column(word("chains.land_state", language), _land_states(rows, place, language)),
        Column(word("chains.clearance_state", language), _loop_states(rows, language)),
        Column(word("chains.flag", language), [_flag(row, language) for _, row in rows.iterrows()]),
    ]
    caption = word("chains.parcels_caption", language, place=place_name(sheet, language))
    more = word("table.more", language, rows=len(rows)) if len(rows) > MOST_ROWS else ""
    note = word("chains.parcels_note", language) + more
    return table(columns, caption=caption, name="chains_parcels", note=note, most_rows=MOST_ROWS)


def _land_states(rows: pd.DataFrame, place: County, language: str) -> list[Cell]:
    """Name the states of the land as the map does."""
    entries = place.policy["parcel_measures"]["measures"]["land_state"]["categories"]
    labels = {entry["value"]: entry["label"][language] for entry in entries}
    return cell.texts(rows["land_state"].map(labels))


def _loop_states(rows: pd.DataFrame, language: str) -> list[Cell]:
    states = rows["clearance_state"].dropna().unique()
    labels = {state: word(f"clearance.state.{state}", language) for state in states}
    return cell.texts(rows["clearance_state"].map(labels))


def _flag(row: pd.Series, language: str) -> Cell:
    if row["is_unused"]:
        mark, tone, key = "▼", "bad", "chains.flag_unused"
    elif row["is_cleared"]:
        mark, tone, key = "◐", "warn", "chains.flag_cleared"
    else:
        mark, tone, key = "●", "none", "chains.flag_none"
    label = word(key, language)
    return Cell(f'<span class="status {tone}">{mark} {cell.text(label).html}</span>', label)


def creditors_table(sheet: ChainSheet, *, language: str = "zh") -> Piece:
    """Sum up by creditor, the largest first."""
    land = sheet.securities
    found = land if isinstance(land, Unavailable) else land.creditors
    if isinstance(found, Unavailable):
        return findings(lacking(sheet.place, found, language=language), name="chains_creditors")
    if found.empty:
        return remark(word("chains.no_parcels", language))
    columns = [
        Column(word("chains.creditor", language), cell.texts(found["creditor"]), True),
        Column(word("chains.entries", language), cell.counts(found["entries"])),
        Column(word("chains.parcels", language), cell.counts(found["parcels"])),
        Column(word("chains.amount", language), [cell.number(x) for x in found["amount_wan"]]),
        Column(word("chains.share", language), [cell.number(x, 1) for x in found["share_pct"]]),
    ]
    caption = word("chains.creditors_caption", language, place=place_name(sheet, language))
    return table(columns, caption=caption, name="chains_creditors")
