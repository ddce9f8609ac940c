"""Run one notebook with its parameters, in a kernel of its own that is gone with it."""

import logging
import os
import re
import signal
import tempfile
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, KernelSpec, KernelSpecManager
from nbclient.exceptions import DeadKernelError
from papermill.engines import NBClientEngine, NotebookExecutionManager, papermill_engines
from papermill.exceptions import PapermillExecutionError
from papermill.execute import execute_notebook
from traitlets import Instance

from tenglong.run.client import Client, EndedError, Manager
from tenglong.run.kernel.kernels import Kernels
from tenglong.run.limits import Limits
from tenglong.run.parameters import Value
from tenglong.run.scratch import PREFIX
from tenglong.run.watch import Watch

ANSI = re.compile(r"\x1b\[[0-9;]*m")
START_TIMEOUT_S = 120
MOST_LOGGED = 100_000  # characters of what a notebook printed, its last ones
LONGEST_SOCKET = 100  # of the 107 bytes of a socket's path; the messages' own end is left room

ENGINE = "tenglong"
KERNEL = NATIVE_KERNEL_NAME
KERNEL_LOG = "kernel.log"


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
        watch: Watch,
        **unused: Any,
    ) -> None:
        """Run the notebook's cells; the kernel does not outlive the call.

        Parameters
        ----------
        scratch
            An empty folder for the kernel's connection, its profile and its own messages.
        on_cell
            Called with the index of a cell before it runs.
        watch
            Is told how it goes, and ends the kernel where it must.
        """
        del kernel_name, unused
        manager = _manager(scratch, kernels, watch.limits.output_bytes)
        client = Client(
            nb_man, km=manager, startup_timeout=start_timeout, watch=watch, on_cell=on_cell
        )
        # A user's start-up files are not the kit's.
        environment = {**kernels.environment, "IPYTHONDIR": str(scratch / "ipython")}
        with (scratch / KERNEL_LOG).open("wb") as log:
            try:
                client.execute(cwd=scratch, env=environment, stdout=log, stderr=log)
            finally:
                watch.end()
                watch.exit_code = _end(manager)


papermill_engines.register(ENGINE, Engine)


def _end(manager: Manager) -> int | None:
    """End a kernel; give the exit code of one that had ended by itself."""
    # An interruption while the kernel starts is not covered by the client, and the manager's
    # own shutdown is of no use then: its start counts as unfinished. So, by the process.
    process = getattr(manager.provisioner, "process", None)
    if process is None:
        return None
    code: int | None = process.poll()
    process.kill()
    process.wait()
    return code


class OneSpec(KernelSpecManager):
    """Knows one kernel, by whatever name."""

    spec = Instance(KernelSpec)

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Give it."""
        del kernel_name
        return self.spec


def _manager(scratch: Path, kernels: Kernels, most_bytes: int) -> Manager:
    return Manager(
        most_bytes=most_bytes,
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
        Empty if all went well; else the reason in its first line, then the failing cell's
        traceback and what was printed.
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
    limits: Limits,
    on_cell: Callable[[int, int], None],
) -> Outcome:
    """Run a notebook in a kernel of its own; whatever it comes to is told in the outcome.

    Parameters
    ----------
    limits
        What it may use; when it passes one, it ends with all that it has started.
    on_cell
        Called before each code cell with its number, from 1, and how many cells there are.
    kernels
        What the kernel is started with.
    """
    start = time.perf_counter()
    with tempfile.TemporaryDirectory(
        prefix=PREFIX, dir=kernels.scratch, ignore_cleanup_errors=True
    ) as folder:
        watch = Watch(limits, Path(folder, KERNEL_LOG))
        outcome = _outcome(source, parameters, kernels, on_cell, watch, Path(folder))
    return replace(outcome, seconds=time.perf_counter() - start)


def _outcome(
    source: nbformat.NotebookNode,
    parameters: Mapping[str, Value],
    kernels: Kernels,
    on_cell: Callable[[int, int], None],
    watch: Watch,
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
            watch=watch,
            on_cell=lambda index: on_cell(index + 1, total),
        )
    except PapermillExecutionError as error:
        failed = nbformat.read(output, as_version=4)  # type: ignore[no-untyped-call]
        return Outcome(failed, _log(failed, error, watch))
    except Exception as error:  # noqa: BLE001 - it is this notebook's own, of whatever kind
        reason = watch.reason or _reason(error, watch, total)
        return Outcome(source, f"{reason}\n{_last_words(watch.log)}\n{traceback.format_exc()}")
    return Outcome(done, watch.reason or _cut_off(done, watch))


def _reason(error: Exception, watch: Watch, total: int) -> str:
    """Say in one line why a notebook did not come to its end."""
    at = f"cell {watch.cell} of {total}"
    if isinstance(error, EndedError):
        return f"{at} did not run to its end: {error}"
    if isinstance(error, DeadKernelError):
        return f"the kernel died in {at}{_told(watch.exit_code)}"
    return f"{type(error).__name__}: {' '.join(str(error).split())}"


def _told(exit_code: int | None) -> str:
    """Say how a process ended.

    >>> _told(3), _told(-9), _told(None)
    (': exit code 3', ': SIGKILL', '')
    """
    if exit_code is None:
        return ""
    return f": {signal.Signals(-exit_code).name}" if exit_code < 0 else f": exit code {exit_code}"


def _cut_off(done: nbformat.NotebookNode, watch: Watch) -> str:
    """Tell of the first cell that did not run to its end; nothing where all of them did."""
    for place, cell in enumerate(done.cells):
        if cell.cell_type == "code" and cell.source.strip() and place not in watch.ended:
            errors = [one for one in cell.outputs if one.output_type == "error"]
            why = f"{errors[0].ename}: {errors[0].evalue}" if errors else "it was not begun"
            return f"cell {place + 1} of {len(done.cells)} did not run to its end: {why}\n"
    return ""


def _last_words(log: Path) -> str:
    said = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
    return said[-MOST_LOGGED:]


def _as_it_is(path: Path) -> str:
    # papermill reads {name} in a path as a parameter.
    return str(path).replace("{", "{{").replace("}", "}}")


def _log(notebook: nbformat.NotebookNode, error: PapermillExecutionError, watch: Watch) -> str:
    printed = "\n".join(
        f"[{output.name}]\n{output.text}"
        for cell in notebook.cells
        for output in cell.get("outputs", ())
        if output.output_type == "stream"
    )
    trace = ANSI.sub("", "\n".join(error.traceback))
    reason = f"{error.ename}: {error.evalue}"
    if error.ename.endswith("MemoryError"):
        reason = f"{reason} (it may use {watch.limits.told('memory_mb')})"
    return "\n".join([reason, trace, printed[-MOST_LOGGED:], ""])
