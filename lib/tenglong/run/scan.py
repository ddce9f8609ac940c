"""What stands in a page: its headings, its ids, and the scripts that a browser would run."""

from base64 import b64encode
from collections import Counter
from collections.abc import Sequence
from hashlib import sha256
from html.parser import HTMLParser
from itertools import pairwise

EXECUTABLE = frozenset({"", "module", "text/javascript", "application/javascript"})
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


class Scan(HTMLParser):
    """Reads a page once.

    Attributes
    ----------
    headings
        Level, id ("" where there is none) and text, in the order of the page.
    scripts
        The text of every script that a browser would run.
    ids
        Every id, in the order of the page.

    Examples
    --------
    >>> Scan("<h2 id=a>A <b>B</b></h2>").headings
    [(2, 'a', 'A B')]
    """

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.headings: list[tuple[int, str, str]] = []
        self.scripts: list[str] = []
        self.ids: list[str] = []
        self._text: list[str] = []
        self._heading_id = ""
        self._is_executable = False
        self.feed(page)
        self.close()

    @property
    def script_hashes(self) -> list[str]:
        """What a Content-Security-Policy must allow for the scripts to run.

        >>> Scan("<script>alert(1)</script>").script_hashes
        ["'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='"]
        """
        digests = (sha256(script.encode()).digest() for script in self.scripts)
        return sorted({f"'sha256-{b64encode(digest).decode()}'" for digest in digests})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        attributes = {name: value or "" for name, value in attrs}
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if tag in HEADINGS:
            self._heading_id = attributes.get("id", "")
        if tag in HEADINGS or tag == "script":
            self._text = []
        if tag == "script":
            self._is_executable = attributes.get("type", "").lower() in EXECUTABLE

    def handle_data(self, data: str) -> None:
        """Gather the text of headings and scripts."""
        self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        """Keep what has been gathered."""
        if tag in HEADINGS:
            text = " ".join("".join(self._text).split())
            self.headings.append((int(tag[1]), self._heading_id, text))
        elif tag == "script" and self._is_executable:
            self.scripts.append("".join(self._text))


def faults(scan: Scan) -> list[str]:
    """Say what is wrong with a page's headings and ids: one first level, no level skipped.

    >>> faults(Scan("<h1>a</h1><h2>b</h2><h4>c</h4>"))
    ["the heading 'c' skips from level 2 to 4"]
    """
    return [*_heading_faults(scan.headings), *_repeated(scan.ids)]


def _heading_faults(headings: Sequence[tuple[int, str, str]]) -> list[str]:
    first = sum(level == 1 for level, _, _ in headings)
    heading_faults = []
    if first != 1:
        heading_faults.append(
            f"there are {first} first-level headings; the masthead's must be the only one"
            " (begin Markdown cells with ##)"
        )
    for (before, _, _), (level, _, text) in pairwise(headings):
        if level > before + 1:
            heading_faults.append(f"the heading {text!r} skips from level {before} to {level}")
    return heading_faults


def _repeated(ids: Sequence[str]) -> list[str]:
    twice = sorted(one for one, times in Counter(ids).items() if times > 1)
    return [f"the id {one!r} stands twice" for one in twice]
