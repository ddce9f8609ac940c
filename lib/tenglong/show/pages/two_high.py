"""Two-high projects with their checks and approvals, and key energy users."""

from collections.abc import Mapping, Sequence
from typing import Any

from tenglong.measure.county import Unavailable
from tenglong.measure.sheet.clearance import ClearanceSheet
from tenglong.show import cell
from tenglong.show.cell import Cell
from tenglong.show.firm import firm_columns, industry_text, named_cell, place_text
from tenglong.show.lacking import not_supplied
from tenglong.show.number import MISSING
from tenglong.show.page import Page
from tenglong.show.pages.clearance_list import nothing
from tenglong.show.piece import Piece, wide
from tenglong.show.table import Column, table

APPROVALS = ("energy_review", "eia", "capacity_swap")
# What cannot wait comes first.
GRAVE = ("to_remove", "to_rectify", "_missing", "_late", "not_assessed", "not_flagged")
Row = Mapping[Any, Any]


def projects(page: Page, found: ClearanceSheet) -> Piece:
    """List the two-high projects, those with findings first."""
    if isinstance(found.projects, Unavailable):
        return not_supplied(page)
    rows: list[dict[Any, Any]] = found.projects.to_dict("records")
    if not rows:
        return nothing(page, "clearance.no_projects")
    rows.sort(key=lambda row: (_gravity(row["findings"]), str(row["project_id"])))
    approvals = [name for name in APPROVALS if name in found.projects]
    columns = [
        Column(
            page.word("clearance.column.project"),
            [_project(page, found, row) for row in rows],
            is_header=True,
        ),
        Column(
            page.word("clearance.column.project_id"),
            [cell.text(row["project_id"]) for row in rows],
            in_page=False,
        ),
        _column(page, "stage", [_stage(page, row) for row in rows]),
        _column(page, "equal", [cell.entry(row["equal_tce"], 1) for row in rows]),
        _column(page, "calorific", [cell.entry(row["calorific_tce"], 1) for row in rows]),
        _column(page, "assessed", [_assessed(page, row) for row in rows]),
        *(
            Column(
                page.word(f"two_high.approval.{name}"),
                [cell.text(page.word(f"two_high.status.{row[name]}")) for row in rows],
            )
            for name in approvals
        ),
        _column(page, "findings", [_findings(page, row) for row in rows]),
    ]
    drawn = table(
        columns,
        caption=page.word("clearance.table.projects"),
        name="two_high_projects",
        note=page.word("clearance.note.two_high"),
    )
    return wide(drawn)


def key_users(page: Page, found: ClearanceSheet) -> Piece:
    """List the key energy users, the largest first."""
    if isinstance(found.users, Unavailable):
        return not_supplied(page)
    rows = found.users.to_dict("records")
    if not rows:
        return nothing(page, "clearance.no_users")
    finding = page.word("two_high.finding.large_one_way_only")
    columns = [
        *firm_columns(page, rows, townships=found.townships, industries=found.industries),
        _column(page, "equal", [cell.entry(row["energy_tce"], 1) for row in rows]),
        _column(page, "calorific", [cell.entry(row["calorific_tce"], 1) for row in rows]),
        _column(page, "monitored", [_flag(page, row.get("is_energy_monitored")) for row in rows]),
        _column(
            page,
            "notes",
            [cell.text(finding if row["is_flipping"] is True else "") for row in rows],
        ),
    ]
    caption = page.word("clearance.table.users")
    return table(columns, caption=caption, name="two_high_users")


def _column(page: Page, key: str, cells: Sequence[Cell]) -> Column:
    return Column(page.word(f"clearance.column.{key}"), cells)


def _gravity(codes: tuple[str, ...]) -> int:
    places = [place for place, end in enumerate(GRAVE) if any(code.endswith(end) for code in codes)]
    return min(places, default=len(GRAVE) + (0 if codes else 1))


def _project(page: Page, found: ClearanceSheet, row: Row) -> Cell:
    place = place_text(found.townships, row.get("township"))
    trade = industry_text(page, found.industries, row.get("industry"))
    name = row.get("name")
    return named_cell(name if isinstance(name, str) else row["project_id"], f"{place} · {trade}")


def _stage(page: Page, row: Row) -> Cell:
    stage = row["stage"]
    return cell.text(page.word(f"two_high.stage.{stage}") if isinstance(stage, str) else MISSING)


def _assessed(page: Page, row: Row) -> Cell:
    """Give when a project was checked, and the result."""
    day, result = cell.date_of(row.get("assessed_on")), row.get("assessment")
    if not isinstance(result, str):
        return day
    return cell.text(f"{day.plain} {page.choice('projects', 'assessment', result)}")


def _findings(page: Page, row: Row) -> Cell:
    told = (page.word(f"two_high.finding.{code}") for code in row["findings"])
    return cell.text(("；" if page.language == "zh" else "; ").join(told))


def _flag(page: Page, value: Any) -> Cell:
    if value is True or value is False:
        return cell.text(page.word("clearance.yes" if value else "clearance.no"))
    return cell.text(MISSING)
