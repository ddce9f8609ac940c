"""Every format that an office sends: read, or refused in one sentence; and nothing calls out."""

import base64
import http.server
import io
import json
import shutil
import sqlite3
import threading
import zipfile

import geopandas as gpd
import pandas as pd
import pyproj
import pytest
import shapely
import xlsxwriter
from shapely.geometry import box

from intake import CODE, codes, of_files, only, write_bundle, write_xlsx
from tenglong.run.cli import main
from tenglong.source import describe_bundle
from tenglong.source.bundle import examine_bundle
from tenglong.source.file.boundary import CODES, ZONES

NAMES = ["大峃镇地块0", "大峃镇地块1"]
IDS = ["330328100004GB00000", "330328100004GB00001"]
SHAPES = [box(480_000, 3_078_000, 480_100, 3_078_050), box(480_200, 3_078_000, 480_300, 3_078_100)]
LIBRARY_WORDS = ("Error", "error", "Traceback", "vsi", "DRIVER", "use_arrow", "not recognized")


def parcels(crs=4549):
    return gpd.GeoDataFrame({"宗地代码": IDS, "地块名称": NAMES}, geometry=SHAPES, crs=crs)


def shapefile(folder, encoding="gb18030", stem="dk"):
    """Write parcels as a shapefile; give its parts by ending."""
    frame = parcels()
    if encoding == "utf-8":  # else GDAL would cut the names itself, and remark on it
        frame = frame.rename(columns={"宗地代码": "parcel_id", "地块名称": "坐落"})
    frame.to_file(folder / f"{stem}.shp", encoding=encoding)
    return {one.suffix: one for one in folder.glob(f"{stem}.*")}


def examined(folder, file, table="parcels", **source):
    about = write_bundle(folder, {table: {"file": file, **source}})
    return examine_bundle(describe_bundle(about))


def read_bytes(folder, name, content, table="parcels", **source):
    (folder / name).write_bytes(content)
    return examined(folder, name, table, **source)


def names(read, table="parcels"):
    return read.tables[table].frame["name"].tolist()


def areas(read, table="parcels"):
    return read.tables[table].frame.geometry.area.round(1).tolist()


def is_own_wording(read):
    """Tell whether every finding has a Chinese sentence, and none a library's words."""
    said = [one.rule + one.rule_zh for one in read.problems]
    return all(any("一" <= c <= "鿿" for c in one.rule_zh) for one in read.problems) and not any(
        word in one for one in said for word in LIBRARY_WORDS
    )


# --- boundary points

HEAD = (
    "[属性描述]\n坐标系={datum}\n几度分带={width}\n投影类型=高斯克吕格\n计量单位=米\n带号={zone}\n"
)
HEAD += "精度=0.001\n转换参数=,,,,,,\n[地块坐标]\n"


def points(x=480_000.0, y=3_078_000.0, *, zone="40", ring="1", closed=True, width=100):
    corners = [(y, x), (y, x + width), (y + 50, x + width), (y + 50, x)]
    corners += corners[:1] if closed else []
    return "".join(
        f"J{n},{ring},{north:.3f},{zone}{east:.3f}\n" for n, (north, east) in enumerate(corners, 1)
    )


def boundary(folder, body, *, datum="2000国家大地坐标系", width="3", zone="40", **source):
    text = HEAD.format(datum=datum, width=width, zone=zone) + body
    return read_bytes(folder, "dk.txt", text.encode("gb18030"), **source)


PARCEL = "5,0.5000,DK1,一号,面,,工业用地,0601,@\n"


def test_a_text_of_boundary_points_is_a_layer(tmp_path):
    read = boundary(tmp_path, PARCEL + points() + PARCEL.replace("DK1", "DK2") + points(481_000))
    frame = read.tables["parcels"].frame
    assert frame["parcel_id"].tolist() == ["DK1", "DK2"]
    assert (frame["name"][1], frame["land_use"][1]) == ("一号", "0601")
    assert areas(read) == [5000, 5000]
    assert frame.geometry[1].bounds == pytest.approx((480_000, 3_078_000, 480_100, 3_078_050))
    assert not read.errors


def test_boundary_points_without_the_zone_s_number_lie_in_the_same_place(tmp_path):
    read = boundary(tmp_path, PARCEL + points(zone=""))
    bounds = read.tables["parcels"].frame.geometry[1].bounds
    assert bounds == pytest.approx((480_000, 3_078_000, 480_100, 3_078_050))


def test_a_second_ring_within_the_first_is_a_hole_and_one_beside_it_a_part(tmp_path):
    hole = points(480_020, 3_078_010, ring="2", width=20).replace("3078060", "3078030")
    read = boundary(tmp_path, PARCEL.replace("5,", "10,", 1) + points() + hole)
    assert areas(read) == [5000 - 20 * 20]
    beside = points(480_500, ring="2")
    read = boundary(tmp_path, PARCEL.replace("5,", "10,", 1) + points() + beside)
    assert areas(read) == [10_000]
    assert "multipart" in codes(read)


def test_boundary_points_that_are_missing_open_or_broken_cost_their_parcel(tmp_path):
    lacking = PARCEL.replace("5,", "9,", 1) + points()
    opened = PARCEL.replace("5,0.5000,DK1", "4,0.5000,DK2") + points(481_000, closed=False)
    broken = PARCEL.replace("DK1", "DK3") + points(482_000).replace("40482000.000", "x", 1)
    read = boundary(tmp_path, lacking + opened + broken)
    told = {(one.code, one.row) for one in of_files(read) if one.row}
    assert told == {
        *(("points_lacking", 1), ("unclosed", 2)),
        *(("unreadable_shape", 3), ("points_lacking", 3)),
    }
    assert len(read.tables["parcels"].frame) == 3


def test_boundary_points_of_an_unknown_system_need_one_declared(tmp_path):
    read = boundary(tmp_path, PARCEL + points(), datum="独立坐标系")
    assert "独立坐标系" in only(read, "unreadable_crs").rule_zh
    read = boundary(tmp_path, PARCEL + points(), datum="独立坐标系", crs="EPSG:4528")
    assert areas(read) == [5000]


def test_the_systems_of_boundary_points_have_the_zones_and_datums_that_they_name():
    datums = {"2000": "CGCS2000", "1980": "Xian 1980", "1954": "Beijing 1954"}
    for (datum, width), (zoned, plain) in CODES.items():
        for zone in (ZONES[width][0], ZONES[width][-1]):
            for code, is_zoned in ((zoned + zone, True), (plain + zone, False)):
                system = pyproj.CRS.from_epsg(code)
                found = {one.name: one.value for one in system.coordinate_operation.params}
                middle = zone * 3 if width == 3 else zone * 6 - 3
                assert system.name.startswith(datums[datum])
                assert found["Longitude of natural origin"] == middle
                assert found["False easting"] == 500_000 + zone * 1e6 * is_zoned


# --- workbooks under other names


def sheet_xml(*rows, head='<?xml version="1.0" encoding="{}"?>', encoding="utf-8", sheets=("表",)):
    body = "".join(f"<Row>{''.join(row)}</Row>" for row in rows)
    pages = "".join(
        f'<Worksheet ss:Name="{one}"><Table>{body}</Table></Worksheet>' for one in sheets
    )
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    book = f'<?mso-application progid="Excel.Sheet"?><Workbook xmlns="{space}" xmlns:ss="{space}">'
    return (head.format(encoding) + book + pages + "</Workbook>").encode(encoding)


def cell(value, kind="String", more=""):
    return f'<Cell{more}><Data ss:Type="{kind}">{value}</Data></Cell>'


HEADERS = [cell("统一社会信用代码"), cell("年度"), cell("实缴税金")]
ROW = [cell(f"{CODE}11"), cell(2021, "Number"), cell(12, "Number")]


@pytest.mark.parametrize("encoding", ["utf-8", "gb2312", "utf-16"])
def test_an_xml_table_of_excel_2003_is_read(tmp_path, encoding):
    content = sheet_xml(HEADERS, ROW, encoding=encoding)
    read = read_bytes(tmp_path, "a.xls", content, "enterprise_years")
    assert read.tables["enterprise_years"].frame["tax_paid_wan"].tolist() == [12]
    assert only(read, "other_format").rule_zh.startswith("扩展名是 .xls，实际是表格")


def test_an_xml_table_skips_cells_by_their_index_and_knows_what_is_merged(tmp_path):
    title = [cell("2021 年度企业税收", more=' ss:MergeAcross="2"')]
    skipped = [cell(f"{CODE}12"), cell(2021, "Number"), cell(7, "Number", ' ss:Index="4"')]
    dated = [cell(f"{CODE}13"), cell("2022-01-01T00:00:00.000", "DateTime")]
    headers = [cell("统一社会信用代码"), cell("年度"), cell("备注"), cell("实缴税金")]
    content = sheet_xml(title, headers, skipped, dated)
    frame = read_bytes(tmp_path, "a.xls", content, "enterprise_years").tables["enterprise_years"]
    assert frame.frame["tax_paid_wan"].tolist()[:1] == [7]
    assert frame.frame.index.tolist()[0] == 3


def test_several_sheets_of_an_xml_table_that_would_do_are_refused(tmp_path):
    content = sheet_xml(HEADERS, ROW, sheets=("甲", "乙"))
    read = read_bytes(tmp_path, "a.xls", content, "enterprise_years")
    assert codes(read) == ["several_sheets"]
    read = examined(tmp_path, "a.xls", "enterprise_years", sheet="乙")
    assert not read.errors


def mhtml(page, transfer):
    raw = page.encode("gb18030")
    coded = base64.encodebytes(raw).decode() if transfer == "base64" else None
    if coded is None:
        coded = "".join(f"={byte:02X}" if byte > 126 or byte == 61 else chr(byte) for byte in raw)
    return (
        'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="x"\n\n'
        f"--x\nContent-Location: file:///C:/sheet001.htm\nContent-Transfer-Encoding: {transfer}\n"
        f'Content-Type: text/html; charset="gb2312"\n\n{coded}\n--x--\n'
    ).encode("ascii")


@pytest.mark.parametrize("transfer", ["base64", "quoted-printable"])
def test_a_web_page_in_one_file_is_read(tmp_path, transfer):
    page = "<html><table><tr><td>乡镇代码<td>乡镇名称</tr><tr><td>330328100<td>大峃镇</tr></table>"
    read = read_bytes(tmp_path, "a.xls", mhtml(page, transfer), "townships")
    assert names(read, "townships") == ["大峃镇"]
    assert "MHTML" in only(read, "other_format").rule_zh


@pytest.mark.parametrize("name", ["a.et", "A.XLSX", "a.XLS"])
def test_a_workbook_under_another_ending_is_read(tmp_path, name):
    rows = [["统一社会信用代码", "年度", "实缴税金"], [f"{CODE}11", 2021, 12]]
    write_xlsx(tmp_path / "a.xlsx", rows)
    content = (tmp_path / "a.xlsx").read_bytes()
    read = read_bytes(tmp_path, name, content, "enterprise_years")
    assert read.tables["enterprise_years"].frame["tax_paid_wan"].tolist() == [12]
    assert codes(read) == []


# --- shapefiles


def test_the_parts_of_a_shapefile_are_found_in_any_case(tmp_path):
    for ending, part in shapefile(tmp_path).items():
        part.rename(tmp_path / f"{'DK' if ending == '.dbf' else 'dk'}{ending.upper()}")
    read = examined(tmp_path, "dk.SHP")
    assert names(read) == NAMES
    assert areas(read) == [5000, 10_000]


def test_a_file_whose_name_differs_by_case_is_named(tmp_path):
    shapefile(tmp_path)
    read = examined(tmp_path, "DK.shp")
    assert "“dk.shp”" in only(read, "no_file").rule_zh


def test_a_shapefile_without_its_parts_is_refused(tmp_path):
    parts = shapefile(tmp_path)
    parts[".shx"].unlink()
    assert ".shx" in only(examined(tmp_path, "dk.shp"), "shapefile_part").rule_zh


def test_a_change_in_any_part_of_a_shapefile_changes_its_digest(tmp_path):
    parts = shapefile(tmp_path)
    before = examined(tmp_path, "dk.shp")
    parts[".dbf"].write_bytes(parts[".dbf"].read_bytes().replace(b"0000", b"0009"))
    after = examined(tmp_path, "dk.shp")
    assert before.inputs[0].sha256 != after.inputs[0].sha256
    assert parts[".dbf"] in after.description.files


@pytest.mark.parametrize("stated", ["GB2312", "936", "GBK", "gb18030"])
def test_a_cpg_of_the_national_code_by_any_name_is_gb18030(tmp_path, stated):
    shapefile(tmp_path)[".cpg"].write_text(stated)
    read = examined(tmp_path, "dk.shp")
    assert names(read) == NAMES
    assert codes(read) == []


@pytest.mark.parametrize(
    ("written", "stated"),
    [("gb18030", "UTF-8"), ("utf-8", "GBK"), ("gb18030", "1252"), ("gb18030", "88591"),
     ("utf-8", "Big5"), ("gb18030", "汉字")],
)  # fmt: skip
def test_a_cpg_that_is_wrong_is_told_and_not_followed(tmp_path, written, stated):
    shapefile(tmp_path, written)[".cpg"].write_text(stated, encoding="utf-8")
    read = examined(tmp_path, "dk.shp")
    assert names(read) == NAMES
    assert [code for code in codes(read) if code != "field_cut"] == ["wrong_cpg"]


def test_a_cpg_of_western_letters_is_followed_where_the_bytes_are(tmp_path):
    frame = parcels().assign(地块名称=["Sítio São João", "Forêt"])
    frame = frame.rename(columns={"宗地代码": "parcel_id", "地块名称": "name"})
    frame.to_file(tmp_path / "dk.shp", encoding="ISO-8859-1")
    read = examined(tmp_path, "dk.shp")
    assert names(read) == ["Sítio São João", "Forêt"]
    assert codes(read) == []


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
@pytest.mark.parametrize("declared", ["auto", "gbk"])
def test_a_text_cut_within_a_character_costs_that_character(tmp_path, encoding, declared):
    if (encoding, declared) == ("utf-8", "gbk"):
        declared = "utf-8"
    parts = shapefile(tmp_path, encoding)
    content = parts[".dbf"].read_bytes()
    last = NAMES[1].encode(encoding)
    cut = last[: len("大峃镇地块".encode(encoding)) - 1]
    parts[".dbf"].write_bytes(content.replace(last, cut.ljust(len(last))))
    read = examined(tmp_path, "dk.shp", encoding=declared)
    assert names(read) == [NAMES[0], "大峃镇地"]
    told = only(read, "text_cut")
    assert (told.row, told.column, told.value) == (
        2,
        "坐落" if encoding == "utf-8" else "地块名称",
        "大峃镇地",
    )


def test_a_text_that_cannot_be_read_costs_its_cell(tmp_path):
    parts = shapefile(tmp_path, "utf-8")
    content = parts[".dbf"].read_bytes()
    parts[".dbf"].write_bytes(content.replace(NAMES[1].encode(), b"\xff\xfe".ljust(16, b"A")))
    read = examined(tmp_path, "dk.shp")
    assert read.tables["parcels"].frame["name"].isna().tolist() == [False, True]
    assert only(read, "text_broken").row == 2


def test_a_text_of_a_geopackage_that_is_not_utf_8_costs_its_cell(tmp_path):
    parcels().to_file(tmp_path / "p.gpkg")
    with sqlite3.connect(tmp_path / "p.gpkg") as database:
        triggers = database.execute("select name from sqlite_master where type='trigger'")
        for (name,) in triggers.fetchall():
            database.execute(f'drop trigger "{name}"')
        database.execute("update p set 地块名称 = cast(x'ffff41' as text) where fid = 2")
    database.close()
    read = examined(tmp_path, "p.gpkg")
    assert read.tables["parcels"].frame["name"].isna().tolist() == [False, True]
    assert only(read, "text_broken").row == 2


def field_named(parts, name, value=300.0):
    """Write parcels with one more field, whose name has these bytes."""
    folder = parts[".shp"].parent
    parcels().assign(other=value).to_file(folder / "dk.shp", encoding="gb18030")
    content = parts[".dbf"].read_bytes()
    parts[".dbf"].write_bytes(content.replace(b"other".ljust(11, b"\0"), name.ljust(11, b"\0")))


@pytest.mark.parametrize(
    "name",
    [b"agreed_inv", "约定固定资".encode("gbk"), "约定固定".encode()[:10]],
)
def test_a_field_s_name_that_was_cut_short_is_matched_and_told(tmp_path, name):
    parts = shapefile(tmp_path)
    field_named(parts, name)
    if not name.isascii() and name != "约定固定资".encode("gbk"):
        content = parts[".dbf"].read_bytes()
        for header in ("宗地代码", "地块名称"):
            whole = header.encode("gbk").ljust(11, b"\0")
            content = content.replace(whole, header.encode()[:10].ljust(11, b"\0"))
        for own in NAMES:
            content = content.replace(own.encode("gbk"), own[:4].encode()[:11])
        parts[".dbf"].write_bytes(content)
        parts[".cpg"].write_text("UTF-8")
    read = examined(tmp_path, "dk.shp")
    assert read.tables["parcels"].frame["agreed_investment_wan"].tolist() == [300, 300]
    assert (
        "约定固定资产投资总额"
        in [
            problem.rule_zh.split("“")[1].split("”")[0]
            for problem in read.problems
            if problem.code == "field_cut"
        ]
        or only(read, "field_cut").value == "agreed_inv"
    )


def test_a_field_s_name_that_was_cut_short_of_several_is_told_and_not_taken(tmp_path):
    field_named(shapefile(tmp_path), b"agreed_val")
    read = examined(tmp_path, "dk.shp")
    assert "agreed_value_added_wan_per_mu" in only(read, "field_cut_several").rule_zh
    assert not any(name.startswith("agreed") for name in read.tables["parcels"].frame)


# --- zips


@pytest.mark.parametrize("folder", ["", "宗地/"])
@pytest.mark.parametrize("is_upper", [False, True])
def test_a_zip_of_a_shapefile_is_read(tmp_path, folder, is_upper):
    parts = shapefile(tmp_path)
    members = {
        f"{folder}地块{ending.upper() if is_upper else ending}": part.read_bytes()
        for ending, part in parts.items()
    }
    book = io.BytesIO()
    with zipfile.ZipFile(book, "w") as file:
        for name, content in members.items():
            file.writestr(name, content)
    read = read_bytes(tmp_path, "地块.zip", book.getvalue())
    assert names(read) == NAMES
    assert codes(read) == []


def gbk_zip(members):
    """Pack members under names in GBK without a flag, as old programs of Windows do."""
    plain = {f"{number:_>12}": name for number, name in enumerate(members)}
    book = io.BytesIO()
    with zipfile.ZipFile(book, "w") as file:
        for short, name in plain.items():
            file.writestr(short, members[name])
    content = book.getvalue()
    for short, name in plain.items():
        raw = name.encode("gbk")
        assert len(raw) == len(short)
        content = content.replace(short.encode(), raw)
    return content


def test_a_zip_with_names_in_gbk_is_read_and_several_layers_are_named(tmp_path):
    parts = shapefile(tmp_path)
    one = {f"宗地二零{ending}": part.read_bytes() for ending, part in parts.items()}
    read = read_bytes(tmp_path, "a.zip", gbk_zip(one))
    assert names(read) == NAMES
    two = one | {f"宗地二二{ending}": part.read_bytes() for ending, part in parts.items()}
    read = read_bytes(tmp_path, "a.zip", gbk_zip(two))
    assert "宗地二二、宗地二零" in only(read, "several_layers").rule_zh
    assert names(examined(tmp_path, "a.zip", layer="宗地二二")) == NAMES
    assert codes(examined(tmp_path, "a.zip", layer="无")) == ["no_layer_named"]


def test_a_zip_that_is_damaged_locked_or_holds_no_layer_is_refused(tmp_path):
    book = io.BytesIO()
    with zipfile.ZipFile(book, "w") as file:
        file.writestr("a.docx", b"x" * 500)
    content = book.getvalue()
    assert codes(read_bytes(tmp_path, "a.zip", content)) == ["not_read"]
    assert codes(read_bytes(tmp_path, "a.zip", content[:200])) == ["broken_zip"]
    locked = bytearray(content)
    locked[6] |= 1
    locked[content.index(b"PK\x01\x02") + 8] |= 1
    assert codes(read_bytes(tmp_path, "a.zip", bytes(locked))) == ["locked_zip"]


# --- geodatabases, GeoPackages


def geodatabase(folder):
    parcels().to_file(folder / "宗地.gdb", driver="OpenFileGDB", layer="ZD")
    return folder / "宗地.gdb"


def test_a_file_geodatabase_is_read_and_so_is_one_in_a_zip(tmp_path):
    place = geodatabase(tmp_path)
    read = examined(tmp_path, "宗地.gdb")
    assert names(read) == NAMES
    assert len(read.inputs[0].sha256) == 64
    shutil.make_archive(str(tmp_path / "a"), "zip", tmp_path, "宗地.gdb")
    shutil.rmtree(place)
    assert names(examined(tmp_path, "a.zip", layer="ZD")) == NAMES


def test_a_folder_that_is_no_geodatabase_is_refused_as_a_folder(tmp_path):
    (tmp_path / "宗地").mkdir()
    assert codes(examined(tmp_path, "宗地")) == ["is_folder"]
    (tmp_path / "a.gdb").mkdir()
    assert codes(examined(tmp_path, "a.gdb")) == ["is_folder"]


def test_of_several_layers_the_one_that_fits_is_taken_and_told_else_all_are_named(tmp_path):
    parcels().to_file(tmp_path / "p.gpkg", layer="宗地2020")
    gpd.GeoDataFrame({"x": [1]}, geometry=SHAPES[:1], crs=4549).to_file(
        tmp_path / "p.gpkg", layer="底图"
    )
    read = examined(tmp_path, "p.gpkg")
    assert (names(read), codes(read)[0]) == (NAMES, "layer_chosen")
    parcels().to_file(tmp_path / "p.gpkg", layer="宗地2022")
    read = examined(tmp_path, "p.gpkg")
    assert codes(read) == ["several_layers"]
    assert "宗地2020、宗地2022" in read.problems[0].rule_zh
    assert names(examined(tmp_path, "p.gpkg", layer="宗地2022")) == NAMES
    assert codes(examined(tmp_path, "p.gpkg", layer="宗地2021")) == ["no_layer_named"]


# --- KML

KML = """<?xml version="1.0" encoding="{encoding}"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>地块</name>{more}<Folder>
<name>甲</name><Placemark><name>一号</name><ExtendedData><Data name="宗地代码"><value>P1</value>
</Data></ExtendedData><MultiGeometry><Polygon><outerBoundaryIs><LinearRing><coordinates>
120,27.8,0 120.001,27.8,0 120.001,27.801,0 120,27.801,0 120,27.8,0</coordinates></LinearRing>
</outerBoundaryIs><innerBoundaryIs><LinearRing><coordinates>120.0002,27.8002 120.0004,27.8002
120.0004,27.8004 120.0002,27.8002</coordinates></LinearRing></innerBoundaryIs></Polygon>
</MultiGeometry></Placemark></Folder><Folder><name>乙</name><Placemark><name>二号</name>
<ExtendedData><SchemaData><SimpleData name="宗地代码">P2</SimpleData></SchemaData></ExtendedData>
<Polygon><outerBoundaryIs><LinearRing><coordinates>120.01,27.8 x,27.8</coordinates></LinearRing>
</outerBoundaryIs></Polygon></Placemark></Folder></Document></kml>"""


@pytest.mark.parametrize("encoding", ["UTF-8", "GB2312"])
def test_a_kml_is_read_with_its_data(tmp_path, encoding):
    content = KML.format(encoding=encoding, more="").encode(encoding)
    read = read_bytes(tmp_path, "a.kml", content)
    frame = read.tables["parcels"].frame
    assert frame["parcel_id"].tolist() == ["P1", "P2"]
    assert names(read) == ["一号", "二号"]
    assert len(frame.geometry[1].interiors) == 1
    assert only(read, "unreadable_shape").row == 2


def test_a_kmz_is_read_and_a_folder_of_it_by_name(tmp_path):
    book = io.BytesIO()
    with zipfile.ZipFile(book, "w") as file:
        file.writestr("doc.kml", KML.format(encoding="UTF-8", more=""))
    assert names(read_bytes(tmp_path, "a.kmz", book.getvalue())) == ["一号", "二号"]
    content = KML.format(encoding="UTF-8", more="").encode()
    assert names(read_bytes(tmp_path, "a.kml", content, layer="甲")) == ["一号"]
    assert codes(read_bytes(tmp_path, "a.kml", content, layer="丙")) == ["no_layer_named"]


def test_the_table_that_arcgis_puts_into_a_description_is_read(tmp_path):
    table = "<table><tr><td>宗地代码</td><td>P9</td></tr></table>"
    text = KML.format(encoding="UTF-8", more="").replace(
        '<ExtendedData><Data name="宗地代码"><value>P1</value>\n</Data></ExtendedData>',
        f"<description><![CDATA[{table}]]></description>",
    )
    read = read_bytes(tmp_path, "a.kml", text.encode())
    assert read.tables["parcels"].frame["parcel_id"].tolist() == ["P9", "P2"]


# --- what is no GeoJSON

FEATURE = {
    "type": "Feature",
    "properties": {"宗地代码": "P1"},
    "geometry": json.loads(shapely.to_geojson(box(120, 27.8, 120.001, 27.801))),
}


@pytest.mark.parametrize("whole", [{"features": [FEATURE]}, [FEATURE]])
def test_features_without_their_collection_are_read_and_that_is_told(tmp_path, whole):
    content = json.dumps(whole, ensure_ascii=False).encode("utf-8-sig")
    read = read_bytes(tmp_path, "a.json", content)
    assert len(read.tables["parcels"].frame) == 1
    assert codes(read)[0] == "bare_features"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"type": "FeatureCollection", "features": [', "json_syntax"),
        ('{"a": 1}', "not_geojson"),
        ("[1, 2]", "not_geojson"),
        ('[{"宗地代码": "P1"}]', "not_geojson"),
        ('{"type": "FeatureCollection"}', "no_features"),
        ('{"type": "Topology", "objects": {}}', "other_json"),
        ('{"geometryType": "esriGeometryPolygon", "features": []}', "other_json"),
        ('{"type": "gdal_streamed_alg", "command_line": "x"}', "not_geojson"),
        ("", "empty_file"),
        ("no json", "json_syntax"),
    ],
)
def test_a_json_that_is_no_geojson_is_told_by_its_cause(tmp_path, text, code):
    read = read_bytes(tmp_path, "a.json", text.encode())
    assert codes(read) == [code]
    assert is_own_wording(read)


# --- what is not read


@pytest.mark.parametrize(
    ("name", "content", "code", "said"),
    [
        ("a.dwg", b"AC1032\0\0", "not_read", "CAD"),
        ("a.dxf", b"  0\nSECTION\n", "not_read", "CAD"),
        ("a.shp", b"AC1032\0\0", "not_read", "CAD"),
        ("a.mdb", b"\x00\x01\x00\x00Standard Jet DB\0", "not_read", ".gdb"),
        ("a.pdf", b"%PDF-1.7", "not_read", "PDF"),
        ("a.xls", b"%PDF-1.7", "not_read", "PDF"),
        ("a.rar", b"Rar!\x1a\x07", "not_read", "解压"),
        ("a.jpg", b"\xff\xd8\xff\xe0", "not_read", "图片"),
        ("a.xyz", b"a,b", "not_read", ".xyz"),
        ("a.vct", b"Datamark:LANDUSE-VCT", "not_read", ".gpkg"),
        (
            "a.gml",
            b"<?xml version='1.0'?><gml:FeatureCollection/>",
            "not_read",
            "FeatureCollection",
        ),
        ("a.gpkg", b"SQLite format 3\0" + b"\0" * 100, "broken_file", "GeoPackage"),
        ("a.db", b"SQLite format 3\0" + b"\0" * 100, "not_read", "SQLite"),
        ("a.gpkg", b"text", "broken_file", "GeoPackage"),
        ("a.shp", b"text", "broken_file", "shapefile"),
        ("a.dbf", b"text", "broken_file", "DBF"),
        ("a.dbf", b"\x03" + b"\0" * 40, "broken_file", "DBF"),
        ("a.fgb", b"fgb\x03fgb\x00rest", "broken_file", "FlatGeobuf"),
        ("a.parquet", b"PAR1" + b"\0" * 40, "broken_file", "Parquet"),
        ("a.parquet", b"text", "broken_file", "Parquet"),
        ("a.kml", b"<kml><Document>", "broken_file", "KML"),
        ("a.kml", b'<!DOCTYPE x [<!ENTITY a "b">]><kml>&a;</kml>', "broken_file", "KML"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "broken_file", "工作簿"),
        (
            "a.xls",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"),
            "not_read",
            "Word",
        ),
        ("a.gpkg", b"", "empty_file", "空"),
    ],
)
def test_what_is_not_read_is_refused_in_one_sentence(tmp_path, capsys, name, content, code, said):
    read = read_bytes(tmp_path, name, content)
    assert codes(read) == [code]
    assert said in read.problems[0].rule_zh
    assert is_own_wording(read)
    assert main(["check", str(tmp_path)]) == 65
    assert not any(word in capsys.readouterr().out for word in LIBRARY_WORDS)


# --- nothing calls out


@pytest.fixture
def server():
    """Give the address of a server, and the list of what was asked of it."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        do_HEAD = do_GET  # noqa: N815 - as http.server calls it

        def log_message(self, *_):
            return

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{listening.server_port}", asked
        listening.shutdown()


CALLERS = {
    "vrt": "<OGRVRTDataSource><OGRVRTLayer name='x'><SrcDataSource>/vsicurl/ADDRESS/a.shp"
    "</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>",
    "wfs": "<OGRWFSDataSource><URL>ADDRESS/wfs</URL></OGRWFSDataSource>",
    "address": "WFS:ADDRESS/wfs",
    "stream": '{"type": "gdal_streamed_alg", "command_line": "gdal vector read ADDRESS/a.json"}',
    "system": json.dumps(
        {
            "type": "FeatureCollection",
            "crs": {"type": "link", "properties": {"href": "ADDRESS/x"}},
            "features": [FEATURE],
        }
    ),
    "entity": '<!DOCTYPE kml SYSTEM "ADDRESS/a.dtd"><kml><Document/></kml>',
    "network": "<kml><NetworkLink><Link><href>ADDRESS/a.kml</href></Link></NetworkLink></kml>",
}
ENDINGS = ["shp", "dbf", "gpkg", "geojson", "json", "fgb", "kml", "zip", "gdb", "xls", "csv", "txt"]


@pytest.mark.parametrize("ending", [*ENDINGS, "parquet", "vrt", "et"])
@pytest.mark.parametrize("caller", CALLERS)
def test_no_file_makes_the_kit_call_out(tmp_path, server, caller, ending):
    address, asked = server
    read = read_bytes(tmp_path, f"a.{ending}", CALLERS[caller].replace("ADDRESS", address).encode())
    assert asked == []
    assert read.refused
    assert is_own_wording(read)


def linked_workbook(address):
    """Give a workbook with a link to another and a query of the web, as Excel writes them."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        page = book.add_worksheet("表")
        page.write_row(0, 0, ["parcel_id", "name"])
        page.write_row(1, 0, ["A", f"='{address}/[a.xlsx]表'!A1"])
        page.write_url(1, 1, f"{address}/b", string="甲")
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    link = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{relations}/externalLinkPath" TargetMode="External"'
        f' Target="{address}/a.xlsx"/></Relationships>'
    )
    with zipfile.ZipFile(file, "a") as book:
        book.writestr("xl/externalLinks/_rels/externalLink1.xml.rels", link)
        query = f'<connections><webPr url="{address}/c"/></connections>'
        book.writestr("xl/connections.xml", query)
    return file.getvalue()


HIDDEN = {
    "a.fgb": lambda service, _: b"fgb\x03" + service,
    "b.fgb": lambda service, _: b"fgb\x03fgb\x01" + service,
    "a.gpkg": lambda service, _: b"fgb\x03" + service,
    "a.geojson": lambda service, _: json.dumps(
        {"x": service.decode(), "type": "FeatureCollection", "features": [FEATURE]}
    ).encode(),
    "a.xlsx": lambda _, address: linked_workbook(address),
    "reference/outline.geojson": lambda service, _: service,
}


@pytest.mark.parametrize("caller", ["vrt", "wfs"])
@pytest.mark.parametrize("name", HIDDEN)
def test_what_calls_out_behind_the_first_bytes_does_not(tmp_path, server, caller, name):
    address, asked = server
    service = CALLERS[caller].replace("ADDRESS", address).replace('"', "'").encode()
    (tmp_path / "reference").mkdir()
    (tmp_path / name).write_bytes(HIDDEN[name](service, address))
    file = "b.geojson" if "/" in name else name
    (tmp_path / "b.geojson").write_text(json.dumps(FEATURE))
    main(["check", str(write_bundle(tmp_path, {"parcels": {"file": file}}))])
    assert asked == []


def test_a_reference_system_that_lies_elsewhere_is_not_fetched_and_must_be_declared(
    tmp_path, server
):
    address, asked = server
    content = CALLERS["system"].replace("ADDRESS", address).encode()
    assert codes(read_bytes(tmp_path, "a.geojson", content)) == ["unreadable_crs"]
    read = read_bytes(tmp_path, "a.geojson", content, crs="EPSG:4490")
    assert len(read.tables["parcels"].frame) == 1
    assert asked == []


def test_a_table_in_a_dbf_alone_is_read(tmp_path):
    shapefile(tmp_path)[".shp"].unlink()
    read = examined(tmp_path, "dk.dbf")
    assert names(read) == NAMES
    assert isinstance(read.tables["parcels"].frame, pd.DataFrame)


# --- texts with a bad byte

TOWNS = "乡镇代码,乡镇名称,备注\n330328100,大峃镇,甲\n330328101,百丈漈镇,乙\n330328102,南田镇,丙\n"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("declared", ["auto", "itself"])
def test_a_bad_byte_of_a_csv_costs_its_cell_and_what_must_be_there_its_row(
    tmp_path, encoding, declared
):
    content = TOWNS.encode(encoding)
    for word in ("乙", "南田镇"):
        content = content.replace(word.encode(encoding), b"\xff\xff")
    chosen = encoding if declared == "itself" else "auto"
    read = read_bytes(tmp_path, "a.csv", content, "townships", encoding=chosen)
    assert names(read, "townships") == ["大峃镇", "百丈漈镇"]
    told = [(one.row, one.column) for one in read.problems if one.code == "text_broken"]
    assert told == [(4, "乡镇名称"), (3, "备注")]
    assert read.tables["townships"].quarantined.index.tolist() == [4]


def test_lines_in_another_encoding_cost_their_rows_and_never_turn_to_other_words(tmp_path):
    lines = TOWNS.splitlines(keepends=True)
    content = b"".join(line.encode() for line in lines[:3]) + lines[3].encode("gbk")
    read = read_bytes(tmp_path, "a.csv", content, "townships")
    assert names(read, "townships") == ["大峃镇", "百丈漈镇"]


def test_a_csv_of_another_encoding_than_declared_is_refused(tmp_path):
    read = read_bytes(tmp_path, "a.csv", TOWNS.encode("gbk"), "townships", encoding="utf-8")
    assert codes(read) == ["bad_encoding"]


def test_a_csv_declared_as_gb2312_keeps_the_characters_that_it_lacks(tmp_path):
    content = TOWNS.encode("gbk")
    read = read_bytes(tmp_path, "a.csv", content, "townships", encoding="gb2312")
    assert names(read, "townships") == ["大峃镇", "百丈漈镇", "南田镇"]


def test_a_refusal_speaks_chinese_on_the_terminal_too(tmp_path, capsys):
    read_bytes(tmp_path, "a.gpkg", b"text")
    assert main(["targets", str(tmp_path)]) == 65
    said = capsys.readouterr().err
    assert "a.gpkg：不能读作图层（GeoPackage）" in said
    assert not any(word in said for word in LIBRARY_WORDS)
