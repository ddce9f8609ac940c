"""The plan's clock: what of a window has passed at the end of a day."""

from datetime import date
from fractions import Fraction

import pytest

from tenglong.measure.clause import Window
from tenglong.measure.judge.clock import months, months_elapsed, pace, years

PLAN = Window(date(2021, 1, 1), date(2023, 12, 31))
SHORT = Window(date(2021, 4, 16), date(2021, 6, 15))
BROKEN = Window(date(2021, 4, 16), date(2023, 6, 15))


@pytest.mark.parametrize(
    ("day", "passed"),
    [
        (date(2020, 6, 30), 0),
        (date(2020, 12, 31), 0),
        (date(2021, 1, 1), Fraction(1, 31)),
        (date(2021, 1, 31), 1),
        (date(2023, 12, 30), 36 - Fraction(1, 31)),
        (date(2023, 12, 31), 36),
        (date(2024, 1, 1), 36),
    ],
)
def test_the_first_and_the_last_day_of_a_window_are_counted_and_none_outside(day, passed):
    assert months_elapsed(PLAN, day) == passed
    assert pace(PLAN, day) == Fraction(passed) / 36


@pytest.mark.parametrize(
    ("day", "passed"),
    [
        (date(2021, 4, 15), Fraction(0)),
        (date(2021, 4, 30), Fraction(1, 2)),
        (date(2021, 5, 31), Fraction(3, 2)),
        (date(2021, 6, 15), Fraction(2)),
    ],
)
def test_a_window_of_broken_months_counts_their_days(day, passed):
    assert months(SHORT) == 2
    assert months_elapsed(SHORT, day) == passed
    assert pace(SHORT, day) == passed / 2


def test_the_years_of_a_window_begin_and_end_with_it():
    assert years(BROKEN) == (
        Window(date(2021, 4, 16), date(2021, 12, 31)),
        Window(date(2022, 1, 1), date(2022, 12, 31)),
        Window(date(2023, 1, 1), date(2023, 6, 15)),
    )
    assert years(SHORT) == (SHORT,)
