"""Sample tables, mutilated: a table or a message, never another error, never a wrong total.

What is conserved: every row of the file is used, set aside, or told as what it is; and what a
plain figure is worth, it is worth in the table.
"""

import csv
import io
import math
import re
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from intake import write_bundle
from tenglong.source import describe_bundle
from tenglong.source.bundle import examine_bundle
from tenglong.source.file.header import column_of, known_headers
from tenglong.source.place import kit_root
from tenglong.source.schema import Type, tables

TABLES = ("enterprises", "enterprise_years", "enterprise_months", "land_supply", "projects")
SAMPLE_ROWS = 8
WRITTEN = datetime(2022, 6, 30, tzinfo=UTC)
NO_RECORDS = {"total_row", "note_row", "part_row", "repeated_header", "title_row"}
MOST_HEADER_ROWS = 5
PLAIN = re.compile(r"\s*-?\d+(\.\d+)?\s*")
LETTERS = st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Z"))
WORDS = [
    "合计",
    "小计",
    "全县",
    "其中：规上",
    "注：x",
    "2021年3月",
    "12.5万元",
    "3亿元",
    "-",
    "1,234",
    "１２３",
    "万元",
    "年度",
    "企业名称",
    "月份",
    '"',
    "a,b",
    "=1+1",
    "nan",
    "inf",
    "1e5",
    "0x1F",
    "44260",
    "2021.1",
    "是",
    "91330328XXXX000011",
    "一",
    "+5",
]
ODD_CELLS = st.one_of(
    st.text(LETTERS, max_size=6),
    st.integers(-(10**20), 10**20).map(str),
    st.floats(allow_nan=False, allow_infinity=False, width=32).map(str),
    st.sampled_from([*WORDS, "", " ", "a\nb", "\u3000"]),
)
DAMAGES = st.one_of(
    st.binary(max_size=3), st.sampled_from([b"null", b"[]", b"1e999", b'"x"', b"{}"])
)


@dataclass
class Grid:
    """A table as rows of texts, and how it is written into a file."""

    table: str
    rows: list[list[str]]
    name: str = "a.csv"
    encoding: str = "utf-8"
    delimiter: str = ","

    def content(self) -> bytes:
        if self.name.endswith(".csv"):
            text = io.StringIO()
            csv.writer(text, delimiter=self.delimiter).writerows(self.rows)
            return text.getvalue().encode(self.encoding, errors="replace")
        file = io.BytesIO()
        with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
            book.set_properties({"created": WRITTEN})  # else the bytes would tell the clock
            page = book.add_worksheet("表")
            for number, row in enumerate(self.rows):
                for column, cell in enumerate(row):
                    if re.fullmatch(r"-?\d{1,9}(\.\d{1,4})?", cell):
                        page.write_number(number, column, float(cell))
                    elif cell:
                        page.write_string(number, column, cell)
        return file.getvalue()


def sample(table: str) -> list[list[str]]:
    path = kit_root() / "data" / "sample" / f"{table}.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [row for row, _ in zip(csv.reader(file), range(SAMPLE_ROWS + 1), strict=False)]


@st.composite
def grids(draw) -> Grid:
    table = draw(st.sampled_from(TABLES))
    rows = sample(table)
    for _ in range(draw(st.integers(0, 5))):
        mutate(draw, rows)
    encodings = st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
    name = draw(st.sampled_from(["a.csv", "a.csv", "a.xlsx"]))
    return Grid(table, rows, name, draw(encodings), draw(st.sampled_from(",;\t")))


def mutate(draw, rows: list[list[str]]) -> None:
    row = draw(st.integers(0, len(rows) - 1))
    column = draw(st.integers(0, max(0, len(rows[row]) - 1)))
    kind = draw(st.sampled_from(["cell", "cell", "cell", "row", "column"]))
    if kind == "cell" and rows[row]:
        rows[row][column] = draw(ODD_CELLS)
    elif kind == "row":
        mutate_rows(draw, rows, row, column)
    elif kind == "column":
        mutate_columns(draw, rows, column)


def mutate_rows(draw, rows: list[list[str]], row: int, column: int) -> None:
    match draw(st.integers(0, 4)):
        case 0:
            rows.insert(row, [draw(ODD_CELLS)] + [""] * (len(rows[0]) - 1))
        case 1:
            rows.insert(row, list(rows[draw(st.integers(0, len(rows) - 1))]))
        case 2 if len(rows) > 2:
            del rows[row]
        case 3:
            rows.append(["合计", *(sum_of(rows[1:], p) for p in range(1, len(rows[0])))])
        case 4:
            del rows[row][column : column + 1]


def mutate_columns(draw, rows: list[list[str]], column: int) -> None:
    match draw(st.integers(0, 2)):
        case 0:
            for row in rows:
                row.insert(column, "")
        case 1:
            for row in rows:
                row.insert(column, row[column] if column < len(row) else "")
        case 2:
            for row in rows:
                del row[column : column + 1]


def sum_of(rows: list[list[str]], place: int) -> str:
    cells = [row[place] for row in rows if place < len(row)]
    return f"{sum(float(cell) for cell in cells if PLAIN.fullmatch(cell)):.2f}"


def read(name: str, table: str, content: bytes):
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / name).write_bytes(content)
        about = write_bundle(Path(folder), {table: {"file": name}})
        return examine_bundle(describe_bundle(about))


def check_conserved(grid: Grid) -> None:
    found = read(grid.name, grid.table, grid.content())
    loaded = found.tables.get(grid.table)
    if loaded is None:
        assert found.refused
        assert all(problem.rule and problem.rule_zh for problem in found.refused)
        return
    told = {problem.row for problem in loaded.problems if problem.code in NO_RECORDS}
    used, aside = set(loaded.frame.index), set(loaded.quarantined.index)
    assert not used & aside
    assert not used & told
    held = {n for n, row in enumerate(grid.rows, start=1) if any(cell.strip() for cell in row)}
    header = sorted(held - used - aside - told)
    assert len(header) <= MOST_HEADER_ROWS, header
    assert not header or header[-1] - header[0] < MOST_HEADER_ROWS, header
    for name in loaded.frame:
        if tables()[grid.table].columns[name].type is Type.NUMBER and header:
            check_figures(grid, loaded, name, header)


def check_figures(grid: Grid, loaded, name: str, header: list[int]) -> None:
    """Make sure that a plain figure is what it says, and that none is lost without a word."""
    known = known_headers(tables()[grid.table])
    names = [grid.rows[number - 1] for number in header]
    places = {p for row in names for p, cell in enumerate(row) if column_of(cell, known) == name}
    about = {(problem.row, problem.column) for problem in loaded.problems}
    whole = {problem.code for problem in loaded.problems if problem.column == name}
    if len(places) != 1 or "unit_converted" in whole:
        return
    (place,) = places
    for row, value in loaded.frame[name].items():
        cells = grid.rows[row - 1]
        cell = cells[place] if place < len(cells) else ""
        if (row, name) in about or "no_value" in whole:
            continue
        if PLAIN.fullmatch(cell):
            assert value == pytest.approx(float(cell)), (row, name, cell)
        elif pd.isna(value):
            assert not cell.strip(), (row, name, cell)
        else:
            assert math.isfinite(value)


@given(grid=grids())
def test_every_row_and_every_plain_figure_is_accounted_for(grid):
    check_conserved(grid)


@given(grid=grids(), data=st.data())
def test_damaged_bytes_give_a_table_or_a_message(grid, data):
    content = bytearray(grid.content())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, max(0, len(content) - 1)))
        match data.draw(st.integers(0, 2)):
            case 0:
                del content[place:]
            case 1:
                content[place:place] = data.draw(st.binary(max_size=4))
            case _:
                content[place : place + 1] = data.draw(st.binary(min_size=1, max_size=1))
    name = data.draw(st.sampled_from([grid.name, "a.xls", "a.csv", "a.xlsx"]))
    found = read(name, grid.table, bytes(content))
    assert found.refused or grid.table in found.tables


LAYER = (
    b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"parcel_id":"P1",'
    b'"registered_mu":"12.5"},"geometry":{"type":"Polygon","coordinates":[[[120.09,27.79],'
    b"[120.1,27.79],[120.1,27.8],[120.09,27.79]]]}}]}"
)


@settings(max_examples=settings().max_examples // 2)
@given(data=st.data())
def test_a_damaged_layer_gives_a_table_or_a_message(data):
    content = bytearray(LAYER)
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(content) - 1))
        length = data.draw(st.integers(0, 12))
        content[place : place + length] = data.draw(DAMAGES)
        if not content:
            break
    found = read("a.geojson", "parcels", bytes(content))
    assert found.refused or "parcels" in found.tables
