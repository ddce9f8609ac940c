"""A league as it stands, with the months that its lights remember and the quarters before."""

import calendar
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from tenglong.errors import UsageError
from tenglong.measure.county import County, Unavailable
from tenglong.measure.firm.places import within
from tenglong.measure.league.file import league_rules
from tenglong.measure.league.formula import league_formula
from tenglong.measure.league.lights import lit
from tenglong.measure.league.loss import Loss, losses
from tenglong.measure.league.ranking import against, league
from tenglong.measure.league.standing import Standing
from tenglong.measure.target.assessment import Reason

MONTHS_REMEMBERED = 2  # with the last one, the three of "not started for three months running"
QUARTERS = 3
QUARTER = 3  # months


@dataclass(frozen=True)
class History:
    """One league.

    Attributes
    ----------
    now
        With the change of rank against the day compared with, and lights that remember.
    earlier
        As it stood at the end of the quarters before, oldest first, by today's policy.
    losses
        By member, the rows that cost points, the dearest first.
    """

    now: Standing
    earlier: tuple[Standing, ...]
    losses: Mapping[str, tuple[Loss, ...]]

    @property
    def all(self) -> tuple[Standing, ...]:
        """Every standing that is shown, oldest first."""
        return (*self.earlier, self.now)


@dataclass(frozen=True, eq=False)
class Race:
    """All leagues of the policy as the page shows them.

    `place` is the county, cut to the township that is looked at; the leagues are always those
    of the whole county. `formulas` are those that are printed, by league and language.
    """

    place: County
    compared_on: date
    leagues: Mapping[str, History | Unavailable]
    formulas: Mapping[tuple[str, str], tuple[Reason, ...]]

    @property
    def township(self) -> str:
        """The code of the township that is looked at; "" for none."""
        return self.place.township.code if self.place.township else ""


def race(
    on: Callable[[date], County], as_of: str, *, compared: str = "", township: str = ""
) -> Race:
    """Score the leagues on a day, on the months before it, and at the end of quarters before.

    Parameters
    ----------
    on
        Gives the county as it was known on a day.
    compared
        The day that ranks are compared with (YYYY-MM-DD); a quarter earlier for an empty text.
    township
        The one that the page looks at, by its name or code.

    Raises
    ------
    UsageError
        If a day is none, or not before the other, or there is no such township.
    ConfigurationError
        If the policy's leagues are malformed.
    """
    day = date.fromisoformat(as_of)
    before = compared_day(day, compared)
    county = on(day)
    place = within(county, township)
    earlier = sorted({before, *(months_back(day, QUARTER * n) for n in range(1, QUARTERS + 1))})
    months = [months_back(day, n) for n in range(MONTHS_REMEMBERED, 0, -1)]
    counties = {each: replace(on(each), policy=county.policy) for each in {*earlier, *months}}
    counties[day] = county
    leagues = {
        name: history(name, counties, day, before, earlier, months)
        for name in league_rules(county.policy)
    }
    formulas = {
        (name, language): league_formula(rule, language).lines
        for name, rule in league_rules(county.policy).items()
        for language in ("zh", "en")
    }
    return Race(place, before, leagues, formulas)


def history(
    name: str,
    counties: Mapping[date, County],
    day: date,
    before: date,
    earlier: list[date],
    months: list[date],
) -> History | Unavailable:
    """Score one league on all these days, with the change of rank and the memory of lights.

    Parameters
    ----------
    counties
        The county as it was known on each of the days, by one policy.
    before
        The day that ranks are compared with.
    earlier, months
        The days that are shown beside, and those that the lights remember, oldest first.
    """
    try:
        standings = {each: league(county, name) for each, county in sorted(counties.items())}
    except Unavailable as lacking:
        return lacking
    now = against(standings[day], standings[before])
    memory = [standings[each] for each in months]
    costs = {sheet.member: losses(sheet, now.rule) for sheet in now.sheets}
    return History(lit((*memory, now)), tuple(standings[each] for each in earlier), costs)


def compared_day(as_of: date, said: str) -> date:
    """Read the day that ranks are compared with.

    Raises
    ------
    UsageError
        If it is no day, or not before `as_of`.

    >>> compared_day(date(2022, 6, 30), ""), compared_day(date(2022, 6, 30), "2021-12-31")
    (datetime.date(2022, 3, 31), datetime.date(2021, 12, 31))
    """
    if not said:
        return months_back(as_of, QUARTER)
    try:
        day = date.fromisoformat(said)
    except ValueError as error:
        raise UsageError(f"against: {said!r} must be a day (YYYY-MM-DD)") from error
    if day >= as_of:
        raise UsageError(f"against: {said} must be before {as_of}")
    return day


def months_back(day: date, count: int) -> date:
    """Give the day so many months earlier; the last day of a month stays the last.

    >>> months_back(date(2022, 6, 30), 3), months_back(date(2022, 5, 31), 3)
    (datetime.date(2022, 3, 31), datetime.date(2022, 2, 28))
    """
    number = 12 * day.year + day.month - 1 - count
    year, month = divmod(number, 12)
    last = calendar.monthrange(year, month + 1)[1]
    is_last = day.day == calendar.monthrange(day.year, day.month)[1]
    return date(year, month + 1, last if is_last else min(day.day, last))
