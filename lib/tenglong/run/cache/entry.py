"""A page as bytes, and back: its HTML, the tables behind it, its files for the office."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Entry:
    """What a page that was made well is made of.

    Attributes
    ----------
    csv
        Its tables by name.
    files
        Its office files by name.
    lacking
        Why office files are not there or not whole, as keys of `show/words`.
    """

    html: str
    csv: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    lacking: tuple[str, ...] = ()


def packed(entry: Entry) -> bytes:
    r"""Give an entry as bytes.

    >>> page = Entry("<p>甲</p>", {"a.csv": "甲\n"}, {"a.pdf": b"%"}, ("office.lacks_font",))
    >>> unpacked(packed(page)) == page
    True
    """
    files = {name: base64.b64encode(file).decode() for name, file in entry.files.items()}
    told = [entry.html, dict(entry.csv), files, list(entry.lacking)]
    return json.dumps(told, ensure_ascii=False).encode("utf-8", "surrogatepass")


def unpacked(content: bytes) -> Entry:
    """Give the entry that was packed."""
    html, csv, files, lacking = json.loads(content.decode("utf-8", "surrogatepass"))
    made = {name: base64.b64decode(file) for name, file in files.items()}
    return Entry(html, csv, made, tuple(lacking))
