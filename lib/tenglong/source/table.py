"""A raw file becomes a table: canonical columns, typed values, and the list of what is wrong."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from tenglong.measure.county import Repair, Strays
from tenglong.source.cell.day_rule import DayRule
from tenglong.source.cell.digits import digits_kept
from tenglong.source.cell.strings import are_rising
from tenglong.source.cell.units import unit_label
from tenglong.source.cell.value import parse
from tenglong.source.cell.way import Way, as_text, nobody
from tenglong.source.check.crosstab_flip import crosstab_flips
from tenglong.source.check.day_order import days_out_of_order
from tenglong.source.check.misfit import is_misfit, misfit_problems, unit_suspects
from tenglong.source.check.secrets import without_secrets
from tenglong.source.check.totals import Asides, adds_up, asides, told
from tenglong.source.check.towns import unknown_names
from tenglong.source.check.unit_flip import unit_flips
from tenglong.source.check.unread_period import unread_periods
from tenglong.source.check.unseen_text import plain_headers, plain_texts
from tenglong.source.file.header import Matching, match, unit_of
from tenglong.source.file.raw import Raw
from tenglong.source.file.rule import Rule, told_apart
from tenglong.source.problem import Problem, RefusedError, Severity, Spot
from tenglong.source.schema import Column, Table, Type
from tenglong.source.table_source import Source

MIDNIGHT = " 00:00:00"  # what a day of a workbook carries

DATELESS = {"no_date", "far_date"}  # a day that is none, or cannot be meant
TOLD_OF_BAD = {"number_code", "month_only", *DATELESS}
TOLD_ONCE = ("no_value", "time_of_day", "zoned_moment")  # a column, with their count


@dataclass(frozen=True)
class Loaded:
    """A table as it came in.

    Attributes
    ----------
    frame
        The rows that may be used; the index is the row number in the file.
    quarantined
        The rows that were set aside, as they stood in the file (of `parts`: only their number).
    problems
        Everything that was found, also of rows that are used.
    repairs
        The outlines that could not be used as drawn.
    parts
        What each file brought, where several bring the table; see `joined.joined`.
    aside
        The rows that were set aside, as far as they could be read.
    strays
        The codes that stand in no row of the table that they refer to.
    """

    frame: pd.DataFrame
    quarantined: pd.DataFrame
    problems: tuple[Problem, ...]
    repairs: tuple[Repair, ...] = ()
    parts: tuple["Loaded", ...] = ()
    aside: pd.DataFrame = field(default_factory=pd.DataFrame)
    strays: tuple[Strays, ...] = ()


def load_table(
    raw: Raw,
    table: Table,
    *,
    source: Source,
    townships: frozenset[str] = frozenset(),
    month_is_its_first_day: bool = False,
    days: DayRule | None = None,
) -> Loaded:
    """Give a raw file the columns and types of `table`.

    Parameters
    ----------
    source
        What bundle.yml says of the file: rules of columns, what stands for nothing, what is let in.
    townships
        The names of the county's townships, where they are known.
    month_is_its_first_day
        What a month without a day means where a date is asked for; else it is not taken.
    days
        What dates can mean; None takes every one.

    Raises
    ------
    RefusedError
        If headers or units do not fit, or columns are swapped.
    """
    spot = Spot(raw.file, raw.sheet, table.name)
    raw, odd = plain_headers(raw, spot)
    found = _matched(raw, table, source, spot)
    cells, covered = _safe(raw.frame, found, table, spot)
    keys = [found.places[name] for name in table.key if name in found.places]
    away = asides(cells, cells.iloc[:, keys[0]], spot) if raw.is_sheet and keys else Asides()
    values: dict[str, pd.Series] = {}
    held: dict[str, pd.Series] = {}
    misfits: list[str] = []
    problems: list[Problem] = [*raw.problems, *odd, *found.problems, *covered]
    for name, header in found.columns.items():
        column = table.columns[name]
        rule = source.rules.get(name, Rule())
        unit = _unit(column, rule, found.units.get(name, ""), raw, spot)
        way = Way(unit, month_is_its_first_day, raw.is_sheet, raw.epoch, days)
        markers = (*source.nothing, *rule.nothing)
        given = _of_records(cells.iloc[:, found.places[name]], away, column)
        held[name], declared = _held(given, markers, column, spot)
        values[name], bad = parse(held[name], column, way)
        bad &= ~bad.index.isin(away.rows)
        if unit != column.unit:
            said: dict[str, Any] = {"given": unit_label(unit), "wanted": unit_label(column.unit)}
            problems.append(spot.problem("unit_converted", column=name, value=header, **said))
        if is_misfit(held[name], bad & ~bad.index.isin(_dateless(way)), column):
            misfits.append(name)
        else:
            problems += [*declared, *_noticed(held[name], bad, way, spot, column)]
        problems += _formulas(raw, found.places[name], column, spot)
    values |= _fixed(source.rules, table, cells.index, spot)
    values |= _digits(values, held, table)
    problems += misfit_problems(misfits, held, table, spot)
    if any(p.severity is Severity.ERROR and p.row is None for p in problems):
        raise RefusedError(*(p for p in problems if p.severity is Severity.ERROR))
    problems += told(away, values, table, spot)
    read = {name: values[name] for name in table.columns if name in values}
    frame = _without(pd.DataFrame(read, cells.index), away.rows)
    problems += days_out_of_order(frame, table, spot)
    problems += unit_flips(frame, table, spot)
    problems += unread_periods(frame, table, spot)
    for name, given in held.items():
        problems += unit_suspects(frame[name], given, table.columns[name], spot)
    if not len(frame):
        problems.append(spot.problem("no_rows"))
    problems += _missing(frame, problems, table, source.accepted, spot)
    problems += duplicated(frame, table, source.accepted, spot)
    if table.name == "townships":
        problems += unknown_names(frame["name"], known=townships, spot=spot)
    aside = sorted({p.row for p in problems if p.severity is Severity.ERROR and p.row is not None})
    headers = told_apart([str(header) for header in cells.columns])
    away_cells, away_values = (given.loc[aside] if aside else given[:0] for given in (cells, frame))
    away_cells = away_cells.set_axis(headers, axis="columns")
    return Loaded(_without(frame, aside), away_cells, tuple(problems), aside=away_values)


def _safe(
    frame: pd.DataFrame, found: Matching, table: Table, spot: Spot
) -> tuple[pd.DataFrame, list[Problem]]:
    """Give a file's cells without what no page can carry, and without what must not come in.

    In this order: a mark that nobody sees would hide a number that is to be masked.
    """
    names = {place: name for name, place in found.places.items()}
    kinds = {place: table.columns[name].type for place, name in names.items()}
    cells, unseen = plain_texts(frame, names, kinds, spot)
    cells, secrets = without_secrets(cells, kinds, spot)
    return cells, [*unseen, *secrets]


def _of_records(cells: pd.Series, away: Asides, column: Column) -> pd.Series:
    """Blank the cells of totals and remarks, which are no codes and no dates; totals stay."""
    if not away.rows or adds_up(column):
        return cells
    return cells.mask(cells.index.isin(away.rows))


def _held(
    cells: pd.Series, markers: tuple[str, ...], column: Column, spot: Spot
) -> tuple[pd.Series, list[Problem]]:
    """Blank the cells that stand for nothing by bundle.yml, with a note for each such text."""
    if not markers or column.type is Type.GEOMETRY:
        return cells, []
    text = as_text(cells).str.removesuffix(MIDNIGHT)
    nothing = text.isin(markers)
    if not nothing.any():
        return cells, []
    problems = []
    for marker, rows in text[nothing].groupby(text[nothing]):
        said: dict[str, Any] = {"row": int(rows.index[0]), "value": marker, "count": len(rows)}
        problems.append(spot.problem("no_value", column=column.name, **said))
    return cells.mask(nothing), problems


def _fixed(
    rules: Mapping[str, Rule], table: Table, index: pd.Index, spot: Spot
) -> dict[str, pd.Series]:
    """Give the columns that bundle.yml has one value for.

    Raises
    ------
    RefusedError
        If a value is not of its column's type.
    """
    values = {}
    for name, rule in rules.items():
        if rule.value is None:
            continue
        column = table.columns[name]
        unit = (
            unit_of(column, rule=rule, header="", line=(), spot=spot) if rule.unit else column.unit
        )
        given = pd.Series([rule.value], dtype="str")
        read, bad = parse(given, column, Way(unit))
        if bad.any():
            must, must_zh = _must(column)
            said: dict[str, Any] = {"value": rule.value, "must": must, "must_zh": must_zh}
            raise RefusedError(spot.problem("rule_value", column=name, **said))
        values[name] = read.repeat(len(index)).set_axis(index)
    return values


def _dateless(way: Way) -> list[int]:
    """Give the rows of a column of dates that hold a date that is none: it is no other column."""
    return [row for row, code in way.marks.codes.items() if code in DATELESS]


def _without(frame: pd.DataFrame, rows: list[int]) -> pd.DataFrame:
    return frame.drop(index=rows) if rows else frame


def _digits(
    values: Mapping[str, pd.Series], cells: Mapping[str, pd.Series], table: Table
) -> dict[str, pd.Series]:
    """Give the columns that count decimals, as told, else as the cells of text show them."""
    counted = {}
    for name, column in table.columns.items():
        if column.digits_of and column.digits_of in cells:
            kept = digits_kept(cells[column.digits_of])
            digits = values[name].fillna(kept) if name in values else kept
            if digits.notna().any():
                counted[name] = digits
    return counted


def _unit(column: Column, rule: Rule, header: str, raw: Raw, spot: Spot) -> str:
    if column.type not in {Type.NUMBER, Type.INTEGER}:
        return column.unit
    return unit_of(column, rule=rule, header=header, line=raw.units, spot=spot)


def _matched(raw: Raw, table: Table, source: Source, spot: Spot) -> Matching:
    """Match the headers; a crosstab is refused with the steps of unit that it holds."""
    try:
        return match(raw.frame, table, source.rules, omitted=source.omitted, spot=spot)
    except RefusedError as refused:
        if not any(problem.code == "crosstab" for problem in refused.problems):
            raise
        flips = crosstab_flips(raw.frame, table, spot)
        raise RefusedError(*refused.problems, *flips) from None


def _noticed(
    cells: pd.Series, bad: pd.Series, way: Way, spot: Spot, column: Column
) -> Iterator[Problem]:
    """Give the problems of a column's cells; what loses nothing is told once a column."""
    severity = Severity.ERROR if column.required else Severity.WARNING
    codes = way.marks.codes
    odd = as_text(cells[bad]) if bad.any() else cells[:0]
    for row, cell in odd.items():
        code = codes.get(int(str(row)), "unreadable")
        code = code if code in TOLD_OF_BAD else "unreadable"
        must, must_zh = _must(column)
        yield spot.problem(
            code,
            column=column.name,
            row=int(str(row)),
            value=cell,
            severity=severity,
            **{"must": must, "must_zh": must_zh, **way.marks.said.get(int(str(row)), {})},
        )
    said: dict[str, Any]
    for row, code in codes.items():
        if code in {"unit_in_cell", "excel_serial", "month_as_first_day", "code_spelling"}:
            said = {"column": column.name, "row": row, "value": cells[row]}
            yield spot.problem(code, **said, **way.marks.said[row])
    for once in TOLD_ONCE:
        marked = [row for row, code in codes.items() if code == once]
        if marked:
            said = {"column": column.name, "row": marked[0], "value": cells[marked[0]]}
            said |= way.marks.said[marked[0]]
            yield spot.problem(once, **said, count=len(marked))
    if column.unit == "%" and way.unit == "%":
        yield from _shares(cells, column, spot)


def _shares(cells: pd.Series, column: Column, spot: Spot) -> Iterator[Problem]:
    numbers = pd.to_numeric(cells, errors="coerce").dropna()
    numbers = numbers[numbers != 0]
    if len(numbers) and numbers.between(0, 1).all():
        yield spot.problem("percent_as_share", column=column.name)


def _formulas(raw: Raw, place: int, column: Column, spot: Spot) -> Iterator[Problem]:
    severity = Severity.ERROR if column.required else Severity.WARNING
    for (row, at), value in raw.faults.items():
        if at == place:
            code = "formula_error" if value else "formula_empty"
            said: dict[str, Any] = {"column": column.name, "row": row, "value": value}
            yield spot.problem(code, severity=severity, **said)


def _must(column: Column) -> tuple[str, str]:
    match column.type:
        case Type.CHOICE:
            labels = [label.zh for label in (column.choices or {}).values()]
            return f"must be one of {', '.join(labels)}", f"必须是{'、'.join(labels)}之一"
        case Type.FLAG:
            return "must be 是 or 否", "必须填是或否"
        case Type.DATE:
            return "must be a date such as 2021-03-05", "必须是日期，如 2021-03-05"
        case Type.MONTH:
            return "must be a month such as 2021-03", "必须是月份，如 2021-03"
        case _:
            low = "" if column.minimum is None else f" ≥ {column.minimum:g}"
            high = "" if column.maximum is None else f" ≤ {column.maximum:g}"
            kinds = {Type.YEAR: "年份", Type.INTEGER: "整数", Type.CODE: "代码"}
            chinese = f"必须是{kinds.get(column.type, '数字')}{low}{high}"
            return f"must be a {column.type}{low}{high}", chinese


def _missing(
    frame: pd.DataFrame, known: list[Problem], table: Table, accepted: frozenset[str], spot: Spot
) -> Iterator[Problem]:
    known_at = {(problem.row, problem.column) for problem in known}
    for column in table.columns.values():
        if not column.required:
            continue
        code = "missing_key" if column.name in table.key else "missing"
        severity = Severity.WARNING if code in accepted else Severity.ERROR
        for row in frame.index[frame[column.name].isna()]:
            if (int(row), column.name) not in known_at:
                yield spot.problem(code, column=column.name, row=int(row), severity=severity)


def duplicated(
    frame: pd.DataFrame, table: Table, accepted: frozenset[str], spot: Spot
) -> Iterator[Problem]:
    """Tell of the rows whose key an earlier row has."""
    by = (table.latest_by,) if table.latest_by else ()
    key = [column for column in (*table.key, *by) if column in frame.columns]
    again = _again(frame[key])
    severity = Severity.WARNING if "duplicate_key" in accepted else Severity.ERROR
    for row in again.index[again]:
        value = " ".join(str(part) for part in frame.loc[row, key])
        column = "+".join(key)
        yield spot.problem(
            "duplicate_key", column=column, row=int(row), value=value, severity=severity
        )


def _again(keys: pd.DataFrame) -> pd.Series:
    """Tell which rows repeat an earlier row's key; a key without any part repeats none."""
    if any(are_rising(keys[name]) for name in keys):
        return nobody(keys.index.to_series())
    one = np.zeros(len(keys), dtype=np.int64)
    blank = np.ones(len(keys), dtype=bool)
    for name in keys:
        places, distinct = keys[name].factorize()
        one = pd.factorize(one * (len(distinct) + 1) + places + 1)[0]
        blank &= places == -1
    return pd.Series(one, index=keys.index).duplicated() & ~blank
