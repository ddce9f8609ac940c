"""A GeoJSON made sound before GDAL reads it: its encoding, its form, and no link to elsewhere."""

import json
import re
from dataclasses import dataclass
from typing import Any

from tenglong.source.file.encoding import utf8
from tenglong.source.file.raw import Wanted
from tenglong.source.problem import Problem, RefusedError, Spot

# Half a character, which an escape may bring in and no UTF-8 can hold, is none: it is told so.
HALF, NO_CHARACTER = re.compile("[\ud800-\udfff]"), "\ufffe"
HALF_ESCAPED = re.compile(rb"\\u[dD][89a-fA-F]")
FORMS = frozenset(
    {"FeatureCollection", "Feature", "GeometryCollection", "Point", "MultiPoint", "LineString"}
    | {"MultiLineString", "Polygon", "MultiPolygon"}
)


@dataclass(frozen=True)
class GeoJson:
    """A GeoJSON in UTF-8.

    Attributes
    ----------
    linked_crs
        Where the file says that its reference system is described; it is not looked up there.
    """

    content: bytes
    problems: tuple[Problem, ...] = ()
    linked_crs: str = ""


def sound_geojson(content: bytes, declared: str, spot: Spot, wanted: Wanted) -> GeoJson:
    """Bring a GeoJSON into UTF-8 and a form that GDAL reads from the file alone.

    Features without the collection around them (a bare array, or a top level without "type") are
    read, and that is told.

    Raises
    ------
    RefusedError
        With the place of a fault in the JSON, what it is that is no GeoJSON, or that it has more
        cells than it may.
    """
    text, problems = utf8(content, declared, spot)
    try:
        whole = json.loads(text)
    except json.JSONDecodeError as error:
        place = spot.problem("json_syntax", line=error.lineno, place=error.colno)
        raise RefusedError(place) from error
    except (RecursionError, ValueError) as error:
        raise RefusedError(spot.problem("not_geojson")) from error
    features = _bare(whole)
    listed = whole.get("features") if isinstance(whole, dict) else whole
    if isinstance(listed, list):
        wanted.sizes.hold_table(len(listed), len(_names(listed)), spot)
    if features is not None:
        collection = {"type": "FeatureCollection", "features": features}
        told = spot.problem("bare_features")
        return GeoJson(_dumped(collection), (*problems, told))
    if not isinstance(whole, dict) or whole.get("type") not in FORMS:
        raise RefusedError(_foreign(whole, spot))
    if whole["type"] == "FeatureCollection" and not isinstance(whole.get("features"), list):
        raise RefusedError(spot.problem("no_features"))
    if HALF_ESCAPED.search(text):
        text = _dumped(whole)
    if _calls_out(whole.get("crs")):
        link = " ".join(str(one) for one in _properties(whole.pop("crs")).values())
        return GeoJson(_dumped(whole), problems, link or "?")  # GDAL would fetch it
    return GeoJson(text, problems)


def _names(features: list[Any]) -> set[str]:
    """Give the names of all properties of some features."""
    held = (one.get("properties") for one in features if isinstance(one, dict))
    return {name for one in held if isinstance(one, dict) for name in one}


def _properties(crs: Any) -> dict[str, Any]:
    given = crs.get("properties")
    return given if isinstance(given, dict) else {}


def _dumped(whole: Any) -> bytes:
    return HALF.sub(NO_CHARACTER, json.dumps(whole, ensure_ascii=False)).encode()


def _bare(whole: Any) -> list[Any] | None:
    given = whole.get("features") if isinstance(whole, dict) and "type" not in whole else whole
    if isinstance(given, list) and given and all(_is_feature(one) for one in given):
        return given
    return None


def _is_feature(one: Any) -> bool:
    return isinstance(one, dict) and one.get("type") == "Feature"


def _foreign(whole: Any, spot: Spot) -> Problem:
    """Tell what a JSON is that is no GeoJSON."""
    if not isinstance(whole, dict):
        return spot.problem("not_geojson")
    if whole.get("type") == "Topology":
        return spot.problem("other_json", what="TopoJSON")
    if "geometryType" in whole or "spatialReference" in whole:
        return spot.problem("other_json", what="Esri JSON")
    return spot.problem("not_geojson")


def _calls_out(crs: Any) -> bool:
    """Tell whether a reference system is not named but lies elsewhere."""
    return isinstance(crs, dict) and str(crs.get("type", "")).lower() not in {"name", "epsg"}
