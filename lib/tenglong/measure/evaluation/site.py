"""Sites: the firms that use one parcel, and the one among them that leads."""

from collections.abc import Iterable

import pandas as pd

from tenglong.measure.county import County
from tenglong.measure.firm.firms import DIGITS, in_force, occupied_mu, parcel_areas


def sites(county: County, firms: Iterable[str], day: pd.Timestamp) -> dict[str, str]:
    """Give the lead of each firm's site: the firm itself where it is alone.

    Firms that use one parcel belong together, and so do their other neighbours. The lead is
    the one that owns most of the site's land, or else uses most; of equals the first by its
    code. Source: 遂昌 2023 (tenants on one parcel are merged and share the grade).

    Raises
    ------
    Unavailable
        If there are no occupancies, or no parcels.

    >>> county = example_county(policy=load_policy(), parcels={"parcel_id": ["p"]}, occupancies={
    ...     "usci": ["a", "b"], "parcel_id": ["p", "p"], "area_mu": [2.0, 9.0],
    ...     "tenure": ["owned", "leased"]})
    >>> sites(county, ["a", "b", "c"], pd.Timestamp("2021-12-31"))
    {'a': 'a', 'b': 'a', 'c': 'c'}
    """
    evaluated = list(firms)
    used = county.table("occupancies", "usci", "parcel_id")
    used = used[in_force(used, day) & used["usci"].isin(evaluated)]
    together = _connected(zip(used["usci"], used["parcel_id"], strict=True))
    leads: dict[str, str] = {}
    weights = _weights(county, used)
    for members in together:
        lead = min(members, key=lambda usci: (*weights[usci], usci))
        leads |= dict.fromkeys(members, lead)
    return {usci: leads.get(usci, usci) for usci in evaluated}


def _weights(county: County, used: pd.DataFrame) -> dict[str, tuple[float, float]]:
    """Owned and used land of each firm, negative: the largest is the least."""
    area = occupied_mu(used, parcel_areas(county))
    tenure = used["tenure"] if "tenure" in used else pd.Series("", index=used.index)
    owned = area.where(tenure == "owned", 0.0)
    land = pd.DataFrame({"owned": -owned, "used": -area})
    sums = land.groupby(used["usci"]).sum().round(DIGITS)
    return {str(usci): (row["owned"], row["used"]) for usci, row in sums.iterrows()}


def _connected(pairs: Iterable[tuple[str, str]]) -> list[set[str]]:
    """Give the sets of firms that parcels link, directly or through other firms."""
    by_parcel: dict[str, set[str]] = {}
    by_firm: dict[str, set[str]] = {}
    for firm, parcel in pairs:
        by_parcel.setdefault(parcel, set()).add(firm)
        by_firm.setdefault(firm, set()).add(parcel)
    found, seen = [], set[str]()
    for firm in by_firm:
        if firm in seen:
            continue
        members, waiting = {firm}, [firm]
        while waiting:
            for parcel in by_firm[waiting.pop()]:
                new = by_parcel[parcel] - members
                members |= new
                waiting += new
        found.append(members)
        seen |= members
    return found
