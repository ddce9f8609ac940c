"""Read a layer as it stands: attributes, reference system, and outlines even where broken."""

import json
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import pyproj
import shapely
from numpy.typing import NDArray

from tenglong.source.file.encoding import AUTO, decode, is_utf8, utf8
from tenglong.source.file.raw import refused
from tenglong.source.problem import Problem, Spot

Shapes = NDArray[np.object_]
TEXTS = {".geojson", ".json"}
BROKEN_PARQUET = (ValueError, pa.ArrowException, OSError, KeyError, TypeError, AttributeError)


@dataclass(frozen=True)
class Layer:
    """A layer's rows, in the order of the file.

    Attributes
    ----------
    frame
        With the outlines in `geometry`, None where there is none or it cannot be read.
    faults
        What was wrong with the bytes of an outline, by the place of its row (0, 1 …):
        `unclosed` (a ring whose end is not its start; it was closed) or `unreadable`.
    """

    frame: pd.DataFrame
    faults: Mapping[int, str]
    problems: tuple[Problem, ...] = ()


def read_layer(path: Path, spot: Spot, layer: str | None, encoding: str) -> Layer:
    """Read a GeoPackage, GeoJSON, FlatGeobuf, shapefile or DBF.

    Raises
    ------
    RefusedError
        If it cannot be read as such.
    """
    given, found, problems = _given(path, encoding, spot)
    options: dict[str, Any] = {"layer": layer} | ({"encoding": found} if found else {})
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # GDAL's own remarks on odd rings
            frame = gpd.read_file(given, on_invalid="ignore", use_arrow=True, **options)
            if isinstance(frame, gpd.GeoDataFrame) and frame.geometry.isna().any():
                cells = pyogrio.raw.read(given, columns=[], **options)[2]
                shapes, faults = _shapes(cells, frame.crs)
                return Layer(frame.set_geometry(shapes), faults, problems)
    except (
        pyogrio.errors.DataSourceError,
        pyogrio.errors.DataLayerError,
        shapely.errors.ShapelyError,
        UnicodeDecodeError,
        ValueError,
    ) as error:
        raise refused(spot, f"cannot be read as a layer: {error}") from error
    return Layer(frame, {}, problems)


def read_parquet(path: Path, spot: Spot) -> Layer:
    """Read a Parquet file, with or without outlines (GeoParquet).

    Raises
    ------
    RefusedError
        If it cannot be read as such.
    """
    try:
        about = json.loads((pq.read_schema(path).metadata or {}).get(b"geo", b"{}"))
        if not about:
            return Layer(pd.read_parquet(path), {})
        name = about["primary_column"]
        if about["columns"][name].get("encoding", "WKB") != "WKB":
            return Layer(gpd.read_parquet(path).rename_geometry("geometry"), {})
        frame = pd.read_parquet(path)
        cells = frame[name].to_numpy(dtype="object")
        crs = about["columns"][name].get("crs", "OGC:CRS84")  # absent, it is this by the standard
        shapes, faults = _shapes(cells, _crs(crs))
    except (*BROKEN_PARQUET, pyproj.exceptions.CRSError) as error:
        raise refused(spot, f"cannot be read as Parquet: {error}") from error
    rest = frame.drop(columns=name)
    return Layer(gpd.GeoDataFrame(rest, geometry=shapes), faults)


def _shapes(cells: Shapes, crs: pyproj.CRS | None) -> tuple[gpd.GeoSeries, dict[int, str]]:
    """Decode outlines, and tell what was wrong with their bytes.

    A ring that is not closed is closed, and what cannot be read is None; few are, and only those
    are looked at twice.
    """
    shapes = shapely.from_wkb(cells, on_invalid="ignore")
    suspects = np.flatnonzero(pd.notna(cells) & shapely.is_missing(shapes))
    mended = shapely.from_wkb(cells[suspects], on_invalid="fix")
    shapes[suspects] = mended
    faults = {
        int(place): "unreadable" if shape is None else "unclosed"
        for place, shape in zip(suspects, mended, strict=True)
    }
    return gpd.GeoSeries(shapes, crs=crs), faults


def _crs(stated: Any) -> pyproj.CRS | None:
    if isinstance(stated, dict):
        return pyproj.CRS.from_json_dict(stated)
    return None if stated is None else pyproj.CRS.from_user_input(stated)


def _given(
    path: Path, declared: str, spot: Spot
) -> tuple[Path | bytes, str | None, tuple[Problem, ...]]:
    """Give what GDAL is to read: the file, or a GeoJSON that is not in UTF-8 brought into it."""
    if path.suffix.lower() not in TEXTS:
        return path, *_attribute_encoding(path, declared, spot)
    content = path.read_bytes()
    if declared == AUTO and is_utf8(content):
        return path, None, ()
    text, problems = utf8(content, declared, spot)
    return text, None, problems


def _attribute_encoding(
    path: Path, declared: str, spot: Spot
) -> tuple[str | None, tuple[Problem, ...]]:
    """Find the encoding of a DBF that does not say it: without a .cpg, GDAL takes Latin-1."""
    attributes = path.with_suffix(".dbf")
    if path.suffix.lower() not in {".shp", ".dbf"} or not attributes.is_file():
        return None, ()
    if declared == AUTO and path.with_suffix(".cpg").is_file():
        return None, ()
    text, problems = decode(attributes.read_bytes()[32:], declared, spot)
    del text
    if declared != AUTO:
        return declared, problems
    return ("gb18030" if problems else "utf-8"), problems
