"""A store of bytes by key, in a folder that this user alone can read.

    FOLDER/ab/ab12…    an entry: a mark, a digest of its key and content, the content compressed

An entry is written aside and renamed, so that there is none or a whole one; it is verified when
it is read, so that one that was cut off, changed or moved is as good as none. Any number of
processes may use a folder at once.
"""

import hashlib
import os
import re
import stat
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import count
from json import dumps
from pathlib import Path

from tenglong.run.cache.folder import cache_folder, most_bytes

MARK = b"tenglong cache 1\n"
DIGEST_BYTES = hashlib.sha256().digest_size
DRAFT = ".part"
ENTRY = re.compile(rf"[0-9a-f]{{64}}(\.\d+\.\d+{re.escape(DRAFT)})?")
DRAFT_LIVES_S = 3600  # what a killed run left is swept away after that
KEPT_SHARE = 0.9  # of the limit, once it was passed: not at every entry something must go
_numbers = count()


def digest_of(ingredients: Mapping[str, str]) -> str:
    """Give the key of what follows from these ingredients and from nothing else.

    >>> digest_of({"a": "1", "b": "2"}) == digest_of({"b": "2", "a": "1"})
    True
    """
    return hashlib.sha256(dumps(ingredients, sort_keys=True).encode()).hexdigest()


class Store:
    """Entries of one edition. A key is a SHA-256 in hex, as `digest_of` gives it.

    Attributes
    ----------
    folder
        Made when something is kept.
    most_bytes
        What it may hold; the entries that were used longest ago go first.
    trouble
        Why it cannot be written to; empty as long as it can. After the first trouble nothing
        more is kept.
    """

    def __init__(self, folder: Path, most_bytes: int) -> None:
        self.folder = folder
        self.most_bytes = most_bytes
        self.trouble = ""
        self._held: int | None = None

    def get(self, key: str) -> bytes | None:
        """Give what is kept under a key, None where nothing sound is."""
        path = self._path(key)
        try:
            if not _is_own(self.folder):
                return None
            content = _content(path.read_bytes(), key)
        except OSError:
            return None
        with suppress(OSError):
            path.unlink() if content is None else os.utime(path)
        return content

    def put(self, key: str, content: bytes) -> None:
        """Keep something under a key; what was there is replaced."""
        packed = zlib.compress(content, 1)
        raw = MARK + _seal(key, packed) + packed
        if self.trouble or len(raw) > self.most_bytes:
            return
        path = self._path(key)
        try:
            _own(self.folder)
            _own(path.parent)
            self._make_room(len(raw))
            _write(path, raw)
        except OSError as error:
            self.trouble = (error.strerror or "cannot be written").lower()

    def sizes(self) -> dict[Path, int]:
        """Give the size of each entry."""
        return {path: told.st_size for path, told in self._entries()}

    def clear(self) -> int:
        """Remove all entries, and nothing else; give how many there were."""
        paths = [path for path, _ in self._entries()]
        for path in paths:
            path.unlink(missing_ok=True)
        self._held = None
        return len(paths)

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / key

    def _entries(self) -> Iterator[tuple[Path, os.stat_result]]:
        for path in self.folder.glob("[0-9a-f][0-9a-f]/*"):
            if not ENTRY.fullmatch(path.name):  # somebody else's
                continue
            with suppress(FileNotFoundError):  # another run was faster
                told = path.stat()
                if not path.name.endswith(DRAFT):
                    yield path, told
                elif told.st_mtime < time.time() - DRAFT_LIVES_S:
                    path.unlink()

    def _make_room(self, size: int) -> None:
        """Remove what was used longest ago, where the limit would be passed."""
        if self._held is None:
            self._held = sum(self.sizes().values())
        self._held += size
        if self._held <= self.most_bytes:
            return
        entries = sorted(self._entries(), key=lambda one: one[1].st_mtime_ns)
        held = size + sum(told.st_size for _, told in entries)
        for path, told in entries:
            if held <= self.most_bytes * KEPT_SHARE:
                break
            path.unlink(missing_ok=True)
            held -= told.st_size
        self._held = held


def open_store(edition: str) -> Store | None:
    """Give the store of an edition; None where there is to be none.

    Raises
    ------
    UsageError
        If the limit of its size is malformed.
    """
    folder = cache_folder()
    return None if folder is None else Store(folder / edition, most_bytes())


def stores() -> tuple[Path, dict[str, Store]] | None:
    """Give the folder of the cache, and the stores that hold something; None where none is to be.

    Raises
    ------
    UsageError
        If the limit of their size is malformed.
    """
    folder = cache_folder()
    if folder is None:
        return None
    limit = most_bytes()
    found = {path.name: Store(path, limit) for path in sorted(folder.glob("*"))}
    return folder, {edition: store for edition, store in found.items() if store.sizes()}


def _seal(key: str, packed: bytes) -> bytes:
    return hashlib.sha256(key.encode() + b"\n" + packed).digest()


def _content(raw: bytes, key: str) -> bytes | None:
    """Give what an entry holds, None where it is not whole or not this one."""
    head = len(MARK) + DIGEST_BYTES
    packed = raw[head:]
    return zlib.decompress(packed) if raw[:head] == MARK + _seal(key, packed) else None


def _write(path: Path, raw: bytes) -> None:
    draft = path.with_name(f"{path.name}.{os.getpid()}.{next(_numbers)}{DRAFT}")
    try:
        handle = os.open(
            draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600
        )
        with os.fdopen(handle, "wb") as file:
            file.write(raw)
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _own(folder: Path) -> None:
    """Make a folder that is this user's alone.

    Raises
    ------
    OSError
        If it cannot be made, or belongs to somebody else.
    """
    if not folder.parent.is_dir():
        _own(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    if not _is_own(folder):
        raise PermissionError(0, "it can be read by others, or belongs to another user")


def _is_own(folder: Path) -> bool:
    """Whether a folder is this user's and readable by nobody else; Windows sees to that itself."""
    told = folder.lstat()
    if not stat.S_ISDIR(told.st_mode):
        return False
    return os.name == "nt" or (told.st_uid == os.geteuid() and not told.st_mode & 0o077)
