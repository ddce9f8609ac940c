"""When reports are due: the day of the month, the clock, the window of the plan."""

from datetime import UTC, datetime, timedelta

import pytest

from schedules import FILE, Place, county, figures, rule
from tenglong.errors import ConfigurationError, UsageError
from tenglong.measure.clause import Window
from tenglong.measure.period import period_of
from tenglong.run.schedule.agenda import State, agenda_of
from tenglong.run.schedule.clock import now_of
from tenglong.source.plan import load_plan

PLAN = load_plan("wencheng-2021-2023")
PERIODS = 36 + 12 + 3


def days(**changes):
    usual = {"months_after": 1, "day": 15}
    return {name: {**usual, **changes.get(name, {})} for name in ("month", "quarter", "year")}


def agenda(now, numbers=None, **changes):
    kept = rule(**changes)
    return agenda_of(PLAN.window, kept, now_of(now, kept), numbers or {})


@pytest.mark.parametrize(
    ("period", "due"),
    [
        ("2022-06", "2022-07-15T06:30:00+08:00"),
        ("2022-12", "2023-01-15T06:30:00+08:00"),
        ("2022Q4", "2023-01-20T06:30:00+08:00"),
        ("2021", "2022-04-30T06:30:00+08:00"),
        ("2023", "2024-04-30T06:30:00+08:00"),
    ],
)
def test_a_report_is_due_on_the_day_of_the_policy_by_the_clock_of_china(period, due):
    assert rule().due_at(period_of(period)).isoformat() == due


@pytest.mark.parametrize(
    ("period", "due"),
    [("2023-01", "2023-02-28"), ("2024-01", "2024-02-29"), ("2023-03", "2023-04-30")],
)
def test_a_day_that_the_month_lacks_is_its_last_one(period, due):
    late = rule(days=days(month={"day": 31}))
    assert late.due_at(period_of(period)).date().isoformat() == due


def test_the_29th_of_february_is_a_day_like_any_other():
    leap = rule(days=days(year={"months_after": 2, "day": 29}))
    assert [leap.due_at(period_of(year)).date().isoformat() for year in ("2022", "2023")] == [
        "2023-02-28",
        "2024-02-29",
    ]
    assert now_of("2024-02-29", leap).isoformat() == "2024-02-29T06:30:00+08:00"
    with pytest.raises(UsageError):
        now_of("2023-02-29", leap)
    earlier = leap.months_before(now_of("2024-02-29", leap), 12)
    assert earlier.date().isoformat() == "2023-02-28"


def test_the_last_years_report_falls_after_the_plans_window():
    last = agenda("2023-12-31").entries[-1]
    assert last.period.name == "2023"
    assert last.due_at.date() > PLAN.window.end
    assert last.state is State.NOT_YET
    assert agenda("2024-05-01").next is None


def test_every_period_of_the_plan_is_on_the_agenda_once_and_none_else():
    names = [entry.period.name for entry in agenda("2022-07-15").entries]
    assert len(names) == len(set(names)) == PERIODS
    assert {name[:4] for name in names} == {"2021", "2022", "2023"}


def test_a_window_within_a_year_has_the_periods_that_lie_in_it_alone():
    short = Window(start=datetime(2022, 2, 1, tzinfo=UTC).date(), end=PLAN.window.end)
    kept = rule()
    names = [
        one.period.name for one in agenda_of(short, kept, now_of("2022-07-15", kept), {}).entries
    ]
    assert names[0] == "2022-02"
    assert not {"2022", "2022Q1", "2022-01"} & set(names)


def test_what_is_made_due_missed_and_not_yet():
    found = {one.period.name: one for one in agenda("2022-07-16", {"2022Q1": 0}).entries}
    assert found["2022Q1"].state is State.MADE
    assert found["2022-06"].state is State.DUE
    assert found["2022-05"].state is State.MISSED  # since 15 June, 31 days
    assert found["2022Q2"].state is State.NOT_YET
    assert found["2022Q2"].due_at.isoformat() == "2022-07-20T06:30:00+08:00"


def test_it_is_due_from_the_hour_on_whatever_zone_it_is_asked_in():
    due = rule().due_at(period_of("2022-06"))
    assert now_of("2022-07-15T06:29:59", rule()) < due
    for typed in ("2022-07-15T06:30", "2022-07-14T22:30Z", "2022-07-14 18:30-04:00"):
        assert now_of(typed, rule()) == due


def test_the_machines_own_time_zone_says_nothing(monkeypatch):
    told = set()
    for zone in ("UTC", "America/New_York", "Pacific/Kiritimati"):
        monkeypatch.setenv("TZ", zone)
        told.add(now_of("2022-07-15", rule()).isoformat())
        assert now_of(None, rule()).utcoffset() == timedelta(hours=8)
    assert told == {"2022-07-15T06:30:00+08:00"}


@pytest.mark.parametrize("typed", ["2022-7-15", "yesterday", "", "2022-07-15 25:00", "2022-13-01"])
def test_a_moment_that_is_none_is_refused(typed):
    with pytest.raises(UsageError, match="--now must be"):
        now_of(typed, rule())


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"time_zone": "Asia/Wencheng"}, "time_zone: 'Asia/Wencheng' must be a time zone"),
        ({"at": "6.30"}, "at: '6.30' must be a time of day"),
        ({"at": 390}, "at: 390 must be a time of day"),  # YAML reads 6:30 as 390
        ({"days": days(month={"day": 32})}, "days.month.day: must be a day of a month"),
        ({"days": days(year={"months_after": -1})}, "days.year.months_after: must not lie before"),
        (
            {"retry": {"times": -1, "first_pause_s": 1, "factor": 1}},
            "retry.times: must be at least 0",
        ),
        ({"overdue_days": 0}, "overdue_days: must be at least 1"),
        ({"log": {"most_kb": 0, "kept": 1}}, "log.most_kb: must be at least 1"),
        ({"revise_months": "all"}, "revise_months: 'all' must be a whole number"),
    ],
)
def test_a_rule_that_cannot_work_is_refused_with_its_place(changes, fault):
    with pytest.raises(ConfigurationError) as refused:
        rule(**changes)
    assert str(refused.value).startswith(f"policy schedule: {fault}")
    assert refused.value.zh.startswith("政策 schedule.yml：")


def test_what_was_missed_long_ago_is_not_caught_up():
    kept = rule(catch_up_months=3)
    found = agenda_of(PLAN.window, kept, now_of("2022-12-01", kept), {})
    names = [one.period.name for one in found.to_make(kept, catches_up=True)]
    assert names[0] == "2022-08"
    assert "2022-07" not in names
    assert [one.period.name for one in found.to_make(kept, catches_up=False)] == ["2022-10"]


def test_a_county_may_have_days_of_its_own(tmp_path):
    policy = (
        "source: 本县\ntime_zone: Asia/Shanghai\nat: '08:00'\noverdue_days: 5\ncatch_up_months: 9\n"
        "days: {month: {months_after: 1, day: 8}, quarter: {months_after: 1, day: 10},"
        " year: {months_after: 2, day: 28}}\n"
        "revise_months: 1\nretry: {times: 0, first_pause_s: 1, factor: 1}\n"
        "time_limit_minutes: 1\ninbox: {still_minutes: 1}\nlog: {most_kb: 1, kept: 1}\n"
    )
    folder = county(tmp_path / "county", {FILE: figures(m2022_06=5)}, policy="own")
    (folder / "own").mkdir()
    (folder / "own" / "schedule.yml").write_text(policy, encoding="utf-8")
    from tenglong.run.schedule.due import open_schedule  # noqa: PLC0415 - the others need it not

    own = open_schedule(str(folder), tmp_path / "out", language="zh", notebooks=None)
    assert own.rule.due_at(period_of("2022-06")).isoformat() == "2022-07-08T08:00:00+08:00"


def test_to_look_changes_nothing(tmp_path):
    place = Place(tmp_path, county(tmp_path / "county", {FILE: figures(m2022_06=5)}))
    before = sorted(tmp_path.rglob("*"))
    assert place.states("2022-07-15")["2022-06"] == "due"
    assert sorted(tmp_path.rglob("*")) == before
