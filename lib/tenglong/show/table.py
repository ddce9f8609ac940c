"""Real tables: a caption, scoped headers, tabular numerals, and the CSV behind them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import islice, repeat

from tenglong.show.cell import Cell, csv_of
from tenglong.show.number import MINUS
from tenglong.show.piece import Piece

# A page sorts and filters tables of more rows in place, where scripts may run.
LONG = 8
LONG_MARK = 'class="table is-long'
# A table of more columns may be wider than any page: it scrolls in its own box.
BROAD = 8
NUMBER = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?")
TAGS = re.compile(r"<svg.*?</svg>|<[^>]*>", re.DOTALL)


@dataclass(frozen=True)
class Column:
    """One column: its label, its cells, and whether it names the row."""

    label: str
    cells: Sequence[Cell]
    is_header: bool = False
    in_csv: bool = True
    in_page: bool = True
    css: str = ""


def table(
    columns: Sequence[Column],
    *,
    caption: str,
    name: str,
    note: str = "",
    row_ids: Sequence[str] = (),
    most_rows: int | None = None,
) -> Piece:
    """Draw a table.

    Parameters
    ----------
    columns
        All of one length. A column that is not `in_page` stands in the CSV alone.
    caption
        What the table shows, for people. It names the region that a wide table scrolls in.
    name
        The CSV's file name without ending.
    note
        A line below it.
    row_ids
        An id for each row that a link may lead to.
    most_rows
        How many rows the page shows; the CSV has all of them.

    Raises
    ------
    ValueError
        If the columns, or the ids, differ in length.
    """
    lengths = {len(column.cells) for column in columns}
    if len(lengths) > 1:
        raise ValueError(f"table {name}: columns have {sorted(lengths)} cells")
    if row_ids and len(row_ids) not in lengths:
        raise ValueError(f"table {name}: {len(row_ids)} ids for {sorted(lengths)} rows")
    in_csv = [column for column in columns if column.in_csv]
    rows = zip(*(column.cells for column in in_csv), strict=True)
    content = csv_of([column.label for column in in_csv], [[c.plain for c in row] for row in rows])
    shown = [column for column in columns if column.in_page]
    classes = [_class(column) for column in shown]
    body = _body(shown, classes, row_ids, most_rows)
    is_long = max(lengths, default=0) > LONG
    is_broad = len(shown) > BROAD
    mark = (LONG_MARK if is_long else 'class="table') + " is-broad" * is_broad
    drawn = (
        f'<div {mark}" role="region" tabindex="0" aria-label="{escape(caption)}"><table>'
        f"<caption>{escape(caption)}</caption>{_head(shown, classes)}{body}</table></div>"
    )
    below = f'<p class="note">{escape(note)}</p>' if note else ""
    return Piece(drawn + below, {f"{name}.csv": content})


def _head(columns: Sequence[Column], classes: Sequence[str]) -> str:
    cells = "".join(
        f'<th scope="col"{css}>{escape(column.label)}</th>'
        for column, css in zip(columns, classes, strict=True)
    )
    return f"<thead><tr>{cells}</tr></thead>"


def _body(
    columns: Sequence[Column],
    classes: Sequence[str],
    row_ids: Sequence[str],
    most_rows: int | None,
) -> str:
    rows = islice(zip(*(column.cells for column in columns), strict=True), most_rows)
    ids = (f' id="{escape(row_id)}"' for row_id in row_ids) if row_ids else repeat("")
    lines = (
        f"<tr{row_id}>{''.join(map(_cell, columns, classes, row))}</tr>"
        for row_id, row in zip(ids, rows, strict=False)
    )
    return f"<tbody>{''.join(lines)}</tbody>"


def _cell(column: Column, css: str, cell: Cell) -> str:
    html = cell.html
    if column.is_header:
        return f'<th scope="row"{css}>{html}</th>'
    return f"<td{css}{_sorted_by(html, cell.plain)}>{html}</td>"


def _sorted_by(html: str, exact: str) -> str:
    """Give the exact value where the text does not begin with a number that sorts alike."""
    if not NUMBER.fullmatch(exact):
        return ""
    shown = NUMBER.match(TAGS.sub("", html).replace(MINUS, "-").strip())
    return "" if shown and "<svg" not in html else f' data-value="{exact}"'


def _class(column: Column) -> str:
    is_number = bool(column.cells) and all(cell.is_number for cell in column.cells)
    names = " ".join(filter(None, ("number" if is_number else "", column.css)))
    return f' class="{names}"' if names else ""
