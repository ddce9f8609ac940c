"""What is worked out of a bundle in a run, kept beside its snapshot: no kernel does it twice."""

import os
import pickle
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from filelock import FileLock

Told = TypeVar("Told")


@dataclass(frozen=True)
class Derived:
    """What is worked out of one county on one day.

    Everything in the folder follows from the snapshot that it lies in, which no one changes.
    """

    folder: Path
    held: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def get(self, name: str, work: Callable[[], Told]) -> Told:
        """Give what stands under a name, or else work it out and keep it.

        A kernel that asks while another is at work waits for its result.
        """
        if name not in self.held:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = self.folder / quote(name, safe="")
            with FileLock(f"{file}.lock"):
                self.held[name] = _read(file) if file.exists() else _written(file, work())
        told: Told = self.held[name]
        return told

    def within(self, part: str) -> "Derived":
        """Give the place of what is worked out of a part of the county."""
        return Derived(self.folder / part)


def _read(file: Path) -> Any:
    return pickle.loads(file.read_bytes())  # noqa: S301 - the run's own, see `source.snapshot`


def _written(file: Path, told: Told) -> Told:
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    draft.write_bytes(pickle.dumps(told, pickle.HIGHEST_PROTOCOL))
    draft.replace(file)  # a kernel that dies while it writes leaves nothing half
    return told
