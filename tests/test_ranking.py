"""The sheet of an evaluation: its columns, who stands last, sites that lack something."""

import pytest

from evaluating import ABCD, TWO, column, evaluated, scheme, taxes
from tenglong.errors import ConfigurationError


def test_the_sheet_has_these_columns_in_this_order():
    firms = taxes(9.0, None)
    firms["a"] |= {"name": "甲", "township": "1"}
    found = evaluated(firms, scheme(grading={"grades": ABCD})).frame
    assert list(found) == [
        *("usci", "name", "township", "industry", "year", "site", "population", "group"),
        *("tax_per_mu", "points_tax_per_mu", "points", "bonus", "score"),
        *("rank", "of", "ranked_grade", "grade", "why", "warnings"),
    ]
    assert found.index.tolist() == [0, 1]


def test_who_belongs_to_no_population_for_certain_stands_behind_those_without_a_rank():
    firms = taxes(9.0, None, 7.0, 8.0)
    firms["a"]["is_above_scale"] = None
    firms["d"]["is_above_scale"] = True
    found = evaluated(firms, scheme(populations=TWO))
    assert found.frame["usci"].tolist() == ["d", "c", "b", "a"]


def merged(firms):
    used = {"usci": list(firms), "parcel_id": ["p"] * len(firms), "area_mu": 1.0}
    return evaluated(firms, scheme(sites="merged"), occupancies=used, parcels={"parcel_id": ["p"]})


def test_the_firms_of_a_site_that_lack_tax_or_land_are_named_in_their_order():
    firms = {
        "d": {"tax_paid_wan": None},
        "a": {"tax_paid_wan": 9.0},
        "c": {"tax_paid_wan": 8.0},
        "b": {"tax_paid_wan": None},
    }
    lacking = ("site_incomplete:b", "site_incomplete:d")
    assert column(merged(firms), "warnings") == dict.fromkeys("abcd", lacking)


def test_a_firm_alone_that_lacks_its_tax_is_no_incomplete_site():
    assert column(merged({"a": {"tax_paid_wan": None}}), "warnings") == {"a": ()}


def decided(grade):
    entry = {"usci": "a", "year": 2021, "grade": grade, "reason": "一事一议"}
    out = {
        "plain": {"when": "tax_wan < 0"},
        "utility": {"when": "tax_wan > 900", "grade": "T"},
    }
    rules = scheme(grading={"grades": ABCD}, exclude=out)
    policy = {"adjustments": {"source": "x", "adjustments": [entry]}}
    return column(evaluated(taxes(9.0, 8.0), rules, policy=policy), "grade")["a"]


@pytest.mark.parametrize("grade", ["D", "T"])
def test_a_decision_may_set_a_grade_of_the_ranking_or_of_an_exclusion(grade):
    assert decided(grade) == grade


@pytest.mark.parametrize("grade", ["", "E"])
def test_a_decision_for_a_grade_that_there_is_not_is_refused(grade):
    with pytest.raises(ConfigurationError, match=f"there is no grade '{grade}'"):
        decided(grade)


def test_a_grade_of_the_year_before_is_known_though_only_one_rule_asks_for_it():
    firms = {
        firm: [{"tax_paid_wan": now}, {"year": 2020, "tax_paid_wan": before}]
        for firm, now, before in (("a", 9.0, 1.0), ("b", 8.0, 9.0))
    }
    rules = scheme(
        grading={"grades": [{"grade": "A", "to_pct": 50}, {"grade": "D"}]},
        overrides={
            "huge": {"when": "tax_wan > 900", "to": "A"},
            "again": {"when": "grade_before == 'D'", "at_best": "D"},
        },
    )
    assert column(evaluated(firms, rules), "grade") == {"a": "D", "b": "D"}
    assert column(evaluated(firms, rules), "why") == {"a": ("override:again",), "b": ()}
