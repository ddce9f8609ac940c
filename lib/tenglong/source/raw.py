"""Read a file into a frame as it stands: its own headers, its own cells."""

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import python_calamine

from tenglong.errors import DataError

SHEETS = {".xlsx", ".xls", ".xlsm", ".ods", ".xlsb"}
LAYERS = {".gpkg", ".geojson", ".json", ".shp", ".fgb"}


@dataclass(frozen=True)
class Raw:
    """A file's cells; the frame's index is the row number that a person sees in the file."""

    frame: pd.DataFrame
    file: str
    sheet: str = ""

    @property
    def place(self) -> str:
        """The file, with its sheet where it has one."""
        return f"{self.file}[{self.sheet}]" if self.sheet else self.file


def read_raw(path: Path, *, name: str, sheet: str | None, layer: str | None, encoding: str) -> Raw:
    """Read a CSV, Excel, GeoPackage, GeoJSON or (Geo)Parquet file.

    Parameters
    ----------
    path
        The file.
    name
        What messages call it: its path inside the bundle.

    Raises
    ------
    DataError
        If it is missing, of another format, or cannot be read as what it claims to be.
    """
    if not path.is_file():
        raise DataError(f"{name}: there is no such file")
    suffix = path.suffix.lower()
    if suffix in {".csv", ".txt"}:
        return Raw(_csv(path, name, encoding), name)
    if suffix in SHEETS:
        return _workbook(path, name, sheet)
    if suffix in {".parquet", ".geoparquet"}:
        return Raw(_numbered(_parquet(path, name), first=1), name)
    if suffix in LAYERS:
        return Raw(_numbered(_layer(path, name, layer), first=1), name, layer or "")
    raise DataError(f"{name}: {suffix or 'no ending'} is not a format that is read here")


def _numbered(frame: pd.DataFrame, *, first: int) -> pd.DataFrame:
    frame.index = pd.RangeIndex(first, first + len(frame), name="row")
    return frame


def _csv(path: Path, name: str, encoding: str) -> pd.DataFrame:
    try:
        frame = pd.read_csv(path, dtype="str", keep_default_na=False, encoding=encoding)
    except UnicodeDecodeError as error:
        raise DataError(
            f"{name}: byte {error.start} is not {encoding}; name the encoding in bundle.yml"
        ) from error
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise DataError(f"{name}: {str(error).splitlines()[0]}") from error
    return _numbered(frame, first=2)


def _workbook(path: Path, name: str, sheet: str | None) -> Raw:
    try:
        book = python_calamine.CalamineWorkbook.from_path(path)
    except python_calamine.CalamineError as error:
        raise DataError(f"{name}: cannot be read as a workbook: {error}") from error
    names = book.sheet_names
    chosen = names[0] if sheet is None else sheet
    if chosen not in names:
        raise DataError(f"{name}: there is no sheet {chosen!r}; it has {', '.join(names)}")
    rows = book.get_sheet_by_name(chosen).to_python(skip_empty_area=False)
    if not rows:
        raise DataError(f"{name}: sheet {chosen!r} is empty")
    header, *cells = rows
    frame = pd.DataFrame(cells, columns=pd.Index([str(cell) for cell in header]), dtype="object")
    return Raw(_numbered(frame, first=2), name, chosen)


def _parquet(path: Path, name: str) -> pd.DataFrame:
    try:
        frame: pd.DataFrame = gpd.read_parquet(path)
    except ValueError as error:
        if "geo metadata" in str(error).lower():
            return pd.read_parquet(path)
        raise DataError(f"{name}: cannot be read as Parquet: {error}") from error
    return frame


def _layer(path: Path, name: str, layer: str | None) -> gpd.GeoDataFrame:
    try:
        return gpd.read_file(path, layer=layer)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise DataError(f"{name}: cannot be read as a layer: {error}") from error
