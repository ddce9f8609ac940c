"""The desk: the folder where what the schedule writes for itself and for its watchers lies.

OUT/.schedule/<bundle>/status.json   how it stands, for a monitor
OUT/.schedule/<bundle>/log.jsonl     what was done, a line an event; log.1.jsonl … before it
OUT/.schedule/<bundle>/outbox/       mails to be sent
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from tenglong.errors import BusyError
from tenglong.run.naming import report_name
from tenglong.run.publish import writing

FOLDER, LOCK, STATUS, LOG, OUTBOX = ".schedule", "lock", "status.json", "log.jsonl", "outbox"
OWN = 0o600  # readable by its owner alone


@dataclass(frozen=True)
class Desk:
    """The folder of one bundle's schedule, below the folder of its reports."""

    folder: Path

    @property
    def status(self) -> Path:
        """The status file."""
        return self.folder / STATUS

    @property
    def log(self) -> Path:
        """The run log."""
        return self.folder / LOG

    @property
    def outbox(self) -> Path:
        """The folder of mails."""
        return self.folder / OUTBOX

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Have the schedule to this run alone.

        Raises
        ------
        BusyError
            If another one has it.
        WriteError
            If the folder cannot be written to.
        """
        lock = FileLock(self.folder / LOCK)
        with writing(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            try:
                lock.acquire(timeout=0)
            except Timeout as error:
                name = self.folder.name
                raise BusyError(f"{name}: another schedule is making its reports") from error
        try:
            yield
        finally:
            lock.release()


def desk_of(out: Path, bundle: Path, language: str) -> Desk:
    """Give the desk of a bundle whose reports in a language stand in a folder."""
    return Desk(out / FOLDER / report_name(bundle.name, language=language))


def own_file(path: Path, flags: int) -> int:
    """Open a file to be written that its owner alone can read."""
    return os.open(path, flags | os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0), OWN)


def replace_file(path: Path, content: bytes, mode: int) -> None:
    """Replace a file in one step: whoever reads it sees what was there, or all that is new."""
    draft = path.with_name(f".{path.name}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(own_file(draft, os.O_EXCL), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.chmod(mode)
    draft.replace(path)
