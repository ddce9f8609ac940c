"""What must hold in every year: when a year is settled, and how the running one is judged."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from build import BANDS, clause, flow, series
from tenglong.errors import ConfigurationError
from tenglong.measure.clause import Kind
from tenglong.measure.judge.assessment import Reason, Status
from tenglong.measure.judge.kinds import assess
from tenglong.measure.reading import Coverage, Figure, Grain, Series

LAND = clause(Kind.ANNUAL, 2, unit="亩")


def judged(of, reading, day):
    return assess(of, reading, as_of=date.fromisoformat(day), bands=BANDS)


def verdicts(one):
    return [year.verdict for year in one.years]


def kept(*amounts, **more):
    """Give so many mu on 1 May of 2021, 2022 …"""
    dated = ((f"{2021 + number}-05-01", amount) for number, amount in enumerate(amounts))
    return flow(*dated, unit="亩", **more)


def quarters(*values, year=2021):
    """Give figures of the quarters of a year, each of all that came since January."""
    ends = [(3, 31), (6, 30), (9, 30), (12, 31)]
    pairs = zip(ends, values, strict=False)
    figures = tuple(Figure(date(year, *end), Fraction(value)) for end, value in pairs)
    return Series(figures, "亩", Grain.QUARTER)


# When a year is settled.


@pytest.mark.parametrize(
    ("day", "verdict"),
    [
        (date(2020, 12, 31), "met"),
        (date(2021, 1, 1), "awaiting"),
        (date(2021, 12, 31), "awaiting"),
        (date(2022, 1, 1), "met"),
    ],
)
def test_a_preliminary_amount_holds_back_its_own_year_and_no_other(day, verdict):
    one = judged(LAND, kept(2, 2, preliminary=frozenset({day})), "2022-06-30")
    assert one.years[0].verdict == verdict


def test_of_two_preliminary_years_each_is_awaited():
    early = frozenset({date(2021, 12, 31), date(2022, 12, 31)})
    one = judged(LAND, kept(2, 2, preliminary=early), "2022-12-31")
    assert verdicts(one) == ["awaiting", "awaiting", "not_due"]
    assert one.reason == Reason("year_awaiting", {"years": "2021, 2022"})


@pytest.mark.parametrize(
    ("amount", "known_until", "may_fall", "verdict"),
    [
        (2, date(2021, 11, 30), False, "met"),
        (2, date(2021, 11, 30), True, "awaiting"),
        (1, date(2021, 11, 30), False, "awaiting"),
        (2, date(2021, 12, 31), True, "met"),
        (1, date(2021, 12, 31), False, "missed"),
    ],
)
def test_before_its_last_month_is_known_a_year_is_met_only_by_a_sum_that_cannot_fall(
    amount, known_until, may_fall, verdict
):
    one = judged(LAND, kept(amount, known_until=known_until, may_fall=may_fall), "2021-12-31")
    assert verdicts(one) == [verdict, "not_due", "not_due"]


@pytest.mark.parametrize(
    ("values", "actual", "verdict"),
    [
        ((1, 2, 5), 5, "awaiting"),
        ((1, 2, 2, 2), 2, "met"),
        ((5, 4, 2, 1), 1, "missed"),
    ],
)
def test_the_last_figure_of_a_year_settles_it_and_none_of_before_its_end(values, actual, verdict):
    one = judged(LAND, quarters(*values), "2021-12-31")
    assert (one.years[0].actual, one.years[0].verdict) == (actual, verdict)


def test_a_figure_of_the_year_after_is_none_of_a_year():
    both = quarters(2, 2, 2, 2).figures + quarters(9, year=2022).figures
    one = judged(LAND, Series(both, "亩", Grain.QUARTER), "2022-03-31")
    assert [year.actual for year in one.years] == [2, 9, None]


@pytest.mark.parametrize(
    ("known_until", "actual"), [(date(2020, 12, 31), None), (date(2021, 1, 1), 0)]
)
def test_a_year_has_a_sum_once_its_first_day_is_known(known_until, actual):
    one = judged(LAND, kept(known_until=known_until), "2021-03-31")
    assert one.years[0].actual == actual


@pytest.mark.parametrize(
    ("day", "count"),
    [("2020-12-31", 0), ("2021-01-01", 1), ("2021-12-31", 1), ("2022-01-01", 0)],
)
def test_the_first_and_the_last_day_of_a_year_are_of_it(day, count):
    one = judged(LAND, flow((day, 1), unit="亩"), "2022-06-30")
    assert one.years[0].actual == count


@pytest.mark.parametrize(
    ("day", "states"),
    [
        ("2021-12-30", ["running", "not_due", "not_due"]),
        ("2021-12-31", ["met", "not_due", "not_due"]),
        ("2022-01-01", ["met", "running", "not_due"]),
    ],
)
def test_a_year_is_over_at_the_end_of_its_last_day_and_the_next_runs_from_its_first(day, states):
    assert verdicts(judged(LAND, kept(2), day)) == states


def test_a_year_that_ends_met_while_others_are_to_come_is_on_track():
    one = judged(LAND, kept(2), "2021-12-31")
    assert (one.status, one.reason.code) == (Status.ON_TRACK, "every_year")


def test_a_share_of_nothing_in_one_year_is_no_fault_of_the_others():
    of = clause(Kind.SHARE, 30, each_year=True)
    one = judged(of, series(y2021=None, y2022=31), "2022-12-31")
    assert verdicts(one) == ["not_applicable", "met", "not_due"]
    assert one.status is Status.ON_TRACK
    none = judged(of, series(y2021=None, y2022=None, y2023=None), "2023-12-31")
    assert none.status is Status.NOT_APPLICABLE


def test_what_has_no_years_is_refused():
    with pytest.raises(ConfigurationError, match="clause x: a Coverage has no years"):
        judged(LAND, Coverage(Fraction(1), Fraction(2), "亩"), "2022-06-30")


# The running year.


@pytest.mark.parametrize(
    ("amounts", "day", "may_fall", "status"),
    [
        ((2, 2, 2), "2023-06-30", False, Status.ACHIEVED),
        ((2, 2, 2), "2023-06-30", True, Status.AHEAD),
        ((2, 2), "2022-06-30", False, Status.AHEAD),
        ((2, 2, 1), "2023-06-30", False, Status.ON_TRACK),
    ],
)
def test_the_last_year_is_achieved_before_its_end_where_it_is_met_for_good(
    amounts, day, may_fall, status
):
    one = judged(LAND, kept(*amounts, may_fall=may_fall), day)
    assert one.status is status
    assert (one.reason.code == "every_year_met") is (status is Status.ACHIEVED)


def test_the_running_year_is_held_against_the_pace_of_its_last_figure():
    of = replace(LAND, target=Fraction(12))
    figures = quarters(3, 6, 9, 12).figures + quarters(3, year=2022).figures
    one = judged(of, Series(figures, "亩", Grain.QUARTER), "2022-05-15")
    assert (one.progress, one.pace, one.paced_on) == (
        Fraction(1, 4),
        Fraction(1, 4),
        date(2022, 3, 31),
    )
    assert (one.status, one.clause) == (Status.ON_TRACK, of)


def test_titles_that_are_complete_before_their_batch_are_ahead():
    of = clause(Kind.ANNUAL, 2, unit="项")
    won = flow(("2021-12-01", 2), ("2022-05-01", 2), unit="项", batches=(12,))
    one = judged(of, won, "2022-06-30")
    assert (one.status, one.progress, one.pace) == (Status.AHEAD, 1, Fraction(1, 2))
    assert one.paced_on == date(2022, 6, 30)


def test_before_any_year_has_a_figure_the_first_is_due_at_the_end_of_its_year():
    of = clause(Kind.SHARE, 30, each_year=True)
    one = judged(of, series(), "2021-06-30")
    assert (one.status, one.actual, one.observed_on) == (Status.NOT_DUE, None, None)
    assert one.reason == Reason("first_figure", {"due": date(2021, 12, 31)})
