"""How far the sheets of an .xlsx reach, and how much text they repeat, before one is opened.

A reader makes room for every cell from the first row and column to the last: one cell in the last
corner of a sheet takes more than any machine has. And a text that stands once in the file may
stand in a million cells.
"""

import re
import zipfile
from collections.abc import Iterator

import numpy as np

from tenglong.source.file.size import MB, Sizes
from tenglong.source.problem import Spot

PIECE, LAP = 8 * MB, 256  # bytes that are looked at, and that two pieces share
WIDTH = 11  # characters of the last cell, XFD1048576, and one more
BEFORE = 6  # characters of `<c r="` before it
TEXTS = "sharedStrings"
# What the quick look does not see: a blank before the equals sign.
ODD = (b"r =", b"r\t=", b"r\n=", b"r\r=")
CELLS = (b"<c ", b"<c>", b":c ", b":c>", b"<c\n", b"<c\t", b"<c\r")
TAG = re.compile(rb"<(?:\w+:)?(row|c)(?=[\s/>])([^>]*?)(/?)>(</)?")
PLACE = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]*)(\d+)")
SHARED = re.compile(rb"\bt\s*=\s*[\"']s[\"'][^>]*>\s*<(?:\w+:)?v>(\d+)<")


def hold_sheets(book: zipfile.ZipFile, sizes: Sizes, spot: Spot) -> None:
    """Refuse a package whose sheets spread out to more cells, or repeat more text, than they may.

    Every part is looked at: which of them are sheets is the package's own word.

    Raises
    ------
    RefusedError
        Naming the limit, and how far the sheet reaches.
    """
    names = book.namelist()
    cells = 0
    for one in names:
        rows, columns = _extent(book, one)
        if columns > sizes.columns or cells + rows * columns > sizes.cells:
            rows, columns = _exact_extent(book.read(one))
        sizes.hold_table(rows, columns, spot)
        cells += rows * columns
        sizes.hold_table(cells, 1, spot)
    sizes.hold_unpacked(_repeated(book, names, sizes.unpacked_mb * MB), spot)


def _pieces(book: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    with book.open(name) as part:
        before = b""
        while piece := part.read(PIECE):
            yield before + piece
            before = piece[-LAP:]
        yield before + b" " * LAP


def _extent(book: zipfile.ZipFile, name: str) -> tuple[float, float]:
    """Give the last row and column that a part names, empty cells included; or endless ones."""
    rows = columns = 0.0
    for piece in _pieces(book, name):
        found_rows, found_columns, count = _places(np.frombuffer(piece, dtype=np.uint8))
        end = len(piece) - LAP  # of what begins behind it the next piece has all
        if (
            any(one in piece for one in ODD)
            or sum(piece.count(one, 0, end) for one in CELLS) > count
        ):
            return np.inf, np.inf  # some cell has another form; to be looked at closely
        rows, columns = max(rows, found_rows), max(columns, found_columns)
    return rows, columns


def _places(text: np.ndarray) -> tuple[float, float, int]:
    """Give the largest row and column of all `r="XFD1048576"` in some bytes.

    With them, how many cells have theirs where Excel writes it, behind the name of the tag.

    >>> cells = b'<row r="7"><c r="C7"/><c r="AA7"/></row>         '
    >>> _places(np.frombuffer(cells, dtype=np.uint8))
    (7.0, 27.0, 2)
    """
    if len(text) <= WIDTH:
        return 0.0, 0.0, 0
    starts = np.flatnonzero((text[:-1] == ord("r")) & (text[1:] == ord("="))) + 3
    starts = starts[(starts < len(text) - WIDTH) & (starts >= BEFORE)]
    row, column = np.zeros((2, len(starts)))
    in_letters, in_digits = np.ones((2, len(starts)), dtype=bool)
    for place in range(WIDTH):
        one = text[starts + place]
        letter = (one | np.uint8(0x20)) - np.uint8(ord("a"))
        digit = one - np.uint8(ord("0"))
        in_letters &= letter < 26  # noqa: PLR2004 - letters
        column[in_letters] = column[in_letters] * 26 + letter[in_letters] + 1
        in_digits &= in_letters | (digit < 10)  # noqa: PLR2004 - digits
        is_digit = in_digits & ~in_letters
        row[is_digit] = row[is_digit] * 10 + digit[is_digit]
        if not in_digits.any():
            break
    is_cell = (row > 0) & (column > 0)
    for place, one in enumerate(b"<c "):
        is_cell &= text[starts - BEFORE + place] == one
    column = column[(row > 0) | in_letters]
    return float(row.max(initial=0)), float(column.max(initial=0)), int(is_cell.sum())


def _exact_extent(sheet: bytes) -> tuple[int, int]:
    """Give the last row and column of a sheet that hold something; what is styled alone does not.

    >>> _exact_extent(b'<row r="9"><c r="B9"><v>1</v></c><c r="XFD9" s="1"/></row><row r="99"/>')
    (9, 2)
    >>> _exact_extent(b'<row r="3"><c/><c><v>1</v></c></row><row><c><v>1</v></c></row>')
    (4, 2)
    """
    rows = columns = row = column = 0
    for tag, attributes, closed, ended in TAG.findall(sheet):
        place = PLACE.search(attributes)
        if tag == b"row":
            row, column = int(place[2]) if place else row + 1, 0
            continue
        row, column = (int(place[2]), _number(place[1])) if place else (row, column + 1)
        if not closed and not ended:
            rows, columns = max(rows, row), max(columns, column)
    return rows, columns


def _number(letters: bytes) -> int:
    column = 0
    for letter in letters.upper():
        column = column * 26 + letter - 64
    return column


def _repeated(book: zipfile.ZipFile, names: list[str], most: float) -> float:
    """Give the bytes of the shared texts, each as often as it may stand in a cell.

    Where that is more than `most`, as often as it does.
    """
    lengths = np.array(
        [len(text) for one in names if TEXTS in one for text in book.read(one).split(b"<si")[1:]]
    )
    if not len(lengths):
        return 0.0
    sheets = [one for one in names if TEXTS not in one]
    pieces = (piece for one in sheets for piece in _pieces(book, one))
    uses = sum(piece.count(b'"s"') + piece.count(b"'s'") for piece in pieces)
    if lengths.max() * uses <= most:
        return float(lengths.max() * uses)
    total = 0.0
    for piece in (piece for one in sheets for piece in _pieces(book, one)):
        used = np.array(SHARED.findall(piece), dtype="S").astype(np.int64)
        total += float(lengths[used[used < len(lengths)]].sum())
    return total
