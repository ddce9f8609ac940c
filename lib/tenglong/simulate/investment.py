"""Investment: what every project spent in each month from 2020 to 2023.

A project spends from its landing (or the start of works) to its completion, most in the middle;
in all it spends about what was planned. The years' sums over manufacturing without enclaves are
then brought to `YEARLY_WAN`; the factors are near 1, so that a project's sum stays plausible.
"""

from datetime import date
from typing import Any

import numpy as np

from tenglong.simulate.days import FIRST_DAY, LAST_DAY, months_between, shift
from tenglong.simulate.projects import Project
from tenglong.simulate.setting import Setting

YEARLY_WAN = {2020: 42_300, 2021: 55_200, 2022: 72_800, 2023: 88_400}


def rows(projects: list[Project], setting: Setting) -> list[dict[str, Any]]:
    """Write the months down, brought to the yearly sums."""
    rng = setting.stream("investment")
    spent = {project.id: _spent(rng, project) for project in projects}
    counted = {project.id for project in projects if project.counts_as_investment}
    factors = {year: wan / _sum(spent, counted, year) for year, wan in YEARLY_WAN.items()}
    return [
        {
            "project_id": name,
            "month": f"{month:%Y-%m}",
            "invested_wan": round(wan * (factors[month.year] if name in counted else 1), 1),
        }
        for name, months in spent.items()
        for month, wan in months.items()
    ]


def _sum(spent: dict[str, dict[date, float]], counted: set[str], year: int) -> float:
    return sum(wan for name in counted for month, wan in spent[name].items() if month.year == year)


def _spent(rng: np.random.Generator, project: Project) -> dict[date, float]:
    """Spread a project's spending over its months; those outside 2020 to 2023 are dropped."""
    first = project.landed_on or project.started_on
    over = float(rng.uniform(0.94, 1.06))
    if not first:
        return {}
    last = project.completed_on or shift(project.started_on or first, project.build_months)
    months = months_between(first, last)
    position = (np.arange(len(months)) + 0.5) / len(months)
    weights = (0.35 + np.sin(np.pi * position**0.75)) * rng.lognormal(0, 0.12, len(months))
    wan = project.total_wan * over * weights / weights.sum()
    return {
        month: float(amount)
        for month, amount in zip(months, wan, strict=True)
        if FIRST_DAY <= month <= LAST_DAY
    }
