"""What a bulletin tells: highlights, problems and next steps, chosen by rules that are data."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from build import BANDS, POLICY, baseline, clause, county, flow, series
from tenglong.errors import ConfigurationError, UsageError
from tenglong.measure.board.change import Change
from tenglong.measure.bulletin.pick import bulletin_rule, highlights, idle, overdue, problems, stuck
from tenglong.measure.bulletin.points import Case, Cases, Clauses, steps
from tenglong.measure.clause import IndicatorRef, Kind, Label
from tenglong.measure.firm.places import within
from tenglong.measure.judge.kinds import assess
from tenglong.measure.league.standing import Sheet, Standing
from tenglong.measure.reading import Gap, Happened, NotKnown
from tenglong.measure.sheet.bulletin import bulletin_sheet, reported
from tenglong.source import describe_bundle, open_county, read_bundle

MARCH, JUNE = date(2022, 3, 31), date(2022, 6, 30)
RULE = bulletin_rule(POLICY)


def counts(name, before, now, **more):
    """Give a clause of 20 firms that stood at one count in March and at another in June."""
    of = clause(Kind.CUMULATIVE, 20, id=name, unit="家", **more)
    judged = (
        assess(of, flow(("2021-05-01", count), unit="家"), as_of=day, bands=BANDS)
        for day, count in ((MARCH, before), (JUNE, now))
    )
    return Change(*judged)


def told(*changes, rule=RULE, standings=()):
    """Give the problems by their code, with the ids of their clauses."""
    found, _ = problems(county(), changes, standings, rule)
    return {
        group.code: [one.clause.id for one in group.changes]
        for group in found
        if isinstance(group, Clauses)
    }


def praised(*changes, rule=RULE, standings=()):
    return {
        group.code: [one.clause.id for one in group.changes]
        for group in highlights(changes, standings, rule)
        if isinstance(group, Clauses)
    }


def test_a_clause_is_told_once_where_it_belongs_first():
    assert praised(counts("new", 8, 20), counts("old", 20, 20)) == {"achieved": ["new"]}
    assert praised(counts("rose", 8, 13)) == {"rose": ["rose"]}
    assert praised(counts("ahead", 13, 14)) == {"ahead": ["ahead"]}


def test_what_is_on_schedule_and_no_better_than_before_is_no_highlight():
    assert praised(counts("steady", 9, 10)) == {}


def test_problems_come_by_severity_and_the_widest_gap_first():
    found = told(counts("far", 1, 1), counts("further", 0, 0), counts("behind", 6, 6))
    assert list(found) == ["far_behind", "behind"]
    assert found["far_behind"] == ["further", "far"]


def test_a_clause_that_fell_behind_is_told_as_that_and_not_again_as_behind():
    assert told(counts("fell", 8, 8)) == {"fell": ["fell"]}


def test_a_clause_that_fell_but_is_on_schedule_is_no_problem():
    assert counts("fell", 13, 11).move == "worse"
    assert told(counts("fell", 13, 11)) == {}


def test_what_cannot_be_judged_is_a_problem_and_what_does_not_apply_is_none():
    unknown = assess(
        clause(Kind.CUMULATIVE, 20, id="unknown"),
        NotKnown(Gap.NO_DATA, "no_table", "clearance_events"),
        as_of=JUNE,
        bands=BANDS,
    )
    idle_one = assess(
        clause(Kind.COVERAGE, 100, id="idle"),
        NotKnown(Gap.NOT_APPLICABLE, "nothing_required"),
        as_of=JUNE,
        bands=BANDS,
    )
    found = told(Change(unknown, unknown), Change(idle_one, idle_one))
    assert found == {"untold": ["unknown"]}


def test_a_goal_and_its_task_are_told_once():
    ref = IndicatorRef("cleared_firms", {"event": "closed"})
    twins = (counts(name, 0, 0, indicator=ref) for name in ("goal", "task"))
    assert told(*twins) == {"far_behind": ["goal"]}


def test_the_order_and_the_kinds_are_those_of_the_policy():
    turned = replace(RULE, problems={"behind": RULE.problems["behind"]})
    assert told(counts("far", 1, 1), counts("behind", 6, 6), rule=turned) == {"behind": ["behind"]}


def standing(*sheets):
    rules = open_county("data/sample").policy["league"]["leagues"]["townships"]
    return Standing("townships", JUNE, rules, sheets)


def sheet(member, rank, before, light="green"):
    label = Label(member, member)
    return Sheet(member, label, (), rank=rank, rank_before=before, light=light)


def test_who_climbed_three_places_is_a_highlight_and_a_red_light_a_problem():
    ranked = standing(sheet("甲", 1, 5), sheet("乙", 2, 3), sheet("丙", 3, 1, "red"))
    (climbed,) = highlights((), (ranked,), RULE)
    assert [one.sheet.member for one in climbed.members] == ["甲"]
    found, _ = problems(county(), (), (ranked,), RULE)
    assert [one.sheet.member for one in found[0].members] == ["丙"]


def test_what_was_not_supplied_for_a_list_is_named():
    _, lacking = problems(county(), (), (), RULE)
    assert {gap.table for gap in lacking} == {"clearance_events", "projects", "parcels"}


def test_an_overdue_firm_is_named_with_its_place_its_step_and_its_days():
    events = {
        "usci": ["A", "B", "B"],
        "event": ["listed", "listed", "checked"],
        "happened_on": ["2021-03-01", "2021-03-01", "2021-05-01"],
    }
    known = county(
        clearance_events=events,
        enterprises={"usci": ["A", "B"], "name": ["甲厂", "乙厂"], "township": ["t", "u"]},
        townships={"township": ["t"], "name": ["大峃镇"]},
    )
    late = overdue(known)
    assert [(one.name, one.place, one.step, one.days) for one in late] == [
        ("乙厂", "", "plan", 181),
        ("甲厂", "大峃镇", "check", 181),
    ]


def test_a_stuck_project_names_the_stage_that_is_due():
    dates = {stage: [None] for stage in POLICY["projects"]["stages"]}
    dates |= {"signed_on": ["2021-01-01"], "landed_on": ["2021-07-01"]}
    known = county(projects={"project_id": ["P"], "name": ["某项目"], **dates})
    (one,) = stuck(known)
    assert (one.name, one.step, one.days) == ("某项目", "started_on", 184)


def test_idle_land_that_is_to_be_taken_back_comes_first():
    parcels = {
        "parcel_id": ["fee", "back"],
        "started_on": [None, None],
        "agreed_start_on": ["2021-06-30", "2020-06-30"],
        "idle_cause": ["firm", "firm"],
        "price_wan": [300.0, 300.0],
        "actual_mu": [10.0, 5.0],
    }
    found = idle(county(parcels=parcels, occupancies={"parcel_id": [], "usci": []}))
    assert [(one.name, one.step, one.amount, one.fee_wan) for one in found] == [
        ("back", "take_back", 5, None),
        ("fee", "fee", 10, 60),
    ]


def next_of(*changes):
    found, _ = problems(county(), changes, (), RULE)
    return steps(found, JUNE)


def test_a_step_says_what_is_left_what_is_needed_a_month_and_until_when():
    (step,) = next_of(counts("x", 2, 2))
    assert (step.lead, step.left, step.due) == ("县经信局", 18, date(2023, 12, 31))
    assert (step.months_left, step.needed_rate) == (18, 1)


def test_steps_come_unit_by_unit_those_with_the_worst_problem_first():
    found = next_of(
        counts("behind", 6, 6, units=("县经信局",)),
        counts("far", 0, 0, units=("县科技局",)),
        counts("other", 7, 7, units=("县科技局",)),
        counts("nobody", 1, 1, units=()),
    )
    assert [(one.lead, one.clause.id) for one in found] == [
        ("县科技局", "far"),
        ("县科技局", "other"),
        ("县经信局", "behind"),
        ("", "nobody"),
    ]


def test_a_level_leaves_no_amount_but_a_rate():
    of = clause(Kind.LEVEL, 20, id="level", unit="万元/亩", baseline=baseline(12))
    one = assess(of, series("万元/亩", y2020=12, y2021="12.5"), as_of=JUNE, bands=BANDS)
    (step,) = next_of(Change(one, one))
    assert (step.left, step.needed_rate) == (None, Fraction("7.5") / 24)


def test_a_yearly_clause_is_due_at_the_end_of_the_running_year():
    of = clause(Kind.ANNUAL, 4, id="yearly", unit="家")
    events = [(f"2021-0{month}-01", 1) for month in range(1, 5)]
    one = assess(of, flow(*events, unit="家"), as_of=JUNE, bands=BANDS)
    (step,) = next_of(Change(one, one))
    assert (step.due, step.left, step.months_left) == (date(2022, 12, 31), 4, 6)


def test_what_is_past_its_day_has_no_months_left():
    of = clause(Kind.MILESTONE, id="done", due=date(2021, 12, 31))
    one = assess(of, Happened(None), as_of=JUNE, bands=BANDS)
    (step,) = next_of(Change(one, one))
    assert step.months_left is None


@pytest.mark.parametrize(
    ("key", "given", "fault"),
    [
        ("problems", {"misssed": {"most": 1}}, "unknown kind 'misssed' \\(did you mean 'missed'"),
        ("highlights", {"rose": {}}, "the key 'most' is missing"),
        ("units", {"idel": "x"}, "unknown kind 'idel'"),
    ],
)
def test_a_rule_that_is_wrong_is_refused_by_name(key, given, fault):
    policy = {**POLICY, "bulletin": {**POLICY["bulletin"], key: given}}
    with pytest.raises(ConfigurationError, match=fault):
        bulletin_rule(policy)


@pytest.mark.parametrize(
    ("cadence", "period", "fault"),
    [
        ("month", "2022Q2", "period must be a month"),
        ("quarter", "2022Q1", "as_of must lie in 2022Q1"),
        ("quarter", "soon", "must be a period"),
    ],
)
def test_a_period_that_does_not_fit_the_day_is_refused(cadence, period, fault):
    with pytest.raises(UsageError, match=fault):
        reported(JUNE, cadence=cadence, period=period)


@pytest.fixture(scope="module")
def of_a_township():
    known = read_bundle(describe_bundle("data/sample"))
    period = reported(JUNE, cadence="quarter")
    whole = known.on(JUNE)
    return bulletin_sheet(whole, within(whole, "黄坦镇"), on=known.on, period=period)


@pytest.mark.long
def test_a_township_has_its_own_share_led_as_the_plan_says_and_is_ranked_among_all(of_a_township):
    plan = {one.id: one.units for one in open_county("data/sample").plan.clauses}
    for one in of_a_township.board.assessments:
        assert one.clause.units == plan.get(one.clause.id, ("黄坦镇",)), one.clause.id
    assert len(of_a_township.standings[0].sheets) == 17
    closed = of_a_township.board["firms_closed"]
    assert closed.progress == closed.actual / closed.target


@pytest.mark.long
def test_only_the_townships_own_cases_are_told(of_a_township):
    places = {
        case.place
        for group in of_a_township.problems
        if isinstance(group, Cases)
        for case in group.cases
    }
    assert places == {"黄坦镇"}


def test_a_case_of_unknown_amount_is_one_and_adds_nothing():
    cases = (
        Case("甲", "", "fee", amount=Fraction(5, 2)),
        Case("乙", "", "fee"),
        Case("丙", "", "fee", amount=Fraction(3)),
    )
    found = Cases("idle", cases, most=1)
    assert (found.total, found.amount) == (3, Fraction(11, 2))
    assert Cases("idle", (), most=1).amount == 0
