"""The map page's rows: every firm and parcel, what needs action first; the map leads to them."""

from collections.abc import Sequence
from dataclasses import replace
from html import escape
from typing import Any

import pandas as pd

from tenglong.measure.clause import Label
from tenglong.measure.county import County
from tenglong.measure.land.parcel_sheet import ParcelSheet
from tenglong.show import cell
from tenglong.show.cell import Cell
from tenglong.show.firm import industry_text, named_cell
from tenglong.show.map.finder import Tenants
from tenglong.show.number import MISSING, figure
from tenglong.show.piece import Piece
from tenglong.show.table import Column, table
from tenglong.show.words import word

# What stands in the CSV alone: among the urgent, the actions tell the parcel's state.
ASIDE = ("rated.carbon_level",)
URGENT_ASIDE = (*ASIDE, "rated.land_state", "used")
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
    labels = {code: Label(**label) for code, label in named.items()}
    return codes.map(lambda code: industry_text(labels, code, language)).where(codes.notna())


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
    told = zip(used["actions"], used["days_overdue"], strict=True)
    texts = [
        comma.join(_action(code, days, language) for code in codes) or None for codes, days in told
    ]
    return pd.Series(texts, index=used.index, dtype="str")


def _action(code: str, days: Any, language: str) -> str:
    if code == "overdue":
        return word("parcels.overdue_by", language, days=f"{days:,}")
    return word(f"parcels.action.{code}", language)


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
    used = sheet.uses
    where = {
        word("parcels.township", language): used["parcel"].map(sheet.townships),
        word("parcels.industry", language): industry_texts(county, used["industry"], language),
    }
    hidden = [*where, *(word(f"parcels.{key}", language) for key in aside)]
    texts: dict[str, pd.Series] = {
        word("parcels.action", language): _action_texts(used, language),
        **where,
        **_rated(sheet, language),
    }
    numbers = {
        word("parcels.firm_tax", language): used["tax_per_mu"],
        word("parcels.used", language): used["area_mu"],
    }
    parcels = [_parcel(use, text) for use, text in zip(used.index, used["parcel_id"], strict=True)]
    return [
        Column(word("parcels.firm", language), _firms(used, list(where.values())), is_header=True),
        Column(word("parcels.parcel", language), parcels, css="short"),
        *(
            Column(label, _cells(one), in_page=label not in hidden)
            for label, one in texts.items()
            if one.notna().any()
        ),
        *(
            Column(label, _numbers(one, 2), in_page=label not in hidden)
            for label, one in numbers.items()
            if one.notna().any()
        ),
        Column(
            word("parcels.overdue_days", language), _numbers(used["days_overdue"], 0), in_page=False
        ),
    ]


def _firms(used: pd.DataFrame, where: Sequence[pd.Series]) -> list[Cell]:
    """Name the firm of each row, with the township and the industry below it."""
    names = used["name"].fillna(used["usci"]).fillna(MISSING)
    places = zip(*(texts.fillna("") for texts in where), strict=True)
    return [
        named_cell(name, " · ".join(filter(None, place)))
        for name, place in zip(names, places, strict=True)
    ]


def _parcel(use: Any, text: Any) -> Cell:
    """Give a parcel's code as a link to the map, where a script shows the parcel."""
    told = cell.text(MISSING if pd.isna(text) else text)
    return replace(told, html=f'<a href="#parcel_map" data-use="{use}">{told.html}</a>')


def _cells(texts: pd.Series) -> list[Cell]:
    return [Cell(MISSING, "") if pd.isna(text) else cell.text(text) for text in texts]


def _numbers(values: pd.Series, decimals: int) -> list[Cell]:
    return [cell.number(None if pd.isna(value) else value, decimals) for value in values]
