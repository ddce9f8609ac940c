"""Published figures whose period cannot be read: told at intake, and by the clauses they move."""

import pytest

from build import opened
from drawing import drawn, read
from intake import codes, only, read_sheet, write_bundle, write_xlsx
from tenglong.measure.board.board import assess_plan
from tenglong.show.assessed import why_text
from tenglong.show.page import Page
from tenglong.source import describe_bundle
from tenglong.source.bundle import examine_bundle
from tenglong.source.problem import Severity

HEAD = ["指标", "时期", "数值", "单位", "发布日期"]
INDICATOR = next(
    str(clause.indicator.options["indicator"])
    for clause in opened("data/sample", "2022-06-30").plan.clauses
    if clause.indicator and "indicator" in clause.indicator.options
)


def published(tmp_path, *periods):
    rows = [[INDICATOR, period, 1.5 + n, "亿元", "2022-05-01"] for n, period in enumerate(periods)]
    return read_sheet(tmp_path, "official_series", [HEAD, *rows])


@pytest.mark.parametrize("period", ["2021年1-9月", "上半年", "2021-13", "21年", "2021Q5", "去年"])
def test_a_period_that_cannot_be_read_is_told_by_file_and_row(tmp_path, period):
    told = only(published(tmp_path, "2021", period), "unread_period")
    assert (told.file, told.row, told.column, told.value) == ("a.xlsx", 3, "period", period)
    assert told.severity is Severity.WARNING
    for said in (told.rule, told.rule_zh):
        assert "2021Q3" in said
        assert "2021-09" in said


@pytest.mark.parametrize("period", ["2021", "2021年", "2021Q3", "2021年第三季度", "2021-09"])
def test_a_period_that_can_be_read_is_none_to_tell(tmp_path, period):
    assert "unread_period" not in codes(published(tmp_path, period))


def test_of_several_files_each_row_is_told_once_by_its_own(tmp_path):
    for name, period in (("a", "2021年1-9月"), ("b", "2022年1-9月")):
        write_xlsx(tmp_path / f"{name}.xlsx", [HEAD, [INDICATOR, period, 1, "亿元", "2022-05-01"]])
    entry = {"official_series": {"file": ["a.xlsx", "b.xlsx"]}}
    found = examine_bundle(describe_bundle(write_bundle(tmp_path, entry))).problems
    told = [(one.file, one.row) for one in found if one.code == "unread_period"]
    assert told == [("a.xlsx", 2), ("b.xlsx", 2)]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_clauses_that_it_would_move_name_it(tmp_path, language):
    whole = published(tmp_path, "2021", "2022年1-3月").on("2022-06-30")
    board = assess_plan(whole)
    moved = [
        one
        for one in board.assessments
        if one.clause.indicator and one.clause.indicator.options.get("indicator") == INDICATOR
    ]
    assert moved
    for one in moved:
        [blank] = [cell for cell in one.awaited if cell.column == "period"]
        assert (blank.name, blank.row) == (f"{INDICATOR} 2022年1-3月", 3)
        assert "2022年1-3月" in why_text(Page(whole, language), one)
    others = [one for one in board.assessments if one not in moved]
    assert not [one for one in others if any(cell.column == "period" for cell in one.awaited)]
    page = drawn("data_quality", whole, language=language, bundle=str(tmp_path))
    assert "2022年1-3月" in read(page["awaited_table"])
    assert "2022年1-3月" in read(page["problem_table"])


def test_a_figure_that_is_the_only_one_and_cannot_be_read_is_named_where_there_is_none(tmp_path):
    board = assess_plan(published(tmp_path, "2021年1-9月").on("2022-06-30"))
    moved = [one for one in board.assessments if any(c.column == "period" for c in one.awaited)]
    assert moved
    assert all(one.actual is None for one in moved)


def test_a_figure_that_is_not_published_yet_is_not_told_of_that_day(tmp_path):
    board = assess_plan(published(tmp_path, "2021年1-9月").on("2022-04-30"))
    assert not [one for one in board.assessments if any(c.column == "period" for c in one.awaited)]


def test_nothing_is_told_of_the_sample():
    board = assess_plan(opened("data/sample", "2022-06-30"))
    assert not [one for one in board.assessments if any(c.column == "period" for c in one.awaited)]
