"""Formulas as data: one expression that a policy file writes down, evaluated exactly.

A county's rule is written as it was published, `w * x / b` or `min(x / b, 2) * w`, and no code
has to be changed for it. A formula is arithmetic, comparisons, `and`, `or`, `not`, `in`,
`a if c else b` and a few functions; it can reach nothing but the names it is given. Numbers
are exact. What is not known (None) makes a result not known, unless the rest decides it.
"""

import ast
import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any

from tenglong.errors import ConfigurationError, Fault
from tenglong.measure.clause import Label
from tenglong.measure.exact import exact

Value = Any  # Fraction, bool, str, date, a set or tuple of these, or None where not known
Function = Callable[..., Value]

# How rules are printed in China, and what that is in a formula.
SIGNS = str.maketrans({"×": "*", "÷": "/", "（": "(", "）": ")", "，": ",", "≥": ">=", "≤": "<="})
MOST_POWER = 64  # a larger exponent is a slip, and would take for ever


def _power(base: Fraction, exponent: Fraction) -> Fraction | None:
    """Exact for whole exponents; a root of a negative number is not known."""
    if abs(exponent) > MOST_POWER:
        raise ValueError(f"the exponent {exponent} is larger than {MOST_POWER}")
    if exponent == int(exponent):
        return Fraction(base) ** int(exponent)
    return None if base < 0 else exact(float(base) ** float(exponent))


def _rounded(number: Fraction, digits: Fraction = Fraction(0)) -> Fraction:
    """Round half-up (四舍五入), away from zero at the half."""
    scale = Fraction(10) ** int(digits)
    size = math.floor(abs(number) * scale + Fraction(1, 2)) / scale
    return -size if number < 0 else size


FUNCTIONS: Mapping[str, Function] = {
    "abs": abs,
    "ceil": math.ceil,
    "first": lambda *values: next((value for value in values if value is not None), None),
    "floor": math.floor,
    "known": lambda value: value is not None,
    "ln": lambda number: exact(math.log(number)) if number > 0 else None,
    "max": lambda *values: max(values),
    "min": lambda *values: min(values),
    "round": _rounded,
    "sqrt": lambda number: _power(number, Fraction(1, 2)),
    "starts_with": lambda text, *beginnings: text.startswith(beginnings),
}
TAKES_UNKNOWN = frozenset({"known", "first"})
ARITHMETIC: Mapping[type[ast.operator], Function] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: _power,
}
_COMPARISONS: Mapping[type[ast.cmpop], Function] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda item, group: item in group,
    ast.NotIn: lambda item, group: item not in group,
}
_JOINTS = (ast.Expression, ast.BoolOp, ast.BinOp, ast.UnaryOp, ast.Compare, ast.IfExp, ast.Call)
_LEAVES = (ast.Constant, ast.Name, ast.Tuple, ast.List, ast.Load)
_SIGNS: tuple[type[ast.AST], ...] = (
    ast.And,
    ast.Or,
    ast.Not,
    ast.USub,
    ast.UAdd,
    *ARITHMETIC,
    *_COMPARISONS,
)


@dataclass(frozen=True)
class Formula:
    """An expression; call it with the values of its names.

    >>> Formula.parse("w × x ÷ b")({"w": Fraction(30), "x": Fraction(20), "b": Fraction(25)})
    Fraction(24, 1)
    """

    text: str
    tree: ast.expr = field(repr=False, compare=False)

    @classmethod
    def parse(cls, raw: object) -> "Formula":
        """Read a formula: a number, a text, or a list of texts that are added up.

        Raises
        ------
        TypeError
            If it is neither a number nor a text.
        ValueError
            If it is not an expression of the allowed kind.

        >>> Formula.parse(["cod_t", "so2_t"]).text
        'cod_t + so2_t'
        """
        if isinstance(raw, list) and raw:
            raw = " + ".join(str(part) for part in raw)
        if isinstance(raw, bool) or not isinstance(raw, (int, float, str, Fraction)):
            said = f"{raw!r} must be a number or a formula", f"“{raw}”应是数字或算式"
            raise TypeError(Fault(*said))
        text = str(raw).strip()
        try:
            tree = ast.parse(text.translate(SIGNS), mode="eval")
        except SyntaxError as error:
            zh = f"“{text}”不是算式；请核对括号、运算符和引号"
            raise ValueError(Fault(f"{text!r} is no formula: {error.msg}", zh)) from error
        for node in ast.walk(tree):
            if foreign := _foreign(node):
                raise ValueError(Fault(f"{text!r}: {foreign.en}", f"“{text}”：{foreign.zh}"))
        return cls(text, tree.body)

    @cached_property
    def functions(self) -> frozenset[str]:
        """The functions that it calls.

        >>> sorted(Formula.parse("min(x, quantile(90))").functions)
        ['min', 'quantile']
        """
        calls = (node for node in ast.walk(self.tree) if isinstance(node, ast.Call))
        return frozenset(_called(call) for call in calls)

    @cached_property
    def names(self) -> frozenset[str]:
        """The names that it needs the values of.

        >>> sorted(Formula.parse("min(w * x / b, w)").names)
        ['b', 'w', 'x']
        """
        names = {node.id for node in ast.walk(self.tree) if isinstance(node, ast.Name)}
        return frozenset(names - self.functions)

    def __call__(
        self, names: Mapping[str, Value], functions: Mapping[str, Function] | None = None
    ) -> Value:
        """Evaluate it; None where the answer is not known.

        Raises
        ------
        ZeroDivisionError
            If something that is known is divided by zero.
        ConfigurationError
            If it adds a text to a number, or the like.

        >>> Formula.parse("is_vetoed and x < 5")({"is_vetoed": False, "x": None})
        False
        """
        try:
            return plain(_Evaluation(names, {**FUNCTIONS, **(functions or {})}).visit(self.tree))
        except (TypeError, ValueError, AttributeError) as error:
            raise ConfigurationError(f"formula {self.text!r}: {error}") from error

    def holds(
        self, names: Mapping[str, Value], functions: Mapping[str, Function] | None = None
    ) -> bool | None:
        """Whether a condition holds; None where that is not known.

        Raises
        ------
        ConfigurationError
            If it is not a condition.

        >>> Formula.parse("tax < 5").holds({"tax": None}) is None
        True
        """
        try:
            answer = self(names, functions)
        except ZeroDivisionError:
            return None
        if answer is not None and not isinstance(answer, bool):
            raise self.no_condition()
        return answer

    def no_condition(self) -> ConfigurationError:
        """Give the error of a formula that should be a condition, and is a number or a text."""
        return ConfigurationError(f"formula {self.text!r}: must be a condition, true or false")


def _foreign(node: ast.AST) -> Label | None:
    """Say why a node may not stand in a formula; None where it may."""
    match node:
        case ast.Call(func=ast.Name(), keywords=[]):
            return None
        case ast.Call():
            return Label(
                "只能按名称调用函数，参数逐个写",
                "only functions by their name, with plain arguments, may be called",
            )
        case ast.Constant(value=bool() | int() | float() | str()):
            return None
        case ast.Constant():
            what = repr(node.value)
        case _ if isinstance(node, (*_JOINTS, *_LEAVES, *_SIGNS)):
            return None
        case _:
            what = type(node).__name__
    return Label(f"算式里不能写 {what}", f"{what} may not stand in a formula")


def _called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


class _Evaluation(ast.NodeVisitor):
    """One evaluation of an expression; every method gives a value, None where not known."""

    def __init__(self, names: Mapping[str, Value], functions: Mapping[str, Function]) -> None:
        self.names = names
        self.functions = functions

    def visit_Constant(self, node: ast.Constant) -> Value:
        return plain(node.value)

    def visit_Name(self, node: ast.Name) -> Value:
        return self.names[node.id]

    def visit_Tuple(self, node: ast.Tuple) -> Value:
        return tuple(self.visit(part) for part in node.elts)

    def visit_List(self, node: ast.List) -> Value:
        return tuple(self.visit(part) for part in node.elts)

    def visit_BinOp(self, node: ast.BinOp) -> Value:
        left, right = self.visit(node.left), self.visit(node.right)
        if left is None or right is None:
            return None
        return ARITHMETIC[type(node.op)](left, right)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> Value:
        value = self.visit(node.operand)
        if value is None:
            return None
        if isinstance(node.op, ast.Not):
            return not condition(value)
        return -value if isinstance(node.op, ast.USub) else +value

    def visit_BoolOp(self, node: ast.BoolOp) -> Value:
        decides = isinstance(node.op, ast.Or)  # one true decides `or`, one false decides `and`
        answers = []
        for part in node.values:
            answer = self.visit(part)
            if answer is not None and condition(answer) is decides:
                return decides
            answers.append(answer)
        return None if None in answers else not decides

    def visit_Compare(self, node: ast.Compare) -> Value:
        values = [self.visit(part) for part in (node.left, *node.comparators)]
        pairs = zip(node.ops, values, values[1:], strict=False)
        answers = [compared(sign, left, right) for sign, left, right in pairs]
        if False in answers:
            return False
        return None if None in answers else True

    def visit_IfExp(self, node: ast.IfExp) -> Value:
        answer = self.visit(node.test)
        if answer is None:
            return None
        return self.visit(node.body if condition(answer) else node.orelse)

    def visit_Call(self, node: ast.Call) -> Value:
        name = _called(node)
        arguments = [self.visit(argument) for argument in node.args]
        if name not in TAKES_UNKNOWN and None in arguments:
            return None
        return self.functions[name](*arguments)


def plain(value: Value) -> Value:
    """Give a number as an exact one; anything else, flags too, as it is."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value
    return exact(value)


def condition(value: Value) -> bool:
    """Give a flag; anything else raises a TypeError."""
    if not isinstance(value, bool):
        raise TypeError(f"{value} is neither true nor false")
    return value


def compared(sign: ast.cmpop, left: Value, right: Value) -> bool | None:
    """Compare; a day may be compared with a text such as "2021-01-01"."""
    if left is None or right is None:
        return None
    if isinstance(left, date) and isinstance(right, str):
        right = date.fromisoformat(right)
    if isinstance(right, date) and isinstance(left, str):
        left = date.fromisoformat(left)
    return bool(_COMPARISONS[type(sign)](left, right))
