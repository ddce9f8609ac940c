"""The whole plan judged on a day."""

from collections.abc import Collection

from tenglong.measure.board.indicators import read
from tenglong.measure.county import County
from tenglong.measure.judge.assessment import Board
from tenglong.measure.judge.bands import bands_of
from tenglong.measure.judge.clock import pace
from tenglong.measure.judge.kinds import assess


def assess_plan(county: County, *, indicators: Collection[str] = ()) -> Board:
    """Judge every clause of the county's plan on the county's day.

    Parameters
    ----------
    indicators
        Only the clauses that one of these measures; all for none.

    Raises
    ------
    ConfigurationError
        If the plan's indicators do not fit its clauses, or the bands are malformed.
    """
    bands = bands_of(county.policy["bands"])
    return Board(
        county.as_of,
        pace(county.plan.window, county.as_of),
        tuple(
            assess(clause, read(county, clause), as_of=county.as_of, bands=bands)
            for clause in county.plan.clauses
            if not indicators or (clause.indicator and clause.indicator.name in indicators)
        ),
    )
