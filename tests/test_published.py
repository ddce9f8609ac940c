"""Published figures in order: which are read, in what unit, and which of a period holds."""

from datetime import date
from fractions import Fraction

import pandas as pd
import pytest

from build import county
from tenglong.measure.period import period_of
from tenglong.measure.published.published import (
    UNDATED,
    Publication,
    disagree,
    finest,
    holding,
    publications,
    unreadable,
)
from tenglong.measure.published.rounding import Rounded, half_unit


def series(*rows, **columns):
    """Give published figures as (period, value, unit)."""
    names = ("period", "value", "unit")
    filled = [(*row, *("%",)[len(row) - 2 :]) for row in rows]
    table = {name: [row[n] for row in filled] for n, name in enumerate(names)}
    indicators = {"indicator": ["x"] * len(rows)}
    return county("2024-06-30", official_series={**indicators, **table, **columns})


def read(*rows, **columns):
    return [
        (one.period.name, one.value, one.unit) for one in publications(series(*rows, **columns))
    ]


def one(value, unit="%", *, period="2021", day=UNDATED, row=0, digits=None):
    """Give one publication; exact unless its digits are told."""
    half = {} if digits is None else {"half": half_unit(digits)}
    return Publication(row, "x", period_of(period), Fraction(str(value)), unit, "", day, **half)


def test_a_row_without_a_value_or_a_period_is_no_figure():
    rows = [("2021", None), ("2022", 2.0), ("2021年1-9月", 3.0), (None, 4.0)]
    assert read(*rows) == [("2022", 2, "%")]


def test_a_period_that_is_blank_or_a_span_cannot_be_read():
    found = unreadable(series(("2021", None), (None, 4.0), ("2022", 2.0), ("2021年1-9月", 3.0)))
    assert found.index.tolist() == [1, 3]
    assert found["value"].tolist() == [4, 3]


def test_where_every_period_can_be_read_none_is_told():
    assert unreadable(series(("2021", 1.0))).empty
    assert list(unreadable(series()).columns) == ["indicator", "period", "value", "unit"]


def test_figures_stand_by_indicator_and_then_by_period():
    rows = [("2022", 1.0), ("2021", 2.0), ("2022", 3.0), ("2021", 4.0)]
    found = publications(series(*rows, indicator=["y", "y", "x", "x"]))
    assert [(one.indicator, one.value) for one in found] == [("x", 4), ("x", 3), ("y", 2), ("y", 1)]
    assert [one.value for one in publications(series(*rows, indicator=list("yyxx")), "y")] == [2, 1]


def test_all_stand_in_the_unit_of_the_latest_figure_that_has_one():
    found = read(
        ("2023", 5.0, None), ("2022", 4.0, "亿元"), ("2020", 20000.0, "万元"), ("2021", 3e8, "元")
    )
    assert found == [(str(2018 + n), n, "亿元") for n in (2, 3, 4, 5)]


@pytest.mark.parametrize("later", ["百万美元", "家"])
@pytest.mark.parametrize("is_turned", [False, True])
def test_units_of_which_one_is_not_known_or_measures_another_thing_stay_as_they_are(
    later, is_turned
):
    units = [later, "亿元"] if is_turned else ["亿元", later]
    found = read(("2021", 2.0, units[0]), ("2022", 3.0, units[1]))
    assert found == [("2021", 2, units[0]), ("2022", 3, units[1])]


def test_a_day_that_is_not_told_is_no_day():
    rows = ("2021", 1.0), ("2022", 2.0)
    told, untold = publications(series(*rows, published_on=["2022-02-20", None]))
    assert (told.day, told.published_on) == (pd.Timestamp("2022-02-20"), date(2022, 2, 20))
    assert (untold.day, untold.published_on) == (None, UNDATED)


def test_a_figure_of_which_no_digits_are_told_is_exact():
    assert one(5).rounded == Rounded.exactly(Fraction(5))
    assert one(5, digits=0).rounded == Rounded(Fraction(5), Fraction("4.5"), Fraction("5.5"))


@pytest.mark.parametrize(
    ("group", "is_contradictory"),
    [
        ([one(5)], False),
        ([one(5), one(5)], False),
        ([one(5), one(6)], True),
        ([one(5, digits=0), one("5.2", digits=1)], False),
        ([one(5, digits=0), one("5.6", digits=1)], True),
        ([one(2, "亿元", digits=0), one(2, "家", digits=0)], True),  # of different things
        ([one(5, digits=0), one("5.2", digits=1), one("4.7", digits=1)], True),
    ],
)
def test_publications_contradict_each_other_where_no_one_value_can_be_all_of_them(
    group, is_contradictory
):
    assert disagree(group) is is_contradictory


def test_the_figure_with_the_most_digits_is_the_finest():
    rows = [one("5.2", digits=1, row=1), one("5.21", digits=2, row=2), one(5, digits=0, row=3)]
    assert finest(rows).row == 2


def test_the_latest_day_of_each_period_holds_in_whatever_order_they_are_given():
    early, late = date(2022, 2, 20), date(2022, 5, 12)
    given = [
        one(3, day=late, row=3),
        one(9, day=early, row=9, period="2022"),
        one(1, day=early, row=1),
        one(2, day=late, row=2),
        one(7, row=7),
    ]
    assert [[held.row for held in group] for group in holding(given)] == [[2, 3], [9]]
