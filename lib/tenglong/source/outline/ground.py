"""Where a county's outlines must lie: its outline, its reference system, its tolerances."""

import json
from dataclasses import dataclass
from functools import cache

import geopandas as gpd
import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from tenglong.source.intake_rule import IntakeRule
from tenglong.source.place import kit_root

OUTLINES = {"330328": "wencheng_county.geojson"}
CGCS2000 = "EPSG:4490"
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Ground:
    """What the outlines of a bundle are judged by.

    Attributes
    ----------
    county
        The county's code; where `data/reference` has its outline, places are held against it.
    crs
        The county's projected system, in metres.
    """

    county: str
    crs: str
    rule: IntakeRule

    @property
    def outline(self) -> shapely.Geometry | None:
        """The county's outline in its projected system, or None where there is none."""
        return outline_of(self.county, self.crs)

    def holds(self, longitudes: Floats, latitudes: Floats) -> Flags:
        """Tell which places are in the county, or else where its reference system is in use."""
        known = np.isfinite(longitudes) & np.isfinite(latitudes)
        inside = np.zeros(len(known), dtype=bool)
        home = _home(self.county, self.crs, self.rule.outside_m)
        inside[known] = shapely.contains_xy(home, longitudes[known], latitudes[known])
        return inside


@cache
def _home(county: str, crs: str, margin_m: float) -> shapely.Geometry:
    """Give the region, in degrees, that every outline is expected in; all where none is known."""
    outline = outline_of(county, crs)
    if outline is not None:
        region = gpd.GeoSeries([outline.buffer(margin_m)], crs=crs).to_crs(CGCS2000).iloc[0]
    else:
        use = pyproj.CRS.from_user_input(crs).area_of_use
        region = shapely.box(*(use.bounds if use else (-180, -90, 180, 90)))
    shapely.prepare(region)
    return region


@cache
def outline_of(county: str, crs: str) -> shapely.Geometry | None:
    """Give a county's outline from the reference data, or None where there is none."""
    if county not in OUTLINES:
        return None
    path = kit_root() / "data" / "reference" / OUTLINES[county]
    content = json.loads(path.read_text(encoding="utf-8"))
    shape = gpd.GeoSeries.from_file(path) if not content.get("features") else None
    shapes = shape if shape is not None else gpd.GeoDataFrame.from_features(content).geometry
    return shapes.set_crs(CGCS2000, allow_override=True).to_crs(crs).union_all()
