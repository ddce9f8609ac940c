"""A raw file becomes a table: canonical columns, typed values, and the list of what is wrong."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from tenglong.errors import DataError
from tenglong.source.cell import as_text, parse
from tenglong.source.header import Rule, converted, match
from tenglong.source.problem import Problem, Severity
from tenglong.source.raw import Raw
from tenglong.source.schema import Column, Table, Type


@dataclass(frozen=True)
class Loaded:
    """A table as it came in.

    Attributes
    ----------
    frame
        The rows that may be used; the index is the row number in the file.
    quarantined
        The rows that were set aside, as they stood in the file.
    problems
        Everything that was found, also of rows that are used.
    """

    frame: pd.DataFrame
    quarantined: pd.DataFrame
    problems: tuple[Problem, ...]


def load_table(
    raw: Raw,
    table: Table,
    *,
    rules: Mapping[str, Rule],
    accepted: frozenset[str] = frozenset(),
    crs: str,
    layer_crs: str | None = None,
) -> Loaded:
    """Give a raw file the columns and types of `table`.

    Parameters
    ----------
    rules
        Explicit header mappings of bundle.yml, by column.
    accepted
        Codes of problems that the bundle's owner knows of and lets in as warnings.
    crs, layer_crs
        The county's projected system, and the one that bundle.yml declares for this layer.

    Raises
    ------
    DataError
        If headers do not fit, or a layer has no reference system.
    """
    columns = match(raw.frame.columns, table, rules, place=raw.place)
    values: dict[str, pd.Series] = {}
    problems: list[Problem] = []
    for name, header in columns.items():
        column = table.columns[name]
        cells = raw.frame[header]
        parsed, bad = parse(cells, column)
        values[name] = converted(parsed, column, rules.get(name), place=raw.place)
        problems += _unreadable(cells, bad, raw, table, column)
    frame = pd.DataFrame(values, index=raw.frame.index)
    problems += _missing(frame, problems, raw, table, accepted)
    problems += _duplicated(frame, raw, table, accepted)
    aside = sorted({p.row for p in problems if p.severity is Severity.ERROR and p.row is not None})
    kept = frame.drop(index=aside)
    if table.has_geometry and "geometry" in columns:
        kept = _located(kept, raw, table, crs=crs, layer_crs=layer_crs)
    return Loaded(kept, raw.frame.loc[aside], tuple(problems))


def _unreadable(
    cells: pd.Series, bad: pd.Series, raw: Raw, table: Table, column: Column
) -> Iterator[Problem]:
    severity = Severity.ERROR if column.required else Severity.WARNING
    for row, cell in as_text(cells[bad]).items():
        yield Problem(
            severity,
            "unreadable",
            raw.place,
            table.name,
            column.name,
            int(str(row)),
            str(cell),
            _must(column),
        )


def _must(column: Column) -> str:
    match column.type:
        case Type.CHOICE:
            labels = ", ".join(label.zh for label in (column.choices or {}).values())
            return f"must be one of {labels}"
        case Type.FLAG:
            return "must be 是 or 否"
        case Type.DATE:
            return "must be a date such as 2021-03-05"
        case Type.MONTH:
            return "must be a month such as 2021-03"
        case _:
            low = "" if column.minimum is None else f" ≥ {column.minimum:g}"
            high = "" if column.maximum is None else f" ≤ {column.maximum:g}"
            return f"must be a {column.type}{low}{high}"


def _missing(
    frame: pd.DataFrame, known: list[Problem], raw: Raw, table: Table, accepted: frozenset[str]
) -> Iterator[Problem]:
    told = {(problem.row, problem.column) for problem in known}
    for column in table.columns.values():
        if not column.required:
            continue
        code = "missing_key" if column.name in table.key else "missing"
        severity = Severity.WARNING if code in accepted else Severity.ERROR
        for row in frame.index[frame[column.name].isna()]:
            if (int(row), column.name) not in told:
                yield Problem(
                    severity,
                    code,
                    raw.place,
                    table.name,
                    column.name,
                    int(row),
                    rule="must not be empty",
                )


def _duplicated(
    frame: pd.DataFrame, raw: Raw, table: Table, accepted: frozenset[str]
) -> Iterator[Problem]:
    key = [column for column in table.key if column in frame.columns]
    whole = frame[key].notna().any(axis=1)
    again = frame[whole].duplicated(key)
    severity = Severity.WARNING if "duplicate_key" in accepted else Severity.ERROR
    for row in again.index[again]:
        value = " ".join(str(part) for part in frame.loc[row, key])
        yield Problem(
            severity,
            "duplicate_key",
            raw.place,
            table.name,
            "+".join(key),
            int(row),
            value,
            "must stand only once",
        )


def _located(
    frame: pd.DataFrame, raw: Raw, table: Table, *, crs: str, layer_crs: str | None
) -> gpd.GeoDataFrame:
    source = layer_crs or getattr(raw.frame, "crs", None)
    if source is None:
        raise DataError(
            f"{raw.place}: table {table.name} has no reference system; declare `crs:` in bundle.yml"
        )
    geometry = gpd.GeoSeries(frame["geometry"], crs=source).to_crs(crs)
    return gpd.GeoDataFrame(frame.drop(columns="geometry"), geometry=geometry)
