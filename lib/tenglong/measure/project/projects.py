"""Projects: how many came how far, how many landed, and who answers for the large ones."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Literal

import pandas as pd

from tenglong.measure.county import County
from tenglong.measure.doubt import blanks_of, cases_of, may_be, span
from tenglong.measure.exact import ratio
from tenglong.measure.kept import kept_by_row
from tenglong.measure.policy.duty import opened, rows_since
from tenglong.measure.project.choice import Choice, has_passed
from tenglong.measure.project.rule import project_rule
from tenglong.measure.reading import (
    Coverage,
    Evidence,
    Figure,
    Flow,
    Maybe,
    Reading,
    Series,
)
from tenglong.measure.row import rows, surely

Stage = Literal[
    "signed_on", "landed_on", "started_on", "completed_on", "production_on", "capacity_on"
]


GIVEN_UP = ("terminated_on", "termination_reason")


def projects_reached(  # noqa: PLR0913 - the options of a clause, by name only
    county: County,
    *,
    stage: Stage,
    kind: str | None = None,
    min_investment_wan: float | None = None,
    exclude_enclave: bool = False,
    is_manufacturing: bool | None = None,
    is_single: bool | None = None,
    is_attracted: bool | None = None,
) -> Reading:
    """Count projects by the day on which they reached a stage, in 个.

    One that was given up counts −1 from that day on, and is told among the parts.

    Parameters
    ----------
    stage
        A date of `projects`, e.g. `landed_on`.

    Examples
    --------
    >>> county = example_county(projects={
    ...     "project_id": ["P", "Q"], "landed_on": ["2021-05-20", None]})
    >>> projects_reached(county, stage="landed_on").amounts
    ((datetime.date(2021, 5, 20), Fraction(1, 1)),)
    """
    wanted = {
        "is_manufacturing": is_manufacturing,
        "is_single": is_single,
        "is_attracted": is_attracted,
    }
    choice = Choice.of(
        county,
        among={name: value for name, value in wanted.items() if value is not None},
        kind=kind,
        min_investment_wan=min_investment_wan,
        exclude_enclave=exclude_enclave,
    )
    chosen = choice.chosen
    reached = _reached(county, stage)
    reached = reached[surely(chosen[reached.index])]
    ended = reached[_is_given_up(reached)]
    amounts = [(day.date(), Fraction(1)) for day in reached[stage]]
    if len(ended):
        amounts += [(day.date(), Fraction(-1)) for day in ended["terminated_on"]]
    return Flow(
        tuple(sorted(amounts)),
        "个",
        may_fall=True,
        parts={"given_up": len(ended)},
        evidence=(project_rows(reached, stage, *GIVEN_UP),),
        maybe=tuple(_maybe_reached(county, choice, stage)),
    )


@kept_by_row("projects")
def _reached(county: County, stage: Stage) -> pd.DataFrame:
    """Give the projects that have reached a stage, in the order of their days."""
    frame = county.table("projects", stage, "project_id")
    wanted = ("project_id", "name", "total_investment_wan", stage, *GIVEN_UP)
    columns = [column for column in dict.fromkeys(wanted) if column in frame]
    return frame.loc[frame[stage].notna(), columns].sort_values([stage, "project_id"])


@kept_by_row("projects")
def _may_have_reached(county: County, stage: Stage) -> "pd.Series[bool]":
    """Whether each project has reached a stage, the day or a later one being known."""
    frame = county.table("projects", stage)
    return frame[stage].notna() | has_passed(county, frame, stage)


def _maybe_reached(county: County, choice: Choice, stage: Stage) -> Iterator[Maybe]:
    """Say which projects may count: a blank decides it, or the day is blank and passed."""
    frame = county.table("projects", stage)
    there, chosen = _may_have_reached(county, stage), choice.chosen
    is_open = there & may_be(chosen) & (chosen.isna() | frame[stage].isna())
    if not is_open.any():
        return
    columns = [name for name in (stage, "terminated_on") if name in frame]
    open_ = frame.loc[is_open, columns]
    for index, row in zip(open_.index, rows(open_), strict=True):
        ended = row.get("terminated_on")
        amounts = [(row[stage], Fraction(1)), *([(ended, Fraction(-1))] if ended else [])]
        yield Maybe(choice.blanks(county, pd.Index([index]), stage), tuple(amounts))


def _is_given_up(frame: pd.DataFrame) -> "pd.Series[bool]":
    if "terminated_on" not in frame:
        return pd.Series(data=False, index=frame.index)
    return frame["terminated_on"].notna()


def manufacturing_project_share(county: County) -> Reading:
    """Manufacturing among the projects attracted, by year of signing (个数之比).

    Formula: manufacturing projects / all projects attracted, exact: 1 of 3 is one third. A
    project of which a blank leaves open if it is either is in neither.

    Examples
    --------
    >>> county = example_county(projects={
    ...     "project_id": ["P", "Q", "R"], "is_attracted": [True] * 3,
    ...     "is_manufacturing": [True, False, False], "signed_on": ["2021-05-20"] * 3})
    >>> manufacturing_project_share(county).figures[0].value
    Fraction(1, 3)
    """
    frame = county.table("projects", "project_id", "is_attracted", "is_manufacturing", "signed_on")
    made = frame["is_manufacturing"].astype("boolean")
    choice = Choice.of(county, among={"is_attracted": True})
    return _yearly_share(county, choice, made, ("manufacturing", "attracted"), "is_manufacturing")


def landing_rate(county: County) -> Reading:
    """Landed among the projects signed, by year of signing (落地率).

    Formula: projects landed by now / projects signed in the year. Which date makes a project
    landed, and which projects are counted, is policy (`projects.yml`, `landing`). One that was
    given up has not landed, and was signed; one whose day of landing is blank while a later
    stage has a day has landed.

    Examples
    --------
    >>> county = example_county(policy=load_policy(), projects={
    ...     "project_id": ["P", "Q"], "is_attracted": [True] * 2, "is_manufacturing": [True] * 2,
    ...     "signed_on": ["2021-05-20"] * 2, "landed_on": ["2022-02-01", None]})
    >>> landing_rate(county).figures[0].value
    Fraction(1, 2)
    """
    rule = project_rule(county.policy).landing
    frame = county.table("projects", "signed_on", rule.landed_by)
    has_landed = frame[rule.landed_by].notna() | has_passed(county, frame, rule.landed_by)
    landed = (has_landed & ~_is_given_up(frame)).astype("boolean")
    choice = Choice.of(county, among=rule.among)
    return _yearly_share(county, choice, landed, ("landed", "signed"))


def _yearly_share(
    county: County,
    choice: Choice,
    done: "pd.Series[bool]",
    names: tuple[str, str],
    *decides: str,
) -> Reading:
    """Count what is done of the chosen, by year of signing; what is not known is in neither."""
    frame = county.table("projects")
    among = frame[may_be(choice.chosen)]
    undated = among[has_passed(county, among, "signed_on")]  # of whatever year
    extra = [cases_of(flag, is_sure=False) for flag in done[undated.index]]
    dates = blanks_of(undated, {"signed_on": ("projects", "signed_on")})
    figures = []
    for year, group in by_year(among, among["signed_on"]):
        index = group.index
        sure = surely(choice.chosen[index])
        counted = sure & done[index].notna()
        count, whole = int(surely(done[index])[counted].sum()), int(counted.sum())
        flags = zip(done[index][~counted], sure[~counted], strict=True)
        open_ = [cases_of(flag, is_sure=bool(is_sure)) for flag, is_sure in flags]
        low, high = span((Fraction(count), Fraction(whole)), [*open_, *extra])
        figures.append(
            Figure(
                date(year, 12, 31),
                ratio(Fraction(count), Fraction(whole)),
                {names[0]: count, names[1]: whole},
                blanks=(*choice.blanks(county, index, *decides), *dates),
                low=low,
                high=high,
            )
        )
    evidence = (project_rows(frame[surely(choice.chosen)], "signed_on"),)
    return Series(tuple(figures), "", evidence=evidence)


def by_year(frame: pd.DataFrame, days: pd.Series) -> Iterator[tuple[int, pd.DataFrame]]:
    """Split rows by the year of a date; rows without the date are in none.

    >>> days = pd.Series(pd.to_datetime(["2021-05-20", None]))
    >>> [(year, len(group)) for year, group in by_year(pd.DataFrame({"n": [1, 2]}), days)]
    [(2021, 1)]
    """
    years = days.dt.year.astype("Int64")
    for year in sorted(set(years.dropna().tolist())):
        yield int(year), frame[surely(years == year)]


def guarantee_teams(county: County, *, min_investment_wan: float) -> Reading:
    """Landed projects of this size that have a guarantee team (落地项目保障组), in 个.

    Examples
    --------
    >>> county = example_county(projects={
    ...     "project_id": ["P", "Q"], "is_manufacturing": [True] * 2,
    ...     "total_investment_wan": [12000.0, 10000.0], "landed_on": ["2021-05-20"] * 2,
    ...     "guarantee_team": ["一组", None]})
    >>> reading = guarantee_teams(county, min_investment_wan=10000)
    >>> reading.done, reading.required
    (Fraction(1, 1), Fraction(2, 1))
    """
    county.table("projects", "guarantee_team", "landed_on")
    return _led(county, min_investment_wan, "guarantee_team", "guarantee_teams")


def section_chief_leads(county: County, *, min_investment_wan: float) -> Reading:
    """Landed projects of this size that a section chief answers for (正科级干部联系), in 个.

    A project for which it is not told counts as having none.

    Examples
    --------
    >>> county = example_county(projects={
    ...     "project_id": ["P"], "is_manufacturing": [True], "total_investment_wan": [12000.0],
    ...     "landed_on": ["2021-05-20"], "has_section_chief_lead": [True]})
    >>> section_chief_leads(county, min_investment_wan=10000).done
    Fraction(1, 1)
    """
    county.table("projects", "has_section_chief_lead", "landed_on")
    return _led(county, min_investment_wan, "has_section_chief_lead", "section_chief_leads")


def _led(county: County, min_investment_wan: float, column: str, indicator: str) -> Reading:
    frame = county.table("projects", "project_id")
    choice = Choice.of(
        county, among={"is_manufacturing": True}, min_investment_wan=min_investment_wan
    )
    there = frame["landed_on"].notna() | has_passed(county, frame, "landed_on")
    among = frame[may_be(choice.chosen) & there & ~_is_given_up(frame)]
    cells = among[column]
    is_flag = cells.dtype == "boolean"
    has = cells if is_flag else cells.notna().astype("boolean")
    sure = surely(choice.chosen[among.index])
    landed, done = among[sure], surely(has)
    count, whole = Fraction(int(done[sure].sum())), Fraction(len(landed))
    # What is open stands in the sums by its own cases; a blank flag is no lead until it is told.
    certain = sure & has.notna()
    counted = Fraction(int(done[certain].sum())), Fraction(int(certain.sum()))
    open_ = [
        cases_of(flag, is_sure=bool(is_sure))
        for flag, is_sure in zip(has[~certain], sure[~certain], strict=True)
    ]
    low, high = span(counted, open_)
    evidence = (project_rows(landed, "landed_on", column),)
    without = rows_since(landed[~done[sure]], "landed_on", "name", "project_id")
    return Coverage(
        count,
        whole,
        "个",
        opened=opened(county.policy, indicator, without),
        evidence=evidence,
        blanks=choice.blanks(county, among.index, *([column] if is_flag else [])),
        low=low,
        high=high,
    )


def landed_projects(frame: pd.DataFrame) -> pd.DataFrame:
    """Give the projects that have landed and were not given up since.

    >>> landed_projects(pd.DataFrame({"landed_on": ["2021-05-20", None]})).index.tolist()
    [0]
    """
    return frame[frame["landed_on"].notna() & ~_is_given_up(frame)]


def project_rows(frame: pd.DataFrame, *columns: str) -> Evidence:
    """Give the projects that a figure was computed from, with the columns that decided it.

    >>> project_rows(pd.DataFrame({"project_id": ["P"], "eia_on": [None]})).rows.columns.tolist()
    ['project_id']
    """
    wanted = ["project_id", "name", "total_investment_wan", *columns]
    return Evidence("projects", frame[[c for c in wanted if c in frame]])
