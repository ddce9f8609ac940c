"""What the evaluation page says: who lost what, what moved against the others, one township."""

from fractions import Fraction

import pytest

from build import POLICY, all_of, county, cut
from tenglong.errors import UsageError
from tenglong.measure.sheet.enterprises import enterprises_sheet

FIRMS = {
    "usci": ["a", "b", "c"],
    "name": ["甲", "乙", "丙"],
    "township": ["t1", "t1", "t2"],
    "industry": ["33", "34", "35"],
}
YEARS = {
    "usci": ["a", "b", "c"] * 2,
    "year": [2020] * 3 + [2021] * 3,
    "is_above_scale": False,
    "land_mu": 10.0,
    "tax_paid_wan": [30.0, 20.0, 10.0, 35.0, 60.0, 20.0],
    "electricity_10k_kwh": 100.0,
}
TOWNS = {"township": ["t1", "t2"], "name": ["大峃镇", "珊溪镇"]}


# The default below scale, with a second part and without a cap.
TWO_PARTS = {
    "based_on": "default",
    "populations": {
        "below_scale": {
            "parts": {
                "tax_per_mu": {"weight": 50, "cap": None},
                "tax_per_kwh": {"weight": 50, "benchmark": 0.2352},
            }
        }
    },
}
RULES = {**POLICY, "schemes": {**POLICY["schemes"], "two": TWO_PARTS}}


def reviewed(township="", **tables):
    given = {"enterprises": FIRMS, "enterprise_years": YEARS, "townships": TOWNS} | tables
    known = county("2022-06-30", policy=RULES, **given)
    return cut(enterprises_sheet, known, township, scheme="two")


def by_code(frame):
    return frame.set_index("usci")


def test_the_weakest_part_is_the_one_with_the_most_points_below_its_weight():
    firms = by_code(reviewed().firms)
    # c: tax per mu 2 against 11.5932, tax per kWh 0.2 against 0.2352; 50 points each
    assert firms.loc["c", "weakest"] == "tax_per_mu"
    assert firms.loc["c", "lost"] == pytest.approx(50 - 50 * 2 / 11.5932)


def test_a_firm_above_every_benchmark_lost_nothing():
    firms = by_code(reviewed(enterprise_years=YEARS | {"tax_paid_wan": 900.0}).firms)
    assert firms["lost"].isna().all()


def test_a_fall_is_driven_by_the_part_that_lagged_behind_the_others():
    moves = by_code(reviewed().moves)
    # Tax per kWh moved by 50 × (change of tax / 100) / 0.2352: +10.63, +85.03 and +21.26.
    assert moves.loc["a", "rank_change"] == -1
    assert moves.loc["a", "driver"] == "tax_per_kwh"
    against = 50 / 0.2352 * (0.05 - (0.05 + 0.4 + 0.1) / 3)
    assert moves.loc["a", "driver_change"] == pytest.approx(against)


def test_a_township_keeps_the_ranks_of_the_whole_county():
    whole, cut = by_code(reviewed().firms), by_code(reviewed("珊溪镇").firms)
    assert cut.index.tolist() == ["c"]
    assert cut.loc["c", "rank"] == whole.loc["c", "rank"] == 3
    assert cut.loc["c", "of"] == 3


def test_the_indicators_of_a_township_are_its_own_ratio_of_sums():
    areas = reviewed("大峃镇").areas
    value = areas.loc[areas["part"] == "tax_per_mu", "value"]
    assert value.tolist() == [(35 + 60) / 20]


def test_the_low_grades_hold_what_their_firms_hold():
    low = reviewed().low
    assert low.firms == 1
    assert low.tax_per_mu == Fraction(2)


def test_an_unknown_township_is_refused():
    with pytest.raises(UsageError, match="did you mean '珊溪镇'"):
        reviewed("珊溪")


def test_without_firms_the_review_says_what_is_lacking():
    found = all_of(enterprises_sheet, county("2022-06-30"), scheme="default")
    assert found.evaluation is None
    assert str(found.lacking) == "enterprise_years"


def test_the_first_year_known_has_nothing_to_compare_with():
    first = {key: value[:3] if isinstance(value, list) else value for key, value in YEARS.items()}
    found = reviewed(enterprise_years=first)
    assert not found.has_before
    assert found.moves.empty


def test_a_measure_without_a_source_for_its_rate_has_none():
    assert all(one.rate is None for one in reviewed().measures)
