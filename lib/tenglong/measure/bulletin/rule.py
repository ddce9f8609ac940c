"""What a bulletin tells, and how much of it: `bulletin.yml` as an object."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tenglong.errors import ConfigurationError, did_you_mean
from tenglong.measure.policy.file import policy_file

HIGHLIGHTS = ("achieved", "rose", "climbed", "ahead")
PROBLEMS = (
    *("missed", "far_behind", "fell", "behind"),
    *("overdue", "stuck", "red", "idle", "untold"),
)


@dataclass(frozen=True)
class Pick:
    """How many of a kind are named, and from which margin on one is told at all."""

    most: int
    least: Fraction = Fraction(0)


@dataclass(frozen=True)
class BulletinRule:
    """The file `bulletin.yml`; see there for what each key means."""

    leading: tuple[str, ...]
    highlights: Mapping[str, Pick]
    problems: Mapping[str, Pick]
    units: Mapping[str, str]
    red_light: str


def bulletin_rule(policy: Mapping[str, Any]) -> BulletinRule:
    """Read `data/policy/bulletin.yml`.

    Raises
    ------
    ConfigurationError
        If a key or a value is wrong, or a kind of highlight or problem is not known.

    Examples
    --------
    >>> next(iter(bulletin_rule(load_policy()).problems))
    'missed'
    """
    rule = policy_file(BulletinRule, policy, "bulletin")
    for key, given, known in (
        ("highlights", rule.highlights, HIGHLIGHTS),
        ("problems", rule.problems, PROBLEMS),
        ("units", rule.units, PROBLEMS),
    ):
        for kind in given:
            if kind not in known:
                hint = did_you_mean(kind, known)
                raise ConfigurationError(f"policy bulletin: {key}: unknown kind {kind!r}{hint}")
    return rule
