"""The project page: what it says, for a county, a township, and a county that supplied little."""

from dataclasses import replace

import pytest

from build import county, opened
from drawing import drawn, rows
from tenglong.measure.firm.places import within
from tenglong.measure.sheet.projects import projects_sheet


@pytest.fixture(scope="module")
def sample():
    return opened("data/sample", "2022-06-30")


@pytest.fixture(scope="module")
def page(sample):
    return drawn("projects", sample)


def test_projects_over_a_limit_stand_first_the_longest_before_the_others(page):
    listed = rows(page["stages_table"])
    over = [int(row["超出（天）"] or 0) for row in listed]
    assert over == sorted(over, reverse=True)
    assert sum(days > 0 for days in over) == int(page.sheet.stages["is_stuck"].sum())


def test_late_nodes_stand_before_what_is_not_due_and_what_was_kept(page):
    states = [row["状态"] for row in rows(page["nodes_table"])]
    assert states.index("逾期完成") == 0
    assert states.index("未到期") < states.index("按期履约")


def test_the_funnel_never_widens(page):
    listed = rows(page["funnel_table"])
    for name in ("全部项目", "招引制造业", "1 亿元以上单体制造业"):
        counts = [int(row[name]) for row in listed]
        assert counts == sorted(counts, reverse=True)


def test_what_counts_for_the_plan_is_what_its_clause_counts(page):
    listed = rows(page["large_table"])
    counted = sum(row["计入目标"] == "计入" for row in listed)
    assert counted == page.sheet.board["projects_100m"].actual


def test_nobody_s_team_is_named(sample, page):
    teams = set(sample.table("projects")["guarantee_team"].dropna())
    assert teams
    assert not any(team in page.html for team in teams)


def test_a_township_has_no_path_of_the_county(sample):
    place = within(sample, "大峃镇")
    sheet = projects_sheet(sample, place)
    assert sheet.path == ()
    own = sample.table("projects")["township"] == place.township.code
    assert sheet.supplied == int(own.sum())


def test_a_township_without_projects_says_so(sample):
    page = drawn("projects", sample, township="公阳乡")
    assert "没有在库项目" in page["project_findings"].html


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_county_without_projects_says_who_must_supply_them(language):
    page = drawn("projects", county(is_declared=True), language=language)
    drawings = ("funnel_figure", "stages_table", "nodes_table", "large_table", "shares_table")
    for name in ("project_findings", *drawings, "investment_figure", "yearly_table"):
        assert "县发改局" in page[name].html


def test_a_project_without_flags_of_care_is_not_called_uncared_for(sample):
    table = sample.table("projects").drop(columns=["guarantee_team", "has_section_chief_lead"])
    bare = replace(sample, tables={**sample.tables, "projects": table})
    assert "没有保障组" not in drawn("projects", bare)["project_findings"].html


def test_the_english_page_has_english_units(sample):
    shares = drawn("projects", sample, language="en")["shares_table"].html
    assert "个" not in shares
    assert "万元" not in shares
