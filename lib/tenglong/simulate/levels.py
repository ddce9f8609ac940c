"""Levels: what the firms above scale come to in a year, and how their sums are brought there.

One factor a year and figure; what the story settles for single firms stays out of it. Energy
follows from the firms' output (`energy`).
"""

from collections.abc import Callable

from tenglong.simulate.days import YEARS
from tenglong.simulate.figures import FirmYear
from tenglong.simulate.setting import Setting


def bring_to_levels(made: list[FirmYear], setting: Setting) -> None:
    """Scale the sums over the firms above scale to the levels of their year."""
    for year in YEARS:
        items = [item for item in made if item.year == year and item.is_above]
        makers = [item for item in items if item.is_manufacturer]
        level, land = setting.levels[year], sum(item.land_mu for item in items)
        _scale(items, "value_added", level.value_added * land)
        _scale(items, "tax", level.tax * land, settled=lambda item: item.firm.fate is not None)
        made_by_makers = sum(item.value_added for item in makers)
        _scale(makers, "employees", made_by_makers / level.productivity)
        _scale(makers, "rd", level.rd * sum(item.revenue for item in makers))


def _scale(
    items: list[FirmYear],
    figure: str,
    aim: float,
    *,
    settled: Callable[[FirmYear], bool] | None = None,
) -> None:
    """Multiply a figure of all that are not settled, so that the sum over all is `aim`."""
    free = [item for item in items if not (settled and settled(item))]
    fixed = sum(getattr(item, figure) for item in items if settled and settled(item))
    factor = (aim - fixed) / sum(getattr(item, figure) for item in free)
    for item in free:
        setattr(item, figure, getattr(item, figure) * factor)
