"""Energy: what the larger firms burn, which grows with what they make.

A firm's energy is its value added at constant prices times what it takes a unit. That falls by a
few per cent a year over the county and differs from firm to firm: some get worse. Who drops out
of the scale burns more a unit than others of the trade and who comes in less, so that the firms
above scale in two years, the same ones alone, and all of them tell one story. What burns most
runs near the energy that it was filed with, a plant built in these years still far from it. The
energy of listed firms is settled by the story and stays as it is.
"""

from collections.abc import Iterator
from math import prod

from tenglong.simulate.days import YEARS
from tenglong.simulate.figures import FirmYear
from tenglong.simulate.setting import Setting

LEAVING, ENTERING, STARTING = 3.6, 0.6, 0.22
MOST_A_UNIT = 0.48  # tonnes a 万元 of those that drop out: below what puts a firm on the list
DRIFT = 0.045  # how much a firm's energy a unit strays from the county's in a year


def same_firms(made: list[FirmYear], year: int) -> Iterator[tuple[FirmYear, FirmYear]]:
    """Pair the figures of a year's firms above scale with those of the year before."""
    before = {item.firm.number: item for item in made if item.year == year - 1}
    for item in made:
        if item.year == year and item.is_above and item.firm.number in before:
            yield before[item.firm.number], item


def real_growth(made: list[FirmYear], year: int, setting: Setting) -> float:
    """Give the factor by which the same firms' value added grew, at prices of the year before."""
    pairs = list(same_firms(made, year))
    nominal = sum(now.value_added for _, now in pairs) / sum(old.value_added for old, _ in pairs)
    return nominal / setting.levels[year].price


def energy_growth(made: list[FirmYear], year: int) -> float:
    """Give the factor by which the same firms' energy grew."""
    pairs = list(same_firms(made, year))
    return sum(now.energy for _, now in pairs) / sum(old.energy for old, _ in pairs)


def let_energy_grow(made: list[FirmYear], setting: Setting) -> None:
    """Let the larger firms' energy grow with their output, and meet the county's intensity."""
    rng = setting.stream("energy")
    courses: dict[int, list[FirmYear]] = {}
    for item in made:
        if item.firm.above and not item.firm.fate:
            courses.setdefault(item.firm.number, []).append(item)
    for items in courses.values():
        strays = rng.lognormal(0, DRIFT, len(YEARS)).cumprod()
        drift = {year: float(s) for year, s in zip(YEARS, strays, strict=True)}
        _follow(items, drift, setting)
    for year in YEARS[1:]:
        _meet(made, year, setting)


def _follow(items: list[FirmYear], strays: dict[int, float], setting: Setting) -> None:
    """Let a firm's energy follow its output: from its first year on, or up to its fullest."""
    firm, first = items[0].firm, items[0]
    shape = {
        item.year: _output(item, items, setting)
        * strays[item.year]
        * prod(setting.levels[year].intensity for year in YEARS if year <= item.year)
        for item in items
    }
    known = max(shape.values()) if firm.two_high else shape[first.year]
    a_unit = _weight(first) * first.energy / known
    for item in items:
        item.energy = a_unit * shape[item.year]


def _output(item: FirmYear, items: list[FirmYear], setting: Setting) -> float:
    """Give the value added at prices of 2020; in a year of loss what the revenue usually brings."""
    value_added = item.value_added
    if value_added < 0:
        first = items[0]
        value_added = item.revenue * first.value_added / first.revenue
    return value_added / prod(setting.levels[year].price for year in YEARS if year <= item.year)


def _weight(first: FirmYear) -> float:
    """Give the factor on what is usual in the trade, by a firm's first year."""
    firm = first.firm
    is_entering, is_leaving = firm.above[0] > YEARS[0], firm.above[-1] < YEARS[-1]
    if firm.two_high:
        return STARTING if is_entering else 1.0
    if is_leaving:
        return min(LEAVING, MOST_A_UNIT * first.value_added / first.energy)
    return ENTERING if is_entering else 1.0


def _meet(made: list[FirmYear], year: int, setting: Setting) -> None:
    """Scale the energy from a year on, so that the same firms' intensity meets its level."""
    pairs = list(same_firms(made, year))
    growth = real_growth(made, year, setting)
    aim = sum(old.energy for old, _ in pairs) * growth * setting.levels[year].intensity
    settled = sum(now.energy for _, now in pairs if _is_settled(now))
    factor = (aim - settled) / sum(now.energy for _, now in pairs if not _is_settled(now))
    for item in made:
        if item.year >= year and item.firm.above and not _is_settled(item):
            item.energy *= factor


def _is_settled(item: FirmYear) -> bool:
    return item.firm.fate is not None or item.firm.two_high is not None
