"""The range that blank cells leave: which of them a clause waits for, and where it may lie."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from build import BANDS, baseline, clause, flow, series
from tenglong.measure.clause import Baseline, Kind, Operator, Window
from tenglong.measure.judge.assessment import Status
from tenglong.measure.judge.kinds import assess
from tenglong.measure.judge.range import most_lacking
from tenglong.measure.reading import (
    Blank,
    Coverage,
    Figure,
    Incomplete,
    Maybe,
    Reading,
    Running,
    Series,
)


def blank(name, column="c"):
    return Blank("t", column, name)


def figure(year, value, low=None, high=None, *, is_open=True):
    """Give a year's figure that waits for a cell named after the year."""
    exact = [None if one is None else Fraction(str(one)) for one in (value, low, high)]
    waits = (blank(str(year)),) if is_open else ()
    return Figure(date(year, 12, 31), exact[0], blanks=waits, low=exact[1], high=exact[2])


def years(*figures, unit="%", incomplete=()):
    lacking = tuple(Incomplete(date(year, 12, 31), (blank(str(year)),)) for year in incomplete)
    return Series(tuple(figures), unit, incomplete=lacking)


def judged(of, reading, day="2023-06-30"):
    return assess(of, reading, as_of=date.fromisoformat(day), bands=BANDS)


def names(one):
    return [cell.name for cell in one.awaited]


LEVEL = clause(Kind.LEVEL, 20, baseline=baseline(10))


# --- figures of years ---------------------------------------------------------------------------


def test_of_a_level_only_the_latest_figure_is_awaited_and_the_baseline_where_it_is_measured():
    known = years(figure(2020, 10, 9, 11), figure(2021, 12, 11, 13), figure(2022, 15, 14, 16))
    assert names(judged(LEVEL, known)) == ["2022"]
    measured = replace(LEVEL, baseline=Baseline(2020))
    assert names(judged(measured, known)) == ["2020", "2022"]
    assert names(judged(replace(measured, baseline=Baseline(2019)), known)) == ["2022"]


def test_a_level_lies_between_the_ends_of_its_latest_figure_in_the_unit_of_the_clause():
    of = replace(LEVEL, unit="元/亩", target=Fraction(200_000), baseline=baseline(100_000))
    one = judged(of, years(figure(2022, 15, 14, 16), unit="万元/亩"))
    assert (one.actual, one.low, one.high) == (150_000, 140_000, 160_000)


def test_what_came_to_a_figure_since_moves_with_the_unit_and_with_both_ends():
    latest = replace(figure(2022, 15, 14, 16), since=Fraction(1))
    of = replace(LEVEL, unit="元/亩", target=Fraction(200_000), baseline=baseline(100_000))
    one = judged(of, years(latest, unit="万元/亩"))
    assert (one.actual, one.low, one.high) == (160_000, 150_000, 170_000)


@pytest.mark.parametrize(("low", "high"), [(None, 16), (14, None), (None, None)])
@pytest.mark.parametrize("year", [2022, 2023])
def test_where_one_end_has_no_bound_it_is_not_told(year, low, high):
    one = judged(LEVEL, years(figure(year, 15, low, high)), f"{year + 1}-02-15")
    assert (one.low, one.high) == (low, high)
    assert all(status.is_known for status in one.could_be)


def test_a_figure_of_the_day_on_which_the_window_begins_is_inside_it():
    edge = Window(date(2020, 12, 31), date(2022, 12, 31))
    of = clause(Kind.SHARE, 30, each_year=True, window=edge, due=edge.end)
    one = judged(of, years(*(figure(year, 40, 20, 50) for year in (2019, 2020, 2021, 2022))))
    assert names(one) == ["2020", "2021", "2022"]
    level = replace(LEVEL, window=edge, due=edge.end)
    assert ends(judged(level, years(figure(2020, 15, 14, 16)), "2021-06-30")) == (14, 15, 16)


def test_a_figure_without_blanks_stands_at_both_ends():
    one = judged(LEVEL, years(figure(2021, 12, is_open=False), figure(2022, 15, 14, 16)))
    assert (one.low, one.high) == (14, 16)
    sure = judged(LEVEL, years(figure(2021, 12, 11, 13), figure(2022, 15, is_open=False)))
    assert (sure.awaited, sure.low, sure.high) == ((), None, None)


def test_the_statuses_it_could_have_begin_with_its_own_and_are_none_where_it_is_sure():
    one = judged(LEVEL, years(figure(2022, 16, 10, 20)))
    assert one.status is Status.ON_TRACK
    assert one.could_be == (Status.ON_TRACK, Status.FAR_BEHIND, Status.ACHIEVED)
    sure = judged(LEVEL, years(figure(2022, 16, "15.9", "16.1")))
    assert (sure.status, sure.could_be) == (Status.ON_TRACK, ())


def test_a_measured_baseline_is_at_its_other_end_while_the_figure_stands():
    of = clause(Kind.LEVEL, 20, baseline=Baseline(2020))
    latest = figure(2022, 16, is_open=False)
    one = judged(of, years(figure(2020, 10, 6, 15), latest))
    assert (one.low, one.actual, one.high) == (16, 16, 16)
    # 16 is six tenths of the way from 10, seven from 6 and a fifth from 15; two thirds are due.
    assert (one.status, one.could_be) == (Status.ON_TRACK, (Status.ON_TRACK, Status.FAR_BEHIND))
    both = judged(of, years(figure(2020, 10, 6, 15), figure(2022, 16, 15, 17)))
    ends = [
        judged(of, series(y2020=base, y2022=value)).status for base, value in ((15, 15), (6, 17))
    ]
    assert both.could_be == tuple(dict.fromkeys([both.status, *ends]))
    assert ends == [Status.FAR_BEHIND, Status.AHEAD]


def test_a_baseline_without_a_bound_leaves_no_range():
    of = clause(Kind.LEVEL, 20, baseline=Baseline(2020))
    one = judged(of, years(figure(2020, 10), figure(2022, 16, 15, 17)))
    assert (one.low, one.high, one.could_be) == (None, None, ())


def test_the_figure_of_the_day_s_own_year_is_used_and_none_after_it():
    known = years(figure(2022, 15, 14, 16), figure(2023, 20, 19, 21))
    assert names(judged(LEVEL, known, "2023-12-31")) == ["2023"]
    growth = clause(Kind.GROWTH, 25)
    values = [figure(2020, 100, is_open=False), figure(2021, 130), figure(2022, 170)]
    assert names(judged(growth, years(*values), "2022-12-31")) == ["2021", "2022"]
    assert names(judged(growth, years(*values), "2021-12-31")) == ["2021"]


def test_growth_waits_for_all_figures_of_its_window_and_has_the_rate_of_either_end():
    of = clause(Kind.GROWTH, 25)
    known = years(figure(2020, 100, 90, 110), figure(2021, 130, 120, 140))
    one = judged(of, known, "2022-06-30")
    assert names(one) == ["2021"]
    # What it begins from stands at the other end.
    rates = [float(value) for value in (one.low, one.high)]
    assert rates == pytest.approx([100 * 10 / 110, 100 * 50 / 90])


def test_a_share_of_each_year_waits_for_every_year_of_the_window():
    of = clause(Kind.SHARE, 30, each_year=True)
    known = years(
        *(figure(year, 40, 20, 50) for year in (2020, 2021)), figure(2022, 40, is_open=False)
    )
    one = judged(of, known)
    assert names(one) == ["2021"]
    assert one.could_be == (one.status, Status.MISSED)


# --- years without a figure ---------------------------------------------------------------------


def test_years_that_blanks_keep_from_a_figure_are_the_reason_where_there_is_none():
    one = judged(LEVEL, years(incomplete=(2021, 2022)), "2023-06-30")
    assert (one.status, one.reason.code) == (Status.NO_DATA, "year_incomplete")
    assert one.reason.values == {"years": "2021, 2022"}
    assert names(one) == ["2021", "2022"]
    assert one.missing == ("t", "c")


def test_only_years_of_the_window_up_to_the_day_s_own_are_incomplete():
    every = years(incomplete=(2020, 2021, 2022, 2023, 2024))
    assert names(judged(LEVEL, every, "2022-12-31")) == ["2021", "2022"]
    assert names(judged(LEVEL, every, "2024-06-30")) == ["2021", "2022", "2023"]
    edge = replace(LEVEL, window=Window(date(2020, 12, 31), date(2022, 12, 31)))
    assert names(judged(edge, every, "2024-06-30")) == ["2020", "2021", "2022"]


def test_an_incomplete_year_that_is_older_than_the_figure_is_not_awaited():
    known = years(figure(2022, 15, is_open=False), incomplete=(2021,))
    assert judged(LEVEL, known).awaited == ()


def test_a_newer_incomplete_year_is_named_beside_a_figure_that_stands():
    one = judged(LEVEL, years(figure(2021, 14, is_open=False), incomplete=(2022,)), "2022-12-31")
    assert (one.reason.code, names(one)) == ("paced", ["2022"])
    assert (one.low, one.actual, one.high, one.could_be) == (14, 14, 14, ())
    assert one.missing is None
    stale = judged(LEVEL, years(figure(2021, 14, is_open=False), incomplete=(2022,)))
    assert (stale.status, stale.reason.code) == (Status.NO_DATA, "year_incomplete")


def test_of_what_must_hold_each_year_an_older_incomplete_year_is_awaited_too():
    of = clause(Kind.SHARE, 30, each_year=True)
    known = years(figure(2022, 40, is_open=False), incomplete=(2021,))
    one = judged(of, known)
    assert (one.status, one.reason.code) == (Status.NO_DATA, "year_lacking")
    assert names(one) == ["2021"]


def test_what_is_lacking_most_is_named_of_a_clause_that_cannot_be_judged():
    cells = (blank("1", "c"), blank("2", "b"), blank("3", "a"), blank("4", "b"), blank("5", "a"))
    of = replace(LEVEL, baseline=None)
    one = judged(of, Series((replace(figure(2022, 15, 14, 16), blanks=cells),), "%"))
    assert one.status is Status.NO_BASELINE
    assert one.missing == ("t", "a")
    assert one.awaited == cells


def test_codes_are_what_is_lacking_most_only_where_no_cell_is_blank():
    codes = [Blank("a", "x", str(row), of="b") for row in range(3)]
    assert most_lacking([*codes, blank("1"), blank("2", "d"), blank("3", "d")]) == ("t", "d")
    assert most_lacking([*codes, Blank("a", "y", "9", of="b")]) == ("a", "x")
    assert most_lacking([Blank("b", "x", ""), Blank("a", "z", "")]) == ("a", "z")


def test_a_year_that_has_a_figure_is_not_incomplete():
    known = years(figure(2022, 15, is_open=False), incomplete=(2022,))
    assert judged(LEVEL, known).awaited == ()


def test_a_cell_that_two_years_wait_for_is_awaited_once():
    one = judged(
        clause(Kind.SHARE, 30, each_year=True),
        Series(
            tuple(replace(figure(year, 40, 30, 50), blanks=(blank("x"),)) for year in (2021, 2022)),
            "%",
        ),
    )
    assert names(one) == ["x"]


# --- amounts ------------------------------------------------------------------------------------


def maybe(*amounts, name="x"):
    """Give what is open of one thing: maybe(("2021-05-01", 3)); None for a day or an amount."""
    return Maybe(
        (blank(name),),
        tuple(
            (day and date.fromisoformat(day), None if one is None else Fraction(str(one)))
            for day, one in amounts
        ),
    )


def added(*open_, kind=Kind.CUMULATIVE, day="2022-06-30", target=10, unit="亩", **more):
    of = clause(kind, target, unit=unit)
    known = flow(("2021-03-01", 4), unit="亩", maybe=open_, **more)
    return assess(of, known, as_of=date.fromisoformat(day), bands=BANDS)


def ends(one):
    return (one.low, one.actual, one.high)


@pytest.mark.parametrize(
    ("day", "is_open"),
    [
        ("2020-12-31", False),
        ("2021-01-01", True),
        ("2022-06-30", True),
        ("2022-07-01", False),
    ],
)
def test_a_day_inside_the_window_up_to_the_report_s_leaves_a_sum_open(day, is_open):
    one = added(maybe((day, 2)))
    assert names(one) == ["x"] * is_open
    assert ends(one) == ((4, 4, 6) if is_open else (None, 4, None))


def test_the_last_day_of_the_window_is_inside_and_the_next_is_not():
    assert ends(added(maybe(("2023-12-31", 2)), day="2024-03-01")) == (4, 4, 6)
    assert ends(added(maybe(("2024-01-01", 2)), day="2024-03-01")) == (None, 4, None)


def test_the_open_amounts_of_several_things_add_up_on_each_side():
    one = added(maybe(("2021-05-01", 2)), maybe(("2022-05-01", -3), name="y"))
    assert names(one) == ["x", "y"]
    assert ends(one) == (1, 4, 6)


def test_the_open_amounts_of_one_thing_count_together():
    assert ends(added(maybe(("2021-05-01", 2), ("2021-07-01", -3)))) == (3, 4, 4)
    assert added(maybe(("2021-05-01", 2), ("2021-07-01", -2))).awaited == ()


def test_an_amount_without_a_day_may_lie_inside_or_not():
    assert ends(added(maybe((None, 2)))) == (4, 4, 6)
    assert ends(added(maybe((None, 2), ("2021-07-01", -3)))) == (1, 4, 4)
    assert ends(added(maybe((None, 2), (None, -3)))) == (1, 4, 6)


def test_amounts_without_a_day_may_lie_inside_together_or_apart():
    assert ends(added(maybe((None, 2), (None, 3), ("2021-07-01", 1)))) == (4, 4, 10)
    assert ends(added(maybe((None, -2), (None, -3), ("2021-07-01", 1)))) == (0, 4, 5)
    of_years = added(maybe((None, 2), (None, -3)), kind=Kind.ANNUAL, target=3)
    assert ends(of_years) == (-3, 0, 2)


def test_an_unknown_amount_has_no_upper_bound_wherever_it_may_lie():
    assert ends(added(maybe(("2021-05-01", None)))) == (4, 4, None)
    assert ends(added(maybe((None, None)))) == (4, 4, None)
    assert added(maybe(("2020-05-01", None))).awaited == ()
    two = added(maybe(("2021-05-01", None)), maybe(("2021-06-01", 2), name="y"))
    assert ends(two) == (4, 4, None)


def test_open_amounts_are_told_in_the_unit_of_the_clause():
    one = added(maybe(("2021-05-01", 3)), unit="平方米", target=100_000)
    assert ends(one) == (Fraction(8000, 3), Fraction(8000, 3), Fraction(14000, 3))


def test_a_sum_of_each_year_is_open_in_the_year_of_the_amount():
    one = added(maybe(("2022-05-01", 2)), kind=Kind.ANNUAL, target=3)
    assert ends(one) == (0, 0, 2)
    of_last_year = added(maybe(("2021-05-01", -2)), kind=Kind.ANNUAL, target=3)
    assert names(of_last_year) == ["x"]
    assert of_last_year.could_be == (of_last_year.status, Status.MISSED)
    moved = added(maybe(("2021-12-31", 2), ("2022-01-01", -2)), kind=Kind.ANNUAL, target=3)
    assert names(moved) == ["x"]
    assert added(maybe(("2023-01-01", 2)), kind=Kind.ANNUAL, target=3).awaited == ()


def test_on_the_first_day_of_a_year_its_amounts_are_open():
    one = added(maybe(("2022-01-01", 2)), kind=Kind.ANNUAL, target=3, day="2022-01-01")
    assert ends(one) == (0, 0, 2)


# --- what is done of what is required -----------------------------------------------------------


def test_a_share_done_lies_between_its_ends():
    def covered(low, high):
        return Coverage(Fraction(3), Fraction(4), "宗", blanks=(blank("x"),), low=low, high=high)

    of = clause(Kind.COVERAGE, 100)
    one = judged(of, covered(Fraction(3, 5), Fraction(1)))
    assert ends(one) == (60, 75, 100)
    assert one.could_be[-1] is Status.ACHIEVED
    assert ends(judged(of, covered(None, Fraction(1)))) == (None, 75, 100)
    assert ends(judged(of, covered(Fraction(3, 5), None))) == (60, 75, None)


# --- what goes with a figure --------------------------------------------------------------------


def test_the_last_twelve_months_without_a_value_are_told_all_the_same():
    months = Running(
        date(2021, 7, 1), date(2022, 6, 30), None, 2021, firms=3, firms_lacking=2, code="x"
    )
    known: Reading = replace(years(figure(2021, 15, is_open=False)), running=months)
    assert judged(LEVEL, known, "2022-06-30").running == months


def test_where_less_is_better_the_ends_stay_the_low_and_the_high():
    of = clause(Kind.LEVEL, 10, operator=Operator.AT_MOST, baseline=baseline(20))
    one = judged(of, years(figure(2022, 13, 10, 20)))
    assert ends(one) == (10, 13, 20)
    assert one.could_be == (Status.ON_TRACK, Status.ACHIEVED, Status.FAR_BEHIND)
