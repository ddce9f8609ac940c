"""Parcels counted and added up: by state, by what follows for idle land, by township."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import pandas as pd

from tenglong.measure.exact import exact, exact_sum

EVERY = "all"
UNDECIDED = "undecided"


@dataclass(frozen=True)
class Tally:
    """Parcels, their area in 亩, and the idle fee due on them in 万元 (None: none is)."""

    parcels: int
    area_mu: Fraction
    fee_wan: Fraction | None = None


@dataclass(frozen=True)
class Balance:
    """What was converted and replaced by now, in 亩; see `supply.replacement_ledger`.

    Attributes
    ----------
    balance_mu
        Replaced − converted; None where an entry lacks its area or direction.
    lowest_mu, lowest_on
        The lowest balance so far, and the day of it.
    """

    converted_mu: Fraction
    replaced_mu: Fraction
    balance_mu: Fraction | None
    lowest_mu: Fraction | None
    lowest_on: date | None


def tallies(parcels: pd.DataFrame, by: str) -> Mapping[str, Tally]:
    """Count parcels by a column, e.g. `land_state`; missing is `undecided`, and `all` are all.

    >>> rows = pd.DataFrame({"land_state": ["idle", None], "area_mu": [2.5, 1.5],
    ...     "fee_wan": [60.0, None]})
    >>> found = tallies(rows, "land_state")
    >>> found["idle"].parcels, float(found["all"].area_mu), found["undecided"].fee_wan
    (1, 4.0, None)
    """
    keys = parcels[by].fillna(UNDECIDED)
    groups = {EVERY: parcels} | {str(key): rows for key, rows in parcels.groupby(keys)}
    return {key: _tally(rows) for key, rows in groups.items()}


def _tally(rows: pd.DataFrame) -> Tally:
    fee = exact_sum(rows["fee_wan"]) if rows["fee_wan"].notna().any() else None
    return Tally(len(rows), exact_sum(rows["area_mu"]), fee)


def by_town(parcels: pd.DataFrame, states: tuple[str, ...]) -> pd.DataFrame:
    """Count parcels by township and state, those with most parcels in the first states first.

    Returns
    -------
    DataFrame
        By township name (missing: ""), a column each for the states, for `undecided`, and
        for all of them (`all`).

    >>> rows = pd.DataFrame({"town": ["甲", "乙", "乙"], "land_state": ["used", "idle", None]})
    >>> by_town(rows, ("idle", "used")).reset_index().values.tolist()
    [['乙', 1, 0, 1, 2], ['甲', 0, 1, 0, 1]]
    """
    names = [*states, UNDECIDED]
    towns = parcels["town"].fillna("").rename("town")
    made = pd.crosstab(towns, parcels["land_state"].fillna(UNDECIDED))
    made = made.reindex(columns=names, fill_value=0)
    made[EVERY] = made.sum(axis=1)
    return made.sort_index().sort_values(list(names), ascending=False, kind="stable")


def balance_of(ledger: pd.DataFrame) -> Balance | None:
    """Sum a ledger up; None where nothing was entered.

    >>> rows = pd.DataFrame({"moved_on": pd.to_datetime(["2021-03-01"]), "direction": ["out"],
    ...     "area_mu": [2.5], "balance_mu": [-2.5]})
    >>> float(balance_of(rows).balance_mu)
    -2.5
    """
    if ledger.empty:
        return None
    converted, replaced = (
        exact_sum(ledger.loc[ledger["direction"] == way, "area_mu"]) for way in ("out", "in")
    )
    last = ledger["balance_mu"].iloc[-1]
    known = ledger[ledger["balance_mu"].notna()]
    lowest = known.sort_values(["balance_mu", "moved_on"], kind="stable").head(1)
    return Balance(
        converted,
        replaced,
        None if pd.isna(last) else exact(last),
        None if lowest.empty else exact(lowest["balance_mu"].iloc[0]),
        None if lowest.empty else lowest["moved_on"].iloc[0].date(),
    )
