"""YAML, read in one way: plain values, a key once in its mapping, every mapping with its lines."""

from collections.abc import Hashable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from tenglong.errors import ConfigurationError

# The one in C reads ten times faster, and not every build of PyYAML has it.
_SAFE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Marked(dict[Any, Any]):
    """A mapping that knows on which line of its file each key stands."""

    lines: dict[str, int]

    def line(self, key: object) -> int:
        """Give the line of a key, from 1; 0 where it is not known."""
        return self.lines.get(str(key), 0)


class _Loader(_SAFE):  # type: ignore[misc]  # chosen at run time
    """Makes plain values only, as the safe loader does."""

    def construct_marked(self, node: yaml.MappingNode) -> Iterator[Marked]:
        marked = Marked()
        marked.lines = {}
        for key, _ in node.value:
            if key.value in marked.lines:
                raise yaml.constructor.ConstructorError(
                    problem=f"the key {key.value!r} stands twice", problem_mark=key.start_mark
                )
            marked.lines[key.value] = key.start_mark.line + 1
        yield marked
        content: dict[Hashable, Any] = self.construct_mapping(node)
        marked.update(content)

    def construct_day(self, node: yaml.ScalarNode) -> Any:
        """Give a date; 2021-02-30 stays text, to be refused where a date is wanted."""
        try:
            return self.construct_yaml_timestamp(node)
        except ValueError:
            return str(node.value)


_Loader.add_constructor("tag:yaml.org,2002:map", _Loader.construct_marked)
_Loader.add_constructor("tag:yaml.org,2002:timestamp", _Loader.construct_day)


@lru_cache(maxsize=256)
def parse_yaml(text: str, name: str) -> Any:
    r"""Read a text; the same text gives the same object, which is not to be changed.

    Parameters
    ----------
    name
        What the text is called in messages.

    Raises
    ------
    ConfigurationError
        If it is not YAML, or a key stands twice in a mapping; with the place. The line itself is
        not repeated: somebody may have put a password into it.

    >>> parse_yaml("a: [1, 二]", "a.yml")
    {'a': [1, '二']}
    >>> parse_yaml("a: 1\na: 2", "a.yml")
    Traceback (most recent call last):
    tenglong.errors.ConfigurationError: a.yml: line 2, column 1: the key 'a' stands twice
    """
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - it makes plain values only
    except yaml.YAMLError as error:
        fault = _fault(error)
    raise ConfigurationError(f"{name}: {fault}")  # not chained: the parser's quotes the line


def _fault(error: yaml.YAMLError) -> str:
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return "is not YAML"
    place = error.problem_mark
    return f"line {place.line + 1}, column {place.column + 1}: {error.problem}"


def read_yaml(path: Path) -> Any:
    """Read a file, see `parse_yaml`.

    Raises
    ------
    ConfigurationError
        If it cannot be read, is not in UTF-8, or is not YAML.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path.name}: cannot be read as a text in UTF-8") from error
    return parse_yaml(text, path.name)
