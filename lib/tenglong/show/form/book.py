"""The empty workbook of a table: a sheet that tells how, and a sheet to fill.

One workbook a table, since one office fills one table: the tax office's file goes out alone,
carries its own rules, and comes back to its place without being copied into a common one.
The headers stand in row 1, where the kit reads them; notes stand in their comments.
"""

from collections.abc import Mapping
from datetime import date, datetime
from io import BytesIO
from math import ceil
from typing import Any

import xlsxwriter

from tenglong.show.form.form import Field, Form, duty, key, kind, known, rules
from tenglong.show.words import clauses, word

CREATED = datetime(2024, 1, 1)  # noqa: DTZ001 - a fixed stamp of the file, in no zone
LAST_ROW = 1_048_575  # of a sheet, counted from 0
DAYS = (date(1900, 1, 1), date(2199, 12, 31))
YEARS = (1000, 2200)
LARGEST = 1e15  # beyond it Excel drops digits
FORMATS = {
    "text": "@",
    "code": "@",
    "choice": "@",
    "flag": "@",
    "integer": "0",
    "year": "0",
    "number": "#,##0.00##",
    "date": "yyyy-mm-dd",
    "month": "yyyy-mm",
}
GUIDE = ("where", "marks", "empty", "total", "paste", "switch")
GUIDE_HEADS = ("header", "duty", "kind", "unit", "rule", "meaning")
GUIDE_WIDTHS = (38, 8, 14, 12, 70, 34)
WIDTHS = {"text": 24, "code": 24, "number": 16, "date": 14}
CHARACTER = 2.1  # columns that one Chinese character of a bold header takes
NOTE_WIDTH, NOTE_LINE, NOTE_CHARACTERS = 260, 18, 18  # pixels, pixels, characters a line
NOTE_FONT = "Microsoft YaHei"
DARK = {"bold": True, "bg_color": "#0b5c8a", "font_color": "#ffffff"}
LIGHT = {"bold": True, "bg_color": "#d9e8f0", "font_color": "#1d2433"}
HEADER = {"border": 1, "border_color": "#8a93a3", "align": "center", "valign": "vcenter"}


def template_book(form: Form, *, language: str) -> bytes:
    """Write the empty workbook of a table; the same form gives the same bytes."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        title = word("guide.title", language, table=form.label[language])
        book.set_properties({"title": title, "author": "tenglong", "created": CREATED})
        lists = _guide(book, form, title, language)
        _sheet(book, form, lists, language)
    return file.getvalue()


def _guide(book: Any, form: Form, title: str, language: str) -> Mapping[str, str]:
    """Write the sheet that tells how, and give where it lists a field's codes."""
    sheet = book.add_worksheet(word("guide.sheet", language))
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    for number, width in enumerate(GUIDE_WIDTHS):
        sheet.set_column(number, number, width)
    sheet.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 16}))
    for number, line in enumerate(_lines(form, language), start=1):
        sheet.write_string(number, 0, line)
    top = len(GUIDE) + 3
    _fields(book, sheet, form, top, language)
    return _codes(book, sheet, form, top + len(form.columns) + 2, language)


def _lines(form: Form, language: str) -> tuple[str, ...]:
    row = word(
        "guide.row",
        language,
        row=form.row[language],
        unique=key(form, language),
        known=known(form, language),
    )
    told = (word(f"guide.{name}", language, sheet=form.label.zh) for name in GUIDE)
    return (row, *told)


def _fields(book: Any, sheet: Any, form: Form, top: int, language: str) -> None:
    """List the columns below the guide."""
    head = book.add_format({**LIGHT, **HEADER})
    cell = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
    heads = [word(f"form.{name}", language) for name in GUIDE_HEADS]
    sheet.write_row(top, 0, heads, head)
    for number, field in enumerate(form.columns, start=top + 1):
        told = clauses(rules(field, language), language)
        must = duty(field, language)
        line = (field.header, must, kind(field, language), field.unit, told, field.label.en)
        for column, text in enumerate(line):
            sheet.write_string(number, column, text, cell)


def _codes(book: Any, sheet: Any, form: Form, top: int, language: str) -> Mapping[str, str]:
    """List the codes that the plan asks for, below the columns."""
    head = book.add_format({"bold": True})
    places = {}
    for field in form.columns:
        if not field.codes:
            continue
        heading = word("form.codes.title", language, header=field.header)
        sheet.write_string(top, 0, heading, head)
        for number, (code, label) in enumerate(field.codes, start=top + 1):
            sheet.write_string(number, 0, code)
            sheet.write_string(number, 1, label[language])
        last = top + 1 + len(field.codes)  # Excel counts rows from 1
        places[field.name] = f"='{sheet.get_name()}'!$A${top + 2}:$A${last}"
        top = last + 1
    return places


def _sheet(book: Any, form: Form, lists: Mapping[str, str], language: str) -> None:
    sheet = book.add_worksheet(form.label.zh)
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.repeat_rows(0)
    sheet.set_row(0, 32)
    sheet.set_comments_author("tenglong")
    marks = {True: book.add_format({**DARK, **HEADER}), False: book.add_format({**LIGHT, **HEADER})}
    formats = {kind: book.add_format({"num_format": code}) for kind, code in FORMATS.items()}
    for number, field in enumerate(form.columns):
        sheet.set_column(number, number, _width(field), formats[field.type])
        sheet.write_string(0, number, field.header, marks[field.is_required])
        sheet.write_comment(0, number, *_note(field, language))
        if limits := _validation(field, lists.get(field.name), language):
            sheet.data_validation(1, number, LAST_ROW, number, limits)
    sheet.ignore_errors({"number_stored_as_text": f"A2:XFD{LAST_ROW + 1}"})
    _missing(book, sheet, form)


def _note(field: Field, language: str) -> tuple[str, Mapping[str, Any]]:
    """Give a header's comment, in a box that its lines fit in."""
    lines = (f"{duty(field, language)} · {kind(field, language)}", *rules(field, language))
    height = sum(ceil(len(line) / NOTE_CHARACTERS) for line in lines) * NOTE_LINE + NOTE_LINE
    box = {"width": NOTE_WIDTH, "height": height, "font_name": NOTE_FONT, "font_size": 9}
    return "\n".join(lines), box


def _width(field: Field) -> float:
    return max(WIDTHS.get(field.type, 10), len(field.header) * CHARACTER + 2)


def _missing(book: Any, sheet: Any, form: Form) -> None:
    """Let a required cell turn red where its row holds something."""
    red = book.add_format({"bg_color": "#f4c7c3"})
    last = xlsxwriter.utility.xl_col_to_name(len(form.columns) - 1)
    for number, field in enumerate(form.columns):
        if field.is_required:
            own = xlsxwriter.utility.xl_col_to_name(number)
            rule = f"=AND(ISBLANK({own}2),COUNTA($A2:${last}2)>0)"
            options = {"type": "formula", "criteria": rule, "format": red}
            sheet.conditional_format(1, number, LAST_ROW, number, options)


def _validation(field: Field, codes: str | None, language: str) -> Mapping[str, Any]:
    """Give what Excel checks as a cell is typed; empty where anything goes.

    A code that the plan does not ask for is let in without a word.
    """
    if codes:
        return {"validate": "list", "source": codes, "show_error": False}
    limits = _limits(field)
    if not limits:
        return {}
    said = "；".join(rules(field, language))
    return {**limits, "error_title": field.header[:32], "error_message": said[:255]}


def _limits(field: Field) -> dict[str, Any]:
    if field.options:
        return {"validate": "list", "source": list(field.options)}
    low, high = _bounds(field)
    match field.type:
        case "date" | "month":
            return {"validate": "date", "criteria": "between", "minimum": low, "maximum": high}
        case "integer" | "year":
            return {"validate": "integer", "criteria": "between", "minimum": low, "maximum": high}
        case "number":
            return {"validate": "decimal", "criteria": "between", "minimum": low, "maximum": high}
        case _:
            return {}


def _bounds(field: Field) -> tuple[Any, Any]:
    if field.type in ("date", "month"):
        return DAYS
    low, high = YEARS if field.type == "year" else (-LARGEST, LARGEST)
    return (
        low if field.minimum is None else field.minimum,
        high if field.maximum is None else field.maximum,
    )
