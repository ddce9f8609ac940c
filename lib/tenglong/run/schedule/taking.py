"""Files of the inbox take their places in the bundle: all of a month, or none.

BUNDLE/.taking/new/…          the files, copied in full
BUNDLE/.taking/journal.json   what is to be done with them; once it is there, it will be done

A run that dies before the journal stands has changed nothing; one that dies after it leaves what
the next one finishes before anything else.
"""

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tenglong.errors import DataError, WriteError
from tenglong.run.publish import sync
from tenglong.run.schedule.inbox import FOLDER, MARK, Drop, print_of
from tenglong.source.file.parts import parts_of

TAKING, NEW, JOURNAL, ARCHIVE = ".taking", "new", "journal.json", "archive"


class UntakenError(DataError):
    """Files of the inbox cannot be copied, or were not complete yet; nothing was taken."""


@dataclass(frozen=True)
class Journal:
    """What is to be done; all paths are those below the bundle, or below the month's folder.

    Attributes
    ----------
    archive
        The folder for what is replaced.
    old
        The files that are replaced.
    new
        The files that take their places, each with its size and time in the inbox.
    """

    month: str
    archive: str
    old: tuple[str, ...]
    new: Mapping[str, tuple[int, int]]


def take(bundle: Path, drop: Drop, today: date) -> Journal:
    """Let a month's files take their places in a bundle, and give what was done.

    Raises
    ------
    UntakenError
        If they cannot be copied, or one of them changes meanwhile; nothing is taken then.
    WriteError
        If they can be put in place in part only; the rest is done by `recover`.
    """
    new = {part: drop.files[part] for parts in drop.sources.values() for part in parts}
    journal = Journal(drop.month, _archive(bundle, today), _old(bundle, drop), new)
    try:
        _stage(bundle / TAKING, drop, journal)
    except OSError as error:
        shutil.rmtree(bundle / TAKING, ignore_errors=True)
        reason = (error.strerror or str(error)).lower()
        raise UntakenError(f"{FOLDER}/{drop.month}: cannot be taken: {reason}") from error
    _finish(bundle, journal)
    return journal


def _stage(folder: Path, drop: Drop, journal: Journal) -> None:
    """Copy what is new, and write down what will be done."""
    shutil.rmtree(folder, ignore_errors=True)
    for name in journal.new:
        _copy(drop.folder / name, folder / NEW / name)
    changed = [name for name, told in journal.new.items() if print_of(drop.folder / name) != told]
    if changed:
        raise BlockingIOError(0, f"{', '.join(changed)} is still being written")
    draft = folder / f"{JOURNAL}.new"
    draft.write_text(json.dumps(asdict(journal), ensure_ascii=False), encoding="utf-8")
    sync(folder)
    draft.replace(folder / JOURNAL)


def recover(bundle: Path) -> Journal | None:
    """Finish what a run that died has begun to take, and give it; None where there is none.

    Raises
    ------
    WriteError
        If the bundle cannot be written to: no report may be made of it before this is done.
    """
    folder = bundle / TAKING
    if not folder.is_dir():
        return None
    if not (folder / JOURNAL).is_file():
        with _placing(bundle):
            shutil.rmtree(folder)
        return None
    raw: dict[str, Any] = json.loads((folder / JOURNAL).read_text(encoding="utf-8"))
    new = {name: (size, time) for name, (size, time) in raw["new"].items()}
    journal = Journal(raw["month"], raw["archive"], tuple(raw["old"]), new)
    _finish(bundle, journal)
    return journal


def _finish(bundle: Path, journal: Journal) -> None:
    """Do what a journal says, or the rest of it: every step can be done again."""
    staged, archive = bundle / TAKING / NEW, bundle / journal.archive
    with _placing(bundle):
        for name in journal.old:  # all of it, before anything is replaced
            if not (archive / name).exists():
                _copy(bundle / name, archive / name)
        for name in journal.new:
            if (staged / name).exists():
                (bundle / name).parent.mkdir(parents=True, exist_ok=True)
                (staged / name).replace(bundle / name)
        for name in journal.old:
            if name not in journal.new:
                (bundle / name).unlink(missing_ok=True)
        _clear(bundle / FOLDER / journal.month, journal)
        (bundle / TAKING / JOURNAL).unlink()
        shutil.rmtree(bundle / TAKING)


@contextmanager
def _placing(bundle: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise WriteError(
            f"{bundle.name}: files of the inbox cannot be put in place: {reason}"
        ) from error


def _clear(month: Path, journal: Journal) -> None:
    """Remove from the inbox what was taken; what was put there since stays."""
    for name, before in journal.new.items():
        if print_of(month / name) == before:
            (month / name).unlink()
    (month / MARK).unlink(missing_ok=True)
    for folder in sorted((one for one in month.rglob("*") if one.is_dir()), reverse=True):
        _remove_if_empty(folder)
    _remove_if_empty(month)


def _remove_if_empty(folder: Path) -> None:
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


def _old(bundle: Path, drop: Drop) -> tuple[str, ...]:
    parts = [part for name in drop.sources for part in parts_of(bundle / name) if part.is_file()]
    return tuple(part.relative_to(bundle).as_posix() for part in parts)


def _archive(bundle: Path, today: date) -> str:
    """Name a folder of the archive that is not there yet: the day, with a number for a second."""
    names = [today.isoformat()]
    while (bundle / ARCHIVE / names[-1]).exists():
        names.append(f"{today.isoformat()}-{len(names) + 1}")
    return f"{ARCHIVE}/{names[-1]}"


def _copy(source: Path, target: Path) -> None:
    """Copy a file so that there is none or a whole one."""
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f"{target.name}.part")
    shutil.copy2(source, draft)
    draft.replace(target)
