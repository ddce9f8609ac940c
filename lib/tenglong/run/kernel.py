"""Kernels of this very interpreter, started for one notebook and gone with it."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, NotebookExecutionManager, papermill_engines

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
        manager = _manager(scratch)
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
        with (scratch / "kernel.log").open("wb") as log:
            try:
                client.execute(cwd=scratch, env=_environment(scratch), stdout=log, stderr=log)
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


def _manager(scratch: Path) -> AsyncKernelManager:
    # No folder of kernelspecs is looked into: without one, python3 is sys.executable.
    return AsyncKernelManager(
        kernel_name=KERNEL,
        kernel_spec_manager=KernelSpecManager(kernel_dirs=[]),
        connection_file=str(scratch / "kernel.json"),
        transport="ipc" if os.name == "posix" else "tcp",
    )


def _environment(scratch: Path) -> Mapping[str, str]:
    return {
        **os.environ,
        "IPYTHONDIR": str(scratch / "ipython"),  # a user's start-up files are not the kit's
        "PYTHONHASHSEED": "0",
        "PYTHONUTF8": "1",
    }
