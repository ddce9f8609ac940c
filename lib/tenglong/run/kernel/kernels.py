"""The kernels of a run: warm where that can be, else ordinary; all of them end with it."""

import os
import secrets
import sys
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Self

from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, KernelSpec, KernelSpecManager

from tenglong.run.kernel.environment import own
from tenglong.run.kernel.kind import Kind
from tenglong.run.kernel.provisioner import NAME, split
from tenglong.run.kernel.registry import REGISTRY
from tenglong.run.kernel.warmth import Warmth

# What pages need: the face, what it draws, and what it measures by the name of a page.
PAGES = ("tenglong.place", "tenglong.show.pages", "tenglong.measure.sheet")
NO_VARIABLES: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Kernels:
    """What the kernels of a run are started with.

    Attributes
    ----------
    environment
        The variables that all of them have.
    warmth
        What they find in memory; None where no process can start them but the runner itself.
    scratch
        Where their folders are made; None for the system's own folder of temporary files.
    """

    environment: Mapping[str, str]
    warmth: Warmth | None = None
    scratch: Path | None = None

    @property
    def is_warm(self) -> bool:
        """Whether they are forked, so that several may start at once."""
        return self.warmth is not None and not self.warmth.is_plain

    @property
    def spec(self) -> KernelSpec:
        """The kernelspec; no folder is looked into: without one, python3 is sys.executable."""
        spec = KernelSpecManager(kernel_dirs=[]).get_kernel_spec(NATIVE_KERNEL_NAME)
        if self.warmth:
            told = {"provisioner_name": NAME, "config": self.warmth.config()}
            spec.metadata = {**spec.metadata, "kernel_provisioner": told}
        return spec

    def within(self, folder: Path) -> Self:
        """Give the same, whose own folders are made in one of the run.

        That one is removed also where this process is killed.
        """
        if self.warmth:
            interpreter, _ = split(self.spec.argv)
            parent = REGISTRY.parent(self.warmth, interpreter, self.environment)
            parent.remove_in_the_end(folder)
        return replace(self, scratch=folder)

    def end(self) -> None:
        """End all that run, with all that they have started; no more will start."""
        if self.warmth:
            for one in (self.warmth, self.warmth.plain):
                REGISTRY.close(one)


@contextmanager
def kernels_of(
    kind: Kind,
    *,
    modules: tuple[str, ...] = (),
    edition: str = "",
    hook: str = "",
    arguments: tuple[str, ...] = (),
    further: Mapping[str, str] = NO_VARIABLES,
    apart: Collection[str] = (),
) -> Iterator[Kernels]:
    """Give the kernels of a run; a warm process begins at once to import, and nobody waits for it.

    Parameters
    ----------
    kind
        Where a warm process cannot be, kernels are ordinary.
    modules, edition, hook, arguments
        See `Warmth`. The hook is called before the first kernel, not sooner.
    further
        Variables that kernels have besides those of this process that any may have.
    apart
        Variables of this process that none may have.
    """
    known = own(os.environ, apart=apart)
    environment = {**known, **further, "PYTHONHASHSEED": "0", "PYTHONUTF8": "1"}
    if not is_possible():
        yield Kernels(environment)
        return
    warmth = Warmth(modules, edition, hook, arguments, run=secrets.token_hex(8))
    chosen = warmth if kind is Kind.WARM else warmth.plain
    kernels = Kernels(environment, chosen)
    interpreter, _ = split(kernels.spec.argv)
    try:
        REGISTRY.parent(chosen, interpreter, environment)
        yield kernels
    finally:
        kernels.end()


def is_possible() -> bool:
    """Whether this system can fork kernels: a Linux that tells when a process ends (5.3)."""
    if sys.platform != "linux":
        return False
    try:
        os.close(os.pidfd_open(os.getpid()))
    except OSError:
        return False
    return True
