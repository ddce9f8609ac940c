"""The files that go with a page for the office: Word, PDF and the Excel annex."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from tenglong.errors import SourceError
from tenglong.run.chromium import Prints, chromium, printed
from tenglong.show.office.annex import annex
from tenglong.show.office.document import document
from tenglong.show.office.outline import outline_of

KINDS = ("docx", "pdf", "xlsx")
# What comes from the browser: the PDF itself, and the pictures in the Word document.
NEED_BROWSER = frozenset({"docx", "pdf"})
CHROMIUM_FAILED = "office.chromium_failed"


@dataclass(frozen=True)
class Files:
    """Office files of a page by name, and what could not be made.

    Attributes
    ----------
    lacking
        Keys of `show/words`: why a file is not there, or is not whole.
    """

    contents: Mapping[str, bytes] = field(default_factory=dict)
    lacking: tuple[str, ...] = ()


def office_files(
    html: str, kinds: tuple[str, ...], *, name: str, day: date, language: str, print_s: float
) -> Files:
    """Make the office files of a page.

    Parameters
    ----------
    html
        The finished page; every figure in the files is its own.
    kinds
        Some of `KINDS`.
    name
        The files' name without ending.
    print_s
        How long the browser may take, in seconds.
    """
    prints, lacking = _prints(html, kinds, day, print_s)
    outline = outline_of(html)
    made: dict[str, bytes] = {}
    if "docx" in kinds:
        pictures = prints.pictures if prints else ()
        made[f"{name}.docx"] = document(outline, pictures=pictures, language=language)
        lacking += ("office.lacks_pictures",) if outline.pictures and prints is None else ()
    if "pdf" in kinds and prints is not None:
        made[f"{name}.pdf"] = prints.pdf
    if "xlsx" in kinds:
        made[f"{name}.xlsx"] = annex(outline, language=language)
    return Files(made, lacking)


def _prints(
    html: str, kinds: tuple[str, ...], day: date, print_s: float
) -> tuple[Prints | None, tuple[str, ...]]:
    """Print the page where that is wanted and can be done; else say why not."""
    if not NEED_BROWSER & set(kinds):
        return None, ()
    browser = chromium()
    if browser is None:
        return None, ("office.lacks_chromium",) if "pdf" in kinds else ()
    try:
        prints = printed(html, browser=browser, day=day, print_s=print_s)
    except SourceError:
        return None, (CHROMIUM_FAILED,) if "pdf" in kinds else ()
    return prints, () if prints.has_chinese else ("office.lacks_font",)
