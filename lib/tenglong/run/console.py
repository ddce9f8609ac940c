"""What is printed reaches its reader: in the encoding that the console has, and nothing else.

No text of the data speaks to the terminal, and no library does unless it is asked for.
"""

import codecs
import errno
import logging
import os
import re
import sys
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TextIO

# What consoles of an older code page (GBK on Windows) lack, and what they have instead.
NEAREST = {"−": "-", "–": "-", "✔": "√", "✖": "×", "◐": "◎", "²": "2", "₂": "2"}
# Controls: ESC begins what moves the cursor and changes colours; so do those above U+007F.
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
OWN = "tenglong"  # the logger of what the kit itself has to say
UNWRITABLE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


def adapt(*streams: TextIO) -> None:
    """Let streams print what they cannot encode by what comes nearest, never by an error.

    A stream that has ASCII alone (the locale C) is written in UTF-8, as Python's own UTF-8 mode
    does; one without an encoding of its own (a buffer of a test) stays as it is.
    """
    for stream in streams:
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is None:
            continue
        if codecs.lookup(stream.encoding or "ascii").name == "ascii":
            reconfigure(encoding="utf-8")
        reconfigure(errors="nearest")


def clean(text: str) -> str:
    r"""Replace the controls of a text, but for the ends of its lines and tabs.

    >>> clean("企业\x1b[31m\x9b2J\n")
    '企业�[31m�2J\n'
    """
    return CONTROLS.sub("\N{REPLACEMENT CHARACTER}", text)


class Clean:
    """A stream that what is printed reaches clean.

    Rich writes past it, since it draws with such characters: see `tenglong.run.terminal`.
    """

    def __init__(self, stream: TextIO) -> None:
        self.rich_proxied_file = stream

    def write(self, text: str) -> int:
        """Write a text."""
        return self.rich_proxied_file.write(clean(text))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.rich_proxied_file, name)


@contextmanager
def guarded(is_loud: Callable[[], bool]) -> Iterator[None]:
    """Let what is printed reach the terminal clean, and what libraries say only where it is wanted.

    Parameters
    ----------
    is_loud
        Whether warnings and logs of libraries are wanted, too.
    """
    former = sys.stdout, sys.stderr
    streams = [stream and Clean(stream) for stream in former]  # one may be closed
    sys.stdout, sys.stderr = streams
    with hushed(is_loud):
        try:
            yield
        finally:
            # click puts another in the place of one whose reader has left.
            if sys.stdout is streams[0]:
                sys.stdout = former[0]
            sys.stderr = former[1]


@contextmanager
def hushed(is_loud: Callable[[], bool] = bool) -> Iterator[None]:
    """Let only the kit's own log reach the standard error, a line each; or all of them."""
    handler = _Handler(is_loud)
    logging.getLogger().addHandler(handler)
    logging.captureWarnings(capture=True)
    try:
        yield
    finally:
        logging.captureWarnings(capture=False)
        logging.getLogger().removeHandler(handler)


class _Handler(logging.Handler):
    def __init__(self, is_loud: Callable[[], bool]) -> None:
        super().__init__()
        self._is_loud = is_loud

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.partition(".")[0] == OWN:
            print(f"{OWN}: {' '.join(record.getMessage().split())}", file=sys.stderr)
        elif self._is_loud():
            print(self.format(record), file=sys.stderr)


def nearest(error: UnicodeError) -> tuple[str, int]:
    """Replace the characters that an encoding lacks; a handler of encoding errors.

    >>> "1\N{NO-BREAK SPACE}亩 −2 ✔ 𬭎".encode("gbk", "nearest").decode("gbk")
    '1 亩 -2 √ ?'
    """
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join(_instead(one, error.encoding) for one in lacking), error.end


def _instead(character: str, encoding: str) -> str:
    for text in (NEAREST.get(character), unicodedata.normalize("NFKC", character)):
        if text and text != character and _has(encoding, text):
            return text
    return "?"


def _has(encoding: str, text: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


codecs.register_error("nearest", nearest)


def is_unwritable(error: OSError) -> bool:
    """Whether an error says that the output has no room: the disk is full, or broken.

    >>> is_unwritable(OSError(errno.ENOSPC, "")), is_unwritable(OSError(errno.ENOENT, ""))
    (True, False)
    """
    return error.errno in UNWRITABLE


def give_up() -> None:
    """Write no more to the standard output, lest Python complain again at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, sys.stdout.fileno())
    finally:
        os.close(nowhere)
