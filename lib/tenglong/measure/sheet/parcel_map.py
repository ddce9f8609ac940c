"""The parcels as the campaign's map shows them: every measure in classes, and who uses them."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import geopandas as gpd
import pandas as pd

from tenglong.measure.clause import Label
from tenglong.measure.clearance.clear_out import left_below
from tenglong.measure.county import County, Township, Unavailable, attempt
from tenglong.measure.evaluation.scheme_file import scheme_of
from tenglong.measure.exact import exact_sum
from tenglong.measure.land.tally import land_extents, township_codes, township_names
from tenglong.measure.parcel.classes import Classes, classes_of, measure_of
from tenglong.measure.parcel.firms import occupant_names
from tenglong.measure.parcel.measures import measured
from tenglong.measure.parcel.uses import ActionTally, action_tallies, parcel_uses
from tenglong.measure.sheet.sheet import PageSheet

AUTO = "auto"
# The layers that lie over the parcels, and what of them is drawn.
OUTLINES: Mapping[str, tuple[str, ...]] = {
    "townships": ("township", "name", "geometry"),
    "control_lines": ("geometry",),
}


@dataclass(frozen=True, eq=False)
class Colouring:
    """Parcels in the classes of one measure, whose entry in the policy is `rule`."""

    measure: str
    rule: Mapping[str, Any]
    classes: Classes


@dataclass(frozen=True, eq=False, repr=False)
class ParcelMapSheet(PageSheet):
    """Parcels with everything that their map shows.

    Attributes
    ----------
    colourings
        One for each measure that has a value, in the order of the policy; classes are made over
        the whole county.
    chosen
        The number of the one that is shown first.
    parcels
        In the county's projected system; every Series here has its index.
    townships, occupants, areas
        The name of each parcel's township, the names of the firms that use it, and its area as
        it was supplied (`land_extents`)
        in 亩; missing where not known.
    uses
        See `parcel_uses`.
    tallies
        What needs action, by its code, the most urgent first.
    left_firms
        How many firms are still to be cleared out (`left_below`): the list by firm, beside the
        parcels with little tax.
    outlines
        The layers over the parcels, by their table.
    neighbours
        The other townships, where the sheet is of one.
    lacking
        The measures that have no value, and what would have to be supplied for each.
    caution
        What is doubtful about the scheme of the grades, where grades are shown.
    """

    colourings: tuple[Colouring, ...]
    chosen: int
    parcels: gpd.GeoDataFrame
    townships: pd.Series
    occupants: pd.Series
    areas: pd.Series
    uses: pd.DataFrame
    tallies: Mapping[str, ActionTally]
    left_firms: int | Unavailable
    outlines: Mapping[str, gpd.GeoDataFrame]
    neighbours: gpd.GeoDataFrame | None
    lacking: Mapping[str, Unavailable | None]
    caution: Label | None

    @property
    def colouring(self) -> Colouring:
        """The one that is shown first."""
        return self.colourings[self.chosen]

    @property
    def area_mu(self) -> Fraction:
        """The land of all parcels whose area is known."""
        return exact_sum(self.areas)

    @property
    def measure(self) -> str:
        """The name of the measure that is shown first."""
        return self.colouring.measure

    @property
    def rule(self) -> Mapping[str, Any]:
        """Its entry in the policy."""
        return self.colouring.rule

    @property
    def classes(self) -> Classes:
        """Its classes."""
        return self.colouring.classes


def parcel_map_sheet(whole: County, county: County, *, measure: str = AUTO) -> ParcelMapSheet:
    """Sort the parcels of a county, or of one of its townships, by every measure.

    Grades and classes are reckoned on the whole county.

    Parameters
    ----------
    measure
        The measure that is shown first; `auto` is the first that has a value for some parcel.

    A county without parcels gives a sheet without rows; `lacking` names what is wanting.

    Raises
    ------
    UsageError
        If there is no such measure.
    """
    parcels, found = _parcels(whole), measured(whole)
    codes = township_codes(whole, parcels)
    kept = (
        parcels.index if county.township is None else parcels.index[codes == county.township.code]
    )
    used = parcel_uses(whole, parcels, found.known)
    used = used[used["parcel"].isin(kept)].reset_index(drop=True)
    names = township_names(whole, parcels)
    areas = _areas(whole, parcels)
    shown = list(found.known) or list(whole.policy["parcel_measures"]["measures"])[:1]
    chosen = shown[0] if measure == AUTO else measure
    measure_of(whole, chosen)
    shown += [chosen] * (chosen not in shown)
    return ParcelMapSheet(
        colourings=tuple(
            _colouring(whole, name, found.known.get(name), parcels, kept) for name in shown
        ),
        chosen=shown.index(chosen),
        parcels=parcels.loc[kept],
        townships=names[kept],
        occupants=occupant_names(whole, parcels)[kept],
        areas=areas[kept],
        uses=used,
        tallies=action_tallies(whole, used, areas, names),
        left_firms=attempt(lambda one: len(left_below(one)), county),
        outlines=_outlines(whole, county.township),
        neighbours=_neighbours(whole, county.township),
        lacking=found.lacking,
        caution=_caution(whole) if "grade" in shown else None,
    )


def _caution(county: County) -> Label | None:
    measures = county.policy["parcel_measures"]["measures"]
    return scheme_of(county, str(measures["grade"]["scheme"])).caution


def _parcels(county: County) -> gpd.GeoDataFrame:
    try:
        return gpd.GeoDataFrame(county.table("parcels", "parcel_id", "geometry"))
    except Unavailable:
        nothing = {"parcel_id": pd.Series([], dtype="str")}
        return gpd.GeoDataFrame(nothing, geometry=gpd.GeoSeries([], crs=county.crs))


def _colouring(
    county: County, name: str, values: pd.Series | None, parcels: gpd.GeoDataFrame, kept: pd.Index
) -> Colouring:
    rule = measure_of(county, name)
    if values is None:
        values = pd.Series(float("nan"), index=parcels.index, name=name)
    return Colouring(name, rule, classes_of(values, rule).at(kept))


def _areas(county: County, parcels: gpd.GeoDataFrame) -> pd.Series:
    if parcels.empty:
        return pd.Series([], dtype="float64")
    return land_extents(county)


def _outlines(county: County, township: Township | None) -> dict[str, gpd.GeoDataFrame]:
    """Give the layers over the parcels, of one township what lies in it."""
    layers = {}
    for name, columns in OUTLINES.items():
        frame = county.tables.get(name)
        if frame is not None and "geometry" in frame:
            layers[name] = gpd.GeoDataFrame(frame[[c for c in columns if c in frame]])
    if township is None or "townships" not in layers:
        return layers
    towns = layers["townships"]
    own = towns[towns["township"] == township.code]
    return {
        name: own if name == "townships" else layer.clip(own, keep_geom_type=True)
        for name, layer in layers.items()
    }


def _neighbours(county: County, township: Township | None) -> gpd.GeoDataFrame | None:
    towns = _outlines(county, None).get("townships")
    if township is None or towns is None:
        return None
    return towns[towns["township"] != township.code]
