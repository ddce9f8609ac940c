"""Fuels: what a mix of them is in standard coal, and what CO₂ it emits.

A mix gives quantities by the columns of `enterprise_years`, each in its column's unit.
Electricity has no coefficient of its own: it counts at its equal value (等价值, the coal that a
kWh costs the grid) or at its calorific value (当量值, the heat that it holds), never at both in
one ratio, and emits what the grid does.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any, Literal

import pandas as pd

from tenglong.errors import ConfigurationError, Fault
from tenglong.measure.carbon.rule import BlankFuel, CarbonRule, carbon_rule
from tenglong.measure.clause import Label
from tenglong.measure.county import County
from tenglong.measure.exact import exact
from tenglong.measure.kept import kept
from tenglong.measure.on_demand import OnDemand
from tenglong.measure.policy.file import policy_file
from tenglong.measure.row import Row, cells

IN_FULL = frozenset({"listed", "confirmed", "reported_calorific"})

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
    keys = ("calorific_kgce_per_kwh", "equal_value_kgce_per_kwh")
    lacks = [
        Fault(f"the key {key!r} is missing", f"缺少“{key}”这个键")
        for key in keys
        if key not in rule
    ]
    if lacks:
        raise ConfigurationError.of_policy("electricity", lacks)
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


@dataclass(frozen=True)
class FirmMix:
    """What a firm burnt in a year.

    Attributes
    ----------
    mix
        Quantities by column; a fuel that is not there was not burnt, if `is_full`.
    code
        How sure it is: `listed` (no cell is empty, or the policy takes empty cells for none),
        `confirmed` (it adds up to the energy reported), `reported_calorific` (it does, with
        electricity at its calorific value: the firm reported in the other way of counting),
        `fuels_short`, `fuels_exceed` (it does not), `energy_not_reported`, `year_unknown`.
    equal_tce, calorific_tce
        What the mix adds up to, with electricity counted in either way.
    """

    mix: Mix
    code: str
    equal_tce: Fraction
    calorific_tce: Fraction

    @property
    def is_full(self) -> bool:
        """Whether nothing is missing from the mix."""
        return self.code in IN_FULL


@kept
def fuel_mixes(county: County) -> Mapping[int, FirmMix]:
    """Give what every firm burnt in a year, by the rows of `enterprise_years`.

    An empty cell of a fuel means that none was burnt only where what is listed adds up to the
    energy that the firm reported (policy `carbon`: `blank_fuel`, `most_difference_pct`).

    Raises
    ------
    Unavailable
        If there are no `enterprise_years`.
    """
    years = county.table("enterprise_years", "usci", "year")
    fuels, rule = fuels_of(county.policy), carbon_rule(county.policy)
    names = [c for c in (*fuels, ELECTRICITY, "energy_tce", "year") if c in years]
    columns, electricity = {c: cells(years[c]) for c in names}, county.policy["electricity"]

    @cache
    def value(year: int, counting: Counting) -> Fraction:
        return kgce_per_kwh(electricity, year=year, counting=counting)

    def mix(place: int) -> FirmMix:
        row = {name: column[place] for name, column in columns.items()}
        return _firm_mix(row, fuels, rule, value)

    return OnDemand(years.index.tolist(), mix)


def _firm_mix(
    row: Row, fuels: Fuels, rule: CarbonRule, value: Callable[[int, Counting], Fraction]
) -> FirmMix:
    listed = {name: row.get(name) for name in (*fuels, ELECTRICITY)}
    mix = {name: exact(value) for name, value in listed.items() if value is not None}
    if row["year"] is None:
        return FirmMix(mix, "year_unknown", NOTHING, NOTHING)
    burnt = standard_coal(mix, fuels, kgce_per_kwh=NOTHING)
    power = mix.get(ELECTRICITY, NOTHING) * TONNES_PER_KG_AND_KWH
    equal = burnt + power * value(int(row["year"]), "equal")
    calorific = burnt + power * value(int(row["year"]), "calorific")
    is_listed = len(mix) == len(listed) or (bool(mix) and rule.blank_fuel is BlankFuel.NONE)
    reported = None if row.get("energy_tce") is None else exact(row["energy_tce"])
    if reported is None:
        code = "listed" if is_listed else "energy_not_reported"
    else:
        code = _compared(reported, equal, calorific, rule.most_difference_pct)
        if code not in IN_FULL and rule.blank_fuel is BlankFuel.NONE and mix:
            code = "listed"
    return FirmMix(mix, code, equal, calorific)


def _compared(reported: Fraction, equal: Fraction, calorific: Fraction, most_pct: Fraction) -> str:
    most = reported * most_pct / 100
    if abs(equal - reported) <= most:
        return "confirmed"
    if abs(calorific - reported) <= most:
        return "reported_calorific"
    return "fuels_short" if equal < reported else "fuels_exceed"


def firm_energy(county: County) -> pd.DataFrame:
    """Firms' yearly energy from their fuels, both ways of counting electricity, in 吨标准煤.

    Formula: Σ quantity × coefficient (GB/T 2589), electricity at its equal (等价值) or its
    calorific value (当量值). Missing where the fuels are not known in full.

    Returns
    -------
    DataFrame
        By the rows of `enterprise_years`: `usci`, `year`, `reported_tce` (as reported, to be at
        equal value), `equal_tce`, `calorific_tce`, `difference_tce` (reported − equal), and
        `mix`, the code of `FirmMix`.

    Raises
    ------
    Unavailable
        If there are no `enterprise_years`.

    Examples
    --------
    >>> county = example_county(
    ...     policy=load_policy(),
    ...     enterprise_years={"usci": ["A", "B"], "year": [2021, 2021],
    ...                       "electricity_10k_kwh": [100.0, 100.0],
    ...                       "energy_tce": [300.0, 500.0]})
    >>> firm_energy(county)[["equal_tce", "calorific_tce", "mix"]].values.tolist()
    [[300.0, 122.9, 'confirmed'], [nan, nan, 'fuels_short']]
    """
    years = county.table("enterprise_years", "usci", "year")
    mixes = fuel_mixes(county).values()
    nothing = pd.Series(float("nan"), index=years.index)
    frame = years[["usci", "year"]].copy()
    frame["reported_tce"] = years.get("energy_tce", nothing)
    frame["equal_tce"] = [float(m.equal_tce) if m.is_full else float("nan") for m in mixes]
    frame["calorific_tce"] = [float(m.calorific_tce) if m.is_full else float("nan") for m in mixes]
    frame["difference_tce"] = [
        float(exact(reported) - mix.equal_tce)
        if mix.is_full and not pd.isna(reported)
        else float("nan")
        for reported, mix in zip(frame["reported_tce"].tolist(), mixes, strict=True)
    ]
    return frame.assign(mix=pd.Series([m.code for m in mixes], index=years.index, dtype="str"))
