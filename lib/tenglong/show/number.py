"""Numbers as they are printed: rounded half-up (四舍五入), with thousands; missing is "…"."""

import math
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from tenglong.show.words import catalogue, word

MISSING = "…"
MINUS = "\N{MINUS SIGN}"
NUMERALS = "零一二三四五六七八九"
# Keeps a number and its unit on one line.
JOINER = "\N{NO-BREAK SPACE}"

# What a difference of shares is told in: never in per cent.
POINT = "个百分点"
# Amounts of money, in 10,000 yuan, and how running text tells them in English.
WAN = {"万元": 1, "亿元": 10_000}
A_YI, A_MILLION, A_BILLION = 10_000, 100, 100_000

# Units whose figures are counts and carry no decimals.
COUNTS = frozenset({"家", "个", "项", "宗", "人", "台", "件", "套"})


def rounded(value: Fraction | float, decimals: int) -> Decimal:
    """Round half-up, from the exact value.

    >>> rounded(Fraction("0.125"), 2), rounded(2.675, 2), rounded(-0.5, 0)
    (Decimal('0.13'), Decimal('2.68'), Decimal('-1'))
    """
    exact = value if isinstance(value, Fraction) else Fraction(str(value))
    scaled = abs(exact) * 10**decimals
    whole = math.floor(scaled)
    whole += scaled - whole >= Fraction(1, 2)
    digits = Decimal(whole).scaleb(-decimals)
    shown = digits.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return -shown if exact < 0 and shown else shown


def figure(value: Fraction | float | None, decimals: int = 2, *, sign: bool = False) -> str:
    """Print a number.

    Parameters
    ----------
    value
        None and NaN are missing.
    decimals
        One precision a column.
    sign
        Show a plus before what is positive.

    >>> figure(Fraction("1234.565")), figure(None), figure(-3, 1), figure(3, 0, sign=True)
    ('1,234.57', '…', '−3.0', '+3')
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return MISSING
    shown = rounded(value, decimals)
    text = f"{abs(shown):,.{decimals}f}"
    if shown < 0:
        return MINUS + text
    return f"+{text}" if sign and shown > 0 else text


def percent(share: Fraction | float | None, decimals: int = 1, *, sign: bool = False) -> str:
    r"""Print a share as per cent.

    >>> percent(Fraction(1, 3)), percent(None), percent(Fraction(-1, 4), 0)
    ('33.3\xa0%', '…', '−25\xa0%')
    """
    if share is None or (isinstance(share, float) and math.isnan(share)):
        return MISSING
    return f"{figure(share * 100, decimals, sign=sign)}{JOINER}%"


def unit_text(unit: str, language: str) -> str:
    """Give a unit in the page's language; what is counted is not named again in English.

    A unit that the words do not know stays as the county's own plan has it.

    >>> unit_text("万元/亩", "en"), unit_text("家", "en"), unit_text("亩", "zh")
    ('×10k CNY/mu', '', '亩')
    """
    if language == "zh" or not unit:
        return unit
    key = f"unit.{unit}"
    return "" if unit in COUNTS else word(key, language) if key in catalogue() else unit


def fraction_text(number: Fraction, language: str) -> str:
    """Give a number that no decimal tells exactly as a fraction; "" for one that a decimal tells.

    >>> fraction_text(Fraction(1, 3), "zh"), fraction_text(Fraction(1, 3), "en")
    ('三分之一', '1/3')
    >>> fraction_text(Fraction(1, 4), "zh")
    ''
    """
    is_decimal = math.gcd(number.denominator, 10 ** number.denominator.bit_length()) == (
        number.denominator
    )
    if is_decimal:
        return ""
    parts = (number.denominator, abs(number.numerator))
    if language == "en" or number < 0 or max(parts) >= len(NUMERALS):
        return str(number)
    return "分之".join(NUMERALS[part] for part in parts)


def quantity(value: Fraction | float | None, unit: str, language: str = "zh") -> str:
    r"""Print a number with its unit: counts whole where they are, all else with two decimals.

    Parameters
    ----------
    unit
        As plans and tables write it, in Chinese; it is printed in the page's language.

    >>> quantity(Fraction(20), "家"), quantity(Fraction("2.3"), "%"), quantity(None, "亩")
    ('20\xa0家', '2.30\xa0%', '…')
    >>> quantity(Fraction(20), "亩", "en")
    '20.00\xa0mu'
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return MISSING
    is_whole = unit in COUNTS and float(value).is_integer()
    said = unit_text(unit, language)
    return f"{figure(value, 0 if is_whole else 2)}{JOINER}{said}".rstrip(JOINER)


def spoken(value: Fraction | float | None, unit: str, language: str = "zh") -> str:
    r"""Print an amount as running text, a headline or a card tells it: money in 亿元 from one on.

    In English money is told in CNY, million CNY or billion CNY. All else is as `quantity` has it; a
    table keeps one unit a column.

    >>> spoken(13_900, "万元"), spoken(9_999, "万元"), spoken(20, "家")
    ('1.39\xa0亿元', '9,999.00\xa0万元', '20\xa0家')
    >>> spoken(13_900, "万元", "en"), spoken(20, "亿元", "en"), spoken(5, "万元", "en")
    ('139.00\xa0million CNY', '2.00\xa0billion CNY', '50,000\xa0CNY')
    """
    is_missing = value is None or (isinstance(value, float) and math.isnan(value))
    if unit not in WAN or value is None or is_missing:
        return quantity(value, unit, language)
    wan = (value if isinstance(value, Fraction) else Fraction(str(value))) * WAN[unit]
    size = abs(rounded(wan, 2))
    if language == "zh":
        return quantity(wan / A_YI, "亿元") if size >= A_YI else quantity(wan, "万元")
    if size >= A_BILLION:
        return f"{figure(wan / A_BILLION)}{JOINER}billion CNY"
    if size >= A_MILLION:
        return f"{figure(wan / A_MILLION)}{JOINER}million CNY"
    return f"{figure(wan * A_YI, 0)}{JOINER}CNY"


def points(
    share: Fraction | float | None, language: str = "zh", decimals: int = 1, *, sign: bool = False
) -> str:
    r"""Print a difference of shares in percentage points.

    >>> points(Fraction(-1, 8)), points(Fraction(1, 8), "en", sign=True), points(None)
    ('−12.5\xa0个百分点', '+12.5\xa0points', '…')
    """
    if share is None or (isinstance(share, float) and math.isnan(share)):
        return MISSING
    shown = figure(share * 100, decimals, sign=sign)
    return f"{shown}{JOINER}{unit_text(POINT, language)}"


def plain(value: Fraction | float | None) -> str:
    """Give a number for a CSV: exact where it is short, else to twelve significant digits.

    >>> plain(Fraction(9, 4)), plain(Fraction(1, 3)), plain(None)
    ('2.25', '0.333333333333', '')
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    exact = value if isinstance(value, Fraction) else Fraction(str(value))
    if exact.denominator == 1:
        return str(exact.numerator)
    return f"{float(exact):.12g}"
