"""Mortgaged industrial land: how it is used, and which of it lies idle or was cleared."""

import pandas as pd

from tenglong.measure.chain.collateral import active_collateral, collateral_by_parcel
from tenglong.measure.clearance.loop import loop_rule
from tenglong.measure.county import County, Unavailable
from tenglong.measure.land.contract import land_states
from tenglong.measure.land.parcel_firms import clearance_state, occupant_names

UNUSED = ("idle", "supplied_unused", "vacant")


def mortgaged_parcels(county: County) -> pd.DataFrame:
    """Give every parcel that is mortgaged, with how it is used and who has a claim on it.

    Returns
    -------
    DataFrame
        What `collateral_by_parcel` gives for the securities that name a parcel, and
        `township`, `occupants` (names), `creditor_names`, `land_state`, `clearance_state`
        (missing where they cannot be told) and `is_unused` (idle, supplied and not used,
        vacant) and `is_cleared` (the listed firm on it has left the loop); land that is both
        first, then unused, then cleared, the largest amount first.

    Raises
    ------
    Unavailable
        See `collateral_by_parcel`; or if there are no parcels.

    Examples
    --------
    >>> from tenglong.measure.example import example_county
    >>> from tenglong.source.policy import load_policy
    >>> county = example_county(
    ...     policy=load_policy(),
    ...     parcels={"parcel_id": ["p"], "actual_mu": [4.0], "started_on": [None],
    ...              "agreed_start_on": ["2021-06-30"]},
    ...     collateral={"collateral_id": ["1"], "parcel_id": ["p"], "creditor": ["甲行"],
    ...                 "amount_wan": [500.0], "registered_on": ["2021-03-01"],
    ...                 "released_on": [None]})
    >>> mortgaged_parcels(county)[["land_state", "is_unused", "creditor_names"]].values.tolist()
    [['idle', True, '甲行']]
    """
    found = collateral_by_parcel(county)
    found = found[found["reason"] != "no_parcel"]
    about = _about_parcels(county).reindex(found["parcel_id"])
    about.index = found.index
    found = found.assign(creditor_names=found["parcel_id"].map(_creditors(county))).join(about)
    ends = loop_rule(county.policy).ends
    marked = found.assign(
        is_unused=found["land_state"].isin(UNUSED),
        is_cleared=found["clearance_state"].isin(ends),
    )
    keys = ["is_unused", "is_cleared", "amount_wan", "parcel_id"]
    ordered = marked.sort_values(keys, ascending=[False, False, False, True], kind="stable")
    return ordered.reset_index(drop=True)


def _about_parcels(county: County) -> pd.DataFrame:
    parcels = county.table("parcels", "parcel_id")
    nothing = pd.Series(None, index=parcels.index, dtype="str")
    about = pd.DataFrame(
        {
            "township": parcels.get("township", nothing),
            "occupants": occupant_names(county, parcels),
            "land_state": _told(county, "land_state", nothing),
            "clearance_state": _told(county, "clearance_state", nothing),
        }
    )
    return about.groupby(parcels["parcel_id"]).first()


def _told(county: County, what: str, nothing: pd.Series) -> pd.Series:
    try:
        if what == "land_state":
            states: pd.Series = land_states(county)["land_state"]
            return states
        return clearance_state(county)
    except Unavailable:
        return nothing


def _creditors(county: County) -> dict[str, str]:
    active = active_collateral(county)
    if "creditor" not in active:
        return {}
    named = active.dropna(subset=["creditor", "parcel_id"])
    return {
        str(parcel): "、".join(sorted(set(group["creditor"])))
        for parcel, group in named.groupby("parcel_id")
    }
