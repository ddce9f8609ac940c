"""Columns of text, looked at as a whole: what they hold, without a step for each cell.

A text column lies in one run of bytes. Looking for a byte in that run costs next to nothing,
and where it is absent no cell has to be touched.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

TEXT = pd.StringDtype(na_value=np.nan)  # what pandas calls `str`
BLANK, ASCII = 0x20, 0x7F  # up to the first are blanks and controls, up to the second is ASCII
# The first bytes, in UTF-8, of blanks beyond ASCII; others begin so too, and are then looked at.
WIDE_BLANKS = b"\xc2\xe1\xe2\xe3"
FULL_WIDTH = b"\xef"
ZERO = ord("0")


def is_text(cells: pd.Series) -> bool:
    """Tell whether a column is of pandas' `str`, and not of objects or numbers."""
    return bool(cells.dtype == TEXT)


def arrow(cells: pd.Series) -> pa.ChunkedArray:
    """Give a text column as Arrow holds it, without a copy."""
    array = pa.array(cells.array)
    return array if isinstance(array, pa.ChunkedArray) else pa.chunked_array([array])


def of_arrow(array: pa.Array) -> pd.Series:
    """Give an Arrow column of text to pandas."""
    table = pa.table({"text": array.cast(pa.large_string())})
    text: pd.Series = frame_of(table)["text"]
    return text


def frame_of(table: pa.Table) -> pd.DataFrame:
    """Give Arrow's columns of large strings to pandas, without a copy."""
    frame: pd.DataFrame = table.to_pandas(types_mapper={pa.large_string(): TEXT}.get)
    return frame


def holds(cells: pd.Series, some: bytes) -> bool:
    """Tell whether a text column may hold any of some bytes; `False` is certain.

    >>> column = pd.Series(["大峃镇", "１"], dtype="str")
    >>> holds(column, b"+"), holds(column, FULL_WIDTH)
    (False, True)
    """
    return any((run == byte).any() for run in _runs(cells) for byte in some)


def holds_any(cells: pd.Series, table: np.ndarray) -> bool:
    """Tell whether a text column may hold a byte that a table of 256 names; `False` is certain.

    >>> table = np.arange(256) == ord("'")
    >>> holds_any(pd.Series(["91A"], dtype="str"), table), holds_any(pd.Series(["'91A"]), table)
    (False, True)
    """
    return any(bool(table[run].any()) for run in _runs(cells))


def holds_digits(cells: pd.Series, count: int) -> bool:
    """Tell whether a text column may hold so many digits in a row; `False` is certain.

    >>> column = pd.Series(["330328", "1"], dtype="str")
    >>> holds_digits(column, 6), holds_digits(column, 8)
    (True, False)
    """
    return longest(cells) >= count and any(_has_digits(run, count) for run in _runs(cells))


def _has_digits(run: np.ndarray, count: int) -> bool:
    found = (run - np.uint8(ZERO)) < 10  # noqa: PLR2004 - a byte below 0 is one above 245
    known = 1  # found[i]: so many digits stand from i on
    while known < count and found.any():
        step = min(known, count - known)
        found = found[:-step] & found[step:]
        known += step
    return bool(found.any())


def count_held(cells: pd.Series) -> int:
    """Count the cells that hold something."""
    if is_text(cells):
        text = arrow(cells)
        return int(len(text) - text.null_count)
    return int(cells.notna().sum())


def are_rising(cells: pd.Series) -> bool:
    """Tell whether every cell of a column is above the one before, so that none stands twice.

    >>> are_rising(pd.Series(["P1", "P2", "P3"], dtype="str"))
    True
    """
    if not is_text(cells) or not len(cells):
        return False
    text = arrow(cells).combine_chunks()
    return not text.null_count and bool(pc.all(pc.less(text[:-1], text[1:])).as_py())


def count_ascii(cells: pd.Series) -> int:
    """Count the cells that hold ASCII only.

    >>> count_ascii(pd.Series(["A1", "大峃镇", None], dtype="str"))
    1
    """
    return int(pc.sum(pc.string_is_ascii(arrow(cells))).as_py() or 0)


def matching(cells: pd.Series, pattern: str) -> np.ndarray:
    r"""Tell which cells of a text column hold what a regular expression (of RE2) describes.

    >>> matching(pd.Series(["a12", None, "b"], dtype="str"), r"\d{2}").tolist()
    [True, False, False]
    """
    found = pc.match_substring_regex(arrow(cells), pattern=pattern)
    mask: np.ndarray = found.fill_null(False).to_numpy()
    return mask


def among(cells: pd.Series, known: pd.Series) -> np.ndarray:
    """Tell which cells of a text column another column holds, too; what is missing is in none.

    >>> cells, known = (pd.Series(one, dtype="str") for one in (["a", "b", None], ["b", None]))
    >>> among(cells, known).tolist()
    [False, True, False]
    """
    values = arrow(known).combine_chunks()
    found: np.ndarray = pc.is_in(arrow(cells), value_set=values, skip_nulls=True).to_numpy()
    return found


def longest(cells: pd.Series) -> int:
    """Give the length of the longest cell in bytes; 0 where there is none."""
    return int(pc.max(pc.binary_length(arrow(cells))).as_py() or 0)


def shortest(cells: pd.Series) -> int:
    """Give the length of the shortest cell in bytes; 0 where there is none."""
    return int(pc.min(pc.binary_length(arrow(cells))).as_py() or 0)


def trimmed(cells: pd.Series) -> pd.Series:
    r"""Take blanks off both ends of the cells of a text column; empty ones are missing.

    >>> trimmed(pd.Series([" 大峃镇\u3000", "  ", None], dtype="str")).tolist()
    ['大峃镇', nan, nan]
    """
    if any(_may_be_blank(run) for run in _runs(cells)):
        cells = cells.str.strip()
    return cells.mask(cells == "") if cells.notna().any() and shortest(cells) == 0 else cells


def _may_be_blank(run: np.ndarray) -> bool:
    if not run.size:
        return False
    if run.min() <= BLANK:
        return True
    return bool(run.max() > ASCII) and any((run == byte).any() for byte in WIDE_BLANKS)


def _runs(cells: pd.Series) -> Iterator[np.ndarray]:
    """Give the bytes of a column's cells, one after the other, a piece for each chunk."""
    for chunk in arrow(cells).chunks:
        data = chunk.buffers()[2]
        if data is not None:
            yield np.frombuffer(data, dtype=np.uint8)
