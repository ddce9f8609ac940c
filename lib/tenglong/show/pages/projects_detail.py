"""The project page, project by project: stages, contracts, the large ones."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import pandas as pd

from tenglong.measure.county import County, Unavailable
from tenglong.measure.project.project_sheet import ProjectSheet
from tenglong.show import cell
from tenglong.show.cell import Cell
from tenglong.show.coded import coded, known, marked
from tenglong.show.finding import findings, sentence
from tenglong.show.lacking import lacking
from tenglong.show.number import MISSING
from tenglong.show.piece import Piece
from tenglong.show.table import Column, table
from tenglong.show.words import word

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


def stages_table(county: County, sheet: ProjectSheet, *, language: str = "zh") -> Piece:
    """List the projects that are not finished: where they stand, and since when."""
    found = sheet.stages
    if isinstance(found, Unavailable):
        return findings(lacking(county, found, language=language), name="projects_stages")
    rows = found[found["reason"] != "finished"]
    if rows.empty:
        return findings(sentence("projects.none.stages", language), name="projects_stages")
    rows = rows.assign(place=[STAYS.index(reason) for reason in rows["reason"]])
    rows = rows.assign(left=rows["limit_days"] - rows["days_in_stage"])
    rows = rows.sort_values(["place", "left", "project_id"], kind="stable")
    columns = [
        *_about(rows, language),
        _column(
            "now", rows["stage"], lambda code: coded("project.stage", code, language), language
        ),
        replace(_column("since", rows["since"], cell.date_of, language), in_page=False),
        _column("days", rows["days_in_stage"], _whole, language),
        replace(_column("limit", rows["limit_days"], _whole, language), in_page=False),
        _column("over", rows["days_over"], _whole, language),
        _column(
            "next",
            rows["next_stage"],
            lambda code: coded("project.stage", code, language),
            language,
        ),
        _column(
            "state", rows["reason"], lambda code: _state("project.stay", code, language), language
        ),
        _column("team", rows["has_team"], lambda has: _has(has, language), language),
        _column("lead", rows["has_lead"], lambda has: _has(has, language), language),
    ]
    return table(
        columns,
        caption=word("projects.table.stages", language),
        name="projects_stages",
        note=_more(rows, language),
        most_rows=MOST_ROWS,
    )


def nodes_table(county: County, sheet: ProjectSheet, *, language: str = "zh") -> Piece:
    """List the nodes of the signed contracts: agreed, actual, kept or not, not due, not known."""
    if isinstance(sheet.nodes, Unavailable):
        return findings(lacking(county, sheet.nodes, language=language), name="projects_nodes")
    rows = sheet.nodes[sheet.nodes["state"] != "not_agreed"]
    if rows.empty:
        return findings(sentence("projects.none.nodes", language), name="projects_nodes")
    rows = rows.assign(place=[STATES.index(state) for state in rows["state"]])
    rows = rows.assign(late=rows["days_late"].fillna(0))
    order = ["place", "late", "agreed_on", "project_id"]
    rows = rows.sort_values(order, ascending=[True, False, True, True], kind="stable")
    columns = [
        *_about(rows, language)[:-1],
        _column(
            "node", rows["node"], lambda code: coded("contract.node", code, language), language
        ),
        _column("agreed_on", rows["agreed_on"], cell.date_of, language, css="short"),
        _column("actual_on", rows["actual_on"], cell.date_of, language, css="short"),
        _column(
            "state", rows["state"], lambda code: _state("contract.state", code, language), language
        ),
        _column("late_days", rows["days_late"], _whole, language),
    ]
    return table(
        columns,
        caption=word("projects.table.nodes", language),
        name="projects_nodes",
        note=_more(rows, language),
        most_rows=MOST_ROWS,
    )


def summary_table(sheet: ProjectSheet, *, language: str = "zh") -> Piece:
    """Count by node how the signed contracts stand."""
    if isinstance(sheet.nodes_summary, Unavailable):
        return Piece("")
    rows = sheet.nodes_summary
    names = ("agreed", "kept", "late", "overdue", "not_due")
    columns = [
        Column(
            word("projects.column.node", language),
            [coded("contract.node", code, language) for code in rows["node"]],
            True,
        ),
        *(_column(name, rows[name], _whole, language) for name in names),
        _column("worst", rows["worst_days_late"], _whole, language),
    ]
    caption = word("projects.table.summary", language)
    return table(columns, caption=caption, name="projects_nodes_summary")


def large_table(county: County, sheet: ProjectSheet, *, language: str = "zh") -> Piece:
    """List the large single manufacturing projects, and who cares for them."""
    if isinstance(sheet.large, Unavailable):
        return findings(lacking(county, sheet.large, language=language), name="projects_large")
    rows, landed_by = sheet.large, sheet.rule.landing.landed_by
    if rows.empty:
        return findings(sentence("projects.none.large", language), name="projects_large")
    window = county.plan.window
    columns = [
        *_about(rows, language),
        _column("landed", rows[landed_by], cell.date_of, language, css="short"),
        _column(
            "counted",
            rows[landed_by],
            lambda day: _counted(day, (window.start, window.end), language),
            language,
        ),
        *(
            Column(
                word(f"project.stage.{stage}", language),
                [cell.date_of(day) for day in rows[stage]],
                css="short",
            )
            for stage in sheet.rule.stages
            if stage not in ("signed_on", landed_by, "capacity_on")
        ),
        _column("team", rows["has_team"], lambda has: _has(has, language), language),
        _column("lead", rows["has_lead"], lambda has: _has(has, language), language),
    ]
    return table(
        columns,
        caption=word("projects.table.large", language),
        name="projects_large",
        note=word("projects.table.large_note", language),
        most_rows=MOST_ROWS,
    )


def _about(rows: pd.DataFrame, language: str) -> list[Column]:
    """Give the columns that every list of projects begins with; codes stand in the CSV alone."""
    return [
        Column(
            word("projects.column.project_id", language),
            [cell.text(one) for one in rows["project_id"]],
            in_page=False,
        ),
        Column(
            word("projects.column.project", language), [cell.text(n) for n in rows["name"]], True
        ),
        _column("town", rows["town"], lambda town: cell.text(known(town)), language, css="short"),
        _column(
            "investment",
            rows["total_investment_wan"],
            lambda value: cell.number(value, 0),
            language,
        ),
    ]


def _column(
    name: str, values: Iterable[Any], drawn: Callable[[Any], Cell], language: str, css: str = ""
) -> Column:
    label = word(f"projects.column.{name}", language)
    return Column(label, [drawn(value) for value in values], css=css)


def _has(has: Any, language: str) -> Cell:
    if pd.isna(has):
        return cell.text(MISSING)
    return cell.text(word("projects.yes" if has else "projects.no", language))


def _counted(day: Any, window: tuple[Any, Any], language: str) -> Cell:
    if pd.isna(day):
        return cell.text(word("projects.not_landed", language))
    is_within = window[0] <= day.date() <= window[1]
    return cell.text(word("projects.counted" if is_within else "projects.before", language))


def _more(rows: pd.DataFrame, language: str) -> str:
    return word("table.more", language, rows=len(rows)) if len(rows) > MOST_ROWS else ""


def _state(group: str, code: str, language: str) -> Cell:
    """Give a state, with its shape where it needs action or is in order."""
    label = word(f"{group}.{code}", language)
    return marked(label, *TONES[code]) if code in TONES else cell.text(label)


def _whole(value: Any) -> Cell:
    return cell.entry(value, 0)
