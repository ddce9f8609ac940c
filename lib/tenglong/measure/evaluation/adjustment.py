"""Grades that are set by hand (调档): a list in the policy, each entry with its reason."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from tenglong.errors import ConfigurationError, did_you_mean
from tenglong.measure.policy.file import policy_file


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
    for one in policy_file(Adjustments, policy, "adjustments").adjustments:
        if one.year != year or one.scheme not in ("", scheme):
            continue
        place = f"policy adjustments.yml, {one.usci} in {one.year}"
        if one.grade not in grades:
            hint = did_you_mean(one.grade, grades)
            raise ConfigurationError(f"{place}: there is no grade {one.grade!r}{hint}")
        if one.usci in found:
            raise ConfigurationError(f"{place}: its grade is set twice")
        found[one.usci] = one
    return found
