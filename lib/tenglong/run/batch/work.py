"""What a worker does: it makes one report apart, and gives it back as bytes."""

import io
import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from filelock import FileLock

from tenglong.errors import ConfigurationError, DataError, TenglongError
from tenglong.measure.board.board import assess_plan
from tenglong.run import manifest
from tenglong.run.batch.unit import Delivery, Unit, read_files, write_files
from tenglong.run.batch.workshop import WORKSHOP
from tenglong.run.cache.kept import Cache
from tenglong.run.cache.store import open_store
from tenglong.run.kernel.kernels import Kernels
from tenglong.run.manifest import EDITION
from tenglong.run.progress import Progress
from tenglong.run.report import make
from tenglong.run.request import Request, request
from tenglong.run.scratch import scratch
from tenglong.source.beside import Summary
from tenglong.source.bundle import examine_bundle, read_bundle
from tenglong.source.place import kit_root
from tenglong.source.snapshot import VARIABLE as SNAPSHOTS
from tenglong.source.snapshot import write_snapshot
from tenglong.source.summary import summary_of

# What a process reads in common stands in its environment, so it makes one report at a time.
_at_work = threading.Lock()


def work(unit: Unit) -> Delivery:
    """Make a report; whatever goes wrong with it is told in what is given back."""
    start = time.perf_counter()
    try:
        with _at_work:
            made = _made(unit)
    except TenglongError as error:
        made = Delivery(unit.name, failed={"": str(error)})
    return replace(made, seconds=time.perf_counter() - start)


def _made(unit: Unit) -> Delivery:
    _require_same(unit)
    with scratch() as out:
        notebooks = unit.notebooks or kit_root() / "notebooks"
        asked = request(unit.bundle, out=out, notebooks=notebooks, **unit.asked)
        write_files(out / unit.name, unit.stands)
        with _kernels(unit, asked) as kernels:
            progress = Progress(io.StringIO(), len(asked.pages))
            cache = Cache(open_store(EDITION), is_fresh=unit.is_fresh)
            result = make(asked, progress, unit.kind, cache=cache, kernels=kernels)
            summed = _summary(asked) if unit.is_summed and not result.failed else b""
        place = out / ".failed" if result.failed else out
        name = result.folder.relative_to(place)
        return Delivery(name, read_files(result.folder), dict(result.failed), summary=summed)


def _summary(asked: Request) -> bytes:
    county = read_bundle(asked.bundle).on(asked.as_of)
    return summary_of(county, assess_plan(county))


def _require_same(unit: Unit) -> None:
    """Make sure that this machine would make the very report that is asked for.

    Raises
    ------
    ConfigurationError
        If what it runs has another version here.
    DataError
        If a file is not there, or is another one.
    """
    here = manifest.versions()
    other = [name for name in here if here[name] != unit.versions.get(name)]
    if other:
        said = (f"{name} {here[name]}, not {unit.versions.get(name)}" for name in other)
        raise ConfigurationError(f"worker {_host()}: has {', '.join(said)}")
    for path, digest in unit.inputs.items():
        if not Path(path).is_file():
            raise DataError(f"worker {_host()}: sees no {Path(path).name}")
        if manifest.digest(Path(path)) != digest:
            raise DataError(f"worker {_host()}: sees another {Path(path).name} than was asked for")


def _host() -> str:
    return os.uname().nodename if hasattr(os, "uname") else os.environ.get("COMPUTERNAME", "")


@contextmanager
def _kernels(unit: Unit, asked: Request) -> Iterator[Kernels]:
    """Give kernels that find what this or another process of the machine has read of the bundles.

    The first that needs them reads them; the others wait, and open what it has written.
    """
    folder = (unit.scratch or _own_scratch(keeping=unit.key)) / unit.key
    whole = folder.with_suffix(".whole")
    with FileLock(folder.with_suffix(".lock")):
        if not whole.exists():
            shutil.rmtree(folder, ignore_errors=True)  # of one that died while it read
            _write_snapshots(asked, folder)
            whole.touch()
    former = os.environ.get(SNAPSHOTS, "")
    os.environ[SNAPSHOTS] = str(folder)
    try:
        yield WORKSHOP.kernels(unit.kind, folder, asked)
    finally:
        os.environ[SNAPSHOTS] = former


def _write_snapshots(asked: Request, folder: Path) -> None:
    for one in (asked.bundle, *asked.beside):
        if not isinstance(one, Summary):
            write_snapshot(examine_bundle(one), folder)


def _own_scratch(*, keeping: str) -> Path:
    """Give the folder that a worker of a cluster has for itself, emptied of all other bundles."""
    from distributed import get_worker  # noqa: PLC0415 - who has no cluster has no such package

    folder = Path(get_worker().local_directory) / "tenglong"
    folder.mkdir(mode=0o700, exist_ok=True)
    for other in folder.glob("*.whole"):
        if other.stem != keeping:
            other.unlink()
            shutil.rmtree(other.with_suffix(""), ignore_errors=True)
    return folder
