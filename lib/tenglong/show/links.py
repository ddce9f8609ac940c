"""The guard of every offline piece: nothing in it may ask for anything outside the page."""

import re
from html.parser import HTMLParser

from tenglong.errors import TenglongError

# Attributes whose value a browser loads or follows.
ADDRESSES = frozenset(
    {"src", "srcset", "href", "xlink:href", "action", "formaction", "poster", "data", "ping"}
)
INSIDE = ("#", "data:")

# In CSS: url(…) and @import. In scripts: a text that begins with an address, or sets one.
_IN_STYLE = re.compile(r"""url\(\s*["']?\s*(?!data:|#)[^)\s]*|@import[^;]*""", re.IGNORECASE)
_IN_SCRIPT = re.compile(
    r"""["'`]\s*(?:https?:)?//(?!www\.w3\.org/)\w[^"'`\s]*"""
    r"""|\b(?:src|href)\s*=\s*\\?["']?(?:https?:)?//[^"'`\s]*"""
    r"""|sourceMappingURL=\S*""",
    re.IGNORECASE,
)


def refuse_links(html: str) -> None:
    """Make sure that a piece of a page is complete in itself.

    Text and embedded JSON may name any address: nothing there is loaded.

    Raises
    ------
    TenglongError
        If an attribute, a style or a script leads outside the page, or an event handler stands
        in the markup (no page's policy would let it run).

    Examples
    --------
    >>> refuse_links('<p>http://x.cn</p><a href="#top">')
    >>> refuse_links('<img src="//x.cn/a">')
    Traceback (most recent call last):
    tenglong.errors.TenglongError: the page must be complete in itself, but <img src> is //x.cn/a
    """
    _Guard().check(html)


class _Guard(HTMLParser):
    """Reads a piece of HTML; raises at the first thing that leads outside."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._pattern: re.Pattern[str] | None = None

    def check(self, html: str) -> None:
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            self._check_attribute(tag, name, (value or "").strip())
        is_data = ("type", "application/json") in attrs
        patterns = {"style": _IN_STYLE, "script": None if is_data else _IN_SCRIPT}
        self._pattern = patterns.get(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("style", "script"):
            self._pattern = None

    def handle_data(self, data: str) -> None:
        found = self._pattern.search(data) if self._pattern else None
        if found:
            _refuse(f"a style or script has {found.group()[:80]}")

    def _check_attribute(self, tag: str, name: str, value: str) -> None:
        if name in ADDRESSES and not value.startswith(INSIDE):
            _refuse(f"<{tag} {name}> is {value[:80]}")
        if name.startswith("on"):
            _refuse(f"<{tag} {name}> is an event handler")
        if name == "style" and (found := _IN_STYLE.search(value)):
            _refuse(f"<{tag} style> has {found.group()[:80]}")


def _refuse(what: str) -> None:
    raise TenglongError(f"the page must be complete in itself, but {what}")
