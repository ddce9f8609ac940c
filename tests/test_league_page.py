"""The page of the league: ranks and their changes, what costs points, who is left out and why."""

from datetime import date
from fractions import Fraction

import pytest

from build import county
from drawing import drawn, rows
from tenglong.errors import UsageError
from tenglong.measure.judge.clock import months_back
from tenglong.source import describe_bundle, read_bundle

TOWNS = {"township": ["t1", "t2", "t3", "t4"], "name": ["甲镇", "乙镇", "丙镇", "丁镇"]}
LIGHTS = [
    {"light": "red", "label": {"zh": "红灯", "en": "Red"}, "when": "months_not_started >= 3"},
    {"light": "yellow", "label": {"zh": "黄灯", "en": "Yellow"}, "when": "months_not_started >= 1"},
    {"light": "green", "label": {"zh": "绿灯", "en": "Green"}},
]


def policy(**reported):
    """Give a league of one item of 20 firms, as each town reported it by day; t4 is not asked."""
    one = {
        "name": {"zh": "整治企业", "en": "firms"},
        "weight": 1,
        "unit": "家",
        "span": "plan",
        "target": {"by": {"t1": 20, "t2": 20, "t3": 20}},
        "reported": reported,
    }
    rule = {
        "name": {"zh": "乡镇赛马", "en": "Townships"},
        "members": "townships",
        "full": 100,
        "completion": "progress / pace",
        "cap": 1.2,
        "least_members": 2,
        "least_items": 1,
        "most_unknown": "1/5",
        "lights": LIGHTS,
        "items": {"firms": one},
    }
    return {"league": {"source": "测试", "leagues": {"townships": rule, "departments": rule}}}


REPORTED = {
    "t1": {"2022-01-31": 4, "2022-06-30": 9},
    "t2": {"2022-01-31": 8},
    "t3": {"2022-01-31": 0},
}


def raced(as_of="2022-06-30", **more):
    whole = county(as_of, policy=policy(**REPORTED), townships=TOWNS, is_declared=True)
    return drawn("league", whole, **more)


@pytest.fixture(scope="module")
def sample():
    read = read_bundle(describe_bundle("data/sample"))
    return drawn("league", read.on("2022-06-30"), on=read.on)


def test_the_change_of_rank_is_counted_from_the_quarter_before():
    shown = rows(raced()["ranking_table townships"])
    assert [(row["成员"], row["较上期"]) for row in shown][:2] == [("甲镇", "1"), ("乙镇", "-1")]


def test_another_day_may_be_compared_with():
    found = raced(against="2022-06-29").sheet
    assert found.compared_on == date(2022, 6, 29)
    assert found.leagues["townships"].now["t1"].rank_before == 2


@pytest.mark.parametrize("said", ["2022-06-30", "2022-07-01", "第一季度"])
def test_a_day_that_is_none_or_not_before_is_refused(said):
    with pytest.raises(UsageError, match="against"):
        raced(against=said)


def test_what_costs_most_points_is_said_with_what_is_short():
    # Half the plan's time has passed: 10 of 20 firms are due, 9 are done; 1 − 9/10 of 100 points.
    loss = raced().sheet.leagues["townships"].losses["t1"][0]
    assert (loss.points, loss.short) == (Fraction(10), Fraction(1))
    assert "甲镇“整治企业”失 10.0 分，距序时或目标还差 1\N{NO-BREAK SPACE}家" in (
        raced()["headline"].html
    )


def test_a_town_without_a_target_is_left_out_and_said_so():
    html = raced()["headline"].html
    assert "没有任务的 1 个：丁镇" in html


def test_a_light_remembers_the_months_before():
    # Not started in April, May and June: three months running.
    assert raced().sheet.leagues["townships"].now["t3"].light == "red"


def test_the_township_looked_at_is_marked_and_its_sheet_alone_is_shown():
    found = raced(township="乙镇")
    assert "▶\N{NO-BREAK SPACE}乙镇" in found["ranking_table townships"].html
    shown = rows(found["score_sheets townships"])
    assert {row["成员"] for row in shown} == {"乙镇"}
    assert "乙镇总分 80.0 分，在 3 个参评成员中列第 2 位，比上期下降 1 位" in found["headline"].html


def test_before_anything_is_reported_nobody_is_ranked_and_the_page_says_so():
    found = raced("2020-12-31")
    assert "不排名" in found["headline"].html


def test_a_county_without_townships_says_who_must_supply_them():
    found = drawn("league", county(policy=policy(**REPORTED), is_declared=True))
    assert "县资规局" in found["headline"].html


@pytest.mark.parametrize(
    ("day", "count", "before"),
    [
        ("2022-03-31", 1, "2022-02-28"),
        ("2022-02-28", 2, "2021-12-31"),
        ("2022-05-15", 3, "2022-02-15"),
    ],
)
def test_the_last_day_of_a_month_stays_the_last(day, count, before):
    assert months_back(date.fromisoformat(day), count) == date.fromisoformat(before)


@pytest.mark.long
def test_the_points_of_a_sheet_add_up_to_the_score_of_the_ranking(sample):
    sheets = rows(sample["score_sheets townships"])
    ranking = rows(sample["ranking_table townships"])
    for row in ranking:
        mine = [float(one["得分"]) for one in sheets if one["成员"] == row["成员"] and one["得分"]]
        if row["得分"]:
            assert sum(mine) == pytest.approx(float(row["得分"]))


def test_leagues_of_any_name_stand_in_the_section_of_their_members():
    named = policy(**REPORTED)
    rule = named["league"]["leagues"]["townships"]
    named["league"]["leagues"] = {
        "first": rule,
        "second": {**rule, "name": {"zh": "乙赛", "en": "B"}},
    }
    whole = county(policy=named, townships=TOWNS, is_declared=True)
    page = drawn("league", whole)
    assert list(page["ranking_table townships"].csv) == ["league_first.csv", "league_second.csv"]
    assert "乙赛" in page["ranking_table townships"].html
    assert "没有这一项赛马" in page["ranking_table departments"].html
    assert list(page["ranks_table townships"].csv)[1] == "league_second_ranks.csv"
    assert list(page["formula_table townships"].csv)[1] == "league_second_formula.csv"
