"""Columns of exact numbers, against the fractions that they stand for."""

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenglong.measure.exact import decimals, exact, exact_sum, quotients, whole_sum
from tenglong.measure.rationals import Rationals, times

THIRD = Fraction(1, 3)
NEAR = [THIRD + sign * Fraction(1, 10**digits) for sign in (-1, 1) for digits in (14, 17, 20, 40)]
NUMBERS = st.one_of(
    st.sampled_from([Fraction(0), Fraction(150), THIRD, *NEAR]),
    st.fractions(-(10**6), 10**6, max_denominator=1000),
    st.fractions(-(10**18), 10**18),
)
PAIRS = st.lists(st.tuples(NUMBERS, NUMBERS), max_size=8)
# What a file may hold: few digits, sums with the noise of floats, and anything at all.
CELLS = st.one_of(
    st.decimals(-(10**6), 10**6, places=3).map(float),
    st.integers(-(2**60), 2**60).map(float),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([0.1 + 0.2, -0.0, 5e-324, 1e15, 1e22, 123456789012345.6, 0.1 + 0.7]),
)


def columns(pairs):
    left, right = [one for one, _ in pairs], [other for _, other in pairs]
    return left, right, Rationals.of(left), Rationals.of(right)


@given(PAIRS, NUMBERS)
def test_columns_reckon_as_their_fractions_do(pairs, number):
    left, right, one, other = columns(pairs)
    assert (one + other).fractions() == [a + b for a, b in pairs]
    assert (one - other).fractions() == [a - b for a, b in pairs]
    assert (one * other).fractions() == [a * b for a, b in pairs]
    assert one.shifted(number).fractions() == [a + number for a in left]
    assert one.scaled(number).fractions() == [a * number for a in left]
    assert abs(-one).fractions() == [abs(a) for a in left]
    assert (one * other).total() == sum((a * b for a, b in pairs), Fraction(0))
    divides = np.array([bool(b) for b in right], dtype=bool)
    found = (one.take(divides) / other.take(divides)).fractions()
    assert found == [a / b for a, b in pairs if b]


@given(PAIRS, NUMBERS)
def test_columns_are_compared_and_ordered_as_their_fractions_are(pairs, number):
    left, _, one, other = columns(pairs)
    assert one.signs(other).tolist() == [(a > b) - (a < b) for a, b in pairs]
    assert one.signs(number).tolist() == [(a > number) - (a < number) for a in left]
    ordered = sorted(set(left))
    assert one.ids.tolist() == [ordered.index(a) for a in left]
    assert one.order.tolist() == sorted(range(len(left)), key=left.__getitem__)
    assert one.floats.tolist() == [float(a) for a in left]


@given(PAIRS, st.data())
def test_pieces_are_joined_each_at_its_rows(pairs, data):
    left, right, one, other = columns(pairs)
    flags = np.array(data.draw(st.lists(st.booleans(), min_size=len(left), max_size=len(left))))
    flags = flags.astype(bool)
    pieces = [
        (np.flatnonzero(flags), one.take(flags)),
        (np.flatnonzero(~flags), other.take(~flags)),
    ]
    found = Rationals.joined(len(left), pieces).fractions()
    assert found == [a if flag else b for a, b, flag in zip(left, right, flags, strict=True)]


def test_what_does_not_fit_in_64_bits_is_no_less_exact():
    assert times(np.array([2**62, -1]), 4).tolist() == [2**64, -4]
    assert times(np.array([0]), 2**70).tolist() == [0]
    assert whole_sum(np.array([2**62] * 5 + [-1])) == 5 * 2**62 - 1


@given(st.lists(CELLS, max_size=8))
def test_a_column_of_floats_is_read_as_each_of_them_by_itself(cells):
    tops, bottoms = decimals(np.array(cells, dtype="float64"))
    under = [bottoms] * len(cells) if isinstance(bottoms, int) else bottoms.tolist()
    found = [Fraction(top, bottom) for top, bottom in zip(tops.tolist(), under, strict=True)]
    assert found == [exact(cell) for cell in cells]
    assert exact_sum(cells) == sum(found, Fraction(0))


@given(st.lists(st.tuples(st.none() | CELLS, st.none() | CELLS), max_size=8))
def test_quotients_are_those_of_each_row_by_itself(rows):
    cells = [pd.Series([row[side] for row in rows], dtype="float64") for side in (0, 1)]
    found = [None if pd.isna(one) else one for one in quotients(*cells).tolist()]
    assert found == [
        exact(top) / exact(bottom)
        if top is not None and bottom is not None and bottom > 0
        else None
        for top, bottom in rows
    ]


def test_a_column_is_read_whole_and_not_cell_by_cell(monkeypatch):
    calls = []
    monkeypatch.setattr(
        "tenglong.measure.exact.exact", lambda cell: calls.append(cell) or exact(cell)
    )
    column = pd.Series([number / 100 for number in range(2000)])
    assert exact_sum(column) == Fraction(1999 * 2000, 200)
    assert quotients(column, column[::-1].reset_index(drop=True))[1] == Fraction(1, 1998)
    assert calls == []


@pytest.mark.parametrize("cell", [float("inf"), float("-inf")])
def test_what_is_infinite_is_no_number(cell):
    with pytest.raises(OverflowError):
        exact_sum([1.0, cell])
