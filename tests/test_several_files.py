"""A table that several files bring, one a year: each by its headers, each problem by its file."""

import geopandas as gpd
import pytest
import xlsxwriter
from shapely.geometry import box

from intake import CODE, codes, only, write_bundle
from tenglong.measure.sheet.data_quality import accounts
from tenglong.measure.supply import place_of
from tenglong.run.cli import main
from tenglong.source import describe_bundle, open_county
from tenglong.source.bundle import examine_bundle
from tenglong.source.quarantine import set_aside

YEARS = "enterprise_years"


def write(folder, files, table=YEARS, **source):
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return write_bundle(folder, {table: {"file": [*files], **source}})


def examined(folder, files, table=YEARS, **source):
    return examine_bundle(describe_bundle(write(folder, files, table, **source)))


def year(of, *rows, tax="实缴税金"):
    lines = "".join(f"{CODE}{firm},{of},{value}\n" for firm, value in rows)
    return f"统一社会信用代码,年度,{tax}\n{lines}"


FILES = {
    "2020.csv": year(2020, (11, 10), (12, 20)),
    "2021.csv": year(2021, (11, 150000), (12, "约30"), tax="实缴税金（元）"),
}


def test_the_rows_of_all_files_are_in_the_table_each_read_by_its_own_header(tmp_path):
    read = examined(tmp_path, FILES)
    frame = read.tables[YEARS].frame
    assert frame["year"].tolist() == [2020, 2020, 2021, 2021]
    assert frame["tax_paid_wan"].fillna(-1).tolist() == [10, 20, 15, -1]
    assert frame.index.is_unique
    assert [(one.origin, one.rows) for one in read.inputs] == [("2020.csv", 2), ("2021.csv", 2)]


def test_a_problem_is_told_by_the_row_of_its_own_file(tmp_path):
    found = only(examined(tmp_path, FILES), "unreadable")
    assert (found.file, found.row, found.value) == ("2021.csv", 3, "约30")


def test_a_key_that_an_earlier_file_has_is_set_aside_with_its_file_and_row(tmp_path):
    firms = [(i, i) for i in range(10, 60)]
    read = examined(tmp_path, {"a.csv": year(2021, *firms), "b.csv": year(2021, (11, 7))})
    found = only(read, "duplicate_key")
    assert (found.file, found.row) == ("b.csv", 2)
    assert len(read.tables[YEARS].frame) == 50
    [aside] = set_aside(read)[YEARS]
    assert (aside.file, aside.row, aside.cells["tax_paid_wan"]) == ("b.csv", 2, "7.0")
    assert [(one.rows, one.set_aside) for one in read.inputs] == [(50, 0), (0, 1)]


def test_a_unit_that_changes_from_one_file_to_the_next_is_told_of_the_file_where_it_does(tmp_path):
    files = {
        "2020.csv": year(2020, *((i, 10 + i) for i in range(10, 14))),
        "2021.csv": year(2021, *((i, 10_000 * (10 + i)) for i in range(10, 14))),
    }
    found = only(examined(tmp_path, files), "units_flip")
    assert (found.file, found.row, found.column) == ("2021.csv", 2, "tax_paid_wan")


def test_a_day_of_a_later_file_is_doubtful_in_its_own_row(tmp_path):
    head = "宗地代码,供地日期,实际开工时间\n"
    files = {
        "a.csv": f"{head}P1,2021-01-01,2021-02-01\n",
        "b.csv": f"{head}P2,2021-01-01,2020-02-01\n",
    }
    county = open_county(write(tmp_path, files, "parcels"), "2022-06-30")
    rows = [int(row) for row in county.table("parcels").index]
    assert [bool(county.doubts("parcels", row)) for row in rows] == [False, True]


def test_a_code_that_refers_to_nothing_is_told_by_its_own_file_and_row(tmp_path):
    (tmp_path / "firms.csv").write_text(
        f"统一社会信用代码,企业名称\n{CODE}11,甲\n{CODE}12,乙\n", encoding="utf-8"
    )
    files = {"2020.csv": year(2020, (11, 1)), "2021.csv": year(2021, (12, 1), (77, 2))}
    folder = write(tmp_path, files)
    tables = {YEARS: {"file": [*files]}, "enterprises": {"file": "firms.csv"}}
    read = examine_bundle(describe_bundle(write_bundle(folder, tables)))
    found = only(read, "unmatched")
    assert (found.file, found.row, found.value) == ("2021.csv", 3, f"{CODE}77")


def test_rows_that_are_set_aside_in_several_files_are_each_told_by_their_own(tmp_path):
    firms = [(i, i) for i in range(10, 60)]
    bad = ",2021,1\n"
    files = {"a.csv": year(2020, *firms) + bad, "b.csv": year(2021, *firms) + bad}
    read = examined(tmp_path, files)
    asides = set_aside(read)[YEARS]
    assert [(one.file, one.row) for one in asides] == [("a.csv", 52), ("b.csv", 52)]


def test_a_file_may_say_for_itself_what_the_table_does_not(tmp_path):
    text = f"统一社会信用代码,税\n{CODE}11,"
    (tmp_path / "2020.csv").write_text(f"{text}100000\n", encoding="utf-8")
    (tmp_path / "2021.csv").write_text(f"{text}无此项\n", encoding="utf-8")
    file = [
        {"file": "2020.csv", "columns": {"year": {"value": 2020}}},
        {
            "file": "2021.csv",
            "columns": {"year": {"value": 2021}},
            "nothing": ["无此项"],
        },
    ]
    columns = {"tax_paid_wan": {"column": "税", "unit": "元"}}
    about = write_bundle(tmp_path, {YEARS: {"file": file, "columns": columns}})
    frame = examine_bundle(describe_bundle(about)).tables[YEARS].frame
    assert frame["year"].tolist() == [2020, 2021]
    assert frame["tax_paid_wan"].fillna(-1).tolist() == [10, -1]


def test_the_sheets_of_one_workbook_may_each_be_a_year(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        for of in (2020, 2021):
            page = book.add_worksheet(str(of))
            page.write_row(0, 0, ["统一社会信用代码", "年度", "实缴税金"])
            page.write_row(1, 0, [f"{CODE}11", of, of - 2000])
    file = [{"file": "a.xlsx", "sheet": "2020"}, {"file": "a.xlsx", "sheet": "2021"}]
    about = write_bundle(tmp_path, {YEARS: {"file": file}})
    read = examine_bundle(describe_bundle(about))
    assert read.tables[YEARS].frame["tax_paid_wan"].tolist() == [20, 21]


def test_all_that_is_wrong_with_all_files_is_told_at_once(tmp_path, capsys):
    about = write(tmp_path, {"2020.csv": "甲\n1\n", "2021.csv": FILES["2021.csv"]})
    (tmp_path / "2021.csv").unlink()
    read = examine_bundle(describe_bundle(about))
    assert [(one.file, one.code) for one in read.refused] == [
        ("2020.csv", "no_column"),
        ("2020.csv", "no_column"),
        ("2021.csv", "no_file"),
    ]
    assert read.unread == {YEARS: "2020.csv、2021.csv"}
    assert main(["check", str(about)]) == 65
    assert "企业年度数据（2020.csv、2021.csv）：未能读入" in capsys.readouterr().out


def test_layers_of_two_files_are_one_layer_in_the_county_s_system(tmp_path):
    for name, crs, shape in (
        ("a.geojson", 4490, box(120.0, 27.8, 120.001, 27.801)),
        ("b.gpkg", 4549, box(500200, 3076000, 500300, 3076100)),
    ):
        frame = gpd.GeoDataFrame({"parcel_id": [name]}, geometry=[shape], crs=crs)
        frame.to_file(tmp_path / name)
    about = write_bundle(tmp_path, {"parcels": {"file": ["a.geojson", "b.gpkg"]}})
    parcels = examine_bundle(describe_bundle(about)).tables["parcels"].frame
    assert parcels.crs.to_epsg() == 4549
    assert (parcels.area > 0).tolist() == [True, True]
    assert parcels.area.iloc[1] == pytest.approx(10_000)


def test_pages_account_for_the_table_as_a_whole_and_for_a_row_by_its_file(tmp_path):
    county = open_county(write(tmp_path, FILES), "2022-06-30")
    [one] = [each for each in accounts(county) if each.table == YEARS]
    assert (one.origin, one.rows, one.known) == ("2020.csv、2021.csv", 4, 4)
    places = [place_of(county.inputs, YEARS, int(row)) for row in county.table(YEARS).index]
    assert places == [("2020.csv", 2), ("2020.csv", 3), ("2021.csv", 2), ("2021.csv", 3)]
    assert codes(examine_bundle(describe_bundle(tmp_path))).count("unreadable") == 1
