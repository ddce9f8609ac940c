"""How a listed firm stands: whose day is whose, and what is late, owed or in doubt, to the day."""

from dataclasses import replace

import pandas as pd
import pytest

from build import county
from tenglong.measure.clearance.standing import standings

# The plan's day for check and plan is 2021-12-31, its last day 2023-12-31.
FIRST = ("Z", "2021-03-01", "listed")
LISTED, CHECKED = ("A", "2021-03-01", "listed"), ("A", "2021-05-01", "checked")


def led(*records, as_of="2022-06-30"):
    """Give a county of records: (usci, day, step, more)."""
    rows = [
        {"usci": usci, "happened_on": day, "event": step, **(more[0] if more else {})}
        for usci, day, step, *more in records
    ]
    names = dict.fromkeys(name for row in rows for name in row)
    return county(as_of, clearance_events={name: [row.get(name) for row in rows] for name in names})


def stands(*records, **more):
    return standings(led(*records, **more)).set_index("usci").loc["A"]


def day(cell):
    return None if pd.isna(cell) else str(cell.date())


def test_a_standing_begins_with_the_firm_s_code():
    assert standings(led(FIRST)).columns[:3].tolist() == ["usci", "state", "since"]


# Terms: the plan's day, the firm's own, the last that was told.


@pytest.mark.parametrize(
    ("listed", "due"), [("2021-12-31", "2021-12-31"), ("2022-01-01", "2022-04-01")]
)
def test_who_is_listed_on_the_plan_s_day_has_its_term_and_who_comes_later_ninety_days(listed, due):
    assert day(stands(FIRST, ("A", listed, "listed"))["due_on"]) == due


def test_the_first_day_of_a_late_list_is_the_first_on_which_any_firm_was_listed():
    """However far the firms have come since: only who was listed on that day has the plan's day."""
    way = [("A", "2022-02-01", "listed"), ("A", "2022-04-01", "checked")]
    later = [("B", "2022-03-01", "listed"), ("B", "2022-04-15", "checked")]
    found = standings(led(*later, *way)).set_index("usci")["codes"]
    assert found.to_dict() == {"A": ("check_late", "plan_overdue"), "B": ()}


@pytest.mark.parametrize(
    ("done", "codes"), [("2021-12-31", ()), ("2022-01-01", ("check_late", "plan_late"))]
)
def test_what_is_done_on_its_day_is_not_late_and_on_the_next_it_is(done, codes):
    plan = ("A", done, "plan", {"due_on": "2022-12-31"})
    assert stands(LISTED, ("A", done, "checked"), plan)["codes"] == codes


def test_a_later_record_without_a_term_leaves_the_last_that_was_told():
    plan = ("A", "2021-06-01", "plan", {"due_on": "2022-09-30"})
    found = stands(LISTED, CHECKED, plan, ("A", "2021-07-01", "rectifying"))
    assert (found["owed"], day(found["due_on"]), found["codes"]) == ("end", "2022-09-30", ())


def test_a_term_of_another_step_is_none_of_this_one():
    told = ("A", "2021-05-01", "checked", {"due_on": "2022-01-31"})
    found = stands(LISTED, told, ("A", "2021-06-01", "plan"))
    assert (found["owed"], day(found["due_on"]), found["codes"]) == ("end", None, ("no_due_date",))


def test_a_firm_is_owed_its_step_while_it_is_not_yet_due():
    plan = ("A", "2021-06-01", "plan", {"due_on": "2022-06-30"})
    found = stands(LISTED, CHECKED, plan)
    assert (found["owed"], day(found["due_on"]), found["codes"]) == ("end", "2022-06-30", ())
    assert pd.isna(found["days_overdue"])
    late = stands(LISTED, CHECKED, plan, as_of="2022-07-01")
    assert (late["days_overdue"], late["codes"]) == (1, ("end_overdue",))


# Who breaks the law, and which way a firm takes: what its records say, one by one.


@pytest.mark.parametrize(
    ("flags", "illegal", "closes"),
    [
        ((True, False), True, True),
        ((False, True), True, True),
        ((False, False), False, False),
        ((None, None), None, False),
    ],
)
def test_one_record_that_says_so_makes_a_firm_break_the_law(flags, illegal, closes):
    check = (*CHECKED, {"is_illegal": flags[0]})
    plan = ("A", "2021-06-01", "plan", {"due_on": "2022-03-31", "is_illegal": flags[1]})
    found = stands(LISTED, check, plan)
    assert (None if pd.isna(found["is_illegal"]) else bool(found["is_illegal"])) is illegal
    assert found["codes"] == ("end_overdue", *(["must_close"] if closes else []))


def test_a_firm_that_breaks_the_law_and_is_late_with_its_check_need_not_close():
    assert stands((*LISTED, {"is_illegal": True}))["codes"] == ("check_overdue",)


def test_the_latest_way_that_was_told_is_the_firm_s():
    ways = {"checked": "upgrade", "plan": "merge", "rectifying": None}
    records = [
        ("A", f"2021-0{month}-01", step, {"way": way})
        for month, (step, way) in enumerate(ways.items(), start=4)
    ]
    assert stands(LISTED, *records)["way"] == "merge"
    assert pd.isna(stands(LISTED, CHECKED)["way"])


# Ends and doubts.


@pytest.mark.parametrize(
    ("evidence", "proven", "codes"),
    [
        (("名单", "验收"), True, ()),
        ((None, "验收"), True, ()),
        (("名单", None), False, ("end_without_evidence",)),
    ],
)
def test_the_evidence_of_the_end_itself_proves_it(evidence, proven, codes):
    listed = (*LISTED, {"evidence": evidence[0]})
    found = stands(listed, ("A", "2021-06-01", "closed", {"evidence": evidence[1]}))
    assert (bool(found["is_proven"]), found["codes"]) == (proven, codes)


def test_the_evidence_of_a_step_on_the_way_proves_no_end():
    assert pd.isna(stands((*LISTED, {"evidence": "名单"}))["is_proven"])


def test_rows_set_aside_that_name_no_firm_put_none_in_doubt():
    one = led(LISTED)
    for aside in ({"event": ["checked"]}, {"usci": [None], "event": ["checked"]}):
        given = {"clearance_events": pd.DataFrame(aside)}
        assert standings(replace(one, set_aside=given))["codes"].tolist() == [("check_overdue",)]
