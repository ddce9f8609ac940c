"""The whole plan judged on a day."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from tenglong.measure.board.indicators import read
from tenglong.measure.clause import Clause
from tenglong.measure.county import County
from tenglong.measure.judge.assessment import Assessment, Board
from tenglong.measure.judge.bands import bands_of
from tenglong.measure.judge.clock import pace
from tenglong.measure.judge.kinds import assess


class Watched(Mapping[str, Any]):
    """A policy that remembers which of its files were asked for.

    A folder within (`schemes`) is a policy of its own; its files are named `schemes/default`.
    """

    def __init__(self, policy: Mapping[str, Any], seen: set[str], folder: str = "") -> None:
        self._policy = policy
        self._seen = seen
        self._folder = folder

    def __getitem__(self, name: str) -> Any:
        content = self._policy[name]
        if isinstance(content, Mapping) and "source" not in content:
            return Watched(content, self._seen, f"{self._folder}{name}/")
        self._seen.add(f"{self._folder}{name}")
        return content

    def __iter__(self) -> Iterator[str]:
        return iter(self._policy)

    def __len__(self) -> int:
        return len(self._policy)


def judged_by(county: County, clause: Clause) -> tuple[Assessment, tuple[str, ...]]:
    """Judge one clause, and name the policy files that were read for it, in their order.

    The assessment is the one that `assess_plan` gives.

    >>> from fractions import Fraction
    >>> from tenglong.measure.clause import IndicatorRef, Kind, Label, Operator
    >>> county = example_county(policy=load_policy(), land_supply={
    ...     "granted_on": ["2021-03-01"], "land_use": ["1001"], "area_mu": [3.0]})
    >>> window = county.plan.window
    >>> clause = Clause("x", "政策2", "…", Label("…", "…"), Kind.SHARE, window, window.end,
    ...     operator=Operator.AT_LEAST, target=Fraction(30), unit="%", each_year=True,
    ...     indicator=IndicatorRef("industrial_grants"))
    >>> judged_by(county, clause)[1]
    ('bands', 'land_use')
    """
    seen: set[str] = set()
    watched = replace(county, policy=Watched(county.policy, seen))
    bands = bands_of(watched.policy["bands"])
    one = assess(clause, read(watched, clause), as_of=county.as_of, bands=bands)
    return one, tuple(sorted(seen))


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
