"""Forked kernels: what they have, what they leave behind, and how they end."""

import errno
import json
import logging
import os
import socket
import subprocess
import sys
import time
import tomllib
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

from forked import is_alive, printed, run, wait_until
from tenglong.run.kernel import server
from tenglong.run.kernel.child import Ask
from tenglong.run.kernel.kernels import kernels_of
from tenglong.run.kernel.kind import Kind
from tenglong.run.kernel.message import receive, send
from tenglong.run.kernel.parent import ColdError, Parent
from tenglong.run.kernel.process import Forked
from tenglong.run.kernel.provisioner import NAME, WarmProvisioner, split
from tenglong.run.kernel.registry import REGISTRY
from tenglong.run.kernel.warmth import Warmth
from tenglong.source.place import kit_root

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks need Linux")

# What an argument `module:function` of these tests names.
NO_PROCESS = 2**22 + 1  # more than Linux gives
OPENED = """
import threading
seen = []

def open_it(folder):
    seen.append(folder)

def start_a_thread(seconds):
    threading.Thread(target=threading.Event().wait, args=(float(seconds),), daemon=True).start()
"""
STATE = """
import gc, json, os, random, signal, sys, threading, time
import numpy
print(json.dumps({
    "arguments": [len(sys.argv), sys.argv[0], sys.argv[3:]],
    "path": sys.path,
    "main": type(sys.modules["__main__"]).__name__,
    "environment": {k: v for k, v in os.environ.items() if not k.startswith(("JPY_", "IPYTHON"))},
    "ipython": os.path.relpath(os.environ["IPYTHONDIR"]),
    "hash": hash("文成"),
    "zone": time.tzname,
    "signals": [str(signal.getsignal(n)) for n in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD)],
    "threads": sorted(type(one).__name__ for one in threading.enumerate()),
    "is_collecting": gc.isenabled(),
    "is_leader": os.getsid(0) == os.getpgid(0) == os.getpid(),
    "input": sys.__stdin__.read() if sys.__stdin__ else None,
}))
"""


@pytest.fixture(scope="module")
def warm():
    with kernels_of(Kind.WARM) as kernels:
        yield kernels


@pytest.fixture
def opened(tmp_path, monkeypatch):
    """Give the hooks of `OPENED` to processes that start from here on."""
    (tmp_path / "opened.py").write_text(OPENED, encoding="utf-8")
    former = os.environ.get("PYTHONPATH", "")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), *former.split(os.pathsep)]))


# --- what it has --------------------------------------------------------------------------------


def test_a_forked_kernel_has_what_an_ordinary_one_has(monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    monkeypatch.setenv("TENGLONG_TRIAL", "万元")
    found = []
    for kind in Kind:
        with kernels_of(kind, further={"FURTHER": "yes"}) as kernels:
            found.append(json.loads(printed(run(kernels, STATE))))
    assert found[0] == found[1]
    assert found[0]["environment"]["TENGLONG_TRIAL"] == "万元"
    assert found[0]["environment"]["FURTHER"] == "yes"
    assert found[0]["environment"]["PYTHONHASHSEED"] == "0"
    assert "OPENBLAS_NUM_THREADS" not in found[0]["environment"]


def test_kernels_of_one_parent_share_neither_chance_nor_variables(warm):
    draws = "import random, numpy, os\nprint(random.random(), numpy.random.random(), os.getppid())"
    one, other = (printed(run(warm, draws, "kept = 1")).split() for _ in range(2))
    assert one[2] == other[2]
    assert not {*one[:2]} & {*other[:2]}
    assert printed(run(warm, "print('kept' in globals())")) == "False\n"


def test_parameters_and_outputs_travel_as_ever(warm):
    outcome = run(
        warm, "print(x)", "print('很' * 1_000_000)", "import sys; print(1, file=sys.stderr)"
    )
    assert printed(outcome) == "2\n" + "很" * 1_000_000 + "\n1\n"
    failed = run(warm, "print('before')", "raise ValueError('秘密')")
    assert failed.log.startswith("ValueError: 秘密")
    assert "before" in failed.log


# --- how it ends --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "death",
    ["os._exit(3)", "os.kill(os.getpid(), signal.SIGKILL)", "os.kill(os.getpid(), signal.SIGSEGV)"],
)
def test_a_kernel_that_dies_takes_along_what_it_started_and_hurts_no_other(warm, death, tmp_path):
    told = tmp_path / "pid"
    starts = f"""
import os, signal, subprocess
open({str(told)!r}, "w").write(str(subprocess.Popen(["sleep", "60"]).pid))
os.write(2, b"last words")
{death}"""
    outcome = run(warm, starts)
    assert outcome.log.startswith("the kernel died in cell 3 of 3: ")
    assert "last words" in outcome.log
    wait_until(lambda: not is_alive(told.read_text()))
    assert printed(run(warm, "print('well')")) == "well\n"


def test_after_a_notebook_nothing_runs_that_it_started(warm):
    starts = "import subprocess, os\nprint(os.getpid(), subprocess.Popen(['sleep', '60']).pid)"
    kernel, started = printed(run(warm, starts)).split()
    assert not Path(f"/proc/{kernel}").exists()  # and has been waited for
    wait_until(lambda: not is_alive(started))


def test_a_warm_process_that_is_killed_takes_its_kernels_along_and_another_takes_its_place(
    tmp_path,
):
    told = tmp_path / "pids"
    kills = f"""
import os, signal, subprocess, time
pids = f"{{os.getpid()}} {{subprocess.Popen(['sleep', '60']).pid}}"
open({str(told)!r}, "w").write(pids)
os.kill(os.getppid(), signal.SIGKILL)
time.sleep(60)"""
    with kernels_of(Kind.WARM) as kernels:
        assert "died" in run(kernels, kills).log
        for pid in told.read_text().split():
            wait_until(lambda pid=pid: not is_alive(pid))
        assert printed(run(kernels, "import os; print(os.getppid() != 1)")) == "True\n"


def test_a_runner_that_is_killed_leaves_nothing_behind(tmp_path):
    told = tmp_path / "pids"
    cell = f"""
import os, subprocess, time
pids = f"{{os.getppid()}} {{os.getpid()}} {{subprocess.Popen(['sleep', '60']).pid}}"
open({str(told)!r} + ".part", "w").write(pids)
os.rename({str(told)!r} + ".part", {str(told)!r})
time.sleep(60)"""
    program = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from forked import run
from tenglong.run.kernel.kernels import kernels_of
from tenglong.run.kernel.kind import Kind
with kernels_of(Kind.WARM) as kernels:
    run(kernels, {cell!r})"""
    with subprocess.Popen([sys.executable, "-c", program]) as runner:
        wait_until(told.exists)
        runner.kill()
    for pid in told.read_text().split():
        wait_until(lambda pid=pid: not is_alive(pid))


# --- who shares what ----------------------------------------------------------------------------


@pytest.mark.usefixtures("opened")
def test_what_a_parent_has_opened_its_kernels_see_and_no_others():
    sees = "import sys\nprint(sys.modules['opened'].seen if 'opened' in sys.modules else 'nothing')"
    with (
        kernels_of(Kind.WARM, edition="internal", hook="opened:open_it", arguments=("all",)) as one,
        kernels_of(Kind.WARM, edition="public", hook="opened:open_it", arguments=("few",)) as other,
        kernels_of(Kind.WARM, edition="public") as third,
    ):
        assert printed(run(one, sees)) == printed(run(one, sees)) == "['all']\n"
        assert printed(run(other, sees)) == "['few']\n"
        assert printed(run(third, sees)) == "nothing\n"


def test_runs_have_parents_apart_also_where_they_ask_for_the_same():
    with kernels_of(Kind.WARM) as one, kernels_of(Kind.WARM) as other:
        assert one.warmth != other.warmth
        parent = "import os; print(os.getppid())"
        assert printed(run(one, parent)) != printed(run(other, parent))


# --- where it cannot be -------------------------------------------------------------------------


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize(
    ("hook", "modules", "fault"),
    [
        ("opened:start_a_thread", (), "it has 2 threads: python"),
        ("opened:open_nothing", (), "has no attribute 'open_nothing'"),
        ("", ("no_such_module",), "No module named 'no_such_module'"),
    ],
)
def test_where_a_parent_is_not_sound_the_kernel_is_ordinary_and_that_is_said(
    hook, modules, fault, caplog
):
    with kernels_of(Kind.WARM, hook=hook, arguments=("60",), modules=modules) as kernels:
        sees = "import sys; print('opened' in sys.modules)"
        assert printed(run(kernels, sees)) == "False\n"
    [told] = [one for one in caplog.records if one.name == "tenglong"]
    assert told.levelno == logging.WARNING
    assert "an ordinary kernel" in told.getMessage()
    assert fault in told.getMessage()


def test_where_the_system_cannot_fork_or_nobody_wants_it_kernels_are_ordinary(monkeypatch):
    with kernels_of(Kind.ORDINARY) as kernels:
        assert not kernels.is_warm
    monkeypatch.setattr(sys, "platform", "darwin")
    with kernels_of(Kind.WARM) as kernels:
        assert kernels.warmth is None
        assert "kernel_provisioner" not in kernels.spec.metadata


def test_a_parent_that_is_closed_forks_no_more_and_starts_nothing_in_its_place(tmp_path):
    parent = Parent(Warmth(), [sys.executable], dict(os.environ))
    parent.close()
    with pytest.raises(ColdError, match="the run is over"):
        parent.fork(Ask((), str(tmp_path), {}), 1, 2)
    assert not parent.is_alive()


def test_a_fork_that_the_system_refuses_is_told(monkeypatch):
    def refuses():
        raise OSError(errno.EAGAIN, "too many processes")

    monkeypatch.setattr(server, "_threads", lambda: "")
    monkeypatch.setattr(os, "fork", refuses)
    ours, theirs = socket.socketpair()
    heard, said = os.pipe()
    with ours, theirs:
        send(ours, {"fork": asdict(Ask((), "/", {}))}, [said, 1, 2])
        ours.shutdown(socket.SHUT_WR)
        assert server.Server(theirs, "").serve() is None
        assert receive(ours) == ({"refused": f"[Errno {errno.EAGAIN}] too many processes"}, [])
    os.close(said)
    assert os.read(heard, 1) == b""  # the server has closed its own
    os.close(heard)


def test_an_end_that_two_wait_for_is_told_to_both_and_closed_once(monkeypatch):
    closed, close, (heard, said) = [], os.close, os.pipe()
    monkeypatch.setattr(os, "close", lambda number: closed.append(number) or close(number))
    kernel = Forked(NO_PROCESS, heard)
    with ThreadPoolExecutor(2) as pool:
        told = [pool.submit(kernel.wait) for _ in range(2)]
        while not any(one.running() for one in told):
            time.sleep(0.01)
        assert kernel.poll() is None
        os.write(said, server.CODE.pack(3))
        close(said)
        assert [one.result() for one in told] == [3, 3]
    assert (kernel.poll(), closed.count(heard)) == (3, 1)


def test_a_kernel_of_another_launcher_is_refused():
    with pytest.raises(ValueError, match="only kernels of -m ipykernel_launcher"):
        split(["R", "--slave", "-e", "IRkernel::main()"])


# --- for others ---------------------------------------------------------------------------------


def test_the_entry_point_is_the_provisioner():
    project = tomllib.loads((kit_root() / "pyproject.toml").read_text(encoding="utf-8"))
    points = project["project"]["entry-points"]["jupyter_client.kernel_provisioners"]
    module, _, name = points[NAME].partition(":")
    assert getattr(import_module(module), name) is WarmProvisioner


@contextmanager
def by_kernelspec(folder):
    """Start a kernel as JupyterLab does: by a kernelspec that lies in a folder."""
    spec = {
        "argv": ["python", "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": "warm",
        "language": "python",
        "metadata": {"kernel_provisioner": {"provisioner_name": NAME}},
    }
    (folder / "warm").mkdir()
    (folder / "warm" / "kernel.json").write_text(json.dumps(spec))
    manager = KernelManager(
        kernel_name="warm", kernel_spec_manager=KernelSpecManager(kernel_dirs=[str(folder)])
    )
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        yield manager, client
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        REGISTRY.close(Warmth())


def said_by(client, source):
    lines = []
    reply = client.execute_interactive(
        source, timeout=60, output_hook=lambda message: lines.append(message["content"])
    )
    return reply["content"], "".join(one.get("text", "") for one in lines)


def test_a_kernelspec_gives_others_kernels_that_can_be_interrupted_and_restarted(tmp_path):
    with by_kernelspec(tmp_path) as (manager, client):
        _, first = said_by(client, "import os; print(os.getpid(), os.getppid())")
        assert first.split() != [str(os.getpid())]
        message = client.execute("import time; time.sleep(60)")
        time.sleep(0.5)
        manager.interrupt_kernel()
        reply = client.get_shell_msg(timeout=60)
        assert (reply["parent_header"]["msg_id"], reply["content"]["ename"]) == (
            message,
            "KeyboardInterrupt",
        )
        manager.restart_kernel(now=True)
        client.wait_for_ready(timeout=60)
        _, second = said_by(client, "import os; print(os.getpid(), os.getppid())")
        assert first.split()[1] == second.split()[1] != str(os.getpid())
        assert first.split()[0] != second.split()[0]
