"""What calamine does not tell of an .xlsx: the formulas that failed or were never computed."""

import io
import re
import zipfile
from collections.abc import Mapping
from xml.etree import ElementTree as ET

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
            faults[int(number) - 1, _column(letters)] = value[1].decode() if value else "#ERROR"
        elif b"<f" in inner and value is None and b't="str"' not in attributes:
            faults[int(number) - 1, _column(letters)] = ""
    return faults


def _without_empty(xml: bytes) -> bytes:
    return re.sub(rb"<c [^>]*/>", b"", xml)


def _column(letters: bytes) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + letter - 64
    return column - 1


def _part(book: zipfile.ZipFile, sheet: str) -> str | None:
    """Find the part of the package that holds a sheet."""
    relations = ET.fromstring(book.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 - expat of Python 3.11 limits entity expansion
    targets = {one.get("Id"): one.get("Target", "") for one in relations}
    for one in ET.fromstring(book.read("xl/workbook.xml")).iter():  # noqa: S314 - as above
        if one.tag.endswith("}sheet") and one.get("name") == sheet:
            target = targets.get(one.get(RELATION), "")
            return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    return None
