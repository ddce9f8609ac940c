"""Run one notebook with its parameters, in a kernel of its own that is gone with it."""

import logging
import os
import re
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, NotebookExecutionManager, papermill_engines
from papermill.exceptions import PapermillExecutionError
from papermill.execute import execute_notebook
from traitlets import Instance

from tenglong.run.kernel.kernels import Kernels
from tenglong.run.parameters import Value

ANSI = re.compile(r"\x1b\[[0-9;]*m")
START_TIMEOUT_S = 120
LONGEST_SOCKET = 100  # of the 107 bytes of a socket's path; the messages' own end is left room

ENGINE = "tenglong"
KERNEL = NATIVE_KERNEL_NAME


class Engine(NBClientEngine):  # type: ignore[misc]  # papermill is not typed
    """Papermill's own engine, on a kernel that needs neither PATH nor HOME nor a kernelspec."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        *,
        scratch: Path,
        on_cell: Callable[[int], None],
        start_timeout: float,
        kernels: Kernels,
        **unused: Any,
    ) -> None:
        """Run the notebook's cells; the kernel does not outlive the call.

        Parameters
        ----------
        scratch
            An empty folder for the kernel's connection, its profile and its own messages.
        on_cell
            Called with the index of a cell before it runs.
        """
        del kernel_name, unused
        manager = _manager(scratch, kernels)
        client = PapermillNotebookClient(
            nb_man,
            km=manager,
            startup_timeout=start_timeout,
            iopub_timeout=60,  # a map of many megabytes is still on its way after 4 s
            shutdown_kernel="immediate",
            on_cell_start=lambda cell, cell_index: on_cell(cell_index),  # noqa: ARG005 - by name
        )
        # With a manager of ours, the client would leave closing to us; we want it to close.
        client.owns_km = True
        # A user's start-up files are not the kit's.
        environment = {**kernels.environment, "IPYTHONDIR": str(scratch / "ipython")}
        with (scratch / "kernel.log").open("wb") as log:
            try:
                client.execute(cwd=scratch, env=environment, stdout=log, stderr=log)
            finally:
                _end(manager)


papermill_engines.register(ENGINE, Engine)


def _end(manager: AsyncKernelManager) -> None:
    # An interruption while the kernel starts is not covered by the client, and the manager's
    # own shutdown is of no use then: its start counts as unfinished. So, by the process.
    process = getattr(manager.provisioner, "process", None)
    if process is not None:
        process.kill()
        process.wait()


class OneSpec(KernelSpecManager):
    """Knows one kernel, by whatever name."""

    spec = Instance(KernelSpec)

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Give it."""
        del kernel_name
        return self.spec


def _manager(scratch: Path, kernels: Kernels) -> AsyncKernelManager:
    return AsyncKernelManager(
        kernel_name=KERNEL,
        kernel_spec_manager=OneSpec(spec=kernels.spec),
        connection_file=str(scratch / "kernel.json"),
        transport="ipc" if _fits_a_socket(scratch) else "tcp",
    )


def _fits_a_socket(scratch: Path) -> bool:
    """Whether sockets of the kernel may stand in a folder: their paths are cut off at 107 bytes."""
    longest = os.fsencode(scratch / "kernel-ipc-5")
    return os.name == "posix" and len(longest) <= LONGEST_SOCKET


# It calls every Literal[...] parameter unknown; we have checked them all by then.
logging.getLogger("papermill").setLevel(logging.CRITICAL)


@dataclass(frozen=True)
class Outcome:
    """A notebook that has been run.

    Attributes
    ----------
    log
        Empty if all went well; else the failing cell's traceback and all that was printed.
    seconds
        How long it took.
    """

    notebook: nbformat.NotebookNode
    log: str = ""
    seconds: float = 0.0

    @property
    def is_good(self) -> bool:
        """Whether every cell ran to its end."""
        return not self.log


def execute(
    source: nbformat.NotebookNode,
    parameters: Mapping[str, Value],
    *,
    kernels: Kernels,
    on_cell: Callable[[int, int], None],
) -> Outcome:
    """Run a notebook in a kernel of its own.

    Parameters
    ----------
    on_cell
        Called before each code cell with its number, from 1, and how many cells there are.
    kernels
        What the kernel is started with.
    """
    start = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="tl-", ignore_cleanup_errors=True) as folder:
        outcome = _outcome(source, parameters, kernels, on_cell, Path(folder))
    return replace(outcome, seconds=time.perf_counter() - start)


def _outcome(
    source: nbformat.NotebookNode,
    parameters: Mapping[str, Value],
    kernels: Kernels,
    on_cell: Callable[[int, int], None],
    scratch: Path,
) -> Outcome:
    # papermill puts one cell in: the parameters.
    total = len(source.cells) + 1
    output = scratch / "output.ipynb"
    try:
        done = execute_notebook(
            source,
            _as_it_is(output),
            parameters=dict(parameters),
            engine_name=ENGINE,
            kernel_name=KERNEL,
            language="python",
            request_save_on_cell_execute=False,
            progress_bar=False,
            start_timeout=START_TIMEOUT_S,
            scratch=scratch,
            kernels=kernels,
            on_cell=lambda index: on_cell(index + 1, total),
        )
    except PapermillExecutionError as error:
        failed = nbformat.read(output, as_version=4)  # type: ignore[no-untyped-call]
        return Outcome(failed, _log(failed, error))
    except (RuntimeError, TimeoutError) as error:  # the kernel died, or never answered
        said = (scratch / "kernel.log").read_text(encoding="utf-8", errors="replace")
        return Outcome(source, f"{type(error).__name__}: {error}\n{said}")
    return Outcome(done)


def _as_it_is(path: Path) -> str:
    # papermill reads {name} in a path as a parameter.
    return str(path).replace("{", "{{").replace("}", "}}")


def _log(notebook: nbformat.NotebookNode, error: PapermillExecutionError) -> str:
    printed = [
        f"[{output.name}]\n{output.text}"
        for cell in notebook.cells
        for output in cell.get("outputs", ())
        if output.output_type == "stream"
    ]
    traceback = ANSI.sub("", "\n".join(error.traceback))
    return "\n".join([f"{error.ename}: {error.evalue}", traceback, *printed, ""])
