"""The press: what publishes the report of a period, and tells what is published.

Each report is made by `tenglong report … --publish` in a process of its own: whatever becomes of
it, the schedule goes on with the next one.
"""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from tenglong.errors import TenglongError
from tenglong.source.description import Description

KIT = (sys.executable, "-P", "-m", "tenglong")  # -P: nothing is imported from the working directory
SAYS = "tenglong: "  # how the command begins a line that tells why it failed
MOST_READ = 65536
MOST_TOLD = 300  # characters of a reason
ENDING_S = 60  # how long a process that is asked to end may take to clean up
KILLED = 128  # the shell's convention: 128 + the signal


@dataclass(frozen=True)
class Ended:
    """How making a report ended: an exit code of `tenglong.errors`, and the reason in one line."""

    code: int
    line: str = ""


class Press(Protocol):
    """What publishes reports."""

    def numbers(self) -> Mapping[str, int]:
        """Give the number of the newest publication by the name of its period, 0 for the first."""

    def make(self, period: str) -> Ended:
        """Publish the report of a period; it stays as it is where its data did not change."""

    def renew(self) -> None:
        """Make anew what leads to the reports, as a run that was killed may have left it."""


@dataclass(frozen=True)
class Kit:
    """The press of the kit itself: one bundle's reports in one language.

    Attributes
    ----------
    notebooks
        A folder with a catalogue; None for the kit's own.
    limit_s
        After so many seconds a run is ended.
    """

    bundle: Description
    out: Path
    language: str
    notebooks: Path | None
    limit_s: float

    def numbers(self) -> Mapping[str, int]:
        """Give the number of the newest publication by the name of its period, 0 for the first."""
        from tenglong.run.publication import publications_of  # noqa: PLC0415

        return {
            one.period: one.number  # the newest of a name comes last
            for one in publications_of(self.out)
            if (one.bundle, one.code) == (self.bundle.path.name, self.bundle.code)
            and one.period is not None
            and (one.language, one.township) == (self.language, "")
        }

    def make(self, period: str) -> Ended:
        """Publish the report of a period; it stays as it is where its data did not change."""
        notebooks = ("--notebooks", str(self.notebooks.absolute())) if self.notebooks else ()
        return ended(
            (
                *(*KIT, "report", str(self.bundle.path), "--period", period, "--publish"),
                *("--out", str(self.out.absolute()), "--language", self.language, *notebooks),
            ),
            limit_s=self.limit_s,
            places={str(path): path.name for path in (self.out.absolute(), self.bundle.path)},
        )

    def renew(self) -> None:
        """Make anew what leads to the reports, as a run that was killed may have left it.

        Raises
        ------
        BusyError, WriteError
            If the folder of reports is taken or cannot be written to.
        """
        from tenglong.run.shelving import renew  # noqa: PLC0415 - most looks find nothing to do

        if self.out.is_dir():
            for line in renew(self.out, self.language):
                print(line, file=sys.stderr)


def ended(command: Sequence[str], *, limit_s: float, places: Mapping[str, str]) -> Ended:
    """Run a command, and tell how it ended.

    Its process never outlives this call, whatever ends it; its complaints go to a file, since a
    pipe would be waited for as long as anything that it has started holds its other end.

    Parameters
    ----------
    places
        Paths of this machine, and what a reason calls them.
    """
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(  # noqa: S603 - the kit's own command
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=said,
            start_new_session=True,
        )
        try:
            code = process.wait(limit_s)
        except subprocess.TimeoutExpired:
            _end(process)
            minutes = f"{limit_s / 60:.0f}"
            return Ended(TenglongError.exit_code, f"ended after {minutes} minutes, the limit")
        finally:
            _end(process)
        if code < 0:
            return Ended(KILLED - code, f"its process was killed (signal {-code})")
        return Ended(code, _reason(said, places) if code else "")


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End a process that still runs: it may clean up, and is killed after that."""
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(ENDING_S)
    except subprocess.TimeoutExpired:
        if os.name == "nt":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _reason(said: BinaryIO, places: Mapping[str, str]) -> str:
    """Give the last line of what a command said of its failure."""
    said.seek(max(0, said.seek(0, os.SEEK_END) - MOST_READ))
    lines = said.read().decode("utf-8", "replace").splitlines()
    own = [line.removeprefix(SAYS) for line in lines if line.startswith(SAYS)]
    reason = (own or [line for line in lines if line.strip()] or [""])[-1]
    for path, name in places.items():
        reason = reason.replace(path, name)
    shown = "".join(letter if letter.isprintable() else " " for letter in reason)
    return shown[:MOST_TOLD].strip()
