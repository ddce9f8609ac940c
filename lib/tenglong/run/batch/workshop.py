"""What a worker keeps from one report to the next: the kernels of the bundles it is at."""

import atexit
from contextlib import ExitStack
from pathlib import Path

from tenglong.run.kernel.kernels import Kernels
from tenglong.run.kernel.kind import Kind
from tenglong.run.snapshots import keeping


class Workshop:
    """Holds one set of kernels open; those of other bundles have nothing in common with them."""

    def __init__(self) -> None:
        self._open = ExitStack()
        self._held: tuple[Kind, Path, Kernels] | None = None

    def kernels(self, kind: Kind, folder: Path) -> Kernels:
        """Give the kernels of the bundles in a folder; the warm process stays between reports."""
        if self._held is None or self._held[:2] != (kind, folder):
            self.close()
            self._held = kind, folder, self._open.enter_context(keeping(kind, folder))
        return self._held[2]

    def close(self) -> None:
        """End them."""
        self._held = None
        self._open.close()


WORKSHOP = Workshop()
atexit.register(WORKSHOP.close)
