"""How bundle.yml says that a column is to be read, where its own headers do not tell it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tenglong.errors import Fault, unknown
from tenglong.shape import line_of
from tenglong.source.schema import Column, Type

KEYS = ("column", "nth", "position", "value", "unit", "nothing")
ORIGINS = ("column", "position", "value")  # of which a rule names one at most
LETTERS = re.compile(r"[A-Za-z]{1,3}")
QUOTED = "应是文字；数字、日期和“是否”请加引号"
LIST = "应是列表，如 [—, /, 无]"
SHAPE = (
    "must be the header that brings it, or some of column, nth, position, value, unit, nothing",
    "应写表头，或写 column、nth、position、value、unit、nothing 中的几项",
)


@dataclass(frozen=True)
class Rule:
    """Where a column of a table comes from, and how its cells are to be read.

    Attributes
    ----------
    header, nth
        The header that brings it, and which of the columns that have this header (from 1; 0
        where it is not said). Without, and without the two that follow, the table's own names.
    position
        The column in the file that brings it, from 1; 0 where it is not said.
    value
        What holds for every row of a file that has no such column.
    unit
        The unit that the file gives it in.
    nothing
        Cells that stand for nothing.
    """

    header: str = ""
    nth: int = 0
    position: int = 0
    value: str | None = None
    unit: str = ""
    nothing: tuple[str, ...] = ()


def rule_of(raw: object) -> Rule:
    """Read a rule in which `rule_faults` finds nothing wrong.

    >>> rule_of("企业全称"), rule_of({"position": "C", "nothing": ["/", 0]})
    ... # doctest: +NORMALIZE_WHITESPACE
    (Rule(header='企业全称', nth=0, position=0, value=None, unit='', nothing=()),
     Rule(header='', nth=0, position=3, value=None, unit='', nothing=('/', '0')))
    """
    if not isinstance(raw, Mapping):
        return Rule(str(raw))
    return Rule(
        header=raw.get("column", ""),
        nth=raw.get("nth", 0),
        position=position_of(raw.get("position", 0)) or 0,
        value=_written(raw["value"]) if "value" in raw else None,
        unit=raw.get("unit", ""),
        nothing=markers_of(raw.get("nothing", ())),
    )


def markers_of(raw: Any) -> tuple[str, ...]:
    """Give the cells that stand for nothing, as a file writes them.

    >>> markers_of(["—", 0, 1900])
    ('—', '0', '1900')
    """
    return tuple(_written(one).strip() for one in raw)


def position_of(raw: object) -> int | None:
    """Read the place of a column, from 1: a number, or the letters of a workbook.

    >>> position_of(3), position_of("C"), position_of("AA"), position_of(0), position_of("甲")
    (3, 3, 27, None, None)
    """
    if isinstance(raw, int) and not isinstance(raw, bool) and raw > 0:
        return raw
    if not isinstance(raw, str) or not LETTERS.fullmatch(raw):
        return None
    place = 0
    for letter in raw.upper():
        place = place * 26 + ord(letter) - ord("A") + 1
    return place


def letters_of(position: int) -> str:
    """Name a column as a workbook does.

    >>> letters_of(3), letters_of(27)
    ('C', 'AA')
    """
    letters = ""
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def told_apart(headers: list[str]) -> list[str]:
    """Give columns that have no header, or that of another one, their letters.

    >>> told_apart(["年度", "", "年度"])
    ['年度', 'B', '年度 C']
    """
    return [
        f"{header} {letters_of(place)}".strip()
        if not header or header in headers[: place - 1]
        else header
        for place, header in enumerate(headers, start=1)
    ]


def rule_faults(raw: object, column: Column, *, line: int, place: str) -> Iterator[Fault]:
    """Tell what is wrong with a rule as it stands in bundle.yml; no value of it is repeated."""
    if isinstance(raw, str) and raw.strip():
        return
    if not isinstance(raw, Mapping) or not raw:
        yield Fault(*SHAPE, line=line, place=place)
        return
    for key in raw:
        if key not in KEYS:
            yield unknown("key", "键", key, KEYS, line=line_of(raw, str(key)), place=place)
    named = [key for key in ORIGINS if key in raw]
    if len(named) > 1:
        said = f"only one of {', '.join(named)} may stand here", f"{'、'.join(named)} 只能写一个"
        yield Fault(*said, line=line, place=place)
    for key, why in _wrong(raw, column):
        yield Fault(*why, line=line_of(raw, key), place=f"{place}.{key}")


def _wrong(raw: Mapping[str, Any], column: Column) -> Iterator[tuple[str, tuple[str, str]]]:
    for key in ("column", "unit"):
        if key in raw and not (isinstance(raw[key], str) and raw[key].strip()):
            yield key, ("must be a text; put a number or a date in quotes", QUOTED)
    if "unit" in raw and column.type not in {Type.NUMBER, Type.INTEGER}:
        yield "unit", ("the column is no quantity and has no unit", "这一列不是数量，没有单位")
    if "nth" in raw and ("column" not in raw or not _is_count(raw["nth"])):
        said = "must be a whole number from 1, beside the header in column"
        yield "nth", (said, "应是从 1 起的整数，并用 column 写明表头")
    if "position" in raw and position_of(raw["position"]) is None:
        said = "must be the number of the column in the file, from 1, or its letter, such as C"
        yield "position", (said, "应是文件中第几列（从 1 数起），或 Excel 的列标，如 C")
    if "value" in raw and not _is_scalar(raw["value"]):
        said = "must be one text, number or date that holds for every row"
        yield "value", (said, "应是对每一行都成立的一个文字、数字或日期")
    if "value" in raw and column.type is Type.GEOMETRY:
        yield "value", ("an outline is no value", "图形不能这样写")
    if "nothing" in raw:
        yield from (("nothing", why) for why in nothing_faults(raw["nothing"]))


def nothing_faults(raw: object) -> Iterator[tuple[str, str]]:
    """Tell what is wrong with the list of cells that stand for nothing."""
    if not isinstance(raw, list) or not raw:
        yield "must be a list such as [—, /, 无]", LIST
        return
    if not all(_is_scalar(one) and not isinstance(one, bool) and _written(one) for one in raw):
        said = "each must be a text, a number or a date; put true, no, null and the like in quotes"
        yield said, "每一项应是文字、数字或日期；true、no、null 之类请加引号"


def _is_count(raw: object) -> bool:
    return isinstance(raw, int) and not isinstance(raw, bool) and raw > 0


def _is_scalar(raw: object) -> bool:
    return isinstance(raw, str | int | float | date) and str(raw).strip() != ""


def _written(raw: object) -> str:
    return str(raw).lower() if isinstance(raw, bool) else str(raw)
