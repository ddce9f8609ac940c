"""What was invested by year where blanks leave open which projects count, or what they spent."""

from fractions import Fraction

import pytest

from build import county
from tenglong.measure.project.investment import (
    invested_so_far,
    investment,
    investment_completion,
    yearly_investment,
)

ATTRACTED = {
    "project_id": ["P", "Q"],
    "is_attracted": [True, True],
    "is_manufacturing": [True, True],
    "is_enclave": [False, False],
    "landed_on": ["2021-05-20", "2021-06-20"],
    "started_on": [None, "2021-07-01"],
    "total_investment_wan": [10000, 5000],
}


def spending(rows, projects):
    """Give projects, and what was invested as (project, month, amount)."""
    names = ("project_id", "month", "invested_wan")
    months = {name: [row[place] for row in rows] for place, name in enumerate(names)}
    return county("2023-12-31", projects=projects, project_months=months)


def every_month(amounts, project="P"):
    """Spread a year's amount evenly over its months: {2020: 1200}."""
    return [
        (project, f"{year}-{month:02d}", amount / 12)
        for year, amount in amounts.items()
        for month in range(1, 13)
    ]


def cells(blanks):
    return [(blank.column, blank.row) for blank in blanks]


def test_a_table_of_no_month_tells_nothing():
    one = spending([("P", None, 100)], ATTRACTED)
    flow = investment(one)
    assert (flow.amounts, flow.known_until, invested_so_far(one)) == ((), None, ())
    assert investment(one, by="year").figures == ()
    assert investment_completion(one).figures == ()
    assert yearly_investment(one).empty


# Growth from 2020, the year before the plan, to the last full year.


def between(*rows, flags=(True, None, None)):
    """Give by year value, low, high and blank cells; P counts, and Q and R may."""
    one = spending(rows, {"project_id": list("PQR"), "is_manufacturing": list(flags)})
    return [
        (figure.value, figure.low, figure.high, cells(figure.blanks))
        for figure in investment(one, by="year").figures
    ]


Q_MAY, R_MAY = [("is_manufacturing", 1)], [("is_manufacturing", 2)]


def test_where_nothing_is_blank_a_year_lies_nowhere_else():
    rows = every_month({2020: 12, 2021: 24})
    assert between(*rows, flags=(True, False, False)) == [(12, 12, 12, []), (24, 24, 24, [])]


def test_growth_is_bounded_by_the_last_year_over_the_year_before_the_plan():
    rows = every_month({2020: 12, 2021: 24, 2022: 36})
    rows += [("Q", "2020-05", 120), ("Q", "2022-05", 24), ("R", "2021-07", 7)]
    # Threefold without Q, and with it not half of what it was; R spent in neither year.
    assert between(*rows) == [(12, 12, 132, Q_MAY), (24, 24, 24, R_MAY), (36, 60, 36, Q_MAY)]


def test_growth_is_greatest_with_what_came_after_and_least_with_what_was_there_before():
    rows = [*every_month({2020: 12, 2021: 24}), ("Q", "2021-05", 6), ("R", "2020-05", 3)]
    assert between(*rows) == [(12, 12, 15, R_MAY), (24, 24, 30, Q_MAY)]


def test_a_project_that_grew_as_fast_as_the_others_moves_nothing():
    rows = [*every_month({2020: 12, 2021: 24}), *every_month({2020: 60, 2021: 120}, "Q")]
    assert between(*rows) == [(12, 12, 12, Q_MAY), (24, 24, 24, Q_MAY)]


def test_a_month_that_does_not_tell_what_was_spent_leaves_growth_without_a_bound():
    rows = [*every_month({2020: 12, 2021: 24}), ("Q", "2020-05", 120), ("P", "2021-03", None)]
    untold = [("invested_wan", 25)]
    assert between(*rows) == [(12, None, None, Q_MAY), (24, None, None, untold)]


def test_what_was_spent_in_an_unknown_month_may_belong_to_any_year():
    rows = [*every_month({2020: 12, 2021: 24}), ("Q", None, 7)]
    assert between(*rows) == [(12, 12, 12, Q_MAY), (24, 24, 24, Q_MAY)]


def test_without_the_year_before_the_plan_there_is_no_growth_to_bound():
    rows = [*every_month({2021: 24, 2022: 36}), *every_month({2022: 60}, "Q")]
    assert between(*rows) == [(24, 24, 24, []), (36, 36, 36, Q_MAY)]


# Completion in the year of landing: 2,000 of 10,000, and of a second project 4,000 of 5,000.


def completed(*more, **changes):
    rows = [("P", "2021-11", 2000), ("Q", "2021-12", 4000), *more]
    return investment_completion(spending(rows, {**ATTRACTED, **changes}))


FIFTH, TWO_FIFTHS = Fraction(1, 5), Fraction(2, 5)


@pytest.mark.parametrize(
    ("changes", "value", "bounds", "blanks"),
    [
        ({}, TWO_FIFTHS, (TWO_FIFTHS, TWO_FIFTHS), []),
        ({"is_attracted": [True, None]}, FIFTH, (FIFTH, TWO_FIFTHS), [("is_attracted", 1)]),
        # It works, so that it has landed, in whatever year.
        ({"landed_on": ["2021-05-20", None]}, FIFTH, (FIFTH, TWO_FIFTHS), [("landed_on", 1)]),
        (
            {"is_attracted": [True, None], "total_investment_wan": [10000, None]},
            FIFTH,
            (None, None),
            [("is_attracted", 1), ("total_investment_wan", 1)],
        ),
        (
            {"is_attracted": [None, None]},
            None,
            (FIFTH, Fraction(4, 5)),
            [("is_attracted", 0), ("is_attracted", 1)],
        ),
    ],
)
def test_completion_lies_between_what_the_blanks_leave_open(changes, value, bounds, blanks):
    [figure] = completed(**changes).figures
    assert (figure.value, (figure.low, figure.high)) == (value, bounds)
    assert cells(figure.blanks) == blanks


def test_completion_has_no_bound_where_a_month_does_not_tell_what_was_spent():
    [figure] = completed(("P", "2021-10", None)).figures
    assert (figure.value, figure.low, figure.high) == (TWO_FIFTHS, None, None)
    assert cells(figure.blanks) == [("invested_wan", 2)]


def test_a_year_with_too_many_projects_without_a_plan_is_told_with_what_it_waits_for():
    days = ["2021-05-20", "2020-06-20"]
    whole = completed(("Q", "2020-12", 1000), landed_on=days)
    assert ([one.end.year for one in whole.figures], whole.incomplete) == ([2020, 2021], ())
    lacking = completed(("Q", "2020-12", 1000), landed_on=days, total_investment_wan=[10000, None])
    assert [one.end.year for one in lacking.figures] == [2021]
    [incomplete] = lacking.incomplete
    assert (str(incomplete.end), cells(incomplete.blanks)) == (
        "2020-12-31",
        [("total_investment_wan", 1)],
    )


def test_a_project_without_any_month_is_among_the_projects_and_is_told():
    one = spending([("P", "2021-11", 2000)], ATTRACTED)
    [figure] = investment_completion(one).figures
    assert figure.value == Fraction(2000, 15000)
    assert (figure.parts["projects"], figure.parts["projects_without_months"]) == (2, 1)
