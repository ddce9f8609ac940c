"""Who is evaluated: scopes and conditions at their limits, blanks that decide, exclusions."""

from dataclasses import replace

import pytest

from evaluating import NAME, PART, TWO, column, evaluated, firm_county, scheme, taxes
from tenglong.measure.evaluation.ranking import evaluate


def without_industry(firms, rules):
    """Evaluate firms of which the first has no industry."""
    one = firm_county(firms, rules)
    table = one.tables["enterprises"]
    blank = table.assign(industry=table["industry"].where(table["usci"] != next(iter(firms))))
    return evaluate(
        replace(one, tables={**one.tables, "enterprises": blank}), year=2021, scheme="test"
    )


@pytest.mark.parametrize(
    ("is_above_scale", "name"), [(True, "large"), (None, "large"), (False, "all")]
)
def test_a_firm_of_unknown_industry_may_belong_to_the_first_that_its_scale_allows(
    is_above_scale, name
):
    firms = taxes(9.0, 8.0)
    firms["a"]["is_above_scale"] = is_above_scale
    found = without_industry(firms, scheme(populations=TWO))
    assert column(found, "population") == {"a": None, "b": "all"}
    assert column(found, "why")["a"] == ("population_unknown",)
    assert column(found, "warnings")["a"] == (f"population_unknown:{name}",)


def test_a_firm_of_another_industry_is_out_of_scope_whatever_its_scale():
    firms = taxes(9.0, 8.0)
    firms["a"] |= {"industry": "5100", "is_above_scale": None}
    found = evaluated(firms, scheme(populations=TWO))
    assert (found.frame["usci"].tolist(), found.out_of_scope) == (["b"], 1)


def test_a_blank_headcount_leaves_open_whether_a_firm_is_a_small_one():
    firms = taxes(9.0, 8.0, 7.0)
    for firm, heads in zip("abc", (None, 999.0, 1000.0), strict=True):
        firms[firm]["employees"] = heads
    found = evaluated(firms, scheme(population={"scope": "key_sme"}))
    assert column(found, "population") == {"a": None, "b": "all"}
    assert column(found, "warnings")["a"] == ("population_unknown:all",)
    assert found.out_of_scope == 1


def test_a_firm_belongs_to_the_first_population_whose_condition_holds():
    landed = {"name": NAME, "parts": PART, "when": "land_mu >= 3"}
    firms = taxes(9.0, 8.0, 7.0)
    for firm, land in zip("abc", (3.0, 2.99, None), strict=True):
        firms[firm]["land_mu"] = land
    found = evaluated(firms, scheme(populations={"landed": landed, "all": TWO["all"]}))
    assert column(found, "population") == {"a": "landed", "b": "all", "c": None}
    assert column(found, "warnings")["c"] == ("population_unknown:landed",)
    assert found.out_of_scope == 0


def test_an_exclusion_that_cannot_be_told_is_a_doubt_and_the_next_one_may_still_apply():
    out = {
        "pilot": {"when": "is_pilot", "grade": "T"},
        "low": {"when": "tax_wan < 5", "grade": "N"},
    }
    firms = taxes(9.0, 4.99, 5.0, 4.0)
    for firm, is_pilot in zip("abcd", (None, None, False, True), strict=True):
        firms[firm]["is_pilot"] = is_pilot
    found = evaluated(firms, scheme(exclude=out))
    assert column(found, "grade") == {"a": None, "b": "N", "c": None, "d": "T"}
    assert column(found, "rank") == {"a": 1, "c": 2, "b": None, "d": None}
    doubt = ("rule_unknown:pilot",)
    assert column(found, "warnings") == {"a": doubt, "b": doubt, "c": (), "d": ()}
    assert column(found, "why")["b"] == ("excluded:low",)


@pytest.mark.parametrize(("is_pilot", "grade"), [(True, None), (False, "T"), (None, "T")])
def test_a_rule_applies_unless_what_is_against_it_is_known_to_hold(is_pilot, grade):
    out = {"low": {"when": "tax_wan < 5", "unless": "is_pilot", "grade": "T"}}
    firms = {**taxes(4.0, 4.0), "a": {"tax_paid_wan": 4.0, "is_pilot": is_pilot}}
    firms["b"]["is_pilot"] = True
    found = evaluated(firms, scheme(exclude=out))
    assert column(found, "grade") == {"a": grade, "b": None}


@pytest.mark.parametrize(("other", "why"), [("2021-12-31", ("closed",)), ("2022-01-01", ())])
def test_a_site_is_closed_when_the_last_of_its_firms_is(other, why):
    firms = taxes(9.0, 8.0, 7.0)
    firms["a"]["closed_on"], firms["b"]["closed_on"] = "2021-06-30", other
    used = {"usci": list("ab"), "parcel_id": ["p", "p"], "area_mu": [2.0, 1.0]}
    rules = scheme(sites="merged")
    found = evaluated(firms, rules, occupancies=used, parcels={"parcel_id": ["p"]})
    assert column(found, "site") == {"a": "a", "b": "a", "c": "c"}
    assert column(found, "why") == {"a": why, "b": why, "c": ()}


def test_a_site_is_in_a_scope_if_one_of_its_firms_is():
    firms = taxes(9.0, 8.0, 7.0)
    firms["a"]["industry"] = firms["c"]["industry"] = "5100"
    used = {"usci": list("ab"), "parcel_id": ["p", "p"], "area_mu": [2.0, 1.0]}
    rules = scheme(sites="merged")
    found = evaluated(firms, rules, occupancies=used, parcels={"parcel_id": ["p"]})
    assert column(found, "population") == {"a": "all", "b": "all"}
    assert column(found, "score") == {"a": 85, "b": 85}
