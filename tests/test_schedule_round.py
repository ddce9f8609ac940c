"""A round of the schedule: what is due is made once, in order, and what fails stops nothing."""

import json
import os
import signal
import stat
from datetime import UTC, datetime, timedelta

import pytest

from schedules import CODE, FILE, Place, figures, in_child
from schedules import county as write_county
from tenglong.errors import BusyError, WriteError
from tenglong.run.schedule.log import Kind, RunLog
from tenglong.run.schedule.press import Ended
from tenglong.run.schedule.rule import LogSize
from tenglong.run.schedule.status import Status, read_status

AWAY = Ended(69, "COUNTY_DB: does not answer")
BAD_PAGE = Ended(1, "not published, failed: first")


@pytest.fixture
def place(tmp_path):
    """Give what makes a schedule of a county with figures of a year: `place(**options)`."""
    year = figures(**{f"m2022_{n:02d}": n for n in range(1, 13)})
    folder = write_county(tmp_path / "county", {FILE: year})

    def of(**options):
        return Place(tmp_path, folder, **{"overdue_days": 9, **options})

    return of


def made(place):
    return place.events("made", "revised", "unchanged", "failed")


def test_what_is_due_is_made_on_its_day_and_not_again(place):
    county = place(overdue_days=1)
    assert county.go("2022-07-14") == 0
    assert county.go("2022-07-15") == 0
    assert made(county) == [("made", "2022-06")]
    assert county.go("2022-07-15T07:30") == 0
    assert county.go("2022-07-16") == 0
    assert county.press.asked == ["2022-06"]
    assert county.states("2022-07-16")["2022-06"] == "made"


def test_a_round_that_finds_nothing_to_do_logs_nothing_and_keeps_its_status(place):
    county = place(overdue_days=1)
    county.go("2022-07-14")
    assert not county.desk.log.exists()
    assert county.status["looked_at"] == "2022-07-14T06:30:00+08:00"
    assert county.status["next"] == {"2022-06": "2022-07-15T06:30:00+08:00"}


def test_the_oldest_comes_first_and_what_was_missed_is_left_to_catching_up(place):
    county = place()
    county.go("2022-07-20")
    assert county.press.asked == ["2022-06", "2022Q2"]
    county.go("2022-07-20", catches_up=True)
    late = county.press.asked[2:]
    assert late[:5] == ["2021-01", "2021-02", "2021-03", "2021Q1", "2021-04"]
    assert late[-1] == "2022-05"
    assert len(late) == 17 + 5 + 1
    assert len(county.press.published) == len(late) + 2
    county.go("2022-07-20", catches_up=True)
    assert county.press.asked[2:] == late


def test_one_that_fails_stops_no_other_and_the_code_tells(place):
    county = place(faults={"2022-06": [BAD_PAGE]})
    assert county.go("2022-07-20") == 1
    assert made(county) == [("failed", "2022-06"), ("made", "2022Q2")]
    assert county.status["failing"]["2022-06"]["since"] == "2022-07-20T06:30:00+08:00"
    assert county.status["failing"]["2022-06"]["line"] == "not published, failed: first"


@pytest.mark.parametrize(
    ("faults", "code"),
    [
        ({"2022-06": [Ended(65, "x")], "2022Q2": [Ended(65, "y")]}, 65),
        ({"2022-06": [Ended(65, "x")], "2022Q2": [BAD_PAGE]}, 1),
        ({"2022-06": [Ended(137, "killed")]}, 1),
        ({"2022-06": [Ended(75, "busy")]}, 75),
    ],
)
def test_the_exit_code_is_that_of_what_failed(place, faults, code):
    assert place(faults=faults).go("2022-07-20") == code


def test_a_source_out_of_reach_is_asked_again_after_the_pauses_of_the_policy(place):
    county = place(faults={"2022-06": [AWAY, AWAY]})
    assert county.go("2022-07-15") == 0
    assert county.pauses == [60.0, 300.0]
    assert county.events("retried") == [("retried", "2022-06")] * 2
    assert made(county) == [("made", "2022-06")]


def test_pauses_are_those_of_a_round_however_many_reports_wait(place):
    county = place(faults={"2022-06": [AWAY] * 9, "2022Q2": [AWAY] * 9})
    assert county.go("2022-07-20") == 69
    assert county.pauses == [60.0, 300.0, 1500.0]
    assert county.press.asked == ["2022-06"] * 4 + ["2022Q2"]
    assert county.go("2022-07-20T07:30") == 69  # at the next look, again


@pytest.mark.parametrize("code", [1, 64, 65, 70, 73, 75, 78])
def test_nothing_else_is_tried_again_at_once(place, code):
    county = place(faults={"2022-06": [Ended(code, "x")]})
    assert county.go("2022-07-15") == code
    assert county.pauses == []
    assert county.press.asked == ["2022-06"]


def test_what_fails_by_itself_is_tried_when_files_change_or_on_another_day(place):
    county = place(faults={"2022-06": [BAD_PAGE] * 3})
    county.go("2022-07-15")
    county.go("2022-07-15T07:30")
    assert len(county.press.asked) == 1
    (county.bundle / FILE).write_text(figures(m2022_06=7), encoding="utf-8")
    county.go("2022-07-15T08:30")
    assert len(county.press.asked) == 2
    county.go("2022-07-15T09:30")
    assert len(county.press.asked) == 2
    county.go("2022-07-16")
    assert county.go("2022-07-17") == 0
    assert made(county) == [("failed", "2022-06")] * 3 + [("made", "2022-06")]
    assert county.status["failing"] == {}


def test_since_when_it_fails_is_kept(place):
    county = place(faults={"2022-06": [BAD_PAGE] * 3})
    for day in ("2022-07-15", "2022-07-16", "2022-07-17"):
        county.go(day)
    how = county.status["failing"]["2022-06"]
    assert (how["since"][:10], how["tried"][:10], how["times"]) == ("2022-07-15", "2022-07-17", 3)


def test_data_that_change_bring_a_revision_and_the_former_one_is_kept(place):
    county = place(overdue_days=1)
    county.go("2022-07-15")
    (county.bundle / FILE).write_text(figures(m2022_06=7), encoding="utf-8")
    assert county.states("2022-07-16")["2022-06"] == "changed"
    county.go("2022-07-16")
    assert made(county) == [("made", "2022-06"), ("revised", "2022-06")]
    assert county.status["stands"] == {"2022-06": 1}
    assert len(county.press.published["2022-06"]) == 2


def test_a_file_that_changes_without_changing_the_periods_data_is_looked_at_once(place):
    county = place(overdue_days=1)
    county.go("2022-07-15")
    with (county.bundle / FILE).open("a", encoding="utf-8") as file:
        file.write(f"{CODE},2023-01,9\n")
    for hour in (7, 8, 9):
        county.go(f"2022-07-16T0{hour}:30")
    assert made(county) == [("made", "2022-06"), ("unchanged", "2022-06")]
    assert county.press.asked == ["2022-06"] * 2


def test_a_revision_is_not_looked_for_longer_than_the_policy_says(place):
    county = place(revise_months=2, overdue_days=1)
    county.go("2022-07-15")
    (county.bundle / FILE).write_text(figures(m2022_06=7), encoding="utf-8")
    assert county.states("2022-09-15")["2022-06"] == "changed"
    assert county.states("2022-09-16")["2022-06"] == "made"


def test_a_clock_that_is_set_back_makes_nothing_twice_and_is_told_once(place):
    county = place(overdue_days=1)
    county.go("2022-07-15")
    county.go("2022-07-10")
    county.go("2022-07-10T07:30")
    county.go("2022-07-15")
    assert county.press.asked == ["2022-06"]
    assert [kind for kind, _ in county.said].count("set_back") == 1
    assert county.states("2022-07-10")["2022-06"] == "made"


def test_without_its_status_or_with_a_broken_one_nothing_is_made_twice(place):
    county = place(overdue_days=1)
    county.go("2022-07-15")
    for broken in ("", "{", "[]", '{"stands": 1, "bundle": "county"}', '{"what": 1}'):
        county.desk.status.write_text(broken)
        county.go("2022-07-15T07:30")
    county.desk.status.unlink()
    county.go("2022-07-15T08:30")
    assert made(county)[1:] == [("unchanged", "2022-06")] * 6
    assert len(county.press.published["2022-06"]) == 1


def test_two_schedules_at_once_make_nothing_twice(place):
    county = place()
    with county.desk.taken(), pytest.raises(BusyError, match="another schedule"):
        county.go("2022-07-15")
    assert county.press.asked == []
    assert BusyError.exit_code == 75
    county.go("2022-07-15")
    assert county.press.asked == ["2022-06"]


@pytest.mark.parametrize("is_published", [False, True])
def test_a_schedule_that_is_killed_is_gone_on_with_by_the_next(place, is_published):
    """The kill is a real one: nothing of the process runs after it."""
    county = place(faults={"2022-06": [lambda: os.kill(os.getpid(), signal.SIGKILL)]})
    if not is_published:
        county.press._publish = lambda _: os.kill(os.getpid(), signal.SIGKILL)
    assert in_child(lambda: county.go("2022-07-20")) == -signal.SIGKILL
    assert county.status["last_run"]["is_whole"] is False
    assert [line["event"] for line in county.log] == ["begun"]
    after = place()
    assert after.go("2022-07-20T07:30") == 0
    assert after.press.renewed == 1
    of_june = "unchanged" if is_published else "made"
    assert sorted(made(after)) == sorted([("made", "2022Q2"), (of_june, "2022-06")])
    assert len(after.press.published["2022-06"]) == 1
    assert after.status["last_run"]["is_whole"] is True
    assert after.go("2022-07-20T08:30") == 0
    assert after.press.renewed == 1


def test_a_run_that_is_killed_after_it_has_published_counts_as_made_and_is_healed(place):
    county = place(faults={"2022-06": [lambda: Ended(137, "its process was killed (signal 9)")]})
    assert county.go("2022-07-15") == 1
    assert made(county) == [("made", "2022-06")]
    county.go("2022-07-15T07:30")
    assert county.press.renewed == 1
    assert county.press.asked == ["2022-06"]


def test_a_run_that_publishes_nothing_and_says_that_all_is_well_has_failed(place):
    county = place(faults={"2022-06": [Ended(0)]})
    assert county.go("2022-07-15") == 70
    assert county.status["failing"]["2022-06"]["line"] == "it ended well, and nothing is published"


def test_a_signal_ends_the_round_with_its_code_in_the_log(place):
    county = place()

    def interrupted(_):
        raise SystemExit(143)

    county.press.make = interrupted
    with pytest.raises(SystemExit):
        county.go("2022-07-15")
    assert county.log[-1]["event"] == "ended"
    assert county.log[-1]["code"] == 143
    assert county.status["last_run"]["is_whole"] is False


def test_the_log_has_a_line_an_event_with_its_offset(place):
    county = place(faults={"2022-06": [AWAY], "2022Q2": [BAD_PAGE]})
    county.go("2022-07-20")
    assert [line["event"] for line in county.log] == ["begun", "retried", "made", "failed", "ended"]
    assert all(
        datetime.fromisoformat(line["at"]).utcoffset() == timedelta(hours=8) for line in county.log
    )
    assert len({line["run"] for line in county.log}) == 1
    assert county.log[0]["periods"] == ["2022-06", "2022Q2"]
    assert county.log[3]["code"] == 1
    assert county.log[-1]["code"] == 1


def test_the_log_is_its_owners_alone_and_the_status_a_monitors(place):
    county = place()
    old = os.umask(0)
    try:
        county.go("2022-07-15")
    finally:
        os.umask(old)
    assert stat.S_IMODE(county.desk.log.stat().st_mode) == 0o600
    assert stat.S_IMODE(county.desk.status.stat().st_mode) == 0o644


def noon():
    return datetime(2022, 7, 15, 12, tzinfo=UTC)


def test_the_log_is_bounded(tmp_path):
    log = RunLog(
        tmp_path / "log.jsonl", LogSize(1, 2), "run", lambda: datetime(2022, 7, 15).astimezone()
    )
    for number in range(100):
        log.write(Kind.FAILED, period=str(number), line="x" * 60)
    found = sorted(path.name for path in tmp_path.iterdir())
    assert found == ["log.1.jsonl", "log.2.jsonl", "log.jsonl"]
    sizes = [path.stat().st_size for path in tmp_path.iterdir()]
    assert max(sizes) <= 1024
    lines = [
        json.loads(line)["period"]
        for name in ("log.2.jsonl", "log.1.jsonl", "log.jsonl")
        for line in (tmp_path / name).read_text().splitlines()
    ]
    assert lines == [str(number) for number in range(100 - len(lines), 100)]


def test_a_line_that_was_cut_off_spoils_no_other(tmp_path):
    path = tmp_path / "log.jsonl"
    path.write_text('{"event": "beg')
    log = RunLog(path, LogSize(9, 1), "run", noon)
    log.write(Kind.BEGUN)
    log.write(Kind.ENDED)
    first, *rest = path.read_text().splitlines()
    assert first == '{"event": "beg'
    assert [json.loads(line)["event"] for line in rest] == ["begun", "ended"]


def test_a_place_that_cannot_be_written_to_is_73(place):
    county = place()
    county.out.write_text("no folder")
    with pytest.raises(WriteError):
        county.go("2022-07-15")


def test_the_status_is_replaced_at_once(place, monkeypatch):
    """Whoever reads it while it is written finds the former one, whole."""
    county = place()
    county.go("2022-07-15")
    before = county.desk.status.read_text()

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tenglong.run.schedule.desk.os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        Status("other").write(county.desk)
    assert county.desk.status.read_text() == before


def test_a_status_of_another_county_is_passed_over(place):
    county = place()
    county.go("2022-07-15")
    assert read_status(county.desk, "elsewhere") == Status("elsewhere")
