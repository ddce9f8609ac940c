"""What must not come in: numbers of identity cards, phones, names of persons."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pandas as pd

from tenglong.source.cell.strings import FULL_WIDTH, holds, holds_digits, is_text, matching
from tenglong.source.check.mask import HIDDEN, IDENTITY, is_identity, mask
from tenglong.source.file.header import squash
from tenglong.source.problem import Problem, Spot
from tenglong.source.schema import Type

PERSON = re.compile(
    r".*(负责人|责任人|联系人|联络员|法定代表人|法人代表|法人姓名|经办人|承办人|填[表报]人|制表人|审核人|"
    r"复核人|姓名|分管领导|责任领导|联系领导|包干领导|挂钩领导|董事长|总经理|电话|座机|传真|联系方式|"
    r"手机|邮箱|微信|身份证|证件号|家庭住址).*"
    r"|(企业)?法人|业主|户主|qq号?"
    r"|(legal_?person|contact|phone|mobile|tel|telephone|e_?mail|id_?card|id_?no)(_.*)?",
    re.IGNORECASE,
)
CARD = re.compile(r".*(身份证|证件号).*|id_?card.*|id_?no", re.IGNORECASE)
# Headers of numbers of things, in tables that the kit does not read.
NUMBERS = re.compile(
    r".*(编号|编码|代码|合同号?|文号|证号|单号|流水号|序号|监管号|索引号|单元号|宗地号?|地块号?|备案号|登记号|户号|表号"
    r"|网址|链接)([（(].*[）)])?|(.*[_ ])?(no|id|code|number|url|link)",
    re.IGNORECASE,
)
# Firms and persons: a name counts as a person's where an identity number stands beside it.
HOLDER = re.compile(r".*(权利人|使用权人|所有权人|产权人|抵押人|受让人|竞得人|业主).*")
NAME = re.compile(r"[一-鿿]([ \u3000]?[一-鿿·]){1,3}")
SHORTEST = {True: 17, False: 4}  # digits in a row that make a column worth a look, by is_code
# What makes a cell worth a look: cheap, and true of every secret.
CARDS = r"\d{17}"
SUSPECT = r"\d{7}|1[3-9]\d[- ]\d{4}[- ]\d{4}|[人员表主导][ \x{3000}]*[:：]"
PHONES = (13_000_000_000, 19_999_999_999)
ROUND = 1000  # a number like this is an amount
VALUES = {Type.NUMBER, Type.INTEGER, Type.DATE, Type.YEAR, Type.MONTH, Type.FLAG, Type.GEOMETRY}


@dataclass
class _Found:
    """What is masked of a frame, column by column, and the rows that have an identity number."""

    changed: dict[int, pd.Series] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    identified: set[int] = field(default_factory=set)


def without_secrets(
    frame: pd.DataFrame, kinds: Mapping[int, Type], spot: Spot
) -> tuple[pd.DataFrame, list[Problem]]:
    """Mask a frame's secrets, and list them.

    Parameters
    ----------
    kinds
        What the columns hold that are read, by their places; all others are not, but rows that
        are set aside are written down with them.
    """
    found = _Found()
    for place, header in enumerate(map(str, frame.columns)):
        cells = frame.iloc[:, place]
        if place not in kinds and PERSON.fullmatch(squash(header)):
            _hide(found, place, header, cells, spot)
        elif header != "geometry":
            _cover(found, place, cells, kinds.get(place), spot)
    _hide_holders(found, frame, kinds, spot)
    if not found.changed:
        return frame, found.problems
    columns = [found.changed.get(place, frame.iloc[:, place]) for place in range(frame.shape[1])]
    masked = pd.concat(columns, axis=1)
    masked.columns = frame.columns
    return masked, found.problems


def _hide(found: _Found, place: int, header: str, cells: pd.Series, spot: Spot) -> None:
    """Hide a whole column of persons."""
    held = cells.notna() & (cells.astype("str").str.strip() != "")
    if not held.any():
        return
    found.changed[place] = cells.astype("object").where(~held, HIDDEN)
    if CARD.fullmatch(squash(header)):
        found.identified |= {int(row) for row in cells.index[held]}
    found.problems.append(_person(spot, header))


def _cover(found: _Found, place: int, cells: pd.Series, kind: Type | None, spot: Spot) -> None:
    """Cover the numbers in a column that people may have written them into."""
    is_code = kind in {Type.CODE, *VALUES}
    is_code |= kind is None and bool(NUMBERS.fullmatch(squash(str(cells.name))))
    suspects = _suspects(cells, is_code=is_code)
    if suspects is None:
        return
    some = suspects.map(lambda cell: mask(_text(cell), is_code=is_code))
    some = some[some != suspects.map(_text)]
    if some.empty:
        return
    covered = cells.astype("object").copy()
    covered[some.index] = some
    found.changed[place] = covered
    found.identified |= {int(row) for row in some.index if _has_identity(_text(cells[row]))}
    found.problems += _listed(some, str(cells.name), spot)


def _suspects(cells: pd.Series, *, is_code: bool) -> pd.Series | None:
    """Give the cells that are worth a look, or None where a look at all of them shows none is."""
    if is_text(cells):
        has_digits = holds_digits(cells, SHORTEST[is_code])
        if has_digits or (not is_code and holds(cells, b":" + FULL_WIDTH)):
            return cells[matching(cells, CARDS if is_code else SUSPECT)]
        return None
    if cells.dtype == "object":
        return cells[cells.map(lambda cell: isinstance(cell, str) or _is_phone(cell, is_code))]
    if pd.api.types.is_numeric_dtype(cells.dtype) and not is_code:
        return cells[cells.between(*PHONES) & (cells % ROUND != 0)]
    return None


def _is_phone(cell: object, is_code: bool) -> bool:
    if is_code or not isinstance(cell, int | float):
        return False
    return PHONES[0] <= cell <= PHONES[1] and float(cell).is_integer() and cell % ROUND != 0


def _text(cell: object) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _has_identity(text: str) -> bool:
    return any(is_identity(match[0]) for match in IDENTITY.finditer(text))


def _hide_holders(
    found: _Found, frame: pd.DataFrame, kinds: Mapping[int, Type], spot: Spot
) -> None:
    """Hide who holds something where a row tells by an identity number that it is a person."""
    if not found.identified:
        return
    for place, header in enumerate(map(str, frame.columns)):
        if not HOLDER.fullmatch(squash(header)) or kinds.get(place, Type.TEXT) is not Type.TEXT:
            continue
        cells = found.changed.get(place, frame.iloc[:, place]).astype("object")
        is_name = cells.map(lambda cell: bool(NAME.fullmatch(str(cell).strip())))
        hidden = is_name & cells.index.isin(found.identified)
        if hidden.any():
            found.changed[place] = cells.where(~hidden, HIDDEN)
            found.problems.append(_person(spot, header))


def _person(spot: Spot, header: str) -> Problem:
    what = "names or numbers of persons"
    return spot.problem("secret", column=header, what=what, what_zh="个人姓名或联系方式")


def _listed(covered: pd.Series, header: str, spot: Spot) -> Iterator[Problem]:
    what, what_zh = "the number of a phone or an identity card", "电话或身份证号"
    for row, cell in covered.items():
        value = str(cell)[:60]
        yield spot.problem(
            "secret", column=header, row=int(str(row)), value=value, what=what, what_zh=what_zh
        )
