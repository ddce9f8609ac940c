"""Faults at every step of publishing: a kill at every system call, a disk that is full at each.

    make sweep               every step, both for a first report and for one that replaces another
    tests/test_sweep.py      some of the steps, in every run of the tests

`publisher.py` publishes a report over another one; strace (its fault injection) kills it at the
n-th call of a kind, or lets that call fail, or all from it on. Whatever happens, a reader finds
the report before or the one after, each of its files, and the next run publishes.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from publisher import FILES, NAME

HERE = Path(__file__).resolve().parent
BEGIN = "publishing begins"
# What publishing asks of the system, and changes something, or lasts.
CALLS = (
    *("mkdir", "openat", "write", "fsync", "rename", "renameat2", "unlink", "unlinkat", "rmdir"),
    *("flock", "close"),
)
KILL = "signal=SIGKILL"
# By call, what the system may say: no room, read-only, worn out, another file system.
REFUSALS = {
    "mkdir": ("ENOSPC", "EROFS", "EACCES"),
    "openat": ("ENOSPC", "EROFS", "EMFILE"),
    "write": ("ENOSPC", "EIO", "EDQUOT"),
    "fsync": ("EIO", "ENOSPC"),
    "rename": ("EXDEV", "EACCES", "ENOSPC"),
    "renameat2": ("EXDEV", "ENOSYS", "EINVAL", "ENOSPC"),
    "unlink": ("EACCES",),
    "unlinkat": ("EACCES",),
    "rmdir": ("ENOTEMPTY",),
}
WHOLE, REFUSED, KILLED = 0, 73, -9


@dataclass(frozen=True)
class Step:
    """One call of a run, and what happens to it.

    Attributes
    ----------
    number
        Of the calls of that kind that the process makes, from 1.
    fault
        As strace takes it: `signal=SIGKILL` or `error=ENOSPC`.
    lasts
        Whether all later calls of the kind fail, too.
    """

    call: str
    number: int
    fault: str
    lasts: bool = False

    def __str__(self):
        return f"{self.call} {self.number}{'+' if self.lasts else ''} {self.fault}"

    @property
    def injection(self):
        """Give it as strace takes it."""
        return f"inject={self.call}:{self.fault}:when={self.number}{'+' if self.lasts else ''}"


def ended(out, text, *, step=None, log=None):
    """Publish in a process of its own, with a fault or traced; give how it ended, and its words."""
    strace = ["strace", "--quiet=all", "-o", log or os.devnull]
    seen = step.call if step else f"{','.join(CALLS)},newfstatat,stat"
    chosen = ["-e", f"trace={seen}"]
    fault = ["-e", step.injection] if step else []
    program = [sys.executable, HERE / "publisher.py", BEGIN, out, text]
    env = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0"}
    command = [*strace, *chosen, *fault, *program] if step or log else program
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


def calls(folder, *, first):
    """Give by kind the numbers of the calls that publishing makes."""
    out, log = folder / "traced", folder / "trace"
    if not first:
        ended(out, "before")
    code, said = ended(out, "after", log=log)
    assert code == WHOLE, said
    before, begun = Counter(), False
    counts = Counter()
    for line in log.read_text().splitlines():
        begun = begun or BEGIN in line
        if found := re.match(r"\w+", line):
            counts[found[0]] += 1
            before[found[0]] += not begun
    return {call: range(before[call] + 1, counts[call] + 1) for call in CALLS}


def steps(folder, *, first):
    """Give every step at which a run can be killed, and all that can be refused."""
    for call, numbers in calls(folder, first=first).items():
        for number in numbers:
            yield Step(call, number, KILL)
            for reason, lasts in product(REFUSALS.get(call, ()), (False, True)):
                yield Step(call, number, f"error={reason}", lasts)


def wrong(folder, step, *, first):
    """Give what is wrong after a step, in a line each; nothing where all is well."""
    out = folder / "out"
    if not first:
        ended(out, "before")
    code, said = ended(out, "after", step=step)
    expected = {KILLED} if step.fault == KILL else {WHOLE, REFUSED}
    if code not in expected and code != -9 + 256:
        yield f"ended with {code}: {said.strip()[-300:]}"
    is_mute = step.call == "write" and step.lasts  # not even that can be said
    if code == REFUSED and len(said.splitlines()) != (0 if is_mute else 1):
        yield f"said {said!r}"
    there = {text_of(out / NAME / name) for name in FILES}
    allowed = [{"after"}] if code == WHOLE else [{"after"}, {None} if first else {"before"}]
    if there not in allowed:
        yield f"left {there}"
    code, said = ended(out, "next")
    if code or {text_of(out / NAME / name) for name in FILES} != {"next"}:
        yield f"the next run ended with {code}: {said.strip()[-300:]}"
    left = {path.name for path in out.iterdir()} - {".lock", "index.html", NAME.parts[0]}
    if left:
        yield f"the next run left {left}"


def text_of(path):
    """Give what a file holds; None where there is none."""
    return path.read_text() if path.exists() else None


def swept(*, every=1, start=0):
    """Go through the steps, or every n-th, and give what was wrong at each."""
    found = {}
    for first in (True, False):
        with tempfile.TemporaryDirectory() as name:
            chosen = list(steps(Path(name), first=first))[start::every]
        for step in chosen:
            with tempfile.TemporaryDirectory() as name:
                if lines := list(wrong(Path(name), step, first=first)):
                    found[f"{'first' if first else 'again'}: {step}"] = lines
        print(f"{len(chosen)} steps of {'a first' if first else 'another'} report", flush=True)
    return found


if __name__ == "__main__":
    told = swept()
    for place, lines in told.items():
        print(f"{place}: {'; '.join(lines)}")
    sys.exit(bool(told))
