"""Monthly emissions of the firms that report monthly (工业碳排放动态监测)."""

from fractions import Fraction

import pandas as pd

from tenglong.measure.carbon.emission import Emission, emissions_of
from tenglong.measure.carbon.fuels import (
    ELECTRICITY,
    TONNES_PER_KG_AND_KWH,
    FirmMix,
    fuel_mixes,
    kgce_per_kwh,
)
from tenglong.measure.carbon.rule import grid_factor, grid_of
from tenglong.measure.county import County
from tenglong.measure.exact import exact_sum
from tenglong.measure.policy.file import most_missing

NOTHING = Fraction(0)
COLUMNS = [
    "month",
    "firms",
    "lacking",
    "is_complete",
    "electricity_10k_kwh",
    "energy_tce",
    "grid_t",
    "other_t",
]


def carbon_by_month(county: County) -> pd.DataFrame:
    """Estimate the CO₂ of the firms that report monthly, in 吨.

    Formula: electricity × the grid's factor + (energy − electricity at its equal value) × r,
    where r is what the same firms' other fuels emitted per tce in the last full year known:
    months tell electricity and energy, but not which fuels. Zero-carbon power is not taken off.

    Returns
    -------
    DataFrame
        `month`, `firms` (that tell both), `lacking` (rows that lack one; in no sum),
        `is_complete` (no more lack one than `bands.yml` allows), `electricity_10k_kwh`,
        `energy_tce`, `grid_t`, `other_t`, `co2_t`, and `reason`: `estimated`, `no_grid_factor`,
        `fuels_unknown` (no year tells r) or `energy_too_low` (less than its own electricity).

    Raises
    ------
    Unavailable
        If there are no monthly figures, or they lack electricity or energy.

    Examples
    --------
    >>> county = example_county(
    ...     policy=load_policy(),
    ...     enterprise_years={"usci": ["A"], "year": [2021], "coal_t": [100.0],
    ...                       "energy_tce": [71.43]},
    ...     enterprise_months={"usci": ["A"], "month": ["2022-05"], "energy_tce": [10.143],
    ...                        "electricity_10k_kwh": [1.0]})
    >>> carbon_by_month(county)[["grid_t", "other_t", "reason"]].round(3).values.tolist()
    [[5.81, 19.003, 'estimated']]
    """
    frame = county.table("enterprise_months", "usci", "month", ELECTRICITY, "energy_tce")
    told = frame[frame[[ELECTRICITY, "energy_tce"]].notna().all(axis=1)]
    others = other_ratio(county, set(told["usci"]))
    lines = [
        (month, *_month(county, pd.Period(str(month)).year, rows, others))
        for month, rows in frame.groupby("month")
    ]
    made = pd.DataFrame(lines, columns=[*COLUMNS, "reason"])
    made.insert(len(COLUMNS), "co2_t", made["grid_t"] + made["other_t"])
    return made


def _month(
    county: County, year: int, rows: pd.DataFrame, others: Fraction | None
) -> tuple[object, ...]:
    told = rows[rows[[ELECTRICITY, "energy_tce"]].notna().all(axis=1)]
    lacking, nothing = len(rows) - len(told), float("nan")
    electricity, energy = exact_sum(told[ELECTRICITY]), exact_sum(told["energy_tce"])
    most = most_missing(county.policy)
    is_complete = Fraction(lacking, len(rows)) <= most
    known = (len(told), lacking, is_complete, float(electricity), float(energy))
    factor = grid_factor(grid_of(county.policy), year=year, as_of=county.as_of)
    if factor is None:
        return *known, nothing, nothing, "no_grid_factor"
    grid = float(electricity * factor.kg_per_kwh * TONNES_PER_KG_AND_KWH)
    value = kgce_per_kwh(county.policy["electricity"], year=year)
    rest = energy - electricity * value * TONNES_PER_KG_AND_KWH
    if others is None:
        return *known, grid, nothing, "fuels_unknown"
    if rest < 0:
        return *known, grid, nothing, "energy_too_low"
    return *known, grid, float(rest * others), "estimated"


def other_ratio(county: County, firms: set[str]) -> Fraction | None:
    """CO₂ / standard coal of what these firms burnt beside electricity, in 吨/吨标准煤.

    In the last year in which firms whose mix is not known used no more of the electricity than
    `bands.yml` allows to be missing; None where there is none, 0 where nothing else was burnt.

    Examples
    --------
    >>> county = example_county(
    ...     policy=load_policy(),
    ...     enterprise_years={"usci": ["A"], "year": [2021], "coal_t": [100.0],
    ...                       "energy_tce": [71.43]})
    >>> round(float(other_ratio(county, {"A"})), 2)
    2.66
    """
    if "enterprise_years" not in county.tables:
        return None
    years = county.table("enterprise_years", "usci", "year")
    known = years[years["usci"].isin(firms) & years["year"].notna()]
    most = most_missing(county.policy)
    mixes, emitted = fuel_mixes(county), emissions_of(county)
    for year in sorted(set(known["year"].tolist()), reverse=True):
        rows = known.index[known["year"] == year].tolist()
        told = {row: mixes[row] for row in rows if emitted[row].gross_t is not None}
        untold = [mixes[row] for row in rows if row not in told]
        if told and _is_minor(untold, [*told.values(), *untold], most):
            value = kgce_per_kwh(county.policy["electricity"], year=int(year))
            return _beside_electricity([(told[row], emitted[row]) for row in told], value)
    return None


def _is_minor(untold: list[FirmMix], all_: list[FirmMix], most: Fraction) -> bool:
    """Whether these firms used no more of the electricity than a share; not if one is untold."""
    if any(ELECTRICITY not in mix.mix for mix in untold):
        return False
    part, whole = (
        sum((mix.mix.get(ELECTRICITY, NOTHING) for mix in firms), NOTHING)
        for firms in (untold, all_)
    )
    return part <= most * whole


def _beside_electricity(burnt: list[tuple[FirmMix, Emission]], value: Fraction) -> Fraction:
    energy = carbon = NOTHING
    for mix, emission in burnt:
        power = mix.mix.get(ELECTRICITY, NOTHING) * TONNES_PER_KG_AND_KWH
        per_kwh = emission.factor.kg_per_kwh if emission.factor else NOTHING
        energy += mix.equal_tce - power * value
        carbon += (emission.gross_t or NOTHING) - power * per_kwh
    return carbon / energy if energy else NOTHING
