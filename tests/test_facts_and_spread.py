"""What a score rests on, at its limits: spreads, facts of a day, moves between two years."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pandas as pd
import pytest

from build import POLICY, county
from evaluating import amounts, points, spread
from tenglong.measure.chain.monthly import Months
from tenglong.measure.chain.warning import alarms, firm_lights, warning_rules, warnings, watched
from tenglong.measure.evaluation.adjustment import adjustments_of
from tenglong.measure.evaluation.facts import (
    agreed_completion_on,
    is_producing,
    is_tenant,
    land_supplied_on,
    leased_mu,
    owner,
    production_on,
    tenants,
    titles,
    upgrading_wan,
)
from tenglong.measure.evaluation.outcome import _driver, explained, moved
from tenglong.measure.evaluation.part import limited
from tenglong.measure.evaluation.ranking import evaluate
from tenglong.measure.evaluation.register import Register
from tenglong.measure.evaluation.scheme import Better, Part
from tenglong.measure.evaluation.scheme_file import scheme_of
from tenglong.measure.evaluation.score import clamped, total_points
from tenglong.measure.evaluation.spread import average, mean
from tenglong.measure.firm.firms import industry_of
from tenglong.measure.land.occupants import main_occupants, per_mu
from tenglong.measure.parcel.classes import classify
from tenglong.measure.period import last_over, period_at, period_of
from tenglong.measure.rationals import Rationals
from tenglong.measure.reading import Grain
from test_warning import firms, only, two_springs

YEAR_END = pd.Timestamp("2021-12-31")


# The spread of an indicator among the firms compared.


@pytest.mark.parametrize(
    ("percent", "value"),
    [(-1, 1), (0, 1), (25, 2), (50, 4), (75, 8), (100, 16), (101, 16), ("62.5", 6)],
)
def test_a_quantile_lies_between_its_two_firms(percent, value):
    assert spread(16, 1, None, 8, 2, 4).quantile(Fraction(percent)) == value


@pytest.mark.parametrize(
    ("better", "best", "worst", "ranks", "top"),
    [
        (Better.HIGHER, 8, 1, {8: 1, 4: 2, 1: 4, 9: 1, 0: 5}, 8),
        (Better.LOWER, 1, 8, {1: 1, 4: 2, 8: 4, 9: 5, 0: 1}, 1),
    ],
)
def test_what_is_best_hangs_on_the_direction(better, best, worst, ranks, top):
    found = spread(4, 8, 1, 4, None, better=better)
    assert (found.best, found.worst, found.n) == (best, worst, 4)
    assert (found.low, found.high, found.median) == (1, 8, 4)
    assert {value: found.rank(Fraction(value)) for value in ranks} == ranks
    assert found.top_average(Fraction(25)) == top


@pytest.mark.parametrize(
    ("percent", "mean_of_best"),
    [(0, 16), (10, 16), (29, 16), (30, 12), (50, Fraction(28, 3)), (100, Fraction(31, 5))],
)
def test_the_best_so_many_per_cent_are_rounded_half_up_and_at_least_one(percent, mean_of_best):
    found = spread(1, 2, 4, 8, 16).top_average(Fraction(percent))
    assert float(found) == pytest.approx(float(mean_of_best))


def test_a_spread_of_nobody_has_no_figures():
    nobody = spread(None)
    figures = [nobody.low, nobody.high, nobody.best, nobody.median, nobody.sd, nobody.average]
    assert figures == [None] * 6
    assert (nobody.n, nobody.top_average(Fraction(50)), average([])) == (0, None, None)


def test_the_deviation_and_the_year_before_are_the_population_s():
    found = spread(2, 4, 4, 4, 5, 5, 7, 9, before=(10, 20))
    assert (found.average, found.sd, found.mean_before) == (5, 2, 15)


def test_a_population_s_own_value_is_a_ratio_of_sums_over_those_that_have_both():
    known, other, lacking = (30, 1, 30), (10, 3, Fraction(10, 3)), (99, None, None)
    assert mean(amounts(known, other, lacking)) == 10
    assert mean(amounts(lacking)) is None


@pytest.mark.parametrize(
    ("points", "kept", "code"),
    [
        ("45", "45", ""),
        ("45.01", "45", "capped"),
        ("6", "6", ""),
        ("5.99", "6", "floored"),
        ("-1", "6", "floored"),
    ],
)
def test_points_on_the_cap_or_the_floor_are_the_formula_s(points, kept, code):
    part = Part(Fraction(30), cap=Fraction(3, 2), floor=Fraction(1, 5))
    found, capped, floored = limited(Rationals.of([Fraction(points)]), part)
    assert found.fractions() == [Fraction(kept)]
    assert (capped.tolist(), floored.tolist()) == ([code == "capped"], [code == "floored"])


@pytest.mark.parametrize(("number", "kept"), [(-1, 0), (0, 0), (5, 5), (10, 10), (11, 10)])
def test_a_number_is_kept_within_its_limits(number, kept):
    given = Rationals.of([Fraction(number)])
    assert clamped(given, least=Fraction(0), most=Fraction(10)).fractions() == [kept]
    assert clamped(given).fractions() == [number]


def test_weights_of_what_is_left_out_go_to_the_others_and_an_unknown_part_leaves_no_score():
    weights = [Fraction(60), Fraction(30), Fraction(10)]
    assert total_points(points(30, 6, "out"), weights).values() == [Fraction(36 * 100, 90)]
    assert total_points(points(30, "out", "out"), weights).values() == [50]
    assert total_points(points(30, None, "out"), weights).values() == [None]
    assert total_points(points("out", "out", "out"), weights).values() == [None]


# Facts of a firm at the end of the year.


def held(tenures, **parcels):
    """Give a county in which firms use parcels: [("a", "p", "owned")]."""
    count = len(next(iter(parcels.values()))) if parcels else 3
    return county(
        parcels={"parcel_id": list("pqr")[:count], "actual_mu": [10.0] * count, **parcels},
        occupancies={
            "usci": [firm for firm, _, _ in tenures],
            "parcel_id": [parcel for _, parcel, _ in tenures],
            "tenure": [tenure for _, _, tenure in tenures],
            "area_mu": [2.0, 3.0, 4.0, 5.0, 6.0][: len(tenures)],
        },
    )


def told(fact, place, *codes):
    found = fact(place, pd.DataFrame({"usci": list(codes)}), YEAR_END)
    return [None if pd.isna(value) else value for value in found.tolist()]


OWNED = [("a", "p", "owned"), ("a", "q", "owned"), ("b", "q", "leased"), ("c", "q", "leased")]


def test_of_several_parcels_the_last_grant_the_first_production_and_the_first_promise_count():
    days = ["2019-05-01", "2021-12-31", "2022-01-01"]
    own = [("a", name, "owned") for name in "pqr"]
    dated = dict.fromkeys(("supplied_on", "production_on", "agreed_completion_on"), days)
    place = held(own, **dated)
    assert told(land_supplied_on, place, "a") == [pd.Timestamp("2021-12-31")]
    assert told(production_on, place, "a") == [pd.Timestamp("2019-05-01")]
    assert told(agreed_completion_on, place, "a") == [pd.Timestamp("2019-05-01")]
    assert told(is_producing, place, "a", "b") == [True, None]


def test_what_comes_after_the_year_is_no_fact_unless_it_was_agreed():
    later = ["2022-01-01"]
    dated = dict.fromkeys(("supplied_on", "production_on", "agreed_completion_on"), later)
    place = held([("a", "p", "owned")], **dated)
    assert told(land_supplied_on, place, "a") == [None]
    assert told(production_on, place, "a") == [None]
    assert told(is_producing, place, "a") == [False]
    assert told(agreed_completion_on, place, "a") == [pd.Timestamp("2022-01-01")]


def test_land_that_is_leased_was_not_supplied_to_the_tenant():
    place = held([("a", "p", "leased")], supplied_on=["2019-05-01"])
    assert told(land_supplied_on, place, "a") == [None]


@pytest.mark.parametrize("gone", ["parcels", "occupancies"])
def test_where_nobody_uses_any_parcel_no_firm_has_a_day(gone):
    dated = dict.fromkeys(("supplied_on", "production_on", "agreed_completion_on"), ("2019-05-01",))
    place = held([("a", "p", "owned")], **dated)
    place = replace(place, tables={**place.tables, gone: place.tables[gone].iloc[:0]})
    for fact in (land_supplied_on, production_on, agreed_completion_on):
        assert told(fact, place, "a") == [None]
    assert told(is_producing, place, "a") == [None if gone == "occupancies" else False]


def test_owners_and_tenants_are_told_apart():
    place = held(OWNED)
    assert told(tenants, place, "a", "b", "d") == [2, 0, 0]
    assert told(is_tenant, place, "a", "b", "d") == [False, True, None]
    assert told(owner, place, "a", "b", "c") == [None, "a", "a"]
    assert told(leased_mu, place, "a", "b", "c") == [0, 4, 5]


def test_who_owns_some_land_is_no_tenant_and_of_two_owners_the_first_counts():
    place = held(
        [("b", "p", "owned"), ("a", "p", "owned"), ("c", "p", "leased"), ("c", "q", "owned")]
    )
    assert told(is_tenant, place, "c") == [False]
    assert told(owner, place, "c") == ["a"]
    assert told(tenants, place, "a", "b", "c") == [1, 1, 0]


def test_a_title_is_held_from_its_day_until_it_is_lost():
    place = county(
        recognitions={
            "kind": ["green_factory", "rd_centre", "green_factory", "quality_award"],
            "level": ["provincial", "municipal", "provincial", None],
            "holder": ["甲", "甲", "甲", "甲"],
            "usci": ["a", "a", "a", None],
            "recognised_on": ["2021-05-01", "2021-12-31", "2021-06-01", "2022-01-01"],
            "is_lost": [None, False, True, None],
        }
    )
    found = titles(place, pd.DataFrame({"usci": ["a"], "name": ["甲"]}), YEAR_END)
    assert sorted(found[0]) == ["rd_centre", "rd_centre:municipal"]
    later = pd.Timestamp("2022-01-01")
    found = titles(place, pd.DataFrame({"usci": ["a"], "name": ["甲"]}), later)
    assert "quality_award" in found[0]


def test_only_upgrading_of_the_year_counts():
    place = county(
        projects={
            "project_id": ["x", "y", "z"],
            "kind": ["upgrade", "energy_saving", "new"],
            "usci": ["a", "a", "a"],
        },
        project_months={
            "project_id": ["x", "x", "y", "z", "x"],
            "month": ["2020-12", "2021-01", "2021-12", "2021-06", "2022-01"],
            "invested_wan": [1.0, 2.0, 4.0, 8.0, 16.0],
        },
    )
    assert told(upgrading_wan, place, "a", "b") == [6, 0]


def test_a_fact_of_the_year_before_is_that_of_its_own_last_day():
    place = held([("a", "p", "owned"), ("b", "p", "leased"), ("c", "p", "leased")])
    until = ["2030-12-31", "2030-12-31", "2020-12-31"]
    used = place.tables["occupancies"].assign(to_on=pd.to_datetime(until).as_unit("s"))
    years = pd.DataFrame({"usci": ["a", "a"], "year": [2020, 2021], "tax_paid_wan": [1.0, 2.0]})
    place = replace(place, tables={**place.tables, "occupancies": used, "enterprise_years": years})
    register = Register(place, scheme_of(place, "default"), 2021)
    told_of = [register.column("tenants", back).values()[0] for back in (0, 1)]
    assert told_of == [1, 2]
    assert [register.names("a")[name] for name in ("tax_wan", "tax_wan_before")] == [2, 1]


# What moved between two years.


def evaluated():
    codes = ["a", "b", "c", "d", "e"]
    place = county(
        policy={"tax": {"source": "", "add_back": []}},
        enterprises={"usci": codes, "industry": ["33"] * 5},
        enterprise_years={
            "usci": [*codes[:4], *codes[:3], "e"],
            "year": [2020] * 4 + [2021] * 4,
            "is_above_scale": [False] * 8,
            "land_mu": [4.0] * 8,
            "tax_paid_wan": [40.0, 30.0, 20.0, 10.0, 10.0, 50.0, 25.0, 4.0],
            "electricity_10k_kwh": [9.0] * 8,
        },
    )
    return [evaluate(place, year=year) for year in (2021, 2020)]


def test_places_won_and_lost_and_who_is_new_or_gone():
    now, before = evaluated()
    found = moved(now, before).set_index("usci")
    assert found["rank_before"].dropna().to_dict() == {"a": 1, "b": 2, "c": 3, "d": 4}
    assert found["rank"].dropna().to_dict() == {"b": 1, "c": 2, "a": 3, "e": 4}
    assert found["rank_change"].dropna().to_dict() == {"a": -2, "b": 1, "c": 1}
    changes = found["grade_change"].to_dict()
    assert (changes["d"], changes["e"]) == ("gone", "new")


@pytest.mark.parametrize(
    ("was", "has", "change"),
    [("A", "A", "same"), ("A", "B", "worse"), ("C", "B", "better"), ("T", "A", "other")],
)
def test_a_grade_that_changed_is_better_or_worse_in_the_scheme_s_order(was, has, change):
    now, before = evaluated()
    graded = [
        replace(one, frame=one.frame.assign(grade=grade))
        for one, grade in ((now, has), (before, was))
    ]
    found = moved(*graded).set_index("usci")["grade_change"].to_dict()
    assert found == {"a": change, "b": change, "c": change, "d": "gone", "e": "new"}


def test_a_move_is_explained_by_the_part_that_moved_against_the_others():
    now, before = evaluated()
    found = explained(now, before).set_index("usci")
    assert found.loc["a", "score_change"] < 0
    assert found.loc["b", "score_change"] > 0
    assert found.loc["a", "driver_change"] < 0 < found.loc["b", "driver_change"]
    assert found.loc["b", "driver"] == "tax_per_mu"


@pytest.mark.parametrize(
    ("year", "scheme", "is_taken"),
    [
        (2021, "", True),
        (2021, "default", True),
        (2021, "huangyan-2022", False),
        (2020, "", False),
        (2020, "default", False),
    ],
)
def test_an_adjustment_is_of_its_own_year_and_scheme(year, scheme, is_taken):
    entry = {"usci": "a", "year": year, "grade": "B", "reason": "会议纪要", "scheme": scheme}
    policy = {"adjustments": {"source": "…", "adjustments": [entry]}}
    found = adjustments_of(policy, year=2021, scheme="default", grades="ABCD")
    assert list(found) == (["a"] if is_taken else [])


@pytest.mark.parametrize(
    ("code", "digits", "industry"),
    [("3441", 2, "34"), ("34", 2, "34"), ("3", 2, None), ("34", 3, None), (None, 2, None)],
)
def test_a_code_that_is_too_short_is_of_no_industry(code, digits, industry):
    (found,) = industry_of(pd.Series([code], dtype="str"), digits=digits)
    assert (None if pd.isna(found) else found) == industry


@pytest.mark.parametrize(("least", "is_small"), [(4, False), (5, True)])
def test_a_group_of_just_the_size_is_not_small(least, is_small):
    schemes = {
        **POLICY["schemes"],
        "own": {"based_on": "default", "grading": {"small_group": least}},
    }
    place = county(
        policy={"schemes": schemes},
        enterprises={"usci": list("abcd"), "industry": ["33"] * 4},
        enterprise_years={
            "usci": list("abcd"),
            "year": [2021] * 4,
            "is_above_scale": [False] * 4,
            "land_mu": [4.0] * 4,
            "tax_paid_wan": [40.0, 30.0, 20.0, 10.0],
            "electricity_10k_kwh": [9.0] * 4,
        },
    )
    found = evaluate(place, year=2021, scheme="own")
    assert found.frame["of"].tolist() == [4] * 4
    warned = ["small_group" in codes for codes in found.frame["warnings"]]
    assert warned == [is_small] * 4
    assert [one.code for one in found.notes] == (["small_group"] if is_small else [])


@pytest.mark.parametrize(
    ("places_won", "driver"),
    [
        (3, ("up", 2.0)),
        (1, ("up", 2.0)),
        (0, (None, None)),
        (-1, ("down", -3.0)),
        (-3, ("down", -3.0)),
    ],
)
def test_a_place_won_is_driven_by_what_rose_and_one_lost_by_what_fell(places_won, driver):
    against = {"up": 2.0, "down": -3.0, "unknown": float("nan"), "steady": 0.0}
    assert _driver(against, places_won) == driver
    assert _driver({"down": -0.5}, abs(places_won) or 1) == (None, None)
    assert _driver({"up": 0.5}, -abs(places_won) or -1) == (None, None)


# Early warning: how many months, how many rules, who is watched.


@pytest.mark.parametrize(("values", "state"), [((7, 7, 7), "raised"), ((8, 7, 7), "clear")])
def test_a_rule_must_hold_in_its_first_month_too(values, state):
    found = warnings(firms({"A": two_springs((10, 10, 10), values)})).iloc[0]
    assert found["state"] == state
    assert found["months_running"] == (3 if state == "raised" else 2)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("tax_wan_yoy", -40),
        ("tax_wan_mom", Fraction(-100, 7)),
        ("tax_wan_last_year", 10),
        ("tax_wan_before", 7),
        ("tax_wan", 6),
    ],
)
def test_a_figure_is_held_against_its_own_month(name, change):
    place = firms({"A": two_springs((8, 9, 10), (8, 7, 6))})
    months = Months.of(place)
    assert months.value(name, "A", months.last.ordinal) == (change, "")


def test_a_sum_since_january_is_held_against_the_same_months():
    months = {
        f"{year}-{month:02d}": year - 2019 + month for year in (2020, 2021) for month in (1, 2)
    }
    found = Months.of(firms({"A": months}))
    assert found.value("tax_wan_ytd_yoy", "A", found.last.ordinal) == (
        Fraction(7, 5) * 100 - 100,
        "",
    )
    assert found.value("tax_wan_ytd_yoy", "A", found.last.ordinal - 1) == (50, "")


@pytest.mark.parametrize(
    ("gone", "why"), [("2021-01", "no_month"), ("2021-02", "no_month"), ("2020-01", "no_base")]
)
def test_a_sum_since_january_is_not_known_where_a_month_of_it_is_not(gone, why):
    months = {f"{year}-{month:02d}": 5 for year in (2020, 2021) for month in (1, 2, 3)}
    del months[gone]
    found = Months.of(firms({"A": months}))
    assert found.value("tax_wan_ytd_yoy", "A", found.last.ordinal) == (None, why)


@pytest.mark.parametrize(("last", "is_watched"), [("2021-07", True), ("2021-06", False)])
def test_a_firm_is_watched_for_so_many_months_and_no_more(last, is_watched):
    place = firms({"A": {"2022-06": 1}, "B": {last: 1}})
    assert watched(place, 12) == (["A", "B"] if is_watched else ["A"])


def test_two_rules_raised_are_red_one_is_yellow_and_the_worst_stand_first():
    assert [one.at_least for one in warning_rules(firms({}).policy).lights] == [2, 1]
    fall, steady = two_springs((10, 10, 10), (7, 7, 7)), two_springs((10, 10, 10), (10, 10, 10))
    one = firms({"A": steady, "B": fall}, columns=("electricity_10k_kwh",))
    assert firm_lights(one)[["usci", "light"]].to_numpy().tolist() == [
        ["B", "yellow"],
        ["A", "cannot_tell"],
    ]
    two = firms({"A": steady, "B": fall}, columns=("electricity_10k_kwh", "tax_wan"))
    assert firm_lights(two)["light"].tolist() == ["red", "cannot_tell"]


def test_of_equal_lights_the_steepest_fall_stands_first():
    springs = {
        name: two_springs((10, 10, 10), (7, 7, last))
        for name, last in (("A", 7), ("B", 5), ("C", 6))
    }
    place = firms(springs, policy=only("tax_wan_yoy < -20", months=3))
    found = alarms(place)
    assert found.firms["usci"].tolist() == ["B", "C", "A"]
    assert [falls[0].change_pct for falls in found.firms["falls"]] == [-50, -40, -30]
    assert str(found.month) == "2022-06"


# Parcels: who uses most, what a mu yields, where a value is put.


def test_the_firm_that_uses_most_of_a_parcel_is_its_main_one():
    place = held(
        [("b", "p", "owned"), ("a", "p", "leased"), ("c", "q", "owned"), ("a", "p", "owned")]
    )
    found = main_occupants(place).tolist()
    assert found[:2] == ["a", "c"]
    assert pd.isna(found[2])


def test_a_firm_s_tax_goes_to_its_parcels_by_their_land():
    place = county(
        policy={"tax": {"source": "", "add_back": []}},
        parcels={"parcel_id": ["p", "q"], "actual_mu": [10.0, 4.0]},
        occupancies={
            "usci": ["a", "a", "b"],
            "parcel_id": ["p", "q", "p"],
            "area_mu": [6.0, 2.0, 4.0],
        },
        enterprise_years={
            "usci": ["a", "b", "a"],
            "year": [2021, 2021, 2020],
            "tax_paid_wan": [40.0, 10.0, 999.0],
        },
    )
    assert per_mu(place, "tax_wan") == {"p": Fraction(40, 10), "q": Fraction(10, 4)}


@pytest.mark.parametrize(
    ("scheme", "k", "limits"),
    [
        ("quantiles", 4, (0, 26, 51, 76, 100)),
        ("equal_interval", 4, (0, 51, 76, 100)),
        ("equal_interval", 2, (0, 51, 100)),
    ],
)
def test_limits_of_a_scheme_lie_where_it_says(scheme, k, limits):
    if scheme == "quantiles":
        values = [float(number) for number in range(101)]
    else:  # nothing from 1 to 50: an interval that would be empty is none
        values = [0.0, *map(float, range(51, 101))]
    assert classify(pd.Series(values), scheme=scheme, k=k).limits == limits


def test_the_last_limit_of_a_scheme_is_no_less_than_the_largest_value():
    values = pd.Series([1.2345, 2.3456, 3.4567, 4.5678, 5.6789, 98.7654])
    limits = classify(values, scheme="quantiles", k=3).limits
    assert limits[0] <= 1.2345
    assert 98.7654 <= limits[-1] < 110


# Periods.


@pytest.mark.parametrize(
    ("text", "start", "end", "months"),
    [
        ("2021", date(2021, 1, 1), date(2021, 12, 31), range(1, 13)),
        ("2021Q1", date(2021, 1, 1), date(2021, 3, 31), range(1, 4)),
        ("2021Q4", date(2021, 10, 1), date(2021, 12, 31), range(10, 13)),
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29), range(2, 3)),
        ("2021-12", date(2021, 12, 1), date(2021, 12, 31), range(12, 13)),
    ],
)
def test_a_period_holds_its_first_and_its_last_day(text, start, end, months):
    period = period_of(text)
    assert (period.start, period.end, period.months) == (start, end, months)
    assert period_at(start, period.grain) == period_at(end, period.grain) == period


@pytest.mark.parametrize(
    ("day", "over"),
    [
        (date(2022, 3, 31), ["2022-03", "2022Q1", "2021"]),
        (date(2022, 3, 30), ["2022-02", "2021Q4", "2021"]),
        (date(2022, 12, 31), ["2022-12", "2022Q4", "2022"]),
        (date(2023, 1, 1), ["2022-12", "2022Q4", "2022"]),
    ],
)
def test_a_period_is_over_at_the_end_of_its_last_day(day, over):
    assert [last_over(day, grain).name for grain in Grain] == over
