"""What a command costs: seconds of processors, seconds that pass, memory, of all its processes."""

import contextlib
import ctypes
import json
import os
import resource
import signal
import subprocess
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

SUBREAPER = 36  # prctl: orphans below come to us, so that their seconds are counted, too
LOOK_S = 0.5  # how often memory is looked at, once a command has run for some seconds
LINGER_S = 3.0  # how long what outlives the command may take to end
MARK = "bench: "  # begins the line in which a command tells what it measured itself


@dataclass(frozen=True)
class Cost:
    """What a command came to.

    Attributes
    ----------
    cpu, wall
        Seconds of processors, and seconds that passed.
    mb
        The most memory that all its processes held at once, shared pages counted once.
    size
        Bytes of what it made, where that is asked.
    note
        What must be known of the numbers: that they were scaled up, say, or that it was stopped.
    """

    cpu: float | None = None
    wall: float | None = None
    mb: float | None = None
    size: int | None = None
    note: str = ""

    def times(self, factor, note=""):
        """Scale the seconds."""
        return Cost(self.cpu * factor, self.wall * factor, self.mb, self.size, note or self.note)

    def less(self, other, parts):
        """Give the cost of one of the `parts` by which this one differs from another."""
        return Cost((self.cpu - other.cpu) / parts, (self.wall - other.wall) / parts, self.mb)


class CommandError(Exception):
    """A command that was to be measured failed."""


def measured(command, *, cwd, env, limit):
    """Run a command and give its cost; one that takes more than `limit` seconds is stopped.

    A command may print a line of what it measured itself (`told`); that counts then, but for the
    memory.
    """
    ctypes.CDLL(None).prctl(SUBREAPER, 1)
    others = _below(os.getpid())  # a browser of the tests, say: none of the command's
    before, begun, peak, is_cut = _used(), time.monotonic(), 0.0, False
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, cwd=cwd, env=env, stdout=said, stderr=said)
        while process.poll() is None:
            peak = max(peak, _megabytes(_below(os.getpid()) - others))
            if time.monotonic() - begun > limit:
                is_cut = True
                _end(_below(os.getpid()) - others)
            time.sleep(min(LOOK_S, 0.01 + (time.monotonic() - begun) / 20))
        wall = time.monotonic() - begun
        _reap(others)
        said.seek(0)
        lines = said.read().decode(errors="replace").splitlines()
    cpu = _used() - before
    if is_cut:
        return Cost(cpu, wall, peak, note=f"stopped after {wall:.0f} s")
    if process.returncode:
        raise CommandError(f"{command}: exit {process.returncode}\n" + "\n".join(lines[-30:]))
    own = [json.loads(line.removeprefix(MARK)) for line in lines if line.startswith(MARK)]
    return Cost(**{"cpu": cpu, "wall": wall, **(own[-1] if own else {}), "mb": peak or None})


def told(cost):
    """Write what a command measured itself as the line that `measured` looks for.

    >>> told(Cost(1.5, 2.0, size=3))
    'bench: {"cpu": 1.5, "wall": 2.0, "size": 3, "note": ""}'
    """
    return MARK + json.dumps({k: v for k, v in asdict(cost).items() if k != "mb"})


@contextlib.contextmanager
def clocked():
    """Time what is done inside this process; the list holds its cost afterwards."""
    found, cpu, wall = [], time.process_time(), time.monotonic()
    yield found
    found.append(Cost(time.process_time() - cpu, time.monotonic() - wall))


def best(command, *, rounds, **more):
    """Give the cheapest of some runs."""
    return min((measured(command, **more) for _ in range(rounds)), key=lambda cost: cost.cpu)


def _used():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _reap(others):
    """Wait for what outlives the command, end what lingers, and take all of it in."""
    until = time.monotonic() + LINGER_S
    while left := _below(os.getpid()) - others:
        for one in left:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(one, os.WNOHANG)
        if time.monotonic() > until:
            _end(left)
        time.sleep(0.05)


def _below(root):
    """Give the processes that descend from one."""
    parents = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            with contextlib.suppress(OSError):
                after = (folder / "stat").read_text().rpartition(")")[2].split()
                parents[int(folder.name)] = int(after[1])
    found = {root}
    while more := {one for one, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {root}


def _megabytes(processes):
    total = 0
    for one in processes:
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/{one}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
    return total / 1000


def _end(processes):
    for one in processes:
        with contextlib.suppress(OSError):
            os.kill(one, signal.SIGKILL)
