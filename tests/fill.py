"""Fill in a template as a person does: its cells keep the format of their column."""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape
from zipfile import ZipFile

import pandas as pd
import pyogrio
from xlsxwriter.utility import xl_cell_to_rowcol, xl_rowcol_to_cell

from tenglong.show.form.form import Form

SHEET = "xl/worksheets/sheet2.xml"
EPOCH = date(1899, 12, 30)


def parts(path: Path) -> dict[str, str]:
    """Give the XML files of a workbook."""
    with ZipFile(path) as book:
        return {name: book.read(name).decode("utf-8") for name in book.namelist()}


def styles(sheet: str) -> dict[int, str]:
    """Give the style that a sheet's columns lend to a cell that is typed in."""
    found = re.findall(r'<col min="(\d+)" max="(\d+)" width="[^"]*" style="(\d+)"', sheet)
    return {n - 1: style for low, high, style in found for n in range(int(low), int(high) + 1)}


def fill_book(path: Path, form: Form, table: pd.DataFrame) -> None:
    """Write the rows of a table below the header of its template."""
    files = parts(path)
    style = styles(files[SHEET])
    rows = []
    for number, row in enumerate(table.to_dict("records"), start=1):
        cells = "".join(
            _cell(xl_rowcol_to_cell(number, place), style[place], said(row.get(field.name), field))
            for place, field in enumerate(form.columns)
        )
        rows.append(f'<row r="{number + 1}">{cells}</row>')
    files[SHEET] = files[SHEET].replace("</sheetData>", f"{''.join(rows)}</sheetData>")
    with ZipFile(path, "w") as book:
        for name, content in files.items():
            book.writestr(name, content)


def said(value: object, field) -> object:
    """Give a value as the form asks for it."""
    if value is None or pd.isna(value):
        return None
    if field.type == "flag":
        return "是" if value else "否"
    if isinstance(value, pd.Period):
        return value.start_time.date()
    return value.date() if isinstance(value, pd.Timestamp) else value


def _cell(place: str, style: str, value: object) -> str:
    assert xl_cell_to_rowcol(place)[0] > 0
    if value is None:
        return ""
    if isinstance(value, str):
        text = f"<is><t>{escape(value)}</t></is>"
        return f'<c r="{place}" s="{style}" t="inlineStr">{text}</c>'
    number = (value - EPOCH).days if isinstance(value, date) else repr(float(value))
    return f'<c r="{place}" s="{style}"><v>{number}</v></c>'


def in_chinese(table: pd.DataFrame, choices: Mapping[str, Mapping[str, str]]) -> pd.DataFrame:
    """Give a table with the Chinese labels of its choices, as a drop-down offers them."""
    supplied = {name: known for name, known in choices.items() if name in table}
    return table.assign(**{name: table[name].map(known) for name, known in supplied.items()})


def fill_layer(path: Path, form: Form, table: pd.DataFrame) -> None:
    """Add the rows of a table to its empty layer."""
    layer = table[["geometry"]].copy()
    for field in form.columns:
        if field.name in table:
            layer[field.header] = [said(value, field) for value in table[field.name]]
    pyogrio.write_dataframe(
        layer, path, layer=form.label.zh, driver="GPKG", append=True, promote_to_multi=True
    )
