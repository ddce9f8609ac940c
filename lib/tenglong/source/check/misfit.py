"""Columns of another kind or scale: headers exchanged, a wrong place, figures in another unit."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from tenglong.source.cell.strings import count_ascii, count_held
from tenglong.source.cell.units import ADDITIVE, kind
from tenglong.source.cell.value import parse
from tenglong.source.cell.way import as_text
from tenglong.source.check.mask import mask
from tenglong.source.problem import Problem, Spot
from tenglong.source.schema import Column, Table, Type

LEAST_CELLS = 5
LARGE_SHARE = 0.5  # of the figures may be in another unit, for it to be told
FEW_SHARE = 0.1  # more of them must lie above the others by such a slip, not just far away
SLIPS = (
    2000 / 3,
    1e3,
    1e4,
    1e8,
)  # 平方米 for 亩; 千克 for 吨; 元 for 万元, 亿元
NEAR = 3.0  # times that two halves of a column, in one unit, may lie apart
TIMES = 300.0  # a slip of unit is at least a thousand; firms differ by less from one to the next
# Columns whose cells never hold Chinese: where most do, the columns were swapped.
PLAIN_CODES = ("usci", "township", "industry")
MOST_SHOWN = 20  # characters of an example
SAMPLE = 200  # cells by which two columns are compared
FITS = 0.9  # of the cells, at least


def is_misfit(cells: pd.Series, bad: pd.Series, column: Column) -> bool:
    """Tell whether most cells of a column are of another kind."""
    held = 0 if column.type is Type.GEOMETRY else count_held(cells)
    if held < LEAST_CELLS:
        return False
    wrong = int(bad.sum())
    if column.name in PLAIN_CODES:
        wrong = _chinese(as_text(cells))
    elif column.name == "name" and column.type is Type.TEXT:
        wrong = _long_codes(as_text(cells), held)
    return wrong * 2 > held


def _chinese(text: pd.Series) -> int:
    if count_ascii(text) == count_held(text):
        return 0
    return int(text.str.contains("[一-鿿]").fillna(value=False).sum())


def _long_codes(text: pd.Series, held: int) -> int:
    if count_ascii(text) * 2 <= held:
        return 0
    return int(text.str.fullmatch(r"[0-9A-Z]{15,28}").fillna(value=False).sum())


def misfit_problems(
    misfits: list[str], cells: Mapping[str, pd.Series], table: Table, spot: Spot
) -> Iterator[Problem]:
    """Name the column that a misfit was exchanged with, or else say that it is misplaced.

    Parameters
    ----------
    cells
        The cells of every column that the file has.
    """
    for name in misfits:
        column = table.columns[name]
        others = [*misfits, *(cell for cell in cells if cell not in misfits)]
        fitting = (
            other
            for other in others
            if other != name
            and _fit(cells[other], column)
            and _fit(cells[name], table.columns[other])
        )
        other = next(fitting, None)
        if other is not None:
            label = table.columns[other].label
            yield spot.problem("swapped_columns", column=name, other=label)
        else:
            said: dict[str, Any] = {"count": count_held(cells[name]), "label": column.label}
            said |= {"example": _example(cells[name], column), "omit": "", "omit_zh": ""}
            if not column.required:
                said["omit"] = f", or leave the column out by `omit: [{name}]`"
                said["omit_zh"] = f"；不用这一列就写 omit: [{name}]"
            yield spot.problem("wrong_column", column=name, **said)


def _example(cells: pd.Series, column: Column) -> str:
    """Give what stands most often where the column cannot be read."""
    bad = parse(cells, column)[1]
    wrong = as_text(cells[bad] if bad.any() else cells).dropna()
    return mask(str(wrong.mode().iloc[0]))[:MOST_SHOWN]


def _fit(cells: pd.Series, column: Column) -> bool:
    some = cells.dropna().head(SAMPLE)
    if column.type is Type.GEOMETRY or not len(some):
        return False
    values, bad = parse(some, column)
    if values.notna().sum() < FITS * len(some) or is_misfit(some, bad, column):
        return False
    return column.type not in {Type.TEXT, Type.CODE} or not _is_amount(some)


def _is_amount(cells: pd.Series) -> bool:
    """Tell a column of figures, which any column of text or codes could hold, too."""
    text = as_text(cells)
    return bool(text.str.fullmatch(r"-?\d+\.\d+").mean() > 1 - FITS)


def unit_suspects(
    values: pd.Series, cells: pd.Series, column: Column, spot: Spot
) -> Iterator[Problem]:
    """Tell of the figures, half at the most, that are hundreds of times the largest of the others.

    Parameters
    ----------
    values, cells
        The column as it was read, and as it stands in the file.
    """
    if column.type is not Type.NUMBER or kind(column.unit) not in ADDITIVE:
        return
    known = values.to_numpy(dtype="float64")
    positive = known[known > 0]
    if len(positive) < LEAST_CELLS:
        return
    few = max(1, int(len(positive) * LARGE_SHARE))
    place = len(positive) - few - 1
    if positive.max() < TIMES * np.partition(positive, place)[place]:
        return
    largest = np.sort(positive)[place:]
    gaps = np.flatnonzero(largest[1:] >= TIMES * largest[:-1])
    if not len(gaps):
        return
    below, above = largest[gaps[0]], largest[gaps[0] + 1]
    if (known >= above).sum() > max(1, FEW_SHARE * len(positive)):
        apart = np.median(known[known >= above]) / np.median(positive[positive <= below])
        if not any(slip / NEAR <= apart <= slip * NEAR for slip in SLIPS):
            return
    for row in values.index[known >= above]:
        said: dict[str, Any] = {"next": f"{below:g}", "times": f"{values[row] / below:,.0f}"}
        yield spot.problem(
            "unit_suspect", column=column.name, row=int(row), value=cells[row], **said
        )
