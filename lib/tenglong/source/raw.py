"""Read a file into a frame as it stands: its own headers, its own cells."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import pandas as pd
import python_calamine

from tenglong.source.encoding import decode
from tenglong.source.grid import HEAD, Layout, Range, lay_out
from tenglong.source.layer import Layer, read_layer, read_parquet
from tenglong.source.problem import Problem, RefusedError, Spot
from tenglong.source.schema import Table
from tenglong.source.workbook import Faults, formula_faults

SHEETS = {".xlsx", ".xls", ".xlsm", ".ods", ".xlsb"}
LAYERS = {".gpkg", ".geojson", ".json", ".shp", ".fgb", ".dbf"}
DELIMITERS = (",", "\t", ";")


@dataclass(frozen=True)
class Raw:
    """A file's cells; the frame's index is the row number that a person sees in the file.

    Attributes
    ----------
    units
        The units that a line `单位：…` above the header states.
    faults
        The formulas without a value, by row and header.
    is_sheet
        Whether people wrote it, with totals and remarks between the records.
    broken_shapes
        What was wrong with the bytes of outlines, by row; see `layer.Layer.faults`.
    """

    frame: pd.DataFrame
    file: str
    sheet: str = ""
    units: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    faults: Mapping[tuple[int, str], str] = field(default_factory=dict)
    is_sheet: bool = False
    broken_shapes: Mapping[int, str] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """The file, with its sheet where it has one."""
        return f"{self.file}[{self.sheet}]" if self.sheet else self.file


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
    if not path.is_file():
        raise RefusedError(spot.problem("no_file"))
    suffix = path.suffix.lower()
    if suffix in {".csv", ".txt", ".tsv"}:
        return _csv(path, spot, encoding, table, extra or {})
    if suffix in SHEETS:
        return _workbook(path, spot, sheet, table, extra or {})
    if suffix in {".parquet", ".geoparquet"}:
        return _rows(read_parquet(path, spot), spot)
    if suffix in LAYERS:
        return _rows(read_layer(path, spot, layer, encoding), spot, layer or "")
    reason = f"{suffix or 'no ending'} is not a format that is read here"
    raise RefusedError(spot.problem("bad_file", reason=reason))


def _rows(layer: Layer, spot: Spot, name: str = "") -> Raw:
    broken = {place + 1: fault for place, fault in layer.faults.items()}
    frame = _numbered(layer.frame, first=1)
    return Raw(frame, spot.file, name, problems=layer.problems, broken_shapes=broken)


def _numbered(frame: pd.DataFrame, *, first: int) -> pd.DataFrame:
    frame.index = pd.RangeIndex(first, first + len(frame), name="row")
    return frame


def _refused(spot: Spot, reason: object) -> RefusedError:
    return RefusedError(spot.problem("bad_file", reason=str(reason).strip().split("\n")[0]))


def _laid_out(
    rows: list[list[object]],
    table: Table | None,
    extra: Mapping[str, str],
    merged: list[Range],
    spot: Spot,
) -> Layout:
    if table is None:
        return Layout(0, tuple(str(cell) for cell in rows[0]), 1)
    return lay_out(rows, table, extra=extra, merged=merged, spot=spot)


def _csv(
    path: Path, spot: Spot, encoding: str, table: Table | None, extra: Mapping[str, str]
) -> Raw:
    text, problems = decode(path.read_bytes(), encoding, spot)
    if not text.strip():
        raise _refused(spot, "it is empty")
    if "\0" in text:
        raise _refused(spot, "it holds NUL bytes; is it UTF-16, or not a text?")
    try:
        delimiter, head = _head(text)
        layout = _laid_out(head, table, extra, [], spot)
        width = max(len(row) for row in head)
        frame = pd.read_csv(
            io.StringIO(text),
            sep=delimiter,
            header=None,
            names=range(width),
            dtype="str",
            keep_default_na=False,
            na_values=[""],
            skip_blank_lines=False,
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError, csv.Error) as error:
        raise _refused(spot, error) from error
    frame = _body(frame, layout)
    problems = (*problems, *_titles(head, layout, spot))
    return Raw(frame, spot.file, units=layout.units, problems=problems, is_sheet=True)


def _head(text: str) -> tuple[str, list[list[object]]]:
    """Split the first rows by the delimiter that gives most columns."""
    heads: dict[str, list[list[object]]] = {}
    for delimiter in DELIMITERS:
        lines = csv.reader(io.StringIO(text), delimiter=delimiter)
        heads[delimiter] = [list(row) for row in islice(lines, HEAD)]
    widths = {one: max(len(row) for row in head) for one, head in heads.items()}
    best = max(DELIMITERS, key=lambda one: widths[one])
    return best, heads[best]


def _body(frame: pd.DataFrame, layout: Layout) -> pd.DataFrame:
    """Name the columns, number the rows as a person sees them, and drop what is blank."""
    frame = _numbered(frame, first=1).iloc[layout.body :]
    names = [*layout.names, *[""] * (frame.shape[1] - len(layout.names))]
    frame.columns = pd.Index(names, dtype="object")
    first = frame.iloc[:, 0]
    blank = (first.isna() | (first == "")) if frame.dtypes.iloc[0] != "str" else first.isna()
    rows = frame.index[blank.to_numpy(dtype=bool)]
    empty = [row for row in rows if all(pd.isna(v) or not str(v).strip() for v in frame.loc[row])]
    return frame.drop(index=empty) if empty else frame


def _workbook(
    path: Path, spot: Spot, sheet: str | None, table: Table | None, extra: Mapping[str, str]
) -> Raw:
    try:
        book = python_calamine.CalamineWorkbook.from_path(path)
        names = book.sheet_names
        chosen = names[0] if sheet is None and names else sheet or ""
        if chosen not in names:
            raise _refused(spot, f"there is no sheet {chosen!r}; it has {', '.join(names)}")
        page = book.get_sheet_by_name(chosen)
        rows: list[list[object]] = [[*row] for row in page.to_python(skip_empty_area=False)]
        merged = list(page.merged_cell_ranges or ())
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        if isinstance(error, RefusedError):
            raise
        raise _refused(spot, f"cannot be read as a workbook: {error}") from error
    spot = Spot(spot.file, chosen, spot.table)
    if not any(str(cell).strip() for row in rows for cell in row):
        raise _refused(spot, "the sheet is empty")
    layout = _laid_out(rows[:HEAD], table, extra, merged, spot)
    frame = _body(pd.DataFrame(rows, dtype="object"), layout)
    problems = [*_titles(rows, layout, spot), *_merged(merged, layout, spot)]
    faults = _faults(formula_faults(path, chosen), layout)
    return Raw(frame, spot.file, chosen, layout.units, tuple(problems), faults, is_sheet=True)


def _titles(rows: list[list[object]], layout: Layout, spot: Spot) -> list[Problem]:
    told = []
    for number, row in enumerate(rows[: layout.first], start=1):
        words = " ".join(str(cell).strip() for cell in row if str(cell).strip())
        if words:
            told.append(spot.problem("title_row", row=number, value=words[:60]))
    return told


def _merged(merged: list[Range], layout: Layout, spot: Spot) -> list[Problem]:
    return [
        spot.problem(
            "merged_cells",
            row=top + 1,
            column=layout.names[left] if left < len(layout.names) else "",
            first=top + 1,
            last=bottom + 1,
        )
        for (top, left), (bottom, _) in sorted(merged)
        if top >= layout.body and bottom > top
    ]


def _faults(faults: Faults, layout: Layout) -> dict[tuple[int, str], str]:
    return {
        (row + 1, layout.names[column]): value
        for (row, column), value in faults.items()
        if row >= layout.body and column < len(layout.names)
    }
