"""A bulletin: all that one month, quarter or year is told by."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from tenglong.errors import UsageError
from tenglong.measure.board.board import assess_plan
from tenglong.measure.board.change import Change, Comparison, compare_boards, rule_changes
from tenglong.measure.bulletin.pick import BulletinRule, bulletin_rule, highlights, problems
from tenglong.measure.bulletin.points import Group, Step, duties, steps
from tenglong.measure.county import County, Township, Unavailable
from tenglong.measure.judge.assessment import Board
from tenglong.measure.judge.clock import months_back, pace
from tenglong.measure.league.rule import SECTIONS, leagues_by_section
from tenglong.measure.league.rule_file import league_rules
from tenglong.measure.league.standing import Standing
from tenglong.measure.league.town import Basis, shared_by, town_rule
from tenglong.measure.period import Period, period_at, period_of
from tenglong.measure.published.revisions import restated_since
from tenglong.measure.reading import Grain
from tenglong.measure.sheet.league import MONTHS_REMEMBERED, History, history
from tenglong.measure.sheet.sheet import PageSheet


@dataclass(frozen=True, eq=False, repr=False)
class BulletinSheet(PageSheet):
    """What a period is told by.

    Attributes
    ----------
    period
        The month, quarter or year; the county may be seen before its last day.
    board, comparison
        Every clause (of a township: every item that the league asks of it), and what changed
        since the end of the period before.
    standings
        The leagues that could be ranked.
    published
        The published figures that were restated since, see `restatements`; None where there
        are no published figures.
    lacking
        What would have to be supplied for the rest.
    shares
        Of a township: by what the county's targets are broken down.
    """

    period: Period
    rule: BulletinRule
    board: Board
    comparison: Comparison
    standings: tuple[Standing, ...]
    highlights: tuple[Group, ...]
    problems: tuple[Group, ...]
    steps: tuple[Step, ...]
    published: pd.DataFrame | None
    lacking: tuple[Unavailable, ...]
    shares: tuple[Basis, ...] = ()

    @property
    def changes(self) -> tuple[Change, ...]:
        """Every clause of the plan now with what it was; a new one with itself."""
        return all_changes(self.board, self.comparison)


def reported(as_of: date, *, cadence: str, period: str = "") -> Period:
    """Settle the period that is reported on.

    Parameters
    ----------
    period
        2022-06, 2022Q2 or 2022; empty: the one in which the day lies.

    Raises
    ------
    UsageError
        If it is none, not of the cadence, or the day does not lie in it.

    >>> reported(date(2022, 6, 30), cadence="quarter").name
    '2022Q2'
    """
    grain = Grain(cadence)
    if not period:
        return period_at(as_of, grain)
    try:
        asked = period_of(period)
    except ValueError as error:
        raise UsageError(f"period: {error}") from error
    if asked.grain is not grain:
        raise UsageError(f"period must be a {grain.value}, as cadence is, not {period!r}")
    if period_at(as_of, grain) != asked:
        raise UsageError(f"as_of must lie in {asked.name}, not be {as_of}")
    return asked


def bulletin_sheet(
    whole: County, county: County, *, on: Callable[[date], County], period: Period
) -> BulletinSheet:
    """Tell a period of a county, or of one of its townships.

    A township is ranked among all; its firms, projects and parcels alone are told.

    Parameters
    ----------
    on
        Gives the whole county as it was known on a day: at the end of the period before, and of
        the months that the league's lights remember.

    Raises
    ------
    ConfigurationError
        If `data/policy/bulletin.yml` or the league's rules are malformed.
    """
    before, township = on(period.before.end), county.township
    rule = bulletin_rule(whole.policy)
    sections = leagues_by_section(league_rules(whole.policy))
    asked = [
        name for section in (SECTIONS[:1] if township else SECTIONS) for name in sections[section]
    ]
    known = [one for one in _histories(on, whole, before, asked) if _is_of(one, township)]
    ranked = [one for one in known if isinstance(one, History)]
    standings = tuple(one.now for one in ranked)
    unranked = [one for one in known if isinstance(one, Unavailable)]
    earlier, board = _boards(whole, before, township, ranked)
    rules = rule_changes(before.policy, whole.policy)
    comparison = compare_boards(earlier, board, rules=rules)
    changes = all_changes(board, comparison)
    own = tuple(_of_member(one, township) for one in standings)
    told, lacking = problems(county, changes, own, rule)
    return BulletinSheet(
        period,
        rule,
        board,
        comparison,
        standings,
        highlights(changes, own, rule),
        told,
        steps(told, whole.as_of),
        None if township else restated_since(whole, before.as_of),
        (*unranked, *lacking),
        shared_by(town_rule(whole)) if township else (),
    )


def _boards(
    county: County, before: County, township: Township | None, ranked: Sequence[History]
) -> tuple[Board, Board]:
    if township is None:
        return assess_plan(before), assess_plan(county)
    if not ranked:
        nothing = Board(county.as_of, pace(county.plan.window, county.as_of), ())
        return replace(nothing, as_of=before.as_of), nothing
    of = ranked[0]
    return duties(before, of.earlier[0], township), duties(county, of.now, township)


def _is_of(history: History | Unavailable, township: Township | None) -> bool:
    """Whether a league is of the place: one of other members tells nothing of a township."""
    if township is None or isinstance(history, Unavailable):
        return True
    return any(sheet.member == township.code for sheet in history.now.sheets)


def _of_member(standing: Standing, township: Township | None) -> Standing:
    """Give the standing with one member's sheet alone; the whole of it for no township."""
    if township is None:
        return standing
    return replace(standing, sheets=(standing[township.code],))


def all_changes(board: Board, comparison: Comparison) -> tuple[Change, ...]:
    """Give every clause of the plan now with what it was; one that is new with itself."""
    known = {one.clause.id: one for one in comparison.changes}
    return tuple(known.get(one.clause.id, Change(one, one)) for one in board.assessments)


def _histories(
    on: Callable[[date], County], county: County, before: County, leagues: Sequence[str]
) -> list[History | Unavailable]:
    """Score the leagues now, at the end of the period before, and in the months remembered."""
    day, earlier = county.as_of, before.as_of
    months = [months_back(day, n) for n in range(MONTHS_REMEMBERED, 0, -1)]
    counties = {each: on(each).by(county.policy) for each in {earlier, *months}}
    counties[day] = county
    return [history(name, counties, day, earlier, [earlier], months) for name in leagues]
