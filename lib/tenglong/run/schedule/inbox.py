"""The inbox: a folder a month in which people drop the bundle's files.

BUNDLE/inbox/2022-07/enterprise_months.csv   as bundle.yml names it, below the month's folder
BUNDLE/inbox/2022-07/.done                   says that all is there; without it, stillness does
BUNDLE/archive/2022-08-03/…                  what such files have replaced, by the day

Only what bundle.yml names is taken. A month's files are taken together or not at all.
"""

import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath

from tenglong.errors import did_you_mean
from tenglong.measure.period import is_period, period_of
from tenglong.run.schedule.clock import told
from tenglong.run.schedule.rule import Rule
from tenglong.source.description import Description
from tenglong.source.file.parts import parts_of

FOLDER, MARK = "inbox", ".done"
NEEDED = {".shp": (".shp", ".shx", ".dbf")}  # the parts without which a file cannot be read
Prints = Mapping[str, tuple[int, int]]  # of files: the size in bytes, the time in nanoseconds


@dataclass(frozen=True)
class Look:
    """A month's files as they were at a look, and since when they have been so."""

    since: datetime
    files: Prints

    @classmethod
    def of(cls, raw: Mapping[str, object]) -> "Look | None":
        """Read a look as the status file holds it; None where it is none."""
        files, since = raw.get("files"), raw.get("since")
        if not isinstance(files, Mapping) or not isinstance(since, str):
            return None
        try:
            return cls(datetime.fromisoformat(since), {k: (v[0], v[1]) for k, v in files.items()})
        except (ValueError, TypeError, LookupError):
            return None

    @property
    def raw(self) -> dict[str, object]:
        """Write it as the status file holds it."""
        return {"since": told(self.since), "files": {k: list(v) for k, v in self.files.items()}}


@dataclass(frozen=True)
class Drop:
    """What lies in the folder of a month.

    Attributes
    ----------
    sources
        The files that can be taken, with all their parts, by the name of bundle.yml; paths are
        those below the folder.
    others
        What is not taken, and why.
    is_marked
        Whether somebody says that all is there.
    """

    folder: Path
    files: Prints
    sources: Mapping[str, tuple[str, ...]]
    others: Mapping[str, str]
    is_marked: bool

    @property
    def month(self) -> str:
        """The month that it is of."""
        return self.folder.name

    def look(self, former: Look | None, now: datetime) -> Look:
        """Compare it with a former look, and tell since when the files are as they are."""
        if former is None or former.files != self.files or former.since > now:
            return Look(now, self.files)
        return former

    def is_complete(self, look: Look, now: datetime, rule: Rule) -> bool:
        """Whether it can be taken: marked, or still for as long as the rule asks."""
        still = timedelta(minutes=rule.inbox.still_minutes)
        return bool(self.sources) and (self.is_marked or now - look.since >= still)


def drops(about: Description) -> Iterator[Drop]:
    """Look into the folders of the inbox, oldest month first."""
    for path in _within(about):
        if _is_months(path):
            yield _drop(path, _named(about))


def strays(about: Description) -> dict[str, str]:
    """Tell what lies in the inbox, and in no folder of a month."""
    why = f"{FOLDER}/ holds folders of months, such as 2022-07"
    return {path.name: why for path in _within(about) if not _is_months(path)}


def _within(about: Description) -> list[Path]:
    inbox = about.path / FOLDER
    return sorted(inbox.iterdir()) if inbox.is_dir() and not inbox.is_symlink() else []


def _is_months(path: Path) -> bool:
    return is_month(path.name) and path.is_dir() and not path.is_symlink()


def is_month(name: str) -> bool:
    """Whether a folder is called as a month is.

    >>> is_month("2022-07"), is_month("2022-7"), is_month("2022Q3"), is_month("202207")
    (True, False, False, False)
    """
    return is_period(name) and period_of(name).name == name and "-" in name


def print_of(path: Path) -> tuple[int, int] | None:
    """Give the size and the time of a plain file; None for anything else, a link among it."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return None
    return (found.st_size, found.st_mtime_ns) if stat.S_ISREG(found.st_mode) else None


def _named(about: Description) -> tuple[str, ...]:
    """Give the files that bundle.yml names below the bundle's own folder."""
    names = {one.file for sources in about.sources.values() for one in sources if one.file}
    paths = (PurePosixPath(name.replace("\\", "/")) for name in sorted(names))
    return tuple(
        path.as_posix() for path in paths if not path.is_absolute() and ".." not in path.parts
    )


def _drop(folder: Path, named: tuple[str, ...]) -> Drop:
    files, others = {}, {}
    for where, folders, names in os.walk(folder):
        for name in sorted([*names, *(one for one in folders if Path(where, one).is_symlink())]):
            path = Path(where, name)
            below = path.relative_to(folder).as_posix()
            found = print_of(path)
            if found is None:
                others[below] = "is not a plain file"
            elif below != MARK:
                files[below] = found
    sources: dict[str, tuple[str, ...]] = {}
    for name in named:
        parts = _parts(folder, name, files)
        if lacking := _lacking(name, parts):
            others |= dict.fromkeys(parts, f"comes without its {', '.join(lacking)}")
        elif parts:
            sources[name] = parts
    taken = {part for parts in sources.values() for part in parts}
    others |= {
        name: f"bundle.yml names no such file{did_you_mean(name, named)}"
        for name in files
        if name not in taken and name not in others
    }
    return Drop(folder, files, sources, others, print_of(folder / MARK) is not None)


def _parts(folder: Path, name: str, files: Prints) -> tuple[str, ...]:
    """Give the parts of a source that are there; of a file, none without the file itself."""
    path = folder / name
    if not path.exists():
        return ()
    below = (part.relative_to(folder).as_posix() for part in parts_of(path))
    return tuple(part for part in below if part in files)


def _lacking(name: str, parts: tuple[str, ...]) -> tuple[str, ...]:
    """Name the endings of parts that are needed and not there, of a source that is."""
    endings = {PurePosixPath(part).suffix.lower() for part in parts}
    needed = NEEDED.get(PurePosixPath(name).suffix.lower(), ())
    return tuple(ending for ending in needed if parts and ending not in endings)
