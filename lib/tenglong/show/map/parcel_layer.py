"""Parcels on the interactive map: one layer, its data as compact JSON, drawn on a canvas."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from folium.template import Template

from tenglong.errors import DataError
from tenglong.measure.parcel.classes import Classes
from tenglong.measure.sheet.parcel_map import Colouring
from tenglong.show.map.finder import (
    Filter,
    Tenants,
    column,
    filters_content,
    tenants_content,
)
from tenglong.show.map.legend import (
    MISSING_COLOUR,
    edge_of,
    legend_of,
    palette_of,
    title_of,
)
from tenglong.show.map.map_csv import map_csv
from tenglong.show.map.offline_map import DataElement, OfflineMap
from tenglong.show.map.panel import panel
from tenglong.show.map.rings import DEGREE_UNITS, Floats, Rings, pack, packed, rings_of
from tenglong.show.map.sheet import Sheet, boxes_of, middles, sheet_of
from tenglong.show.page import Page
from tenglong.show.piece import Piece
from tenglong.show.words import catalogue

TENTHS = 10  # a shift of a dot is a whole number of tenths of a pixel
CONTROL_WORDS = (
    *("zoom_in", "zoom_out", "close", "matching", "no_hit", "no_outline_one", "firms_of"),
    *(
        "no_firms",
        "see_firms",
        "page_enterprises",
        "page_clearance",
        "rows_shown",
        "metres",
        "kilometres",
    ),
)
BEYOND = 0.5  # of a sheet's side: how far around the ground neighbours are drawn
DEGREES = 4326  # EPSG: the longitudes and latitudes that Leaflet draws

# What would end a script element, or a line of a script, becomes an escape of JSON's own.
_ESCAPES = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


class ParcelLayer(DataElement):
    """All parcels of a map with their outlines, as one folium layer.

    Parameters
    ----------
    content
        What `parcel_map.js` draws: plain numbers and texts.
    """

    _template = Template(
        """
        {%- macro script(this, kwargs) -%}
        tenglongParcelMap({{ this._parent.get_name() }}, {{ this.get_name()|tojson }});
        {%- endmacro -%}
        """
    )

    def __init__(self, content: Mapping[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # branca's own
        self._name = "Parcels"
        self.content = content

    def payload(self) -> str:
        r"""Give the content as JSON that may stand in a script element.

        >>> ParcelLayer({"name": "</script>"}).payload()
        '{"name":"\\u003c/script\\u003e"}'
        """
        text = json.dumps(self.content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return text.translate(_ESCAPES)


def parcel_map(  # noqa: PLR0913 - the options of a drawing, by name only
    page: Page,
    parcels: gpd.GeoDataFrame,
    classes: Classes,
    measure: Mapping[str, Any],
    *,
    others: Sequence[Colouring] = (),
    filters: Sequence[Filter] = (),
    tenants: Tenants | None = None,
    popup: Mapping[str, pd.Series] | None = None,
    sought: Collection[str] = (),
    outlines: Mapping[str, gpd.GeoDataFrame] | None = None,
    neighbours: gpd.GeoDataFrame | None = None,
    caption: str = "",
    credit: str = "",
    name: str = "parcel_map",
) -> Piece:
    """Draw parcels on a map that can be moved, in the colours of their classes.

    Parameters
    ----------
    parcels
        The parcels in a projected reference system; those without an outline are counted, not
        drawn. Its index is that of the classes and of the popup's columns.
    classes
        The parcels' values in classes (`measure.classes.classes_of`).
    measure
        An entry of `data/policy/parcel_measures.yml`.
    others
        Further measures, among which a reader may choose.
    filters
        What the parcels can be filtered by; those that do not match fade.
    tenants
        The firms on the parcels: those of the parcel that is chosen stand below the map.
    popup
        What a click on a parcel shows: label → formatted texts, nothing else. The first names
        the parcel; it is shown on hovering, too.
    sought
        The labels of the popup's columns that the search looks in, beside the firms' names.
    outlines
        Label → layer, drawn by its outlines and, where it has a column `name`, with its names.
        The first is the ground on which the parcels lie.
    neighbours
        A layer around the ground, drawn pale.
    credit
        Where the data comes from, and of which day it is.
    name
        Names the map on its page, and its CSV.

    Raises
    ------
    DataError
        If the indexes differ, or the parcels are not in metres.
    """
    popup = popup or {}
    colourings = (Colouring("", measure, classes), *others)
    for colouring in colourings:
        check_index(parcels, colouring.classes, popup)
    layers = {label: layer.to_crs(parcels.crs) for label, layer in (outlines or {}).items()}
    shapes = rings_of(_degrees(parcels.geometry))
    content = {
        **_content(shapes, colourings),
        **_ground(parcels, list(layers.values()), neighbours),
        "columns": [column(label, t, is_sought=label in sought) for label, t in popup.items()],
        "filters": filters_content(filters),
        "uses": tenants_content(tenants, parcels.index),
        "words": _control_words(page),
    }
    title = caption or title_of(page, measure)
    label = page.word("map.label", title=title)
    drawn = OfflineMap(name, label=label, zoom_snap=0, max_zoom=20, wheel_px_per_zoom_level=160)
    ParcelLayer(content).add_to(drawn)
    legends = [
        legend_of(
            page,
            colouring.classes,
            colouring.rule,
            without_outline=int((~shapes.is_drawn).sum()),
            has_dots=bool(content["shifts"]),
        )
        for colouring in colourings
    ]
    html = panel(
        page,
        drawn.render(),
        legends=legends,
        filters=filters,
        layers=list(layers),
        caption=title,
        credit=credit,
        name=name,
    )
    return Piece(html, map_csv(page, parcels, colourings, name=name))


def check_index(
    parcels: gpd.GeoDataFrame, classes: Classes, popup: Mapping[str, pd.Series]
) -> None:
    """Make sure that a map can be drawn: metres, and every column of the parcels row by row."""
    if parcels.crs is None or not parcels.crs.is_projected:
        raise DataError("map: the parcels must be in a projected reference system")
    columns = {"classes": classes.assigned, **popup}
    for label, values in columns.items():
        if not values.index.equals(parcels.index):
            raise DataError(f"map: {label} must have the parcels' index")


def _degrees(shapes: gpd.GeoSeries) -> gpd.GeoSeries:
    return shapes.to_crs(DEGREES)


def _content(shapes: Rings, colourings: Sequence[Colouring]) -> dict[str, Any]:
    """Give the shapes, and each parcel's class: the number after the last is "not known"."""
    return {
        "shapes": packed(shapes),
        "measures": [_measure(colouring.classes, colouring.rule) for colouring in colourings],
        "missingColour": MISSING_COLOUR,
    }


def _measure(classes: Classes, rule: Mapping[str, Any]) -> dict[str, Any]:
    palette = palette_of(classes, rule)
    numbers = classes.assigned.fillna(len(classes)).to_numpy(dtype=np.int64)
    edges = [edge_of(colour) for colour in (*palette, None)]
    return {"classes": pack(numbers), "colours": list(palette), "edges": edges}


def _ground(
    parcels: gpd.GeoDataFrame, layers: list[gpd.GeoDataFrame], neighbours: gpd.GeoDataFrame | None
) -> dict[str, Any]:
    """Give the outlines, the corners of all there is, and whether specks become dots."""
    sheet = sheet_of([parcels, *layers])
    boxes = boxes_of(sheet.shapes(parcels.geometry))
    dots = sheet.dots(boxes, layers)
    shifts = np.nan_to_num(dots - middles(boxes))
    places = middles(boxes) + shifts
    corners = np.array([_degrees(layer.geometry).total_bounds for layer in (parcels, *layers)])
    west, south = np.nanmin(corners[:, :2], axis=0).round(6).tolist()
    east, north = np.nanmax(corners[:, 2:], axis=0).round(6).tolist()
    around = [
        _shape_data(sheet.around(layer, parcels.crs, beyond=BEYOND))
        for layer in (neighbours,)
        if layer is not None
    ]
    return {
        "outlines": [_outline(layer, sheet, places[~np.isnan(places[:, 0])]) for layer in layers],
        "neighbours": around,
        "bounds": [[south, west], [north, east]],
        "hasDots": sheet.has_dots(len(parcels)),
        "shifts": pack(np.rint(shifts * TENTHS).astype(np.int64).ravel()) if shifts.any() else "",
    }


def _shape_data(layer: gpd.GeoDataFrame) -> dict[str, str]:
    return packed(rings_of(_degrees(layer.geometry)))


def _outline(layer: gpd.GeoDataFrame, sheet: Sheet, places: Floats) -> dict[str, Any]:
    """Give a layer's outlines, and its names where the static map would have them."""
    names = sheet.names(layer, places)
    x, y = sheet.metres(np.array([[name.x, name.y] for name in names]).reshape(-1, 2)).T
    points = _degrees(gpd.GeoSeries(gpd.points_from_xy(x, y), crs=layer.crs))
    units = np.rint(np.column_stack([points.x, points.y]) * DEGREE_UNITS).astype(np.int64)
    return {
        "shapes": _shape_data(layer),
        "names": [name.text for name in names],
        "points": pack(units.ravel()),
    }


def _control_words(page: Page) -> dict[str, str]:
    return {key: catalogue()[f"map.{key}"][page.language] for key in CONTROL_WORDS}
