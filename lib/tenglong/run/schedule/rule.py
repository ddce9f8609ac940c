"""When reports are due and how they are made, as `data/policy/schedule.yml` says it."""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tenglong.errors import Fault
from tenglong.measure.period import Period
from tenglong.measure.policy.file import policy_file
from tenglong.shape import fault_at

NAME = "schedule"
LAST_DAY = 31
MONTHS = 12


class Zone(ZoneInfo):
    """A time zone by its name in the IANA database."""

    @classmethod
    def parse(cls, raw: object) -> ZoneInfo:
        """Read it."""
        try:
            return ZoneInfo(str(raw))
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            en = f"{raw!r} must be a time zone such as Asia/Shanghai"
            raise ValueError(Fault(en, f"“{raw}”应是时区，如 Asia/Shanghai")) from error


class Hour(time):
    """A time of day, to the minute."""

    @classmethod
    def parse(cls, raw: object) -> time:
        """Read it, as `06:30`."""
        try:
            return datetime.strptime(str(raw), "%H:%M").time()  # noqa: DTZ007 - no day, no zone
        except ValueError as error:
            en = f"{raw!r} must be a time of day such as '06:30', in quotes"
            raise ValueError(Fault(en, f"“{raw}”应是加引号的时刻，如 '06:30'")) from error


@dataclass(frozen=True)
class Day:
    """The day on which a report is due: a day of a month after the period's last month."""

    months_after: int
    day: int

    def after(self, period: Period) -> date:
        """Give the day for a period; a day that the month lacks is the month's last one.

        >>> from tenglong.measure.period import period_of
        >>> str(Day(1, 30).after(period_of("2023-01"))), str(Day(2, 29).after(period_of("2023")))
        ('2023-02-28', '2024-02-29')
        """
        year, month = _later(period.end, self.months_after)
        return date(year, month, min(self.day, monthrange(year, month)[1]))


@dataclass(frozen=True)
class Days:
    """The day of each length of period."""

    month: Day
    quarter: Day
    year: Day


@dataclass(frozen=True)
class Retry:
    """How often, and after which pauses, a source that cannot be reached is asked again."""

    times: int
    first_pause_s: Fraction
    factor: Fraction

    def pauses(self) -> Iterator[float]:
        """Give the pauses in seconds, in their order.

        >>> list(Retry(3, Fraction(60), Fraction(5)).pauses())
        [60.0, 300.0, 1500.0]
        """
        return (float(self.first_pause_s * self.factor**n) for n in range(self.times))


@dataclass(frozen=True)
class Stillness:
    """How long dropped files must stay as they are."""

    still_minutes: int


@dataclass(frozen=True)
class LogSize:
    """How large a run log becomes, and how many former ones are kept."""

    most_kb: int
    kept: int


@dataclass(frozen=True)
class Rule:
    """The rule of a bundle; `data/policy/schedule.yml` says what each part means."""

    time_zone: Zone
    at: Hour
    days: Days
    overdue_days: int
    catch_up_months: int
    revise_months: int
    retry: Retry
    time_limit_minutes: int
    inbox: Stillness
    log: LogSize

    def due_at(self, period: Period) -> datetime:
        """Give the moment from which on the report of a period is due."""
        day: Day = getattr(self.days, period.grain.value)
        return self.on(day.after(period))

    def on(self, day: date) -> datetime:
        """Give the moment of a day from which on its reports are due."""
        return datetime.combine(day, self.at, self.time_zone)

    def months_before(self, moment: datetime, months: int) -> datetime:
        """Give the moment so many months before another one."""
        year, month = _later(moment, -months)
        return moment.replace(
            year=year, month=month, day=min(moment.day, monthrange(year, month)[1])
        )


def rule_of(policy: Mapping[str, Any]) -> Rule:
    """Read the rule out of a policy.

    Raises
    ------
    ConfigurationError
        With all that is wrong with it.

    >>> from tenglong.measure.period import period_of
    >>> from tenglong.source.policy import load_policy
    >>> str(rule_of(load_policy()).due_at(period_of("2023")))
    '2024-04-30 06:30:00+08:00'
    """
    return policy_file(Rule, policy, NAME, also=_faults)


def _later(day: date, months: int) -> tuple[int, int]:
    years, month = divmod(day.month - 1 + months, MONTHS)
    return day.year + years, month + 1


def _faults(rule: Rule, raw: Any) -> Iterator[Fault]:
    for name in ("month", "quarter", "year"):
        day: Day = getattr(rule.days, name)
        if not 1 <= day.day <= LAST_DAY:
            said = "must be a day of a month, 1 to 31", "应是 1 到 31 之间的日期"
            yield fault_at(raw, f"days.{name}.day", *said)
        if day.months_after < 0:
            said = "must not lie before the period is over", "不能早于本期结束"
            yield fault_at(raw, f"days.{name}.months_after", *said)
    least: dict[str, tuple[Fraction | int, int]] = {
        "overdue_days": (rule.overdue_days, 1),
        "catch_up_months": (rule.catch_up_months, 1),
        "revise_months": (rule.revise_months, 0),
        "retry.times": (rule.retry.times, 0),
        "retry.first_pause_s": (rule.retry.first_pause_s, 0),
        "retry.factor": (rule.retry.factor, 1),
        "time_limit_minutes": (rule.time_limit_minutes, 1),
        "inbox.still_minutes": (rule.inbox.still_minutes, 0),
        "log.most_kb": (rule.log.most_kb, 1),
        "log.kept": (rule.log.kept, 1),
    }
    for place, (value, bound) in least.items():
        if value < bound:
            yield fault_at(raw, place, f"must be at least {bound}", f"不能小于 {bound}")
