"""Parcels: what the register says of every plot.

Registered, supplied and actual areas start from the drawn one: within 3 %, but for a handful
that is off by some 15 %. The dates of a contract follow from the day of the grant, those of a
project's parcel from the project. Investment and building follow from how far the works got.
Supervision contracts are signed with the grant since 2020, and made up for step by step before.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from tenglong.simulate.days import LAST_DAY, YEARS, day_between, day_of, shift
from tenglong.simulate.identifiers import parcel_code, unit_number
from tenglong.simulate.layout import MU, Layout
from tenglong.simulate.plots import Plot, State
from tenglong.simulate.projects import Project
from tenglong.simulate.setting import Setting
from tenglong.simulate.streams import chance

ROUGH = frozenset({23, 88, 141, 207, 262})  # registered areas that are far off
OVERBUILT = frozenset({12, 59, 77, 120, 166, 231, 290})  # more land used than registered
NEVER_SIGNED = frozenset({31, 96, 154, 219})
USES, USE_WEIGHTS = ("1001", "100101", "100102", "0601", "061"), (0.45, 0.2, 0.12, 0.17, 0.06)
STANDARD_SINCE = date(2019, 9, 1)
NUMBERED_SINCE = 2009  # supervision numbers
NOT_STANDARD = frozenset({"P2018-01", "P2019-04"})
SIGNING = (  # when the older contracts were made up for: first day, last day, share
    (date(2019, 3, 1), date(2020, 12, 20), 0.09),
    (date(2021, 3, 1), date(2021, 12, 20), 0.13),
    (date(2022, 1, 10), date(2022, 6, 25), 0.25),
    (date(2022, 7, 5), date(2022, 12, 20), 0.22),
    (date(2023, 1, 10), date(2023, 12, 22), 0.31),
)
IDLE_ENDS = {
    State.IDLE_ONE: (2, "2022-10"),
    State.IDLE_TWO: (1, "2022-11"),
    State.BUILT: (2, "2022-09"),
}
CAUSES = ("firm", "firm", "government", "firm", "force_majeure")
STOPPED = {
    State.UNDER_THIRD: (date(2020, 4, 1), date(2021, 5, 20)),
    State.EXACT_THIRD: (date(2020, 4, 1), date(2021, 5, 20)),
    State.UNDER_QUARTER: (date(2020, 4, 1), date(2021, 5, 20)),
    State.EXACT_QUARTER: (date(2020, 4, 1), date(2021, 5, 20)),
    State.PAUSED: (date(2021, 9, 1), date(2022, 3, 31)),
}
NOT_STARTED = (State.FRESH, State.IDLE_ONE, State.IDLE_TWO, State.IDLE_EDGE, State.LATER)


@dataclass(frozen=True)
class Parcel:
    """A plot with its place and its register entry."""

    plot: Plot
    id: str
    drawn_mu: float
    registered_mu: float
    actual_mu: float | None
    row: Mapping[str, Any]


def parcels(
    plots: list[Plot], layout: Layout, projects: list[Project], setting: Setting
) -> list[Parcel]:
    """Write down every parcel but for its outline."""
    rng = setting.stream("parcels")
    by_id = {project.id: project for project in projects}
    made = []
    for plot in plots:
        drawn = layout.outlines[plot.number].area / MU
        spread = float(rng.uniform(-0.03, 0.03))
        if plot.number in ROUGH:
            spread = 0.15 if plot.number % 2 else -0.14
        registered = round(drawn * (1 + spread), 2)
        project = by_id.get(plot.project_id or "")
        code = parcel_code(plot.township, plot.number + 1, sub_area=layout.site_of[plot.number] + 1)
        row = _works(rng, plot, project) | {
            "parcel_id": code,
            "name": f"示例{plot.number + 1}号地块",
        }
        row["unit_number"] = unit_number(code, is_built=row.get("completed_on") is not None)
        row |= _areas(rng, plot, registered)
        row |= _agreement(rng, plot, row)
        if plot.supplied_on.year >= NUMBERED_SINCE:
            number = f"{plot.supplied_on.year}B{plot.number + 1:05d}"
            row["supervision_no"] = f"{setting.code}{number}"
        if project:
            row["agreed_investment_wan"] = project.total_wan
        row |= _building(rng, plot, row)
        made.append(Parcel(plot, code, drawn, registered, row["actual_mu"], row))
    return made


def _areas(rng: np.random.Generator, plot: Plot, registered: float) -> dict[str, Any]:
    illegal = (
        round(registered * float(rng.uniform(0.03, 0.09)), 2) if plot.number in OVERBUILT else 0.0
    )
    used: float | None = round(registered + illegal, 2)
    if plot.state in NOT_STARTED:
        used = None if chance(rng, 0.4) else 0.0
        used = round(registered, 2) if plot.users else used
    is_old = plot.state in (State.OLD, State.EMPTY)
    return {
        "township": plot.township,
        "land_use": str(rng.choice(USES, p=USE_WEIGHTS)) if is_old else "1001",
        "registered_mu": registered,
        "supplied_mu": None if is_old and chance(rng, 0.3) else round(registered, 2),
        "actual_mu": used,
        "illegal_mu": illegal,
        "supplied_on": plot.supplied_on,
    }


def _works(rng: np.random.Generator, plot: Plot, project: Project | None) -> dict[str, Any]:
    """Give the days agreed and the days on which things really happened."""
    if project:
        days = {"started_on": project.started_on, "completed_on": project.completed_on}
        return dict(project.agreed) | days | {"production_on": project.production_on}
    granted = plot.supplied_on
    if plot.state in (State.OLD, State.EMPTY):
        started, completed = shift(granted, 6), shift(granted, 22)
        row: dict[str, Any] = {"started_on": started, "completed_on": completed}
        row["production_on"] = shift(completed, 4)
        return {} if chance(rng, 0.25) else row
    agreed = _agreed(rng, granted)
    if plot.state is State.IDLE_EDGE:
        agreed["agreed_start_on"] = date(2021, 6, 30)
    return agreed | _done(rng, plot, agreed)


def _agreed(rng: np.random.Generator, granted: date) -> dict[str, date]:
    start = granted + timedelta(days=int(rng.integers(180, 200)))
    completion = shift(start, int(rng.integers(14, 24)))
    production = shift(completion, 3)
    return {
        "agreed_start_on": start,
        "agreed_completion_on": completion,
        "agreed_production_on": production,
        "agreed_capacity_on": shift(production, 12),
    }


def _done(rng: np.random.Generator, plot: Plot, agreed: Mapping[str, date]) -> dict[str, Any]:
    """Give the days of what was really done on a plot with an agreement."""
    late = int(rng.choice((0, 0, 1, 2, 5)))
    start = shift(agreed["agreed_start_on"], late)
    done = shift(agreed["agreed_completion_on"], late)
    if plot.state in NOT_STARTED:
        row: dict[str, Any] = {}
        if plot.state in (State.IDLE_ONE, State.IDLE_TWO, State.IDLE_EDGE):
            row["idle_cause"] = CAUSES[plot.number % len(CAUSES)]
        if plot.state in IDLE_ENDS and plot.number % 3 == 0:
            row["started_on"] = day_of(rng, IDLE_ENDS[plot.state][1])
        return row
    if plot.state in STOPPED:
        stopped = max(day_between(rng, *STOPPED[plot.state]), shift(start, 2))
        return {"started_on": start, "suspended_on": stopped, "idle_cause": CAUSES[plot.number % 5]}
    if plot.state is State.BUILDING:
        return {"started_on": start, "completed_on": done if done <= LAST_DAY else None}
    if plot.state is State.BUILT:
        begun = day_of(rng, "2022-09") if plot.number % 4 == 0 else None
        return {"started_on": start, "completed_on": done, "production_on": begun}
    return {"started_on": start, "completed_on": done, "production_on": shift(done, 3 + late)}


def _agreement(rng: np.random.Generator, plot: Plot, row: Mapping[str, Any]) -> dict[str, Any]:
    """Give the contract: its number, price and conditions, and when supervision was agreed."""
    area, granted = float(row["registered_mu"]), plot.supplied_on
    is_standard = granted >= STANDARD_SINCE and plot.project_id not in NOT_STANDARD
    more: dict[str, Any] = {
        "is_standard_land": is_standard,
        "supervision_signed_on": _signed_on(rng, plot),
    }
    if plot.state not in (State.OLD, State.EMPTY) or chance(rng, 0.55):
        more["contract_no"] = f"示例土合〔{granted.year}〕{plot.number + 1:03d}号"
        more["price_wan"] = round(area * float(rng.uniform(12, 32)), 1)
    if plot.state in (State.OLD, State.EMPTY):
        return more
    intensity = float(rng.uniform(210, 330))
    tax = float(rng.uniform(12, 24)) if is_standard else float(rng.uniform(7, 18))
    return more | {
        "agreed_investment_wan": round(area * intensity),
        "agreed_far": round(float(rng.uniform(1.0, 2.4)), 1),
        "agreed_density_pct": float(rng.integers(35, 56)),
        "agreed_tax_wan_per_mu": round(tax, 1),
        "agreed_value_added_wan_per_mu": round(tax * float(rng.uniform(4.5, 6)), 1),
        "agreed_value_added_wan_per_tce": round(float(rng.uniform(1.9, 4.4)), 2),
        "to_develop_mu": area,
    }


def _signed_on(rng: np.random.Generator, plot: Plot) -> date | None:
    wait = timedelta(days=int(rng.integers(5, 40)))
    spans = rng.choice(len(SIGNING), p=[share for *_, share in SIGNING])
    first, last, _ = SIGNING[int(spans)]
    drawn = day_between(rng, first, last)
    if plot.number in NEVER_SIGNED:
        return None
    if plot.supplied_on.year >= YEARS[0]:
        return plot.supplied_on + wait
    return max(drawn, plot.supplied_on + wait)


def _building(rng: np.random.Generator, plot: Plot, row: Mapping[str, Any]) -> dict[str, Any]:
    """Give how far the works got: area, investment, floor space."""
    developed, invested = _progress(rng, plot, row)
    more: dict[str, Any] = {}
    if row.get("to_develop_mu"):
        more["developed_mu"] = round(row["to_develop_mu"] * developed, 2)
        more["invested_wan"] = round(row["agreed_investment_wan"] * invested, 1)
        if plot.state is State.EXACT_THIRD:
            more |= {"to_develop_mu": 18.0, "developed_mu": 6.0}
        if plot.state is State.EXACT_QUARTER:
            more |= {"agreed_investment_wan": 2400.0, "invested_wan": 600.0}
    completed = row.get("completed_on")
    if completed:
        far = row.get("agreed_far") or float(rng.uniform(0.6, 1.4))
        part = float(rng.uniform(0.4, 0.72)) if chance(rng, 0.22) else float(rng.uniform(0.9, 1.1))
        more["actual_far"] = round(far * part, 2)
        more["actual_density_pct"] = round(float(rng.uniform(28, 56)), 1)
        more["built_year"] = completed.year
    if plot.state is State.OLD and chance(rng, 0.3):
        more["assessed_value_wan"] = round(row["registered_mu"] * float(rng.uniform(30, 70)), 1)
    return more


def _progress(rng: np.random.Generator, plot: Plot, row: Mapping[str, Any]) -> tuple[float, float]:
    """Draw the shares of the area developed and of the investment made."""
    usual = float(rng.uniform(0.9, 1.0)), float(rng.uniform(0.92, 1.08))
    partly = float(rng.uniform(0.4, 0.7)), float(rng.uniform(0.35, 0.6))
    match plot.state:
        case State.UNDER_THIRD:
            return float(rng.uniform(0.1, 0.31)), partly[1]
        case State.UNDER_QUARTER:
            return partly[0], float(rng.uniform(0.06, 0.23))
        case State.EXACT_THIRD | State.EXACT_QUARTER | State.PAUSED:
            return partly
        case _ if not row.get("started_on"):
            return 0.0, 0.0
        case _ if not row.get("completed_on"):
            return partly
        case _:
            return usual
