"""Units that stand in plans and tables, and what one is in another."""

from collections.abc import Mapping
from fractions import Fraction

from tenglong.errors import ConfigurationError

# Unit: (what it measures, how many of that dimension's base unit it is).
UNITS: Mapping[str, tuple[str, Fraction]] = {
    "元": ("money", Fraction(1)),
    "千元": ("money", Fraction(10**3)),
    "万元": ("money", Fraction(10**4)),
    "亿元": ("money", Fraction(10**8)),
    "亩": ("area", Fraction(2000, 3)),
    "公顷": ("area", Fraction(10**4)),
    "平方米": ("area", Fraction(1)),
    "平方公里": ("area", Fraction(10**6)),
    "吨标准煤": ("energy", Fraction(1)),
    "万吨标准煤": ("energy", Fraction(10**4)),
    "万千瓦时": ("electricity", Fraction(1)),
    "吨": ("mass", Fraction(1)),
    "万吨": ("mass", Fraction(10**4)),
    "%": ("share", Fraction(1, 100)),
    "": ("share", Fraction(1)),
    "万元/亩": ("money per area", Fraction(1)),
    "元/亩": ("money per area", Fraction(1, 10**4)),
    "万元/人": ("money per head", Fraction(1)),
    "万元/吨标准煤": ("money per energy", Fraction(1)),
    "万元/吨": ("money per mass", Fraction(1)),
    "万元/万千瓦时": ("money per electricity", Fraction(1)),
    "元/人": ("money per head", Fraction(1, 10**4)),
    **{name: ("count", Fraction(1)) for name in ("家", "个", "项", "台", "宗", "件", "人", "套")},
}


def is_counted(unit: str) -> bool:
    """Whether there are no halves of what the unit counts: firms, titles, projects.

    >>> is_counted("家"), is_counted("亩")
    (True, False)
    """
    return UNITS.get(unit, ("",))[0] == "count"


def convert(value: Fraction, *, unit: str, to: str) -> Fraction:
    """Express a value in another unit of the same dimension, exactly.

    Raises
    ------
    ConfigurationError
        If a unit is not known, or the two measure different things.

    >>> convert(Fraction(200000), unit="万元", to="亿元")
    Fraction(20, 1)
    >>> convert(Fraction(1), unit="亩", to="平方米")
    Fraction(2000, 3)
    """
    for name in (unit, to):
        if name not in UNITS:
            raise ConfigurationError(f"{name!r} is not a unit that is known here")
    dimension, factor = UNITS[unit]
    wanted, into = UNITS[to]
    if dimension != wanted:
        raise ConfigurationError(f"{unit!r} is {dimension}, {to!r} is {wanted}")
    return value * factor / into
