"""A provisioner of jupyter_client that forks kernels from a warm process.

An ordinary kernel, too, is started by such a process: it ends all that the kernel has started.

A kernelspec asks for it, for Papermill, nbclient or JupyterLab:

    "metadata": {"kernel_provisioner": {"provisioner_name": "tenglong-warm",
                                        "config": {"modules": ["tenglong.place"]}}}
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Bool, List, Unicode

from tenglong.run.kernel.child import LAUNCHER, Ask
from tenglong.run.kernel.parent import ColdError
from tenglong.run.kernel.process import Forked
from tenglong.run.kernel.registry import REGISTRY
from tenglong.run.kernel.warmth import Warmth

NAME = "tenglong-warm"
LAST_WAIT_S = 5

log = logging.getLogger("tenglong")


# What becomes standard output and standard error, by the names that `Popen` has for them.
STREAMS = {1: "stdout", 2: "stderr"}


class WarmProvisioner(LocalProvisioner):
    """Launches kernels by fork, and ordinary ones, with a warning, where that cannot be."""

    process: Any = None  # a `Forked`, which looks like a `Popen`

    modules = List(Unicode())
    edition = Unicode()
    hook = Unicode()
    arguments = List(Unicode())
    run = Unicode()
    is_plain = Bool(default_value=False)

    @property
    def warmth(self) -> Warmth:
        """What its kernels find in memory."""
        names = ("modules", "edition", "hook", "arguments", "run", "is_plain")
        return Warmth.told({name: getattr(self, name) for name in names})

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Start a kernel by its command."""
        interpreter, arguments = split(cmd)
        ask = Ask(arguments, str(kwargs.get("cwd") or Path.cwd()), kwargs["env"])
        streams = [_descriptor(kwargs.get(name), number) for number, name in STREAMS.items()]
        if self.warmth.is_plain:
            self.process = self._ordinary(cmd, ask, interpreter, streams)
        else:
            parent = REGISTRY.parent(self.warmth, interpreter, ask.environment)
            try:
                self.process = parent.fork(ask, *streams)
            except ColdError as why:
                said = str(why).strip().splitlines()[-1]  # of a traceback, what it comes to
                log.warning("an ordinary kernel, as the warm process cannot fork: %s", said)
                self.process = self._ordinary(cmd, ask, interpreter, streams)
        self.pid = self.pgid = self.process.pid
        self.cwd = ask.folder
        return self.connection_info

    def _ordinary(
        self, command: Sequence[str], ask: Ask, interpreter: Sequence[str], streams: Sequence[int]
    ) -> Forked:
        parent = REGISTRY.parent(self.warmth.plain, interpreter, ask.environment)
        return parent.fork(replace(ask, command=[*command]), *streams)

    async def kill(self, restart: bool = False) -> None:
        """Kill it, and wait as long as that takes, not for the next tenth of a second."""
        await super().kill(restart)
        if self.process is not None:
            await asyncio.wait_for(asyncio.to_thread(self.process.wait), LAST_WAIT_S)


def split(command: Sequence[str]) -> tuple[list[str], list[str]]:
    """Split a kernel's command: Python with its options, and the launcher's arguments.

    >>> split(["python", "-X", "dev", "-m", "ipykernel_launcher", "-f", "kernel.json"])
    (['python', '-X', 'dev'], ['-f', 'kernel.json'])
    """
    try:
        at = list(command).index(LAUNCHER)
    except ValueError:
        raise ValueError(f"only kernels of -m {LAUNCHER} can be forked, not {command}") from None
    return [*command[: at - 1]], [*command[at + 1 :]]


def _descriptor(stream: Any, standard: int) -> int:
    """Give the descriptor of what `Popen` takes as a stream."""
    if stream is None:
        return standard
    number: int = stream if isinstance(stream, int) else stream.fileno()
    if number < 0:
        raise ValueError(f"a forked kernel takes a file, not {stream}")
    return number


# Also for an installation that is older than this entry point, and code that is not installed.
KernelProvisionerFactory.provisioners.setdefault(
    NAME,
    EntryPoint(NAME, f"{__name__}:{WarmProvisioner.__name__}", KernelProvisionerFactory.GROUP_NAME),
)
