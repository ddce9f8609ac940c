"""XML tables of Excel 2003 (SpreadsheetML), which exporting systems name .xls."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from xml.etree import ElementTree as ET

from tenglong.source.file.grid import Range
from tenglong.source.file.kind import Kind
from tenglong.source.file.raw import Raw, Wanted
from tenglong.source.file.sheet import Cells, Sheet, laid_out_of
from tenglong.source.file.xml_text import xml_of
from tenglong.source.problem import Spot

SPACE = "{urn:schemas-microsoft-com:office:spreadsheet}"
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384  # of Excel; an index beyond is a fault of the file


def read_xml_sheet(
    content: bytes, spot: Spot, sheet: str | None, encoding: str, wanted: Wanted
) -> Raw:
    """Read a sheet of an XML table: the one that is named, or else the one that fits.

    Raises
    ------
    RefusedError
        If it is not well formed, has no such sheet, several fit, or the sheet is empty.
    """
    book, problems = xml_of(content, encoding, spot, Kind.XML_SHEET, wanted.sizes)
    sheets = [_sheet(one, wanted, spot) for one in book.iter(f"{SPACE}Worksheet")]
    raw = laid_out_of(sheets, sheet, wanted, spot).raw
    return replace(raw, problems=(*problems, *raw.problems))


def _sheet(worksheet: ET.Element, wanted: Wanted, spot: Spot) -> Sheet:
    rows: dict[int, dict[int, object]] = {}
    merged: list[Range] = []
    for number, row in _placed(worksheet.iter(f"{SPACE}Row"), MOST_ROWS):
        cells = rows.setdefault(number, {})
        for place, cell in _placed(row.iter(f"{SPACE}Cell"), MOST_COLUMNS, spans="MergeAcross"):
            cells[place] = _value(cell)
            across, down = _count(cell, "MergeAcross"), _count(cell, "MergeDown")
            if across or down:
                merged.append(((number, place), (number + down, place + across)))
    width = max((max(cells, default=-1) + 1 for cells in rows.values()), default=0)
    height = max(rows, default=-1) + 1
    wanted.sizes.hold_table(height, width, spot)
    table: Cells = [
        [rows.get(number, {}).get(place, "") for place in range(width)] for number in range(height)
    ]
    return Sheet(worksheet.get(f"{SPACE}Name", ""), table, tuple(merged))


def _placed(
    elements: Iterator[ET.Element], most: int, spans: str = ""
) -> Iterator[tuple[int, ET.Element]]:
    """Give rows or cells with their place from 0: blank ones are skipped by an index."""
    place = 0
    for element in elements:
        index = _count(element, "Index")
        place = index - 1 if index else place
        if place >= most:
            return
        yield place, element
        place += 1 + (_count(element, spans) if spans else 0)


def _count(element: ET.Element, name: str) -> int:
    text = element.get(f"{SPACE}{name}", "")
    return int(text) if text.isascii() and text.isdecimal() else 0


def _value(cell: ET.Element) -> object:
    data = cell.find(f"{SPACE}Data")
    if data is None:
        return ""
    text = "".join(data.itertext())
    try:
        match data.get(f"{SPACE}Type"):
            case "Number":
                return float(text)
            case "DateTime":
                return datetime.fromisoformat(text)
            case "Boolean":
                return text.strip() == "1"
    except ValueError:
        return text
    return text
