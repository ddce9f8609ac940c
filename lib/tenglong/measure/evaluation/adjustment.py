"""Grades that a decision set by hand (调档)."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tenglong.errors import Fault, did_you_mean, is_it
from tenglong.measure.policy.file import policy_file
from tenglong.shape import fault_at


@dataclass(frozen=True)
class Adjustment:
    """One firm's grade of a year, set by a decision."""

    usci: str
    year: int
    grade: str
    reason: str
    scheme: str = ""


@dataclass(frozen=True)
class Adjustments:
    """The file `adjustments.yml`."""

    adjustments: tuple[Adjustment, ...] = ()


def adjustments_of(
    policy: Mapping[str, Any], *, year: int, scheme: str, grades: Collection[str]
) -> dict[str, Adjustment]:
    """Give the adjustments of a year under a scheme, by the firm's code.

    Raises
    ------
    ConfigurationError
        If the file is malformed, names a grade that there is not, or sets a firm's twice.

    >>> entry = {"usci": "a", "year": 2021, "grade": "B", "reason": "会议纪要"}
    >>> policy = {"adjustments": {"source": "…", "adjustments": [entry]}}
    >>> adjustments_of(policy, year=2021, scheme="default", grades="ABCD")["a"].grade
    'B'
    """
    if "adjustments" not in policy:
        return {}
    found: dict[str, Adjustment] = {}

    def faults(file: Adjustments, raw: Any) -> Iterator[Fault]:
        for number, one in enumerate(file.adjustments, start=1):
            if one.year != year or one.scheme not in ("", scheme):
                continue
            place = f"adjustments[{number}]"
            if one.grade not in grades:
                en = f"there is no grade {one.grade!r}{did_you_mean(one.grade, grades)}"
                zh = f"没有等级“{one.grade}”{is_it(one.grade, grades)}"
                yield fault_at(raw, f"{place}.grade", en, zh)
            if one.usci in found:
                said = "its grade is set twice", "同一家企业的等级写了两次"
                yield fault_at(
                    raw, f"{place}.usci", f"{one.usci}: {said[0]}", f"{one.usci}：{said[1]}"
                )
            found[one.usci] = one

    policy_file(Adjustments, policy, "adjustments", also=faults)
    return found
