"""Rows that are no records: totals (used as a check), remarks, repeated headers."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pandas as pd

from tenglong.source.cell.strings import count_ascii, holds, is_text
from tenglong.source.cell.units import ADDITIVE, kind
from tenglong.source.cell.way import as_text
from tenglong.source.file.header import JOINT, all_headers, squash, stated_unit
from tenglong.source.problem import Problem, RefusedError, Spot
from tenglong.source.schema import Column, Table, Type

SUBTOTAL = "小计"
LOOKED_AT = 4  # the first columns, where a total calls itself one
TOTAL = re.compile(
    r"(.{0,12}(合计|总计|小计|共计|累计)|全[县市省区]|[县市省区]本级)(（[^（）]*）)?[:：]?"
)
NO_KEY = r"[计:：、.．]|^注|^其中|^全.$|本级$"  # what may begin a total or a remark
OF_WHICH = re.compile(r"其中[:：]?.*")
NOTE = re.compile(
    r"(注|备注|说明|附注|附|资料来源|数据来源|填表人|制表人?|填报人|审核人?|复核人?|单位负责人|"
    r"负责人|分管领导|联系人|联系电话|填表日期|填报日期|填报时间|填报单位|报送单位|填表说明)[:：\d]"
)
SECTION = re.compile(r"[（(]?[一二三四五六七八九十]+[)）、.．].*")


@dataclass(frozen=True)
class Asides:
    """The rows of a sheet that are no records, by kind."""

    totals: tuple[int, ...] = ()
    subtotals: tuple[int, ...] = ()
    others: tuple[tuple[int, str, str], ...] = ()  # row, code of the problem, what stands there

    @property
    def rows(self) -> list[int]:
        """All of them."""
        return [*self.totals, *self.subtotals, *(row for row, _, _ in self.others)]


def asides(frame: pd.DataFrame, key: pd.Series, spot: Spot) -> Asides:
    """Find the rows that are no records: a total or a remark where the key should stand.

    Parameters
    ----------
    key
        The cells of the first of the table's key columns.

    Raises
    ------
    RefusedError
        If another table stands below the one that is read.
    """
    totals: list[int] = []
    subtotals: list[int] = []
    others: list[tuple[int, str, str]] = []
    for row in frame.index[_odd(key)]:
        cells = [squash(cell) for cell in frame.loc[row] if not pd.isna(cell) and str(cell).strip()]
        words = cells[0] if cells else ""
        key_is_free = pd.isna(key[row]) or squash(key[row]) in {"", words}
        is_after_note = bool(others) and others[-1][1] == "note_row" and len(cells) == 1
        total = next((cell for cell in cells[:LOOKED_AT] if TOTAL.fullmatch(cell)), None)
        if _is_header(frame.loc[row]):
            others.append((int(row), "repeated_header", words))
        elif total and (key_is_free or squash(key[row]) == total):
            (subtotals if SUBTOTAL in total else totals).append(int(row))
        elif key_is_free and OF_WHICH.fullmatch(words):
            others.append((int(row), "part_row", words[:60]))
        elif sum(cell in all_headers() for cell in cells) > 1:
            raise RefusedError(spot.problem("table_below", row=int(row), value=words))
        elif key_is_free and (NOTE.match(words) or is_after_note or _is_section(words, cells)):
            others.append((int(row), "note_row", words[:60]))
    return Asides(tuple(totals), tuple(subtotals), tuple(others))


def _is_header(row: pd.Series) -> bool:
    """Tell whether a row holds the names of its columns again."""
    held = [(str(name), squash(cell)) for name, cell in row.items() if not pd.isna(cell)]
    return len(held) > 1 and all(
        cell in {squash(name), squash(name.rsplit(JOINT, 1)[-1]), stated_unit(name)[0], ""}
        for name, cell in held
    )


def _odd(key: pd.Series) -> np.ndarray:
    """Tell where something else than a key may stand."""
    if is_text(key) and count_ascii(key) + key.isna().sum() == len(key) and not holds(key, b".:"):
        return key.isna().to_numpy()
    places, distinct = as_text(key).factorize()
    texts = pd.Series(distinct, dtype="str").str.replace(r"\s", "", regex=True)
    odd = texts.isin(all_headers()) | texts.str.contains(NO_KEY)
    found: np.ndarray = np.append(odd.to_numpy(dtype=bool), True)[places]  # -1, missing: the last
    return found


def _is_section(words: str, cells: list[str]) -> bool:
    return len(cells) == 1 and bool(SECTION.fullmatch(words))


def told(found: Asides, values: Mapping[str, pd.Series], table: Table, spot: Spot) -> list[Problem]:
    """Say which rows are no records, and whether each total is the sum of the rows above."""
    problems = [spot.problem(code, row=row, value=text) for row, code, text in found.others]
    for row in sorted((*found.totals, *found.subtotals)):
        problems.append(spot.problem("total_row", row=row))
        for name, series in values.items():
            if adds_up(table.columns[name]) and not pd.isna(series[row]):
                problems += _checked(row, series, found, spot, name)
    return problems


def adds_up(column: Column) -> bool:
    """Tell whether a total of a column is the sum of what stands above it."""
    is_number = column.type in {Type.NUMBER, Type.INTEGER}
    return is_number and kind(column.unit) in ADDITIVE


def _checked(
    row: int, series: pd.Series, found: Asides, spot: Spot, name: str
) -> Iterator[Problem]:
    records = series.drop(index=[one for one in found.rows if one in series.index])
    total = float(series[row])
    sums = [float(part.sum()) for part in _covered(row, records, found)]
    decimals = max(_decimals(total), *(_decimals(value) for value in records.dropna()[:200]), 0)
    # Rounded figures may miss their sum by half a last place each; whole numbers may not.
    spread = 0.5 * 10.0**-decimals * (len(records) + 1) if decimals else 0.0
    allowed = spread + 1e-9 * abs(total)
    agrees = any(np.isclose(total, one, rtol=0, atol=allowed) for one in sums)
    code = "total_matches" if agrees else "total_differs"
    yield spot.problem(code, column=name, row=row, value=f"{total:.12g}", sum=f"{sums[0]:.12g}")


def _covered(row: int, records: pd.Series, found: Asides) -> list[pd.Series]:
    """Give the rows that a total may cover: all, or (小计) those since or until the next one."""
    if row in found.totals:
        since = max((one for one in found.totals if one < row), default=0)
        above = records[(records.index > since) & (records.index < row)]
        return [records, above]
    before = max((one for one in found.subtotals if one < row), default=0)
    after = min((one for one in (*found.subtotals, *found.totals) if one > row), default=None)
    above = records[(records.index > before) & (records.index < row)]
    below = records[records.index > row]
    return [above, below if after is None else below[below.index < after]]


def _decimals(value: float) -> int:
    exponent = Decimal(f"{value:.10g}").normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
