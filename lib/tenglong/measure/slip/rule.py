"""The policy of slips: which amounts are held against what, and how far apart they may be."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from tenglong.measure.policy.file import policy_file

FILE = "outliers"


@dataclass(frozen=True)
class Own:
    """Amounts held against the other rows of the same thing; of all rows where `by` is empty."""

    by: tuple[str, ...]
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Checks:
    """What the amounts of one table are held against; see `data/policy/outliers.yml`."""

    key: tuple[str, ...]
    is_level: bool = False
    own: Own | None = None
    others: tuple[str, ...] = ()
    same: tuple[str, ...] = ()
    within: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class PerBase:
    """Amounts of a firm's year, and what they are counted per (per_mu, per_head)."""

    bases: Mapping[str, str]
    columns: tuple[str, ...]


@dataclass(frozen=True)
class SlipRule:
    """The file `outliers.yml`."""

    most_times: Fraction
    within_times: Fraction
    least_group: int
    industry_digits: int
    industry: PerBase
    tables: Mapping[str, Checks] = field(default_factory=dict)


def slip_rule(policy: Mapping[str, Any]) -> SlipRule:
    """Read `data/policy/outliers.yml`.

    Raises
    ------
    ConfigurationError
        If a key is missing, unknown or of the wrong kind.

    >>> int(slip_rule(load_policy()).most_times)
    300
    """
    return policy_file(SlipRule, policy, FILE)
