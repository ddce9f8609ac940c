"""What time it is: by the machine, or as it is typed."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import monotonic

from tenglong.errors import UsageError
from tenglong.run.day import ISO_DAY
from tenglong.run.schedule.rule import Rule


@dataclass(frozen=True)
class Clock:
    """The time from a moment on, as it passes; nobody sets it while a run goes on."""

    begun: datetime
    _ticks: float = field(default_factory=monotonic)

    def now(self) -> datetime:
        """Give the moment that it is."""
        return self.begun + timedelta(seconds=monotonic() - self._ticks)


def now_of(text: str | None, rule: Rule) -> datetime:
    """Give the moment that is asked for, by the clock of the rule.

    Parameters
    ----------
    text
        None for now; a day, meant at the hour from which its reports are due; or a day and a time
        of it, by the rule's clock where no offset is told.

    Raises
    ------
    UsageError
        If it is none of these.

    >>> from tenglong.run.schedule.rule import rule_of
    >>> from tenglong.source.policy import load_policy
    >>> rule = rule_of(load_policy())
    >>> str(now_of("2024-02-29", rule)), str(now_of("2024-02-29T23:00Z", rule))
    ('2024-02-29 06:30:00+08:00', '2024-03-01 07:00:00+08:00')
    """
    if text is None:
        return datetime.now(UTC).astimezone(rule.time_zone)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            "--now must be a day, YYYY-MM-DD, or a moment such as 2022-07-15T06:30 (+08:00),"
            f" not {text!r}"
        ) from error
    if ISO_DAY.fullmatch(text):
        return rule.on(moment.date())
    if moment.tzinfo is None:
        return moment.replace(tzinfo=rule.time_zone)
    return moment.astimezone(rule.time_zone)


def told(moment: datetime) -> str:
    """Write a moment as it stands in files: to the second, with its offset."""
    return moment.isoformat(timespec="seconds")
