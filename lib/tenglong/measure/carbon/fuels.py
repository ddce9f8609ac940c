"""Fuels: what a mix of them is in standard coal, and what CO₂ it emits.

A mix gives quantities by the columns of `enterprise_years`, each in its column's unit.
Electricity has no coefficient of its own: it counts at its equal value (等价值, the coal that a
kWh costs the grid) or at its calorific value (当量值, the heat that it holds), never at both in
one ratio, and emits what the grid does.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from tenglong.errors import ConfigurationError
from tenglong.measure.clause import Label
from tenglong.measure.exact import exact
from tenglong.measure.policy.file import policy_file

ELECTRICITY = "electricity_10k_kwh"
TONNES_PER_KG_AND_KWH = 10  # 1 kg a kWh is 10 t per 10,000 kWh
NOTHING = Fraction(0)

Mix = Mapping[str, Fraction]
Counting = Literal["equal", "calorific"]


@dataclass(frozen=True)
class Fuel:
    """Tonnes of standard coal, and of CO₂, per unit of a fuel's column."""

    name: Label
    tce: Fraction
    co2_t: Fraction
    source: str = ""


Fuels = Mapping[str, Fuel]


@dataclass(frozen=True)
class _File:
    fuels: Fuels


def fuels_of(policy: Mapping[str, Any]) -> Fuels:
    """Read the coefficients of `data/policy/fuels.yml`, by column.

    Raises
    ------
    ConfigurationError
        If a fuel lacks its name or a coefficient.

    Examples
    --------
    >>> coal = {"name": {"zh": "原煤", "en": "Raw coal"}, "tce": 0.7143, "co2_t": 1.9003}
    >>> fuels_of({"fuels": {"fuels": {"coal_t": coal}}})["coal_t"].tce
    Fraction(7143, 10000)
    """
    return policy_file(_File, policy, "fuels").fuels


def kgce_per_kwh(rule: Mapping[str, Any], *, year: int, counting: Counting = "equal") -> Fraction:
    """Give the standard coal that a kWh counts as in a year, in kgce.

    Parameters
    ----------
    rule
        `data/policy/electricity.yml`; a value of the year goes before the general one.

    Raises
    ------
    ConfigurationError
        If one of the values is not there.

    Examples
    --------
    >>> rule = {"equal_value_kgce_per_kwh": 0.3, "equal_value_by_year": {2020: 0.305},
    ...         "calorific_kgce_per_kwh": 0.1229}
    >>> [float(kgce_per_kwh(rule, year=year)) for year in (2020, 2021)]
    [0.305, 0.3]
    >>> float(kgce_per_kwh(rule, year=2021, counting="calorific"))
    0.1229
    """
    for key in ("calorific_kgce_per_kwh", "equal_value_kgce_per_kwh"):
        if key not in rule:
            raise ConfigurationError(f"policy electricity: the key {key!r} is missing")
    if counting == "calorific":
        return exact(rule["calorific_kgce_per_kwh"])
    by_year = rule.get("equal_value_by_year") or {}
    return exact(by_year.get(year, rule["equal_value_kgce_per_kwh"]))


def standard_coal(mix: Mix, fuels: Fuels, *, kgce_per_kwh: Fraction) -> Fraction:
    """Σ quantity × coefficient + electricity × its value, in 吨标准煤.

    What the mix does not name was not burnt. Source: GB/T 2589, `data/policy/fuels.yml`.

    Examples
    --------
    >>> fuels = {"coal_t": Fuel(Label("原煤", "Raw coal"), exact(0.7143), exact(1.9003))}
    >>> mix = {"coal_t": Fraction(100), "electricity_10k_kwh": Fraction(10)}
    >>> float(standard_coal(mix, fuels, kgce_per_kwh=exact(0.3)))
    101.43
    """
    burnt = sum((mix[name] * fuels[name].tce for name in mix if name in fuels), NOTHING)
    return burnt + mix.get(ELECTRICITY, NOTHING) * kgce_per_kwh * TONNES_PER_KG_AND_KWH


def emissions(mix: Mix, fuels: Fuels, *, kg_per_kwh: Fraction) -> Fraction:
    """Σ quantity × emission coefficient + electricity × the grid's factor, in 吨 of CO₂.

    What the mix does not name was not burnt. Source: `data/policy/fuels.yml`, `grid.yml`.

    Examples
    --------
    >>> fuels = {"coal_t": Fuel(Label("原煤", "Raw coal"), exact(0.7143), exact(1.9003))}
    >>> mix = {"coal_t": Fraction(100), "electricity_10k_kwh": Fraction(10)}
    >>> float(emissions(mix, fuels, kg_per_kwh=exact(0.5422)))
    244.25
    """
    burnt = sum((mix[name] * fuels[name].co2_t for name in mix if name in fuels), NOTHING)
    return burnt + mix.get(ELECTRICITY, NOTHING) * kg_per_kwh * TONNES_PER_KG_AND_KWH
