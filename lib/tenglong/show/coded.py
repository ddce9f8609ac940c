"""Codes and entries of a table as words: what is missing prints as such, a state has a shape."""

from typing import Any

import pandas as pd

from tenglong.show.cell import Cell, text
from tenglong.show.number import MISSING
from tenglong.show.words import word


def known(value: Any) -> str:
    """Give a text of the data, or "…" where there is none.

    >>> known("大峃镇"), known(float("nan"))
    ('大峃镇', '…')
    """
    return MISSING if pd.isna(value) else str(value)


def coded(group: str, code: Any, language: str) -> Cell:
    """Give the words of a code; "…" where there is none.

    >>> coded("land.state", "idle", "zh").html, coded("land.state", None, "zh").html
    ('闲置', '…')
    """
    return text(word(f"{group}.{code}", language) if isinstance(code, str) else MISSING)


def marked(label: str, tone: str, mark: str) -> Cell:
    """Give a state as shape, word and colour.

    >>> marked("逾期", "bad", "✖").html
    '<span class="status bad">✖ 逾期</span>'
    """
    return Cell(f'<span class="status {tone}">{mark} {text(label).html}</span>', text(label).plain)
