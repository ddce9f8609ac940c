"""A forked process becomes a kernel: what a new process would have had, it is given here."""

import ctypes
import gc
import importlib
import os
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn, Self

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
LAUNCHER = "ipykernel_launcher"


@dataclass(frozen=True)
class Ask:
    """What a kernel is to be.

    Attributes
    ----------
    arguments
        Of the command, behind `-m ipykernel_launcher`.
    folder
        Its working directory.
    environment
        All variables that it has: exactly what an ordinary kernel would be started with.
    command
        What is run in place of the forked process, for an ordinary kernel; else nothing.
    """

    arguments: Sequence[str]
    folder: str
    environment: Mapping[str, str]
    command: Sequence[str] = ()

    @classmethod
    def told(cls, said: Mapping[str, Any]) -> Self:
        """Read it from a message."""
        return cls(said["arguments"], said["folder"], said["environment"], said["command"])


def end_with_parent(number: int) -> None:
    """Let this process get a signal when its parent ends."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number)


def adopt_orphans() -> None:
    """Let this process be the parent of whatever below it loses its own, in any session."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)


def leave_the_parent(parent: int, streams: Sequence[int]) -> None:
    """Begin a session of its own, that ends with the parent; take the descriptors 1 and 2.

    What it will start stays below it, however it is started.

    Parameters
    ----------
    parent
        The number of the warm process.
    streams
        What becomes standard output and standard error; closed here.
    """
    os.setsid()
    end_with_parent(signal.SIGKILL)
    adopt_orphans()
    if os.getppid() != parent:  # it died before the signal was asked for
        os._exit(1)
    for number, stream in enumerate(streams, start=1):
        os.dup2(stream, number)
        os.close(stream)


def begin(ask: Ask) -> NoReturn:
    """Run the command that was asked for, in place of this process."""
    os.chdir(ask.folder)
    environment = {**ask.environment, "JPY_PARENT_PID": str(os.getppid())}
    os.execvpe(ask.command[0], [*ask.command], environment)  # noqa: S606 - as it was asked for


# Of the many small numbers that a page works out few are freed before it ends: looking for rings
# among them at Python's usual pace takes a tenth of the time.
SELDOM = (50_000, 20, 100)


def become(ask: Ask, imported: Mapping[str, str]) -> None:
    """Run as the kernel that was asked for, to its end.

    Parameters
    ----------
    imported
        Variables that modules have set when they were imported.
    """
    os.chdir(ask.folder)
    os.environ.clear()
    os.environ.update({**ask.environment, **imported, "JPY_PARENT_PID": str(os.getppid())})
    time.tzset()
    if numbers := sys.modules.get("numpy"):  # `random` sees to itself
        numbers.random.seed()
    launcher = str(importlib.import_module(LAUNCHER).__file__)
    sys.argv = [launcher, *ask.arguments]
    gc.enable()
    gc.set_threshold(*SELDOM)
    app = importlib.import_module("ipykernel.kernelapp").IPKernelApp
    app.launch_instance(parent_handle=os.getppid())
