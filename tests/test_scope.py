"""Who belongs to a population of firms, and which blank cells are waited for where it is open."""

from dataclasses import replace

import pandas as pd
import pytest

from build import county
from tenglong.measure.firm.firms import firm_years
from tenglong.measure.firm.scope import belongs, firm_blanks, origin_of


def awaited(one, *columns):
    """Give the blanks of all firm-years: table, column, name and row."""
    blanks = firm_blanks(one, firm_years(one), *columns)
    return [(blank.table, blank.column, blank.name, blank.row) for blank in blanks]


def years(*firms, year=2021, **columns):
    return {"usci": list(firms), "year": [year] * len(firms), **columns}


@pytest.mark.parametrize(
    ("scope", "told"),
    [
        ("manufacturing", [True, True, True, False, None, None]),
        ("above_scale_manufacturing", [True, False, None, False, None, False]),
        ("key_sme", [True, False, None, False, None, False]),
    ],
)
def test_a_blank_leaves_open_who_belongs_only_where_nothing_else_decides(scope, told):
    frame = pd.DataFrame(
        {
            "industry": ["3391", "13", "4399", "44", None, None],
            "is_above_scale": pd.array([True, False, None, None, True, False], dtype="boolean"),
            "employees": [999.0, 1000.0, None, None, 5.0, 1000.0],
        }
    )
    one = county(enterprise_years={**years("a"), "is_above_scale": [True], "employees": [1.0]})
    found = belongs(frame, one, scope)
    assert [None if pd.isna(flag) else flag for flag in found] == told


def test_a_blank_industry_is_waited_for_in_the_firm_s_first_row_once_for_all_years():
    firms = pd.DataFrame(
        {
            "usci": ["A", "B", "B", "C"],
            "name": ["甲", "乙", "丙", "丁"],
            "industry": [None, None, None, "3391"],
        },
        index=[4, 9, 2, 5],
    )
    for frame in (firms, firms.iloc[::-1]):
        one = county(enterprises=frame, enterprise_years=years("B", "A", "A", "C"))
        table = one.tables["enterprise_years"].assign(year=[2021, 2020, 2021, 2021])
        one = replace(one, tables={**one.tables, "enterprise_years": table})
        assert awaited(one, "industry") == [
            ("enterprises", "industry", "丙", 2),
            ("enterprises", "industry", "甲", 4),
        ]


def test_of_a_firm_that_is_not_listed_nothing_but_its_code_is_waited_for():
    one = county(
        enterprises={"usci": ["A"], "name": ["甲"], "industry": [None]},
        enterprise_years={
            "usci": ["X", "A", "X", "Y"],
            "year": [2020, 2021, 2021, 2021],
            "tax_paid_wan": [1.0, 1.0, 1.0, None],
        },
        occupancies={"usci": ["Y"], "parcel_id": ["p"], "area_mu": [2.0]},
    )
    assert awaited(one, "industry") == [
        ("enterprises", "industry", "甲", 0),
        ("enterprise_years", "usci", "X", 0),
        ("enterprise_years", "usci", "Y", 3),
    ]
    # Land lacks of X and 甲 alone; what lacks in the year's own row is waited for of anybody.
    assert awaited(one, "land_mu") == [
        ("occupancies", "share", "甲", None),
        ("enterprise_years", "usci", "X", 0),
    ]
    assert awaited(one, "tax_wan") == [("enterprise_years", "tax_paid_wan", "Y", 3)]
    [_, unlisted, _] = firm_blanks(one, firm_years(one), "industry")
    assert unlisted.of == "enterprises"


def test_where_firms_are_not_listed_at_all_their_land_is_waited_for_by_their_code():
    one = county(enterprise_years=years("A"), occupancies={"usci": ["B"], "parcel_id": ["p"]})
    assert awaited(one, "land_mu") == [("occupancies", "share", "A", None)]


def test_a_firm_without_a_name_is_called_by_its_code():
    one = county(
        enterprises={"usci": ["A", "B"], "name": ["甲", None], "industry": [None, None]},
        enterprise_years=years("A", "B"),
    )
    assert [name for _, _, name, _ in awaited(one, "industry")] == ["甲", "B"]


def test_a_column_that_nobody_supplied_has_no_blank_cells():
    one = county(enterprises={"usci": ["A"]}, enterprise_years=years("A"))
    assert awaited(one, "industry", "is_above_scale", "rd_wan") == []


def test_a_doubtful_day_of_closing_is_waited_for_once_and_a_blank_one_is_not():
    one = county(
        enterprises={"usci": ["A", "B"], "name": ["甲", "乙"], "closed_on": [None, None]},
        enterprise_years={"usci": ["B", "B", "A"], "year": [2020, 2021, 2021]},
    )
    one = replace(one, doubtful={"enterprises": {1: frozenset({"closed_on"})}})
    assert awaited(one, "closed_on") == [("enterprises", "closed_on", "乙", 1)]
    assert awaited(one, "year") == []


@pytest.mark.parametrize(
    ("has_own", "is_settled", "origin"),
    [
        (True, False, ("enterprise_years", "land_mu")),
        (False, False, ("occupancies", "share")),
        (True, True, ("occupancies", "share")),
    ],
)
def test_land_is_the_year_s_own_only_where_the_county_gives_it(has_own, is_settled, origin):
    own = {"land_mu": [3.0]} if has_own else {}
    one = replace(county(enterprise_years={**years("A"), **own}), is_settled=is_settled)
    assert origin_of(one, "land_mu") == origin
    assert origin_of(one, "rd_wan") == ("enterprise_years", "rd_wan")
