"""What a notebook may use: it is stopped with all that it has started, and one line says why."""

import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from forked import LIMITS, is_alive, printed, run, wait_until
from tenglong.errors import ConfigurationError
from tenglong.run import client
from tenglong.run.kernel.kernels import kernels_of
from tenglong.run.kernel.kind import Kind
from tenglong.run.limits import limits_of
from tenglong.run.pages import reason_of
from tenglong.source.policy import load_policy

heavy = pytest.mark.heavy
linux = pytest.mark.skipif(sys.platform != "linux", reason="it is watched by /proc")

HOLDS = "import re\nre.match('(a+)+$', 'a' * 60 + 'b')"  # the interpreter's lock, for years


def starts_three(program, told, *, session=False):
    """Give a cell that starts a program three times, writes their numbers, and waits."""
    return f"""
import subprocess, sys
command = [sys.executable, "-c", {program!r}]
those = [subprocess.Popen(command, start_new_session={session}) for _ in range(3)]
open({str(told)!r}, "w").write(" ".join(str(one.pid) for one in those))
those[0].wait()"""


@pytest.fixture(scope="module", params=list(Kind))
def kernels(request):
    with kernels_of(request.param) as found:
        yield found


@heavy
@linux
@pytest.mark.parametrize("cell", ["import time\ntime.sleep(600)", HOLDS])
def test_a_notebook_that_does_not_end_is_stopped(kernels, cell):
    outcome = run(kernels, cell, limits=replace(LIMITS, wall_s=2))
    assert reason_of(outcome.log) == (
        "the notebook was stopped in cell 3: it ran longer than it may"
        " (wall_s: 2 in policy run.yml)"
    )
    assert printed(run(kernels, "print('well')")) == "well\n"


@heavy
@linux
def test_the_processor_is_counted(kernels):
    outcome = run(kernels, "while True: pass", limits=replace(LIMITS, cpu_s=2))
    assert "used the processor longer than it may (cpu_s: 2 in" in reason_of(outcome.log)


@heavy
@linux
@pytest.mark.parametrize("session", [False, True])
def test_so_is_that_of_the_processes_that_it_starts_and_all_of_them_end(kernels, session, tmp_path):
    told = tmp_path / "pids"
    cell = starts_three("while True: pass", told, session=session)
    outcome = run(kernels, cell, limits=replace(LIMITS, cpu_s=3))
    assert "used the processor longer than it may" in reason_of(outcome.log)
    for pid in told.read_text().split():
        assert not is_alive(pid)


@heavy
@linux
@pytest.mark.parametrize("asks", ["bytearray(3 * 10**9)", "__import__('numpy').ones(10**9)"])
def test_who_asks_for_too_much_memory_at_once_is_told_the_limit(kernels, asks):
    outcome = run(kernels, f"x = {asks}", limits=replace(LIMITS, memory_mb=1024))
    assert reason_of(outcome.log).endswith("(it may use memory_mb: 1,024 in policy run.yml)")
    assert "MemoryError" in reason_of(outcome.log)


@heavy
@linux
def test_memory_that_grows_without_end_ends_the_notebook(kernels):
    cell = "held = []\nwhile True: held.append(bytearray(10**7))"
    outcome = run(kernels, cell, limits=replace(LIMITS, memory_mb=600))
    assert "memory_mb: 600 in policy run.yml" in reason_of(outcome.log)


@heavy
@linux
def test_the_memory_of_all_that_it_starts_is_summed(kernels, tmp_path):
    told = tmp_path / "pids"
    hoards = "import time; x = bytearray(b'x') * (300 * 2**20); time.sleep(600)"
    outcome = run(kernels, starts_three(hoards, told), limits=replace(LIMITS, memory_mb=700))
    assert "it used more memory than it may (memory_mb: 700 in" in reason_of(outcome.log)
    for pid in told.read_text().split():
        assert not is_alive(pid)


@heavy
@linux
@pytest.mark.parametrize(
    "cell",
    [
        "while True: print('x' * 1000)",
        "from IPython.display import HTML, display\nwhile True: display(HTML('x' * 1000))",
        "import os\nwhile True: os.write(2, b'x' * 1000)",
        "import subprocess\nsubprocess.run(['yes'])",
        "!yes",
        "from IPython.display import clear_output\nwhile True: print('x' * 1000); clear_output()",
    ],
)
def test_what_is_shown_without_end_ends_the_notebook(kernels, cell):
    outcome = run(kernels, cell, limits=replace(LIMITS, output_mb=2))
    assert re.search(r"it (showed|printed) more than it may \(output_mb: 2 in", outcome.log)
    assert len(outcome.log) < 1_000_000


@heavy
@linux
def test_one_thing_that_is_larger_than_all_may_be_does_not_reach_the_runner(kernels, monkeypatch):
    monkeypatch.setattr(client, "IOPUB_TIMEOUT_S", 3)
    outcome = run(kernels, "print('x' * 8_000_000)", limits=replace(LIMITS, output_mb=2))
    assert not outcome.is_good
    assert "output_mb: 2 in policy run.yml" in reason_of(outcome.log)


@heavy
@linux
def test_what_is_shown_below_the_limit_is_shown(kernels):
    outcome = run(kernels, "print('很' * 300_000)", limits=replace(LIMITS, output_mb=1))
    assert len(printed(outcome)) == 300_001


# --- what it leaves ------------------------------------------------------------------------------

DAEMON = """
import os, sys, time
read, write = os.pipe()
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.write(write, str(os.getpid()).encode())
        for number in range(3, 64):
            try: os.close(number)
            except OSError: pass
        os.execv(sys.executable, [sys.executable, '-c', 'import time; time.sleep(600)'])
    os._exit(0)
pid = os.read(read, 20).decode()
open({told!r}, 'w').write(pid)
"""
STARTS = """
import subprocess
one = subprocess.Popen(['sleep', '600'], start_new_session=True, env={{}})
open({told!r}, 'w').write(str(one.pid))
"""


@heavy
@linux
@pytest.mark.parametrize("starts", [DAEMON, STARTS], ids=["daemon", "session"])
@pytest.mark.parametrize(
    "then", ["", "import os; os._exit(3)", "1 / 0", "import time; time.sleep(99)"]
)
def test_nothing_outlives_its_notebook_whatever_session_it_is_in(kernels, starts, then, tmp_path):
    told = tmp_path / "pid"
    run(kernels, starts.format(told=str(told)), then, limits=replace(LIMITS, wall_s=3))
    assert told.read_text()
    assert not is_alive(told.read_text())


@heavy
@linux
def test_what_one_notebook_leaves_is_ended_and_what_another_runs_is_not(tmp_path):
    told = tmp_path / "pid"
    with kernels_of(Kind.WARM) as kernels:
        waits = f"""
import pathlib, subprocess, time
one = subprocess.Popen(['sleep', '600'], start_new_session=True)
pathlib.Path({str(told)!r}).write_text(str(one.pid))
while not pathlib.Path({str(tmp_path / "go")!r}).exists(): time.sleep(0.05)
print(one.poll())"""
        with ThreadPoolExecutor(1) as pool:
            first = pool.submit(run, kernels, waits)
            wait_until(lambda: told.exists() and told.read_text())
            run(kernels, STARTS.format(told=str(tmp_path / "other")))
            assert not is_alive((tmp_path / "other").read_text())
            assert is_alive(told.read_text())
            (tmp_path / "go").touch()
            assert printed(first.result()) == "None\n"
    assert not is_alive(told.read_text())


@heavy
@linux
def test_a_runner_that_is_killed_leaves_no_daemon_behind(tmp_path):
    told = tmp_path / "pid"
    cell = STARTS.format(told=str(told)) + "import time; time.sleep(60)"
    program = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from forked import run
from tenglong.run.kernel.kernels import kernels_of
from tenglong.run.kernel.kind import Kind
with kernels_of(Kind.WARM) as kernels:
    run(kernels, {cell!r})"""
    with subprocess.Popen([sys.executable, "-c", program]) as runner:
        wait_until(lambda: told.exists() and told.read_text())
        runner.kill()
    wait_until(lambda: not is_alive(told.read_text()))


@heavy
@linux
def test_no_scratch_is_left(kernels, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    leaves = "import os, tempfile\nos.makedirs('a/b'); open('a/b/c', 'w').write('x')"
    for then in ("", "1 / 0", "import os; os._exit(1)"):
        run(kernels, leaves, then)
    assert list(tmp_path.iterdir()) == []


# --- what it may know ----------------------------------------------------------------------------


@heavy
@linux
@pytest.mark.parametrize("kind", list(Kind))
def test_no_password_reaches_a_notebook(kind, monkeypatch):
    for name in ("PGPASSWORD", "AWS_SECRET_ACCESS_KEY", "COUNTY_DB", "TENGLONG_DB"):
        monkeypatch.setenv(name, "geheim")
    monkeypatch.setenv("TENGLONG_TRIAL", "yes")
    cell = """
import os, pathlib
print("geheim" in repr(dict(os.environ)), "yes" in repr(dict(os.environ)))
print(b"geheim" in pathlib.Path("/proc/self/environ").read_bytes())
print(os.environ["HOME"] != "", "PATH" in os.environ)"""
    with kernels_of(kind, apart=["TENGLONG_DB"]) as kernels:
        assert printed(run(kernels, cell)) == "False True\nFalse\nTrue True\n"


# --- the file ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ({"wall_s": 0}, "must be more than 0"),
        ({"memory_mb": "much"}, "memory_mb"),
        ({"walls": 1}, "unknown key 'walls'"),
    ],
)
def test_a_wrong_limit_is_refused(wrong, fault):
    with pytest.raises(ConfigurationError, match="policy run") as refused:
        limits_of({"run": {**load_policy()["run"], **wrong}})
    assert fault in str(refused.value)
