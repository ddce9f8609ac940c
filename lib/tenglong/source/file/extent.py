"""How far the sheets of an .xlsx reach, and how much text they repeat, before one is opened.

A reader makes room for every cell from the first row and column to the last: one cell in the last
corner of a sheet takes more than any machine has. And a text that stands once in the file may
stand in a million cells.
"""

import re
import zipfile
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from tenglong.source.file.size import MB, Sizes
from tenglong.source.problem import Spot

Bytes = NDArray[np.uint8]
Numbers = NDArray[np.float64]
PIECE, LAP = 8 * MB, 256  # bytes that are looked at, and that two pieces share
WIDTH = 11  # characters of the last cell, XFD1048576, and one more
BEFORE = 4  # characters of `<c r` before the equals sign
TEXTS = "sharedStrings"
BLANK = ord(" ")
MOST_EMPTY = 3  # cells that a sheet names for each that holds something
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
    cells = 0.0
    for one in names:
        rows, columns, named = _extent(book, one)
        sizes.hold_table(named / MOST_EMPTY, 1, spot)
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
            before = (before + piece)[-LAP:]
        yield before + b" " * LAP


def _extent(book: zipfile.ZipFile, name: str) -> tuple[float, float, int]:
    """Give the last row and column that a part names, and the number of its cells, empty or not.

    Row and column have no end where they are to be looked at closely.
    """
    rows = columns = 0.0
    cells = 0
    for piece in _pieces(book, name):
        text = np.frombuffer(piece, dtype=np.uint8)
        count = _count_cells(text[: len(text) - LAP + 1])
        row, column = _places(text, count)
        rows, columns, cells = max(rows, row), max(columns, column), cells + count
    return rows, columns, cells


def _places(text: Bytes, cells: int) -> tuple[float, float]:
    """Give the largest row and column of all `r="XFD1048576"` in some bytes but the last of them.

    They have no end where one of the `cells` there has no place, or has it elsewhere than Excel
    writes it: behind its name.

    >>> row = b'<row r="7"><c r="C7"/><c r="AA7"/></row>' + b" " * LAP
    >>> _places(np.frombuffer(row, dtype=np.uint8), 2)
    (7.0, 27.0)
    """
    end = len(text) - LAP
    signs = np.flatnonzero(text[:-WIDTH] == ord("="))
    signs = signs[signs >= BEFORE]
    last, before = text[signs - 1], text[signs - 2]
    if ((last <= BLANK) & ((before == ord("r")) | (before <= BLANK))).any():
        return np.inf, np.inf  # r = "A1"
    signs = signs[last == ord("r")]
    row, column = _numbers(np.lib.stride_tricks.sliding_window_view(text, WIDTH)[signs + 2])
    has_place = (row > 0) & (column > 0) & (signs - 3 < end)  # its name stands three before
    for place, one in enumerate(b"<c ", start=-len(b"<c r")):
        has_place &= text[signs + place] == one
    if cells > has_place.sum():
        return np.inf, np.inf
    return float(row.max(initial=0)), float(column[row > 0].max(initial=0))


def _count_cells(text: Bytes) -> int:
    """Count the tags that are called `c`, with a prefix or without."""
    names = np.flatnonzero(text[1:-1] == ord("c")) + 1
    first, last = text[names - 1], text[names + 1]
    opens = (first == ord("<")) | (first == ord(":"))
    return int((opens & ((last <= BLANK) | (last == ord(">")) | (last == ord("/")))).sum())


def _numbers(places: Bytes) -> tuple[Numbers, Numbers]:
    """Read the rows and columns of places, each in as many bytes as the longest has, and more."""
    row, column = np.zeros((2, len(places)))
    letters = (places | np.uint8(0x20)) - np.uint8(ord("a"))
    digits = places - np.uint8(ord("0"))
    in_letters = in_digits = np.ones(len(places), dtype=bool)
    for number in range(WIDTH):
        in_letters = in_letters & (letters[:, number] < 26)  # noqa: PLR2004 - letters
        in_digits = in_letters | (in_digits & (digits[:, number] < 10))  # noqa: PLR2004 - digits
        if not in_digits.any():
            break
        column = np.where(in_letters, column * 26 + letters[:, number] + 1, column)
        row = np.where(in_digits & ~in_letters, row * 10 + digits[:, number], row)
    row[in_letters] = np.inf  # letters without end
    return row, column


def _exact_extent(sheet: bytes) -> tuple[int, int]:
    """Give the last row and column of a sheet that hold something; what is styled alone does not.

    >>> _exact_extent(b'<row r="9"><c r="B9"><v>1</v></c><c r="XFD9" s="1"/></row><row r="99"/>')
    (9, 2)
    >>> _exact_extent(b'<row r="3"><c/><c><v>1</v></c></row><row><c><v>1</v></c></row>')
    (4, 2)
    """
    rows = columns = row = column = 0
    for found in TAG.finditer(sheet):
        tag, attributes, closed, ended = found.groups()
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
