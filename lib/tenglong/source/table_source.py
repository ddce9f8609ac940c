"""Where a table comes from, as bundle.yml says it: a file, a query, or several files."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tenglong.errors import Fault, unknown
from tenglong.shape import MAPPING, line_of
from tenglong.source.file.encoding import AUTO
from tenglong.source.file.header import known_headers, squash
from tenglong.source.file.rule import (
    QUOTED,
    Rule,
    markers_of,
    nothing_faults,
    rule_faults,
    rule_of,
)
from tenglong.source.problem import rules
from tenglong.source.query import RELATION, SECRET, VARIABLE, Query, whole_relation
from tenglong.source.schema import Table, tables

TEXT_KEYS = ("sheet", "layer", "encoding", "crs")
NAME_KEYS = ("accept", "omit")
FILE_KEYS = ("file", "sheet", "layer", "encoding")
DATABASE_KEYS = ("database", "query", "table")
READING_KEYS = ("crs", "columns", "omit", "nothing", "accept")
SOURCE_KEYS = (*FILE_KEYS, *DATABASE_KEYS, *READING_KEYS)
PART_KEYS = (*FILE_KEYS, *READING_KEYS)
TEXT = ("must be a text; put a number or a date in quotes", QUOTED)


@dataclass(frozen=True)
class Source:
    """A file, or else a query, that brings a table or a part of it.

    Attributes
    ----------
    rules
        How single columns are to be read.
    omitted
        The table's columns that are not taken from it.
    nothing
        Cells that stand for nothing in all of its columns.
    accepted
        Codes of problems that the bundle's owner knows of and lets in as warnings.
    """

    file: str = ""
    query: Query | None = None
    sheet: str | None = None
    layer: str | None = None
    encoding: str = AUTO
    crs: str | None = None
    rules: Mapping[str, Rule] = field(default_factory=dict)
    omitted: frozenset[str] = frozenset()
    nothing: tuple[str, ...] = ()
    accepted: frozenset[str] = frozenset()

    @property
    def origin(self) -> str:
        """What pages call it."""
        return self.query.origin if self.query else self.file


def sources_of(entry: Mapping[str, Any]) -> tuple[Source, ...]:
    """Read a table's entry in which `entry_faults` finds nothing wrong.

    >>> [one.file for one in sources_of({"file": ["2020.csv", {"file": "2021.csv"}]})]
    ['2020.csv', '2021.csv']
    """
    if "database" in entry or not isinstance(entry["file"], list):
        return (_source(entry),)
    shared = {key: value for key, value in entry.items() if key != "file"}
    parts = ({"file": one} if isinstance(one, str) else one for one in entry["file"])
    return tuple(_source(_joined(shared, part)) for part in parts)


def _joined(shared: Mapping[str, Any], part: Mapping[str, Any]) -> Mapping[str, Any]:
    columns = {**shared.get("columns", {}), **part.get("columns", {})}
    return {**shared, **part, "columns": columns}


def _source(raw: Mapping[str, Any]) -> Source:
    own = {name: rule_of(rule) for name, rule in raw.get("columns", {}).items()}
    return Source(
        file=raw.get("file", ""),
        query=_query(raw, own.get("geometry")) if "database" in raw else None,
        sheet=raw.get("sheet"),
        layer=raw.get("layer"),
        encoding=raw.get("encoding", AUTO),
        crs=raw.get("crs"),
        rules=own,
        omitted=frozenset(raw.get("omit", ())),
        nothing=markers_of(raw.get("nothing", ())),
        accepted=frozenset(raw.get("accept", ())),
    )


def _query(raw: Mapping[str, Any], geometry: Rule | None) -> Query:
    sql = whole_relation(raw["table"]) if "table" in raw else raw["query"]
    return Query(raw["database"], sql, geometry.header if geometry else None)


def entry_faults(name: str, entry: object, *, line: int) -> Iterator[Fault]:
    """Tell what is wrong with what bundle.yml says of a table.

    No value is repeated: what was put in the wrong place may be a password.
    """
    place = f"tables.{name}"
    table = tables().get(name)
    if table is None:
        yield unknown("table", "表", name, tables(), line=line, place="tables")
    if not isinstance(entry, Mapping):
        yield Fault(*_no_origin(entry), line=line, place=place)
        return
    yield from _key_faults(entry, SOURCE_KEYS, place)
    if SECRET.search(str(dict(entry))):
        yield Fault(
            "holds a database's URL or a password; put the URL into an environment variable and"
            " name that under `database`",
            "写有数据库的网址或密码；请把网址放进环境变量，在 database 下只写变量名",
            line=line,
            place=place,
        )
    if not {"file", "database"} & set(entry):
        yield Fault(*_no_origin(entry), line=line, place=place)
    elif "file" in entry:
        yield from _alone(entry, "file", DATABASE_KEYS, place)
        yield from _file_faults(entry, table, place)
    else:
        yield from _alone(entry, "database", FILE_KEYS, place)
        yield from _database_faults(entry, place)
    yield from _reading_faults(entry, table, place)


def _no_origin(entry: object) -> tuple[str, str]:
    if isinstance(entry, list):
        return (
            "must name its `file` (or a `database`); several files stand as `file: [a.csv, b.csv]`",
            "应写 file（或 database）；几个文件写作 file: [a.csv, b.csv]",
        )
    return "must name its `file` (or a `database`)", "应写 file（或 database），如 {file: a.csv}"


def _key_faults(entry: Mapping[str, Any], known: tuple[str, ...], place: str) -> Iterator[Fault]:
    for key in entry:
        if key not in known:
            yield unknown("key", "键", key, known, line=line_of(entry, str(key)), place=place)


def _alone(
    entry: Mapping[str, Any], key: str, others: tuple[str, ...], place: str
) -> Iterator[Fault]:
    for other in others:
        if other in entry:
            said = f"does not go with `{key}`", f"不能与 {key} 同时写"
            yield Fault(*said, line=line_of(entry, other), place=f"{place}.{other}")


def _file_faults(entry: Mapping[str, Any], table: Table | None, place: str) -> Iterator[Fault]:
    file, line, place = entry["file"], line_of(entry, "file"), f"{place}.file"
    if not isinstance(file, list):
        if not (isinstance(file, str) and file.strip()):
            yield Fault(*TEXT, line=line, place=place)
        return
    if not file:
        yield Fault("names no file", "一个文件也没有写", line=line, place=place)
    seen: set[tuple[object, ...]] = set()
    for number, part in enumerate(file, start=1):
        where = f"{place}[{number}]"
        if isinstance(part, Mapping):
            yield from _key_faults(part, PART_KEYS, where)
            yield from _reading_faults(part, table, where)
        name = part.get("file") if isinstance(part, Mapping) else part
        if not (isinstance(name, str) and name.strip()):
            said = "must name a file, as text or as {file: …}", "应写文件名，或 {file: 文件名, …}"
            yield Fault(*said, line=line_of(part) or line, place=where)
            continue
        of = part if isinstance(part, Mapping) else entry
        same = (name, *(str(of.get(key, entry.get(key))) for key in ("sheet", "layer")))
        if same in seen:
            said = (
                "the same file (and sheet or layer) stands twice",
                "同一个文件（及工作表、图层）写了两次",
            )
            yield Fault(*said, line=line_of(part) or line, place=where)
        seen.add(same)


def _database_faults(entry: Mapping[str, Any], place: str) -> Iterator[Fault]:
    def fault(key: str, en: str, zh: str) -> Fault:
        return Fault(en, zh, line=line_of(entry, key), place=f"{place}.{key}")

    if not VARIABLE.fullmatch(str(entry["database"])):
        yield fault(
            "database",
            "must be the name of an environment variable that holds the URL",
            "应是存放数据库网址的环境变量名",
        )
    if ("query" in entry) == ("table" in entry):
        yield fault("database", "needs either a `query` or a `table`", "应写 query 或 table 之一")
    if not isinstance(entry.get("query", ""), str):
        yield fault("query", "must be one select", "应是一条 select 语句")
    if "table" in entry and not RELATION.fullmatch(str(entry["table"])):
        said = "must be the name of a table or view, such as gis.parcels"
        yield fault("table", said, "应是表或视图的名称，如 gis.parcels")


def _reading_faults(entry: Mapping[str, Any], table: Table | None, place: str) -> Iterator[Fault]:
    """Tell what is wrong with the keys that say how a file or a query is to be read."""

    def fault(key: str, en: str, zh: str) -> Fault:
        return Fault(en, zh, line=line_of(entry, key), place=f"{place}.{key}")

    for key in TEXT_KEYS:
        if key in entry and not (isinstance(entry[key], str) and entry[key].strip()):
            yield fault(key, *TEXT)
    encoding = entry.get("encoding", AUTO)
    if isinstance(encoding, str) and not _is_encoding(encoding):
        said = "must be an encoding such as utf-8, gb18030 or big5"
        yield fault("encoding", said, "应是编码名称，如 utf-8、gb18030、big5")
    yield from _column_faults(entry, table, place)
    if "nothing" in entry:
        yield from (fault("nothing", *why) for why in nothing_faults(entry["nothing"]))
    for key in NAME_KEYS:
        if not _are_texts(entry.get(key, [])):
            yield fault(key, "must be a list such as [a, b]", "应是列表，如 [a, b]")
            continue
        for name in entry.get(key, []):
            yield from _name_faults(name, key, table, line_of(entry, key), f"{place}.{key}")


def _name_faults(
    name: str, key: str, table: Table | None, line: int, place: str
) -> Iterator[Fault]:
    """Tell of a name in `accept` that is no finding, or in `omit` that is no free column."""
    if key == "accept":
        if name not in rules():
            yield unknown("finding", "问题代码", name, rules(), line=line, place=place)
    elif table is not None and name not in table.columns:
        yield _no_column(name, table, line, place)
    elif table is not None and table.columns[name].required:
        said = f"column {name} is needed and cannot be left out", f"{name} 是必需的列，不能去掉"
        yield Fault(*said, line=line, place=place)


def _no_column(name: object, table: Table, line: int, place: str) -> Fault:
    """Tell of a column that the table does not have; its Chinese name brings its own."""
    own = known_headers(table).get(squash(name))
    if own is None:
        return unknown("column", "列", name, table.columns, line=line, place=place)
    said = f"column {name!r} is called {own} here", f"“{name}”这一列在这里写作 {own}"
    return Fault(*said, line=line, place=place)


def _column_faults(entry: Mapping[str, Any], table: Table | None, place: str) -> Iterator[Fault]:
    columns, line, place = entry.get("columns", {}), line_of(entry, "columns"), f"{place}.columns"
    if not isinstance(columns, Mapping):
        said = "must map columns of the table to headers", MAPPING
        yield Fault(*said, line=line, place=place)
        return
    if table is None:
        return
    for name, rule in columns.items():
        at, where = line_of(columns, str(name)), f"{place}.{name}"
        if name not in table.columns:
            yield _no_column(name, table, at, place)
            continue
        yield from rule_faults(rule, table.columns[name], line=at, place=where)
        if _are_texts(entry.get("omit", ())) and name in entry.get("omit", ()):
            said = "is left out by `omit`, and has a rule", "已用 omit 去掉，又写了读法"
            yield Fault(*said, line=at, place=where)


def _are_texts(raw: object) -> bool:
    return isinstance(raw, list | tuple) and all(isinstance(one, str) for one in raw)


def _is_encoding(name: str) -> bool:
    try:
        "a".encode(name)
    except LookupError:
        return name == AUTO
    return True
