"""The rule of idle land as `data/policy/idle.yml` states it."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tenglong.measure.policy.file import policy_file


@dataclass(frozen=True)
class NotStarted:
    """Land not started is idle after so many full years."""

    years: int


@dataclass(frozen=True)
class Suspended:
    """Land started is idle after so many full years of suspension, below one of the shares."""

    years: int
    developed_share: Fraction
    invested_share: Fraction


@dataclass(frozen=True)
class Step:
    """What follows from so many full years on; the fee is a share of the land's price."""

    from_years: int
    way: str
    price_share: Fraction | None = None


@dataclass(frozen=True)
class Handling:
    """What follows, by the case, and where the firm is not at fault."""

    not_started: tuple[Step, ...]
    suspended: tuple[Step, ...]
    not_at_fault: str

    def steps(self, case: str | None) -> tuple[Step, ...]:
        """Give the steps of a case.

        >>> Handling((Step(1, "fee"),), (), "agreement").steps("not_started")[0].way
        'fee'
        """
        return self.not_started if case == "not_started" else self.suspended


@dataclass(frozen=True)
class IdleRule:
    """When land lies idle, and what follows; see the policy file."""

    not_started: NotStarted
    suspended: Suspended
    at_fault: tuple[str, ...]
    not_at_fault: tuple[str, ...]
    handling: Handling
    start_years_after_supply: int | None = None
    investment_includes_price: bool = False


def idle_rule(policy: Mapping[str, Any]) -> IdleRule:
    """Read `data/policy/idle.yml`.

    Raises
    ------
    ConfigurationError
        If a key is missing, unknown or of the wrong kind.

    Examples
    --------
    >>> from tenglong.source.policy import load_policy
    >>> idle_rule(load_policy()).suspended.developed_share
    Fraction(1, 3)
    """
    return policy_file(IdleRule, policy, "idle")
