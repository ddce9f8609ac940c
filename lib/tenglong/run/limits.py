"""What a notebook may use, and how long a page is printed: `data/policy/run.yml`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from tenglong.errors import Fault
from tenglong.measure.policy.file import policy_file
from tenglong.shape import fault_at

FILE = "run"
MB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """How long, and how much; the file says what each means."""

    wall_s: float
    cpu_s: float
    memory_mb: float
    output_mb: float
    print_s: float

    @property
    def memory_bytes(self) -> int:
        """The most memory at a moment."""
        return int(self.memory_mb * MB)

    @property
    def output_bytes(self) -> int:
        """The most that the cells of a notebook show and print."""
        return int(self.output_mb * MB)

    def told(self, name: str) -> str:
        """Say where a limit stands, and how high it is.

        >>> Limits(1800, 60, 4096, 256, 300).told("memory_mb")
        'memory_mb: 4,096 in policy run.yml'
        """
        return f"{name}: {getattr(self, name):,.10g} in policy {FILE}.yml"


def limits_of(policy: Mapping[str, Any]) -> Limits:
    """Read the limits of a policy.

    Raises
    ------
    ConfigurationError
        If one is missing, unknown or not a positive number.
    """

    def nothing(limits: Limits, raw: object) -> Iterator[Fault]:
        for name in (one.name for one in fields(limits)):
            if getattr(limits, name) <= 0:
                yield fault_at(raw, name, "must be more than 0", "应大于 0")

    return policy_file(Limits, policy, FILE, also=nothing)
