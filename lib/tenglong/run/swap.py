"""Put a folder in another's place, so that nobody ever sees half of it."""

import ctypes
import errno
import os
import shutil
import sys
from pathlib import Path

RENAME_EXCHANGE = 2
AT_FDCWD = -100
# What a kernel or a file system says that has no exchange.
WITHOUT = frozenset({errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EPERM})


def take_place(new: Path, target: Path, *, aside: Path) -> None:
    """Move `new` to `target`; a folder that stands there is replaced and removed.

    On Linux the two change places in one step. Elsewhere the old folder is kept at `aside`
    between two renames, and `restore` puts it back if the run dies in between.

    Parameters
    ----------
    new, target, aside
        On one file system.
    """
    sync(new)
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists():
        new.rename(target)
    elif exchange(new, target):
        shutil.rmtree(new)
    else:
        aside.parent.mkdir(parents=True, exist_ok=True)
        target.rename(aside)
        new.rename(target)
        shutil.rmtree(aside)
    _sync_entry(target.parent)


def restore(aside: Path, target: Path) -> None:
    """Finish what a run that died between the two renames left behind."""
    if target.exists():
        shutil.rmtree(aside)
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        aside.rename(target)


def exchange(one: Path, other: Path) -> bool:
    """Let two folders change places in one step; False where the system cannot."""
    if sys.platform != "linux":
        return False
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    paths = (AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other))
    if rename(*paths, RENAME_EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in WITHOUT:
        return False
    raise OSError(number, os.strerror(number), str(one), None, str(other))


def sync(folder: Path) -> None:
    """See that all of a folder is on the disk before it is named."""
    for where, _, names in os.walk(folder):
        for name in names:
            _sync_entry(Path(where, name))
        _sync_entry(Path(where))


def _sync_entry(path: Path) -> None:
    if os.name == "nt":  # a folder cannot be opened there
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
