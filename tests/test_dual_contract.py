"""The dual contract: agreed against actual dates, node by node."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from build import POLICY, county
from tenglong.measure.county import Unavailable
from tenglong.measure.project.dual_contract import (
    contract_nodes,
    contract_nodes_kept,
    contract_summary,
    dual_contracts,
    dual_contracts_signed,
    node_state,
)

TODAY = date(2022, 6, 30)
COLUMNS = (
    "agreed_start_on",
    "agreed_completion_on",
    "agreed_production_on",
    "agreed_capacity_on",
    "started_on",
    "completed_on",
    "production_on",
    "capacity_on",
)


def projects(*rows, policy=None, drop=()):
    table = {
        "project_id": [f"P{n}" for n in range(len(rows))],
        "dual_contract_on": [row.get("dual_contract_on", "2021-01-01") for row in rows],
        **{name: [row.get(name) for row in rows] for name in COLUMNS if name not in drop},
    }
    return county(policy=policy, projects=table)


@pytest.mark.parametrize(
    ("agreed", "actual", "state", "late"),
    [
        ("2022-03-31", "2022-03-31", "kept", None),
        ("2022-03-31", "2022-01-01", "kept", None),
        ("2022-03-31", "2022-04-01", "late", 1),
        ("2022-03-31", None, "overdue", 91),
        ("2022-06-30", None, "not_due", None),
        ("2022-06-29", None, "overdue", 1),
        ("2022-07-01", None, "not_due", None),
        (None, "2022-03-31", "not_agreed", None),
    ],
)
def test_a_node_is_kept_until_the_day_agreed_is_over(agreed, actual, state, late):
    days = [date.fromisoformat(day) if day else None for day in (agreed, actual)]
    found = node_state(*days, as_of=TODAY)
    assert (found.state, found.days_late) == (state, late)


def test_grace_keeps_a_node_but_late_days_count_from_the_day_agreed():
    agreed = date(2022, 3, 31)
    kept, late = (
        node_state(agreed, agreed + timedelta(days=days), as_of=TODAY, grace_days=30)
        for days in (30, 31)
    )
    assert (kept.state, late.state, late.days_late) == ("kept", "late", 31)


def test_one_late_node_breaks_the_contract():
    one = projects(
        {
            "agreed_start_on": "2021-03-01",
            "started_on": "2021-03-01",
            "agreed_completion_on": "2022-03-01",
        }
    )
    found = dual_contracts(one).iloc[0]
    assert (found["state"], found["nodes_kept"], found["nodes_late"]) == ("broken", 1, 1)
    assert found["worst_days_late"] == 121


def test_a_contract_with_nothing_due_yet_is_neither_kept_nor_broken():
    assert dual_contracts(projects({"agreed_start_on": "2022-09-01"}))["state"].tolist() == [
        "not_due"
    ]


def test_a_contract_that_was_not_signed_is_said_before_all():
    one = projects({"dual_contract_on": None, "agreed_start_on": "2021-03-01"})
    assert dual_contracts(one)["state"].tolist() == ["not_signed"]
    assert contract_nodes(one)["state"].tolist()[0] == "overdue"


def test_no_day_agreed_is_no_contract_to_keep():
    assert dual_contracts(projects({}))["state"].tolist() == ["not_agreed"]


def test_removing_a_date_makes_only_its_node_unknown():
    row = {
        "agreed_start_on": "2021-03-01",
        "started_on": "2021-03-01",
        "agreed_completion_on": "2022-03-01",
        "completed_on": "2022-03-01",
    }
    found = contract_nodes(projects(row, drop=("completed_on",)))
    assert found["state"].tolist() == ["kept", "cannot_tell", "not_agreed", "not_agreed"]
    assert dual_contracts(projects(row, drop=("completed_on",)))["state"].tolist() == [
        "cannot_tell"
    ]


def test_without_the_day_of_the_contract_it_is_named():
    with pytest.raises(Unavailable, match=r"projects\.dual_contract_on"):
        dual_contracts(county(projects={"project_id": ["P"]}))


def test_a_policy_may_agree_on_other_nodes():
    rule = POLICY["projects"]
    nodes = {"start": {"agreed": "agreed_start_on", "actual": "started_on"}}
    policy = {"projects": {**rule, "nodes": nodes}}
    one = projects({"agreed_start_on": "2021-03-01"}, policy=policy)
    assert contract_nodes(one)["node"].tolist() == ["start"]


agreements = st.lists(
    st.tuples(
        st.one_of(st.none(), st.dates(date(2021, 1, 1), date(2023, 12, 31))),
        st.one_of(st.none(), st.dates(date(2021, 1, 1), TODAY)),
        st.booleans(),
    ),
    min_size=1,
    max_size=10,
)


@given(agreements)
def test_the_summary_is_that_of_a_bare_loop(drawn):
    rows = [
        {
            "agreed_start_on": agreed,
            "started_on": actual,
            "dual_contract_on": "2021-01-01" if is_signed else None,
        }
        for agreed, actual, is_signed in drawn
    ]
    counts = {"agreed": 0, "kept": 0, "late": 0, "overdue": 0, "not_due": 0}
    for agreed, actual, is_signed in drawn:
        if not is_signed or agreed is None:
            continue
        counts["agreed"] += 1
        if actual is not None and actual <= agreed:
            counts["kept"] += 1
        elif actual is not None:
            counts["late"] += 1
        elif agreed < TODAY:
            counts["overdue"] += 1
        else:
            counts["not_due"] += 1
    found = contract_summary(projects(*rows)).iloc[0]
    assert {name: int(found[name]) for name in counts} == counts
    assert found["decided"] == counts["kept"] + counts["late"] + counts["overdue"]


def test_a_node_whose_day_is_doubtful_cannot_be_told():
    one = projects({"agreed_start_on": "2022-03-31"})
    for column, state in (
        ("agreed_start_on", "cannot_tell"),
        ("started_on", "cannot_tell"),
        ("terminated_on", "cannot_tell"),
        ("agreed_completion_on", "overdue"),
    ):
        doubted = replace(one, doubtful={"projects": {0: frozenset({column})}})
        nodes = contract_nodes(doubted).set_index("node")["state"]
        assert nodes["start"] == state


def test_a_node_that_was_kept_stays_kept_whatever_day_the_project_was_given_up():
    one = projects({"agreed_start_on": "2022-03-31", "started_on": "2022-03-31"})
    doubted = replace(one, doubtful={"projects": {0: frozenset({"terminated_on"})}})
    assert contract_nodes(doubted)["state"].tolist()[0] == "kept"


NODES = list(POLICY["projects"]["nodes"])
LATE = {"agreed_start_on": "2022-03-31", "started_on": "2022-04-10"}
OVERDUE = {"agreed_completion_on": "2022-06-29", "agreed_production_on": "2022-06-09"}


def test_the_days_late_of_a_contract_are_those_of_its_worst_node():
    found = dual_contracts(projects({**LATE, **OVERDUE}, {}))
    assert found["worst_days_late"].isna().tolist() == [False, True]
    assert found.iloc[0]["worst_days_late"] == 21
    assert list(found.columns)[:2] == ["project_id", "signed_on"]
    assert found["state"].tolist() == ["broken", "not_agreed"]


def test_of_a_node_that_cannot_be_told_nothing_is_counted():
    numbers = ["agreed", "decided", "kept", "late", "overdue", "not_due", "worst_days_late"]
    found = contract_summary(projects(LATE, drop=("completed_on", "agreed_capacity_on")))
    assert found["node"].tolist() == NODES
    assert found.set_index("node").loc["start", numbers].tolist() == [1, 1, 0, 1, 0, 0, 10]
    untold = found[numbers].isna().all(axis=1)
    assert untold.tolist() == [False, True, False, True]
    agreed = tuple(name for name in COLUMNS if name.startswith("agreed"))
    nothing = contract_summary(projects(LATE, drop=agreed))
    assert nothing["node"].tolist() == NODES
    assert nothing[numbers].isna().all(axis=None)


def test_where_nobody_has_signed_no_node_counts():
    found = contract_summary(projects({**LATE, "dual_contract_on": None}))
    assert found["agreed"].tolist() == [0] * 4
    assert found["late"].tolist() == [0] * 4
    assert found["worst_days_late"].isna().all()


def test_nodes_kept_are_of_those_due_in_signed_contracts():
    one = projects(
        {**LATE, **OVERDUE, "agreed_capacity_on": "2022-12-31"},
        {"agreed_start_on": "2022-03-31", "started_on": "2022-03-31"},
        {"agreed_start_on": "2022-03-31", "started_on": "2022-03-01", "dual_contract_on": None},
    )
    found = contract_nodes_kept(one)
    assert (found.done, found.required, found.unit) == (1, 4, "个")
    assert found.evidence[0].rows["state"].tolist() == ["late", "overdue", "overdue", "kept"]


def test_contracts_are_asked_of_manufacturing_projects_that_landed_and_were_not_given_up():
    one = county(
        projects={
            "project_id": list("PQRSTUV"),
            "is_manufacturing": [True, True, True, True, True, False, None],
            "landed_on": ["2021-05-20"] * 3 + [None] + ["2021-05-20"] * 3,
            "terminated_on": [None] * 4 + ["2022-01-01", None, None],
            "dual_contract_on": ["2021-06-01", "2021-06-01", None] + ["2021-06-01"] * 4,
        }
    )
    found = dual_contracts_signed(one)
    assert (found.done, found.required, found.unit) == (2, 3, "个")
    assert found.evidence[0].rows["project_id"].tolist() == ["P", "Q", "R"]
