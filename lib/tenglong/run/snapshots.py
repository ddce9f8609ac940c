"""The bundles of a run as they were read, where the kernels of its notebooks find them."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import date
from pathlib import Path

from tenglong.errors import TenglongError
from tenglong.measure.board.board import assess_plan
from tenglong.measure.firm.places import places
from tenglong.run import manifest
from tenglong.run.kernel.kernels import PAGES, Kernels, kernels_of
from tenglong.run.kernel.kind import Kind
from tenglong.run.request import Request
from tenglong.run.scratch import scratch
from tenglong.show.words import catalogue
from tenglong.source.beside import Summary
from tenglong.source.bundle import Bundle, examine_bundle
from tenglong.source.snapshot import VARIABLE, preload, write_snapshot

READ = "read"  # where, in the folder of a run, stands what it has read


@contextmanager
def kernels_apart(kind: Kind, request: Request) -> Iterator[Kernels]:
    """Give what starts kernels that find the run's bundles in a folder of its own."""
    with scratch() as folder:
        (folder / READ).mkdir(mode=0o700)
        apart = databases_of(request)
        with keeping(kind, folder / READ, request.as_of, apart=apart) as kernels:
            yield kernels.within(folder)


def databases_of(request: Request) -> frozenset[str]:
    """Name the variables that hold the addresses of databases, which no notebook needs."""
    others = [one for one in request.beside if not isinstance(one, Summary)]
    return frozenset(name for one in (request.bundle, *others) for name in one.databases)


def keeping(
    kind: Kind, folder: Path, day: date, *, apart: frozenset[str]
) -> AbstractContextManager[Kernels]:
    """Give what starts kernels that find bundles in a folder, as they were read.

    Warm ones find in memory what most pages of a day ask for.

    Parameters
    ----------
    apart
        Variables that they must not have.
    """
    return kernels_of(
        kind,
        modules=PAGES,
        edition=manifest.EDITION,
        hook=f"{ready.__module__}:{ready.__name__}",
        arguments=(str(folder), day.isoformat()),
        further={VARIABLE: str(folder)},
        apart=apart,
    )


def ready(folder: str, day: str) -> None:
    """Work out, in the process that kernels are forked from, what most pages of a day ask for."""
    catalogue()
    for county in preload(folder, day):
        with suppress(TenglongError):  # told by every page that asks for it
            assess_plan(county)
            places(county)


def write_snapshots(read: Bundle, request: Request, kernels: Kernels) -> None:
    """Write what every notebook would read of the bundles."""
    folder = Path(kernels.environment[VARIABLE])
    wanted = {name for its in request.parameters.values() for name in its}
    others = request.beside if "beside" in wanted else ()
    bundles = [one for one in others if not isinstance(one, Summary)]
    for one in (read, *map(examine_bundle, bundles)):
        write_snapshot(one, folder)
