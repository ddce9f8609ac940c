"""Columns that bundle.yml chooses, leaves out or fills in; and those that no header tells."""

import pytest
import xlsxwriter

from intake import CODE, only, read_sheet, read_text, write_bundle, write_xlsx
from tenglong.source import describe_bundle
from tenglong.source.bundle import examine_bundle
from tenglong.source.quarantine import set_aside

HEAD = ["统一社会信用代码", "年度", "实缴税金", "营业收入", "实缴税金"]
FIRMS = [[f"{CODE}1{i}", 2021, 10 * i, 100 * i, 7 * i] for i in range(1, 4)]
TAX = "tax_paid_wan"


def codes(read):
    """Give the codes of what was found, but for the made-up codes of the firms and parcels."""
    forms = {"bad_credit_code", "other_parcel_code"}
    return [one.code for one in read.problems if one.code not in forms]


def taxes(read):
    return read.tables["enterprise_years"].frame[TAX].tolist()


def test_of_two_columns_of_one_header_neither_is_guessed_and_the_advice_can_be_followed(tmp_path):
    refused = read_sheet(tmp_path, "enterprise_years", [HEAD, *FIRMS])
    said = only(refused, "two_headers")
    assert "“实缴税金”（第 3 列）和“实缴税金”（第 5 列）" in said.rule_zh
    for way in (
        f"{TAX}: {{position: 5}}",
        f"{TAX}: {{column: '实缴税金', nth: 2}}",
        f"omit: [{TAX}]",
    ):
        assert way in said.rule_zh
        assert way in said.rule
    for rule in ({"position": 5}, {"position": "E"}, {"column": "实缴税金", "nth": 2}):
        read = read_sheet(tmp_path, "enterprise_years", [HEAD, *FIRMS], columns={TAX: rule})
        assert taxes(read) == [7, 14, 21]
        assert codes(read) == ["unused_headers"]
    read = read_sheet(tmp_path, "enterprise_years", [HEAD, *FIRMS], omit=[TAX])
    assert TAX not in read.tables["enterprise_years"].frame


def test_the_header_alone_still_does_not_choose_between_two(tmp_path):
    read = read_sheet(tmp_path, "enterprise_years", [HEAD, *FIRMS], columns={TAX: "实缴税金"})
    assert "nth: 2" in only(read, "two_headers").rule_zh


@pytest.mark.parametrize("columns", [{}, {TAX: "实缴税金"}])
def test_two_columns_that_hold_the_same_are_a_note(tmp_path, columns):
    rows = [[*row[:4], row[2]] for row in FIRMS]
    read = read_sheet(tmp_path, "enterprise_years", [HEAD, *rows], columns=columns)
    assert taxes(read) == [10, 20, 30]
    assert codes(read) == ["same_columns"]


def test_formulas_that_failed_are_told_of_the_column_that_was_chosen_only(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        page = book.add_worksheet("表")
        page.write_row(0, 0, HEAD)
        page.write_row(1, 0, FIRMS[0])
        page.write_formula(1, 2, "=1/0", None, "#DIV/0!")
    for position, expected in ((5, []), (3, ["formula_error"])):
        source = {"file": "a.xlsx", "columns": {TAX: {"position": position}}}
        about = write_bundle(tmp_path, {"enterprise_years": source})
        found = codes(examine_bundle(describe_bundle(about)))
        assert [code for code in found if code.startswith("formula")] == expected


def test_a_row_that_is_set_aside_keeps_the_cells_of_both_columns(tmp_path):
    rows = [*FIRMS * 8, [None, 2021, 1, 2, 3]]
    rows = [[f"{CODE}{i:02}" if row[0] else None, *row[1:]] for i, row in enumerate(rows)]
    read = read_sheet(tmp_path, "enterprise_years", [HEAD, *rows], columns={TAX: {"position": 5}})
    [aside] = set_aside(read)["enterprise_years"]
    assert (aside.cells["实缴税金"], aside.cells["实缴税金 E"]) == ("1.0", "3.0")


@pytest.mark.parametrize(
    ("rule", "code", "said"),
    [
        ({"position": 9}, "rule_position", "第 9 列，文件里只有 5 列"),
        ({"column": "实缴税金", "nth": 3}, "rule_nth", "第 3 个表头“实缴税金”，文件里只有 2 个"),
        ({"column": "上缴税金"}, "rule_header", "“上缴税金”在文件里没有；是不是“实缴税金”"),
    ],
)
def test_a_choice_that_is_not_there_is_told(tmp_path, rule, code, said):
    read = read_sheet(tmp_path, "enterprise_years", [HEAD, *FIRMS], columns={TAX: rule})
    assert said in only(read, code).rule_zh


def test_a_header_with_a_line_break_is_found_as_it_is_read(tmp_path):
    head = ["统一社会信用代码", "年度", "入库\n税款 (元)"]
    rule = {"column": "入库税款（元）"}
    read = read_sheet(
        tmp_path, "enterprise_years", [head, [f"{CODE}11", 2021, 50000]], columns={TAX: rule}
    )
    assert taxes(read) == [5]


def test_a_unit_alone_needs_no_header(tmp_path):
    text = f"统一社会信用代码,年度,实缴税金\n{CODE}11,2021,1000000\n"
    read = read_text(tmp_path, "enterprise_years", text, columns={TAX: {"unit": "元"}})
    assert taxes(read) == [100]


def test_a_value_that_stands_in_no_column_holds_for_every_row(tmp_path):
    text = f"统一社会信用代码,实缴税金\n{CODE}11,5\n{CODE}12,6\n合计,11\n"
    read = read_text(tmp_path, "enterprise_years", text, columns={"year": {"value": 2021}})
    assert read.tables["enterprise_years"].frame["year"].tolist() == [2021, 2021]
    assert "total_matches" in codes(read)
    read = read_text(tmp_path, "enterprise_years", text, columns={"year": {"value": "去年"}})
    assert only(read, "rule_value").value == "去年"


PARCELS = "宗地代码,实际开工时间\n" + "".join(f"P{i},Nah\n" for i in range(8))


def test_a_column_of_marks_is_told_with_the_mark_and_both_ways_out(tmp_path):
    said = only(read_text(tmp_path, "parcels", PARCELS), "wrong_column")
    for way in ("nothing: ['Nah']", "omit: [started_on]"):
        assert way in said.rule_zh
        assert way in said.rule
    for source in (
        {"nothing": ["Nah"]},
        {"columns": {"started_on": {"nothing": ["Nah"]}}},
    ):
        read = read_text(tmp_path, "parcels", PARCELS, **source)
        assert read.tables["parcels"].frame["started_on"].isna().all()
        assert only(read, "no_value").rule_zh == "共 8 格写“Nah”，按空值处理"
    read = read_text(tmp_path, "parcels", PARCELS, omit=["started_on"])
    assert "started_on" not in read.tables["parcels"].frame
    assert codes(read) == []


@pytest.mark.parametrize("mark", ["—", "/", "无", "N/A", "-", "9999", "1900-01-01"])
def test_any_mark_may_stand_for_nothing_in_any_kind_of_column(tmp_path, mark):
    head = "宗地代码,坐落,登记面积,实际开工时间,建成年份"
    text = f"{head}\nP1,{mark},{mark},{mark},{mark}\nP2,甲,3,2021-03-01,2020\n"
    read = read_text(tmp_path, "parcels", text, nothing=[mark])
    frame = read.tables["parcels"].frame
    assert frame.iloc[0].drop("parcel_id").isna().all()
    assert frame.iloc[1].notna().all()
    assert set(codes(read)) == {"no_value"}
    assert len(frame.columns) == len(codes(read)) + 1


def test_a_mark_of_one_column_is_a_value_in_another(tmp_path):
    rule = {"revenue_wan": {"nothing": [0]}}
    read = read_sheet(
        tmp_path, "enterprise_years", [HEAD[:4], [f"{CODE}11", 2021, 0, 0]], columns=rule
    )
    row = read.tables["enterprise_years"].frame.iloc[0]
    assert row[TAX] == 0
    assert row.isna()["revenue_wan"]


def test_a_filled_column_without_a_header_is_told_and_can_be_chosen(tmp_path):
    head = ["统一社会信用代码", "年度", None]
    rows = [head, *([row[0], row[1], row[2] + 0.5] for row in FIRMS)]
    said = only(read_sheet(tmp_path, "enterprise_years", rows), "no_header")
    assert (said.severity, "第 3 列（C）有 3 格" in said.rule_zh) == ("warning", True)
    read = read_sheet(tmp_path, "enterprise_years", rows, columns={TAX: {"position": 3}})
    assert taxes(read) == [10.5, 20.5, 30.5]
    assert codes(read) == []


def test_a_numbering_or_a_stray_remark_without_a_header_is_only_a_note(tmp_path):
    rows = [[None, *HEAD[:3], None], *([i, *row[:3], None] for i, row in enumerate(FIRMS, 1))]
    rows[1][4] = "已核"
    read = read_sheet(tmp_path, "enterprise_years", rows)
    assert codes(read) == ["no_header", "no_header"]
    assert {one.severity for one in read.problems if one.code == "no_header"} == {"note"}


def test_a_sheet_is_found_by_the_columns_that_need_no_header(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        for name, rows in {"说明": [["请逐行填写"]], "数据": [HEAD[:1], [f"{CODE}11"]]}.items():
            page = book.add_worksheet(name)
            for number, row in enumerate(rows):
                page.write_row(number, 0, row)
    source = {"file": "a.xlsx", "columns": {"year": {"value": 2021}}}
    about = write_bundle(tmp_path, {"enterprise_years": source})
    read = examine_bundle(describe_bundle(about))
    assert len(read.tables["enterprise_years"].frame) == 1


def test_a_unit_in_the_upper_line_of_a_header_holds_for_what_it_fits(tmp_path):
    rows = [
        ["统一社会信用代码", "年度", "效益（元）", None],
        [None, None, "实缴税金", "营业收入（万元）"],
        [f"{CODE}11", 2021, 50000, 7],
    ]
    merged = ((0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 3))
    write_xlsx(tmp_path / "a.xlsx", rows, merged)
    about = write_bundle(tmp_path, {"enterprise_years": {"file": "a.xlsx"}})
    row = examine_bundle(describe_bundle(about)).tables["enterprise_years"].frame.iloc[0]
    assert (row[TAX], row["revenue_wan"]) == (5, 7)
