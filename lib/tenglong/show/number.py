"""Numbers as they are printed: rounded half-up (四舍五入), with thousands; missing is "…"."""

import math
from collections.abc import Sequence
from decimal import MAX_PREC, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

from tenglong.show.words import catalogue, word

MISSING = "…"
MINUS = "\N{MINUS SIGN}"
NUMERALS = "零一二三四五六七八九"
# Keeps a number and its unit on one line.
JOINER = "\N{NO-BREAK SPACE}"

WHOLE = (Fraction(1),)
FURTHER = 2  # decimals at a time, where a number needs more
# No float has too many digits for it.
EXACT = Context(prec=MAX_PREC, rounding=ROUND_HALF_UP)
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
    if isinstance(value, Fraction):
        above, below = abs(value.numerator) * 10**decimals, value.denominator
        whole = (2 * above + below) // (2 * below)
        shown = Decimal(whole if value >= 0 else -whole).scaleb(-decimals, EXACT)
    else:
        shown = Decimal(str(value)).quantize(Decimal((0, (1,), -decimals)), context=EXACT)
    return shown or abs(shown)


def telling(value: Fraction | float, decimals: int, limits: Sequence[Fraction]) -> int:
    """Give the decimals it takes to print a number on the side of its limits where it is.

    >>> telling(Fraction("24.9995"), 2, [Fraction(25)]), telling(Fraction(25), 2, [Fraction(25)])
    (4, 2)
    >>> telling(Fraction("2.345"), 2, [Fraction("2.345")])
    4
    """
    if not limits:
        return decimals
    exact = value if isinstance(value, Fraction) else Fraction(str(value))
    for limit in limits:
        if exact == limit and fraction_text(limit, "en"):
            continue  # no decimal says a third
        while _side(Fraction(rounded(exact, decimals)), limit) != _side(exact, limit):
            decimals += FURTHER
    return decimals


def _side(value: Fraction, limit: Fraction) -> int:
    return (value > limit) - (value < limit)


def figure(
    value: Fraction | float | None,
    decimals: int = 2,
    *,
    sign: bool = False,
    limits: Sequence[Fraction] = (),
) -> str:
    """Print a number.

    Parameters
    ----------
    value
        None and NaN are missing.
    decimals
        One precision a column.
    sign
        Show a plus before what is positive.
    limits
        What it is judged by: more digits are printed where rounding would cross one of them.

    >>> figure(Fraction("24.9995"), 2, limits=[Fraction(25)])
    '24.9995'
    >>> figure(Fraction("1234.565")), figure(None), figure(-3, 1), figure(3, 0, sign=True)
    ('1,234.57', '…', '−3.0', '+3')
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return MISSING
    decimals = telling(value, decimals, limits)
    shown = rounded(value, decimals)
    text = f"{abs(shown):,.{decimals}f}"
    if shown < 0:
        return MINUS + text
    return f"+{text}" if sign and shown > 0 else text


def percent(
    share: Fraction | float | None,
    decimals: int = 1,
    *,
    sign: bool = False,
    limits: Sequence[Fraction] = WHOLE,
) -> str:
    r"""Print a share as per cent; what is not the whole is not printed as 100 %.

    Parameters
    ----------
    limits
        See `figure`; as shares.

    >>> percent(Fraction("0.99998"))
    '99.998\xa0%'
    >>> percent(Fraction(1, 3)), percent(None), percent(Fraction(-1, 4), 0)
    ('33.3\xa0%', '…', '−25\xa0%')
    """
    if share is None or (isinstance(share, float) and math.isnan(share)):
        return MISSING
    hundredths = [limit * 100 for limit in limits]
    return f"{figure(share * 100, decimals, sign=sign, limits=hundredths)}{JOINER}%"


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


def quantity(
    value: Fraction | float | None,
    unit: str,
    language: str = "zh",
    *,
    limits: Sequence[Fraction] = (),
) -> str:
    r"""Print a number with its unit: counts whole where they are, all else with two decimals.

    Parameters
    ----------
    unit
        As plans and tables write it, in Chinese; it is printed in the page's language.
    limits
        See `figure`.

    >>> quantity(Fraction(20), "家"), quantity(Fraction("2.3"), "%"), quantity(None, "亩")
    ('20\xa0家', '2.30\xa0%', '…')
    >>> quantity(Fraction(20), "亩", "en")
    '20.00\xa0mu'
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return MISSING
    is_whole = unit in COUNTS and float(value).is_integer()
    said = unit_text(unit, language)
    return f"{figure(value, 0 if is_whole else 2, limits=limits)}{JOINER}{said}".rstrip(JOINER)


def spoken(
    value: Fraction | float | None,
    unit: str,
    language: str = "zh",
    *,
    limits: Sequence[Fraction] = (),
) -> str:
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
        return quantity(value, unit, language, limits=limits)
    wan = (value if isinstance(value, Fraction) else Fraction(str(value))) * WAN[unit]
    size, edges = abs(rounded(wan, 2)), [limit * WAN[unit] for limit in limits]
    if language == "zh" and size >= A_YI:
        return quantity(wan / A_YI, "亿元", limits=[edge / A_YI for edge in edges])
    if language == "zh":
        return quantity(wan, "万元", limits=edges)
    if size >= A_BILLION:
        said = figure(wan / A_BILLION, limits=[edge / A_BILLION for edge in edges])
        return f"{said}{JOINER}billion CNY"
    if size >= A_MILLION:
        said = figure(wan / A_MILLION, limits=[edge / A_MILLION for edge in edges])
        return f"{said}{JOINER}million CNY"
    return f"{figure(wan * A_YI, 0)}{JOINER}CNY"


def points(
    share: Fraction | float | None,
    language: str = "zh",
    decimals: int = 1,
    *,
    sign: bool = False,
    limits: Sequence[Fraction] = (),
) -> str:
    r"""Print a difference of shares in percentage points.

    >>> points(Fraction(-1, 8)), points(Fraction(1, 8), "en", sign=True), points(None)
    ('−12.5\xa0个百分点', '+12.5\xa0points', '…')
    """
    if share is None or (isinstance(share, float) and math.isnan(share)):
        return MISSING
    hundredths = [limit * 100 for limit in limits]
    shown = figure(share * 100, decimals, sign=sign, limits=hundredths)
    return f"{shown}{JOINER}{unit_text(POINT, language)}"


def plain(value: Fraction | float | None) -> str:
    """Give a number for a CSV: exact where it is short, else to twelve significant digits.

    >>> plain(Fraction(9, 4)), plain(Fraction(1, 3)), plain(None)
    ('2.25', '0.333333333333', '')
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, Fraction):
        return str(value.numerator) if value.denominator == 1 else f"{float(value):.12g}"
    text = str(value)
    number = float(text)
    return str(int(Decimal(text))) if number.is_integer() else f"{number:.12g}"
