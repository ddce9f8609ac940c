"""The Excel annex of a page: a sheet a table, with real numbers in the page's own precision."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from io import BytesIO
from typing import Any

import xlsxwriter

from tenglong.show.number import JOINER, MINUS
from tenglong.show.office.outline import Grid, Outline, widths
from tenglong.show.words import word

CREATED = datetime(2024, 1, 1)  # noqa: DTZ001 - a fixed stamp of the file, in no zone
FONT = "Microsoft YaHei"
NUMBER = re.compile(rf"([+{MINUS}-]?)(\d{{1,3}}(?:,\d{{3}})*|\d+)(\.\d+)?(?:[ {JOINER}]?(\D+))?")
LONGEST_NAME = 31  # characters of a sheet's name
FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
NARROW, WIDE = 8, 60  # columns, in characters
TOP = 3  # rows above the header: title, what it is about, a blank one


@dataclass(frozen=True)
class Number:
    """A number as a page prints it: its value, and the format that prints it so."""

    value: Decimal
    format: str


def number_of(text: str) -> Number | None:
    r"""Read a printed number; None for what is none.

    >>> number_of("−1,234.50\xa0亩")
    Number(value=Decimal('-1234.50'), format='#,##0.00" 亩"')
    >>> number_of("97.1\xa0%"), number_of("…")
    (Number(value=Decimal('0.971'), format='0.0%'), None)
    """
    found = NUMBER.fullmatch(text)
    if found is None:
        return None
    sign, whole, decimals, unit = found.groups()
    value = Decimal(
        f"{'-' if sign in (MINUS, '-') else ''}{whole.replace(',', '')}{decimals or ''}"
    )
    places = f".{'0' * (len(decimals) - 1)}" if decimals else ""
    if unit == "%":
        return Number(value.scaleb(-2), _signed(f"0{places}%", is_signed=sign == "+"))
    said = f'" {unit.replace(chr(34), "")}"' if unit else ""
    return Number(value, _signed(f"#,##0{places}{said}", is_signed=sign == "+"))


def _signed(pattern: str, *, is_signed: bool) -> str:
    return f"+{pattern};-{pattern};{pattern}" if is_signed else pattern


def annex(outline: Outline, *, language: str) -> bytes:
    """Write all tables of a page as a workbook; the same page gives the same bytes.

    The first sheet lists the others. Headers are frozen and carry filters; a text stays a text,
    whatever it begins with.
    """
    file = BytesIO()
    names = _names(outline.grids, language)
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"title": outline.title, "author": "tenglong", "created": CREATED})
        formats = _Formats(book)
        _contents(book, outline, names, formats, language)
        for grid, name in zip(outline.grids, names, strict=True):
            _sheet(book.add_worksheet(name), grid, outline, formats)
    return file.getvalue()


class _Formats:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.of = cache(self._made)

    def _made(self, name: str, pattern: str = "") -> Any:
        looks: Mapping[str, Mapping[str, object]] = {
            "title": {"bold": True, "font_size": 16},
            "about": {"font_color": "#5b6475"},
            "head": {"bold": True, "bg_color": "#d9e8f0", "border": 1, "text_wrap": True},
            "text": {"border": 1, "text_wrap": True, "num_format": "@"},
            "number": {"border": 1, "num_format": pattern, "align": "right"},
            "missing": {"border": 1, "align": "right", "font_color": "#5b6475"},
            "link": {"underline": 1, "font_color": "#0b5c8a"},
        }
        lines = {"border_color": "#8a93a3", "valign": "top", "font_name": FONT}
        return self.book.add_format({**lines, **looks[name]})


def _names(grids: tuple[Grid, ...], language: str) -> list[str]:
    """Name the sheets by their tables, in the length and letters that Excel allows."""
    names: list[str] = []
    for place, grid in enumerate(grids, start=1):
        plain = FORBIDDEN.sub(" ", grid.caption).strip() or word("office.table", language)
        names.append(f"{place}.{plain}"[:LONGEST_NAME].strip())
    return names


def _contents(
    book: Any, outline: Outline, names: list[str], formats: _Formats, language: str
) -> None:
    sheet = book.add_worksheet(word("office.contents", language))
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, WIDE)
    sheet.write_string(0, 0, outline.title, formats.of("title"))
    lines = [" ".join(outline.marks), *outline.subject]
    for row, line in enumerate(lines, start=1):
        sheet.write_string(row, 0, line.replace("\n", " "), formats.of("about"))
    first = len(lines) + 2
    for row, (grid, name) in enumerate(zip(outline.grids, names, strict=True), start=first):
        text = grid.caption or name
        sheet.write_url(row, 0, f"internal:'{name}'!A1", formats.of("link"), string=text)


def _sheet(sheet: Any, grid: Grid, outline: Outline, formats: _Formats) -> None:
    sheet.hide_gridlines(2)
    sheet.set_paper(9)  # A4
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(TOP)
    sheet.set_footer("&C&P / &N")
    sheet.write_string(0, 0, grid.caption, formats.of("title"))
    about = [outline.title, *outline.marks]
    sheet.write_string(1, 0, " · ".join(about), formats.of("about"))
    for column, (head, width) in enumerate(
        zip(grid.columns, widths(grid, least=NARROW, most=WIDE), strict=True)
    ):
        sheet.set_column(column, column, width + 2)
        sheet.write_string(TOP, column, head.label, formats.of("head"))
    for row, cells in enumerate(grid.rows, start=TOP + 1):
        for column, (text, head) in enumerate(zip(cells, grid.columns, strict=True)):
            _cell(sheet, (row, column), text, formats, is_number=head.is_number)
    sheet.freeze_panes(TOP + 1, 1)
    if grid.rows:
        sheet.autofilter(TOP, 0, TOP + len(grid.rows), len(grid.columns) - 1)


def _cell(
    sheet: Any, place: tuple[int, int], text: str, formats: _Formats, *, is_number: bool
) -> None:
    number = number_of(text) if is_number else None
    if number is not None:
        sheet.write_number(*place, number.value, formats.of("number", number.format))
    else:
        sheet.write_string(*place, text, formats.of("missing" if is_number else "text"))
