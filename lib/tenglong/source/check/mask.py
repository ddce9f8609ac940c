"""Cover in a text what names or reaches a person: identity numbers, phones, names after a label."""

import re
from datetime import date

# Two digits of province begin every identity number; then area, birthday, order (and a check).
PROVINCE = r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12])"
IDENTITY = re.compile(rf"(?<![0-9A-Za-z]){PROVINCE}\d{{15}}[\dXx](?![0-9A-Za-z])")
OLD_IDENTITY = re.compile(rf"(?<![0-9A-Za-z.]){PROVINCE}\d{{13}}(?![0-9A-Za-z.])")
PHONE = re.compile(
    r"(?<![0-9A-Za-z.])(?<!\d-)1[3-9]\d(?:\d{8}|[- ]\d{4}[- ]\d{4})(?![0-9A-Za-z.]|-\d)"
)
# Area codes that there are: a run of twelve digits is more often the number of something else.
AREA = (
    r"0(?:10|2\d|3(?:1\d|35|49|5\d|7\d|9[1-8])|4(?:[1357]\d|2[179]|6[4-9]|8[23])"
    r"|5(?:[1357]\d|2[37]|4[36]|6[1-6]|80|9\d)|6(?:3[1-5]|6[0-8]|9[12])"
    r"|7(?:01|[13579]\d|2[248]|4[3-6]|6\d)|8(?:1[2-8]|2[5-9]|[3579]\d|8[3678])"
    r"|9(?:0[1-9]|[1379]\d|4[13]|5[1-5]))"
)
LANDLINE = re.compile(
    r"(?<![0-9A-Za-z.])(?<!\d-)"
    rf"(?:{AREA}|0(?:10|2\d|[3-9]\d{{2}})[-—－ ]|[(（]0(?:10|2\d|[3-9]\d{{2}})[)）] ?)"
    r"[2-8]\d{6,7}(?![0-9A-Za-z.])"
)
# What makes eleven or twelve digits the number of a thing: an address of the web, a word before.
ADDRESS = re.compile(r"(?:https?://|www\.)[!-~]+", re.IGNORECASE)
REACHES = re.compile(r"(?:phone|mobile|tel|sj|shouji)[\w%]*=$", re.IGNORECASE)
NUMBER_OF = re.compile(
    r"(?:编号|编码|代码|合同号?|文号|单号|证号|监管号|宗地号?|地块号?|单元号|索引号|户号|备案号|登记号|第|№|No\.?)"
    r"\s*[:：]?\s*$",
    re.IGNORECASE,
)
NAMED = re.compile(
    r"((?:法定代表人|法人代表|负责人|责任人|联系人|联络员|经办人|承办人|填表人|填报人|制表人|制表|"
    r"审核人|复核人|审批人|分管领导|业主|户主)[ \u3000]{0,2}[:：][ \u3000]{0,4})"
    r"[一-鿿](?:[ \u3000]{0,2}[一-鿿·]){1,3}?"
    r"(?=电话|手机|联系|填[表报]|审[核批]|制表|[^一-鿿·]|$)"
)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
HIDDEN = "***"


def is_identity(number: str) -> bool:
    """Tell whether 18 characters are the number of an identity card (GB 11643: date, check).

    >>> is_identity("11010519491231002X"), is_identity("110105194912310021")
    (True, False)
    """
    if not _is_birthday(number[6:14]):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, WEIGHTS, strict=False))
    return number[17].upper() == CHECKS[total % 11]


def is_old_identity(number: str) -> bool:
    """Tell whether 15 digits are the number of an identity card of the first kind.

    It has no check digit: a number of 15 digits in which a date stands is taken for one.

    >>> is_old_identity("110105491231002"), is_old_identity("330328000012345")
    (True, False)
    """
    return _is_birthday(f"19{number[6:12]}")


def _is_birthday(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True


def mask(text: str, *, is_code: bool = False) -> str:
    """Cover the numbers of identity cards and phones in a text, and names after a label.

    Parameters
    ----------
    is_code
        Whether it is a code, in which eleven or fifteen digits are no phone and no identity. Nor
        are they a phone in an address of the web, or after a word such as 合同号.

    >>> mask("张三13812345678，11010519491231002X")
    '张三138****5678，110105********002X'
    >>> mask("填表人：张三　电话：0577-67861234，110105491231002")
    '填表人：***　电话：****1234，110105******002'
    """
    text = IDENTITY.sub(_covered, text)
    if not is_code:
        text = OLD_IDENTITY.sub(_covered_old, text)
        text = PHONE.sub(lambda match: _covered_phone(match, match[0][:3]), text)
        text = LANDLINE.sub(lambda match: _covered_phone(match, ""), text)
    return NAMED.sub(lambda match: f"{match[1]}{HIDDEN}", text)


def _covered_phone(match: re.Match[str], kept: str) -> str:
    return match[0] if _is_of_a_thing(match) else f"{kept}****{match[0][-4:]}"


def _is_of_a_thing(match: re.Match[str]) -> bool:
    """Tell whether digits are the number of a thing: words before them or an address say so."""
    before = match.string[: match.start()]
    if NUMBER_OF.search(before):
        return True
    addresses = ADDRESS.finditer(match.string)
    is_within = any(one.start() < match.start() < one.end() for one in addresses)
    return is_within and not REACHES.search(before)


def _covered(match: re.Match[str]) -> str:
    number = match[0]
    return f"{number[:6]}********{number[-4:]}" if is_identity(number) else number


def _covered_old(match: re.Match[str]) -> str:
    number = match[0]
    return f"{number[:6]}******{number[-3:]}" if is_old_identity(number) else number
