"""The file that a Word document is: its fonts with their stand-ins, and always the same bytes."""

import io
import zipfile
from xml.sax.saxutils import quoteattr

from tenglong.show.office.typeface import STAND_INS

STAMP = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can hold
FONTS = "word/fontTable.xml"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
LANGUAGES = {"zh": "zh-CN", "en": "en-GB"}


def settled(package: bytes, *, language: str) -> bytes:
    """Give a document its table of fonts, and fixed dates in the package."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(package)) as given,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as taken,
    ):
        for name in given.namelist():
            content = font_table() if name == FONTS else given.read(name)
            if name == "word/styles.xml":
                content = content.replace(b'w:eastAsia="en-US"', b'w:eastAsia="zh-CN"')
                content = content.replace(
                    b'w:val="en-US"', f'w:val="{LANGUAGES[language]}"'.encode()
                )
            entry = zipfile.ZipInfo(name, STAMP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            taken.writestr(entry, content)
    return file.getvalue()


def font_table() -> bytes:
    """Name every font with what may stand in for it.

    >>> '<w:altName w:val="小标宋体,' in font_table().decode()
    True
    """
    fonts = "".join(
        f"<w:font w:name={quoteattr(name)}><w:altName w:val={quoteattr(','.join(others))}/>"
        '<w:charset w:val="86"/></w:font>'
        for name, others in STAND_INS.items()
    )
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return f'{head}<w:fonts xmlns:w="{WORD}">{fonts}</w:fonts>'.encode()
