"""The unit of work: one report, to be made by any machine that has the kit and sees its files."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tenglong.run import manifest
from tenglong.run.kernel.kind import Kind
from tenglong.run.request import Request

Files = Mapping[str, bytes]


@dataclass(frozen=True)
class Unit:
    """A report to be made. Its inputs travel as paths and hashes, never as their content.

    Attributes
    ----------
    name
        The report's place in a folder of reports, as far as it is known before.
    out
        The folder of reports that it lands in.
    bundle
        The bundle's folder, whole.
    asked
        What else `run.request` takes, settled: a day, never `today`.
    notebooks
        Where the catalogue stands; None for the kit's own.
    inputs
        The SHA-256 of every file that it is made from, by path.
    versions
        What its bytes may depend on of the machine that asks (`manifest.versions`).
    stands
        The files of the report that stands there, where some of its pages alone are made.
    scratch
        A folder that the workers share; None where each has its own.
    is_summed
        Whether the county's summary is asked for, too.
    kind
        How kernels start.
    is_fresh
        Whether every page is made anew, whatever the worker's cache holds.
    """

    name: Path
    out: Path
    bundle: str
    asked: Mapping[str, Any]
    notebooks: Path | None
    inputs: Mapping[str, str]
    versions: Mapping[str, str]
    stands: Files = field(default_factory=dict, repr=False)
    scratch: Path | None = None
    is_summed: bool = False
    kind: Kind = Kind.WARM
    is_fresh: bool = False

    @property
    def key(self) -> str:
        """What it has in common with every other report that is made from the same files."""
        return hashlib.sha256(repr(sorted(self.inputs.items())).encode()).hexdigest()[:16]

    @property
    def sort(self) -> str:
        """What reports that take alike long have in common: the county, its part, the pages."""
        part = "township" if self.asked["township"] else "county"
        return "/".join([Path(self.bundle).name, part, *self.asked["page_ids"]])


@dataclass(frozen=True)
class Delivery:
    """What came of a unit.

    Attributes
    ----------
    name
        Where the report belongs in the folder of reports.
    files
        All of it, by path below its folder; of a report that failed, what there is.
    failed
        The reason in one line, by page; by an empty name where no page was begun.
    seconds
        How long it took.
    summary
        The county's summary, where it was asked for.
    """

    name: Path
    files: Files = field(default_factory=dict, repr=False)
    failed: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    summary: bytes = field(default=b"", repr=False)


def unit_of(
    request: Request, notebooks: Path | None, pairs: Sequence[str], *, known: dict[Path, str]
) -> Unit:
    """Make the unit of a report that can be made.

    Parameters
    ----------
    pairs
        Its further parameters, as typed.
    known
        The SHA-256 of the files that another unit has asked for; its own are put in.

    Raises
    ------
    DataError
        If a file of a bundle is missing.
    """
    period, township = request.span.period, request.township
    bundles = (request.bundle, *request.beside)
    own = notebooks.resolve() if notebooks else None
    files = [path.resolve() for one in bundles for path in one.files]
    files += [page.notebook.resolve() for page in request.pages] if own else []
    known |= {path: manifest.digest(path) for path in files if path not in known}
    return Unit(
        request.name,
        request.out,
        str(request.bundle.path),
        {
            "as_of": request.as_of.isoformat(),
            "period": period.name if period else None,
            "township": township.code if township else "",
            "beside": tuple(str(one.place) for one in request.beside),
            "language": request.language,
            "page_ids": tuple(page.id for page in request.pages) if request.is_partial else (),
            "pairs": tuple(pairs),
        },
        own,
        {str(path): known[path] for path in files},
        manifest.versions(),
        read_files(request.out / request.name) if request.is_partial else {},
    )


def read_files(folder: Path) -> Files:
    """Read every file of a folder, by path below it; none of a folder that is not there."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def write_files(folder: Path, files: Files) -> None:
    """Write files below a folder."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
