"""Investment of projects: month by month, by year, and against what was planned."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

import pandas as pd

from tenglong.measure.clause import Window
from tenglong.measure.county import County
from tenglong.measure.exact import as_float, exact_sum, ratio
from tenglong.measure.judge.assessment import Assessment
from tenglong.measure.judge.clock import pace
from tenglong.measure.policy.file import most_missing
from tenglong.measure.project.projects import by_year, chosen_projects, project_rows
from tenglong.measure.project.rule import Counted, project_rule
from tenglong.measure.reading import Evidence, Figure, Flow, Part, Reading, Series
from tenglong.measure.unit import convert

JANUARY, DECEMBER = 1, 12
NOTHING = Fraction(0)
UPGRADES = ("upgrade", "energy_saving")  # 技改


def investment(county: County, *, exclude_enclave: bool = False, by: str = "month") -> Reading:
    """Investment in manufacturing, technical upgrading included, in 万元.

    A month without a row is a month without investment, up to the last month of the table.

    Parameters
    ----------
    exclude_enclave
        Leave enclaves out (不包括飞地).
    by
        `month`: dated amounts that add up; `year`: one figure for every year that the table
        covers from January to December, as a growth rate needs them.

    Examples
    --------
    >>> county = example_county(
    ...     projects={"project_id": ["P"], "is_manufacturing": [True]},
    ...     project_months={"project_id": ["P"], "month": ["2021-03"], "invested_wan": [120.5]})
    >>> investment(county).amounts
    ((datetime.date(2021, 3, 31), Fraction(241, 2)),)
    """
    months = county.table("project_months", "project_id", "month", "invested_wan")
    projects = chosen_projects(
        county, among={"is_manufacturing": True}, exclude_enclave=exclude_enclave
    )
    spent = months[months["project_id"].isin(projects["project_id"])]
    total = _by_month(spent)
    evidence = (Evidence("project_months", spent),)
    if by == "year":
        sums = _sum_by_year(total)
        years = full_years(county.months("project_months"))
        figures = tuple(Figure(date(y, 12, 31), sums.get(y, NOTHING)) for y in years)
        return Series(figures, "万元", evidence=evidence)
    amounts = tuple((month.end_time.date(), total[month]) for month in sorted(total))
    span = county.months("project_months")
    return Flow(amounts, "万元", span[1].end_time.date() if span else None, evidence=evidence)


def _by_month(spent: pd.DataFrame) -> dict[pd.Period, Fraction]:
    sums = spent.groupby("month")["invested_wan"].agg(exact_sum)
    return dict(zip(sums.index.tolist(), sums.tolist(), strict=True))


def _sum_by_year(by_month: Mapping[pd.Period, Fraction]) -> dict[int, Fraction]:
    sums: dict[int, Fraction] = {}
    for month, value in by_month.items():
        sums[month.year] = sums.get(month.year, NOTHING) + value
    return sums


def full_years(span: tuple[pd.Period, pd.Period] | None) -> range:
    """Give the years that a monthly table covers from January to December.

    Parameters
    ----------
    span
        Its first and last month.

    Examples
    --------
    >>> list(full_years((pd.Period("2020-02"), pd.Period("2022-12"))))
    [2021, 2022]
    """
    if span is None:
        return range(0)
    first, last = span
    begin = first.year + (first.month > JANUARY)
    return range(begin, last.year + (last.month == DECEMBER))


def investment_completion(county: County) -> Reading:
    """Invested in the year of landing against the planned total (投资完成率), by year.

    Formula: Σ invested / Σ planned over the projects that landed in the year. Which projects
    and which investment count is policy (`projects.yml`, `completion`). A project without a
    planned total is left out of both sums; a year has no figure where more projects lack one
    than `bands.yml` allows, or which the monthly table does not reach. It ends with the last
    month of the table, where that is earlier.

    Examples
    --------
    >>> county = example_county(
    ...     policy=load_policy(),
    ...     projects={"project_id": ["P"], "is_attracted": [True], "is_manufacturing": [True],
    ...               "landed_on": ["2021-05-20"], "total_investment_wan": [10000.0]},
    ...     project_months={"project_id": ["P", "P"], "month": ["2021-12", "2022-01"],
    ...                     "invested_wan": [2000.0, 500.0]})
    >>> investment_completion(county).figures[0].value
    Fraction(1, 5)
    """
    rules = project_rule(county.policy)
    landed_by, rule = rules.landing.landed_by, rules.completion
    county.table("projects", landed_by, "total_investment_wan")
    months = county.table("project_months", "project_id", "month", "invested_wan")
    span = county.months("project_months")
    frame = chosen_projects(county, among=rule.among)
    figures = []
    for year, group in by_year(frame, frame[landed_by]):
        own = months["project_id"].isin(
            group.loc[group["total_investment_wan"].notna(), "project_id"]
        )
        if rule.counted is Counted.LANDING_YEAR:
            own &= months["month"].dt.year == year
        figure = _completion(county, year, group, months[own], span)
        if figure is not None:
            figures.append(figure)
    return Series(tuple(figures), "", evidence=(project_rows(frame, landed_by),))


def _completion(
    county: County,
    year: int,
    landed: pd.DataFrame,
    spent: pd.DataFrame,
    span: tuple[pd.Period, pd.Period] | None,
) -> Figure | None:
    planned = landed["total_investment_wan"]
    lacking = int(planned.isna().sum())
    most = most_missing(county.policy)
    if span is None or not span[0].year <= year <= span[1].year:
        return None
    if Fraction(lacking, len(landed)) > most:
        return None
    invested, whole = exact_sum(spent["invested_wan"]), exact_sum(planned)
    parts: dict[str, Part] = {
        "invested_wan": invested,
        "planned_wan": whole,
        "projects": len(landed),
        "projects_without_months": len(set(landed["project_id"]) - set(spent["project_id"])),
    }
    until = min(date(year, 12, 31), span[1].end_time.date())
    return Figure(until, ratio(invested, whole), parts)


def yearly_investment(county: County) -> pd.DataFrame:
    """Tell what was invested in manufacturing by year, with and without enclaves.

    Two clauses of the plan rest on it, the three years' total and the yearly growth. They are
    judged apart: neither is ever derived from the other, nor a base from both.

    Returns
    -------
    DataFrame
        By year: `year`, `months` (that the table covers), `invested_wan` (without enclaves,
        不包括飞地), `enclave_wan`, `upgrade_wan` (of the first, technical upgrading; missing
        where kinds were not supplied), `growth_pct` of `invested_wan` on the year before;
        missing unless the table covers both years in full.

    Raises
    ------
    Unavailable
        If there are no monthly figures, or it is not told what is manufacturing or an enclave.

    Examples
    --------
    >>> months = [f"{year}-{month:02d}" for year in (2020, 2021) for month in range(1, 13)]
    >>> county = example_county(
    ...     projects={"project_id": ["P"], "is_manufacturing": [True], "is_enclave": [False]},
    ...     project_months={"project_id": ["P"] * 24, "month": months,
    ...                     "invested_wan": [100.0] * 12 + [125.0] * 12})
    >>> yearly_investment(county)[["year", "invested_wan", "growth_pct"]].values.tolist()
    [[2020.0, 1200.0, nan], [2021.0, 1500.0, 25.0]]
    """
    months = county.table("project_months", "project_id", "month", "invested_wan")
    county.table("projects", "is_enclave")
    all_made = chosen_projects(county, among={"is_manufacturing": True})
    own = chosen_projects(county, among={"is_manufacturing": True}, exclude_enclave=True)
    upgrades = own[own["kind"].isin(UPGRADES)] if "kind" in own else None
    sums = {name: _yearly(months, chosen) for name, chosen in (("all", all_made), ("own", own))}
    upgraded = None if upgrades is None else _yearly(months, upgrades)
    known, full = months["month"].dropna(), full_years(county.months("project_months"))
    lines = []
    for year in sorted({month.year for month in known}):
        count = len({month for month in known if month.year == year})
        total = sums["own"].get(year, NOTHING)
        enclave = sums["all"].get(year, NOTHING) - total
        upgrade = None if upgraded is None else upgraded.get(year, NOTHING)
        before = sums["own"].get(year - 1) if year in full and year - 1 in full else None
        growth = (total / before - 1) * 100 if before else None
        figures = (total, enclave, upgrade, growth)
        lines.append((year, count, *(as_float(f) for f in figures)))
    columns = ["year", "months", "invested_wan", "enclave_wan", "upgrade_wan", "growth_pct"]
    return pd.DataFrame(lines, columns=columns)


def _yearly(months: pd.DataFrame, projects: pd.DataFrame) -> dict[int, Fraction]:
    return _sum_by_year(_by_month(months[months["project_id"].isin(projects["project_id"])]))


Points = tuple[tuple[date, Fraction], ...]


def invested_so_far(county: County) -> Points:
    """Add up what was invested in manufacturing without enclaves since the plan's window began.

    Returns
    -------
    Points
        By the end of every month that the table covers, in 万元; a month without a row adds
        nothing.

    Raises
    ------
    Unavailable
        See `investment`.

    Examples
    --------
    >>> county = example_county(
    ...     projects={"project_id": ["P"], "is_manufacturing": [True], "is_enclave": [False]},
    ...     project_months={"project_id": ["P"] * 3, "month": ["2020-12", "2021-01", "2021-03"],
    ...                     "invested_wan": [9.0, 1.0, 2.0]})
    >>> [(str(day), float(total)) for day, total in invested_so_far(county)]
    [('2021-01-31', 1.0), ('2021-02-28', 1.0), ('2021-03-31', 3.0)]
    """
    flow = investment(county, exclude_enclave=True)
    if not isinstance(flow, Flow) or flow.known_until is None:
        return ()
    return added_up(dict(flow.amounts), county.plan.window, flow.known_until)


def added_up(amounts: Mapping[date, Fraction], window: Window, until: date) -> Points:
    """Add amounts of months up from the beginning of a window, month by month.

    >>> window = Window(date(2021, 1, 1), date(2023, 12, 31))
    >>> added_up({date(2021, 2, 28): Fraction(2)}, window, date(2021, 2, 28))[-1][1]
    Fraction(2, 1)
    """
    last = min(until, window.end)
    if last < window.start:
        return ()
    ends = [month.end_time.date() for month in pd.period_range(window.start, last, freq="M")]
    total, points = NOTHING, []
    for end in ends:
        total += amounts.get(end, NOTHING)
        points.append((end, total))
    return tuple(points)


def even_path(assessment: Assessment, days: tuple[date, ...]) -> Points:
    """Give what a clause wants by each day if it is come by evenly, in 万元.

    >>> from tenglong.measure.clause import Clause, Kind, Label
    >>> from tenglong.measure.judge.assessment import Reason, Status
    >>> window = Window(date(2021, 1, 1), date(2023, 12, 31))
    >>> clause = Clause("x", "目标5", "", Label("投资", "investment"), Kind.CUMULATIVE, window,
    ...     window.end, target=Fraction(20), unit="亿元")
    >>> even_path(Assessment(clause, Status.ON_TRACK, Reason("met")), (date(2021, 12, 31),))[0][1]
    Fraction(200000, 3)
    """
    if assessment.target is None:
        return ()
    target = convert(assessment.target, unit=assessment.clause.unit, to="万元")
    return tuple((day, target * pace(assessment.clause.window, day)) for day in days)
