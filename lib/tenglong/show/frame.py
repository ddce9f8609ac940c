"""The frame that every page stands in: one HTML file that asks nothing of any network."""

import base64
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from tenglong.show.words import catalogue, word

FOLDER = Path(__file__).parent / "template"
HTML_LANGUAGE: Mapping[str, str] = {"zh": "zh-CN", "en": "en"}
# Where a page's contents list goes; the masthead ends with it.
CONTENTS_MARK = "<!--tenglong:contents-->"
TABLE_WORDS = ("filter", "count", "original", "sort")


# What `template/font/rare.woff2` holds; see the note beside it.
RARE = "㎡垟塆峃嶨榅槃漈"
FILE = Path(__file__).parent / "template" / "font" / "rare.woff2"


def rare_font(text: str) -> str:
    r"""Give the `@font-face` rule that a page with this text needs, or "".

    >>> rare_font("大屿山")
    ''
    >>> rare_font("大峃镇")[:40]
    '@font-face{font-family:"Tenglong rare";s'
    """
    if not any(character in text for character in RARE):
        return ""
    return _rule()


@cache
def _rule() -> str:
    data = base64.b64encode(FILE.read_bytes()).decode("ascii")
    points = ",".join(f"U+{ord(character):X}" for character in RARE)
    return (
        f'@font-face{{font-family:"Tenglong rare";src:url(data:font/woff2;base64,{data})'
        f' format("woff2");unicode-range:{points}}}'
        "/* from Noto Sans CJK SC, © 2014-2021 Adobe, SIL OFL 1.1 */"
    )


def draw(template: str, *, language: str, **values: Any) -> Markup:
    """Fill in one of the templates of `show/template`; every value is escaped.

    >>> draw("contents.html.j2", language="en", headings=[("a", "A & B")]).count("A &amp; B")
    1
    """
    drawn = (
        _environment()
        .get_template(template)
        .render(
            language=language,
            html_language=HTML_LANGUAGE[language],
            word=lambda key, **parts: word(key, language, **parts),
            **values,
        )
    )
    return Markup(drawn)  # noqa: S704 - the environment has escaped every value


@cache
def style() -> str:
    """Give the page's CSS, without its comments and indents."""
    css = re.sub(
        r"/\*.*?\*/", "", (FOLDER / "page.css").read_text(encoding="utf-8"), flags=re.DOTALL
    )
    return "\n".join(line.strip() for line in css.splitlines() if line.strip())


@cache
def table_script(language: str) -> str:
    """Give what sorts and filters the long tables of a page."""
    words = {key: catalogue()[f"table.{key}"][language] for key in TABLE_WORDS}
    text = (FOLDER / "table.js").read_text(encoding="utf-8")
    script = "\n".join(line.strip() for line in text.splitlines())
    drawn = draw("table.html.j2", language=language, words=words, script=Markup(script))  # noqa: S704 - ours
    return str(drawn)


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
