"""Whoever is to be told is told: by a command, by a mail that lies ready; nothing hangs on it."""

import email
import json
import os
import signal
import stat
from email.policy import default

import pytest

from forked import is_alive
from schedules import FILE, Place, figures
from schedules import county as write_county
from tenglong.errors import ConfigurationError
from tenglong.run.schedule.notice import Notice, call
from tenglong.run.schedule.press import Ended
from tenglong.run.schedule.settings import Asked, Mail, Settings, Tell, read_settings

BAD_PAGE = Ended(1, "not published, failed: first")
MAIL = Mail(("jxj@example.org", "ld@example.org"), "tenglong@example.org")


@pytest.fixture
def place(tmp_path):
    """Give what makes a schedule with settings, beside it what its command writes down."""
    folder = write_county(tmp_path / "county", {FILE: figures(m2022_06=5)})

    def of(faults=None, **settings):
        asked = Asked(Settings(**settings), tmp_path)
        return Place(tmp_path, folder, faults=faults, settings=asked, overdue_days=9)

    return of


@pytest.fixture
def script(tmp_path):
    """Write a command: `script("lines of shell")`."""

    def of(text):
        path = tmp_path / "告诉 我.sh"
        path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        path.chmod(0o755)
        return (str(path),)

    return of


NOTES = "cat >> told.jsonl; echo >> told.jsonl; env | grep ^TENGLONG_ | sort >> env; echo -- >> env"


def told(folder):
    return [json.loads(line) for line in (folder / "told.jsonl").read_text().splitlines()]


@pytest.mark.heavy
def test_the_command_gets_the_event_as_json_and_in_its_environment(place, script, tmp_path):
    county = place({"2022Q2": [BAD_PAGE]}, command=script(NOTES))
    county.go("2022-07-20")
    (county.bundle / FILE).write_text(figures(m2022_06=6), encoding="utf-8")
    county.go("2022-07-21")
    events = told(tmp_path)
    assert [(one["event"], one["period"], one["number"]) for one in events] == [
        ("made", "2022-06", 0),
        ("failed", "2022Q2", None),
        ("made", "2022Q2", 0),
        ("revised", "2022-06", 1),
    ]
    assert events[0]["report"] == f"{county.bundle.name}/2022-06/index.html"
    assert (events[1]["code"], events[1]["line"]) == (1, "not published, failed: first")
    first, second, *_ = (tmp_path / "env").read_text().split("--\n")
    assert "TENGLONG_EVENT=made\n" in first
    assert "TENGLONG_NUMBER=0\n" in first
    assert "TENGLONG_COUNTY=试验县\n" in first
    assert "TENGLONG_CODE=1\n" in second
    assert "TENGLONG_NUMBER=\n" in second


@pytest.mark.heavy
def test_who_is_told_of_failures_alone_hears_of_nothing_else(place, script, tmp_path):
    county = place({"2022-06": [BAD_PAGE]}, command=script(NOTES), tell=(Tell.FAILED,))
    county.go("2022-07-20")
    county.go("2022-07-21")
    events = told(tmp_path)
    assert [(one["event"], one["period"]) for one in events] == [("failed", "2022-06")]


@pytest.mark.heavy
def test_what_fails_day_after_day_is_told_once_for_each_reason(place, script, tmp_path):
    county = place(
        {"2022-06": [BAD_PAGE, BAD_PAGE, Ended(65, "x"), BAD_PAGE]}, command=script(NOTES)
    )
    for day in range(15, 19):
        county.go(f"2022-07-{day}")
    events = told(tmp_path)
    assert [one["code"] for one in events] == [1, 65, 1]


@pytest.mark.heavy
@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("exit 3", "the command ended with code 3"),
        ("exec 0<&-; kill -9 $$", "the command ended with code -9"),
    ],
)
def test_a_command_that_fails_is_logged_and_changes_no_exit_code(place, script, text, why):
    county = place(command=script(text))
    assert county.go("2022-07-15") == 0
    assert [about["line"] for kind, about in county.said if kind == "unheard"] == [why]
    assert county.log[-2]["event"] == "unheard"
    assert county.status["stands"] == {"2022-06": 0}


@pytest.mark.heavy
def test_a_command_that_is_not_there_is_logged(place):
    county = place(command=("/no/such/command",))
    assert county.go("2022-07-15") == 0
    (why,) = [about["line"] for kind, about in county.said if kind == "unheard"]
    assert why == "the command cannot be run: No such file or directory"


@pytest.mark.heavy
def test_a_command_that_never_ends_is_ended_with_what_it_has_started(place, script, tmp_path):
    county = place(command=script("sleep 600 & echo $! > child; wait"), time_limit_s=1)
    assert county.go("2022-07-15") == 0
    (why,) = [about["line"] for kind, about in county.said if kind == "unheard"]
    assert why == "the command took longer than 1 s and was ended"
    assert not is_alive(int((tmp_path / "child").read_text()))


@pytest.mark.heavy
def test_a_name_of_the_shell_is_a_name(script, tmp_path):
    notice = Notice(Tell.FAILED, "", "a", "甲'; touch hacked; '", "2022-06", line="$(touch hacked)")
    assert call(notice, Asked(Settings(command=script(NOTES)), tmp_path)) == ""
    assert not (tmp_path / "hacked").exists()
    assert "TENGLONG_LINE=$(touch hacked)\n" in (tmp_path / "env").read_text()


def mails(place):
    return [
        email.message_from_bytes(path.read_bytes(), policy=default)
        for path in sorted(place.desk.outbox.iterdir())
    ]


def test_a_mail_lies_ready_and_any_mail_program_reads_it(place):
    county = place(mail=MAIL)
    county.go("2022-07-15")
    (mail,) = mails(county)
    assert mail["To"] == "jxj@example.org, ld@example.org"
    assert mail["From"] == "tenglong@example.org"
    assert mail["Subject"] == "试验县 2022-06 报告已出"
    assert mail["Date"] == "Fri, 15 Jul 2022 06:30:00 +0800"
    assert mail["Message-ID"].endswith("@tenglong.invalid>")
    text = mail.get_content()
    assert text.index("已按期制作") < text.index("The report of 2022-06 was made")
    assert f"{county.bundle.name}/2022-06/index.html" in text
    assert str(county.bundle.parent) not in text


def test_a_mail_of_a_failure_and_of_a_revision_say_so(place):
    county = place({"2022-06": [BAD_PAGE]}, mail=MAIL)
    county.go("2022-07-15")
    county.go("2022-07-16")
    (county.bundle / FILE).write_text(figures(m2022_06=6), encoding="utf-8")
    county.go("2022-07-17")
    subjects = [mail["Subject"] for mail in mails(county)]
    assert subjects == [
        "试验县 2022-06 报告未能制作",
        "试验县 2022-06 报告已出",
        "试验县 2022-06 报告第1次修订",
    ]
    assert "not published, failed: first" in mails(county)[0].get_content()


def test_mails_are_their_owners_alone(place):
    county = place(mail=MAIL)
    old = os.umask(0)
    try:
        county.go("2022-07-15")
    finally:
        os.umask(old)
    (mail,) = county.desk.outbox.iterdir()
    assert stat.S_IMODE(mail.stat().st_mode) == 0o600
    assert stat.S_IMODE(mail.parent.stat().st_mode) == 0o700


def test_a_mail_that_cannot_be_written_is_logged(place):
    county = place(mail=MAIL)
    county.desk.folder.mkdir(parents=True)
    county.desk.outbox.write_text("no folder")
    assert county.go("2022-07-15") == 0
    (why,) = [about["line"] for kind, about in county.said if kind == "unheard"]
    assert why.startswith("the mail cannot be written: ")


def test_without_settings_nobody_is_told(place, tmp_path):
    assert read_settings(tmp_path, None) == Asked()
    county = place()
    county.go("2022-07-15")
    assert not county.desk.outbox.exists()


TEXT = """
tell: [revised, failed]
command: [./tell.sh, 甲 乙]
time_limit_s: 5
mail: {to: [jxj@example.org], sender: a@example.org}
"""


def test_the_settings_stand_beside_bundle_yml_or_where_they_are_named(tmp_path):
    bundle, other = tmp_path / "county", tmp_path / "其他 设置.yml"
    bundle.mkdir()
    (bundle / "notify.yml").write_text("command: [a]")
    other.write_text(TEXT, encoding="utf-8")
    assert read_settings(bundle, None) == Asked(Settings(command=("a",)), bundle)
    assert read_settings(bundle, other) == Asked(
        Settings(
            (Tell.REVISED, Tell.FAILED),
            ("./tell.sh", "甲 乙"),
            5,
            Mail(("jxj@example.org",), "a@example.org"),
        ),
        tmp_path,
    )
    with pytest.raises(ConfigurationError, match="is not there"):
        read_settings(bundle, tmp_path / "none.yml")


@pytest.mark.parametrize("mode", [0o664, 0o646, 0o666])
def test_settings_that_others_may_write_to_are_refused(tmp_path, mode):
    path = tmp_path / "notify.yml"
    path.write_text("command: [a]")
    path.chmod(mode)
    with pytest.raises(ConfigurationError, match="nobody else may write") as refused:
        read_settings(tmp_path, None)
    assert "他人不可写" in refused.value.zh
    assert refused.value.exit_code == 78


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("tell: [sent]", "tell[1]: 'sent' must be one of made, revised, failed"),
        ("comand: [a]", "line 1: unknown key 'comand' (did you mean 'command'?)"),
        ("command: a b", "command: 'a b' must be a list"),
        ("command: []", "command: must name a program"),
        ("time_limit_s: 0", "time_limit_s: must be at least 1"),
        ("mail: {to: [], sender: a@b}", "mail.to: must name somebody"),
        (
            'mail: {to: ["a@b\\nBcc: c@d"], sender: a@b}',
            "mail: 'a@b\\nBcc: c@d' must be an address",
        ),
    ],
)
def test_settings_that_cannot_work_are_refused_with_their_line(tmp_path, text, fault):
    (tmp_path / "notify.yml").write_text(text)
    with pytest.raises(ConfigurationError) as refused:
        read_settings(tmp_path, None)
    assert fault in str(refused.value)


def test_settings_cannot_be_dropped_into_the_inbox(place):
    county = place()
    inbox = county.bundle / "inbox" / "2022-07"
    inbox.mkdir(parents=True)
    (inbox / "notify.yml").write_text("command: [a]")
    (inbox / ".done").touch()
    county.go("2022-07-15")
    assert not (county.bundle / "notify.yml").exists()


def test_a_signal_while_the_command_runs_ends_it(place, monkeypatch):
    """What ends the schedule ends the command that it waits for."""
    ended = []
    monkeypatch.setattr("tenglong.run.schedule.notice._end", ended.append)
    county = place(command=("true",))

    class Interrupted:
        def __init__(self, *_, **__):
            self.returncode = None

        def communicate(self, *_):
            raise SystemExit(128 + signal.SIGTERM)

    monkeypatch.setattr("tenglong.run.schedule.notice.subprocess.Popen", Interrupted)
    with pytest.raises(SystemExit):
        county.go("2022-07-15")
    assert len(ended) == 1
