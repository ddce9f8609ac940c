"""The tables of a web page: portals send pages that are named like workbooks."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from tenglong.source.file.grid import Range
from tenglong.source.file.size import Tally

OPENING = rb"!doctype html|html|head|meta|table|style|body|div"
PAGE = re.compile(
    rb"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)?<(" + OPENING + rb")", re.IGNORECASE | re.DOTALL
)
MOST_SPAN = 1000
CELLS = {"td", "th"}


def is_web_page(head: bytes) -> bool:
    """Tell whether a file begins like a web page.

    >>> is_web_page(b" <html><table>"), is_web_page(b"a,b")
    (True, False)
    """
    return PAGE.match(head.removeprefix(b"\xef\xbb\xbf")) is not None


@dataclass
class WebTable:
    """The cells of a table in their columns, and those that take up several.

    A cell over several rows stands in each of them; one over several columns in the first.
    """

    rows: list[list[object]] = field(default_factory=list)
    merged: list[Range] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)
    _below: dict[int, tuple[int, str]] = field(default_factory=dict)  # column: rows left, text

    def begin_row(self) -> None:
        """Begin a row."""
        self._close_row()
        self.rows.append([])

    def add(self, text: str, rows: int, columns: int) -> None:
        """Put a cell into the first free column of the row."""
        self.tally.add(columns)
        row = self.rows[-1]
        while len(row) in self._below:
            self._take(row)
        top, left = len(self.rows) - 1, len(row)
        for own in (text, *[""] * (columns - 1)):
            if rows > 1:
                self._below[len(row)] = (rows - 1, own)
            row.append(own)
        if rows > 1 or columns > 1:
            self.merged.append(((top, left), (top + rows - 1, left + columns - 1)))

    def end(self) -> None:
        """Give all rows the same width, and let no cell reach below the last of them."""
        self._close_row()
        width = max(map(len, self.rows), default=0)
        self.tally.sizes.hold_table(len(self.rows), width, self.tally.spot)
        for row in self.rows:
            row.extend([""] * (width - len(row)))
        last = len(self.rows) - 1
        self.merged = [
            (start, (min(bottom, last), right)) for start, (bottom, right) in self.merged
        ]

    def _close_row(self) -> None:
        """Fill the row's end with the cells above that reach into it."""
        row = self.rows[-1] if self.rows else []
        while any(column >= len(row) for column in self._below):
            self._take(row)

    def _take(self, row: list[object]) -> None:
        self.tally.add(1)
        left, text = self._below.pop(len(row), (1, ""))
        if left > 1:
            self._below[len(row)] = (left - 1, text)
        row.append(text)


def tables_of(page: str, tally: Tally) -> list[WebTable]:
    """Give the tables of a page that hold anything, in their order.

    Raises
    ------
    RefusedError
        If they have more cells than the tally allows.

    >>> [table] = tables_of(
    ...     "<table><tr><th rowspan=2>甲<th colspan=2>乙</tr><tr><th>丙<th>丁</tr>"
    ...     "<tr><td>1<td> 2 <td>3</tr></table>",
    ...     Tally(),
    ... )
    >>> table.rows, table.merged
    ([['甲', '乙', ''], ['甲', '丙', '丁'], ['1', '2', '3']], [((0, 0), (1, 0)), ((0, 1), (0, 2))])
    """
    reader = _Reader(tally)
    reader.feed(page)
    reader.close()
    for table in reader.tables:
        table.end()
    return [table for table in reader.tables if any(map(any, table.rows))]


class _Reader(HTMLParser):
    def __init__(self, tally: Tally) -> None:
        super().__init__()
        self.tally = tally
        self.tables: list[WebTable] = []
        self.open: list[WebTable] = []
        self.words: list[str] | None = None
        self.spans = (1, 1)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"table", "tr", *CELLS}:
            self._end_cell()
        if tag == "table":
            self.open.append(WebTable(tally=self.tally))
            self.tables.append(self.open[-1])
        elif tag == "tr" and self.open:
            self.open[-1].begin_row()
        elif tag in CELLS and self.open and self.open[-1].rows:
            given = dict(attrs)
            self.spans = _span(given.get("rowspan")), _span(given.get("colspan"))
            self.words = []
        elif tag == "br" and self.words is not None:
            self.words.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"table", "tr", *CELLS}:
            self._end_cell()
        if tag == "table" and self.open:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if self.words is not None:
            self.words.append(data)

    def _end_cell(self) -> None:
        if self.words is not None:
            text = " ".join("".join(self.words).split())
            self.open[-1].add(text, *self.spans)
        self.words = None


def _span(said: str | None) -> int:
    """Read a rowspan or colspan; 0 and less, and what is no number, are one."""
    said = (said or "").strip()
    return min(max(int(said), 1), MOST_SPAN) if said.isdecimal() else 1
