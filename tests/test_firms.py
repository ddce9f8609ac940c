"""Firms by year: evaluated tax, pollutants and the land that they are judged by."""

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from build import county
from tenglong.errors import ConfigurationError
from tenglong.measure.county import Unavailable, attempt
from tenglong.measure.exact import exact
from tenglong.measure.firm.closing import doubtful_closings
from tenglong.measure.firm.firms import (
    evaluated_tax,
    firm_years,
    firms_by_code,
    in_force,
    is_closed,
    is_no_amount,
    land_base,
    main_pollutants,
    occupied_mu,
    parcel_areas,
    require_land,
    with_firm,
)
from tenglong.measure.firm.scope import in_scope

DAY = pd.Timestamp("2021-12-31")
HELD = {"land_base": {"parcel_area": ["actual_mu"], "owned_rows": "held"}}


def year_of(firm, **columns):
    return {"usci": [firm], "year": [2021], **{name: [value] for name, value in columns.items()}}


def rows(*occupancies):
    return pd.DataFrame(list(occupancies))


def land_of(frame, **more):
    return land_base(frame, pd.Series({"p": 10.0, "q": 6.0}), on=DAY, **more).to_dict()


def test_a_missing_add_back_counts_as_none_but_missing_tax_is_missing():
    years = pd.DataFrame({"tax_paid_wan": [10.0, None], "tax_relief_wan": [None, 2.0]})
    assert evaluated_tax(years, ("tax_relief_wan",)).tolist()[0] == 10.0
    assert evaluated_tax(years, ("tax_relief_wan",)).isna().tolist() == [False, True]


def test_an_add_back_that_is_named_twice_is_added_once():
    years = pd.DataFrame({"tax_paid_wan": [10.0], "tax_relief_wan": [2.0]})
    named = ("tax_relief_wan", "tax_relief_wan", "tax_paid_wan")
    assert evaluated_tax(years, named).tolist() == [12.0]


def test_tax_is_added_as_it_was_typed():
    years = pd.DataFrame({"tax_paid_wan": [0.1], "tax_relief_wan": [0.2], "vat_refund_wan": [0.3]})
    assert evaluated_tax(years, ("tax_relief_wan", "vat_refund_wan")).tolist() == [0.6]


def test_the_policy_decides_what_is_added_back():
    table = year_of("a", tax_paid_wan=10.0, tax_relief_wan=2.0, vat_refund_wan=4.0)
    policy = {"tax": {"add_back": ["vat_refund_wan"]}}
    assert firm_years(county(enterprise_years=table, policy=policy))["tax_wan"].tolist() == [14.0]


def test_the_total_of_pollutants_goes_before_the_sum_of_the_four():
    years = pd.DataFrame(
        {"pollutants_t": [5.0, None], "cod_t": 1.0, "nh3n_t": 1.0, "so2_t": 0.5, "nox_t": 0.0}
    )
    assert main_pollutants(years).tolist() == [5.0, 2.5]


def test_three_of_four_pollutants_are_no_total():
    years = pd.DataFrame({"cod_t": [1.0], "nh3n_t": [1.0], "so2_t": [0.5]})
    assert main_pollutants(years).isna().all()


def test_land_is_a_share_of_the_parcel_or_the_area_that_is_stated():
    frame = rows(
        {"usci": "a", "parcel_id": "p", "share": 0.3},
        {"usci": "a", "parcel_id": "q", "area_mu": 2.5},
        {"usci": "b", "parcel_id": "p", "share": 0.7},
    )
    assert land_of(frame) == {"a": 5.5, "b": 7.0}


def test_one_unknown_occupancy_makes_a_firms_land_unknown():
    frame = rows(
        {"usci": "a", "parcel_id": "p", "share": 1.0},
        {"usci": "a", "parcel_id": "elsewhere", "share": 1.0},
    )
    assert pd.isna(land_of(frame)["a"])


def test_an_occupancy_holds_on_its_first_and_on_its_last_day():
    frame = rows(
        {"from_on": "2021-12-31", "to_on": None},
        {"from_on": "2022-01-01", "to_on": None},
        {"from_on": None, "to_on": "2021-12-31"},
        {"from_on": None, "to_on": "2021-12-30"},
    ).astype("datetime64[s]")
    assert in_force(frame, DAY).tolist() == [True, False, True, False]


def test_what_an_owner_lets_counts_for_the_tenant_where_owners_rows_are_what_they_hold():
    frame = rows(
        {"usci": "owner", "parcel_id": "p", "share": 1.0, "tenure": "owned"},
        {"usci": "tenant", "parcel_id": "p", "share": 0.25, "tenure": "leased"},
        {"usci": "tenant", "parcel_id": "q", "share": 1.0, "tenure": "owned"},
    )
    assert land_of(frame, is_let_deducted=True) == {"owner": 7.5, "tenant": 8.5}
    assert land_of(frame) == {"owner": 10.0, "tenant": 8.5}


def test_no_more_than_the_owners_land_is_deducted():
    frame = rows(
        {"usci": "owner", "parcel_id": "p", "share": 0.4, "tenure": "owned"},
        {"usci": "tenant", "parcel_id": "p", "share": 0.6, "tenure": "leased"},
    )
    assert land_of(frame, is_let_deducted=True) == {"owner": 0.0, "tenant": 6.0}


def test_land_that_is_leased_of_nobody_known_is_the_tenants():
    frame = rows(
        {"usci": "tenant", "parcel_id": "p", "share": 0.25, "tenure": "leased"},
        {"usci": "other", "parcel_id": "q", "share": 0.5, "tenure": "leased"},
    )
    assert land_of(frame, is_let_deducted=True) == {"tenant": 2.5, "other": 3.0}


def test_the_policy_says_what_owners_rows_are():
    tables = {
        "enterprise_years": year_of("owner", tax_paid_wan=1.0),
        "parcels": {"parcel_id": ["p"], "actual_mu": [10.0]},
        "occupancies": {
            "usci": ["owner", "tenant"],
            "parcel_id": ["p", "p"],
            "share": [1.0, 0.2],
            "tenure": ["owned", "leased"],
        },
    }
    assert firm_years(county(**tables))["land_mu"].tolist() == [10.0]
    assert firm_years(county(**tables, policy=HELD))["land_mu"].tolist() == [8.0]
    wrong = {"land_base": {**HELD["land_base"], "owned_rows": "hold"}}
    with pytest.raises(ConfigurationError, match="owned_rows"):
        firm_years(county(**tables, policy=wrong))


shares = st.lists(st.integers(1, 1000), min_size=1, max_size=6)


@given(
    parcels=st.lists(
        st.tuples(st.decimals("0.01", "300", places=2), shares), min_size=1, max_size=4
    ),
    is_let_deducted=st.booleans(),
)
def test_land_is_conserved_however_parcels_are_shared(parcels, is_let_deducted):
    """Every parcel is split among firms; with owners' rows held in full, tenants take parts."""
    frame, areas = [], {}
    for number, (area, parts) in enumerate(parcels):
        areas[number] = float(area)
        whole = sum(parts)
        if is_let_deducted:
            row = {"usci": "owner", "parcel_id": number, "share": 1.0, "tenure": "owned"}
            frame.append(row)
        leased = parts[1:] if is_let_deducted else parts
        frame += [
            {"usci": f"f{i}", "parcel_id": number, "share": part / whole, "tenure": "leased"}
            for i, part in enumerate(leased)
        ]
    land = land_base(pd.DataFrame(frame), pd.Series(areas), on=DAY, is_let_deducted=is_let_deducted)
    assert land.sum() == pytest.approx(sum(areas.values()), abs=1e-6)
    assert (land >= 0).all()


@given(order=st.permutations(range(5)))
def test_the_order_of_rows_changes_no_land(order):
    frame = pd.DataFrame(
        {
            "usci": ["a", "b", "a", "c", "b"],
            "parcel_id": ["p", "p", "q", "q", "q"],
            "share": [0.1, 0.9, 0.3, 0.3, 0.4],
            "tenure": ["owned", "leased", "leased", "owned", "owned"],
        }
    )
    for is_let_deducted in (False, True):
        land = land_of(frame.iloc[list(order)], is_let_deducted=is_let_deducted)
        assert land == land_of(frame, is_let_deducted=is_let_deducted)


def test_a_share_of_a_parcel_is_as_exact_as_it_was_typed():
    frame = pd.DataFrame({"parcel_id": ["p"], "share": [0.1]})
    assert occupied_mu(frame, pd.Series({"p": 3.0})).tolist() == [0.3]


def test_the_first_area_that_the_policy_names_is_the_parcels():
    parcels = {"parcel_id": ["p", "q", "r"], "actual_mu": [1.0, None, None]}
    found = parcel_areas(county(parcels={**parcels, "registered_mu": [9.0, 2.0, None]}))
    assert found.fillna(-1).to_dict() == {"p": 1.0, "q": 2.0, "r": -1}


def test_land_given_by_year_goes_before_occupancies():
    table = pd.DataFrame({"usci": ["a", "b"], "year": [2021, 2021], "land_mu": [5.0, None]})
    used = {"usci": ["a", "b"], "parcel_id": ["p", "p"], "area_mu": [1.0, 2.0]}
    found = firm_years(county(enterprise_years=table, occupancies=used))
    assert found["land_mu"].tolist() == [5.0, 2.0]


def test_stated_areas_need_no_parcels():
    used = {"usci": ["a"], "parcel_id": ["p"], "area_mu": [2.0]}
    found = firm_years(county(enterprise_years=year_of("a"), occupancies=used))
    assert found["land_mu"].tolist() == [2.0]


def test_a_firm_without_land_has_none_that_is_known():
    used = {"usci": ["a"], "parcel_id": ["p"], "area_mu": [2.0]}
    found = firm_years(county(enterprise_years=year_of("b"), occupancies=used))
    assert found["land_mu"].isna().all()


@pytest.mark.parametrize(
    ("tables", "lacking"),
    [
        ({}, "occupancies"),
        ({"occupancies": {"usci": ["a"], "parcel_id": ["p"]}}, "occupancies.share"),
        ({"occupancies": {"usci": ["a"], "parcel_id": ["p"], "share": [1.0]}}, "parcels"),
    ],
)
def test_what_land_needs_is_named(tables, lacking):
    with pytest.raises(Unavailable, match=f"^{lacking}$"):
        require_land(county(enterprise_years=year_of("a"), **tables))


def test_without_tax_land_or_firms_the_rest_still_stands():
    found = firm_years(county(enterprise_years=year_of("a", revenue_wan=7.0)))
    assert found["revenue_wan"].tolist() == [7.0]
    assert found[["tax_wan", "land_mu", "pollutants_t"]].isna().all(axis=None)


def test_without_years_there_is_nothing():
    with pytest.raises(Unavailable, match="enterprise_years"):
        firm_years(county())


def test_a_firms_second_row_for_a_year_is_left_out_in_whatever_order_rows_come():
    table = pd.DataFrame(
        {"usci": ["a", "a"], "year": [2021, 2021], "tax_paid_wan": [1.0, 2.0]}, index=[7, 3]
    )
    for frame in (table, table.iloc[::-1]):
        assert firm_years(county(enterprise_years=frame))["tax_wan"].tolist() == [2.0]


def test_what_one_caller_changes_the_next_does_not_see():
    one = county(enterprise_years=year_of("a", tax_paid_wan=1.0))
    mine = firm_years(one)
    mine["tax_wan"] = 0.0
    assert firm_years(one)["tax_wan"].tolist() == [1.0]


def test_facts_of_the_firm_stand_beside_its_years():
    firms = {"usci": ["a"], "name": ["甲厂"], "industry": ["3391"], "closed_on": ["2021-12-31"]}
    found = firm_years(county(enterprise_years=year_of("a"), enterprises=firms))
    assert found[["name", "industry"]].to_numpy().tolist() == [["甲厂", "3391"]]
    assert is_closed(found).tolist() == [True]


@pytest.mark.parametrize(
    ("scope", "members"),
    [
        ("industry", [True, True, True, False]),
        ("manufacturing", [True, True, False, False]),
        ("above_scale_manufacturing", [True, False, False, False]),
    ],
)
def test_industry_and_manufacturing_are_different_populations(scope, members):
    frame = pd.DataFrame(
        {
            "industry": ["13", "4320", "4511", "5100"],
            "is_above_scale": pd.array([True, None, True, True], "boolean"),
        }
    )
    one = county(enterprise_years={"usci": ["a"], "year": [2021], "is_above_scale": [True]})
    assert in_scope(frame, one, scope).tolist() == members


def test_without_industries_no_population_can_be_told():
    with pytest.raises(Unavailable, match=r"enterprises\.industry"):
        in_scope(pd.DataFrame({"usci": ["a"]}), county(enterprises={"usci": ["a"]}), "industry")


def test_a_row_without_a_firm_or_without_a_year_is_no_firm_s_year():
    table = {"usci": ["a", None, "a"], "year": [2021, 2021, None], "tax_paid_wan": [1.0] * 3}
    assert firm_years(county(enterprise_years=table)).index.tolist() == [0]


@pytest.mark.parametrize(
    ("added", "revenue", "is_none"),
    [(0.0, 0.5, True), (0.5, 0.0, True), (None, 5.0, True), (0.0, 0.0, False), (None, None, False)],
)
def test_no_heads_beside_any_output_are_heads_that_are_not_known(added, revenue, is_none):
    given = {"employees": [0.0], "value_added_wan": [added], "revenue_wan": [revenue]}
    rows_ = pd.DataFrame(given, dtype="float64")
    assert is_no_amount(rows_, "employees").tolist() == [is_none]


def test_of_a_firm_that_stands_twice_the_first_row_counts_in_whatever_order_rows_come():
    again = {"usci": ["a", "a"], "name": ["乙", "甲"], "industry": ["34", "33"]}
    table = pd.DataFrame(again, index=[7, 3])
    for frame in (table, table.iloc[::-1]):
        one = county(enterprises=frame)
        assert firms_by_code(one)["name"].to_dict() == {"a": "甲"}
        named = with_firm(pd.DataFrame({"usci": ["b", "a"]}), one, "industry")
        assert named["industry"].fillna("").tolist() == ["", "33"]


@pytest.mark.parametrize(("areas", "land"), [([0.1, 0.2, 0.3], 0.6), ([0.1234567894], 0.123456789)])
def test_a_firm_s_land_is_a_decimal_to_a_billionth_of_a_mu(areas, land):
    frame = rows(*({"usci": "a", "parcel_id": "p", "area_mu": area} for area in areas))
    assert land_of(frame) == {"a": land}


@pytest.mark.parametrize(
    ("uses", "lacking"),
    [
        ({"area_mu": [1.0, None]}, "occupancies.share"),
        ({"share": [1.0, None]}, "occupancies.area_mu"),
        ({"share": [1.0, None], "area_mu": [None, 2.0]}, "parcels"),
        ({"share": [None, None], "area_mu": [1.0, 2.0]}, None),
        ({"area_mu": [1.0, 2.0]}, None),
    ],
)
def test_land_asks_for_what_some_of_the_uses_lack(uses, lacking):
    used = {"usci": ["a", "b"], "parcel_id": ["p", "q"], **uses}
    found = attempt(require_land, county(enterprise_years=year_of("a"), occupancies=used))
    assert (None if found is None else str(found)) == lacking


@pytest.mark.parametrize(
    ("first", "last", "land"),
    [
        ("2021-12-31", None, 2.0),
        ("2022-01-01", None, None),
        (None, "2021-12-31", 2.0),
        (None, "2021-12-30", None),
    ],
)
def test_the_land_of_a_year_is_what_is_used_on_its_last_day(first, last, land):
    used = {
        "usci": ["a"],
        "parcel_id": ["p"],
        "area_mu": [2.0],
        "from_on": [first],
        "to_on": [last],
    }
    found = firm_years(county(enterprise_years=year_of("a"), occupancies=used))["land_mu"].iloc[0]
    assert (None if pd.isna(found) else found) == land


def test_a_firm_without_a_day_of_closing_is_open():
    assert is_closed(pd.DataFrame({"year": [2021]})).tolist() == [False]
    days = pd.to_datetime([None, "2020-12-31", "2022-01-01"])
    assert is_closed(pd.DataFrame({"year": [2021] * 3, "closed_on": days})).tolist() == [
        False,
        True,
        False,
    ]


def test_only_a_day_of_closing_that_is_doubtful_makes_it_doubtful_when_a_firm_was_closed():
    one = county(enterprises={"usci": ["A", "B", "C"], "closed_on": [None] * 3})
    doubts = {1: frozenset({"closed_on"}), 2: frozenset({"registered_on"})}
    assert doubtful_closings(replace(one, doubtful={"enterprises": doubts})) == {"B": 1}
    assert doubtful_closings(one) == {}
    assert doubtful_closings(replace(county(), doubtful={"enterprises": doubts})) == {}


AMOUNTS = st.one_of(
    st.none(),
    st.decimals(-9999, 9999, places=4).map(float),
    st.floats(-1e22, 1e22, allow_nan=False),
    st.sampled_from([0.0, 1e15, 1e22, 1e-9]),
)


@given(st.lists(st.tuples(AMOUNTS, AMOUNTS, AMOUNTS), max_size=6))
def test_amounts_of_a_row_are_added_and_multiplied_as_the_decimals_that_they_are(cells):
    named = ["tax_paid_wan", "a_wan", "b_wan"]
    years = pd.DataFrame(cells, columns=named, dtype="float64").fillna({"a_wan": 0, "b_wan": 0})
    sums = [sum(map(exact, row)) for row in years.dropna().to_numpy().tolist()]
    taxes = evaluated_tax(years, ("a_wan", "b_wan"))
    assert taxes.dropna().tolist() == [float(one) for one in sums]
    assert taxes.isna().equals(years["tax_paid_wan"].isna())
    rows = pd.DataFrame(cells, columns=["share", "area", "rest"], dtype="float64")
    rows["parcel_id"] = [f"p{n}" for n in range(len(rows))]
    held = occupied_mu(rows, rows.set_index("parcel_id")["area"])
    both = rows[["share", "area"]].dropna().to_numpy().tolist()
    assert held.dropna().tolist() == [float(exact(one) * exact(other)) for one, other in both]
