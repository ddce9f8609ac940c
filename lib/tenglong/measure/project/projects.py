"""Projects: how many came how far, how many landed, and who answers for the large ones."""

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction

import pandas as pd

from tenglong.measure.county import County
from tenglong.measure.exact import exact
from tenglong.measure.policy.duty import opened, rows_since
from tenglong.measure.policy.wording import wording_rule
from tenglong.measure.project.rule import project_rule
from tenglong.measure.reading import Coverage, Evidence, Figure, Flow, Part, Reading, Series
from tenglong.measure.row import surely


def chosen_projects(
    county: County,
    *,
    among: Mapping[str, bool] | None = None,
    kind: str | None = None,
    min_investment_wan: float | None = None,
    exclude_enclave: bool = False,
) -> pd.DataFrame:
    """Give the projects of a kind, a size and with the flags that are named.

    Parameters
    ----------
    among
        `is_…` columns and the value that they must have; a missing flag is not that value.
    min_investment_wan
        At least this planned investment (以上, as `data/policy/wording.yml` reads it).
    exclude_enclave
        Leave out what is marked as an enclave (不包括飞地); a missing mark is none.

    Raises
    ------
    Unavailable
        If a column that decides it was not supplied.

    Examples
    --------
    >>> county = example_county(projects={
    ...     "project_id": ["P", "Q"], "total_investment_wan": [10000.0, 9999.9]})
    >>> chosen_projects(county, min_investment_wan=10000)["project_id"].tolist()
    ['P']
    """
    flags = among or {}
    frame = county.table("projects", "project_id", *flags)
    keep = pd.Series(data=True, index=frame.index)
    for flag, wanted in flags.items():
        keep &= surely(frame[flag] == wanted)
    if kind is not None:
        county.table("projects", "kind")
        keep &= surely(frame["kind"] == kind)
    if min_investment_wan is not None:
        county.table("projects", "total_investment_wan")
        reaches, least = wording_rule(county.policy).reaches, exact(min_investment_wan)
        amounts = frame["total_investment_wan"].dropna()
        large = amounts.map(lambda amount: reaches(exact(amount), least))
        keep &= large.astype(bool).reindex(frame.index, fill_value=False)
    if exclude_enclave:
        county.table("projects", "is_enclave")
        keep &= ~surely(frame["is_enclave"])
    return frame[keep]


def projects_reached(  # noqa: PLR0913 - the options of a clause, by name only
    county: County,
    *,
    stage: str,
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
    county.table("projects", stage)
    frame = chosen_projects(
        county,
        among={name: value for name, value in wanted.items() if value is not None},
        kind=kind,
        min_investment_wan=min_investment_wan,
        exclude_enclave=exclude_enclave,
    )
    reached = frame[frame[stage].notna()].sort_values([stage, "project_id"])
    ended = reached[_is_given_up(reached)]
    amounts = [(day.date(), Fraction(1)) for day in reached[stage]]
    if len(ended):
        amounts += [(day.date(), Fraction(-1)) for day in ended["terminated_on"]]
    return Flow(
        tuple(sorted(amounts)),
        "个",
        may_fall=True,
        parts={"given_up": len(ended)},
        evidence=(project_rows(reached, stage, "terminated_on", "termination_reason"),),
    )


def _is_given_up(frame: pd.DataFrame) -> "pd.Series[bool]":
    if "terminated_on" not in frame:
        return pd.Series(data=False, index=frame.index)
    return frame["terminated_on"].notna()


def manufacturing_project_share(county: County) -> Reading:
    """Manufacturing among the projects attracted, by year of signing (个数之比).

    Formula: manufacturing projects / all projects attracted, exact: 1 of 3 is one third. A
    project that is not said to be manufacturing counts below the line only.

    Examples
    --------
    >>> county = example_county(projects={
    ...     "project_id": ["P", "Q", "R"], "is_attracted": [True] * 3,
    ...     "is_manufacturing": [True, False, False], "signed_on": ["2021-05-20"] * 3})
    >>> manufacturing_project_share(county).figures[0].value
    Fraction(1, 3)
    """
    frame = chosen_projects(county, among={"is_attracted": True})
    county.table("projects", "is_manufacturing", "signed_on")
    made = surely(frame["is_manufacturing"])
    return _yearly_share(frame, frame["signed_on"], made, ("manufacturing", "attracted"))


def landing_rate(county: County) -> Reading:
    """Landed among the projects signed, by year of signing (落地率).

    Formula: projects landed by now / projects signed in the year. Which date makes a project
    landed, and which projects are counted, is policy (`projects.yml`, `landing`). One that was
    given up has not landed, and was signed.

    Examples
    --------
    >>> county = example_county(policy=load_policy(), projects={
    ...     "project_id": ["P", "Q"], "is_attracted": [True] * 2, "is_manufacturing": [True] * 2,
    ...     "signed_on": ["2021-05-20"] * 2, "landed_on": ["2022-02-01", None]})
    >>> landing_rate(county).figures[0].value
    Fraction(1, 2)
    """
    rule = project_rule(county.policy).landing
    county.table("projects", "signed_on", rule.landed_by)
    frame = chosen_projects(county, among=rule.among)
    landed = frame[rule.landed_by].notna() & ~_is_given_up(frame)
    return _yearly_share(frame, frame["signed_on"], landed, ("landed", "signed"))


def _yearly_share(
    frame: pd.DataFrame, days: pd.Series, done: pd.Series, names: tuple[str, str]
) -> Reading:
    figures = []
    for year, group in by_year(frame, days):
        count, whole = int(done[group.index].sum()), len(group)
        parts: dict[str, Part] = {names[0]: count, names[1]: whole}
        figures.append(Figure(date(year, 12, 31), Fraction(count, whole), parts))
    return Series(tuple(figures), "", evidence=(project_rows(frame, "signed_on"),))


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
    frame = chosen_projects(
        county, among={"is_manufacturing": True}, min_investment_wan=min_investment_wan
    )
    landed = landed_projects(frame)
    cells = landed[column]
    has = cells.notna() if cells.dtype != "boolean" else surely(cells)
    evidence = (project_rows(landed, "landed_on", column),)
    without = rows_since(landed[~has], "landed_on", "name", "project_id")
    return Coverage(
        Fraction(int(has.sum())),
        Fraction(len(landed)),
        "个",
        opened=opened(county.policy, indicator, without),
        evidence=evidence,
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
