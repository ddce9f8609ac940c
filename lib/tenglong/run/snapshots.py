"""The bundles of a run as they were read, where the kernels of its notebooks find them."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tenglong.run import manifest
from tenglong.run.kernel.kernels import PAGES, Kernels, kernels_of
from tenglong.run.kernel.kind import Kind
from tenglong.run.request import Request
from tenglong.source.beside import Summary
from tenglong.source.bundle import Bundle, examine_bundle
from tenglong.source.snapshot import VARIABLE, preload, write_snapshot


@contextmanager
def kernels_apart(kind: Kind) -> Iterator[Kernels]:
    """Give what starts kernels that find the run's bundles in a folder of its own."""
    with (
        TemporaryDirectory(prefix="tl-", ignore_cleanup_errors=True) as folder,
        keeping(kind, Path(folder)) as kernels,
    ):
        yield kernels


def keeping(kind: Kind, folder: Path) -> AbstractContextManager[Kernels]:
    """Give what starts kernels that find bundles in a folder, as they were read.

    Warm ones have opened it before they start.
    """
    return kernels_of(
        kind,
        modules=PAGES,
        edition=manifest.EDITION,
        hook=f"{preload.__module__}:{preload.__name__}",
        argument=str(folder),
        further={VARIABLE: str(folder)},
    )


def write_snapshots(read: Bundle, request: Request, kernels: Kernels) -> None:
    """Write what every notebook would read of the bundles."""
    folder = Path(kernels.environment[VARIABLE])
    wanted = {name for its in request.parameters.values() for name in its}
    others = request.beside if "beside" in wanted else ()
    bundles = [one for one in others if not isinstance(one, Summary)]
    for one in (read, *map(examine_bundle, bundles)):
        write_snapshot(one, folder)
