"""A bundle: a folder with a county's tables and the `bundle.yml` that describes them."""

import difflib
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pyproj
import yaml

from tenglong.errors import ConfigurationError, DataError
from tenglong.measure.clause import Label
from tenglong.measure.county import County, Input
from tenglong.source.database import (
    RELATION,
    SECRET,
    VARIABLE,
    Query,
    limits_of,
    read_queries,
    whole_relation,
)
from tenglong.source.encoding import AUTO
from tenglong.source.header import Rule
from tenglong.source.known import known_on
from tenglong.source.place import kit_root
from tenglong.source.plan import load_plan
from tenglong.source.policy import DEFAULT, load_policy
from tenglong.source.problem import Problem, RefusedError, Severity, Spot, summary
from tenglong.source.raw import Raw, read_raw
from tenglong.source.rowset import Rowset
from tenglong.source.schema import Table, labels, tables
from tenglong.source.table import Loaded, load_table

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
        plan = self.path / self.plan
        own = [plan] if plan.is_file() else []
        if self.policy != DEFAULT:
            own += sorted((self.path / self.policy).rglob("*.yml"))
        return (self.path / "bundle.yml", *own, *(self.path / name for name in named))

    @property
    def databases(self) -> tuple[str, ...]:
        """The environment variables that name the databases that it is read from."""
        queries = (source.query for source in self.sources.values())
        return tuple(sorted({query.variable for query in queries if query is not None}))


@dataclass(frozen=True)
class Bundle:
    """A bundle that has been read: its tables in full, before any date is chosen."""

    description: Description
    tables: Mapping[str, Loaded]
    inputs: tuple[Input, ...]
    refused: tuple[Problem, ...] = ()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was found wrong, in the order of the tables."""
        found = [problem for loaded in self.tables.values() for problem in loaded.problems]
        return (*self.refused, *found)

    def on(self, as_of: date) -> County:
        """Give the county as it was known on a day."""
        about = self.description
        known = {
            name: known_on(loaded.frame, tables()[name], as_of)
            for name, loaded in self.tables.items()
        }
        return County(
            name=about.name,
            code=about.code,
            as_of=as_of,
            plan=load_plan(_plan_choice(about)),
            policy=load_policy(about.policy, beside=about.path),
            tables=known,
            crs=about.crs,
            currency=about.currency,
            is_synthetic=about.is_synthetic,
            notice=about.notice,
            inputs=self.inputs,
            labels=labels(),
        )


def open_county(bundle: str | Path, as_of: str | date | None = None) -> County:
    """Read a bundle and give the county as of a day.

    Parameters
    ----------
    bundle
        The folder; a relative one is looked for in the working directory, then in the kit.
    as_of
        A date or YYYY-MM-DD; the bundle's own default where it is not given.

    Raises
    ------
    ConfigurationError
        If bundle.yml, the plan or the policy is malformed.
    DataError
        If a file does not bring what it must.
    """
    read = read_bundle(describe_bundle(bundle))
    if as_of is None:
        return read.on(read.description.as_of)
    return read.on(date.fromisoformat(as_of) if isinstance(as_of, str) else as_of)


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


def _plan_choice(about: Description) -> str | Path:
    beside = about.path / about.plan
    return beside if beside.is_file() else about.plan


def read_bundle(about: Description) -> Bundle:
    """Read every table of a bundle.

    Raises
    ------
    DataError
        If a file or a query cannot be read, a column is missing, or more rows than the policy
        allows had to be set aside.
    SourceError
        If a database does not answer.
    """
    read = examine_bundle(about)
    if read.refused:
        raise RefusedError(*read.refused)
    most = load_policy(about.policy, beside=about.path)["intake"]["most_quarantined_share"]
    for name, one in read.tables.items():
        _refuse_when_most_is_bad(name, one, float(most))
    return read


def examine_bundle(about: Description) -> Bundle:
    """Read what can be read of a bundle, and keep the problems of what cannot in `refused`.

    Raises
    ------
    SourceError
        If a database does not answer.
    """
    policy = load_policy(about.policy, beside=about.path)
    queries = {name: source.query for name, source in about.sources.items() if source.query}
    found = read_queries(queries, limits_of(policy["database"])) if queries else {}
    loaded: dict[str, Loaded] = {}
    inputs: list[Input] = []
    refused: list[Problem] = []
    is_first = bool(policy["intake"].get("month_is_its_first_day", False))
    for name, source in about.sources.items():
        table = tables()[name]
        try:
            given = found.get(name) or _read_file(about, source, table)
            if isinstance(given, DataError):
                raise given
            loaded[name] = _load(about, source, given.raw, table, month_is_its_first_day=is_first)
        except RefusedError as error:
            refused += error.problems
        except DataError as error:
            spot = Spot(source.file or name, table=name)
            refused.append(spot.problem("bad_file", reason=str(error)))
        else:
            inputs.append(Input(name, given.raw.file, given.sha256, len(loaded[name].frame)))
    return Bundle(about, loaded, tuple(inputs), tuple(refused))


def _read_file(about: Description, source: Source, table: Table) -> Rowset:
    raw = read_raw(
        about.path / source.file,
        name=source.file,
        sheet=source.sheet,
        layer=source.layer,
        encoding=source.encoding,
        table=table,
        extra={rule.header: name for name, rule in source.rules.items()},
    )
    return Rowset(raw, hashlib.sha256((about.path / source.file).read_bytes()).hexdigest())


def _load(
    about: Description, source: Source, raw: Raw, table: Table, *, month_is_its_first_day: bool
) -> Loaded:
    return load_table(
        raw,
        table,
        rules=source.rules,
        accepted=source.accepted,
        crs=about.crs,
        layer_crs=source.crs,
        county=about.code,
        month_is_its_first_day=month_is_its_first_day,
    )


def excess_problems(read: Bundle) -> list[Problem]:
    """Give an error for each table of which more rows were set aside than the policy allows."""
    about = read.description
    most = float(load_policy(about.policy, beside=about.path)["intake"]["most_quarantined_share"])
    found = []
    for name, loaded in read.tables.items():
        aside = len(loaded.quarantined)
        total = aside + len(loaded.frame)
        if total and aside / total > most:
            spot = Spot(about.sources[name].file, table=name)
            said: dict[str, Any] = {"aside": aside, "total": total, "most": f"{most:.0%}"}
            found.append(spot.problem("too_many_bad", **said))
    return found


def _refuse_when_most_is_bad(name: str, loaded: Loaded, most: float) -> None:
    aside, total = len(loaded.quarantined), len(loaded.quarantined) + len(loaded.frame)
    if total and aside / total > most:
        errors = [problem for problem in loaded.problems if problem.severity is Severity.ERROR]
        raise DataError(
            f"table {name}: {aside} of {total} rows cannot be used, more than {most:.0%}: "
            f"{summary(errors)}"
        )
