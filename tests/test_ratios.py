"""County figures of firms: ratios of sums, counts below a line, firms newly above scale."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from build import county
from tenglong.errors import ConfigurationError
from tenglong.measure.clearance.clear_out import low_tax_firms
from tenglong.measure.county import Unavailable
from tenglong.measure.firm.firms import firm_years
from tenglong.measure.firm.ratios import (
    clearable,
    clearance_scope,
    firm_ratio,
    firm_total,
    totals,
    unit_of,
)
from tenglong.measure.firm.scale import digitalised_share, net_above_scale
from tenglong.measure.reading import Gap


def firms(*industries):
    codes = "abcdefghijklmnopqrstuvwxyz"[: len(industries)]
    return {"usci": list(codes), "industry": list(industries)}


def years(**columns):
    """One year of firms a, b, c …; every column a list."""
    count = len(next(iter(columns.values())))
    frame = {"usci": list("abcdefghijklmnopqrstuvwxyz"[:count]), "year": 2021, **columns}
    table = pd.DataFrame(frame)
    flags = [name for name in table if name.startswith("is_")]
    return table.astype(dict.fromkeys(flags, "boolean"))


def two(**columns):
    return county(enterprises=firms("33", "34"), enterprise_years=years(**columns))


def told(figures):
    return [None if pd.isna(figure) else figure for figure in figures]


def ratio(one, numerator="tax", denominator="land_mu", scope="industry"):
    return firm_ratio(one, numerator=numerator, denominator=denominator, scope=scope)


def test_a_county_figure_is_a_ratio_of_sums_not_a_mean_of_ratios():
    one = two(tax_paid_wan=[30.0, 10.0], land_mu=[1.0, 3.0])
    assert ratio(one).figures[0].value == 10  # the mean of 30 and 3.33 would be 16.67


def test_above_scale_manufacturing_leaves_out_utilities_and_small_firms():
    one = county(
        enterprises=firms("33", "44", "34"),
        enterprise_years=years(
            is_above_scale=[True, True, False],
            value_added_wan=[20.0, 500.0, 9.0],
            employees=[1.0, 1.0, 1.0],
        ),
    )
    options = {"numerator": "value_added_wan", "denominator": "employees"}
    assert ratio(one, **options, scope="above_scale_manufacturing").figures[0].value == 20
    assert ratio(one, **options, scope="above_scale_industry").figures[0].value == 260


def test_a_sum_of_zero_is_not_applicable():
    figure = ratio(two(tax_paid_wan=[0.0, 0.0], land_mu=[0.0, 0.0])).figures[0]
    assert figure.value is None


def test_no_land_under_firms_that_pay_tax_is_not_known():
    found = ratio(two(tax_paid_wan=[1.0, 2.0], land_mu=[0.0, 0.0]))
    assert (found.why, found.code) == (Gap.NO_DATA, "population_incomplete")
    assert {(one.column, one.row) for one in found.blanks} == {("land_mu", 0), ("land_mu", 1)}


def test_a_year_of_which_more_than_a_twentieth_is_unknown_has_no_figure():
    columns = {"tax_paid_wan": [1.0] * 19 + [None], "land_mu": [1.0] * 20}
    full = county(enterprises=firms(*["33"] * 20), enterprise_years=years(**columns))
    assert ratio(full).figures[0].parts["firms_lacking"] == 1
    short = {name: cells[1:] for name, cells in columns.items()}
    found = ratio(county(enterprises=firms(*["33"] * 19), enterprise_years=years(**short)))
    assert (found.why, found.code) == (Gap.NO_DATA, "population_incomplete")


@pytest.mark.parametrize(
    ("columns", "lacking"),
    [
        ({"land_mu": [1.0, 1.0]}, "enterprise_years.tax_paid_wan"),
        ({"tax_paid_wan": [1.0, 1.0]}, "occupancies"),
    ],
)
def test_what_is_lacking_is_named(columns, lacking):
    with pytest.raises(Unavailable, match=f"^{lacking}$"):
        ratio(two(**columns))


def test_another_columns_absence_changes_nothing():
    one = two(revenue_wan=[100.0, 300.0], rd_wan=[2.0, 6.0])
    assert ratio(one, "rd_wan", "revenue_wan").figures[0].value == Fraction(1, 50)


def test_a_unit_is_told_by_the_columns_names():
    assert unit_of("value_added_wan", "energy_tce") == "万元/吨标准煤"
    with pytest.raises(ConfigurationError, match="is_vetoed"):
        unit_of("is_vetoed", "land_mu")


amounts = st.lists(
    st.tuples(st.decimals("-50", "500", places=2), st.decimals("0.1", "300", places=2)),
    min_size=1,
    max_size=8,
)


@given(amounts, st.randoms())
def test_the_ratio_is_that_of_the_sums_in_any_order(pairs, random):
    tax, land = zip(*pairs, strict=True)
    columns = {"tax_paid_wan": [float(t) for t in tax], "land_mu": [float(m) for m in land]}
    table = years(**columns)
    order = list(range(len(table)))
    random.shuffle(order)
    one = county(enterprises=firms(*["33"] * len(pairs)), enterprise_years=table.iloc[order])
    expected = sum(Fraction(str(t)) for t in tax) / sum(Fraction(str(m)) for m in land)
    assert ratio(one).figures[0].value == expected


@given(amounts, st.sampled_from([10, 100, 10000]))
def test_a_change_of_unit_changes_the_ratio_by_its_factor_only(pairs, factor):
    tax, land = zip(*pairs, strict=True)
    values = [
        ratio(
            county(
                enterprises=firms(*["33"] * len(pairs)),
                enterprise_years=years(
                    tax_paid_wan=[float(t * scale) for t in tax], land_mu=[float(m) for m in land]
                ),
            )
        )
        .figures[0]
        .value
        for scale in (1, factor)
    ]
    assert values[1] == values[0] * factor


def test_a_firm_on_the_line_is_not_below_it():
    table = years(
        is_above_scale=[True] * 3, tax_paid_wan=[1.5, 1.4999, 0.3], land_mu=[0.3, 0.3, 0.1]
    )
    one = county(enterprises=firms("33", "33", "33"), enterprise_years=table)
    assert low_tax_firms(one, below_wan_per_mu=5).figures[0].value == 2


def test_the_figures_of_a_firm_are_exact_and_missing_without_land_or_heads():
    table = years(
        is_above_scale=[True] * 3,
        tax_paid_wan=[0.3, 1.0, None],
        value_added_wan=[0.7, 2.0, 1.0],
        land_mu=[0.1, 0.0, 3.0],
        employees=[7.0, None, 0.0],
    )
    found = firm_years(county(enterprises=firms("33", "33", "33"), enterprise_years=table))
    assert told(found["tax_wan_per_mu"]) == [3, None, None]
    assert told(found["value_added_wan_per_mu"]) == [7, None, Fraction(1, 3)]
    assert told(found["value_added_wan_per_head"]) == [Fraction(1, 10), None, None]


def test_small_firms_count_from_three_mu_and_large_ones_always():
    one = county(
        enterprises=firms("33", "33", "33", "44"),
        enterprise_years=years(
            is_above_scale=[True, False, False, True],
            land_mu=[1.0, 3.0, 2.9, 9.0],
            tax_paid_wan=[4.0, 14.0, 1.0, 1.0],
        ),
    )
    assert clearance_scope(one)["usci"].tolist() == ["a", "b"]
    assert low_tax_firms(one, below_wan_per_mu=5).figures[0].value == 2


def test_a_firm_that_was_closed_is_no_longer_below_the_line():
    table = {**firms("33", "33"), "closed_on": ["2021-06-30", "2022-01-01"]}
    columns = years(land_mu=[4.0, 4.0], tax_paid_wan=[1.0, 1.0], is_above_scale=[True, True])
    one = county("2021-12-31", enterprises=table, enterprise_years=columns)
    assert low_tax_firms(one, below_wan_per_mu=5).figures[0].value == 1
    later = county("2022-06-30", enterprises=table, enterprise_years=columns)
    figure = low_tax_firms(later, below_wan_per_mu=5).figures[0]
    assert (figure.value, figure.since) == (1, -1)


def test_a_firm_on_no_land_cannot_be_told():
    columns = {"tax_paid_wan": [1.0, 1.0], "is_above_scale": [True, True]}
    found = low_tax_firms(two(**columns, land_mu=[0.0, 4.0]), below_wan_per_mu=5)
    assert found.code == "population_incomplete"


def test_large_firms_are_no_small_and_medium_ones():
    one = two(is_digitalised=[True, False], employees=[999.0, 1000.0])
    assert digitalised_share(one).figures[0].value == 1


def test_firms_that_drop_out_are_taken_off_the_new_ones():
    table = pd.DataFrame(
        {
            "usci": list("abab"),
            "year": [2020, 2020, 2021, 2021],
            "is_above_scale": pd.array([True, False, False, False], "boolean"),
        }
    )
    assert [amount for _, amount in net_above_scale(county(enterprise_years=table)).amounts] == [-1]


def test_one_year_alone_tells_nothing_of_change():
    found = net_above_scale(two(is_above_scale=[True, False]))
    assert found.code == "needs_two_years"


def test_a_year_of_which_just_the_share_that_is_allowed_lacks_has_its_sum():
    values = pd.Series([1.0] * 19 + [None] + [1.0] * 18 + [None])
    found = totals(values, pd.Series([2020] * 20 + [2021] * 19), most_missing=Fraction(1, 20))
    assert found == {2020: 19}


@pytest.mark.parametrize(
    ("column", "unit"),
    [("employees", "人"), ("electricity_10k_kwh", "万千瓦时"), ("value_added_wan", "万元")],
)
def test_a_year_s_figure_is_that_of_its_last_day_in_the_unit_that_the_column_is_named_by(
    column, unit
):
    one = two(**{column: [3.0, 4.0]}, revenue_wan=[1.0, 1.0])
    found = firm_total(one, column=column, scope="industry")
    assert (found.unit, [figure.end for figure in found.figures]) == (unit, [date(2021, 12, 31)])
    assert ratio(one, column, "revenue_wan").figures[0].end == date(2021, 12, 31)


def unknown(*tax, land=(), industry=()):
    """Give firms of one industry, the last of which is of none that is known."""
    known = len(tax) - 1
    return county(
        enterprises=firms(*(industry or ["33"] * known + [None])),
        enterprise_years=years(tax_paid_wan=tax, land_mu=land or [1.0] * len(tax)),
    )


def test_a_firm_of_unknown_industry_is_in_no_sum_and_gives_the_range():
    found = ratio(unknown(*[10.0] * 20, 52.0))
    [figure] = found.figures
    assert (figure.value, figure.low, figure.high) == (10, 10, 12)
    assert figure.parts == {"tax_wan": 200, "land_mu": 20, "firms": 20, "firms_lacking": 1}
    assert [(blank.column, blank.row) for blank in figure.blanks] == [("industry", 20)]
    assert found.evidence[0].rows.index.tolist() == list(range(20))


def test_there_is_no_range_where_a_firm_lacks_what_is_divided():
    letters = 26
    tax = [10.0] * (letters - 1) + [52.0]
    policy = {"bands": {**county().policy["bands"], "most_missing_share": 0.1}}
    for land in ([None] + [1.0] * (letters - 1), [1.0] * (letters - 1) + [None]):
        one = unknown(*tax, land=land)
        [figure] = ratio(replace(one, policy={**one.policy, **policy})).figures
        assert (figure.value, figure.low, figure.high) == (10, None, None)


def test_a_blank_leaves_it_open_whether_a_firm_can_be_listed_only_where_nothing_else_decides():
    rows = [
        # industry, above scale, land, closed on
        ("33", True, None, None, True),
        ("33", None, 3.0, None, True),
        ("33", None, 2.9, None, None),
        ("33", False, None, None, None),
        ("33", False, 2.9, None, False),
        (None, False, 3.0, None, None),
        (None, False, 2.9, None, False),
        ("44", True, 9.0, None, False),
        ("33", True, 9.0, "2021-12-31", False),
        ("33", True, 9.0, "2022-01-01", True),
        ("33", True, 9.0, "doubtful", None),
        ("44", True, 9.0, "doubtful", False),
    ]
    industry, above, land, closed, told_ = (list(cells) for cells in zip(*rows, strict=True))
    table = {**firms(*industry), "closed_on": [None if d == "doubtful" else d for d in closed]}
    one = county(enterprises=table, enterprise_years=years(is_above_scale=above, land_mu=land))
    doubts = {row: frozenset({"closed_on"}) for row, d in enumerate(closed) if d == "doubtful"}
    one = replace(one, doubtful={"enterprises": doubts})
    assert told(clearable(one, firm_years(one))) == told_


def net(table):
    return [
        [amount for _, amount in net_above_scale(county(enterprise_years=frame)).amounts]
        for frame in (table, table.iloc[::-1])
    ]


def test_a_firm_s_first_row_of_a_year_tells_its_scale_in_whatever_order_rows_come():
    flags = pd.array([False, False, True], dtype="boolean")
    table = {"usci": ["a"] * 3, "year": [2021, 2020, 2021], "is_above_scale": flags}
    assert net(pd.DataFrame(table, index=[9, 3, 5])) == [[1], [1]]


def test_a_row_without_a_firm_or_a_year_makes_no_year_of_change():
    table = pd.DataFrame(
        {
            "usci": ["a", "a", None, "a"],
            "year": pd.array([2020, 2021, 2022, None], dtype="Int64"),
            "is_above_scale": pd.array([False, True, True, False], dtype="boolean"),
        }
    )
    assert net(table) == [[1], [1]]


def test_a_firm_whose_scale_nobody_tells_is_not_above_and_may_be():
    table = {"usci": ["a", "a"], "year": [2020, 2021], "is_above_scale": [None, None]}
    found = net_above_scale(county(enterprise_years=table))
    assert found.amounts == ((date(2021, 12, 31), 0),)
    assert [one.amounts for one in found.maybe] == [
        ((date(2021, 12, 31), -1),),
        ((date(2021, 12, 31), 1),),
    ]


def test_change_is_known_until_the_end_of_the_last_year_and_rests_on_who_was_above():
    table = {
        "usci": ["a", "b"] * 3,
        "year": [2020, 2020, 2021, 2021, 2022, 2022],
        "is_above_scale": [True, False, False, True, True, None],
    }
    found = net_above_scale(county(enterprise_years=table))
    assert found.known_until == date(2022, 12, 31)
    assert found.evidence[0].rows.index.tolist() == [0, 3, 4]
    assert found.preliminary == frozenset()


def test_a_year_in_which_nobody_says_who_is_digital_has_no_share():
    table = {
        "usci": ["a", "b"] * 2,
        "year": [2020, 2020, 2021, 2021],
        "employees": [9.0, 9.0, 9.0, None],
        "is_digitalised": [None, None, True, True],
    }
    found = digitalised_share(county(enterprises=firms("33", "33"), enterprise_years=table))
    [figure] = found.figures
    assert (figure.end, figure.value) == (date(2021, 12, 31), 1)
    assert figure.parts == {"digitalised": 1, "firms": 1, "firms_lacking": 0}
    assert [(blank.column, blank.row) for blank in figure.blanks] == [("employees", 3)]
    assert found.evidence[0].rows.index.tolist() == [0, 1, 2]
