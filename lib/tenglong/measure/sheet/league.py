"""A league as it stands, with the months that its lights remember and the quarters before."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil

from tenglong.measure.county import County, Unavailable
from tenglong.measure.judge.assessment import Reason
from tenglong.measure.judge.clock import months_back
from tenglong.measure.league.formula import league_formula
from tenglong.measure.league.lights import lit
from tenglong.measure.league.ranking import against, league
from tenglong.measure.league.rule import LeagueRule, leagues_by_section
from tenglong.measure.league.rule_file import league_rules
from tenglong.measure.league.standing import NOTHING, Sheet, SheetRow, Standing
from tenglong.measure.league.town import Basis, shared_by
from tenglong.measure.period import compared_day, quarter_ends
from tenglong.measure.sheet.sheet import PageSheet
from tenglong.measure.unit import UNITS


@dataclass(frozen=True)
class Loss:
    """The points that one row costs against completing it to exactly 100 %.

    `short` is what is wanting to be on pace (or to reach the target, of a level), in the row's
    unit, counts rounded up; None where the row's progress is not actual over target.
    """

    row: SheetRow
    points: Fraction
    short: Fraction | None = None


def losses(sheet: Sheet, rule: LeagueRule) -> tuple[Loss, ...]:
    """Give the rows that cost points, the dearest first, of equals in their order.

    Formula: full · weight / Σ weight · (1 − completion counted), over the rows that count.

    >>> from tenglong.measure.clause import Label
    >>> from tenglong.measure.league.rule import Free
    >>> from tenglong.measure.policy.formula import Formula
    >>> rule = LeagueRule(Label("", ""), Free("townships"), full=Fraction(100),
    ...     cap=Fraction(6, 5), completion=Formula.parse("progress"), lights=(),
    ...     least_members=1, least_items=1, most_unknown=Fraction(1, 5))
    >>> half = SheetRow("x", Label("事项", "item"), Fraction(1), "家", Fraction(10), Fraction(5),
    ...     progress=Fraction(1, 2), completion=Fraction(1, 2), capped=Fraction(1, 2))
    >>> found = losses(Sheet("t", Label("", ""), (half,)), rule)
    >>> float(found[0].points), float(found[0].short)
    (50.0, 5.0)
    """
    worth = worths(sheet, rule)
    losses = [
        Loss(row, worth[row.item] * (1 - row.capped), _short(row))
        for row in sheet.counting
        if row.capped is not None and row.capped < 1
    ]
    return tuple(sorted(losses, key=lambda one: -one.points))


def worths(sheet: Sheet, rule: LeagueRule) -> Mapping[str, Fraction]:
    """Give the points of each row that counts, when it is completed to exactly 100 %."""
    weight = sum((row.weight for row in sheet.counting), NOTHING)
    return {row.item: rule.full * row.weight / weight for row in sheet.counting}


def _short(row: SheetRow) -> Fraction | None:
    if row.target is None or row.actual is None or not row.target:
        return None
    if row.progress != row.actual / row.target:
        return None
    wanting = row.target * (1 if row.pace is None else row.pace) - row.actual
    if wanting <= 0:
        return None
    is_count = UNITS.get(row.unit, ("",))[0] == "count"
    return Fraction(ceil(wanting)) if is_count else wanting


MONTHS_REMEMBERED = 2  # with the last one, the three of "not started for three months running"
QUARTERS = 3  # whose ends are shown beside


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


@dataclass(frozen=True, eq=False, repr=False)
class LeagueSheet(PageSheet):
    """All leagues of the policy as the page shows them, always those of the whole county.

    `township` is the code of the one that is looked at, "" for none. `formulas` are those that
    are printed, by league and language; `shares` by what each league breaks targets down.
    `sections` has the names of the leagues in each section of the page.
    """

    township: str
    compared_on: date
    leagues: Mapping[str, History | Unavailable]
    formulas: Mapping[tuple[str, str], tuple[Reason, ...]]
    shares: Mapping[str, tuple[Basis, ...]]
    sections: Mapping[str, tuple[str, ...]]


def league_sheet(
    whole: County, county: County, *, on: Callable[[date], County], against: str = ""
) -> LeagueSheet:
    """Score the leagues on a day, on the months before it, and at the end of quarters before.

    Parameters
    ----------
    on
        Gives the whole county as it was known on a day.
    against
        The day that ranks are compared with (YYYY-MM-DD); the end of the quarter before
        for an empty text.

    Raises
    ------
    UsageError
        If `against` is no day, or not before that of the county.
    ConfigurationError
        If the policy's leagues are malformed.
    """
    day = whole.as_of
    before = compared_day(day, against)
    earlier = sorted({before, *quarter_ends(day, QUARTERS)})
    months = [months_back(day, n) for n in range(MONTHS_REMEMBERED, 0, -1)]
    counties = {each: on(each).by(whole.policy) for each in {*earlier, *months}}
    counties[day] = whole
    rules = league_rules(whole.policy)
    leagues = {name: history(name, counties, day, before, earlier, months) for name in rules}
    formulas = {
        (name, language): league_formula(rule, language).lines
        for name, rule in rules.items()
        for language in ("zh", "en")
    }
    shares = {name: shared_by(rule) for name, rule in rules.items()}
    code = county.township.code if county.township else ""
    sections = leagues_by_section(rules)
    return LeagueSheet(code, before, leagues, formulas, shares, sections)


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
