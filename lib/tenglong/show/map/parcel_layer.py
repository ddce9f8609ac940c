"""Parcels on the interactive map: one layer, its data as compact JSON, drawn on a canvas."""

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
    NOTHING,
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
from tenglong.show.map.packing import payload
from tenglong.show.map.panel import panel
from tenglong.show.map.sheet import Sheet, middles, sheet_of
from tenglong.show.map.world import (
    Floats,
    Outlines,
    bound_m,
    bounds_of,
    on_grid,
    outlines_of,
    to_web_mercator,
)
from tenglong.show.number import plain
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


class ParcelLayer(DataElement):
    """All parcels of a map with their outlines, as one folium layer.

    Parameters
    ----------
    content
        What the script draws: plain numbers and texts, and columns of many.
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
        """Give the content as JSON that may stand in a script element, see `packing`."""
        return payload(self.content)


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
    shapes = outlines_of(parcels.geometry)
    content = {
        "shapes": shapes.content(),
        "measures": [_measure(colouring.classes, colouring.rule) for colouring in colourings],
        "missingColour": MISSING_COLOUR,
        **_ground(parcels, shapes, list(layers.values()), neighbours),
        "columns": [column(label, t, is_sought=label in sought) for label, t in popup.items()],
        "filters": filters_content(filters),
        "uses": tenants_content(tenants, parcels.index),
        "words": _control_words(page),
    }
    (south, _), (north, _) = content["bounds"]
    moved_m = bound_m(south, north)
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
            has_dots=bool(content["shifts"].size),
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
        notes=[credit, page.word("map.precision", metres=plain(moved_m))],
        name=name,
    )
    return Piece(html, map_csv(page, parcels, colourings, shapes, moved_m=moved_m, name=name))


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


def _measure(classes: Classes, rule: Mapping[str, Any]) -> dict[str, Any]:
    palette = palette_of(classes, rule)
    numbers = classes.assigned.fillna(len(classes)).to_numpy(dtype=np.int64)
    edges = [edge_of(colour) for colour in (*palette, None)]
    return {"classes": numbers, "colours": list(palette), "edges": edges}


def _ground(
    parcels: gpd.GeoDataFrame,
    shapes: Outlines,
    layers: list[gpd.GeoDataFrame],
    neighbours: gpd.GeoDataFrame | None,
) -> dict[str, Any]:
    """Give the outlines, the corners of all there is, and whether specks become dots."""
    sheet = sheet_of([parcels, *layers])
    boxes = sheet.boxes(parcels.geometry, shapes.is_drawn)
    shifts = np.nan_to_num(sheet.dots(boxes, layers) - middles(boxes))
    places = middles(boxes) + shifts
    around = [
        sheet.around(layer, parcels.crs, beyond=BEYOND)
        for layer in (neighbours,)
        if layer is not None
    ]
    return {
        "outlines": [_outline(layer, sheet, places[shapes.is_drawn]) for layer in layers],
        "neighbours": [outlines_of(layer.geometry).content() for layer in around],
        "bounds": bounds_of([shapes, *(outlines_of(layer.geometry) for layer in layers)]),
        "hasDots": sheet.has_dots(len(parcels)),
        "shifts": np.rint(shifts * TENTHS).astype(np.int64) if shifts.any() else NOTHING,
    }


def _outline(layer: gpd.GeoDataFrame, sheet: Sheet, places: Floats) -> dict[str, Any]:
    """Give a layer's outlines, and its names where the static map would have them."""
    names = sheet.names(layer, places)
    points = sheet.metres(np.array([[name.x, name.y] for name in names]).reshape(-1, 2))
    return {
        "shapes": outlines_of(layer.geometry).content(),
        "names": [name.text for name in names],
        "points": on_grid(to_web_mercator(points, crs=layer.crs)),
    }


def _control_words(page: Page) -> dict[str, str]:
    return {key: catalogue()[f"map.{key}"][page.language] for key in CONTROL_WORDS}
