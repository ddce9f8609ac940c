"""What must not come in: numbers of identity cards, phones, names of persons."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pandas as pd

from tenglong.source.header import squash
from tenglong.source.problem import Problem, Spot
from tenglong.source.strings import holds_digits, is_text

IDENTITY = re.compile(r"(?<![0-9A-Za-z])[1-8]\d{16}[\dXx](?![0-9A-Za-z])")
PHONE = re.compile(r"(?<![0-9A-Za-z.])1[3-9]\d{9}(?![0-9A-Za-z.])")
MAYBE = r"(^|[^0-9A-Za-z.])(1[3-9]\d{9}|[1-8]\d{16}[0-9Xx])($|[^0-9A-Za-z])"
PERSON = re.compile(
    r".*(负责人|联系人|法定代表人|法人代表|法人姓名|经办人|填表人|姓名|联系电话|联系方式|手机|"
    r"身份证|证件号).*"
)
SHORTEST_PHONE, SHORTEST_IDENTITY = 11, 17  # digits in a row
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"


def is_identity(number: str) -> bool:
    """Tell whether 18 characters are the number of an identity card (GB 11643: date, check).

    >>> is_identity("11010519491231002X"), is_identity("110105194912310021")
    (True, False)
    """
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, WEIGHTS, strict=False))
    return number[17].upper() == CHECKS[total % 11]


def mask(text: str, *, has_phones: bool = True) -> str:
    """Cover the numbers of identity cards and phones in a text.

    >>> mask("张三13812345678，11010519491231002X")
    '张三138****5678，110105********002X'
    """

    def covered(match: re.Match[str]) -> str:
        number = match[0]
        return f"{number[:6]}********{number[-4:]}" if is_identity(number) else number

    text = IDENTITY.sub(covered, text)
    if not has_phones:
        return text
    return PHONE.sub(lambda match: f"{match[0][:3]}****{match[0][-4:]}", text)


def without_secrets(
    frame: pd.DataFrame, used: dict[str, str], codes: frozenset[str], spot: Spot
) -> tuple[pd.DataFrame, list[Problem]]:
    """Mask a frame's secrets, and list them.

    Parameters
    ----------
    used
        The headers that are read, with their columns.
    codes
        Those of them that hold codes, where eleven digits are no phone.
    """
    problems: list[Problem] = []
    changed: dict[int, pd.Series] = {}
    for place, header in enumerate(frame.columns):
        cells = frame.iloc[:, place]
        if str(header) not in used and PERSON.fullmatch(squash(header)):
            held = int(cells.notna().sum())
            if held:
                changed[place] = cells.astype("object").where(cells.isna(), "***")
                said: dict[str, Any] = {
                    "what": "names or numbers of persons",
                    "what_zh": "个人姓名或联系方式",
                }
                problems.append(spot.problem("secret", column=str(header), **said))
            continue
        if (is_text(cells) or cells.dtype == "object") and header != "geometry":
            covered = _covered(cells, has_phones=str(header) not in codes)
            if covered is not None:
                changed[place] = covered
                problems += _listed(cells, covered, str(header), spot)
    if not changed:
        return frame, problems
    columns = [changed.get(place, frame.iloc[:, place]) for place in range(frame.shape[1])]
    masked = pd.concat(columns, axis=1)
    masked.columns = frame.columns
    return masked, problems


def _covered(cells: pd.Series, *, has_phones: bool) -> pd.Series | None:
    """Give the masked cells of a column, or None where there is nothing to mask."""
    if cells.dtype == "object":
        maybe = cells.map(lambda cell: isinstance(cell, str) and bool(re.search(MAYBE, cell)))
    else:
        if not holds_digits(cells, SHORTEST_PHONE if has_phones else SHORTEST_IDENTITY):
            return None
        maybe = cells.str.contains(f"(?:{MAYBE.replace('(', '(?:')})").fillna(value=False)
    maybe = maybe.astype(bool)
    if not maybe.any():
        return None
    some = cells[maybe].map(lambda cell: mask(cell, has_phones=has_phones))
    if (some == cells[maybe]).all():
        return None
    covered = cells.copy()
    covered[maybe] = some
    return covered


def _listed(cells: pd.Series, covered: pd.Series, header: str, spot: Spot) -> Iterator[Problem]:
    same = (cells == covered) | cells.isna()
    said: dict[str, Any] = {
        "what": "the number of a phone or an identity card",
        "what_zh": "手机号或身份证号",
    }
    for row in cells.index[~same.fillna(value=True).astype(bool)]:
        value = str(covered[row])[:60]
        yield spot.problem("secret", column=header, row=int(row), value=value, **said)
