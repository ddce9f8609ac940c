"""Published figures: which one holds, what adds up, growth as a compound rate."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from build import BANDS, clause, county
from tenglong.measure.clause import Kind
from tenglong.measure.county import Unavailable
from tenglong.measure.judge.assessment import Status
from tenglong.measure.judge.kinds import assess
from tenglong.measure.judge.steps import compound_rate
from tenglong.measure.period import period_of
from tenglong.measure.published.published import publications, unreadable
from tenglong.measure.published.revisions import contradictions
from tenglong.measure.published.series import (
    official,
    official_growth,
    official_total,
    published,
    without_overlaps,
    yearly_rates,
)
from tenglong.measure.reading import Gap, Grain, NotKnown


def series(*rows, drop=()):
    """Give published figures as (period, value, day, publisher, unit)."""
    names = ("period", "value", "published_on", "publisher", "unit")
    filled = [(*row, *(None, None, "%")[len(row) - 2 :]) for row in rows]
    table = {name: [row[n] for row in filled] for n, name in enumerate(names) if name not in drop}
    return county("2023-12-31", official_series={"indicator": ["x"] * len(rows), **table})


def values(reading):
    return {str(figure.end): float(figure.value) for figure in reading.figures}


def test_the_latest_publication_holds():
    one = series(
        ("2021", 8.9, "2022-02-20"), ("2021", 8.6, "2022-05-12"), ("2020", 5, "2022-06-01")
    )
    assert values(official(one, indicator="x")) == {"2020-12-31": 5.0, "2021-12-31": 8.6}


def test_a_dated_publication_goes_before_one_without_a_day():
    one = series(("2021", 8.9, "2022-02-20"), ("2021", 8.6, None))
    assert values(official(one, indicator="x")) == {"2021-12-31": 8.9}


def test_two_values_of_the_same_latest_day_contradict_each_other():
    one = series(("2021", 8.9, "2022-02-20", "甲"), ("2021", 8.6, "2022-02-20", "乙"))
    found = official(one, indicator="x")
    assert isinstance(found, NotKnown)
    assert (found.why, found.code) == (Gap.CONTRADICTORY, "published_twice")
    assert found.parts == {"period": "2021", "values": "8.6 % / 8.9 %"}


def test_the_same_value_twice_is_no_contradiction():
    one = series(("2021", 8.6, "2022-02-20", "甲"), ("2021", 8.6, "2022-02-20", "乙"))
    assert values(official(one, indicator="x")) == {"2021-12-31": 8.6}


def test_contradictory_values_are_told_in_their_order():
    one = series(*(("2021", value, "2022-02-20") for value in (7, 3, 10, 6, 2, 5, 1)))
    found = published(one, "x")
    assert found.parts["values"] == "1 % / 2 % / 3 % / 5 % / 6 % / 7 % / 10 %"


def test_a_later_publication_ends_a_contradiction():
    day = "2022-02-20"
    one = series(("2021", 8.9, day), ("2021", 8.6, day), ("2021", 8.7, "2022-03-01"))
    assert values(official(one, indicator="x")) == {"2021-12-31": 8.7}


def test_figures_of_one_indicator_are_brought_into_one_unit():
    one = series(("2021", 20000, None, None, "万元"), ("2022", 2.5, None, None, "亿元"))
    found = official_total(one, indicator="x")
    assert (found.unit, [amount for _, amount in found.amounts]) == ("亿元", [2, Fraction(5, 2)])


def test_the_same_amount_in_two_units_is_no_contradiction():
    day = "2022-02-20"
    one = series(("2021", 20000, day, "甲", "万元"), ("2021", 2, day, "乙", "亿元"))
    assert not isinstance(published(one, "x"), NotKnown)


def test_units_of_different_things_contradict_each_other():
    one = series(("2021", 2, None, None, "亿元"), ("2022", 3, None, None, "家"))
    found = official_total(one, indicator="x")
    assert (found.why, found.code) == (Gap.CONTRADICTORY, "units_differ")


def test_units_that_differ_are_told_in_their_order():
    units = ["家", "吨标准煤", "亿元", "亩", "吨", "%", "百万美元"]
    one = series(*((str(2015 + n), 2, None, None, unit) for n, unit in enumerate(units)))
    assert published(one, "x").parts == {"values": " / ".join(sorted(units))}


@pytest.mark.parametrize(("unit", "code"), [(None, "no_unit"), ("百万美元", "unit_unknown")])
@pytest.mark.parametrize("measure", [official, official_total])
def test_a_figure_whose_unit_is_not_known_cannot_be_judged(unit, code, measure):
    found = measure(series(("2021", 2, None, None, unit)), indicator="x")
    assert (found.why, found.code, found.column) == (Gap.NO_DATA, code, "unit")


def test_without_the_column_of_units_it_is_named():
    found = official(series(("2021", 2), drop=("unit",)), indicator="x")
    assert (found.code, found.table, found.column) == ("no_column", "official_series", "unit")


def test_what_was_never_published_is_named():
    found = official(series(("2021", 2)), indicator="y")
    assert (found.code, found.parts) == ("not_published", {"indicator": "y"})


@pytest.mark.parametrize("again", [3.0, 9.0], ids=["told", "contradictory"])
@pytest.mark.parametrize("measure", [official, official_total, official_growth])
def test_the_rows_behind_a_figure_are_those_of_its_indicator(measure, again):
    table = {"indicator": list("xyxx"), "period": ["2021", "2021", "2022", "2022"]}
    one = county(official_series={**table, "value": [1.0, 2.0, 3.0, again], "unit": ["%"] * 4})
    found = measure(one, indicator="x")
    assert isinstance(found, NotKnown) is (again > 3)
    assert [evidence.rows.index.tolist() for evidence in found.evidence] == [[0, 2, 3]]


def test_without_the_table_it_is_named():
    with pytest.raises(Unavailable, match="official_series"):
        official(county(), indicator="x")


def test_periods_are_the_same_in_any_notation():
    one = series(("2021年", 8.9, "2022-02-20"), ("2021", 8.6, "2022-05-12"))
    assert values(official(one, indicator="x")) == {"2021-12-31": 8.6}


def test_a_period_that_cannot_be_read_is_set_aside_and_told():
    one = series(("2021年1-9月", 1.4), ("2021", 2))
    assert values(official(one, indicator="x")) == {"2021-12-31": 2.0}
    assert unreadable(one)["period"].tolist() == ["2021年1-9月"]


def test_a_year_goes_before_its_last_quarter_as_a_level():
    assert values(official(series(("2021Q4", 7.9), ("2021", 8)), indicator="x")) == {
        "2021-12-31": 8
    }


def test_levels_stand_by_the_day_on_which_their_period_ends():
    rows = [("2022Q1", 9), ("2021-12", 6), ("2021", 8), ("2021Q4", 7), ("2020", 5)]
    found = official(series(*rows), indicator="x")
    assert [(str(one.end), one.value) for one in found.figures] == [
        ("2020-12-31", 5),
        ("2021-12-31", 8),
        ("2022-03-31", 9),
    ]
    assert (found.unit, found.grain) == ("%", Grain.QUARTER)  # of those that are given


def flow(*periods, unit="亿元"):
    return official_total(
        series(*((period, 1, None, None, unit) for period in periods)), indicator="x"
    )


def test_four_quarters_replace_their_year():
    found = flow("2021", "2021Q1", "2021Q2", "2021Q3", "2021Q4")
    assert (len(found.amounts), found.grain) == (4, Grain.QUARTER)


def test_a_year_replaces_some_of_its_quarters():
    assert [day.month for day, _ in flow("2021", "2021Q1", "2022Q1").amounts] == [12, 3]


def test_three_months_replace_their_quarter_and_two_do_not():
    months = ["2021-01", "2021-02", "2021-03"]
    assert len(flow("2021Q1", *months).amounts) == 3
    assert len(flow("2021Q1", *months[:2]).amounts) == 1


def test_a_total_is_as_fine_as_the_figures_that_count():
    assert flow("2021Q1", "2021-01", "2021-02").grain is Grain.QUARTER
    assert flow("2021", "2021Q1").grain is Grain.YEAR
    assert flow("2021", "2022Q1", "2022-04").grain is Grain.MONTH


def test_amounts_stand_by_the_day_on_which_their_period_ends():
    days = [day for day, _ in flow("2022-01", "2021Q4", "2020", "2022Q2", "2021-03").amounts]
    assert [str(day) for day in days] == [
        "2020-12-31",
        "2021-03-31",
        "2021-12-31",
        "2022-01-31",
        "2022-06-30",
    ]


def test_a_quarter_of_another_year_lies_in_no_other_year():
    kept = without_overlaps({period_of(text): Fraction(1) for text in ("2021", "2022Q1", "2020Q4")})
    assert [period.name for period in kept] == ["2021", "2022Q1", "2020Q4"]


def test_quarters_and_months_together_can_make_up_the_year():
    found = flow("2021", "2021Q1", "2021Q2", "2021Q3", "2021-10", "2021-11", "2021-12")
    assert len(found.amounts) == 6


def test_a_flow_is_known_until_its_last_period():
    assert flow("2021", "2022Q1").known_until == date(2022, 3, 31)


TEXTS = ["2021", *(f"2021Q{n}" for n in range(1, 5)), *(f"2021-{n:02d}" for n in range(1, 13))]


@given(st.sets(st.sampled_from(TEXTS), min_size=1))
def test_no_month_is_ever_counted_twice_nor_lost(texts):
    periods = [period_of(text) for text in texts]
    kept = without_overlaps({period: Fraction(1) for period in periods})
    counted = [month for period in kept for month in period.months]
    assert len(counted) == len(set(counted))
    assert set(counted) == {month for period in periods for month in period.months}


def test_growth_is_chained_and_its_compound_rate_is_not_the_mean():
    one = series(("2021", 40), ("2022", -10), ("2023", 45))
    levels = [float(figure.value) for figure in official_growth(one, indicator="x").figures]
    assert levels == pytest.approx([100, 140, 126, 182.7])
    compound = compound_rate(official_growth(one, indicator="x").figures[-1].value / 100, years=3)
    assert round(float(100 * compound), 1) == 22.2  # not the mean of the rates, 25.0


def test_twenty_five_per_cent_a_year_is_exactly_on_the_path():
    one = series(("2021", 25), ("2022", 25), ("2023", 25))
    reading = official_growth(one, indicator="x")
    assert reading.figures[-1].value == Fraction("195.3125")
    judged = assess(clause(Kind.GROWTH, 25), reading, as_of=date(2023, 12, 31), bands=BANDS)
    assert judged.status is Status.ACHIEVED


def test_growth_stops_at_the_first_year_without_a_rate():
    one = series(("2021", 25), ("2023", 25))
    assert len(official_growth(one, indicator="x").figures) == 2


def test_the_index_runs_from_the_year_before_the_window_to_its_last():
    found = official_growth(series(*((str(year), 10) for year in range(2019, 2026))), indicator="x")
    assert [(str(one.end), one.value) for one in found.figures] == [
        ("2020-12-31", 100),
        ("2021-12-31", 110),
        ("2022-12-31", 121),
        ("2023-12-31", Fraction("133.1")),
    ]
    assert [one.parts for one in found.figures] == [{}, *[{"growth_pct": 10}] * 3]


def test_a_quarters_growth_is_not_a_years():
    found = yearly_rates(series(("2021", 8.9), ("2022Q1", 4)), "x")
    assert {year: rate.value for year, rate in found.items()} == {2021: Fraction("8.9")}


def digits(*rows):
    """Give half a unit of the last digit of figures as (value, decimals, unit)."""
    table = {
        "indicator": ["x"] * len(rows),
        "period": [str(2020 + n) for n in range(len(rows))],
        "value": [value for value, *_ in rows],
        "decimals": [decimals for _, decimals, *_ in rows],
        "unit": [(*row, "%")[2] for row in rows],
    }
    return [float(one.half) for one in publications(county("2030-01-01", official_series=table))]


@pytest.mark.parametrize(
    ("rows", "halves"),
    [
        ([(6.3, None)], [0.05]),
        ([(10, None)], [0.5]),
        ([(10, None), (6.34, None)], [0.005, 0.005]),  # 10 stood for 10.00
        ([(10, 1)], [0.05]),
        ([(10, 1), (6.34, None)], [0.05, 0.005]),  # told, not guessed
        ([(10, 2), (6.3, None)], [0.005, 0.005]),
        ([(50700, -2)], [50.0]),
        ([(50700, -2), (50696, None)], [50.0, 0.5]),
        ([(33, None), (2.5, None, "家")], [0.5, 0.05]),  # of other units nothing follows
    ],
)
def test_a_figure_has_the_digits_that_are_told_or_those_of_its_indicator(rows, halves):
    assert digits(*rows) == halves


def test_digits_go_with_the_figure_into_another_unit():
    assert digits((0.15, None, "亿元"), (1500.0, None, "万元")) == [50.0, 0.5]


def twice(first, second, **more):
    """Give one period published by two offices on one day."""
    return county(
        "2023-12-31",
        official_series={
            "indicator": ["x"] * 2,
            "period": ["2021"] * 2,
            "value": [first, second],
            "unit": ["%"] * 2,
            "publisher": ["甲", "乙"],
            "published_on": ["2022-02-20"] * 2,
            **more,
        },
    )


@pytest.mark.parametrize(("first", "second"), [(15.7, 15.68), (15.68, 15.7)])
def test_the_same_figure_with_fewer_digits_is_no_contradiction(first, second):
    told = [1 if value == 15.7 else 2 for value in (first, second)]
    one = twice(first, second, decimals=told)
    assert values(official(one, indicator="x")) == {"2021-12-31": 15.68}
    assert contradictions(one).empty


def test_figures_that_only_touch_where_they_are_rounded_contradict_each_other():
    assert official(twice(15.6, 15.7), indicator="x").code == "published_twice"
    one = twice(15.7, 15.75, decimals=[1, 2])  # up to 15.75, and from 15.745
    assert values(official(one, indicator="x")) == {"2021-12-31": 15.75}
    assert official(twice(15.7, 15.76, decimals=[1, 2]), indicator="x").code == "published_twice"


def test_without_told_digits_two_values_of_a_day_contradict_each_other():
    assert official(twice(15.7, 15.68), indicator="x").code == "published_twice"


rates = st.lists(st.decimals(-50, 80, places=1), min_size=3, max_size=3)


@given(rates)
def test_the_compound_rate_leads_to_the_index(drawn):
    one = series(*((str(2021 + n), float(rate)) for n, rate in enumerate(drawn)))
    index = official_growth(one, indicator="x").figures[-1].value / 100
    assert (1 + compound_rate(index, years=3)) ** 3 == pytest.approx(index)


def test_a_level_that_fell_to_nothing_has_lost_all():
    assert compound_rate(Fraction(0), years=3) == -1


published_figures = st.lists(
    st.tuples(
        st.sampled_from(["2021", "2021Q1", "2022"]),
        st.integers(0, 3),
        st.one_of(st.none(), st.dates(date(2022, 1, 1), date(2022, 1, 4))),
        st.sampled_from(["甲", "乙"]),
    ),
    min_size=1,
    max_size=10,
)


@given(published_figures, st.randoms())
def test_the_order_of_rows_changes_nothing(drawn, random):
    shuffled = list(drawn)
    random.shuffle(shuffled)
    one, other = (official(series(*rows), indicator="x") for rows in (drawn, shuffled))
    assert type(one) is type(other)
    if isinstance(one, NotKnown):
        assert one.code == other.code
    else:
        assert values(one) == values(other)


@given(published_figures)
def test_what_holds_is_what_a_bare_loop_finds(drawn):
    latest = {}
    for period, value, day, _ in drawn:
        key = day or date.min
        if period not in latest or key > latest[period][0]:
            latest[period] = (key, {value})
        elif key == latest[period][0]:
            latest[period][1].add(value)
    found = published(series(*drawn), "x")
    if any(len(said) > 1 for _, said in latest.values()):
        assert isinstance(found, NotKnown)
    else:
        assert {one.period.name: one.value for one in found} == {
            period: said.pop() for period, (_, said) in latest.items()
        }
