"""The run log: a line of JSON for every event, bounded in size, readable by its owner alone."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from tenglong.run.schedule.clock import told
from tenglong.run.schedule.desk import own_file
from tenglong.run.schedule.rule import LogSize

KB = 1024


class Kind(StrEnum):
    """What has happened."""

    BEGUN = "begun"
    SET_BACK = "set_back"  # the clock, since the last look
    TAKEN = "taken"  # files of the inbox
    REFUSED = "refused"  # a file of the inbox that bundle.yml does not name
    MADE = "made"
    UNCHANGED = "unchanged"
    REVISED = "revised"
    FAILED = "failed"
    RETRIED = "retried"
    UNHEARD = "unheard"  # who was to be told could not be
    ENDED = "ended"


@dataclass(frozen=True)
class RunLog:
    """The log of a schedule, as one run writes it.

    Attributes
    ----------
    run
        What tells the lines of this run from others.
    clock
        What gives the time of an event.
    """

    path: Path
    size: LogSize
    run: str
    clock: Callable[[], datetime]

    def write(self, event: Kind, **about: Any) -> None:
        """Add an event; it is on the disk when this returns.

        A line is written at once, so that a run that is killed leaves whole lines; what one that
        lost its disk has left half is ended first.
        """
        line = {"at": told(self.clock()), "run": self.run, "event": event, **about}
        raw = json.dumps(line, ensure_ascii=False, default=str).encode() + b"\n"
        self._rotate(len(raw))
        handle = own_file(self.path, os.O_APPEND)
        try:
            os.write(handle, b"\n" + raw if self._is_cut_off() else raw)
            os.fsync(handle)
        finally:
            os.close(handle)

    def _is_cut_off(self) -> bool:
        with self.path.open("rb") as file:
            if not file.seek(0, os.SEEK_END):
                return False
            file.seek(-1, os.SEEK_END)
            return file.read(1) != b"\n"

    def _rotate(self, more: int) -> None:
        """Set the log aside where one more event would pass its size; the oldest one goes."""
        if not self.path.exists() or self.path.stat().st_size + more <= self.size.most_kb * KB:
            return
        former = [self.path, *(self._former(n + 1) for n in range(self.size.kept))]
        for older, newer in zip(former[:0:-1], former[-2::-1], strict=True):
            if newer.exists():
                newer.replace(older)

    def _former(self, number: int) -> Path:
        return self.path.with_suffix(f".{number}{self.path.suffix}")
