"""Figures whose unit changes from one period to the next: in a series, and across a crosstab."""

import pytest

from intake import CODE, codes, read_sheet, read_text
from tenglong.source.problem import Severity

SERIES = ["指标", "时期", "数值", "单位"]
FLIPPING = (100, 1_100_000, 120, 1_250_000)


def series(tmp_path, *figures, unit="万元"):
    rows = [["税收", f"2022-{n:02d}", value, unit] for n, value in enumerate(figures, start=1)]
    return read_sheet(tmp_path, "official_series", [SERIES, *rows])


def told(read, code):
    return [(one.file, one.row, one.value) for one in read.problems if one.code == code]


@pytest.mark.parametrize("unit", ["万元", "吨", "kg", "t/kg", "台", None])
def test_a_series_that_flips_is_told_by_row_whatever_its_unit(tmp_path, unit):
    found = told(series(tmp_path, *FLIPPING, unit=unit), "unit_flip")
    assert found == [("a.xlsx", 3, "2022-02"), ("a.xlsx", 5, "2022-04")]


@pytest.mark.parametrize("unit", ["%", "小数"])
def test_a_rate_may_be_any_times_the_one_before(tmp_path, unit):
    assert told(series(tmp_path, 0.01, 9, 0.02, unit=unit), "unit_flip") == []


def test_figures_whose_stated_unit_changes_with_them_are_no_flip(tmp_path):
    units = ("万元", "元") * 2
    rows = [["税收", f"2022-0{n + 1}", FLIPPING[n], units[n]] for n in range(4)]
    assert told(read_sheet(tmp_path, "official_series", [SERIES, *rows]), "unit_flip") == []


def test_figures_of_two_units_that_are_not_known_are_not_held_against_each_other(tmp_path):
    rows = [["产量", f"2022-0{n + 1}", FLIPPING[n], ("台", "件")[n % 2]] for n in range(4)]
    assert told(read_sheet(tmp_path, "official_series", [SERIES, *rows]), "unit_flip") == []


def crosstab(tmp_path, *rows, head=("1月", "2月", "3月"), table="enterprise_months", key=None):
    """Read a table of firms with months across."""
    named = [[f"{CODE}1{number}", *row] for number, row in enumerate(rows)]
    return read_sheet(tmp_path, table, [[key or "统一社会信用代码", *head], *named])


def test_a_crosstab_of_which_a_month_is_in_another_unit_is_told_once(tmp_path):
    rows = [(100 + n, 110 + n, (120 + n) * 10_000) for n in range(5)]
    found = crosstab(tmp_path, *rows)
    assert "crosstab" in codes(found)
    assert told(found, "units_flip_across") == [("a.xlsx", 2, "3月")]
    [one] = [one for one in found.problems if one.code == "units_flip_across"]
    assert one.severity is Severity.WARNING
    assert "5 行的数多半与前一期“2月”相差约 10,893 倍" in one.rule_zh
    assert "most of 5 rows are about 10,893 times" in one.rule
    assert not told(found, "unit_flip_across")


def test_a_row_that_goes_there_and_back_is_told_and_one_that_grows_is_not(tmp_path):
    rows = [(100, 110, 120), (100, 1_100_000, 120), (1, 900, 950), (100, "—", None), (5, 6, 7)]
    found = told(crosstab(tmp_path, *rows), "unit_flip_across")
    assert found == [("a.xlsx", 3, "2月")]


def test_a_series_across_months_is_told_by_row_and_header(tmp_path):
    head = ["指标", "单位", *(f"2022年{month}月" for month in range(1, 5))]
    rows = [["税收", "万元", *FLIPPING], ["用电量", "万千瓦时", 5, 6, 7, 8]]
    found = read_sheet(tmp_path, "official_series", [head, *rows])
    assert "时期" in next(one.rule_zh for one in found.problems if one.code == "crosstab")
    assert told(found, "unit_flip_across") == [
        ("a.xlsx", 2, "2022年2月"),
        ("a.xlsx", 2, "2022年4月"),
    ]


def test_years_above_two_figures_are_held_apart(tmp_path):
    merged = ((0, 0, 1, 0), (0, 1, 0, 2), (0, 3, 0, 4))
    rows = [
        ["统一社会信用代码", "2020年", None, "2021年", None],
        [None, "实缴税金", "亩均税收", "实缴税金", "亩均税收"],
        *([f"{CODE}1{n}", 10 + n, 100_000, 11 + n, 110_000] for n in range(4)),
    ]
    read = read_sheet(tmp_path, "enterprise_years", rows, merged=merged)
    assert not told(read, "units_flip_across")
    rows[2:] = [[f"{CODE}1{n}", 10 + n, 1, (11 + n) * 10_000, 1] for n in range(4)]
    read = read_sheet(tmp_path, "enterprise_years", rows, merged=merged)
    assert [row for _, row, _ in told(read, "units_flip_across")] == [3]


def test_headers_that_are_blank_are_no_periods(tmp_path):
    read = read_text(tmp_path, "enterprise_months", f"统一社会信用代码,,\n{CODE}11,1,2\n")
    assert "crosstab" not in codes(read)
