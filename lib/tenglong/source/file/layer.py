"""Read a layer as it stands: attributes, reference system, and outlines even where broken."""

import json
import sqlite3
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import pyproj

from tenglong.errors import TenglongError
from tenglong.source.file.archive import packed
from tenglong.source.file.attributes import texts_of, whole_names
from tenglong.source.file.encoding import AUTO
from tenglong.source.file.gdal import hold_gdal
from tenglong.source.file.kind import Kind, broken
from tenglong.source.file.raw import Wanted
from tenglong.source.file.shape import Shapes, are_curved, shapes_of
from tenglong.source.file.views import hold_views
from tenglong.source.problem import Problem, RefusedError, Spot

BYTES = "ISO-8859-1"  # one character a byte: GDAL leaves the bytes of a DBF as they are
UNREADABLE = (
    pyogrio.errors.DataSourceError,
    pyogrio.errors.DataLayerError,
    pyogrio.errors.FeatureError,
    pyogrio.errors.FieldError,
    pyogrio.errors.GeometryError,
    pa.ArrowException,
    OSError,
    ValueError,
    IndexError,
    RuntimeError,
    sqlite3.DatabaseError,
)
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
        `unclosed` (a ring whose end is not its start; it was closed), `unreadable`, or `curved`
        (its arcs were straightened).
    name
        Of the layer, where the file has several.
    unknown_crs
        What the file states as its reference system, where that cannot be read.
    """

    frame: pd.DataFrame
    faults: Mapping[int, str]
    problems: tuple[Problem, ...] = ()
    name: str = ""
    unknown_crs: str = ""


def read_layer(
    source: Path | bytes, kind: Kind, spot: Spot, layer: str | None, wanted: Wanted
) -> Layer:
    """Read a GeoPackage, GeoJSON, FlatGeobuf or a file geodatabase, by its path or its bytes.

    Raises
    ------
    RefusedError
        If it cannot be read as such, has no such layer, several would do, or it has more cells
        than it may.
    """
    with _read_as(kind, spot):
        if kind is Kind.GEOPACKAGE and isinstance(source, Path):
            hold_views(source, wanted.sizes, spot)
        name, problems = _chosen(source, layer, wanted, spot)
        read = _read(source, spot, wanted, layer=name)
    shown = name if layer or problems else None
    return replace(read, problems=(*problems, *read.problems), name=shown or "")


def read_shapefile(
    parts: Mapping[str, bytes], spot: Spot, declared: str, wanted: Wanted, kind: Kind
) -> Layer:
    """Read a shapefile or a bare DBF from its parts, by ending.

    Raises
    ------
    RefusedError
        If a part is missing or damaged, its texts are likely Big5, or it has more cells than it
        may.
    """
    missing = [one for one in (".shp", ".shx", ".dbf") if one not in parts]
    if missing and kind is not Kind.DBF:
        raise RefusedError(spot.problem("shapefile_part", parts=missing))
    stated = parts.get(".cpg", b"").decode("ascii", errors="replace").strip()
    own = {ending: content for ending, content in parts.items() if ending != ".cpg"}
    options = {"stated": stated, "declared": declared, "encoding": BYTES}
    with _read_as(kind, spot):
        try:
            read = _read(packed(own), spot, wanted, **options)
        except pyogrio.errors.CRSError:
            del own[".prj"]
            read = _read(packed(own), spot, wanted, **options)
    if getattr(read.frame, "crs", None) is None:
        text = parts.get(".prj", b"").decode("utf-8", errors="replace")
        read = replace(read, unknown_crs=" ".join(text.split()))
    names, told = whole_names([str(name) for name in read.frame.columns], wanted, spot)
    read.frame.columns = pd.Index(names)
    return replace(read, problems=(*read.problems, *told))


@contextmanager
def _read_as(kind: Kind, spot: Spot) -> Iterator[None]:
    """Refuse what GDAL cannot read, without its words and its remarks."""
    hold_gdal()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except UNREADABLE as error:
        if isinstance(error, TenglongError):
            raise
        raise broken(kind, spot) from error


def _chosen(
    source: Path | bytes, layer: str | None, wanted: Wanted, spot: Spot
) -> tuple[str | None, list[Problem]]:
    """Give the layer that is named, or else the only one that would do."""
    found = [(str(name), kind) for name, kind in pyogrio.list_layers(source)]
    names = [name for name, _ in found]
    if layer is not None:
        if layer not in names:
            listed = list(names)
            raise RefusedError(spot.problem("no_layer_named", layer=layer, names=listed))
        return layer, []
    if wanted.table is not None and wanted.table.has_geometry:
        names = [name for name, kind in found if kind is not None] or names
    if len(names) < 2:  # noqa: PLR2004 - no choice
        return (names[0] if names and len(found) > 1 else None), []
    headers = {name: _fields(source, name) for name in names}
    fitting = [name for name in names if wanted.fits(headers[name])]
    if len(fitting) != 1:
        listed = list(fitting or names)
        raise RefusedError(spot.problem("several_layers", names=listed))
    return fitting[0], [spot.problem("layer_chosen", layer=fitting[0])]


def _fields(source: Path | bytes, layer: str) -> Sequence[str]:
    """Give the names of a layer's fields, without counting its rows."""
    with pyogrio.open_arrow(source, layer=layer, use_pyarrow=True) as (meta, _):
        names: Sequence[str] = meta["fields"]
        return names


def _read(
    source: Path | bytes,
    spot: Spot,
    wanted: Wanted,
    *,
    stated: str = "utf-8",
    declared: str = AUTO,
    **options: Any,
) -> Layer:
    meta, table = _arrow(source, spot, wanted, options)
    geometry = meta["geometry_name"] or "wkb_geometry"
    attributes = [name for name in table.column_names if name != geometry]
    is_spatial = meta["geometry_type"] is not None and geometry in table.column_names
    frame, problems = _frame(
        table.select(attributes), spot, stated, declared, is_bytes="encoding" in options
    )
    if not is_spatial:
        return Layer(frame, {}, problems)
    cells: Shapes = table.column(geometry).to_numpy().copy()
    curved = np.flatnonzero(are_curved(cells))
    if len(curved):  # GDAL draws arcs as lines of 4 degrees, but not for Arrow
        straight = pyogrio.raw.read(source, columns=[], **options)[2]
        cells[curved] = straight[curved]
    shapes, faults = shapes_of(cells)
    arcs = {int(place): "unreadable" if shapes[place] is None else "curved" for place in curved}
    crs, unknown = _system(meta["crs"])
    located = gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(shapes, crs=crs))
    return Layer(located, arcs | faults, problems, unknown_crs=unknown)


def _arrow(
    source: Path | bytes, spot: Spot, wanted: Wanted, options: Mapping[str, Any]
) -> tuple[dict[str, Any], pa.Table]:
    """Give what a layer says of itself, and its rows, no more of them than may be let in."""
    # As texts moments keep the zone that they state, or have none; Arrow calls all of them UTC.
    with pyogrio.open_arrow(source, datetime_as_string=True, use_pyarrow=True, **options) as (
        meta,
        reader,
    ):
        batches: list[pa.RecordBatch] = []
        rows = 0
        for batch in reader:
            batches.append(batch)
            rows += batch.num_rows
            wanted.sizes.hold_table(rows, batch.num_columns, spot)
        return meta, pa.Table.from_batches(batches, reader.schema)


def _system(stated: Any) -> tuple[pyproj.CRS | None, str]:
    """Give the reference system that a file states, or else the text that cannot be read."""
    if stated is None:
        return None, ""
    try:
        is_json = isinstance(stated, dict)
        read = pyproj.CRS.from_json_dict if is_json else pyproj.CRS.from_user_input
        return read(stated), ""
    except pyproj.exceptions.CRSError:
        return None, str(stated.get("name", stated) if isinstance(stated, dict) else stated)


def _frame(
    table: pa.Table, spot: Spot, stated: str, declared: str, *, is_bytes: bool
) -> tuple[pd.DataFrame, tuple[Problem, ...]]:
    """Give the attributes; texts that are not in the encoding stated are read by their bytes."""
    if not is_bytes and _is_utf8(table):
        return table.to_pandas(), ()
    places = [place for place, field in enumerate(table.schema) if _is_text(field.type)]
    columns = {place: _bytes(table.column(place), is_bytes=is_bytes) for place in places}
    names = [name.encode(BYTES if is_bytes else "utf-8") for name in table.column_names]
    read = texts_of(names, columns, stated, declared, spot)
    rest = table.select([place for place in range(table.num_columns) if place not in places])
    frame = rest.to_pandas()
    for place, cells in read.columns.items():
        frame.insert(place, read.names[place], pd.Series(cells, dtype="str"), allow_duplicates=True)
    frame.columns = pd.Index(read.names)
    return frame, read.problems


def _is_utf8(table: pa.Table) -> bool:
    try:
        table.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _bytes(column: pa.ChunkedArray, *, is_bytes: bool) -> list[bytes | None]:
    if is_bytes:
        return [None if cell is None else cell.encode(BYTES) for cell in column.to_pylist()]
    cells: list[bytes | None] = column.cast(pa.large_binary()).to_pylist()
    return cells


def read_parquet(path: Path, spot: Spot, wanted: Wanted) -> Layer:
    """Read a Parquet file, with or without outlines (GeoParquet).

    Raises
    ------
    RefusedError
        If it cannot be read as such, or has more cells than it may.
    """
    try:
        held = pq.read_metadata(path)
        groups = [held.row_group(number) for number in range(held.num_row_groups)]
        wanted.sizes.hold_unpacked(sum(group.total_byte_size for group in groups), spot)
        wanted.sizes.hold_table(held.num_rows, held.num_columns, spot)
        about = json.loads((held.metadata or {}).get(b"geo", b"{}"))
        if not about:
            return Layer(pd.read_parquet(path), {})
        name = about["primary_column"]
        if about["columns"][name].get("encoding", "WKB") != "WKB":
            return Layer(gpd.read_parquet(path).rename_geometry("geometry"), {})
        frame = pd.read_parquet(path)
        cells = frame[name].to_numpy(dtype="object")
        crs = about["columns"][name].get("crs", "OGC:CRS84")  # absent, it is this by the standard
        shapes, faults = shapes_of(cells)
    except BROKEN_PARQUET as error:
        if isinstance(error, TenglongError):
            raise
        raise broken(Kind.PARQUET, spot) from error
    system, unknown = _system(crs)
    located = gpd.GeoSeries(shapes, crs=system)
    whole = gpd.GeoDataFrame(frame.drop(columns=name), geometry=located)
    return Layer(whole, faults, unknown_crs=unknown)
