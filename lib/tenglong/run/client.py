"""What speaks with a notebook's kernel: papermill's client, which believes no cell by its word."""

from collections.abc import Callable, Mapping
from typing import Any

import zmq
import zmq.asyncio
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellExecutionComplete
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NotebookExecutionManager
from traitlets import Int, Type

from tenglong.run.watch import Watch

IOPUB_TIMEOUT_S = 60  # a map of many megabytes is still on its way after 4 s
# A magic (%%capture, %%time) may show an error, or hide it, and call the cell good. IPython
# remembers the error.
ERROR = "getattr(__import__('IPython').get_ipython(), '_last_traceback', None) is not None"
ASKED = "tenglong_error"
SHOWS = frozenset({"stream", "display_data", "execute_result", "update_display_data", "error"})


class EndedError(RuntimeError):
    """A cell has ended the notebook, or hides an error."""


class Line(AsyncKernelClient):
    """The channels to a kernel; with every cell it is asked whether there was an error."""

    def _context_default(self) -> zmq.asyncio.Context:
        context = super()._context_default()
        # A message is held whole before anybody can say how long it is.
        manager: Any = self.parent
        context.setsockopt(zmq.MAXMSGSIZE, manager.most_bytes)
        return context

    def execute(self, code: str, *place: Any, **options: Any) -> str:
        """Let a cell run."""
        asked = {**options, "user_expressions": {ASKED: ERROR}}
        message: str = super().execute(code, *place, **asked)
        return message


class Manager(AsyncKernelManager):
    """Starts a kernel, and takes no message of it that has more than `most_bytes`."""

    most_bytes = Int(-1)
    client_factory = Type(default_value=Line, klass=AsyncKernelClient)


class Client(PapermillNotebookClient):  # type: ignore[misc]  # papermill is not typed
    """Lets the cells of a notebook run, and tells the watch how each of them goes."""

    def __init__(
        self,
        nb_man: NotebookExecutionManager,
        *,
        watch: Watch,
        on_cell: Callable[[int], None],
        **options: Any,
    ) -> None:
        super().__init__(
            nb_man,
            iopub_timeout=IOPUB_TIMEOUT_S,
            shutdown_kernel="immediate",
            force_raise_errors=True,  # whatever a cell's tags allow
            on_notebook_start=self._is_ready,
            on_cell_start=self._begins,
            on_cell_executed=self._has_ended,
            **options,
        )
        # With a manager of ours, closing would be left to us; we want it closed.
        self.owns_km = True
        self.watch = watch
        self._on_cell = on_cell

    def process_message(self, msg: Mapping[str, Any], *place: Any, **named: Any) -> Any:
        """Take in what a cell shows, as far as it may show it."""
        if msg["msg_type"] in SHOWS and not self.watch.shows(msg["content"]):
            return None
        try:
            return super().process_message(msg, *place, **named)
        except CellExecutionComplete:
            self.watch.is_done()
            raise

    def _is_ready(self, notebook: NotebookNode) -> None:
        del notebook
        process = self.km.provisioner.process
        self.watch.over(process.pid, process.kill)

    def _begins(self, cell: NotebookNode, cell_index: int) -> None:
        del cell
        self.watch.cell = cell_index + 1
        self._on_cell(cell_index)

    def _has_ended(
        self, cell: NotebookNode, cell_index: int, execute_reply: Mapping[str, Any]
    ) -> None:
        del cell
        self.watch.has_answered()
        said = execute_reply["content"]
        if said["status"] != "ok":
            return  # it is told with its error
        if any(one.get("source") == "ask_exit" for one in said.get("payload", ())):
            raise EndedError("it asks the kernel to exit")
        found = said["user_expressions"][ASKED]
        if found.get("data", {}).get("text/plain") != "False":
            raise EndedError("an error in it was caught by a magic, which shows or hides it")
        self.watch.ended.add(cell_index)
