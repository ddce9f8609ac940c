"""Clearing out: who counts as below the line, who has left it since, and what is still open."""

from dataclasses import replace
from datetime import date

import pytest

from build import POLICY, county
from tenglong.measure.clause import Window
from tenglong.measure.clearance.clear_out import left_below, lifted, low_tax_firms, on_line

LAND = 4.0  # 20 万元 of tax on it are the line of 5 万元/亩
STEPS = (("2021-02-01", "listed"), ("2021-03-01", "checked"), ("2021-04-01", "plan"))
ALL_MAY_LACK = {**POLICY["bands"], "most_missing_share": 0.5}


def makers(taxes, *, ends=(), as_of="2022-06-30", closed=None, **more):
    """Give a county of small manufacturers on 4 mu: tax by firm and year; ends with evidence."""
    rows = [(usci, year, tax) for usci, years in taxes.items() for year, tax in years.items()]
    led = [(usci, *step, None) for usci in dict.fromkeys(one[0] for one in ends) for step in STEPS]
    led += [(*end, "1号") for end in ends]
    names = ("usci", "happened_on", "event", "evidence")
    days = closed or {}
    policy = {"tax": {"source": "", "add_back": []}, **more.pop("policy", {})}
    firms = {"usci": list(taxes), "industry": ["3311"] * len(taxes)}
    years = {"usci": [row[0] for row in rows], "year": [row[1] for row in rows]}
    columns = {"tax_paid_wan": [row[2] for row in rows], "land_mu": LAND, "is_above_scale": False}
    return county(
        as_of,
        policy=policy,
        enterprises=firms | {"closed_on": [days.get(usci) for usci in taxes]},
        enterprise_years={**years, **columns, **more},
        clearance_events={name: [one[place] for one in led] for place, name in enumerate(names)},
    )


def last(place):
    """Give the last figure, and who is left by it."""
    figure = low_tax_firms(place, below_wan_per_mu=5).figures[-1]
    assert figure.value + figure.since == len(left_below(place))
    return figure, left_below(place)["usci"].tolist()


# Who is there at the end of a year, and who has left since.


@pytest.mark.parametrize(
    ("day", "count", "since"), [("2021-12-30", 1, 0), ("2021-12-31", 1, 0), ("2022-01-01", 2, -1)]
)
def test_who_was_closed_on_the_last_day_of_a_year_is_not_in_its_figure(day, count, since):
    place = makers({"a": {2021: 1.0}, "b": {2021: 1.0}}, ends=[("a", day, "closed")])
    figure, left = last(place)
    assert (figure.value, figure.since, left) == (count, since, ["b"])
    assert figure.parts["firms_closed_since"] == -since
    assert figure.parts["firms_below_all"] == 1


@pytest.mark.parametrize(
    ("day", "left"), [("2021-12-31", ["a", "b"]), ("2022-01-01", ["b"]), ("2022-06-30", ["b"])]
)
def test_who_passed_by_the_day_of_the_figure_and_is_below_it_is_still_left(day, left):
    place = makers({"a": {2021: 1.0}, "b": {2021: 1.0}}, ends=[("a", day, "passed")])
    figure, found = last(place)
    assert (figure.value, found) == (2, left)
    assert figure.parts["firms_passed_since"] == 2 - len(left)


def test_a_firm_above_the_line_that_passed_takes_nothing_off_the_count():
    place = makers(
        {"rich": {2021: 90.0}, "poor": {2021: 1.0}}, ends=[("rich", "2022-03-01", "passed")]
    )
    figure, left = last(place)
    assert (figure.value, figure.since, left) == (1, 0, ["poor"])
    assert figure.parts["firms_passed_since"] == 0


def test_a_firm_that_passed_and_was_struck_off_left_once_as_closed():
    place = makers(
        {"a": {2021: 1.0}, "b": {2021: 1.0}},
        ends=[("a", "2022-03-01", "passed")],
        closed={"a": "2022-05-01"},
    )
    figure, left = last(place)
    assert (figure.since, left) == (-1, ["b"])
    assert [figure.parts[f"firms_{how}_since"] for how in ("closed", "passed")] == [1, 0]


@pytest.mark.parametrize(
    ("struck_off", "closed", "count", "since"),
    [
        ("2022-02-01", "2021-12-31", 1, 0),
        ("2021-12-31", "2022-02-01", 1, 0),
        ("2022-02-01", "2022-03-01", 2, -1),
    ],
)
def test_a_firm_is_gone_from_the_earlier_of_the_two_days_that_end_it(
    struck_off, closed, count, since
):
    place = makers(
        {"a": {2021: 1.0}, "b": {2021: 1.0}},
        ends=[("a", closed, "closed")],
        closed={"a": struck_off},
    )
    figure, left = last(place)
    assert (figure.value, figure.since, left) == (count, since, ["b"])


@pytest.mark.parametrize(
    ("start", "since"), [("2021-12-30", -1), ("2021-12-31", -1), ("2022-01-01", 0)]
)
def test_who_leaves_takes_nothing_off_a_figure_of_before_the_plan(start, since):
    place = makers({"a": {2021: 1.0}, "b": {2021: 1.0}}, closed={"a": "2022-05-01"})
    window = Window(date.fromisoformat(start), date(2023, 12, 31))
    found = low_tax_firms(
        replace(place, plan=replace(place.plan, window=window)), below_wan_per_mu=5
    )
    assert [(one.value, one.since) for one in found.figures] == [(2, since)]


def test_only_the_last_figure_loses_who_left():
    taxes = {usci: {2020: 1.0, 2021: 1.0} for usci in "abc"}
    reading = low_tax_firms(makers(taxes, closed={"a": "2022-05-01"}), below_wan_per_mu=5)
    assert [(one.value, one.since) for one in reading.figures] == [(3, 0), (3, -1)]
    parts = [one.parts for one in reading.figures]
    assert [one["firms_below_all"] for one in parts] == [3, 2]
    assert [one["firms_closed_since"] for one in parts] == [0, 1]


# Who rose above the line, and who stands on it.


def test_who_was_lifted_was_below_the_line_in_the_figure_before_the_last():
    taxes = {
        "long ago": {2019: 1.0, 2020: 90.0, 2021: 90.0},
        "now": {2019: 90.0, 2020: 19.99, 2021: 20.0},
        "back": {2019: 90.0, 2020: 90.0, 2021: 1.0},
        "still": {2019: 1.0, 2020: 1.0, 2021: 1.0},
        "new": {2021: 90.0},
    }
    place = makers(taxes)
    assert lifted(place)["usci"].tolist() == ["now"]
    figures = low_tax_firms(place, below_wan_per_mu=5).figures
    assert [one.parts["firms_lifted"] for one in figures] == [0, 1, 1]
    assert [one.value for one in figures] == [2, 2, 2]


def test_in_a_first_figure_nobody_was_lifted():
    place = makers({"a": {2021: 90.0}, "b": {2021: 1.0}, "c": {2021: 90.0}})
    assert lifted(place).empty
    assert lifted(place).columns.tolist() == lifted(makers({"a": {2021: 1.0}})).columns.tolist()
    assert low_tax_firms(place, below_wan_per_mu=5).figures[0].parts["firms_lifted"] == 0


def test_who_is_on_the_line_is_named_of_the_last_figure_only():
    place = makers(
        {
            "was": {2020: 20.0, 2021: 90.0},
            "is": {2020: 1.0, 2021: 20.0},
            "below": {2020: 20.0, 2021: 19.99},
        }
    )
    found = low_tax_firms(place, below_wan_per_mu=5)
    assert [(one.code, one.name, one.on) for one in found.named] == [
        ("on_line_excluded", "is", date(2021, 12, 31))
    ]
    assert [one.parts["firms_on_line"] for one in found.figures] == [2, 1]
    assert on_line(place)["usci"].tolist() == ["is"]
    named = place.tables["enterprises"].assign(name=["甲", "乙", "丙"])
    known = replace(place, tables={**place.tables, "enterprises": named})
    assert [one.name for one in low_tax_firms(known, below_wan_per_mu=5).named] == ["乙"]


def test_the_firms_that_are_left_stand_by_their_tax_a_mu_then_by_code():
    taxes = {"d": 4.0, "c": 1.0, "b": 4.0, "a": 9.0}
    place = makers({usci: {2021: tax} for usci, tax in taxes.items()})
    assert left_below(place)["usci"].tolist() == ["c", "b", "d", "a"]


# What blanks leave open.


def test_a_firm_that_may_be_below_the_line_is_in_the_range_and_not_in_the_count():
    """Of five whose scale is not known, on land below the list's limit: three may count."""
    small = {"low": 1.0, "on": 10.0, "rich": 90.0, "no tax": None, "lower": 2.0}
    sure = {"in": 1.0, "above": 90.0, "sure, no tax": None}
    taxes = {usci: {2021: tax} for usci, tax in (small | sure).items()}
    place = makers(
        taxes,
        land_mu=[2.0 if usci in small else LAND for usci in taxes],
        is_above_scale=[None if usci in small else False for usci in taxes],
        policy={"bands": ALL_MAY_LACK},
    )
    (figure,) = low_tax_firms(place, below_wan_per_mu=5).figures
    assert (figure.value, figure.low, figure.high) == (1, 1, 5)
    assert (figure.parts["firms"], figure.parts["firms_lacking"]) == (2, 1)
    cells = [(blank.column, blank.name) for blank in figure.blanks]
    assert cells == [
        ("is_above_scale", "low"),
        ("is_above_scale", "no tax"),
        ("is_above_scale", "lower"),
        ("tax_paid_wan", "sure, no tax"),
        ("tax_paid_wan", "no tax"),
    ]


def test_a_year_of_which_too_much_is_blank_is_told_as_incomplete_and_the_others_are_not():
    taxes = {"a": {2019: 1.0, 2020: None, 2021: 1.0, 2022: None}, "b": {2021: 1.0, 2022: 2.0}}
    reading = low_tax_firms(makers(taxes, as_of="2023-06-30"), below_wan_per_mu=5)
    assert [one.end.year for one in reading.figures] == [2019, 2021]
    assert [one.end for one in reading.incomplete] == [date(2020, 12, 31), date(2022, 12, 31)]
    cells = [(cell.name, cell.row) for one in reading.incomplete for cell in one.blanks]
    assert cells == [("a", 1), ("a", 3)]


def test_a_year_in_which_no_firm_is_surely_in_scope_has_no_figure():
    taxes = {"a": {2020: 1.0, 2021: 1.0}, "b": {2020: 1.0}}
    place = makers(taxes, land_mu=[None, LAND, None])
    reading = low_tax_firms(place, below_wan_per_mu=5)
    assert [one.end.year for one in reading.figures] == [2021]
    assert [one.end.year for one in reading.incomplete] == [2020]
    assert [blank.name for one in reading.incomplete for blank in one.blanks] == ["a", "b"]


def test_where_no_year_has_a_figure_all_that_it_waits_for_is_told():
    taxes = {"a": {2020: None, 2021: None}, "b": {2020: 1.0, 2021: None}}
    found = low_tax_firms(makers(taxes), below_wan_per_mu=5)
    assert (found.code, found.table, found.column) == (
        "population_incomplete",
        "enterprise_years",
        "tax_paid_wan",
    )
    assert [(blank.name, blank.row) for blank in found.blanks] == [("a", 0), ("a", 1), ("b", 3)]


def test_firms_of_another_industry_are_not_among_those_on_whatever_land():
    place = makers({"a": {2021: 1.0}, "b": {2021: 1.0}, "c": {2021: None}}, land_mu=[1.0, 4.0, 1.0])
    assert last(place)[0].parts["firms_below_all"] == 2
    firms = place.tables["enterprises"].assign(industry=["4411", "3311", "3311"])
    other = replace(place, tables={**place.tables, "enterprises": firms})
    assert last(other)[0].parts["firms_below_all"] == 1


def test_where_nobody_is_left_the_list_is_empty_and_has_its_columns():
    rich, poor = makers({"a": {2021: 90.0}}), makers({"a": {2021: 1.0}})
    assert left_below(rich).empty
    assert left_below(rich).columns.tolist() == left_below(poor).columns.tolist()
