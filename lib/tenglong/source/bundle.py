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
from tenglong.source.header import Rule
from tenglong.source.known import known_on
from tenglong.source.place import kit_root
from tenglong.source.plan import load_plan
from tenglong.source.policy import DEFAULT, load_policy
from tenglong.source.problem import Problem, Severity, summary
from tenglong.source.raw import read_raw
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
SOURCE_KEYS = ("file", "sheet", "layer", "encoding", "crs", "columns", "accept")


@dataclass(frozen=True)
class Source:
    """Where a table comes from, as bundle.yml says it."""

    file: str
    sheet: str | None = None
    layer: str | None = None
    encoding: str = "utf-8-sig"
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
        named = sorted({source.file for source in self.sources.values()})
        plan = self.path / self.plan
        own = [plan] if plan.is_file() else []
        if self.policy != DEFAULT:
            own += sorted((self.path / self.policy).rglob("*.yml"))
        return (self.path / "bundle.yml", *own, *(self.path / name for name in named))


@dataclass(frozen=True)
class Bundle:
    """A bundle that has been read: its tables in full, before any date is chosen."""

    description: Description
    tables: Mapping[str, Loaded]
    inputs: tuple[Input, ...]

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was found wrong, in the order of the tables."""
        return tuple(problem for loaded in self.tables.values() for problem in loaded.problems)

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
    try:
        raw = yaml.safe_load((path / "bundle.yml").read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise ConfigurationError(f"bundle.yml: {' '.join(str(error).split())}") from error
    if not isinstance(raw, Mapping):
        raise ConfigurationError("bundle.yml: must be a mapping of keys")
    faults = [*_faults(raw), *_table_faults(raw.get("tables") or {})]
    if faults:
        raise ConfigurationError(f"bundle.yml: {'; '.join(faults)}")
    return _description(path, raw)


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
        file=raw["file"],
        sheet=raw.get("sheet"),
        layer=raw.get("layer"),
        encoding=raw.get("encoding", "utf-8-sig"),
        crs=raw.get("crs"),
        rules=rules,
        accepted=frozenset(raw.get("accept", ())),
    )


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
        if not isinstance(entry, Mapping) or "file" not in entry:
            faults.append(f"table {name}: must name its `file`")
            continue
        faults += [
            f"table {name}: {_unknown('key', key, SOURCE_KEYS)}"
            for key in entry
            if key not in SOURCE_KEYS
        ]
    return faults


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
        If a file cannot be read, a column is missing, or more rows than the policy allows
        had to be set aside.
    """
    loaded: dict[str, Loaded] = {}
    inputs: list[Input] = []
    for name, source in about.sources.items():
        table = tables()[name]
        loaded[name] = _load(about, source, table)
        digest = hashlib.sha256((about.path / source.file).read_bytes()).hexdigest()
        inputs.append(Input(name, source.file, digest, len(loaded[name].frame)))
    most = load_policy(about.policy, beside=about.path)["intake"]["most_quarantined_share"]
    for name, one in loaded.items():
        _refuse_when_most_is_bad(name, one, float(most))
    return Bundle(about, loaded, tuple(inputs))


def _load(about: Description, source: Source, table: Table) -> Loaded:
    raw = read_raw(
        about.path / source.file,
        name=source.file,
        sheet=source.sheet,
        layer=source.layer,
        encoding=source.encoding,
    )
    return load_table(
        raw,
        table,
        rules=source.rules,
        accepted=source.accepted,
        crs=about.crs,
        layer_crs=source.crs,
    )


def _refuse_when_most_is_bad(name: str, loaded: Loaded, most: float) -> None:
    aside, total = len(loaded.quarantined), len(loaded.quarantined) + len(loaded.frame)
    if total and aside / total > most:
        errors = [problem for problem in loaded.problems if problem.severity is Severity.ERROR]
        raise DataError(
            f"table {name}: {aside} of {total} rows cannot be used, more than {most:.0%}: "
            f"{summary(errors)}"
        )
