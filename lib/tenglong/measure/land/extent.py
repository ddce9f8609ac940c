"""How large a parcel is as land that was granted, whether anybody uses it or not."""

import pandas as pd

from tenglong.measure.county import County
from tenglong.measure.land.contract import land_state_rule


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
    >>> from tenglong.measure.example import example_county
    >>> from tenglong.source.policy import load_policy
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
