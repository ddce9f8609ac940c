"""A rounded figure never contradicts the verdict beside it: more digits are printed."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from build import baseline, clause, county
from tenglong.measure.board.board import assess_plan
from tenglong.measure.clause import Baseline, IndicatorRef, Kind
from tenglong.measure.judge.assessment import Status
from tenglong.show.assessed import actual_text, gap_text, reason_text, working_text
from tenglong.show.number import figure, percent
from tenglong.show.page import Page
from tenglong.show.pages.scorecard import scorecard

numbers = st.decimals(-200, 200, places=6).map(Fraction)


def side(value, limit):
    return (value > limit) - (value < limit)


@given(numbers, numbers, st.integers(0, 3))
def test_a_printed_number_is_on_the_side_of_its_limit_where_it_is(value, limit, decimals):
    shown = figure(value, decimals, limits=[limit]).replace("−", "-").replace(",", "")
    assert side(Fraction(shown), limit) == side(value, limit)


def test_what_is_a_third_is_printed_as_ever():
    assert percent(Fraction(1, 3), 2, limits=[Fraction(1, 3)]).startswith("33.33")


@pytest.mark.parametrize(
    ("share", "shown"),
    [(1, "100.0"), ("0.9996", "99.960"), ("0.999996", "99.99960"), ("0.9994", "99.9")],
)
def test_what_is_not_the_whole_is_not_printed_as_the_whole(share, shown):
    assert percent(Fraction(share)) == f"{shown}\N{NO-BREAK SPACE}%"


def missed_by_a_hair():
    """Give a county whose investment grew by 24.9995 % a year, where 25 % are wanted."""
    wanted = clause(
        Kind.GROWTH,
        25,
        baseline=Baseline(2020, None),
        indicator=IndicatorRef("official", {"indicator": "x"}),
    )
    series = {
        "indicator": ["x"] * 4,
        "period": ["2020", "2021", "2022", "2023"],
        "value": [100, 125, 150, 195.31],
        "unit": ["万元"] * 4,
    }
    return county("2024-03-30", (wanted,), official_series=series)


def test_a_rate_below_the_target_is_not_printed_as_the_target():
    one = missed_by_a_hair()
    [judged] = assess_plan(one).assessments
    page = Page(one)
    assert judged.status is Status.MISSED
    assert actual_text(page, judged).startswith("24.9995")
    assert gap_text(page, judged.gap) == "−0.003"
    working = working_text(page, judged).replace("\N{NO-BREAK SPACE}", " ")
    assert "24.9995 %" in working
    assert "195.3125" in working  # the path, not the 195.31 that was reached
    html = scorecard(page, assess_plan(one)).html
    assert "24.9995" in html
    assert "99.997" in html
    assert "−0.003" in html
    assert not any(rounded in html for rounded in (">25.00", ">100.0", ">0.0", ">−0.0<"))


def test_a_figure_on_the_path_is_told_from_one_that_is_not():
    one = missed_by_a_hair()
    [judged] = assess_plan(one).assessments
    assert "25.00" not in reason_text(Page(one), judged)


@pytest.mark.parametrize(
    ("gap", "shown"), [("-0.09996", "−9.996"), ("-0.1", "−10.0"), ("0.0996", "+9.960")]
)
def test_a_gap_is_not_printed_on_the_edge_of_a_band_where_it_does_not_lie(gap, shown):
    """−9.996 points are on track, −10 are behind; +9.96 are not ahead."""
    assert gap_text(Page(county()), Fraction(gap)) == shown


def test_a_level_of_the_baseline_is_not_printed_as_the_target():
    wanted = clause(
        Kind.LEVEL,
        20,
        unit="万元",
        baseline=baseline("19.996"),
        indicator=IndicatorRef("official", {"indicator": "x"}),
    )
    series = {"indicator": ["x"], "period": ["2021"], "value": [19.998], "unit": ["万元"]}
    one = county("2022-06-30", (wanted,), official_series=series)
    [judged] = assess_plan(one).assessments
    assert actual_text(Page(one), judged).startswith("19.9980")
