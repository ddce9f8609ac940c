"""The press: a report is made in a process of its own, whose end is told in one line."""

import os
import signal
import subprocess
import sys

import pytest

from tenglong.run.schedule.press import MOST_TOLD, Ended, ended


def process(script, **options):
    return ended([sys.executable, "-c", script], **{"limit_s": 60, "places": {}, **options})


def test_a_report_is_made_in_a_process_whose_end_is_told_in_one_line():
    said = "print('tenglong: 第一行', file=sys.stderr); print('tenglong: a.yml: is\\x1b[31m empty'"
    assert process(f"import sys; {said}, file=sys.stderr); sys.exit(78)") == Ended(
        78, "a.yml: is [31m empty"
    )
    assert process("pass") == Ended(0)
    assert process("import os; os.kill(os.getpid(), 9)") == Ended(
        137, "its process was killed (signal 9)"
    )
    line = process("raise ValueError('x' * 999)").line
    assert line.startswith("ValueError: xxx")
    assert len(line) == MOST_TOLD


def test_no_path_of_the_machine_is_told(tmp_path):
    script = f"import sys; print('tenglong: see {tmp_path}/.failed', file=sys.stderr); sys.exit(1)"
    assert process(script, places={str(tmp_path): "out"}).line == "see out/.failed"


def test_a_report_that_never_ends_is_ended():
    end = process("import time; time.sleep(600)", limit_s=1)
    assert (end.code, end.line) == (70, "ended after 0 minutes, the limit")


def test_a_child_that_outlives_a_report_holds_nobody_up(tmp_path):
    """It has inherited the standard error, which is not waited for: it goes on after the report."""
    note = tmp_path / "pid"
    daemon = (
        "import subprocess, sys; child = [sys.executable, '-c', 'import time; time.sleep(600)']"
    )
    end = process(f"{daemon}; open({str(note)!r}, 'w').write(str(subprocess.Popen(child).pid))")
    assert end == Ended(0)
    os.kill(int(note.read_text()), signal.SIGKILL)  # it was alive


def test_what_is_started_ends_with_the_schedule(tmp_path):
    """SIGTERM to the schedule reaches the report that it is making."""
    note = tmp_path / "pid"
    report = f"import os, time; open({str(note)!r}, 'w').write(str(os.getpid())); time.sleep(600)"
    script = (
        "import sys; from tenglong.run.command.report import leaving_cleanly\n"
        "from tenglong.run.schedule.press import ended\n"
        f"command = [sys.executable, '-c', {report!r}]\n"
        "with leaving_cleanly(): ended(command, limit_s=600, places={})"
    )
    with subprocess.Popen([sys.executable, "-c", script]) as schedule:
        while not (note.exists() and note.read_text()):
            assert schedule.poll() is None
        schedule.terminate()
        assert schedule.wait() == 143
    with pytest.raises(ProcessLookupError):
        os.kill(int(note.read_text()), 0)
