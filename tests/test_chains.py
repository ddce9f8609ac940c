"""The directory of chains, and how their firms' months compare with the year before."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from build import county
from tenglong.measure.chain.directory import chain_directory, chain_firms, chain_trends
from tenglong.measure.county import Unavailable

FIRMS = {
    "usci": ["A", "B", "C", "D"],
    "name": ["甲", "乙", "丙", "丁"],
    "township": ["330328100", "330328101", "330328100", "330328100"],
    "chain": ["高端装备", "高端装备", "水资源", None],
    "registered_on": ["2015-01-01"] * 4,
    "closed_on": [None] * 4,
}
YEARS = {
    "usci": ["A", "B", "C", "D"],
    "year": [2021] * 4,
    "is_above_scale": [True, False, True, True],
    "revenue_wan": [3000, 1000, 2000, 2000],
    "tax_paid_wan": [100.1, 0.2, 50, 10],
    "value_added_wan": [900, 200, 400, 300],
    "employees": [50, 10, 30, 20],
}


def directory(firms=FIRMS, years=YEARS, **more):
    found = chain_directory(county(enterprises=firms, enterprise_years=years, **more))
    return found.set_index("chain")


def test_each_chain_has_its_firms_townships_and_sums():
    found = directory().loc["高端装备"]
    assert found[["firms", "townships", "above_scale"]].tolist() == [2, 2, 1]
    assert found[["revenue_wan", "tax_wan", "value_added_wan", "employees"]].tolist() == [
        4000,
        100.3,
        1100,
        60,
    ]
    assert found["revenue_share_pct"] == 50


def test_firms_of_no_chain_stand_last():
    assert directory().index.isna().tolist() == [False, False, True]


def test_only_the_last_year_counts():
    years = {name: values * 2 for name, values in YEARS.items()}
    years["year"] = [2020] * 4 + [2021] * 4
    years["revenue_wan"] = [9] * 4 + YEARS["revenue_wan"]
    assert directory(years=years).loc["水资源", "revenue_wan"] == 2000


def test_closed_firms_are_out():
    firms = {**FIRMS, "closed_on": ["2022-01-31", None, None, None]}
    assert directory(firms).loc["高端装备", "firms"] == 1


def test_a_firm_without_the_figure_is_told_beside_the_sum():
    years = {**YEARS, "revenue_wan": [3000, None, 2000, 2000]}
    found = directory(years=years).loc["高端装备"]
    assert (found["revenue_wan"], found["revenue_wan_lacking"]) == (3000, 1)
    assert pd.isna(found["revenue_share_pct"])


def test_a_sum_of_nothing_known_is_not_zero():
    years = {**YEARS, "revenue_wan": [None] * 4}
    assert directory(years=years)["revenue_wan"].isna().all()


def test_a_firm_registered_after_the_year_lacks_nothing():
    firms = {**FIRMS, "registered_on": ["2015-01-01", "2022-03-01", "2015-01-01", "2015-01-01"]}
    years = {name: [v for n, v in enumerate(values) if n != 1] for name, values in YEARS.items()}
    found = directory(firms, years).loc["高端装备"]
    assert found[["firms", "new_firms", "revenue_wan_lacking"]].tolist() == [2, 1, 0]


def test_a_firm_registered_on_the_last_day_of_the_year_was_there():
    firms = {**FIRMS, "registered_on": ["2015-01-01", "2021-12-31", "2022-01-01", "2015-01-01"]}
    assert chain_firms(county(enterprises=firms, enterprise_years=YEARS))["is_due"].tolist() == [
        True,
        True,
        False,
        True,
    ]


def test_without_the_years_the_firms_are_still_listed():
    found = chain_directory(county(enterprises=FIRMS)).set_index("chain")
    assert found.loc["高端装备", "firms"] == 2
    assert pd.isna(found.loc["高端装备", "revenue_wan"])


@pytest.mark.parametrize("column", ["chain", "closed_on"])
def test_what_a_directory_needs_is_named(column):
    firms = {name: values for name, values in FIRMS.items() if name != column}
    with pytest.raises(Unavailable, match=rf"enterprises\.{column}"):
        chain_firms(county(enterprises=firms))


@given(st.lists(st.tuples(st.sampled_from("xyz"), st.integers(0, 10**6)), min_size=1, max_size=12))
def test_sums_over_chains_are_the_sum_over_firms(drawn):
    names = [f"F{n}" for n in range(len(drawn))]
    firms = {
        "usci": names,
        "chain": [chain for chain, _ in drawn],
        "closed_on": [None] * len(drawn),
    }
    years = {"usci": names, "year": [2021] * len(drawn), "revenue_wan": [r for _, r in drawn]}
    found = chain_directory(county(enterprises=firms, enterprise_years=years))
    assert found["revenue_wan"].sum() == sum(revenue for _, revenue in drawn)
    assert found["firms"].sum() == len(drawn)


def trends(rows):
    months = {
        "usci": [row[0] for row in rows],
        "month": [row[1] for row in rows],
        "revenue_wan": [row[2] for row in rows],
    }
    return chain_trends(county(enterprises=FIRMS, enterprise_months=months)).set_index("chain")


def test_a_chain_is_compared_over_the_firms_that_have_both_months():
    rows = [("A", "2021-06", 100), ("A", "2022-06", 80), ("B", "2021-06", 900), ("C", "2022-06", 5)]
    found = trends([*rows, ("B", "2022-01", 1)])
    assert found.loc["高端装备", ["matched", "lacking", "change_pct"]].tolist() == [1, 1, -20]
    assert pd.isna(found.loc["水资源", "change_pct"])


def test_a_change_on_nothing_is_missing():
    found = trends([("A", "2021-06", 0), ("A", "2022-06", 80)])
    assert pd.isna(found.loc["高端装备", "change_pct"])


def test_a_chain_that_lost_everything_fell_by_all_of_it():
    found = trends([("A", "2021-06", 100), ("A", "2022-06", 0)])
    assert found.loc["高端装备", ["now", "last_year", "change_pct"]].tolist() == [0, 100, -100]


def test_chains_of_equal_revenue_stand_by_their_name_and_those_without_any_last():
    chains = ["丙链", "甲链", "乙链", "丁链"]
    found = directory({**FIRMS, "chain": chains}, {**YEARS, "revenue_wan": [7, 7, 7, None]})
    assert found.index.tolist() == ["丙链", "乙链", "甲链", "丁链"]
    shown = chain_directory(county(enterprises=FIRMS, enterprise_years=YEARS))
    sums = ("revenue_wan", "tax_wan", "value_added_wan", "employees")
    assert shown.columns.tolist() == [
        *("chain", "firms", "new_firms", "townships", "year", "above_scale", "scale_unknown"),
        *(name for one in sums for name in (one, f"{one}_lacking")),
        "revenue_share_pct",
    ]
    assert shown["year"].tolist() == [2021] * 3


def test_a_firm_of_an_unknown_day_of_registration_counts_and_is_not_new():
    """Of 8,000 in the county 4,000 are of the chain; B's day is not known, C came in 2022."""
    firms = {**FIRMS, "registered_on": ["2015-01-01", None, "2022-03-01", "2015-01-01"]}
    found = directory(firms, {**YEARS, "revenue_wan": [3000, 1000, None, 4000]})
    row = found.loc["高端装备"]
    assert row[["firms", "new_firms", "revenue_wan", "employees"]].tolist() == [
        2,
        0,
        4000,
        60,
    ]
    assert row["revenue_share_pct"] == 50
    assert found.loc["水资源", ["firms", "new_firms", "revenue_wan_lacking"]].tolist() == [1, 1, 0]
    assert pd.isna(found.loc["水资源", "revenue_share_pct"])
    unknown = directory({**FIRMS, "registered_on": [None] * 4})
    assert unknown["new_firms"].isna().all()


@pytest.mark.parametrize(("count", "is_told"), [(20, True), (19, False)])
def test_a_share_is_given_while_just_a_twentieth_of_the_firms_lacks_revenue(count, is_told):
    names = [f"F{number}" for number in range(count)]
    firms = {"usci": names, "chain": ["水资源"] * count, "closed_on": [None] * count}
    revenue = [None] + [1.0] * (count - 1)
    years = {"usci": names, "year": [2021] * count, "revenue_wan": revenue}
    share = directory(firms, years).loc["水资源", "revenue_share_pct"]
    assert bool(share == 100) is is_told


def test_a_firm_that_stands_twice_is_in_the_chain_of_its_first_row():
    firms = pd.concat([county(enterprises=FIRMS).table("enterprises")] * 2, ignore_index=True)
    firms.loc[4:, "chain"] = ["水资源"] * 4
    months = {"usci": ["A", "A"], "month": ["2021-06", "2022-06"], "revenue_wan": [10.0, 5.0]}
    for rows in (firms, firms.iloc[::-1]):
        one = county(enterprises=rows, enterprise_years=YEARS, enterprise_months=months)
        listed = chain_firms(one)
        assert listed.index.tolist() == [0, 1, 2, 3]
        assert listed["chain"].fillna("").tolist() == ["高端装备", "高端装备", "水资源", ""]
        found = chain_trends(one)
        assert found[["chain", "matched", "now", "last_year"]].to_numpy().tolist() == [
            ["高端装备", 1, 5, 10]
        ]
