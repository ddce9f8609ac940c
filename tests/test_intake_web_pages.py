"""Tables of web pages: cells over several rows and columns, headers of two rows, several tables."""

import pytest

from intake import CODE, codes, only, write_bundle, write_xlsx
from tenglong.source import describe_bundle
from tenglong.source.bundle import examine_bundle

YEARS = "enterprise_years"
COLUMNS = ["统一社会信用代码", "年度", "所属乡镇", "实缴税金", "营业收入"]


def row(*cells, tag="td"):
    return "<tr>" + "".join(f"<{tag}{cell}</{tag}>" for cell in cells) + "</tr>"


def plain(*cells):
    return row(*(f">{cell}" for cell in cells))


def read(folder, *tables, table=YEARS, **source):
    body = "".join(f"<table>{rows}</table>" for rows in tables)
    (folder / "a.xls").write_text(
        f"<html><head><meta charset=utf-8></head><body>{body}</body></html>", encoding="utf-8"
    )
    about = write_bundle(folder, {table: {"file": "a.xls", **source}})
    return examine_bundle(describe_bundle(about))


def figures(found):
    frame = found.tables[YEARS].frame
    return frame[["tax_paid_wan", "revenue_wan"]].to_numpy().tolist()


def test_a_cell_over_several_rows_stands_in_each_and_shifts_nothing(tmp_path):
    rows = [
        plain(*COLUMNS),
        row(f">{CODE}11", ">2021", " rowspan=2>大峃镇", ">10", ">100"),
        row(f">{CODE}12", ">2021", ">11", ">101"),
        row(f">{CODE}13", ">2021", " rowspan='3'>珊溪镇", ">12", ">102"),
        row(f">{CODE}14", ">2021", ">13", ">103"),
        row(f">{CODE}15", ">2021", ">14", ">104"),
        row(f">{CODE}16", ">2021", ">玉壶镇", ">15", ">105"),
    ]
    found = read(tmp_path, "".join(rows))
    assert figures(found) == [[10 + i, 100 + i] for i in range(6)]
    assert "第 2–3 行" in only(found, "shared_cells").rule_zh


def test_a_cell_over_several_rows_is_read_where_it_is_a_column_of_the_table(tmp_path):
    rows = [
        plain("统一社会信用代码", "年度", "实缴税金"),
        row(f" rowspan=3>{CODE}11", ">2019", ">1"),
        row(">2020", ">2"),
        row(">2021", ">3"),
    ]
    frame = read(tmp_path, "".join(rows)).tables[YEARS].frame
    assert frame["usci"].tolist() == [f"{CODE}11"] * 3
    assert frame["tax_paid_wan"].tolist() == [1, 2, 3]


def test_cells_over_rows_and_columns_at_once_and_at_the_end_of_a_row_keep_the_others_in_place(
    tmp_path,
):
    rows = [
        plain("统一社会信用代码", "年度", "备注", "附注", "实缴税金", "营业收入"),
        row(f">{CODE}11", ">2021", " rowspan=2 colspan=2>同上", ">10", " rowspan=2>100"),
        row(f">{CODE}12", ">2021", ">11"),
        plain(f"{CODE}13", 2021, "", "", 12, 102),
    ]
    assert figures(read(tmp_path, "".join(rows))) == [[10, 100], [11, 100], [12, 102]]


HEADER = [
    row(" rowspan=2>统一社会信用代码", " rowspan=2>年度", " colspan=2>效益（{unit}）", tag="th"),
    row(">实缴税金", ">营业收入", tag="th"),
]
RECORDS = [plain(f"{CODE}11", 2021, 12, 100), plain(f"{CODE}12", 2021, 13, 200)]


def test_a_header_of_two_rows_is_read_as_the_same_one_of_a_workbook(tmp_path):
    for unit, expected in (("万元", [[12, 100], [13, 200]]), ("亿元", [[12e4, 1e6], [13e4, 2e6]])):
        rows = "".join([*HEADER, *RECORDS]).replace("{unit}", unit)
        cells = [
            ["统一社会信用代码", "年度", f"效益（{unit}）", None],
            [None, None, "实缴税金", "营业收入"],
            [f"{CODE}11", 2021, 12, 100],
            [f"{CODE}12", 2021, 13, 200],
        ]
        write_xlsx(tmp_path / "a.xlsx", cells, ((0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 3)))
        about = write_bundle(tmp_path, {YEARS: {"file": "a.xlsx"}})
        assert figures(examine_bundle(describe_bundle(about))) == expected
        assert figures(read(tmp_path, rows)) == expected


def test_a_header_of_two_rows_with_a_column_beside_it_is_one_header(tmp_path):
    head = [HEADER[0].replace("</tr>", "<th rowspan=2>备注</th></tr>"), HEADER[1]]
    records = [plain(f"{CODE}11", 2021, 12, 100, ""), plain(f"{CODE}12", 2021, 13, 200, "新")]
    found = read(tmp_path, "".join([*head, *records]).replace("{unit}", "万元"))
    assert figures(found) == [[12, 100], [13, 200]]


def test_a_title_over_all_columns_and_a_total_over_some_are_no_records(tmp_path):
    rows = [
        row(" colspan=5>2021 年企业效益", tag="th"),
        plain(*COLUMNS),
        plain(f"{CODE}11", 2021, "大峃镇", 1, 10),
        plain(f"{CODE}12", 2021, "珊溪镇", 2, 20),
        row(" colspan=3>合计", ">3", ">30"),
    ]
    found = read(tmp_path, "".join(rows))
    assert figures(found) == [[1, 10], [2, 20]]
    assert codes(found).count("total_matches") == 2


def test_of_several_tables_of_a_page_the_one_that_fits_is_read_and_told(tmp_path):
    menu = "".join(plain("首页", "查询") for _ in range(9))
    records = plain(*COLUMNS) + plain(f"{CODE}11", 2021, "大峃镇", 1, 10)
    found = read(tmp_path, menu, records)
    assert figures(found) == [[1, 10]]
    assert "“第2张表”" in only(found, "sheet_chosen").rule_zh


def test_of_two_tables_that_would_do_neither_is_guessed_and_one_can_be_named(tmp_path):
    records = [plain(*COLUMNS) + plain(f"{CODE}11", 2021, "", i, 10 * i) for i in (1, 2)]
    found = read(tmp_path, *records)
    assert "第1张表、第2张表" in only(found, "several_sheets").rule_zh
    assert figures(read(tmp_path, *records, sheet="第2张表")) == [[2, 20]]
    assert "第1张表、第2张表" in only(read(tmp_path, *records, sheet="甲"), "no_sheet").rule_zh


@pytest.mark.parametrize("span", ["0", "-1", "x", "", "99999999999", "٣"])
def test_a_span_that_is_none_moves_nothing(tmp_path, span):
    rows = plain(*COLUMNS) + row(f">{CODE}11", ">2021", f" colspan='{span}'>", ">1", ">10")
    found = read(tmp_path, rows)
    assert YEARS in found.tables or found.refused
    if span in {"0", "-1", "x", ""}:
        assert figures(found) == [[1, 10]]


def test_a_table_within_a_cell_does_not_take_the_rows_after_it(tmp_path):
    inner = "<table><tr><td>甲</td></tr></table>"
    rows = [
        plain(*COLUMNS),
        row(f">{CODE}11", ">2021", f">{inner}", ">1", ">10"),
        plain(f"{CODE}12", 2021, "", 2, 20),
    ]
    assert figures(read(tmp_path, "".join(rows))) == [[1, 10], [2, 20]]


@pytest.mark.parametrize(
    "page", ["<table>", "<table><tr>", "<table><tr><td rowspan=5>", "<td>x", ""]
)
def test_a_page_that_is_cut_short_is_told_and_not_crashed_on(tmp_path, page):
    (tmp_path / "a.xls").write_text(f"<html>{page}", encoding="utf-8")
    about = write_bundle(tmp_path, {YEARS: {"file": "a.xls"}})
    assert examine_bundle(describe_bundle(about)).refused
