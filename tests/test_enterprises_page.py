"""The evaluation page: sentences first, then those who need action; sparse, and cut."""

import pytest

from build import county as tiny
from build import opened
from drawing import drawn, rows
from tenglong.source import open_county


@pytest.fixture(scope="module")
def sample():
    return opened("data/sample", "2022-06-30")


@pytest.fixture(scope="module")
def page(sample):
    return drawn("enterprises", sample)


@pytest.mark.long
@pytest.mark.parametrize("scheme", ["changle", "huaian", "huangyan-2022", "jingde", "wenling"])
def test_every_scheme_can_be_shown(sample, scheme):
    assert "参评企业" in drawn("enterprises", sample, scheme=scheme)["enterprise_findings"].html


def test_the_page_opens_with_the_grades_and_who_must_act(page):
    html = page["enterprise_findings"].html
    assert "其中 A 类 16 家、B 类 86 家、C 类 49 家、D 类 8 家" in html
    assert "由县发改局、县经信局、县税务局、县供电公司对 D 类 8 家企业落实差别电价" in html


def test_the_low_grades_come_worst_first_and_can_be_linked_to(page):
    low = page["low_firms"]
    found = rows(low)
    assert [row["等级"] for row in found] == ["D"] * 8 + ["C"] * 49
    assert f'<tr id="firm-{found[0]["统一社会信用代码"]}">' in low.html


def test_every_evaluated_firm_stands_in_one_of_the_two_tables(page):
    both = (page["low_firms"], page["other_firms"])
    codes = [row["统一社会信用代码"] for piece in both for row in rows(piece)]
    assert len(codes) == len(set(codes)) == 166


def test_a_firm_that_moves_between_populations_is_not_compared_by_points(page):
    found = [row for row in rows(page["moved_firms"]) if "评价类别与上年不同" in row["说明"]]
    assert found
    assert {row["得分增减"] for row in found} == {""}


def test_a_veto_stands_beside_the_grade_that_it_decided(page):
    (vetoed,) = [row for row in rows(page["low_firms"]) if "一票否决" in row["说明"]]
    assert vetoed["等级"] == "C"


def test_a_township_shows_its_own_firms_with_the_ranks_of_the_county(sample):
    found = rows(drawn("enterprises", sample, township="峃口镇")["low_firms"])
    assert {row["乡镇"] for row in found} == {"峃口镇"}
    assert "106" in {row["名次"] for row in found}


def test_a_county_of_parcels_alone_says_who_must_supply_the_firms():
    found = drawn("enterprises", open_county("data/cambridge"))
    assert "未提供“企业年度数据”" in found["enterprise_findings"].html
    assert "请县经信局提供" in found["enterprise_findings"].html
    told = ("low_firms", "moved_firms", "tax_per_mu_spread", "indicators", "quality")
    assert all("所需数据未提供" in found[name].html for name in told)


@pytest.mark.parametrize("figure", ["grades_by_township", "grades_by_industry"])
def test_the_grades_of_a_figure_add_up_to_the_firms_evaluated(page, figure):
    counts = [int(row[name]) for row in rows(page[figure]) for name in row if " 类" in name]
    assert sum(counts) == 159


def test_every_firm_that_tells_tax_and_land_is_in_a_class(page):
    counts = [int(list(row.values())[-1]) for row in rows(page["tax_per_mu_spread"])]
    assert sum(counts) == 159


def test_rates_without_a_source_are_not_made_up(page):
    assert {row["标准"] for row in rows(page["grade_measures"])} == {"…"}


def test_all_that_moved_is_in_the_csv_and_the_worse_comes_first(page):
    changes = [row["变化"] for row in rows(page["moved_firms"])]
    assert changes[:12] == ["下降"] * 12
    assert changes.count("新参评") == 5
    assert changes.count("不再参评") == 10


def test_a_decision_is_told_with_its_reason_and_no_text_of_the_data_is_taken_for_html():
    firms = {"usci": ["a", "b"], "name": ["<b>甲</b>", "乙"], "industry": ["33", "34"]}
    years = {
        "usci": ["a", "b"],
        "year": 2021,
        "is_above_scale": False,
        "land_mu": 10.0,
        "tax_paid_wan": [30.0, 20.0],
        "electricity_10k_kwh": 100.0,
    }
    decided = {"usci": "a", "year": 2021, "grade": "D", "reason": "2022 年第 1 次会议纪要"}
    policy = {"adjustments": {"source": "…", "adjustments": [decided]}}
    county = tiny(policy=policy, enterprises=firms, enterprise_years=years)
    found = drawn("enterprises", county)
    low = found["low_firms"].html
    assert "按决定调整等级：2022 年第 1 次会议纪要" in low
    assert "&lt;b&gt;甲" in low
    assert "<b>" not in low
    assert "会议决定调整 1 家" in found["enterprise_findings"].html
