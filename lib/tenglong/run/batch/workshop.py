"""What a worker keeps from one report to the next: the kernels of the bundles it is at."""

import atexit
from contextlib import ExitStack
from datetime import date
from pathlib import Path

from tenglong.run.kernel.kernels import Kernels
from tenglong.run.kernel.kind import Kind
from tenglong.run.request import Request
from tenglong.run.snapshots import databases_of, keeping


class Workshop:
    """Holds one set of kernels open; those of other bundles have nothing in common with them."""

    def __init__(self) -> None:
        self._open = ExitStack()
        self._held: tuple[tuple[Kind, Path, date], Kernels] | None = None

    def kernels(self, kind: Kind, folder: Path, request: Request) -> Kernels:
        """Give the kernels of the bundles in a folder, whose reports of a day have a warm process.

        It stays between them.
        """
        asked = kind, folder, request.as_of
        if self._held is None or self._held[0] != asked:
            self.close()
            kernels = keeping(*asked, apart=databases_of(request))
            self._held = asked, self._open.enter_context(kernels)
        return self._held[1]

    def close(self) -> None:
        """End them."""
        self._held = None
        self._open.close()


WORKSHOP = Workshop()
atexit.register(WORKSHOP.close)
