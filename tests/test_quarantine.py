"""Rows that cannot be used: written with the reason, counted on every page, never in silence."""

import csv
import json
from dataclasses import replace

import geopandas as gpd
import pytest
from shapely.geometry import box

import build
from intake import CODE, read_text, write_bundle
from pages import code, write_pages
from tenglong import show
from tenglong.measure.county import Input
from tenglong.run.cli import main
from tenglong.show.page import Page
from tenglong.source import open_county

IDENTITY = "11010519491231002X"
GOOD = "".join(f"{CODE}{i:02d},企{i},100\n" for i in range(30))
FIRMS = f"统一社会信用代码,企业名称,注册资本\n{GOOD}"
BAD = f",=cmd()甲{IDENTITY},x\n{CODE}00,重复,y\n"


def written(folder):
    """Give the rows of each file of a quarantine, by its name."""
    files = {}
    for path in sorted(folder.glob("*.csv")):
        raw = path.read_bytes()
        assert raw.startswith(b"\xef\xbb\xbf")
        files[path.name] = list(csv.DictReader(raw.decode("utf-8-sig").splitlines()))
    return files


def test_check_writes_the_rows_that_cannot_be_used_where_it_is_told_to(tmp_path, capsys):
    read_text(tmp_path, "enterprises", FIRMS + BAD)
    assert main(["check", str(tmp_path), "--quarantine", str(tmp_path / "aside")]) == 65
    first, second = written(tmp_path / "aside")["enterprises.csv"]
    assert (first["文件"], first["行号"], first["代码"]) == ("a.csv", "32", "missing_key")
    assert first["原因"] == "统一社会信用代码：不能为空"
    assert first["注册资本"] == "x"
    assert (second["行号"], second["代码"]) == ("33", "duplicate_key")
    assert "2 行未采用" in capsys.readouterr().err


def test_rows_set_aside_are_masked_and_no_formulas(tmp_path):
    read_text(tmp_path, "enterprises", FIRMS + BAD)
    main(["check", str(tmp_path), "--quarantine", str(tmp_path / "aside")])
    assert written(tmp_path / "aside")["enterprises.csv"][0]["企业名称"] == (
        "'=cmd()甲110105********002X"
    )


def test_the_reason_is_in_the_language_asked_for(tmp_path):
    read_text(tmp_path, "enterprises", FIRMS + BAD)
    main(["check", str(tmp_path), "--quarantine", str(tmp_path / "q"), "--language", "en"])
    assert written(tmp_path / "q")["enterprises.csv"][0]["Reason"] == (
        "Unified social credit identifier: must not be empty"
    )


def test_checking_writes_nothing_unless_it_is_told_to(tmp_path):
    read_text(tmp_path, "enterprises", FIRMS + BAD)
    before = sorted(tmp_path.rglob("*"))
    main(["check", str(tmp_path)])
    assert sorted(tmp_path.rglob("*")) == before


def test_a_folder_that_holds_something_is_left_as_it_is(tmp_path, capsys):
    read_text(tmp_path, "enterprises", FIRMS + BAD)
    before = (tmp_path / "a.csv").read_bytes()
    assert main(["check", str(tmp_path), "--quarantine", str(tmp_path)]) == 64
    assert "must be empty or new" in capsys.readouterr().err
    assert (tmp_path / "a.csv").read_bytes() == before


def test_an_outline_is_no_cell_of_the_quarantine(tmp_path):
    ids = [*(f"p{number}" for number in range(30)), "p0"]
    shapes = [box(120 + n / 1e4, 27.8, 120.00005 + n / 1e4, 27.8001) for n in range(31)]
    frame = gpd.GeoDataFrame({"parcel_id": ids}, geometry=shapes, crs=4490)
    frame.to_file(tmp_path / "a.gpkg")
    write_bundle(tmp_path, {"parcels": {"file": "a.gpkg"}})
    main(["check", str(tmp_path), "--quarantine", str(tmp_path / "aside")])
    (row,) = written(tmp_path / "aside")["parcels.csv"]
    assert list(row) == ["文件", "工作表", "行号", "代码", "原因", "parcel_id"]


# --- the report

PAGE = [
    code(
        "import tenglong as tl\n"
        "from tenglong import show\n"
        "page = tl.open(bundle, as_of).page(language=language)\n"
        'show.masthead(page, title="题")'
    ),
    code("show.colophon(page, parameters={})"),
]


def report(folder, *more):
    notebooks = write_pages(folder / "notebooks", one=PAGE)
    asked = ["--out", str(folder / "out"), "--notebooks", str(notebooks), *more]
    return main(["report", str(folder / "bundle"), *asked])


def bundle(folder, text):
    (folder / "bundle").mkdir()
    read_text(folder / "bundle", "enterprises", text)


@pytest.mark.heavy
def test_a_report_counts_the_rows_on_its_pages_and_keeps_them_beside(tmp_path):
    bundle(tmp_path, FIRMS + BAD.splitlines()[0] + "\n")
    assert report(tmp_path) == 0
    folder = tmp_path / "out" / "bundle" / "2022-06-30"
    assert len(written(folder / "quarantine")["enterprises.csv"]) == 1
    page = (folder / "one.html").read_text(encoding="utf-8")
    assert "有 1 行数据因有错误未采用（企业 1 行）" in page
    index = (folder / "index.html").read_text(encoding="utf-8")
    assert 'href="quarantine/enterprises.csv"' in index
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert "quarantine/enterprises.csv" in manifest["outputs"]
    assert IDENTITY not in "".join(
        path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.is_file()
    )


@pytest.mark.heavy
def test_a_report_of_sound_files_has_no_quarantine(tmp_path):
    bundle(tmp_path, FIRMS)
    assert report(tmp_path) == 0
    folder = tmp_path / "out" / "bundle" / "2022-06-30"
    assert not (folder / "quarantine").exists()
    assert "未采用的行" not in (folder / "index.html").read_text(encoding="utf-8")


def test_a_report_of_mostly_bad_rows_stops_before_any_page(tmp_path, capsys):
    bundle(tmp_path, f"统一社会信用代码,企业名称\n{CODE}11,甲\n,乙\n")
    assert report(tmp_path, "--kernel", "ordinary") == 65
    said = capsys.readouterr().err
    assert "1 of 2 rows cannot be used, more than 5%" in said
    assert "must not be empty" in said
    assert not (tmp_path / "out").exists()


# --- the pages


def test_a_county_knows_how_many_rows_of_each_table_are_not_used(tmp_path):
    read_text(tmp_path, "enterprises", FIRMS + BAD.splitlines()[0] + "\n")
    (given,) = open_county(tmp_path).inputs
    assert (given.rows, given.set_aside) == (30, 1)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", "有 3 行数据因有错误未采用（地块 1 行、企业 2 行）"),
        ("en", "3 rows have errors and count in no figure of this page (Parcels: 1, Firms: 2)"),
    ],
)
def test_the_masthead_counts_the_rows_that_are_not_used(language, words):
    county = build.county()
    inputs = (
        Input("parcels", "a.gpkg", "00", 9, 1),
        Input("enterprises", "b.csv", "00", 9, 2),
        Input("projects", "c.csv", "00", 9),
    )
    labels = {
        ("parcels", ""): {"zh": "地块", "en": "Parcels"},
        ("enterprises", ""): {"zh": "企业", "en": "Firms"},
    }
    county = replace(county, inputs=inputs, labels=labels)
    assert words in show.masthead(Page(county, language), title="题").html


def test_the_colophon_counts_the_rows_that_are_not_used():
    county = replace(build.county(), inputs=(Input("parcels", "a.gpkg", "00", 9, 4),))
    piece = show.colophon(Page(county), parameters={})
    assert '<th scope="col" class="number">未采用</th>' in piece.html
    assert piece.csv["sources.csv"].splitlines() == [
        "table,file,rows,set_aside,sha256",
        "parcels,a.gpkg,9,4,00",
    ]
