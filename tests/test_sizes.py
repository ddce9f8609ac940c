"""A small file may unpack, or spread out, to more than a machine has: it is refused in one line."""

import json
import resource
import sqlite3
import struct
import subprocess
import sys
import zipfile

import geopandas as gpd
import pyarrow.parquet as pq
import pytest
import shapely
import xlsxwriter
import yaml

from intake import CODE, codes, only, write_bundle, write_xlsx
from tenglong.source import describe_bundle
from tenglong.source.bundle import examine_bundle
from tenglong.source.place import kit_root

LAST_ROW, LAST_COLUMN = 1_048_575, 16_383
TIGHT = {"most_cells": 1000, "most_columns": 100, "most_unpacked_mb": 1, "most_file_mb": 2}
SPACE = "urn:schemas-microsoft-com:office:spreadsheet"


def limited(folder, tables, **limits):
    """Read a bundle whose own policy of intake has other limits."""
    rule = yaml.safe_load((kit_root() / "data" / "policy" / "intake.yml").read_text("utf-8"))
    (folder / "policy").mkdir(exist_ok=True)
    text = yaml.safe_dump({**rule, **limits}, allow_unicode=True)
    (folder / "policy" / "intake.yml").write_text(text, encoding="utf-8")
    return examine_bundle(describe_bundle(write_bundle(folder, tables, policy="policy")))


def refusal(read, code):
    """Give what is said of the one file that was refused, in one line of each language."""
    told = only(read, code)
    assert read.refused == (told,)
    assert "\n" not in told.rule + told.rule_zh
    return told


def sheet_of(place, cells, *, dimension="A1:B2"):
    """Write a workbook whose only sheet has these cells as XML."""
    write_xlsx(place, [["usci"]])
    with zipfile.ZipFile(place) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    parts["xl/worksheets/sheet1.xml"] = (
        f'<worksheet xmlns="{space}"><dimension ref="{dimension}"/>'
        f"<sheetData>{cells}</sheetData></worksheet>"
    ).encode()
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            book.writestr(name, content)


HEADER = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>usci</t></is></c>'
    '<c r="B1" t="inlineStr"><is><t>name</t></is></c></row>'
)
FAR = {
    "as Excel writes it": '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    "in other quotes": "<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
    "with blanks": '<row r="1048576"><c r = "XFD1048576"><v>1</v></c></row>',
    "behind a style": '<row r="1048576"><c s="0" r="XFD1048576"><v>1</v></c></row>',
    "by its order": '<row r="1048576">' + "<c><v>1</v></c>" * 2000 + "</row>",
    "behind decoys": '<row r="1048576">' + '<x r="A1"/><c><v>1</v></c>' * 2000 + "</row>",
    "in a row beyond": '<row r="99999999999"><c r="A99999999999"><v>1</v></c></row>',
    "in a column beyond": '<row r="2"><c r="ZZZZZ2"><v>1</v></c></row>',
}


@pytest.mark.parametrize("form", FAR)
def test_one_cell_in_the_last_corner_of_a_sheet_is_refused_before_it_is_opened(tmp_path, form):
    sheet_of(tmp_path / "a.xlsx", HEADER + FAR[form])
    assert (tmp_path / "a.xlsx").stat().st_size < 20_000
    about = write_bundle(tmp_path, {"enterprises": {"file": "a.xlsx"}})
    read = examine_bundle(describe_bundle(about))
    (told,) = read.refused
    assert told.code in {"large_table", "wide_table"}
    assert "most_" in told.rule_zh
    assert "most_" in told.rule


def test_a_far_cell_without_a_value_counts_for_nothing(tmp_path):
    styled = '<row r="1048576" s="1"><c r="XFD1048576" s="1"/><c r="XFC1048576" s="1"></c></row>'
    row = f'<row r="2"><c r="A2" t="inlineStr"><is><t>{CODE}1</t></is></c>'
    row += '<c r="B2" t="inlineStr"><is><t>甲</t></is></c></row>'
    sheet_of(tmp_path / "a.xlsx", HEADER + row + styled, dimension="A1:XFD1048576")
    read = limited(tmp_path, {"enterprises": {"file": "a.xlsx"}})
    assert read.tables["enterprises"].frame["name"].tolist() == ["甲"]


def test_a_cell_without_its_place_is_read_where_it_stands(tmp_path):
    row = (
        f'<row><c t="inlineStr"><is><t>{CODE}1</t></is></c><c t="inlineStr"><is><t>甲</t></is></c>'
    )
    sheet_of(tmp_path / "a.xlsx", HEADER + (row + "</row>") * 300)
    read = limited(tmp_path, {"enterprises": {"file": "a.xlsx"}}, most_cells=700)
    assert len(read.tables["enterprises"].frame) == 1
    read = limited(tmp_path, {"enterprises": {"file": "a.xlsx"}}, most_cells=600)
    assert "第 301 行第 2 列" in refusal(read, "large_table").rule_zh


def test_a_text_that_a_million_cells_share_is_weighed_as_often_as_it_is_used(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        page = book.add_worksheet("表")
        page.write_row(0, 0, ["usci", "name"])
        for row in range(1, 400):
            page.write_row(row, 0, [f"{CODE}{row}", "长" * 3000])
    tables = {"enterprises": {"file": "a.xlsx"}}
    assert "4 MB" in refusal(limited(tmp_path, tables, most_unpacked_mb=2), "large_unpacked").rule
    assert not limited(tmp_path, tables, most_unpacked_mb=4).refused


def test_two_parts_of_one_name_are_refused(tmp_path):
    write_xlsx(tmp_path / "a.xlsx", [["usci", "name"], [CODE, "甲"]])
    with zipfile.ZipFile(tmp_path / "a.xlsx", "a") as book, pytest.warns(UserWarning, match="name"):
        book.writestr("xl/worksheets/sheet1.xml", b"<worksheet/>")
    read = limited(tmp_path, {"enterprises": {"file": "a.xlsx"}})
    assert codes(read) == ["broken_file"]


def record(kind, content=b""):
    return struct.pack("<HH", kind, len(content)) + content


def old_workbook(place, *cells):
    """Write an .xls (BIFF 8) of one sheet with numbers at these places, from 0."""
    numbers = [record(0x203, struct.pack("<HHHd", row, column, 0, 1.0)) for row, column in cells]
    begin = struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0)
    sheet = record(0x809, begin) + b"".join(numbers) + record(0x0A)
    name = record(0x85, struct.pack("<IBBBB", 0, 0, 0, 1, 0) + b"A")
    start = len(record(0x809, begin) + name + record(0x0A))
    name = record(0x85, struct.pack("<IBBBB", start, 0, 0, 1, 0) + b"A")
    globals_ = record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0)) + name + record(0x0A)
    place.write_bytes(compound((globals_ + sheet).ljust(4096, b"\0")))


def compound(stream):
    """Give a compound file (OLE 2) with one stream, Workbook."""
    sectors = -(-len(stream) // 512)
    chain = [*range(1, sectors), 0xFFFFFFFE]
    table = [*chain, 0xFFFFFFFE, 0xFFFFFFFD]  # the stream, the folder, the table itself
    table += [0xFFFFFFFF] * (128 - len(table))
    head = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 16
    head += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    head += struct.pack("<IIIIIIIIII", 0, 1, sectors, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0)[:36]
    head = head[:44] + struct.pack(
        "<IIIIIIIII", 1, sectors, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, sectors + 1
    )
    head += struct.pack("<108I", *[0xFFFFFFFF] * 108)

    def entry(name, kind, start, size, child=0xFFFFFFFF):
        text = (name + "\0").encode("utf-16-le")
        none = 0xFFFFFFFF
        about = struct.pack("<HBBIII", len(text), kind, 1, none, none, child)
        return text.ljust(64, b"\0") + about + b"\0" * 36 + struct.pack("<IQ", start, size)

    folder = entry("Root Entry", 5, 0xFFFFFFFE, 0, child=1) + entry("Workbook", 2, 0, len(stream))
    body = stream.ljust(sectors * 512, b"\0") + folder.ljust(512, b"\0")
    return head + body + struct.pack("<128I", *table)


def open_document(place, cells):
    about = "application/vnd.oasis.opendocument.spreadsheet"
    spaces = "".join(
        f' xmlns:{one}="urn:oasis:names:tc:opendocument:xmlns:{one}:1.0"'
        for one in ("office", "table", "text")
    )
    text = (
        f"<office:document-content{spaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="A">{cells}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    )
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("mimetype", about)
        book.writestr("META-INF/manifest.xml", manifest)
        book.writestr("content.xml", text)


ODS_CELL = '<table:table-cell office:value-type="float" office:value="1"{}/>'
ODS_ROW = "<table:table-row{}>{}</table:table-row>"


def test_an_old_workbook_with_a_far_cell_is_tried_elsewhere_and_refused(tmp_path):
    old_workbook(tmp_path / "a.xls", (0, 0), (1, 1))
    tables = {"enterprises": {"file": "a.xls"}}
    assert codes(limited(tmp_path, tables)) != ["broken_file"]  # it is a workbook
    assert not {"large_table", "heavy_workbook"} & set(codes(limited(tmp_path, tables)))
    old_workbook(tmp_path / "a.xls", (0, 0), (65_535, 65_535))
    (told,) = limited(tmp_path, tables).refused
    assert told.code == "heavy_workbook"
    old_workbook(tmp_path / "a.xls", (0, 0), (65_535, 255))
    assert "第 65,536 行第 256 列" in refusal(limited(tmp_path, tables), "large_table").rule_zh


def test_an_open_document_whose_cell_is_repeated_is_refused(tmp_path):
    cells = ODS_ROW.format(
        ' table:number-rows-repeated="1000000"',
        ODS_CELL.format(' table:number-columns-repeated="50"'),
    )
    open_document(tmp_path / "a.ods", cells)
    (told,) = limited(tmp_path, {"enterprises": {"file": "a.ods"}}).refused
    assert told.code in {"heavy_workbook", "large_table", "wide_table"}


def test_an_xml_table_a_page_and_a_csv_are_held_to_their_cells(tmp_path):
    far = '<Row ss:Index="90000"><Cell ss:Index="99"><Data>1</Data></Cell></Row>'
    sheet = f"<Worksheet><Table><Row><Cell><Data>usci</Data></Cell></Row>{far}</Table></Worksheet>"
    text = f'<Workbook xmlns="{SPACE}" xmlns:ss="{SPACE}">{sheet}</Workbook>'
    (tmp_path / "a.xml").write_text(text)
    spans = "<tr><td rowspan=1000 colspan=90>1</td>" + "<tr>" * 1000
    (tmp_path / "a.html").write_text(f"<table><tr><th>usci<th>name{spans}</table>")
    (tmp_path / "a.csv").write_text("usci,name\n" + "1,\n" * 40 + "," * 2000 + "\n")
    (tmp_path / "b.csv").write_text("usci,name" + "," * 50 + "\n" + "1\n" * 100)
    (tmp_path / "c.csv").write_text("usci,name" + "," * 200 + "\n")
    (tmp_path / "d.xml").write_text(text.replace(far, "<Row/>" * 2000))
    for file in ("a.xml", "a.html", "a.csv", "b.csv", "d.xml"):
        told = refusal(limited(tmp_path, {"enterprises": {"file": file}}, **TIGHT), "large_table")
        assert "上限 1,000 格" in told.rule_zh, file
    read = limited(tmp_path, {"enterprises": {"file": "c.csv"}}, **TIGHT)
    assert "202 columns, more than 100" in refusal(read, "wide_table").rule


def square(number):
    return shapely.box(480_000 + number, 3_078_000, 480_001 + number, 3_078_001)


def many(count=600):
    rows = {"parcel_id": [str(number) for number in range(count)], "name": ["一"] * count}
    return gpd.GeoDataFrame(rows, geometry=[square(number) for number in range(count)], crs=4549)


def keyed(place):
    features = json.loads(many(60).to_crs(4490).to_json())
    for number, one in enumerate(features["features"]):
        one["properties"][f"k{number}"] = 1
    place.write_text(json.dumps(features))


def kml(place):
    marks = "".join(
        f"<Placemark><Data name='{n}'><value>1</value></Data></Placemark>" for n in range(60)
    )
    place.write_text(f"<kml><Document>{marks}</Document></kml>")


LAYERS = {
    "a.gpkg": lambda place: many().to_file(place, driver="GPKG"),
    "a.fgb": lambda place: many().to_file(place, driver="FlatGeobuf"),
    "a.shp": lambda place: many().to_file(place, driver="ESRI Shapefile"),
    "a.gdb": lambda place: many().to_file(place, driver="OpenFileGDB", layer="a"),
    "a.parquet": lambda place: many().to_parquet(place),
    "a.geojson": keyed,
    "a.kml": kml,
}


@pytest.mark.parametrize("file", LAYERS)
def test_a_layer_is_held_to_its_cells(tmp_path, file):
    LAYERS[file](tmp_path / file)
    read = limited(tmp_path, {"parcels": {"file": file}}, most_cells=1000)
    assert "most_cells" in refusal(read, "large_table").rule


ENDLESS = (
    "create view v as with recursive n(i) as (select 1 union all select i + 1 from n)"
    " select i as fid, 'a' || i as parcel_id from n"
)


@pytest.mark.parametrize("view", [ENDLESS, f"{ENDLESS} where i < 0"], ids=["rows", "no rows"])
def test_a_view_of_a_geopackage_that_does_not_end_is_refused(tmp_path, view, monkeypatch):
    monkeypatch.setattr("tenglong.source.file.views.PATIENCE_S", 0.3)
    many().to_file(tmp_path / "a.gpkg", driver="GPKG", layer="parcels")
    book = sqlite3.connect(tmp_path / "a.gpkg")
    book.execute(view)
    book.execute("insert into gpkg_contents (table_name, data_type) values ('v', 'attributes')")
    book.commit()
    book.close()
    read = limited(tmp_path, {"parcels": {"file": "a.gpkg", "layer": "v"}}, most_cells=10_000)
    (told,) = read.refused
    assert told.code in {"large_table", "endless_view"}


@pytest.mark.parametrize("order", "<>")
def test_an_outline_within_outlines_without_end_costs_its_row(tmp_path, order):
    head = (b"\x01" if order == "<" else b"\0") + struct.pack(f"{order}II", 7, 1)
    deep = head * 100_000 + shapely.to_wkb(shapely.Point(0, 0))
    many(3).to_parquet(tmp_path / "a.parquet")
    table = pq.read_table(tmp_path / "a.parquet")
    cells = [deep, *table["geometry"].to_pylist()[1:]]
    place = table.column_names.index("geometry")
    pq.write_table(table.set_column(place, "geometry", [cells]), tmp_path / "a.parquet")
    read = limited(tmp_path, {"parcels": {"file": "a.parquet"}})
    assert read.tables["parcels"].frame.geometry.isna().tolist() == [True, False, False]
    assert only(read, "unreadable_shape").row == 1


def test_parts_within_parts_of_a_web_archive_are_refused(tmp_path):
    parts = "".join(
        f'Content-Type: multipart/related; boundary="b{n}"\n\n--b{n}\n' for n in range(3000)
    )
    (tmp_path / "a.mht").write_text(f"MIME-Version: 1.0\n{parts}")
    assert codes(limited(tmp_path, {"parcels": {"file": "a.mht"}})) == ["broken_file"]


def test_a_file_that_is_too_large_is_not_opened(tmp_path):
    with (tmp_path / "a.csv").open("wb") as file:
        file.truncate(3_000_000)
    read = limited(tmp_path, {"enterprises": {"file": "a.csv"}}, **TIGHT)
    assert "3 MB, more than 2 MB (most_file_mb" in refusal(read, "large_file").rule


@pytest.mark.parametrize("name", ["a.zip", "a.xlsx"])
def test_a_package_that_unpacks_to_too_much_is_not_unpacked(tmp_path, name):
    with zipfile.ZipFile(tmp_path / name, "w", zipfile.ZIP_DEFLATED) as book:
        for part in ("[Content_Types].xml", "xl/workbook.xml") if name == "a.xlsx" else ("a.shp",):
            book.writestr(part, b"\0" * 2_000_000)
    read = limited(tmp_path, {"parcels": {"file": name}}, **TIGHT)
    assert "most_unpacked_mb" in refusal(read, "large_unpacked").rule


def test_a_bundle_of_bombs_is_checked_in_little_memory(tmp_path):
    sheet_of(tmp_path / "a.xlsx", HEADER + FAR["as Excel writes it"])
    long = "<si><t>" + "x" * 32_000 + "</t></si>"
    write_xlsx(tmp_path / "b.xlsx", [["usci", "name"], [CODE, "甲"]])
    with zipfile.ZipFile(tmp_path / "b.xlsx") as book:
        parts = {one: book.read(one) for one in book.namelist()}
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 90_000))
    parts["xl/worksheets/sheet1.xml"] = (
        b"<worksheet><sheetData>%s</sheetData></worksheet>" % rows.encode()
    )
    parts["xl/sharedStrings.xml"] = f"<sst>{long}</sst>".encode()
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w", zipfile.ZIP_DEFLATED) as book:
        for one, content in parts.items():
            book.writestr(one, content)
    assert (tmp_path / "b.xlsx").stat().st_size < 600_000
    tables = {"enterprises": {"file": "a.xlsx"}, "projects": {"file": "b.xlsx"}}
    write_bundle(tmp_path, tables)
    start = "import sys; from tenglong.run.cli import main; sys.exit(main())"
    memory = 3_000_000_000
    done = subprocess.run(
        [sys.executable, "-c", start, "check", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (memory, memory)),
    )
    assert done.returncode == 65, done.stderr
    assert "most_columns" in done.stdout
    assert "most_unpacked_mb" in done.stdout
