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
Names = Mapping[str, Value]
Functions = Mapping[str, Function]
Step = Callable[[Names, Functions], Value]

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
_UNARY: Mapping[type[ast.unaryop], Function] = {
    ast.Not: lambda value: not condition(value),
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
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
    *_UNARY,
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

    @cached_property
    def _evaluated(self) -> Step:
        """The evaluation, put together once: it walks the tree no more."""
        return _step(self.tree)

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what is put together anew where it is needed."""
        return {"text": self.text, "tree": self.tree}

    def __call__(self, names: Names, functions: Functions | None = None) -> Value:
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
            known = {**FUNCTIONS, **functions} if functions else FUNCTIONS
            return plain(self._evaluated(names, known))
        except (TypeError, ValueError, AttributeError) as error:
            raise ConfigurationError(f"formula {self.text!r}: {error}") from error

    def holds(self, names: Names, functions: Functions | None = None) -> bool | None:
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


def _constant(node: ast.Constant) -> Step:
    value = plain(node.value)
    return lambda _names, _functions: value


def _name(node: ast.Name) -> Step:
    name = node.id
    return lambda names, _functions: names[name]


def _group(node: ast.Tuple | ast.List) -> Step:
    parts = [_step(part) for part in node.elts]
    return lambda names, functions: tuple(part(names, functions) for part in parts)


def _arithmetic(node: ast.BinOp) -> Step:
    left, right, reckoned = _step(node.left), _step(node.right), ARITHMETIC[type(node.op)]

    def step(names: Names, functions: Functions) -> Value:
        first, second = left(names, functions), right(names, functions)
        return None if first is None or second is None else reckoned(first, second)

    return step


def _unary(node: ast.UnaryOp) -> Step:
    operand, turned = _step(node.operand), _UNARY[type(node.op)]

    def step(names: Names, functions: Functions) -> Value:
        value = operand(names, functions)
        return None if value is None else turned(value)

    return step


def _joined(node: ast.BoolOp) -> Step:
    decides = isinstance(node.op, ast.Or)  # one true decides `or`, one false decides `and`
    parts = [_step(part) for part in node.values]

    def step(names: Names, functions: Functions) -> Value:
        is_known = True
        for part in parts:
            answer = part(names, functions)
            if answer is None:
                is_known = False
            elif condition(answer) is decides:
                return decides
        return not decides if is_known else None

    return step


def _comparison(node: ast.Compare) -> Step:
    parts = [_step(part) for part in (node.left, *node.comparators)]
    signs = node.ops

    def step(names: Names, functions: Functions) -> Value:
        values = [part(names, functions) for part in parts]
        pairs = zip(signs, values, values[1:], strict=False)
        answers = [compared(sign, left, right) for sign, left, right in pairs]
        if False in answers:
            return False
        return None if None in answers else True

    return step


def _choice(node: ast.IfExp) -> Step:
    test, body, otherwise = _step(node.test), _step(node.body), _step(node.orelse)

    def step(names: Names, functions: Functions) -> Value:
        answer = test(names, functions)
        if answer is None:
            return None
        return body(names, functions) if condition(answer) else otherwise(names, functions)

    return step


def _call(node: ast.Call) -> Step:
    name, parts = _called(node), [_step(argument) for argument in node.args]
    takes_unknown = name in TAKES_UNKNOWN

    def step(names: Names, functions: Functions) -> Value:
        arguments = [part(names, functions) for part in parts]
        if not takes_unknown and None in arguments:
            return None
        return functions[name](*arguments)

    return step


_STEPS: Mapping[type[ast.expr], Callable[[Any], Step]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Tuple: _group,
    ast.List: _group,
    ast.BinOp: _arithmetic,
    ast.UnaryOp: _unary,
    ast.BoolOp: _joined,
    ast.Compare: _comparison,
    ast.IfExp: _choice,
    ast.Call: _call,
}


def _step(node: ast.expr) -> Step:
    """Give the evaluation of an expression: names and functions in, None out where not known."""
    return _STEPS[type(node)](node)


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
