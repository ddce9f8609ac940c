"""Collateral on the page of chains: mortgaged land by parcel, and the creditors."""

from collections.abc import Mapping

import pandas as pd

from tenglong.measure.sheet.chains import Securities
from tenglong.show import cell
from tenglong.show.cell import Cell
from tenglong.show.coded import known
from tenglong.show.lacking import supplied
from tenglong.show.listing import Field, coded, listing, named, number, state, whole
from tenglong.show.page import Page
from tenglong.show.pages.chains import LINE, place_name
from tenglong.show.piece import Piece, remark

MOST_ROWS = 60
FLAGS = {"unused": ("bad", "▼"), "cleared": ("warn", "◐"), "none": ("none", "●")}


def _land_state(page: Page, land_state: object) -> Cell:
    """Name a state of the land as the map does."""
    entries = page.place.policy["parcel_measures"]["measures"]["land_state"]["categories"]
    labels = {entry["value"]: entry["label"][page.language] for entry in entries}
    return cell.text(known(labels.get(land_state)))


def _flags(rows: pd.DataFrame) -> list[str]:
    marks = zip(rows["is_unused"], rows["is_cleared"], strict=True)
    return ["unused" if unused else "cleared" if cleared else "none" for unused, cleared in marks]


CREDITORS = (
    Field("creditor", is_header=True),
    Field("entries", whole),
    Field("parcels", whole),
    Field("amount", number(2), "amount_wan"),
    Field("share", number(1), "share_pct"),
)


@supplied("chains_parcels")
def parcels_table(page: Page, land: Securities, towns: Mapping[str, str]) -> Piece:
    """List the mortgaged parcels: those that lie unused or were cleared first."""
    return listing(
        page,
        land.parcels,
        (
            Field("parcel", of="parcel_id", is_header=True, css="short"),
            LINE,
            Field("township", named(towns), css="short"),
            Field("occupants"),
            Field("amount", number(2), "amount_wan"),
            Field("per_mu", number(2), "wan_per_mu"),
            Field("creditors", of="creditor_names"),
            Field("land_state", _land_state),
            Field("clearance_state", coded("clearance.state")),
            Field("flag", state("chains.flag", FLAGS), _flags),
        ),
        caption=page.word(".parcels_caption", place=place_name(page)),
        name="chains_parcels",
        note=page.word(".parcels_note"),
        nothing=remark(page.word(".no_parcels")),
        most_rows=MOST_ROWS,
    )


@supplied("chains_creditors")
def creditors_table(page: Page, land: Securities) -> Piece:
    """Sum up by creditor, the largest first."""
    return _creditors(page, land.creditors)


@supplied("chains_creditors")
def _creditors(page: Page, creditors: pd.DataFrame) -> Piece:
    return listing(
        page,
        creditors,
        CREDITORS,
        caption=page.word(".creditors_caption", place=place_name(page)),
        name="chains_creditors",
        nothing=remark(page.word(".no_parcels")),
    )
