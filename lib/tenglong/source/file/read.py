"""Read a file into a frame as it stands, by its ending."""

from dataclasses import replace
from pathlib import Path

from tenglong.source.file.delimited import read_delimited
from tenglong.source.file.encoding import decode
from tenglong.source.file.layer import Layer, read_layer, read_parquet
from tenglong.source.file.raw import Raw, Wanted, numbered, refused
from tenglong.source.file.sheet import read_page, read_workbook
from tenglong.source.file.web_page import is_web_page, tables_of
from tenglong.source.problem import RefusedError, Spot

TEXTS = {".csv", ".txt", ".tsv"}
SHEETS = {".xlsx", ".xls", ".xlsm", ".ods", ".xlsb"}
WORKBOOKS = (
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
)  # a zip (.xlsx), an OLE file (.xls)
HEAD_BYTES = 4_000
LAYERS = {".gpkg", ".geojson", ".json", ".shp", ".fgb", ".dbf"}


def read_raw(
    path: Path,
    *,
    name: str,
    sheet: str | None,
    layer: str | None,
    encoding: str,
    wanted: Wanted,
) -> Raw:
    """Read a CSV, Excel, GeoPackage, GeoJSON, shapefile or (Geo)Parquet file.

    Parameters
    ----------
    path
        The file.
    name
        What messages call it: its path inside the bundle.
    wanted
        The table that it should bring, and what bundle.yml says of its columns: the header is
        the row that has most of them.

    Raises
    ------
    RefusedError
        If it is missing, of another format, or cannot be read as what it claims to be.
    """
    spot = Spot(name, table=wanted.table.name if wanted.table else "")
    if not path.is_file():
        raise RefusedError(spot.problem("no_file"))
    suffix = path.suffix.lower()
    if suffix in TEXTS | SHEETS:
        return _rows_of_cells(path, spot, sheet, encoding, wanted)
    if suffix in {".parquet", ".geoparquet"}:
        return _rows(read_parquet(path, spot), spot)
    if suffix in LAYERS:
        return _rows(read_layer(path, spot, layer, encoding), spot, layer or "")
    raise refused(spot, f"{suffix or 'no ending'} is not a format that is read here")


def _rows_of_cells(path: Path, spot: Spot, sheet: str | None, encoding: str, wanted: Wanted) -> Raw:
    """Read a workbook, a web page or a text by what it is, whatever it is called."""
    content, ending = path.read_bytes(), path.suffix.lower()
    if content.startswith(WORKBOOKS):
        raw = read_workbook(content, spot, sheet, wanted)
        return raw if ending in SHEETS else _told(raw, spot, ending, "工作簿", "a workbook")
    if is_web_page(content[:HEAD_BYTES]):
        page, problems = decode(content, encoding, spot)
        raw = read_page(tables_of(page), spot, sheet, wanted)
        raw = replace(raw, problems=(*problems, *raw.problems))
        return _told(raw, spot, ending, "网页（HTML）", "a web page (HTML)")
    raw = read_delimited(content, spot, encoding, wanted)
    return raw if ending in TEXTS else _told(raw, spot, ending, "文本", "a text")


def _told(raw: Raw, spot: Spot, ending: str, what_zh: str, what: str) -> Raw:
    note = spot.problem("other_format", ending=ending, what=what, what_zh=what_zh)
    return replace(raw, problems=(note, *raw.problems))


def _rows(layer: Layer, spot: Spot, name: str = "") -> Raw:
    broken = {place + 1: fault for place, fault in layer.faults.items()}
    frame = numbered(layer.frame, first=1)
    return Raw(frame, spot.file, name, problems=layer.problems, broken_shapes=broken)
