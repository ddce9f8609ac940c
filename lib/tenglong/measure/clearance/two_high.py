"""Two-high projects (“两高”项目), their checks and approvals, and key energy users."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import pandas as pd

from tenglong.measure.carbon.fuels import TONNES_PER_KG_AND_KWH, kgce_per_kwh
from tenglong.measure.county import County
from tenglong.measure.doubt import blanks_of, cases_of, may_be, passing, span
from tenglong.measure.exact import exact
from tenglong.measure.firm.firms import firm_years
from tenglong.measure.kept import kept
from tenglong.measure.policy.duty import opened, rows_since
from tenglong.measure.policy.file import policy_file
from tenglong.measure.policy.formula import Formula
from tenglong.measure.policy.wording import wording_rule
from tenglong.measure.project.choice import has_passed
from tenglong.measure.reading import Blank, Coverage, Evidence, Part, Reading
from tenglong.measure.row import Row, exact_row, rows, surely

PROJECT = ("project_id", "name", "township", "industry", "started_on", "assessed_on", "assessment")
FIRM = ("usci", "name", "township", "industry", "year", "energy_tce", "is_energy_monitored")


@dataclass(frozen=True)
class Approval:
    """An approval, by the column that tells of it; `needed` of every project where not told."""

    column: str
    needed: Formula | None = None


@dataclass(frozen=True)
class TwoHighRule:
    """Where two-high projects are looked for; see `data/policy/two_high.yml`."""

    industries: tuple[str, ...]
    approvals: Mapping[str, Approval]
    since: date
    min_energy_tce: Fraction


def two_high_assessed(county: County, *, since: date, min_energy_tce: float) -> Reading:
    """Two-high projects of this size built since a day that have been checked (逐一评估), in 个.

    Energy is counted at equal value (等价值); `parts` tells how many there would be with
    electricity at its calorific value, and how many are large by one way of counting only. A
    project whose energy is not known may be large: it has to be checked, too.

    >>> county = example_county(policy=load_policy(), projects={
    ...     "project_id": ["P1", "P2"], "is_two_high": [True, True], "energy_tce": [1040.0, 1650.0],
    ...     "electricity_10k_kwh": [335.0, 300.0], "started_on": ["2022-01-05", "2018-10-07"],
    ...     "assessed_on": [None, "2021-10-18"]})
    >>> reading = two_high_assessed(county, since=date(2018, 1, 1), min_energy_tce=1000)
    >>> int(reading.done), int(reading.required), reading.parts["by_calorific_value"]
    (1, 2, 1)
    """
    county.table("projects", "started_on", "energy_tce", "assessed_on", "is_two_high")
    frame = two_high_projects(county, since=since, min_energy_tce=min_energy_tce)
    built = frame[frame["is_flagged"] & (frame["stage"] == "built")]
    large = built[may_be(built["is_large_equal"])]
    parts: dict[str, Part] = {
        "by_calorific_value": int(built["is_large_calorific"].sum()),
        "large_one_way_only": int(built["is_flipping"].sum()),
        "energy_unknown": int(large["is_large_equal"].isna().sum()),
    }
    columns = [c for c in (*PROJECT, "equal_tce", "calorific_tce") if c in large]
    unchecked = large[large["assessed_on"].isna()]
    waiting = rows_since(unchecked, "started_on", "name", "project_id")
    low, high, blanks = _open_projects(county, since, min_energy_tce)
    return Coverage(
        Fraction(int(large["assessed_on"].notna().sum())),
        Fraction(len(large)),
        "个",
        opened=opened(county.policy, "two_high_assessed", waiting),
        parts=parts,
        evidence=(Evidence("projects", large[columns]),),
        blanks=blanks,
        low=low,
        high=high,
    )


def _open_projects(
    county: County, since: date, least: float
) -> tuple[Fraction | None, Fraction | None, tuple[Blank, ...]]:
    """Say how far the projects could move the share of which a blank leaves open if they count."""
    frame = county.table("projects")
    undated = has_passed(county, frame, "started_on")  # begun, on whatever day
    built = (frame["started_on"] >= pd.Timestamp(since)).astype("boolean").mask(undated)
    reaches = wording_rule(county.policy).reaches
    large = passing(frame["energy_tce"], lambda energy: reaches(energy, exact(least)))
    inside = frame["is_two_high"].astype("boolean") & large & built
    done = frame["assessed_on"].notna()
    sure, is_open = surely(inside), inside.isna()
    counted = Fraction(int(done[sure].sum())), Fraction(int(sure.sum()))
    low, high = span(counted, [cases_of(flag, is_sure=False) for flag in done[is_open]])
    columns = {name: ("projects", name) for name in ("is_two_high", "energy_tce", "started_on")}
    return low, high, blanks_of(frame[is_open], columns)


@kept
def two_high_projects(
    county: County, *, since: date | None = None, min_energy_tce: float | None = None
) -> pd.DataFrame:
    """List the two-high projects, with both ways of counting electricity and their approvals.

    Parameters
    ----------
    since, min_energy_tce
        From which start of the works, and from which yearly energy, a project counts; those
        of `data/policy/two_high.yml` where not told.

    Returns
    -------
    DataFrame
        The projects that are marked as two-high, and those of the policy's industries that are
        not marked and large; by the rows of `projects`. Beside the project's own columns:
        `stage`: built (since that day), earlier or proposed; `is_flagged`; `equal_tce` and
        `calorific_tce`; `is_large_equal`, `is_large_calorific` and `is_flipping` (large by one
        way only), missing where not known; one column for each approval: present, late (after
        the works began), missing, pending (not begun), not_needed or unknown; `findings`.

    Examples
    --------
    >>> county = example_county(policy=load_policy(), projects={
    ...     "project_id": ["P1", "P2"], "is_two_high": [True, True], "energy_tce": [1040.0, 1650.0],
    ...     "electricity_10k_kwh": [335.0, 300.0], "started_on": ["2022-01-05", "2018-10-07"],
    ...     "assessed_on": [None, "2021-10-18"]})
    >>> found = two_high_projects(county)
    >>> found["is_flipping"].tolist(), found["calorific_tce"].tolist()
    ([True, False], [446.715, 1118.7])
    """
    rule = policy_file(TwoHighRule, county.policy, "two_high")
    least = rule.min_energy_tce if min_energy_tce is None else exact(min_energy_tce)
    first = pd.Timestamp(rule.since if since is None else since)
    reaches = wording_rule(county.policy).reaches
    projects = county.table("projects", "project_id", "energy_tce")
    frame = _sized(projects, county, lambda energy: reaches(energy, least))
    frame["stage"] = _stages(frame, first)
    listed = frame[frame["is_flagged"] | _suspected(frame, rule.industries)].copy()
    facts = rows(listed)
    for name, approval in rule.approvals.items():
        states = [_approval(row, approval) for row in facts]
        listed[name] = pd.Series(states, index=listed.index, dtype="str")
    lists = [_findings(row, tuple(rule.approvals)) for row in rows(listed)]
    listed["findings"] = pd.Series(lists, index=listed.index, dtype="object")
    added = ["stage", "is_flagged", "equal_tce", "calorific_tce", "is_large_equal"]
    added += ["is_large_calorific", "is_flipping", *rule.approvals, "findings"]
    return listed[[c for c in PROJECT if c in listed] + added]


def _sized(
    projects: pd.DataFrame, county: County, is_large: Callable[[Fraction], bool]
) -> pd.DataFrame:
    frame = projects.copy()
    flags = frame.get("is_two_high", pd.Series(pd.NA, index=frame.index, dtype="boolean"))
    frame["is_flagged"] = surely(flags)
    frame["equal_tce"] = frame["energy_tce"]
    frame["calorific_tce"] = calorific_tce(frame, county)
    for way in ("equal", "calorific"):
        frame[f"is_large_{way}"] = passing(frame[f"{way}_tce"], is_large)
    frame["is_flipping"] = frame["is_large_equal"] ^ frame["is_large_calorific"]
    return frame


def _stages(frame: pd.DataFrame, first: pd.Timestamp) -> pd.Series:
    if "started_on" not in frame:
        return pd.Series(None, index=frame.index, dtype="str")
    started = frame["started_on"]
    stages = pd.Series("proposed", index=frame.index, dtype="str")
    return stages.mask(started >= first, "built").mask(started < first, "earlier")


def _suspected(frame: pd.DataFrame, industries: tuple[str, ...]) -> pd.Series:
    if "industry" not in frame:
        return pd.Series(data=False, index=frame.index)
    large = surely(frame["is_large_equal"])
    inside: pd.Series = frame["industry"].str.startswith(industries)
    return large & inside


def _approval(project: Row, approval: Approval) -> str:
    """Say how a project stands with one approval."""
    given, started = project.get(approval.column), project.get("started_on")
    is_needed: bool | None = True
    if approval.needed is not None:
        names = {name: project.get(name) for name in approval.needed.names}
        is_needed = approval.needed.holds(exact_row(names))
    if isinstance(given, date):
        return "late" if started and given > started else "present"
    if given is True:
        return "present"
    if is_needed is False:
        return "not_needed"
    if is_needed is None or approval.column not in project:
        return "unknown"
    return "missing" if started else "pending"


def _findings(project: Row, approvals: tuple[str, ...]) -> tuple[str, ...]:
    findings = [f"{n}_{project[n]}" for n in approvals if project[n] in ("missing", "late")]
    if not project["is_flagged"]:
        findings.append("not_flagged")
    elif project["stage"] == "built" and _is_due(project):
        findings.append("not_assessed")
    if project.get("assessment") in ("rectify", "remove"):
        findings.append(f"to_{project['assessment']}")
    if project["is_flipping"]:
        findings.append("large_one_way_only")
    return tuple(findings)


def _is_due(project: Row) -> bool:
    """Whether a project still has to be checked: it is, or may be, large by either way."""
    ways = (project["is_large_equal"], project["is_large_calorific"])
    return project.get("assessed_on") is None and (True in ways or ways[0] is None)


def calorific_tce(frame: pd.DataFrame, county: County) -> pd.Series:
    """Energy with electricity at its calorific instead of its equal value, in 吨标准煤 a year.

    Formula: energy_tce − electricity_10k_kwh × (equal − calorific value) × 10, with the values
    of the row's year: `year`, or the year of the start, or else that of `as_of`. Missing where
    the energy or the electricity is. Source: `data/policy/electricity.yml`.

    Examples
    --------
    At 0.30 against 0.1229 kgce, 1000 tce of electricity alone are 409.67:

    >>> rule = {"equal_value_kgce_per_kwh": 0.3, "calorific_kgce_per_kwh": 0.1229}
    >>> frame = pd.DataFrame({"energy_tce": [1000.0], "electricity_10k_kwh": [1000 / 3]})
    >>> calorific_tce(frame, example_county(policy={"electricity": rule})).round(2).tolist()
    [409.67]
    """
    nothing = pd.Series(float("nan"), index=frame.index)
    power = frame.get("electricity_10k_kwh", nothing)
    years = _years(frame, county.as_of.year)
    found = [
        float("nan") if pd.isna(tce) or pd.isna(used) else _calorific(tce, used, int(year), county)
        for tce, used, year in zip(frame["energy_tce"], power, years, strict=True)
    ]
    return pd.Series(found, index=frame.index, dtype="float64", name="calorific_tce")


def _calorific(tce: float, power: float, year: int, county: County) -> float:
    rule = county.policy["electricity"]
    equal, heat = (kgce_per_kwh(rule, year=year, counting=way) for way in ("equal", "calorific"))
    return float(exact(tce) - exact(power) * (equal - heat) * TONNES_PER_KG_AND_KWH)


def _years(frame: pd.DataFrame, otherwise: int) -> pd.Series:
    if "year" in frame:
        years: pd.Series = frame["year"].fillna(otherwise)
        return years
    if "started_on" in frame:
        starts: pd.Series = frame["started_on"].dt.year.fillna(otherwise)
        return starts
    return pd.Series(otherwise, index=frame.index)


def key_users(county: County, *, min_energy_tce: float | None = None) -> pd.DataFrame:
    """List the key energy users (重点用能企业) of the last year known, by either way of counting.

    Parameters
    ----------
    min_energy_tce
        From which yearly energy; that of `data/policy/two_high.yml` where not told.

    Returns
    -------
    DataFrame
        By the rows of `enterprise_years`: the firm, its energy at equal value and
        `calorific_tce`, `is_large_equal`, `is_large_calorific`, `is_flipping` and, where
        supplied, `is_energy_monitored`; the largest first.

    Raises
    ------
    Unavailable
        If the firms' energy was not supplied.

    Examples
    --------
    >>> county = example_county(policy=load_policy(), enterprise_years={
    ...     "usci": ["A", "B"], "year": [2021, 2021], "tax_paid_wan": [1.0, 1.0],
    ...     "energy_tce": [1700.0, 900.0], "electricity_10k_kwh": [100.0, 10.0]})
    >>> key_users(county)["usci"].tolist()
    ['A']
    """
    county.table("enterprise_years", "energy_tce")
    years = firm_years(county)
    rule = policy_file(TwoHighRule, county.policy, "two_high")
    least = rule.min_energy_tce if min_energy_tce is None else exact(min_energy_tce)
    latest = years[years["year"] == years["year"].max()]
    frame = _sized(latest, county, lambda energy: energy >= least)  # 及以上
    large = surely(frame["is_large_equal"] | frame["is_large_calorific"])
    ways = ["calorific_tce", "is_large_equal", "is_large_calorific", "is_flipping"]
    columns = [c for c in (*FIRM, *ways) if c in frame]
    return frame.loc[large, columns].sort_values(
        ["energy_tce", "usci"], ascending=[False, True], kind="stable"
    )
