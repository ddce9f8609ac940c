"""From which day a workbook counts its days: Excel's own beginning, or 1904 (of the Macintosh)."""

import io
import re
import zipfile
from datetime import date

from tenglong.source.cell.way import EPOCH

EPOCH_1904 = date(1904, 1, 1)
IS_1904 = re.compile(rb"<(?:\w+:)?workbookPr\b[^>]*\bdate1904=[\"'](?:1|true)[\"']")
# Records of an .xls: the beginning of its globals, the date system, the end.
BEGINS, DATE_MODE, ENDS = b"\x09\x08\x10\x00\x00\x06\x05\x00", 0x22, 0x0A
HEAD, MOST_RECORDS = 4, 300  # bytes of a record's type and length; records that are looked through


def epoch_of(content: bytes) -> date:
    """Give the day 0 of a workbook's numbers.

    >>> epoch_of(b"no workbook").isoformat()
    '1899-12-30'
    """
    if content.startswith(b"PK"):
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as book:
                is_1904 = bool(IS_1904.search(book.read("xl/workbook.xml")))
        except (zipfile.BadZipFile, KeyError, OSError, EOFError, ValueError):
            is_1904 = False  # an .ods, or one whose cells could be read nevertheless
    else:
        is_1904 = _is_1904(content)
    return EPOCH_1904 if is_1904 else EPOCH


def _is_1904(content: bytes) -> bool:
    place = content.find(BEGINS)
    for _ in range(MOST_RECORDS):
        kind, size = (
            int.from_bytes(content[place + at : place + at + 2], "little") for at in (0, 2)
        )
        if place < 0 or kind == ENDS or place + HEAD + size > len(content):
            return False
        if kind == DATE_MODE:
            return content[place + HEAD] == 1
        place += HEAD + size
    return False
