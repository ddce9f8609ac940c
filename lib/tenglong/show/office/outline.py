"""A page as blocks: what Word and Excel show of it, read from the page itself.

Both are made from the finished page, so a figure in them is the page's own.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import lxml.html
from lxml.html import HtmlElement

SKIPPED = frozenset({"nav", "script", "style", "template", "noscript", "button", "form"})
SKIPPED_CLASSES = frozenset({"up", "downloads", "screen-only", "skip", "whole"})
# No XML may hold these, and so no file of Word or Excel: controls, and what is no character.
FORBIDDEN = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Signs and Chinese characters take two half-width places; letters and digits stand before them.
WIDE = 0x218F
# What a reader sees below one another stands in lines of its own.
LINES = frozenset({"name", "where", "percent"})
HEADINGS = {"h2": 1, "h3": 2, "h4": 3}


@dataclass(frozen=True)
class Heading:
    """A heading; 1 is the highest below the title."""

    text: str
    level: int


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; an aside (a note, the colophon) is set small."""

    text: str
    is_aside: bool = False


@dataclass(frozen=True)
class Column:
    """A column of a table: its label, and whether its cells are numbers."""

    label: str
    is_number: bool = False


@dataclass(frozen=True)
class Grid:
    """A table as it is read: `rows` hold a text a column."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


@dataclass(frozen=True)
class Picture:
    """A figure: `number` counts the page's figures from 0, `described` is its alternative text."""

    number: int
    described: str
    caption: str = ""


Block = Heading | Paragraph | Grid | Picture


@dataclass(frozen=True)
class Outline:
    """A page: its title, the marks that every sheet of it bears, what it is about, its blocks."""

    title: str
    marks: tuple[str, ...] = ()
    subject: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = field(default=())

    @property
    def grids(self) -> tuple[Grid, ...]:
        """The tables, in their order."""
        return tuple(block for block in self.blocks if isinstance(block, Grid))

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """The figures, in their order."""
        return tuple(block for block in self.blocks if isinstance(block, Picture))


def outline_of(html: str) -> Outline:
    """Read a rendered page.

    >>> page = "<main><header class=masthead><h1>通报</h1></header><h2>总体</h2><p>好</p></main>"
    >>> outline_of(page).blocks
    (Heading(text='总体', level=1), Paragraph(text='好', is_aside=False))
    """
    root = lxml.html.document_fromstring(html)
    main = next(iter(root.iter("main")), root)
    head = next(iter(main.find_class("masthead")), None)
    title = "".join(_texts(h1) for h1 in main.iter("h1"))
    if head is None:
        return Outline(title, blocks=tuple(_Reader().blocks(main)))
    marks = tuple(_texts(one) for one in head.find_class("mark"))
    subject = [*head.find_class("subject"), *head.find_class("banner")]
    lines = tuple(
        " ".join(filter(None, (_texts(part) for part in one))) or _texts(one) for one in subject
    )
    banner = tuple(_texts(one) for one in head.find_class("banner"))
    head.drop_tree()
    about = (*lines[: len(lines) - len(banner)], *banner)
    return Outline(title, marks, about, tuple(_Reader().blocks(main)))


class _Reader:
    """Walks a page once; it counts the figures, as whoever photographs them does."""

    def __init__(self) -> None:
        self.figures = 0

    def blocks(self, parent: HtmlElement) -> Iterator[Block]:
        for one in parent:
            if not isinstance(one.tag, str) or one.tag in SKIPPED or _is_skipped(one):
                continue
            yield from self._block(one)

    def _block(self, element: HtmlElement) -> Iterator[Block]:
        classes = _classes(element)
        match element.tag:
            case "h2" | "h3" | "h4":
                yield Heading(_texts(element), HEADINGS[element.tag])
            case "p":
                yield from _paragraph(_texts(element), is_aside="note" in classes)
            case "ul" | "ol":
                yield from _items(element)
            case "dl":
                yield from _cards(element) if "cards" in classes else _facts(element)
            case "table":
                yield _grid(element)
            case "figure":
                yield from self._picture(element)
            case _:
                yield from self.blocks(element)

    def _picture(self, figure: HtmlElement) -> Iterator[Block]:
        drawings = list(figure.iter("svg"))
        caption = " ".join(_texts(one) for one in figure.iter("figcaption"))
        for svg in drawings:
            told = [_plain(one.text_content()) for one in svg if one.tag in ("title", "desc")]
            yield Picture(self.figures, "。".join(filter(None, told)) or caption, caption)
            self.figures += 1
        if not drawings:
            yield from _paragraph(_texts(figure), is_aside=True)


def _is_skipped(element: HtmlElement) -> bool:
    return bool(_classes(element) & SKIPPED_CLASSES) or "hidden" in element.attrib


def _classes(element: HtmlElement) -> set[str]:
    return set(element.get("class", "").split())


def _paragraph(text: str, *, is_aside: bool = False) -> Iterator[Paragraph]:
    if text:
        yield Paragraph(text, is_aside)


def _items(items: HtmlElement) -> Iterator[Paragraph]:
    for place, item in enumerate(items.iterchildren("li"), start=1):
        mark = f"{place}." if items.tag == "ol" else "·"
        yield from _paragraph(f"{mark} {_texts(item)}")


def _cards(cards: HtmlElement) -> Iterator[Paragraph]:
    """Give headline numbers as one line: `已测算 48 条，可量化 54 条；滞后 9 条`."""
    told = []
    for card in cards:
        small = " ".join(_texts(one) for one in card.iter("small"))
        for one in card.iter("small"):
            one.drop_tree()
        number = " ".join(_texts(one) for one in card.iter("dd"))
        told.append(f"{' '.join(_texts(one) for one in card.iter('dt'))} {number}".strip())
        told[-1] += f" {small}" if small else ""
    yield from _paragraph("；".join(told))


def _facts(facts: HtmlElement) -> Iterator[Paragraph]:
    """Give the colophon's facts, a line each."""
    for one in facts:
        terms = " ".join(_texts(term) for term in one.iter("dt"))
        values = " ".join(_texts(fact) for fact in one.iter("dd"))
        yield from _paragraph(f"{terms}：{values}", is_aside=True)


def _grid(table: HtmlElement) -> Grid:
    caption = "".join(_texts(one) for one in table.iter("caption"))
    lines = [list(row.iterchildren("th", "td")) for row in table.iter("tr")]
    head = lines[0] if lines and table.find("thead") is not None else []
    body = lines[1:] if head else lines
    columns = tuple(Column(_texts(cell), "number" in _classes(cell)) for cell in head)
    rows = tuple(tuple(_texts(cell) for cell in row) for row in body)
    return Grid(caption, columns, rows)


def _texts(element: HtmlElement) -> str:
    """Give the text that a reader sees; drawings in it are left out."""
    return "\n".join(filter(None, (_plain(line) for line in "".join(_parts(element)).split("\n"))))


def _parts(element: HtmlElement) -> Iterator[str]:
    yield re.sub(r"\s*\n\s*", " ", element.text or "")
    for child in element:
        if isinstance(child.tag, str) and child.tag not in {*SKIPPED, "svg"}:
            is_line = child.tag == "br" or bool(_classes(child) & LINES)
            yield "\n" if is_line else ""
            yield from _parts(child)
            yield "\n" if is_line else ""
        yield re.sub(r"\s*\n\s*", " ", child.tail or "")


def _plain(text: str) -> str:
    r"""Give a text on one line, without what no file of Word or Excel may hold.

    >>> _plain("峃\x0b口\x1b[31m\ufffe\n镇")
    '峃口[31m 镇'
    """
    return re.sub(r"[ \t\r\n]+", " ", FORBIDDEN.sub("", text)).strip()


def widths(grid: Grid, *, least: int = 4, most: int = 24) -> Sequence[int]:
    """Give a width for each column: its longest line in half-width characters, within limits.

    A header may take two lines.

    >>> widths(Grid("", (Column("乡镇"), Column("数")), (("百丈漈镇", "1"),)))
    [8, 4]
    """
    columns = zip(*grid.rows, strict=True) if grid.rows else [()] * len(grid.columns)
    longest = (
        max([-(-_width(head.label) // 2), *(_width(line) for line in _lines(cells))])
        for head, cells in zip(grid.columns, columns, strict=True)
    )
    return [min(most, max(least, width)) for width in longest]


def _lines(cells: Sequence[str]) -> Iterator[str]:
    return (line for cell in cells for line in cell.split("\n"))


def fitted(wanted: Sequence[int], room: int, *, margin: int = 2) -> list[int]:
    """Share a line among columns: the narrow ones get what they want, the wide ones the rest.

    Parameters
    ----------
    wanted
        Half-width characters of each column.
    room
        What the line holds; all of it is given away.
    margin
        What each column needs besides.

    >>> fitted([4, 30, 60], 50)
    [6, 22, 22]
    >>> fitted([10, 10], 40)
    [20, 20]
    """
    needs = [one + margin for one in wanted]
    given: dict[int, int] = {}
    left, places = room, sorted(range(len(needs)), key=lambda place: needs[place])
    for done, place in enumerate(places):
        given[place] = min(needs[place], left // (len(places) - done))
        left -= given[place]
    shares = [given[place] for place in range(len(needs))]
    spare = room - sum(shares)
    return [share + spare * share // sum(shares) for share in shares] if shares else []


def _width(text: str) -> int:
    return sum(2 if ord(letter) > WIDE else 1 for letter in text)
