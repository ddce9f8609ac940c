"""The page of chains: what it finds, who is warned of, and what land is mortgaged."""

from dataclasses import replace

import pandas as pd
import pytest

from build import county, opened
from drawing import drawn, read, rows
from tenglong.errors import UsageError
from tenglong.measure.chain.warning import alarms
from tenglong.measure.sheet.chains import mortgaged_parcels
from tenglong.source import open_county

SPRING = ("2021-04", "2021-05", "2021-06", "2022-04", "2022-05", "2022-06")


@pytest.fixture(scope="module")
def page():
    return drawn("chains", opened("data/sample", "2022-06-30"))


def watched(**firms):
    """Give firms by their electricity of three springs' months, before and after."""
    return county(
        is_declared=True,
        enterprises={
            "usci": list(firms),
            "name": [f"{name}公司" for name in firms],
            "township": ["330328100", "330328101", "330328100"][: len(firms)],
            "chain": ["高端装备"] * len(firms),
            "closed_on": [None] * len(firms),
        },
        townships={"township": ["330328100", "330328101"], "name": ["大峃镇", "百丈漈镇"]},
        enterprise_months={
            "usci": [name for name in firms for _ in SPRING],
            "month": list(SPRING) * len(firms),
            "electricity_10k_kwh": [value for months in firms.values() for value in months],
        },
    )


def test_the_steepest_fall_stands_first():
    one = watched(A=(10, 10, 10, 7, 7, 7), B=(10, 10, 10, 7, 6, 2), C=(10, 10, 10, 10, 10, 10))
    warned = rows(drawn("chains", one)["warned_table"])
    assert [row["企业"] for row in warned][:2] == ["B公司", "A公司"]


def test_a_firm_is_said_with_its_fall_and_the_months_it_has_lasted():
    html = drawn("chains", watched(A=(10, 10, 10, 7, 7, 6)))["headline"].html
    assert "大峃镇A公司，用电量同比连续下降，最近一月下降 40.0\xa0%，已连续 3 个月" in html


def test_a_first_year_cannot_be_told_and_says_why():
    """No month of the year before: nobody is without a light, which is not zero."""
    first = opened("data/sample", "2021-12-31")
    page = drawn("chains", first)
    watched = len(alarms(first).firms)
    said = read(page["headline"])
    assert watched
    assert f"不能判断 {watched} 家：缺对比月份 {watched} 家。" in said
    assert "红灯…家" in said.replace(" ", "").replace("\n", "")
    listed = rows(page["warned_table"])
    assert {row["不能判断的原因"] for row in listed} == {"缺对比月份"}


def test_the_unit_that_fills_in_chains_is_the_policys():
    one = watched(A=(10, 10, 10, 7, 7, 7))
    one.tables["enterprises"]["chain"] = pd.Series([None], dtype="str")
    units = {**one.policy["suppliers"]["columns"], "enterprises.chain": "县甲局"}
    suppliers = {**one.policy["suppliers"], "columns": units}
    told = drawn("chains", replace(one, policy={**one.policy, "suppliers": suppliers}))
    assert "须由县甲局补充产业链归属" in read(told["headline"])


def test_months_running_break_off_at_the_month_that_did_not_fall():
    falls = alarms(watched(A=(10, 10, 10, 7, 7, 7))).firms["falls"].iloc[0]
    assert [fall.months_running for fall in falls] == [3]


def test_a_township_shows_its_own_firms_as_the_county_judged_them():
    one = watched(A=(10, 10, 10, 7, 7, 7), B=(10, 10, 10, 5, 5, 5))
    shown = rows(drawn("chains", one, township="大峃镇")["warned_table"])
    assert [row["企业"] for row in shown] == ["A公司"]


def test_an_unknown_township_is_a_usage_error():
    with pytest.raises(UsageError, match="did you mean '大峃镇'"):
        drawn("chains", watched(A=(10, 10, 10, 7, 7, 7)), township="大岙镇")


def test_idle_land_with_a_mortgage_stands_before_land_in_use():
    one = county(
        parcels={
            "parcel_id": ["p", "q"],
            "actual_mu": [4.0, 2.0],
            "started_on": ["2020-05-01", None],
            "completed_on": ["2021-05-01", None],
            "agreed_start_on": ["2020-05-01", "2021-01-01"],
        },
        collateral={
            "collateral_id": ["1", "2"],
            "parcel_id": ["p", "q"],
            "creditor": ["甲行", "乙行"],
            "amount_wan": [900.0, 100.0],
            "registered_on": ["2021-03-01"] * 2,
            "released_on": [None, None],
        },
    )
    found = mortgaged_parcels(one)
    assert found[["parcel_id", "is_unused", "creditor_names"]].to_numpy().tolist() == [
        ["q", True, "乙行"],
        ["p", False, "甲行"],
    ]


def test_the_amounts_by_creditor_add_up_to_the_total(page):
    by_creditor = rows(page["creditors_table"])
    total = sum(float(row["担保金额（万元）"]) for row in by_creditor)
    assert total == page.sheet.securities.total_wan


def test_firms_by_township_add_up_to_those_of_the_directory(page):
    by_place, listed = rows(page["places_table"]), rows(page["directory_table"])
    assert sum(int(row["合计（家）"]) for row in by_place) == sum(
        int(row["企业（家）"]) for row in listed
    )


def test_a_bundle_of_parcels_alone_says_who_must_supply_what():
    html = drawn("chains", open_county("data/cambridge"))["headline"].html
    assert "县市场监管局" in html
    assert "县金融服务中心" in html


def test_a_hostile_name_stays_text():
    one = watched(A=(10, 10, 10, 7, 7, 7))
    frame = one.tables["enterprises"].assign(name="<script>{{ 7 }}</script>")
    hostile = replace(one, tables={**one.tables, "enterprises": frame})
    assert "&lt;script" in drawn("chains", hostile).html
    assert "<script" not in drawn("chains", hostile).html


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_firm_that_may_be_closed_is_in_no_chain_and_not_watched_and_named(language):
    one = watched(A=(10, 10, 10, 7, 7, 7), B=(10, 10, 10, 7, 6, 2), C=(10, 10, 10, 10, 10, 10))
    doubted = replace(one, doubtful={"enterprises": {1: frozenset({"closed_on"})}})
    page = drawn("chains", doubted, language=language)
    assert "B公司" not in read(page["warned_table"])
    assert "A公司" in read(page["warned_table"])
    firms = "企业（家）" if language == "zh" else "Firms"
    assert [row[firms] for row in rows(page["directory_table"], "chains_directory")] == ["2"]
    said = read(page["headline"])
    if language == "zh":
        assert "1 家企业的关闭日期存疑" in said
        assert "未列入产业链，也未纳入监测：B公司；请" in said
    else:
        assert "1 firm is in no chain and not watched, since it is doubtful when it was" in said
        assert "B公司" in said
    town = drawn("chains", doubted, township="大峃镇", language=language)
    assert "B公司" not in read(town["headline"])


def test_where_no_day_of_closing_is_doubtful_nothing_is_said(page):
    assert "存疑" not in read(page["headline"])
