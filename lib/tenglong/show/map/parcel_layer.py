"""Parcels on the interactive map: one layer, its data as compact JSON, drawn on a canvas."""

import json
from collections.abc import Mapping
from html import escape
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from folium.template import Template

from tenglong.errors import DataError
from tenglong.measure.land.classes import Classes
from tenglong.show.cell import as_text, csv_of
from tenglong.show.map.legend import (
    MISSING_COLOUR,
    class_texts,
    edge_of,
    legend_html,
    legend_of,
    palette_of,
    title_of,
    words,
)
from tenglong.show.map.offline_map import DataElement, OfflineMap
from tenglong.show.map.rings import DEGREE_UNITS, Floats, Rings, pack, packed, rings_of
from tenglong.show.map.sheet import Sheet, boxes_of, middles, sheet_of
from tenglong.show.number import MISSING, plain
from tenglong.show.piece import Piece

TENTHS = 10  # a shift of a dot is a whole number of tenths of a pixel
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
    parcels: gpd.GeoDataFrame,
    classes: Classes,
    measure: Mapping[str, Any],
    *,
    popup: Mapping[str, pd.Series] | None = None,
    outlines: Mapping[str, gpd.GeoDataFrame] | None = None,
    caption: str = "",
    language: str = "zh",
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
    popup
        What a click on a parcel shows: label → formatted texts, nothing else. The first names
        the parcel; it is shown on hovering, too.
    outlines
        Label → layer, drawn by its outlines and, where it has a column `name`, with its names.
        The first is the ground on which the parcels lie.
    name
        Names the map on its page, and its CSV.

    Raises
    ------
    DataError
        If the indexes differ, or the parcels are not in metres.
    """
    popup = popup or {}
    check_index(parcels, classes, popup)
    layers = {label: layer.to_crs(parcels.crs) for label, layer in (outlines or {}).items()}
    title = title_of(measure, language=language)
    shapes = rings_of(_degrees(parcels.geometry))
    content = {
        **_content(shapes, classes, measure),
        **_ground(parcels, list(layers.values())),
        "columns": [_column(label, texts) for label, texts in popup.items()],
        "words": _control_words(language),
    }
    label = words(language)["label"].format(title=caption or title)
    drawn = OfflineMap(name, label=label, zoom_snap=0, max_zoom=20, wheel_px_per_zoom_level=160)
    ParcelLayer(content).add_to(drawn)
    legend = legend_of(
        classes,
        measure,
        without_outline=int((~shapes.is_drawn).sum()),
        has_dots=bool(content["shifts"]),
        language=language,
    )
    side = legend_html(legend, language=language) + _controls(list(layers), language)
    csv = {f"{name}.csv": _csv(parcels, classes, measure, language)}
    return Piece(_panel(drawn.render(), side, caption or title, language), csv)


def check_index(
    parcels: gpd.GeoDataFrame, classes: Classes, popup: Mapping[str, pd.Series]
) -> None:
    """Make sure that a map can be drawn: metres, and every column of the parcels row by row."""
    if parcels.crs is None or not parcels.crs.is_projected:
        raise DataError("map: the parcels must be in a projected reference system")
    columns = {"classes": classes.assigned, **popup}
    for label, column in columns.items():
        if not column.index.equals(parcels.index):
            raise DataError(f"map: {label} must have the parcels' index")


def _degrees(shapes: gpd.GeoSeries) -> gpd.GeoSeries:
    return shapes.to_crs(DEGREES)


def _content(shapes: Rings, classes: Classes, measure: Mapping[str, Any]) -> dict[str, Any]:
    """Give the shapes, and each parcel's class: the number after the last is "not known"."""
    numbers = classes.assigned.fillna(len(classes)).to_numpy(dtype=np.int64)
    palette = palette_of(classes, measure)
    return {
        "shapes": packed(shapes),
        "classes": pack(numbers),
        "colours": list(palette),
        "edges": [edge_of(colour) for colour in (*palette, None)],
        "missingColour": MISSING_COLOUR,
    }


def _column(label: str, texts: pd.Series) -> dict[str, Any]:
    """Give a column of the popup; texts that come back often are given once."""
    full = texts.astype("str").where(texts.notna(), MISSING)
    places, distinct = pd.factorize(full)
    if 2 * len(distinct) > len(full):
        return {"label": label, "texts": full.tolist()}
    return {"label": label, "texts": distinct.tolist(), "places": pack(places.astype(np.int64))}


def _ground(parcels: gpd.GeoDataFrame, layers: list[gpd.GeoDataFrame]) -> dict[str, Any]:
    """Give the outlines, the corners of all there is, and whether specks become dots."""
    sheet = sheet_of([parcels, *layers])
    boxes = boxes_of(sheet.shapes(parcels.geometry))
    dots = sheet.dots(boxes, layers)
    shifts = np.nan_to_num(dots - middles(boxes))
    places = middles(boxes) + shifts
    corners = np.array([_degrees(layer.geometry).total_bounds for layer in (parcels, *layers)])
    west, south = np.nanmin(corners[:, :2], axis=0).round(6).tolist()
    east, north = np.nanmax(corners[:, 2:], axis=0).round(6).tolist()
    return {
        "outlines": [_outline(layer, sheet, places[~np.isnan(places[:, 0])]) for layer in layers],
        "bounds": [[south, west], [north, east]],
        "hasDots": sheet.has_dots(len(parcels)),
        "shifts": pack(np.rint(shifts * TENTHS).astype(np.int64).ravel()) if shifts.any() else "",
    }


def _outline(layer: gpd.GeoDataFrame, sheet: Sheet, places: Floats) -> dict[str, Any]:
    """Give a layer's outlines, and its names where the static map would have them."""
    names = sheet.names(layer, places)
    x, y = sheet.metres(np.array([[name.x, name.y] for name in names]).reshape(-1, 2)).T
    points = _degrees(gpd.GeoSeries(gpd.points_from_xy(x, y), crs=layer.crs))
    units = np.rint(np.column_stack([points.x, points.y]) * DEGREE_UNITS).astype(np.int64)
    return {
        "shapes": packed(rings_of(_degrees(layer.geometry))),
        "names": [name.text for name in names],
        "points": pack(units.ravel()),
    }


def _control_words(language: str) -> dict[str, str]:
    word = words(language)
    return {"zoomIn": word["zoom_in"], "zoomOut": word["zoom_out"], "close": word["close"]}


def _controls(labels: list[str], language: str) -> str:
    """Draw the check boxes of the outlines and the buttons; a script shows and serves them."""
    word = words(language)
    boxes = "".join(
        f'<label><input type="checkbox" checked data-layer="{place}">{escape(label)}</label>'
        for place, label in enumerate(labels)
    )
    fields = f"<legend>{word['layers']}</legend>{boxes}"
    return (
        (f'<fieldset class="parcel-map-layers" hidden>{fields}</fieldset>' if labels else "")
        + '<div class="parcel-map-buttons" hidden>'
        f'<button type="button" data-do="fit">{word["fit"]}</button>'
        f'<button type="button" data-do="full">{word["full_screen"]}</button></div>'
    )


def _panel(drawn: str, side: str, caption: str, language: str) -> str:
    word = words(language)
    return (
        f'<section class="parcel-map" aria-label="{escape(caption)}">'
        f'<p class="parcel-map-caption">{escape(caption)}</p>'
        f'<div class="parcel-map-body"><noscript><p>{word["noscript"]}</p></noscript>'
        f'<div class="parcel-map-side">{side}</div><div>{drawn}</div></div>'
        f'<p class="parcel-map-note">{word["hint"]}</p></section>'
    )


def _csv(
    parcels: gpd.GeoDataFrame, classes: Classes, measure: Mapping[str, Any], language: str
) -> str:
    """Write the values behind the map, one parcel a line, with the class each is in."""
    word = words(language)
    texts = (*class_texts(classes, measure, language=language), word["missing"])
    numbers = classes.assigned.fillna(len(classes)).to_numpy(dtype=np.int64)
    header = [
        word["parcel_id"],
        word["township"],
        title_of(measure, language=language),
        word["class"],
    ]
    ids, townships = (_texts(parcels, column) for column in ("parcel_id", "township"))
    values = [_value(value) for value in classes.values]  # noqa: PD011 - not pandas' own
    return csv_of(header, zip(ids, townships, values, (texts[n] for n in numbers), strict=True))


def _texts(parcels: gpd.GeoDataFrame, column: str) -> list[str]:
    if column not in parcels:
        return [""] * len(parcels)
    return [
        as_text(text) for text in parcels[column].astype("str").where(parcels[column].notna(), "")
    ]


def _value(value: Any) -> str:
    if pd.isna(value):
        return ""
    return as_text(value) if isinstance(value, str) else plain(float(value))
