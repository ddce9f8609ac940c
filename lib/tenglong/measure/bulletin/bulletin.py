"""A bulletin: all that one month, quarter or year is told by."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from tenglong.errors import UsageError
from tenglong.measure.bulletin.duty import duties
from tenglong.measure.bulletin.pick import highlights, problems
from tenglong.measure.bulletin.points import Group, Step
from tenglong.measure.bulletin.rule import BulletinRule, bulletin_rule
from tenglong.measure.bulletin.steps import steps
from tenglong.measure.county import County, Township, Unavailable
from tenglong.measure.firm.places import within
from tenglong.measure.league.ranking import league
from tenglong.measure.league.standing import Standing
from tenglong.measure.reading import Grain
from tenglong.measure.target.assessment import Board
from tenglong.measure.target.board import assess_plan
from tenglong.measure.target.change import compare_boards, rule_changes
from tenglong.measure.target.comparison import Change, Comparison
from tenglong.measure.title.period import Period, period_at, period_of
from tenglong.measure.title.revisions import restated_since

LEAGUES = ("townships", "departments")


@dataclass(frozen=True, eq=False)
class Bulletin:
    """What a period is told by.

    Attributes
    ----------
    period
        The month, quarter or year; the county may be seen before its last day.
    county
        Cut to the township, where it is of one.
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
    """

    period: Period
    county: County
    rule: BulletinRule
    board: Board
    comparison: Comparison
    standings: tuple[Standing, ...]
    highlights: tuple[Group, ...]
    problems: tuple[Group, ...]
    steps: tuple[Step, ...]
    published: pd.DataFrame | None
    lacking: tuple[Unavailable, ...]

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


def bulletin(county: County, before: County, *, period: Period, township: str = "") -> Bulletin:
    """Tell a period of a county, or of one of its townships.

    Parameters
    ----------
    before
        The county as it was known at the end of the period before.
    township
        By code or name; it is ranked among all, and its firms, projects and parcels alone
        are told.

    Raises
    ------
    UsageError
        If there is no such township.
    ConfigurationError
        If `data/policy/bulletin.yml` or the league's rules are malformed.
    """
    rule = bulletin_rule(county.policy)
    cut = within(county, township)
    standings, unranked = _standings(county, before, LEAGUES[:1] if township else LEAGUES)
    earlier, board = _boards(county, before, cut.township, standings)
    rules = rule_changes(before.policy, county.policy)
    comparison = compare_boards(earlier, board, rules=rules)
    changes = all_changes(board, comparison)
    own = tuple(_of_member(one, cut.township) for one in standings)
    told, lacking = problems(cut, changes, own, rule)
    return Bulletin(
        period,
        cut,
        rule,
        board,
        comparison,
        standings,
        highlights(changes, own, rule),
        told,
        steps(told, county.as_of),
        None if township else restated_since(county, before.as_of),
        (*unranked, *lacking),
    )


def _boards(
    county: County, before: County, township: Township | None, standings: tuple[Standing, ...]
) -> tuple[Board, Board]:
    if township is None:
        return assess_plan(before), assess_plan(county)
    earlier = league(before, LEAGUES[0])
    return duties(before, earlier, township), duties(county, standings[0], township)


def _of_member(standing: Standing, township: Township | None) -> Standing:
    """Give the standing with one member's sheet alone; the whole of it for no township."""
    if township is None:
        return standing
    return replace(standing, sheets=(standing[township.code],))


def all_changes(board: Board, comparison: Comparison) -> tuple[Change, ...]:
    """Give every clause of the plan now with what it was; one that is new with itself."""
    known = {one.clause.id: one for one in comparison.changes}
    return tuple(known.get(one.clause.id, Change(one, one)) for one in board.assessments)


def _standings(
    county: County, before: County, leagues: Sequence[str]
) -> tuple[tuple[Standing, ...], tuple[Unavailable, ...]]:
    found = list(_ranked(county, before, leagues))
    return (
        tuple(one for one in found if isinstance(one, Standing)),
        tuple(one for one in found if isinstance(one, Unavailable)),
    )


def _ranked(
    county: County, before: County, leagues: Sequence[str]
) -> Iterator[Standing | Unavailable]:
    for name in leagues:
        try:
            yield league(county, name, previous=before)
        except Unavailable as error:
            yield error
