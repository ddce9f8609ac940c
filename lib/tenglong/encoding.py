"""Find the encoding of a text that does not say it: a ladder that ends in GB18030."""

BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
LEAST_NULS, NULS = 2, 0.05  # of the bytes, at least, in a table in UTF-16
SAMPLE = 200_000  # bytes that are enough to tell


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
