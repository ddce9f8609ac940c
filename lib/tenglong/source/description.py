"""What `bundle.yml` says: the county, its reference system, and where each table comes from."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pyproj

from tenglong.errors import ConfigurationError, Fault, did_you_mean, unknown
from tenglong.measure.clause import Label
from tenglong.shape import line_of, shaped
from tenglong.source.allowed import VARIABLE, is_allowed
from tenglong.source.file.parts import parts_of
from tenglong.source.place import kit_root
from tenglong.source.policy import DEFAULT
from tenglong.source.reference import Reference, reference_of
from tenglong.source.schema import tables
from tenglong.source.table_source import Source, entry_faults, sources_of
from tenglong.yaml_file import Marked, read_yaml

OUTSIDE = Fault(
    "lies outside of the bundle's folder (by its path or by a link); put it there, or allow its"
    f" folder in the environment variable {VARIABLE}",
    "不在数据包的文件夹里（路径或链接指向别处）；请放进来，确需在别处的把那个文件夹写进环境变量"
    f" {VARIABLE}",
)
SEVERAL_FILES = Fault(
    "several files of one table stand as `file: [2020.csv, 2021.csv]`",
    "一张表有几个文件的，写作 file: [2020.csv, 2021.csv]",
)


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
    sources: Mapping[str, tuple[Source, ...]]
    policy: str = DEFAULT
    currency: Label = field(default_factory=lambda: Label("万元", "10k CNY"))
    is_synthetic: bool = False
    notice: Label | None = None
    accepted: tuple[AcceptedCell, ...] = ()

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file that the bundle is made of."""
        named = sorted({source.file for source in self._every_source if source.file})
        own = [self.plan_choice] if isinstance(self.plan_choice, Path) else []
        if self.policy != DEFAULT:
            own += sorted((self.path / self.policy).rglob("*.yml"))
        parts = [part for name in named for part in parts_of(self.path / name)]
        own += [path for path in self.reference.files if path.is_relative_to(self.path)]
        return (self.path / "bundle.yml", *own, *dict.fromkeys(parts))

    @property
    def place(self) -> Path:
        """What it is opened by."""
        return self.path

    @property
    def reference(self) -> Reference:
        """What is known of the county beside its tables."""
        return reference_of(self.code, self.path)

    @property
    def _every_source(self) -> Iterator[Source]:
        return (source for sources in self.sources.values() for source in sources)

    @property
    def plan_choice(self) -> str | Path:
        """The plan: a file of the bundle, or else a name in data/plan."""
        beside = self.path / self.plan
        return beside if beside.is_file() else self.plan

    @property
    def databases(self) -> tuple[str, ...]:
        """The environment variables that name the databases that it is read from."""
        queries = (source.query for source in self._every_source)
        return tuple(sorted({query.variable for query in queries if query is not None}))


class Code(str):
    """A code of an administrative division; YAML takes 330328 for a number."""

    __slots__ = ()

    @classmethod
    def parse(cls, raw: object) -> str:
        """Read it as it stands."""
        if not isinstance(raw, str | int):
            raise TypeError(Fault("must be a code such as 330328", "应是行政区划代码，如 330328"))
        return str(raw)


class Projected(str):
    """A projected reference system in metres."""

    __slots__ = ()

    @classmethod
    def parse(cls, raw: object) -> str:
        """Read it by any name that PROJ knows."""
        if not _is_projected(str(raw)):
            en = f"{raw!r} must be a projected system in metres, e.g. EPSG:4549"
            raise ValueError(Fault(en, f"“{raw}”应是以米为单位的投影坐标系，如 EPSG:4549"))
        return str(raw)


class Tables(dict[str, Any]):
    """Table names and their sources. No message repeats a value: it may be a password."""

    @classmethod
    def parse(cls, raw: object) -> Mapping[str, Any]:
        """Read it as it stands; `table_source.entry_faults` looks into it."""
        if not isinstance(raw, Mapping):
            en = "must map table names to their files"
            raise TypeError(
                Fault(en, "应逐行写表名，后面是它的文件，如 enterprises: {file: a.csv}")
            )
        return raw


class Key(dict[str, Any]):
    """The cells that name a row, by column."""

    @classmethod
    def parse(cls, raw: object) -> Mapping[str, Any]:
        """Read them as they stand; `_accepted_faults` looks into it."""
        if not isinstance(raw, Mapping):
            en = "must map the key columns of the row to their values"
            raise TypeError(Fault(en, "应写明该行各主键列的值，如 {usci: …, year: 2021}"))
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
    why = Fault("is not a bundle, there is no bundle.yml in it", "不是数据包，里面没有 bundle.yml")
    raise ConfigurationError.of(str(bundle), [why])


def describe_bundle(bundle: str | Path) -> Description:
    """Read a bundle's bundle.yml.

    Raises
    ------
    ConfigurationError
        Naming every key that is unknown, missing or of the wrong form, or leads out of the bundle.
    """
    path = find_bundle(bundle)
    if not is_allowed(path / "bundle.yml", path):
        raise ConfigurationError.of("bundle.yml", [OUTSIDE])
    faults: list[str] = []
    raw = read_yaml(path / "bundle.yml", faults=faults)
    entry = shaped(BundleEntry, raw, "", faults)
    if isinstance(entry.tables, Marked) and entry.tables.twice:
        faults.append(SEVERAL_FILES)
    for name, told in (entry.tables or {}).items():
        faults += entry_faults(str(name), told, line=line_of(entry.tables, str(name)))
    accepted = _accepted(entry, raw)
    faults += [fault for cell in accepted for fault in _accepted_faults(cell)]
    if faults:
        raise ConfigurationError.of("bundle.yml", faults)
    about = Description(
        path=path,
        name=entry.name,
        code=entry.code,
        crs=entry.crs,
        plan=entry.plan,
        as_of=entry.as_of,
        sources={name: sources_of(raw) for name, raw in entry.tables.items()},
        policy=entry.policy,
        currency=entry.currency,
        is_synthetic=entry.is_synthetic,
        notice=entry.notice,
        accepted=tuple(accepted),
    )
    outside = [*_outside(about, raw)]
    if outside:
        raise ConfigurationError.of("bundle.yml", outside)
    return about


def _outside(about: Description, raw: Mapping[str, Any]) -> Iterator[Fault]:
    """Tell of what lies, by its path or by a link, where nobody allowed a bundle to look.

    No path is repeated: nothing is said of what there is outside.
    """

    def is_within(path: Path, parts: Callable[[Path], Iterable[Path]]) -> bool:
        return is_allowed(path, about.path) and all(
            is_allowed(one, about.path) for one in parts(path)
        )

    for key, path in (
        ("plan", about.path / about.plan),
        ("policy", about.path / about.policy),
        ("reference", about.path / "reference"),
    ):
        if not is_within(path, lambda folder: folder.rglob("*")):
            yield Fault(OUTSIDE, OUTSIDE.zh, line=line_of(raw, key), place=key)
    for name, sources in about.sources.items():
        files = [about.path / source.file for source in sources if source.file]
        if not all(is_within(file, parts_of) for file in files):
            line = line_of(raw["tables"][name], "file")
            yield Fault(OUTSIDE, OUTSIDE.zh, line=line, place=f"tables.{name}.file")


def _accepted(entry: BundleEntry, raw: object) -> list[AcceptedCell]:
    """Give the accepted cells whose entries are whole; of the others all is told already."""
    given = raw.get("accepted") if isinstance(raw, Mapping) else None
    return [
        AcceptedCell(one.table, one.key, one.column, one.reason, line_of(told))
        for one, told in zip(entry.accepted, given or (), strict=False)
        if one.table and one.column and one.key is not None
    ]


def _accepted_faults(cell: AcceptedCell) -> Iterator[Fault]:
    """Name a table or a column that there is not, a key that names no row, and a lacking reason."""
    at: dict[str, Any] = {"line": cell.line, "place": "accepted"}
    if cell.table not in tables():
        yield unknown("table", "表", cell.table, tables(), **at)
        return
    table = tables()[cell.table]
    for column in (cell.column, *cell.key):
        if column not in table.columns:
            hint = did_you_mean(column, table.columns)
            said = f"table {cell.table} has no column {column!r}{hint}"
            yield Fault(said, unknown("column", "列", column, table.columns).zh, **at)
    if not set(cell.key) <= set(table.key) or not cell.key:
        names = ", ".join(table.key)
        yield Fault(f"key: must name the row by {names}", f"key：应写明 {names}", **at)
    if not cell.reason.strip():
        yield Fault("reason: must say why the value is true", "reason：应写明为什么属实", **at)
