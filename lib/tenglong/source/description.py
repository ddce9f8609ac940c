"""What `bundle.yml` says: the county, its reference system, and where each table comes from."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pyproj
import yaml

from tenglong.errors import ConfigurationError
from tenglong.measure.clause import Label
from tenglong.source.database import RELATION, SECRET, VARIABLE, Query, whole_relation
from tenglong.source.encoding import AUTO
from tenglong.source.header import Rule
from tenglong.source.place import kit_root
from tenglong.source.policy import DEFAULT
from tenglong.source.schema import tables

KEYS = (
    "name",
    "code",
    "is_synthetic",
    "notice",
    "crs",
    "plan",
    "policy",
    "as_of",
    "currency",
    "tables",
)
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

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file that the bundle is made of."""
        named = sorted({source.file for source in self.sources.values() if source.file})
        own = [self.plan_choice] if isinstance(self.plan_choice, Path) else []
        if self.policy != DEFAULT:
            own += sorted((self.path / self.policy).rglob("*.yml"))
        return (self.path / "bundle.yml", *own, *(self.path / name for name in named))

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
    broken = ""
    try:
        raw = yaml.safe_load((path / "bundle.yml").read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        broken = _fault_of_yaml(error)
    if broken:  # not chained: the parser's message quotes the line
        raise ConfigurationError(f"bundle.yml: {broken}")
    if not isinstance(raw, Mapping):
        raise ConfigurationError("bundle.yml: must be a mapping of keys")
    faults = [*_faults(raw), *_table_faults(raw.get("tables") or {})]
    if faults:
        raise ConfigurationError(f"bundle.yml: {'; '.join(faults)}")
    return _description(path, raw)


def _fault_of_yaml(error: yaml.YAMLError) -> str:
    # The whole message quotes the line, and somebody may have put a password into it.
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return "is not YAML"
    place = error.problem_mark
    return f"line {place.line + 1}, column {place.column + 1}: {error.problem}"


def _description(path: Path, raw: Mapping[str, Any]) -> Description:
    labels = {key: Label(**raw[key]) for key in ("currency", "notice") if key in raw}
    return Description(
        path=path,
        name=Label(**raw["name"]),
        code=str(raw["code"]),
        crs=str(raw["crs"]),
        plan=str(raw["plan"]),
        as_of=raw["as_of"],
        sources={name: _source(entry) for name, entry in raw["tables"].items()},
        policy=str(raw.get("policy", DEFAULT)),
        is_synthetic=bool(raw.get("is_synthetic", False)),
        **labels,
    )


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


def _faults(raw: Mapping[str, Any]) -> list[str]:
    faults = [_unknown("key", key, KEYS) for key in raw if key not in KEYS]
    needed = ("name", "code", "crs", "plan", "as_of", "tables")
    faults += [f"the key {key!r} is missing" for key in needed if key not in raw]
    for key in ("name", "notice", "currency"):
        label = raw.get(key)
        if label is not None and (not isinstance(label, Mapping) or set(label) != {"zh", "en"}):
            faults.append(f"{key}: must hold zh and en")
    if "as_of" in raw and type(raw["as_of"]) is not date:
        faults.append(f"as_of: {raw['as_of']!r} must be a date such as 2022-06-30")
    if "tables" in raw and not isinstance(raw["tables"], Mapping):
        faults.append("tables: must map table names to their files")
    if "crs" in raw and not _is_projected(str(raw["crs"])):
        faults.append(f"crs: {raw['crs']!r} must be a projected system in metres, e.g. EPSG:4549")
    return faults


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


def _table_faults(raw: Any) -> list[str]:
    if not isinstance(raw, Mapping):
        return []
    faults = [_unknown("table", name, tables()) for name in raw if name not in tables()]
    for name, entry in raw.items():
        if not isinstance(entry, Mapping) or not {"file", "database"} & set(entry):
            faults.append(f"table {name}: must name its `file` (or a `database`)")
            continue
        faults += [f"table {name}: {fault}" for fault in _source_faults(entry)]
        faults += [
            f"table {name}: {_unknown('key', key, SOURCE_KEYS)}"
            for key in entry
            if key not in SOURCE_KEYS
        ]
    return faults


def _source_faults(entry: Mapping[str, Any]) -> list[str]:
    # No value is repeated here: what was put in the wrong place may be a password.
    faults = []
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


def _unknown(what: str, name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(str(name), list(known), n=1)
    return f"unknown {what} {name!r}" + (f"; did you mean {near[0]!r}?" if near else "")
