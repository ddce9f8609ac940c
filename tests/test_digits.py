"""The digits that a figure was written with: kept from text, told in a column, lost in a number."""

import pytest

from intake import codes, read_sheet, read_text

HEADS = ["指标", "时期", "数值", "单位"]


def decimals(read):
    frame = read.tables["official_series"].frame
    return [
        None if cell is None else int(cell)
        for cell in frame["decimals"].astype(object).where(frame["decimals"].notna(), None)
    ]


def series(*values, more=""):
    head = ",".join(HEADS) + (",公布小数位数" if more else "")
    lines = [f'x,{2019 + n},"{value}",%' for n, value in enumerate(values)]
    return "\n".join([head, *lines]) + "\n"


def test_the_last_zeros_of_a_text_are_counted(tmp_path):
    read = read_text(tmp_path, "official_series", series("10.0", "10.50", "10.5", "10", "1,200.0"))
    assert decimals(read) == [1, 2, None, None, 1]
    assert read.tables["official_series"].frame["value"].tolist() == [10, 10.5, 10.5, 10, 1200]


def test_where_no_text_tells_there_is_no_such_column(tmp_path):
    read = read_text(tmp_path, "official_series", series("10", "10.5"))
    assert "decimals" not in read.tables["official_series"].frame


@pytest.mark.parametrize("cell", ["−10.0", "１０．０", "+10.0"])
def test_signs_and_wide_digits_are_read_as_the_number_is(tmp_path, cell):
    assert decimals(read_text(tmp_path, "official_series", series(cell))) == [1]


def test_what_the_column_tells_goes_before_the_text(tmp_path):
    text = "指标,时期,数值,公布小数位数\nx,2021,10.00,1\nx,2022,10.0,\nx,2023,50700,-2\n"
    assert decimals(read_text(tmp_path, "official_series", text)) == [1, 1, -2]


def test_a_count_that_is_none_is_told_and_the_text_counts(tmp_path):
    text = "指标,时期,数值,公布小数位数\nx,2021,10.00,一位\n"
    read = read_text(tmp_path, "official_series", text)
    assert (decimals(read), codes(read)) == ([2], ["unreadable"])


def test_a_number_of_a_workbook_keeps_no_zeros(tmp_path):
    read = read_sheet(tmp_path, "official_series", [HEADS, ["x", 2021, 10.0, "%"]])
    assert "decimals" not in read.tables["official_series"].frame
    read = read_sheet(tmp_path, "official_series", [HEADS, ["x", 2021, "10.0", "%"]])
    assert decimals(read) == [1]
