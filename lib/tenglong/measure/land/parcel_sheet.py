"""The parcels as one map shows them: a measure in classes, and who uses each parcel."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd

from tenglong.measure.county import County, Unavailable
from tenglong.measure.firm.firms import in_force, parcel_areas
from tenglong.measure.land.classes import Classes, classes_of, measure_of
from tenglong.measure.land.parcels import available, parcel_values, unavailable

AUTO = "auto"


@dataclass(frozen=True, eq=False)
class ParcelSheet:
    """Parcels coloured by one measure.

    Attributes
    ----------
    measure
        Its name in `data/policy/parcel_measures.yml`; `rule` is its entry.
    parcels
        In the county's projected system; every Series here has its index.
    townships, occupants, areas
        The name of each parcel's township, the names of the firms that use it, and its area
        in 亩; missing where not known.
    lacking
        The measures that have no value, and what would have to be supplied for each.
    """

    measure: str
    rule: Mapping[str, Any]
    parcels: gpd.GeoDataFrame
    classes: Classes
    townships: pd.Series
    occupants: pd.Series
    areas: pd.Series
    lacking: Mapping[str, Unavailable | None]


def parcel_sheet(county: County, measure: str = AUTO) -> ParcelSheet:
    """Sort the county's parcels by a measure.

    Parameters
    ----------
    measure
        A measure of the policy; `auto` is the first that has a value for some parcel.

    A county without parcels gives a sheet without rows; `lacking` names what is wanting.

    Raises
    ------
    UsageError
        If there is no such measure.
    """
    parcels = _parcels(county)
    names = list(county.policy["parcel_measures"]["measures"])
    chosen = next(iter(available(county)), names[0]) if measure == AUTO else measure
    rule = measure_of(county, chosen)
    return ParcelSheet(
        measure=chosen,
        rule=rule,
        parcels=parcels,
        classes=classes_of(_values(county, chosen, parcels), rule),
        townships=township_names(county, parcels),
        occupants=occupant_names(county, parcels),
        areas=_areas(county, parcels),
        lacking=unavailable(county),
    )


def _parcels(county: County) -> gpd.GeoDataFrame:
    try:
        return gpd.GeoDataFrame(county.table("parcels", "parcel_id", "geometry"))
    except Unavailable:
        nothing = {"parcel_id": pd.Series([], dtype="str")}
        return gpd.GeoDataFrame(nothing, geometry=gpd.GeoSeries([], crs=county.crs))


def _areas(county: County, parcels: gpd.GeoDataFrame) -> pd.Series:
    if parcels.empty:
        return pd.Series([], dtype="float64")
    areas: pd.Series = parcels["parcel_id"].map(parcel_areas(county))
    return areas


def _values(county: County, measure: str, parcels: gpd.GeoDataFrame) -> pd.Series:
    try:
        return parcel_values(county, measure)
    except Unavailable:
        return pd.Series(float("nan"), index=parcels.index, name=measure)


def township_names(county: County, parcels: gpd.GeoDataFrame) -> pd.Series:
    """Name each parcel's township: by its code, else by where its inner point lies."""
    missing = pd.Series(None, index=parcels.index, dtype="str")
    try:
        townships = county.table("townships", "township", "name")
    except Unavailable:
        return missing
    names = townships.drop_duplicates("township").set_index("township")["name"]
    told = parcels["township"].map(names).astype("str") if "township" in parcels else missing
    if "geometry" not in townships or "geometry" not in parcels:
        return told
    points = gpd.GeoDataFrame(geometry=parcels.representative_point(), crs=parcels.crs)
    inside = points.sjoin(gpd.GeoDataFrame(townships[["name", "geometry"]]), predicate="within")
    by_place: pd.Series = inside["name"].groupby(level=0).first().reindex(parcels.index)
    found: pd.Series = told.fillna(by_place)
    return found


def occupant_names(county: County, parcels: gpd.GeoDataFrame) -> pd.Series:
    """Name the firms that use each parcel on the day, in the order of their names."""
    missing = pd.Series(None, index=parcels.index, dtype="str")
    try:
        occupancies = county.table("occupancies", "usci", "parcel_id")
        firms = county.table("enterprises", "usci", "name")
    except Unavailable:
        return missing
    held = occupancies[in_force(occupancies, pd.Timestamp(county.as_of))]
    names = held["usci"].map(firms.drop_duplicates("usci").set_index("usci")["name"])
    joined = names.fillna(held["usci"]).groupby(held["parcel_id"]).agg(_joined)
    used: pd.Series = parcels["parcel_id"].map(joined).astype("str")
    return used


def _joined(names: pd.Series) -> str:
    return "、".join(sorted(set(names)))
