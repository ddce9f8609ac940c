"""Projects as one page shows them: where each stands, its contract, and what the plan wants."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from tenglong.measure.board.board import assess_plan
from tenglong.measure.county import County, Unavailable, attempt
from tenglong.measure.exact import exact_sum
from tenglong.measure.firm.places import PLACE, township_labels
from tenglong.measure.judge.assessment import Board
from tenglong.measure.project.choice import chosen_projects
from tenglong.measure.project.dual_contract import contract_nodes, contract_summary, dual_contracts
from tenglong.measure.project.investment import (
    Points,
    even_path,
    invested_so_far,
    investment_completion,
    yearly_investment,
)
from tenglong.measure.project.projects import (
    landing_rate,
    manufacturing_project_share,
)
from tenglong.measure.project.rule import ProjectRule, project_rule
from tenglong.measure.project.stages import funnel, project_stages
from tenglong.measure.reading import Figure, Reading, Series
from tenglong.measure.sheet.sheet import PageSheet

INDICATORS = (
    *("projects_reached", "investment", "investment_completion", "landing_rate"),
    *("manufacturing_project_share", "guarantee_teams", "section_chief_leads"),
)
SHARES: Mapping[str, Callable[[County], Reading]] = {
    "manufacturing_project_share": manufacturing_project_share,
    "landing_rate": landing_rate,
    "investment_completion": investment_completion,
}
SINGLE = {"is_manufacturing": True, "is_single": True}
Frame = pd.DataFrame | Unavailable
Years = Mapping[int, Figure] | Unavailable


@dataclass(frozen=True, eq=False, repr=False)
class ProjectsSheet(PageSheet):
    """Projects of a county, or of one township; what is not known says what is wanting.

    Attributes
    ----------
    supplied, planned_wan
        How many projects there are, and what they plan to invest.
    funnels
        `all` of them, `attracted` (those of the policy's landing rate), `large` (single
        manufacturing projects from the policy's first line of investment); see `stages.funnel`.
    stages
        `project_stages` with `name`, `town`, `total_investment_wan`, `has_team`, `has_lead`.
    nodes, contracts, nodes_summary
        See `dual_contract`; nodes are those of signed contracts, with `name` and `town`.
    large
        The single manufacturing projects from the first line of investment up, largest first:
        `name`, `town`, `total_investment_wan`, the dates of the stages, `has_team`, `has_lead`.
    shares
        By indicator and year: manufacturing among the attracted, landing and completion rate.
    yearly
        See `yearly_investment`.
    invested, path
        What was invested so far by month, and what the plan wants by then (whole county only).
    board
        The plan's clauses on projects, of the whole county.
    """

    supplied: int
    planned_wan: Fraction
    funnels: Mapping[str, Frame]
    stages: Frame
    nodes: Frame
    contracts: Frame
    nodes_summary: Frame
    large: Frame
    shares: Mapping[str, Years]
    yearly: Frame
    invested: Points | Unavailable
    path: Points
    board: Board
    rule: ProjectRule


def projects_sheet(whole: County, county: County) -> ProjectsSheet:
    """Measure the projects of a county.

    Parameters
    ----------
    whole
        All of it: the plan's clauses are judged of it.
    county
        The county itself, or one of its townships (`places.within`).

    Examples
    --------
    >>> county = example_county(policy=load_policy())
    >>> str(projects_sheet(county, county).stages)
    'projects'
    """
    rule = project_rule(whole.policy)
    board = assess_plan(whole, indicators=INDICATORS)
    invested = attempt(invested_so_far, county)
    projects = county.tables.get("projects", pd.DataFrame())
    return ProjectsSheet(
        supplied=len(projects),
        planned_wan=exact_sum(projects.get("total_investment_wan", [])),
        funnels=_funnels(county, rule),
        stages=attempt(lambda one: _named(one, project_stages(one)), county),
        nodes=attempt(_signed_nodes, county),
        contracts=attempt(dual_contracts, county),
        nodes_summary=attempt(contract_summary, county),
        large=attempt(lambda one: _large(one, rule), county),
        shares={name: attempt(_yearly(of), county) for name, of in SHARES.items()},
        yearly=attempt(yearly_investment, county),
        invested=invested,
        path=() if isinstance(invested, Unavailable) or county.township else _path(board, invested),
        board=board,
        rule=rule,
    )


def _funnels(place: County, rule: ProjectRule) -> Mapping[str, Frame]:
    least = float(rule.sizes_wan[0])
    return {
        "all": attempt(funnel, place),
        "attracted": attempt(lambda one: funnel(one, among=rule.landing.among), place),
        "large": attempt(lambda one: funnel(one, among=SINGLE, min_investment_wan=least), place),
    }


def _named(county: County, frame: pd.DataFrame) -> pd.DataFrame:
    """Add of every row's project what people know it by, where it stands, and who cares for it."""
    projects = county.table("projects", "project_id")
    towns = township_labels(county)
    missing = pd.Series(None, index=projects.index, dtype="str")
    about = pd.DataFrame(index=projects.index)
    about["name"] = projects.get("name", missing).fillna(projects["project_id"])
    about["town"] = projects.get(PLACE, missing).map(towns)
    about["total_investment_wan"] = projects.get("total_investment_wan", float("nan"))
    team = projects.get("guarantee_team")
    about["has_team"] = None if team is None else team.notna()
    about["has_lead"] = projects.get("has_section_chief_lead")
    about = about.astype({"has_team": "boolean", "has_lead": "boolean"})
    added = about.loc[frame.index].reset_index(drop=True)
    return frame.reset_index(drop=True).join(added[added.columns.difference(frame.columns)])


def _signed_nodes(county: County) -> pd.DataFrame:
    signed = county.table("projects", "dual_contract_on")["dual_contract_on"].notna()
    nodes = contract_nodes(county)
    return _named(county, nodes[signed.reindex(nodes.index).to_numpy()])


def _large(county: County, rule: ProjectRule) -> pd.DataFrame:
    least = float(rule.sizes_wan[0])
    stages = list(rule.stages)
    county.table("projects", *stages)
    chosen = chosen_projects(county, among=SINGLE, min_investment_wan=least)
    frame = _named(county, chosen[["project_id", *stages]])
    order = ["total_investment_wan", "project_id"]
    return frame.sort_values(order, ascending=[False, True], kind="stable")


def _yearly(measure: Callable[[County], Reading]) -> Callable[[County], Mapping[int, Figure]]:
    def by_year(county: County) -> Mapping[int, Figure]:
        reading = measure(county)
        figures = reading.figures if isinstance(reading, Series) else ()
        return {figure.end.year: figure for figure in figures}

    return by_year


def _path(board: Board, invested: Points) -> Points:
    days = tuple(day for day, _ in invested)
    for assessment in board.measured_by("investment"):
        if assessment.clause.unit.endswith("元"):
            return even_path(assessment, days)
    return ()
