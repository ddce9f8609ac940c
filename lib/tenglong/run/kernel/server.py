"""The warm process: it imports, opens a run's data if it is told to, and forks kernels.

    python -m tenglong.run.kernel.server DESCRIPTOR MODULE…

Why not the fork server of `multiprocessing`: it has one parent a process, where editions need
parents apart; its children outlive a runner that is killed; it skips a module that cannot be
imported without a word; and it forks whatever number of threads it has.

It has one thread, no event loop and no socket of ZeroMQ, so what is forked from it is sound. It
ends with the runner, however that ends: the socket between them closes then.

What a kernel starts ends with it, also what has left its session or whose own parent is gone: a
kernel adopts whatever below it loses its parent, and this process what a kernel leaves behind.
"""

import gc
import importlib
import os
import pkgutil
import select
import shutil
import signal
import socket
import struct
import sys
import time
import traceback
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tenglong.run.kernel.child import LAUNCHER, Ask, adopt_orphans, become, begin, leave_the_parent
from tenglong.run.kernel.message import receive, send
from tenglong.run.kernel.tree import below, processes

# What a kernel imports until its first cell has run.
KERNEL = (
    *("ipykernel.kernelapp", "ipykernel.ipkernel", "ipykernel.zmqshell", "ipykernel.displayhook"),
    *("ipykernel.debugger", "IPython.core.completerlib", "IPython.core.debugger"),
    *("IPython.core.oinspect", "IPython.extensions.storemagic", "faulthandler", "pdb", "sqlite3"),
    *("tornado.platform.asyncio", "zmq.utils.garbage", LAUNCHER),
)
CODE = struct.Struct("=i")
TASKS = Path("/proc/self/task")
# What cannot be killed (it waits for a broken disk, say) is not waited for any longer.
SWEEP_S, PAUSE_S = 10, 0.002


@dataclass(frozen=True)
class Child:
    """A kernel that runs.

    Attributes
    ----------
    status
        The descriptor that its exit code is written to.
    """

    pid: int
    status: int


class Server:
    """Forks whenever it is asked to, and reaps whatever ends, with all that it had started."""

    def __init__(self, channel: socket.socket, refusal: str) -> None:
        self._channel = channel
        self._refusal = refusal
        self._is_retired = False
        self._scratch = ""
        self._children: dict[int, Child] = {}
        self._poll = select.poll()
        self._poll.register(channel, select.POLLIN)

    def serve(self) -> Ask | None:
        """Serve until the runner is gone: None. In a forked child, give what it is to be."""
        while not (self._is_retired and not self._children):
            ready = [descriptor for descriptor, _ in self._poll.poll()]
            for descriptor in ready:
                if descriptor != self._channel.fileno():
                    self._reap(descriptor)
            if self._channel.fileno() in ready:
                try:
                    said, descriptors = receive(self._channel)
                except (EOFError, ConnectionError):
                    break
                if ask := self._answer(said, descriptors):
                    return ask
        for descriptor in list(self._children):
            _kill(self._children[descriptor].pid)
            self._reap(descriptor)
        if self._scratch:  # a runner that was killed could not
            shutil.rmtree(self._scratch, ignore_errors=True)
        return None

    def _answer(self, said: Mapping[str, Any], descriptors: Sequence[int]) -> Ask | None:
        if "retire" in said:
            self._is_retired = True
        elif "scratch" in said:
            self._scratch = said["scratch"]
        elif "open" in said:
            self._refusal = self._refusal or _opened(*said["open"])
        else:
            ask = Ask.told(said["fork"])
            # What runs a command of its own finds nothing of this process, sound or not.
            refusal = "" if ask.command else self._refusal or _threads()
            if not refusal:
                return self._fork(ask, *descriptors)
            for descriptor in descriptors:
                os.close(descriptor)
            send(self._channel, {"refused": refusal})
        return None

    def _fork(self, ask: Ask, status: int, *streams: int) -> Ask | None:
        gc.freeze()  # what is here now is never collected: its pages stay shared
        this, (heard, said) = os.getpid(), os.pipe()
        try:
            pid = os.fork()
        except OSError as error:  # too many processes, too little memory
            for descriptor in (status, *streams, heard, said):
                os.close(descriptor)
            send(self._channel, {"refused": str(error)})
            return None
        if not pid:
            self._close(status, heard)
            leave_the_parent(this, streams)
            os.close(said)
            return ask
        for descriptor in (*streams, said):
            os.close(descriptor)
        os.read(heard, 1)  # closed when the child has a group of its own, or is dead
        os.close(heard)
        watched = os.pidfd_open(pid)
        self._children[watched] = Child(pid, status)
        self._poll.register(watched, select.POLLIN)
        send(self._channel, {"pid": pid})
        return None

    def _close(self, *further: int) -> None:
        """Close, in a child, what is the parent's."""
        self._channel.close()
        for descriptor in (*self._children, *(one.status for one in self._children.values())):
            os.close(descriptor)
        for descriptor in further:
            os.close(descriptor)

    def _reap(self, watched: int) -> None:
        child = self._children.pop(watched)
        self._poll.unregister(watched)
        # As long as it is not waited for, no other group can have its number.
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        _kill(child.pid)
        _, code = os.waitpid(child.pid, 0)
        self._sweep()
        with suppress(BrokenPipeError):
            os.write(child.status, CODE.pack(os.waitstatus_to_exitcode(code)))
        os.close(child.status)
        os.close(watched)

    def _sweep(self) -> None:
        """End what a kernel has left behind.

        Whatever it had started and that has left its group has this process as parent by now.
        """
        kernels = {one.pid for one in self._children.values()}
        until = time.monotonic() + SWEEP_S
        while (strays := below(os.getpid(), processes(), apart=kernels)) and (
            time.monotonic() < until
        ):
            for pid in strays:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            for pid in strays:
                with suppress(ChildProcessError):  # its parent is a stray, too, and ends now
                    os.waitpid(pid, os.WNOHANG)
            time.sleep(PAUSE_S)


def _kill(leader: int) -> None:
    """Kill a kernel and all that is still in its group."""
    with suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)


def _threads() -> str:
    names = [(task / "comm").read_text(encoding="utf-8").strip() for task in TASKS.iterdir()]
    return "" if len(names) == 1 else f"it has {len(names)} threads: {', '.join(sorted(names))}"


def _imported(names: Iterable[str]) -> str:
    """Import modules, and packages with the modules that lie in them; tell what failed."""
    try:
        for name in names:
            module = importlib.import_module(name)
            for one in pkgutil.iter_modules(getattr(module, "__path__", ()), f"{name}."):
                importlib.import_module(one.name)
    except Exception:  # noqa: BLE001 - whatever a module raises is told
        return traceback.format_exc()
    return ""


def _opened(hook: str, *arguments: str) -> str:
    """Call `module:function` with its arguments; tell what failed."""
    module, _, function = hook.partition(":")
    try:
        getattr(importlib.import_module(module), function)(*arguments)
    except Exception:  # noqa: BLE001 - whatever it raises is told
        return traceback.format_exc()
    return ""


def main() -> None:
    """Serve the runner; a child leaves by the same door as a kernel."""
    descriptor, *names = sys.argv[1:]
    if sys.path[0] == str(Path.cwd()):
        del sys.path[0]  # as the launcher of kernels does
    gc.disable()  # of imports nothing is ever freed
    before = dict(os.environ)
    channel = socket.socket(fileno=int(descriptor))
    channel.set_inheritable(False)
    adopt_orphans()
    ask = Server(channel, _imported(names)).serve()
    if ask is None:
        return
    if ask.command:
        begin(ask)
    become(ask, {name: said for name, said in os.environ.items() if before.get(name) != said})


if __name__ == "__main__":
    main()
