"""The page of innovation: what is short and by when, titles by year, published figures."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from build import all_of, clause, county, opened
from drawing import drawn, rows
from tenglong.measure.clause import FactRef, IndicatorRef, Kind, Label
from tenglong.measure.sheet.innovation import innovation_sheet
from tenglong.show.page import Page
from tenglong.show.pages.innovation import unit_of
from tenglong.source import open_county


@pytest.fixture(scope="module")
def sample():
    return opened("data/sample", "2022-06-30")


@pytest.fixture(scope="module")
def page(sample):
    return drawn("innovation", sample)


def titled(kind, **more):
    ref = IndicatorRef("recognitions", {"kind": "smart_factory", "count": "holders"})
    name = Label("智能工厂", "Smart factories")
    return clause(kind, 3, unit="家", indicator=ref, name=name, **more)


def won(*days, holders="甲乙丙丁", lost=(), clauses=()):
    return county(
        clauses=clauses,
        is_declared=True,
        recognitions={
            "kind": ["smart_factory"] * len(days),
            "holder": list(holders[: len(days)]),
            "recognised_on": list(days),
            "batch": [f"{day[:4]}年" for day in days],
            "item": [None] * len(days),
            "is_lost": [place in lost for place in range(len(days))],
        },
    )


def test_a_yearly_clause_asks_for_what_is_short_in_the_running_year():
    one = all_of(innovation_sheet, won("2021-05-01", "2022-03-01", clauses=(titled(Kind.ANNUAL),)))
    assert (one.tracks[0].short, one.tracks[0].due) == (Fraction(2), date(2022, 12, 31))


def test_a_total_asks_for_the_rest_by_the_end():
    one = all_of(
        innovation_sheet, won("2021-05-01", "2022-03-01", clauses=(titled(Kind.CUMULATIVE),))
    )
    assert (one.tracks[0].short, one.tracks[0].due) == (Fraction(1), date(2023, 12, 31))


def test_a_total_is_drawn_as_it_grew_from_nothing():
    one = all_of(
        innovation_sheet, won("2021-05-01", "2022-03-01", clauses=(titled(Kind.CUMULATIVE),))
    )
    assert one.tracks[0].points == (
        (date(2020, 12, 31), Fraction(0)),
        (date(2021, 12, 31), Fraction(1)),
        (date(2022, 6, 30), Fraction(2)),
    )


def test_a_clause_about_something_else_is_not_on_the_page():
    ref = IndicatorRef("freed", {"what": "land_mu"})
    other = clause(Kind.CUMULATIVE, 350, unit="亩", indicator=ref)
    assert all_of(innovation_sheet, county(clauses=(other,))).tracks == ()


def test_the_unit_that_is_behind_is_told_what_to_bring_and_by_when():
    behind = won(clauses=(titled(Kind.CUMULATIVE),))
    html = drawn("innovation", behind)["headline"].html
    assert "县经信局须于2023年12月31日前补齐“智能工厂”3\N{NO-BREAK SPACE}家" in html


def test_what_is_short_on_its_day_is_not_asked_for_before_that_day():
    on_the_day = replace(won(clauses=(titled(Kind.ANNUAL),)), as_of=date(2021, 12, 31))
    html = drawn("innovation", on_the_day)["headline"].html
    assert "县经信局的“智能工厂”到2021年12月31日还差 3\N{NO-BREAK SPACE}家" in html
    assert "2021年12月31日前" not in html


def test_titles_revoked_this_year_are_named_beside_their_count():
    one = won("2021-05-01", "2022-03-01", holders="甲甲", lost=(1,), clauses=(titled(Kind.ANNUAL),))
    page = drawn("innovation", one)
    html = page["headline"].html
    assert "2022 年被撤销或失效的认定 1 项：甲（智能工厂（数字化车间），2022年3月1日）" in html
    assert "新增之后被撤销 1 项、仍计入新增：甲（2022-03-01）" in page["workings"].html
    earlier = won("2021-05-01", "2021-06-01", holders="甲甲", lost=(1,))
    assert "被撤销或失效" not in drawn("innovation", earlier)["headline"].html


@pytest.mark.parametrize(("measure", "unit"), [("recognitions", "家"), ("other", "项")])
def test_a_title_is_counted_in_the_unit_of_the_fact_that_tells_of_it(measure, unit):
    """No clause counts these: a fact does, or else they are titles (项)."""
    ref = IndicatorRef(measure, {"kind": "smart_factory"})
    told = clause(Kind.NARRATIVE, unit="", facts=(FactRef(Label("智能工厂", "Smart"), ref, "家"),))
    assert unit_of(Page(county(clauses=(told,))), "smart_factory") == unit


def test_every_kind_of_title_has_its_unit_beside_it(page):
    shown = {row["认定类别"]: row["单位"] for row in rows(page["titles_table"])}
    assert (shown["专精特新企业"], shown["省级工业新产品"]) == ("家", "项")


def test_in_english_where_counts_have_no_unit_there_is_no_empty_column(sample):
    english = drawn("innovation", sample, language="en")["titles_table"]
    assert "Unit" not in rows(english)[0]
    assert all(any(row.values()) for row in rows(english))


def test_a_lost_title_and_one_that_stands_twice_are_listed():
    one = won("2021-05-01", "2021-05-01", "2022-03-01", holders="甲甲甲", lost=(2,))
    shown = rows(drawn("innovation", one)["lost_table"])
    assert [row["情况"] for row in shown] == ["已撤销", "同一批次重复，只计一次"]


def test_figures_that_contradict_one_another_are_both_shown(page):
    shown = rows(page["published_table"])
    assert sorted(float(row["数值"]) for row in shown) == [8640.0, 9980.0]
    assert "技术交易总额（2021年）公布数不一致" in page["headline"].html


def test_a_township_is_shown_what_it_has_of_the_countys_clauses(sample, page):
    shown = rows(drawn("innovation", sample, township="大峃镇")["duties_table"])
    assert "大峃镇" in shown[0]
    whole = rows(page["duties_table"])
    assert [row["状态"] for row in shown] == [row["状态"] for row in whole]


def test_a_bundle_of_parcels_alone_says_who_must_supply_what():
    html = drawn("innovation", open_county("data/cambridge"))["headline"].html
    assert "请县经信局提供" in html
