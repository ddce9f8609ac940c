"""Lights by the gap, with the memory of the months before."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from build import POLICY, county
from tenglong.measure.clause import Label
from tenglong.measure.league.lights import light, lit
from tenglong.measure.league.ranking import league
from tenglong.measure.league.rule import LightRule
from tenglong.measure.league.rule_file import league_rule
from tenglong.measure.policy.formula import Formula

YINCHUAN = league_rule(POLICY, "townships").lights
NO_LABEL = Label("", "")


def month(gap: object = 0, *, is_started: bool | None = True) -> dict[str, object]:
    return {"gap": None if gap is None else Fraction(str(gap)), "is_started": is_started}


@pytest.mark.parametrize(
    ("gap", "colour"),
    [
        (5, "green"),
        ("-9.99", "green"),
        (-10, "yellow"),
        (-30, "yellow"),
        ("-30.01", "red"),
    ],
)
def test_yinchuan_10_to_30_points_behind_is_yellow_inclusive(gap, colour):
    assert light([month(gap)], YINCHUAN) == colour


@pytest.mark.parametrize(("months", "colour"), [(1, "yellow"), (2, "yellow"), (3, "red")])
def test_yinchuan_not_started_is_yellow_and_red_in_the_third_month(months, colour):
    assert light([month(-3, is_started=False)] * months, YINCHUAN) == colour


def test_a_start_breaks_the_memory():
    idle, going = month(-3, is_started=False), month(-3)
    assert light([idle, idle, going, idle], YINCHUAN) == "yellow"


def test_a_month_that_is_not_known_breaks_the_memory():
    idle = month(-3, is_started=False)
    assert light([idle, idle, None, idle], YINCHUAN) == "yellow"


def test_what_is_not_known_is_never_green():
    assert light([month(None, is_started=None)], YINCHUAN) is None
    assert light([None], YINCHUAN) is None


def test_a_light_can_remember_lights():
    rules = (
        LightRule("red", NO_LABEL, Formula.parse("months_yellow >= 2 and gap < 0")),
        LightRule("yellow", NO_LABEL, Formula.parse("gap < 0")),
        LightRule("blue", NO_LABEL),
    )
    lights = [light([month(-1)] * months, rules) for months in (1, 2, 3, 4)]
    assert lights == ["yellow", "yellow", "red", "yellow"]
    assert light([month(1)], rules) == "blue"


def test_the_memory_of_lights_begins_anew_after_another_light():
    rules = (
        LightRule("red", NO_LABEL, Formula.parse("months_yellow >= 2 and gap < 0")),
        LightRule("yellow", NO_LABEL, Formula.parse("gap < 0")),
        LightRule("blue", NO_LABEL),
    )
    lights = [light([month(-1)] * months, rules) for months in range(1, 7)]
    assert lights == ["yellow", "yellow", "red", "yellow", "yellow", "red"]
    behind, unknown = [month(-1)] * 2, [None]
    assert light([*behind, *unknown, month(-1)], rules) == "yellow"
    assert light([*behind, month(1), month(-1)], rules) == "yellow"


@pytest.mark.parametrize(("months", "colour"), [(1, "yellow"), (2, "yellow"), (3, "red")])
@pytest.mark.parametrize("before", [month(-3), None])
def test_months_that_were_not_started_count_from_the_last_start(before, months, colour):
    idle = month(-3, is_started=False)
    assert light([idle, idle, before, *[idle] * months], YINCHUAN) == colour
    assert light([idle, idle, month(-3)], YINCHUAN) == "green"


@given(st.fractions(-100, 100), st.fractions(-100, 100))
def test_a_smaller_gap_never_has_a_better_light(one, other):
    order = ["red", "yellow", "green"]
    worse, better = sorted((one, other))
    assert order.index(light([month(worse)], YINCHUAN)) <= order.index(
        light([month(better)], YINCHUAN)
    )


def plain_light(history: list[tuple[float, bool]]) -> str:
    """Apply the rule once more, counting back from the end."""
    idle = 0
    for _, is_started in reversed(history):
        if is_started:
            break
        idle += 1
    gap = history[-1][0]
    if gap < -30 or idle >= 3:
        return "red"
    return "yellow" if gap <= -10 or idle else "green"


@given(st.lists(st.tuples(st.integers(-60, 60), st.booleans()), min_size=1, max_size=8))
def test_the_lights_are_those_of_a_plain_recount(history):
    facts = [month(gap, is_started=is_started) for gap, is_started in history]
    assert light(facts, YINCHUAN) == plain_light(history)


REPORTED = {
    "name": {"zh": "项目", "en": "projects"},
    "weight": 1,
    "unit": "个",
    "span": "year",
    "target": {"each": 12},
    "reported": {code: {"2022-01-31": 0, "2022-04-30": 6} for code in "abc"},
}


def standing(as_of: str, *, more=None, **item):
    """Give a league of three towns with one item, or with more of them."""
    rule = {
        **POLICY["league"]["leagues"]["townships"],
        "items": {"projects": {**REPORTED, **item}, **(more or {})},
        "members": {"a": "甲", "b": "乙", "c": "丙"},
        "bonuses": {},
        "deductions": {},
        "least_items": 1,
    }
    return league(county(as_of, policy={"league": {"source": "…", "leagues": {"t": rule}}}), "t")


def test_three_standings_in_a_row_turn_red_together():
    months = [standing(day) for day in ("2022-01-31", "2022-02-28", "2022-03-31")]
    assert lit(months[:1])["a"].light == "yellow"
    assert lit(months)["a"].light == "red"
    assert lit(months)["a"].rows[0].light == "red"
    assert months[-1]["a"].light == "yellow", "one standing alone has no memory"


def test_a_month_between_breaks_the_memory():
    months = [standing(day) for day in ("2021-12-31", "2022-01-31", "2022-03-31")]
    assert lit(months)["a"].light == "yellow"


def test_started_and_ahead_is_green_again():
    days = ("2022-02-28", "2022-03-31", "2022-04-30")
    assert lit([standing(day) for day in days])["a"].light == "green"


def test_standings_out_of_order_are_refused():
    months = [standing("2022-02-28"), standing("2022-01-31")]
    with pytest.raises(ValueError, match="one a month, oldest first"):
        lit(months)


def test_standings_of_two_leagues_are_refused():
    other = replace(standing("2022-01-31"), league="other")
    with pytest.raises(ValueError, match="of one league"):
        lit([other, standing("2022-02-28")])


def test_a_standing_has_the_day_of_its_county():
    assert standing("2022-02-28").as_of == date(2022, 2, 28)


def of_spring(**more):
    return [standing(day, **more) for day in ("2022-01-31", "2022-02-28", "2022-03-31")]


def test_every_member_has_the_light_of_its_own_months():
    reported = {"a": {"2022-01-31": 12}, "b": {"2022-01-31": 0}, "c": {"2022-01-31": 12}}
    found = lit(of_spring(reported=reported))
    assert [found[code].light for code in "abc"] == ["green", "red", "green"]
    assert [found[code].rows[0].light for code in "abc"] == ["green", "red", "green"]


def test_every_item_has_the_light_of_its_own_months():
    done = {**REPORTED, "reported": {code: {"2022-01-31": 12} for code in "abc"}}
    for_one = of_spring(more={"firms": done})
    assert [row.light for row in lit(for_one)["a"].rows] == ["red", "green"]
    # As a whole it has started, and half is done when a quarter is due.
    assert lit(for_one)["a"].light == "green"


def test_who_is_not_scored_has_no_light_and_is_not_remembered():
    months = of_spring(reported={"a": {"2022-01-31": 0}, "b": {"2022-01-31": 0}})
    found = lit(months)
    assert (found["c"].total, found["c"].light, found["c"].rows[0].light) == (None, None, None)
    assert found["a"].light == "red"


def test_who_came_later_is_remembered_since_it_came():
    first, *later = of_spring()
    without = replace(first, sheets=tuple(one for one in first.sheets if one.member != "b"))
    found = lit([without, *later])
    assert [found[code].light for code in "abc"] == ["red", "yellow", "red"]
    assert found["b"].rows[0].light == "yellow"


def test_the_lights_are_those_of_today_s_rules():
    first, last = of_spring()[1:]
    blue = replace(first, rule=replace(first.rule, lights=(LightRule("blue", NO_LABEL),)))
    assert lit([blue, last])["a"].light == "yellow"
    assert lit([last, replace(blue, as_of=date(2022, 4, 30))])["a"].light == "blue"


def test_the_memory_goes_over_the_new_year():
    reported = {code: {"2021-11-30": 0} for code in "abc"}
    days = ("2021-11-30", "2021-12-31", "2022-01-31")
    assert lit([standing(day, reported=reported) for day in days])["a"].light == "red"


def test_the_months_are_remembered_in_their_order():
    reported = {code: {"2022-01-31": 0, "2022-02-28": 6, "2022-03-31": 0} for code in "abc"}
    rules = (
        LightRule("red", NO_LABEL, Formula.parse("months_not_started >= 2")),
        LightRule("green", NO_LABEL),
    )
    months = of_spring(reported=reported)
    months = [replace(one, rule=replace(one.rule, lights=rules)) for one in months]
    assert lit(months)["a"].light == "green"
    april = replace(months[-1], as_of=date(2022, 4, 30))
    assert lit([*months, april])["a"].light == "red"


@pytest.mark.parametrize(
    "days",
    [
        ("2022-01-15", "2022-01-31"),
        ("2022-02-28", "2022-01-31", "2022-03-31"),
        ("2022-01-31", "2022-03-31", "2022-02-28"),
        ("2022-01-31", "2021-12-31"),
    ],
)
def test_two_standings_of_a_month_or_one_out_of_order_are_refused(days):
    with pytest.raises(ValueError, match="one a month, oldest first"):
        lit([standing(day) for day in days])
