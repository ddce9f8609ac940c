"""The clearance of wasteful firms as a page shows it: types only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

import pandas as pd

from tenglong.measure.carbon.freed import FreedCarbon
from tenglong.measure.clause import Label
from tenglong.measure.county import Unavailable

Sheet = pd.DataFrame | Unavailable
FREED = ("land_mu", "energy_tce", "carbon_t")


@dataclass(frozen=True, eq=False)
class Clearing:
    """Where the clearance stands, of one township where asked.

    What could not be computed is the `Unavailable` that says why. Lists that compare firms are
    made over the whole county; only then are they cut.

    Attributes
    ----------
    steps
        The steps of the loop, in their order; `ends` are those that end it.
    firms
        `standing.standings` of the listed firms, with `reasons` (codes that hold in the last
        year; missing where the firm is no longer judged), `planned_…` and `freed_…` of
        `results.freed_by_firm`.
    reached
        One row a step: `step`, `firms` that have taken it so far.
    ways
        One row a way: `way`, `firms`, `ended` (with evidence), and what these freed.
    unlisted
        Firms that belong on the list by the rules and are not on it.
    undecided, unscoped
        How many firms cannot be judged, and of how many the land is not known.
    left
        `results.left_below`, with its land in all; `left_townships`, `left_industries` add it up.
    carbon, carbon_firms
        What freed energy freed of carbon, in all and by firm; `plausible` is the range.
    refused
        `loop.findings`: records that the loop does not allow.
    """

    steps: tuple[str, ...]
    ends: tuple[str, ...]
    firms: Sheet
    reached: Sheet
    ways: Sheet
    unlisted: Sheet
    undecided: int | Unavailable
    unscoped: int | Unavailable
    left: Sheet
    left_townships: Sheet
    left_industries: Sheet
    left_land_mu: Fraction | None
    line_wan_per_mu: Fraction
    carbon: FreedCarbon | Unavailable
    carbon_firms: Sheet
    plausible: tuple[Fraction, Fraction]
    refused: Sheet
    projects: Sheet
    users: Sheet
    users_tce: Fraction | None
    year: int = 0
    reasons: Mapping[str, Label] = field(default_factory=dict)
    townships: Mapping[str, str] = field(default_factory=dict)
    industries: Mapping[str, Label] = field(default_factory=dict)
