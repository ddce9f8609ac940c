"""The layout of a sheet: which rows are its title, its header (of one or two rows), its records."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tenglong.source.cell.units import unit_named
from tenglong.source.file.header import JOINT, column_of, known_headers, squash, stated_unit
from tenglong.source.problem import RefusedError, Spot
from tenglong.source.schema import Table

Rows = Sequence[Sequence[object]]
Range = tuple[tuple[int, int], tuple[int, int]]  # first and last cell, each row and column from 0
HEAD = 30  # rows in which the header is looked for
DEPTHS = (1, 2, 3)
UNIT_LINE = re.compile(r"单位[:：]([^)）]+)")
NUMBERING = re.compile(r"[甲乙丙丁]|[（(]?\d{1,2}[)）]?")


@dataclass(frozen=True)
class Layout:
    """Where a sheet's records begin, the names of its columns, and the units of `单位：…`.

    `beside`: the headers of another table, to the right of a blank column; not in `names`.
    """

    first: int
    names: tuple[str, ...]
    body: int
    units: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()


def lay_out(
    rows: Rows, table: Table, *, extra: Mapping[str, str], merged: Sequence[Range], spot: Spot
) -> Layout:
    """Find the header as the rows that bring most columns of the table.

    Parameters
    ----------
    rows
        The first rows of the sheet.
    extra
        Headers that bundle.yml names, with their columns.

    Raises
    ------
    RefusedError
        If two rows would do equally well, a table stands above the one that is read, or a header
        says another unit than the row of units below it.
    """
    known = {**known_headers(table), **{squash(name): column for name, column in extra.items()}}
    filled = _filled(rows[:HEAD], merged)
    first, depth = _with_upper(*_header(filled, known, spot), merged)
    _refuse_stacked(filled[:first], known, first, spot)
    names = _names(filled, first, depth)
    body = first + depth
    if body < len(filled) and _is_units(filled[body]):
        stated = [str(cell).strip() for cell in filled[body]]
        _refuse_two_units(names, stated, known, spot)
        names = [_with_unit(name, unit) for name, unit in zip(names, stated, strict=False)]
        body += 1
    if body < len(filled) and _is_numbering(filled[body]):
        body += 1
    own, beside = _parted(names, known)
    return Layout(first, tuple(own), body, _unit_line(rows[:first]), tuple(beside))


def _refuse_stacked(above: Rows, known: Mapping[str, str], first: int, spot: Spot) -> None:
    """Refuse a sheet in which another header, and so another table, stands above."""
    for number, row in enumerate(above, start=1):
        if len({column_of(str(cell), known) for cell in row} - {None}) > 1:
            raise RefusedError(spot.problem("stacked_tables", first=number, second=first + 1))


def _parted(names: list[str], known: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Part the headers of this table from those of another beyond a blank column."""
    held = [place for place, name in enumerate(names) if column_of(name, known)]
    for place in range(max(held, default=len(names)) + 1, len(names)):
        beyond = [name for name in names[place:] if name]
        if not names[place] and len(beyond) > 1:
            return names[:place], beyond
    return names, []


def _filled(rows: Rows, merged: Sequence[Range]) -> list[list[object]]:
    filled = [list(row) for row in rows]
    for (top, left), (bottom, right) in merged:
        for row in range(top, min(bottom, len(filled) - 1) + 1):
            for column in range(left, min(right, len(filled[row]) - 1) + 1):
                filled[row][column] = filled[top][left]
    return filled


def _header(rows: Rows, known: Mapping[str, str], spot: Spot) -> tuple[int, int]:
    scores: dict[tuple[int, int], int] = {}
    # But for names of several lines in bundle.yml, a block without a known cell has no known name.
    are_joined = any(JOINT in name for name in known)
    are_known = [are_joined or any(column_of(str(cell), known) for cell in row) for row in rows]
    for depth in DEPTHS:
        for first in range(len(rows) - depth + 1):
            is_block = any(are_known[first : first + depth])
            names = _names(rows, first, depth) if is_block else []
            scores[first, depth] = len({column_of(name, known) for name in names} - {None})
    best = max(scores.values(), default=0)
    if best == 0:
        return _fullest(rows), 1
    depth = min(depth for (_, depth), score in scores.items() if score == best)
    firsts = [first for (first, deep), score in scores.items() if (deep, score) == (depth, best)]
    alike = {tuple(str(cell) for cell in rows[first]) for first in firsts}
    if len(alike) > 1:
        raise RefusedError(spot.problem("header_tie", first=firsts[0] + 1, second=firsts[1] + 1))
    return firsts[0], depth


def _with_upper(first: int, depth: int, merged: Sequence[Range]) -> tuple[int, int]:
    """Take in the rows above that cells merged downwards tie to the header."""
    tops = [top for (top, _), (bottom, _) in merged if top < first <= bottom]
    top = min(tops, default=first)
    return top, depth + first - top


def _fullest(rows: Rows) -> int:
    counts = [sum(1 for cell in row if str(cell).strip()) for row in rows[:10]]
    return counts.index(max(counts)) if counts else 0


def _names(rows: Rows, first: int, depth: int) -> list[str]:
    """Name the columns by the rows of the header; equal and empty ones are joined."""
    block = rows[first : first + depth]
    names = []
    for column in range(max((len(row) for row in block), default=0)):
        parts: list[str] = []
        for row in block:
            part = str(row[column]).strip() if column < len(row) else ""
            if part and part not in parts:
                parts.append(part)
        names.append(JOINT.join(parts))
    return names


def _is_units(row: Sequence[object]) -> bool:
    cells = [str(cell).strip() for cell in row if str(cell).strip()]
    return bool(cells) and all(unit_named(cell) for cell in cells)


def _with_unit(name: str, unit: str) -> str:
    """Let a header say the unit that stands below it, where it does not say one itself.

    >>> _with_unit("产出·营业收入", "元"), _with_unit("营业收入（万元）", "万元")
    ('产出·营业收入（元）', '营业收入（万元）')
    """
    below = unit_named(unit) if unit else None
    return f"{name}（{below}）" if below and not _own_unit(name) else name


def _own_unit(name: str) -> str:
    return stated_unit(name.rsplit(JOINT, 1)[-1])[1]


def _refuse_two_units(
    names: Sequence[str], stated: Sequence[str], known: Mapping[str, str], spot: Spot
) -> None:
    """Refuse a column of which the header and the row of units say two different things."""
    for name, unit in zip(names, stated, strict=False):
        own, below = _own_unit(name), unit_named(unit) if unit else None
        column = column_of(name, known)
        if column and own and below and own != below:
            raise RefusedError(spot.problem("two_units", column=column, header=name, unit=below))


def _is_numbering(row: Sequence[object]) -> bool:
    cells = [str(cell).strip().removesuffix(".0") for cell in row if str(cell).strip()]
    return bool(cells) and cells[0] == "甲" and all(NUMBERING.fullmatch(cell) for cell in cells)


def _unit_line(rows: Rows) -> tuple[str, ...]:
    units: list[str] = []
    for row in rows:
        for cell in row:
            match = UNIT_LINE.search(str(cell))
            if match:
                named = [unit_named(part) for part in re.split(r"[、,，;；\s]+", match[1])]
                units += [unit for unit in named if unit]
    return tuple(dict.fromkeys(units))
