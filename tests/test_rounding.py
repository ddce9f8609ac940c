"""Rounded figures: how far rounding lets two of them lie apart, and what it does to a growth."""

from fractions import Fraction

import pytest

from tenglong.measure.published.rounding import (
    Rounded,
    decimals_of,
    growth_quotient,
    half_unit,
    relative_growth,
)

LOWER = Rounded(Fraction(8), Fraction(5), Fraction(9))
HIGHER = Rounded(Fraction(10), Fraction(6), Fraction(12))


def test_two_figures_may_lie_apart_by_what_brings_them_together():
    # The higher may be 4 less than it says, the lower 1 more.
    assert HIGHER.tolerance(LOWER) == LOWER.tolerance(HIGHER) == 5


def test_of_two_equal_figures_the_first_is_taken_for_the_higher():
    first, second = (Rounded(*map(Fraction, bounds)) for bounds in ((8, 5, 9), (8, 7, 12)))
    assert (first.tolerance(second), second.tolerance(first)) == (7, 2)
    assert first.agrees(second)


@pytest.mark.parametrize(("other", "is_one"), [("11", True), ("11.01", False)])
def test_figures_whose_bounds_just_touch_agree_and_a_hair_further_apart_they_do_not(other, is_one):
    ten = Rounded.about(Fraction(10), half_unit(0))
    found = Rounded.about(Fraction(other), half_unit(0))
    assert ten.agrees(found) is found.agrees(ten) is is_one


def test_what_was_not_rounded_agrees_with_itself_alone():
    ten = Rounded.exactly(Fraction(10))
    assert (ten.low, ten.value, ten.high) == (10, 10, 10)
    assert ten.agrees(Rounded.exactly(Fraction(10)))
    assert not ten.agrees(Rounded.exactly(Fraction("10.01")))


@pytest.mark.parametrize(
    ("decimals", "half"), [(-2, 50), (0, Fraction(1, 2)), (1, Fraction(1, 20)), (2, "0.005")]
)
def test_half_a_unit_of_the_last_digit(decimals, half):
    assert half_unit(decimals) == Fraction(half)


@pytest.mark.parametrize(
    ("number", "digits"), [("50700", 0), ("10", 0), ("6.3", 1), ("-0.25", 2), ("0.001", 3)]
)
def test_digits_after_the_point_are_counted(number, digits):
    assert decimals_of(Fraction(number)) == digits


@pytest.mark.parametrize(
    ("numerator", "denominator", "growth"),
    [(21, 10, 10), (0, 25, -20), (-10, -20, "12.5"), (7, 7, 0)],
)
def test_one_growth_over_another_is_a_quotient_and_no_difference(numerator, denominator, growth):
    found = relative_growth(Fraction(numerator), Fraction(denominator))
    assert found == Fraction(growth)
    quotient = growth_quotient(
        Rounded.exactly(Fraction(numerator)), Rounded.exactly(Fraction(denominator))
    )
    assert quotient == Rounded.exactly(found)


def test_a_growth_over_nothing_left_cannot_be_told():
    with pytest.raises(ZeroDivisionError):
        relative_growth(Fraction(5), Fraction(-100))


def test_a_quotient_is_least_where_its_numerator_is_least_and_its_denominator_greatest():
    found = growth_quotient(
        Rounded(Fraction(20), Fraction(10), Fraction(32)),
        Rounded(Fraction(0), Fraction(-20), Fraction(10)),
    )
    assert (found.low, found.value, found.high) == (0, 20, 65)
