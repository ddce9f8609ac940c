"""Publish a revision, and be killed before each thing that is done to the disk; one folder a step.

`python tests/killing.py FOLDER NUMBER STEPS`: FOLDER/<step> is left as the kill left it. NUMBER is
that of the publication that is about to be made, STEPS is 1 where folders change places at once and
2 where they cannot.
"""

import os
import shutil
import signal
import sys
from pathlib import Path

from publishing import publish
from tenglong.run import publish as swap

SEEN = ("open", "os.", "shutil.", "ctypes.")


def dies_at(step):
    """Let this process be killed before its n-th doing."""
    left = [step]

    def hook(event, _):
        if event.startswith(SEEN):
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


def tried(folder, number, step):
    """Publish in a process of its own; whether it was killed."""
    if (child := os.fork()) == 0:
        dies_at(step)
        try:
            publish(folder, number)
            os._exit(0)
        finally:
            os._exit(1)
    status = os.waitpid(child, 0)[1]
    assert status in (0, signal.SIGKILL)
    return status == signal.SIGKILL


def main(folder, number, steps):
    """Kill it at every step until it comes through."""
    if steps == 2:
        swap.exchange = lambda *_: False
    base = folder / "base"
    for former in range(number):
        publish(base, former)
    publish(folder / "warm", 0)  # imports what is imported on the way
    step, is_killed = 0, True
    while is_killed:
        step += 1
        out = folder / str(step)
        if base.exists():
            shutil.copytree(base, out)
        is_killed = tried(out, number, step)
    sys.stdout.write(f"{step}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
