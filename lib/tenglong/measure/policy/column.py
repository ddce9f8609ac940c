"""Columns of values as formulas take them: exact numbers, flags, days, or anything else.

Every row has a state: it is known, it is not, or what it would be computed from fails: something
is divided by zero, or a table or column was not supplied. What fails is a state and no exception,
since a formula may fail for one firm and not for the next.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenglong.measure.county import Unavailable
from tenglong.measure.exact import exact
from tenglong.measure.rationals import Rationals

Value = Any  # Fraction, bool, str, date, a set or tuple of these, or None where not known
Rows = NDArray[np.int64]
States = NDArray[np.int16]
Cells = Any  # Rationals, or an array of flags, days or objects
KNOWN, UNKNOWN, UNDIVIDED = 0, 1, 2  # above: what was not supplied, by its number in `Gaps`
FIRST_GAP = UNDIVIDED + 1


class Gaps:
    """What was found not to have been supplied, by the state that tells it.

    >>> gaps = Gaps()
    >>> state = gaps.state(Unavailable("enterprises", "industry"))
    >>> str(gaps.error(state))
    'enterprises.industry'
    """

    def __init__(self) -> None:
        self._found: list[Unavailable] = []

    def state(self, error: Unavailable | ZeroDivisionError) -> int:
        """Give the state of what fails by this."""
        if isinstance(error, ZeroDivisionError):
            return UNDIVIDED
        for number, found in enumerate(self._found):
            if (found.table, found.column) == (error.table, error.column):
                return FIRST_GAP + number
        self._found.append(error)
        return FIRST_GAP + len(self._found) - 1

    def error(self, state: int) -> Unavailable | ZeroDivisionError:
        """Give what a state tells."""
        if state == UNDIVIDED:
            return ZeroDivisionError("division by zero")
        return self._found[state - FIRST_GAP]


@dataclass(frozen=True, eq=False)
class Same:
    """One value for all rows."""

    value: Value
    state: int = KNOWN

    @classmethod
    def of(cls, value: Value) -> "Same":
        """Give a value as a formula knows it; None is not known."""
        return cls(value, UNKNOWN if value is None else KNOWN)

    def take(self, rows: Any) -> "Same":
        """Give the same for other rows."""
        del rows
        return self


@dataclass(frozen=True, eq=False)
class Column:
    """A value for each row.

    Attributes
    ----------
    cells
        Exact numbers, or an array of flags, of days, or of objects; what stands in a row that is
        not known means nothing.
    states
        What is known of each row.

    >>> Column.of([Fraction(1, 2), None]).values()
    [Fraction(1, 2), None]
    """

    cells: Cells
    states: States

    @classmethod
    def of(cls, values: Sequence[Value]) -> "Column":
        """Give values as the kind that all of them are; None is not known."""
        states = np.fromiter((value is None for value in values), np.int16, len(values))
        kinds = {type(value) for value in values if value is not None}
        return cls(_cells(values, kinds), states)

    @classmethod
    def texts(cls, texts: NDArray[np.object_]) -> "Column":
        """Give texts all of which are known."""
        return cls(texts, np.zeros(len(texts), dtype=np.int16))

    @classmethod
    def read(cls, cells: "pd.Series[Any]") -> "Column":
        """Read a column of a table: exact numbers, days, flags, texts; a blank is not known."""
        states = cells.isna().to_numpy().astype(np.int16)
        is_known = states == KNOWN
        if pd.api.types.is_bool_dtype(cells.dtype):
            return cls(cells.fillna(value=False).to_numpy(bool), states)
        if pd.api.types.is_float_dtype(cells.dtype):
            numbers = np.where(is_known, cells.to_numpy("float64", na_value=np.nan), 0.0)
            return cls(Rationals.read(numbers), states)
        if pd.api.types.is_integer_dtype(cells.dtype):
            return cls(Rationals(cells.fillna(0).to_numpy(np.int64)), states)
        if pd.api.types.is_datetime64_dtype(cells.dtype):
            return cls(cells.to_numpy().astype("datetime64[D]"), states)
        if isinstance(cells.dtype, pd.StringDtype):
            return cls(cells.to_numpy("object"), states)
        return cls.of([plain_cell(cell) for cell in cells.tolist()])

    @classmethod
    def joined(cls, size: int, pieces: Sequence[tuple[Rows, "Column | Same"]]) -> "Column":
        """Put pieces together, each at its rows; what is at none is not known."""
        states = np.full(size, UNKNOWN, dtype=np.int16)
        kept: list[tuple[Rows, Column]] = []
        for rows, piece in pieces:
            states[rows] = piece.states if isinstance(piece, Column) else piece.state
            if len(rows) and (isinstance(piece, Column) or piece.state == KNOWN):
                kept.append((rows, spread_out(piece, len(rows))))
        return cls(_joined(size, kept), states)

    def __len__(self) -> int:
        return len(self.states)

    def take(self, rows: Any) -> "Column":
        """Give these rows (their numbers, or a flag for each)."""
        cells = self.cells
        taken = cells.take(rows) if isinstance(cells, Rationals) else cells[rows]
        return Column(taken, self.states[rows])

    @property
    def is_known(self) -> NDArray[np.bool_]:
        """Which rows are known."""
        return np.asarray(self.states == KNOWN)

    def values(self) -> list[Value]:
        """Give the values; None where not known."""
        if isinstance(self.cells, Rationals):
            cells: list[Value] = self.cells.fractions()
        else:
            cells = self.cells.tolist()
        if not self.states.any():
            return cells
        pairs = zip(cells, self.is_known.tolist(), strict=True)
        return [cell if is_known else None for cell, is_known in pairs]

    def numbers(self) -> Rationals:
        """Give the cells as numbers, a flag as 0 or 1, and 0 where not known.

        Raises
        ------
        TypeError
            If one is no number.
        """
        if isinstance(self.cells, Rationals):
            return self.cells
        numbers = [value if value is None else _number(value) for value in self.values()]
        return Rationals.of([number or Fraction(0) for number in numbers])

    def codes(self) -> tuple[NDArray[np.int64], list[Value]]:
        """Give the different values, and the number of each row's; that of None where not known.

        >>> Column.of(["b", None, "b"]).codes()
        (array([0, 1, 0]), ['b', None])
        """
        if isinstance(self.cells, Rationals):
            ids = np.where(self.is_known, self.cells.ids + 1, 0)
            first, codes = np.unique(ids, return_index=True, return_inverse=True)[1:]
            return codes, self.take(first).values()
        found: dict[Value, int] = {}
        numbers = [found.setdefault(value, len(found)) for value in self.values()]
        return np.array(numbers, dtype=np.int64), list(found)


def spread_out(piece: Column | Same, size: int) -> Column:
    """Give a column, whether or not all of its rows are the same."""
    if isinstance(piece, Column):
        return piece
    states = np.full(size, piece.state, dtype=np.int16)
    if isinstance(piece.value, Fraction):
        return Column(Rationals(np.ones(size, dtype=np.int64)).scaled(piece.value), states)
    if isinstance(piece.value, bool):
        return Column(np.full(size, piece.value), states)
    return Column(_cells([piece.value] * size, {type(piece.value)}), states)


def combined(parts: Iterable[Column | Same]) -> "States | int":
    """Give the state of what is computed from all parts: the first that fails, or unknown."""
    found: Any = KNOWN
    for part in parts:
        state: Any = part.states if isinstance(part, Column) else part.state
        if isinstance(found, int) and found >= UNDIVIDED:
            break
        if isinstance(found, int) and isinstance(state, int):
            found = max(found, state)
        else:
            found = np.where(np.asarray(found) >= UNDIVIDED, found, np.maximum(found, state))
    return found if isinstance(found, int) else found.astype(np.int16)


def plain_cell(cell: Any) -> Value:
    """Give a cell as a formula takes it.

    >>> plain_cell(2.5), plain_cell(float("nan")), plain_cell(pd.Timestamp("2021-03-05"))
    (Fraction(5, 2), None, datetime.date(2021, 3, 5))
    """
    if isinstance(cell, (frozenset, str)):
        return cell
    if pd.isna(cell):
        return None
    if isinstance(cell, pd.Timestamp):
        return cell.date()
    return cell if isinstance(cell, bool) else exact(cell)


def _number(value: Value) -> Fraction:
    if not isinstance(value, (int, float, Fraction)):
        raise TypeError(f"{value} is no number")
    return value if isinstance(value, Fraction) else exact(value)


def _cells(values: Sequence[Value], kinds: set[type]) -> Cells:
    size = len(values)
    if kinds == {Fraction}:
        return Rationals.of([value or Fraction(0) for value in values])
    if kinds == {bool}:
        return np.fromiter((bool(value) for value in values), bool, size)
    if kinds == {date}:
        return np.array(values, dtype="datetime64[D]")
    return np.fromiter(values, "object", size)


def _joined(size: int, pieces: Sequence[tuple[Rows, Column]]) -> Cells:
    kinds = {_kind(column.cells) for _, column in pieces if column.is_known.any()}
    kept = [(rows, column) for rows, column in pieces if _kind(column.cells) in kinds]
    if kinds == {"rationals"}:
        return Rationals.joined(size, [(rows, column.numbers()) for rows, column in kept])
    cells = np.empty(size, dtype=kinds.pop() if len(kinds) == 1 else "object")
    for rows, column in kept:
        if isinstance(column.cells, Rationals) or cells.dtype == object:
            cells[rows] = np.fromiter(column.values(), "object", len(rows))
        else:
            cells[rows] = column.cells
    return cells


def _kind(cells: Cells) -> str:
    return "rationals" if isinstance(cells, Rationals) else str(cells.dtype)
