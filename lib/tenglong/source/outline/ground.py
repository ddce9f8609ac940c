"""Where a county's outlines must lie: its outline, its reference system, its tolerances."""

from dataclasses import dataclass
from functools import cache

import geopandas as gpd
import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from tenglong.source.intake_rule import IntakeRule
from tenglong.source.reference import CGCS2000, Reference

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Ground:
    """What the outlines of a bundle are judged by.

    Attributes
    ----------
    reference
        What is known of the county; where its outline is, places are held against it.
    crs
        The county's projected system, in metres.
    """

    reference: Reference
    crs: str
    rule: IntakeRule

    @property
    def outline(self) -> shapely.Geometry | None:
        """The county's outline in its projected system, or None where there is none."""
        return self.reference.outline(self.crs)

    def holds(self, longitudes: Floats, latitudes: Floats) -> Flags:
        """Tell which places are in the county, or else where its reference system is in use."""
        known = np.isfinite(longitudes) & np.isfinite(latitudes)
        inside = np.zeros(len(known), dtype=bool)
        home = _home(self.reference, self.crs, self.rule.outside_m)
        inside[known] = shapely.contains_xy(home, longitudes[known], latitudes[known])
        return inside


@cache
def _home(reference: Reference, crs: str, margin_m: float) -> shapely.Geometry:
    """Give the region, in degrees, that every outline is expected in; all where none is known."""
    outline = reference.outline(crs)
    if outline is not None:
        region = gpd.GeoSeries([outline.buffer(margin_m)], crs=crs).to_crs(CGCS2000).iloc[0]
    else:
        use = pyproj.CRS.from_user_input(crs).area_of_use
        region = shapely.box(*(use.bounds if use else (-180, -90, 180, 90)))
    shapely.prepare(region)
    return region
