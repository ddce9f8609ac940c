"""The sheet a map is drawn on: how metres become pixels, and what is too small to see there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from tenglong.errors import DataError
from tenglong.show.map.dots import DOT_RADIUS, dodged
from tenglong.show.map.place_names import PlacedName, place_names
from tenglong.show.map.rings import rings_of

SIDE = 700  # the longer side of a map on a page, pixels
MARGIN = 1 / 60  # of the longer side
MOST_DOTS = 0.25  # of the sheet's area; more would bury the map
NAME_SIZE = 13

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Sheet:
    """How metres become pixels: north is up, y grows downwards."""

    west: float
    north: float
    scale: float
    width: float
    height: float

    def pixels(self, points: Floats) -> Floats:
        """Turn eastings and northings into pixels."""
        return (points - (self.west, self.north)) * (self.scale, -self.scale)

    def metres(self, points: Floats) -> Floats:
        """Turn pixels into eastings and northings.

        >>> sheet = sheet_of([gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 100, 50)], crs=4549)])
        >>> sheet.metres(sheet.pixels(np.array([[30.0, 40.0]]))).round(6).tolist()
        [[30.0, 40.0]]
        """
        return points / (self.scale, -self.scale) + (self.west, self.north)

    def shapes(self, layer: gpd.GeoSeries) -> gpd.GeoSeries:
        """Turn a layer's shapes into pixels."""
        moved = shapely.transform(layer.to_numpy(), self.pixels)
        return gpd.GeoSeries(moved, index=layer.index)

    def boxes(self, layer: gpd.GeoSeries, is_drawn: NDArray[np.bool_]) -> Floats:
        """Give the box of each shape of a layer, in pixels; NaN where none is drawn.

        >>> sheet = sheet_of([gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 100, 50)], crs=4549)])
        >>> boxes = sheet.boxes(gpd.GeoSeries([shapely.box(0, 0, 50, 50), None]), [True, False])
        >>> boxes.round(3).tolist()
        [[11.29, 11.29, 350.0, 350.0], [nan, nan, nan, nan]]
        """
        bounds = shapely.bounds(layer.to_numpy())
        corners = self.pixels(bounds[:, [0, 3, 2, 1]].reshape(-1, 2)).reshape(-1, 4)
        return np.where(np.asarray(is_drawn)[:, None], corners, np.nan)

    def around(self, layer: gpd.GeoDataFrame, crs: Any, *, beyond: float = 0.0) -> gpd.GeoDataFrame:
        """Give what of a layer, in any reference system, lies on the sheet.

        Parameters
        ----------
        beyond
            How much further, as a share of the longer side.
        """
        far = beyond * SIDE
        corners = np.array([[-far, self.height + far], [self.width + far, -far]])
        box = shapely.box(*self.metres(corners).ravel())
        return layer.to_crs(crs).clip(box, keep_geom_type=True)

    def has_dots(self, count: int) -> bool:
        """Tell whether parcels that are too small to see may be drawn as dots.

        On a county's map a parcel is a speck, and a dot shows where it lies; where thousands of
        parcels fill a city, dots would cover one another, and parcels are drawn as they are.

        >>> county = Sheet(0, 0, scale=1 / 60, width=700, height=700)
        >>> county.has_dots(350), county.has_dots(13_000)
        (True, False)
        """
        return bool(count * np.pi * DOT_RADIUS**2 < MOST_DOTS * self.width * self.height)

    def dots(self, boxes: Floats, layers: Sequence[gpd.GeoDataFrame]) -> Floats:
        """Give the middle of each parcel's dot; NaN where it is drawn by its outline, or not.

        Parameters
        ----------
        boxes
            The parcels' boxes in pixels; NaN where one has no outline.
        layers
            The first is the ground; a dot stays in the part of it that its parcel lies in.
        """
        places = np.full((len(boxes), 2), np.nan)
        if self.has_dots(len(boxes)):
            areas = [area for layer in layers[:1] for area in self.shapes(layer.geometry).dropna()]
            is_speck = (boxes[:, 2:] - boxes[:, :2]).max(axis=1) < 2 * DOT_RADIUS  # NaN is not
            places[is_speck] = dodged(middles(boxes[is_speck]), areas)
        return places

    def names(self, layer: gpd.GeoDataFrame, places: Floats) -> list[PlacedName]:
        """Find a place for the names of a layer's parts, where they hide few parcels.

        Parameters
        ----------
        places
            Where each parcel is drawn, in pixels.
        """
        if "name" not in layer:
            return []
        named = layer[layer["name"].notna()]
        outlines = self.shapes(named.geometry).tolist()
        return place_names(named["name"].map(str).tolist(), outlines, places, size=NAME_SIZE)


def sheet_of(layers: Iterable[gpd.GeoDataFrame]) -> Sheet:
    """Fit layers of one reference system on a sheet, with a margin all around.

    Raises
    ------
    DataError
        If no layer has an outline.
    """
    corners = np.array([layer.total_bounds for layer in layers])
    corners = corners[np.isfinite(corners).all(axis=1)]
    if not len(corners):
        raise DataError("map: no parcel and no layer has an outline to draw")
    west, south = corners[:, :2].min(axis=0)
    east, north = corners[:, 2:].max(axis=0)
    span = max(east - west, north - south, 1.0)
    margin = MARGIN * span
    scale = SIDE / (span + 2 * margin)
    width, height = ((side + 2 * margin) * scale for side in (east - west, north - south))
    return Sheet(west - margin, north + margin, scale, float(round(width)), float(round(height)))


def boxes_of(shapes: gpd.GeoSeries) -> Floats:
    """Give each shape's box; NaN where it has no outline."""
    bounds = shapely.bounds(shapes.to_numpy())
    return np.where(rings_of(shapes).is_drawn[:, None], bounds, np.nan)


def middles(boxes: Floats) -> Floats:
    """Give the middle of each box."""
    middle: Floats = (boxes[:, :2] + boxes[:, 2:]) / 2
    return middle
