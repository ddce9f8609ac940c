"""The formula of a league as it is printed: a line for every parameter that a score hangs on."""

import pytest

from tenglong.measure.league.formula import league_formula, tally_text
from tenglong.measure.league.rule_file import league_rules
from tenglong.measure.league.tally import Tally
from tenglong.measure.policy.formula import Formula
from test_league import DEPARTMENTS, TAX, item, policy

AREA = {"table": "parcels", "sum": "actual_mu", "where": "supplied_on < plan_start"}
FIRMS = {"table": "clearance_events", "distinct": "usci"}


def named(zh):
    return {"zh": zh, "en": zh}


def lines(items, **more):
    rule = league_rules(policy(items, **more))["t"]
    return [(one.code, dict(one.values)) for one in league_formula(rule, "zh").lines]


def test_every_item_is_printed_with_its_weight_its_span_and_its_target():
    items = {
        "tax": {**TAX, "weight": 2.5},
        "rate": item({"t1": 1}, {"by": {"t1": 4, "t2": 5}}, span="year", completion="progress"),
        "closed": item({"t1": 1}, {"share_of_county": {"total": 12, "by": FIRMS}}, unit="家"),
        "land": item({"t1": 1}, {"share_of_county": {"total": 7.5, "by": FIRMS}}, unit="亩"),
        "firms": item({"t1": 1}, {"share_of_county": {"clause": "a", "by": AREA}}, unit="家"),
        "freed": item({"t1": 1}, {"share_of_county": {"clause": "b", "by": AREA}}, unit="亩"),
    }
    found = lines(items)
    area = "sum(parcels.actual_mu) [supplied_on < plan_start]"
    listed = "distinct(clearance_events.usci)"
    assert found[2:-4] == [
        ("item_none", {"name": "亩均税收", "weight": "2.5"}),
        ("target_each", {"target": "20", "unit": "万元/亩"}),
        ("item_year", {"name": "事项", "weight": "1"}),
        ("target_by", {"members": 2}),
        ("item_completion", {"formula": "progress"}),
        ("item_none", {"name": "事项", "weight": "1"}),
        ("target_total_whole", {"by": listed, "unit": "家", "total": "12"}),
        ("item_none", {"name": "事项", "weight": "1"}),
        ("target_total", {"by": listed, "unit": "亩", "total": "7.5"}),
        ("item_none", {"name": "事项", "weight": "1"}),
        ("target_clause_whole", {"by": area, "unit": "家", "clause": "a"}),
        ("item_none", {"name": "事项", "weight": "1"}),
        ("target_clause", {"by": area, "unit": "亩", "clause": "b"}),
    ]


def test_the_score_the_rank_and_the_lights_are_printed_with_their_numbers():
    lights = [
        {"light": "red", "label": named("红灯"), "when": "gap < -30"},
        {"light": "green", "label": named("绿灯")},
    ]
    more = {"floor": 0.25, "ties": "dense", "decimals": 0, "lights": lights, "least_items": 2}
    assert lines({"tax": TAX}, completion="progress / pace", least_members=3, **more) == [
        ("total", {"full": "100", "cap_pct": "120", "floor_pct": "25"}),
        ("completion_paced", {"formula": "progress / pace"}),
        ("item_none", {"name": "亩均税收", "weight": "1"}),
        ("target_each", {"target": "20", "unit": "万元/亩"}),
        ("ties_dense", {}),
        ("decimals", {"decimals": 0}),
        ("least", {"members": 3, "items": 2}),
        ("most_unknown", {"pct": "20"}),
        ("light", {"light": "红灯", "when": "gap < -30"}),
        ("light_else", {"light": "绿灯"}),
    ]


def test_what_the_policy_leaves_open_has_no_line():
    assert lines({"tax": TAX})[:2] == [
        ("total", {"full": "100", "cap_pct": "120", "floor_pct": "0"}),
        ("completion", {"formula": "progress"}),
    ]
    assert [code for code, _ in lines({"tax": TAX})[4:]] == [
        *("ties_best", "least", "most_unknown", "light_else")
    ]


@pytest.mark.parametrize(
    ("kind", "code"), [("bonuses", "bonus"), ("deductions", "deduction")], ids=str
)
def test_bonuses_and_deductions_are_printed_with_what_they_count_and_their_most(kind, code):
    extras = {
        "a": {"name": named("甲"), "points": "missed"},
        "b": {"name": named("乙"), "points": "2 * missed", "most": 4},
        "c": {"name": named("丙"), "points": "counted", "count": {"table": "projects"}},
        "d": {"name": named("丁"), "points": "counted", "count": FIRMS, "most": 0.5},
    }
    assert lines({"tax": TAX}, **{kind: extras})[4:8] == [
        (code, {"name": "甲", "points": "missed", "count": ""}),
        (f"{code}_most", {"name": "乙", "points": "2 * missed", "count": "", "most": "4"}),
        (f"{code}_counted", {"name": "丙", "points": "counted", "count": "count(projects)"}),
        (
            f"{code}_counted_most",
            {
                "name": "丁",
                "points": "counted",
                "count": "distinct(clearance_events.usci)",
                "most": "0.5",
            },
        ),
    ]


def test_how_clauses_count_for_units_is_printed_as_far_as_the_policy_says_so():
    led = {"lead": 1, "together": 0.5}
    assert lines({}, **{**DEPARTMENTS, "clauses": led})[2:4] == [
        ("clauses", {"lead": "1", "together": "0.5"}),
        ("ties_best", {}),
    ]
    led |= {"least_led": 1, "not_units": ["有关乡镇", "有关部门"]}
    led |= {"without_progress": {"achieved": 1, "behind": 0.7}}
    assert lines({}, **{**DEPARTMENTS, "clauses": led})[2:7] == [
        ("clauses", {"lead": "1", "together": "0.5"}),
        ("least_led", {"clauses": 1}),
        ("not_units", {"names": "有关乡镇、有关部门"}),
        ("without_progress", {"status": "achieved", "pct": "100"}),
        ("without_progress", {"status": "behind", "pct": "70"}),
    ]


@pytest.mark.parametrize(
    ("tally", "text"),
    [
        (Tally("parcels"), "count(parcels)"),
        (Tally("parcels", sum="actual_mu"), "sum(parcels.actual_mu)"),
        (Tally("recognitions", distinct="usci"), "distinct(recognitions.usci)"),
        (Tally("parcels", Formula.parse("actual_mu > 2")), "count(parcels) [actual_mu > 2]"),
        (
            Tally("parcels", Formula.parse("actual_mu > 2"), sum="actual_mu"),
            "sum(parcels.actual_mu) [actual_mu > 2]",
        ),
    ],
)
def test_a_tally_is_written_as_the_policy_has_it(tally, text):
    assert tally_text(tally) == text
