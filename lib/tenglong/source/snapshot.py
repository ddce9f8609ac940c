"""A bundle that has been read, for the other processes of a run: no file of it is read twice.

    FOLDER/<digest of the bundle's path>/objects   everything but the arrays, with the files' state
    FOLDER/<digest of the bundle's path>/arrays    the tables' arrays, mapped into memory
    FOLDER/<digest of the bundle's path>/derived   what is worked out of it (`source.derived`)

The folder is the run's own and readable by the user alone. It holds pickled objects, so a process
opens only the one that its own run names, by the variable `TENGLONG_SNAPSHOT`.
"""

import mmap
import os
import pickle
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from tenglong.source.description import Description

if TYPE_CHECKING:
    from tenglong.measure.county import County
    from tenglong.source.bundle import Bundle

VARIABLE = "TENGLONG_SNAPSHOT"
OBJECTS, ARRAYS, DERIVED = "objects", "arrays", "derived"
PROTOCOL = 5  # the first that leaves arrays out
ALIGNMENT = 64  # bytes; what vectorised code likes best

State = tuple[tuple[str, int, int], ...]

# What `preload` has opened. A kernel that is forked from this process finds it in its memory.
_opened: dict[str, tuple[State, "Bundle"]] = {}


def write_snapshot(read: "Bundle", folder: Path) -> None:
    """Write a bundle as it was read.

    Parameters
    ----------
    folder
        Of the snapshots of a run; others may stand there already.
    """
    about = read.description
    place = _place(about, folder)
    place.mkdir(mode=0o700, parents=True)
    buffers: list[pickle.PickleBuffer] = []
    kept = replace(read, derived=place / DERIVED)
    kept.on(about.as_of)  # what is the same on every day is worked out and travels along
    objects = pickle.dumps((_state(about), kept), PROTOCOL, buffer_callback=buffers.append)
    spans: list[tuple[int, int]] = []
    with (place / ARRAYS).open("xb") as file:
        for buffer in buffers:
            file.write(b"\0" * (-file.tell() % ALIGNMENT))
            start = file.tell()
            spans.append((start, start + file.write(buffer.raw())))
    (place / OBJECTS).write_bytes(pickle.dumps((spans, objects), PROTOCOL))


def preload(folder: str, day: str) -> list["County"]:
    """Open every snapshot of a folder, for this process and those that are forked from it.

    The counties as of a day, YYYY-MM-DD, are held: whatever is worked out of them here, all of
    these processes have.
    """
    for place in sorted(Path(folder).iterdir()):
        _, read = _opened[place.name] = _read(place)
        county = read.on(day)
        read.held[county.as_of] = county
    return [county for _, read in _opened.values() for county in read.held.values()]


def snapshot_of(about: Description) -> "Bundle | None":
    """Give a bundle as it was read in this run; None if it was not, or its files changed since."""
    folder = os.environ.get(VARIABLE)
    place = _place(about, Path(folder or ""))
    found = _opened.get(place.name)
    if found is None and folder and place.is_dir():
        found = _read(place)
    if found is None or found[0] != _state(about):
        return None
    return found[1] if found[1].description == about else None


def _place(about: Description, folder: Path) -> Path:
    return folder / sha256(os.fsencode(about.path.resolve())).hexdigest()[:16]


def _state(about: Description) -> State:
    """Give the size and the time of every file of a bundle; what is not there has none."""
    return tuple(
        (str(path), told.st_size, told.st_mtime_ns)
        for path in sorted(about.files)
        if path.exists() and (told := path.stat())
    )


def _read(place: Path) -> tuple[State, "Bundle"]:
    spans, objects = pickle.loads((place / OBJECTS).read_bytes())  # noqa: S301 - the run's own
    with (place / ARRAYS).open("rb") as file:
        if not spans:
            return pickle.loads(objects)  # type: ignore[no-any-return]  # noqa: S301 - as above
        # A private copy of each page that is written to; of the others there is one.
        view = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY))
    return pickle.loads(objects, buffers=[view[a:b] for a, b in spans])  # type: ignore[no-any-return]  # noqa: S301 - as above
