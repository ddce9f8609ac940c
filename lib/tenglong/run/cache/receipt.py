"""The receipt of a run: the state of everything that it read and wrote.

Where all of it still holds, the same command has nothing to do. That is told without reading a
table or importing what draws one: files are compared with their digests, folders with the names
in them, and what was looked for and not found must not be there.
"""

import hashlib
import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tenglong.run.cache.code import code
from tenglong.run.cache.store import Store, digest_of
from tenglong.run.cache.surroundings import printers, surroundings

if TYPE_CHECKING:
    from tenglong.run.request import Request
    from tenglong.source.description import Description

INDEX, MANIFESTS = "index.html", "*/*/manifest.json"
# What a run that was broken off, or failed, leaves for the next one to clear away.
LEFT = (".staging", ".previous", ".failed")
States = Mapping[str, str]


@dataclass(frozen=True)
class Receipt:
    """What must still hold.

    Attributes
    ----------
    pages
        The ids of the pages that the run was asked for.
    around
        The digest of all code and of what `run.cache.surroundings` tells.
    states
        The state of each path; see `state`.
    out
        The folder of reports.
    reports
        The reports there, whose covers lead to one another.
    """

    pages: Sequence[str]
    around: str
    states: States
    out: str
    reports: Sequence[str]

    def holds(self) -> bool:
        """Whether nothing has changed since."""
        return (
            self.around == _around()
            and list(self.reports) == _reports(Path(self.out))
            and all(state(Path(path)) == former for path, former in self.states.items())
        )


@dataclass(frozen=True)
class Draft:
    """What a run is about to read, and the key that the receipt will stand under."""

    key: str
    around: str
    states: States


def key_of(asked: Mapping[str, object]) -> str:
    """Give the key of a command as it was typed, in the folder where it was typed."""
    here = {"receipt:": "1", "folder:": str(Path.cwd())}
    return digest_of(here | {name: repr(value) for name, value in asked.items()})


def unchanged(store: Store, key: str) -> Receipt | None:
    """Give the receipt of the last such run, if all of it still holds."""
    content = store.get(key)
    if content is None:
        return None
    receipt = Receipt(**json.loads(content))
    return receipt if receipt.holds() else None


def draft(key: str, request: "Request", typed: Iterable[str], *, started_ns: int) -> Draft | None:
    """Look at what a run is about to read.

    Parameters
    ----------
    typed
        The bundles as they were typed: looked for in the working directory first.
    started_ns
        When the command began: what has changed since may have been read before.

    Returns
    -------
    Draft or None
        None where no later run can know whether something changed: rows of a database, a county
        of which there is only a summary, or a file that changes while it is looked at.
    """
    bundles = (request.bundle, *request.beside)
    if any(one.databases or one.place != one.path for one in bundles):
        return None
    paths = {path for one in bundles for path in _read_of(one)} | set(_notebooks(request))
    paths |= {Path(one).absolute() / "bundle.yml" for one in typed}
    if not all(_is_settled(path, started_ns) for path in paths):
        return None
    return Draft(key, _around(), _states(paths))


def issue(store: Store, begun: Draft, request: "Request", folder: Path) -> None:
    """Write the receipt of a run that was published, if what it read is still as it was.

    Parameters
    ----------
    folder
        The report.
    """
    if not code().is_older_than_process() or begun.around != _around():
        return
    if begun.states != _states(map(Path, begun.states)):
        return
    out = request.out.absolute()
    reports = _reports(out)
    written = {folder.absolute(), *folder.absolute().rglob("*"), out / INDEX}
    written |= {out / report / INDEX for report in reports}
    written |= {out / left / request.name for left in LEFT}
    states = {**begun.states, **_states(written)}
    receipt = Receipt([page.id for page in request.pages], begun.around, states, str(out), reports)
    store.put(begun.key, json.dumps(asdict(receipt)).encode())


def state(path: Path) -> str:
    """Give a file's digest, or that of the names in a folder; empty where there is nothing."""
    try:
        if path.is_dir():
            names = sorted(one.name for one in path.iterdir())
            return f"folder {hashlib.sha256(json.dumps(names).encode()).hexdigest()}"
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except OSError as error:
        return f"{error.errno} {time.time_ns()}"  # never the same again


def _states(paths: Iterable[Path]) -> dict[str, str]:
    return {str(path): state(path) for path in sorted(paths)}


def _is_settled(path: Path, started_ns: int) -> bool:
    """Whether a path has been as it is since before the command began."""
    try:
        told = path.stat()
    except OSError:
        return True
    return max(told.st_mtime_ns, told.st_ctime_ns) < started_ns


def _around() -> str:
    return digest_of({"code:": code().digest, **surroundings(), **printers()})


def _reports(out: Path) -> list[str]:
    return sorted(path.parent.relative_to(out).as_posix() for path in out.glob(MANIFESTS))


def _read_of(about: "Description") -> set[Path]:
    """Give what is read of a bundle and of the kit for it, with what is looked for in vain."""
    from tenglong.run.cache.inputs import input_files  # noqa: PLC0415 - it reads tables' declaration
    from tenglong.source.reference import OUTLINE, TOWNSHIPS  # noqa: PLC0415 - geopandas

    files = set(input_files(about).values())
    sought = {about.path / about.plan, Path(about.plan).absolute()}
    sought |= {one / name for one in about.reference.folders for name in (OUTLINE, TOWNSHIPS)}
    policy = {path for path in (about.path / about.policy).rglob("*") if path.is_dir()}
    return files | sought | policy | {path.parent for path in files}


def _notebooks(request: "Request") -> set[Path]:
    folders = {page.notebook.parent for page in request.pages}
    files = {page.notebook for page in request.pages}
    return files | {
        folder / name for folder in folders for name in ("catalogue.yml", "published.yml")
    }
