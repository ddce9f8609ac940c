"""The encoding of a text: declared, or found by a ladder that ends in GB18030."""

import codecs
import re

import numpy as np
import pyarrow as pa

from tenglong.errors import ConfigurationError
from tenglong.source.problem import Problem, RefusedError, Spot

AUTO = "auto"
BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
# Characters of two bytes whose second is below A1 are outside GB2312: few in real GBK (峃, 漈,
# 垟), about two in five in Big5.
PAIRS = re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]")
LEAST_PAIRS = 6
MOST_RARE_SHARE = 0.2
GB2312 = 0xA1  # both bytes of its characters are at least this
LEAST_NULS, NULS = 2, 0.05  # of the bytes, at least, in a table in UTF-16
SAMPLE = 200_000  # bytes that are enough to tell
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
    if encoding == "gb18030" and looks_like_big5(raw):
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


def found(raw: bytes) -> str:
    """Find the encoding: a byte-order mark, else strict UTF-8, else GB18030.

    >>> found("镇".encode("utf-16")), found("镇".encode()), found("镇".encode("gbk"))
    ('utf-16', 'utf-8', 'gb18030')
    >>> found("镇,1,2".encode("utf-16-le"))
    'utf-16-le'
    """
    for mark, name in BOMS:
        if raw.startswith(mark):
            return name
    for name, place in (("utf-16-le", 1), ("utf-16-be", 0)):
        # The letters and digits of UTF-16 have a NUL on one side; 一 and few others on the other.
        nuls, strays = (raw[one:SAMPLE:2].count(0) for one in (place, 1 - place))
        if nuls > max(LEAST_NULS, NULS * len(raw[:SAMPLE]), 4 * strays):
            return name
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"


def looks_like_big5(raw: bytes) -> bool:
    """Tell whether double-byte text is rather Big5 than a Chinese national code.

    >>> looks_like_big5("乡镇名称百丈漈镇".encode("gbk"))
    False
    >>> looks_like_big5("鄉鎮代碼，鄉鎮名稱，百丈漈鎮".encode("big5"))
    True
    """
    sample = raw[:SAMPLE]
    try:
        raw.decode("big5")
    except UnicodeDecodeError:
        return False
    pairs = PAIRS.findall(sample)
    rare = sum(min(pair) < GB2312 for pair in pairs)
    return len(pairs) >= LEAST_PAIRS and rare / len(pairs) > MOST_RARE_SHARE
