"""Sheets that hold more or other than one plain table: the right table, or one precise message."""

import pytest
import xlsxwriter

from intake import CODE, codes, of_files, only, read_sheet, read_text, write_bundle, write_xlsx
from tenglong.source import describe_bundle
from tenglong.source.bundle import examine_bundle

HEAD = ["统一社会信用代码", "年度", "实缴税金"]
FIRMS = [[f"{CODE}1{i}", 2021, 10 * i] for i in range(1, 4)]
PLAIN = "统一社会信用代码,年度,实缴税金\n"
PAGE = """<html><head><meta charset="{charset}"></head><body><p>导出</p><table>
<tr><td>统一社会信用代码</td><td>年度</td><td>实缴税金</td></tr>
<tr><td>91330328XXXX000011</td><td>2021</td><td>12.5</td></tr></table></body></html>"""


def frame(read, table="enterprise_years"):
    return read.tables[table].frame


def read_file(folder, name, content, table="enterprise_years", **source):
    (folder / name).write_bytes(content)
    about = write_bundle(folder, {table: {"file": name, **source}})
    return examine_bundle(describe_bundle(about))


def read_book(folder, hidden=(), **sheets):
    with xlsxwriter.Workbook(folder / "a.xlsx") as book:
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            for number, row in enumerate(rows):
                page.write_row(number, 0, row)
            if name in hidden:
                page.hide()
    about = write_bundle(folder, {"enterprise_years": {"file": "a.xlsx"}})
    return examine_bundle(describe_bundle(about))


def test_another_table_beside_this_one_is_told_and_left_alone(tmp_path):
    rows = [
        [*HEAD, None, "项目编号", "项目名称"],
        [*FIRMS[0], None, "P1", "甲"],
        [None, None, None, None, "P2", "乙"],
    ]
    read = read_sheet(tmp_path, "enterprise_years", rows)
    assert frame(read)["tax_paid_wan"].tolist() == [10]
    assert "项目编号、项目名称" in only(read, "other_table").rule_zh


def test_another_table_below_this_one_is_refused_by_its_row(tmp_path):
    rows = [HEAD, *FIRMS, [], ["项目编号", "项目名称"], ["P1", "甲"]]
    assert only(read_sheet(tmp_path, "enterprise_years", rows), "table_below").row == 6


def test_another_table_with_the_same_first_column_is_no_repeated_header(tmp_path):
    rows = [HEAD, *FIRMS, [], ["统一社会信用代码", "企业名称"], [f"{CODE}11", "甲"]]
    assert only(read_sheet(tmp_path, "enterprise_years", rows), "table_below").row == 6


def test_a_smaller_table_above_is_not_taken_for_a_title(tmp_path):
    rows = [HEAD[:2], [f"{CODE}19", 2020], [], HEAD, *FIRMS]
    found = only(read_sheet(tmp_path, "enterprise_years", rows), "stacked_tables")
    assert "第 1 行和第 4 行" in found.rule_zh


@pytest.mark.parametrize(
    ("table", "head", "periods"),
    [
        ("enterprise_years", ["统一社会信用代码", "2020年", "2021年"], "2020年、2021年"),
        ("enterprise_months", ["统一社会信用代码", "1月", "2月"], "1月、2月"),
    ],
)
def test_a_crosstab_is_named_with_its_periods(tmp_path, table, head, periods):
    read = read_sheet(tmp_path, table, [head, [f"{CODE}11", 1, 2]])
    assert periods in only(read, "crosstab").rule_zh


def test_the_values_of_two_columns_that_were_exchanged_are_named(tmp_path):
    rows = "".join(f"G{i},2021-0{i}-05,1001,{10 + i}.5,是\n" for i in range(1, 7))
    head = "出让编号,出让日期,土地用途,是否标准地,出让面积\n"
    read = read_text(tmp_path, "land_supply", head + rows)
    assert codes(read) == ["swapped_columns", "swapped_columns"]
    assert "“是否标准地”" in of_files(read)[0].rule_zh


def test_a_figure_in_yuan_amid_ten_thousands_is_told_and_not_converted(tmp_path):
    firms = [[f"{CODE}1{i}", 2021, 100 + i] for i in range(9)]
    rows = [HEAD, *firms, [f"{CODE}20", 2021, 1_250_000]]
    read = read_sheet(tmp_path, "enterprise_years", rows)
    assert frame(read)["tax_paid_wan"].max() == 1_250_000
    assert only(read, "unit_suspect").row == 11


def test_a_large_firm_among_small_ones_is_no_slip_of_unit(tmp_path):
    firms = [[f"{CODE}1{i}", 2021, value] for i, value in enumerate((1, 3, 10, 40, 150, 600, 9000))]
    assert "unit_suspect" not in codes(read_sheet(tmp_path, "enterprise_years", [HEAD, *firms]))


def test_half_of_a_column_in_yuan_is_told_by_row(tmp_path):
    firms = [[f"{CODE}1{i}", 2021, 10 + i] for i in range(5)]
    firms += [[f"{CODE}2{i}", 2021, (11 + i) * 10_000] for i in range(4)]
    read = read_sheet(tmp_path, "enterprise_years", [HEAD, *firms])
    assert [problem.row for problem in of_files(read)] == [7, 8, 9, 10]
    assert set(codes(read)) == {"unit_suspect"}


def test_many_large_firms_among_tiny_ones_are_no_slip_of_unit(tmp_path):
    firms = [[f"{CODE}1{i}", 2021, 1 + i / 10] for i in range(5)]
    firms += [[f"{CODE}2{i}", 2021, 100_000 + i] for i in range(4)]
    assert codes(read_sheet(tmp_path, "enterprise_years", [HEAD, *firms])) == []


SERIES = ["指标", "时期", "数值", "单位"]


@pytest.mark.parametrize(
    ("figures", "rows"),
    [
        ([("2019", 12, "亿元"), ("2020", 13, "亿元"), ("2021", 14, "亿元")], []),
        ([("2019", 12, "万元"), ("2020", 130_000, "万元"), ("2021", 140_000, "万元")], [3]),
        ([("2019", 120_000, "万元"), ("2020", 13, "万元")], [3]),
        ([("2019", 12, "万元"), ("2020", 130_000, "万元"), ("2021", 14, "万元")], [3]),
        ([("2021", 14, "亿元"), ("2019", 12, "亿元"), ("2020", 130_000, "万元")], []),
        ([("2019", 12, "亿元"), ("2020", 13, "万元"), ("2021", 14, "万元")], [3]),
        ([("2019", 12, "亩"), ("2020", 8_700, "亩")], [3]),
        ([("2019", 0.01, "%"), ("2020", 20, "%")], []),
        ([("2019", 0, "万元"), ("2020", 5_000, "万元")], []),
        ([("2019", 12_000, "万元"), ("2020-01", 10, "万元"), ("2020-02", 11, "万元")], []),
        ([("2019", 12, "万元"), ("上半年", 130_000, "万元"), ("2020", 13, "万元")], []),
    ],
)
def test_a_series_that_changes_its_unit_is_told_where_it_does(tmp_path, figures, rows):
    read = read_sheet(tmp_path, "official_series", [SERIES, *(["gdp", *one] for one in figures)])
    told = [problem for problem in read.problems if problem.code == "unit_flip"]
    assert [problem.row for problem in told] == rows


@pytest.mark.parametrize(("factor", "is_told"), [(10_000, True), (1000, True), (20, False)])
def test_a_year_of_a_table_in_another_unit_is_told_once(tmp_path, factor, is_told):
    firms = [[f"{CODE}1{i}", year, (5 + i) * (factor if year > 2020 else 1)]
             for year in (2019, 2020, 2021, 2022) for i in range(4)]  # fmt: skip
    read = read_sheet(tmp_path, "enterprise_years", [HEAD, *firms])
    told = [problem for problem in read.problems if problem.code == "units_flip"]
    assert [(problem.row, problem.value) for problem in told] == [(10, "2021-01")] * is_told


def test_one_firm_that_grows_a_thousandfold_is_no_other_unit(tmp_path):
    firms = [[f"{CODE}1{i}", year, 1 if (i, year) != (0, 2021) else 999]
             for year in (2020, 2021) for i in range(4)]  # fmt: skip
    assert "units_flip" not in codes(read_sheet(tmp_path, "enterprise_years", [HEAD, *firms]))


def test_a_unit_that_flips_inside_a_column_is_converted_where_the_cell_says_it(tmp_path):
    rows = [HEAD, [f"{CODE}11", 2021, "3.2亿元"], [f"{CODE}12", 2021, 500]]
    assert frame(read_sheet(tmp_path, "enterprise_years", rows))["tax_paid_wan"].tolist() == [
        32000,
        500,
    ]


def test_of_two_sheets_that_would_do_neither_is_guessed(tmp_path):
    read = read_book(tmp_path, **{"2020年": [HEAD, *FIRMS], "2021年": [HEAD, *FIRMS]})
    assert "2020年、2021年" in only(read, "several_sheets").rule_zh


def test_the_one_sheet_that_fits_is_read_and_told(tmp_path):
    read = read_book(tmp_path, 填表说明=[["请逐行填写"]], 数据=[HEAD, *FIRMS])
    assert len(frame(read)) == 3
    assert "“数据”" in only(read, "sheet_chosen").rule_zh


def test_a_hidden_sheet_is_told_and_not_read(tmp_path):
    read = read_book(tmp_path, hidden=("旧",), 数据=[HEAD, *FIRMS], 旧=[HEAD, FIRMS[0]])
    assert len(frame(read)) == 3
    assert "旧" in only(read, "hidden_sheet").rule_zh


@pytest.mark.parametrize(("charset", "encoding"), [("utf-8", "utf-8"), ("gb2312", "gbk")])
def test_a_web_page_that_is_named_like_a_workbook_is_read(tmp_path, charset, encoding):
    content = PAGE.format(charset=charset).encode(encoding)
    read = read_file(tmp_path, "a.xls", content)
    assert frame(read)["tax_paid_wan"].tolist() == [12.5]
    assert "网页" in only(read, "other_format").rule_zh


def test_a_web_page_without_a_table_is_called_so(tmp_path):
    read = read_file(tmp_path, "a.xls", "<html><body>请登录</body></html>".encode())
    assert codes(read) == ["web_page"]


def test_a_text_that_is_named_like_a_workbook_is_read(tmp_path):
    content = f"{PLAIN}{CODE}11,2021,5\n".replace(",", "\t").encode("gbk")
    assert frame(read_file(tmp_path, "a.xls", content))["tax_paid_wan"].tolist() == [5]


@pytest.mark.parametrize("name", ["a.xls", "a.csv"])
def test_a_workbook_with_the_ending_of_another_format_is_read(tmp_path, name):
    write_xlsx(tmp_path / "b.xlsx", [HEAD, *FIRMS])
    assert len(frame(read_file(tmp_path, name, (tmp_path / "b.xlsx").read_bytes()))) == 3


def test_a_workbook_with_a_password_is_called_so(tmp_path):
    stream = "EncryptedPackage".encode("utf-16-le")
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1016 + stream + b"\0" * 480
    assert codes(read_file(tmp_path, "a.xlsx", content)) == ["locked_workbook"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"\n \n", "empty_file"),
        (PLAIN.encode(), "no_rows"),
        (f"{PLAIN}{CODE}11,2021,\0\n".encode(), "nul_bytes"),
        (f'{PLAIN}{CODE}11,2021,"5\n{CODE}12,2021,6\n'.encode(), "open_quote"),
    ],
)
def test_a_text_without_a_table_is_called_what_it_is(tmp_path, content, code):
    assert codes(read_text(tmp_path, "enterprise_years", content)) == [code]


def test_the_row_where_a_quote_opens_and_does_not_close_is_named(tmp_path):
    text = f'{PLAIN}{CODE}11,2021,1\n"{CODE}12,2021,5\n{CODE}13,2021,6\n'
    assert only(read_text(tmp_path, "enterprise_years", text), "open_quote").row == 3


def test_a_row_with_a_cell_too_many_is_set_aside(tmp_path):
    text = f"{PLAIN}{CODE}11,2021,1,234\n{CODE}12,2021,5\n{CODE}13,2021,6\n"
    read = read_text(tmp_path, "enterprise_years", text)
    assert only(read, "long_row").row == 2
    assert frame(read)["tax_paid_wan"].tolist() == [5, 6]


def test_a_row_with_a_cell_too_few_is_told(tmp_path):
    text = f"{PLAIN}{CODE}11,2021\n{CODE}12,2021,5\n"
    assert only(read_text(tmp_path, "enterprise_years", text), "short_row").row == 2


def test_a_quoted_text_may_hold_delimiters_and_line_breaks(tmp_path):
    text = f'统一社会信用代码,年度,否决事由\n{CODE}11,2021,"甲,乙\n丙"\n{CODE}12,2021,丁\n'
    read = read_text(tmp_path, "enterprise_years", text)
    assert frame(read)["veto_reason"].tolist() == ["甲,乙\n丙", "丁"]
    assert frame(read).index.tolist() == [2, 3]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_found(tmp_path, encoding):
    text = f"{PLAIN}{CODE}11,2021,5\n"
    read = read_text(tmp_path, "enterprise_years", text.encode(encoding))
    assert frame(read)["tax_paid_wan"].tolist() == [5]


def test_characters_of_four_bytes_in_gb18030_are_kept(tmp_path):
    text = f"统一社会信用代码,年度,否决事由\n{CODE}11,2021,㐀𠀀\n"
    read = read_text(tmp_path, "enterprise_years", text.encode("gb18030"))
    assert frame(read)["veto_reason"].tolist() == ["㐀𠀀"]


@pytest.mark.parametrize(
    "label", ["合计", "总　计", "合计（3家）", "全县", "全县合计", "大峃镇小计"]
)
@pytest.mark.parametrize("place", [0, 3])
def test_a_total_by_any_name_and_place_is_checked_and_is_no_firm(tmp_path, label, place):
    rows = [*FIRMS[:place], [label, None, 60], *FIRMS[place:]]
    read = read_sheet(tmp_path, "enterprise_years", [HEAD, *rows])
    assert frame(read)["tax_paid_wan"].sum() == 60
    assert only(read, "total_matches").row == place + 2


def test_a_part_of_a_total_is_no_firm(tmp_path):
    rows = [HEAD, ["合 计", None, 60], ["其中：规上", None, 30], *FIRMS]
    read = read_sheet(tmp_path, "enterprise_years", rows)
    assert only(read, "part_row").row == 3
    assert "total_matches" in codes(read)


def test_a_number_beyond_what_excel_keeps_is_no_code(tmp_path):
    rows = [["统一社会信用代码", "企业名称"], [1234567890123450, "甲"], [123456789012345, "乙"]]
    read = read_sheet(tmp_path, "enterprises", rows)
    assert only(read, "number_code").row == 2


def test_a_geojson_in_a_national_code_is_read(tmp_path):
    ring = "[[120,27.8],[120.01,27.8],[120.01,27.81],[120,27.8]]"
    content = (
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":'
        '{"乡镇代码":"330328108","乡镇名称":"峃口镇"},"geometry":'
        f'{{"type":"Polygon","coordinates":[{ring}]}}}}]}}'
    )
    for encoding in ("utf-8-sig", "gb18030"):
        read = read_file(tmp_path, "a.geojson", content.encode(encoding), "townships")
        assert frame(read, "townships")["name"].tolist() == ["峃口镇"]
