"""What nobody sees is taken out of every text of every file, and told; no settings may hold it."""

import json
import shutil

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from intake import CODE, HEAD, only, read_text, write_bundle, write_xlsx
from tenglong.errors import ConfigurationError
from tenglong.run.cli import main
from tenglong.source import describe_bundle
from tenglong.source.bundle import examine_bundle
from tenglong.source.place import kit_root
from tenglong.source.plan import load_plan
from tenglong.source.policy import load_policy
from tenglong.source.problem import Severity
from tenglong.source.quarantine import set_aside
from tenglong.unseen import LONGEST, UNSEEN
from tenglong.yaml_file import parse_yaml

MARKED, PLAIN = "泰\u200b顺\u202e厂\ufeff", "泰顺厂"
CONTROLLED, SPACED = "泰\x1b顺\x0b厂\x7f\ufdd0", "泰顺 厂"
SQUARE = shapely.box(480_000, 3_078_000, 480_100, 3_078_050)
OTHER = shapely.box(480_200, 3_078_000, 480_300, 3_078_050)


def layer(name):
    rows = {"parcel_id": ["A", "B"], "name": ["一号", name]}
    return gpd.GeoDataFrame(rows, geometry=[SQUARE, OTHER], crs=4549)


def csv(place, name):
    place.write_text(f"usci,name\n{CODE}1,甲\n{CODE}2,{name}\n", encoding="utf-8")


def xlsx(place, name):
    write_xlsx(place, [["usci", "name"], [f"{CODE}1", "甲"], [f"{CODE}2", name]])


def web_page(place, name):
    rows = f"<tr><td>{CODE}1<td>甲<tr><td>{CODE}2<td>{name}"
    place.write_text(f"<html><table><tr><th>usci<th>name{rows}</table>", encoding="utf-8")


def xml_sheet(place, name):
    rows = [("usci", "name"), (f"{CODE}1", "甲"), (f"{CODE}2", name)]
    cells = "".join(
        "<Row>" + "".join(f"<Cell><Data>{one}</Data></Cell>" for one in row) + "</Row>"
        for row in rows
    )
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    sheet = f'<Worksheet Name="表"><Table>{cells}</Table></Worksheet>'.replace("Name", "ss:Name")
    text = f'<Workbook xmlns="{space}" xmlns:ss="{space}">{sheet}</Workbook>'
    place.write_text(text, encoding="utf-8")


def parquet(place, name):
    pd.DataFrame({"usci": [f"{CODE}1", f"{CODE}2"], "name": ["甲", name]}).to_parquet(place)


def kml(place, name):
    ring = "119.9,27.8 119.901,27.8 119.901,27.801 119.9,27.8"
    shape = f"<outerBoundaryIs><LinearRing><coordinates>{ring}</coordinates></LinearRing>"
    marks = "".join(
        f"<Placemark><ExtendedData><Data name='parcel_id'><value>{number}</value></Data>"
        f"<Data name='name'><value>{one}</value></Data></ExtendedData>"
        f"<Polygon>{shape}</outerBoundaryIs></Polygon></Placemark>"
        for number, one in enumerate(("一号", name))
    )
    place.write_text(f"<kml><Document>{marks}</Document></kml>", encoding="utf-8")


def boundary(place, name):
    head = "[属性描述]\n坐标系=2000国家大地坐标系\n几度分带=3\n带号=40\n[地块坐标]\n"
    ring = "".join(f"J{n},1,{y},{x}\n" for n, (x, y) in enumerate(SQUARE.exterior.coords, start=1))
    parcels = "".join(
        f"5,0.5,{n},{one},面,,工业,0601,@\n{ring}" for n, one in enumerate(("一", name))
    )
    place.write_text(head + parcels, encoding="utf-8")


TABLES = {
    "a.csv": csv,
    "a.xlsx": xlsx,
    "a.html": web_page,
    "a.xml": xml_sheet,
    "a.parquet": parquet,
}
LAYERS = {
    "a.gpkg": lambda place, name: layer(name).to_file(place, driver="GPKG"),
    "a.fgb": lambda place, name: layer(name).to_file(place, driver="FlatGeobuf"),
    "a.geojson": lambda place, name: layer(name).to_file(place, driver="GeoJSON"),
    "a.shp": lambda place, name: layer(name).to_file(place, driver="ESRI Shapefile"),
    "a.gdb": lambda place, name: layer(name).to_file(place, driver="OpenFileGDB", layer="a"),
    "a.kml": kml,
    "a.txt": boundary,
}
NO_CONTROLS = {"a.xml", "a.kml"}  # in XML they cannot stand
WRITERS = {**TABLES, **LAYERS}


@pytest.mark.parametrize("file", WRITERS)
@pytest.mark.parametrize(("written", "read_as"), [(MARKED, PLAIN), (CONTROLLED, SPACED)], ids=ascii)
def test_no_text_of_any_format_brings_in_what_nobody_sees(tmp_path, file, written, read_as):
    if written == CONTROLLED and file in NO_CONTROLS:
        written, read_as = "泰\u2066顺\u200f厂", PLAIN
    WRITERS[file](tmp_path / file, written)
    table = "enterprises" if file in TABLES else "parcels"
    read = examine_bundle(describe_bundle(write_bundle(tmp_path, {table: {"file": file}})))
    names = read.tables[table].frame["name"]
    assert read_as in names.tolist()
    told = only(read, "unseen_text")
    assert (told.severity, told.column) == (Severity.WARNING, "name")
    assert names[told.row] == read_as
    assert "U+" in told.value
    assert "共 1 格" in told.rule_zh


def test_half_a_character_of_a_geojson_does_not_come_in(tmp_path):
    features = json.loads(layer("甲").to_crs(4490).to_json())
    features["features"][1]["properties"]["name"] = "甲\ud800乙"
    (tmp_path / "a.geojson").write_text(json.dumps(features))  # as an escape, which JSON lets pass
    about = write_bundle(tmp_path, {"parcels": {"file": "a.geojson"}})
    read = examine_bundle(describe_bundle(about))
    name = read.tables["parcels"].frame["name"].tolist()[1]
    assert only(read, "unseen_text").row == 2
    assert name == "甲乙"


def test_a_header_is_known_without_what_nobody_sees_in_it(tmp_path):
    read = read_text(tmp_path, "enterprises", f"usci,企业\u200b名称\x1b\n{CODE}1,甲\n")
    assert read.tables["enterprises"].frame["name"].tolist() == ["甲"]
    assert only(read, "unseen_header").column == "企业名称"


def test_in_a_code_it_is_a_note(tmp_path):
    read = read_text(tmp_path, "enterprises", f"usci,name\n{CODE}1\u200b,甲\n")
    assert read.tables["enterprises"].frame["usci"].tolist() == [f"{CODE}1"]
    assert only(read, "unseen_text").severity is Severity.NOTE


def test_a_mark_does_not_hide_a_number_that_is_to_be_masked(tmp_path):
    text = f"usci,name,remark\n{CODE}1,甲,电话138\u200b0013\u200b8000\n"
    read = read_text(tmp_path, "enterprises", text + f"{CODE}1,乙,电话138\u200b0013\u200b8000\n")
    kept = " ".join(
        str(cell) for one in set_aside(read)["enterprises"] for cell in one.cells.values()
    )
    assert "电话138****8000" in kept
    assert not any("00138000" in UNSEEN.sub("", str(problem)) for problem in read.problems)


def test_a_cell_longer_than_excel_holds_is_cut_and_named(tmp_path):
    name = "长" * (LONGEST + 5)
    read = read_text(tmp_path, "enterprises", f"usci,name\n{CODE}1,甲\n{CODE}2,{name}\n")
    assert read.tables["enterprises"].frame["name"].tolist() == ["甲", name[:LONGEST]]
    told = only(read, "long_text")
    assert (told.row, told.column, "32,767" in told.rule_zh) == (3, "name", True)


def test_a_character_of_two_units_is_not_cut_in_half(tmp_path):
    name = "长" * (LONGEST - 1) + "\U00020bb7"
    read = read_text(tmp_path, "enterprises", f"usci,name\n{CODE}1,{name}\n")
    assert read.tables["enterprises"].frame["name"].tolist() == [name[:-1]]


def test_rows_set_aside_and_what_is_printed_hold_nothing_unseen(tmp_path, capsys):
    (tmp_path / "bundle").mkdir()
    text = f"usci,name,旁\x1b[31m注\n,甲\x1b[2J\u202e,乙\x1b[0m\n{CODE}2\x1b,丙,\x9b31m\n"
    (tmp_path / "bundle" / "a.csv").write_text(text, encoding="utf-8")
    write_bundle(tmp_path / "bundle", {"enterprises": {"file": "a.csv"}})
    assert main(["check", str(tmp_path / "bundle"), "--quarantine", str(tmp_path / "aside")]) == 65
    printed = capsys.readouterr()
    written = (tmp_path / "aside" / "enterprises.csv").read_text("utf-8-sig")
    assert "[2J" in written  # the row is there
    assert not UNSEEN.search(printed.out + printed.err + written)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("name: 甲\x1b县", 1),
        ("a: 1\nname: 甲\u200b县", 2),
        ("a: 1\nb: 2\nc: [\u202e1]", 3),
        ('a: 1\nname: "甲\\x1b县"', 2),
        ('a: 1\n"甲\\u200e": 1', 2),
    ],
    ids=ascii,
)
def test_a_file_of_settings_that_holds_it_is_refused_with_the_line(text, line):
    with pytest.raises(
        ConfigurationError, match=f"line {line}, column .* cannot be seen"
    ) as caught:
        parse_yaml(text, "a.yml")
    assert not UNSEEN.search(str(caught.value) + caught.value.zh)


def test_a_bundle_a_plan_and_a_policy_tell_it_with_the_line(tmp_path):
    (tmp_path / "bundle.yml").write_text(HEAD.replace("甲县", "甲\u202e县"), encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"bundle\.yml: line 1, .*U\+202E"):
        describe_bundle(tmp_path)
    plan = tmp_path / "plan.yml"
    shutil.copy(kit_root() / "data" / "plan" / "wencheng-2021-2023.yml", plan)
    plan.write_text(plan.read_text("utf-8") + "\n# \x0c\n", encoding="utf-8")
    last = len(plan.read_text("utf-8").splitlines()) - 1
    with pytest.raises(ConfigurationError, match=rf"plan\.yml: line {last}, .*U\+000C"):
        load_plan(plan)
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy" / "idle.yml").write_text("source: 甲\nname: \u200b", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"policy idle\.yml: line 2, .*U\+200B"):
        load_policy("policy", beside=tmp_path)
