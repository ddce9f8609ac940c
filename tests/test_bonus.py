"""Bonuses and deductions of one sheet, the change of ranks, and figures that members report."""

from datetime import date
from fractions import Fraction

import pytest

from build import county
from tenglong.measure.clause import Label
from tenglong.measure.league.items import _reported, window_of
from tenglong.measure.league.ranking import _members, against, extras
from tenglong.measure.league.rule import Span
from tenglong.measure.league.rule_file import league_rules
from tenglong.measure.league.standing import Standing
from test_league import EQUAL, RULE, policy, row, sheet

SCORED = sheet(
    row(1, 1, status="missed"),
    row(1, 1, status="missed"),
    row(1, 1, status="behind"),
    row(1, 1),
    row(1, is_unknown=True, status="no_data"),
    score=Fraction(50),
)


def with_extra(kind, points, one=SCORED, **more):
    """Give a sheet the one bonus or deduction of its league."""
    extra = {"b": {"name": {"zh": "加", "en": "b"}, "points": points, **more}}
    rule = league_rules(policy({"x": EQUAL}, **{kind: extra}))["t"]
    [found] = extras(county(parcels={"parcel_id": ["p"], "township": ["t"]}), rule, [one])
    return found


@pytest.mark.parametrize(
    ("points", "gained"),
    [
        ("3 * missed + behind", 7),
        ("no_data + stale + achieved", 1),
        ("items", 5),
        ("judged", 4),
        ("unknown", 1),
        ("score / 10", 5),
        ("behind - missed", 0),
    ],
)
def test_points_go_by_how_many_rows_have_each_status(points, gained):
    found = with_extra("bonuses", points)
    assert (found.bonus, found.deduction, found.total) == (gained, 0, 50 + gained)
    found = with_extra("deductions", points)
    assert (found.bonus, found.deduction, found.total) == (0, gained, 50 - gained)


@pytest.mark.parametrize(("most", "gained"), [(3, 2), (2, 2), (1, 1), (0, 0), (None, 2)])
def test_points_stop_at_their_most(most, gained):
    more = {} if most is None else {"most": most}
    assert with_extra("bonuses", "missed", **more).bonus == gained


def test_what_divides_by_nothing_gives_no_points_and_says_so():
    [found] = with_extra("bonuses", "1 / achieved").bonuses
    assert (found.points, found.code, found.undecided) == (0, "not_known", 0)
    [known] = with_extra("bonuses", "1 / missed").bonuses
    assert (known.points, known.code) == (Fraction(1, 2), "")


def test_what_is_counted_is_the_member_s_own():
    count = {"table": "parcels"}
    assert with_extra("bonuses", "counted", count=count).bonus == 1
    other = with_extra("bonuses", "counted", sheet(row(1, 1), member="u"), count=count)
    assert (other.bonus, other.total) == (0, None)


def test_a_bonus_makes_no_total_where_there_is_no_score():
    found = with_extra("bonuses", "items", sheet(row(1, is_unknown=True)))
    assert (found.bonus, found.total) == (1, None)


def test_who_had_no_rank_before_is_new_and_who_has_none_now_is_not():
    june, march = date(2022, 6, 30), date(2022, 3, 31)
    now = Standing(
        "t",
        june,
        RULE,
        (
            sheet(member="a", rank=1),
            sheet(member="b", rank=2),
            sheet(member="c", code="no_target"),
            sheet(member="d", code="no_target"),
        ),
    )
    before = Standing("t", march, RULE, (sheet(member="a", rank=3), sheet(member="c", rank=1)))
    found = against(now, before)
    assert found.previous_on == march
    told = [(one.member, one.rank_before, one.change, one.code) for one in found.sheets]
    assert told == [
        ("a", 3, 2, ""),
        ("b", None, None, "new"),
        ("c", 1, None, "no_target"),
        ("d", None, None, "no_target"),
    ]


def test_members_are_called_as_the_policy_or_the_table_calls_them():
    names = {"a": "甲", "b": {"zh": "乙", "en": "Yi"}}
    rule = league_rules(policy({"x": EQUAL}, members=names))["t"]
    assert _members(county(), rule) == {"a": Label("甲", "甲"), "b": Label("乙", "Yi")}
    townships = {"township": ["t2", "t1"], "name": ["乙镇", "甲镇"]}
    rule = league_rules(policy({"x": EQUAL}))["t"]
    assert _members(county(townships=townships), rule) == {
        "t1": Label("甲镇", "甲镇"),
        "t2": Label("乙镇", "乙镇"),
    }


@pytest.mark.parametrize(
    ("as_of", "value", "day"),
    [
        ("2022-01-30", None, None),
        ("2022-01-31", 10, "2022-01-31"),
        ("2022-06-29", 10, "2022-01-31"),
        ("2022-06-30", 30, "2022-06-30"),
        ("2022-12-31", 99, "2022-07-01"),
    ],
)
def test_the_last_figure_that_was_reported_by_the_day_is_known(as_of, value, day):
    figures = {"2022-06-30": 30, "2022-07-01": 99, "2022-01-31": 10}
    found = _reported(figures, date.fromisoformat(as_of))
    assert (found.value, found.observed_on) == (value, day and date.fromisoformat(day))
    assert (found.is_unknown, found.code) == (value is None, "" if value else "not_reported")


def test_the_days_of_a_span_are_those_of_the_year_of_the_plan_or_none():
    of = county("2022-06-30")
    year = window_of(Span.YEAR, of)
    assert (year.start, year.end) == (date(2022, 1, 1), date(2022, 12, 31))
    assert window_of(Span.PLAN, of) == of.plan.window
    assert window_of(Span.NONE, of) is None
