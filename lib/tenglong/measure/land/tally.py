"""Parcels counted and added up, by the area that was granted: by state, handling and township."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import geopandas as gpd
import pandas as pd

from tenglong.measure.county import County
from tenglong.measure.exact import exact, exact_sum
from tenglong.measure.firm.places import township_labels
from tenglong.measure.land.contract import land_state_rule

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
    return made.sort_values(names, ascending=False, kind="stable")


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
    lowest = known.sort_values(["balance_mu", "moved_on"], kind="stable")
    return Balance(
        converted,
        replaced,
        None if pd.isna(last) else exact(last),
        None if lowest.empty else exact(lowest["balance_mu"].iloc[0]),
        None if lowest.empty else lowest["moved_on"].iloc[0].date(),
    )


def land_extents(county: County) -> pd.Series:
    """Give the area of every parcel, in 亩: the first of the policy's columns that it has.

    Not the land that a firm is judged by (`firms.parcel_areas`): of land that lies unused,
    nothing is used. With the index of `parcels`; missing where no column has a value above 0.
    Source: `data/policy/land_state.yml`, `area`.

    Raises
    ------
    Unavailable
        If there are no parcels.

    Examples
    --------
    >>> county = example_county(policy=load_policy(), parcels={
    ...     "parcel_id": ["P1", "P2"], "supplied_mu": [8.0, None], "actual_mu": [0.0, 5.0]})
    >>> land_extents(county).tolist()
    [8.0, 5.0]
    """
    parcels = county.table("parcels", "parcel_id")
    areas = pd.Series(float("nan"), index=parcels.index)
    for column in land_state_rule(county.policy).area:
        if column in parcels:
            areas = areas.fillna(parcels[column].where(parcels[column] > 0))
    return areas


def township_names(county: County, parcels: gpd.GeoDataFrame) -> pd.Series:
    """Name each parcel's township: see `township_codes`.

    >>> towns = {"township": ["330328100"], "name": ["大峃镇"]}
    >>> parcels = pd.DataFrame({"township": ["330328100", "1"]})
    >>> township_names(example_county(townships=towns), parcels).tolist()
    ['大峃镇', nan]
    """
    return township_codes(county, parcels).map(township_labels(county)).astype("str")


def township_codes(county: County, parcels: gpd.GeoDataFrame) -> pd.Series:
    """Tell each parcel's township: by its code, else by where its inner point lies."""
    missing = pd.Series(None, index=parcels.index, dtype="str")
    known = township_labels(county)
    told = parcels["township"].astype("str") if "township" in parcels else missing
    told = told.where(told.isin(list(known)))
    townships = county.tables.get("townships")
    if townships is None or not known or "geometry" not in townships or "geometry" not in parcels:
        return told
    points = gpd.GeoDataFrame(geometry=parcels.representative_point(), crs=parcels.crs)
    outlines = gpd.GeoDataFrame(townships[["township", "geometry"]])
    inside = points.sjoin(outlines, predicate="within")["township"].astype("str")
    township_codes: pd.Series = told.fillna(inside[~inside.index.duplicated()])
    return township_codes
