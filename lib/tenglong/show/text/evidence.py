"""The rows that a figure was computed from, in plain text and as facts for machines."""

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, Literal

import pandas as pd
from rich import box
from rich.cells import cell_len
from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tenglong.measure.clause import Label
from tenglong.measure.county import County
from tenglong.measure.reading import Evidence, Part
from tenglong.measure.supply import numbered, origin_of, place_of
from tenglong.show.number import MISSING, figure
from tenglong.show.page import Page
from tenglong.show.words import catalogue

INDENT = (0, 0, 0, 2)
MOST_DECIMALS = 4  # of a number that does not end
# Columns of a screen: a code that is not broken up, a column of either sort, a row of a table.
LONGEST_CODE = 20
LEAST_CODE, LEAST_TEXT = 6, 8
MOST_WIDTH = 90


def evidence_text(page: Page, evidence: Evidence, *, most_rows: int) -> Iterator[RenderableType]:
    """Lay out the rows of one table: its file, the first rows in the file's order, how many more.

    The number before a row is the one that it has in the file.
    """
    rows = evidence.rows.sort_index(kind="stable")
    values = {
        "table": page.label(evidence.table),
        "name": evidence.table,
        "file": _origin(evidence, page.place),
        "count": len(rows),
    }
    yield line(page.word("explain.rows", **values))
    if len(rows) and most_rows:
        yield Padding(_rows(page, rows.head(most_rows), evidence.table), INDENT)
    left = len(rows) - min(most_rows, len(rows))
    if left:
        yield line(page.word("explain.more", count=left))


def evidence_facts(evidence: Evidence, county: County) -> dict[str, Any]:
    """Give all rows of one table as JSON values, with the file that they stand in."""
    rows = evidence.rows.sort_index(kind="stable")
    columns = _columns(rows)
    inputs = [one for one in county.inputs if one.table == evidence.table]
    places = [place_of(inputs, evidence.table, int(str(row))) for row in rows.index]
    return {
        "table": evidence.table,
        "file": origin_of(inputs, evidence.table) or None,
        "sha256": ", ".join(one.sha256 for one in inputs) or None,
        "rows": [
            {"row": row, **dict(zip(columns, map(jsonable, cells), strict=True))}
            for (_, row), cells in zip(places, _cells(rows, columns), strict=True)
        ],
    }


def _origin(evidence: Evidence, county: County) -> str:
    return origin_of(county.inputs, evidence.table) or MISSING


def _rows(page: Page, rows: pd.DataFrame, name: str) -> RenderableType:
    """Lay rows out as a table, or one below the other where they are too wide for one."""
    columns = _columns(rows)
    labels = [_column_label(page, column, name) for column in columns]
    cells = [[_shown(page, cell) for cell in row] for row in _cells(rows, columns)]
    widths = [_width(label, [row[place] for row in cells]) for place, label in enumerate(labels)]
    needed = sum(LEAST_TEXT if width is None else width for width in widths)
    if needed + 2 * (len(columns) + 1) > MOST_WIDTH:
        return _one_below_the_other(rows.index, labels, cells)
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column(page.word("explain.row"), justify="right", width=LEAST_CODE)
    for column, label, width in zip(columns, labels, widths, strict=True):
        is_amount = pd.api.types.is_float_dtype(rows[column].dtype)
        justify: Literal["left", "right"] = "right" if is_amount else "left"
        table.add_column(Text(label), justify=justify, width=width, overflow="fold")
    for number, row in zip(rows.index, cells, strict=True):
        table.add_row(numbered(number), *map(Text, row))
    return table


def _width(label: str, cells: list[str]) -> int | None:
    """Give the width that codes, dates and numbers need, which are not broken up; None for text."""
    longest_word = max((len(part) for part in label.split() if part.isascii()), default=0)
    widest = max(map(cell_len, cells))
    is_code = all(cell.isascii() or cell == MISSING for cell in cells) and widest <= LONGEST_CODE
    return max(widest, longest_word, LEAST_CODE) if is_code else None


def _one_below_the_other(numbers: pd.Index, labels: list[str], cells: list[list[str]]) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column(justify="right", width=LEAST_CODE)
    table.add_column(overflow="fold")
    for number, row in zip(numbers, cells, strict=True):
        told = " · ".join(f"{label} {cell}" for label, cell in zip(labels, row, strict=True))
        table.add_row(numbered(number), Text(told))
    return table


def _column_label(page: Page, column: str, table: str) -> str:
    """Name a column as its table does, as a computed number, or as the firms' table does."""
    own = page.place.labels.get((table, column))
    if own is not None:
        return own[page.language]
    firm = page.place.labels.get(("enterprises", column), Label(column, column))
    return word_or(page, f"explain.part.{column}", firm[page.language])


def _columns(rows: pd.DataFrame) -> list[str]:
    return [str(column) for column in rows.columns if column != "geometry"]


def _cells(rows: pd.DataFrame, columns: list[str]) -> Iterator[tuple[Any, ...]]:
    return zip(*(rows[column].tolist() for column in columns), strict=True)


def _shown(page: Page, cell: Any) -> str:
    match jsonable(cell):
        case None:
            return MISSING
        case bool() as flag:
            return page.word("explain.yes" if flag else "explain.no")
        case float() as number:
            return part_text(Fraction(str(number)))
        case list() as several:
            return ", ".join(printable(str(one)) for one in several)
        case other:
            return printable(str(other))


def part_text(value: Part) -> str:
    """Print a number exactly where its decimals end, else rounded half-up and marked so.

    >>> part_text(Fraction("9108.49")), part_text(Fraction(1, 3)), part_text(53)
    ('9,108.49', '≈ 0.3333', '53')
    """
    match value:
        case Fraction():
            for decimals in range(MOST_DECIMALS + 1):
                if (value * 10**decimals).denominator == 1:
                    return figure(value, decimals)
            return f"≈ {figure(value, MOST_DECIMALS)}"
        case int():
            return figure(value, 0)
        case date():
            return value.isoformat()
        case _:
            return printable(str(value))


def jsonable(value: Any) -> Any:
    """Give a cell or an option as a JSON value; what is missing as None.

    >>> jsonable(pd.Timestamp("2021-03-05")), jsonable(float("nan")), jsonable(("a", Fraction(1)))
    ('2021-03-05', None, ['a', 1])
    """
    match value:
        case list() | tuple():
            return [jsonable(one) for one in value]
        case Mapping():
            return {str(name): jsonable(one) for name, one in value.items()}
        case _ if pd.isna(value):
            return None
        case Fraction():
            return value.numerator if value.denominator == 1 else float(value)
        case date():
            return value.isoformat()[:10]
    return value if isinstance(value, bool | int | float | str) else str(value)


def line(text: str) -> Padding:
    """Give a line of its own, set in from the margin."""
    return Padding(Text(printable(text)), INDENT, expand=False)


def printable(text: str) -> str:
    r"""Give a text without what would steer a terminal.

    >>> printable("\x1b[31m甲")
    ' [31m甲'
    """
    return "".join(letter if letter.isprintable() else " " for letter in text)


def word_or(page: Page, key: str, otherwise: str) -> str:
    """Give a label, or else what stands for it where there is none."""
    return page.word(key) if key in catalogue() else otherwise
