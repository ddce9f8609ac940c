"""What a person sees of a run: page n of m, cell i of k."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from rich.status import Status

from tenglong.run.terminal import Terminal


class Progress:
    """Writes to a terminal a line that moves, and to anything else one line a page."""

    def __init__(self, stream: TextIO, pages: int) -> None:
        self._console = Terminal(file=stream, highlight=False, markup=False)
        self._pages = pages
        self._page = 0
        self._label = self._shown = ""
        self._status: Status | None = None

    @contextmanager
    def page(self, page_id: str) -> Iterator[None]:
        """Show that a page is being made."""
        self._page += 1
        self._shown = page_id
        self._label = f"[{self._page}/{self._pages}] {page_id}"
        if self._console.is_terminal:
            self._status = self._console.status(self._label)
            with self._status:
                yield
            self._status = None
        else:
            yield

    def cell(self, page_id: str, number: int, total: int) -> None:
        """Show that a cell is about to run, if it is the page's that is shown."""
        if self._status is not None and page_id == self._shown:
            self._status.update(f"{self._label}: {number}/{total}")

    def done(self, verdict: str, seconds: float) -> None:
        """Say how a page went."""
        self._console.print(f"{self._label}: {verdict}, {seconds:.1f} s")

    def unchanged(self) -> None:
        """Say that there was nothing to do."""
        noun = "page" if self._pages == 1 else "pages"
        self._console.print(f"{self._pages} {noun}: unchanged")

    def say(self, text: str) -> None:
        """Say something of the whole run, in one line."""
        self._console.print(text, soft_wrap=True)
