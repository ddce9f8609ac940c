"""Investment added up month by month, beside the even path to the plan's total."""

from datetime import date
from fractions import Fraction

from build import clause, county
from tenglong.measure.clause import Kind
from tenglong.measure.judge.assessment import Assessment, Reason, Status
from tenglong.measure.project.investment import even_path, invested_so_far


def invested(months, amounts, as_of="2022-06-30", **flags):
    count = len(months)
    return county(
        as_of,
        projects={"project_id": ["P"], "is_manufacturing": [True], "is_enclave": [False]} | flags,
        project_months={"project_id": ["P"] * count, "month": months, "invested_wan": amounts},
    )


def test_a_month_without_a_row_adds_nothing_and_what_was_before_the_plan_does_not_count():
    points = invested_so_far(invested(["2020-12", "2021-01", "2021-03"], [9.0, 0.1, 0.2]))
    assert [total for _, total in points] == [Fraction(1, 10), Fraction(1, 10), Fraction(3, 10)]
    assert points[-1][0] == date(2021, 3, 31)


def test_enclaves_are_left_out():
    points = invested_so_far(invested(["2021-01"], [5.0], is_enclave=[True]))
    assert [total for _, total in points] == [0]


def test_before_the_plan_there_is_no_path():
    assert invested_so_far(invested(["2020-12"], [5.0])) == ()


def test_the_even_path_is_the_target_by_the_pace_of_time_in_the_unit_of_the_table():
    one = Assessment(clause(Kind.CUMULATIVE, 20, unit="亿元"), Status.ON_TRACK, Reason("paced"))
    days = (date(2021, 12, 31), date(2022, 6, 30), date(2023, 12, 31))
    assert [wan for _, wan in even_path(one, days)] == [Fraction(200000, 3), 100000, 200000]


def test_a_clause_without_a_target_has_no_path():
    one = Assessment(clause(Kind.CUMULATIVE, unit="亿元"), Status.ON_TRACK, Reason("paced"))
    assert even_path(one, (date(2021, 12, 31),)) == ()
