"""Encodings, headers, shapes, secrets, and `tenglong check`, from literal tiny files."""

import json
from datetime import date

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import box

from intake import CODE, codes, of_files, only, read_sheet, read_text, write_bundle
from tenglong.errors import TenglongError
from tenglong.run.cli import main
from tenglong.source import describe_bundle, open_county
from tenglong.source.bundle import examine_bundle

TOWNS = "乡镇代码,乡镇名称\n330328108,峃口镇\n330328101,百丈漈镇\n"
BIG5 = "區劃代碼,鄉鎮名稱,備註\n330328101,百丈漈鎮,南田鎮與黃坦鎮之間\n"
FIRMS = f"统一社会信用代码,企业名称,成立日期\n{CODE}11,甲,2015-03-05\n"
IDENTITY = "11010519491231002X"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_an_encoding_is_found_by_the_ladder(tmp_path, encoding):
    read = read_text(tmp_path, "townships", TOWNS.encode(encoding))
    assert read.tables["townships"].frame["name"].tolist() == ["峃口镇", "百丈漈镇"]


def test_big5_is_not_read_as_a_national_code(tmp_path):
    read = read_text(tmp_path, "townships", BIG5.encode("big5"))
    assert codes(read) == ["likely_big5"]


@pytest.mark.parametrize("name", ["甲", "工廠", "機械有限公司", "是"])
def test_one_word_of_big5_is_enough(tmp_path, name):
    text = f"usci,name\n{CODE}11,{name}\n"
    assert codes(read_text(tmp_path, "enterprises", text.encode("big5"))) == ["likely_big5"]
    declared = read_text(tmp_path, "enterprises", text.encode("big5"), encoding="big5")
    assert declared.tables["enterprises"].frame["name"].tolist() == [name]


@pytest.mark.parametrize("name", ["甲", "否", "大峃镇", "百丈漈", "新光", "鑫昇工贸", "中国石化"])
def test_one_word_of_a_national_code_is_no_big5(tmp_path, name):
    text = f"usci,name\n{CODE}11,{name}\n"
    read = read_text(tmp_path, "enterprises", text.encode("gb18030"))
    assert read.tables["enterprises"].frame["name"].tolist() == [name]


BEYOND = ["1E+400", "-1e400", "9" * 400, "1" * 5000, "1e18", "1e308万元", "1E+400亿元", "约12"]


@pytest.mark.parametrize("cell", BEYOND, ids=lambda cell: cell[:12])
def test_a_figure_beyond_all_measure_is_none_and_costs_its_cell(tmp_path, cell):
    head = "统一社会信用代码,年度,实缴税金,年平均职工人数\n"
    rows = f"{CODE}11,2021,10,5\n{CODE}12,2021,{cell},{cell}\n"
    read = read_text(tmp_path, "enterprise_years", head + rows)
    told = [(problem.row, problem.column) for problem in of_files(read)]
    assert told == [(3, "tax_paid_wan"), (3, "employees")]
    assert {problem.code for problem in of_files(read)} == {"unreadable"}
    assert read.tables["enterprise_years"].frame["tax_paid_wan"].tolist()[0] == 10
    assert len(read.on("2022-06-30").tables["enterprise_years"]) == 2


def test_a_figure_that_its_unit_carries_beyond_is_none(tmp_path):
    text = f"统一社会信用代码,年度,实缴税金（亿元）\n{CODE}11,2021,9e14\n{CODE}12,2021,1\n"
    read = read_text(tmp_path, "enterprise_years", text)
    assert only(read, "unreadable").row == 2


def test_a_name_that_is_no_township_is_told(tmp_path):
    read = read_text(tmp_path, "townships", TOWNS.replace("峃口镇", "学口镇"))
    assert only(read, "unknown_township").value == "学口镇"


def test_a_title_in_a_csv_is_skipped_and_told(tmp_path):
    read = read_text(tmp_path, "townships", "文成县乡镇一览表\n" + TOWNS)
    assert read.tables["townships"].frame.index.tolist() == [3, 4]
    assert only(read, "title_row").value == "文成县乡镇一览表"


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_a_delimiter_is_found(tmp_path, delimiter):
    read = read_text(tmp_path, "townships", TOWNS.replace(",", delimiter))
    assert len(read.tables["townships"].frame) == 2


def test_a_blank_line_does_not_shift_the_row_numbers(tmp_path):
    text = f"统一社会信用代码,年度\n{CODE}11,2021\n\n{CODE}12,2021\n"
    assert read_text(tmp_path, "enterprise_years", text).tables[
        "enterprise_years"
    ].frame.index.tolist() == [2, 4]


def test_a_dbf_in_gbk_without_a_cpg_keeps_its_names(tmp_path):
    towns = {"code": ["330328108"], "name": ["峃口镇"]}
    frame = gpd.GeoDataFrame(towns, geometry=[box(120, 27.8, 120.01, 27.81)], crs=4490)
    frame.to_file(tmp_path / "a.shp", encoding="gb18030")
    (tmp_path / "a.cpg").unlink()
    raw = bytearray((tmp_path / "a.dbf").read_bytes())
    raw[29] = 0
    (tmp_path / "a.dbf").write_bytes(raw)
    read = examine_bundle(describe_bundle(write_bundle(tmp_path, {"townships": {"file": "a.shp"}})))
    assert read.tables["townships"].frame["name"].tolist() == ["峃口镇"]


def test_a_near_miss_of_a_header_is_suggested_and_not_taken(tmp_path):
    read = read_text(tmp_path, "enterprises", FIRMS.replace("成立日期", "成立的日期"))
    assert "registered_on" not in read.tables["enterprises"].frame
    assert (only(read, "near_header").value, only(read, "near_header").column) == (
        "成立的日期",
        "registered_on",
    )


def test_swapped_columns_are_refused(tmp_path):
    rows = "".join(f"第{i}企业,{CODE}{i}1\n" for i in range(6))
    read = read_text(tmp_path, "enterprises", f"统一社会信用代码,企业名称\n{rows}")
    assert codes(read) == ["swapped_columns", "swapped_columns"]
    assert "企业名称" in of_files(read)[0].rule_zh


def test_identity_cards_and_phones_are_masked_at_the_door(tmp_path):
    firms = FIRMS.replace("企业名称", "企业名称,联系人")
    text = firms.replace("甲", f"甲{IDENTITY}，13812345678,张三")
    read = read_text(tmp_path, "enterprises", text)
    assert read.tables["enterprises"].frame["name"].tolist() == [
        "甲110105********002X，138****5678"
    ]
    assert codes(read).count("secret") == 2
    assert not any(word in str(read.problems) for word in (IDENTITY, "13812345678", "张三"))


def test_the_rows_set_aside_hold_no_names_of_persons(tmp_path):
    text = "统一社会信用代码,企业名称,法定代表人\n,甲,张三\n"
    loaded = read_text(tmp_path, "enterprises", text).tables["enterprises"]
    assert loaded.quarantined["法定代表人"].tolist() == ["***"]


def test_a_credit_code_of_digits_is_no_identity_card(tmp_path):
    text = "统一社会信用代码,企业名称\n911101066976941872,甲\n"
    frame = read_text(tmp_path, "enterprises", text).tables["enterprises"].frame
    assert frame["usci"].tolist() == ["911101066976941872"]


def test_check_tells_the_faults_of_several_tables_at_once(tmp_path, capsys):
    (tmp_path / "a.csv").write_text("甲,乙\n1,2\n", encoding="utf-8")
    tables = {"enterprises": {"file": "a.csv"}, "projects": {"file": "no.xlsx"}}
    write_bundle(tmp_path, tables)
    assert main(["check", str(tmp_path), "--json"]) == 65
    report = json.loads(capsys.readouterr().out)
    assert {one["table"] for one in report["findings"]} == {"enterprises", "projects"}
    assert report["counts"]["error"] == 3
    with pytest.raises(TenglongError, match=r"no\.xlsx"):
        open_county(tmp_path, date(2022, 6, 30))


def test_check_names_place_value_and_rule_in_chinese(tmp_path, capsys):
    read_text(
        tmp_path, "enterprise_years", f"统一社会信用代码,年度,实缴税金\n{CODE}11,2021,约300\n"
    )
    assert main(["check", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert all(
        word in said for word in ("a.csv 第 2 行", "实缴税金", "约300", "必须是数字", "警告")
    )


def test_check_ends_with_65_when_too_many_rows_are_set_aside(tmp_path, capsys):
    read_text(tmp_path, "enterprises", f"{FIRMS},乙,\n")
    assert main(["check", str(tmp_path), "--language", "en"]) == 65
    assert "1 of 2 rows cannot be used" in capsys.readouterr().out


@settings(
    max_examples=settings().max_examples // 2,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(content=st.binary(max_size=300), name=st.sampled_from(["a.csv", "a.xlsx", "a.geojson"]))
def test_random_bytes_give_a_table_or_a_message(tmp_path, content, name):
    (tmp_path / name).write_bytes(content)
    about = describe_bundle(write_bundle(tmp_path, {"parcels": {"file": name}}))
    read = examine_bundle(about)
    assert read.refused or "parcels" in read.tables


CELLS = st.one_of(
    st.none(),
    st.text(max_size=8, alphabet=st.characters(codec="utf-8", categories=("L", "N", "P", "S"))),
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.sampled_from(["合计", "小计", "注：x", "2021年3月", "12.5万元", "-", "1,234", CODE + "11"]),
)


@settings(
    max_examples=settings().max_examples // 2,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rows=st.lists(st.lists(CELLS, min_size=4, max_size=4), max_size=6))
def test_random_cells_give_a_table_whose_sum_is_that_of_the_plain_numbers(tmp_path, rows):
    sound = [[f"{CODE}9{i}", "2021-03-05", 2021, 7] for i in range(3)]
    header = ["统一社会信用代码", "发布日期", "年度", "实缴税金"]
    read = read_sheet(tmp_path, "enterprise_years", [header, *sound, *rows])
    loaded = read.tables.get("enterprise_years")
    if loaded is None:
        assert read.refused
        return
    told = {(p.row, p.column) for p in of_files(read)} | {(p.row, "") for p in of_files(read)}
    for row, value in loaded.frame["tax_paid_wan"].items():
        cell = ([header, *sound, *rows])[row - 1][3]
        is_plain = isinstance(cell, int | float) and not isinstance(cell, bool)
        if is_plain and (row, "tax_paid_wan") not in told:
            assert value == pytest.approx(float(cell))
        elif pd.isna(value):
            assert (
                cell in (None, "")
                or not str(cell).strip()
                or (row, "tax_paid_wan") in told
                or "no_value" in codes(read)
            )
