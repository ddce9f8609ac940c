"""How large a parcel is as land that was granted, whether anybody uses it or not."""

import geopandas as gpd
import pandas as pd

from tenglong.measure.county import County
from tenglong.measure.firm.places import township_labels
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
    found: pd.Series = told.fillna(inside.groupby(level=0).first().reindex(parcels.index))
    return found
