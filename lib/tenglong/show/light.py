"""Lights (亮灯): a shape, a word and a colour."""

from collections.abc import Mapping
from html import escape

from tenglong.show.cell import Cell, as_text
from tenglong.show.finding import Tone

MARKS = {"red": "▼", "yellow": "◐", "green": "●"}
UNLIT = "○"
TONES: Mapping[str, Tone] = {"red": "bad", "yellow": "warn", "green": "good"}


def light_cell(light: str | None, label: str) -> Cell:
    """Give a light as shape, word and colour; a policy's own light has the shape of none.

    >>> light_cell("red", "红灯").html
    '<span class="status bad">▼ 红灯</span>'
    """
    mark, tone = MARKS.get(light or "", UNLIT), TONES.get(light or "", "none")
    return Cell(f'<span class="status {tone}">{mark} {escape(label)}</span>', as_text(label))
