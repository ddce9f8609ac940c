"""The grid factor of a year on a day: what had not been published yet is not used."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from build import POLICY
from tenglong.errors import ConfigurationError
from tenglong.measure.carbon.rule import grid_factor, grid_of

GRID = grid_of(POLICY)


def used(year, day):
    found = grid_factor(GRID, year=year, as_of=date.fromisoformat(day))
    return (found.region, found.factor_year, float(found.kg_per_kwh)) if found else None


@pytest.mark.parametrize(("year", "value"), [(2021, 0.5422), (2022, 0.5153), (2023, 0.4974)])
def test_once_all_are_out_every_year_has_its_own_factor_of_the_province(year, value):
    assert used(year, "2026-01-01") == ("浙江", year, value)


def test_a_factor_is_used_from_the_day_of_its_publication():
    assert used(2022, "2024-12-19") == ("浙江", 2021, 0.5422)
    assert used(2022, "2024-12-20") == ("浙江", 2022, 0.5153)


def test_before_the_province_had_any_the_national_one_is_used():
    assert used(2021, "2022-06-30") == ("全国", 2021, 0.581)
    assert used(2021, "2022-03-14") == ("全国", 2015, 0.6101)


def test_years_of_one_report_are_judged_by_one_region():
    assert {used(year, "2024-06-30")[0] for year in (2020, 2021, 2022, 2023)} == {"浙江"}


def test_a_restated_factor_goes_before_the_one_it_replaces():
    policy = {"grid": {**POLICY["grid"], "regions": ["全国"]}}
    found = grid_factor(grid_of(policy), year=2021, as_of=date(2024, 4, 12))
    assert float(found.kg_per_kwh) == 0.5568


def test_before_anything_was_published_there_is_none():
    assert used(2021, "2010-01-01") is None


def test_a_county_may_prefer_another_region():
    policy = {"grid": {**POLICY["grid"], "regions": ["华东"]}}
    found = grid_factor(grid_of(policy), year=2022, as_of=date(2026, 1, 1))
    assert float(found.kg_per_kwh) == 0.5617


@given(st.integers(2015, 2030), st.dates(date(2000, 1, 1), date(2030, 1, 1)))
def test_no_factor_of_the_future_is_ever_used(year, as_of):
    found = grid_factor(GRID, year=year, as_of=as_of)
    assert found is None or found.published <= as_of


@given(st.integers(2015, 2030), st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.randoms())
def test_the_order_of_the_file_changes_nothing(year, as_of, random):
    factors = list(POLICY["grid"]["factors"])
    random.shuffle(factors)
    shuffled = grid_of({"grid": {**POLICY["grid"], "factors": factors}})
    assert grid_factor(shuffled, year=year, as_of=as_of) == grid_factor(
        GRID, year=year, as_of=as_of
    )


def test_a_factor_without_a_day_of_publication_is_named():
    entry = {"region": "浙江", "factor_year": 2021, "kg_per_kwh": 0.5422}
    with pytest.raises(ConfigurationError, match=r"factors\[1\]: the key 'published' is missing"):
        grid_of({"grid": {"regions": ["浙江"], "factors": [entry]}})
