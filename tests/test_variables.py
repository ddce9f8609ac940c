"""What formulas can ask of a firm: its site, the day that counts, and facts of other tables."""

from datetime import date
from fractions import Fraction

import pandas as pd
import pytest

from build import county
from evaluating import amounts, firm_county, scheme, taxes
from tenglong.measure.county import Unavailable
from tenglong.measure.evaluation.facts import (
    is_tenant,
    owner,
    production_on,
    tenants,
    titles,
    upgrading_wan,
)
from tenglong.measure.evaluation.register import Register
from tenglong.measure.evaluation.scheme_file import scheme_of
from tenglong.measure.evaluation.site import sites
from tenglong.measure.evaluation.spread import mean
from tenglong.measure.policy.column import Column

YEAR_END = pd.Timestamp("2021-12-31")


def register(firms, rules=None, **tables):
    one = firm_county(firms, rules or scheme(), **tables)
    return Register(one, scheme_of(one, "test"), 2021)


def by_lead(register, name):
    return dict(zip(register.codes, register.column(name).values(), strict=True))


def used(*rows, **columns):
    """Give the tables of who uses what: used(("a", "p", 2.0, "owned"))."""
    names = ("usci", "parcel_id", "area_mu", "tenure")
    cells = dict(zip(names, (list(column) for column in zip(*rows, strict=True)), strict=True))
    return {
        "occupancies": {**cells, **columns},
        "parcels": {"parcel_id": sorted(set(cells["parcel_id"]))},
    }


def leads(*rows, firms="abc", **columns):
    return sites(county(**used(*rows, **columns)), firms, YEAR_END)


# --- sites ----------------------------------------------------------------------------------------


def test_firms_stand_in_the_order_of_their_codes_and_the_lead_of_a_site_first():
    codes = "zyxwvutsrqponmlkjihgfedcba"
    tables = used(*((firm, "p", 9.0 if firm == "m" else 1.0, "owned") for firm in "zmba"))
    firms = taxes(*range(1, 27))
    firms = {firm: firms[firm] for firm in codes}
    found = register(firms, scheme(sites="merged"), **tables).members
    assert list(found) == [firm for firm in sorted(codes) if firm not in "zba"]
    assert found["m"] == ("m", "a", "b", "z")
    assert list(register(firms).members) == sorted(codes)


def test_who_has_left_and_who_is_not_evaluated_link_no_firms():
    left = leads(
        ("a", "p", 2.0, "owned"),
        ("b", "p", 1.0, "leased"),
        ("c", "p", 1.0, "leased"),
        to_on=[None, "2021-12-30", "2021-12-31"],
    )
    assert left == {"a": "a", "b": "b", "c": "a"}
    other = leads(
        ("a", "p", 2.0, "owned"), ("x", "p", 1.0, "leased"), ("x", "q", 1.0, "leased"),
        ("b", "q", 1.0, "owned"),
    )  # fmt: skip
    assert other == {"a": "a", "b": "b", "c": "c"}


def test_any_land_of_ones_own_goes_before_land_that_is_leased():
    assert leads(("a", "p", 5.0, "leased"), ("b", "p", 0.5, "owned"))["a"] == "b"
    found = leads(
        ("a", "p", 0.75, "owned"),
        ("a", "q", 3.0, "leased"),
        ("b", "p", 0.5, "owned"),
        ("b", "p", 9.0, "owned"),
        ("a", "p", 9.0, "owned"),
    )
    assert found["b"] == "a"


def test_a_site_is_that_of_the_years_last_day():
    tables = used(
        ("a", "p", 3.0, "owned"),
        ("b", "p", 1.0, "leased"),
        ("c", "p", 1.0, "leased"),
        from_on=["2000-01-01", "2021-12-31", "2022-01-01"],
        to_on=[None, "2021-12-31", None],
    )
    found = register(taxes(1.0, 2.0, 3.0), scheme(sites="merged"), **tables)
    assert found.leads == {"a": "a", "b": "a", "c": "c"}
    assert by_lead(found, "tax_wan") == {"a": 3, "c": 3}


# --- names ----------------------------------------------------------------------------------------


def test_what_began_on_the_last_day_of_the_year_is_a_fact_of_the_year():
    tables = used(("a", "p", 1.0, "owned"), ("b", "q", 1.0, "owned"))
    tables["parcels"]["production_on"] = ["2021-12-31", "2022-01-01"]
    found = register(taxes(1.0, 2.0), **tables)
    assert by_lead(found, "is_producing") == {"a": True, "b": False}
    assert by_lead(found, "production_on") == {"a": date(2021, 12, 31), "b": None}


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("registered_on", "enterprises.registered_on"),
        ("rd_wan", "enterprise_years.rd_wan"),
        ("pollutants_t", "enterprise_years.cod_t"),
        ("tax_wan", "enterprise_years.tax_paid_wan"),
    ],
)
def test_a_column_that_was_not_supplied_is_named_with_the_table_that_it_belongs_to(name, told):
    with pytest.raises(Unavailable) as lacking:
        register({"a": {"revenue_wan": 5.0}}).column(name)
    assert str(lacking.value) == told


@pytest.mark.parametrize("given", [{"pollutants_t": 3.0}, dict.fromkeys(
    ("cod_t", "nh3n_t", "so2_t", "nox_t"), 0.75)])  # fmt: skip
def test_pollutants_may_be_given_as_a_total_or_one_by_one(given):
    assert by_lead(register({"a": given}), "pollutants_t") == {"a": 3}


def test_a_firm_is_of_the_first_group_whose_condition_holds():
    groups = {
        "metal": {"when": "division == 33"},
        "makers": {"when": "division >= 33"},
    }
    firms = taxes(1.0, 2.0, 3.0)
    for firm, industry in zip("abc", ("3311", "3411", "3211"), strict=True):
        firms[firm]["industry"] = industry
    found = register(firms, scheme(groups=groups))
    assert [found.names(firm)["industry_group"] for firm in "abc"] == ["metal", "makers", "other"]


def test_what_is_known_already_goes_before_what_a_table_says():
    found = register(taxes(1.0))
    assert found.names("a", {"tax_wan": 7})["tax_wan"] == 7
    assert found.names("a")["tax_wan"] == 1


def test_a_number_may_hang_on_a_fact_and_on_the_year_before():
    firms = {"a": [{"tax_paid_wan": 8.0}, {"year": 2020, "tax_paid_wan": 6.0}]}
    tables = {"lookups": {"line": {"by": "division", "values": {33: 20}}}, "parameters": {"k": 3}}
    found = register(firms, scheme(**tables)).names("a")
    assert [found[name] for name in ("line", "k", "tax_per_mu", "tax_per_mu_before")] == [
        *(20, 3, 8, 6)
    ]


def test_cells_are_given_as_formulas_take_them():
    cells = [None, pd.NA, pd.NaT, float("nan"), True, 2.3, "x", frozenset("a"), YEAR_END]
    assert Column.read(pd.Series(cells, dtype="object")).values() == [
        *([None] * 4),
        *(True, Fraction(23, 10), "x", frozenset("a"), date(2021, 12, 31)),
    ]


# --- facts ----------------------------------------------------------------------------------------


def told(fact, place, *codes, **columns):
    found = fact(place, pd.DataFrame({"usci": list(codes), **columns}), YEAR_END)
    return [None if pd.isna(value) else value for value in found.tolist()]


def test_of_land_whose_tenure_is_blank_nobody_is_a_tenant_or_an_owner():
    place = county(**used(("a", "p", 1.0, None), ("b", "p", 1.0, "leased"), ("b", "q", 1.0, None)))
    assert told(is_tenant, place, "a", "b") == [None, True]
    assert told(owner, place, "a", "b") == [None, None]
    assert told(tenants, place, "a", "b") == [0, 0]


def test_who_leases_on_its_own_parcel_is_no_tenant_of_itself():
    place = county(**used(("a", "p", 1.0, "owned"), ("a", "p", 1.0, "leased")))
    assert told(owner, place, "a") == [None]
    assert told(tenants, place, "a") == [0]


def test_a_tenant_with_two_leases_is_counted_once():
    place = county(
        **used(("a", "p", 1.0, "owned"), ("b", "p", 1.0, "leased"), ("b", "p", 2.0, "leased"))
    )
    assert told(tenants, place, "a") == [1]


def test_of_a_parcel_that_stands_twice_the_first_row_of_the_table_counts():
    tables = used(("a", "p", 1.0, "owned"))
    rows = pd.DataFrame({"parcel_id": ["p", "p"], "production_on": ["2020-05-01", "2019-05-01"]})
    rows = rows.assign(production_on=pd.to_datetime(rows["production_on"]).dt.as_unit("s"))
    for frame in (rows, rows.iloc[::-1]):
        place = county(**{**tables, "parcels": frame})
        assert told(production_on, place, "a") == [pd.Timestamp("2020-05-01")]


def held(place, **columns):
    return [sorted(one) for one in titles(place, pd.DataFrame(columns), YEAR_END)]


def test_a_title_that_was_lost_later_is_lost_in_whatever_order_the_rows_stand():
    place = county(
        recognitions={
            "kind": ["green_factory"] * 2,
            "holder": ["甲"] * 2,
            "usci": ["a"] * 2,
            "recognised_on": ["2021-06-01", "2021-05-01"],
            "is_lost": [True, False],
        }
    )
    assert held(place, usci=["a"]) == [[]]


def test_a_title_with_a_code_is_not_that_of_a_namesake():
    place = county(
        recognitions={
            "kind": ["green_factory", "rd_centre"],
            "holder": ["甲", "甲"],
            "usci": ["b", None],
            "recognised_on": ["2021-05-01"] * 2,
        }
    )
    assert held(place, usci=["a", "b"], name=["甲", "乙"]) == [["rd_centre"], ["green_factory"]]


def test_where_no_title_has_a_code_the_holders_name_decides():
    place = county(
        recognitions={
            "kind": ["green_factory"],
            "level": ["provincial"],
            "holder": ["甲"],
            "recognised_on": ["2021-12-31"],
        }
    )
    green = ["green_factory", "green_factory:provincial"]
    assert held(place, usci=["a", "甲"], name=["甲", "乙"]) == [green, []]


def test_a_project_that_stands_twice_invests_once():
    place = county(
        projects={"project_id": ["x", "x"], "kind": ["upgrade"] * 2, "usci": ["a", "a"]},
        project_months={"project_id": ["x"], "month": ["2021-03"], "invested_wan": [30.0]},
    )
    assert told(upgrading_wan, place, "a", "b") == [30, 0]


# --- means ----------------------------------------------------------------------------------------


def test_a_firm_that_pays_nothing_counts_with_its_land():
    assert mean(amounts((0, 1, 0), (30, 2, 15))) == 10


def test_where_one_figure_is_no_ratio_the_mean_is_that_of_the_figures():
    assert mean(amounts((6, 3, 2), (None, None, 4), (None, None, None))) == 3


def test_a_firm_with_nothing_to_divide_by_has_no_part_in_the_mean():
    nothing, lacking = (5, 0, None), (None, 7, None)
    assert mean(amounts(nothing, lacking, (30, 2, 15))) == 15
    assert mean(amounts(nothing, lacking)) is None
