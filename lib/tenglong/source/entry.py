"""A YAML file read exactly, and its mappings read key by key so that every fault is told."""

import difflib
from collections.abc import Hashable, Iterable, Mapping
from datetime import date
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar

import yaml

from tenglong.errors import ConfigurationError
from tenglong.measure.clause import Label, Window
from tenglong.safe_yaml import SAFE_LOADER

Choice = TypeVar("Choice", bound=StrEnum)
FEW = 4  # so many choices are all listed; of more, the nearest is


class _ExactLoader(SAFE_LOADER):  # type: ignore[misc]  # chosen at run time
    """YAML whose 2.3 is 23/10, and in whose mappings a key stands once."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = key_node.value
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    problem=f"the key {key!r} stands twice", problem_mark=key_node.start_mark
                )
            seen.add(key)
        return dict(super().construct_mapping(node, deep=deep))

    def construct_exact(self, node: yaml.ScalarNode) -> Fraction | str:
        """Give a number with a point; .inf and .nan stay text, which is no number to anyone."""
        try:
            return Fraction(node.value)
        except ValueError:
            return str(node.value)

    def construct_day(self, node: yaml.ScalarNode) -> Any:
        """Give a date; 2021-02-30 stays text, to be refused where a date is wanted."""
        try:
            return self.construct_yaml_timestamp(node)
        except ValueError:
            return str(node.value)


_ExactLoader.add_constructor("tag:yaml.org,2002:float", _ExactLoader.construct_exact)
_ExactLoader.add_constructor("tag:yaml.org,2002:timestamp", _ExactLoader.construct_day)


def read_yaml(path: Path) -> Any:
    """Read a YAML file; numbers with a point are fractions.

    Raises
    ------
    ConfigurationError
        If it cannot be read, or is not YAML; with the line.
    """
    try:
        # The loader is a SafeLoader: it makes plain values only.
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_ExactLoader)  # noqa: S506
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ConfigurationError(f"{path.name}: line {line}: {error.problem}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        message = " ".join(str(error).split())
        raise ConfigurationError(f"{path.name}: is not YAML in UTF-8: {message}") from error


def near(name: object, known: Iterable[str]) -> str:
    """Suggest the nearest valid name.

    >>> near("vlaue", ["value", "unit"])
    " (did you mean 'value'?)"
    >>> near("x", ["value", "unit"])
    ''
    """
    found = difflib.get_close_matches(str(name), list(known), n=1)
    return f" (did you mean {found[0]!r}?)" if found else ""


class Entry:
    """One mapping of a file: typed access to its keys; what is wrong goes into `faults`."""

    def __init__(self, raw: object, place: str, faults: list[str]) -> None:
        self.place = place
        self.faults = faults
        self.raw: Mapping[Any, Any] = raw if isinstance(raw, Mapping) else {}
        self.is_mapping = isinstance(raw, Mapping)
        if not self.is_mapping:
            self.fault("must be a mapping of keys")

    def fault(self, message: str) -> None:
        """Note what is wrong here."""
        self.faults.append(f"{self.place}: {message}" if self.place else message)

    def expect(self, known: Iterable[str], *, needed: Iterable[str] = ()) -> None:
        """Note unknown and missing keys."""
        names = tuple(known)
        for key in self.raw:
            if key not in names:
                self.fault(f"unknown key {key!r}{near(key, names)}")
        if self.is_mapping:
            for key in needed:
                if self.raw.get(key) is None:
                    self.fault(f"the key {key!r} is missing")

    def has(self, key: str) -> bool:
        """Whether the key is there and is not empty."""
        return self.raw.get(key) is not None

    def text(self, key: str, default: str = "") -> str:
        """Give a text."""
        value = self.raw.get(key)
        if value is None:
            return default
        if not isinstance(value, str):
            self.fault(f"{key}: {_shown(value)} must be a text")
            return default
        return value

    def flag(self, key: str) -> bool:
        """Give a yes or no; no where it is not there."""
        value = self.raw.get(key, False)
        if not isinstance(value, bool):
            self.fault(f"{key}: {_shown(value)} must be true or false")
        return value is True

    def year(self, key: str, default: int) -> int:
        """Give a year."""
        value = self.raw.get(key, default)
        if type(value) is not int:
            self.fault(f"{key}: {_shown(value)} must be a year such as 2020")
            return default
        return value

    def number(self, key: str) -> Fraction | None:
        """Give an exact number: an integer, a decimal, or a ratio such as 1/3."""
        value = self.raw.get(key)
        if value is None:
            return None
        if isinstance(value, (int, str, Fraction)) and not isinstance(value, bool):
            try:
                return Fraction(value)
            except (ValueError, ZeroDivisionError):
                pass
        self.fault(f"{key}: {_shown(value)} must be a number such as 20, 2.3 or 1/3")
        return None

    def day(self, key: str, default: date) -> date:
        """Give a date."""
        value = self.raw.get(key, default)
        if type(value) is not date:
            self.fault(f"{key}: {_shown(value)} must be a date such as 2022-06-30")
            return default
        return value

    def choice(self, key: str, among: type[Choice]) -> Choice | None:
        """Give a member of an enumeration."""
        value = self.raw.get(key)
        if value is None:
            return None
        names = [member.value for member in among]
        if value not in names:
            few = f" (one of {', '.join(names)})" if len(names) <= FEW else near(value, names)
            self.fault(f"unknown {key} {_shown(value)}{few}")
            return None
        return among(value)

    def label(self, key: str) -> Label:
        """Give a name in both languages."""
        if not self.has(key):
            return Label("", "")
        inner = self.entry(key)
        inner.expect(("zh", "en"), needed=("zh", "en"))
        return Label(inner.text("zh"), inner.text("en"))

    def window(self, key: str, default: Window) -> Window:
        """Give the days from `start` to `end`."""
        if not self.has(key):
            return default
        inner = self.entry(key)
        inner.expect(("start", "end"), needed=("start", "end"))
        window = Window(inner.day("start", default.start), inner.day("end", default.end))
        if window.start > window.end:
            inner.fault(f"ends on {window.end}, before it starts on {window.start}")
        return window

    def strings(self, key: str) -> tuple[str, ...]:
        """Give a list of texts."""
        values = self._list(key)
        for value in values:
            if not isinstance(value, str):
                self.fault(f"{key}: {_shown(value)} must be a text")
        return tuple(value for value in values if isinstance(value, str))

    def entry(self, key: str) -> "Entry":
        """Give the mapping under a key."""
        return Entry(self.raw.get(key), f"{self.place}, {key}" if self.place else key, self.faults)

    def entries(self, key: str, noun: str) -> list["Entry"]:
        """Give a list of mappings; each is called `noun` and its id, or else its number."""
        return [
            Entry(raw, f"{noun} {_id_of(raw) or number}", self.faults)
            for number, raw in enumerate(self._list(key), start=1)
        ]

    def _list(self, key: str) -> list[Any]:
        values = self.raw.get(key)
        if values is None:
            return []
        if not isinstance(values, list):
            self.fault(f"{key}: {_shown(values)} must be a list")
            return []
        return values


def _id_of(raw: object) -> str:
    return str(raw.get("id") or "") if isinstance(raw, Mapping) else ""


def _shown(value: object) -> str:
    return str(value) if isinstance(value, (Fraction, date)) else repr(value)
