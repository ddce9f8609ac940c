"""A piece of a page: HTML for the reader, and the CSV files that stand behind it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

CSV_MIME = "application/vnd.tenglong.csv+json"


@dataclass(frozen=True)
class Piece:
    """Something a notebook shows.

    Attributes
    ----------
    html
        What a reader sees; every string that came from data is escaped.
    csv
        File name → content of the tables behind it; a report publishes them beside the page.
    """

    html: str
    csv: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {len(self.html):,} characters>"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        del include, exclude
        bundle: dict[str, Any] = {"text/html": self.html, "text/plain": repr(self)}
        if self.csv:
            bundle[CSV_MIME] = dict(self.csv)
        return bundle


def remark(text: str) -> Piece:
    """Give a line that stands where there is nothing to draw.

    >>> remark("无 <亮灯>").html
    '<p class="note">无 &lt;亮灯&gt;</p>'
    """
    return Piece(f'<p class="note">{escape(text)}</p>')


def stacked(*pieces: Piece) -> Piece:
    """Put pieces below one another.

    >>> stacked(Piece("<p>甲</p>"), Piece("<p>乙</p>", {"b.csv": ""}))
    <Piece 16 characters>
    """
    csv = {name: text for piece in pieces for name, text in piece.csv.items()}
    return Piece("".join(piece.html for piece in pieces), csv)


def wide(piece: Piece) -> Piece:
    """Print a piece on a sheet of its own, turned: for tables that an upright A4 sheet would crush.

    >>> wide(Piece("<p>甲</p>")).html
    '<div class="wide"><p>甲</p></div>'
    """
    return Piece(f'<div class="wide">{piece.html}</div>', piece.csv) if piece.html else piece
