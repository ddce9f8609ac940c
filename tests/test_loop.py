"""The closed loop: what may follow what, what is refused, and where every firm stands."""

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from build import POLICY
from tenglong.errors import ConfigurationError
from tenglong.measure.clearance.loop import Event, loop, loop_rule, open_on, walk
from tenglong.measure.clearance.standing import standings
from tenglong.measure.county import Unavailable
from tenglong.measure.example import example_county

RULE = loop_rule(POLICY)
STEPS = ("listed", "checked", "notified", "plan", "rectifying", "passed", "closed")
ENDS = {"passed", "closed"}


def events(*steps, start=date(2021, 3, 1)):
    """Give one event a day."""
    return [Event(row, start + timedelta(days=row), step) for row, step in enumerate(steps)]


def path(*steps):
    return walk(events(*steps), RULE)


def county(*records, as_of="2022-06-30", **policy):
    """Give a county with these records: (usci, day, event, more)."""
    rows = [
        {"usci": usci, "happened_on": day, "event": event, **(more[0] if more else {})}
        for usci, day, event, *more in records
    ]
    columns = ["usci", "happened_on", "event", "due_on", "is_illegal", "evidence", "way"]
    table = {name: [row.get(name) for row in rows] for name in columns}
    return example_county(as_of, policy={**POLICY, **policy}, clearance_events=table)


def standing(*records, **more):
    return standings(county(*records, **more)).set_index("usci").loc["A"]


def test_the_whole_way_is_allowed():
    way = path("listed", "checked", "notified", "plan", "rectifying", "passed")
    assert (way.state, way.refused) == ("passed", ())


def test_the_notice_may_be_left_out():
    assert path("listed", "checked", "plan", "rectifying", "closed").state == "closed"


def test_passed_before_listed_is_refused():
    way = walk(events("passed", "listed"), RULE)
    assert way.state == "listed"
    assert [(r.code, r.event.row, r.state) for r in way.refused] == [("before_listed", 0, None)]


@pytest.mark.parametrize("later", sorted(set(STEPS) - {"closed", "listed"}))
def test_nothing_comes_after_closed(later):
    way = path("listed", "closed", later)
    assert way.state == "closed"
    assert [(r.code, r.state) for r in way.refused] == [("after_end", "closed")]


def test_a_firm_is_not_closed_twice():
    way = path("listed", "closed", "closed")
    assert [r.code for r in way.refused] == ["repeated"]


def test_a_firm_does_not_pass_and_close():
    way = path("listed", "checked", "plan", "passed", "closed")
    assert (way.state, [r.code for r in way.refused]) == ("passed", ["after_end"])


def test_a_firm_does_not_pass_straight_from_the_list():
    way = path("listed", "passed")
    assert (way.state, [r.code for r in way.refused]) == ("listed", ["out_of_order"])


def test_records_of_one_day_are_taken_in_the_order_of_the_steps():
    day = date(2021, 3, 1)
    records = [Event(row, day, step) for row, step in enumerate(("closed", "checked", "listed"))]
    assert walk(records, RULE).state == "closed"


def test_a_second_check_is_allowed_and_does_not_enter_the_state_anew():
    way = path("listed", "checked", "checked")
    assert way.refused == ()
    assert way.since == date(2021, 3, 2)


@given(st.lists(st.sampled_from(STEPS), max_size=12))
def test_a_firm_never_ends_twice(steps):
    way = path(*steps)
    ends = [event.step for event in way.accepted if event.step in ENDS]
    assert len(ends) <= 1
    assert not ends or way.accepted[-1].step == ends[0]
    assert len(way.accepted) + len(way.refused) == len(steps)


@given(st.lists(st.tuples(st.integers(0, 5), st.sampled_from(STEPS)), max_size=10), st.randoms())
def test_the_order_of_the_rows_decides_nothing(records, random):
    made = [
        Event(row, date(2021, 1, 1) + timedelta(days=day), step)
        for row, (day, step) in enumerate(records)
    ]
    shuffled = list(made)
    random.shuffle(shuffled)
    assert walk(shuffled, RULE) == walk(made, RULE)


@given(st.lists(st.sampled_from(STEPS), max_size=10))
def test_the_loop_agrees_with_a_plain_reading_of_the_rules(steps):
    """The same machine once more, as the sentences say it."""
    state, counted = None, []
    for step in steps:
        fits = {
            "listed": state is None,
            "checked": state in ("listed", "checked"),
            "notified": state == "checked",
            "plan": state in ("checked", "notified"),
            "rectifying": state in ("checked", "notified", "plan", "rectifying"),
            "passed": state in ("plan", "rectifying"),
            "closed": state is not None and state not in ENDS,
        }
        if fits[step]:
            state = step
            counted.append(step)
    way = path(*steps)
    assert (way.state, [event.step for event in way.accepted]) == (state, counted)


def test_a_finding_names_the_firm_the_row_and_the_event():
    found = loop(county(("A", "2021-03-01", "passed"), ("B", None, "listed"))).findings
    assert found[["code", "usci", "row", "event"]].to_numpy().tolist() == [
        ["before_listed", "A", 0, "passed"],
        ["incomplete", "B", 1, "listed"],
    ]


def test_the_records_that_count_stand_by_row_whatever_the_firm_or_the_day():
    led = loop(
        county(
            ("B", "2021-05-01", "checked"),
            ("B", "2021-03-01", "listed"),
            ("A", "2021-03-01", "listed"),
            ("C", "2021-02-01", "plan"),
        )
    )
    assert led.events.index.tolist() == [0, 1, 2]
    assert list(led.paths) == ["A", "B", "C"]


def test_findings_stand_by_row_and_are_numbered_anew():
    found = loop(
        county(("B", "2021-03-01", "passed"), ("A", "2021-03-01", "plan"), ("A", None, "listed"))
    ).findings
    assert found[["row", "usci", "code"]].to_numpy().tolist() == [
        [0, "B", "before_listed"],
        [1, "A", "before_listed"],
        [2, "A", "incomplete"],
    ]
    assert found.index.tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    ("day", "there"),
    [
        ("2021-02-28", set()),
        ("2021-03-01", {"A"}),
        ("2021-05-31", {"A"}),
        ("2021-06-01", {"B"}),
        ("2022-06-30", {"B"}),
    ],
)
def test_a_firm_stands_on_the_list_from_its_day_until_the_day_of_its_end(day, there):
    one = county(
        ("A", "2021-03-01", "listed"),
        ("A", "2021-06-01", "closed"),
        ("B", "2021-06-01", "listed"),
        ("B", "2021-07-01", "checked"),
        ("C", "2021-03-01", "passed"),
    )
    assert open_on(one, date.fromisoformat(day)) == there


def test_transitions_are_data():
    raw = POLICY["loop"]
    again = {**raw, "transitions": {**raw["transitions"], "passed": ["listed"]}}
    listed_again = county(
        ("A", "2021-03-01", "listed"),
        ("A", "2021-04-01", "checked"),
        ("A", "2021-05-01", "plan"),
        ("A", "2021-06-01", "passed"),
        ("A", "2022-02-01", "listed"),
        loop=again,
    )
    assert loop(listed_again).paths["A"].state == "listed"


def test_a_step_without_transitions_is_refused_by_name():
    policy = {**POLICY, "loop": {**POLICY["loop"], "ends": ["archived"]}}
    with pytest.raises(ConfigurationError, match="no transitions for 'archived'"):
        loop_rule(policy)


def test_a_check_is_not_overdue_on_its_day_and_is_on_the_next():
    record = ("A", "2021-03-01", "listed")
    assert pd.isna(standing(record, as_of="2021-12-31")["days_overdue"])
    late = standing(record, as_of="2022-01-01")
    assert (late["owed"], late["days_overdue"], late["codes"]) == ("check", 1, ("check_overdue",))


FIRST = ("Z", "2021-03-01", "listed")


def test_a_firm_listed_after_the_plans_day_has_the_term_of_its_own_record():
    late = standing(FIRST, ("A", "2022-02-01", "listed", {"due_on": "2022-05-31"}))
    assert (late["due_on"], late["days_overdue"]) == (pd.Timestamp("2022-05-31"), 30)


def test_where_its_record_tells_none_it_has_the_days_of_the_policy():
    late = standing(FIRST, ("A", "2022-02-01", "listed"))
    assert (late["due_on"], late["days_overdue"]) == (pd.Timestamp("2022-05-02"), 59)
    checked = standing(FIRST, ("A", "2022-02-01", "listed"), ("A", "2022-03-01", "checked"))
    assert (checked["owed"], checked["due_on"]) == ("plan", pd.Timestamp("2022-07-31"))


def test_a_firm_whose_term_is_a_doubtful_day_is_not_overdue():
    one = county(FIRST, ("A", "2022-02-01", "listed", {"due_on": "2022-05-31"}))
    doubts = {"clearance_events": {1: frozenset({"due_on"})}}
    found = standings(replace(one, doubtful=doubts)).set_index("usci").loc["A"]
    assert (found["codes"], pd.isna(found["days_overdue"])) == (("in_doubt",), True)
    assert standings(one).set_index("usci").loc["A", "codes"] == ("check_overdue",)


def test_a_firm_of_which_a_record_was_set_aside_is_not_overdue():
    one = county(("A", "2021-03-01", "listed"), ("B", "2021-03-01", "listed"))
    aside = pd.DataFrame({"usci": ["A", None], "event": ["checked", "checked"]})
    found = standings(replace(one, set_aside={"clearance_events": aside})).set_index("usci")
    assert found["codes"].to_dict() == {"A": ("in_doubt",), "B": ("check_overdue",)}
    assert found["days_overdue"].isna().tolist() == [True, False]


def test_without_days_in_the_policy_it_is_told_that_there_is_no_term():
    check = dict(POLICY["loop"]["deadlines"]["check"])
    del check["days"]
    deadlines = {**POLICY["loop"]["deadlines"], "check": check}
    loop = {**POLICY["loop"], "deadlines": deadlines}
    unknown = standing(FIRST, ("A", "2022-02-01", "listed"), loop=loop)
    assert (unknown["codes"], pd.isna(unknown["due_on"])) == (("no_due_date",), True)


def test_a_first_list_that_came_too_late_is_overdue_since_the_plans_day():
    first = standing(("A", "2022-02-01", "listed"), ("B", "2022-02-02", "listed"))
    assert (first["due_on"], first["codes"]) == (pd.Timestamp("2021-12-31"), ("check_overdue",))


@pytest.mark.parametrize(
    ("due", "codes"), [("2023-12-31", ()), ("2024-01-01", ("due_after_plan",))]
)
def test_a_term_that_ends_after_the_plan_is_told(due, codes):
    way = [
        ("A", "2021-03-01", "listed"),
        ("A", "2021-05-01", "checked"),
        ("A", "2021-06-01", "plan", {"due_on": due}),
    ]
    assert standing(*way)["codes"] == codes
    assert standing(*way, ("A", "2022-06-01", "passed", {"evidence": "x"}))["codes"] == ()


def test_rectification_is_due_on_the_day_of_its_last_record():
    records = [
        ("A", "2021-03-01", "listed"),
        ("A", "2021-05-01", "checked", {"is_illegal": True}),
        ("A", "2021-06-01", "plan", {"due_on": "2021-09-30"}),
        ("A", "2021-07-01", "rectifying", {"due_on": "2022-03-31"}),
    ]
    overdue = standing(*records)
    assert overdue["codes"] == ("end_overdue", "must_close")
    assert overdue["days_overdue"] == (date(2022, 6, 30) - date(2022, 3, 31)).days
    longer = standing(*records, ("A", "2022-03-30", "rectifying", {"due_on": "2022-09-30"}))
    assert longer["codes"] == ()
    assert longer["days_in_state"] == (date(2022, 6, 30) - date(2021, 7, 1)).days


def test_a_step_done_late_is_told_and_no_longer_owed():
    records = [("A", "2021-03-01", "listed"), ("A", "2022-01-10", "checked")]
    found = standing(*records)
    assert found["codes"] == ("check_late", "plan_overdue")


def test_an_end_without_evidence_is_not_proven():
    records = [("A", "2021-03-01", "listed"), ("A", "2021-05-01", "closed", {"evidence": " "})]
    found = standing(*records)
    assert (found["is_proven"], found["codes"]) == (False, ("end_without_evidence",))


def test_without_a_column_of_evidence_it_is_not_known_whether_an_end_is_proven():
    table = county(("A", "2021-03-01", "listed"), ("A", "2021-05-01", "closed"))
    less = table.tables["clearance_events"].drop(columns="evidence")
    found = standings(example_county(policy=POLICY, clearance_events=less)).iloc[0]
    assert (pd.isna(found["is_proven"]), found["codes"]) == (True, ())


def test_a_firm_that_never_came_onto_the_list_stands_nowhere():
    assert standings(county(("A", "2021-03-01", "passed"))).empty


def test_standings_name_the_firm_where_it_is_known():
    known = county(("A", "2021-03-01", "listed"))
    firms = pd.DataFrame({"usci": ["A"], "name": ["甲厂"]})
    named = example_county(
        policy=POLICY, clearance_events=known.tables["clearance_events"], enterprises=firms
    )
    assert standings(named)["name"].tolist() == ["甲厂"]


def test_shuffled_records_give_the_same_standings():
    whole = county(
        ("A", "2021-03-01", "listed"),
        ("B", "2021-03-01", "listed"),
        ("A", "2021-03-01", "checked"),
        ("B", "2021-04-01", "closed", {"evidence": "1"}),
    )
    turned = example_county(policy=POLICY, clearance_events=whole.tables["clearance_events"][::-1])
    assert_frame_equal(standings(turned), standings(whole))
    assert_frame_equal(loop(turned).findings, loop(whole).findings)


def test_without_records_there_is_no_loop():
    with pytest.raises(Unavailable, match="clearance_events"):
        loop(example_county(policy=POLICY))
