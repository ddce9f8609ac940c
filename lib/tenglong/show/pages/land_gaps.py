"""The land page, parcel by parcel: what lies idle, what is late, what falls short, and why."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from tenglong.measure.land.idle import IN_DOUBT, IdleRule
from tenglong.show import cell
from tenglong.show.cell import Cell
from tenglong.show.lacking import supplied, supplier_of
from tenglong.show.listing import Field, all_coded, choice, coded, day, listing, number, whole
from tenglong.show.page import Page
from tenglong.show.pages.land import candidates
from tenglong.show.piece import Piece


def _next(page: Page, idle_on: Any) -> Cell:
    if pd.isna(idle_on):
        return cell.text(page.word(".next.produce"))
    return cell.text(page.word(".next.start_before", day=page.day(idle_on.date())))


def _gaps(rows: pd.DataFrame) -> list[tuple[Any, ...]]:
    return list(zip(rows["missing"], rows["undecided"], rows["reasons"], strict=True))


def _needed(page: Page, gap: tuple[Sequence[str], Sequence[str], Sequence[str]]) -> Cell:
    """Name the columns that are wanting or doubtful, or else what they would have to tell."""
    names, codes, reasons = gap
    columns = page.joined(page.label("parcels", name) for name in names)
    if IN_DOUBT in reasons:
        return cell.text(page.word(".doubtful", columns=columns))
    return cell.text(columns) if columns else all_coded("land.lacking")(page, codes or ["use"])


def _suppliers(page: Page, names: list[str]) -> Cell:
    units = (supplier_of(page.place, "parcels", name) for name in names or ("",))
    return cell.text(page.joined(dict.fromkeys(units)))


MOST_ROWS = 100
# What every list of parcels begins with; codes stand in the CSV alone.
ABOUT = (
    Field("parcel_id", in_page=False),
    Field("parcel", of="name", is_header=True),
    Field("town", css="short"),
    Field("area", number(2), "area_mu"),
)
STATE = Field("state", coded("land.state"), "land_state", css="short")
IDLE = (
    *ABOUT,
    Field("case", coded("land.case"), in_page=False),
    Field("since", day, css="short"),
    Field("years", whole),
    Field("cause", choice("parcels", "idle_cause")),
    Field("why", all_coded("land.reason"), "reasons"),
    Field("handling", coded("land.handling")),
    Field("article", coded("land.article"), "handling"),
    Field("fee", number(2), "fee_wan"),
)
CANDIDATES = (
    *ABOUT,
    Field("suspended", day, "since", css="short"),
    Field("years", whole),
    Field("why", all_coded("land.reason"), "reasons"),
    Field("handling", coded("land.handling")),
    Field("article", coded("land.article"), "handling"),
)
LATE = (
    *ABOUT,
    STATE,
    Field("agreed_on", day, css="short"),
    Field("days_late", whole),
    Field("next", _next, "idle_on"),
)
UNMET = (
    *ABOUT,
    STATE,
    Field("item", coded("land.measure"), "actual_name"),
    Field("agreed", number(2)),
    Field("actual", number(2)),
    Field("reached", number(2), lambda rows: 100 * rows["reached"]),
    Field("others", all_coded("land.measure")),
)
UNDECIDED = (
    *ABOUT,
    Field("needed", _needed, _gaps),
    Field("supplier", _suppliers, "missing"),
)


@supplied("land_idle")
def idle_table(page: Page, parcels: pd.DataFrame) -> Piece:
    """List what lies idle: since when, by whose fault, and what follows."""
    rows = parcels[parcels["land_state"] == "idle"]
    return listing(
        page,
        rows.sort_values(["years", "since", "parcel_id"], ascending=[False, True, True]),
        IDLE,
        caption=page.word(".table.idle"),
        name="land_idle",
        note=page.word(".table.idle_note"),
        nothing=".none.idle",
        most_rows=MOST_ROWS,
    )


@supplied("land_candidates")
def candidates_table(page: Page, parcels: pd.DataFrame, rule: IdleRule) -> Piece:
    """List what may be determined as idle and has not been: since when, and what is short."""
    way = "counted" if rule.candidates_count else "apart"
    column = page.label("parcels", "idle_determined_on")
    return listing(
        page,
        candidates(parcels),
        CANDIDATES,
        caption=page.word(".table.candidates"),
        name="land_candidates",
        note=page.word(f".table.candidates_{way}", column=column),
        nothing=".none.candidates",
        most_rows=MOST_ROWS,
    )


@supplied("land_late")
def late_table(page: Page, late: pd.DataFrame) -> Piece:
    """List land not started and land not in production, with days late and the next step."""
    return listing(
        page,
        late.sort_values(["days_late", "parcel_id"], ascending=[False, True], kind="stable"),
        LATE,
        caption=page.word(".table.late"),
        name="land_late",
        nothing=".none.late",
        most_rows=MOST_ROWS,
    )


@supplied("land_unmet")
def unmet_table(page: Page, unmet: pd.DataFrame) -> Piece:
    """List land that is used less, or produces less, than agreed: the item furthest behind."""
    names = unmet.groupby("parcel_id")["actual_name"].agg(lambda names: list(names)[1:])
    first = unmet.drop_duplicates("parcel_id")
    return listing(
        page,
        first.assign(others=first["parcel_id"].map(names)),
        UNMET,
        caption=page.word(".table.unmet"),
        name="land_unmet",
        nothing=".none.unmet",
        most_rows=MOST_ROWS,
    )


@supplied("land_undecided")
def undecided_table(page: Page, parcels: pd.DataFrame) -> Piece:
    """List the parcels whose state cannot be told, and what would have to be supplied."""
    return listing(
        page,
        parcels[parcels["land_state"].isna()].sort_values("parcel_id"),
        UNDECIDED,
        caption=page.word(".table.undecided"),
        name="land_undecided",
        nothing=".none.undecided",
        most_rows=MOST_ROWS,
    )
