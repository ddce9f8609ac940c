"""The map page's rows: every firm and parcel, what needs action first; the map leads to them."""

from collections.abc import Sequence
from dataclasses import replace
from html import escape
from typing import Any

import pandas as pd

from tenglong.measure.clause import Label
from tenglong.measure.sheet.parcel_map import ParcelMapSheet
from tenglong.show import cell
from tenglong.show.cell import Cell
from tenglong.show.firm import industry_text, named_cell
from tenglong.show.map.finder import Tenants
from tenglong.show.number import MISSING, figure
from tenglong.show.page import Page
from tenglong.show.piece import Piece
from tenglong.show.table import Column, table

# What stands in the CSV alone: among the urgent, the actions tell the parcel's state.
ASIDE = ("rated.carbon_level",)
URGENT_ASIDE = (*ASIDE, "rated.land_state", "used")
URGENT = 20  # rows that are always in sight, and printed
MOST_ROWS = 500  # of the whole table that stand on the page
RATED = ("grade", "clearance_state", "land_state", "carbon_level")


def tenants(page: Page, sheet: ParcelMapSheet) -> Tenants:
    """Give the firms of each parcel as the map shows them."""
    used = sheet.uses
    columns = {
        page.word("parcels.firm"): used["name"].fillna(used["usci"]),
        page.word("parcels.industry"): industry_texts(page, used["industry"]),
        **_rated(page, sheet),
        page.word("parcels.firm_tax"): used["tax_per_mu"].map(figure),
        page.word("parcels.used"): used["area_mu"].map(figure),
        page.word("parcels.action"): _action_texts(page, used),
    }
    held = used["usci"].notna()
    shown = {label: texts for label, texts in columns.items() if texts[held].notna().any()}
    pages = {
        "enterprises": used["grade"].notna(),
        "clearance": used["clearance_state"].notna() & (used["clearance_state"] != "not_listed"),
    }
    return Tenants(used["parcel"], shown, used["usci"], pages)


def industry_texts(page: Page, codes: pd.Series) -> pd.Series:
    """Name the industries of firms by the first two digits; an unknown one keeps its code."""
    named = page.place.policy["industries"]["divisions"]
    labels = {code: Label(**label) for code, label in named.items()}
    return codes.map(lambda code: industry_text(page, labels, code)).where(codes.notna())


def _rated(page: Page, sheet: ParcelMapSheet) -> dict[str, pd.Series]:
    """Give the words for what the measures say of each firm and its parcel, where they have any."""
    found = {}
    for colouring in sheet.colourings:
        if colouring.measure in RATED:
            words = {
                entry["value"]: entry["label"][page.language]
                for entry in colouring.rule["categories"]
            }
            found[page.word(f"parcels.rated.{colouring.measure}")] = sheet.uses[
                colouring.measure
            ].map(words)
    return found


def _action_texts(page: Page, used: pd.DataFrame) -> pd.Series:
    """Name what needs action in each row; missing where nothing does."""
    told = zip(used["actions"], used["days_overdue"], strict=True)
    texts = [
        page.joined(_action(page, code, days) for code in codes) or None for codes, days in told
    ]
    return pd.Series(texts, index=used.index, dtype="str")


def _action(page: Page, code: str, days: Any) -> str:
    if code == "overdue":
        return page.word("parcels.overdue_by", days=f"{days:,}")
    return page.word(f"parcels.action.{code}")


def urgent_rows(page: Page, sheet: ParcelMapSheet) -> Piece:
    """List the firms and parcels that need action most urgently."""
    needing = sheet.uses[sheet.uses["actions"].map(bool)]
    if needing.empty:
        return Piece(f'<p class="note">{escape(page.word("parcels.nothing_urgent"))}</p>')
    columns = [
        *_columns(page, replace(sheet, uses=needing), aside=URGENT_ASIDE),
        Column(
            page.word("parcels.unit"),
            [cell.text(_units(sheet, codes) or MISSING) for codes in needing["actions"]],
        ),
    ]
    note = page.word("parcels.urgent_note", shown=min(URGENT, len(needing)), rows=len(needing))
    caption = page.word("parcels.urgent")
    return table(columns, caption=caption, name="parcel_actions", note=note, most_rows=URGENT)


def _units(sheet: ParcelMapSheet, codes: Sequence[str]) -> str:
    leads = [sheet.tallies[code].units[0] for code in codes if sheet.tallies[code].units]
    return "、".join(dict.fromkeys(leads))


def all_rows(page: Page, sheet: ParcelMapSheet) -> Piece:
    """List every firm and parcel, folded up; with scripts it is filtered along with the map."""
    if sheet.parcels.empty:
        return Piece("")
    rows = len(sheet.uses)
    note = "" if rows <= MOST_ROWS else page.word("table.more", rows=f"{rows:,}")
    drawn = table(
        _columns(page, sheet),
        caption=page.word("parcels.rows"),
        name="parcel_rows",
        note=note,
        most_rows=MOST_ROWS,
    )
    summary = escape(page.word("parcels.rows_summary", rows=f"{rows:,}"))
    folded = (
        f'<details class="screen-only" data-rows-of="parcel_map"><summary>{summary}</summary>'
        f"{drawn.html}</details>"
    )
    return replace(drawn, html=folded)


def _columns(page: Page, sheet: ParcelMapSheet, *, aside: Sequence[str] = ASIDE) -> list[Column]:
    """Give the columns of firms and parcels; those that nothing is known of are left out."""
    used = sheet.uses
    where = {
        page.word("parcels.township"): used["parcel"].map(town_texts(page, sheet)),
        page.word("parcels.industry"): industry_texts(page, used["industry"]),
    }
    hidden = [*where, *(page.word(f"parcels.{key}") for key in aside)]
    texts: dict[str, pd.Series] = {
        page.word("parcels.action"): _action_texts(page, used),
        **where,
        **_rated(page, sheet),
    }
    numbers = {
        page.word("parcels.firm_tax"): used["tax_per_mu"],
        page.word("parcels.used"): used["area_mu"],
    }
    parcels = [_parcel(use, text) for use, text in zip(used.index, used["parcel_id"], strict=True)]
    return [
        Column(page.word("parcels.firm"), _firms(used, list(where.values())), is_header=True),
        Column(page.word("parcels.parcel"), parcels, css="short"),
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
        Column(page.word("parcels.overdue_days"), _numbers(used["days_overdue"], 0), in_page=False),
    ]


def town_texts(page: Page, sheet: ParcelMapSheet) -> pd.Series:
    """Name the township of each parcel; missing where it is not known."""
    return (
        sheet.townships.map(page.name, na_action="ignore")
        .astype("str")
        .where(sheet.townships.notna())
    )


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
    return replace(told, drawn=f'<a href="#parcel_map" data-use="{use}">{told.html}</a>')


def _cells(texts: pd.Series) -> list[Cell]:
    return [Cell(MISSING, "") if pd.isna(text) else cell.text(text) for text in texts.tolist()]


def _numbers(values: pd.Series, decimals: int) -> list[Cell]:
    return [cell.number(None if pd.isna(value) else value, decimals) for value in values.tolist()]
