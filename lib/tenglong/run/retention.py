"""What of a folder of reports is past what is kept; `data/policy/retention.yml` says how much is.

The newest publication of a period always stays. One that was revised is removed only where it is
asked for by name (`tenglong retain --prune`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tenglong.errors import Fault
from tenglong.measure.policy.file import policy_file
from tenglong.run.holdings import Holdings, Report
from tenglong.shape import fault_at


@dataclass(frozen=True)
class Retention:
    """How much is kept.

    Attributes
    ----------
    drafts_days
        How long a report that was never published stands, since it was last made.
    superseded
        How many publications of a period that were revised since stay, the latest first.
    """

    drafts_days: int
    superseded: int


def retention_of(policy: Mapping[str, Any]) -> Retention:
    """Read the rule.

    Raises
    ------
    ConfigurationError
        If it is malformed.
    """
    return policy_file(Retention, policy, "retention", also=_negative)


def _negative(rule: Retention, raw: Any) -> Iterator[Fault]:
    for name in ("drafts_days", "superseded"):
        if getattr(rule, name) < 0:
            yield fault_at(raw, name, "must not be below 0", "不能小于 0")


def old_drafts(found: Holdings, rule: Retention, moment: datetime) -> tuple[Report, ...]:
    """Give the reports that were never published and are past their term, parts included.

    One whose manifest does not tell when it was made stays.
    """
    limit = moment - timedelta(days=rule.drafts_days)
    return tuple(
        one
        for one in found.reports
        if one.publication is None
        and "finished_at" in one.about
        and datetime.fromisoformat(one.about["finished_at"]) < limit
    )


def superseded(found: Holdings, rule: Retention) -> tuple[Report, ...]:
    """Give the publications beyond those that are kept of each period, where a newer one stands."""
    newest = {one.path for one in found.reports if one.is_newest}
    kept: dict[object, list[Report]] = {}
    for one in found.reports:
        if one.is_kept and one.place in newest:
            kept.setdefault(one.place, []).append(one)
    return tuple(
        one
        for those in kept.values()
        for one in sorted(those, key=lambda each: each.number, reverse=True)[rule.superseded :]
    )
