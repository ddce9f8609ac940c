"""Numbers as they are printed: half-up from the exact value, whatever they are given as."""

from decimal import Decimal
from fractions import Fraction
from math import floor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenglong.show.number import figure, plain, rounded

FLOATS = st.floats(allow_nan=False, allow_infinity=False)
FRACTIONS = st.fractions()
NUMBERS = st.one_of(FLOATS, FRACTIONS, st.integers(-(10**15), 10**15))
DECIMALS = st.integers(0, 6)


def exact(value):
    """Give what a number says: a float by its shortest decimals."""
    return value if isinstance(value, Fraction) else Fraction(str(value))


@given(NUMBERS, DECIMALS)
def test_a_number_is_rounded_half_up_away_from_nothing(value, decimals):
    scaled = floor(abs(exact(value)) * 10**decimals + Fraction(1, 2))
    wanted = Fraction(scaled, 10**decimals) * (-1 if exact(value) < 0 else 1)
    shown = rounded(value, decimals)
    assert Fraction(shown) == wanted
    assert shown.as_tuple().exponent == -decimals
    assert not (shown.is_zero() and shown.is_signed())


@given(NUMBERS)
def test_a_csv_has_whole_numbers_whole_and_others_to_twelve_digits(value):
    told = exact(value)
    is_whole = told.denominator == 1
    assert plain(value) == (str(told.numerator) if is_whole else f"{float(told):.12g}")


@pytest.mark.parametrize(
    ("value", "printed", "written"),
    [
        (1e23, "100,000,000,000,000,000,000,000.00", "1" + 23 * "0"),
        (-0.004, "0.00", "-0.004"),
        (-0.0, "0.00", "0"),
        (np.float64(2.675), "2.68", "2.675"),
        (np.float32(0.1), "0.10", "0.1"),
        (np.int64(-1200), "−1,200.00", "-1200"),
        (Fraction(-1, 3), "−0.33", "-0.333333333333"),
        (5e-324, "0.00", "4.94065645841e-324"),
    ],
)
def test_odd_numbers_are_printed_as_others_are(value, printed, written):
    assert (figure(value), plain(value)) == (printed, written)


def test_very_many_digits_are_kept():
    assert rounded(Fraction(10**40 + 1, 2), 1) == Decimal(f"5{39 * '0'}.5")
