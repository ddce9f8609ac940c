"""Codes as they are meant: without what exports and typing leave in them, in one spelling."""

import re
from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from tenglong.source.cell.strings import holds_any, is_text
from tenglong.source.cell.way import Way, as_text
from tenglong.source.schema import Column, Form
from tenglong.unseen import INVISIBLE

BLANK = re.compile(r"\s+")
QUOTED = re.compile(r"[=＝]?\s*[\"“”＂]([^\"“”＂]*)[\"“”＂]")
APOSTROPHES = "'’‘`＇´"
# The first bytes, in UTF-8, of what is taken off or folded; blanks and controls, ' = ` and DEL.
ODD = np.zeros(256, dtype=bool)
ODD[[*b"\"'=`\x7f\xc2\xcd\xd8\xe1\xe2\xe3\xef", *range(0x21)]] = True
LETTERS = np.zeros(256, dtype=bool)
LETTERS[ord("a") : ord("z") + 1] = LETTERS[ord("A") : ord("Z") + 1] = True
LOWER = LETTERS.copy()
LOWER[ord("A") : ord("Z") + 1] = False
CREDIT = re.compile(r"[0-9A-Z]{18}")
PARCEL = re.compile(r"\d{12}[A-Z]{2}\d{5}(?:[A-Z]\d{8})?")
STATISTICAL = re.compile(r"\d{12}")
WITH_SECTION = re.compile(r"[A-T](\d{2,4})")
TOWNSHIP = 9  # digits
# Full-width letters, digits and signs, and the wide blank.
NARROW = {0x3000: " ", **{wide: chr(wide - 0xFEE0) for wide in range(0xFF01, 0xFF5F)}}

What = str
WORDS: Mapping[What, tuple[str, str]] = {
    "invisible": ("去掉看不见的字符", "invisible characters taken off"),
    "blank": ("去掉空格", "blanks taken off"),
    "apostrophe": ("去掉开头的撇号", "the apostrophe in front taken off"),
    "quotes": ('去掉 ="…"', 'the ="…" taken off'),
    "width": ("全角改半角", "full width made plain"),
    "case": ("改为大写", "put in capitals"),
    "township": ("取前 9 位", "cut to its first nine digits"),
    "section": ("去掉门类字母", "the letter of the section taken off"),
}


def plain_codes(cells: pd.Series, column: Column, way: Way) -> pd.Series:
    """Give the codes of a column as they are meant; one note a column tells what was changed.

    A code that only differs from another by what is taken off here is the other one. Letters are
    put in capitals, and blanks within taken out, where the code is of its column's form then.
    """
    text = as_text(cells)
    given = cells if is_text(cells) else _as_typed(cells)
    if not _may_change(given, text, column):
        return text
    places, distinct = given.factorize()
    meant = [_meant(code, column.form) for code in distinct]
    changed = np.array([bool(what) for _, what in meant] + [False])[places]
    if not changed.any():
        return text
    plain = pd.Series([code or None for code, _ in meant] + [None], dtype="str").take(places)
    first = int(np.flatnonzero(changed)[0])
    whats = dict.fromkeys(what for _, several in meant for what in several)
    way.marks.note(
        cells.index[first],
        "code_spelling",
        count=str(int(changed.sum())),
        read=str(plain.iloc[first]),
        what="; ".join(WORDS[what][1] for what in whats),
        what_zh="、".join(WORDS[what][0] for what in whats),
    )
    return text.mask(changed, pd.Series(plain.array, index=text.index))


def _as_typed(cells: pd.Series) -> pd.Series:
    if cells.dtype != "object":
        return as_text(cells)
    typed = cells.map(lambda cell: cell if isinstance(cell, str) else None).astype("str")
    return typed.where(typed.notna(), as_text(cells))


def _may_change(given: pd.Series, text: pd.Series, column: Column) -> bool:
    if holds_any(given, ODD):
        return True
    match column.form:
        case Form.CREDIT | Form.PARCEL | Form.UNIT:
            return holds_any(given, LOWER)
        case Form.TOWNSHIP:
            return bool((text.str.len() > TOWNSHIP).any())
        case Form.INDUSTRY:
            return holds_any(given, LETTERS)
        case _:
            return False


def _meant(code: str, form: Form | None) -> tuple[str, list[What]]:
    """Give a code as it is meant, and what was done to it."""
    done: list[What] = []

    def step(what: What, to: Callable[[str], str]) -> None:
        nonlocal code
        new = to(code)
        if new != code:
            done.append(what)
            code = new

    step("invisible", lambda one: INVISIBLE.sub("", one))
    step("blank", str.strip)
    step("quotes", _unquoted)
    step("apostrophe", lambda one: one.lstrip(APOSTROPHES).lstrip())
    step("width", lambda one: one.translate(NARROW).strip())
    if form is not None:
        fitted, more = _fitted(code, form)
        done += more
        code = fitted
    return code, done


def _unquoted(code: str) -> str:
    found = QUOTED.fullmatch(code)
    return found[1].strip() if found else code


def _fitted(code: str, form: Form) -> tuple[str, list[What]]:
    """Give a code in the spelling of its form, where it has that form at all."""
    whole = BLANK.sub("", code)
    upper = whole.upper()
    done: list[What] = ["blank"] if whole != code else []
    if upper != whole:
        done.append("case")
    match form:
        case Form.CREDIT if CREDIT.fullmatch(upper):
            return upper, done
        case Form.PARCEL | Form.UNIT if PARCEL.fullmatch(upper):
            return upper, done
        case Form.TOWNSHIP if STATISTICAL.fullmatch(whole):
            return whole[:TOWNSHIP], [*done, "township"]
        case Form.INDUSTRY if found := WITH_SECTION.fullmatch(upper):
            return found[1], [*done, "section"]
        case _:
            return code, []
