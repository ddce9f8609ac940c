"""A notebook's parameters: declared once, by typed assignments in the cell tagged `parameters`.

The cell is read, never run, so a wrong parameter is refused before any kernel starts. It may
hold assignments such as

    as_of: str = "2022-06-30"  # the day it is judged on (YYYY-MM-DD)
    language: Literal["zh", "en"] = "zh"  # language of the page
    limit: int = 20  # rows shown

and imports. A `str` whose default is a day in ISO form takes days in ISO form only.
"""

import ast
import io
import math
import tokenize
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tenglong.errors import ConfigurationError, UsageError, did_you_mean

Value = str | int | float | bool
TYPES: Mapping[str, type] = {"str": str, "int": int, "float": float, "bool": bool}
TRUE = ("true", "yes", "1", "是")
FALSE = ("false", "no", "0", "否")


@dataclass(frozen=True)
class Parameter:
    """One declared parameter of a notebook.

    Attributes
    ----------
    choices
        The only values that are allowed (`Literal[...]`); empty where any of the type is.
    is_day
        Whether a `str` must be a day, YYYY-MM-DD.
    help
        The comment behind the assignment.
    """

    name: str
    type: type
    default: Value
    choices: tuple[Value, ...] = ()
    is_day: bool = False
    help: str = ""

    @property
    def wanted(self) -> str:
        """What a value must be, in words.

        >>> Parameter("limit", int, 20).wanted
        'int'
        >>> Parameter("language", str, "zh", choices=("zh", "en")).wanted
        'one of zh, en'
        """
        if self.choices:
            return f"one of {', '.join(str(choice) for choice in self.choices)}"
        return "a day, YYYY-MM-DD" if self.is_day else self.type.__name__

    def read(self, text: str) -> Value:
        """Read a value from the text of a command line.

        Raises
        ------
        ValueError
            If it is not of the declared type or not among the choices.

        Examples
        --------
        >>> Parameter("limit", int, 20).read("5")
        5
        """
        value = _is_true(text) if self.type is bool else self.type(text)
        if self.choices and value not in self.choices:
            raise ValueError(text)
        if self.type is float and not math.isfinite(value):
            raise ValueError(text)
        if self.is_day and date.fromisoformat(text).isoformat() != text:
            raise ValueError(text)
        return value


def declared(source: str, *, notebook: str = "notebook") -> dict[str, Parameter]:
    """Read the parameters that a notebook's `parameters` cell declares.

    Raises
    ------
    ConfigurationError
        If the cell holds anything else than imports and typed assignments of literals.

    Examples
    --------
    >>> declared("limit: int = 20  # rows shown")["limit"].help
    'rows shown'
    """
    try:
        body = ast.parse(source).body
    except SyntaxError as error:
        raise ConfigurationError(f"{notebook}: parameters: {error.msg}") from error
    comments = _comments(source)
    parameters = {}
    for node in body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            continue
        parameter = _parameter(node, comments, where=f"{notebook}: parameters, line {node.lineno}")
        parameters[parameter.name] = parameter
    return parameters


def given(
    parameters: Mapping[str, Mapping[str, Parameter]], texts: Mapping[str, str]
) -> dict[str, dict[str, Value]]:
    """Give each page the values that it is to run with, out of those that the user gave.

    Parameters
    ----------
    parameters
        What each page declares, by the page's id.
    texts
        Name → value, as typed; a page gets those that it declares.

    Raises
    ------
    UsageError
        Naming every parameter that no page declares or whose value is not as declared.
    """
    faults = [
        _unknown(name, parameters.values()) for name in texts if not _owners(name, parameters)
    ]
    values: dict[str, dict[str, Value]] = {}
    for page, its in parameters.items():
        values[page], wrong = _values(its, texts)
        faults += [fault for fault in wrong if fault not in faults]
    if faults:
        raise UsageError("; ".join(faults))
    return values


def split(pairs: Sequence[str]) -> dict[str, str]:
    """Split `name=value` pairs as they are typed after -p.

    >>> split(["limit=5", "note=a=b"])
    {'limit': '5', 'note': 'a=b'}
    """
    faults = [pair for pair in pairs if not pair.partition("=")[0].strip() or "=" not in pair]
    if faults:
        raise UsageError(f"-p must be given as name=value, not {', '.join(map(repr, faults))}")
    return {name.strip(): value for name, _, value in (pair.partition("=") for pair in pairs)}


def _owners(name: str, parameters: Mapping[str, Mapping[str, Parameter]]) -> list[str]:
    return [page for page, its in parameters.items() if name in its]


def _unknown(name: str, declarations: Iterable[Mapping[str, Parameter]]) -> str:
    known = sorted({known for its in declarations for known in its})
    return f"unknown parameter {name!r}{did_you_mean(name, known)}"


def _values(
    its: Mapping[str, Parameter], texts: Mapping[str, str]
) -> tuple[dict[str, Value], list[str]]:
    values: dict[str, Value] = {}
    faults = []
    for name in its.keys() & texts.keys():
        try:
            values[name] = its[name].read(texts[name])
        except ValueError:
            faults.append(f"{name} must be {its[name].wanted}, not {texts[name]!r}")
    return dict(sorted(values.items())), sorted(faults)


def _is_true(text: str) -> bool:
    if text.lower() in TRUE:
        return True
    if text.lower() in FALSE:
        return False
    raise ValueError(text)


def _comments(source: str) -> dict[int, str]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {
        token.start[0]: token.string.lstrip("# ").strip()
        for token in tokens
        if token.type == tokenize.COMMENT
    }


def _parameter(node: ast.stmt, comments: Mapping[int, str], *, where: str) -> Parameter:
    match node:
        case ast.AnnAssign(
            target=ast.Name(id=name), annotation=annotation, value=ast.expr() as value
        ):
            pass
        case _:
            raise ConfigurationError(f"{where}: must read `name: type = value`")
    kind, choices = _type(annotation, where=where)
    default = _literal(value, where=where)
    if type(default) is not kind and not (kind is float and type(default) is int):
        raise ConfigurationError(f"{where}: the default of {name} must be {kind.__name__}")
    if choices and default not in choices:
        raise ConfigurationError(f"{where}: the default of {name} must be one of its choices")
    is_day = kind is str and not choices and _is_day(str(default))
    lines = range(node.lineno, (node.end_lineno or node.lineno) + 1)
    help_ = " ".join(comments[line] for line in lines if line in comments)
    return Parameter(name, kind, default, choices, is_day=is_day, help=help_)


def _type(annotation: ast.expr, *, where: str) -> tuple[type, tuple[Value, ...]]:
    match annotation:
        case ast.Name(id=name) if name in TYPES:
            return TYPES[name], ()
        case ast.Subscript(value=ast.Name(id="Literal"), slice=inner):
            items = inner.elts if isinstance(inner, ast.Tuple) else [inner]
            choices = tuple(_literal(item, where=where) for item in items)
            if len({type(choice) for choice in choices}) == 1:
                return type(choices[0]), choices
    known = ", ".join(TYPES)
    raise ConfigurationError(f"{where}: the type must be {known} or Literal[...] of one of them")


def _literal(node: ast.expr, *, where: str) -> Value:
    try:
        value: Any = ast.literal_eval(node)
    except ValueError as error:
        raise ConfigurationError(f"{where}: the value must be a literal") from error
    if type(value) not in TYPES.values():
        raise ConfigurationError(f"{where}: the value must be {', '.join(TYPES)}")
    return value  # type: ignore[no-any-return]  # just checked


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
