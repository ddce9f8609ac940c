"""Run one notebook with its parameters; what comes out is a notebook with outputs."""

import logging
import re
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import nbformat
from papermill.exceptions import PapermillExecutionError
from papermill.execute import execute_notebook

from tenglong.run.kernel import ENGINE, KERNEL
from tenglong.run.parameters import Value

# It calls every Literal[...] parameter unknown; we have checked them all by then.
logging.getLogger("papermill").setLevel(logging.CRITICAL)

ANSI = re.compile(r"\x1b\[[0-9;]*m")
START_TIMEOUT_S = 120


@dataclass(frozen=True)
class Outcome:
    """A notebook that has been run.

    Attributes
    ----------
    log
        Empty if all went well; else the failing cell's traceback and all that was printed.
    """

    notebook: nbformat.NotebookNode
    log: str = ""

    @property
    def is_good(self) -> bool:
        """Whether every cell ran to its end."""
        return not self.log


def execute(
    notebook: Path, parameters: Mapping[str, Value], *, on_cell: Callable[[int, int], None]
) -> Outcome:
    """Run a notebook in a kernel of its own.

    Parameters
    ----------
    on_cell
        Called before each code cell with its number, from 1, and how many cells there are.
    """
    source = nbformat.read(notebook, as_version=4)  # type: ignore[no-untyped-call]
    # papermill puts one cell in: the parameters.
    total = len(source.cells) + 1
    with tempfile.TemporaryDirectory(prefix="tl-", ignore_cleanup_errors=True) as folder:
        scratch = Path(folder)
        output = scratch / "output.ipynb"
        try:
            done = execute_notebook(
                _as_it_is(notebook),
                _as_it_is(output),
                parameters=dict(parameters),
                engine_name=ENGINE,
                kernel_name=KERNEL,
                language="python",
                request_save_on_cell_execute=False,
                progress_bar=False,
                start_timeout=START_TIMEOUT_S,
                scratch=scratch,
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
