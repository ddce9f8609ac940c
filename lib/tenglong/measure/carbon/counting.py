"""What the choice of counting electricity does: equal value (等价值) beside calorific (当量值)."""

from fractions import Fraction

import pandas as pd

from tenglong.measure.carbon.fuel_mix import fuel_mixes
from tenglong.measure.carbon.rule import carbon_rule
from tenglong.measure.county import County
from tenglong.measure.exact import exact
from tenglong.measure.firm.totals import members

COLUMNS = ["year", "firms", "lacking", "equal_tce", "calorific_tce", "key_equal", "key_calorific"]


def counting_effect(county: County) -> pd.DataFrame:
    """Sum the energy of the rated firms in both ways, and count the key users (重点用能企业).

    Returns
    -------
    DataFrame
        By year: `year`, `firms` (whose fuels are known in full), `lacking` (the others; in no
        sum), `equal_tce`, `calorific_tce`, and `key_equal`, `key_calorific`: firms from the
        policy's line up (`two_high.yml`, `min_energy_tce`).

    Raises
    ------
    Unavailable
        If it is not told which firms are in the scope of `carbon.yml`.

    Examples
    --------
    >>> from tenglong.measure.example import example_county
    >>> from tenglong.source.policy import load_policy
    >>> county = example_county(
    ...     policy=load_policy(), enterprises={"usci": ["A"], "industry": ["3441"]},
    ...     enterprise_years={"usci": ["A"], "year": [2021], "is_above_scale": [True],
    ...                       "electricity_10k_kwh": [400.0], "energy_tce": [1200.0]})
    >>> counting_effect(county)[["equal_tce", "calorific_tce", "key_equal", "key_calorific"]
    ...     ].values.tolist()
    [[1200.0, 491.6, 1.0, 0.0]]
    """
    firms = members(county, "energy_tce", scope=carbon_rule(county.policy).scope)
    least = exact(county.policy["two_high"]["min_energy_tce"])
    mixes = fuel_mixes(county)
    lines = []
    for year, rows in firms.groupby("year"):
        known = [mixes[row] for row in rows.index if mixes[row].is_full]
        equal, calorific = [m.equal_tce for m in known], [m.calorific_tce for m in known]
        sums = (float(sum(values, Fraction(0))) for values in (equal, calorific))
        keys = (sum(value >= least for value in values) for values in (equal, calorific))
        lines.append((year, len(known), len(rows) - len(known), *sums, *keys))
    return pd.DataFrame(lines, columns=COLUMNS)
