"""Match a file's headers to the columns of a table: by name, label or alias, never by guess."""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain
from typing import Any

import pandas as pd

from tenglong.measure.clause import Label
from tenglong.source.cell.units import factor, unit_label, unit_named
from tenglong.source.cell.way import as_text
from tenglong.source.file.rule import Rule, letters_of
from tenglong.source.problem import Problem, RefusedError, Severity, Spot
from tenglong.source.schema import Column, Table, Type, tables
from tenglong.unseen import plain

REMEMBERED = 10_000  # texts whose reading as a header is kept
JOINT = "·"  # joins the lines of a header of several rows
PERIOD = re.compile(
    r"((19|20)\d{2}(年度?)?)?([-./年]?(1[0-2]|0?[1-9])月?)?|[一二三四五六七八九十]+月"
)
LEAST_PERIODS = 2
PERIOD_COLUMN = "period"  # a text that is a year, a quarter or a month
WITH_UNIT = re.compile(r"(.+?)(?:（([^（）]+)）|[/:：]([^/:：]+)|,?单位[:：]([^:：]+))")


@dataclass(frozen=True)
class Matching:
    """Which header brings which column, the unit that a header states, and what was noticed.

    `places` has the place of each column in the file, from 0: a header may stand twice.
    """

    columns: Mapping[str, str]
    places: Mapping[str, int]
    units: Mapping[str, str]
    problems: tuple[Problem, ...]


def squash(header: object) -> str:
    """Give a header without blanks, line breaks, full-width letters and half-width brackets.

    What cannot be seen is taken out of it, too.

    >>> squash(' 实缴税金 (万元)')
    '实缴税金（万元）'
    """
    return _squashed(str(header))


@lru_cache(maxsize=REMEMBERED)
def _squashed(text: str) -> str:
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", plain(text)))
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
    frame: pd.DataFrame,
    table: Table,
    rules: Mapping[str, Rule],
    *,
    omitted: frozenset[str] = frozenset(),
    spot: Spot,
) -> Matching:
    """Find the column of a file that brings each column of `table` that the file has.

    Parameters
    ----------
    frame
        The file's cells under its headers.
    omitted
        The table's columns that are not to be taken from it.

    Raises
    ------
    RefusedError
        With all of it: two columns of other values that bring the same one, an explicit rule that
        names what is not there, required columns that are missing.
    """
    found = [str(header) for header in frame.columns]
    places, problems = _explicit(frame, found, table, rules, spot)
    valued = {name for name, rule in rules.items() if rule.value is not None}
    known = known_headers(table)
    hits: dict[str, list[int]] = {}
    unwanted: list[int] = []
    for place, header in enumerate(found):
        name = column_of(header, known)
        if name in omitted:
            unwanted.append(place)
        elif name is not None and name not in {*places, *valued}:
            hits.setdefault(name, []).append(place)
    problems += _twice(frame, hits, table, spot)
    places |= {name: first for name, (first, *_) in hits.items()}
    places = {name: places[name] for name in table.columns if name in places}
    columns = {name: found[place] for name, place in places.items() if place < len(found)}
    there = {**columns, **dict.fromkeys(valued, "")}
    problems += _crosstab(there, found, table, spot) or _missing(there, found, table, spot)
    named = [_named(one.header, found) for one in rules.values() if one.header and not one.nth]
    used = {*places.values(), *chain(unwanted, *hits.values(), *named)}
    free = [place for place in range(len(found)) if place not in used]
    open_columns = [c for c in table.columns.values() if c.name not in {*there, *omitted}]
    problems += _left([found[place] for place in free], open_columns, spot)
    problems += _nameless(frame, free, spot)
    if any(problem.severity is Severity.ERROR for problem in problems):
        raise RefusedError(*(p for p in problems if p.severity is Severity.ERROR))
    units = {name: _unit(header, table.columns[name]) for name, header in columns.items()}
    stated = {name: unit for name, unit in units.items() if unit}
    return Matching(columns, places, stated, tuple(problems))


def _unit(header: str, column: Column) -> str:
    """Give the unit that a header states; of several lines the lowest that has one which fits."""
    lowest, *upper = reversed(header.split(JOINT))
    own = stated_unit(lowest)[1]
    above = (stated_unit(part)[1] for part in upper)
    return own or next((unit for unit in above if unit and factor(unit, column.unit)), "")


def _explicit(
    frame: pd.DataFrame, found: list[str], table: Table, rules: Mapping[str, Rule], spot: Spot
) -> tuple[dict[str, int], list[Problem]]:
    places: dict[str, int] = {}
    problems: list[Problem] = []
    for name, rule in rules.items():
        if rule.position:
            places[name] = rule.position - 1
            if rule.position > len(found):
                said: dict[str, Any] = {"position": rule.position, "count": len(found)}
                problems.append(spot.problem("rule_position", column=name, **said))
        elif rule.header:
            named = _named(rule.header, found)
            places[name] = named[max(rule.nth - 1, 0)] if len(named) >= max(rule.nth, 1) else 0
            if not named:
                near = _near(rule.header, found)
                problems.append(
                    spot.problem("rule_header", column=name, header=rule.header, **near)
                )
            elif len(named) < rule.nth:
                said = {"header": rule.header, "nth": rule.nth, "count": len(named)}
                problems.append(spot.problem("rule_nth", column=name, **said))
            elif not rule.nth:
                problems += _twice(frame, {name: named}, table, spot)
    return places, problems


def _named(header: str, found: list[str]) -> list[int]:
    """Give the places of a header that bundle.yml names; blanks and brackets may differ."""
    exact = [place for place, one in enumerate(found) if one == header]
    return exact or [place for place, one in enumerate(found) if squash(one) == squash(header)]


def _twice(
    frame: pd.DataFrame, hits: Mapping[str, list[int]], table: Table, spot: Spot
) -> list[Problem]:
    """Tell of columns that several columns of the file bring: a note where these are the same."""
    found = [str(header) for header in frame.columns]
    twice = {name: places for name, places in hits.items() if len(places) > 1}
    other = {name: places for name, places in twice.items() if not _are_same(frame, places)}
    if len(other) > 1 and all(
        len({found[one] for one in places}) == 1 for places in other.values()
    ):
        listed = [found[places[0]] for places in other.values()]
        return [spot.problem("side_by_side", columns=listed)]
    problems = []
    for name, places in twice.items():
        said: dict[str, Any] = {
            "headers": " and ".join(f"{found[one]} (column {one + 1})" for one in places),
            "headers_zh": "和".join(f"“{found[one]}”（第 {one + 1} 列）" for one in places),
        }
        if name in other:
            said |= _choices(name, [found[one] for one in places], places, table)
        code = "two_headers" if name in other else "same_columns"
        problems.append(spot.problem(code, column=name, **said))
    return problems


def _are_same(frame: pd.DataFrame, places: list[int]) -> bool:
    first, *others = (as_text(frame.iloc[:, place]) for place in places)
    return all(first.equals(other) for other in others)


def _choices(name: str, headers: list[str], places: list[int], table: Table) -> dict[str, str]:
    """Say what may be written in bundle.yml to choose one of several columns."""
    ways = [f"{name}: {{position: {places[-1] + 1}}}"]
    if len(set(headers)) == 1:
        ways.append(f"{name}: {{column: '{headers[0]}', nth: {len(headers)}}}")
    said = {"way": " or ".join(ways), "way_zh": "或 ".join(ways), "omit": "", "omit_zh": ""}
    if not table.columns[name].required:
        said["omit"] = f", or leave it out by `omit: [{name}]`"
        said["omit_zh"] = f"，不用这一列就写 omit: [{name}]"
    return said


def _missing(
    columns: Mapping[str, str], found: list[str], table: Table, spot: Spot
) -> list[Problem]:
    free = [header for header in found if header and header not in columns.values()]
    return [
        spot.problem(
            "no_column",
            column=column.name,
            name=column.name,
            label=column.label,
            **_near(column.label.zh, free),
        )
        for column in table.columns.values()
        if column.required and column.name not in columns
    ]


def periods_across(found: Sequence[str]) -> list[int]:
    """Give the places of the headers that are periods, alone or above another line."""
    return [
        place
        for place, header in enumerate(found)
        if (upper := squash(header).rsplit(JOINT, 1)[0]) and PERIOD.fullmatch(upper)
    ]


def _crosstab(
    columns: Mapping[str, str], found: list[str], table: Table, spot: Spot
) -> list[Problem]:
    """Tell of periods that stand as headers where every row should name its own."""
    across = [found[place] for place in periods_across(found)]
    if len(across) < LEAST_PERIODS:
        return []
    return [
        spot.problem(
            "crosstab",
            column=name,
            periods=across[:6],
            label=table.columns[name].label,
        )
        for name in table.key
        if name not in columns
        and (name == PERIOD_COLUMN or table.columns[name].type in {Type.YEAR, Type.MONTH})
    ]


def _left(free: list[str], open_columns: list[Column], spot: Spot) -> list[Problem]:
    """Tell of the headers that bring nothing, and of those that come close to a column."""
    free = [header for header in free if header and header != "geometry"]
    labels = {column.label.zh: column.name for column in open_columns}
    problems = []
    for header in free:
        near = difflib.get_close_matches(stated_unit(header)[0], labels, n=1, cutoff=0.75)
        if near:
            name = labels[near[0]]
            label = next(column.label for column in open_columns if column.name == name)
            said: dict[str, Any] = {"value": header, "label": label, "name": name}
            problems.append(spot.problem("near_header", column=name, **said))
    if free:
        problems.append(spot.problem("unused_headers", headers=free))
    return problems


def _nameless(frame: pd.DataFrame, free: list[int], spot: Spot) -> list[Problem]:
    """Tell of filled columns without a header; few cells, or a numbering, are a note."""
    problems = []
    for place in free:
        cells = frame.iloc[:, place]
        held = 0 if str(frame.columns[place]).strip() else int(as_text(cells).notna().sum())
        if held:
            is_minor = held * 2 <= len(cells) or _is_numbering(cells)
            severity = Severity.NOTE if is_minor else Severity.WARNING
            said: dict[str, Any] = {"count": held, "position": place + 1}
            said["letters"] = letters_of(place + 1)
            problems.append(spot.problem("no_header", severity=severity, **said))
    return problems


def _is_numbering(cells: pd.Series) -> bool:
    numbers = pd.to_numeric(cells, errors="coerce").dropna()
    return len(numbers) * 2 > len(cells) and bool((numbers.diff().dropna() == 1).all())


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
            units = [unit_label(unit) for unit in fitting]
            said: dict[str, Any] = {
                "units": Label("、".join(u.zh for u in units), ", ".join(u.en for u in units))
            }
            raise RefusedError(spot.problem("unit_ambiguous", column=column.name, **said))
        stated = fitting[0] if fitting else column.unit
    if factor(stated, column.unit) is None:
        said = {"given": unit_label(stated), "wanted": unit_label(column.unit)}
        raise RefusedError(spot.problem("no_conversion", column=column.name, **said))
    return stated
