"""Check, plan and classified rectification: three figures, each with all that is still open."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from build import BANDS, clause, county
from drawing import read, rows
from tenglong.measure.board.board import assess_plan
from tenglong.measure.board.board import read as reading_of
from tenglong.measure.clause import IndicatorRef, Kind
from tenglong.measure.clearance.duties import listed_until, task_duties
from tenglong.measure.clearance.results import checked_firms
from tenglong.measure.clearance.standing import standings
from tenglong.measure.judge.assessment import Status
from tenglong.measure.judge.kinds import assess
from tenglong.measure.sheet.clearance import clearance_sheet
from tenglong.measure.sheet.data_quality import data_quality_sheet
from tenglong.show.page import Page
from tenglong.show.pages.clearance import clearance_findings
from tenglong.show.pages.clearance_list import overdue, tasks
from tenglong.show.pages.data_quality_tables import late_terms

DAY = date(2021, 12, 31)
CHECKS = clause(
    Kind.COVERAGE, 100, due=DAY, indicator=IndicatorRef("checked_firms", {"listed_by": DAY})
)


def led(day="2022-06-30", **firms):
    """Give each firm its steps: day, step and, where it has one, its term."""
    records = [
        (usci, *[*step.split(), None][:3]) for usci, steps in firms.items() for step in steps
    ]
    return county(
        day,
        (CHECKS,),
        enterprises={"usci": list(firms), "name": [f"企业{usci}" for usci in firms]},
        clearance_events={
            "usci": [usci for usci, *_ in records],
            "happened_on": [on for _, on, *_ in records],
            "event": [event for _, _, event, _ in records],
            "due_on": [due for *_, due in records],
            "evidence": ["验收"] * len(records),
        },
    )


def counts(known, firms=None):
    return {
        one.name: (one.done, one.required)
        for one in task_duties(known, standings(known) if firms is None else firms)
    }


WAY = ["2021-03-01 listed", "2021-04-01 checked", "2021-05-01 plan", "2021-06-01 rectifying"]


@pytest.mark.parametrize(
    ("steps", "check", "plan", "rectify"),
    [
        (WAY[:1], (0, 1), (0, 1), (0, 1)),
        (WAY[:2], (1, 1), (0, 1), (0, 1)),
        (WAY[:3], (1, 1), (1, 1), (0, 1)),
        (WAY, (1, 1), (1, 1), (1, 1)),
        ([*WAY[:3], "2021-06-01 passed"], (1, 1), (1, 1), (1, 1)),
        # Put to a term at once: no plan is owed, and it is a classified rectification.
        ([*WAY[:2], "2021-06-01 rectifying"], (1, 1), (0, 0), (1, 1)),
        # Closed before its check: neither check nor plan is owed.
        ([*WAY[:1], "2021-06-01 closed"], (0, 0), (0, 0), (1, 1)),
    ],
)
def test_each_of_the_three_counts_by_its_own_steps(steps, check, plan, rectify):
    assert counts(led(a=steps)) == {"check": check, "plan": plan, "rectify": rectify}


def test_who_was_listed_later_is_counted_apart():
    known = led(a=WAY, b=["2021-12-31 listed"], c=["2022-01-01 listed"])
    first, later = listed_until(known, DAY)
    assert counts(known, first)["check"] == (1, 2)
    assert counts(known, later)["check"] == (0, 1)


def test_where_the_plan_names_no_day_all_listed_firms_are_of_one_list():
    known = led(a=WAY, b=["2022-01-01 listed"], c=["2022-05-01 listed"])
    first, later = listed_until(known, None)
    assert (first["usci"].tolist(), later["usci"].tolist()) == (["a", "b", "c"], [])
    parts = checked_firms(known).parts
    assert (parts["later_firms"], parts["later_unchecked"]) == (0, 0)


def test_the_clause_rests_on_the_records_of_checks_alone():
    (told,) = checked_firms(led(a=WAY, b=WAY[:2], c=WAY[:1]), listed_by=DAY).evidence
    assert told.rows["event"].tolist() == ["checked", "checked"]
    assert told.rows["usci"].tolist() == ["a", "b"]


def test_only_the_later_firms_whose_own_term_is_over_are_overdue():
    """Ninety days from 2022-04-01 end on 2022-06-30, from 2022-03-31 a day before."""
    later = {"b": ["2022-04-01 listed"], "c": ["2022-03-31 listed"]}
    parts = checked_firms(led(a=WAY[:1], **later), listed_by=DAY).parts
    assert [parts[f"later_{what}"] for what in ("firms", "unchecked", "overdue")] == [2, 2, 1]


def test_the_day_of_completion_is_told_once_all_have_done_it():
    known = led(a=WAY, b=["2021-03-01 listed", "2021-09-01 checked"])
    check, plan, _ = task_duties(known, standings(known))
    assert (check.completed_on, plan.completed_on) == (date(2021, 9, 1), None)
    nobody = standings(known).iloc[:0]
    assert [one.completed_on for one in task_duties(known, nobody)] == [None] * 3


def test_the_clause_tells_the_other_two_among_its_parts():
    parts = checked_firms(led(a=WAY[:3], b=WAY[:1]), listed_by=DAY).parts
    told = [
        parts[f"{name}_{what}"] for name in ("plan", "rectify") for what in ("done", "required")
    ]
    assert told == [1, 2, 0, 2]


STEP_LISTS = st.lists(st.integers(0, 4), min_size=1, max_size=6)


@given(STEP_LISTS, st.sampled_from(["2022-01-01", "2022-06-30", "2023-12-31"]), st.booleans())
def test_clause_table_and_list_of_overdue_agree(lengths, day, is_late):
    """However far each firm has come; the first list may have come too late."""
    begin = "2022" if is_late else "2021"
    way = [step.replace("2021", begin) for step in ("2021-01-01 listed", *WAY[1:])]
    if is_late and day == "2022-01-01":
        lengths = [min(length, 1) for length in lengths]
    known = led(day, **{f"f{n}": way[: length or 1] for n, length in enumerate(lengths)})
    reading = checked_firms(known, listed_by=DAY)
    open_checks = int(reading.required - reading.done)
    sheet, page = clearance_sheet(known, known), Page(known, "zh", "clearance")
    late = [
        row
        for row in rows(overdue(page, sheet.firms, sheet))
        if row["应办事项"] == "应完成合规检查"
    ]
    named = rows(tasks(page, sheet.tasks))[0]["未完成企业"]
    assert len(late) == open_checks == len(reading.opened)
    listed = [] if named == "无" else named.split("、")
    assert sorted(listed) == sorted(one.name for one in reading.opened)
    judged = assess(CHECKS, reading_of(known, CHECKS), as_of=known.as_of, bands=BANDS)
    assert (judged.status is Status.MISSED) == bool(late)


def test_the_page_says_the_three_figures_and_names_all_that_are_open():
    firms = {f"f{n}": WAY[:1] for n in range(12)}
    known = led(**firms, done=WAY)
    sheet, page = clearance_sheet(known, known), Page(known, "zh", "clearance")
    said = read(clearance_findings(page, assess_plan(known), sheet))
    assert "合规检查 1/13 家、整治提升方案 1/13 家、分类整治 1/13 家" in said
    for row in rows(tasks(page, sheet.tasks)):
        assert row["未完成企业"].count("企业f") == 12
    assert len(rows(overdue(page, sheet.firms, sheet))) == 12


def test_a_term_after_the_plan_is_told_on_both_pages():
    known = led(
        a=[*WAY[:2], "2021-05-01 plan 2024-03-31"], b=[*WAY[:2], "2021-05-01 plan 2023-12-31"]
    )
    sheet = clearance_sheet(known, known)
    page = Page(known, "zh", "clearance")
    said = read(clearance_findings(page, assess_plan(known), sheet))
    assert "1 家的期限晚于方案有效期（2023年12月31日）：企业a" in said
    quality = data_quality_sheet(known)
    [row] = rows(late_terms(page.speaking("quality"), quality.late_terms))
    assert (row["企业"], row["时限"]) == ("企业a", "2024-03-31")


def test_without_such_a_term_nothing_is_said():
    known = led(a=WAY)
    drawn = late_terms(Page(known, "zh", "quality"), data_quality_sheet(known).late_terms)
    assert drawn.html == ""
    none = county()
    assert late_terms(Page(none, "zh", "quality"), data_quality_sheet(none).late_terms).html == ""


def test_a_township_and_its_clause_are_of_one_list():
    """Of a township whose first firm came late: the same firms are the first list everywhere."""
    known = led(a=["2022-02-01 listed"])
    reading = checked_firms(known, listed_by=DAY)
    first, later = clearance_sheet(known, known).tasks[0]
    assert (first.required, later.required) == (int(reading.required), 0)
    assert reading.done == Fraction(0)
