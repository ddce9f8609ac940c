"""The folder of reports: one run at a time, each report whole or absent.

DIR/index.html                  the shelf
DIR/<bundle>/<period>/          a report: 2022Q2, or the day where no period is asked for
DIR/<bundle>/<period>-r00/      a publication that a revision took the place of
DIR/<bundle>/latest.html        leads to the newest publication
DIR/.staging/…                  what is being made, and what is being removed
DIR/.previous/…                 one that is being replaced, where that takes two steps
DIR/.failed/…                   what the last failed run left, for whoever looks for the reason
"""

import ctypes
import errno
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from tenglong.errors import BusyError, WriteError

STAGING, PREVIOUS, FAILED, LOCK = ".staging", ".previous", ".failed", ".lock"

# Names in `.staging` that no bundle's folder has.
COPY, DRAFT, REMOVED = ".copy", ".draft", ".removed"

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


def exchange(path: Path, other: Path) -> bool:
    """Let two folders change places in one step; False where the system cannot."""
    if sys.platform != "linux":
        return False
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    paths = (AT_FDCWD, os.fsencode(path), AT_FDCWD, os.fsencode(other))
    if rename(*paths, RENAME_EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in WITHOUT:
        return False
    raise OSError(number, os.strerror(number), str(path), None, str(other))


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


@dataclass(frozen=True)
class Library:
    """A folder of reports that this run has to itself."""

    folder: Path

    @contextmanager
    def staged(self, name: Path) -> Iterator[Path]:
        """Give an empty folder to build a report in; what is left of it is removed."""
        folder = self.folder / STAGING / name
        try:
            with writing(self.folder):
                folder.mkdir(parents=True)
            yield folder
        finally:
            shutil.rmtree(self.folder / STAGING, ignore_errors=True)

    def publish(self, staged: Path, name: Path, *, kept: Path | None = None) -> None:
        """Let a staged report take its place, and forget the run that failed before it.

        Parameters
        ----------
        kept
            Where the report that stands there is kept; what stands at this place already is a
            copy of it, and stays. Without, it is removed.
        """
        with writing(self.folder):
            if kept is not None and not (self.folder / kept).exists():
                self._keep(name, kept)
            take_place(staged, self.folder / name, aside=self.folder / PREVIOUS / name)
        for leftover in (self.folder / PREVIOUS, self.folder / FAILED / name):
            shutil.rmtree(leftover, ignore_errors=True)

    def keep_aside(self, staged: Path, name: Path) -> Path:
        """Keep a failed run's output apart from the reports; the reports stay as they are."""
        target = self.folder / FAILED / name
        shutil.rmtree(target, ignore_errors=True)
        with writing(self.folder):
            target.parent.mkdir(parents=True, exist_ok=True)
            return staged.rename(target)

    def _keep(self, name: Path, kept: Path) -> None:
        """Copy a report; the copy has its name when it is whole and on the disk."""
        draft, target = self.folder / STAGING / COPY / kept, self.folder / kept
        shutil.copytree(self.folder / name, draft, symlinks=True)
        sync(draft)
        draft.rename(target)
        _sync_entry(target.parent)

    def replace(self, name: str, text: str) -> None:
        """Replace a file in one step, if it does not say so already."""
        place, content = self.folder / name, text.encode()
        draft = self.folder / STAGING / DRAFT
        with writing(self.folder):
            if place.is_file() and place.read_bytes() == content:
                return
            draft.parent.mkdir(exist_ok=True)
            draft.write_bytes(content)
            _sync_entry(draft)
            draft.replace(place)

    def remove(self, name: Path) -> None:
        """Remove a report: in one step for whoever looks, then from the disk."""
        gone = self.folder / STAGING / REMOVED / name
        with writing(self.folder):
            gone.parent.mkdir(parents=True, exist_ok=True)
            (self.folder / name).rename(gone)
            shutil.rmtree(gone)


@contextmanager
def opened(folder: Path) -> Iterator[Library]:
    """Take a folder of reports for this run, and clean up after one that was killed.

    Raises
    ------
    WriteError
        If it cannot be written to.
    BusyError
        If another run has it.
    """
    lock = FileLock(folder / LOCK)
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        try:
            # The system lets go of it when a run dies, however it dies.
            lock.acquire(timeout=0)
        except Timeout as error:
            raise BusyError(f"{folder.name}: another run is writing there") from error
    try:
        with writing(folder):
            _recover(folder)
        yield Library(folder)
    finally:
        shutil.rmtree(folder / STAGING, ignore_errors=True)
        lock.release()


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Say in one line that a folder of reports cannot be written to.

    Raises
    ------
    WriteError
        In place of the system's own error.
    """
    try:
        yield
    except OSError as error:
        reason = (error.strerror or "cannot be written").lower()
        raise WriteError(f"{folder.name}: the report cannot be written: {reason}") from error


def _recover(folder: Path) -> None:
    shutil.rmtree(folder / STAGING, ignore_errors=True)
    previous = folder / PREVIOUS
    for report in sorted(previous.glob("*/*")):
        restore(report, folder / report.relative_to(previous))
    shutil.rmtree(previous, ignore_errors=True)
