"""The encoding of a text: declared, or found by a ladder that ends in GB18030."""

import codecs
import re

import numpy as np
import pyarrow as pa

from tenglong.encoding import BOMS, SAMPLE, found
from tenglong.errors import ConfigurationError
from tenglong.source.problem import Problem, RefusedError, Spot

AUTO = "auto"
PAIRS = re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]")
# The characters that are common, by their bytes: in GB2312 signs and its first level, in Big5 the
# same. Of a text in one of them nearly all are, and of the same bytes in the other about half.
GB2312_COMMON = re.compile(rb"[\xa1-\xa3\xb0-\xd7][\xa1-\xfe]")
BIG5_COMMON = re.compile(rb"[\xa1-\xa3\xa4-\xc6][\x40-\x7e\xa1-\xfe]")
MORE_COMMON = 0.2  # of the characters, at least, must be common in Big5 and not in GB2312
MOST_BAD_LINES = 0.5  # of the lines beyond ASCII; where more cannot be read it is another encoding
# What Windows and ArcGIS call the Chinese national code; all of it is in GB18030, 峃 in no other.
NATIONAL = frozenset(
    {"gb2312", "gbk", "gb18030", "euccn"}
    | {"936", "cp936", "ms936", "windows936", "ansi936", "oem936"}
)
PAGES = {"65001": "utf-8", "950": "big5", "ansi950": "big5", "oem950": "big5", "88591": "latin-1"}


def codec_of(name: str) -> str | None:
    """Give Python's name of an encoding as files and people call it, None where it is unknown.

    >>> codec_of("GB2312"), codec_of("936"), codec_of("UTF-8"), codec_of("1252"), codec_of("x")
    ('gb18030', 'gb18030', 'utf-8', 'cp1252', None)
    """
    plain = re.sub(r"[\W_]+", "", name.strip().lower())
    if plain in NATIONAL:
        return "gb18030"
    for one in (PAGES.get(plain, name.strip()), f"cp{plain.removeprefix('ansi')}"):
        try:
            return codecs.lookup(one).name
        except (LookupError, ValueError):
            continue
    return None


def decode(raw: bytes, declared: str, spot: Spot) -> tuple[str, tuple[Problem, ...]]:
    """Give the text of a file, and a note where its encoding had to be found.

    Raises
    ------
    ConfigurationError
        If the declared encoding is not one.
    RefusedError
        If the bytes are not of the encoding, or are likely Big5 read as Chinese national code.

    >>> decode("峃口镇".encode("gb18030"), "auto", Spot("a.csv"))[0]
    '峃口镇'
    """
    encoding = found(raw) if declared == AUTO else codec_of(declared) or declared
    try:
        text = raw.decode(encoding)
    except LookupError as error:
        raise ConfigurationError(f"{spot.file}: {encoding!r} is not an encoding") from error
    except UnicodeError as error:
        byte = error.start if isinstance(error, UnicodeDecodeError) else 0
        wrong = spot.problem("bad_encoding", byte=byte, encoding=encoding)
        raise RefusedError(wrong) from error
    if declared == AUTO and encoding == "gb18030" and looks_like_big5(raw):
        raise RefusedError(spot.problem("likely_big5"))
    guessed = declared == AUTO and encoding == "gb18030"
    return text, (spot.problem("encoding_found", encoding=encoding),) if guessed else ()


def utf8(raw: bytes, declared: str, spot: Spot) -> tuple[bytes, tuple[Problem, ...]]:
    """Give a file's text in UTF-8 without a byte-order mark; otherwise as `decode`.

    >>> utf8("峃口镇".encode("utf-8-sig"), "auto", Spot("a.csv"))[0].decode()
    '峃口镇'
    """
    plain = raw.removeprefix(BOMS[0][0])
    if declared == AUTO and b"\0" not in raw[:SAMPLE] and is_utf8(plain):
        return plain, ()
    text, problems = decode(raw, declared, spot)
    return text.removeprefix("\ufeff").encode(errors="replace"), problems


def utf8_lines(raw: bytes, declared: str, spot: Spot) -> tuple[bytes, tuple[Problem, ...], str]:
    r"""Give a text of lines as `utf8`, with U+FFFD for what is not of its encoding in few lines.

    Returns
    -------
    tuple
        The text, what was noticed, and the encoding that not all lines are of, or "".

    Raises
    ------
    RefusedError
        As `decode`, where more than half of the lines beyond ASCII are not of the encoding.

    >>> text, _, encoding = utf8_lines("峃口,1\n镇,2".encode() + bytes([255]), "auto", Spot("a"))
    >>> text.decode(), encoding
    ('峃口,1\n镇,2\ufffd', 'utf-8')
    """
    is_found = declared == AUTO
    lines = (
        [] if is_found and is_utf8(raw) else [one for one in raw.split(b"\n") if not one.isascii()]
    )
    known = found(raw) if is_found else codec_of(declared) or declared
    for encoding in ("utf-8", "gb18030") if is_found else (known,):
        if not lines or known not in {"utf-8", "gb18030"}:
            break
        bad = sum(not _is_in(encoding, line) for line in lines)
        if 0 < bad <= len(lines) * MOST_BAD_LINES:
            note = (spot.problem("encoding_found", encoding=encoding),) if is_found else ()
            noted = note if encoding == "gb18030" else ()
            text = raw.decode(encoding, "replace").removeprefix("\ufeff")
            return text.encode(), noted, encoding
        if not bad:
            break
    return *utf8(raw, declared, spot), ""


def _is_in(encoding: str, line: bytes) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def is_utf8(raw: bytes) -> bool:
    """Tell whether bytes are UTF-8, without making a text of them.

    >>> is_utf8("镇".encode()), is_utf8("镇".encode("gbk"))
    (True, False)
    """
    ends = pa.py_buffer(np.array([0, len(raw)], dtype=np.int64))
    try:
        text = pa.Array.from_buffers(pa.large_string(), 1, [None, ends, pa.py_buffer(raw)])
        text.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def looks_like_big5(raw: bytes) -> bool:
    """Tell whether double-byte text is rather Big5 than a Chinese national code.

    >>> looks_like_big5("乡镇名称百丈漈镇".encode("gbk"))
    False
    >>> looks_like_big5("鄉鎮代碼，鄉鎮名稱，百丈漈鎮".encode("big5"))
    True
    >>> looks_like_big5("usci,name,工廠".encode("big5"))
    True
    """
    sample = raw[:SAMPLE]
    try:
        raw.decode("big5")
    except UnicodeDecodeError:
        return False
    pairs = PAIRS.findall(sample)
    here, there = (
        sum(map(bool, map(common.fullmatch, pairs))) for common in (BIG5_COMMON, GB2312_COMMON)
    )
    return here - there > MORE_COMMON * len(pairs)
