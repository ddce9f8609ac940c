"""Investment of projects: month by month, by year, and against what was planned."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from operator import gt, lt
from typing import Literal

import numpy as np
import pandas as pd

from tenglong.measure.clause import Window
from tenglong.measure.county import County
from tenglong.measure.doubt import blanks_of, may_be, span
from tenglong.measure.exact import as_float, exact, exact_sum, ratio
from tenglong.measure.judge.assessment import Assessment
from tenglong.measure.judge.clock import pace
from tenglong.measure.policy.file import most_missing
from tenglong.measure.project.choice import Choice, chosen_projects, has_passed
from tenglong.measure.project.projects import by_year, project_rows
from tenglong.measure.project.rule import Counted, project_rule
from tenglong.measure.reading import (
    Blank,
    Evidence,
    Figure,
    Flow,
    Incomplete,
    Maybe,
    Part,
    Reading,
    Series,
)
from tenglong.measure.row import surely
from tenglong.measure.unit import convert

JANUARY, DECEMBER = 1, 12
NOTHING = Fraction(0)
UPGRADES = ("upgrade", "energy_saving")  # 技改


def investment(
    county: County, *, exclude_enclave: bool = False, by: Literal["month", "year"] = "month"
) -> Reading:
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
    frame = county.table("projects", "project_id")
    choice = Choice.of(county, among={"is_manufacturing": True}, exclude_enclave=exclude_enclave)
    projects = frame[surely(choice.chosen)]
    spent = months[months["project_id"].isin(projects["project_id"])]
    total = _by_month(spent)
    evidence = (Evidence("project_months", spent),)
    maybe = (*_maybe_spent(county, choice, months), *_untold(spent))
    if by == "year":
        figures = _yearly_figures(county, _sum_by_year(total), maybe)
        return Series(figures, "万元", evidence=evidence)
    amounts = tuple((month.end_time.date(), amount) for month, amount in total.items())
    reach = county.months("project_months")
    until = reach[1].end_time.date() if reach else None
    return Flow(amounts, "万元", until, evidence=evidence, maybe=maybe)


def _maybe_spent(county: County, choice: Choice, months: pd.DataFrame) -> Iterator[Maybe]:
    """Say what projects spent of which a blank leaves open if they count, unknown ones included."""
    projects = county.table("projects", "project_id")["project_id"]
    known = months["project_id"].isin(projects)
    open_ = projects[choice.chosen.isna()]
    if len(open_):
        by_project = dict(iter(months[months["project_id"].isin(open_)].groupby("project_id")))
        for index, name in open_.items():
            if name in by_project:
                blanks = choice.blanks(county, pd.Index([index]))
                yield Maybe(blanks, _amounts(by_project[name]))
    if known.all():
        return
    for name, own in months[~known].groupby("project_id"):
        yield Maybe((Blank("projects", "project_id", str(name)),), _amounts(own))


def _untold(spent: pd.DataFrame) -> Iterator[Maybe]:
    """Say which months of projects that count do not tell what was spent."""
    for row in spent.index[spent["invested_wan"].isna()]:
        one = spent.loc[[row]]
        column = {"invested_wan": ("project_months", "invested_wan")}
        yield Maybe(blanks_of(one, column), _amounts(one))


def _amounts(months: pd.DataFrame) -> tuple[tuple[date | None, Fraction | None], ...]:
    cells = zip(months["month"], months["invested_wan"].tolist(), strict=True)
    return tuple(
        (
            None if pd.isna(month) else month.end_time.date(),
            None if pd.isna(spent) else exact(spent),
        )
        for month, spent in cells
    )


def _yearly_figures(
    county: County, sums: Mapping[int, Fraction], maybe: tuple[Maybe, ...]
) -> tuple[Figure, ...]:
    """Give a figure for every full year; low and high are of the least and the greatest growth.

    Growth is the last year over the year before the window, so that a project which may count
    counts in both years or in neither.
    """
    years = full_years(county.months("project_months"))
    if not years:
        return ()
    first, last = county.plan.window.start.year - 1, years[-1]
    extremes = _extremes(sums, [_spent_by_year(one) for one in maybe], first, last)
    is_bounded = all(amount is not None for one in maybe for _, amount in one.amounts)
    figures = []
    for year in years:
        sure = sums.get(year, NOTHING)
        low, high = (
            sure + sum((one.get(year, NOTHING) for one in chosen), NOTHING) for chosen in extremes
        )
        if year <= first:  # the more there was before, the less it has grown
            low, high = high, low
        touching = [
            one for one in maybe if any(d is None or d.year == year for d, _ in one.amounts)
        ]
        figures.append(
            Figure(
                date(year, 12, 31),
                sure,
                blanks=tuple(dict.fromkeys(blank for one in touching for blank in one.blanks)),
                low=low if is_bounded else None,
                high=high if is_bounded else None,
            )
        )
    return tuple(figures)


def _spent_by_year(maybe: Maybe) -> dict[int, Fraction]:
    sums: dict[int, Fraction] = {}
    for day, amount in maybe.amounts:
        if day is not None and amount is not None:
            sums[day.year] = sums.get(day.year, NOTHING) + amount
    return sums


def _extremes(
    sums: Mapping[int, Fraction], open_: list[dict[int, Fraction]], first: int, last: int
) -> list[list[dict[int, Fraction]]]:
    """Choose what makes the last year over the first the least, and what makes it the greatest."""
    counted = sums.get(last, NOTHING), sums.get(first, NOTHING)
    cases = [(one.get(last, NOTHING), one.get(first, NOTHING)) for one in open_]
    bounds = span(counted, [((NOTHING, NOTHING), case) for case in cases])
    return [
        [
            one
            for one, (top, bottom) in zip(open_, cases, strict=True)
            if bound is not None and is_beyond(top, bound * bottom)
        ]
        for bound, is_beyond in zip(bounds, (lt, gt), strict=True)
    ]


def _by_month(spent: pd.DataFrame) -> dict[pd.Period, Fraction]:
    told = spent["month"].notna().to_numpy()
    numbers, amounts = spent["month"].array.asi8[told], spent["invested_wan"].to_numpy()[told]
    order = np.argsort(numbers, kind="stable")
    months, first = np.unique(numbers[order], return_index=True)
    parts = np.split(amounts[order], first[1:]) if len(months) else []
    sums = map(exact_sum, parts)
    periods = (pd.Period(ordinal=number, freq="M") for number in months.tolist())
    return dict(zip(periods, sums, strict=True))


def _sum_by_year(by_month: Mapping[pd.Period, Fraction]) -> dict[int, Fraction]:
    sums: dict[int, Fraction] = {}
    for month, value in by_month.items():
        sums[month.year] = sums.get(month.year, NOTHING) + value
    return sums


def full_years(span: tuple[pd.Period, pd.Period] | None) -> Sequence[int]:
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
        return ()
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
    reach = county.months("project_months")
    choice = Choice.of(county, among=rule.among)
    frame = county.table("projects")
    among = frame[may_be(choice.chosen)]
    undated = among[has_passed(county, among, landed_by)]  # landed, in whatever year
    years: list[Figure | Incomplete] = []
    for year, dated in by_year(among, among[landed_by]):
        group = pd.concat([dated, undated])
        own = months["project_id"].isin(group["project_id"])
        if rule.counted is Counted.LANDING_YEAR:
            own &= months["month"].dt.year == year
        figure = _completion(county, choice, (year, landed_by), group, months[own], reach)
        if figure is not None:
            years.append(figure)
    figures = tuple(one for one in years if isinstance(one, Figure))
    incomplete = tuple(one for one in years if isinstance(one, Incomplete))
    evidence = (project_rows(frame[surely(choice.chosen)], landed_by),)
    return Series(figures, "", evidence=evidence, incomplete=incomplete)


def _completion(
    county: County,
    choice: Choice,
    landing: tuple[int, str],
    landed: pd.DataFrame,
    spent: pd.DataFrame,
    reach: tuple[pd.Period, pd.Period] | None,
) -> Figure | Incomplete | None:
    year, landed_by = landing
    sure = surely(choice.chosen[landed.index]) & landed[landed_by].notna()
    planned = landed["total_investment_wan"]
    lacking = int(planned[sure].isna().sum())
    if reach is None or not reach[0].year <= year <= reach[1].year:
        return None
    end = min(date(year, 12, 31), reach[1].end_time.date())
    is_untold = spent["invested_wan"].isna()
    blanks = (
        *choice.blanks(county, landed.index, "total_investment_wan", landed_by),
        *blanks_of(spent[is_untold], {"invested_wan": ("project_months", "invested_wan")}),
    )
    if lacking > most_missing(county.policy) * int(sure.sum()):
        return Incomplete(end, blanks)
    sums = spent.groupby("project_id")["invested_wan"].agg(exact_sum)
    done = landed["project_id"].map(sums).map(lambda value: NOTHING if pd.isna(value) else value)
    counted = sure & planned.notna()
    invested, whole = sum(done[counted], NOTHING), exact_sum(planned[counted])
    parts: dict[str, Part] = {
        "invested_wan": invested,
        "planned_wan": whole,
        "projects": int(sure.sum()),
        "projects_without_months": len(
            set(landed.loc[sure, "project_id"]) - set(spent["project_id"])
        ),
    }
    open_ = [
        ((NOTHING, NOTHING), (done[row], exact(planned[row])))
        for row in landed.index[~sure & planned.notna()]
    ]
    is_bounded = bool(planned.notna().all() and not is_untold.any())
    low, high = span((invested, whole), open_) if is_bounded else (None, None)
    return Figure(end, ratio(invested, whole), parts, blanks=blanks, low=low, high=high)


def yearly_investment(county: County) -> pd.DataFrame:
    """Tell what was invested in manufacturing by year, with and without enclaves.

    Two clauses of the plan rest on it, the three years' total and the yearly growth. They are
    judged apart: neither is ever derived from the other, nor a base from both.

    Returns
    -------
    DataFrame
        By year: `year`, `months` (that the table covers), `invested_wan` (without enclaves,
        不包括飞地), `enclave_wan` (a project of which that is not told is in neither),
        `upgrade_wan` (of the first, technical upgrading; missing
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
    made = {"is_manufacturing": True}
    enclaves = chosen_projects(county, among={**made, "is_enclave": True})
    own = chosen_projects(county, among=made, exclude_enclave=True)
    upgrades = own[own["kind"].isin(UPGRADES)] if "kind" in own else None
    chosen = {"own": own, "enclaves": enclaves}
    sums = {name: _yearly(months, projects) for name, projects in chosen.items()}
    upgraded = None if upgrades is None else _yearly(months, upgrades)
    known, full = months["month"].dropna(), full_years(county.months("project_months"))
    lines = []
    for year in sorted({month.year for month in known}):
        count = len({month for month in known if month.year == year})
        total = sums["own"].get(year, NOTHING)
        enclave = sums["enclaves"].get(year, NOTHING)
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
    total, points = NOTHING, []
    for month in pd.period_range(window.start, min(until, window.end), freq="M"):
        end = month.end_time.date()
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
