"""KML and KMZ: placemarks with their data, in WGS 84; what they link to is not fetched."""

from collections.abc import Iterator
from xml.etree import ElementTree as ET

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from tenglong.source.file.kind import Kind
from tenglong.source.file.layer import Layer
from tenglong.source.file.raw import Wanted
from tenglong.source.file.size import Tally
from tenglong.source.file.web_page import tables_of
from tenglong.source.file.xml_text import xml_of
from tenglong.source.problem import RefusedError, Spot

WGS84 = "EPSG:4326"
PAIR = 2


def read_kml(content: bytes, declared: str, spot: Spot, layer: str | None, wanted: Wanted) -> Layer:
    """Read the placemarks of a KML, of one folder where `layer` names it.

    Raises
    ------
    RefusedError
        If it is no XML, has no such folder, or more cells than it may.
    """
    whole, problems = xml_of(content, declared, spot, Kind.KML, wanted.sizes)
    folders = [one for one in whole.iter() if _tag(one) in {"Folder", "Document"}]
    names = [_child(one, "name") for one in folders]
    if layer is not None and names.count(layer) != 1:
        listed = [name for name in names if name]
        raise RefusedError(spot.problem("no_layer_named", layer=layer, names=listed))
    root = folders[names.index(layer)] if layer is not None else whole
    told = [*problems]
    if any(_tag(one) == "NetworkLink" for one in root.iter()):
        told.append(spot.problem("kml_link"))
    placemarks = [one for one in root.iter() if _tag(one) == "Placemark"]
    tally = Tally(wanted.sizes, spot)
    rows = [_data(one, tally) for one in placemarks]
    shapes = np.empty(len(rows), dtype=object)
    faults: dict[int, str] = {}
    for place, placemark in enumerate(placemarks):
        shapes[place], fault = _shape(placemark)
        if fault:
            faults[place] = fault
    headers = list(dict.fromkeys(header for row in rows for header in row))
    wanted.sizes.hold_table(len(rows), len(headers), spot)
    columns = {one: pd.Series([row.get(one) for row in rows], dtype="str") for one in headers}
    frame = pd.DataFrame(columns, index=range(len(rows)))
    located = gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(shapes, crs=WGS84))
    return Layer(located, faults, tuple(told), name=layer or "")


def _tag(element: ET.Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _child(element: ET.Element, tag: str) -> str:
    return next(((one.text or "").strip() for one in element if _tag(one) == tag), "")


def _data(placemark: ET.Element, tally: Tally) -> dict[str, str]:
    """Give a placemark's data; ArcGIS puts them as a table of two columns into the description."""
    data = {}
    tables = tables_of(_child(placemark, "description"), tally)
    for row in (row for table in tables for row in table.rows):
        cells = [str(cell) for cell in row if str(cell)]
        if len(cells) == PAIR:
            data[cells[0]] = cells[1]
    for one in placemark.iter():
        if _tag(one) == "SimpleData":
            data[one.get("name", "")] = (one.text or "").strip()
        elif _tag(one) == "Data":
            data[one.get("name", "")] = _child(one, "value")
    named = _child(placemark, "name")
    own = {"name": named} if named and "name" not in data else {}
    return {header: cell for header, cell in {**own, **data}.items() if header and cell}


def _shape(placemark: ET.Element) -> tuple[shapely.Geometry | None, str]:
    """Give a placemark's polygons, else its points and lines; with what was wrong with them."""
    try:
        polygons, is_open = [], False
        for polygon in placemark.iter():
            if _tag(polygon) == "Polygon":
                rings = list(_rings(polygon))
                is_open |= any(ring[0] != ring[-1] for ring in rings)
                polygons.append(shapely.Polygon(rings[0], rings[1:]))
        if polygons:
            whole = polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)
            return whole, "unclosed" if is_open else ""
        others = [_places(one) for one in placemark.iter() if _tag(one) == "coordinates"]
        shapes = [
            shapely.Point(one) if len(one) == 1 else shapely.LineString(one) for one in others
        ]
    except (ValueError, IndexError, shapely.errors.ShapelyError):
        return None, "unreadable"
    return (shapes[0] if len(shapes) == 1 else shapely.GeometryCollection(shapes)), ""


def _rings(polygon: ET.Element) -> Iterator[list[tuple[float, float]]]:
    """Give a polygon's rings, the outer one first."""
    for tag in ("outerBoundaryIs", "innerBoundaryIs"):
        for boundary in polygon:
            if _tag(boundary) == tag:
                for one in boundary.iter():
                    if _tag(one) == "coordinates":
                        yield _places(one)


def _places(coordinates: ET.Element) -> list[tuple[float, float]]:
    words = (coordinates.text or "").split()
    places = [tuple(float(part) for part in word.split(",")[:PAIR]) for word in words]
    return [(x, y) for x, y in places]
