"""The whole plan judged on a day, by the indicators that measure its clauses."""

import inspect
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from tenglong.errors import ConfigurationError, did_you_mean
from tenglong.measure.board.set_aside import with_set_aside
from tenglong.measure.board.stop import stopped
from tenglong.measure.carbon.energy import intensity_change, key_users_monitored
from tenglong.measure.clause import Clause, Kind
from tenglong.measure.clearance.clear_out import low_tax_firms
from tenglong.measure.clearance.results import checked_firms, cleared_firms, freed, listed_firms
from tenglong.measure.clearance.two_high import two_high_assessed
from tenglong.measure.county import County, Unavailable
from tenglong.measure.firm.ratios import firm_ratio
from tenglong.measure.firm.scale import digitalised_share, net_above_scale
from tenglong.measure.judge.assessment import Assessment, Board, bands_of
from tenglong.measure.judge.clock import pace
from tenglong.measure.judge.kinds import assess
from tenglong.measure.land.supply import (
    contracts_signed,
    fund_share,
    industrial_grants,
    land_replaced,
    standard_land,
)
from tenglong.measure.project.investment import investment, investment_completion
from tenglong.measure.project.projects import (
    guarantee_teams,
    landing_rate,
    manufacturing_project_share,
    projects_reached,
    section_chief_leads,
)
from tenglong.measure.published.series import official, official_growth, official_total
from tenglong.measure.reading import Gap, NotKnown, Reading
from tenglong.measure.slip.rule import FILE
from tenglong.measure.title.titles import milestone, recognitions

Indicator = Callable[..., Reading]
INDICATORS: Mapping[str, Indicator] = {
    function.__name__: function
    for function in (
        checked_firms,
        cleared_firms,
        contracts_signed,
        digitalised_share,
        firm_ratio,
        freed,
        fund_share,
        guarantee_teams,
        industrial_grants,
        intensity_change,
        investment,
        investment_completion,
        key_users_monitored,
        land_replaced,
        landing_rate,
        listed_firms,
        low_tax_firms,
        manufacturing_project_share,
        milestone,
        net_above_scale,
        official,
        official_growth,
        official_total,
        projects_reached,
        recognitions,
        section_chief_leads,
        standard_land,
        two_high_assessed,
    )
}


def read(county: County, clause: Clause) -> Reading:
    """Read the indicator that measures a clause.

    What the county has not supplied becomes a named unknown.

    Raises
    ------
    ConfigurationError
        If the plan names an indicator that there is not, or options that it does not take.
    """
    if clause.kind is Kind.NARRATIVE:
        return NotKnown(Gap.NOT_QUANTIFIABLE, "narrative")
    if clause.indicator is None:
        return NotKnown(Gap.NO_DATA, "no_indicator")
    name, options = clause.indicator.name, clause.indicator.options
    if name not in INDICATORS:
        hint = did_you_mean(name, INDICATORS)
        raise ConfigurationError(f"clause {clause.id}: there is no indicator {name!r}{hint}")
    indicator = INDICATORS[name]
    try:
        inspect.signature(indicator).bind(county, **options)
    except TypeError as error:
        raise ConfigurationError(f"clause {clause.id}: indicator {name}: {error}") from error
    try:
        return indicator(county, **options)
    except Unavailable as lacking:
        code = "no_column" if lacking.column else "no_table"
        return NotKnown(Gap.NO_DATA, code, lacking.table, lacking.column or "")


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
    judged = assess(clause, read(watched, clause), as_of=county.as_of, bands=bands)
    [assessment] = stopped(county, [with_set_aside(county, judged)], _judge)
    return assessment, tuple(sorted(seen | ({FILE} if assessment.suspects else set())))


def _judge(county: County, clause: Clause) -> Assessment:
    bands = bands_of(county.policy["bands"])
    judged = assess(clause, read(county, clause), as_of=county.as_of, bands=bands)
    return with_set_aside(county, judged)


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
    judged = [
        _judge(county, clause)
        for clause in county.plan.clauses
        if not indicators or (clause.indicator and clause.indicator.name in indicators)
    ]
    passed = pace(county.plan.window, county.as_of)
    return Board(county.as_of, passed, stopped(county, judged, _judge))
