"""The project page: what it says, for a county, a township, and a county that supplied little."""

import csv
import io
from dataclasses import replace

import pytest

from build import county
from tenglong.measure.firm.places import within
from tenglong.measure.project.project_sheet import project_sheet
from tenglong.show.pages import projects, projects_detail, projects_paths
from tenglong.source import open_county

PIECES = (
    projects.project_findings,
    projects.funnel_figure,
    projects_detail.stages_table,
    projects_detail.nodes_table,
    projects_detail.large_table,
    projects_paths.shares_table,
    projects_paths.investment_figure,
    projects_paths.yearly_table,
)
OWN = (projects.funnel_table, projects_detail.summary_table, projects_paths.project_terms)


def drawn(place, sheet, language="zh"):
    pieces = [piece(place, sheet, language=language) for piece in PIECES]
    return [*pieces, *(piece(sheet, language=language) for piece in OWN)]


def rows(piece, name):
    return list(csv.DictReader(io.StringIO(piece.csv[f"{name}.csv"])))


@pytest.fixture(scope="module")
def sample():
    return open_county("data/sample", "2022-06-30")


@pytest.fixture(scope="module")
def sheet(sample):
    return project_sheet(sample, sample)


def test_projects_over_a_limit_stand_first_the_longest_before_the_others(sample, sheet):
    listed = rows(projects_detail.stages_table(sample, sheet), "projects_stages")
    over = [int(row["超出（天）"] or 0) for row in listed]
    assert over == sorted(over, reverse=True)
    assert sum(days > 0 for days in over) == int(sheet.stages["is_stuck"].sum())


def test_late_nodes_stand_before_what_is_not_due_and_what_was_kept(sample, sheet):
    states = [
        row["状态"] for row in rows(projects_detail.nodes_table(sample, sheet), "projects_nodes")
    ]
    assert states.index("逾期完成") == 0
    assert states.index("未到期") < states.index("按期履约")


def test_the_funnel_never_widens(sheet):
    listed = rows(projects.funnel_table(sheet), "projects_funnel")
    for name in ("全部项目", "招引制造业", "1 亿元以上单体制造业"):
        counts = [int(row[name]) for row in listed]
        assert counts == sorted(counts, reverse=True)


def test_what_counts_for_the_plan_is_what_its_clause_counts(sample, sheet):
    listed = rows(projects_detail.large_table(sample, sheet), "projects_large")
    counted = sum(row["计入目标"] == "计入" for row in listed)
    assert counted == sheet.board["projects_100m"].actual


def test_nobody_s_team_is_named(sample, sheet):
    teams = set(sample.table("projects")["guarantee_team"].dropna())
    html = "".join(piece.html for piece in drawn(sample, sheet))
    assert teams
    assert not any(team in html for team in teams)


def test_a_township_has_no_path_of_the_county(sample):
    place = within(sample, "大峃镇")
    sheet = project_sheet(sample, place)
    assert sheet.path == ()
    own = sample.table("projects")["township"] == place.township.code
    assert sheet.supplied == int(own.sum())


def test_a_township_without_projects_says_so(sample):
    place = within(sample, "公阳乡")
    html = projects.project_findings(place, project_sheet(sample, place)).html
    assert "没有在库项目" in html


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_piece_has_files_of_its_own_name_and_no_code(sample, sheet, language):
    pieces = drawn(sample, sheet, language)
    names = [name for piece in pieces for name in piece.csv]
    assert len(names) == len(set(names))
    text = "".join(piece.html for piece in pieces)
    for code in ("landed_on", "not_due", "nan", "None", "NaT"):
        assert code not in text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_county_without_projects_says_who_must_supply_them(language):
    bare = county(is_declared=True)
    pieces = drawn(bare, project_sheet(bare, bare), language)
    assert all("县发改局" in piece.html for piece in pieces[:8])


@pytest.mark.parametrize("day", ["2020-12-31", "2021-12-31", "2024-03-31"])
def test_the_page_holds_on_any_day(day):
    one = open_county("data/sample", day)
    pieces = drawn(one, project_sheet(one, one))
    assert all(piece.html for piece in pieces)


def test_a_project_without_flags_of_care_is_not_called_uncared_for(sample):
    table = sample.table("projects").drop(columns=["guarantee_team", "has_section_chief_lead"])
    bare = replace(sample, tables={**sample.tables, "projects": table})
    html = projects.project_findings(bare, project_sheet(bare, bare)).html
    assert "没有保障组" not in html
