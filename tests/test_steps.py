"""Steps that kinds of clause share: whose pace, which batch, what is still needed."""

from datetime import date
from fractions import Fraction

import pytest

from build import BANDS, baseline, clause, flow, series
from tenglong.measure.clause import Kind, Operator, Window
from tenglong.measure.judge.assessment import Reason, Status
from tenglong.measure.judge.kinds import assess
from tenglong.measure.judge.steps import before_batch, paced_on
from tenglong.measure.reading import Coverage, Figure, Grain, Happened, Series

YEAR = Window(date(2022, 1, 1), date(2022, 12, 31))
MIDDLE, END = date(2022, 6, 30), date(2023, 12, 31)


def judged(of, reading, as_of=MIDDLE):
    return assess(of, reading, as_of=as_of, bands=BANDS)


# Whose pace.


def test_figures_are_held_against_the_last_of_them_up_to_the_end_of_the_window():
    days = (date(2021, 12, 31), date(2022, 3, 31), date(2022, 12, 31), date(2023, 3, 31))
    known = Series(tuple(Figure(day, Fraction(1)) for day in days), "亩", Grain.QUARTER)
    assert paced_on(known, YEAR, date(2023, 5, 1)) == date(2022, 12, 31)
    assert paced_on(Series((), "亩"), YEAR, MIDDLE) is None


@pytest.mark.parametrize(
    ("known_until", "is_ledger", "on"),
    [
        (None, True, MIDDLE),
        (None, False, MIDDLE),
        (date(2022, 5, 31), True, MIDDLE),
        (date(2022, 5, 31), False, date(2022, 5, 31)),
    ],
)
def test_a_ledger_is_held_against_the_day_and_figures_against_their_own(known_until, is_ledger, on):
    reading = flow(unit="亩", known_until=known_until, is_ledger=is_ledger)
    assert paced_on(reading, YEAR, MIDDLE) == on


@pytest.mark.parametrize(
    ("day", "last", "coming"),
    [
        (date(2022, 6, 29), date(2021, 12, 31), date(2022, 6, 30)),
        (date(2022, 6, 30), date(2022, 6, 30), date(2022, 12, 31)),
        (date(2022, 12, 31), date(2022, 12, 31), date(2023, 6, 30)),
        (date(2023, 6, 30), date(2023, 6, 30), date(2023, 7, 15)),
    ],
)
def test_batches_come_in_the_order_of_their_months_whatever_that_of_the_policy(day, last, coming):
    titles = flow(unit="项", batches=(12, 6))
    window = Window(date(2021, 12, 31), date(2023, 7, 15))
    assert paced_on(titles, window, day) == last
    # After the last one of the window it is due at the window's end.
    assert before_batch(titles, window, day) == Reason("before_batch", {"due": coming})


def test_a_batch_outside_the_window_is_none_of_it():
    titles = flow(unit="项", batches=(6, 12))
    window = Window(date(2022, 1, 1), date(2022, 12, 30))
    assert paced_on(titles, window, date(2023, 6, 30)) == date(2022, 6, 30)
    assert before_batch(titles, window, MIDDLE) == Reason("before_batch", {"due": window.end})


def test_figures_by_period_come_at_the_end_of_the_window():
    assert before_batch(series(), YEAR, MIDDLE) == Reason("before_batch", {"due": YEAR.end})


# What is still needed.


@pytest.mark.parametrize(("actual", "needed"), [("19.5", Fraction(1, 48)), (20, None), (21, None)])
def test_what_is_met_needs_no_more_a_month(actual, needed):
    of = clause(Kind.LEVEL, 20, baseline=baseline(12))
    one = judged(of, series(y2021=actual))
    assert one.needed_rate == needed
    assert one.rate == (Fraction(actual) - 12) / 12


def test_at_the_end_nothing_can_be_needed_any_more():
    one = judged(clause(Kind.LEVEL, 20, baseline=baseline(12)), series(y2023=19), END)
    assert (one.status, one.needed_rate, one.components["months_left"]) == (Status.MISSED, None, 0)


def test_a_figure_of_after_the_due_day_leaves_no_months():
    of = clause(Kind.LEVEL, 20, baseline=baseline(12), due=date(2021, 6, 30))
    one = judged(of, series(y2021=16))
    assert (one.status, one.components["months_left"]) == (Status.MISSED, 0)
    assert (one.components["months_elapsed"], one.pace) == (6, 1)


@pytest.mark.parametrize(
    ("operator", "begin", "progress"),
    [
        (Operator.AT_LEAST, "19.5", Fraction(1, 2)),
        (Operator.AT_LEAST, "20", None),
        (Operator.AT_LEAST, "20.5", None),
        (Operator.AT_MOST, "19.5", None),
        (Operator.AT_MOST, "20", None),
        (Operator.AT_MOST, "20.5", Fraction(3, 2)),
    ],
)
def test_there_is_a_way_only_from_a_baseline_that_does_not_meet_the_target(
    operator, begin, progress
):
    of = clause(Kind.LEVEL, 20, operator=operator, baseline=baseline(begin))
    assert judged(of, series(y2021="19.75")).progress == progress


# What is done.


def test_what_is_done_without_a_known_day_is_met():
    done = Coverage(Fraction(2), Fraction(2), "家")
    one = judged(clause(Kind.COVERAGE, 100), done)
    assert (one.status, one.reason) == (Status.ACHIEVED, Reason("met"))


def test_a_milestone_that_was_reached_is_all_done_on_its_day():
    one = judged(clause(Kind.MILESTONE), Happened(date(2022, 3, 1)))
    assert (one.progress, one.observed_on) == (1, date(2022, 3, 1))
    assert one.components == {"happened_on": date(2022, 3, 1), "due": END}
