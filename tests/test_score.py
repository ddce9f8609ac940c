"""Points and scores: published formulas by hand, caps, gaps, bonuses, and their properties."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from build import POLICY
from evaluating import column, evaluated, firm_county, points, scheme, taxes
from tenglong.measure.evaluation.ranking import evaluate
from tenglong.measure.evaluation.score import clamped, total_points
from tenglong.measure.rationals import Rationals

# One firm whose every indicator is the benchmark of Huangyan 2022.
AT_THE_BENCHMARK = {
    "is_above_scale": True,
    "land_mu": 10.0,
    "tax_paid_wan": 240.97,
    "value_added_wan": 1361.6,
    "energy_tce": 1361.6 / 2.694,
    "pollutants_t": 1361.6 / 4929.81,
    "employees": 1361.6 / 18.14,
    "rd_wan": 30.2,
    "revenue_wan": 1000.0,
}
PARTS = tuple(POLICY["schemes"]["huangyan-2022"]["populations"]["above_scale"]["parts"])
LINEAR = {"base": 20, "span": 80}


def scores(firms, rules, **tables):
    return column(evaluated(firms, rules, **tables), "score")


def test_huangyan_2022_gives_a_hundred_points_at_its_benchmarks():
    county = firm_county({"a": AT_THE_BENCHMARK})
    found = evaluate(county, year=2021, scheme="huangyan-2022").frame
    assert found["score"].tolist() == pytest.approx([100])
    assert found["points_tax_per_mu"].tolist() == [30]


def test_huangyan_2022_by_hand_above_scale():
    """Σ weight × value ÷ benchmark, with values chosen so that each can be worked out."""
    firm = {
        "is_above_scale": True,
        "land_mu": 20.0,
        "tax_paid_wan": 600.0,  # 30 万元/亩: 30 ÷ 24.097 × 30 = 37.3490
        "value_added_wan": 2000.0,  # 100 万元/亩: 100 ÷ 136.16 × 20 = 14.6886
        "energy_tce": 1000.0,  # 2 万元/tce: 2 ÷ 2.694 × 20 = 14.8478
        "pollutants_t": 0.5,  # 4000 万元/t: 4000 ÷ 4929.81 × 10 = 8.1139
        "employees": 100.0,  # 20 万元/人: 20 ÷ 18.14 × 10 = 11.0254
        "rd_wan": 300.0,
        "revenue_wan": 10000.0,  # 0.03 ÷ 0.0302 × 10 = 9.9338
    }
    found = evaluate(firm_county({"a": firm}), year=2021, scheme="huangyan-2022").frame.loc[0]
    points = [found[f"points_{name}"] for name in PARTS]
    by_hand = [37.3490, 14.6886, 14.8478, 8.1139, 11.0254, 9.9338]
    assert [round(float(one), 4) for one in points] == by_hand
    assert round(float(found["score"]), 3) == 95.958


@pytest.mark.parametrize(
    ("year", "points"),
    [
        ("2022", 20 / 11.5932 * 50 + 0.5 / 0.2352 * 50),
        ("2021", 20 / 16.601058 * 50 + 0.5 / 0.236565 * 50),
    ],
)
def test_huangyan_by_hand_below_scale(year, points):
    firm = {"tax_paid_wan": 100.0, "land_mu": 5.0, "electricity_10k_kwh": 200.0}
    found = evaluate(firm_county({"a": firm}), year=2021, scheme=f"huangyan-{year}").frame
    assert found["score"].tolist() == pytest.approx([points])


def test_huangyan_2021_differs_in_benchmarks_only():
    now, before = (POLICY["schemes"][f"huangyan-{year}"] for year in ("2022", "2021"))
    assert before["based_on"] == "huangyan-2022"
    assert set(before) == {"based_on", "name", "source", "source_en", "populations"}
    for population, rule in before["populations"].items():
        assert set(rule["parts"]) == set(now["populations"][population]["parts"])


def test_a_firm_without_emission_data_gets_the_average_points_of_the_others():
    others = {"b": {"pollutants_t": 2.0}, "c": {"pollutants_t": 4.0}, "d": {"pollutants_t": None}}
    firms = {usci: {**AT_THE_BENCHMARK, **more} for usci, more in others.items()}
    found = evaluate(firm_county(firms), year=2021, scheme="huangyan-2022")
    points = column(found, "points_value_added_per_t")
    assert points["d"] == pytest.approx((points["b"] + points["c"]) / 2)
    assert column(found, "why")["d"] == ("missing_average:value_added_per_t",)


def test_min_max_gives_twenty_to_the_lowest_and_all_to_the_highest():
    parts = {"tax_per_mu": {"weight": 50, "formula": "min_max"}}
    rules = scheme(parts, parameters=LINEAR)
    assert scores(taxes(2.0, 6.0, 10.0), rules) == {"a": 10, "b": 30, "c": 50}


def test_min_max_takes_other_bases_and_the_other_direction():
    own = {"base": 60, "span": 40}
    parts = {"energy": {"weight": 100, "formula": "min_max", "parameters": own}}
    energy = {
        "energy": {
            "name": {"zh": "单耗", "en": "energy"},
            "numerator": "energy_tce",
            "denominator": "revenue_wan",
            "better": "lower",
        }
    }
    firms = {
        firm: {"energy_tce": tce, "revenue_wan": 10.0}
        for firm, tce in {"a": 10.0, "b": 20.0, "c": 50.0}.items()
    }
    assert scores(firms, scheme(parts, indicators=energy)) == {"a": 100, "b": 90, "c": 60}


def test_where_all_are_alike_min_max_gives_full_points():
    rules = scheme({"tax_per_mu": {"weight": 50, "formula": "min_max"}}, parameters=LINEAR)
    assert scores(taxes(7.0, 7.0), rules) == {"a": 50, "b": 50}


def test_lower_is_better_falls_to_nothing_at_twice_the_benchmark():
    parts = {"tax_per_mu": {"weight": 8, "benchmark": 10, "formula": "lower_is_better"}}
    found = scores(taxes(0.0, 5.0, 10.0, 20.0, 30.0), scheme(parts))
    assert found == {"a": 16, "b": 12, "c": 8, "d": 0, "e": 0}


@pytest.mark.parametrize(
    ("benchmark", "expected"),
    [
        ("mean", 12),  # (30 + 6) ÷ (1 + 2) = 12
        ("average", 16.5),  # (30 + 3) ÷ 2
        ("high", 30),
        ("2 * mean_before", 8),  # last year (6 + 2) ÷ (1 + 1) = 4
        ("median", 16.5),
        ("quantile(100)", 30),
        ("top_average(50)", 30),
        ("1.2 * 10", 12),
    ],
)
def test_a_benchmark_may_be_a_number_or_come_from_the_firms(benchmark, expected):
    firms = {
        "a": [{"tax_paid_wan": 30.0}, {"year": 2020, "tax_paid_wan": 6.0}],
        "b": [{"tax_paid_wan": 6.0, "land_mu": 2.0}, {"year": 2020, "tax_paid_wan": 2.0}],
    }
    parts = {"tax_per_mu": {"weight": 100, "benchmark": benchmark}}
    found = scores(firms, scheme(parts))
    assert found["a"] == pytest.approx(30 / expected * 100)


def test_without_last_years_figures_a_benchmark_made_of_them_is_not_known():
    parts = {"tax_per_mu": {"weight": 100, "benchmark": "2 * mean_before"}}
    found = evaluated(taxes(5.0), scheme(parts))
    assert column(found, "score") == {"a": None}
    assert column(found, "why") == {"a": ("no_benchmark:tax_per_mu", "not_ranked")}


def test_firms_are_compared_with_their_own_industry():
    firms = taxes(10.0, 30.0, 4.0)
    for firm, industry in zip("abc", ("3391", "3311", "2011"), strict=True):
        firms[firm]["industry"] = industry
    parts = {"tax_per_mu": {"weight": 100, "benchmark": "mean", "compare": ["division"]}}
    assert scores(firms, scheme(parts)) == {"a": 50, "b": 150, "c": 100}


def test_benchmarks_may_be_listed_by_industry():
    firms = taxes(10.0, 10.0, 10.0)
    firms["a"]["industry"], firms["b"]["industry"] = "3391", "1311"
    lookup = {"line": {"by": "division", "values": {33: 20, 13: 5}, "default": 10}}
    parts = {"tax_per_mu": {"weight": 100, "benchmark": "line"}}
    firms["c"]["industry"] = "2011"
    assert scores(firms, scheme(parts, lookups=lookup)) == {"a": 50, "b": 200, "c": 100}


def test_one_indicator_may_be_scored_twice():
    parts = {
        "county": {"indicator": "tax_per_mu", "weight": 60, "benchmark": 10},
        "industry": {"indicator": "tax_per_mu", "weight": 40, "benchmark": 20},
    }
    assert scores(taxes(10.0), scheme(parts)) == {"a": 80}


def test_points_are_capped_and_floored_by_multiples_of_the_weight():
    parts = {"tax_per_mu": {"weight": 40, "benchmark": 10, "cap": 1.5, "floor": 0.1}}
    found = evaluated(taxes(15.0, 15.1, 1.0, 0.9), scheme(parts))
    assert column(found, "score") == {"a": 60, "b": 60, "c": 4, "d": 4}
    assert column(found, "why")["b"] == ("capped:tax_per_mu",)
    assert column(found, "why")["a"] == ()


def test_a_negative_value_gets_no_points_unless_the_scheme_keeps_it():
    assert scores(taxes(-5.0), scheme()) == {"a": 0}
    assert scores(taxes(-5.0), scheme(negative="keep")) == {"a": -50}


@pytest.mark.parametrize(
    ("rule", "expected", "code"),
    [
        ("unscored", None, "missing"),
        ("zero", 50, "missing_set"),
        ("full", 150, "missing_set"),
        ("-3", 47, "missing_set"),
        ("0.6 * w", 110, "missing_set"),
        ("average", 75, "missing_average"),
        ("exclude", 100, "missing_excluded"),
    ],
)
def test_what_a_firm_gets_that_has_no_data_is_the_schemes_rule(rule, expected, code):
    """a has 50 of 100 on its tax and nothing on research; b has 25 of 100 on research."""
    research = {"name": {"zh": "研发", "en": "R&D"}, "numerator": "rd_wan"}
    parts = {
        "tax_per_mu": {"weight": 100, "benchmark": 20},
        "research": {"weight": 100, "benchmark": 4, "missing": rule},
    }
    firms = {"a": {"tax_paid_wan": 10.0, "rd_wan": None}, "b": {"tax_paid_wan": 1.0, "rd_wan": 1.0}}
    found = evaluated(firms, scheme(parts, indicators={"research": research}))
    assert column(found, "score")["a"] == expected
    assert f"{code}:research" in column(found, "why")["a"]


@pytest.mark.parametrize(
    ("rule", "points"), [("unscored", None), ("zero", 0), ("full", 100), ("average", 50)]
)
def test_what_a_firm_gets_that_uses_no_energy_is_the_schemes_rule(rule, points):
    firms = {
        "a": {"value_added_wan": 10.0, "energy_tce": 0.0},
        "b": {"value_added_wan": 5.0, "energy_tce": 1.0},
    }
    name = {"zh": "单位能耗增加值", "en": "Value added per tce"}
    energy = {
        "name": name,
        "unit": "万元/吨标准煤",
        "numerator": "value_added_wan",
        "denominator": "energy_tce",
    }
    parts = {"energy": {"weight": 100, "benchmark": 10}}
    rules = scheme(parts, indicators={"energy": energy}, zero_denominator=rule)
    assert scores(firms, rules)["a"] == points


def test_no_land_beside_a_tax_is_a_blank_and_no_nought():
    firms = taxes(10.0, 5.0)
    firms["a"]["land_mu"] = 0.0
    found = evaluated(firms, scheme(zero_denominator="full", missing="unscored"))
    assert column(found, "score")["a"] is None
    assert "missing:tax_per_mu" in column(found, "why")["a"]


def test_an_average_of_nobody_is_no_points():
    assert scores(taxes(None, None), scheme(missing="average")) == {"a": None, "b": None}


def test_bonuses_and_deductions_are_added_within_their_limits():
    bonuses = {
        "large": {"when": "tax_wan >= 20", "points": 6},
        "larger": {"when": "tax_wan >= 30", "points": 6},
        "growth": {
            "when": "tax_wan > tax_wan_before",
            "points": "min(tax_wan - tax_wan_before, 2)",
        },
        "small": {"when": "tax_wan < 5", "points": -30},
    }
    population = {"bonuses": bonuses, "most_bonus": 10, "most_deduction": 20}
    found = evaluated(taxes(30.0, 20.0, 1.0), scheme(population=population))
    assert column(found, "bonus") == {"a": 10, "b": 6, "c": -20}
    assert column(found, "score") == {"a": 310, "b": 206, "c": -10}
    assert column(found, "why")["c"] == ("deduction:small",)
    assert "rule_unknown:growth" in column(found, "warnings")["a"]


def test_wenlings_letting_costs_more_for_every_tenant():
    """规上 −5 per extra tenant; 规下 −10 for the first and −5 for each further one."""
    firms = taxes(*[10.0] * 6, revenue_wan=10.0, electricity_10k_kwh=1.0, is_above_scale=False)
    used = {"usci": ["a"], "parcel_id": ["p"], "tenure": ["owned"], "share": [0.4]}
    for tenant in "bcd":
        used["usci"].append(tenant)
        used["parcel_id"].append("p")
        used["tenure"].append("leased")
        used["share"].append(0.2)
    found = evaluate(
        firm_county(firms, occupancies=used, parcels={"parcel_id": ["p"], "actual_mu": [9.0]}),
        year=2021,
        scheme="wenling",
    )
    assert column(found, "bonus") == {"a": -20, "b": 0, "c": 0, "d": 0, "e": 0, "f": 0}


def test_titles_earn_points_and_lost_ones_do_not():
    bonuses = {"green": {"when": "'green_factory:provincial' in titles", "points": 3}}
    titles = {
        "recognised_on": ["2020-05-01", "2020-05-01", "2021-06-01", "2022-01-01"],
        "kind": ["green_factory"] * 4,
        "level": ["provincial"] * 4,
        "holder": ["甲", "乙", "乙", "丙"],
        "usci": ["a", "b", "b", "c"],
        "is_lost": [False, False, True, False],
    }
    found = evaluated(
        taxes(10.0, 10.0, 10.0), scheme(population={"bonuses": bonuses}), recognitions=titles
    )
    assert column(found, "bonus") == {"a": 3, "b": 0, "c": 0}


def test_a_score_may_be_limited_rounded_or_multiplied():
    population = {"total": "round(points * 1.1, 1) + bonus", "most": 120}
    assert scores(taxes(1.05, 50.0), scheme(population=population)) == {"a": 11.6, "b": 120}


def test_the_tax_that_counts_may_be_the_schemes_own():
    firm = {"tax_paid_wan": 10.0, "tax_relief_wan": 5.0, "vat_refund_wan": 1.0}
    assert scores({"a": firm}, scheme()) == {"a": 160}
    assert scores({"a": firm}, scheme(tax_add_back=["tax_relief_wan"])) == {"a": 150}


def test_electricity_may_be_counted_at_its_calorific_value():
    """100 万千瓦时: 1000 × 0.1229 = 122.9 tce at its calorific value, 300 at 0.30."""
    energy = {"energy": {"name": {"zh": "能耗", "en": "energy"}, "numerator": "energy_tce"}}
    firm = {"energy_tce": 300.0, "electricity_10k_kwh": 100.0}
    parts = {"energy": {"weight": 1, "benchmark": 1}}
    rules = [
        scheme(parts, indicators=energy, electricity=f"{way}_value")
        for way in ("equal", "calorific")
    ]
    found = [scores({"a": firm}, rule)["a"] for rule in rules]
    assert found == [300, pytest.approx(122.9)]


def test_left_out_weights_go_to_the_others():
    parts = points(30, "out", 10)
    weights = [Fraction(50), Fraction(30), Fraction(20)]
    assert total_points(parts, weights).values() == [Fraction(40 * 100, 70)]
    assert total_points(parts[1:2], [Fraction(30)]).values() == [None]
    assert clamped(Rationals.of([Fraction(-1)]), least=Fraction(0)).fractions() == [0]


money = st.decimals("-20", "400", places=2).map(float)
land = st.decimals("0.1", "90", places=1).map(float)
population = st.lists(st.tuples(money, land), min_size=1, max_size=7)


def with_land(pairs):
    firms = "abcdefghijklm"
    return {
        firm: {"tax_paid_wan": tax, "land_mu": mu}
        for firm, (tax, mu) in zip(firms, pairs, strict=False)
    }


@settings(max_examples=settings().max_examples // 4)
@given(population, st.decimals("0", "50", places=2).map(float))
def test_more_tax_never_lowers_a_score_against_a_benchmark(pairs, more):
    before = scores(with_land(pairs), scheme())["a"]
    richer = [(pairs[0][0] + more, pairs[0][1]), *pairs[1:]]
    assert scores(with_land(richer), scheme())["a"] >= before


@settings(max_examples=settings().max_examples // 4)
@given(population, st.sampled_from(["10", "mean", "high", "quantile(50)"]))
def test_a_score_against_a_benchmark_is_that_of_a_bare_loop(pairs, benchmark):
    parts = {"tax_per_mu": {"weight": 100, "benchmark": benchmark, "zero_denominator": "zero"}}
    found = scores(with_land(pairs), scheme(parts))
    ratios = sorted(tax / mu for tax, mu in pairs)
    middle = (len(ratios) - 1) / 2
    line = {
        "10": 10.0,
        "mean": sum(tax for tax, _ in pairs) / sum(mu for _, mu in pairs),
        "high": ratios[-1],
        "quantile(50)": (ratios[int(middle)] + ratios[-int(middle) - 1]) / 2,
    }[benchmark]
    for firm, (tax, mu) in zip("abcdefg", pairs, strict=False):
        if abs(line) > 1e-6:
            expected = 0 if tax < 0 else 100 * tax / mu / line
            assert found[firm] == pytest.approx(expected, rel=1e-6, abs=1e-6)


@settings(max_examples=settings().max_examples // 4)
@given(population, st.permutations(range(7)))
def test_the_order_of_firms_changes_no_score(pairs, order):
    firms = with_land(pairs)
    shuffled = {firm: firms[firm] for firm in (list("abcdefg")[i] for i in order) if firm in firms}
    for rule in ("min_max", "rank_share", "standard_score"):
        parts = {"tax_per_mu": {"weight": 30, "formula": rule}}
        rules = scheme(parts, parameters=LINEAR)
        assert scores(firms, rules) == scores(shuffled, rules)
