"""What the signs and functions of a formula do to columns: numbers, flags and days as arrays.

What else there is goes cell by cell, through the very functions that one row is evaluated by.
"""

import ast
import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenglong.measure.policy.column import (
    KNOWN,
    UNDIVIDED,
    UNKNOWN,
    Column,
    Rows,
    Same,
    Value,
    combined,
    spread_out,
)
from tenglong.measure.policy.formula import Function, compared, condition
from tenglong.measure.rationals import Rationals

Part = Column | Same
Flags = NDArray[np.bool_]
_SIGNS: Mapping[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_MIRRORED: Mapping[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.Gt,
    ast.LtE: ast.GtE,
    ast.Gt: ast.Lt,
    ast.GtE: ast.LtE,
    ast.Eq: ast.Eq,
    ast.NotEq: ast.NotEq,
}


def applied(function: Function, parts: Sequence[Part], *, takes_unknown: bool = False) -> Part:
    """Call a function with the values of each row; it is not called where one is not known."""
    most = UNKNOWN if takes_unknown else KNOWN
    state = combined(parts)
    if isinstance(state, int):
        if state > most:
            return Same(None, state)
        values = [part.value if isinstance(part, Same) else None for part in parts]
        try:
            return Same.of(function(*values))
        except ZeroDivisionError:
            return Same(None, UNDIVIDED)
    places = np.flatnonzero(state <= most)
    known = [spread_out(part, len(state)).take(places).values() for part in parts]
    states, found = state.copy(), np.full(len(state), None, dtype="object")
    for place, *values in zip(places.tolist(), *known, strict=True):
        try:
            value = function(*values)
            found[place], states[place] = value, UNKNOWN if value is None else KNOWN
        except ZeroDivisionError:
            states[place] = UNDIVIDED
    return Column(Column.of(list(found)).cells, states)


def reckoned(sign: type[ast.operator], left: Part, right: Part) -> Part | None:
    """Reckon with columns of numbers; None where one is something else."""
    numbers = _rationals(left, right)
    if numbers is None or sign not in (ast.Add, ast.Sub, ast.Mult, ast.Div):
        return None
    one, other = numbers
    states = np.asarray(combined([left, right]))
    if sign is ast.Div:
        return _divided(one, other, states)
    if sign is ast.Sub:
        other = -other
    if isinstance(one, Fraction):
        one, other = other, one
    if not isinstance(one, Rationals):
        return None
    if sign is ast.Mult:
        cells = one.scaled(other) if isinstance(other, Fraction) else one * other
    else:
        cells = one.shifted(other) if isinstance(other, Fraction) else one + other
    return Column(cells, states)


def _divided(one: Rationals | Fraction, other: Rationals | Fraction, states: Any) -> Column:
    size = len(one) if isinstance(one, Rationals) else len(states)
    if isinstance(one, Fraction):
        one = Rationals(np.ones(size, dtype=np.int64)).scaled(one)
    if isinstance(other, Fraction):
        if other:
            return Column(one.scaled(1 / other), states)
        return Column(one, np.where(states == KNOWN, UNDIVIDED, states))
    is_zero = other.is_zero
    fails = np.where((states == KNOWN) & is_zero, UNDIVIDED, states)
    tops = np.where(is_zero, 1, other.tops) if is_zero.any() else other.tops
    return Column(one / Rationals(tops, other.bottoms, other.scale), fails)


def _rationals(*parts: Part) -> list[Any] | None:
    """Give parts as numbers, one for all rows as a fraction; None where one is something else."""
    found: list[Any] = []
    for part in parts:
        if isinstance(part, Column) and isinstance(part.cells, Rationals):
            found.append(part.cells)
        elif isinstance(part, Same) and type(part.value) is Fraction and part.state == KNOWN:
            found.append(part.value)
        else:
            return None
    return found if any(isinstance(one, Rationals) for one in found) else None


def are_flags(part: Part) -> bool:
    """Tell whether a part is a column of flags."""
    return (
        isinstance(part, Column)
        and not isinstance(part.cells, Rationals)
        and (part.cells.dtype == bool)
    )


def conditions(part: Part, size: int) -> Column:
    """Give a part as flags; each that is known must be true or false."""
    column = spread_out(part, size)
    if are_flags(column):
        return column
    for value in column.take(column.is_known).values():
        condition(value)
    return without_cells(column)


def without_cells(column: Column) -> Column:
    """Give what is not known of a column, and nothing of what is."""
    return Column(np.zeros(len(column), bool), np.where(column.is_known, UNKNOWN, column.states))


def chained(signs: Sequence[ast.cmpop], values: Sequence[Value]) -> bool | None:
    """Compare values with each other in turn, as they stand in a formula."""
    pairs = zip(signs, values, values[1:], strict=False)
    answers = [compared(sign, left, right) for sign, left, right in pairs]
    if False in answers:
        return False
    return None if None in answers else True


def compared_rows(sign: ast.cmpop, left: Part, right: Part, size: int) -> Flags:
    """Compare rows of which both sides are known."""
    kind = type(sign)
    if kind in _SIGNS:
        if (numbers := _rationals(left, right)) is not None:
            one, other = numbers
            if isinstance(one, Fraction):
                one, other, kind = other, one, _MIRRORED[kind]
            return np.asarray(_SIGNS[kind](one.signs(other), 0))
        if (days := _days(left, right)) is not None:
            return np.asarray(_SIGNS[kind](*days))
    elif (found := _among(left, right)) is not None:
        return found if kind is ast.In else ~found
    pairs = zip(*(spread_out(part, size).values() for part in (left, right)), strict=True)
    return np.array([bool(compared(sign, one, other)) for one, other in pairs], dtype=bool)


def _days(left: Part, right: Part) -> tuple[Any, Any] | None:
    """Give both sides as days, where one is, and the other is too or a text for all rows."""
    if not any(_are_days(part) for part in (left, right)):
        return None
    found: list[Any] = []
    for part in (left, right):
        if isinstance(part, Same) and isinstance(part.value, str):
            found.append(np.datetime64(date.fromisoformat(part.value)))
        elif isinstance(part, Column) and _are_days(part):
            found.append(part.cells)
        else:
            return None
    return found[0], found[1]


def _are_days(part: Part) -> bool:
    return (
        isinstance(part, Column)
        and not isinstance(part.cells, Rationals)
        and (part.cells.dtype.kind == "M")
    )


def _among(left: Part, right: Part) -> Flags | None:
    """Tell which numbers are among some that are the same for all rows."""
    if not (isinstance(left, Column) and isinstance(left.cells, Rationals)):
        return None
    if not (isinstance(right, Same) and isinstance(right.value, tuple)):
        return None
    if not all(type(value) is Fraction for value in right.value):
        return None
    found = np.zeros(len(left), bool)
    for value in right.value:
        found |= left.cells.signs(value) == 0
    return found


def _extreme(parts: Sequence[Part], wanted: int) -> Part | None:
    """Give the largest (1) or least (−1) of numbers; None where one is something else."""
    if len(parts) < 2 or _rationals(*parts) is None:  # noqa: PLR2004 - of one, Python's own error
        return None
    states = np.asarray(combined(parts))
    columns = [spread_out(part, len(states)).numbers() for part in parts]
    best = columns[0]
    for column in columns[1:]:
        is_better = column.signs(best) == wanted
        better, kept = np.flatnonzero(is_better), np.flatnonzero(~is_better)
        pieces = [(kept, best.take(kept)), (better, column.take(better))]
        best = Rationals.joined(len(states), pieces)
    return Column(best, states)


def _first(parts: Sequence[Part], size: int) -> Part:
    """Give the first that is known of each row."""
    state = np.broadcast_to(np.asarray(combined(parts)), size)
    fails = state >= UNDIVIDED
    pieces: list[tuple[Rows, Part]] = []
    waiting = np.flatnonzero(~fails)
    for part in (spread_out(part, size) for part in parts):
        is_known = part.is_known[waiting]
        pieces.append((waiting[is_known], part.take(waiting[is_known])))
        waiting = waiting[~is_known]
    found = Column.joined(size, pieces)
    return Column(found.cells, np.where(fails, state, found.states).astype(np.int16))


def _known(parts: Sequence[Part], size: int) -> Part | None:
    if len(parts) != 1:
        return None
    column = spread_out(parts[0], size)
    return Column(column.is_known, np.where(column.states == UNKNOWN, KNOWN, column.states))


def _size_of(parts: Sequence[Part], size: int) -> Part | None:
    del size
    numbers = _rationals(*parts)
    if numbers is None or len(parts) != 1:
        return None
    return Column(abs(numbers[0]), np.asarray(combined(parts)))


OVER: Mapping[str, Callable[[Sequence[Part], int], Part | None]] = {
    "abs": _size_of,
    "first": _first,
    "known": _known,
    "max": lambda parts, size: _extreme(parts, 1) if size else None,
    "min": lambda parts, size: _extreme(parts, -1) if size else None,
}
