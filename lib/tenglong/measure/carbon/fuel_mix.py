"""What firms burnt in a year: their fuels, confirmed by the energy that they reported."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import pandas as pd

from tenglong.measure.carbon.fuels import (
    ELECTRICITY,
    Counting,
    Fuels,
    Mix,
    fuels_of,
    kgce_per_kwh,
    standard_coal,
)
from tenglong.measure.carbon.rule import BlankFuel, CarbonRule, carbon_rule
from tenglong.measure.county import County
from tenglong.measure.exact import exact
from tenglong.measure.row import Row, rows

IN_FULL = frozenset({"listed", "confirmed", "reported_calorific"})


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
    equal_tce: Fraction = Fraction(0)
    calorific_tce: Fraction = Fraction(0)

    @property
    def is_full(self) -> bool:
        """Whether nothing is missing from the mix."""
        return self.code in IN_FULL


@lru_cache(maxsize=4)
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
    columns = [c for c in (*fuels, ELECTRICITY, "energy_tce", "year") if c in years]
    made = (_firm_mix(county, row, fuels, rule) for row in rows(years[columns]))
    return dict(zip(years.index.tolist(), made, strict=True))


def _firm_mix(county: County, row: Row, fuels: Fuels, rule: CarbonRule) -> FirmMix:
    listed = {name: row.get(name) for name in (*fuels, ELECTRICITY)}
    mix = {name: exact(value) for name, value in listed.items() if value is not None}
    if row["year"] is None:
        return FirmMix(mix, "year_unknown")
    ways: tuple[Counting, Counting] = ("equal", "calorific")
    equal, calorific = (_tce(county, fuels, mix, int(row["year"]), way) for way in ways)
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


def _tce(county: County, fuels: Fuels, mix: Mix, year: int, counting: Counting) -> Fraction:
    value = kgce_per_kwh(county.policy["electricity"], year=year, counting=counting)
    return standard_coal(mix, fuels, kgce_per_kwh=value)


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
