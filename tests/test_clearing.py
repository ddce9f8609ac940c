"""The clearance for a page: who is missing from the list, ways, what is left, one township."""

from fractions import Fraction

import pytest

from build import all_of, county, cut
from tenglong.errors import UsageError
from tenglong.measure.county import Unavailable
from tenglong.measure.sheet.clearance import clearance_sheet

FIRMS = {
    "usci": ["a", "b", "c"],
    "name": ["甲", "乙", "丙"],
    "township": ["t1", "t1", "t2"],
    "industry": ["33", "30", "33"],
}
YEARS = {
    "usci": ["a", "b", "c"],
    "year": 2021,
    "is_above_scale": False,
    "land_mu": [10.0, 4.0, 6.0],
    "tax_paid_wan": [10.0, 8.0, 600.0],
    "energy_tce": [1.0, 2.0, 3.0],
    "value_added_wan": 100.0,
}
TOWNS = {"township": ["t1", "t2"], "name": ["大峃镇", "珊溪镇"]}
STEPS = ["listed", "checked", "plan", "rectifying", "passed"]
EVENTS = {
    "usci": ["a"] * 5,
    "event": STEPS,
    "happened_on": [f"2021-0{month}-01" for month in range(1, 6)],
    "way": [None, None, "merge", None, None],
    "evidence": [None] * 4 + ["验收1号"],
    "freed_land_mu": [None, None, 9.0, None, 7.5],
    "freed_energy_tce": [None] * 4 + [10.0],
    "freed_carbon_t": [None] * 4 + [44.0],
}


def cleared(township="", **tables):
    given = {
        "enterprises": FIRMS,
        "enterprise_years": YEARS,
        "townships": TOWNS,
        "clearance_events": EVENTS,
    }
    return cut(clearance_sheet, county("2022-06-30", **(given | tables)), township)


def test_a_firm_below_the_line_that_is_not_on_the_list_is_missing_from_it():
    assert cleared().unlisted["usci"].tolist() == ["b"]


def test_a_way_brings_what_its_proven_ends_freed_not_what_was_planned():
    (row,) = cleared().ways.to_dict("records")
    assert (row["way"], row["firms"], row["ended"]) == ("merge", 1, 1)
    assert row["freed_land_mu"] == 7.5


def test_an_end_without_evidence_brings_nothing():
    events = EVENTS | {"evidence": [None] * 5}
    (row,) = cleared(clearance_events=events).ways.to_dict("records")
    assert (row["ended"], row["freed_land_mu"]) == (0, 0)


def test_what_is_left_is_added_up_by_township_and_industry():
    found = cleared()
    assert found.left_townships.values.tolist() == [["t1", 2, 14.0, 18.0, 1]]
    assert found.left_industries["of"].tolist() == ["33", "30"]
    assert found.left_land_mu == 14


def test_the_reasons_of_a_listed_firm_are_those_of_the_last_year():
    assert cleared().firms["reasons"].tolist() == [("low_tax_below_scale",)]


def test_carbon_far_above_its_energy_is_told():
    found = cleared()
    assert found.carbon.ratio == Fraction(22, 5)
    assert found.carbon_firms["reason"].tolist() == ["too_high"]


def test_each_step_counts_the_firms_that_took_it():
    assert dict(cleared().reached.values.tolist())["plan"] == 1
    assert dict(cleared().reached.values.tolist())["closed"] == 0


def test_a_township_keeps_its_own_firms_only():
    found = cleared("珊溪镇")
    assert found.firms.empty
    assert found.left.empty
    assert found.left_land_mu == 0


def test_an_unknown_township_is_refused():
    with pytest.raises(UsageError, match="there is no '玉壶镇'"):
        cleared("玉壶镇")


def test_without_records_each_part_says_what_is_lacking():
    found = all_of(clearance_sheet, county("2022-06-30"))
    assert isinstance(found.firms, Unavailable)
    assert str(found.firms) == "clearance_events"
    assert str(found.projects) == "projects"


def test_firms_are_judged_even_where_nothing_was_recorded():
    found = all_of(clearance_sheet, county("2022-06-30", enterprises=FIRMS, enterprise_years=YEARS))
    assert isinstance(found.firms, Unavailable)
    assert found.left["usci"].tolist() == ["a", "b"]
