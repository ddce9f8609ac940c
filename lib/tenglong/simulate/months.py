"""Months: the years of the larger firms, and of some small ones, spread over their months.

The months of a year add up to the year, to the last digit kept; a few months never arrived.
Electricity and energy move together: a month's energy is its electricity at the equal value
plus its part of the other fuels. February is short, and in the spring of 2022 the makers of car
and motorcycle parts slump, which an early warning should see.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenglong.simulate.days import MONTHS_A_YEAR
from tenglong.simulate.figures import FirmYear
from tenglong.simulate.firms import Role
from tenglong.simulate.fuels import ELECTRICITY, TCE
from tenglong.simulate.industries import CAR
from tenglong.simulate.setting import Setting
from tenglong.simulate.streams import chance

FIRST_YEAR, SLUMP_YEAR = 2021, 2022
SAMPLED_EVERY = 6
SEASON = np.array([0.98, 0.66, 1.0, 1.0, 1.02, 1.03, 1.03, 1.02, 1.04, 1.0, 1.06, 1.16])
SLUMP = np.array([1, 1, 0.82, 0.62, 0.6, 0.68, 0.85, 0.95, 1, 1, 1, 1])
LOST = 0.002


def rows(
    made: list[FirmYear], year_rows: list[dict[str, Any]], setting: Setting
) -> list[dict[str, Any]]:
    """Spread the written years over months, firm by firm."""
    rng = setting.stream("months")
    return [
        month
        for item, row in zip(made, year_rows, strict=True)
        if item.year >= FIRST_YEAR and _is_reported(item)
        for month in _months(rng, item, row)
    ]


def _is_reported(item: FirmYear) -> bool:
    small = item.firm.role in (Role.OWNER, Role.LISTED) and item.firm.number % SAMPLED_EVERY == 0
    return bool(item.firm.above) or small


def _months(
    rng: np.random.Generator, item: FirmYear, row: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    season = SEASON * rng.lognormal(0, 0.05, MONTHS_A_YEAR)
    if item.firm.industry.chain == CAR and item.year == SLUMP_YEAR:
        season = season * SLUMP
    columns = {
        "tax_wan": _spread(rng, row["tax_paid_wan"], season, 0.2),
        "value_added_wan": _spread(rng, row["value_added_wan"], season, 0.04),
        "revenue_wan": _spread(rng, row["revenue_wan"], season, 0.04),
        ELECTRICITY: _spread(rng, row[ELECTRICITY], season, 0.03),
    }
    if row.get("energy_tce") is not None:
        power = columns[ELECTRICITY] * TCE[ELECTRICITY]
        other = _spread(rng, row["energy_tce"] - TCE[ELECTRICITY] * row[ELECTRICITY], season, 0.05)
        columns["energy_tce"] = np.round(power + other, 2)
    for month in range(MONTHS_A_YEAR):
        if not chance(rng, LOST):
            values = {name: float(column[month]) for name, column in columns.items()}
            yield {"usci": row["usci"], "month": f"{item.year}-{month + 1:02d}", **values}


def _spread(
    rng: np.random.Generator, total: float, season: NDArray[np.float64], noise: float
) -> NDArray[np.float64]:
    """Spread a total over the months, to the second digit; December takes what is left over."""
    weights = season * rng.lognormal(0, noise, MONTHS_A_YEAR)
    months: NDArray[np.float64] = np.round(total * weights / weights.sum(), 2)
    months[-1] = round(total - months[:-1].sum(), 2)
    return months
