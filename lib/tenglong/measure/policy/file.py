"""A file of `data/policy` as a frozen dataclass, with everything that is wrong told at once."""

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from fractions import Fraction
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from tenglong.errors import ConfigurationError
from tenglong.measure.exact import exact

Shape = TypeVar("Shape")
_BLANKS: Mapping[type, Any] = {str: "", bool: False, int: 0, Fraction: Fraction(0), date: date.min}


def shaped(shape: type[Shape], raw: object, place: str, faults: list[str]) -> Shape:
    """Build a dataclass from a mapping.

    Parameters
    ----------
    shape
        A dataclass. Its fields may be texts, flags, integers, exact numbers, days, enumerations,
        classes with a `parse`, other dataclasses, and tuples and mappings (by text) of these.
    place
        Where the mapping stands, for the messages.
    faults
        What is wrong is added here; a faulty value is replaced by its default, or a blank.

    >>> from tenglong.measure.clause import Label
    >>> faults = []
    >>> shaped(Label, {"zh": "亩", "eng": "mu"}, "unit", faults)
    Label(zh='亩', en='')
    >>> faults
    ["unit: unknown key 'eng' (did you mean 'en'?)", "unit: the key 'en' is missing"]
    """
    known = {part.name: part for part in fields(shape)}  # type: ignore[arg-type]
    given = raw if isinstance(raw, Mapping) else {}
    if not isinstance(raw, Mapping):
        faults.append(f"{place}: must be a mapping of keys")
    faults += [
        f"{place}: unknown key {key!r}{near(key, known)}" for key in given if key not in known
    ]
    hints = get_type_hints(shape)
    values: dict[str, Any] = {}
    for name, part in known.items():
        if given.get(name) is not None:
            values[name] = _value(hints[name], given[name], f"{place}.{name}", faults)
        elif _is_needed(part):
            values[name] = _blank(hints[name])
            if isinstance(raw, Mapping):
                faults.append(f"{place}: the key {name!r} is missing")
    return shape(**values)


def near(name: object, known: Iterable[str]) -> str:
    """Suggest the nearest valid name.

    >>> near("wieght", ["weight", "unit"])
    " (did you mean 'weight'?)"
    """
    found = get_close_matches(str(name), list(known), n=1)
    return f" (did you mean {found[0]!r}?)" if found else ""


def _is_nested(hint: Any) -> bool:
    return is_dataclass(hint) and not hasattr(hint, "parse")


def _is_needed(part: "Field[Any]") -> bool:
    return part.default is MISSING and part.default_factory is MISSING


def _value(hint: Any, raw: object, place: str, faults: list[str]) -> Any:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return _value(next(a for a in arguments if a is not NoneType), raw, place, faults)
    if origin is tuple:
        return _items(arguments[0], raw, place, faults)
    if origin is not None and issubclass(origin, Mapping):
        return _entries(arguments[1], raw, place, faults)
    if _is_nested(hint):
        return shaped(hint, raw, place, faults)
    try:
        return _scalar(hint, raw)
    except (TypeError, ValueError) as error:
        faults.append(f"{place}: {error}")
        return _blank(hint)


def _items(hint: Any, raw: object, place: str, faults: list[str]) -> tuple[Any, ...]:
    if not isinstance(raw, list):
        faults.append(f"{place}: {raw!r} must be a list")
        return ()
    return tuple(
        _value(hint, one, f"{place}[{number}]", faults) for number, one in enumerate(raw, start=1)
    )


def _entries(hint: Any, raw: object, place: str, faults: list[str]) -> dict[str, Any]:
    if not isinstance(raw, Mapping):
        faults.append(f"{place}: {raw!r} must be a mapping of keys")
        return {}
    return {str(key): _value(hint, one, f"{place}.{key}", faults) for key, one in raw.items()}


def _scalar(hint: Any, raw: object) -> Any:
    if hasattr(hint, "parse"):
        return hint.parse(raw)
    if issubclass(hint, StrEnum):
        names = [member.value for member in hint]
        if raw not in names:
            choices = ", ".join(names)
            raise ValueError(f"{raw!r} must be one of {choices}{near(raw, names)}")
        return hint(raw)
    if hint is Fraction:
        return _number(raw)
    if type(raw) is not hint:
        raise TypeError(f"{raw!r} must be a {_NOUNS[hint]}")
    return raw


_NOUNS = {str: "text", bool: "yes or no: true or false", int: "whole number", date: "date"}


def _number(raw: object) -> Fraction:
    if isinstance(raw, (int, float, str, Fraction)) and not isinstance(raw, bool):
        try:
            return exact(raw)
        except (ValueError, ZeroDivisionError):
            pass
    raise ValueError(f"{raw!r} must be a number such as 20, 2.3 or 1/3")


def _blank(hint: Any) -> Any:
    """Stand in for a value that is wrong or missing, so that the rest can be read."""
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        return None
    if origin is not None:
        return () if origin is tuple else {}
    if hasattr(hint, "parse"):
        return hint.parse(0)
    if _is_nested(hint):
        return shaped(hint, {}, "", [])
    return next(iter(hint)) if issubclass(hint, StrEnum) else _BLANKS[hint]


ABOUT = ("source", "source_en")


def policy_file(shape: type[Shape], policy: Mapping[str, Any], name: str) -> Shape:
    """Read one file of the policy; its fields are the keys of the file beside its sources.

    Raises
    ------
    ConfigurationError
        If there is no such file, or its keys or values are not those of the dataclass.

    Examples
    --------
    >>> from tenglong.measure.clause import Label
    >>> policy_file(Label, {"unit": {"source": "…", "zh": "亩", "en": "mu"}}, "unit")
    Label(zh='亩', en='mu')
    >>> policy_file(Label, {"unit": {"source": "…", "zh": "亩"}}, "unit")
    Traceback (most recent call last):
    tenglong.errors.ConfigurationError: policy unit: the key 'en' is missing
    """
    if name not in policy:
        raise ConfigurationError(f"policy {name}: there is no {name}.yml")
    raw = policy[name]
    given = {key: value for key, value in raw.items() if key not in ABOUT}
    faults: list[str] = []
    read = shaped(shape, given, f"policy {name}", faults)
    if faults:
        raise ConfigurationError("; ".join(faults))
    return read
