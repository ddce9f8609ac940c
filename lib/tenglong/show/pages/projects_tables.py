"""The project page: the funnel, project by project, and by year and month."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import pandas as pd

from tenglong.measure.county import Unavailable
from tenglong.measure.judge.assessment import Board
from tenglong.measure.project.investment import Points
from tenglong.measure.project.rule import ProjectRule
from tenglong.measure.reading import Figure, Part
from tenglong.measure.sheet.projects import Frame, Years
from tenglong.show import cell
from tenglong.show.cell import Cell
from tenglong.show.figure.funnel import Step, funnel
from tenglong.show.figure.lines import Line, lines
from tenglong.show.finding import findings
from tenglong.show.lacking import all_lacking, supplied
from tenglong.show.listing import Field, coded, day, listing, nothing_here, number, state, whole
from tenglong.show.number import A_YI, MISSING, percent, spoken
from tenglong.show.page import Page
from tenglong.show.piece import Piece
from tenglong.show.share import promised, verdict, verdict_cell

MOST_ROWS = 60
# What needs action comes first.
STAYS = ("over", "date_doubtful", "out_of_order", "no_date", "kind_unknown", "within", "no_limit")
STATES = ("overdue", "late", "cannot_tell", "not_due", "not_agreed", "kept")
TONES = {
    "over": ("bad", "✖"),
    "overdue": ("bad", "✖"),
    "late": ("warn", "◐"),
    "kept": ("good", "✔"),
}
# Of a rate: the parts that it is the quotient of, and their unit.
PARTS = {
    "manufacturing_project_share": ("manufacturing", "attracted", "个"),
    "landing_rate": ("landed", "signed", "个"),
    "investment_completion": ("invested_wan", "planned_wan", "万元"),
}


def _has(page: Page, has: Any) -> Cell:
    return cell.text(MISSING if pd.isna(has) else page.word(".yes" if has else ".no"))


def _counted(page: Page, landed_on: Any) -> Cell:
    """Say whether a project landed within the plan's time."""
    window = page.place.plan.window
    if pd.isna(landed_on):
        return cell.text(page.word(".not_landed"))
    is_within = window.start <= landed_on.date() <= window.end
    return cell.text(page.word(".counted" if is_within else ".before"))


def _amount(page: Page, amount: tuple[Part | None, str]) -> Cell:
    value, unit = amount
    return cell.amount(None if isinstance(value, str | date) else value, unit, page.language)


# What every list of projects begins with; codes stand in the CSV alone.
ABOUT = (
    Field("project_id", in_page=False),
    Field("project", of="name", is_header=True),
    Field("town", css="short"),
)
INVESTMENT = Field("investment", whole, "total_investment_wan")
CARE = (Field("team", _has, "has_team"), Field("lead", _has, "has_lead"))
NODE = Field("node", coded("contract.node"))
STAGES = (
    *ABOUT,
    INVESTMENT,
    Field("now", coded("project.stage"), "stage"),
    Field("since", day, in_page=False),
    Field("days", whole, "days_in_stage"),
    Field("limit", whole, "limit_days", in_page=False),
    Field("over", whole, "days_over"),
    Field("next", coded("project.stage"), "next_stage"),
    Field("state", state("project.stay", TONES), "reason"),
    *CARE,
)
NODES = (
    *ABOUT,
    NODE,
    Field("agreed_on", day, css="short"),
    Field("actual_on", day, css="short"),
    Field("state", state("contract.state", TONES)),
    Field("late_days", whole, "days_late"),
)
SUMMARY = (
    Field("node", coded("contract.node"), is_header=True),
    *(Field(name, whole) for name in ("agreed", "kept", "late", "overdue", "not_due")),
    Field("worst", whole, "worst_days_late"),
)
SHARES = (
    Field("year", is_header=True),
    Field("of", coded("projects.share")),
    Field("done", _amount),
    Field("whole", _amount),
    Field("value", number(1)),
    Field("verdict", verdict_cell),
)
YEARS = (
    Field("year", is_header=True),
    Field("months", whole),
    Field("invested", number(2), "invested_wan"),
    Field("upgrade", number(2), "upgrade_wan"),
    Field("enclave", number(2), "enclave_wan"),
    Field("growth", number(1, sign=True), "growth_pct"),
)


@supplied("projects_funnel_figure")
def funnel_figure(page: Page, stages: pd.DataFrame) -> Piece:
    """Draw how many attracted manufacturing projects came as far as each stage."""
    steps = [
        Step(
            page.word(f"project.stage.{row['stage']}"),
            int(row["projects"]),
            note=page.word(
                ".figure.funnel_note",
                share=percent(row["share_pct"] / 100),
                planned=spoken(row["investment_wan"], "万元", page.language),
            ),
        )
        for row in stages.to_dict("records")
    ]
    return funnel(
        page,
        steps,
        caption=page.word(".figure.funnel"),
        described=page.word(".figure.funnel_described"),
        name="projects_funnel_figure",
    )


def funnel_table(page: Page, funnels: Mapping[str, Frame]) -> Piece:
    """Count by stage all projects, the attracted manufacturing ones, and the large ones."""
    known = {name: rows for name, rows in funnels.items() if not isinstance(rows, Unavailable)}
    if not known:
        return Piece("")
    fields = [
        Field("stage", coded("project.stage"), is_header=True),
        *(Field(name, whole) for name in known),
    ]
    if "attracted" in known:
        fields += [
            Field("share", number(1), "share_pct"),
            Field("attracted_investment", number(2), "investment_wan"),
        ]
    stages = known.get("attracted", next(iter(known.values())))
    return listing(
        page,
        stages.assign(**{name: rows["projects"] for name, rows in known.items()}),
        fields,
        caption=page.word(".table.funnel"),
        name="projects_funnel",
    )


@supplied("projects_stages")
def stages_table(page: Page, stages: pd.DataFrame) -> Piece:
    """List the projects that are not finished: where they stand, and since when."""
    rows = stages[stages["reason"] != "finished"]
    rows = rows.assign(
        place=[STAYS.index(reason) for reason in rows["reason"]],
        left=rows["limit_days"] - rows["days_in_stage"],
    )
    return listing(
        page,
        rows.sort_values(["place", "left", "project_id"], kind="stable"),
        STAGES,
        caption=page.word(".table.stages"),
        name="projects_stages",
        nothing=".none.stages",
        most_rows=MOST_ROWS,
    )


@supplied("projects_nodes")
def nodes_table(page: Page, nodes: pd.DataFrame) -> Piece:
    """List the nodes of the signed contracts: agreed, actual, kept or not, not due, not known."""
    rows = nodes[nodes["state"] != "not_agreed"]
    rows = rows.assign(
        place=[STATES.index(state) for state in rows["state"]],
        late=rows["days_late"].fillna(0),
    )
    order = {"place": True, "late": False, "agreed_on": True, "project_id": True}
    return listing(
        page,
        rows.sort_values(list(order), ascending=list(order.values()), kind="stable"),
        NODES,
        caption=page.word(".table.nodes"),
        name="projects_nodes",
        nothing=".none.nodes",
        most_rows=MOST_ROWS,
    )


@supplied()
def summary_table(page: Page, summary: pd.DataFrame) -> Piece:
    """Count by node how the signed contracts stand."""
    caption = page.word(".table.summary")
    return listing(page, summary, SUMMARY, caption=caption, name="projects_nodes_summary")


@supplied("projects_large")
def large_table(page: Page, large: pd.DataFrame, rule: ProjectRule) -> Piece:
    """List the large single manufacturing projects, and who cares for them."""
    landed_by = rule.landing.landed_by
    return listing(
        page,
        large,
        (
            *ABOUT,
            INVESTMENT,
            Field("landed", day, landed_by, css="short"),
            Field("counted", _counted, landed_by),
            *(
                Field(f"project.stage.{stage}", day, stage, css="short")
                for stage in rule.stages
                if stage not in ("signed_on", landed_by, "capacity_on")
            ),
            *CARE,
        ),
        caption=page.word(".table.large"),
        name="projects_large",
        note=page.word(".table.large_note"),
        nothing=".none.large",
        most_rows=MOST_ROWS,
    )


def shares_table(page: Page, shares: Mapping[str, Years], board: Board) -> Piece:
    """Show the yearly rates with what they are the quotient of, the last year first."""
    rows = [
        _share(name, year, share, board)
        for name, years in shares.items()
        if not isinstance(years, Unavailable)
        for year, share in years.items()
    ]
    if not rows:
        gaps = [years for years in shares.values() if isinstance(years, Unavailable)]
        said = all_lacking(page, gaps) or [page.sentence(".none.shares")]
        return findings(*said, name="projects_shares")
    rows.sort(key=lambda row: (-row["year"], list(PARTS).index(row["of"])))
    return listing(page, rows, SHARES, caption=page.word(".table.shares"), name="projects_shares")


def _share(name: str, year: int, share: Figure, board: Board) -> dict[str, Any]:
    done, of, unit = PARTS[name]
    return {
        "year": year,
        "of": name,
        "done": (share.parts.get(done), unit),
        "whole": (share.parts.get(of), unit),
        "value": None if share.value is None else share.value * 100,
        "verdict": verdict(share.value, promised(board, name), year=year, as_of=board.as_of),
    }


@supplied("projects_invested_figure")
def investment_figure(page: Page, invested: Points, path: Points) -> Piece:
    """Draw what was invested so far, month by month, beside what is due."""
    if not invested:
        return nothing_here(page, ".none.invested", "projects_invested_figure")
    series = [Line(page.word(".figure.actual"), _yi(invested))]
    if path:
        series.append(Line(page.word(".figure.path"), _yi(path), is_reference=True))
    return lines(
        page,
        series,
        caption=page.word(".figure.invested"),
        described=page.word(".figure.invested_described"),
        name="projects_invested_figure",
        unit=page.word("unit.亿元"),
    )


def _yi(points: Points) -> list[tuple[date, Fraction | None]]:
    return [(when, wan / A_YI) for when, wan in points]


@supplied("projects_yearly")
def yearly_table(page: Page, yearly: pd.DataFrame) -> Piece:
    """Show what was invested by year, of it in upgrading, in enclaves besides, and its growth."""
    return listing(
        page,
        yearly.sort_values("year", ascending=False),
        YEARS,
        caption=page.word(".table.yearly"),
        name="projects_yearly",
        note=page.word(".table.yearly_note"),
        nothing=".none.invested",
    )
