"""Figures of before that are told otherwise now: of which periods, and of which not."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from build import clause, series
from tenglong.measure.board.change import compare_boards
from tenglong.measure.clause import Kind
from tenglong.measure.reading import Happened
from test_change import COUNT, JUNE, LACKING, LEVEL, MARCH, YEARLY, board, counted

LAST = date(2021, 12, 31)
DONE = clause(Kind.MILESTONE, id="done")
FIGURES = {"y2019": 11, "y2020": 12, "y2021": "13.5"}


def restated(before, now):
    """Give end, old and new of each figure that two boards tell otherwise."""
    return [(one.end, one.old, one.new) for one in compare_boards(before, now).restated]


def levels(day, **values):
    return board(day, (LEVEL, series("万元/亩", **values)))


def test_figures_that_were_restated_are_told_oldest_first():
    now = levels(JUNE, y2019=10, y2020=12, y2021=13)
    assert restated(levels(MARCH, **FIGURES), now) == [
        (date(2019, 12, 31), 11, 10),
        (LAST, Fraction("13.5"), 13),
    ]


def test_years_that_were_restated_are_told_oldest_first():
    later = date(2023, 3, 31)
    before = board(later, (YEARLY, counted("2021-05-01", "2022-05-01")))
    now = board(later, (YEARLY, counted("2021-05-01", "2021-06-01")))
    assert restated(before, now) == [(LAST, 1, 2), (date(2022, 12, 31), 1, 0)]


def test_a_figure_of_a_period_that_ended_on_the_earlier_day_may_be_restated():
    now = levels(JUNE, **{**FIGURES, "y2021": 13})
    assert restated(levels(LAST, **FIGURES), now) == [(LAST, Fraction("13.5"), 13)]


def test_a_figure_of_a_period_that_was_not_over_goes_on():
    before = levels(MARCH, **FIGURES, y2022=14)
    assert restated(before, levels(JUNE, **FIGURES, y2022=15)) == []


def test_a_figure_that_there_is_no_more_is_not_restated():
    assert restated(levels(MARCH, **FIGURES), levels(JUNE, y2019=11, y2020=12)) == []


def test_a_running_year_that_was_met_is_not_over():
    before = board(MARCH, (YEARLY, counted("2021-05-01", "2021-06-01", "2022-02-01")))
    now = board(JUNE, (YEARLY, counted("2021-05-01", "2021-06-01")))
    assert restated(before, now) == []


@pytest.mark.parametrize(
    ("day", "count"),
    [("2022-03-31", 2), ("2022-04-01", None)],
    ids=["on the day of the earlier report", "after it"],
)
def test_a_sum_is_restated_by_what_came_about_up_to_the_earlier_day(day, count):
    before = board(MARCH, (COUNT, counted("2021-05-01")))
    now = board(JUNE, (COUNT, counted("2021-05-01", day)))
    assert restated(before, now) == ([(MARCH, 1, count)] if count else [])


@pytest.mark.parametrize("name", ["actual", "observed_on"])
def test_a_sum_without_a_figure_or_a_day_is_not_restated(name):
    before = board(MARCH, (COUNT, counted("2021-05-01")))
    lacking = replace(before, assessments=(replace(before["count"], **{name: None}),))
    now = board(JUNE, (COUNT, counted("2021-05-01", "2021-06-01")))
    assert restated(lacking, now) == []
    assert restated(before, board(JUNE, (COUNT, LACKING))) == []


def test_a_milestone_that_came_about_since_is_not_restated_and_one_of_the_same_day_neither():
    open_, done = board(MARCH, (DONE, Happened(None))), Happened(date(2022, 3, 1))
    assert restated(open_, board(JUNE, (DONE, done))) == []
    assert restated(board(MARCH, (DONE, done)), board(JUNE, (DONE, done))) == []
    assert restated(board(MARCH, (DONE, done)), board(JUNE, (DONE, Happened(None)))) == []


def test_reports_of_one_day_may_be_compared():
    before, now = levels(JUNE, **FIGURES), levels(JUNE, **{**FIGURES, "y2021": 14})
    assert restated(before, now) == [(LAST, Fraction("13.5"), 14)]
