"""Grades: ranks, cuts, ties, conditions, and the rules that go over the ranking."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluating import ABCD, column, evaluated, scheme, taxes
from tenglong.measure.evaluation.grade import cut, grades_at, last_ranks, places
from tenglong.measure.evaluation.scheme import Cut, Grade, Grading, Ties

QUARTERS = [
    {"grade": "A", "to_pct": 25},
    {"grade": "B", "to_pct": 50},
    {"grade": "C", "to_pct": 75},
    {"grade": "D"},
]

PART = {"tax_per_mu": {"weight": 100, "benchmark": 10}}
ABOVE = {"name": {"zh": "规上", "en": "above"}, "scope": "above_scale_industry", "parts": PART}
BELOW = {"name": {"zh": "规下", "en": "below"}, "parts": PART}
BY_SCALE = {"above": ABOVE, "below": BELOW}
# Thresholds, for rules on firms that would all be D.
LIMITS = [
    {"grade": "B", "when": "score >= 50"},
    {"grade": "C", "when": "score > 20"},
    {"grade": "D"},
]


def grades(firms, rules, **tables):
    return column(evaluated(firms, rules, **tables), "grade")


def graded(**keys):
    return scheme(grading={"grades": QUARTERS, **keys.pop("grading", {})}, **keys)


def test_ranks_are_shared_and_the_next_is_skipped():
    found = places([np.array([9, 9, 8, 7])], np.zeros(4, int))
    assert found.ranks.tolist() == [1, 1, 3, 4]
    assert found.lasts.tolist() == [2, 2, 3, 4]


@pytest.mark.parametrize(
    ("count", "percent", "half_up", "up", "down"),
    [(39, 20, 8, 8, 7), (10, 25, 3, 3, 2), (3, 5, 0, 1, 0), (100, 20, 20, 20, 20), (0, 9, 0, 0, 0)],
)
def test_a_cut_is_rounded_as_the_scheme_says(count, percent, half_up, up, down):
    found = [
        cut(count, Fraction(percent), rounding) for rounding in (Cut.HALF_UP, Cut.UP, Cut.DOWN)
    ]
    assert found == [half_up, up, down]


def test_a_share_from_the_bottom_leaves_the_rest_to_the_grade_above():
    abcd = (
        Grade("A", to_pct=Fraction(20)),
        Grade("B", to_pct=Fraction(60)),
        Grade("C"),
        Grade("D", last_pct=Fraction(5)),
    )
    assert last_ranks(abcd, 100, Cut.HALF_UP) == [20, 60, 95, 100]
    assert last_ranks(abcd, 9, Cut.HALF_UP) == [2, 5, 9, 9]


def test_huaian_grades_twenty_forty_thirty_five_and_five_of_a_hundred():
    firms = {f"f{number:03}": {"tax_paid_wan": float(number)} for number in range(100)}
    shares = [
        {"grade": "A", "to_pct": 20},
        {"grade": "B", "to_pct": 60},
        {"grade": "C"},
        {"grade": "D", "last_pct": 5},
    ]
    found = list(grades(firms, scheme(grading={"grades": shares})).values())
    assert [found.count(grade) for grade in "ABCD"] == [20, 40, 35, 5]
    assert found[:20] == ["A"] * 20


def test_equal_scores_on_a_cut_share_the_better_grade():
    firms = taxes(9.0, 8.0, 8.0, 7.0)
    assert grades(firms, graded()) == {"a": "A", "b": "B", "c": "B", "d": "D"}


def test_equal_scores_may_share_the_worse_grade():
    firms = taxes(9.0, 8.0, 8.0, 7.0)
    rules = graded(grading={"ties": "worse"})
    assert grades(firms, rules) == {"a": "A", "b": "C", "c": "C", "d": "D"}


def test_a_tie_may_be_broken_by_an_indicator():
    firms = taxes(9.0, 8.0, 8.0, 7.0)
    firms["c"]["revenue_wan"], firms["b"]["revenue_wan"] = 5.0, 4.0
    revenue = {"revenue": {"name": {"zh": "营收", "en": "revenue"}, "numerator": "revenue_wan"}}
    rules = graded(grading={"break_ties": ["revenue"]}, indicators=revenue)
    found = evaluated(firms, rules)
    assert column(found, "rank") == {"a": 1, "c": 2, "b": 3, "d": 4}
    assert column(found, "grade") == {"a": "A", "c": "B", "b": "C", "d": "D"}


def test_populations_are_ranked_apart():
    firms = {
        **taxes(9.0, 8.0, is_above_scale=True),
        "y": {"tax_paid_wan": 1.0},
        "z": {"tax_paid_wan": 2.0},
    }
    rules = graded(populations=BY_SCALE)
    found = evaluated(firms, rules)
    assert column(found, "rank") == {"a": 1, "b": 2, "z": 1, "y": 2}
    assert column(found, "group") == {"a": "above", "b": "above", "z": "below", "y": "below"}


def test_firms_of_two_populations_may_be_ranked_together():
    firms = {"a": {"tax_paid_wan": 5.0, "is_above_scale": True}, "z": {"tax_paid_wan": 9.0}}
    rules = graded(grading={"within": []}, populations=BY_SCALE)
    assert column(evaluated(firms, rules), "rank") == {"z": 1, "a": 2}


def test_groups_of_industries_are_data():
    firms = taxes(9.0, 8.0, 1.0, 2.0)
    for firm, industry in zip("abcd", ("3391", "3311", "1311", "4011"), strict=True):
        firms[firm]["industry"] = industry
    groups = {"metal": {"when": "division in (31, 32, 33)"}, "food": {"when": "division < 16"}}
    rules = graded(grading={"within": ["industry_group"]}, groups=groups)
    found = column(evaluated(firms, rules), "group")
    assert found == {"a": "metal", "b": "metal", "c": "food", "d": "other"}


def test_groups_may_be_townships():
    firms = taxes(9.0, 8.0, 1.0)
    for firm, township in zip("abc", ("330328100", "330328100", "330328101"), strict=True):
        firms[firm]["township"] = township
    found = evaluated(firms, graded(grading={"within": ["township"]}))
    assert column(found, "rank") == {"a": 1, "b": 2, "c": 1}


def test_grades_may_be_thresholds_and_a_boundary_is_the_better_side():
    limits = [
        {"grade": "优先发展", "when": "score >= 90"},
        {"grade": "提升发展", "when": "score >= 60"},
        {"grade": "倒逼整治"},
    ]
    firms = taxes(9.0, 8.99, 6.0, 5.9999)
    found = grades(firms, scheme(grading={"grades": limits}))
    assert list(found.values()) == ["优先发展", "提升发展", "提升发展", "倒逼整治"]


def test_a_boundary_is_compared_exactly():
    """1.5 ÷ 0.3 is 5, though not in binary floats."""
    limits = [{"grade": "A", "when": "tax_per_mu >= 5"}, {"grade": "B"}]
    firms = {"a": {"tax_paid_wan": 1.5, "land_mu": 0.3}}
    assert grades(firms, scheme(grading={"grades": limits})) == {"a": "A"}


def test_a_share_may_be_joined_with_a_condition():
    limits = [{"grade": "A", "to_pct": 50, "when": "tax_per_mu >= 9"}, {"grade": "B"}]
    found = grades(taxes(9.0, 8.0, 1.0, 1.0), scheme(grading={"grades": limits}))
    assert found == {"a": "A", "b": "B", "c": "B", "d": "B"}


def test_an_indicator_may_be_graded_in_place_of_the_score():
    energy = {
        "energy": {
            "name": {"zh": "能耗", "en": "energy"},
            "numerator": "energy_tce",
            "better": "lower",
        }
    }
    firms = taxes(1.0, 2.0)
    firms["a"]["energy_tce"], firms["b"]["energy_tce"] = 5.0, 6.0
    rules = graded(grading={"by": "energy"}, indicators=energy)
    assert column(evaluated(firms, rules), "rank") == {"a": 1, "b": 2}


def test_a_firm_without_a_score_has_no_rank_and_takes_no_place():
    found = evaluated(taxes(9.0, None, 7.0), graded())
    assert column(found, "rank") == {"a": 1, "c": 2, "b": None}
    assert column(found, "of")["a"] == 2
    assert column(found, "why")["b"] == ("missing:tax_per_mu", "not_ranked")


def test_a_vetoed_firm_is_at_best_c():
    firms = taxes(9.0, 8.0, 7.0, 6.0)
    firms["a"]["is_vetoed"] = True
    rules = graded(overrides={"veto": {"when": "first(is_vetoed, False)", "at_best": "C"}})
    found = evaluated(firms, rules)
    assert column(found, "ranked_grade")["a"] == "A"
    assert column(found, "grade")["a"] == "C"
    assert column(found, "why")["a"] == ("override:veto",)


def test_a_new_firm_is_not_d_until_it_is_two_years_old():
    firms = taxes(1.0, 1.0)
    firms["a"]["registered_on"], firms["b"]["registered_on"] = "2020-01-01", "2019-12-31"
    rule = {"when": "years_since(registered_on) < 2", "at_worst": "C"}
    rules = graded(overrides={"new_firm": rule}, grading={"grades": LIMITS})
    assert grades(firms, rules) == {"a": "C", "b": "D"}


def test_protection_does_not_hold_against_a_veto():
    firms = taxes(1.0, 1.0, 1.0)
    for firm, is_vetoed in zip("abc", (False, True, None), strict=True):
        firms[firm] |= {"registered_on": "2021-06-01", "is_vetoed": is_vetoed}
    rule = {"when": "years_since(registered_on) < 2", "unless": "is_vetoed", "at_worst": "C"}
    rules = graded(overrides={"new_firm": rule}, grading={"grades": LIMITS})
    assert grades(firms, rules) == {"a": "C", "b": "D", "c": "C"}


def test_land_supplied_less_than_three_years_ago_protects():
    used = {
        "usci": list("cd"),
        "parcel_id": ["p", "q"],
        "tenure": ["owned", "owned"],
        "area_mu": 1.0,
    }
    parcels = {"parcel_id": ["p", "q"], "supplied_on": ["2018-12-31", "2019-01-01"]}
    rule = {"when": "years_since(land_supplied_on) < 3", "at_worst": "B"}
    found = grades(
        taxes(9.0, 8.0, 1.0, 1.0),
        graded(overrides={"new_land": rule}),
        occupancies=used,
        parcels=parcels,
    )
    assert (found["c"], found["d"]) == ("C", "B")


def test_a_firm_that_is_newly_above_scale_is_told_by_the_year_before():
    rows = [{"tax_paid_wan": 1.0, "is_above_scale": True}, {"year": 2020, "is_above_scale": False}]
    old = [{"tax_paid_wan": 1.0, "is_above_scale": True}, {"year": 2020, "is_above_scale": True}]
    rule = {"when": "is_above_scale and not is_above_scale_before", "at_worst": "B"}
    firms = {**taxes(9.0, 8.0), "new": rows, "old": old}
    found = grades(firms, graded(overrides={"newly": rule}))
    assert (found["new"], found["old"]) == ("B", "C")


def test_rules_apply_in_their_order():
    rules = graded(
        overrides={
            "up": {"when": "tax_per_mu > 8", "shift": 1},
            "down": {"when": "grade == 'A'", "shift": -2},
            "fixed": {"when": "tax_per_mu < 2", "to": "D"},
        }
    )
    assert grades(taxes(9.0, 8.5, 1.0, 7.0), rules) == {"a": "C", "b": "C", "d": "C", "c": "D"}


def test_a_shift_ends_at_the_best_and_the_worst_grade():
    rules = graded(overrides={"up": {"when": "True", "shift": 9}})
    assert set(grades(taxes(9.0, 8.0, 7.0, 6.0), rules).values()) == {"A"}


def test_two_bad_years_in_a_row_may_count():
    firms = {
        firm: [{"tax_paid_wan": now}, {"year": 2020, "tax_paid_wan": before}]
        for firm, now, before in (
            ("a", 9.0, 9.0),
            ("b", 8.0, 1.0),
            ("c", 7.0, 8.0),
            ("d", 1.0, 2.0),
        )
    }
    rule = {"when": "grade_before == 'D'", "at_best": "C"}
    assert grades(firms, graded(overrides={"again": rule}))["b"] == "C"


def test_utilities_are_t_and_take_no_place():
    firms = taxes(9.0, 8.0, 7.0)
    firms["a"]["industry"] = "4411"
    out = {"utility": {"when": "division in (44, 45, 46)", "grade": "T"}}
    found = evaluated(firms, graded(exclude=out))
    assert column(found, "grade")["a"] == "T"
    assert column(found, "score")["a"] is None
    assert column(found, "of")["b"] == 2
    assert column(found, "why")["a"] == ("excluded:utility",)


def test_excluded_firms_may_be_ranked_all_the_same():
    firms = taxes(9.0, 8.0, 7.0)
    firms["a"]["industry"] = "4411"
    out = {"utility": {"when": "division in (44, 45, 46)", "grade": "T", "in_base": True}}
    found = evaluated(firms, graded(exclude=out))
    assert column(found, "rank") == {"a": 1, "b": 2, "c": 3}
    assert column(found, "grade")["a"] == "T"


def test_a_firm_not_yet_in_production_is_excluded_unless_past_its_contract():
    """遂昌: not yet producing firms are excluded unless past the contractual completion date."""
    used = {"usci": list("abc"), "parcel_id": list("pqr"), "area_mu": 1.0}
    parcels = {
        "parcel_id": list("pqr"),
        "production_on": ["2021-12-31", None, None],
        "agreed_completion_on": ["2021-01-01", "2021-12-30", "2022-01-01"],
    }
    rule = {
        "when": "not is_producing",
        "unless": "agreed_completion_on < '2021-12-31'",
        "grade": "T",
    }
    found = grades(
        taxes(9.0, 8.0, 7.0), graded(exclude={"building": rule}), occupancies=used, parcels=parcels
    )
    assert found["c"] == "T"
    assert "T" not in (found["a"], found["b"])


def test_what_production_began_after_the_year_is_not_yet_production():
    used = {"usci": ["a"], "parcel_id": ["p"], "area_mu": [1.0]}
    parcels = {"parcel_id": ["p"], "production_on": ["2022-01-01"]}
    rule = {"when": "not is_producing", "grade": "T"}
    found = grades(
        taxes(9.0), graded(exclude={"building": rule}), occupancies=used, parcels=parcels
    )
    assert found == {"a": "T"}


def test_tenants_below_scale_take_their_owners_grade():
    """江山: 规下 tenants inherit the parcel owner's grade."""
    used = {
        "usci": list("ad"),
        "parcel_id": ["p", "p"],
        "tenure": ["owned", "leased"],
        "area_mu": [1.0, 1.0],
    }
    rule = {"when": "is_tenant and not is_above_scale", "like_owner": True}
    found = evaluated(
        taxes(9.0, 8.0, 7.0, 1.0), graded(overrides={"tenants": rule}), occupancies=used
    )
    assert column(found, "grade") == {"a": "A", "b": "B", "c": "C", "d": "A"}
    assert column(found, "why")["d"] == ("override:tenants",)


def test_a_tenant_of_whom_the_rule_does_not_hold_or_who_is_not_ranked_keeps_what_it_has():
    used = {
        "usci": list("acde"),
        "parcel_id": ["p"] * 4,
        "tenure": ["owned", "leased", "leased", "leased"],
        "area_mu": [1.0] * 4,
    }
    rule = {"when": "is_tenant and (not is_above_scale)", "like_owner": True}
    firms = taxes(9.0, 8.0, 7.0, 1.0, None)
    firms["c"]["is_above_scale"] = True
    found = evaluated(firms, graded(overrides={"tenants": rule}), occupancies=used)
    assert column(found, "grade") == {"a": "A", "b": "B", "c": "C", "d": "A", "e": None}
    assert column(found, "why")["c"] == ()


def test_an_adjustment_sets_a_grade_with_its_reason():
    entry = {"usci": "a", "year": 2021, "grade": "D", "reason": "会议纪要〔2022〕3 号"}
    other = {**entry, "usci": "nobody"}
    policy = {"adjustments": {"source": "试验", "adjustments": [entry, other]}}
    found = evaluated(taxes(9.0, 8.0), graded(), policy=policy)
    assert column(found, "grade")["a"] == "D"
    assert column(found, "why")["a"] == ("adjusted:会议纪要〔2022〕3 号",)
    assert [(note.code, note.about["usci"]) for note in found.notes] == [
        ("adjustment_unmatched", "nobody")
    ]


def test_a_small_group_is_warned_about():
    found = evaluated(taxes(9.0, 8.0), graded(grading={"small_group": 3}))
    assert column(found, "warnings") == {"a": ("small_group",), "b": ("small_group",)}
    assert found.notes[0].about == {"group": "all", "firms": 2, "least": 3}
    assert evaluated(taxes(9.0, 8.0), graded(grading={"small_group": 2})).notes == ()


scores = st.lists(st.integers(0, 6), min_size=1, max_size=30)


@given(scores, st.sampled_from(list(Ties)), st.sampled_from(list(Cut)))
def test_better_scores_never_get_worse_grades_and_equals_share_one(found, ties, rounding):
    four = tuple(Grade(g["grade"], to_pct=g.get("to_pct") and Fraction(g["to_pct"])) for g in ABCD)
    grading = Grading(four, ties=ties, rounding=rounding)
    by = places([np.array(found)], np.zeros(len(found), int))
    given_grades = grades_at(by, four, [np.ones(len(found), bool)] * 4, grading).tolist()
    for one, grade in zip(found, given_grades, strict=True):
        for other, another in zip(found, given_grades, strict=True):
            assert grade <= another if one >= other else grade >= another


@given(scores)
def test_no_grade_holds_more_than_its_cut_but_for_ties(found):
    four = tuple(Grade(g["grade"], to_pct=g.get("to_pct") and Fraction(g["to_pct"])) for g in ABCD)
    by = places([np.array(found)], np.zeros(len(found), int))
    worse = Grading(four, ties=Ties.WORSE)
    grades_worse = grades_at(by, four, [np.ones(len(found), bool)] * 4, worse).tolist()
    for grade, end in zip("ABC", last_ranks(four, len(found), Cut.HALF_UP), strict=False):
        assert sum(g <= grade for g in grades_worse) <= end
