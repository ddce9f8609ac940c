"""What amounts are held against, table by table: limits met exactly, and which cell is named."""

from fractions import Fraction

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import box

from build import county
from tenglong.measure.slip.compare import apart, medians, nearest_others
from tenglong.measure.slip.suspects import suspects

NONE = float("nan")


def found(**tables):
    """Give the suspected cells: column, row, and what they are held against."""
    return [(one.column, one.row, one.against) for one in suspects(county(**tables))]


def listed(values):
    return [None if pd.isna(value) else value for value in values.tolist()]


# --- the comparisons themselves -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "usual", "up", "both"),
    [
        (30.0, 0.1, False, False),  # exactly 300 times, which floats do not say
        (30.03, 0.1, True, True),
        (0.1, 30.0, False, False),
        (0.1, 30.03, False, True),
        (NONE, 0.1, False, False),
        (30.0, NONE, False, False),
    ],
)
def test_what_is_apart_is_decided_exactly(value, usual, up, both):
    for both_ways, told in ((False, up), (True, both)):
        one = apart(
            "x",
            pd.Series([value], index=[7]),
            pd.Series([usual], index=[7]),
            against="own",
            most=Fraction(300),
            both_ways=both_ways,
        )
        assert one.index.tolist() == [7] * told
        assert one.columns.tolist() == ["column", "value", "usual", "against"]


@pytest.mark.parametrize(
    ("values", "groups", "top", "bottom"),
    [
        ([5.0, 5.0, 1.0], [0, 0, 0], [5, 5, 5], [1, 1, 5]),
        ([1.0, 1.0, 5.0], [0, 0, 0], [5, 5, 1], [1, 1, 1]),
        ([3.0, 7.0, 100.0], [0, 0, 1], [7, 3, None], [7, 3, None]),
        ([NONE, 2.0, 4.0], [0, 0, 0], [4, 4, 2], [2, 4, 2]),
    ],
)
def test_the_others_of_a_group_are_all_but_its_own(values, groups, top, bottom):
    told = nearest_others(pd.Series(values), pd.Series(groups))
    assert [listed(one) for one in told] == [top, bottom]


def test_a_median_is_that_of_at_least_so_many_others():
    values = pd.Series([1.0, 3.0, 2.0, NONE, 8.0, 9.0])
    groups = pd.Series([0, 0, 0, 0, 1, 1])
    assert listed(medians(values, groups, least=2)) == [2, 2, 2, 2, None, None]
    assert listed(medians(values, groups, least=1)) == [2, 2, 2, 2, 8.5, 8.5]
    assert listed(medians(values, groups, least=3)) == [None] * 6


# --- a thing's other rows -----------------------------------------------------------------------


def fund(*income):
    return found(
        special_fund={
            "year": range(2020, 2020 + len(income)),
            "settlement_income_wan": income,
            "drawn_wan": [NONE] * len(income),
        }
    )


def test_a_level_may_be_neither_far_above_nor_far_below_all_its_others():
    assert fund(5000.0, 5200.0, 17.0) == []  # 294 times less than the lesser of the others
    assert fund(5000.0, 5200.0, 16.0) == [("settlement_income_wan", 2, "own")]
    assert fund(5000.0, 16.0, 16.0) == [("settlement_income_wan", 0, "own")]
    assert fund(4800.0, 16.0, 16.0) == []
    assert fund(5000.0, 20.0, 16.0) == []  # not from all of them


def test_an_amount_of_a_month_may_be_little_and_not_much():
    def months(*tax):
        table = {"usci": ["A"] * len(tax), "month": ["2022-01", "2022-02", "2022-03"][: len(tax)]}
        return found(enterprise_months={**table, "tax_wan": tax})

    assert months(3.0, 4.0, 0.001) == []
    assert months(3.0, 4.0, 1200.0) == []
    assert months(3.0, 4.0, 1201.0) == [("tax_wan", 2, "own")]
    assert months(-1201.0, 4.0, 3.0) == [("tax_wan", 0, "own")]


def test_months_are_held_against_those_of_the_same_firm():
    table = {"usci": ["A", "B", "A", "B"], "month": ["2022-01", "2022-01", "2022-02", "2022-02"]}
    assert found(enterprise_months={**table, "tax_wan": [1.0, 900.0, 2.0, 800.0]}) == []


def figures(values, units, names=None):
    return found(
        official_series={
            "indicator": names or ["a"] * len(values),
            "period": [str(2019 + n) for n in range(len(values))],
            "value": values,
            "unit": units,
        }
    )


@pytest.mark.parametrize(
    ("units", "told"),
    [
        (["万元"] * 3, [("value", 2, "own")]),
        (["%"] * 3, []),
        ([""] * 3, []),
        ([None] * 3, []),
        (["万元", "万元", "亿元"], []),
    ],
)
def test_published_figures_are_held_against_those_of_their_unit_and_rates_are_not(units, told):
    assert figures([3.0, 4.0, 1300.0], units) == told


def test_published_figures_are_held_against_those_of_their_indicator():
    assert figures([3.0, 4.0, 1300.0, 1200.0], ["万元"] * 4, ["a", "a", "b", "b"]) == []


# --- other rows, and what goes with a cell ------------------------------------------------------


def test_an_amount_is_held_against_the_median_of_five_others():
    def invested(*amounts):
        ids = [f"P{n}" for n in range(len(amounts))]
        return found(projects={"project_id": ids, "total_investment_wan": amounts})

    assert invested(1.0, 2.0, 3.0, 4.0, 3000.0) == []
    # The median of all six is 3.5.
    assert invested(1.0, 2.0, 3.0, 4.0, 5.0, 1050.0) == []
    assert invested(1.0, 2.0, 3.0, 4.0, 5.0, 1051.0) == [("total_investment_wan", 5, "others")]
    assert invested(1051.0, 1.0, 2.0, 3.0, 4.0, 5.0) == [("total_investment_wan", 0, "others")]
    assert invested(1000.0, 2000.0, 3000.0, 4000.0, 5000.0, 0.001) == []


def parcels(registered, supplied, actual):
    areas = {"registered_mu": [registered], "supplied_mu": [supplied], "actual_mu": [actual]}
    known = {name: cells for name, cells in areas.items() if cells != [None]}
    return found(parcels={"parcel_id": ["p"], **known})


@pytest.mark.parametrize(
    ("areas", "told"),
    [
        ((3.0, 3.0, 900.0), []),
        ((3.0, 3.0, 901.0), ["actual_mu"]),
        ((2001.0, 3.0, 3.0), ["registered_mu"]),
        ((3.0, 0.0045, 3.0), ["supplied_mu"]),
        ((3.0, 3.0, 0.01), []),
        # The others agree as far as thirty times, and no farther.
        ((3.0, 90.0, 14_000.0), ["actual_mu"]),
        ((3.0, 90.1, 14_000.0), []),
        # Of two nothing tells which.
        ((3.0, None, 2001.0), ["actual_mu", "registered_mu"]),
        ((3.0, None, None), []),
        ((0.0, 3.0, 2001.0), ["actual_mu", "supplied_mu"]),
    ],
)
def test_areas_of_a_parcel_are_held_against_one_another(areas, told):
    assert parcels(*areas) == [(column, 0, "pair") for column in told]


@pytest.mark.parametrize(
    ("registered", "told"),
    [(3.0, []), (900.0, []), (900.1, ["registered_mu"]), (0.00999, ["registered_mu"])],
)
def test_what_is_registered_is_held_against_what_is_drawn(registered, told):
    table = gpd.GeoDataFrame(
        {"parcel_id": ["p"], "registered_mu": [registered]},
        geometry=[box(0, 0, 50, 40)],  # 2,000 square metres are 3 mu
        crs="EPSG:4549",
    )
    cells = suspects(county(parcels=table))
    assert [(cell.column, cell.against) for cell in cells] == [(column, "pair") for column in told]


@pytest.mark.parametrize(("area", "is_told"), [(300.0, False), (300.1, True), (0.001, False)])
def test_what_is_used_of_a_parcel_is_held_against_the_parcel(area, is_told):
    land = {"parcel_id": ["p", "q"], "registered_mu": [3.0, 3000.0]}
    used = {"usci": ["A"], "parcel_id": ["p"], "area_mu": [area]}
    assert found(parcels=land, occupancies=used) == [("area_mu", 0, "within")] * is_told


def test_of_a_parcel_that_stands_twice_the_greater_area_holds_what_is_used():
    land = {"parcel_id": ["p", "p"], "registered_mu": [3.0, 4.0]}
    used = {"usci": ["A"], "parcel_id": ["p"]}
    assert found(parcels=land, occupancies={**used, "area_mu": [400.0]}) == []
    assert found(parcels=land, occupancies={**used, "area_mu": [401.0]}) != []


def test_a_month_s_investment_is_held_against_the_plan_of_its_project():
    plans = {"project_id": ["P", "Q"], "name": ["甲", "乙"], "total_investment_wan": [5.0, 90.0]}
    for amount, told in ((500.0, []), (501.0, [("invested_wan", 0, "within")])):
        months = {"project_id": ["P"], "month": ["2021-05"], "invested_wan": [amount]}
        assert found(projects=plans, project_months=months) == told


# --- how a cell is told -------------------------------------------------------------------------


def test_a_cell_is_told_once_by_what_it_is_farthest_from():
    areas = [10.0, 11.0, 12.0, 13.0, 14.0, 15.0, 9000.0]
    one = county(land_supply={"supply_id": list("abcdefg"), "area_mu": areas})
    [cell] = suspects(one)
    assert (cell.against, cell.usual, cell.times) == ("others", 13, Fraction(9000, 13))
    assert (cell.value, cell.key, cell.name) == (9000, {"supply_id": "g"}, "g")


def test_cells_are_told_by_row_and_column_with_the_name_of_their_firm_or_project():
    months = [f"2021-{month:02d}" for month in range(1, 7)]
    one = county(
        projects={"project_id": ["P"], "name": ["厂房"], "total_investment_wan": [90.0]},
        project_months={
            "project_id": ["P"] * 6,
            "month": months,
            "invested_wan": [5.0, 90_000.0, 6.0, 7.0, -80_000.0, 8.0],
        },
    )
    cells = suspects(one)
    # The median of the six sizes is 7.5; each of the two is no slip beside the other.
    assert [(cell.row, cell.against, cell.usual) for cell in cells] == [
        (1, "others", Fraction(15, 2)),
        (4, "others", Fraction(15, 2)),
    ]
    assert [cell.name for cell in cells] == ["厂房", "厂房"]
    assert cells[0].key == {"project_id": "P", "month": "2021-02"}
    assert (cells[1].value, cells[1].times) == (-80_000, Fraction(160_000, 15))


# --- a firm and its industry --------------------------------------------------------------------


def firms(*tax, industry=None, year=None, **more):
    names = [f"F{n}" for n in range(len(tax))]
    return county(
        "2022-06-30",
        enterprises={"usci": names, "industry": industry or ["3391"] * len(names)},
        enterprise_years={
            "usci": names,
            "year": year or [2021] * len(names),
            "tax_paid_wan": tax,
            **{name: cells or [1.0] * len(names) for name, cells in more.items()},
        },
    )


def named(one):
    return [(cell.column, cell.row, cell.against) for cell in suspects(one)]


FIVE = (3.0, 4.0, 5.0, 6.0, 7.0)


def test_a_firm_is_held_against_five_others_and_not_against_four():
    assert named(firms(*FIVE, 2000.0, land_mu=())) == [("tax_paid_wan", 5, "per_mu")]
    assert named(firms(*FIVE[:4], 2000.0, land_mu=())) == []
    # The median of all six is 5.5.
    assert named(firms(*FIVE, 1650.0, land_mu=())) == []
    assert named(firms(*FIVE, 1651.0, land_mu=())) == [("tax_paid_wan", 5, "per_mu")]
    assert named(firms(*FIVE, 0.001, land_mu=())) == []


def test_where_an_industry_has_too_few_all_firms_of_the_year_stand_for_it():
    other = ["3391"] * 4 + ["1713", "1713"]
    assert named(firms(*FIVE, 2000.0, land_mu=(), industry=other)) != []
    # Where it has enough, they do not: an industry of its own may be hundreds of times another.
    low, high = FIVE, [2000 * value for value in FIVE]
    codes = ["3391"] * 6 + ["1713"] * 6
    assert named(firms(*low, 5.0, *high, 9000.0, land_mu=(), industry=codes)) == []
    like_the_other = firms(*low, 5000.0, *high, 9000.0, land_mu=(), industry=codes)
    assert named(like_the_other) == [("tax_paid_wan", 5, "per_mu")]


def test_industries_are_told_apart_by_two_digits_and_years_by_themselves():
    near = ["3391", "3392", "3300", "3311", "3399", "3355"]
    assert named(firms(*FIVE, 2000.0, land_mu=(), industry=near)) != []
    apart_ = [2020, 2020, 2020, 2021, 2021, 2021]
    assert named(firms(*FIVE, 2000.0, land_mu=(), year=apart_)) == []


def test_the_usual_is_told_as_an_amount_of_the_cell():
    [cell] = suspects(firms(*FIVE, 9000.0, land_mu=(2.0,) * 5 + (4.0,)))
    # Per mu 1.5, 2, 2.5, 3, 3.5 and 2250: the median is 2.75, on 4 mu 11.
    assert (cell.value, cell.usual, cell.times) == (9000, 11, Fraction(9000, 11))
    [base] = suspects(firms(*FIVE, 5.0, land_mu=(1.0,) * 5 + (0.001,), value_added_wan=(9.0,) * 6))
    assert (base.column, base.row, base.against) == ("land_mu", 5, "per_mu")
    assert base.usual > base.value  # of a base that is too small, what would be usual is more
    # Value added per mu is 9 by the median, and 9,000 here: 1 mu would be usual.
    assert (base.value, base.usual) == (Fraction(1, 1000), 1)


def test_a_base_is_blamed_only_where_every_other_amount_is_far_away_by_it():
    # Tax is 667 times the usual per mu, value added as usual: it is the tax.
    land, added = (1.0,) * 6, (9.0,) * 6
    one = firms(*FIVE, 5.0 * 667, land_mu=land, value_added_wan=added)
    assert named(one) == [("tax_paid_wan", 5, "per_mu")]
    # Value added is fifty times the usual, too: then land is too small.
    both = firms(*FIVE, 5.0 * 667, land_mu=land, value_added_wan=(*(9.0,) * 5, 450.0))
    assert named(both) == [("land_mu", 5, "per_mu")]
    at_limit = firms(*FIVE, 5.0 * 667, land_mu=land, value_added_wan=(*(9.0,) * 5, 270.0))
    assert named(at_limit) == [("tax_paid_wan", 5, "per_mu")]
    past = firms(*FIVE, 5.0 * 667, land_mu=land, value_added_wan=(*(9.0,) * 5, 274.0))
    assert named(past) == [("land_mu", 5, "per_mu")]
    # Revenue is as usual: one amount that goes with the land is enough.
    with_revenue = firms(
        *FIVE,
        5.0 * 667,
        land_mu=land,
        value_added_wan=(*(9.0,) * 5, 450.0),
        revenue_wan=(20.0,) * 6,
    )
    assert named(with_revenue) == [("tax_paid_wan", 5, "per_mu")]
    every_day = firms(*FIVE, 5.0 * 667, land_mu=land, value_added_wan=(*(9.0,) * 5, 269.0))
    assert named(every_day) == [("tax_paid_wan", 5, "per_mu")]


def two_years(first, second, usual, land=(1.0, 1.0), heads=(1.0, 1.0)):
    """Give a firm of two years in an industry of six others, whose tax is usual."""
    names = [f"F{n}" for n in range(6)]
    return county(
        "2022-06-30",
        enterprises={"usci": [*names, "Z"], "industry": ["3391"] * 7},
        enterprise_years={
            "usci": [*names, *names, "Z", "Z"],
            "year": [2020] * 6 + [2021] * 6 + [2020, 2021],
            "tax_paid_wan": [usual] * 12 + [first, second],
            "land_mu": [1.0] * 12 + [*land],
            "employees": [1.0] * 12 + [*heads],
        },
    )


def test_of_two_years_that_are_apart_the_one_is_named_that_its_industry_does_not_know():
    assert {row for _, row, _ in named(two_years(5.0, 5000.0, usual=8.0))} == {13}
    assert {row for _, row, _ in named(two_years(5.0, 5000.0, usual=4000.0))} == {12}
    # As far from the one as from the other: both.
    assert {row for _, row, _ in named(two_years(1.0, 400.0, usual=20.0))} == {12, 13}


def test_how_far_a_firm_is_from_its_industry_is_told_by_the_base_that_it_is_nearest_by():
    # Per mu 5 and per head a sixth, where 8 is usual; then 50 by both.
    one = two_years(5.0, 5000.0, usual=8.0, land=(1.0, 100.0), heads=(30.0, 100.0))
    assert named(one) == [("tax_paid_wan", 13, "own")]
