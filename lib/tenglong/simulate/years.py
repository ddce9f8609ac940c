"""Years: the figures of every firm in every year, brought to the county's plausible levels.

The sums over the firms above scale are scaled to the county's levels; small firms are not.
Digital tools spread among the manufacturers from 2021 (nobody asked in 2020, so that there is no
baseline).
"""

from collections.abc import Mapping

import numpy as np

from tenglong.simulate.clearance import CLOSED
from tenglong.simulate.days import YEARS
from tenglong.simulate.energy import let_energy_grow
from tenglong.simulate.figures import Course, FirmYear, draw_traits, fill
from tenglong.simulate.firms import Firm, Role
from tenglong.simulate.levels import bring_to_levels
from tenglong.simulate.setting import Setting
from tenglong.simulate.streams import chance

REFUND_YEAR = 2022  # 增值税留抵退税


def firm_years(
    firms: list[Firm], land: Mapping[tuple[int, int], float], setting: Setting
) -> list[FirmYear]:
    """Make the figures of every firm in every year in which it was active."""
    rng = setting.stream("years")
    made = []
    for firm in firms:
        most = max(land.get((firm.number, year), 0.0) for year in YEARS)
        traits = draw_traits(rng)
        walk = 1.0
        for year in YEARS:
            walk *= firm.growth * float(rng.lognormal(0, 0.05))
            noise = float(rng.lognormal(0, 0.04))
            if firm.is_active(year) and firm.role is not Role.HOLDER:
                item = FirmYear(firm, year, land.get((firm.number, year), 0.0), most)
                course = Course(walk, noise, setting.low_tax_scale)
                fill(item, traits, course)
                made.append(item)
    bring_to_levels(made, setting)
    let_energy_grow(made, setting)
    _digitalise(made, rng, setting)
    for item in made:
        item.add_backs = _add_backs(rng, item)
    return made


def _digitalise(made: list[FirmYear], rng: np.random.Generator, setting: Setting) -> None:
    """Let the manufacturers take to digital tools one after another; who has begun, goes on."""
    eager = {item.firm.number: 0.0 for item in made if item.firm.industry.is_manufacturing}
    for number in eager:
        eager[number] = float(rng.random())
    for year in YEARS[1:]:
        items = [item for item in made if item.year == year and item.firm.number in eager]
        items.sort(
            key=lambda item: eager[item.firm.number] + 0.35 * bool(item.firm.above), reverse=True
        )
        for item in items[: round(setting.levels[year].digital * len(items))]:
            item.is_digitalised = True


def _add_backs(rng: np.random.Generator, item: FirmYear) -> dict[str, float]:
    """Draw the parts of the tax that were credited, relieved or refunded."""
    shares = {
        "tax_exempt_credit_wan": 0.05 if chance(rng, 0.35) else 0.0,
        "tax_relief_wan": 0.03,
        "vat_refund_wan": 0.04 if item.year == REFUND_YEAR and chance(rng, 0.5) else 0.0,
    }
    if not item.is_above or item.has_low_tax:
        return {}
    drawn = {name: share * float(rng.uniform(0.5, 1.6)) for name, share in shares.items()}
    return {name: round(item.tax * share, 2) for name, share in drawn.items()}


def freed_energy(made: list[FirmYear]) -> dict[str, float]:
    """Give the energy that the clearance freed: all of it, or what was saved of it."""
    last: dict[str, FirmYear] = {}
    for item in made:
        fate = item.firm.fate
        if fate and fate.ended_on and item.year < fate.ended_on.year:
            last[item.firm.usci] = item
    freed = {}
    for usci, item in last.items():
        fate = item.firm.fate
        if fate:
            part = 1.0 if fate.outcome == CLOSED else fate.saved_share
            freed[usci] = round(item.energy * part, 1)
    return freed
