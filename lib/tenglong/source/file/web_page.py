"""The table of a web page: portals send pages that are named like workbooks."""

import re
from html.parser import HTMLParser

OPENING = rb"!doctype html|html|head|meta|table|style|body|div"
PAGE = re.compile(
    rb"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)?<(" + OPENING + rb")", re.IGNORECASE | re.DOTALL
)
MOST_SPAN = 1000


def is_web_page(head: bytes) -> bool:
    """Tell whether a file begins like a web page.

    >>> is_web_page(b" <html><table>"), is_web_page(b"a,b")
    (True, False)
    """
    return PAGE.match(head.removeprefix(b"\xef\xbb\xbf")) is not None


def table_of(page: str) -> list[list[object]]:
    """Give the cells of the page's largest table; a cell over several stands in the first.

    >>> table_of("<table><tr><th colspan=2>甲<th>乙</tr><tr><td>1<td> 2 <td>3</tr></table>")
    [['甲', '', '乙'], ['1', '2', '3']]
    """
    reader = _Reader()
    reader.feed(page)
    reader.close()
    rows = max(reader.tables, key=len, default=[])
    width = max((len(row) for row in rows), default=0)
    return [[*row, *[""] * (width - len(row))] for row in rows]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[object]]] = []
        self.words: list[str] | None = None
        self.span = 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"table", "tr", "td", "th"}:
            self._end_cell()
        if tag == "table":
            self.tables.append([])
        elif tag == "tr" and self.tables:
            self.tables[-1].append([])
        elif tag in {"td", "th"} and self.tables and self.tables[-1]:
            span = dict(attrs).get("colspan") or ""
            self.span = min(int(span), MOST_SPAN) if span.isdecimal() else 1
            self.words = []
        elif tag == "br" and self.words is not None:
            self.words.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"table", "tr", "td", "th"}:
            self._end_cell()

    def handle_data(self, data: str) -> None:
        if self.words is not None:
            self.words.append(data)

    def _end_cell(self) -> None:
        if self.words is not None:
            text = " ".join("".join(self.words).split())
            self.tables[-1][-1] += [text, *[""] * (self.span - 1)]
        self.words = None
