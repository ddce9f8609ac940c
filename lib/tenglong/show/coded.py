"""Codes and entries of a table as words, statuses with their marks, lights (亮灯) as shapes."""

from collections.abc import Mapping
from html import escape
from typing import Any

import pandas as pd

from tenglong.show.cell import Cell, as_text, text
from tenglong.show.finding import Tone
from tenglong.show.number import MISSING
from tenglong.show.page import Page

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


def known(value: Any) -> str:
    """Give a text of the data, or "…" where there is none.

    >>> known("大峃镇"), known(float("nan"))
    ('大峃镇', '…')
    """
    return MISSING if pd.isna(value) else str(value)


def coded(page: Page, group: str, code: Any) -> Cell:
    """Give the words of a code; "…" where there is none.

    >>> page = Page(example_county())
    >>> coded(page, "land.state", "idle").html, coded(page, "land.state", None).html
    ('闲置', '…')
    """
    return text(page.word(f"{group}.{code}") if isinstance(code, str) else MISSING)


def marked(label: str, tone: str, mark: str) -> Cell:
    """Give a state as shape, word and colour.

    >>> marked("逾期", "bad", "✖").html
    '<span class="status bad">✖ 逾期</span>'
    """
    return Cell(f'<span class="status {tone}">{mark} {text(label).html}</span>', text(label).plain)
