"""What a machine's own scheduler is given is what it reads: systemd, cron, Windows."""

import shlex
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from cronsim import CronSim
from lxml import etree

from schedules import FILE, county, figures, rule
from tenglong.errors import UsageError
from tenglong.run import cli
from tenglong.run.schedule import cron, errand, systemd, windows
from tenglong.run.schedule.errand import errand_of
from tenglong.source.description import describe_bundle

ODD = "报 表 50% of $HOME \"q\" 'a' \\b"
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def odd(tmp_path):
    """A folder with a bundle whose names hold what schedulers read."""
    here = tmp_path / ODD
    county(here / "文成 县", {FILE: figures(m2022_06=5)})
    return here


@pytest.fixture
def program(odd, monkeypatch):
    """Let the kit be a program that writes down its words, one a line."""
    path = odd.parent / "程 序 50% of $HOME" / "tenglong"
    path.parent.mkdir()
    path.write_text('#!/bin/sh\nprintf "%s\\n" "$@" > "${0}.words"\n')
    path.chmod(0o755)
    monkeypatch.setattr(errand, "KIT", (str(path), "-P", "-m", "tenglong"))
    return path


def of(odd, **options):
    about = describe_bundle(odd / "文成 县")
    return errand_of(about, rule(), out=odd / "out", options=options)


def words_of(odd):
    return [
        "-P",
        "-m",
        "tenglong",
        "due",
        str(odd / "文成 县"),
        "--make",
        "--out",
        str(odd / "out"),
    ]


def verified(folder, *names):
    """Let systemd itself look at units."""
    return subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(str(folder / name) for name in names)],
        capture_output=True,
        text=True,
        check=False,
    )


def written(folder, units):
    folder.mkdir()
    for name, text in units.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.usefixtures("program")
def test_systemd_finds_nothing_wrong_with_the_units(odd, tmp_path):
    units = systemd.units_of(of(odd))
    folder = written(tmp_path / "units", units)
    checked = verified(folder, *units)
    assert (checked.returncode, checked.stderr) == (0, "")


def test_systemd_finds_a_program_that_is_not_there_and_a_wrong_zone(odd, tmp_path, monkeypatch):
    """The check above can fail."""
    monkeypatch.setattr(errand, "KIT", (str(odd.parent / "no such"),))
    units = systemd.units_of(of(odd))
    folder = written(tmp_path / "units", units)
    (timer,) = (name for name in units if name.endswith(".timer"))
    text = units[timer].replace("Asia/Shanghai", "Asia/Wencheng")
    (folder / timer).write_text(text, encoding="utf-8")
    checked = verified(folder, *units)
    assert "no such" in checked.stderr
    assert "Failed to parse calendar specification" in checked.stderr


def test_systemd_reads_every_word_as_it_was_meant(odd, program, tmp_path):
    """What `systemd-analyze` prints of a unit is not read back: its own rules are followed here."""
    (line,) = [
        line
        for line in systemd.units_of(of(odd))[f"{of(odd).name}.service"].splitlines()
        if line.startswith("ExecStart=")
    ]
    read = unquoted(line.removeprefix("ExecStart="))
    assert read == [str(program), *words_of(odd)]
    assert unquoted(systemd.quoted(str(tmp_path)))[0] == str(tmp_path)


def unquoted(command):
    """Read a command as systemd.service(5) says: quotes, escapes, then %% and, but first, $$."""
    first, *rest = shlex.split(command, posix=True)
    return [
        first.replace("%%", "%"),
        *(word.replace("%%", "%").replace("$$", "$") for word in rest),
    ]


@pytest.mark.parametrize("letter", ['"', "'", "\\"])
def test_a_program_that_systemd_refuses_is_refused(odd, letter, monkeypatch):
    monkeypatch.setattr(errand, "KIT", (f"/opt/{letter}/tenglong",))
    with pytest.raises(UsageError, match="install it elsewhere"):
        systemd.units_of(of(odd))


def test_the_timer_asks_every_hour_by_the_clock_of_china(odd):
    text = systemd.units_of(of(odd))[f"{of(odd).name}.timer"]
    (spec,) = [line[len("OnCalendar=") :] for line in text.splitlines() if "OnCalendar" in line]
    told = subprocess.check_output(
        [
            "systemd-analyze",
            "calendar",
            "--iterations=2",
            "--base-time=2022-07-14 22:00:00 UTC",
            spec,
        ],
        text=True,
        env={"TZ": "UTC", "PATH": "/usr/bin:/bin", "LC_ALL": "C"},
    )
    assert "2022-07-14 22:30:00 UTC" in told
    assert "2022-07-14 23:30:00 UTC" in told
    assert "Persistent=true" in text


def test_a_database_is_told_to_the_service_by_a_file_of_its_own(tmp_path):
    tables = {"enterprises": {"database": "COUNTY_DB", "table": "firms"}}
    folder = county(tmp_path / "county", {}, tables)
    made = errand_of(describe_bundle(folder), rule(), out=tmp_path / "out", options={})
    service = systemd.units_of(made)[f"{made.name}.service"]
    assert "EnvironmentFile=-%h/.config/tenglong/environment" in service
    assert (
        verified(written(tmp_path / "units", systemd.units_of(made)), made.name + ".service").stderr
        == ""
    )


def test_cron_runs_the_command_with_every_word_as_it_was_meant(odd, program):
    """The line goes through a parser of crontabs and, as cron does it, through a shell."""
    comment, line = cron.line_of(of(odd)).splitlines()
    assert comment.startswith("# Tenglong: Test County")
    minute, hour, day, month, weekday, command = line.split(" ", 5)
    asked = CronSim(
        f"{minute} {hour} {day} {month} {weekday}", datetime(2022, 7, 15, tzinfo=SHANGHAI)
    )
    assert [next(asked).isoformat() for _ in range(2)] == [
        "2022-07-15T00:30:00+08:00",
        "2022-07-15T01:30:00+08:00",
    ]
    assert "%" not in command.replace("\\%", "")
    subprocess.run(["/bin/sh", "-c", command.replace("\\%", "%")], check=True, env={"LC_ALL": "C"})
    told = program.with_suffix(".words").read_text(encoding="utf-8").splitlines()
    assert told == words_of(odd)


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "America/New_York", "Asia/Kolkata"])
def test_whatever_zone_cron_is_in_a_report_is_asked_for_on_its_day(odd, zone):
    due = datetime(2022, 7, 15, 6, 30, tzinfo=SHANGHAI)
    spec = " ".join(cron.line_of(of(odd)).splitlines()[1].split(" ")[:5])
    begun = (due - timedelta(seconds=1)).astimezone(ZoneInfo(zone))
    asked = next(CronSim(spec, begun)).astimezone(SHANGHAI)
    assert due <= asked < due + timedelta(hours=1)


def test_a_line_that_cron_would_cut_off_is_refused(odd):
    with pytest.raises(UsageError, match="use shorter paths"):
        cron.line_of(of(odd, **{"--notebooks": "/x" * 500}))


def test_a_path_with_a_line_break_is_refused(odd):
    with pytest.raises(UsageError, match="cannot be scheduled"):
        of(odd, **{"--settings": "/a\nExecStart=/bin/rm"})


# The parts of Microsoft's schema of tasks that a task of ours may have, in its order and types.
SCHEMA = """
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="{space}" targetNamespace="{space}"
           elementFormDefault="qualified">
 <xs:element name="Task"><xs:complexType>
  <xs:all>
   <xs:element name="RegistrationInfo" minOccurs="0"><xs:complexType><xs:all>
    <xs:element name="Description" type="xs:string" minOccurs="0"/>
   </xs:all></xs:complexType></xs:element>
   <xs:element name="Triggers" minOccurs="0"><xs:complexType><xs:choice maxOccurs="48">
    <xs:element name="TimeTrigger"><xs:complexType><xs:sequence>
     <xs:element name="Enabled" type="xs:boolean" minOccurs="0"/>
     <xs:element name="StartBoundary" type="xs:dateTime"/>
     <xs:element name="EndBoundary" type="xs:dateTime" minOccurs="0"/>
     <xs:element name="Repetition" minOccurs="0"><xs:complexType><xs:all>
      <xs:element name="Interval" type="xs:duration"/>
      <xs:element name="Duration" type="xs:duration" minOccurs="0"/>
      <xs:element name="StopAtDurationEnd" type="xs:boolean" minOccurs="0"/>
     </xs:all></xs:complexType></xs:element>
     <xs:element name="ExecutionTimeLimit" type="xs:duration" minOccurs="0"/>
    </xs:sequence></xs:complexType></xs:element>
   </xs:choice></xs:complexType></xs:element>
   <xs:element name="Settings" minOccurs="0"><xs:complexType><xs:all>
    <xs:element name="MultipleInstancesPolicy" minOccurs="0"><xs:simpleType>
     <xs:restriction base="xs:string"><xs:enumeration value="Parallel"/>
      <xs:enumeration value="Queue"/><xs:enumeration value="IgnoreNew"/>
      <xs:enumeration value="StopExisting"/></xs:restriction></xs:simpleType></xs:element>
    <xs:element name="DisallowStartIfOnBatteries" type="xs:boolean" minOccurs="0"/>
    <xs:element name="StopIfGoingOnBatteries" type="xs:boolean" minOccurs="0"/>
    <xs:element name="StartWhenAvailable" type="xs:boolean" minOccurs="0"/>
    <xs:element name="ExecutionTimeLimit" type="xs:duration" minOccurs="0"/>
    <xs:element name="Priority" type="xs:byte" minOccurs="0"/>
   </xs:all></xs:complexType></xs:element>
   <xs:element name="Actions"><xs:complexType><xs:choice maxOccurs="32">
    <xs:element name="Exec"><xs:complexType><xs:all>
     <xs:element name="Command" type="xs:string"/>
     <xs:element name="Arguments" type="xs:string" minOccurs="0"/>
     <xs:element name="WorkingDirectory" type="xs:string" minOccurs="0"/>
    </xs:all></xs:complexType></xs:element>
   </xs:choice></xs:complexType></xs:element>
  </xs:all>
  <xs:attribute name="version" type="xs:string"/>
 </xs:complexType></xs:element>
</xs:schema>
"""


def task(odd, **options):
    text = windows.task_of(of(odd, **options), date(2022, 7, 15))
    return etree.fromstring(text.encode(windows.ENCODING))


def part(tree, name):
    return tree.findtext(f".//{{{windows.SPACE}}}{name}")


def test_windows_finds_the_parts_that_a_task_may_have_in_their_order(odd):
    schema = etree.XMLSchema(etree.fromstring(SCHEMA.format(space=windows.SPACE)))
    schema.assertValid(task(odd))
    broken = task(odd)
    trigger = broken.find(f".//{{{windows.SPACE}}}TimeTrigger")
    trigger.append(trigger[0])  # `Enabled` last: the check can fail
    assert not schema.validate(broken)


def test_the_task_begins_at_the_hour_of_china_on_a_machine_of_any_zone(odd):
    boundary = datetime.fromisoformat(part(task(odd), "StartBoundary"))
    assert boundary == datetime(2022, 7, 14, 22, 30, tzinfo=UTC)
    assert boundary.utcoffset() == timedelta(hours=8)
    assert part(task(odd), "Interval") == "PT1H"
    assert part(task(odd), "StartWhenAvailable") == "true"


def test_windows_reads_every_word_as_it_was_meant(odd, monkeypatch):
    paths = [r"C:\Program Files\Python\python.exe", "C:\\报 表\\", 'a "b" & <c>', "50%"]
    monkeypatch.setattr(errand, "KIT", (paths[0],))
    tree = task(odd, **dict([paths[1:3], [paths[3], ""]]))
    assert part(tree, "Command") == paths[0]
    assert windows_words(part(tree, "Arguments"))[-4:] == [*paths[1:], ""]


def windows_words(line):
    """Split a command line as programs of Windows do (CommandLineToArgvW)."""
    words, word, quoted, backslashes, begun = [], "", False, 0, False
    for letter in [*line, " "]:
        if letter == "\\":
            backslashes, begun = backslashes + 1, True
            continue
        if letter == '"':
            word += "\\" * (backslashes // 2)
            if backslashes % 2:
                word += '"'
            else:
                quoted = not quoted
            backslashes, begun = 0, True
            continue
        word += "\\" * backslashes
        backslashes = 0
        if letter in " \t" and not quoted:
            if begun:
                words.append(word)
            word, begun = "", False
        else:
            word, begun = word + letter, True
    return words


def test_an_errands_name_is_one_that_every_scheduler_takes(odd):
    name = of(odd).name
    assert name.startswith("tenglong-330328-")
    assert name.isascii()
    assert name.replace("-", "").isalnum()
    assert name == of(odd).name


@pytest.mark.parametrize("kind", ["systemd", "cron", "windows"])
def test_the_command_prints_it_or_writes_it(odd, kind, capsys, tmp_path):
    asked = ["schedule", str(odd / "文成 县"), f"--{kind}", "--out", str(odd / "out")]
    assert cli.main(asked) == 0
    said = capsys.readouterr()
    assert "due" in said.out
    assert "启用" in said.err
    assert cli.main([*asked, "--to", str(tmp_path / "to")]) == 0
    names = sorted(path.name for path in (tmp_path / "to").iterdir())
    endings = {"systemd": [".service", ".timer"], "cron": [".crontab"], "windows": [".xml"]}
    assert [Path(name).suffix for name in names] == endings[kind]
    raw = (tmp_path / "to" / names[0]).read_bytes()
    assert raw.startswith(b"\xff\xfe") == (kind == "windows")
    assert sys.executable in raw.decode("utf-16" if kind == "windows" else "utf-8")


@pytest.mark.parametrize("kinds", [[], ["--cron", "--systemd"]])
def test_one_kind_is_to_be_chosen(kinds, capsys):
    assert cli.main(["schedule", "data/sample", *kinds]) == 64
    assert "choose one of" in capsys.readouterr().err


def test_settings_are_looked_at_when_a_schedule_is_made(odd, capsys):
    asked = ["schedule", str(odd / "文成 县"), "--cron", "--settings", str(odd / "none.yml")]
    assert cli.main(asked) == 78
    assert "没有这个文件" in capsys.readouterr().err
