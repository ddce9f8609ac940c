"""A workbook's size before it is opened: as its package says, else as it proves when tried."""

import io
import math
import subprocess
import sys
import zipfile
from pathlib import Path

from tenglong.source.file.archive import PACKED, UNREADABLE
from tenglong.source.file.extent import hold_sheets
from tenglong.source.file.kind import Kind, broken
from tenglong.source.file.size import MB, Sizes
from tenglong.source.problem import RefusedError, Spot

SCRIPT = Path(__file__).with_name("rehearse.py")
OWN_MEMORY = 500 * MB  # of the process that tries a workbook, before it reads one
PATIENCE_S = 120
XLSX, OTHERS = "xl/workbook.xml", ("xl/workbook.bin", "content.xml")


def hold_workbook(content: bytes, sizes: Sizes, spot: Spot) -> None:
    """Refuse a workbook that would take more cells or memory than it may, before it is opened.

    Raises
    ------
    RefusedError
        Naming the limit; or if the package is damaged, or holds two parts of one name.
    """
    if math.isinf(sizes.cells):
        return
    if not (content.startswith(PACKED) and _is_held(content, sizes, spot)):
        _rehearse(content, sizes, spot)


def _is_held(content: bytes, sizes: Sizes, spot: Spot) -> bool:
    """Hold a package to its sizes, and tell whether that is enough: whether it is an .xlsx."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            names = book.namelist()
            sizes.hold_unpacked(sum(one.file_size for one in book.infolist()), spot)
            if len(set(names)) < len(names):  # readers differ in which one they take
                raise broken(Kind.WORKBOOK, spot)
            if XLSX not in names or set(OTHERS) & set(names):
                return False
            hold_sheets(book, sizes, spot)
    except UNREADABLE as error:
        if isinstance(error, RefusedError):
            raise
        raise broken(Kind.WORKBOOK, spot) from error
    return True


def _rehearse(content: bytes, sizes: Sizes, spot: Spot) -> None:
    most = int(sizes.unpacked_mb * MB) + OWN_MEMORY
    command = [sys.executable, str(SCRIPT), str(most)]
    try:
        done = subprocess.run(  # noqa: S603 - our own script
            command, input=content, capture_output=True, timeout=PATIENCE_S, check=True
        )
    except subprocess.SubprocessError as error:
        raise RefusedError(spot.problem("heavy_workbook")) from error
    sheets = [tuple(map(int, line.split())) for line in done.stdout.splitlines()]
    for rows, columns in sheets:
        sizes.hold_table(rows, columns, spot)
    sizes.hold_table(sum(rows * columns for rows, columns in sheets), 1, spot)
