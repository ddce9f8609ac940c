"""Investment by month and year, completion in the year of landing, and projects by size."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from build import BANDS, POLICY, clause, county
from tenglong.measure.clause import Kind
from tenglong.measure.county import Unavailable
from tenglong.measure.judge.assessment import Status
from tenglong.measure.judge.kinds import assess
from tenglong.measure.project.investment import (
    investment,
    investment_completion,
    yearly_investment,
)

PROJECTS = {
    "project_id": ["P", "E", "S"],
    "is_manufacturing": [True, True, False],
    "is_enclave": [False, True, False],
    "kind": ["new", "upgrade", "new"],
}


def invested(rows, projects=PROJECTS, as_of="2023-12-31", policy=None):
    months = {
        "project_id": [row[0] for row in rows],
        "month": [row[1] for row in rows],
        "invested_wan": [row[2] for row in rows],
    }
    return county(as_of, policy=policy, projects=projects, project_months=months)


def every_month(amounts, project="P"):
    """Spread a year's amount evenly over its months: {2020: 1200}."""
    return [
        (project, f"{year}-{month:02d}", amount / 12)
        for year, amount in amounts.items()
        for month in range(1, 13)
    ]


def test_enclaves_and_what_is_not_manufacturing_are_left_out():
    rows = [("P", "2021-03", 100), ("E", "2021-03", 10), ("S", "2021-03", 1000)]
    assert investment(invested(rows), exclude_enclave=True).amounts == ((date(2021, 3, 31), 100),)
    assert investment(invested(rows)).amounts == ((date(2021, 3, 31), 110),)


def test_amounts_add_up_exactly():
    rows = [("P", "2021-03", 0.1), ("P", "2021-03", 0.2)]
    assert investment(invested(rows)).amounts == ((date(2021, 3, 31), Fraction(3, 10)),)


def test_the_table_is_known_until_its_last_month():
    rows = [("P", "2021-03", 100), ("S", "2021-05", 0)]
    assert investment(invested(rows)).known_until == date(2021, 5, 31)


def test_a_year_that_the_table_covers_in_part_is_no_year():
    rows = [("P", "2020-07", 100), *every_month({2021: 1200}), ("P", "2022-11", 5)]
    found = investment(invested(rows), by="year").figures
    assert [(figure.end.year, figure.value) for figure in found] == [(2021, 1200)]


def test_a_full_year_without_investment_is_zero():
    rows = [*every_month({2020: 1200}), ("S", "2021-12", 9)]
    found = investment(invested(rows), by="year").figures
    assert [figure.value for figure in found] == [1200, 0]


def test_months_stand_in_their_order():
    rows = [("P", "2021-05", 3), ("E", "2021-03", 1), ("P", "2021-04", 2), ("P", "2021-03", 4)]
    found = investment(invested(rows)).amounts
    assert [(day.month, amount) for day, amount in found] == [(3, 5), (4, 2), (5, 3)]


TOTAL = clause(Kind.CUMULATIVE, 20, unit="亿元")
GROWTH = clause(Kind.GROWTH, 25)


def both_tests(amounts):
    one = invested(every_month(amounts))
    readings = (
        investment(one, exclude_enclave=True),
        investment(one, exclude_enclave=True, by="year"),
    )
    return [
        assess(of, reading, as_of=date(2023, 12, 31), bands=BANDS).status
        for of, reading in zip((TOTAL, GROWTH), readings, strict=True)
    ]


@pytest.mark.parametrize(
    ("amounts", "total", "growth"),
    [
        ({2020: 42000, 2021: 52500, 2022: 65625, 2023: 82032}, Status.ACHIEVED, Status.ACHIEVED),
        ({2020: 90000, 2021: 90000, 2022: 90000, 2023: 90000}, Status.ACHIEVED, Status.MISSED),
        ({2020: 12000, 2021: 15000, 2022: 18750, 2023: 23438}, Status.MISSED, Status.ACHIEVED),
        ({2020: 12000, 2021: 12000, 2022: 12000, 2023: 12000}, Status.MISSED, Status.MISSED),
    ],
)
def test_the_total_and_the_growth_are_two_independent_tests(amounts, total, growth):
    assert both_tests(amounts) == [total, growth]


yearly = st.dictionaries(
    st.integers(2020, 2023), st.integers(12, 10**6).map(lambda n: n * 12), min_size=4
)


@given(yearly)
def test_the_yearly_table_is_that_of_a_bare_loop(amounts):
    found = yearly_investment(invested(every_month(amounts))).set_index("year")
    for year, amount in amounts.items():
        assert found.loc[year, "invested_wan"] == amount
        if year > 2020:
            growth = (Fraction(amount, amounts[year - 1]) - 1) * 100
            assert found.loc[year, "growth_pct"] == float(growth)
    assert found["growth_pct"].isna().tolist() == [True, False, False, False]


def test_enclaves_and_upgrading_stand_beside_the_yearly_sum():
    projects = {**PROJECTS, "is_enclave": [False, True, False], "kind": ["upgrade", "new", "new"]}
    rows = [("P", "2021-03", 100), ("E", "2021-04", 10), ("S", "2021-05", 7)]
    found = yearly_investment(invested(rows, projects)).iloc[0]
    sums = found[["months", "invested_wan", "enclave_wan", "upgrade_wan"]].tolist()
    assert sums == [3, 100, 10, 100]


def test_growth_needs_both_years_in_full():
    rows = [("P", f"2020-{month:02d}", 1) for month in range(7, 13)]
    found = yearly_investment(invested([*rows, *every_month({2021: 24, 2022: 36})]))
    assert found["months"].tolist() == [6, 12, 12]
    assert found["growth_pct"].fillna(-1).tolist() == [-1, -1, 50]


def test_on_a_year_of_nothing_there_is_no_growth():
    found = yearly_investment(invested([*every_month({2020: 0, 2021: 24}), ("E", "2020-05", 9)]))
    assert found[["invested_wan", "enclave_wan"]].to_numpy().tolist() == [[0, 9], [24, 0]]
    assert found["growth_pct"].isna().all()


def test_years_stand_in_their_order():
    months = ["2024-03", "2023-03", "2025-03", "2022-03"]
    rows = [("P", month, number) for number, month in enumerate(months)]
    found = yearly_investment(invested(rows, as_of="2025-12-31"))
    assert found["year"].tolist() == [2022, 2023, 2024, 2025]
    assert found["invested_wan"].tolist() == [3, 1, 0, 2]


def test_without_kinds_only_upgrading_is_unknown():
    projects = {name: values for name, values in PROJECTS.items() if name != "kind"}
    found = yearly_investment(invested([("P", "2021-03", 100)], projects)).iloc[0]
    assert found["upgrade_wan"] != found["upgrade_wan"]
    assert found["invested_wan"] == 100


def test_without_the_mark_of_enclaves_it_is_named():
    projects = {name: values for name, values in PROJECTS.items() if name != "is_enclave"}
    with pytest.raises(Unavailable, match=r"projects\.is_enclave"):
        yearly_investment(invested([("P", "2021-03", 100)], projects))


LANDED = {
    "project_id": ["P", "Q"],
    "is_attracted": [True, True],
    "is_manufacturing": [True, True],
    "landed_on": ["2021-05-20", "2022-02-01"],
    "total_investment_wan": [10000, 5000],
}


def completion(rows, as_of="2023-12-31", policy=None, **changes):
    found = investment_completion(invested(rows, {**LANDED, **changes}, as_of, policy))
    return {figure.end: figure.value for figure in found.figures}


def test_completion_is_the_years_investment_over_the_planned_total():
    rows = [("P", "2021-12", 2000), ("P", "2022-03", 900), ("Q", "2022-12", 1000)]
    assert completion(rows) == {
        date(2021, 12, 31): Fraction(1, 5),
        date(2022, 12, 31): Fraction(1, 5),
    }


def test_the_running_year_ends_with_the_last_month_known():
    assert date(2022, 6, 30) in completion([("P", "2021-12", 1), ("Q", "2022-06", 1)])


def test_a_policy_may_count_all_that_was_invested_since():
    rule = POLICY["projects"]
    policy = {"projects": {**rule, "completion": {**rule["completion"], "counted": "to_date"}}}
    rows = [("P", "2021-12", 2000), ("P", "2022-12", 1000)]
    assert completion(rows, policy=policy)[date(2021, 12, 31)] == Fraction(3, 10)


def test_years_before_the_table_begins_are_not_zero():
    found = completion([("Q", "2022-03", 500)], landed_on=["2019-05-20", "2022-02-01"])
    assert [end.year for end in found] == [2022]


def test_a_year_with_too_many_projects_without_a_plan_has_no_figure():
    found = completion(
        [("P", "2021-12", 2000)], landed_on=["2021-05-20"] * 2, total_investment_wan=[10000, None]
    )
    assert found == {}


def test_a_planned_total_of_nothing_is_not_applicable():
    rows = [("P", "2021-12", 2000)]
    assert completion(rows, total_investment_wan=[0, 5000])[date(2021, 12, 31)] is None
