"""Watches a notebook that runs: what it uses, how far it comes, and whether it answers."""

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from tenglong.run.kernel.tree import Process, below, processes, share_bytes
from tenglong.run.limits import Limits

EVERY_S = 1  # a look takes some milliseconds of the processor
# How long a kernel may take to say how a cell went, once it has said that it is done with it.
ANSWER_S = 30


class Watch:
    """Lets a notebook end when it passes a limit, with all that it has started.

    Parameters
    ----------
    log
        What the kernel writes besides its outputs.
    """

    def __init__(self, limits: Limits, log: Path) -> None:
        self.limits = limits
        self.cell = 0  # the number of the one that runs, from 1
        self.ended: set[int] = set()  # the places of those that ran to their end
        self.reason = ""
        self.exit_code: int | None = None  # of the kernel
        self.log = log
        self._shown_bytes = 0
        self._silent_since: float | None = None
        self._is_over = threading.Event()
        self._lock = threading.Lock()
        self._pid = 0
        self._kill: Callable[[], None] = _nothing
        self._thread = threading.Thread(target=self._look, name="watch", daemon=True)

    def over(self, pid: int, kill: Callable[[], None]) -> None:
        """Watch a kernel from now on; `kill` ends it and all that it has started."""
        self._pid, self._kill = pid, kill
        confine(pid, self.limits.memory_bytes)
        self._thread.start()

    def end(self) -> None:
        """Look no more."""
        self._is_over.set()
        if self._thread.is_alive():
            self._thread.join()

    def shows(self, content: Mapping[str, Any]) -> bool:
        """Count what a cell shows; False where it is more than it may show."""
        self._shown_bytes += sum(map(_bytes, _texts(content)))
        if self._shown_bytes <= self.limits.output_bytes:
            return True
        self._stop(f"it showed more than it may ({self.limits.told('output_mb')})")
        return False

    def is_done(self) -> None:
        """Expect the kernel to say how the cell went."""
        self._silent_since = time.monotonic()

    def has_answered(self) -> None:
        """Expect nothing."""
        self._silent_since = None

    def _look(self) -> None:
        until = time.monotonic() + self.limits.wall_s
        while not self._is_over.wait(min(EVERY_S, max(0, until - time.monotonic()))):
            if reason := self._fault(time.monotonic() - until):
                self._stop(reason)
                return

    def _stop(self, reason: str) -> None:
        with self._lock:
            if not self.reason:
                self.reason = f"the notebook was stopped in cell {self.cell}: {reason}"
        self._kill()

    def _fault(self, late_s: float) -> str:
        """Tell why the notebook must end; nothing as long as it may go on."""
        limits = self.limits
        if late_s >= 0:
            return f"it ran longer than it may ({limits.told('wall_s')})"
        silent_s = time.monotonic() - (self._silent_since or time.monotonic())
        if silent_s > ANSWER_S:
            return f"its kernel did not say within {ANSWER_S} s how the cell went"
        written = self.log.stat().st_size if self.log.exists() else 0
        if self._shown_bytes + written > limits.output_bytes:
            return f"it printed more than it may ({limits.told('output_mb')})"
        every = processes()
        those = {pid: every[pid] for pid in (self._pid, *below(self._pid, every)) if pid in every}
        if _cpu_s(those) > limits.cpu_s:
            return f"it used the processor longer than it may ({limits.told('cpu_s')})"
        if _is_larger(those, limits.memory_bytes):
            return f"it used more memory than it may ({limits.told('memory_mb')})"
        return ""


def confine(pid: int, most_bytes: int) -> None:
    """Let a process, and each that it starts, ask for no more memory than this, each for itself.

    Who asks for more gets an error. What all of them hold is looked at from time to time.
    """
    if sys.platform == "linux":
        import resource  # noqa: PLC0415 - Windows has none

        with suppress(PermissionError):  # a sandbox may forbid it; it is looked at all the same
            _, hard = resource.prlimit(pid, resource.RLIMIT_DATA)
            most = most_bytes if hard == resource.RLIM_INFINITY else min(most_bytes, hard)
            resource.prlimit(pid, resource.RLIMIT_DATA, (most, most))


def _nothing() -> None:
    """Kill nothing, as nothing runs."""


def _cpu_s(those: Mapping[int, Process]) -> float:
    ticks = sum(one.cpu_ticks for one in those.values())
    return ticks / os.sysconf("SC_CLK_TCK") if those else 0


def _is_larger(those: Mapping[int, Process], most_bytes: int) -> bool:
    # What each has resident counts what they share as often as they are: no less than they hold.
    if sum(one.resident_bytes for one in those.values()) <= most_bytes:
        return False
    return sum(map(share_bytes, those)) > most_bytes


def _texts(content: object) -> Iterator[str]:
    """Give the texts that stand anywhere in a message.

    >>> list(_texts({"data": {"text/html": "a", "x": ["b", 1]}, "metadata": {}}))
    ['a', 'b']
    """
    if isinstance(content, str):
        yield content
    elif isinstance(content, Mapping):
        for part in content.values():
            yield from _texts(part)
    elif isinstance(content, list):
        for part in content:
            yield from _texts(part)


def _bytes(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode(errors="surrogatepass"))
