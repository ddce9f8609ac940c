"""Evaluations where something is met exactly: shares, ties, orders, sums of areas and sites."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pandas as pd
import pytest

from build import POLICY
from evaluating import (
    ABCD,
    NAME,
    PART,
    TWO,
    amounts,
    column,
    evaluated,
    firm_county,
    scheme,
    spread,
    taxes,
)
from tenglong.measure.evaluation.areas import area_values, benchmarked
from tenglong.measure.evaluation.contradiction import contradictions
from tenglong.measure.evaluation.outcome import explained, moved
from tenglong.measure.evaluation.ranking import evaluate
from tenglong.measure.evaluation.register import Register
from tenglong.measure.evaluation.scheme import Better
from tenglong.measure.evaluation.scheme_file import scheme_of
from tenglong.measure.evaluation.site import sites
from tenglong.measure.evaluation.spread import Spread

# --- areas ----------------------------------------------------------------------------------------


def areas(firms, rules=None, by="township", **tables):
    one = firm_county(firms, rules or scheme(), **tables)
    return area_values(one, evaluate(one, year=2021, scheme="test"), by=by)


def test_a_township_of_which_just_a_twentieth_is_unknown_has_a_value():
    firms = {f"f{n}": {"tax_paid_wan": 10.0, "township": "1"} for n in range(20)}
    firms["f0"]["tax_paid_wan"] = None
    found = areas(firms).iloc[0]
    assert (found["value"], found["firms"], found["firms_lacking"]) == (10, 19, 1)
    assert (found["numerator"], found["denominator"]) == (190, 19)
    del firms["f19"]
    assert areas(firms)["value"].isna().tolist() == [True]


def test_townships_stand_in_their_order_and_add_up_to_the_county():
    firms = taxes(30.0, 10.0, 5.0, 1.0)
    for firm, land, town in zip("abcd", (1.0, 3.0, 2.0, 4.0), "2121", strict=True):
        firms[firm] |= {"land_mu": land, "township": town, "is_above_scale": town == "2"}
    found = areas(firms, scheme(populations=TWO))
    assert found[["township", "population", "value"]].to_numpy().tolist() == [
        ["1", "all", 11 / 7],
        ["2", "large", 35 / 3],
    ]
    whole = areas(firms, by=None)
    sums = found[["numerator", "denominator", "firms", "firms_lacking"]].sum()
    assert whole[sums.index].iloc[0].tolist() == sums.tolist() == [46, 10, 4, 0]


def test_an_indicator_that_is_no_ratio_has_no_value_of_an_area():
    free = {"twice": {"name": NAME, "value": "2 * tax_wan"}}
    lost = {"lost": {"name": NAME, "numerator": "revenue_wan"}}
    found = areas({"a": {"tax_paid_wan": 3.0, "township": "1"}}, scheme(indicators=free | lost))
    assert found["indicator"].tolist() == ["tax_per_mu"]


def test_a_part_is_set_beside_its_benchmark_with_the_share_reached():
    rules = scheme(
        {
            "tax_per_mu": {"weight": 60, "benchmark": 10},
            "own": {"indicator": "tax_per_mu", "weight": 40, "benchmark": "x"},
        },
    )
    one = firm_county(taxes(30.0, 5.0, land_mu=2.0), rules)
    found = benchmarked(one, evaluate(one, year=2021, scheme="test"))
    told = found.astype("object").where(found.notna(), None).to_dict("list")
    assert told["part"] == ["tax_per_mu", "own"]
    assert told["indicator"] == ["tax_per_mu"] * 2
    assert told["weight"] == [60, 40]
    assert told["value"] == [8.75, 8.75]
    assert told["benchmark"] == [10, None]
    assert told["share"] == [0.875, None]
    assert (told["firms"], told["firms_lacking"]) == ([2, 2], [0, 0])


def test_what_the_parts_were_measured_against_is_told_with_the_firms_that_have_a_value():
    found = evaluated({**taxes(30.0, 6.0), "c": {"tax_paid_wan": None}}, scheme())
    [one] = found.benchmarks
    assert (one.population, one.part, one.weight, one.value) == ("all", "tax_per_mu", 100, 10)
    assert (one.mean, one.firms) == (18, 2)


# --- the sheet ------------------------------------------------------------------------------------


def test_firms_stand_by_population_group_rank_and_code_and_those_without_a_rank_last():
    firms = taxes(1.0, 9.0, 9.0, None, 5.0, 7.0)
    firms["e"]["is_above_scale"] = firms["f"]["is_above_scale"] = True
    found = evaluated(firms, scheme(populations=TWO))
    assert found.frame["usci"].tolist() == ["f", "e", "b", "c", "a", "d"]
    assert column(found, "rank") == {"f": 1, "e": 2, "b": 1, "c": 1, "a": 3, "d": None}
    assert column(found, "of")["a"] == 3
    assert column(found, "why")["d"] == ("missing:tax_per_mu", "not_ranked")


def test_groups_stand_by_their_name():
    firms = taxes(9.0, 8.0, 7.0, None)
    for firm, town in zip("abcd", "2121", strict=True):
        firms[firm]["township"] = town
    found = evaluated(firms, scheme(grading={"grades": ABCD, "within": ["township"]}))
    assert found.frame["usci"].tolist() == ["b", "a", "c", "d"]
    assert column(found, "group") == {"b": "1", "a": "2", "c": "2", "d": "1"}


def test_small_groups_and_adjustments_of_others_are_noted_in_their_order():
    firms = taxes(9.0, 8.0, 7.0, 6.0)
    for firm, town in zip("abcd", "2133", strict=True):
        firms[firm]["township"] = town
    others = ("z", "y", "x", "w", "v", "u")
    decided = [
        {"usci": usci, "year": 2021, "grade": "A", "reason": "一事一议"} for usci in (*others, "a")
    ]
    found = evaluated(
        firms,
        scheme(grading={"grades": ABCD, "within": ["township"], "small_group": 2}),
        policy={"adjustments": {"source": "x", "adjustments": decided}},
    )
    assert [(note.code, dict(note.about)) for note in found.notes] == [
        *(("small_group", {"group": town, "firms": 1, "least": 2}) for town in "12"),
        *(("adjustment_unmatched", {"usci": usci, "grade": "A"}) for usci in sorted(others)),
    ]
    small = ("small_group",)
    assert column(found, "warnings") == {"a": small, "b": small, "c": (), "d": ()}


def test_a_closed_firm_is_of_no_base_and_one_ranked_all_the_same_is():
    firms = taxes(9.0, 8.0, 7.0)
    firms["a"]["closed_on"] = "2021-06-30"
    out = {"pilot": {"when": "tax_wan == 8", "grade": "T", "in_base": True}}
    found = evaluated(firms, scheme(grading={"grades": ABCD}, exclude=out))
    assert column(found, "rank") == {"b": 1, "c": 2, "a": None}
    assert column(found, "grade") == {"b": "T", "c": "B", "a": None}
    assert column(found, "ranked_grade") == {"b": "B", "c": "B", "a": None}


# --- ranks and grades -----------------------------------------------------------------------------


def indicator(**more):
    return {"name": NAME, **more}


def test_of_equal_scores_who_lacks_what_decides_stands_last():
    firms = taxes(9.0, 9.0, 9.0, 9.0)
    for firm, energy in zip("abcd", (None, 5.0, 0.0, 5.0), strict=True):
        firms[firm] |= {"energy_tce": energy}
    low = {"energy": indicator(numerator="energy_tce", better="lower")}
    found = evaluated(firms, scheme(grading={"break_ties": ["energy"]}, indicators=low))
    assert column(found, "rank") == {"c": 1, "b": 2, "d": 2, "a": 4}


def test_who_lacks_what_decides_stands_below_negative_values_too():
    firms = taxes(9.0, 9.0, 9.0)
    for firm, profit in zip("abc", (-3.0, None, -7.0), strict=True):
        firms[firm] |= {"value_added_wan": profit}
    added = {"added": indicator(value="value_added_wan")}
    found = evaluated(firms, scheme(grading={"break_ties": ["added"]}, indicators=added))
    assert column(found, "rank") == {"a": 1, "c": 2, "b": 3}


def test_what_is_ranked_may_be_an_indicator_of_which_less_is_better():
    firms = taxes(9.0, 9.0, 9.0)
    for firm, energy in zip("abc", (3.0, 1.0, None), strict=True):
        firms[firm] |= {"energy_tce": energy}
    low = {"energy": indicator(numerator="energy_tce", better="lower")}
    found = evaluated(firms, scheme(grading={"by": "energy"}, indicators=low))
    assert column(found, "rank") == {"b": 1, "a": 2, "c": None}


def test_a_shift_moves_by_so_many_grades_and_a_limit_moves_no_other():
    firms = taxes(9.0, 8.0, 7.0, 6.0, 5.0)
    grades = [
        {"grade": name, "to_pct": pct} for name, pct in zip("ABCD", (20, 40, 60, 80), strict=True)
    ]
    grading = {"grades": [*grades, {"grade": "E"}]}

    def after(**rule):
        rules = scheme(grading=grading, overrides={"x": {"when": "tax_wan < 100", **rule}})
        return "".join(column(evaluated(firms, rules), "grade").values())

    assert after(shift=1) == "AABCD"
    assert after(shift=-2) == "CDEEE"
    assert after(at_best="B") == "BBCDE"
    assert after(at_worst="D") == "ABCDD"
    assert after(to="C") == "CCCCC"


# --- what stands for a firm -----------------------------------------------------------------------


def test_a_bonus_that_cannot_be_told_is_a_doubt_and_adds_nothing():
    extra = {"new": {"points": 5, "when": "is_pilot"}, "old": {"points": 2, "when": "tax_wan > 5"}}
    firms = {**taxes(9.0, 5.0), "a": {"tax_paid_wan": 9.0, "is_pilot": None}}
    firms["b"]["is_pilot"] = True
    found = evaluated(firms, scheme(population={"bonuses": extra}))
    assert column(found, "bonus") == {"a": 2, "b": 5}
    assert column(found, "score") == {"a": 92, "b": 55}
    assert column(found, "warnings")["a"] == ("rule_unknown:new",)
    assert column(found, "why") == {"a": ("bonus:old",), "b": ("bonus:new",)}


def test_the_mean_of_the_others_is_over_those_that_have_points():
    research = {"research": indicator(numerator="rd_wan")}
    parts = {
        **PART,
        "research": {"weight": 10, "benchmark": 4, "missing": "average", "cap": 1.5},
    }
    firms = taxes(10.0, 10.0, 10.0, 10.0)
    for firm, amount in zip("abcd", (4.0, 8.0, 0.0, None), strict=True):
        firms[firm]["rd_wan"] = amount
    found = evaluated(firms, scheme(parts, indicators=research))
    points = column(found, "points_research")
    assert points == {"a": 10, "b": 15, "c": 0, "d": pytest.approx(25 / 3)}
    assert column(found, "why")["b"] == ("capped:research",)


def test_a_denominator_of_a_half_is_something_and_nought_is_nothing():
    per_tce = {"per_tce": indicator(numerator="tax_wan", denominator="energy_tce")}
    firms = taxes(9.0, 9.0)
    firms["a"]["energy_tce"], firms["b"]["energy_tce"] = 0.5, 0.0
    parts = {"per_tce": {"weight": 100, "benchmark": 18}}
    found = evaluated(firms, scheme(parts, indicators=per_tce))
    assert column(found, "score") == {"a": 100, "b": None}
    assert column(found, "why")["b"][0] == "zero_denominator:per_tce"


@pytest.mark.parametrize(
    ("day", "years", "months"),
    [("2020-12-15", 1, 12), ("2021-01-01", 0, 11), ("2019-11-30", 2, 25), ("2022-02-01", -1, -2)],
)
def test_full_years_and_months_are_counted_to_the_end_of_the_year(day, years, months):
    one = firm_county({"a": {"tax_paid_wan": 1.0}}, scheme())
    functions = Register(one, scheme_of(one, "test"), 2021).functions
    on = date.fromisoformat(day)
    assert (functions["years_since"](on), functions["months_since"](on)) == (years, months)


def test_a_name_may_be_that_of_two_years_before():
    firms = {
        "a": [
            {"tax_paid_wan": 9.0},
            {"year": 2020, "tax_paid_wan": 5.0},
            {"year": 2019, "tax_paid_wan": 3.0},
        ]
    }
    growth = {"growth": indicator(value="tax_wan - tax_wan_before + 10 * tax_wan_before2")}
    parts = {"growth": {"weight": 100, "benchmark": 34}}
    assert column(evaluated(firms, scheme(parts, indicators=growth)), "score") == {"a": 100}


# --- sites ----------------------------------------------------------------------------------------


def together(firms, parcels, areas_, tenures, sizes=None):
    rows = {"usci": list(firms), "parcel_id": list(parcels), "area_mu": areas_, "tenure": tenures}
    land = sizes or {"parcel_id": sorted(set(parcels)), "actual_mu": [9.0] * len(set(parcels))}
    one = firm_county(taxes(1.0, 1.0, 1.0, 1.0), scheme(), occupancies=rows, parcels=land)
    return sites(one, "abcd", pd.Timestamp("2021-12-31"))


def test_firms_that_neighbours_link_are_one_site():
    found = together("abbc", "ppqq", [1.0, 1.0, 1.0, 3.0], ["leased"] * 4)
    assert found == {"a": "c", "b": "c", "c": "c", "d": "d"}


def test_who_owns_most_leads_before_who_uses_most_and_of_equals_the_first():
    assert together("abc", "ppp", [1.0, 5.0, 2.0], ["owned", "leased", "owned"])["a"] == "c"
    assert together("abc", "ppp", [1.0, 5.0, 2.0], ["leased"] * 3)["a"] == "b"
    assert together("cba", "ppp", [2.0, 2.0, 2.0], ["owned"] * 3)["a"] == "a"
    assert together("cba", "ppp", [0.1 + 0.2, 0.3, 0.1], ["owned"] * 3)["a"] == "b"


# --- the spread -----------------------------------------------------------------------------------


def test_a_share_outside_nought_and_a_hundred_is_the_end_of_the_spread():
    one = spread(4, 2, 8)
    assert [one.quantile(Fraction(share)) for share in (-10, 0, 25, 75, 100, 150)] == [
        *(2, 2, 3, 6, 8, 8)
    ]


def test_a_rank_among_the_others_counts_those_that_are_better():
    values = (1, 3, 3, 7, None)
    up, down = spread(*values), spread(*values, better=Better.LOWER)
    assert [up.rank(Fraction(value)) for value in (8, 7, 3, 1, 0)] == [1, 1, 2, 4, 5]
    assert [down.rank(Fraction(value)) for value in (0, 1, 3, 7, 8)] == [1, 1, 2, 4, 5]


def test_the_mean_of_figures_that_are_no_ratios_is_that_of_the_firms():
    assert spread(1, 2, 6, None).mean == 3
    ratios = amounts((6, 1, 6), (6, None, None), (2, 3, Fraction(2, 3)))
    assert Spread(ratios, Better.HIGHER).mean == 2


# --- two years ------------------------------------------------------------------------------------


def both(firms, rules=None):
    one = firm_county(firms, rules or scheme(grading={"grades": ABCD}))
    return [evaluate(one, year=year, scheme="test") for year in (2021, 2020)]


def years(**amounts):
    return {
        firm: [
            {"year": year, "tax_paid_wan": amount}
            for year, amount in zip((2021, 2020), pair, strict=True)
            if amount is not ...
        ]
        for firm, pair in amounts.items()
    }


def test_a_move_is_told_with_both_scores_and_their_difference():
    found = explained(*both(years(a=(9.0, 4.0), b=(5.0, 6.0), c=(3.0, ...), d=(..., 1.0))))
    told = found.astype("object").where(found.notna(), None).set_index("usci")
    assert told["score"].to_dict() == {"a": 90, "b": 50, "c": 30, "d": None}
    assert told["score_before"].to_dict() == {"a": 40, "b": 60, "c": None, "d": 10}
    assert told["score_change"].to_dict() == {"a": 50, "b": -10, "c": None, "d": None}
    assert told["rank_change"].to_dict() == {"a": 1, "b": -1, "c": None, "d": None}
    assert told["grade_change"].to_dict()["c"] == "new"
    assert told["grade_change"].to_dict()["d"] == "gone"
    assert told["driver"].to_dict() == {"a": "tax_per_mu", "b": "tax_per_mu", "c": None, "d": None}
    assert told["driver_change"].to_dict()["a"] == 30


def test_a_firm_that_changed_its_population_has_no_change_of_score():
    firms = years(a=(9.0, 4.0), b=(5.0, 6.0))
    firms["a"][0]["is_above_scale"] = True
    found = explained(*both(firms, scheme(populations=TWO))).set_index("usci")
    assert found["score_change"].isna().to_dict() == {"a": True, "b": False}
    assert found["rank_change"].isna().to_dict() == {"a": True, "b": False}
    assert found.loc["a", ["population", "population_before"]].tolist() == ["large", "all"]


def test_moves_stand_by_code():
    found = moved(*both(years(c=(1.0, 1.0), a=(2.0, 2.0), b=(3.0, ...))))
    assert found["usci"].tolist() == ["a", "b", "c"]


def test_the_grade_of_the_year_before_is_asked_only_where_there_is_such_a_year():
    twice = {"twice": {"when": "grade_before == 'C' and grade == 'C'", "to": "E"}}
    rules = scheme(
        grading={"grades": [*ABCD, {"grade": "E", "when": "score < 0"}]}, overrides=twice
    )
    firms = years(a=(9.0, 9.0), b=(8.0, 8.0), c=(1.0, 1.0), d=(2.0, ...))
    one = firm_county(firms, rules)
    now, before = (evaluate(one, year=year, scheme="test") for year in (2021, 2020))
    assert column(before, "grade") == {"a": "A", "b": "B", "c": "C"}
    assert column(now, "grade") == {"a": "A", "b": "B", "d": "B", "c": "E"}


# --- contradictions -------------------------------------------------------------------------------


def test_just_so_many_firms_are_compared_and_fewer_are_not():
    rule = {**POLICY["evaluation"], "fewest_firms": 4}
    rules = scheme(grading={"grades": ABCD})
    rules["populations"]["all"]["parts"] = {"added": {"weight": 100, "benchmark": 10}}
    rules["indicators"]["added"] = indicator(numerator="value_added_wan", denominator="land_mu")
    firms = taxes(1.0, 2.0, 3.0, 4.0)
    for firm, added in zip("abcd", (40.0, 30.0, 20.0, 10.0), strict=True):
        firms[firm]["value_added_wan"] = added
    one = firm_county(firms, rules, policy={"evaluation": rule})
    found = contradictions(one, evaluate(one, year=2021, scheme="test"))
    [order] = found.orders
    assert (order.firms, order.is_contrary) == (4, True)
    assert found.firms["score_place"].tolist() == [1, 2, 3, 4]
    assert found.firms["tax_place"].tolist() == [4, 3, 2, 1]
    few = replace(one, policy={**one.policy, "evaluation": {**rule, "fewest_firms": 5}})
    assert contradictions(few, evaluate(few, year=2021, scheme="test")).orders == ()
