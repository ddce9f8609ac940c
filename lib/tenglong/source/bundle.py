"""A bundle: a folder with a county's tables, read and seen as of a day."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import pandas as pd

from tenglong.errors import ConfigurationError, DataError, Fault, UsageError
from tenglong.measure.clause import Plan
from tenglong.measure.county import Accepted, County, Input, LeftOut, Strays
from tenglong.measure.names import names_of
from tenglong.measure.on_demand import OnDemand
from tenglong.measure.row import written_cell
from tenglong.measure.supply import FILE_ROWS
from tenglong.source.beside import ENDING as SUMMARY
from tenglong.source.bound_policy import bound_policy
from tenglong.source.cell.day_rule import DayRule, day_rule_of
from tenglong.source.check.day_order import doubtful_days
from tenglong.source.check.links import linked
from tenglong.source.derived import Derived
from tenglong.source.description import Description, describe_bundle
from tenglong.source.file.parts import sha256_of
from tenglong.source.file.raw import Raw, Wanted
from tenglong.source.file.read import read_raw
from tenglong.source.file.size import Sizes
from tenglong.source.intake_rule import intake_rule_of
from tenglong.source.joined import joined, placed
from tenglong.source.known import known_on
from tenglong.source.outline.ground import Ground
from tenglong.source.outline.outlines import with_outlines
from tenglong.source.plan import load_plan
from tenglong.source.policy import load_policy
from tenglong.source.problem import Problem, RefusedError, Severity, Spot
from tenglong.source.query import limits_of
from tenglong.source.rowset import Rowset
from tenglong.source.schema import Table, choices, labels, links, tables
from tenglong.source.snapshot import snapshot_of
from tenglong.source.table import Loaded, load_table
from tenglong.source.table_source import Source


@dataclass(frozen=True, repr=False)
class Bundle:
    """A bundle that has been read: its tables in full, before any date is chosen.

    Attributes
    ----------
    refused
        Why tables could not be read at all.
    excess
        An error for each table of which more rows were set aside than the policy allows.
    derived
        The folder of what is worked out of it in this run; None where nothing is kept.
    held
        Counties by their day, that are given again with all that was worked out of them.
    """

    description: Description
    tables: Mapping[str, Loaded]
    inputs: tuple[Input, ...]
    refused: tuple[Problem, ...] = ()
    excess: tuple[Problem, ...] = ()
    derived: Path | None = None
    held: dict[date, County] = field(default_factory=dict, compare=False)

    def __repr__(self) -> str:
        rows = sum(len(loaded.frame) for loaded in self.tables.values())
        return f"<Bundle {self.description.name.zh}: {len(self.tables)} tables, {rows:,} rows>"

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was found wrong, in the order of the tables."""
        problems = [problem for loaded in self.tables.values() for problem in loaded.problems]
        return (*self.excess, *self.refused, *problems)

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Those of the problems that keep a row or a table out."""
        return tuple(problem for problem in self.problems if problem.severity is Severity.ERROR)

    @property
    def unread(self) -> Mapping[str, str]:
        """The tables that could not be read, with the file or query that should bring them."""
        lost = {one.table for one in self.refused}
        sources = self.description.sources
        return {
            name: "、".join(dict.fromkeys(one.origin for one in of))
            for name, of in sources.items()
            if name in lost
        }

    @cached_property
    def rules(self) -> tuple[Plan, Mapping[str, Any], tuple[LeftOut, ...]]:
        """The plan, the policy completed by it, and what of the policy is left out."""
        about = self.description
        plan = load_plan(about.plan_choice)
        return plan, *bound_policy(load_policy(about.policy, beside=about.path), plan)

    def on(self, day: str | date) -> County:
        """Give the county as it was known on a day, a date or YYYY-MM-DD.

        Raises
        ------
        UsageError
            If the text is no such date.
        """
        about = self.description
        as_of = _date(day) if isinstance(day, str) else day
        if as_of in self.held:
            return self.held[as_of]
        known = OnDemand(list(self.tables), partial(_known, list(self.tables.items()), as_of))
        plan, policy, left_out = self.rules
        county = County(
            name=about.name,
            code=about.code,
            as_of=as_of,
            plan=plan,
            policy=policy,
            tables=known,
            set_aside={name: loaded.aside for name, loaded in self.tables.items()},
            doubtful={
                name: _doubtful(loaded, tables()[name]) for name, loaded in self.tables.items()
            },
            crs=about.crs,
            currency=about.currency,
            is_synthetic=about.is_synthetic,
            notice=about.notice,
            inputs=self.inputs,
            repairs=tuple(repair for loaded in self.tables.values() for repair in loaded.repairs),
            labels=labels(),
            choices=choices(),
            links=links(),
            names=names_of(plan, known.get("townships"), policy["suppliers"].get("names", {})),
            accepted=tuple(
                Accepted(one.table, dict(one.key), one.column, one.reason) for one in about.accepted
            ),
            left_out=left_out,
            strays=tuple(_known_strays(self.tables, known)),
        )
        if self.derived is not None:
            county.keep.derived = Derived(self.derived / as_of.isoformat())
        return county


def _known(loaded: Sequence[tuple[str, Loaded]], as_of: date, place: int) -> pd.DataFrame:
    name, one = loaded[place]
    return known_on(one.frame, tables()[name], as_of)


def _doubtful(loaded: Loaded, table: Table) -> dict[int, frozenset[str]]:
    return {
        number * FILE_ROWS + row: columns
        for number, part in enumerate(loaded.parts or (loaded,))
        for row, columns in doubtful_days(part.problems, table).items()
    }


def _known_strays(
    loaded: Mapping[str, Loaded], known: Mapping[str, pd.DataFrame]
) -> Iterator[Strays]:
    for name, one in loaded.items():
        for strays in one.strays:
            codes = strays.codes[strays.codes.index.isin(known[name].index)]
            if len(codes):
                yield replace(strays, codes=codes)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"as_of: {text!r} must be a date such as 2022-06-30") from error


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
    return read.on(read.description.as_of if as_of is None else as_of)


def open_counties(bundles: str, as_of: str | date | None = None) -> tuple[County, ...]:
    """Open several bundles, their folders separated by commas, as `open_county` opens one.

    Of a county whose summary is named (`source.summary`), all that this tells.

    >>> open_counties("")
    ()
    """
    folders = (folder.strip() for folder in bundles.split(","))
    return tuple(_counted(folder, as_of) for folder in folders if folder)


def _counted(folder: str, as_of: str | date | None) -> County:
    if not folder.endswith(SUMMARY):
        return open_county(folder, as_of)
    day = date.fromisoformat(as_of) if isinstance(as_of, str) else as_of
    from tenglong.source.summary import read_summary  # noqa: PLC0415 - most runs open none

    return read_summary(Path(folder), day)


def read_bundle(about: Description) -> Bundle:
    """Read every table of a bundle.

    Raises
    ------
    RefusedError
        If a file or a query cannot be read, a column is missing, or more rows than the policy
        allows had to be set aside.
    SourceError
        If a database does not answer.
    """
    read = examine_bundle(about)
    require_usable(read)
    return read


def require_usable(read: Bundle) -> None:
    """Make sure that every table was read, and that few enough of its rows were set aside.

    Raises
    ------
    RefusedError
        Naming the problems of those that were not.
    """
    if read.refused or read.excess:
        in_excess = {problem.table for problem in read.excess}
        whys = [one for one in read.errors if one.row is not None and one.table in in_excess]
        raise RefusedError(*read.refused, *read.excess, *whys)


def examine_bundle(about: Description) -> Bundle:
    """Read what can be read of a bundle, and keep the problems of what cannot in `refused`.

    What this run has read already is taken as it was read (`source.snapshot`).

    Raises
    ------
    SourceError
        If a database does not answer.
    """
    return snapshot_of(about) or _examined(about)


def _examined(about: Description) -> Bundle:
    policy = load_policy(about.policy, beside=about.path)
    found = _rowsets(about, policy)
    loaded: dict[str, Loaded] = {}
    spots: dict[str, list[Spot]] = {}
    inputs: list[Input] = []
    refused: list[Problem] = []
    excess: list[Problem] = []
    ground = Ground(about.reference, about.crs, intake_rule_of(policy["intake"]))
    days = day_rule_of(policy, as_of=about.as_of)
    for name, sources in about.sources.items():
        read = [
            _read(about, source, tables()[name], found.get(name), (ground, days))
            for source in sources
        ]
        refused += [why for one in read if not isinstance(one, _Part) for why in one]
        parts = [one for one in read if isinstance(one, _Part)]
        if len(parts) < len(read):
            continue
        spots[name] = [part.spot for part in parts]
        each = [part.loaded for part in parts]
        whole = joined(each, spots[name], tables()[name], sources[0].accepted)
        loaded[name] = whole
        for part, one in zip(parts, whole.parts or (whole,), strict=True):
            rows, aside = len(one.frame), len(one.quarantined)
            inputs.append(Input(name, part.spot.file, part.sha256, rows, aside))
        excess += _excess(whole, ground.rule.most_quarantined_share, spots[name][0])
    found_in = linked(loaded, inputs, policy["industries"])
    loaded = {name: placed(one, loaded[name], spots[name]) for name, one in found_in.items()}
    _require_accepted_rows(about, loaded)
    return Bundle(about, loaded, tuple(inputs), tuple(refused), tuple(excess))


def _rowsets(about: Description, policy: Mapping[str, Any]) -> Mapping[str, Rowset | DataError]:
    """Ask the databases for the tables that are queries."""
    queries = {name: of[0].query for name, of in about.sources.items() if of[0].query}
    if not queries:
        return {}
    from tenglong.source.database import read_queries  # noqa: PLC0415 - it brings the driver

    return read_queries(queries, limits_of(policy["database"]))


@dataclass(frozen=True)
class _Part:
    """What one file, or a query, brings of a table."""

    loaded: Loaded
    spot: Spot
    sha256: str


def _read(
    about: Description,
    source: Source,
    table: Table,
    found: Rowset | DataError | None,
    rules: tuple[Ground, DayRule],
) -> _Part | Sequence[Problem]:
    """Read one file of a table, or take what its query `found`; else give what was wrong."""
    try:
        given = found or _read_file(about, source, table, rules[0].rule.sizes)
        if isinstance(given, DataError):
            raise given
        loaded = _load(source, given.raw, table, *rules)
    except RefusedError as error:
        return error.problems
    except DataError as error:
        spot = Spot(source.file or table.name, table=table.name)
        return [spot.problem("bad_query", reason=str(error))]
    return _Part(loaded, Spot(given.raw.file, given.raw.sheet, table.name), given.sha256)


def _require_accepted_rows(about: Description, loaded: Mapping[str, Loaded]) -> None:
    """Make sure that every cell that bundle.yml accepts is there.

    Raises
    ------
    ConfigurationError
        Naming the entries whose row is not in its table, or whose column is not.
    """
    faults = []
    for cell in about.accepted:
        frame = loaded[cell.table].frame if cell.table in loaded else None
        if frame is None and cell.table in about.sources:
            continue  # its table could not be read, which is told by itself
        columns = () if frame is None else frame.columns
        if frame is None or not {cell.column, *cell.key} <= set(columns):
            lacks = "is not in the bundle", "数据包里没有"
            faults.append(Fault(*lacks, line=cell.line, place=f"accepted: {cell.named}"))
            continue
        here = pd.Series(data=True, index=frame.index)
        for name, value in cell.key.items():
            here &= frame[name].map(written_cell) == written_cell(value)
        if not here.any():
            lacks = "there is no such row", "没有这一行"
            faults.append(Fault(*lacks, line=cell.line, place=f"accepted: {cell.named}"))
    if faults:
        raise ConfigurationError.of("bundle.yml", faults)


def _excess(loaded: Loaded, most: float, spot: Spot) -> Iterator[Problem]:
    aside = len(loaded.quarantined)
    total = aside + len(loaded.frame)
    if total and aside / total > most:
        yield spot.problem("too_many_bad", aside=aside, total=total, most=f"{most:.0%}")


def _read_file(about: Description, source: Source, table: Table, sizes: Sizes) -> Rowset:
    wanted = Wanted(
        table,
        {rule.header: name for name, rule in source.rules.items() if rule.header},
        frozenset(
            name for name, rule in source.rules.items() if rule.position or rule.value is not None
        ),
        {name: rule.position for name, rule in source.rules.items() if rule.position},
        sizes,
    )
    raw = read_raw(
        about.path / source.file,
        name=source.file,
        sheet=source.sheet,
        layer=source.layer,
        encoding=source.encoding,
        wanted=wanted,
    )
    return Rowset(raw, sha256_of(about.path / source.file))


def _load(source: Source, raw: Raw, table: Table, ground: Ground, days: DayRule) -> Loaded:
    loaded = load_table(
        raw,
        table,
        source=source,
        townships=ground.reference.townships,
        month_is_its_first_day=ground.rule.month_is_its_first_day,
        days=days,
    )
    if not table.has_geometry or "geometry" not in loaded.frame:
        return loaded
    return with_outlines(
        loaded,
        table,
        ground,
        spot=Spot(raw.file, raw.sheet, table.name),
        stated=getattr(raw.frame, "crs", None),
        declared=source.crs,
        broken=raw.broken_shapes,
        accepted=source.accepted,
        unknown=raw.unknown_crs,
    )
