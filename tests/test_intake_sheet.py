"""Excel as offices send it: titles, headers of two rows, units, totals, remarks."""

import re
import zipfile

import pandas as pd
import pytest

from intake import CODE, codes, only, read_sheet, read_text
from tenglong.show.words import catalogue
from tenglong.source.cell.units import UNITS, unit_label

HEAD = ["统一社会信用代码", "年度", "实缴税金"]
FIRMS = [[f"{CODE}1{i}", 2021, 10 * i] for i in range(1, 4)]


def frame(read, table="enterprise_years"):
    return read.tables[table].frame


def test_a_title_above_the_header_is_skipped_and_told(tmp_path):
    read = read_sheet(tmp_path, "enterprise_years", [["2021年企业税收情况表"], [], HEAD, *FIRMS])
    assert frame(read)["tax_paid_wan"].tolist() == [10, 20, 30]
    assert frame(read).index.tolist() == [4, 5, 6]
    assert only(read, "title_row").value == "2021年企业税收情况表"


def test_a_header_of_two_merged_rows_is_read_by_its_lower_names(tmp_path):
    rows = [
        ["统一社会信用代码", "年度", "税费情况", None],
        [None, None, "实缴税金", "免抵税额"],
        [f"{CODE}11", 2021, 5, 1],
    ]
    merged = ((0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 3))
    read = read_sheet(tmp_path, "enterprise_years", rows, merged=merged)
    assert frame(read)[["tax_paid_wan", "tax_exempt_credit_wan"]].to_numpy().tolist() == [[5, 1]]


def test_the_same_name_under_two_years_is_refused_and_both_are_named(tmp_path):
    rows = [
        ["统一社会信用代码", "年度", "2020年", "2021年"],
        [None, None, "实缴税金", "实缴税金"],
        [f"{CODE}11", 2021, 5, 1],
    ]
    read = read_sheet(tmp_path, "enterprise_years", rows, merged=((0, 0, 1, 0), (0, 1, 1, 1)))
    said = only(read, "two_headers")
    assert "2020年·实缴税金 (column 3) and 2021年·实缴税金 (column 4)" in said.rule
    assert "“2020年·实缴税金”（第 3 列）和“2021年·实缴税金”（第 4 列）" in said.rule_zh


def test_two_rows_that_fit_equally_well_are_not_guessed_between(tmp_path):
    rows = [["统一社会信用代码", "年度"], ["年度", "统一社会信用代码"], [2021, f"{CODE}11"]]
    read = read_sheet(tmp_path, "enterprise_years", rows)
    said = only(read, "header_tie")
    assert said.rule_zh.startswith("第 1 行和第 2 行都像表头")
    assert "usci: {position: 1}（取前一行）或 usci: {position: 2}（取后一行）" in said.rule_zh
    assert "usci: {position: 1} takes the first, usci: {position: 2} the second" in said.rule


def tied(tmp_path, rows, **columns):
    """Read a sheet of several headers with what bundle.yml says of its columns."""
    return read_sheet(tmp_path, "enterprise_years", rows, columns=columns)


def test_a_header_tie_is_decided_by_the_place_that_bundle_yml_says(tmp_path):
    rows = [["统一社会信用代码", "年度"], ["年度", "统一社会信用代码"], [2021, f"{CODE}11"]]
    read = tied(tmp_path, rows, usci={"position": "B"})
    assert "header_tie" not in codes(read)
    assert frame(read)[["year", "usci"]].to_numpy().tolist() == [[2021, f"{CODE}11"]]
    wrong = tied(tmp_path, rows, usci={"position": 1})
    assert "header_tie" not in codes(wrong)  # the first row is taken, the second is no record


def test_a_header_tie_of_other_names_is_decided_by_the_header_that_bundle_yml_names(tmp_path):
    rows = [["统一信用代码", "年度"], ["统一社会信用代码", "年度"], [f"{CODE}11", 2021]]
    said = only(tied(tmp_path, rows), "header_tie")
    assert "usci: '统一信用代码' takes the first, usci: '统一社会信用代码' the second" in said.rule
    read = tied(tmp_path, rows, usci="统一社会信用代码")
    assert codes(read) == ["title_row"]
    assert frame(read)["usci"].tolist() == [f"{CODE}11"]


def test_a_tie_that_no_place_decides_names_what_would(tmp_path):
    rows = [
        ["统一社会信用代码", "年度", "甲"],
        ["统一社会信用代码", "年度", "乙"],
        [f"{CODE}11", 2021],
    ]
    said = only(tied(tmp_path, rows, year={"position": 2}), "header_tie")
    assert "只有其中一行才有的表头" in said.rule_zh
    assert "a header that only one of them has" in said.rule
    assert "header_tie" not in codes(tied(tmp_path, rows, tax_paid_wan="乙"))


@pytest.mark.parametrize(
    ("rows", "value"),
    [
        ([["统一社会信用代码", "年度", "实缴税金（元）"], [f"{CODE}11", 2021, 125000]], 12.5),
        ([["统一社会信用代码", "年度", "实缴税金/亿元"], [f"{CODE}11", 2021, 1.5]], 15000),
        ([["单位：元"], HEAD, [f"{CODE}11", 2021, 30000]], 3),
        ([HEAD, [None, None, "千元"], [f"{CODE}11", 2021, 30]], 3),
        ([[*HEAD[:2], "实缴税金（元）"], [None, None, "元"], [f"{CODE}11", 2021, 30000]], 3),
        ([[*HEAD[:2], "实缴税金（万元）"], [None, None, "万元"], [f"{CODE}11", 2021, 3]], 3),
        ([HEAD, [f"{CODE}11", 2021, "12.5万元"]], 12.5),
        ([HEAD, [f"{CODE}11", 2021, "１，２３４．５"]], 1234.5),
        ([["单位：万元"], HEAD, [f"{CODE}11", 2021, "125000元"]], 12.5),
    ],
)
def test_a_unit_that_the_sheet_states_is_converted(tmp_path, rows, value):
    read = read_sheet(tmp_path, "enterprise_years", rows)
    assert frame(read)["tax_paid_wan"].tolist() == [value]


def test_a_header_and_a_row_of_units_that_say_two_things_are_refused(tmp_path):
    rows = [[*HEAD[:2], "实缴税金（万元）"], [None, None, "元"], [f"{CODE}11", 2021, 3]]
    said = only(read_sheet(tmp_path, "enterprise_years", rows), "two_units")
    assert said.rule_zh == "表头“实缴税金（万元）”和它下面的单位行（元）说法不一；请改成一致"


@pytest.mark.parametrize("cell", ["3万", "12.5亩", "1,5", "约300", "(12)", "12 13元x"])
def test_a_cell_in_no_known_unit_is_missing_and_told(tmp_path, cell):
    read = read_sheet(tmp_path, "enterprise_years", [HEAD, [f"{CODE}11", 2021, cell]])
    assert frame(read)["tax_paid_wan"].isna().all()
    assert only(read, "unreadable").value == cell


def test_a_header_in_a_unit_of_another_kind_is_refused(tmp_path):
    rows = [["统一社会信用代码", "年度", "实缴税金（亩）"], [f"{CODE}11", 2021, 1]]
    read = read_sheet(tmp_path, "enterprise_years", rows)
    assert "from 'mu' to '×10k CNY'" in only(read, "no_conversion").rule
    assert "亩" in only(read, "no_conversion").rule_zh


def test_a_line_of_two_units_of_one_kind_leaves_the_column_open(tmp_path):
    rows = [["单位：元、万元"], HEAD, [f"{CODE}11", 2021, 1]]
    assert codes(read_sheet(tmp_path, "enterprise_years", rows)) == ["unit_ambiguous"]


def test_a_total_is_checked_and_is_no_firm(tmp_path):
    read = read_sheet(tmp_path, "enterprise_years", [HEAD, *FIRMS, ["合　计", None, 60]])
    assert len(frame(read)) == 3
    assert only(read, "total_row").row == 5
    assert only(read, "total_matches").value == "60"


def test_a_total_that_does_not_add_up_is_a_warning(tmp_path):
    read = read_sheet(tmp_path, "enterprise_years", [HEAD, *FIRMS, ["合计", None, 61]])
    found = only(read, "total_differs")
    assert (found.row, found.column, found.value) == (5, "tax_paid_wan", "61")
    assert "60" in found.rule


def test_subtotals_cover_their_own_rows(tmp_path):
    rows = [HEAD, FIRMS[0], FIRMS[1], ["小计", None, 30], FIRMS[2], ["小计", None, 30]]
    read = read_sheet(tmp_path, "enterprise_years", [*rows, ["总计", None, 60]])
    assert codes(read).count("total_matches") == 3
    assert frame(read)["tax_paid_wan"].sum() == 60


def test_a_total_within_rounding_agrees(tmp_path):
    firms = [[f"{CODE}1{i}", 2021, 0.3] for i in range(4)]
    read = read_sheet(tmp_path, "enterprise_years", [HEAD, *firms, ["合计", None, 1.3]])
    assert "total_matches" in codes(read)


def test_remarks_at_the_bottom_are_skipped_and_told(tmp_path):
    rows = [
        HEAD,
        *FIRMS,
        [],
        ["注：1.不含免抵"],
        ["2.含附加税"],
        ["填表人：张三", None, "审核人：李四"],
    ]
    read = read_sheet(tmp_path, "enterprise_years", rows)
    assert len(frame(read)) == 3
    assert codes(read).count("note_row") == 3


def test_a_header_that_stands_again_on_the_next_page_is_no_record(tmp_path):
    read = read_sheet(tmp_path, "enterprise_years", [HEAD, FIRMS[0], HEAD, FIRMS[1]])
    assert only(read, "repeated_header").row == 3
    assert len(frame(read)) == 2


def test_tables_side_by_side_are_refused_in_one_clear_message(tmp_path):
    rows = [[*HEAD, None, *HEAD], [*FIRMS[0], None, *FIRMS[1]]]
    read = read_sheet(tmp_path, "enterprise_years", rows)
    assert only(read, "side_by_side").rule_zh.startswith("同一张表里并排放了几张表")


def test_a_code_typed_as_a_number_is_refused(tmp_path):
    rows = [["统一社会信用代码", "企业名称"], [913303281234567890, "甲"]]
    found = only(read_sheet(tmp_path, "enterprises", rows), "number_code")
    assert (found.severity, found.row) == ("error", 2)


def test_a_code_that_excel_wrote_into_a_csv_as_a_power_of_ten_is_refused(tmp_path):
    read = read_text(tmp_path, "enterprises", "统一社会信用代码,企业名称\n9.13303E+17,甲\n")
    assert only(read, "number_code").value == "9.13303E+17"


def test_failed_and_uncomputed_formulas_are_named(tmp_path):
    rows = [HEAD, [f"{CODE}11", 2021, 5], [f"{CODE}12", 2021, 6]]
    read_sheet(tmp_path, "enterprise_years", rows)
    _replace(
        tmp_path / "a.xlsx",
        b"<v>5</v>",
        b"<f>B2*2</f>",
        b'<c r="C3"><v>6</v>',
        b'<c r="C3" t="e"><f>1/0</f><v>#DIV/0!</v>',
    )
    from intake import describe_bundle, examine_bundle  # noqa: PLC0415 - read again as changed

    read = examine_bundle(describe_bundle(tmp_path))
    assert (only(read, "formula_empty").row, only(read, "formula_error").value) == (2, "#DIV/0!")


def _replace(path, *pairs):
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    xml = parts["xl/worksheets/sheet1.xml"]
    for old, new in zip(pairs[::2], pairs[1::2], strict=True):
        assert old in xml
        xml = xml.replace(old, new)
    parts["xl/worksheets/sheet1.xml"] = xml
    with zipfile.ZipFile(path, "w") as book:
        for name, content in parts.items():
            book.writestr(name, content)


def test_marks_of_nothing_are_missing_with_one_note(tmp_path):
    rows = [HEAD, *([f"{CODE}1{i}", 2021, mark] for i, mark in enumerate("—/-"))]
    read = read_sheet(tmp_path, "enterprise_years", rows)
    assert frame(read)["tax_paid_wan"].isna().all()
    assert only(read, "no_value").rule.startswith("3 cells")


@pytest.mark.parametrize(
    "cell",
    [
        "2021年3月5日",
        "21年3月5日",
        "2021.3.5",
        "2021/3/5",
        "20210305",
        44260,
        "44260",
        "２０２１-03-05",
    ],
)
def test_the_dates_that_offices_write_are_read(tmp_path, cell):
    rows = [["统一社会信用代码", "企业名称", "成立日期"], [f"{CODE}11", "甲", cell]]
    read = read_sheet(tmp_path, "enterprises", rows)
    assert frame(read, "enterprises")["registered_on"].tolist() == [pd.Timestamp(2021, 3, 5)]


@pytest.mark.parametrize(
    "cell", ["2021", "3/5/21", "2021年13月5日", "21.3.5", 2021.1, "2021-02-30"]
)
def test_a_date_that_leaves_a_doubt_is_not_read(tmp_path, cell):
    rows = [["统一社会信用代码", "企业名称", "成立日期"], [f"{CODE}11", "甲", cell]]
    read = read_sheet(tmp_path, "enterprises", rows)
    assert frame(read, "enterprises")["registered_on"].isna().all()
    assert only(read, "unreadable").column == "registered_on"


def test_a_month_where_a_date_is_asked_for_is_left_out_and_told(tmp_path):
    rows = [["统一社会信用代码", "企业名称", "成立日期"], [f"{CODE}11", "甲", "21年3月"]]
    read = read_sheet(tmp_path, "enterprises", rows)
    assert frame(read, "enterprises")["registered_on"].isna().all()
    assert only(read, "month_only").severity == "warning"


@pytest.mark.parametrize("cell", ["2021年3月", "21年3月", "2021.3", "2021-03", "202103"])
def test_a_month_column_takes_the_months_that_offices_write(tmp_path, cell):
    rows = [["统一社会信用代码", "月份", "当月税收"], [f"{CODE}11", cell, 5]]
    read = read_sheet(tmp_path, "enterprise_months", rows)
    assert frame(read, "enterprise_months")["month"].astype(str).tolist() == ["2021-03"]


CHINESE = re.compile("[一-鿿]")


@pytest.mark.parametrize(
    "rows",
    [
        [["统一社会信用代码", "年度", "实缴税金（元）"], [f"{CODE}11", 2021, 125000]],
        [HEAD, [f"{CODE}11", 2021, "12.5万元"]],
        [["统一社会信用代码", "实缴税金"], [f"{CODE}11", 1]],
        [["统一社会信用代码", "年度", "实缴税金额"], [f"{CODE}11", 2021, 5]],
        [["单位：元、千元"], HEAD, [f"{CODE}11", 2021, 5]],
    ],
)
def test_what_must_hold_is_said_in_english_without_a_chinese_unit_or_column(tmp_path, rows):
    found = read_sheet(tmp_path, "enterprise_years", rows).problems
    told = [one for one in found if one.code not in ("title_row", "unused_headers")]
    assert told
    for one in told:
        own = one.rule.replace(one.value, "") if one.value else one.rule
        assert not CHINESE.search(re.sub("did you mean '.*'", "", own)), one.rule
        assert CHINESE.search(one.rule_zh)


def test_a_list_is_joined_as_each_language_joins_it(tmp_path):
    rows = [[*HEAD, "备注甲", "备注乙"], [f"{CODE}11", 2021, 5, "x", "y"]]
    told = only(read_sheet(tmp_path, "enterprise_years", rows), "unused_headers")
    assert "备注甲、备注乙" in told.rule_zh
    assert "备注甲, 备注乙" in told.rule


def test_units_are_called_in_english_as_pages_call_them():
    known = catalogue()
    both = [unit for unit in UNITS if f"unit.{unit}" in known]
    assert len(both) >= 8
    assert {unit: unit_label(unit).en for unit in both} == {
        unit: known[f"unit.{unit}"].en for unit in both
    }
    assert not [unit for unit in UNITS if CHINESE.search(unit_label(unit).en)]
