"""Stages of projects: where each stands, for how long, and where it is stuck."""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise

import pandas as pd

from tenglong.measure.county import County
from tenglong.measure.exact import as_float, exact_sum, ratio
from tenglong.measure.project.choice import chosen_projects
from tenglong.measure.project.rule import ProjectRule, project_rule
from tenglong.measure.row import Row, rows

DAYS = [
    "project_id",
    "stage",
    "entered_on",
    "left_on",
    "days",
    "limit_days",
    "is_current",
    "reason",
]
DONE_WITH = ("finished", "given_up")


def stage_days(county: County) -> pd.DataFrame:
    """Tell for every project how many days it spent in each stage that it reached.

    Formula: the date of the next stage reached − the date of this one; for the stage that it
    is in, `as_of` − the date. A stage without a date was not entered, as far as is known.

    Returns
    -------
    DataFrame
        By the rows of `projects`, one a stage: `project_id`, `stage`, `entered_on`, `left_on`,
        `days`, `limit_days` (policy), `is_current`, and `reason`: `within`, `over` (more days
        than the limit), `no_limit`, `finished` (the last stage
        of its kind), `given_up` (ended without it), `kind_unknown` (its kind would tell whether
        it is finished), `out_of_order` (left before it was entered: no days) or `date_doubtful` (a
        day of it or of a later one is: no days).

    Raises
    ------
    Unavailable
        If there are no projects, or the date of a stage of the policy was not supplied.

    Examples
    --------
    >>> policy = load_policy()
    >>> dates = dict.fromkeys(policy["projects"]["stages"], [None])
    >>> dates |= {"signed_on": ["2021-01-01"], "landed_on": ["2021-07-01"]}
    >>> county = example_county(policy=policy, projects={"project_id": ["P"], **dates})
    >>> stage_days(county)[["stage", "days", "reason"]].values.tolist()
    [['signed_on', 181, 'over'], ['landed_on', 364, 'over']]
    """
    rule = project_rule(county.policy)
    frame = county.table("projects", "project_id", *rule.stages)
    lines, index = [], []
    for row, project in zip(frame.index, rows(frame), strict=True):
        doubtful = county.doubts("projects", int(row))
        for line in _stages(project, rule, county.as_of, doubtful):
            lines.append((project["project_id"], *line))
            index.append(row)
    found = pd.DataFrame(lines, columns=DAYS, index=pd.Index(index, dtype="int64"))
    dates = {name: pd.to_datetime(found[name]) for name in ("entered_on", "left_on")}
    whole = {name: found[name].astype("Int64") for name in ("days", "limit_days")}
    texts = {name: found[name].astype("str") for name in ("project_id", "stage", "reason")}
    return found.assign(**dates, **whole, **texts, is_current=found["is_current"].astype(bool))


def _stages(
    project: Row, rule: ProjectRule, as_of: date, doubtful: frozenset[str]
) -> Iterator[tuple[object, ...]]:
    """Give the stages that a project reached, in the policy's order."""
    order, last = list(rule.stages), rule.last_stage(project.get("kind"))
    reached = [(stage, project[stage]) for stage in order if project[stage] is not None]
    ends, ended = [day for _, day in reached[1:]], project.get("terminated_on")
    for number, (stage, entered) in enumerate(reached):
        left = ends[number] if number < len(ends) else None
        days = ((left or ended or as_of) - entered).days
        limit = rule.stages[stage].limit_days
        if days < 0:
            reason, shown = "out_of_order", None
        elif left is None and doubtful & {"terminated_on", *order[order.index(stage) :]}:
            reason, shown = "date_doubtful", None
        elif left is None and ended is not None:
            reason, shown = "given_up", days
        elif left is None and _is_kind_needed(project, stage, rule):
            reason, shown = "kind_unknown", days
        elif left is None and order.index(stage) >= order.index(last):
            reason, shown = "finished", days
        elif limit is None:
            reason, shown = "no_limit", days
        else:
            reason, shown = ("over" if days > limit else "within"), days
        yield stage, entered, left, shown, limit, left is None, reason


def _is_kind_needed(project: Row, stage: str, rule: ProjectRule) -> bool:
    """Whether only its kind could tell if a project is finished with this stage."""
    return project.get("kind") is None and stage in rule.finished_at.values()


def project_stages(county: County) -> pd.DataFrame:
    """Tell where every project stands, for how long, and whether it is stuck there.

    Returns
    -------
    DataFrame
        By the rows of `projects`: `project_id`, `stage` (the last one reached; missing where
        no date is known), `since`, `days_in_stage`, `limit_days`, `next_stage`, `days_over`,
        `is_stuck`, and `reason`, see `stage_days`, or `no_date`.

    Examples
    --------
    >>> policy = load_policy()
    >>> dates = dict.fromkeys(policy["projects"]["stages"], [None])
    >>> dates |= {"signed_on": ["2021-01-01"], "landed_on": ["2021-07-01"]}
    >>> county = example_county(policy=policy, projects={"project_id": ["P"], **dates})
    >>> found = project_stages(county).iloc[0]
    >>> found["stage"], found["next_stage"], int(found["days_over"]), bool(found["is_stuck"])
    ('landed_on', 'started_on', 184, True)
    """
    rule = project_rule(county.policy)
    frame = county.table("projects", "project_id", *rule.stages)
    days = stage_days(county)
    now = days[days["is_current"]].reindex(frame.index)
    order = list(rule.stages)
    following = now["stage"].map(dict(pairwise(order)))
    over = (now["days"] - now["limit_days"]).where(now["reason"] == "over")
    return pd.DataFrame(
        {
            "project_id": frame["project_id"],
            "stage": now["stage"].astype("str"),
            "since": now["entered_on"],
            "days_in_stage": now["days"],
            "limit_days": now["limit_days"],
            "next_stage": following.where(~now["reason"].isin(DONE_WITH)).astype("str"),
            "days_over": over,
            "is_stuck": now["reason"] == "over",
            "reason": now["reason"].astype("str").fillna("no_date"),
        }
    )


def funnel(
    county: County,
    *,
    among: Mapping[str, bool] | None = None,
    min_investment_wan: float | None = None,
) -> pd.DataFrame:
    """Count the projects, and their planned investment, that came as far as each stage.

    A project has come as far as a stage if it has the stage's date or that of a later one.

    Parameters
    ----------
    among
        `is_…` columns and the value that they must have.
    min_investment_wan
        Only projects of at least this planned investment.

    Returns
    -------
    DataFrame
        By stage, in the policy's order: `stage`, `projects`, `undated` (of these, without the
        stage's own date), `investment_wan`, `investment_unknown` (projects without a planned
        investment), `share_pct` (of the projects of the first stage; missing if there are none).

    Examples
    --------
    >>> policy = load_policy()
    >>> dates = dict.fromkeys(policy["projects"]["stages"], [None, None])
    >>> dates |= {"signed_on": ["2021-01-01"] * 2, "started_on": ["2021-09-01", None]}
    >>> county = example_county(policy=policy, projects={
    ...     "project_id": ["P", "Q"], "total_investment_wan": [12000.0, None], **dates})
    >>> funnel(county)[["projects", "undated", "investment_wan", "share_pct"]].values.tolist()[:3]
    [[2.0, 0.0, 12000.0, 100.0], [1.0, 1.0, 12000.0, 50.0], [1.0, 0.0, 12000.0, 50.0]]
    """
    rule = project_rule(county.policy)
    county.table("projects", "total_investment_wan", *rule.stages)
    frame = chosen_projects(county, among=among, min_investment_wan=min_investment_wan)
    dated = frame[list(rule.stages)].notna()
    came = dated.iloc[:, ::-1].cummax(axis=1).iloc[:, ::-1]
    lines, first = [], int(came.iloc[:, 0].sum())
    for stage in rule.stages:
        planned = frame.loc[came[stage], "total_investment_wan"]
        count = len(planned)
        share = ratio(100 * exact_sum([count]), exact_sum([first]))
        undated = int((came[stage] & ~dated[stage]).sum())
        total, unknown = float(exact_sum(planned)), int(planned.isna().sum())
        lines.append((stage, count, undated, total, unknown, as_float(share)))
    columns = ["stage", "projects", "undated", "investment_wan", "investment_unknown", "share_pct"]
    return pd.DataFrame(lines, columns=columns)
