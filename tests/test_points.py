"""Points of a part at their limits: ranks, nought and below, what cannot be told, bonuses."""

import pytest

from evaluating import column, evaluated, scheme, taxes

TAX = "tax_per_mu"


def part(**keys):
    return {TAX: {"weight": 100, **keys}}


def test_points_may_follow_from_the_rank_and_equals_share_the_better_one():
    rules = scheme(part(formula="w * (n - rank + 1) / n"))
    assert column(evaluated(taxes(9.0, 8.0, 8.0, 1.0), rules), "score") == {
        "a": 100,
        "b": 75,
        "c": 75,
        "d": 25,
    }


def test_who_has_no_value_has_no_rank_to_give_points_for():
    found = evaluated(taxes(9.0, None), scheme(part(formula="x", missing="rank")))
    assert column(found, "score") == {"a": 9, "b": None}
    assert column(found, "why")["b"] == (f"missing_set:{TAX}", "not_ranked")


@pytest.mark.parametrize(
    ("amount", "score", "why"),
    [(0.5, 5, ()), (0.0, 0, ()), (-0.5, 0, (f"negative:{TAX}",)), (-5.0, 0, (f"negative:{TAX}",))],
)
def test_nought_is_no_negative_value(amount, score, why):
    found = evaluated(taxes(amount), scheme())
    assert (column(found, "score"), column(found, "why")) == ({"a": score}, {"a": why})


def test_a_part_may_keep_its_negative_values_though_the_scheme_does_not():
    own = part(benchmark=10, negative="keep")
    assert column(evaluated(taxes(-5.0), scheme(own)), "score") == {"a": -50}
    own = part(benchmark=10, negative="zero")
    assert column(evaluated(taxes(-5.0), scheme(own, negative="keep")), "score") == {"a": 0}


def test_a_negative_value_of_which_less_is_better_goes_by_the_formula():
    cost = {"cost": {"name": {"zh": "成本", "en": "cost"}, "value": "tax_wan", "better": "lower"}}
    rules = scheme({"cost": {"weight": 10, "formula": "w - x"}}, indicators=cost)
    assert column(evaluated(taxes(-5.0), rules), "score") == {"a": 15}


def test_a_formula_that_lacks_a_figure_of_the_firm_gives_no_points():
    firms = taxes(10.0, 10.0)
    firms["a"]["employees"], firms["b"]["employees"] = None, 4.0
    rules = scheme(part(formula="w * x / b / employees", benchmark=10))
    found = evaluated(firms, rules)
    assert column(found, "score") == {"a": None, "b": 25}
    assert column(found, "why")["a"] == (f"missing:{TAX}", "not_ranked")


def test_a_formula_that_divides_by_nothing_gives_what_the_scheme_gives_for_it():
    firms = taxes(10.0, 10.0)
    firms["a"]["energy_tce"], firms["b"]["energy_tce"] = 0.0, 4.0
    rules = scheme(part(formula="w / energy_tce", zero_denominator="full"))
    found = evaluated(firms, rules)
    assert column(found, "score") == {"a": 100, "b": 25}
    assert column(found, "why")["a"] == (f"zero_denominator_set:{TAX}",)


def test_half_a_point_is_a_bonus_or_a_deduction_and_none_is_neither():
    bonuses = {
        "plus": {"when": "tax_wan == 9", "points": 0.5},
        "minus": {"when": "tax_wan == 8", "points": -0.5},
        "nothing": {"points": 0},
    }
    found = evaluated(taxes(9.0, 8.0, 7.0), scheme(population={"bonuses": bonuses}))
    assert column(found, "why") == {"a": ("bonus:plus",), "b": ("deduction:minus",), "c": ()}
    assert column(found, "bonus") == {"a": 0.5, "b": -0.5, "c": 0}
    assert column(found, "score") == {"a": 90.5, "b": 79.5, "c": 70}


def test_bonuses_and_deductions_are_limited_apart():
    bonuses = {
        name: {"points": points} for name, points in zip("abcd", (4, -7, 3, -8), strict=True)
    }
    limits = {"most_bonus": 5, "most_deduction": 12}
    found = evaluated(taxes(9.0), scheme(population={"bonuses": bonuses, **limits}))
    assert column(found, "bonus") == {"a": 5 - 12}


def test_a_bonus_and_the_total_may_name_points_of_a_part_and_figures_of_the_firm():
    extra = {
        "when": "points > 50 and points_tax_per_mu > 50 and population == 'all'",
        "points": "points_tax_per_mu / 100 + tax_wan",
    }
    population = {"bonuses": {"extra": extra}, "total": "points_tax_per_mu + bonus + tax_wan"}
    found = evaluated(taxes(9.0, 5.0), scheme(population=population))
    assert column(found, "score") == {"a": pytest.approx(90 + 9.9 + 9), "b": 55}
