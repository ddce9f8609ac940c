"""YAML, read in one way: plain values, a key once in its mapping, every mapping with its lines.

A few lines can stand for more values than there is memory (aliases of aliases), nest deeper than
a parser can follow, or hold what nobody sees; such a text is refused with its line.
"""

import math
from collections.abc import Hashable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from tenglong.encoding import found
from tenglong.errors import ConfigurationError, Fault
from tenglong.unseen import UNSEEN, named

# The one in C reads ten times faster, and not every build of PyYAML has it.
_SAFE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
BRACKETS = ("expected ',' or", "unexpected end of stream")
TAB = "\t"
MOST_BYTES = 10_000_000
MOST_NODES = 1_000_000  # values, those of an alias counted wherever it stands
MOST_DEPTH = 100
SAFE_DEPTH = 1_000  # that the parser can follow, whatever its stack
UNLIKE = Fault(
    "is not YAML: check indents, the blank after a colon, brackets, quotes and ! & *",
    "不合 YAML 写法；请核对缩进、冒号后的空格、括号、引号和 ! & * 等符号",
)


class Marked(dict[Any, Any]):
    """A mapping that knows on which line of its file each key stands, and which stand twice."""

    lines: dict[str, int]
    twice: list[str]

    def line(self, key: object) -> int:
        """Give the line of a key, from 1; 0 where it is not known."""
        return self.lines.get(str(key), 0)


class _Loader(_SAFE):  # type: ignore[misc]  # chosen at run time
    """Makes plain values only, as the safe loader does, and gathers the keys that stand twice."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.faults: list[Fault] = []
        self.has_escapes = "\\" in text

    def construct_text(self, node: yaml.ScalarNode) -> str:
        """Give a text; what an escape puts into it, and nobody sees, is a fault."""
        text = str(self.construct_scalar(node))
        if self.has_escapes and (unseen := UNSEEN.search(text)):
            self.faults.append(_unseen(unseen[0], node.start_mark.line, node.start_mark.column))
        return text

    def construct_marked(self, node: yaml.MappingNode) -> Iterator[Marked]:
        marked = Marked()
        marked.lines, marked.twice = {}, []
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(problem_mark=key.start_mark)
            line, first = key.start_mark.line + 1, marked.lines.get(key.value)
            if first is None:
                marked.lines[key.value] = line
            else:
                marked.twice.append(key.value)
                self.faults.append(_twice(key.value, first, key.start_mark))
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
_Loader.add_constructor("tag:yaml.org,2002:str", _Loader.construct_text)
_Loader.add_constructor("tag:yaml.org,2002:timestamp", _Loader.construct_day)


def _twice(key: str, first: int, again: Any) -> Fault:
    line, column = again.line + 1, again.column + 1
    return Fault(
        f"line {line}, column {column}: the key {key!r} stands twice, first in line {first};"
        " keep one",
        f"第 {line} 行第 {column} 列：“{key}”已在第 {first} 行写过，同一个键只能写一次",
    )


def _unseen(character: str, line: int, column: int) -> Fault:
    return Fault(
        f"line {line + 1}, column {column + 1}: holds a character that cannot be seen"
        f" ({named(character)}); delete it",
        f"第 {line + 1} 行第 {column + 1} 列：有看不见的字符（{named(character)}），请删去",
    )


def _unseen_in(text: str) -> list[Fault]:
    """Tell of what nobody sees in the text itself, once a line; a mark at its beginning is none."""
    start = int(text.startswith("\ufeff"))
    if not UNSEEN.search(text, start):
        return []
    lines = [line[start:] if not number else line for number, line in enumerate(text.split("\n"))]
    found = [(number, UNSEEN.search(line)) for number, line in enumerate(lines)]
    return [_unseen(one[0], number, one.start()) for number, one in found if one]


def _too_deep(text: str) -> Fault | None:
    """Tell where a text nests too deeply; its events come without going into it."""
    depth = 0
    for event in yaml.parse(text, Loader=_SAFE):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MOST_DEPTH:
            said = f"nests deeper than {MOST_DEPTH} levels", f"嵌套超过 {MOST_DEPTH} 层"
            return Fault(*said, line=_line(event))
    return None


def _line(part: Any) -> int:
    return int(part.start_mark.line) + 1


def _may_be_deep(text: str) -> bool:
    """Tell whether a text may nest deeper than the parser can follow: by brackets and indents."""
    return text.count("[") + text.count("{") + max(map(len, text.split("\n"))) > SAFE_DEPTH


def _too_large(root: yaml.Node) -> Fault | None:
    """Tell where aliases make a value of more values than it may have, or hold itself."""
    counts: dict[int, float] = {}

    def count(node: yaml.Node) -> Fault | None:
        if id(node) in counts:
            return None
        counts[id(node)] = math.inf  # until all of it is counted
        parts = [] if isinstance(node, yaml.ScalarNode) else node.value
        parts = [one for part in parts for one in (part if isinstance(part, tuple) else (part,))]
        for one in parts:
            if fault := count(one):
                return fault
        counts[id(node)] = 1 + sum(counts[id(one)] for one in parts)
        if counts[id(node)] > MOST_NODES:
            return Fault(
                f"its aliases (*) make more than {MOST_NODES:,} values of it, or hold itself",
                f"其中的别名（*）展开后超过 {MOST_NODES:,} 个值，或引用了自己",
                line=_line(node),
            )
        return None

    return count(root)


@lru_cache(maxsize=256)
def _parsed(text: str) -> tuple[Any, tuple[Fault, ...]]:
    if unseen := _unseen_in(text):
        return None, tuple(unseen)
    try:
        deep = _too_deep(text) if _may_be_deep(text) else None
    except yaml.YAMLError:
        deep = None  # it is told below, by its cause
    return (None, (deep,)) if deep else _loaded(text)


def _loaded(text: str) -> tuple[Any, tuple[Fault, ...]]:
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        large = _too_large(node) if node is not None and "&" in text else None
        if large is not None:
            return None, (*loader.faults, large)
        value = None if node is None else loader.construct_document(node)
    except yaml.YAMLError as error:
        return None, (*loader.faults, _fault(error, text))
    except RecursionError:
        return None, (*loader.faults, _too_deep(text) or UNLIKE)
    except ValueError:
        return None, (*loader.faults, UNLIKE)
    finally:
        loader.dispose()
    return value, tuple(loader.faults)


def parse_yaml(text: str, name: str, *, faults: list[str] | None = None) -> Any:
    r"""Read a text; the same text gives the same object, which is not to be changed.

    Parameters
    ----------
    name
        What the text is called in messages.
    faults
        Where it is given, keys that stand twice are added to it and not raised, so that they can
        be told with what else is wrong.

    Raises
    ------
    ConfigurationError
        If it is not YAML, nests too deeply, has aliases of more values than it may, holds what
        nobody sees, or a key stands twice in a mapping; with the place. The line itself is not
        repeated: somebody may have put a password into it.

    >>> parse_yaml("a: [1, 二]", "a.yml")
    {'a': [1, '二']}
    >>> parse_yaml("a: 1\na: 2", "a.yml")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    tenglong.errors.ConfigurationError: a.yml: line 2, column 1: the key 'a' stands twice, first...
    """
    value, wrong = _parsed(text)
    if faults is None or value is None:
        if wrong:
            raise ConfigurationError.of(name, wrong)
    else:
        faults += wrong
    return value


def _fault(error: yaml.YAMLError, text: str) -> Fault:
    """Say in the kit's own words what the parser stumbled over."""
    place = getattr(error, "problem_mark", None)
    if place is None:
        return Fault("is not YAML: it holds a control character", "含有控制字符，不是 YAML 文本")
    problem = str(getattr(error, "problem", None))
    at = f"line {place.line + 1}, column {place.column + 1}: "
    at_zh = f"第 {place.line + 1} 行第 {place.column + 1} 列："
    en, zh = _cause(problem, _character(text, place), getattr(error, "context_mark", None))
    return Fault(at + en, at_zh + zh)


def _character(text: str, place: Any) -> str:
    lines = text.splitlines()
    line = lines[place.line] if place.line < len(lines) else ""
    return line[place.column : place.column + 1]


def _cause(problem: str, character: str, since: Any) -> tuple[str, str]:
    if "cannot start any token" in problem and character == TAB:
        return (
            "a tab stands where only blanks may; indent with blanks",
            "缩进只能用空格，不能用制表符",
        )
    if "cannot start any token" in problem and character:
        return (
            f"no value may begin with {character!r}; put it in quotes",
            f"值不能以“{character}”开头；请给值加引号",
        )
    if "mapping values are not allowed" in problem:
        return (
            "a colon too many, or an indent that does not fit; put a value with a colon in quotes",
            "多了一个冒号，或缩进没有对齐；值里有冒号的请加引号",
        )
    if since is not None and any(words in problem for words in BRACKETS):
        return (
            f"a bracket or a quotation mark that opens in line {since.line + 1} is not closed",
            f"第 {since.line + 1} 行开始的括号或引号没有配对",
        )
    return UNLIKE, UNLIKE.zh


def read_yaml(path: Path, *, faults: list[str] | None = None) -> Any:
    """Read a file in UTF-8, UTF-16 or GB18030, with or without a mark; see `parse_yaml`.

    Raises
    ------
    ConfigurationError
        If it cannot be read, is too large, in none of these encodings, or not YAML.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            large = Fault(f"is larger than {MOST_BYTES:,} bytes", f"超过 {MOST_BYTES:,} 字节")
            raise ConfigurationError.of(path.name, [large])
        raw = path.read_bytes()
        text = raw.decode(found(raw))
    except OSError as error:
        why = Fault("cannot be read", "读不出来；请核对文件是否存在、是否有权限")
        raise ConfigurationError.of(path.name, [why]) from error
    except UnicodeDecodeError as error:
        why = Fault(
            "cannot be read as a text in UTF-8, UTF-16 or GB18030; save it as UTF-8",
            "不是 UTF-8、UTF-16 或 GB18030 编码的文本；请另存为 UTF-8",
        )
        raise ConfigurationError.of(path.name, [why]) from error
    return parse_yaml(text, path.name, faults=faults)
