"""What is let in of the files, and what stops a run, as `data/policy/intake.yml` says."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from tenglong.errors import ConfigurationError
from tenglong.measure.policy.file import ABOUT


@dataclass(frozen=True)
class IntakeRule:
    """The limits of what is let in; `data/policy/intake.yml` says what each means."""

    most_quarantined_share: float
    month_is_its_first_day: bool
    most_repair_change_pct: float
    repair_noise_m2: float
    outside_m: float
    least_overlap_m2: float
    sliver_width_m: float


def intake_rule_of(policy: Mapping[str, Any]) -> IntakeRule:
    """Read the policy's limits.

    Raises
    ------
    ConfigurationError
        If one is missing, unknown or not a number.

    >>> intake_rule_of(load_policy()["intake"]).most_quarantined_share
    0.05
    """
    given = {key: value for key, value in policy.items() if key not in ABOUT}
    names = {field.name for field in fields(IntakeRule)}
    wrong = sorted(names ^ set(given))
    wrong += [name for name in sorted(names & set(given)) if not _is_sound(name, given[name])]
    if wrong:
        raise ConfigurationError(f"policy intake.yml: {', '.join(wrong)}: missing or not valid")
    return IntakeRule(**given)


def _is_sound(name: str, value: object) -> bool:
    if name.startswith("month_is"):
        return isinstance(value, bool)
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0
