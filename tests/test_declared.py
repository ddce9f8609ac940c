"""What indicators declare: their options, what these take, their shape, and a plan's faults."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from build import clause, county
from tenglong.measure.board.declared import Option, options_of, plan_faults, shape_of
from tenglong.measure.clause import FactRef, IndicatorRef, Kind, Label
from tenglong.measure.reading import Coverage, Flow, Happened, Series

FREED = IndicatorRef("freed", {"what": "land_mu"})
RATE = IndicatorRef("landing_rate")
TEAMS = IndicatorRef("guarantee_teams", {"min_investment_wan": 10_000})


def faults(kind=Kind.CUMULATIVE, indicator=FREED, unit="亩", **more):
    """Give what is told of a plan of one clause."""
    of = clause(kind, 1, unit=unit, indicator=indicator, **more)
    return list(plan_faults(replace(county().plan, clauses=(of,))))


# Options.


@pytest.mark.parametrize(
    ("indicator", "option"),
    [
        ("investment", Option("exclude_enclave", (bool,), is_needed=False, default=False)),
        (
            "investment",
            Option("by", (), is_needed=False, default="month", choices=("month", "year")),
        ),
        ("firm_total", Option("scope", (str,), is_needed=True)),
        ("projects_reached", Option("kind", (str,), is_needed=False)),
        ("projects_reached", Option("is_single", (bool,), is_needed=False)),
        ("guarantee_teams", Option("min_investment_wan", (float,), is_needed=True)),
        (
            "recognitions",
            Option(
                "min_level",
                (),
                is_needed=False,
                choices=("county", "municipal", "provincial", "national"),
            ),
        ),
    ],
    ids=lambda one: one if isinstance(one, str) else one.name,
)
def test_an_option_is_what_its_indicator_declares_and_may_be_left_out_where_it_has_a_default(
    indicator, option
):
    assert options_of(indicator)[option.name] == option


@pytest.mark.parametrize(
    ("indicator", "option", "value", "is_taken"),
    [
        ("guarantee_teams", "min_investment_wan", 10_000, True),
        ("guarantee_teams", "min_investment_wan", Fraction(1, 2), True),
        ("guarantee_teams", "min_investment_wan", "many", False),
        ("guarantee_teams", "min_investment_wan", True, False),
        ("recognitions", "min_stars", 3, True),
        ("recognitions", "min_stars", Fraction(7, 2), False),
        ("recognitions", "net", True, True),
        ("recognitions", "net", 1, False),
        ("recognitions", "kind", "high_tech_firm", True),
        ("recognitions", "kind", 5, False),
        ("recognitions", "count", "holders", True),
        ("recognitions", "count", "kinds", False),
        ("checked_firms", "listed_by", date(2021, 12, 31), True),
        ("checked_firms", "listed_by", "soon", False),
    ],
)
def test_an_option_takes_values_of_its_own_kind_only(indicator, option, value, is_taken):
    assert options_of(indicator)[option].takes(value) is is_taken


def test_what_an_option_wants_is_told_in_both_languages():
    by, least = options_of("investment")["by"], options_of("guarantee_teams")["min_investment_wan"]
    assert (by.wanted, by.wanted_zh) == ("one of month, year", "month、year 之一")
    assert (least.wanted, least.wanted_zh) == ("a number", "数字")


# Shapes.


@pytest.mark.parametrize(
    ("name", "options", "shape"),
    [
        ("investment", {}, Flow),
        ("investment", {"by": "month"}, Flow),
        ("investment", {"by": "year"}, Series),
        ("freed", {}, Flow),
        ("projects_reached", {}, Flow),
        ("carbon_rated", {}, Coverage),
        ("guarantee_teams", {}, Coverage),
        ("land_replaced", {}, Coverage),
        ("two_high_assessed", {}, Coverage),
        ("milestone", {}, Happened),
        ("firm_total", {}, Series),
        ("firm_total", {"by": "month"}, Series),
    ],
)
def test_an_indicator_has_the_shape_of_its_options(name, options, shape):
    assert shape_of(IndicatorRef(name, options)) is shape


# Faults of a plan.


@pytest.mark.parametrize(
    ("kind", "indicator", "more"),
    [
        (Kind.CUMULATIVE, FREED, {}),
        (Kind.ANNUAL, FREED, {"each_year": True}),
        (Kind.SHARE, RATE, {"each_year": True}),
        (Kind.COVERAGE, TEAMS, {}),
        (Kind.NARRATIVE, None, {}),
        (Kind.NARRATIVE, FREED, {}),
        (Kind.LEVEL, None, {}),
        (
            Kind.CUMULATIVE,
            IndicatorRef("projects_reached", {"stage": "landed_on", "kind": None}),
            {},
        ),
    ],
)
def test_a_clause_whose_kind_takes_its_indicator_has_no_fault(kind, indicator, more):
    assert faults(kind, indicator, **more) == []


def test_a_kind_that_needs_another_shape_is_told_with_the_kinds_that_fit():
    [told] = faults(Kind.LEVEL, FREED)
    assert told == (
        "clause x: kind level needs figures by period, and freed gives dated amounts;"
        " it fits the kinds cumulative, annual"
    )
    [two] = faults(Kind.ANNUAL, TEAMS)
    assert "kind annual needs dated amounts or figures by period, and guarantee_teams" in two
    assert "应办与已办，可用于类型 coverage" in two.zh


def test_a_coverage_cannot_be_asked_of_every_year():
    [told] = faults(Kind.COVERAGE, TEAMS, each_year=True)
    assert "each_year needs figures by period or dated amounts, and guarantee_teams" in told


def test_of_an_indicator_with_a_wrong_option_the_shape_is_not_told_too():
    wrong = IndicatorRef("freed", {"what": "land"})
    [told] = faults(Kind.LEVEL, wrong)
    assert "'land' must be one of" in told


def test_a_value_that_is_neither_text_nor_number_is_shown_as_it_is_written():
    wrong = IndicatorRef("freed", {"what": Fraction(1, 2)})
    [told] = faults(indicator=wrong)
    assert "freed: what: '1/2' must be one of" in told
    [number] = faults(indicator=IndicatorRef("freed", {"what": 5}))
    assert "freed: what: 5 must be one of" in number


def test_a_needed_option_that_is_not_there_is_told_and_one_with_a_default_is_not():
    assert faults(indicator=IndicatorRef("freed")) == [
        "clause x: indicator: freed: the option 'what' is missing"
    ]
    assert faults(indicator=IndicatorRef("investment"), unit="万元") == []


@pytest.mark.parametrize(
    ("name", "says"), [("industrial_grants", "it takes none"), ("freed", "it takes what")]
)
def test_an_option_that_there_is_not_is_told_with_those_that_there_are(name, says):
    told = faults(Kind.SHARE, IndicatorRef(name, {"zzz": 1}), unit="%")
    assert f"{name} has no option 'zzz'; {says}" in told[0]


def test_a_unit_that_is_not_known_is_told_once_with_those_that_are():
    lost = FactRef(Label("件数", "count"), FREED, "qq")
    [told] = faults(Kind.NARRATIVE, None, unit="qq", facts=(lost, lost))
    assert told.startswith("clause x: unit: 'qq' is not known here; there are 元, 千元, ")
    assert ", %, 万元/亩, " in told  # the share without a name is none to write


def test_a_fact_is_told_by_its_name():
    lost = FactRef(Label("件数", "count"), IndicatorRef("fred"), "亩")
    [told] = faults(Kind.NARRATIVE, None, facts=(lost,))
    assert told.startswith("clause x: facts, 件数: indicator: there is none called 'fred'")
