"""The clearance page: the sentences, what is overdue and whose it is; sparse, and cut."""

import pytest

from build import county, opened
from drawing import drawn, rows
from tenglong.measure.sheet.clearance import listed
from tenglong.source import open_county


@pytest.fixture(scope="module")
def page():
    return drawn("clearance", opened("data/sample", "2022-06-30"))


def test_the_page_opens_with_the_list_what_is_overdue_and_whose_it_is(page):
    html = page["clearance_findings"].html
    assert "清单内企业 68 家，已达标销号 21 家，关停淘汰 9 家，尚在整治 38 家" in html
    assert "逾期未办 6 家，最长 181 天：示例泗溪兴业水泥制品有限公司" in html
    assert "应完成合规检查，逾期 181 天，责任单位县经信局、巨屿镇" in html


def test_what_was_freed_is_held_against_the_plan_and_the_implied_carbon_is_judged(page):
    html = page["clearance_findings"].html
    assert "，目标 350 亩，完成 64.9\N{NO-BREAK SPACE}%" in html
    assert "折每吨标准煤 1.85 吨二氧化碳，在合理范围内，合理区间为 1.5—2.8" in html


def test_what_is_overdue_is_listed_the_longest_first(page):
    days = [int(row["逾期（天）"]) for row in rows(page["overdue"])]
    assert days == sorted(days, reverse=True)
    assert len(days) == 6


def test_the_list_ends_with_those_that_have_ended(page):
    states = [row["所处环节"] for row in rows(page["the_list"])]
    assert len(states) == 68
    assert set(states[-30:]) == {"达标销号", "关停淘汰"}


def test_a_township_is_not_held_against_the_targets_of_the_county():
    found = drawn("clearance", opened("data/sample", "2022-06-30"), township="峃口镇")
    assert "方案目标是全县目标" in found["targets"].html
    assert "目标 ≥" not in found["clearance_findings"].html
    assert {row["乡镇"] for row in rows(found["the_list"])} == {"峃口镇"}


def test_what_is_left_by_township_adds_up_to_the_firms_below_the_line(page):
    counts = [int(row["企业数（家）"]) for row in rows(page["left_by_township"])]
    assert sum(counts) == len(rows(page["left_firms"])) == 28


def test_projects_that_were_not_checked_come_first(page):
    findings = [row["问题"] for row in rows(page["projects"])]
    assert ["未评估检查" in one for one in findings] == [True] * 3 + [False] * 5


def test_a_county_of_parcels_alone_says_who_must_supply_what():
    html = drawn("clearance", open_county("data/cambridge"))["clearance_findings"].html
    assert "未提供“高耗低效整治记录”" in html
    assert "请县经信局提供" in html
    assert "请县发改局提供" in html


def test_a_listed_firm_with_too_little_land_meets_no_reason_any_more():
    firms = {"usci": ["A", "B"], "industry": ["3311", "3311"], "name": ["甲", "乙"]}
    years = {"usci": ["A", "B"], "year": [2021, 2021], "is_above_scale": [False, False]}
    whole = county(
        enterprises=firms,
        enterprise_years={**years, "tax_paid_wan": [1, 1], "land_mu": [2.9, None]},
        clearance_events={
            "usci": ["A", "B"],
            "event": ["listed", "listed"],
            "happened_on": ["2021-03-01", "2021-03-01"],
            "evidence": [None, None],
        },
    )
    reasons = dict(zip(*(listed(whole, whole)[name] for name in ("usci", "reasons")), strict=True))
    assert reasons["A"] == ()
    assert not isinstance(reasons["B"], tuple)
