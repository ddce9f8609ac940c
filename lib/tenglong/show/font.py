"""Characters that a system's Chinese font may lack: a page that shows one carries its glyph."""

import base64
from functools import cache
from pathlib import Path

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
