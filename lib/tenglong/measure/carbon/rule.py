"""How carbon is counted and rated, and what the grid emits: `carbon.yml` and `grid.yml`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import Any

from tenglong.errors import Fault
from tenglong.measure.clause import Label
from tenglong.measure.policy.file import policy_file
from tenglong.shape import fault_at


class BlankFuel(StrEnum):
    """What an empty cell of a fuel means."""

    CONFIRMED = "confirmed"
    NONE = "none"


class Mean(StrEnum):
    """How the mean of an industry is taken."""

    RATIO_OF_SUMS = "ratio_of_sums"
    MEAN_OF_RATIOS = "mean_of_ratios"


@dataclass(frozen=True)
class Step:
    """A class of values up to a limit that belongs to it; the last has none."""

    name: str
    label: Label
    up_to: Fraction | None = None


@dataclass(frozen=True)
class Range:
    """From `least` to `most`, both included."""

    least: Fraction
    most: Fraction


@dataclass(frozen=True)
class CarbonRule:
    """The file `carbon.yml`; see there for what each key means."""

    scope: str
    blank_fuel: BlankFuel
    most_difference_pct: Fraction
    deducts_zero_carbon: bool
    levels: tuple[Step, ...]
    grades: tuple[Step, ...]
    industry_digits: int
    industry_mean: Mean
    small_group: int
    plausible_t_per_tce: Range
    benchmarks: Mapping[str, Fraction] = field(default_factory=dict)


def carbon_rule(policy: Mapping[str, Any]) -> CarbonRule:
    """Read `data/policy/carbon.yml`.

    Raises
    ------
    ConfigurationError
        If a key or a value is wrong, or the limits of levels or grades do not rise.

    Examples
    --------
    >>> carbon_rule({})
    Traceback (most recent call last):
    tenglong.errors.ConfigurationError: policy carbon: there is no carbon.yml
    """
    return policy_file(CarbonRule, policy, "carbon", also=_falling)


def _falling(rule: CarbonRule, raw: Any) -> Iterator[Fault]:
    for name, steps in (("levels", rule.levels), ("grades", rule.grades)):
        limits = [step.up_to for step in steps[:-1] if step.up_to is not None]
        if not steps or len(limits) < len(steps) - 1 or steps[-1].up_to is not None:
            zh = "除最后一项外，各项都须写 up_to"
            yield fault_at(raw, name, "all but the last must have `up_to`", zh)
        if any(lower >= higher for lower, higher in pairwise(limits)):
            yield fault_at(raw, name, "the limits must rise", "各项界限须递增")


def step_of(value: Fraction, steps: tuple[Step, ...]) -> Step:
    """Give the step that a value belongs to; a value on a limit belongs to the lower step.

    Examples
    --------
    >>> low = Step("low", Label("低碳", "Low"), Fraction(3, 5))
    >>> high = Step("high", Label("高碳", "High"))
    >>> [step_of(Fraction(value), (low, high)).name for value in ("0.6", "0.6000001")]
    ['low', 'high']
    """
    return next(step for step in steps if step.up_to is None or value <= step.up_to)


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
