"""Registered collateral: what is active, by parcel and per mu, by creditor."""

from datetime import date
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from build import county
from tenglong.measure.chain.collateral import (
    active_collateral,
    collateral_by_creditor,
    collateral_by_parcel,
    collateral_total,
    registered_collateral,
)
from tenglong.measure.county import Unavailable

PARCELS = {"parcel_id": ["p", "q", "r"], "actual_mu": [4, 3, None]}


def entries(*rows, drop=(), parcels=PARCELS):
    """Give entries as (parcel, creditor, amount, registered, released)."""
    names = ("parcel_id", "creditor", "amount_wan", "registered_on", "released_on")
    filled = [(*row, "2021-01-01", None)[:5] if len(row) == 3 else row for row in rows]
    table = {name: [row[n] for row in filled] for n, name in enumerate(names) if name not in drop}
    table["collateral_id"] = [str(n) for n in range(len(rows))]
    given_ = {"collateral": table, **({"parcels": parcels} if parcels else {})}
    return county("2022-06-30", **given_)


@pytest.mark.parametrize(
    ("registered", "released", "is_active"),
    [
        ("2021-01-01", None, True),
        ("2022-06-30", None, True),
        (None, None, True),
        ("2021-01-01", "2022-06-29", False),
        ("2021-01-01", "2022-06-30", False),
        ("2021-01-01", "2022-07-01", True),
        ("2022-07-01", None, False),
    ],
)
def test_a_security_is_active_from_its_registration_until_its_release(
    registered, released, is_active
):
    one = entries(("p", "甲行", 100, registered, released))
    assert len(active_collateral(one)) == is_active


def test_amounts_are_summed_by_parcel_and_divided_by_its_area():
    one = entries(("p", "甲行", 500), ("p", "乙行", 300), ("q", "甲行", 100))
    found = collateral_by_parcel(one).set_index("parcel_id")
    assert found.loc["p", ["entries", "creditors", "wan_per_mu"]].tolist() == [2, 2, 200]
    assert found.loc["q", "wan_per_mu"] == float(Fraction(100, 3))


@pytest.mark.parametrize(
    ("parcel", "amount", "reason"),
    [
        ("r", 100, "no_area"),
        ("z", 100, "no_area"),
        (None, 100, "no_parcel"),
        ("p", None, "amount_lacking"),
    ],
)
def test_what_cannot_be_divided_is_named(parcel, amount, reason):
    found = collateral_by_parcel(entries((parcel, "甲行", amount))).iloc[0]
    assert (found["reason"], pd.isna(found["wan_per_mu"])) == (reason, True)


def test_without_parcels_amounts_are_left():
    found = collateral_by_parcel(entries(("p", "甲行", 500), parcels=None)).iloc[0]
    assert (found["amount_wan"], found["reason"]) == (500, "no_area")


def test_creditors_have_their_shares_and_the_unnamed_stand_last():
    found = collateral_by_creditor(
        entries(("p", "甲行", 100), ("q", "乙行", 200), ("q", None, 700))
    )
    assert found["creditor"].tolist()[:2] == ["乙行", "甲行"]
    assert found["share_pct"].tolist() == [20, 10, 70]


@pytest.mark.parametrize("column", ["released_on", "registered_on", "amount_wan", "parcel_id"])
def test_what_is_needed_is_named(column):
    with pytest.raises(Unavailable, match=rf"collateral\.{column}"):
        collateral_by_parcel(entries(("p", "甲行", 100), drop=(column,)))


def test_without_creditors_parcels_are_still_summed():
    one = entries(("p", "甲行", 100), drop=("creditor",))
    assert collateral_by_parcel(one)["amount_wan"].tolist() == [100]
    with pytest.raises(Unavailable, match=r"collateral\.creditor"):
        collateral_by_creditor(one)


securities = st.lists(
    st.tuples(
        st.sampled_from(["p", "q", None]),
        st.sampled_from(["甲行", "乙行", None]),
        st.decimals(0, 10**4, places=2).map(float),
        st.dates(date(2020, 1, 1), date(2022, 6, 30)),
        st.one_of(st.none(), st.dates(date(2022, 1, 1), date(2022, 12, 31))),
    ),
    max_size=12,
)


@given(securities)
def test_parcels_and_creditors_add_up_to_the_same_total(drawn):
    one = entries(*drawn)
    total = Fraction(0)
    for _, _, amount, _, released in drawn:
        if released is None or released > date(2022, 6, 30):
            total += Fraction(str(amount))
    assert collateral_total(one) == total
    for found in (collateral_by_parcel(one), collateral_by_creditor(one)):
        assert found["amount_wan"].sum() == pytest.approx(float(total))


def test_lists_of_securities_have_the_columns_that_they_promise():
    one = entries(("p", "甲行", 500), ("q", "乙行", 300))
    assert collateral_by_parcel(one).columns.tolist() == [
        *("parcel_id", "entries", "creditors", "amount_wan", "amount_lacking"),
        *("area_mu", "wan_per_mu", "reason"),
    ]
    assert collateral_by_creditor(one).columns.tolist() == [
        *("creditor", "entries", "parcels", "amount_wan", "amount_lacking", "share_pct")
    ]


def test_a_parcel_of_several_rows_has_the_sum_of_the_areas_that_are_known():
    parcels = {"parcel_id": ["p", "p", "q", "q"], "actual_mu": [4, 6, None, 5]}
    one = entries(("p", "甲行", 500), ("q", "甲行", 100), parcels=parcels)
    found = collateral_by_parcel(one).set_index("parcel_id")
    assert found["area_mu"].to_dict() == {"p": 10, "q": 5}
    assert found["wan_per_mu"].to_dict() == {"p": 50, "q": 20}


def test_the_securities_of_the_day_are_added_up_and_counted_and_shown():
    one = entries(
        ("p", "甲行", 500),
        ("q", "甲行", None),
        ("q", "乙行", 0.5),
        ("q", "乙行", 70, "2021-01-01", "2022-06-30"),
    )
    found = registered_collateral(one)
    (figure,) = found.figures
    assert (figure.end, figure.value) == (date(2022, 6, 30), Fraction(1001, 2))
    assert figure.parts == {"entries": 3}
    shown = found.evidence[0].rows
    assert shown["collateral_id"].tolist() == ["0", "1", "2"]
    assert shown.columns.tolist() == ["collateral_id", "amount_wan", "registered_on"]
