"""A tally that the policy writes down: which rows count where, and what it may name."""

import re

import pytest

from build import POLICY, county
from tenglong.errors import ConfigurationError
from tenglong.measure.county import Unavailable
from tenglong.measure.league.tally import Tally, tallied
from tenglong.measure.policy.formula import Formula

PARCELS = {
    "parcel_id": ["p", "q", "r", "s"],
    "township": ["t2", "t1", "t1", None],
    "actual_mu": [8.0, 4.0, None, 100.0],
    "supplied_on": ["2021-12-31", "2022-01-01", "2020-12-31", "2021-01-01"],
    "land_use": ["1001", "0701", "1001", "1001"],
}


def amounts(tally, as_of="2022-06-30", **tables):
    return tallied(county(as_of, policy=POLICY, **(tables or {"parcels": PARCELS})), tally).amounts


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ("supplied_on >= year_start", {"t1": 1}),
        ("supplied_on < year_start", {"t1": 1, "t2": 1}),
        ("supplied_on >= plan_start", {"t1": 1, "t2": 1}),
        ("supplied_on < plan_start", {"t1": 1}),
        ("supplied_on <= effective_on", {"t1": 2, "t2": 1}),
        ("supplied_on > as_of", {}),
        ("months_since(supplied_on) >= 18", {"t1": 1}),
        ("months_since(supplied_on) < 6", {"t1": 1}),
        ("months_since(supplied_on) <= 6", {"t1": 1, "t2": 1}),
    ],
)
def test_a_condition_may_name_the_day_the_year_s_first_and_the_plan_s(where, found):
    assert amounts(Tally("parcels", where=Formula.parse(where))) == found


def test_what_stands_in_no_township_counts_for_none():
    assert amounts(Tally("parcels")) == {"t1": 2, "t2": 1}
    assert amounts(Tally("parcels", distinct="land_use")) == {"t1": 2, "t2": 1}


def test_what_is_different_is_so_within_each_township():
    again = {**PARCELS, "parcel_id": list("pqrs"), "land_use": ["1001", "1001", "1001", None]}
    found = tallied(county(policy=POLICY, parcels=again), Tally("parcels", distinct="land_use"))
    assert (found.amounts, found.undecided) == ({"t1": 1, "t2": 1}, 1)


def test_a_row_without_an_amount_is_undecided_only_where_it_would_count():
    for where, undecided in (("land_use == '1001'", 1), ("land_use == '0701'", 0)):
        tally = Tally("parcels", where=Formula.parse(where), sum="actual_mu")
        assert tallied(county(policy=POLICY, parcels=PARCELS), tally).undecided == undecided
    whole = tallied(county(policy=POLICY, parcels=PARCELS), Tally("parcels", sum="actual_mu"))
    assert (whole.amounts, whole.undecided) == ({"t1": 4, "t2": 8}, 1)


@pytest.mark.parametrize("column", ["land_use", "is_built"])
def test_only_numbers_are_added_up(column):
    parcels = {**PARCELS, "is_built": [True, False, True, True]}
    with pytest.raises(ConfigurationError, match=f"parcels.{column}: does not hold numbers"):
        amounts(Tally("parcels", sum=column), parcels=parcels)


@pytest.mark.parametrize(
    "tally",
    [
        Tally("parcels", sum="price_wan"),
        Tally("parcels", distinct="price_wan"),
        Tally("parcels", where=Formula.parse("price_wan > 0")),
    ],
)
def test_a_column_that_was_not_supplied_is_named(tally):
    with pytest.raises(Unavailable) as lacking:
        amounts(tally)
    assert (lacking.value.table, lacking.value.column) == ("parcels", "price_wan")


def test_of_several_columns_that_lack_the_first_by_name_is_told():
    columns = [f"{letter}_mu" for letter in "hgfedcba"]
    where = Formula.parse(" + ".join(columns) + " > 0")
    with pytest.raises(Unavailable) as lacking:
        amounts(Tally("parcels", where=where))
    assert lacking.value.column == "a_mu"


@pytest.mark.parametrize(
    ("tally", "fault"),
    [
        (Tally("parcels", sum="actual_mu"), ""),
        (Tally("parcel"), "there is no table 'parcel' (did you mean 'parcels'?)"),
        (Tally("parcels", sum="actual_m"), "'actual_m' (did you mean 'actual_mu'?)"),
        (Tally("parcels", sum="employees"), "parcels has no column 'employees'"),
        (
            Tally("parcels", where=Formula.parse("supplied_on < plan_strat")),
            "'plan_strat' (did you mean 'plan_start'?)",
        ),
    ],
)
def test_a_slip_of_the_policy_is_refused_with_the_nearest_name(tally, fault):
    declared = county(policy=POLICY, parcels=PARCELS, is_declared=True)
    if not fault:
        assert tallied(declared, tally).amounts == {"t1": 4, "t2": 8}
        return
    with pytest.raises(ConfigurationError) as error:
        tallied(declared, tally)
    assert fault in str(error.value)


@pytest.mark.parametrize(
    ("tally", "faults"),
    [
        (Tally("parcels"), []),
        (Tally("parcels", sum="actual_mu"), []),
        (Tally("parcels", distinct="usci"), []),
        (Tally(""), ["x.table: must name a table"]),
        (
            Tally("parcels", sum="actual_mu", distinct="usci"),
            ["x: give `sum` or `distinct`, not both"],
        ),
        (Tally("parcels", Formula.parse("months_since(first(day)) > at_least(a, b)")), []),
        (
            Tally("parcels", Formula.parse(" + ".join(f"{name}(day)" for name in "hgfedcba"))),
            [f"x.where: there is no function '{name}'" for name in "abcdefgh"],
        ),
    ],
)
def test_what_is_wrong_with_a_tally_is_told_at_its_place(tally, faults):
    told = list(tally.faults("x"))
    assert [f"{place}: {said.en}".split(" (did")[0] for place, said in told] == faults
    assert all(re.search("[一-鿿]", said.zh) for _, said in told)
