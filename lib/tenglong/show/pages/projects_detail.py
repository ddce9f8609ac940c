"""The project page, project by project: stages, contracts, the large ones."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import pandas as pd

from tenglong.measure.county import Unavailable
from tenglong.measure.sheet.projects import ProjectsSheet
from tenglong.show import cell
from tenglong.show.cell import Cell
from tenglong.show.coded import coded, known, marked
from tenglong.show.finding import findings
from tenglong.show.lacking import lacking
from tenglong.show.number import MISSING
from tenglong.show.page import Page
from tenglong.show.piece import Piece
from tenglong.show.table import Column, table

MOST_ROWS = 60
# What needs action comes first.
STAYS = ("over", "out_of_order", "no_date", "kind_unknown", "within", "no_limit")
STATES = ("overdue", "late", "cannot_tell", "not_due", "not_agreed", "kept")
TONES = {
    "over": ("bad", "✖"),
    "overdue": ("bad", "✖"),
    "late": ("warn", "◐"),
    "kept": ("good", "✔"),
}


def stages_table(page: Page, sheet: ProjectsSheet) -> Piece:
    """List the projects that are not finished: where they stand, and since when."""
    found = sheet.stages
    if isinstance(found, Unavailable):
        return findings(lacking(page, found), name="projects_stages")
    rows = found[found["reason"] != "finished"]
    if rows.empty:
        return findings(page.sentence("projects.none.stages"), name="projects_stages")
    rows = rows.assign(place=[STAYS.index(reason) for reason in rows["reason"]])
    rows = rows.assign(left=rows["limit_days"] - rows["days_in_stage"])
    rows = rows.sort_values(["place", "left", "project_id"], kind="stable")
    columns = [
        *_about(page, rows),
        _column(page, "now", rows["stage"], lambda code: coded(page, "project.stage", code)),
        replace(_column(page, "since", rows["since"], cell.date_of), in_page=False),
        _column(page, "days", rows["days_in_stage"], _whole),
        replace(_column(page, "limit", rows["limit_days"], _whole), in_page=False),
        _column(page, "over", rows["days_over"], _whole),
        _column(page, "next", rows["next_stage"], lambda code: coded(page, "project.stage", code)),
        _column(page, "state", rows["reason"], lambda code: _state(page, "project.stay", code)),
        _column(page, "team", rows["has_team"], lambda has: _has(page, has)),
        _column(page, "lead", rows["has_lead"], lambda has: _has(page, has)),
    ]
    return table(
        columns,
        caption=page.word("projects.table.stages"),
        name="projects_stages",
        note=_more(page, rows),
        most_rows=MOST_ROWS,
    )


def nodes_table(page: Page, sheet: ProjectsSheet) -> Piece:
    """List the nodes of the signed contracts: agreed, actual, kept or not, not due, not known."""
    if isinstance(sheet.nodes, Unavailable):
        return findings(lacking(page, sheet.nodes), name="projects_nodes")
    rows = sheet.nodes[sheet.nodes["state"] != "not_agreed"]
    if rows.empty:
        return findings(page.sentence("projects.none.nodes"), name="projects_nodes")
    rows = rows.assign(place=[STATES.index(state) for state in rows["state"]])
    rows = rows.assign(late=rows["days_late"].fillna(0))
    order = ["place", "late", "agreed_on", "project_id"]
    rows = rows.sort_values(order, ascending=[True, False, True, True], kind="stable")
    columns = [
        *_about(page, rows)[:-1],
        _column(page, "node", rows["node"], lambda code: coded(page, "contract.node", code)),
        _column(page, "agreed_on", rows["agreed_on"], cell.date_of, css="short"),
        _column(page, "actual_on", rows["actual_on"], cell.date_of, css="short"),
        _column(page, "state", rows["state"], lambda code: _state(page, "contract.state", code)),
        _column(page, "late_days", rows["days_late"], _whole),
    ]
    return table(
        columns,
        caption=page.word("projects.table.nodes"),
        name="projects_nodes",
        note=_more(page, rows),
        most_rows=MOST_ROWS,
    )


def summary_table(page: Page, sheet: ProjectsSheet) -> Piece:
    """Count by node how the signed contracts stand."""
    if isinstance(sheet.nodes_summary, Unavailable):
        return Piece("")
    rows = sheet.nodes_summary
    names = ("agreed", "kept", "late", "overdue", "not_due")
    columns = [
        Column(
            page.word("projects.column.node"),
            [coded(page, "contract.node", code) for code in rows["node"]],
            True,
        ),
        *(_column(page, name, rows[name], _whole) for name in names),
        _column(page, "worst", rows["worst_days_late"], _whole),
    ]
    caption = page.word("projects.table.summary")
    return table(columns, caption=caption, name="projects_nodes_summary")


def large_table(page: Page, sheet: ProjectsSheet) -> Piece:
    """List the large single manufacturing projects, and who cares for them."""
    if isinstance(sheet.large, Unavailable):
        return findings(lacking(page, sheet.large), name="projects_large")
    rows, landed_by = sheet.large, sheet.rule.landing.landed_by
    if rows.empty:
        return findings(page.sentence("projects.none.large"), name="projects_large")
    window = page.place.plan.window
    columns = [
        *_about(page, rows),
        _column(page, "landed", rows[landed_by], cell.date_of, css="short"),
        _column(
            page,
            "counted",
            rows[landed_by],
            lambda day: _counted(page, day, (window.start, window.end)),
        ),
        *(
            Column(
                page.word(f"project.stage.{stage}"),
                [cell.date_of(day) for day in rows[stage]],
                css="short",
            )
            for stage in sheet.rule.stages
            if stage not in ("signed_on", landed_by, "capacity_on")
        ),
        _column(page, "team", rows["has_team"], lambda has: _has(page, has)),
        _column(page, "lead", rows["has_lead"], lambda has: _has(page, has)),
    ]
    return table(
        columns,
        caption=page.word("projects.table.large"),
        name="projects_large",
        note=page.word("projects.table.large_note"),
        most_rows=MOST_ROWS,
    )


def _about(page: Page, rows: pd.DataFrame) -> list[Column]:
    """Give the columns that every list of projects begins with; codes stand in the CSV alone."""
    return [
        Column(
            page.word("projects.column.project_id"),
            [cell.text(one) for one in rows["project_id"]],
            in_page=False,
        ),
        Column(page.word("projects.column.project"), [cell.text(n) for n in rows["name"]], True),
        _column(page, "town", rows["town"], lambda town: cell.text(known(town)), css="short"),
        _column(
            page, "investment", rows["total_investment_wan"], lambda value: cell.number(value, 0)
        ),
    ]


def _column(
    page: Page, name: str, values: Iterable[Any], drawn: Callable[[Any], Cell], css: str = ""
) -> Column:
    label = page.word(f"projects.column.{name}")
    return Column(label, [drawn(value) for value in values], css=css)


def _has(page: Page, has: Any) -> Cell:
    if pd.isna(has):
        return cell.text(MISSING)
    return cell.text(page.word("projects.yes" if has else "projects.no"))


def _counted(page: Page, day: Any, window: tuple[Any, Any]) -> Cell:
    if pd.isna(day):
        return cell.text(page.word("projects.not_landed"))
    is_within = window[0] <= day.date() <= window[1]
    return cell.text(page.word("projects.counted" if is_within else "projects.before"))


def _more(page: Page, rows: pd.DataFrame) -> str:
    return page.word("table.more", rows=len(rows)) if len(rows) > MOST_ROWS else ""


def _state(page: Page, group: str, code: str) -> Cell:
    """Give a state, with its shape where it needs action or is in order."""
    label = page.word(f"{group}.{code}")
    return marked(label, *TONES[code]) if code in TONES else cell.text(label)


def _whole(value: Any) -> Cell:
    return cell.entry(value, 0)
