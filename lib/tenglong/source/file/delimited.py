"""Texts of delimited cells: by Arrow where every line is plain, else line by line."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.csv as arrow_csv

from tenglong.source.cell.strings import frame_of
from tenglong.source.cell.way import as_text
from tenglong.source.file.encoding import utf8_lines
from tenglong.source.file.grid import HEAD, Layout, Rows
from tenglong.source.file.header import column_of, known_headers
from tenglong.source.file.raw import Raw, Wanted, around, named, numbered
from tenglong.source.problem import Problem, RefusedError, Spot

DELIMITERS = (",", "\t", ";")
UNREADABLE = "\ufffd"  # what stands for bytes that are not of the encoding
QUOTE, NUL = b'"', b"\0"
LARGEST_CELL = 1_000_000  # characters


def read_delimited(content: bytes, spot: Spot, encoding: str, wanted: Wanted) -> Raw:
    """Read a CSV, its delimiter and encoding found where they are not declared.

    Raises
    ------
    RefusedError
        If it is empty, not text, in no known encoding, too large, or its quotes do not pair.
    """
    content, problems, damaged = utf8_lines(content, encoding, spot)
    if not content or content.isspace():
        raise RefusedError(spot.problem("empty_file"))
    if NUL in content:
        raise RefusedError(spot.problem("nul_bytes"))
    delimiter, head = _head(content, wanted, spot)
    layout = wanted.layout(head, [], spot)
    width = max(len(row) for row in head)
    lines = content.count(b"\n") + 1
    wanted.sizes.hold_table(lines, width, spot)
    wanted.sizes.hold_table(lines + content.count(delimiter.encode()), 1, spot)
    frame = _plain(content, delimiter, layout, width)
    ragged: list[Problem] = []
    if frame is None:
        frame, ragged = _line_by_line(content, delimiter, layout, width, spot)
    frame = named(numbered(frame, first=layout.body + 1), layout)
    broken = _broken(frame, damaged, spot) if damaged else []
    told = (*problems, *around(head, layout, spot), *ragged, *broken)
    return Raw(frame, spot.file, units=layout.units, problems=told, is_sheet=True)


def _broken(frame: pd.DataFrame, encoding: str, spot: Spot) -> list[Problem]:
    """Blank the cells that are not of the encoding, and tell of each."""
    told = []
    for place, header in enumerate(frame.columns):
        cells = as_text(frame.iloc[:, place])
        bad = cells.str.contains(UNREADABLE, regex=False).fillna(value=False).astype(bool)
        for row in frame.index[bad]:
            where: dict[str, Any] = {"column": str(header), "row": int(row)}
            told.append(spot.problem("text_broken", encoding=encoding, **where))
        if bad.any():
            frame.isetitem(place, frame.iloc[:, place].mask(bad).array)
    return told


def _lines(content: bytes, delimiter: str, *, strict: bool) -> Iterator[list[str]]:
    csv.field_size_limit(LARGEST_CELL)
    text = io.TextIOWrapper(io.BytesIO(content), encoding="utf-8", newline="")
    return csv.reader(text, delimiter=delimiter, strict=strict)


def _head(content: bytes, wanted: Wanted, spot: Spot) -> tuple[str, list[list[object]]]:
    """Split the first rows by the delimiter that gives most headers, or else most columns."""
    heads: dict[str, list[list[object]]] = {}
    try:
        for delimiter in DELIMITERS:
            lines = islice(_lines(content, delimiter, strict=False), HEAD)
            heads[delimiter] = [list(row) for row in lines]
    except csv.Error as error:
        raise RefusedError(spot.problem("open_quote", row=1)) from error
    wide = [one for one in DELIMITERS if any(len(row) > 1 for row in heads[one])]
    if len(wide) == 1:
        return wide[0], heads[wide[0]]
    best = max(DELIMITERS, key=lambda one: _score(heads[one], wanted))
    return best, heads[best]


def _score(rows: Rows, wanted: Wanted) -> tuple[int, int]:
    known = {**known_headers(wanted.table), **wanted.extra} if wanted.table else {}
    hits = [len({column_of(str(cell), known) for cell in row} - {None}) for row in rows]
    return max(hits, default=0), max((len(row) for row in rows), default=0)


def _plain(content: bytes, delimiter: str, layout: Layout, width: int) -> pd.DataFrame | None:
    """Read the cells as text at once; None where a line has quotes or other than `width` cells."""
    if QUOTE in content:
        return None
    names = [str(number) for number in range(width)]
    try:
        cells = arrow_csv.read_csv(
            pa.BufferReader(content),
            read_options=arrow_csv.ReadOptions(column_names=names, skip_rows=layout.body),
            parse_options=arrow_csv.ParseOptions(delimiter=delimiter, ignore_empty_lines=False),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.large_string()),
                strings_can_be_null=True,
                null_values=[""],
            ),
        )
    except pa.ArrowInvalid:
        return None
    return frame_of(cells)


def _line_by_line(
    content: bytes, delimiter: str, layout: Layout, width: int, spot: Spot
) -> tuple[pd.DataFrame, list[Problem]]:
    rows: list[list[str]] = []
    try:
        rows.extend(_lines(content, delimiter, strict=True))
    except csv.Error as error:
        raise RefusedError(spot.problem("open_quote", row=len(rows) + 1)) from error
    body = rows[layout.body :]
    problems = _ragged(body, layout, spot)
    columns = [
        pd.Series([row[place] if place < len(row) else "" for row in body], dtype="str")
        for place in range(width)
    ]
    frame = pd.concat(columns, axis=1) if columns else pd.DataFrame(index=range(len(body)))
    return frame.mask(frame == ""), problems


def _ragged(body: list[list[str]], layout: Layout, spot: Spot) -> list[Problem]:
    """Tell of rows with more or fewer cells than the others: a cell may have moved in them."""
    own = len(layout.names)
    longer = Counter(len(row) for row in body if len(row) > own)
    most, count = longer.most_common(1)[0] if longer else (own, 0)
    usual = most if count * 2 > len(body) else own
    problems = []
    for number, row in enumerate(body, start=layout.body + 1):
        said: dict[str, Any] = {"count": len(row), "usual": usual}
        if any(cell.strip() for cell in row[usual:]):
            problems.append(spot.problem("long_row", row=number, **said))
        elif 1 < len(row) < usual:
            problems.append(spot.problem("short_row", row=number, **said))
    return problems
