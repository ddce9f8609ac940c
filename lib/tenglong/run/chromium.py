"""Chromium, where the machine has one: prints a page as PDF, and takes pictures of its figures."""

import atexit
import os
import re
import secrets
import shutil
import signal
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING

from tenglong.errors import SourceError
from tenglong.run.kernel.tree import PROC, below, processes

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

NAMES = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
    *("chrome", "microsoft-edge", "msedge"),
)
VARIABLE = "TENGLONG_CHROMIUM"
QUIET = ("--disable-gpu", "--disable-background-networking", "--disable-component-update")
WIDTH, HEIGHT, SCALE = 760, 900, 2  # CSS pixels of the sheet that figures are drawn on
TIMEOUT_MS = 120_000
MARK = "--tenglong-press="  # tells our browser from any other; the browser itself passes it over
END_TIMEOUT_S = 10
STAMPS = re.compile(rb"/(CreationDate|ModDate) \(D:[^)]*\)")
# Two different characters that look alike are two empty boxes: no font has them.
HAS_CHINESE = """() => {
  const drawn = ["中", "国"].map((text) => {
    const sheet = document.createElement("canvas");
    sheet.width = sheet.height = 40;
    const pen = sheet.getContext("2d");
    pen.font = "32px sans-serif";
    pen.fillText(text, 2, 34);
    return pen.getImageData(0, 0, 40, 40).data.join();
  });
  return drawn[0] !== drawn[1];
}"""


@dataclass(frozen=True)
class Prints:
    """A page on paper.

    Attributes
    ----------
    pictures
        Its figures as PNG, in their order.
    has_chinese
        Whether a font of this machine has Chinese characters; else they are empty boxes.
    """

    pdf: bytes
    pictures: tuple[bytes, ...]
    has_chinese: bool = True


@dataclass(frozen=True)
class Ask:
    """A page that is to be printed, and what waits for it."""

    html: str
    day: date
    prints: "Future[Prints]" = field(default_factory=Future)


def chromium() -> str | None:
    """Find Chromium, or a browser of its kind: `TENGLONG_CHROMIUM`, else by its usual names."""
    named = os.environ.get(VARIABLE)
    if named is not None:
        return shutil.which(named) if named else None
    return next(filter(None, map(shutil.which, NAMES)), None)


def printed(html: str, *, browser: str, day: date, print_s: float) -> Prints:
    """Print a page, and take a picture of each of its figures.

    The browser starts with the first page of this process and stays for the next ones.

    Parameters
    ----------
    html
        The whole page; nothing else is loaded.
    browser
        Its program, as `chromium` finds it.
    day
        What the file says of when it was made, so that the same page gives the same bytes.
    print_s
        How long it may take, in seconds.

    Raises
    ------
    SourceError
        If the browser does not start, or does not finish in time.
    """
    press = _presses.get(browser)
    if press is not None:
        try:
            return press.printed(html, day, print_s)
        except SourceError:  # it may have died since its last page
            _presses.pop(browser).close()
    press = _presses[browser] = Press(browser)
    try:
        return press.printed(html, day, print_s)
    except SourceError:
        _presses.pop(browser).close()
        raise


class Press:
    """A browser in a thread of its own: playwright refuses to start beside a running event loop."""

    def __init__(self, program: str) -> None:
        self._program = program
        self._mark = f"{MARK}{secrets.token_hex(8)}"
        self._asks: SimpleQueue[Ask | None] = SimpleQueue()
        self._thread = Thread(target=self._serve, name="chromium", daemon=True)
        self._thread.start()

    def printed(self, html: str, day: date, print_s: float) -> Prints:
        """Print a page in a context of its own.

        Raises
        ------
        SourceError
            If the browser does not start, or does not finish in time; it is killed then.
        """
        ask = Ask(html, day)
        self._asks.put(ask)
        try:
            return ask.prints.result(print_s)
        except TimeoutError as error:
            _kill(self._mark)
            raise SourceError(f"Chromium did not print the page within {print_s:,g} s") from error

    def close(self) -> None:
        """End the browser."""
        self._asks.put(None)
        self._thread.join(END_TIMEOUT_S)
        if self._thread.is_alive():
            _kill(self._mark)

    def _serve(self) -> None:
        ask = self._asks.get()
        try:
            with _launched(self._program, self._mark) as browser:
                while ask is not None:
                    ask.prints.set_result(_printed(browser, ask.html, ask.day))
                    ask = self._asks.get()
        except Exception as error:  # noqa: BLE001 - whoever waits is told, of whatever kind it is
            while ask is not None:
                ask.prints.set_exception(_told(error))
                ask = self._asks.get()


_presses: dict[str, Press] = {}


@atexit.register
def close() -> None:
    """End the browsers of this process."""
    while _presses:
        _presses.popitem()[1].close()


def _kill(mark: str) -> None:
    """Kill the browser that was started with a mark, and all that it has started."""
    every = processes()
    for pid in below(os.getpid(), every):
        with suppress(OSError):  # it has ended meanwhile
            if mark.encode() in (PROC / str(pid) / "cmdline").read_bytes():
                for one in (*below(pid, every), pid):
                    os.kill(one, signal.SIGKILL)


def _told(error: Exception) -> Exception:
    from playwright.sync_api import Error  # noqa: PLC0415 - as in `_launched`

    if not isinstance(error, Error):
        return error
    reason = str(error).strip().splitlines()[0]
    told = SourceError(f"Chromium could not print the page: {reason}")
    told.__cause__ = error
    return told


def _printed(browser: "Browser", html: str, day: date) -> Prints:
    page = _sheet(browser, html)
    has_chinese = bool(page.evaluate(HAS_CHINESE))
    figures = page.locator("main figure svg")
    pictures = tuple(figures.nth(n).screenshot() for n in range(figures.count()))
    pdf = page.pdf(prefer_css_page_size=True, print_background=True, tagged=True, outline=True)
    page.context.close()
    return Prints(_dated(pdf, day), pictures, has_chinese)


@contextmanager
def _launched(program: str, mark: str) -> "Iterator[Browser]":
    # Its driver takes half a second to import, and most runs print nothing.
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    with sync_playwright() as playwright:
        args = [*QUIET, mark, *(["--no-sandbox"] if _is_root() else [])]
        browser = playwright.chromium.launch(executable_path=program, args=args, timeout=TIMEOUT_MS)
        try:
            yield browser
        finally:
            browser.close()


def _sheet(browser: "Browser", html: str) -> "Page":
    context = browser.new_context(
        offline=True,
        java_script_enabled=True,
        viewport={"width": WIDTH, "height": HEIGHT},
        device_scale_factor=SCALE,
        reduced_motion="reduce",
    )
    context.set_default_timeout(TIMEOUT_MS)
    page = context.new_page()
    # Not from a file: the links of a PDF would name the folder of this machine.
    page.set_content(html, wait_until="load")
    return page


def _is_root() -> bool:
    # Chromium's sandbox refuses root; the page is our own and is shown without a network.
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _dated(pdf: bytes, day: date) -> bytes:
    """Put a day in the place of the moment of printing; the file's length stays."""

    def stamp(found: re.Match[bytes]) -> bytes:
        text = f"/{found[1].decode()} (D:{day:%Y%m%d}000000+00'00')".encode()
        return text if len(text) == len(found[0]) else found[0]

    return STAMPS.sub(stamp, pdf)
