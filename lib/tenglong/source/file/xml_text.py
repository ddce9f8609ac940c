"""XML as offices send it: its encoding declared, often as GB2312, and no entity from elsewhere."""

import re
from xml.etree import ElementTree as ET

from tenglong.source.file.encoding import AUTO, codec_of, decode
from tenglong.source.file.kind import Kind, broken
from tenglong.source.file.size import Sizes
from tenglong.source.problem import Problem, Spot

DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
STATED = re.compile(rb"^\s*<\?xml[^>]*encoding\s*=\s*[\"']([\w.-]+)")
ENTITY = "<!ENTITY"


def xml_of(
    content: bytes, declared: str, spot: Spot, kind: Kind, sizes: Sizes
) -> tuple[ET.Element, tuple[Problem, ...]]:
    """Read an XML by the encoding that bundle.yml declares, or else the XML itself.

    Raises
    ------
    RefusedError
        If it is not well formed, defines entities, is not of its encoding, or has more tags than a
        table may have cells.
    """
    text, problems = decode(content, _stated(content) if declared == AUTO else declared, spot)
    text = text.removeprefix("\ufeff")
    if ENTITY in text.upper():
        raise broken(kind, spot)
    sizes.hold_table(text.count("<"), 1, spot)
    try:
        return ET.fromstring(DECLARATION.sub("", text, count=1)), problems  # noqa: S314 - no entities, see above
    except ET.ParseError as error:
        raise broken(kind, spot) from error


def _stated(content: bytes) -> str:
    """Give the encoding that an XML states, where its bytes are of it; else it is to be found."""
    stated = STATED.match(content)
    own = codec_of(stated[1].decode("ascii")) if stated else None
    try:
        content.decode(own or "ascii")
    except UnicodeError:
        return AUTO
    return own or AUTO
