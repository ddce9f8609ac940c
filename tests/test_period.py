"""Periods as publishers write them."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenglong.measure.title.period import period_of


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
