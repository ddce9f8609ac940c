"""The clearance page: the sentences, what is overdue and whose it is; sparse, cut, in English."""

import csv
import io

import pytest

from tenglong.measure.clearance.clearing import INDICATORS, clearing
from tenglong.measure.firm.places import within
from tenglong.measure.target.board import assess_plan
from tenglong.show.pages import clearance, clearance_list, low_yield, two_high
from tenglong.source import open_county

DAYS = ("2020-12-31", "2021-12-31", "2022-06-30", "2023-12-31", "2024-03-31")


def pieces(bundle="data/sample", day="2022-06-30", *, township="", language="zh"):
    whole = open_county(bundle, day)
    county = within(whole, township)
    found = clearing(whole, township=township)
    board = assess_plan(county, indicators=INDICATORS)
    return {
        "findings": clearance.clearance_findings(county, board, found, language=language),
        "overdue": clearance_list.overdue(county, found, language=language),
        "unlisted": clearance_list.unlisted(found, language=language),
        "targets": clearance.targets(county, board, language=language),
        "funnel": clearance_list.loop_funnel(found, language=language),
        "list": clearance_list.the_list(county, found, language=language),
        "ways": clearance_list.ways(county, found, language=language),
        "carbon": clearance_list.doubtful_carbon(found, language=language),
        "townships": low_yield.left_by_township(found, language=language),
        "industries": low_yield.left_by_industry(found, language=language),
        "left": low_yield.left_firms(found, language=language),
        "projects": two_high.projects(county, found, language=language),
        "users": two_high.key_users(found, language=language),
        "refused": clearance_list.refused(county, found, language=language),
    }


def rows(piece):
    (text,) = piece.csv.values()
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_day_and_no_language_shows_a_hole(day, language):
    html = "".join(piece.html for piece in pieces(day=day, language=language).values())
    for hole in ("nan", "None", "NaT", "<NA>", "low_tax_", "_overdue", "end_without"):
        assert hole not in html


def test_the_page_opens_with_the_list_what_is_overdue_and_whose_it_is():
    html = pieces()["findings"].html
    assert "清单内企业 68 家，已达标销号 21 家、关停淘汰 9 家，尚在整治 38 家" in html
    assert "逾期未办 6 家，最长 181 天：示例泗溪茂水泥制品有限公司" in html
    assert "应完成合规检查，逾期 181 天，责任单位 县经信局、巨屿镇" in html


def test_what_was_freed_is_held_against_the_plan_and_the_implied_carbon_is_judged():
    html = pieces()["findings"].html
    assert "（目标 ≥ 350 亩，完成 64.9\N{NO-BREAK SPACE}%" in html
    assert "折每吨标准煤 1.87 吨二氧化碳，在合理范围内（合理区间 1.5—2.8）" in html


def test_what_is_overdue_is_listed_the_longest_first():
    days = [int(row["逾期（天）"]) for row in rows(pieces()["overdue"])]
    assert days == sorted(days, reverse=True)
    assert len(days) == 6


def test_the_list_ends_with_those_that_have_ended():
    states = [row["所处环节"] for row in rows(pieces()["list"])]
    assert len(states) == 68
    assert set(states[-30:]) == {"达标销号", "关停淘汰"}


def test_a_township_is_not_held_against_the_targets_of_the_county():
    found = pieces(township="峃口镇")
    assert "方案目标是全县目标" in found["targets"].html
    assert "目标 ≥" not in found["findings"].html
    assert {row["乡镇"] for row in rows(found["list"])} == {"峃口镇"}


def test_what_is_left_by_township_adds_up_to_the_firms_below_the_line():
    found = pieces()
    counts = [int(row["企业数（家）"]) for row in rows(found["townships"])]
    assert sum(counts) == len(rows(found["left"])) == 38


def test_projects_that_were_not_checked_come_first():
    findings = [row["问题"] for row in rows(pieces()["projects"])]
    assert ["未评估检查" in one for one in findings] == [True] * 3 + [False] * 5


def test_a_county_of_parcels_alone_says_who_must_supply_what():
    html = pieces("data/cambridge")["findings"].html
    assert "未提供“高耗低效整治记录”" in html
    assert "请县经信局提供" in html
    assert "请县发改局提供" in html
