"""The warm process, seen from the runner: it is asked to fork, and ends with its runner."""

import os
import socket
import subprocess
import tempfile
import threading
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tenglong.run.kernel.child import Ask
from tenglong.run.kernel.message import receive, send
from tenglong.run.kernel.process import Forked
from tenglong.run.kernel.server import KERNEL
from tenglong.run.kernel.warmth import Warmth

ANSWER_TIMEOUT_S = 120
END_TIMEOUT_S = 10
SERVER = ("-m", "tenglong.run.kernel.server")
# One thread: what is forked from it must find no lock that another one held. OpenBLAS, OpenMP and
# the allocator of Arrow would start theirs when they are imported. No kernel has these variables.
SINGLE = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
}


class ColdError(RuntimeError):
    """The warm process cannot fork a kernel, and why."""


class Parent:
    """A warm process; it begins to import when this is made, and nobody waits for it.

    Parameters
    ----------
    interpreter
        The command of the kernels up to `-m`: Python and its options.
    environment
        What is the same for all of its kernels.
    """

    def __init__(
        self, warmth: Warmth, interpreter: Sequence[str], environment: Mapping[str, str]
    ) -> None:
        self._warmth = warmth
        self._lock = threading.Lock()
        self._is_open = self._is_closed = False
        with ExitStack() as undone:
            self._log = undone.enter_context(tempfile.TemporaryFile())
            self._channel, theirs = socket.socketpair()
            undone.enter_context(self._channel)
            self._channel.settimeout(ANSWER_TIMEOUT_S)
            modules = () if warmth.is_plain else (*KERNEL, *warmth.modules)
            with theirs:
                self._process = subprocess.Popen(  # noqa: S603 - the interpreter that runs this
                    [*interpreter, *SERVER, str(theirs.fileno()), *modules],
                    env={**environment, **SINGLE},
                    pass_fds=[theirs.fileno()],
                    cwd=os.sep,  # no folder of a user's, from where modules could be taken
                    stdin=subprocess.DEVNULL,
                    stdout=self._log,
                    stderr=self._log,
                    start_new_session=True,  # Ctrl-C is the runner's own business
                )
            undone.pop_all()  # both are closed with the process

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    def is_alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    def fork(self, ask: Ask, stdout: int, stderr: int) -> Forked:
        """Fork a kernel, whose standard streams are these descriptors; or start an ordinary one.

        Raises
        ------
        ColdError
            If it is gone; if it shall fork one, also if it could not import or open what it was
            told to, or has a second thread.
        """
        heard, said = os.pipe()
        try:
            with self._lock:
                self._open()
                answer = self._ask({"fork": asdict(ask)}, (said, stdout, stderr))
        except BaseException:
            os.close(heard)
            raise
        finally:
            os.close(said)
        return Forked(answer["pid"], heard)

    def remove_in_the_end(self, folder: Path) -> None:
        """Let it remove a folder when it ends, since this process may be killed."""
        with self._lock:
            self._require()
            send(self._channel, {"scratch": str(folder)})

    def retire(self) -> None:
        """Let it end after its last kernel; it forks no other."""
        with self._lock:
            if not self._is_closed and self.is_alive():
                send(self._channel, {"retire": True})

    def close(self) -> None:
        """End it, all its kernels, and all that these have started."""
        self._is_closed = True
        with suppress(OSError):  # it may be gone already
            self._channel.shutdown(socket.SHUT_RDWR)  # who waits for an answer, waits no longer
        with self._lock:
            self._channel.close()
            if not self._is_open:  # it has no kernel, and may still be importing
                self._process.kill()
            try:
                self._process.wait(END_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._log.close()

    def _open(self) -> None:
        self._require()
        if self._warmth.hook and not self._is_open:
            send(self._channel, {"open": [self._warmth.hook, *self._warmth.arguments]})
        self._is_open = True

    def _require(self) -> None:
        if self._is_closed:
            raise ColdError("the run is over")

    def _ask(self, said: Mapping[str, Any], descriptors: Sequence[int]) -> Mapping[str, Any]:
        try:
            send(self._channel, said, descriptors)
            answer, _ = receive(self._channel)
        except (EOFError, OSError) as error:
            self._require()
            self._process.kill()
            raise ColdError(f"it does not answer, and said last: {self._last_words()}") from error
        if "refused" in answer:
            raise ColdError(answer["refused"])
        return answer

    def _last_words(self) -> str:
        self._log.seek(0)
        return self._log.read().decode(errors="replace").strip() or "nothing"
