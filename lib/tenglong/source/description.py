"""What `bundle.yml` says: the county, its reference system, and where each table comes from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pyproj

from tenglong.errors import ConfigurationError, did_you_mean
from tenglong.measure.clause import Label
from tenglong.shape import line_of, shaped
from tenglong.source.database import RELATION, SECRET, VARIABLE, Query, whole_relation
from tenglong.source.file.encoding import AUTO
from tenglong.source.file.header import Rule
from tenglong.source.file.parts import parts_of
from tenglong.source.place import kit_root
from tenglong.source.policy import DEFAULT
from tenglong.source.schema import tables
from tenglong.yaml_file import read_yaml

FILE_KEYS = ("file", "sheet", "layer", "encoding")
DATABASE_KEYS = ("database", "query", "table")
SOURCE_KEYS = (*FILE_KEYS, *DATABASE_KEYS, "crs", "columns", "accept")


@dataclass(frozen=True)
class Source:
    """Where a table comes from, as bundle.yml says it: a file, or else a query."""

    file: str = ""
    query: Query | None = None
    sheet: str | None = None
    layer: str | None = None
    encoding: str = AUTO
    crs: str | None = None
    rules: Mapping[str, Rule] = field(default_factory=dict)
    accepted: frozenset[str] = frozenset()

    @property
    def origin(self) -> str:
        """What pages call it."""
        return self.query.origin if self.query else self.file


@dataclass(frozen=True)
class AcceptedCell:
    """A cell that is true although it is hundreds of times away from others, as bundle.yml says it.

    `key` names its row by the table's key columns; `line` is where the entry stands.
    """

    table: str
    key: Mapping[str, Any]
    column: str
    reason: str
    line: int = 0

    @property
    def named(self) -> str:
        """What messages call it."""
        key = ", ".join(f"{name}: {value}" for name, value in self.key.items())
        return f"{self.table} {{{key}}} {self.column}"


@dataclass(frozen=True)
class Description:
    """What bundle.yml says."""

    path: Path
    name: Label
    code: str
    crs: str
    plan: str
    as_of: date
    sources: Mapping[str, Source]
    policy: str = DEFAULT
    currency: Label = field(default_factory=lambda: Label("万元", "10k CNY"))
    is_synthetic: bool = False
    notice: Label | None = None
    accepted: tuple[AcceptedCell, ...] = ()

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file that the bundle is made of."""
        named = sorted({source.file for source in self.sources.values() if source.file})
        own = [self.plan_choice] if isinstance(self.plan_choice, Path) else []
        if self.policy != DEFAULT:
            own += sorted((self.path / self.policy).rglob("*.yml"))
        parts = [part for name in named for part in parts_of(self.path / name)]
        return (self.path / "bundle.yml", *own, *dict.fromkeys(parts))

    @property
    def plan_choice(self) -> str | Path:
        """The plan: a file of the bundle, or else a name in data/plan."""
        beside = self.path / self.plan
        return beside if beside.is_file() else self.plan

    @property
    def databases(self) -> tuple[str, ...]:
        """The environment variables that name the databases that it is read from."""
        queries = (source.query for source in self.sources.values())
        return tuple(sorted({query.variable for query in queries if query is not None}))


class Code(str):
    """A code of an administrative division; YAML takes 330328 for a number."""

    __slots__ = ()

    @classmethod
    def parse(cls, raw: object) -> str:
        """Read it as it stands."""
        if not isinstance(raw, str | int):
            raise TypeError("must be a code such as 330328")
        return str(raw)


class Projected(str):
    """A projected reference system in metres."""

    __slots__ = ()

    @classmethod
    def parse(cls, raw: object) -> str:
        """Read it by any name that PROJ knows."""
        if not _is_projected(str(raw)):
            raise ValueError(f"{raw!r} must be a projected system in metres, e.g. EPSG:4549")
        return str(raw)


class Tables(dict[str, Any]):
    """Table names and their sources. No message repeats a value: it may be a password."""

    @classmethod
    def parse(cls, raw: object) -> Mapping[str, Any]:
        """Read it as it stands; `_table_faults` looks into it."""
        if not isinstance(raw, Mapping):
            raise TypeError("must map table names to their files")
        return raw


class Key(dict[str, Any]):
    """The cells that name a row, by column."""

    @classmethod
    def parse(cls, raw: object) -> Mapping[str, Any]:
        """Read them as they stand; `_accepted_faults` looks into it."""
        if not isinstance(raw, Mapping):
            raise TypeError("must map the key columns of the row to their values")
        return raw


@dataclass(frozen=True)
class AcceptedEntry:
    """An entry of `accepted` in bundle.yml."""

    table: str
    key: Key
    column: str
    reason: str


@dataclass(frozen=True)
class BundleEntry:
    """What bundle.yml holds."""

    name: Label
    code: Code
    crs: Projected
    plan: str
    as_of: date
    tables: Tables
    policy: str = DEFAULT
    currency: Label = field(default_factory=lambda: Label("万元", "10k CNY"))
    is_synthetic: bool = False
    notice: Label | None = None
    accepted: tuple[AcceptedEntry, ...] = ()


def _is_projected(crs: str) -> bool:
    try:
        system = pyproj.CRS.from_user_input(crs)
    except pyproj.exceptions.CRSError:
        return False
    # Web Mercator is projected too, but its areas are 28 % off here.
    return (
        system.is_projected
        and system.axis_info[0].unit_name == "metre"
        and system.to_epsg() != 3857  # noqa: PLR2004 - the EPSG code is its name
    )


def find_bundle(bundle: str | Path) -> Path:
    """Find a bundle's folder, in the working directory or else in the kit.

    Raises
    ------
    ConfigurationError
        If neither has it.
    """
    for root in (Path(), kit_root()):
        folder = root / bundle
        if (folder / "bundle.yml").is_file():
            return folder.resolve()
    raise ConfigurationError(f"{bundle}: is not a bundle, there is no bundle.yml in it")


def describe_bundle(bundle: str | Path) -> Description:
    """Read a bundle's bundle.yml.

    Raises
    ------
    ConfigurationError
        Naming every key that is unknown, missing or of the wrong form.
    """
    path = find_bundle(bundle)
    faults: list[str] = []
    raw = read_yaml(path / "bundle.yml")
    entry = shaped(BundleEntry, raw, "", faults)
    faults += _table_faults(entry.tables or {})
    accepted = [] if faults else _accepted(entry, raw)
    faults += [fault for cell in accepted for fault in _accepted_faults(cell)]
    if faults:
        raise ConfigurationError(f"bundle.yml: {'; '.join(faults)}")
    return Description(
        path=path,
        name=entry.name,
        code=entry.code,
        crs=entry.crs,
        plan=entry.plan,
        as_of=entry.as_of,
        sources={name: _source(raw) for name, raw in entry.tables.items()},
        policy=entry.policy,
        currency=entry.currency,
        is_synthetic=entry.is_synthetic,
        notice=entry.notice,
        accepted=tuple(accepted),
    )


def _accepted(entry: BundleEntry, raw: Mapping[str, Any]) -> list[AcceptedCell]:
    lines = [line_of(one) for one in raw.get("accepted") or ()]
    return [
        AcceptedCell(one.table, one.key, one.column, one.reason, line)
        for one, line in zip(entry.accepted, lines, strict=True)
    ]


def _accepted_faults(cell: AcceptedCell) -> Iterator[str]:
    """Name a table or a column that there is not, a key that names no row, and a lacking reason."""
    line = f"line {cell.line}: accepted: "
    if cell.table not in tables():
        yield f"{line}unknown table {cell.table!r}{did_you_mean(cell.table, tables())}"
        return
    table = tables()[cell.table]
    for column in (cell.column, *cell.key):
        if column not in table.columns:
            hint = did_you_mean(column, table.columns)
            yield f"{line}table {cell.table} has no column {column!r}{hint}"
    if not set(cell.key) <= set(table.key) or not cell.key:
        yield f"{line}key: must name the row by {', '.join(table.key)}"
    if not cell.reason.strip():
        yield f"{line}reason: must say why the value is true"


def _source(raw: Mapping[str, Any]) -> Source:
    rules = {
        name: Rule(rule) if isinstance(rule, str) else Rule(rule["column"], rule.get("unit", ""))
        for name, rule in raw.get("columns", {}).items()
    }
    return Source(
        file=raw.get("file", ""),
        query=_query(raw, rules.get("geometry")) if "database" in raw else None,
        sheet=raw.get("sheet"),
        layer=raw.get("layer"),
        encoding=raw.get("encoding", AUTO),
        crs=raw.get("crs"),
        rules=rules,
        accepted=frozenset(raw.get("accept", ())),
    )


def _query(raw: Mapping[str, Any], geometry: Rule | None) -> Query:
    sql = whole_relation(raw["table"]) if "table" in raw else raw["query"]
    return Query(raw["database"], sql, geometry.header if geometry else None)


def _table_faults(raw: Mapping[str, Any]) -> Iterator[str]:
    for name, entry in raw.items():
        line = f"line {line_of(raw, name)}: " if line_of(raw, name) else ""
        if name not in tables():
            yield f"{line}unknown table {name!r}{did_you_mean(name, tables())}"
        if not isinstance(entry, Mapping) or not {"file", "database"} & set(entry):
            yield f"{line}table {name}: must name its `file` (or a `database`)"
            continue
        for fault in _source_faults(entry):
            yield f"{line}table {name}: {fault}"


def _source_faults(entry: Mapping[str, Any]) -> list[str]:
    # No value is repeated here: what was put in the wrong place may be a password.
    faults = [
        f"unknown key {key!r}{did_you_mean(key, SOURCE_KEYS)}"
        for key in entry
        if key not in SOURCE_KEYS
    ]
    if SECRET.search(str(dict(entry))):
        faults.append(
            "holds a database's URL or a password; put the URL into an environment variable and"
            " name that under `database`"
        )
    if "file" in entry:
        others = [key for key in DATABASE_KEYS if key in entry]
        return faults + [f"{key}: does not go with `file`" for key in others]
    if not VARIABLE.fullmatch(str(entry["database"])):
        faults.append("database: must be the name of an environment variable that holds the URL")
    if ("query" in entry) == ("table" in entry):
        faults.append("database: needs either a `query` or a `table`")
    if not isinstance(entry.get("query", ""), str):
        faults.append("query: must be one select")
    if "table" in entry and not RELATION.fullmatch(str(entry["table"])):
        faults.append("table: must be the name of a table or view, such as gis.parcels")
    return faults + [f"{key}: does not go with `database`" for key in FILE_KEYS[1:] if key in entry]
