"""`tenglong due`, as a person and a machine's scheduler call it; reports are made by the kit."""

import json
import signal
import subprocess
import sys

import pytest
from filelock import FileLock

from forked import is_alive
from pages import HEAD, code, write_pages
from schedules import CODE, FILE, TABLES, county, figures
from tenglong.run import cli
from tenglong.run.publication import publications_of
from tenglong.source.policy import load_policy

GOOD = [code(HEAD)]
BAD = [code(HEAD), code("raise ValueError('secret')")]
HANGS = [
    code("import os, time\nopen(os.environ['NOTE'], 'w').write(str(os.getpid()))\ntime.sleep(600)")
]


class Office:
    """A county's folder: its bundle, its reports, its notebooks."""

    def __init__(self, folder, tables=TABLES, **changes):
        self.folder, self.out = folder, folder / "报告 夹"
        files = {FILE: figures(m2022_05=4, m2022_06=5)} if tables is TABLES else {}
        self.bundle = county(folder / "文成 县", files, tables, policy="own")
        self.notebooks = write_pages(folder / "notebooks", first=GOOD, second=GOOD)
        schedule = {**load_policy()["schedule"], "overdue_days": 1}
        schedule["retry"] = {"times": 2, "first_pause_s": 0, "factor": 1}
        (self.bundle / "own").mkdir()
        for name, own in {"schedule": schedule, **changes}.items():
            text = json.dumps(own, ensure_ascii=False)  # which is YAML, too
            (self.bundle / "own" / f"{name}.yml").write_text(text, encoding="utf-8")

    def words(self, *more):
        return ["due", str(self.bundle), "--out", str(self.out), *more]

    def due(self, now, *more):
        return cli.main(self.words("--now", now, "--notebooks", str(self.notebooks), *more))

    def make(self, now, *more):
        return self.due(now, "--make", *more)

    @property
    def desk(self):
        return self.out / ".schedule" / self.bundle.name

    @property
    def published(self):
        return [(one.path.name, one.number) for one in publications_of(self.out)]

    @property
    def log(self):
        lines = (self.desk / "log.jsonl").read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines]


@pytest.fixture
def office(tmp_path):
    return Office(tmp_path)


def test_it_is_told_of_every_period_how_it_stands(office, capsys):
    assert office.due("2022-07-15") == 0
    title, *lines = capsys.readouterr().out.splitlines()
    assert title == "试验县，截至 2022-07-15 06:30（Asia/Shanghai）"
    assert len(lines) == 51
    assert "2022-06 应出，自 2022-07-15 06:30 起" in lines
    assert "2022-05 漏出，原应于 2022-06-15 06:30 出" in lines
    assert "2022Q2  未到，2022-07-20 06:30 出" in lines
    assert lines[-1] == "2023    未到，2024-04-30 06:30 出"
    assert not office.out.exists()
    assert office.due("2022-07-15", "--language", "en") == 0
    assert "2022-06 due since 2022-07-15 06:30" in capsys.readouterr().out


def test_a_machine_is_told_in_json(office, capsys):
    assert office.due("2022-07-15", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["now"] == "2022-07-15T06:30:00+08:00"
    assert told["counts"] == {"made": 0, "changed": 0, "due": 1, "missed": 23, "not_yet": 27}
    assert told["next"] == "2022Q2"
    (june,) = [one for one in told["periods"] if one["period"] == "2022-06"]
    assert june == {
        "period": "2022-06",
        "cadence": "month",
        "state": "due",
        "due_at": "2022-07-15T06:30:00+08:00",
        "number": None,
    }


@pytest.mark.parametrize("more", [["--json", "--make"], ["--settings", "x.yml"], ["--now", "soon"]])
def test_what_does_not_go_together_is_refused(office, more, capsys):
    assert cli.main(office.words(*more)) == 64
    assert capsys.readouterr().err.count("\n") == 1


def test_a_bundle_that_is_none_is_78(tmp_path, capsys):
    assert cli.main(["due", str(tmp_path)]) == 78
    assert "不是数据包" in capsys.readouterr().err


@pytest.mark.heavy
def test_the_kit_makes_what_is_due_and_revises_it_where_its_data_changed(office, capsys):
    assert office.make("2022-07-15") == 0
    assert capsys.readouterr().out == "2022-06：已出\n"
    assert office.published == [("2022-06", 0)]
    assert office.make("2022-07-15T07:30") == 0
    assert capsys.readouterr().out == ""
    with (office.bundle / FILE).open("a", encoding="utf-8") as file:
        file.write(f"{CODE},2022-07,6\n")
    assert office.make("2022-07-15T08:30") == 0
    assert capsys.readouterr().out == "2022-06：数据无变化，仍是原来的一版\n"
    (office.bundle / FILE).write_text(figures(m2022_05=4, m2022_06=7), encoding="utf-8")
    assert office.due("2022-07-15T09:00") == 0
    assert "2022-06 已出，数据文件有改动，待核对" in capsys.readouterr().out
    assert office.make("2022-07-15T09:30") == 0
    assert capsys.readouterr().out == "2022-06：数据有变，已出第1次修订\n"
    assert office.published == [("2022-06-r00", 0), ("2022-06", 1)]
    assert office.due("2022-07-15T10:00") == 0
    assert "2022-06 已出（第1次修订）" in capsys.readouterr().out


@pytest.mark.heavy
def test_a_page_that_fails_is_1_and_is_made_when_it_is_mended(office, capsys):
    write_pages(office.notebooks, first=GOOD, second=BAD)
    assert office.make("2022-07-20") == 1
    said = capsys.readouterr().out
    assert said.startswith("2022Q2：未能制作（代码 1）：")
    assert str(office.folder) not in said
    status = json.loads((office.desk / "status.json").read_text(encoding="utf-8"))
    assert status["failing"]["2022Q2"]["since"].startswith("2022-07-20T06:3")
    assert str(office.folder) not in json.dumps(status)
    assert office.published == []
    write_pages(office.notebooks, first=GOOD, second=GOOD)
    assert office.make("2022-07-20T07:30") == 0  # no file has changed: not before another day
    assert office.published == []
    assert office.make("2022-07-21T00:30") == 0
    assert office.published == [("2022Q2", 0)]


@pytest.mark.heavy
def test_a_database_that_cannot_be_reached_is_asked_again_and_is_69(tmp_path, monkeypatch):
    """Nobody listens at the port: the connection is refused by the system itself."""
    monkeypatch.setenv("COUNTY_DB", "postgresql://nobody:geheim@127.0.0.1:1/none")
    database = {**load_policy()["database"], "attempts": 1, "connect_timeout_s": 2}
    tables = {"enterprises": {"database": "COUNTY_DB", "table": "firms"}}
    office = Office(tmp_path, tables, database=database)
    assert office.make("2022-07-15") == 69
    events = [(line["event"], line.get("code")) for line in office.log]
    assert events == [
        ("begun", None),
        ("retried", 69),
        ("retried", 69),
        ("failed", 69),
        ("ended", 69),
    ]
    for name in ("status.json", "log.jsonl"):
        assert "geheim" not in (office.desk / name).read_text(encoding="utf-8")
    assert office.published == []


@pytest.mark.heavy
def test_another_run_in_the_folder_of_reports_is_75_and_the_next_look_makes_it(office):
    office.out.mkdir()
    with FileLock(office.out / ".lock"):
        assert office.make("2022-07-15") == 75
    assert office.published == []
    assert office.make("2022-07-15T07:30") == 0
    assert office.published == [("2022-06", 0)]


def begun(office, note):
    """Begin a round whose notebook never ends; give its process, and the id of the kernel's."""
    hangs = f"import os, time\nopen({str(note)!r}, 'w').write(str(os.getpid()))\ntime.sleep(600)"
    write_pages(office.notebooks, first=[code(hangs)], second=GOOD)
    command = [sys.executable, "-m", "tenglong"]
    now = ("--now", "2022-07-15", "--make", "--notebooks", str(office.notebooks))
    process = subprocess.Popen([*command, *office.words(*now)])
    while not (note.exists() and note.read_text()):
        assert process.poll() is None
    return process, int(note.read_text())


@pytest.mark.heavy
def test_sigterm_ends_the_report_with_the_schedule_and_leaves_nothing(office, tmp_path):
    process, kernel = begun(office, tmp_path / "note")
    process.send_signal(signal.SIGTERM)
    assert process.wait() == 143
    assert not is_alive(kernel)
    assert not (office.out / ".staging").exists()
    assert office.log[-1]["code"] == 143
    write_pages(office.notebooks, first=GOOD, second=GOOD)
    assert office.make("2022-07-15T07:30") == 0
    assert office.published == [("2022-06", 0)]


@pytest.mark.heavy
def test_while_one_schedule_is_at_work_another_is_75(office, tmp_path):
    process, _ = begun(office, tmp_path / "note")
    try:
        assert office.make("2022-07-15") == 75
    finally:
        process.terminate()
        process.wait()
    assert office.published == []
