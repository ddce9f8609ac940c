"""A mapping of a YAML file as a frozen dataclass, with everything that is wrong told at once."""

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from tenglong.errors import Fault, did_you_mean, unknown
from tenglong.yaml_file import Marked

Shape = TypeVar("Shape")
_hints: Callable[[Any], Mapping[str, Any]] = cache(get_type_hints)
MAPPING = "应分键书写，每个键后面是冒号、空格和值"
_BLANKS: Mapping[type, Any] = {
    str: "",
    bool: False,
    int: 0,
    Fraction: Fraction(0),
    date: date.min,
    float: 0.0,
}


def shaped(
    shape: type[Shape], raw: object, place: str, faults: list[str], *, beside: Iterable[str] = ()
) -> Shape:
    r"""Build a dataclass from a mapping.

    Parameters
    ----------
    shape
        A dataclass. Its fields may be texts, flags, integers, exact numbers, days, enumerations,
        classes with a `parse`, other dataclasses, and tuples and mappings (by text) of these.
    place
        Where the mapping stands in its file, for the messages; empty for all of the file.
    faults
        What is wrong is added here, with its line where the mapping knows it; a faulty value is
        replaced by its default, or a blank.
    beside
        Keys that stand there, too, and are no fields.

    >>> from tenglong.measure.clause import Label
    >>> from tenglong.yaml_file import parse_yaml
    >>> faults = []
    >>> shaped(Label, parse_yaml("zh: 亩\neng: mu", "a.yml"), "unit", faults)
    Label(zh='亩', en='')
    >>> faults[0]
    "line 2: unit: unknown key 'eng' (did you mean 'en'?)"
    >>> faults[1]
    "line 1: unit: the key 'en' is missing"
    """
    known = {part.name: part for part in fields(shape)}  # type: ignore[arg-type]
    given = raw if isinstance(raw, Mapping) else {}
    if not isinstance(raw, Mapping):
        faults.append(Fault("must be a mapping of keys", MAPPING, place=place))
    names = [*known, *beside]
    faults += [
        unknown(
            "key",
            "键",
            key,
            names,
            line=line_of(given, key),
            place=place,
            about=f"{place}.{key}".lstrip("."),
        )
        for key in given
        if key not in names
    ]
    hints = _hints(shape)
    values: dict[str, Any] = {}
    for name, part in known.items():
        if given.get(name) is not None:
            below = f"{place}.{name}" if place else name
            values[name] = _value(hints[name], given[name], below, faults, line_of(given, name))
        elif _is_needed(part):
            values[name] = _blank(hints[name])
            if isinstance(raw, Mapping):
                lacks = f"the key {name!r} is missing", f"缺少“{name}”这个键"
                here: dict[str, Any] = {"line": line_of(given), "place": place}
                faults.append(Fault(*lacks, about=f"{place}.{name}".lstrip("."), **here))
    return shape(**values)


def whole(
    shape: type[Shape],
    raw: object,
    faults: list[str],
    *,
    beside: Iterable[str] = (),
    also: Callable[[Shape, Any], Iterable[Fault]] | None = None,
) -> Shape:
    """Build a dataclass from all of a file.

    Parameters
    ----------
    also
        What else may be wrong with what was read, given with the file as it stands; added to the
        faults, but for what a fault of the shape has made of it.
    """
    read = shaped(shape, raw, "", faults, beside=beside)
    if also is not None:
        faults += apart(also(read, raw), faults)
    return read


def apart(more: Iterable[Fault], faults: Iterable[str]) -> list[Fault]:
    """Give faults of places that no other fault is about, nor anything that they lie in.

    >>> told = [Fault("is no number", "不是数字", place="a.b")]
    >>> [one.about for one in apart([Fault("", "", place=p) for p in ("a.b.c", "a.bc")], told)]
    ['a.bc']
    """
    known = [one.about for one in faults if isinstance(one, Fault) and one.about]
    return [
        one
        for one in more
        if not any(re.match(rf"{re.escape(place)}(?![^.\[])", one.about) for place in known)
    ]


def line_of(raw: object, key: str = "") -> int:
    """Give the line of a key, or the first one of a mapping; 0 where it is not known."""
    if not isinstance(raw, Marked):
        return 0
    return raw.line(key) if key else min(raw.lines.values(), default=0)


def line_at(raw: object, place: str) -> int:
    r"""Give the line of a place in a mapping; of what is next above it where that has none.

    >>> from tenglong.yaml_file import parse_yaml
    >>> raw = parse_yaml("a:\n  b: 1\n  c:\n  - {d: 2}\n  - {d: 3}", "a.yml")
    >>> line_at(raw, "a.b"), line_at(raw, "a.c[2].d"), line_at(raw, "a.b.x"), line_at({}, "a")
    (2, 5, 2, 0)
    """
    line, here = 0, raw
    for key in re.findall(r"[^.\[\]]+", place):
        if isinstance(here, list):
            here = here[int(key) - 1] if key.isdecimal() and 0 < int(key) <= len(here) else None
            line = line_of(here) or line
        elif isinstance(here, Mapping):
            line = line_of(here, key) or line
            here = next((value for name, value in here.items() if str(name) == key), None)
    return line


def fault_at(raw: object, place: str, en: str, zh: str) -> Fault:
    r"""Make the fault of a place in a mapping, with its line.

    >>> from tenglong.yaml_file import parse_yaml
    >>> fault_at(parse_yaml("a: 1\nb: 2", "a.yml"), "b", "must be 3", "应是 3").zh
    '第 2 行：b：应是 3'
    """
    return Fault(en, zh, line=line_at(raw, place), place=place)


def _is_nested(hint: Any) -> bool:
    return is_dataclass(hint) and not hasattr(hint, "parse")


def _is_needed(part: "Field[Any]") -> bool:
    return part.default is MISSING and part.default_factory is MISSING


def _value(hint: Any, raw: object, place: str, faults: list[str], line: int) -> Any:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        before = len(faults)
        inner = next(a for a in arguments if a is not NoneType)
        value = _value(inner, raw, place, faults, line)
        return value if len(faults) == before else None
    if origin is tuple:
        return _items(arguments[0], raw, place, faults, line)
    if origin is not None and issubclass(origin, Mapping):
        return _entries(arguments[1], raw, place, faults, line)
    if _is_nested(hint):
        return shaped(hint, raw, place, faults)
    try:
        return _scalar(hint, raw)
    except (TypeError, ValueError) as error:
        said = error.args[0]
        zh = said.zh if isinstance(said, Fault) else str(said)
        faults.append(Fault(str(said), zh, line=line, place=place))
        return _blank(hint)


def _items(hint: Any, raw: object, place: str, faults: list[str], line: int) -> tuple[Any, ...]:
    if not isinstance(raw, list):
        said = f"{raw!r} must be a list", f"“{raw}”应是列表，如 [甲, 乙]"
        faults.append(Fault(*said, line=line, place=place))
        return ()
    return tuple(
        _value(hint, item, _place_of(item, place, number), faults, line_of(item) or line)
        for number, item in enumerate(raw, start=1)
    )


def _place_of(item: object, place: str, number: int) -> str:
    """Call an item by its id, `clause rate`, or else by its number, `clauses[2]`."""
    name = item.get("id") if isinstance(item, Mapping) else None
    return f"{place.removesuffix('s')} {name}" if isinstance(name, str) else f"{place}[{number}]"


def _entries(hint: Any, raw: object, place: str, faults: list[str], line: int) -> dict[str, Any]:
    if not isinstance(raw, Mapping):
        said = f"{raw!r} must be a mapping of keys", f"“{raw}”{MAPPING}"
        faults.append(Fault(*said, line=line, place=place))
        return {}
    return {
        str(key): _value(hint, value, f"{place}.{key}", faults, line_of(raw, str(key)))
        for key, value in raw.items()
    }


def _scalar(hint: Any, raw: object) -> Any:
    if hasattr(hint, "parse"):
        return hint.parse(raw)
    if issubclass(hint, StrEnum):
        names = [member.value for member in hint]
        if raw not in names:
            choices = ", ".join(names)
            en = f"{raw!r} must be one of {choices}{did_you_mean(raw, names)}"
            raise ValueError(Fault(en, f"“{raw}”应是 {'、'.join(names)} 之一"))
        return hint(raw)
    if hint in (Fraction, float):
        return hint(_number(raw))
    if type(raw) is not hint:
        en, zh = _NOUNS[hint]
        raise TypeError(Fault(f"{raw!r} must be a {en}", f"“{raw}”应是{zh}"))
    return raw


_NOUNS = {
    str: ("text", "文字（数字、日期和“是否”请加引号）"),
    bool: ("yes or no: true or false", " true（是）或 false（否）"),
    int: ("whole number", "整数"),
    date: ("date such as 2022-06-30", "日期，如 2022-06-30"),
}


def _number(raw: object) -> Fraction:
    if isinstance(raw, (int, float, str, Fraction)) and not isinstance(raw, bool):
        try:
            return Fraction(str(raw))  # by its shortest decimal form, which stood in the file
        except (ValueError, ZeroDivisionError):
            pass
    en, zh = (
        f"{raw!r} must be a number such as 20, 2.3 or 1/3",
        f"“{raw}”应是数字，如 20、2.3 或 1/3",
    )
    raise ValueError(Fault(en, zh))


def _blank(hint: Any) -> Any:
    """Stand in for a value that is wrong or missing, so that the rest can be read."""
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        return None
    if origin is not None:
        return () if origin is tuple else {}
    if hasattr(hint, "parse"):
        with suppress(TypeError, ValueError):
            return hint.parse(0)
        return None
    if _is_nested(hint):
        return shaped(hint, {}, "", [])
    return next(iter(hint)) if issubclass(hint, StrEnum) else _BLANKS[hint]
