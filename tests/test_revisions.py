"""Published figures that were restated, contradict each other, or have grown old."""

from datetime import date

import pytest

from build import county
from tenglong.measure.published.revisions import (
    contradictions,
    restated_since,
    restatements,
    staleness,
)


def series(*rows, as_of="2022-06-30"):
    """Give published figures as (indicator, period, value, day, unit)."""
    names = ("indicator", "period", "value", "published_on", "unit")
    filled = [(*row, *(None, "%")[len(row) - 3 :]) for row in rows]
    table = {name: [row[n] for row in filled] for n, name in enumerate(names)}
    return county(as_of, official_series=table)


def test_a_restated_value_is_listed_from_old_to_new():
    found = restatements(series(("x", "2021", 8.9, "2022-02-20"), ("x", "2021", 8.6, "2022-05-12")))
    row = found.iloc[0]
    assert (row["old"], row["new"], row["difference"]) == (8.9, 8.6, -0.3)
    assert (str(row["old_published_on"].date()), found.index.tolist()) == ("2022-02-20", [1])


@pytest.mark.parametrize(
    "publishers", [("县统计局", "县经信局"), (None, "县经信局"), ("县统计局", None)]
)
def test_a_restatement_tells_who_published_what(publishers):
    table = {
        "indicator": ["x"] * 2,
        "period": ["2021"] * 2,
        "value": [8.9, 8.6],
        "published_on": ["2022-02-20", "2022-05-12"],
        "publisher": publishers,
    }
    row = restatements(county("2022-06-30", official_series=table)).iloc[0]
    assert (row["old_publisher"], row["new_publisher"]) == publishers


def test_every_step_of_a_figure_is_listed():
    days = ("2022-01-01", "2022-02-01", "2022-03-01", "2022-04-01")
    one = series(
        *(("x", "2021", value, day) for value, day in zip((1, 2, 2, 3), days, strict=True))
    )
    assert restatements(one)[["old", "new"]].values.tolist() == [[1, 2], [2, 3]]


def test_the_same_value_again_or_in_another_unit_is_no_restatement():
    one = series(("x", "2021", 20000, "2022-01-01", "万元"), ("x", "2021", 2, "2022-02-01", "亿元"))
    assert restatements(one).empty


def test_figures_of_different_things_are_no_restatement_of_each_other():
    one = series(("x", "2021", 1, "2022-01-01", "家"), ("x", "2021", 2, "2022-02-01", "亿元"))
    assert restatements(one).empty


@pytest.mark.parametrize("unit", ["%", None])
def test_a_restatement_tells_its_unit_where_there_is_one(unit):
    days = ("2022-01-01", "2022-02-01")
    one = series(*(("x", "2021", value, day, unit) for value, day in enumerate(days)))
    assert restatements(one)["unit"].tolist() == [unit]


def test_what_was_restated_on_the_day_itself_is_not_restated_since():
    one = series(("x", "2021", 8.9, "2022-02-20"), ("x", "2021", 8.6, "2022-03-31"))
    counts = [len(restated_since(one, date(2022, 3, day))) for day in (30, 31)]
    assert counts == [1, 0]


def test_a_day_that_contradicts_itself_is_passed_over():
    one = series(
        ("x", "2021", 1, "2022-01-01"),
        ("x", "2021", 2, "2022-02-01"),
        ("x", "2021", 3, "2022-02-01"),
        ("x", "2021", 4, "2022-03-01"),
    )
    assert restatements(one)[["old", "new"]].values.tolist() == [[1, 4]]


def test_other_periods_and_indicators_are_no_restatement():
    one = series(
        ("x", "2021", 1, "2022-01-01"),
        ("x", "2020", 2, "2022-02-01"),
        ("y", "2021", 3, "2022-03-01"),
    )
    assert restatements(one).empty


def test_a_day_that_contradicts_itself_is_a_contradiction_and_no_restatement():
    one = series(("x", "2021", 1, "2022-01-01"), ("x", "2021", 2, "2022-01-01"))
    assert restatements(one).empty
    assert contradictions(one)["value"].tolist() == [1, 2]


@pytest.mark.parametrize("cell", ["told", None])
def test_a_contradiction_tells_its_unit_and_who_published_where_they_are_known(cell):
    table = {"indicator": ["x"] * 2, "period": ["2021"] * 2, "value": [1, 2]}
    one = county(official_series={**table, "unit": [cell] * 2, "publisher": [cell] * 2})
    found = contradictions(one)
    assert found[["unit", "publisher"]].to_numpy().tolist() == [[cell, cell]] * 2
    assert found["published_on"].isna().all()


def test_only_the_latest_day_contradicts():
    one = series(
        ("x", "2021", 1, "2022-01-01"),
        ("x", "2021", 2, "2022-01-01"),
        ("x", "2021", 3, "2022-02-01"),
    )
    assert contradictions(one).empty


@pytest.mark.parametrize(
    ("period", "as_of", "is_stale"),
    [
        ("2020", "2022-02-28", False),
        ("2020", "2022-03-01", True),
        ("2021Q2", "2021-12-31", False),
        ("2021Q2", "2022-01-01", True),
        ("2022-02", "2022-06-30", False),
        ("2022-02", "2022-07-01", True),
    ],
)
def test_a_figure_is_stale_the_day_after_its_limit(period, as_of, is_stale):
    assert staleness(series(("x", period, 1), as_of=as_of))["is_stale"].tolist() == [is_stale]


def test_the_latest_period_decides():
    found = staleness(series(("x", "2018", 1), ("x", "2022-06", 2), ("y", "2018", 3)))
    assert found[["indicator", "period", "is_stale"]].values.tolist() == [
        ["x", "2022-06", False],
        ["y", "2018", True],
    ]


@pytest.mark.parametrize("period", ["2022-06", "2022-12", "2022"])
def test_a_figure_of_a_period_that_ends_today_or_later_is_not_old_at_all(period):
    found = staleness(series(("x", period, 1))).iloc[0]
    assert (found["age_months"], bool(found["is_stale"])) == (0, False)


def test_of_periods_that_end_on_one_day_the_shortest_is_the_latest():
    one = series(("x", "2021-12", 1), ("x", "2021", 2), ("x", "2021Q4", 3))
    assert staleness(one)["period"].tolist() == ["2021-12"]


def test_the_day_told_is_that_of_the_last_publication():
    one = series(("x", "2021", 8.9, "2022-05-12"), ("x", "2021", 8.6, "2022-02-20"))
    assert staleness(one)["published_on"].dt.date.tolist() == [date(2022, 5, 12)]


def test_an_empty_table_has_nothing_to_say():
    one = county(official_series={name: [] for name in ("indicator", "period", "value")})
    assert restatements(one).empty
    assert contradictions(one).empty
    assert staleness(one).empty
