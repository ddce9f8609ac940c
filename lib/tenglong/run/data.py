"""The data of a run: read once, and found by every kernel in a folder of the run's own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tenglong.run.kernel.kernels import Kernels, Kind, kernels_of
from tenglong.run.request import Request
from tenglong.source.bundle import Bundle, examine_bundle
from tenglong.source.snapshot import VARIABLE, preload, write_snapshot


@contextmanager
def kernels_with_data(kind: Kind, edition: str, modules: tuple[str, ...]) -> Iterator[Kernels]:
    """Give what starts the notebooks' kernels; warm ones have opened the data before they start.

    Parameters
    ----------
    edition, modules
        See `tenglong.run.kernel.warmth.Warmth`.
    """
    with (
        TemporaryDirectory(prefix="tl-", ignore_cleanup_errors=True) as folder,
        kernels_of(
            kind,
            modules=modules,
            edition=edition,
            hook=f"{preload.__module__}:{preload.__name__}",
            argument=folder,
            further={VARIABLE: folder},
        ) as kernels,
    ):
        yield kernels


def write_data(read: Bundle, request: Request, kernels: Kernels) -> None:
    """Write what every notebook would read of the bundles, before the first kernel starts."""
    wanted = {name for its in request.parameters.values() for name in its}
    others = request.beside if "beside" in wanted else ()
    for one in (read, *map(examine_bundle, others)):
        write_snapshot(one, Path(kernels.environment[VARIABLE]))
