"""In which township each parcel lies."""

import geopandas as gpd
import pandas as pd

from tenglong.measure.county import County
from tenglong.measure.firm.places import township_labels


def township_names(county: County, parcels: gpd.GeoDataFrame) -> pd.Series:
    """Name each parcel's township: see `township_codes`.

    >>> from tenglong.measure.example import example_county
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
