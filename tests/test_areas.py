"""Indicators of an area beside the benchmarks of a scheme: what has no sum, who is not there."""

from evaluating import NAME, TWO, evaluated, firm_county, scheme, taxes
from tenglong.measure.evaluation.areas import area_values, benchmarked
from tenglong.measure.evaluation.ranking import evaluate


def beside(firms, rules):
    one = firm_county(firms, rules)
    return benchmarked(one, evaluate(one, year=2021, scheme="test"))


def test_a_part_that_cannot_be_added_up_has_a_benchmark_and_no_value_and_no_firms():
    twice = {"twice": {"name": NAME, "value": "2 * tax_wan"}}
    parts = {"twice": {"weight": 100, "benchmark": 10}}
    [row] = beside(taxes(5.0, 7.0), scheme(parts, indicators=twice)).to_dict("records")
    assert (row["part"], row["benchmark"]) == ("twice", 10)
    assert row["value"] != row["value"]
    assert row["share"] != row["share"]
    assert (row["firms"], row["firms_lacking"]) == (0, 0)


def test_a_population_of_nobody_has_no_row():
    found = beside(taxes(5.0, 7.0), scheme(populations=TWO))
    assert found["population"].tolist() == ["all"]


def test_a_firm_that_is_ranked_all_the_same_is_left_out_and_one_with_a_cap_is_not():
    out = {"pilot": {"when": "tax_wan == 30", "grade": "T", "in_base": True}}
    parts = {"tax_per_mu": {"weight": 100, "benchmark": 10, "cap": 1}}
    one = firm_county(taxes(30.0, 20.0, 5.0), scheme(parts, exclude=out))
    found = evaluate(one, year=2021, scheme="test")
    assert found.frame["score"].tolist() == [100, 100, 50]
    assert area_values(one, found)["value"].tolist() == [12.5]


def test_firms_that_are_no_more_evaluated_are_of_no_area():
    firms = taxes(9.0, 8.0)
    firms["a"]["industry"] = "5100"
    one = firm_county(firms, scheme())
    values = area_values(one, evaluated(firms, scheme()))
    assert values[["numerator", "firms", "firms_lacking"]].to_numpy().tolist() == [[8, 1, 0]]
