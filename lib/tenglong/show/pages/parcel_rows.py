"""The map page's rows: every firm and parcel, what needs action first; the map leads to them."""

from collections.abc import Sequence
from dataclasses import replace
from html import escape
from typing import Any

import pandas as pd

from tenglong.measure.county import County
from tenglong.measure.land.parcel_sheet import ParcelSheet
from tenglong.show import cell
from tenglong.show.cell import Cell
from tenglong.show.map.finder import Tenants
from tenglong.show.number import MISSING, figure
from tenglong.show.piece import Piece
from tenglong.show.table import Column, table
from tenglong.show.words import word

# What stands in the CSV alone: among the urgent, the actions tell the parcel's state.
ASIDE, URGENT_ASIDE = ("carbon_level",), ("carbon_level", "land_state")
URGENT = 20  # rows that are always in sight, and printed
MOST_ROWS = 500  # of the whole table that stand on the page
RATED = ("grade", "clearance_state", "land_state", "carbon_level")


def tenants(county: County, sheet: ParcelSheet, language: str) -> Tenants:
    """Give the firms of each parcel as the map shows them."""
    used = sheet.uses
    columns = {
        word("parcels.firm", language): used["name"].fillna(used["usci"]),
        word("parcels.industry", language): industry_texts(county, used["industry"], language),
        **_rated(sheet, language),
        word("parcels.firm_tax", language): used["tax_per_mu"].map(figure),
        word("parcels.used", language): used["area_mu"].map(figure),
        word("parcels.action", language): _action_texts(used, language),
    }
    held = used["usci"].notna()
    shown = {label: texts for label, texts in columns.items() if texts[held].notna().any()}
    pages = {
        "enterprises": used["grade"].notna(),
        "clearance": used["clearance_state"].notna() & (used["clearance_state"] != "not_listed"),
    }
    return Tenants(used["parcel"], shown, used["usci"], pages)


def industry_texts(county: County, codes: pd.Series, language: str) -> pd.Series:
    """Name the industries of firms by the first two digits; an unknown one keeps its code."""
    named = county.policy["industries"]["divisions"]
    cut = codes.astype("str").str[:2]
    names = cut.map({code: label[language] for code, label in named.items()})
    return names.fillna(cut).where(codes.notna())


def _rated(sheet: ParcelSheet, language: str) -> dict[str, pd.Series]:
    """Give the words for what the measures say of each firm and its parcel, where they have any."""
    found = {}
    for one in sheet.colourings:
        if one.measure in RATED:
            words = {entry["value"]: entry["label"][language] for entry in one.rule["categories"]}
            found[word(f"parcels.rated.{one.measure}", language)] = sheet.uses[one.measure].map(
                words
            )
    return found


def _action_texts(used: pd.DataFrame, language: str) -> pd.Series:
    """Name what needs action in each row; missing where nothing does."""
    comma = "、" if language == "zh" else ", "
    texts = [
        comma.join(word(f"parcels.action.{code}", language) for code in codes) or None
        for codes in used["actions"]
    ]
    return pd.Series(texts, index=used.index, dtype="str")


def urgent_rows(county: County, sheet: ParcelSheet, *, language: str = "zh") -> Piece:
    """List the firms and parcels that need action most urgently."""
    needing = sheet.uses[sheet.uses["actions"].map(bool)]
    if needing.empty:
        return Piece(f'<p class="note">{escape(word("parcels.nothing_urgent", language))}</p>')
    columns = [
        *_columns(county, replace(sheet, uses=needing), language, aside=URGENT_ASIDE),
        Column(
            word("parcels.unit", language),
            [cell.text(_units(sheet, codes) or MISSING) for codes in needing["actions"]],
        ),
    ]
    note = word("parcels.urgent_note", language, shown=min(URGENT, len(needing)), rows=len(needing))
    caption = word("parcels.urgent", language)
    return table(columns, caption=caption, name="parcel_actions", note=note, most_rows=URGENT)


def _units(sheet: ParcelSheet, codes: Sequence[str]) -> str:
    leads = [sheet.tallies[code].units[0] for code in codes if sheet.tallies[code].units]
    return "、".join(dict.fromkeys(leads))


def all_rows(county: County, sheet: ParcelSheet, *, language: str = "zh") -> Piece:
    """List every firm and parcel, folded up; with scripts it is filtered along with the map."""
    if sheet.parcels.empty:
        return Piece("")
    rows = len(sheet.uses)
    note = "" if rows <= MOST_ROWS else word("table.more", language, rows=f"{rows:,}")
    drawn = table(
        _columns(county, sheet, language),
        caption=word("parcels.rows", language),
        name="parcel_rows",
        note=note,
        most_rows=MOST_ROWS,
    )
    summary = escape(word("parcels.rows_summary", language, rows=f"{rows:,}"))
    folded = (
        f'<details class="screen-only" data-rows-of="parcel_map"><summary>{summary}</summary>'
        f"{drawn.html}</details>"
    )
    return replace(drawn, html=folded)


def _columns(
    county: County, sheet: ParcelSheet, language: str, *, aside: Sequence[str] = ASIDE
) -> list[Column]:
    """Give the columns of firms and parcels; those that nothing is known of are left out."""
    hidden = [word(f"parcels.rated.{measure}", language) for measure in aside]
    used = sheet.uses
    place = used["parcel"].map(sheet.townships)
    names = used["name"].fillna(used["usci"])
    texts: dict[str, pd.Series] = {
        word("parcels.action", language): _action_texts(used, language),
        word("parcels.township", language): place,
        word("parcels.industry", language): industry_texts(county, used["industry"], language),
        **_rated(sheet, language),
    }
    numbers = {
        word("parcels.firm_tax", language): used["tax_per_mu"],
        word("parcels.used", language): used["area_mu"],
        word("parcels.overdue_days", language): used["days_overdue"],
    }
    parcels = [_parcel(use, text) for use, text in zip(used.index, used["parcel_id"], strict=True)]
    return [
        Column(word("parcels.firm", language), _cells(names), is_header=True),
        Column(word("parcels.parcel", language), parcels, css="short"),
        *(
            Column(label, _cells(one), in_page=label not in hidden)
            for label, one in texts.items()
            if one.notna().any()
        ),
        *(
            Column(label, [_number(value, label, language) for value in one])
            for label, one in numbers.items()
            if one.notna().any()
        ),
    ]


def _parcel(use: Any, text: Any) -> Cell:
    """Give a parcel's code as a link to the map, where a script shows the parcel."""
    told = cell.text(MISSING if pd.isna(text) else text)
    return replace(told, html=f'<a href="#parcel_map" data-use="{use}">{told.html}</a>')


def _cells(texts: pd.Series) -> list[Cell]:
    return [Cell(MISSING, "") if pd.isna(text) else cell.text(text) for text in texts]


def _number(value: Any, label: str, language: str) -> Cell:
    decimals = 0 if label == word("parcels.overdue_days", language) else 2
    return cell.number(None if pd.isna(value) else value, decimals)
