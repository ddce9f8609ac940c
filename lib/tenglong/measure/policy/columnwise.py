"""A formula evaluated over columns: every part of it once, for all rows that ask for it.

What it says of a row is what `Formula.__call__` says of it: numbers stay exact, what is not known
stays so unless the rest decides it, and a branch is evaluated for the rows that take it alone.
Numbers, flags and days go as arrays; what else there is goes cell by cell, through the very
functions that one row is evaluated by.
"""

import ast
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import numpy as np

from tenglong.measure.county import Unavailable
from tenglong.measure.policy.column import (
    KNOWN,
    UNDIVIDED,
    UNKNOWN,
    Column,
    Gaps,
    Rows,
    Same,
    Value,
    combined,
    spread_out,
)
from tenglong.measure.policy.formula import (
    ARITHMETIC,
    FUNCTIONS,
    TAKES_UNKNOWN,
    Formula,
    Function,
    condition,
    plain,
)
from tenglong.measure.policy.operation import (
    OVER,
    Flags,
    Part,
    applied,
    are_flags,
    chained,
    compared_rows,
    conditions,
    reckoned,
    without_cells,
)
from tenglong.measure.rationals import Rationals

ColumnFunction = Callable[[Sequence[Part], Rows], Part]


class Names(Protocol):
    """What a formula may ask for, a column at a time or of one row."""

    @property
    def gaps(self) -> Gaps:
        """What the states of its columns tell."""

    @property
    def over(self) -> Mapping[str, ColumnFunction]:
        """Functions of columns, and of the rows that they are asked for."""

    def column(self, name: str, rows: Rows) -> Part:
        """Give what is called so for these rows."""

    def row(self, row: int) -> Mapping[str, Value]:
        """Give the names of one row."""

    def functions(self, row: int) -> Mapping[str, Function]:
        """Give the functions of one row, besides those of every formula."""


def evaluated(formula: Formula, names: Names, rows: Rows) -> Part:
    """Evaluate a formula for rows.

    Raises
    ------
    ConfigurationError
        If it adds a text to a number, or the like; for the first row of which this is so.
    """
    if not len(rows):
        return Same.of(None)
    try:
        return _plain(_Evaluation(names, rows).visit(formula.tree))
    except (TypeError, ValueError, AttributeError):
        return _row_by_row(formula, names, rows)  # the first row that fails, fails by itself


def told(formula: Formula, names: Names, rows: Rows) -> Part:
    """Tell for which rows a condition holds; not known where it is divided by zero.

    Raises
    ------
    ConfigurationError
        If it is not a condition.
    """
    answer = evaluated(formula, names, rows)
    if isinstance(answer, Same):
        is_condition = answer.state != KNOWN or isinstance(answer.value, bool)
        answer = Same(answer.value, UNKNOWN) if answer.state == UNDIVIDED else answer
    else:
        is_condition = are_flags(answer) or not answer.is_known.any()
        states = np.where(answer.states == UNDIVIDED, UNKNOWN, answer.states)
        answer = Column(answer.cells, states)
    if not is_condition:
        raise formula.no_condition()
    return answer


def holding(part: Part, size: int) -> Flags:
    """Give the rows of which a condition is known to hold."""
    column = spread_out(part, size)
    flags = column.cells if are_flags(column) else np.zeros(size, bool)
    return np.asarray(column.is_known & flags)


def _row_by_row(formula: Formula, names: Names, rows: Rows) -> Column:
    values, states = [], np.zeros(len(rows), dtype=np.int16)
    for place, row in enumerate(rows.tolist()):
        value = None
        try:
            value = formula(names.row(row), names.functions(row))
            states[place] = KNOWN if value is not None else UNKNOWN
        except (Unavailable, ZeroDivisionError) as error:
            states[place] = names.gaps.state(error)
        values.append(value)
    return Column(Column.of(values).cells, states)


class _Evaluation(ast.NodeVisitor):
    """One evaluation of an expression; every method gives a part of as many rows."""

    def __init__(self, names: Names, rows: Rows) -> None:
        self.names = names
        self.rows = rows
        self.size = len(rows)

    def _of(self, node: ast.expr, places: Rows) -> Part:
        """Evaluate a part of the expression for some of the rows."""
        if len(places) == self.size:
            return self.visit(node)
        return _Evaluation(self.names, self.rows[places]).visit(node)

    def visit(self, node: ast.AST) -> Part:
        part: Part = super().visit(node)
        return part

    def visit_Constant(self, node: ast.Constant) -> Part:
        return Same.of(plain(node.value))

    def visit_Name(self, node: ast.Name) -> Part:
        return self.names.column(node.id, self.rows)

    def visit_Tuple(self, node: ast.Tuple | ast.List) -> Part:
        parts = [self.visit(part) for part in node.elts]
        return applied(lambda *values: values, parts, takes_unknown=True)

    def visit_List(self, node: ast.List) -> Part:
        return self.visit_Tuple(node)

    def visit_BinOp(self, node: ast.BinOp) -> Part:
        left, right = self.visit(node.left), self.visit(node.right)
        found = reckoned(type(node.op), left, right)
        return applied(ARITHMETIC[type(node.op)], [left, right]) if found is None else found

    def visit_UnaryOp(self, node: ast.UnaryOp) -> Part:
        part = self.visit(node.operand)
        if isinstance(node.op, ast.Not):
            if isinstance(part, Column) and are_flags(part):
                return Column(~part.cells, part.states)
            return applied(lambda value: not condition(value), [part])
        sign = operator.neg if isinstance(node.op, ast.USub) else operator.pos
        if isinstance(part, Column) and isinstance(part.cells, Rationals):
            return Column(-part.cells, part.states) if sign is operator.neg else part
        return applied(sign, [part])

    def visit_BoolOp(self, node: ast.BoolOp) -> Part:
        decides = isinstance(node.op, ast.Or)  # one true decides `or`, one false decides `and`
        answers = np.full(self.size, not decides)
        states = np.zeros(self.size, dtype=np.int16)
        waiting = np.arange(self.size)
        for part in node.values:
            if not len(waiting):
                break
            found = conditions(self._of(part, waiting), len(waiting))
            decided = found.is_known & (found.cells == decides)
            fails = found.states >= UNDIVIDED
            answers[waiting[decided]] = decides
            states[waiting[decided]] = KNOWN
            states[waiting[~decided]] = np.maximum(states[waiting], found.states)[~decided]
            waiting = waiting[~(decided | fails)]
        return Column(answers, states)

    def visit_Compare(self, node: ast.Compare) -> Part:
        parts = [self.visit(part) for part in (node.left, *node.comparators)]
        if all(isinstance(part, Same) for part in parts):
            return applied(lambda *values: chained(node.ops, values), parts, takes_unknown=True)
        state = combined(parts)
        fails = np.asarray(state) >= UNDIVIDED
        is_false, is_unknown = np.zeros(self.size, bool), np.zeros(self.size, bool)
        for sign, left, right in zip(node.ops, parts, parts[1:], strict=False):
            pair = np.broadcast_to(np.asarray(combined([left, right])), self.size)
            rows = np.flatnonzero((pair == KNOWN) & ~fails)
            answers = np.ones(self.size, bool)
            answers[rows] = compared_rows(sign, left.take(rows), right.take(rows), len(rows))
            is_false |= ~answers
            is_unknown |= pair != KNOWN
        states = np.where(is_unknown & ~is_false, UNKNOWN, KNOWN)
        return Column(~is_false, np.where(fails, state, states).astype(np.int16))

    def visit_IfExp(self, node: ast.IfExp) -> Part:
        test = self.visit(node.test)
        if isinstance(test, Same):
            if test.state != KNOWN:
                return Same(None, test.state)
            return self.visit(node.body if condition(test.value) else node.orelse)
        flags = conditions(test, self.size)
        pieces: list[tuple[Rows, Part]] = [(np.arange(self.size), without_cells(flags))]
        for branch, holds in ((node.body, flags.cells), (node.orelse, ~flags.cells)):
            places = np.flatnonzero(flags.is_known & holds)
            if len(places):
                pieces.append((places, self._of(branch, places)))
        return Column.joined(self.size, pieces)

    def visit_Call(self, node: ast.Call) -> Part:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        parts = [self.visit(argument) for argument in node.args]
        if name in self.names.over:
            return self.names.over[name](parts, self.rows)
        if name in OVER and (found := OVER[name](parts, self.size)) is not None:
            return found
        return applied(FUNCTIONS[name], parts, takes_unknown=name in TAKES_UNKNOWN)


def applied_by_row(name: str, parts: Sequence[Part], names: Names, rows: Rows) -> Part:
    """Call a function of each row by itself."""
    numbers = Column(rows.astype("object"), np.zeros(len(rows), dtype=np.int16))
    return applied(lambda row, *values: names.functions(row)[name](*values), [numbers, *parts])


def _plain(part: Part) -> Part:
    """Give what is not exact yet (a whole number of `ceil`) as an exact number."""
    if isinstance(part, Same):
        return Same(plain(part.value), part.state)
    if isinstance(part.cells, Rationals) or part.cells.dtype != object:
        return part
    values = [plain(value) for value in part.values()]
    return Column(Column.of(values).cells, part.states)
