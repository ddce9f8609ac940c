"""The carbon page: what it says, for a county, a township, and a county that supplied little."""

from dataclasses import replace

import pytest

from build import clause, county, opened
from drawing import drawn, rows
from tenglong.measure.carbon.energy import counting_effect, energy_demand
from tenglong.measure.clause import IndicatorRef, Kind, Operator
from tenglong.measure.firm.places import within
from tenglong.measure.sheet.carbon import carbon_sheet

INTENSITY = IndicatorRef("intensity_change")


@pytest.fixture(scope="module")
def sample():
    return opened("data/sample", "2022-06-30")


@pytest.fixture(scope="module")
def page(sample):
    return drawn("carbon", sample)


def test_the_worst_grade_stands_first_and_within_it_the_largest(page):
    listed = rows(page["worst_table"])
    keys = [(-int(row["等级"][0]), -float(row["碳排放（吨）"])) for row in listed]
    assert keys == sorted(keys)
    assert {row["等级"][0] for row in listed} <= {"4", "5"}


def test_the_grades_by_industry_add_up_to_the_firms(page):
    assert int(page.sheet.by_industry.to_numpy().sum()) == len(page.sheet.firms)


def test_a_firm_keeps_its_grade_of_the_whole_county_on_the_page_of_its_township(sample, page):
    for town in sample.table("townships")["township"].tolist()[:4]:
        own = carbon_sheet(sample, within(sample, town))
        whole = page.sheet.firms.set_index("usci")["grade"]
        assert (own.firms.set_index("usci")["grade"] == whole[own.firms["usci"]]).all()


def test_each_way_of_counting_electricity_is_summed_by_itself():
    one = county(
        enterprises={"usci": ["A", "B"], "industry": ["3441", "3441"]},
        enterprise_years={
            "usci": ["A", "B"],
            "year": [2021, 2021],
            "is_above_scale": [True, True],
            "electricity_10k_kwh": [400.0, None],
            "energy_tce": [1200.0, 50.0],
        },
    )
    found = counting_effect(one).iloc[0]
    assert (found["firms"], found["lacking"]) == (1, 1)
    assert (found["equal_tce"], found["calorific_tce"]) == (1200.0, 491.6)
    assert (found["key_equal"], found["key_calorific"]) == (1, 0)


def test_projects_none_of_which_tells_its_energy_ask_for_an_unknown_amount():
    one = county(
        projects={
            "project_id": ["P"],
            "kind": ["energy_saving"],
            "energy_tce": [None],
            "started_on": ["2021-07-08"],
        }
    )
    found = energy_demand(one).iloc[0]
    assert found["energy_tce"] != found["energy_tce"]
    assert found["energy_unknown"] == 1


def test_before_any_factor_was_published_nothing_is_rated_and_the_page_says_why():
    page = drawn("carbon", opened("data/sample", "2020-12-31"))
    assert "均不能评定碳效：当日尚无已公布的电网排放因子" in page["carbon_findings"].html
    assert "没有碳效 4、5 级企业" not in page.html


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_county_without_firms_says_who_must_supply_what(language):
    page = drawn("carbon", county(is_declared=True), language=language)
    assert "县经信局" in page["carbon_findings"].html
    assert "县发改局" in page["carbon_findings"].html
    assert all(page[name].html for name in ("months_figure", "effect_table", "unknown_table"))


def test_a_township_is_told_that_intensity_is_of_the_whole_county(sample):
    page = drawn("carbon", sample, township="大峃镇")
    assert "只按全县计算" in page["carbon_findings"].html


def test_firms_that_cannot_be_rated_name_what_is_wanting_and_the_unit(sample):
    years = sample.table("enterprise_years").drop(columns="zero_carbon_power_10k_kwh")
    bare = replace(sample, tables={**sample.tables, "enterprise_years": years})
    listed = rows(drawn("carbon", bare)["unknown_table"])
    assert {row["原因"] for row in listed} == {"未提供零碳电力，不能核减"}
    assert {row["提供单位"] for row in listed} == {"县经信局"}


def two_years(language="zh", **series):
    """Draw the page of a county of two firms, one of which comes into the scope in 2021."""
    figures = [("value_added_growth_pct", 0), *((f"{name}_pct", v) for name, v in series.items())]
    one = county(
        "2022-06-30",
        (clause(Kind.CHANGE, -9, operator=Operator.AT_MOST, indicator=INTENSITY),),
        is_declared=True,
        enterprises={"usci": ["A", "B"], "name": ["甲厂", "乙厂"], "industry": ["3441"] * 2},
        enterprise_years={
            "usci": ["A", "A", "B", "B"],
            "year": [2020, 2021] * 2,
            "is_above_scale": [True, True, False, True],
            "energy_tce": [100, 97, None, 30],
        },
        official_series={
            "indicator": [name for name, _ in figures],
            "period": ["2021"] * len(figures),
            "value": [value for _, value in figures],
        },
    )
    return drawn("carbon", one, language=language)


def test_the_page_says_what_is_judged_and_what_stands_beside_it():
    page = two_years()
    said = page["carbon_findings"].html
    assert "累计下降 3.00 %" in said.replace("\xa0", " ")
    assert "2021 年为同一批企业两年能耗和公布的增加值增速" in said
    assert "只作对照，不作判定" in said
    [beside] = rows(page["beside_table"])
    assert beside["各年全部规上企业累计变化（%，不判定）"] == "27"
    assert (beside["同一批企业（家）"], beside["新进入规上未列入（家）"]) == ("1", "1")
    [left] = rows(page["unpaired_table"])
    assert (left["企业"], left["原因"]) == ("乙厂", "当年新进入规上，上年能耗未报")


@pytest.mark.parametrize(
    ("series", "basis", "change"),
    [
        ({"energy_growth": -2}, "公布的能耗增速和增加值增速", "-2"),
        ({"energy_intensity_change": -4}, "公布的单位增加值能耗变化", "-4"),
    ],
)
def test_the_page_says_that_a_published_figure_goes_first(series, basis, change):
    page = two_years(**series)
    [year] = rows(page["intensity_table"])
    assert (year["依据"], year["累计变化（%）"]) == (basis, change)
    assert rows(page["beside_table"])[0]["同一批企业累计变化（%）"] == "-3"
    assert f"2021 年为{basis}" in page["carbon_findings"].html
    assert "as published" in two_years("en", energy_intensity_change=-4)["carbon_findings"].html
