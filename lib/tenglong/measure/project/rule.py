"""What counts as a stage, a kept contract and a landed project: `projects.yml` as an object."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any

from tenglong.errors import Fault, did_you_mean, is_it
from tenglong.measure.policy.file import policy_file
from tenglong.shape import fault_at


class Counted(StrEnum):
    """Which investment counts for the completion rate (投资完成率)."""

    LANDING_YEAR = "landing_year"
    TO_DATE = "to_date"


@dataclass(frozen=True)
class Stage:
    """How long a project may stay in a stage; None: no limit."""

    limit_days: int | None = None


@dataclass(frozen=True)
class Node:
    """What a contract agrees on: the columns of the agreed and of the actual date."""

    agreed: str
    actual: str


@dataclass(frozen=True)
class Landing:
    """The date that makes a project landed, and the flags of the projects counted."""

    landed_by: str
    among: Mapping[str, bool]


@dataclass(frozen=True)
class Completion:
    """Which investment counts, and the flags of the projects counted."""

    counted: Counted
    among: Mapping[str, bool]


@dataclass(frozen=True)
class ProjectRule:
    """The file `projects.yml`; see there for what each key means."""

    stages: Mapping[str, Stage]
    nodes: Mapping[str, Node]
    grace_days: int
    landing: Landing
    completion: Completion
    sizes_wan: tuple[Fraction, ...]
    finished_at: Mapping[str, str] = field(default_factory=dict)

    def last_stage(self, kind: str | None) -> str:
        """Give the stage with which a project of a kind is finished."""
        return self.finished_at.get(kind or "", list(self.stages)[-1])


def project_rule(policy: Mapping[str, Any]) -> ProjectRule:
    """Read `data/policy/projects.yml`.

    Raises
    ------
    ConfigurationError
        If a key or a value is wrong, there are no stages, or a stage that is named is none of them.

    Examples
    --------
    >>> list(project_rule(load_policy()).stages)[:2]
    ['signed_on', 'landed_on']
    """
    return policy_file(ProjectRule, policy, "projects", also=_unknown_stages)


def _unknown_stages(rule: ProjectRule, raw: Any) -> Iterator[Fault]:
    ends = {f"finished_at.{kind}": stage for kind, stage in rule.finished_at.items()}
    for key, stage in {"landing.landed_by": rule.landing.landed_by, **ends}.items():
        if stage not in rule.stages:
            near = did_you_mean(stage, rule.stages), is_it(stage, rule.stages)
            yield fault_at(
                raw,
                key,
                f"{stage!r} must be one of {', '.join(rule.stages)}{near[0]}",
                f"“{stage}”应是 {'、'.join(rule.stages)} 之一{near[1]}",
            )
