"""The dual contract (“双合同”): what was agreed for each project, and whether it was kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import pandas as pd

from tenglong.measure.county import County
from tenglong.measure.kept import kept
from tenglong.measure.project.choice import chosen_projects
from tenglong.measure.project.projects import landed_projects, project_rows
from tenglong.measure.project.rule import Node, ProjectRule, project_rule
from tenglong.measure.reading import Coverage, Evidence, Reading
from tenglong.measure.row import rows, without

NODES = ["project_id", "node", "agreed_on", "actual_on", "state", "days_late"]
COUNTED = ("agreed", "decided", "kept", "late", "overdue", "not_due", "worst_days_late")
BROKEN = ("late", "overdue")
DECIDED = ("kept", *BROKEN)


@dataclass(frozen=True)
class NodeState:
    """How one node of a contract stands.

    Attributes
    ----------
    state
        `kept`; `late` (done after the day agreed); `overdue` (not done, the day has passed);
        `not_due`; `not_agreed` (no day was); `cannot_tell` (a date was not supplied or is
        doubtful).
    days_late
        Days after the day agreed, of what is late or overdue.
    """

    state: str
    days_late: int | None = None


def node_state(
    agreed: date | None, actual: date | None, *, as_of: date, grace_days: int = 0
) -> NodeState:
    """Judge one node: done in time, too late, or not yet.

    What is done on the day agreed, or within the grace, is kept; days late are counted from
    the day agreed. What is due on `as_of` is not overdue until that day is over.

    Examples
    --------
    >>> agreed = date(2022, 3, 31)
    >>> node_state(agreed, date(2022, 3, 31), as_of=date(2022, 6, 30)).state
    'kept'
    >>> node_state(agreed, date(2022, 4, 10), as_of=date(2022, 6, 30))
    NodeState(state='late', days_late=10)
    >>> node_state(agreed, None, as_of=date(2022, 6, 30))
    NodeState(state='overdue', days_late=91)
    """
    if agreed is None:
        return NodeState("not_agreed")
    days = ((actual or as_of) - agreed).days
    if days > grace_days:
        return NodeState("late" if actual else "overdue", days)
    return NodeState("kept" if actual else "not_due")


@kept
def contract_nodes(county: County) -> pd.DataFrame:
    """Judge every node of every project's contract, agreed against actual dates.

    Returns
    -------
    DataFrame
        By the rows of `projects`, one a node of the policy: `project_id`, `node`, `agreed_on`,
        `actual_on`, `state` and `days_late`, see `NodeState`.

    Raises
    ------
    Unavailable
        If there are no projects.

    Examples
    --------
    >>> county = example_county(policy=load_policy(), projects={
    ...     "project_id": ["P"], "agreed_start_on": ["2022-03-31"], "started_on": ["2022-04-10"]})
    >>> contract_nodes(county)[["node", "state"]].values.tolist()[:2]
    [['start', 'late'], ['completion', 'cannot_tell']]
    """
    rule = project_rule(county.policy)
    frame = county.table("projects", "project_id")
    lines, index = [], []
    for row, project in zip(frame.index, rows(frame), strict=True):
        doubtful = county.doubts("projects", int(row))
        for name, node in rule.nodes.items():
            state = _judged(without(project, doubtful), node, rule, county.as_of)
            if state.state == "overdue" and "terminated_on" in doubtful:
                state = NodeState("cannot_tell")
            dates = (project.get(node.agreed), project.get(node.actual))
            lines.append((project["project_id"], name, *dates, state.state, state.days_late))
            index.append(row)
    made = pd.DataFrame(lines, columns=NODES, index=pd.Index(index, dtype="int64"))
    dated = {name: pd.to_datetime(made[name]) for name in ("agreed_on", "actual_on")}
    return made.assign(**dated, days_late=made["days_late"].astype("Int64"))


def _judged(project: Mapping[str, Any], node: Node, rule: ProjectRule, as_of: date) -> NodeState:
    if node.agreed not in project or node.actual not in project:
        return NodeState("cannot_tell")
    agreed, actual = project[node.agreed], project[node.actual]
    # What was given up is no longer late for ever.
    until = min(as_of, project.get("terminated_on") or as_of)
    return node_state(agreed, actual, as_of=until, grace_days=rule.grace_days)


def dual_contracts(county: County) -> pd.DataFrame:
    """Tell of every project whether its dual contract was kept so far.

    Returns
    -------
    DataFrame
        By the rows of `projects`: `project_id`, `signed_on` (of the contract), `nodes_decided`
        (kept, late or overdue), `nodes_kept`, `nodes_late` (late or overdue),
        `worst_days_late` (all four missing where a date of any node was not supplied), and
        `state`: `broken` (a node is late or overdue), `cannot_tell`
        (none is, but a date was not supplied),
        `kept` (every node that was due), `not_due`, `not_agreed` (no day at all), and before
        all these `not_signed`.

    Raises
    ------
    Unavailable
        If there are no projects, or it was not supplied when contracts were signed.

    Examples
    --------
    >>> policy = load_policy()
    >>> dates = {c: [None] for node in policy["projects"]["nodes"].values() for c in node.values()}
    >>> dates |= {"agreed_start_on": ["2022-03-31"], "started_on": ["2022-04-10"]}
    >>> county = example_county(policy=policy, projects={
    ...     "project_id": ["P"], "dual_contract_on": ["2021-03-01"], **dates})
    >>> dual_contracts(county)[["state", "nodes_decided", "worst_days_late"]].values.tolist()
    [['broken', 1, 10]]
    """
    frame = county.table("projects", "project_id", "dual_contract_on")
    nodes = contract_nodes(county)
    states: dict[int, list[str]] = {}
    for row, state in nodes["state"].items():
        states.setdefault(int(str(row)), []).append(state)
    well = _by_row({row: found.count("kept") for row, found in states.items()}, "int64")
    broken = {row: sum(one in BROKEN for one in found) for row, found in states.items()}
    late = _by_row(broken, "int64")
    told = _by_row({row: "cannot_tell" not in found for row, found in states.items()}, "bool")
    counts = {
        "nodes_decided": well + late,
        "nodes_kept": well,
        "nodes_late": late,
        "worst_days_late": nodes["days_late"].groupby(level=0).max(),
    }
    verdicts = {row: _verdict(set(found)) for row, found in states.items()}
    verdict = _by_row(verdicts, "str").reindex(frame.index)
    signed_on = frame["dual_contract_on"]
    return pd.DataFrame(
        {
            "project_id": frame["project_id"],
            "signed_on": signed_on,
            **{
                name: values.where(told).reindex(frame.index).astype("Int64")
                for name, values in counts.items()
            },
            "state": verdict.where(signed_on.notna(), "not_signed"),
        }
    )


def _by_row(found: Mapping[int, Any], kind: str) -> "pd.Series[Any]":
    return pd.Series(list(found.values()), index=pd.Index(list(found), dtype="int64"), dtype=kind)


def _verdict(states: set[str]) -> str:
    if states & set(BROKEN):
        return "broken"
    return next(
        (state for state in ("cannot_tell", "kept", "not_due") if state in states), "not_agreed"
    )


def contract_summary(county: County) -> pd.DataFrame:
    """Count by node how the contracts stand, over the projects that have signed one.

    Returns
    -------
    DataFrame
        `node`, `agreed` (projects with a day agreed), `decided` (kept, late and overdue), `kept`,
        `late`, `overdue`, `not_due`, `worst_days_late`; in the policy's order.
        Missing where a date was not supplied.

    Examples
    --------
    >>> county = example_county(policy=load_policy(), projects={
    ...     "project_id": ["P"], "dual_contract_on": ["2021-03-01"],
    ...     "agreed_start_on": ["2022-03-31"], "started_on": ["2022-04-10"]})
    >>> start = contract_summary(county).set_index("node").loc["start"]
    >>> int(start["late"]), int(start["overdue"]), int(start["worst_days_late"])
    (1, 0, 10)
    """
    signed = county.table("projects", "dual_contract_on")["dual_contract_on"].notna()
    nodes = contract_nodes(county)
    nodes = nodes[signed.reindex(nodes.index).to_numpy()]
    lines: list[Mapping[str, object]] = []
    for name in project_rule(county.policy).nodes:
        mine = nodes[nodes["node"] == name]
        counts = mine["state"].value_counts()
        if set(counts.index) == {"cannot_tell"}:
            lines.append({"node": name})
            continue
        kept, late, overdue, ahead = (
            int(counts.get(state, 0)) for state in ("kept", "late", "overdue", "not_due")
        )
        decided = kept + late + overdue
        worst = mine["days_late"].max()
        agreed = int(mine["agreed_on"].notna().sum())
        counted = (agreed, decided, kept, late, overdue, ahead, worst)
        lines.append({"node": name, **dict(zip(COUNTED, counted, strict=True))})
    made = pd.DataFrame(lines, columns=["node", *COUNTED])
    return made.astype(dict.fromkeys(COUNTED, "Int64"))


def dual_contracts_signed(county: County) -> Reading:
    """Landed manufacturing projects that have a dual contract (“双合同”), in 个.

    Raises
    ------
    Unavailable
        If projects do not tell their landing, their contract or what they make.

    Examples
    --------
    >>> county = example_county(projects={
    ...     "project_id": ["P", "Q"], "is_manufacturing": [True] * 2,
    ...     "landed_on": ["2021-05-20"] * 2, "dual_contract_on": ["2021-06-01", None]})
    >>> reading = dual_contracts_signed(county)
    >>> int(reading.done), int(reading.required)
    (1, 2)
    """
    county.table("projects", "landed_on", "dual_contract_on")
    landed = landed_projects(chosen_projects(county, among={"is_manufacturing": True}))
    signed = landed["dual_contract_on"].notna()
    return Coverage(
        Fraction(int(signed.sum())),
        Fraction(len(landed)),
        "个",
        evidence=(project_rows(landed, "landed_on", "dual_contract_on"),),
    )


def contract_nodes_kept(county: County) -> Reading:
    """Nodes of signed contracts that were kept, of those that were due (节点), in 个.

    Raises
    ------
    Unavailable
        If there are no projects, or it was not supplied when contracts were signed.

    Examples
    --------
    >>> county = example_county(policy=load_policy(), projects={
    ...     "project_id": ["P"], "dual_contract_on": ["2021-03-01"],
    ...     "agreed_start_on": ["2022-03-31"], "started_on": ["2022-04-10"]})
    >>> reading = contract_nodes_kept(county)
    >>> int(reading.done), int(reading.required)
    (0, 1)
    """
    signed = county.table("projects", "dual_contract_on")["dual_contract_on"].notna()
    nodes = contract_nodes(county)
    decided = nodes[signed.reindex(nodes.index).to_numpy() & nodes["state"].isin(DECIDED)]
    kept = int((decided["state"] == "kept").sum())
    evidence = (Evidence("projects", decided),)
    return Coverage(Fraction(kept), Fraction(len(decided)), "个", evidence=evidence)
