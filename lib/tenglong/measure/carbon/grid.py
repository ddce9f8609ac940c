"""What a kWh from the grid emits, by region and year: only factors published on the day count."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from tenglong.measure.policy.file import policy_file


@dataclass(frozen=True)
class GridFactor:
    """CO₂ per kWh: of which region and year, and since when it is public."""

    region: str
    factor_year: int
    kg_per_kwh: Fraction
    published: date
    source: str = ""


@dataclass(frozen=True)
class Grid:
    """The file `grid.yml`: factors, and the regions in the order in which they are preferred."""

    regions: tuple[str, ...]
    factors: tuple[GridFactor, ...]


def grid_of(policy: Mapping[str, Any]) -> Grid:
    """Read `data/policy/grid.yml`.

    Raises
    ------
    ConfigurationError
        If an entry lacks its region, year, value or day of publication.

    Examples
    --------
    >>> entry = {"region": "浙江", "factor_year": 2021, "kg_per_kwh": 0.5422,
    ...          "published": date(2024, 4, 12)}
    >>> grid_of({"grid": {"regions": ["浙江"], "factors": [entry]}}).factors[0].kg_per_kwh
    Fraction(2711, 5000)
    """
    return policy_file(Grid, policy, "grid")


def grid_factor(grid: Grid, *, year: int, as_of: date) -> GridFactor | None:
    """Give the factor by which a year's electricity is judged on a day.

    Of the factors published by `as_of`: those of the first region that has any, so that years
    are not judged by different regions; of these the one of the nearest year (the year's own,
    where it is out), then the latest published. None where nothing had been published yet.

    Examples
    --------
    >>> one = GridFactor("浙江", 2021, Fraction("0.5422"), date(2024, 4, 12))
    >>> other = GridFactor("浙江", 2022, Fraction("0.5153"), date(2024, 12, 20))
    >>> grid = Grid(("浙江",), (one, other))
    >>> [grid_factor(grid, year=2022, as_of=date.fromisoformat(day)).factor_year
    ...  for day in ("2024-12-19", "2024-12-20")]
    [2021, 2022]
    >>> grid_factor(grid, year=2021, as_of=date(2022, 6, 30)) is None
    True
    """
    usable = [
        factor
        for factor in grid.factors
        if factor.published <= as_of and factor.region in grid.regions
    ]

    def preference(factor: GridFactor) -> tuple[int, int, int, int]:
        return (
            grid.regions.index(factor.region),
            abs(factor.factor_year - year),
            -factor.published.toordinal(),
            factor.factor_year,
        )

    return min(usable, key=preference, default=None)
