"""What moved between two evaluations: who comes first, what drove a rank, who is gone."""

import pandas as pd
import pytest

from evaluating import ABCD, firm_county, scheme
from tenglong.measure.evaluation.outcome import _driver, explained, low_grades, moved
from tenglong.measure.evaluation.ranking import evaluate

NOTHING = (None, None)


def both(**amounts):
    """Evaluate 2021 and 2020 of firms with the taxes of both years; None is not known."""
    firms = {
        firm: [
            {"year": year, "tax_paid_wan": amount}
            for year, amount in zip((2021, 2020), pair, strict=True)
            if amount is not ...
        ]
        for firm, pair in amounts.items()
    }
    one = firm_county(firms, scheme(grading={"grades": ABCD}))
    return [evaluate(one, year=year, scheme="test") for year in (2021, 2020)]


@pytest.mark.parametrize(
    ("grades", "low"), [("ABCDE", "DE"), ("ABCD", "CD"), ("ABC", "C"), ("A", "A"), ("", "")]
)
def test_the_last_two_of_four_or_more_grades_are_low_and_else_the_last(grades, low):
    assert low_grades(tuple(grades)) == tuple(low)


def test_moves_stand_by_code_where_nobody_came_or_went():
    found = moved(*both(a=(1.0, 1.0), b=(3.0, 3.0), c=(2.0, 2.0)))
    assert found["usci"].tolist() == ["a", "b", "c"]
    assert found["rank"].tolist() == [3, 1, 2]


@pytest.mark.parametrize(
    ("against", "places_won", "driver"),
    [
        ({"x": 0.5, "y": 0.25}, 1, ("x", 0.5)),
        ({"x": -0.5, "y": -0.25}, -1, ("x", -0.5)),
        ({"x": 0.5}, -1, NOTHING),
        ({"x": -0.5}, 1, NOTHING),
        ({"x": 0.5, "y": -0.5}, 0, NOTHING),
        ({"x": 0.0}, 1, NOTHING),
        ({"x": 0.0, "y": 0.5}, -1, NOTHING),
        ({"x": 0.5, "y": -0.5}, pd.NA, NOTHING),
        ({"x": float("nan")}, 1, NOTHING),
        ({}, -1, NOTHING),
    ],
)
def test_a_part_that_did_not_move_towards_the_rank_drove_nothing(against, places_won, driver):
    assert _driver(against, places_won) == driver


def test_a_firm_that_was_never_ranked_is_driven_by_nothing():
    found = explained(*both(a=(9.0, 1.0), b=(2.0, 8.0), c=(None, None))).set_index("usci")
    assert found["driver"].isna().to_dict() == {"a": False, "b": False, "c": True}
    assert found["rank_change"].isna().to_dict() == {"a": False, "b": False, "c": True}


def test_a_firm_that_is_gone_is_of_the_population_that_it_was_of():
    found = explained(*both(a=(9.0, 1.0), b=(..., 8.0))).set_index("usci")
    assert found["population"].to_dict() == {"a": "all", "b": "all"}
    assert found["grade_change"].to_dict()["b"] == "gone"


def test_moves_are_told_by_these_columns_of_which_the_code_is_the_first():
    found = explained(*both(a=(9.0, 1.0), b=(2.0, 8.0)))
    assert list(found) == [
        *("usci", "group_before", "group", "rank_before", "rank", "of_before", "of"),
        *("grade_before", "grade", "rank_change", "grade_change", "industry", "population"),
        *("population_before", "score_before", "why_before", "score", "why", "score_change"),
        *("driver", "driver_change"),
    ]
