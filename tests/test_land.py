"""Grants, standard land, contracts, the fund and the ledger of conversions."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from build import POLICY
from tenglong.measure.county import Unavailable
from tenglong.measure.example import example_county
from tenglong.measure.land.supply import (
    contracts_signed,
    fund_share,
    industrial_grants,
    is_industrial,
    land_replaced,
    replacement_ledger,
    standard_land,
)


def grants(*rows):
    """Give grants: (day, use, area, is new, is standard)."""
    names = ("granted_on", "land_use", "area_mu", "is_new", "is_standard_land")
    table = {name: [row[place] for row in rows] for place, name in enumerate(names)}
    return example_county(policy=POLICY, land_supply=table)


def moves(*rows):
    """Give entries of the ledger: (day, area, direction)."""
    names = ("moved_on", "area_mu", "direction")
    table = {name: [row[place] for row in rows] for place, name in enumerate(names)}
    return example_county(policy=POLICY, land_moves=table)


def by_year(reading):
    return {figure.end.year: figure.value for figure in reading.figures}


def test_the_share_of_industry_is_by_area_and_year():
    county = grants(
        ("2021-01-05", "1001", 30.0, True, True),
        ("2021-12-31", "0701", 70.0, True, False),
        ("2022-01-01", "0601", 1.0, True, True),
        ("2022-05-01", "0901", 2.0, True, False),
    )
    assert by_year(industrial_grants(county)) == {2021: Fraction(3, 10), 2022: Fraction(1, 3)}


@pytest.mark.parametrize(
    "code", ["0601", "060101", "1001", "100103", "061", "M", "m1", "M2", "工业用地"]
)
def test_codes_of_industrial_land_are_known(code):
    county = grants(("2021-01-05", code, 1.0, True, True))
    assert is_industrial(county.tables["land_supply"]["land_use"], county).tolist() == [True]


@pytest.mark.parametrize("code", ["0602", "1002", "1101", "0701", "MIX", "商服用地"])
def test_other_codes_are_not_industrial(code):
    county = grants(("2021-01-05", code, 1.0, True, True))
    assert is_industrial(county.tables["land_supply"]["land_use"], county).tolist() == [False]


def test_a_year_with_too_many_gaps_has_no_figure():
    rows = [("2021-01-05", "1001", 1.0, True, True)] * 19
    whole = grants(*rows, ("2021-02-01", None, 1.0, True, True))
    [figure] = industrial_grants(whole).figures
    assert (figure.value, figure.low, figure.high) == (1, Fraction(19, 20), 1)
    short = grants(*rows[:18], ("2021-02-01", None, 1.0, True, True))
    assert by_year(industrial_grants(short)) == {}


def test_only_new_industrial_land_has_to_be_standard_land():
    county = grants(
        ("2021-01-05", "1001", 30.0, True, True),
        ("2021-02-05", "1001", 10.0, True, False),
        ("2021-03-05", "1001", 50.0, False, False),
        ("2021-04-05", "0701", 50.0, True, False),
    )
    assert by_year(standard_land(county)) == {2021: Fraction(3, 4)}


def test_the_fund_is_a_share_of_the_settled_income():
    table = {
        "year": [2021, 2022, 2023],
        "settlement_income_wan": [5000.0, 0.0, 4000.0],
        "drawn_wan": [100.0, 0.0, None],
    }
    found = by_year(fund_share(example_county(policy=POLICY, special_fund=table)))
    assert found == {2021: Fraction(1, 50), 2022: None}


def test_contracts_are_asked_of_industrial_parcels_and_of_those_of_unknown_use():
    county = example_county(
        policy=POLICY,
        parcels={
            "parcel_id": ["a", "b", "c", "d"],
            "land_use": ["1001", "0701", None, "0601"],
            "supervision_signed_on": ["2021-05-01", None, "2020-01-01", None],
        },
    )
    reading = contracts_signed(county)
    assert (reading.done, reading.required, reading.completed_on) == (2, 3, None)


def test_contracts_are_complete_on_the_day_of_the_last():
    table = {"parcel_id": ["a", "b"], "supervision_signed_on": ["2021-05-01", "2022-01-01"]}
    reading = contracts_signed(example_county(policy=POLICY, parcels=table))
    assert (reading.unit, reading.completed_on.isoformat()) == ("宗", "2022-01-01")


def test_more_replaced_than_converted_does_not_count_twice():
    reading = land_replaced(moves(("2021-01-01", 12.4, "out"), ("2021-02-01", 12.6, "in")))
    assert reading.done == reading.required == Fraction("12.4")


def test_nothing_converted_leaves_nothing_to_replace():
    assert land_replaced(moves(("2021-02-01", 5.0, "in"))).required == 0


def test_the_ledger_runs_by_day_whatever_the_order_of_the_rows():
    county = moves(
        ("2021-05-01", 0.3, "in"), ("2021-03-01", 0.1, "out"), ("2021-05-01", 0.2, "out")
    )
    ledger = replacement_ledger(county)
    assert ledger["balance_mu"].tolist() == [-0.1, 0.0, 0.0]
    assert ledger["is_short"].tolist() == [True, False, False]
    assert ledger.index.tolist() == [1, 0, 2]


def test_an_entry_of_unknown_area_leaves_the_balance_unknown_from_then_on():
    county = moves(
        ("2021-01-01", 1.0, "in"), ("2021-02-01", None, "out"), ("2021-03-01", 1.0, "in")
    )
    ledger = replacement_ledger(county)
    assert ledger["balance_mu"].isna().tolist() == [False, True, True]
    assert ledger["is_short"].isna().tolist() == [False, True, True]


@given(
    st.lists(
        st.tuples(st.integers(1, 28), st.integers(0, 900), st.sampled_from(["in", "out"])),
        max_size=8,
    )
)
def test_the_balance_agrees_with_a_bare_loop(entries):
    county = moves(*((f"2021-01-{day:02d}", tenths / 10, way) for day, tenths, way in entries))
    ledger = replacement_ledger(county)
    for _, row in ledger.iterrows():
        total = sum(
            tenths if way == "in" else -tenths
            for day, tenths, way in entries
            if day <= row["moved_on"].day
        )
        assert row["balance_mu"] == total / 10
        assert row["is_short"] is (total < 0)


def test_a_ledger_without_directions_is_not_kept():
    county = example_county(
        policy=POLICY, land_moves={"moved_on": ["2021-01-01"], "area_mu": [1.0]}
    )
    with pytest.raises(Unavailable, match="direction"):
        replacement_ledger(county)
