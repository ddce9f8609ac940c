"""Match a file's headers to the columns of a table: by name, label or alias, never by guess."""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from tenglong.source.cell.units import factor, unit_named
from tenglong.source.problem import Problem, RefusedError, Severity, Spot
from tenglong.source.schema import Column, Table, Type, tables

REMEMBERED = 10_000  # texts whose reading as a header is kept
JOINT = "·"  # joins the lines of a header of several rows
PERIOD = re.compile(
    r"((19|20)\d{2}(年度?)?)?([-./年]?(1[0-2]|0?[1-9])月?)?|[一二三四五六七八九十]+月"
)
LEAST_PERIODS = 2
WITH_UNIT = re.compile(r"(.+?)(?:（([^（）]+)）|[/:：]([^/:：]+)|,?单位[:：]([^:：]+))")


@dataclass(frozen=True)
class Rule:
    """An explicit mapping of bundle.yml: take `header`, given in `unit`."""

    header: str
    unit: str = ""


@dataclass(frozen=True)
class Matching:
    """Which header brings which column, the unit that a header states, and what was noticed."""

    columns: Mapping[str, str]
    units: Mapping[str, str]
    problems: tuple[Problem, ...]


def squash(header: object) -> str:
    """Give a header without blanks, line breaks, full-width letters and half-width brackets.

    >>> squash(' 实缴税金 (万元)')
    '实缴税金（万元）'
    """
    return _squashed(str(header))


@lru_cache(maxsize=REMEMBERED)
def _squashed(text: str) -> str:
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    return text.replace("(", "（").replace(")", "）")


@lru_cache(maxsize=REMEMBERED)
def stated_unit(header: str) -> tuple[str, str]:
    """Split a header into its name and the unit that it states, if it states one.

    >>> stated_unit("营业收入（元）"), stated_unit("综合能耗（等价值）")
    (('营业收入', '元'), ('综合能耗（等价值）', ''))
    """
    match = WITH_UNIT.fullmatch(squash(header))
    unit = unit_named(match[2] or match[3] or match[4]) if match else None
    return (match[1], unit) if match and unit else (squash(header), "")


def known_headers(table: Table) -> Mapping[str, str]:
    """Give every header that a table knows, squashed, with the column that it brings.

    >>> from tenglong.source.schema import tables
    >>> known_headers(tables()["parcels"])["坐落"]
    'name'
    """
    return {
        squash(name): column.name for column in table.columns.values() for name in column.headers
    }


@cache
def all_headers() -> frozenset[str]:
    """Give every header, squashed, that any table knows."""
    return frozenset(name for table in tables().values() for name in known_headers(table))


def column_of(header: str, known: Mapping[str, str]) -> str | None:
    """Give the column that a header brings, or None."""
    for name in (header, header.rsplit(JOINT, 1)[-1]):
        hit = known.get(squash(name)) or known.get(stated_unit(name)[0])
        if hit:
            return hit
    return None


def match(
    headers: Iterable[object], table: Table, rules: Mapping[str, Rule], *, spot: Spot
) -> Matching:
    """Find the file's header of every column of `table` that the file has.

    Raises
    ------
    RefusedError
        With all of it: two headers that bring the same column, an explicit rule that names a
        header or a column that is not there, required columns that are missing.
    """
    found = [str(header) for header in headers]
    columns, problems = _explicit(found, table, rules, spot)
    known = known_headers(table)
    hits: dict[str, list[str]] = {}
    for header in found:
        name = column_of(header, known)
        if name is not None and name not in columns:
            hits.setdefault(name, []).append(header)
    problems += _twice(hits, spot)
    columns |= {name: headers[0] for name, headers in hits.items()}
    columns = {name: columns[name] for name in table.columns if name in columns}
    problems += _crosstab(columns, found, table, spot) or _missing(columns, found, table, spot)
    problems += _left(columns, found, table, spot)
    if any(problem.severity is Severity.ERROR for problem in problems):
        raise RefusedError(*(p for p in problems if p.severity is Severity.ERROR))
    units = {name: stated_unit(header.rsplit(JOINT, 1)[-1])[1] for name, header in columns.items()}
    return Matching(columns, {name: unit for name, unit in units.items() if unit}, tuple(problems))


def _explicit(
    found: list[str], table: Table, rules: Mapping[str, Rule], spot: Spot
) -> tuple[dict[str, str], list[Problem]]:
    columns: dict[str, str] = {}
    problems: list[Problem] = []
    for name, rule in rules.items():
        if name not in table.columns:
            near = _near(name, table.columns)
            problems.append(spot.problem("rule_column", column=name, name=name, **near))
        elif found.count(rule.header) != 1:
            near = _near(rule.header, found)
            code = "two_headers" if rule.header in found else "rule_header"
            said: dict[str, Any] = {
                "headers": f"{rule.header} and {rule.header}",
                "header": rule.header,
            }
            problems.append(spot.problem(code, column=name, **said, **near))
        columns[name] = rule.header
    return columns, problems


def _twice(hits: Mapping[str, list[str]], spot: Spot) -> list[Problem]:
    twice = {name: headers for name, headers in hits.items() if len(headers) > 1}
    if len(twice) > 1 and all(len(set(headers)) == 1 for headers in twice.values()):
        listed = "、".join(headers[0] for headers in twice.values())
        return [spot.problem("side_by_side", columns=listed)]
    return [
        spot.problem("two_headers", column=name, headers=" and ".join(headers))
        for name, headers in twice.items()
    ]


def _missing(
    columns: Mapping[str, str], found: list[str], table: Table, spot: Spot
) -> list[Problem]:
    free = [header for header in found if header and header not in columns.values()]
    return [
        spot.problem(
            "no_column",
            column=column.name,
            name=column.name,
            label=column.label.zh,
            **_near(column.label.zh, free),
        )
        for column in table.columns.values()
        if column.required and column.name not in columns
    ]


def _crosstab(
    columns: Mapping[str, str], found: list[str], table: Table, spot: Spot
) -> list[Problem]:
    """Tell of periods that stand as headers where every row should name its own."""
    across = [header for header in found if PERIOD.fullmatch(squash(header).rsplit(JOINT, 1)[0])]
    if len(across) < LEAST_PERIODS:
        return []
    return [
        spot.problem(
            "crosstab",
            column=name,
            periods="、".join(across[:6]),
            label=table.columns[name].label.zh,
        )
        for name in table.key
        if name not in columns and table.columns[name].type in {Type.YEAR, Type.MONTH}
    ]


def _left(columns: Mapping[str, str], found: list[str], table: Table, spot: Spot) -> list[Problem]:
    """Tell of the headers that bring nothing, and of those that come close to a column."""
    free = [h for h in found if h and h not in columns.values() and h != "geometry"]
    open_columns = {c.label.zh: c for c in table.columns.values() if c.name not in columns}
    problems = []
    for header in free:
        near = difflib.get_close_matches(stated_unit(header)[0], open_columns, n=1, cutoff=0.75)
        if near:
            name = open_columns[near[0]].name
            said: dict[str, Any] = {"value": header, "label": near[0]}
            problems.append(spot.problem("near_header", column=name, **said))
    if free:
        problems.append(spot.problem("unused_headers", headers="、".join(free)))
    return problems


def _near(name: str, known: Iterable[str]) -> dict[str, Any]:
    near = difflib.get_close_matches(name, [str(one) for one in known], n=1)
    if not near:
        return {"hint": "", "hint_zh": ""}
    return {"hint": f"; did you mean {near[0]!r}?", "hint_zh": f"；是不是“{near[0]}”？"}


def unit_of(
    column: Column, *, rule: Rule | None, header: str, line: tuple[str, ...], spot: Spot
) -> str:
    """Tell the unit that a column's numbers are in.

    The rule of bundle.yml comes first, then the header, then a line `单位：…` of the sheet;
    without any of them it is the column's own.

    Raises
    ------
    RefusedError
        If it cannot be converted into the column's unit, or the line leaves it open.
    """
    stated = (rule.unit if rule else "") or header
    if not stated:
        fitting = [unit for unit in line if column.unit and factor(unit, column.unit)]
        if len(fitting) > 1:
            units = "、".join(fitting)
            raise RefusedError(spot.problem("unit_ambiguous", column=column.name, units=units))
        stated = fitting[0] if fitting else column.unit
    if factor(stated, column.unit) is None:
        said: dict[str, Any] = {"given": stated, "wanted": column.unit}
        raise RefusedError(spot.problem("no_conversion", column=column.name, **said))
    return stated
