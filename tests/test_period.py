"""Periods as publishers write them."""

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenglong.measure.period import last_over, period_at, period_of
from tenglong.measure.reading import Grain


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("2021", "2021"),
        (" 2021 年 ", "2021"),
        ("2021年度", "2021"),
        ("２０２１年", "2021"),
        ("2021Q3", "2021Q3"),
        ("2021q3", "2021Q3"),
        ("2021-Q3", "2021Q3"),
        ("2021年三季度", "2021Q3"),
        ("2021年第3季度", "2021Q3"),
        ("2021-09", "2021-09"),
        ("2021-9", "2021-09"),
        ("2021/09", "2021-09"),
        ("2021.9", "2021-09"),
        ("2021年9月", "2021-09"),
        ("2021年12月", "2021-12"),
        ("202109", "2021-09"),
    ],
)
def test_a_period_is_read_in_many_notations(text, name):
    assert period_of(text).name == name


@pytest.mark.parametrize(
    "text",
    [
        "",
        "21",
        "2021Q5",
        "2021-13",
        "2021-00",
        "2021年1-9月",
        "2021H1",
        "上半年",
        "20211",
        "2021年3",
    ],
)
def test_what_is_no_year_quarter_or_month_is_refused(text):
    with pytest.raises(ValueError, match="must be a period such as"):
        period_of(text)


@given(st.dates(date(1990, 1, 1), date(2060, 1, 1)))
def test_ends_are_those_of_pandas(day):
    quarter = (day.month + 2) // 3
    texts = (f"{day.year}", f"{day.year}Q{quarter}", f"{day.year}-{day.month:02d}")
    assert [period_of(text).end for text in texts] == [
        pd.Period(text).end_time.date() for text in texts
    ]


@given(st.dates(date(1990, 1, 1), date(2060, 1, 1)), st.sampled_from(Grain))
def test_periods_follow_one_another_without_a_day_between(day, grain):
    here = period_at(day, grain)
    assert here.start <= day <= here.end
    assert here.before.end == here.start - timedelta(days=1)
    assert period_of(here.name) == here


@given(st.dates(date(1990, 1, 1), date(2060, 1, 1)), st.sampled_from(Grain))
def test_the_last_period_that_is_over_ends_by_the_day_and_the_next_does_not(day, grain):
    over = last_over(day, grain)
    assert over.end <= day < period_at(over.end + timedelta(days=1), grain).end
