"""Two-high projects with their checks and approvals, and key energy users."""

from collections.abc import Mapping, Sequence
from typing import Any

from tenglong.measure.clearance.cleared import Clearing
from tenglong.measure.county import County, Unavailable
from tenglong.show import cell
from tenglong.show.cell import Cell
from tenglong.show.firm import firm_columns, industry_text, named_cell, place_text
from tenglong.show.lacking import not_supplied
from tenglong.show.number import MISSING
from tenglong.show.pages.clearance_list import nothing
from tenglong.show.piece import Piece, wide
from tenglong.show.table import Column, table
from tenglong.show.words import word

APPROVALS = ("energy_review", "eia", "capacity_swap")
# What cannot wait comes first.
GRAVE = ("to_remove", "to_rectify", "_missing", "_late", "not_assessed", "not_flagged")
Row = Mapping[Any, Any]


def projects(county: County, found: Clearing, *, language: str = "zh") -> Piece:
    """List the two-high projects, those with findings first."""
    if isinstance(found.projects, Unavailable):
        return not_supplied(language)
    rows: list[dict[Any, Any]] = found.projects.to_dict("records")
    if not rows:
        return nothing("clearance.no_projects", language)
    rows.sort(key=lambda row: (_gravity(row["findings"]), str(row["project_id"])))
    approvals = [name for name in APPROVALS if name in found.projects]
    columns = [
        Column(
            word("clearance.column.project", language),
            [_project(found, row, language) for row in rows],
            is_header=True,
        ),
        Column(
            word("clearance.column.project_id", language),
            [cell.text(row["project_id"]) for row in rows],
            in_page=False,
        ),
        _column("stage", language, [_stage(row, language) for row in rows]),
        _column("equal", language, [cell.entry(row["equal_tce"], 1) for row in rows]),
        _column("calorific", language, [cell.entry(row["calorific_tce"], 1) for row in rows]),
        _column("assessed", language, [_assessed(county, row, language) for row in rows]),
        *(
            Column(
                word(f"two_high.approval.{name}", language),
                [cell.text(word(f"two_high.status.{row[name]}", language)) for row in rows],
            )
            for name in approvals
        ),
        _column("findings", language, [_findings(row, language) for row in rows]),
    ]
    drawn = table(
        columns,
        caption=word("clearance.table.projects", language),
        name="two_high_projects",
        note=word("clearance.note.two_high", language),
    )
    return wide(drawn)


def key_users(found: Clearing, *, language: str = "zh") -> Piece:
    """List the key energy users, the largest first."""
    if isinstance(found.users, Unavailable):
        return not_supplied(language)
    rows = found.users.to_dict("records")
    if not rows:
        return nothing("clearance.no_users", language)
    finding = word("two_high.finding.large_one_way_only", language)
    columns = [
        *firm_columns(
            rows, townships=found.townships, industries=found.industries, language=language
        ),
        _column("equal", language, [cell.entry(row["energy_tce"], 1) for row in rows]),
        _column("calorific", language, [cell.entry(row["calorific_tce"], 1) for row in rows]),
        _column(
            "monitored", language, [_flag(row.get("is_energy_monitored"), language) for row in rows]
        ),
        _column(
            "notes",
            language,
            [cell.text(finding if row["is_flipping"] is True else "") for row in rows],
        ),
    ]
    caption = word("clearance.table.users", language)
    return table(columns, caption=caption, name="two_high_users")


def _column(key: str, language: str, cells: Sequence[Cell]) -> Column:
    return Column(word(f"clearance.column.{key}", language), cells)


def _gravity(codes: tuple[str, ...]) -> int:
    places = [place for place, end in enumerate(GRAVE) if any(code.endswith(end) for code in codes)]
    return min(places, default=len(GRAVE) + (0 if codes else 1))


def _project(found: Clearing, row: Row, language: str) -> Cell:
    place = place_text(found.townships, row.get("township"))
    trade = industry_text(found.industries, row.get("industry"), language)
    name = row.get("name")
    return named_cell(name if isinstance(name, str) else row["project_id"], f"{place} · {trade}")


def _stage(row: Row, language: str) -> Cell:
    stage = row["stage"]
    return cell.text(
        word(f"two_high.stage.{stage}", language) if isinstance(stage, str) else MISSING
    )


def _assessed(county: County, row: Row, language: str) -> Cell:
    """Give when a project was checked, and the result."""
    day, result = cell.date_of(row.get("assessed_on")), row.get("assessment")
    if not isinstance(result, str):
        return day
    return cell.text(f"{day.plain} {county.choice('projects', 'assessment', result)[language]}")


def _findings(row: Row, language: str) -> Cell:
    told = (word(f"two_high.finding.{code}", language) for code in row["findings"])
    return cell.text(("；" if language == "zh" else "; ").join(told))


def _flag(value: Any, language: str) -> Cell:
    if value is True or value is False:
        return cell.text(word("clearance.yes" if value else "clearance.no", language))
    return cell.text(MISSING)
