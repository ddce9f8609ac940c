"""Which projects are meant, where a blank leaves that open, and which stage was passed unseen."""

from dataclasses import replace

import pytest

from build import POLICY, county
from tenglong.measure.project.choice import Choice, chosen_projects, has_passed

STAGES = list(POLICY["projects"]["stages"])


def projects(**columns):
    count = len(next(iter(columns.values())))
    return county(projects={"project_id": list("PQRSTU")[:count], **columns})


def names(found):
    return "".join(found["project_id"])


@pytest.mark.parametrize(
    ("options", "chosen"),
    [
        ({}, "PQRS"),
        ({"exclude_enclave": True}, "Q"),
        ({"among": {"is_enclave": True}}, "P"),
        ({"among": {"is_single": False}}, "RS"),
        ({"among": {"is_single": False}, "exclude_enclave": True}, ""),
        ({"kind": "new"}, "PQ"),
        ({"min_investment_wan": 100}, "PR"),
        ({"kind": "new", "min_investment_wan": 100}, "P"),
    ],
)
def test_a_project_is_chosen_where_all_that_is_asked_is_known_to_hold(options, chosen):
    one = projects(
        is_enclave=[True, False, None, None],
        is_single=[True, True, False, False],
        kind=["new", "new", "upgrade", None],
        total_investment_wan=[100.0, 99.9, 200.0, None],
    )
    assert names(chosen_projects(one, **options)) == chosen


def test_a_blank_is_told_only_where_it_decides():
    one = projects(
        is_manufacturing=[None, False, True, True, None],
        is_enclave=[None, None, None, False, True],
        kind=["new", "new", None, "new", "new"],
        total_investment_wan=[100.0, 100.0, 100.0, None, 100.0],
        landed_on=[None, "2021-03-01", "2021-03-01", None, "2021-03-01"],
    )
    choice = Choice.of(
        one,
        among={"is_manufacturing": True},
        kind="new",
        min_investment_wan=100,
        exclude_enclave=True,
    )
    every = one.table("projects").index
    told = [(blank.column, blank.row) for blank in choice.blanks(one, every, "landed_on")]
    assert told == [
        ("is_manufacturing", 0),
        ("is_enclave", 0),
        ("is_enclave", 2),
        ("kind", 2),
        ("total_investment_wan", 3),
        ("landed_on", 0),
        ("landed_on", 3),
    ]
    assert [(blank.column, blank.row) for blank in choice.blanks(one, every[2:3])] == [
        ("is_enclave", 2),
        ("kind", 2),
    ]


def passed(stage, **days):
    """Say whether a project with these days has passed a stage; the other days are blank."""
    one = projects(**{name: [days.get(name)] for name in STAGES})
    return has_passed(one, one.table("projects"), stage).tolist()[0]


@pytest.mark.parametrize("later", STAGES[2:])
def test_a_stage_without_its_day_is_passed_where_any_later_one_has_a_day(later):
    assert passed("landed_on", **{later: "2021-05-20"})


def test_a_stage_is_not_passed_by_its_own_day_nor_by_an_earlier_one():
    assert not passed("landed_on")
    assert not passed("landed_on", signed_on="2021-01-01")
    assert not passed("landed_on", landed_on="2021-03-01", started_on="2021-05-20")
    assert not passed("capacity_on", production_on="2021-05-20")


def test_of_a_stage_that_no_policy_knows_it_cannot_be_said_that_it_was_passed():
    one = projects(assessed_on=[None], landed_on=[None], started_on=["2021-05-20"])
    frame = one.table("projects")
    assert has_passed(one, frame, "assessed_on").tolist() == [False]
    assert has_passed(replace(one, policy={}), frame, "landed_on").tolist() == [False]
