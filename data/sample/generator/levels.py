"""Levels: what the firms above scale come to in a year, and how their sums are brought there.

One factor a year and figure; what the story settles for single firms stays out of it. Energy
follows from the firms' output (`energy`).
"""

from collections.abc import Callable
from dataclasses import dataclass

from generator.days import YEARS
from generator.figures import FirmYear


@dataclass(frozen=True)
class Level:
    """What the firms above scale come to in a year.

    `tax` and `value_added` are 万元 a mu (tax with its add-backs), `productivity` 万元 a head
    and `rd` a share of revenue, both of manufacturers; `price` is the year's rise of producer
    prices and `intensity` the change of the same firms' energy a unit of value added at constant
    prices (`energy`).
    """

    tax: float
    value_added: float
    productivity: float
    rd: float
    price: float = 1.0
    intensity: float = 1.0
    digital: float = 0.0


LEVELS = {
    2020: Level(13.08, 70.4, 14.06, 0.0171),
    2021: Level(15.24, 83.9, 17.02, 0.0196, 1.065, 0.959, 0.27),
    2022: Level(17.95, 92.7, 18.64, 0.0218, 1.035, 0.976, 0.32),
    2023: Level(20.63, 101.2, 20.42, 0.0241, 1.030, 0.9655, 0.375),
}


def bring_to_levels(made: list[FirmYear]) -> None:
    """Scale the sums over the firms above scale to the levels of their year."""
    for year in YEARS:
        items = [item for item in made if item.year == year and item.is_above]
        makers = [item for item in items if item.is_manufacturer]
        level, land = LEVELS[year], sum(item.land_mu for item in items)
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
