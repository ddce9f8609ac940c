"""Words of size: both readings of 以下 and 以上, the ground of each, and who is on the line."""

from dataclasses import replace
from fractions import Fraction

import pandas as pd
import pytest

from build import BANDS, POLICY, clause, county, page_in
from drawing import drawn
from tenglong.errors import ConfigurationError
from tenglong.measure.clause import IndicatorRef, Kind, Operator
from tenglong.measure.clearance.clear_out import left_below, lifted, low_tax_firms, on_line
from tenglong.measure.clearance.listing import clearance_list
from tenglong.measure.clearance.two_high import key_users, two_high_projects
from tenglong.measure.judge.kinds import assess
from tenglong.measure.parcel.classes import classes_of, measure_of
from tenglong.measure.parcel.uses import parcel_uses
from tenglong.measure.policy.wording import wording_rule
from tenglong.measure.project.choice import chosen_projects
from tenglong.show.assessed import working_text
from tenglong.show.map.legend import class_texts
from tenglong.show.record import record

FIRMS = {"usci": ["low", "on", "above"], "name": ["低", "正好", "高"], "industry": "33"}
YEARS = {
    "usci": ["low", "on", "above"],
    "year": 2021,
    "is_above_scale": [False, True, False],
    "tax_paid_wan": [14.99, 15.0, 15.01],
    "land_mu": 3.0,
    "energy_tce": 1.0,
    "value_added_wan": 100.0,
}
CLEARED = clause(
    Kind.CLEAR_OUT,
    0,
    operator=Operator.AT_MOST,
    unit="家",
    indicator=IndicatorRef("low_tax_firms", {"below_wan_per_mu": 5}),
)


def reading_as(**chosen):
    return {**POLICY, "wording": {**POLICY["wording"], **chosen}}


def firms(**chosen):
    return county(
        policy=reading_as(**chosen),
        clauses=(CLEARED,),
        is_declared=True,
        enterprises=FIRMS,
        enterprise_years=YEARS,
    )


@pytest.mark.parametrize(("reading", "names"), [("excluded", ["low"]), ("included", ["low", "on"])])
def test_one_place_decides_who_is_below_the_line_everywhere(reading, names):
    one = firms(below=reading)
    figure = low_tax_firms(one, below_wan_per_mu=5).figures[-1]
    assert (figure.value, figure.parts["firms_on_line"]) == (len(names), 1)
    assert left_below(one)["usci"].tolist() == names
    listed = clearance_list(one)
    assert listed.loc[listed["reasons"].map(bool), "usci"].tolist() == names


@pytest.mark.parametrize(("reading", "risen"), [("excluded", ["a"]), ("included", [])])
def test_who_rises_to_the_line_exactly_is_lifted_by_one_reading_only(reading, risen):
    years = {"usci": ["a", "a"], "year": [2020, 2021], "tax_paid_wan": [9.0, 15.0]}
    one = county(
        policy=reading_as(below=reading),
        enterprises={"usci": ["a"], "industry": ["33"]},
        enterprise_years={**years, "land_mu": 3.0, "is_above_scale": False},
    )
    assert lifted(one)["usci"].tolist() == risen
    assert on_line(one)["usci"].tolist() == ["a"]


@pytest.mark.parametrize("reading", ["excluded", "included"])
def test_a_firm_on_the_line_is_named_with_the_ground_of_the_reading(reading):
    one = firms(below=reading)
    ground = POLICY["wording"]["grounds"]["below"][reading]["zh"]
    html = drawn("clearance", one)["clearance_findings"].html
    assert "正好为 5" in html.replace("\N{NO-BREAK SPACE}", " ")
    assert "1 家（正好）" in html
    assert ground in html
    reading_of = low_tax_firms(one, below_wan_per_mu=5)
    judged = assess(CLEARED, reading_of, as_of=one.as_of, bands=BANDS)
    assert "正好（2021-12-31）" in working_text(page_in(), judged)
    assert record(replace(page_in(), place=one), judged)["named"] == [
        {"code": f"on_line_{reading}", "name": "正好", "on": "2021-12-31"}
    ]


def test_nobody_is_named_where_nobody_is_on_the_line():
    one = firms()
    years = one.tables["enterprise_years"].assign(tax_paid_wan=1.0)
    one = replace(one, tables={**one.tables, "enterprise_years": years})
    assert low_tax_firms(one, below_wan_per_mu=5).named == ()
    assert "正好为" not in drawn("clearance", one)["clearance_findings"].html


@pytest.mark.parametrize(("reading", "actions"), [("excluded", ()), ("included", ("low_tax",))])
def test_a_parcel_on_the_line_follows_the_same_reading(reading, actions):
    one = county(policy=reading_as(below=reading), parcels={"parcel_id": ["P"]})
    used = parcel_uses(one, one.table("parcels"), {"tax_per_mu": pd.Series([5.0])})
    assert used["actions"].tolist() == [actions]


@pytest.mark.parametrize(
    ("reading", "first", "count"), [("excluded", "低于 5", 0), ("included", "5 及以下", 1)]
)
def test_the_first_class_of_the_map_holds_who_is_on_the_line_by_the_same_reading(
    reading, first, count
):
    one = county(policy=reading_as(below=reading))
    measure = measure_of(one, "tax_per_mu")
    classes = classes_of(pd.Series([5.0, 5.01, 10.0, 30.0, None]), measure)
    texts = class_texts(page_in(), classes, measure)
    assert (texts[0], classes.counts[0]) == (first, count)
    between = {"excluded": "5（含）—10", "included": "5—10（含）"}[reading]
    held = {"excluded": 2, "included": 2}[reading]
    assert (texts[1], classes.counts[1]) == (between, held)
    assert texts[-1] == {"excluded": "30 及以上", "included": "高于 30"}[reading]
    assert classes.counts[-1] == {"excluded": 1, "included": 0}[reading]
    assert sum(classes.counts) == 4


def test_a_measure_that_reads_another_word_is_refused():
    measures = POLICY["parcel_measures"]["measures"]
    wrong = {**measures, "tax_per_mu": {**measures["tax_per_mu"], "reads": "above"}}
    one = county(policy={**POLICY, "parcel_measures": {"measures": wrong}})
    with pytest.raises(ConfigurationError, match="reads: must be below"):
        measure_of(one, "tax_per_mu")


@pytest.mark.parametrize(("reading", "large"), [("included", ["P", "Q"]), ("excluded", ["Q"])])
def test_a_project_of_exactly_the_amount_follows_the_reading_of_at_least(reading, large):
    one = county(
        policy=reading_as(at_least=reading),
        projects={
            "project_id": ["P", "Q", "R"],
            "total_investment_wan": [10000.0, 10000.1, None],
            "is_two_high": [True] * 3,
            "energy_tce": [1000.0, 1000.1, None],
        },
    )
    assert chosen_projects(one, min_investment_wan=10000)["project_id"].tolist() == large
    sized = two_high_projects(one).set_index("project_id")["is_large_equal"].dropna()
    assert sized[sized].index.tolist() == large


def test_what_is_said_with_at_or_above_leaves_no_choice():
    one = county(
        policy=reading_as(at_least="excluded"),
        enterprise_years={
            "usci": ["a"],
            "year": [2021],
            "tax_paid_wan": [1.0],
            "energy_tce": [1000.0],
        },
    )
    assert key_users(one)["usci"].tolist() == ["a"]  # 1000 吨标准煤及以上


def test_both_readings_stand_in_the_policy_with_their_grounds():
    rule = wording_rule(POLICY)
    assert rule.ground_of_below == rule.grounds.below.excluded
    assert "第一千二百五十九条" in rule.grounds.below.included.zh
    assert rule.is_below(Fraction("4.99"), Fraction(5))
    with pytest.raises(ConfigurationError, match="did you mean 'included'"):
        wording_rule(reading_as(below="includd"))
