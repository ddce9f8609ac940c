"""Folders for what is on its way; none stays, however the run ends that has made it."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

PREFIX, LOCK = "tl-", ".lock"
BEGINS_S = 3600  # a folder without a lock may be one that another run is about to take


@contextmanager
def scratch() -> Iterator[Path]:
    """Give a folder that the user alone can read, and that this process has to itself.

    What runs that were killed have left is removed first.
    """
    sweep()
    with (
        tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True) as folder,
        # The system lets go of it when a process dies, however it dies.
        FileLock(Path(folder, LOCK)),
    ):
        yield Path(folder)


def sweep() -> None:
    """Remove the folders of processes that are no more."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError, Timeout):  # another's, or one that is being removed
            if _is_own(folder):
                _remove(folder)


def _remove(folder: Path) -> None:
    lock = folder / LOCK
    if not lock.exists() and folder.stat().st_mtime > time.time() - BEGINS_S:
        return
    with FileLock(lock, timeout=0):
        shutil.rmtree(folder, ignore_errors=True)


def _is_own(folder: Path) -> bool:
    own = os.geteuid() if hasattr(os, "geteuid") else folder.lstat().st_uid
    return folder.lstat().st_uid == own and folder.is_dir() and not folder.is_symlink()
