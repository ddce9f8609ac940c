"""A page says at its end that it is whole: what was cut off, or changed on the way, does not."""

import re
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from tenglong.errors import WriteError
from tenglong.show.frame import draw

END = "</main>"
MARK = re.compile(
    r'<p class="whole" data-sha256="([0-9a-f]{64})">[^<]*</p>\s*</main>\s*</body>\s*</html>\s*'
)


def marked(html: str, *, language: str) -> str:
    """Say at the end of a page that it is whole; only of one whose cells all ran to their end.

    Raises
    ------
    UnicodeEncodeError
        If it holds what no file can hold (half a character).
    """
    head, end, tail = html.rpartition(END)
    line = draw("whole.html.j2", language=language, sha256=_digest(head))
    return f"{head}{line}\n{end}{tail}"


def is_whole(html: str) -> bool:
    r"""Whether a page says that it is whole, and is what it was when that was said.

    >>> page = marked("<main><p>县</p>\n</main>\n</body>\n</html>", language="zh")
    >>> is_whole(page), is_whole(page[:-20]), is_whole(page.replace("县", "镇"))
    (True, False, False)
    """
    at = html.rfind('<p class="whole"')
    found = MARK.fullmatch(html, at) if at >= 0 else None
    return found is not None and found[1] == _digest(html[:at])


def require_whole(pages: Iterable[Path]) -> None:
    """Make sure of pages as they stand on the disk.

    Raises
    ------
    WriteError
        If one was not written whole, or was made by a kit that did not say so.
    """
    for page in pages:
        if not is_whole(page.read_bytes().decode(errors="replace")):
            raise WriteError(f"{page.name}: does not say that it is whole; make all pages anew")


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
