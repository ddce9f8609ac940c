"""A kernel that another process has forked, in the shape of `subprocess.Popen`."""

import os
import select
import signal
import threading
from contextlib import suppress

from tenglong.run.kernel.server import CODE


class Forked:
    """A kernel, seen from the runner.

    Parameters
    ----------
    pid
        The number of the process and of its group.
    status
        The descriptor from which its exit code is read; owned from here on.
    """

    stdin = stdout = stderr = None  # nothing of it is piped to us

    def __init__(self, pid: int, status: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._status = status
        self._lock = threading.Lock()  # a descriptor closed twice may be another's by then

    def __del__(self) -> None:
        if self.returncode is None:
            os.close(self._status)

    def poll(self) -> int | None:
        """Give the exit code, as `Popen` does; None as long as it runs."""
        if self.returncode is None and self._lock.acquire(blocking=False):
            try:
                if self.returncode is None and select.select([self._status], [], [], 0)[0]:
                    self._settle()
            finally:
                self._lock.release()
        return self.returncode

    def wait(self) -> int:
        """Wait for its end; nothing that it started outlives it."""
        with self._lock:
            return self._settle() if self.returncode is None else self.returncode

    def _settle(self) -> int:
        told = os.read(self._status, CODE.size)
        if told:
            (code,) = CODE.unpack(told)
        else:  # the warm process was killed, and the kernel with it, but not what it started
            code = -signal.SIGKILL
            self._signal(signal.SIGKILL)
        os.close(self._status)
        self.returncode = code
        return int(code)

    def send_signal(self, number: int) -> None:
        """Send a signal to it and to all that it started."""
        if self.poll() is None:
            self._signal(number)

    def kill(self) -> None:
        """End it and all that it started."""
        self.send_signal(signal.SIGKILL)

    def _signal(self, number: int) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.pid, number)
