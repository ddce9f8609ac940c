"""Units as offices write them, and exact conversions between those of one kind."""

import re
import unicodedata
from collections.abc import Mapping
from fractions import Fraction

import pandas as pd

from tenglong.measure.clause import Label

# Unit → its kind, and how many of the kind's base unit it is.
UNITS: Mapping[str, tuple[str, Fraction]] = {
    "元": ("money", Fraction(1)),
    "千元": ("money", Fraction(1000)),
    "万元": ("money", Fraction(10**4)),
    "百万元": ("money", Fraction(10**6)),
    "亿元": ("money", Fraction(10**8)),
    "平方米": ("area", Fraction(3, 2000)),
    "亩": ("area", Fraction(1)),
    "公顷": ("area", Fraction(15)),
    "平方公里": ("area", Fraction(1500)),
    "ft2": ("area", Fraction(9290304, 10**8) * Fraction(3, 2000)),
    "千瓦时": ("power", Fraction(1)),
    "万千瓦时": ("power", Fraction(10**4)),
    "亿千瓦时": ("power", Fraction(10**8)),
    "吨标准煤": ("energy", Fraction(1)),
    "千克标准煤": ("energy", Fraction(1, 1000)),
    "万吨标准煤": ("energy", Fraction(10**4)),
    "吨": ("mass", Fraction(1)),
    "千克": ("mass", Fraction(1, 1000)),
    "万吨": ("mass", Fraction(10**4)),
    "立方米": ("volume", Fraction(1)),
    "万立方米": ("volume", Fraction(10**4)),
    "人": ("people", Fraction(1)),
    "万人": ("people", Fraction(10**4)),
    "吉焦": ("heat", Fraction(1)),
    "百万千焦": ("heat", Fraction(1)),
    "%": ("share", Fraction(1, 100)),
    "": ("share", Fraction(1)),
    "小数": ("share", Fraction(1)),
    "元/平方米": ("money by area", Fraction(2000, 3)),
    "元/亩": ("money by area", Fraction(1)),
    "万元/亩": ("money by area", Fraction(10**4)),
    "万元/公顷": ("money by area", Fraction(10**4, 15)),
    "万元/吨标准煤": ("money by energy", Fraction(10**4)),
    "元/吨标准煤": ("money by energy", Fraction(1)),
    "星": ("stars", Fraction(1)),
}
ADDITIVE = {"money", "area", "power", "energy", "mass", "volume", "people", "heat"}
ENGLISH: Mapping[str, str] = {
    "元": "CNY",
    "千元": "×1,000 CNY",
    "万元": "×10k CNY",
    "百万元": "×1m CNY",
    "亿元": "×100m CNY",
    "平方米": "m²",
    "亩": "mu",
    "公顷": "ha",
    "平方公里": "km²",
    "千瓦时": "kWh",
    "万千瓦时": "×10 MWh",
    "亿千瓦时": "×100 GWh",
    "吨标准煤": "tce",
    "千克标准煤": "kgce",
    "万吨标准煤": "×10k tce",
    "吨": "t",
    "千克": "kg",
    "万吨": "×10k t",
    "立方米": "m³",
    "万立方米": "×10k m³",
    "人": "heads",
    "万人": "×10k heads",
    "吉焦": "GJ",
    "百万千焦": "GJ",
    "小数": "share",
    "星": "stars",
}
SYNONYMS: Mapping[str, str] = {
    "m2": "平方米",
    "平米": "平方米",
    "m²": "平方米",
    "㎡": "平方米",
    "ha": "公顷",
    "hm2": "公顷",
    "km2": "平方公里",
    "平方千米": "平方公里",
    "度": "千瓦时",
    "kwh": "千瓦时",
    "kw·h": "千瓦时",
    "万度": "万千瓦时",
    "万kwh": "万千瓦时",
    "万kw·h": "万千瓦时",
    "亿度": "亿千瓦时",
    "亿kwh": "亿千瓦时",
    "吨标煤": "吨标准煤",
    "tce": "吨标准煤",
    "万吨标煤": "万吨标准煤",
    "千克标煤": "千克标准煤",
    "公斤": "千克",
    "kg": "千克",
    "t": "吨",
    "m3": "立方米",
    "方": "立方米",
    "万m3": "万立方米",
    "万方": "万立方米",
    "gj": "吉焦",
    "人民币元": "元",
    "人民币万元": "万元",
    "万元人民币": "万元",
    "元/m2": "元/平方米",
    "元/㎡": "元/平方米",
    "万元/吨标煤": "万元/吨标准煤",
    "万元/tce": "万元/吨标准煤",
    "百分比": "%",
}


def unit_named(text: object) -> str | None:
    """Give the unit that a text is, by its canonical name, or None.

    >>> unit_named("（㎡）"), unit_named("万 kWh"), unit_named("等价值")
    ('平方米', '万千瓦时', None)
    """
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", str(text))).strip("()")
    plain = SYNONYMS.get(plain.lower(), plain)
    return plain if plain and plain in UNITS else None


def unit_label(unit: str) -> Label:
    """Give a unit as it is said in Chinese and in English; one that is not known as it stands.

    >>> unit_label("万元/亩").en, unit_label("箱").en
    ('×10k CNY/mu', '箱')
    """
    parts = [ENGLISH.get(part, part) for part in unit.split("/")]
    return Label(unit, "/".join(parts))


def factor(given: str, wanted: str) -> Fraction | None:
    """Tell how many of the wanted unit one of the given is, or None for different kinds.

    >>> factor("公顷", "亩"), factor("亩", "万元")
    (Fraction(15, 1), None)
    """
    given, wanted = (unit_named(unit) or unit for unit in (given, wanted))
    if given == wanted:
        return Fraction(1)
    if given not in UNITS or wanted not in UNITS or UNITS[given][0] != UNITS[wanted][0]:
        return None
    return UNITS[given][1] / UNITS[wanted][1]


def kind(unit: str) -> str:
    """Tell what a unit measures; an unknown one measures only itself.

    >>> kind("万元") == kind("亿元")
    True
    """
    return UNITS[unit][0] if unit in UNITS else unit


def scaled(values: pd.Series, by: Fraction) -> pd.Series:
    """Multiply by a fraction with one rounding where it can be had.

    >>> scaled(pd.Series([3.0]), Fraction(1, 10_000)).tolist()
    [0.0003]
    """
    if by == 1:
        return values
    return values * float(by.numerator) / float(by.denominator)
