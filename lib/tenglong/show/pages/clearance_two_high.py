"""The clearance page: two-high projects with their checks and approvals, and key energy users."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from tenglong.measure.sheet.clearance import ClearanceSheet
from tenglong.show import cell
from tenglong.show.cell import Cell
from tenglong.show.firm import industry_text, named_cell, place_text
from tenglong.show.lacking import not_supplied, supplied
from tenglong.show.listing import Draw, Field, coded, listing, noted, number, text
from tenglong.show.page import Page
from tenglong.show.pages.clearance import Row
from tenglong.show.pages.clearance_list import firm_list
from tenglong.show.piece import Piece, remark, wide

APPROVALS = ("energy_review", "eia", "capacity_swap")
# What cannot wait comes first.
GRAVE = ("to_remove", "to_rectify", "_missing", "_late", "not_assessed", "not_flagged")


def _gravity(codes: Sequence[str]) -> int:
    places = [place for place, end in enumerate(GRAVE) if any(code.endswith(end) for code in codes)]
    return min(places, default=len(GRAVE) + (0 if codes else 1))


def _project(sheet: ClearanceSheet) -> Draw:
    def draw(page: Page, project: Row) -> Cell:
        place = page.name(place_text(sheet.townships, project.get("township")))
        trade = industry_text(page, sheet.industries, project.get("industry"))
        name = project.get("name")
        called = name if isinstance(name, str) else project["project_id"]
        return named_cell(called, f"{place} · {trade}")

    return draw


def _assessed(page: Page, project: Row) -> Cell:
    """Give when a project was checked, and the result."""
    day, result = cell.date_of(project.get("assessed_on")), project.get("assessment")
    if not isinstance(result, str):
        return day
    return cell.text(f"{day.plain} {page.choice('projects', 'assessment', result)}")


def _flag(page: Page, value: Any) -> Cell:
    is_told = value is True or value is False
    return text(page, page.word(".yes" if value else ".no") if is_told else None)


CALORIFIC = Field("calorific", number(1), "calorific_tce")
FINDINGS = noted("two_high.finding")
USERS = (
    Field("equal", number(1), "energy_tce"),
    CALORIFIC,
    Field("monitored", _flag, lambda user: user.get("is_energy_monitored")),
    Field(
        "notes",
        FINDINGS,
        lambda user: ["large_one_way_only"] if user["is_flipping"] is True else [],
    ),
)


@supplied(instead=not_supplied)
def projects(page: Page, projects: pd.DataFrame, sheet: ClearanceSheet) -> Piece:
    """List the two-high projects, those with findings first."""
    if projects.empty:
        return remark(page.word(".no_projects"))
    rows = projects.to_dict("records")
    drawn = listing(
        page,
        sorted(rows, key=lambda row: (_gravity(row["findings"]), str(row["project_id"]))),
        [
            Field("project", _project(sheet), lambda project: project, is_header=True),
            Field("project_id", in_page=False),
            Field("stage", coded("two_high.stage")),
            Field("equal", number(1), "equal_tce"),
            CALORIFIC,
            Field("assessed", _assessed, lambda project: project),
            *(
                Field(f"two_high.approval.{name}", coded("two_high.status"), name)
                for name in APPROVALS
                if name in projects
            ),
            Field("findings", FINDINGS),
        ],
        caption=page.word(".table.projects"),
        name="two_high_projects",
        note=page.word(".note.two_high"),
    )
    return wide(drawn)


@supplied(instead=not_supplied)
def key_users(page: Page, users: pd.DataFrame, sheet: ClearanceSheet) -> Piece:
    """List the key energy users, the largest first."""
    return firm_list(page, sheet, users, USERS, name="two_high_users")
