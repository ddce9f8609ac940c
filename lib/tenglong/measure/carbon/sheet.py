"""Energy and carbon of the rated firms together: by year, and by industry."""

from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from tenglong.measure.carbon.efficiency import carbon_levels
from tenglong.measure.carbon.emission import floats
from tenglong.measure.carbon.freed import implied
from tenglong.measure.carbon.fuel_mix import fuel_mixes
from tenglong.measure.carbon.rule import carbon_rule
from tenglong.measure.county import County
from tenglong.measure.exact import exact, exact_sum

COLUMNS = ["firms_told", "lacking", "energy_tce", "net_co2_t", "value_added_wan", "l_t_per_wan"]


def carbon_totals(county: County) -> pd.DataFrame:
    """Sum energy, net CO₂ and value added of the rated firms by year.

    Formula: L = Σ net CO₂ / Σ value added; implied ratio = Σ net CO₂ / Σ energy at equal value.
    Sums are over the firms that tell all three; a year has none where more of the firms do not
    than `bands.yml` allows.

    Returns
    -------
    DataFrame
        By year: `year`, `firms_told`, `lacking`, `energy_tce`, `net_co2_t`, `value_added_wan`,
        `l_t_per_wan`, `t_per_tce` and `reason` of the last: `plausible`, `too_low`,
        `too_high` or `no_energy`, see `freed_carbon`, or `incomplete`.

    Raises
    ------
    Unavailable
        See `carbon_levels`.

    Examples
    --------
    >>> from tenglong.measure.example import example_county
    >>> from tenglong.source.policy import load_policy
    >>> county = example_county(
    ...     policy=load_policy(), enterprises={"usci": ["A"], "industry": ["3441"]},
    ...     enterprise_years={"usci": ["A"], "year": [2021], "is_above_scale": [True],
    ...                       "coal_t": [100.0], "energy_tce": [71.43],
    ...                       "value_added_wan": [190.03]})
    >>> carbon_totals(county)[["l_t_per_wan", "t_per_tce", "reason"]].round(2).values.tolist()
    [[1.0, 2.66, 'plausible']]
    """
    plausible = carbon_rule(county.policy).plausible_t_per_tce
    lines = []
    for year, group in _with_energy(county).groupby("year"):
        sums = _sums(group, county)
        per_tce, reason = (None, "incomplete")
        if sums.is_complete:
            per_tce, reason = implied(sums.energy, sums.net, plausible)
        lines.append((year, *sums.cells, *floats([per_tce]), reason))
    return pd.DataFrame(lines, columns=["year", *COLUMNS, "t_per_tce", "reason"])


def carbon_by_industry(county: County) -> pd.DataFrame:
    """Sum energy, net CO₂ and value added of the rated firms by year and industry.

    Returns
    -------
    DataFrame
        By year and industry, the highest L first within a year: `year`, `industry`, `firms_told`,
        `lacking`, `energy_tce`, `net_co2_t`, `value_added_wan`, `l_t_per_wan` and
        `is_small_group`. Sums are missing where too much of the industry is not known.

    Raises
    ------
    Unavailable
        See `carbon_levels`.

    Examples
    --------
    >>> from tenglong.measure.example import example_county
    >>> from tenglong.source.policy import load_policy
    >>> county = example_county(
    ...     policy=load_policy(), enterprises={"usci": ["A"], "industry": ["3441"]},
    ...     enterprise_years={"usci": ["A"], "year": [2021], "is_above_scale": [True],
    ...                       "coal_t": [100.0], "energy_tce": [71.43],
    ...                       "value_added_wan": [190.03]})
    >>> carbon_by_industry(county)[["industry", "firms_told", "is_small_group"]].values.tolist()
    [['34', 1, True]]
    """
    least = carbon_rule(county.policy).small_group
    lines = []
    for (year, industry), group in _with_energy(county).groupby(["year", "industry"]):
        sums = _sums(group, county)
        lines.append((year, industry, *sums.cells, sums.firms < least))
    made = pd.DataFrame(lines, columns=["year", "industry", *COLUMNS, "is_small_group"])
    return made.sort_values(
        ["year", "l_t_per_wan", "industry"], ascending=[True, False, True], kind="stable"
    ).reset_index(drop=True)


def _with_energy(county: County) -> pd.DataFrame:
    """Give the rated firms with their energy at equal value, by fuels; missing where not known."""
    firms, mixes = carbon_levels(county), fuel_mixes(county)
    energy = [
        float(mixes[row].equal_tce) if mixes[row].is_full else float("nan") for row in firms.index
    ]
    return firms.assign(energy_tce=energy)


@dataclass(frozen=True)
class _Sums:
    """What a group of firms comes to."""

    firms: int
    lacking: int
    energy: Fraction
    net: Fraction
    value_added: Fraction
    is_complete: bool

    @property
    def cells(self) -> tuple[object, ...]:
        """The cells of `COLUMNS`; sums are missing where the group is not complete."""
        level = self.net / self.value_added if self.value_added > 0 else None
        shown = floats([self.energy, self.net, self.value_added, level])
        nothing = [float("nan")] * len(shown)
        return self.firms, self.lacking, *(shown if self.is_complete else nothing)


def _sums(group: pd.DataFrame, county: County) -> _Sums:
    names = ("energy_tce", "net_co2_t", "value_added_wan")
    told = group[group[list(names)].notna().all(axis=1)]
    energy, net, added = (exact_sum(told[name]) for name in names)
    lacking = len(group) - len(told)
    most = exact(county.policy["bands"]["most_missing_share"])
    is_complete = Fraction(lacking, len(group)) <= most
    return _Sums(len(told), lacking, energy, net, added, is_complete)
