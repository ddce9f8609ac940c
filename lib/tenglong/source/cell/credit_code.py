"""The unified social credit identifier (统一社会信用代码) and what is taken for one.

Source: GB 32100-2015: 18 characters of digits and capital letters without I, O, S, V and Z; the
last one is a check: (31 − Σ value × 3^place mod 31) mod 31.
"""

import re

import numpy as np
import pandas as pd

from tenglong.measure.clause import Label

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18
WEIGHTS = np.array([pow(3, place, len(ALPHABET)) for place in range(LENGTH - 1)])
UNUSED = "IOSVZ"
SOUND = re.compile(rf"[{ALPHABET}]{{{LENGTH}}}")
INSIDE = re.compile(rf"[0-9A-Z]{{{LENGTH}}}")
REGISTRATION = re.compile(r"\d{15}")
ORGANISATION = re.compile(r"[0-9A-Z]{8}-?[0-9X]")
VALUES = np.full(128, -1)
VALUES[[ord(letter) for letter in ALPHABET]] = np.arange(len(ALPHABET))


def check_character(body: str) -> str:
    """Give the check character that goes with the first 17 characters.

    >>> check_character("91350100M000100Y4"), check_character("91110000101623741")
    ('3', 'K')
    """
    total = int((VALUES[[ord(letter) for letter in body]] * WEIGHTS).sum())
    return ALPHABET[-total % len(ALPHABET)]


def are_sound(codes: pd.Series) -> np.ndarray:
    """Tell of each text whether it is a credit identifier whose check holds.

    >>> are_sound(pd.Series(["91350100M000100Y43", "91350100M000100Y44", "9135"])).tolist()
    [True, False, False]
    """
    formed = codes.str.fullmatch(SOUND.pattern).fillna(value=False).to_numpy(dtype=bool, copy=True)
    letters = np.frombuffer("".join(codes[formed]).encode("ascii"), dtype=np.uint8)
    values = VALUES[letters].reshape(-1, LENGTH)
    total = (values[:, :-1] * WEIGHTS).sum(axis=1) + values[:, -1]
    formed[formed] = total % len(ALPHABET) == 0
    return formed


def fault_of(code: str) -> Label:
    """Say what is wrong with a text that is no credit identifier.

    >>> fault_of("91350100M000100Y44").en
    'its check character would be 3 (GB 32100-2015)'
    >>> fault_of("9135O100M000100Y43").zh
    '含有信用代码不用的字母 O（I、O、S、V、Z 不用，常是数字写成了字母）'
    """
    return _of_length(code) if len(code) == LENGTH else _of_other_length(code)


def _of_other_length(code: str) -> Label:
    whole = INSIDE.findall(code)
    if len(whole) > 1:
        return Label("一格里写了不止一个代码，请每行一个", "holds more than one; give each a row")
    if whole:
        rest = code.replace(whole[0], "")
        return Label(
            f"18 位代码前后还写了“{rest}”，请去掉",
            f"has {rest!r} beside the identifier: take it off",
        )
    if REGISTRATION.fullmatch(code):
        return Label(
            "是 15 位的旧工商注册号，请换成 18 位统一社会信用代码",
            "is an old registration number of 15 digits; use the identifier of 18 characters",
        )
    if ORGANISATION.fullmatch(code):
        return Label(
            "像是 9 位的组织机构代码，请换成 18 位统一社会信用代码",
            "looks like an organisation code of 9; use the identifier of 18 characters",
        )
    return Label(
        f"有 {len(code)} 位，统一社会信用代码是 18 位（GB 32100-2015）",
        f"has {len(code)} characters, a credit identifier has 18 (GB 32100-2015)",
    )


def _of_length(code: str) -> Label:
    odd = [letter for letter in dict.fromkeys(code) if letter not in ALPHABET]
    if odd and set(odd) <= set(UNUSED):
        return Label(
            f"含有信用代码不用的字母 {'、'.join(odd)}（I、O、S、V、Z 不用，常是数字写成了字母）",
            f"holds {', '.join(odd)}, which no credit identifier does: a digit typed as a letter?",
        )
    if odd:
        return Label(
            "含有数字和大写字母以外的字符", "holds other characters than digits and capital letters"
        )
    right = check_character(code[:-1])
    return Label(
        f"校验码不对，按前 17 位应为 {right}（GB 32100-2015）",
        f"its check character would be {right} (GB 32100-2015)",
    )
