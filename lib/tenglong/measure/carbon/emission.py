"""Emissions: the CO₂ of firms by their fuels, with the grid factor known on the day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

import pandas as pd

from tenglong.measure.carbon.fuels import (
    ELECTRICITY,
    TONNES_PER_KG_AND_KWH,
    FirmMix,
    Fuels,
    emissions,
    fuel_mixes,
    fuels_of,
)
from tenglong.measure.carbon.rule import (
    CarbonRule,
    GridFactor,
    carbon_rule,
    grid_factor,
    grid_of,
)
from tenglong.measure.county import County
from tenglong.measure.exact import as_float, exact
from tenglong.measure.kept import kept
from tenglong.measure.on_demand import OnDemand

ZERO_CARBON = "zero_carbon_power_10k_kwh"
NOTHING = Fraction(0)


@dataclass(frozen=True)
class Emission:
    """What a firm emitted in a year, in 吨 of CO₂.

    Attributes
    ----------
    gross_t
        With all electricity at the grid's factor; None where it is not known.
    zero_carbon_t
        What zero-carbon power takes off it.
    factor
        The grid's factor that was used; None where no electricity was.
    reason
        `known`, or why `net_t` is not: a code of `FirmMix`, `no_grid_factor`,
        `zero_carbon_not_supplied` or `zero_carbon_exceeds` (more than the electricity used).
    """

    gross_t: Fraction | None
    zero_carbon_t: Fraction | None
    factor: GridFactor | None
    reason: str

    @property
    def net_t(self) -> Fraction | None:
        """Gross less zero-carbon power; None where either is not known."""
        if self.gross_t is None or self.zero_carbon_t is None:
            return None
        return self.gross_t - self.zero_carbon_t


@kept
def emissions_of(county: County) -> Mapping[int, Emission]:
    """Give what every firm emitted in a year, by the rows of `enterprise_years`.

    Formula: Σ fuel × coefficient + electricity × the grid's factor − zero-carbon power × the
    factor. An empty cell of zero-carbon power means that none is claimed.

    Raises
    ------
    Unavailable
        If there are no `enterprise_years`.
    """
    years = county.table("enterprise_years", "usci", "year")
    fuels, grid, rule = fuels_of(county.policy), grid_of(county.policy), carbon_rule(county.policy)
    power = years[ZERO_CARBON].fillna(0.0).tolist() if ZERO_CARBON in years else [None] * len(years)
    mixes = fuel_mixes(county)

    @cache
    def factor_of(year: int) -> GridFactor | None:
        return grid_factor(grid, year=year, as_of=county.as_of)

    keys, in_years = years.index.tolist(), years["year"].tolist()

    def emission(place: int) -> Emission:
        mix, year = mixes[keys[place]], in_years[place]
        is_powered = not pd.isna(year) and bool(mix.mix.get(ELECTRICITY))
        factor = factor_of(int(year)) if is_powered else None
        return _emission(mix, fuels, factor, _zero_carbon(mix, power[place], rule))

    return OnDemand(keys, emission)


def _zero_carbon(mix: FirmMix, zero: float | None, rule: CarbonRule) -> Fraction | str:
    """Give the power that is taken off, in 10,000 kWh, or why it cannot be told."""
    used = mix.mix.get(ELECTRICITY, NOTHING)
    if not rule.deducts_zero_carbon or (not used and not zero):
        return NOTHING
    if zero is None:
        return "zero_carbon_not_supplied"
    return "zero_carbon_exceeds" if exact(zero) > used else exact(zero)


def _emission(
    mix: FirmMix, fuels: Fuels, factor: GridFactor | None, zero_carbon: Fraction | str
) -> Emission:
    if not mix.is_full:
        return Emission(None, None, factor, mix.code)
    if factor is None and mix.mix.get(ELECTRICITY):
        return Emission(None, None, None, "no_grid_factor")
    per_kwh = factor.kg_per_kwh if factor else NOTHING
    gross = emissions(mix.mix, fuels, kg_per_kwh=per_kwh)
    if isinstance(zero_carbon, str):
        return Emission(gross, None, factor, zero_carbon)
    return Emission(gross, zero_carbon * per_kwh * TONNES_PER_KG_AND_KWH, factor, "known")


def firm_carbon(county: County) -> pd.DataFrame:
    """Firms' yearly CO₂ from their fuel mix, in 吨, and the grid factor that was used.

    Returns
    -------
    DataFrame
        By the rows of `enterprise_years`: `usci`, `year`, `co2_t` (all electricity at the
        grid's factor), `zero_carbon_t` (taken off), `net_co2_t`, `kg_per_kwh`, `factor_region`,
        `factor_year`, `is_factor_of_year` (missing where no electricity was used), and
        `reason`, see `Emission`.

    Examples
    --------
    No factor of 2021 had been published by mid-2022 but a national one; in 2025 Zhejiang's is:

    >>> years = {"usci": ["A"], "year": [2021], "electricity_10k_kwh": [100.0],
    ...          "energy_tce": [300.0], "zero_carbon_power_10k_kwh": [10.0]}
    >>> counties = [example_county(as_of=day, policy=load_policy(), enterprise_years=years)
    ...             for day in ("2022-06-30", "2025-06-30")]
    >>> [firm_carbon(one)[["net_co2_t", "factor_region"]].values.tolist() for one in counties]
    [[[522.9, '全国']], [[487.98, '浙江']]]
    """
    years = county.table("enterprise_years", "usci", "year")
    found = list(emissions_of(county).values())
    factors = [emission.factor for emission in found]
    frame = years[["usci", "year"]].copy()
    frame["co2_t"] = [as_float(emission.gross_t) for emission in found]
    frame["zero_carbon_t"] = [as_float(emission.zero_carbon_t) for emission in found]
    frame["net_co2_t"] = [as_float(emission.net_t) for emission in found]
    frame["kg_per_kwh"] = [as_float(f.kg_per_kwh if f else None) for f in factors]
    frame["factor_region"] = _column((f.region if f else None for f in factors), years, "str")
    frame["factor_year"] = _column((f.factor_year if f else None for f in factors), years, "Int64")
    frame["is_factor_of_year"] = (frame["factor_year"] == frame["year"]).astype("boolean")
    return frame.assign(reason=_column((emission.reason for emission in found), years, "str"))


def _column(values: Iterable[object], like: pd.DataFrame, dtype: str) -> pd.Series:
    return pd.Series(list(values), index=like.index, dtype=dtype)
