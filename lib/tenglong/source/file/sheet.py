"""The sheets of a workbook: their cells, and what is merged or was never computed."""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from xml.etree import ElementTree as ET

import pandas as pd
import pyarrow as pa
import python_calamine

from tenglong.source.cell.strings import of_arrow
from tenglong.source.file.date_system import epoch_of
from tenglong.source.file.grid import HEAD, Layout, Range
from tenglong.source.file.kind import WORD, Kind, broken, not_read
from tenglong.source.file.raw import Raw, Wanted, around, named, numbered
from tenglong.source.file.rehearsal import hold_workbook
from tenglong.source.file.web_page import WebTable
from tenglong.source.problem import Problem, RefusedError, Spot

Cells = list[list[object]]
LOCKED = "EncryptedPackage".encode("utf-16-le")  # a stream of a workbook with a password
WORD_STREAM = "WordDocument".encode("utf-16-le")

MOST_BYTES = 300_000_000  # a sheet that unpacks to more is not looked through
CELL = re.compile(rb'<c r="([A-Z]+)(\d+)"([^>]*)>(.*?)</c>', re.DOTALL)
IS_ERROR = re.compile(rb'\bt="e"')
VALUE = re.compile(rb"<v>(.+?)</v>", re.DOTALL)
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

Faults = Mapping[tuple[int, int], str]


def formula_faults(content: bytes, sheet: str) -> Faults:
    """Give the cells (row and column from 0) whose formula failed or has no value.

    Returns
    -------
    Mapping
        The error that stands there (`#REF!`), or an empty text for a formula without a value.
        Empty for a file that is not an .xlsx.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            part = _part(book, sheet)
            if part is None or book.getinfo(part).file_size > MOST_BYTES:
                return {}
            xml = book.read(part)
    except (zipfile.BadZipFile, KeyError, ET.ParseError, OSError, EOFError, ValueError):
        return {}  # not an .xlsx, or one whose cells calamine could read nevertheless
    if b"<f" not in xml and b't="e"' not in xml:
        return {}
    faults: dict[tuple[int, int], str] = {}
    for letters, number, attributes, inner in CELL.findall(_without_empty(xml)):
        value = VALUE.search(inner)
        if IS_ERROR.search(attributes):
            faults[int(number) - 1, _column_of(letters)] = value[1].decode() if value else "#ERROR"
        elif b"<f" in inner and value is None and b't="str"' not in attributes:
            faults[int(number) - 1, _column_of(letters)] = ""
    return faults


def _without_empty(xml: bytes) -> bytes:
    return re.sub(rb"<c [^>]*/>", b"", xml)


def _column_of(letters: bytes) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + letter - 64
    return column - 1


def _part(book: zipfile.ZipFile, sheet: str) -> str | None:
    """Find the part of the package that holds a sheet."""
    relations = ET.fromstring(book.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 - expat of Python 3.11 limits entity expansion
    targets = {element.get("Id"): element.get("Target", "") for element in relations}
    for element in ET.fromstring(book.read("xl/workbook.xml")).iter():  # noqa: S314 - as above
        if element.tag.endswith("}sheet") and element.get("name") == sheet:
            target = targets.get(element.get(RELATION), "")
            return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    return None


@dataclass(frozen=True)
class Sheet:
    """The cells of a sheet from its first row and column, and its merged ranges.

    `is_filled`: a cell over several rows stands in each of them, as in a web page; in a workbook
    it stands in the first.
    """

    name: str
    rows: Cells
    merged: tuple[Range, ...] = ()
    is_filled: bool = False


@dataclass(frozen=True)
class LaidOut:
    """A sheet's records, and where they were found."""

    raw: Raw
    layout: Layout


def read_workbook(content: bytes, spot: Spot, sheet: str | None, wanted: Wanted) -> Raw:
    """Read a sheet of a workbook: the one that is named, or else the one that fits.

    Raises
    ------
    RefusedError
        If it is no workbook, locked or too large, has no such sheet, several fit, or the sheet is
        empty.
    """
    if LOCKED in content:
        raise RefusedError(spot.problem("locked_workbook"))
    hold_workbook(content, wanted.sizes, spot)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        seen = [one.name for one in book.sheets_metadata if _is_visible(one)]
        hidden = [name for name in book.sheet_names if name not in seen]
        names = book.sheet_names if sheet is not None else seen or hidden
        # Where a sheet is named the others are not looked into.
        sheets = [_sheet(book, name, is_read=sheet in {None, name}) for name in names]
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        if "password" in str(error).lower():
            raise RefusedError(spot.problem("locked_workbook")) from error
        if WORD_STREAM in content:
            raise not_read(WORD, spot) from error
        raise broken(Kind.WORKBOOK, spot) from error
    told = [spot.problem("hidden_sheet", names=hidden)] if hidden and seen else []
    raw = laid_out_of(sheets, sheet, wanted, spot)
    faults = _faults(formula_faults(content, raw.raw.sheet), raw.layout)
    problems = (*(told if sheet is None else []), *raw.raw.problems)
    return replace(raw.raw, faults=faults, problems=problems, epoch=epoch_of(content))


def read_page(tables: Sequence[WebTable], spot: Spot, sheet: str | None, wanted: Wanted) -> Raw:
    """Read a table of a web page: the one that is named by its number, or else the one that fits.

    Raises
    ------
    RefusedError
        If there is none, none of that name, several fit, or its header cannot be told.
    """
    if not tables:
        raise RefusedError(spot.problem("web_page"))
    sheets = [
        Sheet(f"第{number}张表" if len(tables) > 1 else "", one.rows, tuple(one.merged), True)
        for number, one in enumerate(tables, start=1)
    ]
    return laid_out_of(sheets, sheet, wanted, spot).raw


def laid_out_of(sheets: Sequence[Sheet], sheet: str | None, wanted: Wanted, spot: Spot) -> LaidOut:
    """Lay out the sheet that is named, or else the one that fits.

    Raises
    ------
    RefusedError
        If there is no such sheet, several fit, or it is empty.
    """
    chosen, problems = _chosen(sheets, sheet, wanted, spot)
    found = laid_out(chosen, Spot(spot.file, chosen.name, spot.table), wanted)
    return replace(found, raw=replace(found.raw, problems=(*problems, *found.raw.problems)))


def _chosen(
    sheets: Sequence[Sheet], sheet: str | None, wanted: Wanted, spot: Spot
) -> tuple[Sheet, list[Problem]]:
    told: list[Problem] = []
    if sheet is not None:
        named = [one for one in sheets if one.name == sheet]
        if not named:
            names = [one.name for one in sheets]
            raise RefusedError(spot.problem("no_sheet", sheet=sheet, names=names))
        return named[0], told
    if not sheets:
        raise RefusedError(spot.problem("empty_sheet"))
    fitting = [one for one in sheets if _fits(one, wanted, spot)] if len(sheets) > 1 else []
    if len(fitting) > 1:
        names = [one.name for one in fitting]
        raise RefusedError(spot.problem("several_sheets", names=names))
    chosen = fitting[0] if fitting else sheets[0]
    told = [spot.problem("sheet_chosen", sheet=chosen.name)] if len(sheets) > 1 else []
    return chosen, told


def _is_visible(about: Any) -> bool:
    is_page = about.typ == python_calamine.SheetTypeEnum.WorkSheet
    return bool(is_page) and about.visible == python_calamine.SheetVisibleEnum.Visible


def _sheet(book: python_calamine.CalamineWorkbook, name: str, *, is_read: bool) -> Sheet:
    if not is_read:
        return Sheet(name, [])
    page = book.get_sheet_by_name(name)
    rows: Cells = [[*row] for row in page.to_python(skip_empty_area=False)]
    return Sheet(name, rows, tuple(page.merged_cell_ranges or ()))


def _fits(sheet: Sheet, wanted: Wanted, spot: Spot) -> bool:
    """Tell whether a sheet has every column that the table needs."""
    if not sheet.rows:
        return False
    try:
        return wanted.fits(wanted.layout(sheet.rows[:HEAD], sheet.merged, spot).names)
    except RefusedError:
        return False


def laid_out(sheet: Sheet, spot: Spot, wanted: Wanted) -> LaidOut:
    """Find a sheet's header, and give what stands below it.

    Raises
    ------
    RefusedError
        If it is empty, or its header cannot be told.
    """
    rows = sheet.rows
    if not any(str(cell).strip() for row in rows for cell in row):
        raise RefusedError(spot.problem("empty_sheet"))
    layout = wanted.layout(rows[:HEAD], sheet.merged, spot)
    frame = _frame(rows[layout.body :], len(rows[0]))
    frame = named(numbered(frame, first=layout.body + 1), layout)
    problems = (*around(rows, layout, spot), *_merged(sheet, layout, spot))
    raw = Raw(frame, spot.file, spot.sheet, layout.units, problems, is_sheet=True)
    return LaidOut(raw, layout)


def _frame(rows: Cells, width: int) -> pd.DataFrame:
    columns = zip(*rows, strict=True) if rows else [()] * width
    return pd.DataFrame({place: _column(cells) for place, cells in enumerate(columns)})


def _column(cells: tuple[object, ...]) -> pd.Series:
    """Give cells of one kind, text or numbers, as a column of that kind, others as they are."""
    known = [None if cell == "" else cell for cell in cells]
    try:
        array = pa.array(known)
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
        return pd.Series(known, dtype="object")
    if pa.types.is_string(array.type):
        return of_arrow(array)
    if pa.types.is_floating(array.type):
        return pd.Series(array.to_numpy(zero_copy_only=False))
    return pd.Series(known, dtype="object")


def _merged(sheet: Sheet, layout: Layout, spot: Spot) -> list[Problem]:
    """Tell of the cells over several records; of a web page's, once a column."""
    told: dict[tuple[int, int], Problem] = {}
    for (top, left), (bottom, _) in sorted(sheet.merged):
        if top >= layout.body and bottom > top:
            said: dict[str, Any] = {"row": top + 1, "first": top + 1, "last": bottom + 1}
            said["column"] = layout.names[left] if left < len(layout.names) else ""
            code = "shared_cells" if sheet.is_filled else "merged_cells"
            where = (0, left) if sheet.is_filled else (top, left)
            told.setdefault(where, spot.problem(code, **said))
    return list(told.values())


def _faults(faults: Faults, layout: Layout) -> dict[tuple[int, int], str]:
    return {
        (row + 1, column): value
        for (row, column), value in faults.items()
        if row >= layout.body and column < len(layout.names)
    }
