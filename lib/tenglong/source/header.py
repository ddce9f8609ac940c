"""Match a file's headers to the columns of a table: by name, label or alias, never by guess."""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from tenglong.errors import DataError
from tenglong.source.schema import Column, Table

# How many of the column's unit one of the foreign unit is.
UNIT_FACTORS: Mapping[tuple[str, str], float] = {
    ("m2", "亩"): 0.0015,
    ("㎡", "亩"): 0.0015,
    ("平方米", "亩"): 0.0015,
    ("公顷", "亩"): 15.0,
    ("ha", "亩"): 15.0,
    ("ft2", "亩"): 0.09290304 * 0.0015,
    ("元", "万元"): 1e-4,
    ("亿元", "万元"): 1e4,
    ("千元", "万元"): 0.1,
    ("kWh", "万千瓦时"): 1e-4,
}


@dataclass(frozen=True)
class Rule:
    """An explicit mapping of bundle.yml: take `header`, given in `unit`."""

    header: str
    unit: str = ""


def squash(header: object) -> str:
    """Give a header without blanks, line breaks and half-width brackets.

    >>> squash(' 实缴税金 (万元)')
    '实缴税金（万元）'
    """
    text = re.sub(r"\s+", "", str(header))
    return text.replace("(", "（").replace(")", "）")


def match(
    headers: Iterable[object], table: Table, rules: Mapping[str, Rule], *, place: str
) -> dict[str, str]:
    """Find the file's header of every column of `table` that the file has.

    Returns
    -------
    dict
        Column name → the file's header.

    Raises
    ------
    DataError
        If two headers bring the same column, an explicit rule names a header or a column
        that is not there, or a required column is missing.
    """
    found = [str(header) for header in headers]
    columns = _explicit(found, table, rules, place)
    for column in table.columns.values():
        if column.name in columns:
            continue
        wanted = {squash(header) for header in column.headers}
        hits = [header for header in found if squash(header) in wanted]
        if len(hits) > 1:
            raise DataError(
                f"{place}: table {table.name}, column {column.name}: the headers "
                f"{' and '.join(hits)} both mean it; keep one or choose in bundle.yml"
            )
        if hits:
            columns[column.name] = hits[0]
    _require(columns, found, table, place)
    return columns


def _explicit(
    found: list[str], table: Table, rules: Mapping[str, Rule], place: str
) -> dict[str, str]:
    columns: dict[str, str] = {}
    for name, rule in rules.items():
        if name not in table.columns:
            raise DataError(
                f"{place}: table {table.name} has no column {name!r}{_near(name, table.columns)}"
            )
        if rule.header not in found:
            raise DataError(
                f"{place}: table {table.name}, column {name}: bundle.yml takes it from "
                f"{rule.header!r}, which the file does not have{_near(rule.header, found)}"
            )
        columns[name] = rule.header
    return columns


def _require(columns: Mapping[str, str], found: list[str], table: Table, place: str) -> None:
    missing = [
        column
        for column in table.columns.values()
        if column.required and column.name not in columns
    ]
    if missing:
        names = ", ".join(f"{column.name} ({column.label.zh})" for column in missing)
        hints = "".join(_near(column.label.zh, found) for column in missing)
        raise DataError(f"{place}: table {table.name} needs the column {names}{hints}")


def _near(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def converted(values: pd.Series, column: Column, rule: Rule | None, *, place: str) -> pd.Series:
    """Convert numbers from the unit that an explicit rule names into the column's own.

    Raises
    ------
    DataError
        If no conversion between the two units is known.
    """
    if rule is None or not rule.unit or rule.unit == column.unit:
        return values
    factor = UNIT_FACTORS.get((rule.unit, column.unit))
    if factor is None:
        raise DataError(
            f"{place}: column {column.name}: no conversion from {rule.unit!r} to {column.unit!r}"
        )
    return values * factor
