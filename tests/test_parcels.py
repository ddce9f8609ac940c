"""One value a parcel: what firms use of it, what of their figures is its own, and the measures."""

from collections import defaultdict
from dataclasses import replace
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_series_equal

import build
from build import POLICY, opened
from tenglong.errors import ConfigurationError
from tenglong.measure.county import Unavailable
from tenglong.measure.example import example_county
from tenglong.measure.firm.firms import firm_years
from tenglong.measure.land.occupants import allocated, main_occupants, occupied, per_mu, uses
from tenglong.measure.parcel.measures import measured, parcel_values
from tenglong.source import open_county


def county(uses=(), areas=None, tax=None, **tables):
    """Give parcels by area, firms by tax, and uses (firm, parcel, share)."""
    areas, tax = areas or {"p": 10.0, "q": 5.0}, tax or {"a": 30.0, "b": 20.0}
    rows = list(uses)
    return example_county(
        policy=POLICY,
        parcels={"parcel_id": list(areas), "actual_mu": list(areas.values())},
        enterprise_years={
            "usci": list(tax),
            "year": [2021] * len(tax),
            "tax_paid_wan": list(tax.values()),
        },
        occupancies={
            "usci": [row[0] for row in rows],
            "parcel_id": [row[1] for row in rows],
            "share": [row[2] for row in rows],
        },
        **tables,
    )


def test_a_firms_tax_is_shared_out_by_the_land_it_uses():
    # a uses 5 of 10 mu and all of 5 mu: half of its tax belongs to each
    found = parcel_values(county([("a", "p", 0.5), ("a", "q", 1.0), ("b", "p", 0.3)]), "tax_per_mu")
    assert found.tolist() == [(15 + 20) / 10, 15 / 5]
    assert found.name == "tax_per_mu"


def test_the_parcels_whole_area_divides_also_where_a_part_is_vacant():
    assert parcel_values(county([("b", "p", 0.1)]), "tax_per_mu").tolist()[0] == 2.0


def test_a_parcel_that_nobody_uses_has_no_tax_rather_than_none_paid():
    found = parcel_values(county([("a", "p", 1.0)]), "tax_per_mu")
    assert found.isna().tolist() == [False, True]


def test_one_user_of_unknown_tax_leaves_the_parcel_unknown():
    found = parcel_values(county([("a", "p", 0.5), ("x", "p", 0.5)]), "tax_per_mu")
    assert found.isna().all()


def test_a_use_of_unknown_size_leaves_all_the_firms_parcels_unknown():
    found = parcel_values(county([("a", "p", None), ("a", "q", 1.0)]), "tax_per_mu")
    assert found.isna().all()


def test_a_parcel_on_a_class_limit_is_on_it_exactly():
    one = county([("a", "p", 1.0)], areas={"p": 6.6}, tax={"a": 33.0})
    assert parcel_values(one, "tax_per_mu").tolist() == [5.0]


shares = st.lists(
    st.tuples(st.sampled_from("ab"), st.sampled_from("pq"), st.integers(1, 10)), max_size=6
)


@given(shares, st.integers(1, 900), st.integers(1, 900))
def test_what_is_allocated_adds_up_to_the_firms_tax(held, one, other):
    tax = {"a": one / 10, "b": other / 10}
    given_uses = [(firm, parcel, share / 10) for firm, parcel, share in held]
    total = sum(
        (part for part in allocated(county(given_uses, tax=tax), "tax_wan").values()), Fraction(0)
    )
    assert total == sum(Fraction(str(tax[firm])) for firm in {firm for firm, _, _ in held})


@given(shares)
def test_the_tax_per_mu_agrees_with_a_bare_loop(held):
    tax, areas = {"a": 30, "b": 20}, {"p": 10, "q": 5}
    land = defaultdict(int)
    for firm, parcel, tenths in held:
        land[firm] += tenths * areas[parcel]
    expected = {
        parcel: sum(
            Fraction(tax[firm] * tenths * areas[parcel], land[firm])
            for firm, at, tenths in held
            if at == parcel
        )
        / areas[parcel]
        for parcel in {parcel for _, parcel, _ in held}
    }
    made = county([(firm, parcel, tenths / 10) for firm, parcel, tenths in held])
    assert per_mu(made, "tax_wan") == expected


def test_where_owners_rows_are_what_they_hold_the_tenants_land_is_not_theirs():
    rows = {
        "usci": ["a", "b"],
        "parcel_id": ["p", "p"],
        "share": [1.0, 0.3],
        "tenure": ["owned", "leased"],
    }
    whole = county()
    held = {**POLICY, "land_base": {**POLICY["land_base"], "owned_rows": "held"}}
    made = replace(whole, policy=held, tables={**whole.tables, "occupancies": pd.DataFrame(rows)})
    areas = {use.usci: use.area_mu for use in uses(made, on=pd.Timestamp("2022-06-30"))}
    assert areas == {"a": 7, "b": 3}


def test_a_parcel_is_occupied_on_the_day_and_not_before_or_after():
    made = county()
    rows = pd.DataFrame(
        {
            "usci": ["a", "b"],
            "parcel_id": ["p", "q"],
            "from_on": pd.to_datetime(["2020-01-01", "2020-01-01"]),
            "to_on": pd.to_datetime(["2022-06-30", "2022-06-29"]),
        }
    )
    made = replace(made, tables={**made.tables, "occupancies": rows})
    assert occupied(made).tolist() == [True, False]


def test_without_occupancies_it_is_not_known_who_is_there():
    assert occupied(example_county(policy=POLICY, parcels={"parcel_id": ["p"]})).isna().all()


def test_the_main_occupant_uses_most_and_of_equals_is_the_first():
    made = county([("b", "p", 0.5), ("a", "p", 0.5), ("b", "q", 0.2), ("a", "q", 0.1)])
    assert main_occupants(made).tolist() == ["a", "b"]


def test_the_assessed_value_is_over_the_first_area_that_the_parcel_has():
    parcels = {
        "parcel_id": ["p", "q", "r"],
        "assessed_value_wan": [300.0, 300.0, None],
        "actual_mu": [None, 0.0, 1.0],
        "registered_mu": [3.0, 2.0, 1.0],
    }
    found = parcel_values(example_county(policy=POLICY, parcels=parcels), "assessed_value_per_mu")
    assert found.tolist()[:2] == [100.0, 150.0]
    assert found.isna().tolist() == [False, False, True]


def test_a_parcels_place_in_the_loop_is_that_of_the_firm_least_far():
    events = {
        "usci": ["a", "b", "b", "gone", "gone"],
        "happened_on": ["2021-03-01", "2021-03-01", "2021-04-01", "2021-03-01", "2021-05-01"],
        "event": ["listed", "listed", "checked", "listed", "closed"],
    }
    made = county(clearance_events=events)
    rows = pd.DataFrame(
        {
            "usci": ["a", "b", "gone", "gone", "new"],
            "parcel_id": ["p", "p", "p", "q", "q"],
            "to_on": pd.to_datetime([None, None, "2021-05-01", "2021-05-01", None]),
        }
    )
    made = replace(made, tables={**made.tables, "occupancies": rows})
    assert parcel_values(made, "clearance_state").tolist() == ["listed", "closed"]
    unlisted = replace(made, tables={**made.tables, "occupancies": rows[rows["usci"] == "new"]})
    found = parcel_values(unlisted, "clearance_state")
    assert (found.isna().tolist(), found.tolist()[1]) == ([True, False], "not_listed")


def test_a_land_state_without_a_category_is_not_coloured():
    parcels = {
        "parcel_id": ["p", "q"],
        "started_on": [None, None],
        "agreed_start_on": ["2021-01-01", "2022-09-01"],
    }
    measures = {"land_state": {"categories": [{"value": "idle"}]}}
    policy = {**POLICY, "parcel_measures": {"measures": measures}}
    found = parcel_values(example_county(policy=policy, parcels=parcels), "land_state")
    assert found.dropna().to_dict() == {0: "idle"}


def test_an_unknown_measure_is_refused_with_the_nearest():
    with pytest.raises(ConfigurationError, match="did you mean 'tax_per_mu'"):
        parcel_values(county(), "tax_per_mo")


def test_what_is_lacking_is_named_for_every_measure():
    sparse = example_county(policy=POLICY, parcels={"parcel_id": ["p"]})
    assert measured(sparse).known == {}
    lacking = {name: str(error) for name, error in measured(sparse).lacking.items()}
    assert lacking["actual_mu"] == "parcels.actual_mu"
    assert lacking["land_state"] == "parcels.started_on"


def test_cambridge_has_values_and_years_and_nothing_made_up():
    real = open_county("data/cambridge")
    known = measured(real).known
    assert list(known) == ["assessed_value_per_mu", "built_year"]
    with pytest.raises(Unavailable):
        parcel_values(real, "tax_per_mu")
    for values in known.values():
        assert values.index.equals(real.tables["parcels"].index)


@pytest.fixture(scope="module")
def sample():
    return opened("data/sample", "2022-06-30")


def test_the_samples_tax_on_parcels_adds_up_to_that_of_the_firms_on_them(sample):
    parts = allocated(sample, "tax_wan")
    unknown = {parcel for parcel, part in parts.items() if part is None}
    years = firm_years(sample)
    last = years[years["year"] == 2021].set_index("usci")
    total, seen = Fraction(0), defaultdict(Fraction)
    held = uses(sample, on=pd.Timestamp("2021-12-31"))
    for use in held:
        seen[use.usci] += use.area_mu
    for use in held:
        if use.parcel_id not in unknown:
            tax = Fraction(str(last.loc[use.usci, "tax_wan"]))
            total += tax * use.area_mu / seen[use.usci]
    assert sum(part for part in parts.values() if part is not None) == total


def test_shuffled_tables_give_the_same_values(sample):
    turned = {name: frame.sample(frac=1, random_state=3) for name, frame in sample.tables.items()}
    other = replace(sample, tables=turned)
    found = measured(other).known
    for measure, values in measured(sample).known.items():
        assert_series_equal(found[measure].sort_index(), values)


def parcels(**columns):
    return build.county(parcels={"parcel_id": ["p", "q"], **columns})


def test_a_measure_that_is_told_of_some_parcels_is_known():
    found = measured(parcels(actual_mu=[10.0, None]))
    assert list(found.known) == ["actual_mu"]
    assert measured(parcels(actual_mu=[None, None])).lacking["actual_mu"] is None


def test_the_value_per_mu_is_over_any_area_that_is_more_than_nothing():
    one = parcels(assessed_value_wan=[3.0, 3.0], actual_mu=[0.5, 0.0])
    assert parcel_values(one, "assessed_value_per_mu").fillna(-1).tolist() == [6, -1]


def test_where_no_parcel_has_an_area_the_registered_one_is_asked_for():
    one = parcels(assessed_value_wan=[3.0, 3.0], actual_mu=[None, 0.0])
    with pytest.raises(Unavailable, match=r"^parcels\.registered_mu$"):
        parcel_values(one, "assessed_value_per_mu")
