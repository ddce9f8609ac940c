"""Characters that nobody sees, and that hide a number, turn a line or break an office file.

Controls (but for tab and line breaks), marks of direction and of zero width, and code points that
are no characters. They are taken off at the door, and a file of settings may not hold them.
"""

import re

CONTROLS = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
MARKS = "\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
PLANES = "".join(chr(plane << 16 | last) for plane in range(1, 17) for last in (0xFFFE, 0xFFFF))
NO_CHARACTERS = f"\ufdd0-\ufdef\ufffe\uffff{PLANES}"
HALVES = "\ud800-\udfff"  # of a pair of UTF-16, alone
UNSEEN = re.compile(f"[{CONTROLS}{MARKS}{NO_CHARACTERS}{HALVES}]")
# The same for RE2, whose texts cannot hold halves.
UNSEEN_IN_COLUMN = f"[{CONTROLS}{MARKS}{NO_CHARACTERS}]".replace("\x00", r"\x00")
# Of a text they may be a part (soft hyphen, joiners, variation selectors), of a code never.
FILLERS = "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\ufe00-\ufe0f"
INVISIBLE = re.compile(f"[{CONTROLS}{MARKS}{NO_CHARACTERS}{HALVES}{FILLERS}]")
BREAKS = frozenset("\x0b\x0c\x1c\x1d\x1e\x1f\x85")  # they part words
LONGEST = 32_767  # units of UTF-16 that a cell of Excel can hold


def plain(text: str) -> str:
    r"""Give a text without them; those that part words leave a blank.

    >>> plain("泰\u200b顺\x0b县\x1b")
    '泰顺 县'
    """
    return UNSEEN.sub(lambda one: " " if one[0] in BREAKS else "", text)


def shown(text: object) -> str:
    r"""Write a text with what is invisible in it made visible.

    >>> shown("91A\u200b")
    '91A<U+200B>'
    """
    return INVISIBLE.sub(lambda one: f"<{named(one[0])}>", str(text))


def named(character: str) -> str:
    r"""Give the name of a character by its number.

    >>> named("\x1b")
    'U+001B'
    """
    return f"U+{ord(character):04X}"


def cut(text: str) -> str:
    """Give as much of a text as a cell of Excel can hold.

    >>> len(cut("镇" * 40_000)), cut("镇")
    (32767, '镇')
    """
    return text.encode("utf-16-le", "replace")[: 2 * LONGEST].decode("utf-16-le", "ignore")
