"""What a page says of the clearance: who is on the list, what is owed, what it brought."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import pandas as pd

from tenglong.measure.carbon.rule import carbon_rule
from tenglong.measure.clause import Label
from tenglong.measure.clearance.clear_out import left_below, lifted, on_line
from tenglong.measure.clearance.duties import Duty, listed_until, task_duties
from tenglong.measure.clearance.freed import FreedCarbon, freed_carbon, freed_carbon_by_firm
from tenglong.measure.clearance.listing import clearance_list, listing_rule, out_of_scope, unscoped
from tenglong.measure.clearance.loop import loop, loop_rule
from tenglong.measure.clearance.results import freed_by_firm
from tenglong.measure.clearance.standing import standings
from tenglong.measure.clearance.two_high import key_users, two_high_projects
from tenglong.measure.county import County, Unavailable, attempt
from tenglong.measure.exact import exact_sum
from tenglong.measure.firm.firms import firm_years, industry_labels, industry_of
from tenglong.measure.firm.places import of_township, township_labels
from tenglong.measure.policy.wording import WordingRule, wording_rule
from tenglong.measure.sheet.sheet import PageSheet

Frame = pd.DataFrame | Unavailable
FREED = ("land_mu", "energy_tce", "carbon_t")


@dataclass(frozen=True, eq=False, repr=False)
class ClearanceSheet(PageSheet):
    """Where the clearance stands, of one township where asked.

    What could not be computed is the `Unavailable` that says why. Lists that compare firms are
    made over the whole county; only then are they cut.

    Attributes
    ----------
    steps
        The steps of the loop, in their order; `ends` are those that end it.
    firms
        `standing.standings` of the listed firms, with `reasons` (codes that hold in the last
        year; missing where the firm is no longer judged), `planned_…` and `freed_…` of
        `results.freed_by_firm`.
    tasks
        What task 1 asks of every listed firm, three figures: each of those on the list by the
        day of the plan, and of those that joined later.
    reached
        One row a step: `step`, `firms` that have taken it so far.
    ways
        One row a way: `way`, `firms`, `ended` (with evidence), and what these freed.
    unlisted
        Firms that belong on the list by the rules and are not on it.
    undecided, unscoped
        How many firms cannot be judged, and of how many the land is not known.
    left
        `clear_out.left_below`, with its land in all; `left_townships`, `left_industries` add it up.
    lifted
        `clear_out.lifted`: below the line a year before, above it by the last figure.
    carbon, carbon_firms
        What freed energy freed of carbon, in all and by firm; `plausible` is the range.
    refused
        `loop.findings`: records that the loop does not allow.
    """

    steps: tuple[str, ...]
    ends: tuple[str, ...]
    firms: Frame
    tasks: tuple[tuple[Duty, Duty], ...] | Unavailable
    reached: Frame
    ways: Frame
    unlisted: Frame
    undecided: int | Unavailable
    unscoped: int | Unavailable
    left: Frame
    left_townships: Frame
    left_industries: Frame
    left_land_mu: Fraction | None
    lifted: Frame
    on_line: Frame
    wording: WordingRule
    line_wan_per_mu: Fraction | None
    carbon: FreedCarbon | Unavailable
    carbon_firms: Frame
    plausible: tuple[Fraction, Fraction]
    refused: Frame
    projects: Frame
    users: Frame
    users_tce: Fraction | None
    year: int = 0
    reasons: Mapping[str, Label] = field(default_factory=dict)
    townships: Mapping[str, str] = field(default_factory=dict)
    industries: Mapping[str, Label] = field(default_factory=dict)


# What measures the clauses of the plan that are about the clearance.
INDICATORS = (
    *("cleared_firms", "freed", "low_tax_firms", "listed_firms", "checked_firms"),
    *("two_high_assessed", "key_users_monitored"),
)


def clearance_sheet(whole: County, county: County) -> ClearanceSheet:
    """Say where the clearance stands, for a page; what was not supplied is told in its place.

    Firms are listed and judged over the whole county, then cut.

    >>> county = example_county(policy=load_policy())
    >>> str(clearance_sheet(county, county).firms)
    'clearance_events'
    """
    code = county.township.code if county.township else ""
    rule, listing = loop_rule(whole.policy), listing_rule(whole.policy)
    left, users = _rows(left_below, whole, code), _rows(key_users, whole, code)
    firms = attempt(lambda one: listed(whole, one), county)
    plausible = carbon_rule(whole.policy).plausible_t_per_tce
    return ClearanceSheet(
        steps=tuple(rule.transitions),
        ends=rule.ends,
        firms=firms,
        tasks=attempt(tasks, county),
        reached=attempt(reached, county),
        ways=_sheet_of(firms, ways),
        unlisted=_rows(unlisted, whole, code),
        undecided=_count(_rows(undecided, whole, code)),
        unscoped=_count(_rows(unscoped, whole, code)),
        left=left,
        left_townships=_sheet_of(left, lambda firms: added_up(firms, _places(firms))),
        left_industries=_sheet_of(left, lambda firms: added_up(firms, _divisions(firms))),
        left_land_mu=_sum(left, "land_mu"),
        lifted=_rows(lifted, whole, code),
        on_line=_rows(on_line, whole, code),
        wording=wording_rule(whole.policy),
        line_wan_per_mu=listing.low_tax_wan_per_mu,
        carbon=attempt(freed_carbon, county),
        carbon_firms=attempt(freed_carbon_by_firm, county),
        plausible=(plausible.least, plausible.most),
        refused=attempt(lambda one: loop(one).findings, county),
        projects=_rows(two_high_projects, whole, code),
        users=users,
        users_tce=_sum(users, "energy_tce"),
        year=_year(whole),
        reasons={one.code: one.name for one in listing.rules if one.name},
        townships=township_labels(whole),
        industries=industry_labels(whole),
    )


def _year(county: County) -> int:
    """Give the last year of which figures are known; 0 for none."""
    years = attempt(lambda one: one.table("enterprise_years", "year")["year"].dropna(), county)
    return 0 if isinstance(years, Unavailable) or years.empty else int(years.max())


def _rows(measure: Callable[[County], pd.DataFrame], county: County, township: str) -> Frame:
    return _sheet_of(attempt(measure, county), lambda frame: of_township(frame, township))


def _sheet_of(sheet: Frame, change: Callable[[pd.DataFrame], pd.DataFrame]) -> Frame:
    return sheet if isinstance(sheet, Unavailable) else change(sheet)


def _count(rows: Frame) -> int | Unavailable:
    return rows if isinstance(rows, Unavailable) else len(rows)


def _sum(sheet: Frame, column: str) -> Fraction | None:
    return None if isinstance(sheet, Unavailable) else exact_sum(sheet[column])


def listed(whole: County, county: County) -> pd.DataFrame:
    """Give the firms on the list, with why they belong on it, and what was planned and freed.

    They stand as in the county, or the township, that is told; why they belong on the list is
    judged over the whole county.

    Raises
    ------
    Unavailable
        If there are no `clearance_events`, or they name no evidence.
    """
    amounts = freed_by_firm(county).drop(columns=["state", "is_proven", "ended_on"])
    frame = standings(county).merge(amounts, on="usci", how="left")
    judged = attempt(clearance_list, whole)
    if isinstance(judged, Unavailable):
        return frame.assign(reasons=None)
    reasons: dict[Any, tuple[str, ...]] = dict.fromkeys(out_of_scope(whole), ())
    reasons |= judged.drop_duplicates("usci").set_index("usci")["reasons"].to_dict()
    return frame.assign(reasons=frame["usci"].map(reasons))


def tasks(county: County) -> tuple[tuple[Duty, Duty], ...]:
    """Give check, plan and classified rectification: of the plan's day, and of who came later.

    The day is that of the clause that `checked_firms` measures; without one all firms are of
    the first.
    """
    refs = [one.indicator for one in county.plan.clauses if one.indicator]
    days = [ref.options.get("listed_by") for ref in refs if ref.name == "checked_firms"]
    first, later = listed_until(county, next(iter(days), None))
    return tuple(zip(task_duties(county, first), task_duties(county, later), strict=True))


def reached(county: County) -> pd.DataFrame:
    """Count the firms that have taken each step of the loop so far: `step` and `firms`.

    >>> county = example_county(policy=load_policy(), clearance_events={
    ...     "usci": ["A", "A", "B"], "event": ["listed", "checked", "listed"],
    ...     "happened_on": ["2021-03-01", "2021-05-01", "2021-06-01"]})
    >>> reached(county).head(2).values.tolist()
    [['listed', 2], ['checked', 1]]
    """
    taken = [{event.step for event in path.accepted} for path in loop(county).paths.values()]
    steps = loop_rule(county.policy).transitions
    counts = [(step, sum(step in each for each in taken)) for step in steps]
    return pd.DataFrame(counts, columns=["step", "firms"])


def ways(firms: pd.DataFrame) -> pd.DataFrame:
    """Add up by way (整治方式): `firms`, `ended` (with evidence), and what was freed.

    The most firms first; `way` is missing for firms of which none is told.

    >>> firms = pd.DataFrame({"way": ["merge", None, "merge"], "is_proven": [True, None, False],
    ...     "freed_land_mu": [3.5, None, None]})
    >>> ways(firms)[["way", "firms", "ended", "freed_land_mu"]].values.tolist()
    [['merge', 2, 1, 3.5], [nan, 1, 0, 0.0]]
    """
    amounts = [f"freed_{what}" for what in FREED if f"freed_{what}" in firms]
    rows = [
        (
            way,
            len(group),
            int(group["is_proven"].eq(other=True).sum()),
            *(float(exact_sum(group[column])) for column in amounts),
        )
        for way, group in firms.groupby("way", dropna=False)
    ]
    frame = pd.DataFrame(rows, columns=["way", "firms", "ended", *amounts])
    return frame.sort_values(["firms", "way"], ascending=[False, True], ignore_index=True)


def unlisted(county: County) -> pd.DataFrame:
    """List the firms that belong on the list by the rules and are not on it (应列未列).

    The lowest tax per mu first.
    """
    judged = clearance_list(county)
    on_list = set(standings(county)["usci"])
    missing = judged[judged["reasons"].map(bool) & ~judged["usci"].isin(on_list)]
    missing = missing.join(firm_years(county)["tax_wan_per_mu"])
    return missing.sort_values(["tax_wan_per_mu", "usci"], kind="stable")


def undecided(county: County) -> pd.DataFrame:
    """List the firms in scope of which no rule holds, and one cannot be told."""
    judged = clearance_list(county)
    return judged[~judged["reasons"].map(bool) & judged["undecided"].map(bool)]


def _places(firms: pd.DataFrame) -> pd.Series:
    return firms.get("township", pd.Series(None, index=firms.index, dtype="str"))


def _divisions(firms: pd.DataFrame) -> pd.Series:
    codes = firms.get("industry", pd.Series(None, index=firms.index, dtype="str"))
    return industry_of(codes, digits=2)


def added_up(firms: pd.DataFrame, by: pd.Series) -> pd.DataFrame:
    """Count firms and their land by what they belong to, the most land first.

    Returns
    -------
    DataFrame
        `of` (missing where not told), `firms`, `land_mu`, `tax_wan`, and `not_listed`: how
        many have never been on the list.

    >>> firms = pd.DataFrame(
    ...     {"land_mu": [3.0, 4.5], "tax_wan": [6.0, 9.0], "state": [None, "plan"]})
    >>> added_up(firms, pd.Series(["t", "t"])).values.tolist()
    [['t', 2, 7.5, 15.0, 1]]
    """
    states = firms.get("state", pd.Series(None, index=firms.index, dtype="str"))
    rows = [
        (
            key,
            len(group),
            *(float(exact_sum(group[name])) for name in ("land_mu", "tax_wan")),
            int(states[group.index].isna().sum()),
        )
        for key, group in firms.groupby(by, dropna=False)
    ]
    frame = pd.DataFrame(rows, columns=["of", "firms", "land_mu", "tax_wan", "not_listed"])
    return frame.sort_values(["land_mu", "of"], ascending=[False, True], ignore_index=True)
