"""What freed energy freed of carbon: tonnes of CO₂ per tonne of standard coal (吨/吨标准煤)."""

from dataclasses import dataclass
from fractions import Fraction
from math import isnan

import pandas as pd

from tenglong.measure.carbon.rule import Range, carbon_rule
from tenglong.measure.clearance.results import proven_events
from tenglong.measure.county import County
from tenglong.measure.exact import as_float, exact

EVIDENCE = ["usci", "happened_on", "event", "freed_energy_tce", "freed_carbon_t"]


@dataclass(frozen=True)
class FreedCarbon:
    """Energy and carbon freed by the same firms, and their ratio.

    Attributes
    ----------
    firms, firms_lacking
        Cleared firms that tell both, and those that lack one; they are in neither sum.
    ratio
        Carbon / energy; None where no energy was freed.
    reason
        `plausible`, `too_low`, `too_high` (a warning: mixed ways of counting electricity, or a
        slip of units), or `no_energy`.
    """

    energy_tce: Fraction
    carbon_t: Fraction
    firms: int
    firms_lacking: int
    ratio: Fraction | None
    reason: str


def freed_carbon(county: County) -> FreedCarbon:
    """Hold the carbon that cleared firms freed against the energy, over all of them.

    Formula: Σ freed_carbon_t / Σ freed_energy_tce over the proven ends of the loop that tell
    both. The plan's own 500 t of 300 tce is 1.67; coal alone 2.66; all electricity at its equal
    value 1.7 to 1.9. Source of the range: `data/policy/carbon.yml`.

    Raises
    ------
    Unavailable
        If there are no clearance events, or they do not tell what was freed.

    Examples
    --------
    >>> steps = ["listed", "checked", "plan", "rectifying", "closed"]
    >>> county = example_county(policy=load_policy(), clearance_events={
    ...     "usci": ["A"] * 5, "event": steps, "evidence": ["文件"] * 5,
    ...     "happened_on": [f"2021-0{month}-01" for month in range(1, 6)],
    ...     "freed_energy_tce": [None] * 4 + [300.0], "freed_carbon_t": [None] * 4 + [500.0]})
    >>> found = freed_carbon(county)
    >>> found.ratio, found.reason
    (Fraction(5, 3), 'plausible')
    """
    rule = carbon_rule(county.policy).plausible_t_per_tce
    ends = _ends(county)
    both = ends[ends[["freed_energy_tce", "freed_carbon_t"]].notna().all(axis=1)]
    energy, carbon = (
        sum((exact(value) for value in both[name].tolist()), Fraction(0))
        for name in ("freed_energy_tce", "freed_carbon_t")
    )
    ratio, reason = implied(energy, carbon, rule)
    return FreedCarbon(energy, carbon, len(both), len(ends) - len(both), ratio, reason)


def implied(energy: Fraction, carbon: Fraction, plausible: Range) -> tuple[Fraction | None, str]:
    """Give the ratio of carbon to energy, and whether it is plausible; limits are.

    Examples
    --------
    The plan's own figures, and those of a county that counts electricity as heat:

    >>> plausible = Range(Fraction("1.5"), Fraction("2.8"))
    >>> implied(Fraction(300), Fraction(500), plausible)
    (Fraction(5, 3), 'plausible')
    >>> implied(Fraction(100), Fraction(441), plausible)[1]
    'too_high'
    """
    if energy <= 0:
        return None, "no_energy"
    ratio = carbon / energy
    if ratio < plausible.least:
        return ratio, "too_low"
    return ratio, "too_high" if ratio > plausible.most else "plausible"


def freed_carbon_by_firm(county: County) -> pd.DataFrame:
    """Give each cleared firm's freed carbon per freed energy, with the same warning.

    Returns
    -------
    DataFrame
        By the rows of `clearance_events`: `usci`, `happened_on`, `event`, `freed_energy_tce`,
        `freed_carbon_t`, `t_per_tce`, and `reason`: one of `FreedCarbon`'s, or
        `energy_unknown`, `carbon_unknown`.

    Raises
    ------
    Unavailable
        If there are no clearance events, or they do not tell what was freed.

    Examples
    --------
    >>> steps = ["listed", "checked", "plan", "rectifying", "closed"]
    >>> county = example_county(policy=load_policy(), clearance_events={
    ...     "usci": ["A"] * 5, "event": steps, "evidence": ["文件"] * 5,
    ...     "happened_on": [f"2021-0{month}-01" for month in range(1, 6)],
    ...     "freed_energy_tce": [None] * 4 + [100.0], "freed_carbon_t": [None] * 4 + [441.0]})
    >>> freed_carbon_by_firm(county)[["t_per_tce", "reason"]].values.tolist()
    [[4.41, 'too_high']]
    """
    rule = carbon_rule(county.policy).plausible_t_per_tce
    ends = _ends(county)
    judged = [
        _judged(energy, carbon, rule)
        for energy, carbon in zip(ends["freed_energy_tce"], ends["freed_carbon_t"], strict=True)
    ]
    frame = ends[EVIDENCE].copy()
    frame["t_per_tce"] = [as_float(value) for value, _ in judged]
    return frame.assign(reason=pd.Series([why for _, why in judged], frame.index, dtype="str"))


def _judged(energy: float, carbon: float, rule: Range) -> tuple[Fraction | None, str]:
    if isnan(energy):
        return None, "energy_unknown"
    if isnan(carbon):
        return None, "carbon_unknown"
    return implied(exact(energy), exact(carbon), rule)


def _ends(county: County) -> pd.DataFrame:
    county.table("clearance_events", *EVIDENCE)
    return proven_events(county)
