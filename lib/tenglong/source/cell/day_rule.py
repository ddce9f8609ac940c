"""What a date can mean, and what stands for none, as `data/policy/dates.yml` says."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import numpy as np
import pandas as pd

from tenglong.errors import ConfigurationError, Fault, did_you_mean, is_it
from tenglong.measure.policy.file import ABOUT
from tenglong.shape import fault_at, whole
from tenglong.source.schema import Column, Horizon, Type

Parts = tuple[int, int, int]
YEAR_MONTH_DAY = 3


@dataclass(frozen=True)
class DayPolicy:
    """The keys of the policy file, which says what each means."""

    none: tuple[str, ...]
    none_years: tuple[int, ...]
    none_words: tuple[str, ...]
    earliest: date
    years_ahead: Mapping[str, int]


@dataclass(frozen=True)
class DayRule:
    """How the days of a bundle are read and judged.

    Attributes
    ----------
    time_zone
        In which a moment that tells its zone becomes a day.
    none
        Year, month and day of what stands for no date; the day may be one that does not exist.
    latest
        The last day that a column can mean, by how far ahead it may lie.
    """

    time_zone: str
    none: frozenset[Parts]
    none_years: frozenset[int]
    none_words: frozenset[str]
    earliest: date
    latest: Mapping[Horizon, date]

    def is_none(self, year: int, month: int, day: int) -> bool:
        """Tell whether a day, or what is written like one, stands for no date.

        >>> rule = day_rule_of(load_policy(), as_of=date(2022, 6, 30))
        >>> rule.is_none(1900, 1, 0), rule.is_none(9999, 99, 99), rule.is_none(2021, 3, 5)
        (True, True, False)
        """
        return year in self.none_years or (year, month, day) in self.none

    def judge(self, values: pd.Series, column: Column) -> dict[int, str]:
        """Tell which values of a column of dates, months or years cannot be meant, and why.

        Years are judged where every row must have one: another may be that of an old house.

        Returns
        -------
        dict
            By row: `no_date` (what stands for none) or `far_date` (too early, too late).
        """
        days = _first_days(values, column)
        if days is None or not days.notna().any():
            return {}
        first, last = pd.Timestamp(self.earliest), pd.Timestamp(self.latest[column.horizon])
        is_outside = (days < first) | (days > last)
        is_named = self._may_be_none(days) if column.type is Type.DATE else is_outside
        return {
            int(str(row)): "no_date" if self.is_none(day.year, day.month, day.day) else "far_date"
            for row, day in days[is_outside | is_named].items()
        }

    def _may_be_none(self, days: pd.Series) -> pd.Series:
        known = [np.datetime64(day, "s") for one in self.none if (day := _day(one))]
        found: pd.Series = days.isin(known) | days.dt.year.isin(self.none_years)
        return found


def _day(parts: Parts) -> date | None:
    """Give the day of a year, month and day, or None for one that does not exist."""
    try:
        return date(*parts)
    except ValueError:
        return None


def _first_days(values: pd.Series, column: Column) -> pd.Series | None:
    match column.type:
        case Type.DATE:
            return values
        case Type.MONTH:
            starts: pd.Series = values.dt.to_timestamp()
            return starts
        case Type.YEAR if column.required:
            text = values.astype("str").where(values.notna())
            return pd.to_datetime(text + "-01-01", errors="coerce").astype("datetime64[s]")
        case _:
            return None


def day_rule_of(policy: Mapping[str, Any], *, as_of: date) -> DayRule:
    """Read the policy for a bundle that is seen on a day by default.

    Raises
    ------
    ConfigurationError
        If a key is missing, unknown or of the wrong kind.

    >>> day_rule_of(load_policy(), as_of=date(2022, 6, 30)).latest[Horizon.FACT]
    datetime.date(2027, 12, 31)
    """
    faults: list[str] = []
    given = whole(DayPolicy, policy["dates"], faults, beside=ABOUT, also=_not_meant)
    if faults:
        raise ConfigurationError.of_policy("dates", faults)
    zone = str(policy["database"]["time_zone"])
    try:
        ZoneInfo(zone)
    except (ValueError, OSError) as error:
        names = available_timezones()
        en = f"there is no time zone {zone!r}{did_you_mean(zone, names)}"
        zh = f"没有时区“{zone}”{is_it(zone, names)}"
        wrong = fault_at(policy["database"], "time_zone", en, zh)
        raise ConfigurationError.of_policy("database", [wrong]) from error
    return DayRule(
        time_zone=zone,
        none=frozenset(parts for text in given.none if (parts := _split(text))),
        none_years=frozenset(given.none_years),
        none_words=frozenset(given.none_words),
        earliest=given.earliest,
        latest={
            horizon: date(as_of.year + given.years_ahead[horizon.value], 12, 31)
            for horizon in Horizon
        },
    )


def _not_meant(given: DayPolicy, raw: object) -> Iterator[Fault]:
    names = [horizon.value for horizon in Horizon]
    wrong = sorted(set(names) ^ set(given.years_ahead))
    if wrong:
        en, zh = f"{', '.join(wrong)}: missing or unknown", f"{'、'.join(wrong)}：缺少或没有这一项"
        yield fault_at(raw, "years_ahead", en, zh)
    for text in given.none:
        if _split(text) is None:
            said = f"{text!r} must be year-month-day", f"“{text}”应是 年-月-日"
            yield fault_at(raw, "none", *said)


def _split(text: str) -> Parts | None:
    parts = text.split("-")
    if len(parts) != YEAR_MONTH_DAY or not all(part.isdecimal() for part in parts):
        return None
    year, month, day = map(int, parts)
    return year, month, day
