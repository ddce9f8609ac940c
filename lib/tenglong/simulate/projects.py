"""Projects: `schedule.csv` says what happens in which month; the rest follows from it.

The schedule is the story (which projects pass 1 亿, which never land, which flip with the way
electricity is counted). Days are drawn inside their month, in order; agreed dates lie before
the actual ones by the slip that a project had; a double contract is signed soon after landing.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from tenglong.simulate.days import day_of, shift
from tenglong.simulate.setting import Setting

SCHEDULE = Path(__file__).with_name("schedule.csv")
STEPS = ("signed", "landed", "started", "completed", "production")
MAJOR_WAN = 10_000
SLIPS, SLIP_WEIGHTS = (-1, 0, 1, 3, 7), (0.15, 0.3, 0.25, 0.2, 0.1)
WITHOUT_REVIEW = frozenset({"P2019-02", "P2021-04"})
WITHOUT_LEAD = frozenset({"P2021-02"})
WITHOUT_DUAL_CONTRACT = frozenset({"P2018-03", "P2019-04"})


@dataclass(frozen=True)
class Project:
    """One project: the schedule's row, with days."""

    number: int
    facts: Mapping[str, str]
    signed_on: date
    landed_on: date | None
    started_on: date | None
    completed_on: date | None
    production_on: date | None
    agreed: Mapping[str, date]

    @property
    def id(self) -> str:
        """The number under which it is filed."""
        return self.facts["project_id"]

    @property
    def total_wan(self) -> float:
        """The planned investment."""
        return float(self.facts["total_wan"])

    @property
    def land_mu(self) -> float:
        """The land that it asks for; none where it stands on a firm's own land."""
        return float(self.facts["land_mu"] or 0)

    @property
    def energy_tce(self) -> float:
        """The yearly use of energy that it was filed with; 0 where it was not."""
        return float(self.facts["energy_tce"] or 0)

    @property
    def electricity_10k_kwh(self) -> float:
        """The yearly electricity that it was filed with; 0 where it was not."""
        return float(self.facts["electricity_10k_kwh"] or 0)

    def is_so(self, flag: str) -> bool:
        """Whether a flag of the schedule is set."""
        return self.facts[flag] == "1"

    @property
    def counts_as_investment(self) -> bool:
        """Whether it counts for the plan's 制造业（含技改）投资, which leaves enclaves out."""
        return self.is_so("is_manufacturing") and not self.is_so("is_enclave")

    @property
    def is_major(self) -> bool:
        """Whether it is a manufacturing project of at least 1 亿元."""
        return self.is_so("is_manufacturing") and self.total_wan >= MAJOR_WAN

    @property
    def build_months(self) -> int:
        """How long the building was agreed to take."""
        return 10 + round(min(self.total_wan, 100_000) / 2_500)


def projects(setting: Setting) -> list[Project]:
    """Read the schedule and draw the days."""
    rng = setting.stream("projects")
    with SCHEDULE.open(encoding="utf-8") as file:
        rows = [_placed(row, setting) for row in csv.DictReader(file)]
    return [_project(rng, number, row) for number, row in enumerate(rows)]


def _placed(row: Mapping[str, str], setting: Setting) -> dict[str, str]:
    """Put the county's township for its letter, and the name of what is called by a place."""
    name = row["name"] or setting.project_names[row["project_id"]]
    letter = row["township"]
    return {**row, "name": name, "township": setting.letters[letter] if letter else ""}


def _project(rng: np.random.Generator, number: int, facts: Mapping[str, str]) -> Project:
    signed, landed, started, completed, production = (day_of(rng, facts[step]) for step in STEPS)
    project = Project(
        number, facts, signed or date.max, landed, started, completed, production, agreed={}
    )
    return replace(project, agreed=_agreed(rng, project))


def _agreed(rng: np.random.Generator, project: Project) -> dict[str, date]:
    """Draw the days agreed for start, completion, production and full capacity."""
    slips = [int(rng.choice(SLIPS, p=SLIP_WEIGHTS)) for _ in range(2)]
    if not project.landed_on:
        return {}
    base = project.started_on or shift(project.landed_on, 4)
    start = max(shift(base, -min(slips[0], 3)), project.landed_on + timedelta(days=30))
    done = project.completed_on
    completion = shift(done, -slips[1]) if done else shift(start, project.build_months)
    production = shift(completion, 3)
    return {
        "agreed_start_on": start,
        "agreed_completion_on": completion,
        "agreed_production_on": production,
        "agreed_capacity_on": shift(production, 12),
    }


def rows(
    made: list[Project],
    setting: Setting,
    *,
    firms: Mapping[str, str],
    parcels: Mapping[str, str],
) -> list[dict[str, Any]]:
    """Write the projects down; `firms` and `parcels` are known by the project's id."""
    rng = setting.stream("projects")
    table = []
    for project in made:
        facts = project.facts
        row: dict[str, Any] = {
            "project_id": project.id,
            "name": f"示例{facts['name']}项目",
            "usci": firms.get(project.id),
            "township": facts["township"] or None,
            "industry": facts["industry"],
            "kind": facts["kind"],
            "total_investment_wan": project.total_wan,
            "energy_tce": project.energy_tce or None,
            "electricity_10k_kwh": project.electricity_10k_kwh or None,
            "signed_on": project.signed_on,
            "landed_on": project.landed_on,
            "started_on": project.started_on,
            "completed_on": project.completed_on,
            "production_on": project.production_on,
            "assessed_on": day_of(rng, facts["assessed"]),
            "assessment": facts["assessment"] or None,
            "parcel_id": parcels.get(project.id),
        }
        flags = ("is_attracted", "is_manufacturing", "is_enclave", "is_single", "is_two_high")
        row |= {flag: project.is_so(flag) for flag in flags}
        table.append(row | dict(project.agreed) | _approvals(project, rng) | _care(project))
    return table


def _approvals(project: Project, rng: np.random.Generator) -> dict[str, Any]:
    wait = timedelta(days=int(rng.integers(20, 80)))
    if not project.started_on or not project.is_so("is_manufacturing"):
        return {}
    approved = project.started_on - wait
    row: dict[str, Any] = {"eia_on": approved}
    if project.energy_tce and project.id not in WITHOUT_REVIEW:
        row["energy_review_on"] = approved - timedelta(days=12)
    if project.is_so("is_two_high"):
        row["is_capacity_swapped"] = project.id not in WITHOUT_REVIEW
    if project.production_on and project.facts["kind"] == "new":
        row["capacity_on"] = shift(project.production_on, 11)
    return row


def _care(project: Project) -> dict[str, Any]:
    row: dict[str, Any] = {}
    if project.landed_on and project.is_so("is_manufacturing"):
        signed = project.id not in WITHOUT_DUAL_CONTRACT
        row["dual_contract_on"] = project.landed_on + timedelta(days=25) if signed else None
    if project.is_major:
        row["guarantee_team"] = f"示例保障组{project.number + 1}"
        row["has_section_chief_lead"] = project.id not in WITHOUT_LEAD
    return row
