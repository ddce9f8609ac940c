"""The layout of a sheet: which rows are its title, its header (of one or two rows), its records."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

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


@dataclass(frozen=True)
class Tie:
    """What decides between rows that would do equally well as the header: bundle.yml.

    Attributes
    ----------
    known
        Every header, squashed, with the column that it brings.
    headers, places
        The headers that bundle.yml names, squashed, and where it says that columns stand, from 1.
    """

    known: Mapping[str, str]
    headers: frozenset[str] = frozenset()
    places: Mapping[str, int] = field(default_factory=dict)

    def preferred(self, firsts: list[int], names: Sequence[Sequence[str]]) -> list[int]:
        """Give those of some rows, by their names, that have most of what bundle.yml says.

        >>> tie = Tie({"年度": "year", "代码": "usci"}, places={"usci": 2})
        >>> tie.preferred([0, 1], [["代码", "年度"], ["年度", "代码"]])
        [1]
        """
        said = [self._said(one) for one in names]
        return [first for first, count in zip(firsts, said, strict=True) if count == max(said)]

    def _said(self, names: Sequence[str]) -> int:
        columns = self._columns(names)
        at_place = sum(columns.get(place) == name for name, place in self.places.items())
        return at_place + len(self.headers & {squash(name) for name in names})

    def _columns(self, names: Sequence[str]) -> dict[int, str]:
        brought = {place: column_of(name, self.known) for place, name in enumerate(names, start=1)}
        return {place: column for place, column in brought.items() if column}

    def way(self, one: Sequence[str], other: Sequence[str]) -> dict[str, str]:
        """Say what may be written in bundle.yml to take the first, or the second, of two rows.

        A column that stands elsewhere is told by its place; one that is called otherwise by its
        header.

        >>> tie = Tie({"年度": "year", "代码": "usci", "编码": "usci"})
        >>> tie.way(["代码", "年度"], ["年度", "代码"])["way"]
        'usci: {position: 1} takes the first, usci: {position: 2} the second'
        >>> tie.way(["代码", "年度"], ["编码", "年度"])["way"]
        "usci: '代码' takes the first, usci: '编码' the second"
        """
        ours, theirs = self._columns(one), self._columns(other)
        found = {column: place for place, column in reversed(theirs.items())}
        for place, column in ours.items():
            there = found.get(column, place)
            if there != place:
                return _ways(column, f"{{position: {place}}}", f"{{position: {there}}}")
            if column in found and squash(one[place - 1]) != squash(other[place - 1]):
                return _ways(column, f"'{one[place - 1]}'", f"'{other[place - 1]}'")
        return {
            "way": "a column by a header that only one of them has",
            "way_zh": "列名: 只有其中一行才有的表头",
        }


def _ways(column: str, one: str, other: str) -> dict[str, str]:
    return {
        "way": f"{column}: {one} takes the first, {column}: {other} the second",
        "way_zh": f"{column}: {one}（取前一行）或 {column}: {other}（取后一行）",
    }


def lay_out(
    rows: Rows,
    table: Table,
    *,
    extra: Mapping[str, str],
    places: Mapping[str, int],
    merged: Sequence[Range],
    spot: Spot,
) -> Layout:
    """Find the header as the rows that bring most columns of the table.

    Parameters
    ----------
    rows
        The first rows of the sheet.
    extra
        Headers that bundle.yml names, with their columns.
    places
        Where bundle.yml says that columns stand, from 1. Of rows that would do equally well the
        one is taken that has most of these headers and places.

    Raises
    ------
    RefusedError
        If two rows would do equally well, a table stands above the one that is read, or a header
        says another unit than the row of units below it.
    """
    known = {**known_headers(table), **{squash(name): column for name, column in extra.items()}}
    filled = _filled(rows[:HEAD], merged)
    tie = Tie(known, frozenset(map(squash, extra)), places)
    found, depth, passed = _header(filled, tie, spot)
    first, depth = _with_upper(found, depth, merged)
    _refuse_stacked(filled[: min(first, passed)], known, first, spot)
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


def _header(rows: Rows, tie: Tie, spot: Spot) -> tuple[int, int, int]:
    """Give the row of the header, its depth, and the first of the rows that it was taken before."""
    known = tie.known
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
        first = _fullest(rows)
        return first, 1, first
    depth = min(depth for (_, depth), score in scores.items() if score == best)
    firsts = [first for (first, deep), score in scores.items() if (deep, score) == (depth, best)]
    kept = tie.preferred(firsts, [_names(rows, first, depth) for first in firsts])
    alike = {tuple(str(cell) for cell in rows[first]) for first in kept}
    if len(alike) > 1:
        one, other = kept[:2]
        way: Mapping[str, Any] = tie.way(_names(rows, one, depth), _names(rows, other, depth))
        raise RefusedError(spot.problem("header_tie", first=one + 1, second=other + 1, **way))
    passed = kept[0]
    while passed - depth in firsts:
        passed -= depth
    return kept[0], depth, passed


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
