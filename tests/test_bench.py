"""The bench counts every process of a command, and writes down nothing that was not measured."""

import os
import subprocess
import sys

import pytest

from bench import record, table
from bench.cost import CommandError, Cost, measured
from bench.kit import Kit
from bench.row import Line

BURN = "import time\nwhile time.process_time() < 0.4: pass"
LIMIT_S = 60


def run(code, tmp_path, limit=LIMIT_S):
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return measured([sys.executable, "-c", code], cwd=tmp_path, env=env, limit=limit)


def test_seconds_of_a_child_are_counted(tmp_path):
    cost = run(
        f"import subprocess, sys; subprocess.run([sys.executable, '-c', {BURN!r}])", tmp_path
    )
    assert cost.cpu >= 0.4
    assert cost.wall >= 0.4


def test_seconds_of_a_process_that_outlives_the_command_are_counted(tmp_path):
    cost = run(
        "import subprocess, sys\n"
        f"subprocess.Popen([sys.executable, '-c', {BURN!r}], start_new_session=True)",
        tmp_path,
    )
    assert cost.cpu >= 0.4


def test_memory_is_that_of_all_processes_together(tmp_path):
    hold = "import time; held = bytearray(60_000_000); held[::4096] = b'x' * len(held[::4096]); "
    child = f"{hold}time.sleep(1)"
    both = f"import subprocess, sys; {hold}subprocess.run([sys.executable, '-c', {child!r}])"
    assert run(both, tmp_path).mb > 120


def test_a_command_that_fails_is_told_with_what_it_said(tmp_path):
    with pytest.raises(CommandError, match=r"exit 3[\s\S]*no such thing"):
        run("import sys; print('no such thing'); sys.exit(3)", tmp_path)


def test_a_command_that_takes_too_long_is_stopped_with_its_children(tmp_path):
    sleep = "import time; time.sleep(60)"
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {sleep!r}])"
    cost = run(child, tmp_path, limit=0.5)
    assert cost.note.startswith("stopped after")
    assert cost.wall < 30


def test_what_a_command_measured_itself_counts(tmp_path):
    code = "from bench.cost import Cost, told; print('so far'); print(told(Cost(7.0, 8.0, size=9)))"
    cost = run(code, tmp_path)
    assert (cost.cpu, cost.wall, cost.size) == (7.0, 8.0, 9)


def test_the_difference_of_many_pages_and_few_is_that_of_one():
    each = Cost(12.0, 8.0).less(Cost(4.0, 4.0), 8)
    assert (each.cpu, each.wall) == (1.0, 0.5)


@pytest.fixture
def kept(monkeypatch, tmp_path):
    monkeypatch.setattr(record, "FILE", tmp_path / "benchmarks.json")
    about = {"commit": "abc1234", "day": "2026-01-01", "load": 1.5}
    then = Line("a page", Cost(10.0, 12.0, 300.0), {"papermill": Cost(20.0, 24.0)}, "≤ 1 CPU s")
    now = Line("a page", Cost(0.5, 0.6, 150.0), {"papermill": Cost(20.0, 30.0)}, "≤ 1 CPU s")
    record.keep("before", "page", [then], **about)
    record.keep("before", "again", [Line("a rerun", Cost(4.0, 5.0))], **about)
    record.keep("now", "page", [now], **{**about, "commit": "def5678"})
    return record.load()


def test_the_table_holds_before_and_now_and_the_ratio_of_now(kept):
    told = table.text(kept)
    row = next(line for line in told.splitlines() if line.startswith("| a page"))
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert cells == [
        "a page",
        "10.0 CPU s, 12.0 s, 300 MB held",
        "0.50 CPU s, 0.60 s, 150 MB held",
        "papermill 20.0 CPU s (0.03), 30.0 s (0.02)",
        "≤ 1 CPU s",
        "`make bench ROWS=page`",
    ]
    assert "- now, page: commit def5678, 2026-01-01, load 1.5" in told


def test_what_was_not_measured_is_left_open(kept):
    row = next(line for line in table.text(kept).splitlines() if line.startswith("| a rerun"))
    assert row.split("|")[3].strip() == "…"
    assert "Not measured yet: sample, townships" in table.text(kept)


def test_the_pages_of_the_bench_are_those_of_a_county_without_office_files(tmp_path):
    kit = Kit(table.HERE, tmp_path)
    text = (kit.pages / "catalogue.yml").read_text(encoding="utf-8")
    assert "bulletin" in text
    assert "province" not in text
    assert "docx" not in text


def test_unknown_rows_are_refused():
    command = [sys.executable, "-m", "bench", "no-such-row"]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "no-such-row" in done.stderr


def test_what_ran_before_is_neither_ended_nor_counted(tmp_path):
    with subprocess.Popen([sys.executable, "-c", BURN + "\ntime.sleep(60)"]) as other:
        assert run("pass", tmp_path).cpu < 0.4
        assert other.poll() is None
        other.kill()
