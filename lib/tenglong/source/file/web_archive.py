"""Web pages in one file (MHTML): Excel's "single file web page", and what portals name .xls."""

import email
import email.policy
from collections.abc import Iterator, Sequence
from dataclasses import replace
from email.message import EmailMessage
from pathlib import PurePosixPath

from tenglong.source.file.encoding import AUTO, codec_of, decode
from tenglong.source.file.kind import Kind, broken
from tenglong.source.file.raw import Raw, Wanted
from tenglong.source.file.sheet import Sheet, laid_out_of
from tenglong.source.file.size import Tally
from tenglong.source.file.web_page import WebTable, tables_of
from tenglong.source.problem import Problem, RefusedError, Spot


def read_web_archive(
    content: bytes, spot: Spot, sheet: str | None, encoding: str, wanted: Wanted
) -> Raw:
    """Read the table of a web archive: of the page that is named, or else the one that fits.

    Raises
    ------
    RefusedError
        If it is damaged, no page of it has a table, there is no such page, several fit, or its
        tables have more cells than they may.
    """
    try:
        whole = email.message_from_bytes(content, policy=email.policy.default)
    except RecursionError as error:  # parts within parts without end
        raise broken(Kind.WEB_ARCHIVE, spot) from error
    sheets: list[Sheet] = []
    tally = Tally(wanted.sizes, spot)
    problems: list[Problem] = []
    for part in whole.walk():
        if part.get_content_type() == "text/html":
            page, found = decode(*_page(part, encoding), spot)
            problems += [one for one in found if one not in problems]
            sheets += _sheets(tables_of(page, tally), _name(part, len(sheets)))
    if not sheets:
        raise RefusedError(spot.problem("web_page"))
    raw = laid_out_of(sheets, sheet, wanted, spot).raw
    return replace(raw, problems=(*problems, *raw.problems))


def _sheets(tables: Sequence[WebTable], name: str) -> Iterator[Sheet]:
    for number, one in enumerate(tables, start=1):
        own = f"{name} {number}" if len(tables) > 1 else name
        yield Sheet(own, one.rows, tuple(one.merged), is_filled=True)


def _page(part: EmailMessage, declared: str) -> tuple[bytes, str]:
    """Give a page's bytes and its encoding: as bundle.yml declares it, else as the part states."""
    raw = part.get_payload(decode=True)
    content = raw if isinstance(raw, bytes) else b""
    own = codec_of(part.get_content_charset() or "")
    try:
        content.decode(own or "ascii")
    except UnicodeError:
        own = None
    return content, declared if declared != AUTO or own is None else own


def _name(part: EmailMessage, number: int) -> str:
    location = str(part.get("Content-Location", ""))
    return PurePosixPath(location).stem or f"{number + 1}"
