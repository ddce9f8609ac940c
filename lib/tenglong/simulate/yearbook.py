"""Yearbook: the years as a table shows them, rounded and with gaps.

Fuels add up to the energy. Small firms report no emissions and seldom all of their energy; some
large ones give the four pollutants, some their sum, some none. Whether a firm's energy is
monitored online has never been asked: the column is missing.
"""

from typing import Any

import numpy as np

from tenglong.simulate.days import YEARS
from tenglong.simulate.figures import FirmYear
from tenglong.simulate.fuels import ELECTRICITY, TCE, split, total_tce
from tenglong.simulate.setting import Setting
from tenglong.simulate.streams import chance

GAPS, NO_ENERGY = {"employees": 0.015, "is_digitalised": 0.01}, 0.22
NO_EMISSIONS, ONLY_THEIR_SUM = 0.06, 0.08
MOSTLY_ELECTRIC = 0.6
SOLAR_EVERY, SOLAR_SHARE = 7, 0.18
# firm, year: too many in 2020, so that there is no baseline
RD_UNKNOWN = frozenset({(6, 2020), (9, 2020), (15, 2020), (22, 2020), (27, 2020), (21, 2022)})
VETOES = {(12, 2021): "生产安全事故", (150, 2022): "环境违法处罚", (30, 2023): "未完成节能目标"}


def rows(made: list[FirmYear], setting: Setting) -> list[dict[str, Any]]:
    """Write the figures down, with the gaps that real tables have."""
    rng = setting.stream("gaps")
    return [_row(rng, item) for item in made]


def _row(rng: np.random.Generator, item: FirmYear) -> dict[str, Any]:
    row: dict[str, Any] = {
        "usci": item.firm.usci,
        "year": item.year,
        "is_above_scale": item.is_above,
        "tax_paid_wan": round(item.tax - sum(item.add_backs.values()), 2),
        **{name: value for name, value in item.add_backs.items() if value},
        "value_added_wan": round(item.value_added, 2),
        "revenue_wan": round(item.revenue, 2),
        "rd_wan": round(item.rd, 2) if item.is_above else None,
        "employees": max(2, round(item.employees)),
        "is_vetoed": False,
    }
    key = (item.firm.number, item.year)
    if key in VETOES:
        row |= {"is_vetoed": True, "veto_reason": VETOES[key]}
    if key in RD_UNKNOWN:
        row["rd_wan"] = None
    row |= _energy(rng, item) | _pollutants(rng, item)
    if item.year > YEARS[0] and item.firm.industry.is_manufacturing:
        row["is_digitalised"] = item.is_digitalised
    if not item.is_above:
        row |= {name: None for name, odds in GAPS.items() if chance(rng, odds)}
    return row


def _energy(rng: np.random.Generator, item: FirmYear) -> dict[str, Any]:
    shares = dict(item.firm.industry.fuels)
    project = item.firm.two_high
    if project:
        power = project.electricity_10k_kwh * TCE[ELECTRICITY] / project.energy_tce
        shares = {"gas_10k_m3": 1 - power} if power > MOSTLY_ELECTRIC else {"coal_t": 1 - power}
    fuels = split(item.energy, shares)
    if chance(rng, 0.3):
        fuels["gasoline_t"] = round(float(rng.uniform(0.3, 3)), 2)
    row: dict[str, Any] = dict(fuels)
    if item.is_above and item.firm.number % SOLAR_EVERY == 0:
        row["zero_carbon_power_10k_kwh"] = round(fuels[ELECTRICITY] * SOLAR_SHARE, 2)
    if item.is_above or not chance(rng, NO_ENERGY):
        return row | {"energy_tce": total_tce(fuels)}
    return {ELECTRICITY: row[ELECTRICITY]}


def _pollutants(rng: np.random.Generator, item: FirmYear) -> dict[str, Any]:
    """Draw emissions: four parts, or now and then only their sum; small firms report none."""
    wet, burnt = (4.0 if item.firm.industry.wet else 0.35), item.energy / 1000
    cod = abs(item.value_added) / 10_000 * wet * float(rng.lognormal(0, 0.3))
    parts = {
        "cod_t": cod,
        "nh3n_t": cod * float(rng.uniform(0.06, 0.12)),
        "so2_t": burnt * float(rng.uniform(0.2, 0.6)),
        "nox_t": burnt * float(rng.uniform(0.5, 1.1)),
    }
    kept = {name: round(value, 3) for name, value in parts.items()}
    if not item.is_above or chance(rng, NO_EMISSIONS):
        return {}
    return {"pollutants_t": round(sum(kept.values()), 3)} if chance(rng, ONLY_THEIR_SUM) else kept
