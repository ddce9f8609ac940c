"""A share by year against what the plan wants of every year, at its boundary."""

from datetime import date
from fractions import Fraction

import pytest

from build import clause, page_in
from tenglong.measure.clause import Kind
from tenglong.measure.judge.assessment import Assessment, Reason, Status
from tenglong.show.share import share_bar, target_share, verdict, verdict_cell

TODAY = date(2022, 6, 30)


def promise(target=30, unit="%"):
    one = clause(Kind.SHARE, target, unit=unit)
    return Assessment(one, Status.ON_TRACK, Reason("met"))


@pytest.mark.parametrize(
    ("value", "year", "told"),
    [
        ("0.3", 2021, "met"),
        ("0.2999", 2021, "missed"),
        ("0.2999", 2022, "running"),
        ("0.3", 2022, "so_far"),
        ("0.1", 2020, "not_asked"),
        (None, 2021, "unknown"),
    ],
)
def test_a_year_is_judged_by_the_plan(value, year, told):
    share = None if value is None else Fraction(value)
    assert verdict(share, promise(), year=year, as_of=TODAY) == told


def test_a_target_without_a_unit_is_a_share_itself():
    assert target_share(promise("1/3", unit="")) == Fraction(1, 3)
    assert target_share(promise(2)) == Fraction(1, 50)
    assert target_share(None) is None


def test_a_year_that_the_plan_does_not_ask_has_no_tick_and_no_judgement():
    bar = share_bar(page_in("zh"), Fraction(1, 4), promise(), year=2020, as_of=TODAY)
    assert (bar.label, bar.value, bar.reference, bar.tone) == ("2020 年", 25, None, "all")
    asked = share_bar(page_in("zh"), Fraction(1, 4), promise(), year=2021, as_of=TODAY)
    assert (asked.reference, asked.tone) == (30, "bad")


def test_a_verdict_is_told_by_shape_and_word():
    assert "✖ 未达到" in verdict_cell(page_in("zh"), "missed").html
    assert verdict_cell(page_in("zh"), "unknown").html == "…"
