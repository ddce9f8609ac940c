"""The plan as one page shows it: every clause, what changed, and what is published beside it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pandas as pd

from tenglong.measure.board.board import assess_plan, told_board
from tenglong.measure.board.change import Comparison, compare_boards, rule_changes
from tenglong.measure.board.compare import compare
from tenglong.measure.board.township import Beside, beside
from tenglong.measure.county import County
from tenglong.measure.judge.assessment import Board
from tenglong.measure.league.town import Basis, shared_by, town_board, town_rule
from tenglong.measure.period import compared_day
from tenglong.measure.published.revisions import restated_since
from tenglong.measure.sheet.sheet import PageSheet


@dataclass(frozen=True, eq=False, repr=False)
class TargetsSheet(PageSheet):
    """The plan judged for a place.

    Attributes
    ----------
    board
        Every clause of the place, with its facts.
    beside
        A township's clauses beside the county's; the same board twice for the county.
    compared_on
        The day that the whole county is compared with.
    comparison, restated
        What changed since, and which published figures were restated.
    differences
        Figures that are both published and computed.
    shares
        Of a township: by what the county's targets are broken down.
    """

    board: Board
    beside: tuple[Beside, ...]
    compared_on: date
    comparison: Comparison
    restated: pd.DataFrame | None
    differences: pd.DataFrame
    shares: tuple[Basis, ...] = ()


def targets_sheet(
    whole: County, county: County, *, on: Callable[[date], County], against: str = ""
) -> TargetsSheet:
    """Judge the plan for a place, and compare the whole county with an earlier day.

    Parameters
    ----------
    on
        Gives the whole county as it was known on a day.
    against
        The day that it is compared with (YYYY-MM-DD); the end of the quarter before for an
        empty text.

    Raises
    ------
    UsageError
        If `against` is no day, or not before that of the county.
    """
    before = on(compared_day(whole.as_of, against))
    of_whole = assess_plan(whole)
    board = town_board(whole, county) if county.township else of_whole
    changed = rule_changes(before.policy, whole.policy)
    return TargetsSheet(
        told_board(county, board),
        beside(board, of_whole),
        before.as_of,
        compare_boards(assess_plan(before), of_whole, rules=changed),
        restated_since(whole, before.as_of),
        compare(county),
        shared_by(town_rule(whole)) if county.township else (),
    )
