"""Read a file into a frame as it stands, by its ending."""

from collections.abc import Mapping
from pathlib import Path

from tenglong.source.delimited import read_delimited
from tenglong.source.layer import Layer, read_layer, read_parquet
from tenglong.source.problem import RefusedError, Spot
from tenglong.source.raw import Raw, Wanted, numbered, refused
from tenglong.source.schema import Table
from tenglong.source.sheet import read_sheet

TEXTS = {".csv", ".txt", ".tsv"}
SHEETS = {".xlsx", ".xls", ".xlsm", ".ods", ".xlsb"}
LAYERS = {".gpkg", ".geojson", ".json", ".shp", ".fgb", ".dbf"}


def read_raw(
    path: Path,
    *,
    name: str,
    sheet: str | None,
    layer: str | None,
    encoding: str,
    table: Table | None = None,
    extra: Mapping[str, str] | None = None,
) -> Raw:
    """Read a CSV, Excel, GeoPackage, GeoJSON, shapefile or (Geo)Parquet file.

    Parameters
    ----------
    path
        The file.
    name
        What messages call it: its path inside the bundle.
    table, extra
        The table that it should bring, and the headers that bundle.yml names (with their
        columns): the header is the row that has most of them. Without, it is the first row.

    Raises
    ------
    RefusedError
        If it is missing, of another format, or cannot be read as what it claims to be.
    """
    spot = Spot(name, table=table.name if table else "")
    wanted = Wanted(table, extra or {})
    if not path.is_file():
        raise RefusedError(spot.problem("no_file"))
    suffix = path.suffix.lower()
    if suffix in TEXTS:
        return read_delimited(path, spot, encoding, wanted)
    if suffix in SHEETS:
        return read_sheet(path, spot, sheet, wanted)
    if suffix in {".parquet", ".geoparquet"}:
        return _rows(read_parquet(path, spot), spot)
    if suffix in LAYERS:
        return _rows(read_layer(path, spot, layer, encoding), spot, layer or "")
    raise refused(spot, f"{suffix or 'no ending'} is not a format that is read here")


def _rows(layer: Layer, spot: Spot, name: str = "") -> Raw:
    broken = {place + 1: fault for place, fault in layer.faults.items()}
    frame = numbered(layer.frame, first=1)
    return Raw(frame, spot.file, name, problems=layer.problems, broken_shapes=broken)
