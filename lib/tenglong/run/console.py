"""What is printed reaches its reader: in the encoding that the console has, and no traceback."""

import codecs
import errno
import os
import sys
import unicodedata
from typing import TextIO

# What consoles of an older code page (GBK on Windows) lack, and what they have instead.
NEAREST = {"−": "-", "–": "-", "✔": "√", "✖": "×", "◐": "◎", "²": "2", "₂": "2"}
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
