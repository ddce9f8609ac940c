"""What is let in of the files, and what stops a run, as `data/policy/intake.yml` says."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from tenglong.errors import ConfigurationError, Fault
from tenglong.measure.policy.file import ABOUT
from tenglong.shape import fault_at, whole
from tenglong.source.file.size import Sizes


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
    most_file_mb: float
    most_unpacked_mb: float
    most_cells: float
    most_columns: float

    @property
    def sizes(self) -> Sizes:
        """How much of a file is let in."""
        return Sizes(self.most_file_mb, self.most_unpacked_mb, self.most_cells, self.most_columns)


def intake_rule_of(policy: Mapping[str, Any]) -> IntakeRule:
    """Read the policy's limits.

    Raises
    ------
    ConfigurationError
        If one is missing, unknown or not a number.

    >>> intake_rule_of(load_policy()["intake"]).most_quarantined_share
    0.05
    """

    def negative(rule: IntakeRule, raw: object) -> Iterator[Fault]:
        for name in (one.name for one in fields(rule)):
            if getattr(rule, name) < 0:
                yield fault_at(raw, name, "must not be less than 0", "应不小于 0")

    faults: list[str] = []
    read = whole(IntakeRule, policy, faults, beside=ABOUT, also=negative)
    if faults:
        raise ConfigurationError.of_policy("intake", faults)
    return read
