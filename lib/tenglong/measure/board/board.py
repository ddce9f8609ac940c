"""The whole plan judged on a day, by the indicators that measure its clauses."""

import inspect
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from functools import cache

from tenglong.errors import ConfigurationError, did_you_mean
from tenglong.measure.board.set_aside import with_set_aside
from tenglong.measure.board.stop import stopped
from tenglong.measure.board.unlinked import with_strays
from tenglong.measure.board.unread import with_unread_periods
from tenglong.measure.carbon.efficiency import carbon_rated
from tenglong.measure.carbon.energy import key_users_monitored
from tenglong.measure.carbon.intensity import intensity_change
from tenglong.measure.chain.collateral import registered_collateral
from tenglong.measure.clause import Clause, IndicatorRef, Kind
from tenglong.measure.clearance.clear_out import low_tax_firms
from tenglong.measure.clearance.rectified import listed_firms_ended, two_high_found
from tenglong.measure.clearance.results import checked_firms, cleared_firms, freed, listed_firms
from tenglong.measure.clearance.two_high import two_high_assessed
from tenglong.measure.county import County, Unavailable
from tenglong.measure.firm.ratios import firm_ratio, firm_total
from tenglong.measure.firm.scale import digitalised_share, net_above_scale
from tenglong.measure.judge.assessment import Assessment, Bands, Board, Reason, bands_of
from tenglong.measure.judge.clock import pace
from tenglong.measure.judge.fact import tell
from tenglong.measure.judge.kinds import assess
from tenglong.measure.kept import kept
from tenglong.measure.land.control_line import land_inside_line
from tenglong.measure.land.disposal import (
    idle_candidates,
    idle_handled,
    industrial_land,
    land_in_states,
)
from tenglong.measure.land.supply import (
    contracts_signed,
    fund_share,
    industrial_grants,
    land_replaced,
    standard_land,
)
from tenglong.measure.project.dual_contract import contract_nodes_kept, dual_contracts_signed
from tenglong.measure.project.investment import investment, investment_completion
from tenglong.measure.project.projects import (
    guarantee_teams,
    landing_rate,
    manufacturing_project_share,
    projects_reached,
    section_chief_leads,
)
from tenglong.measure.published.series import official, official_growth, official_total
from tenglong.measure.reading import Gap, NotKnown, Reading, not_supplied
from tenglong.measure.slip.rule import FILE
from tenglong.measure.title.titles import milestone, recognitions
from tenglong.measure.watched import Watched

Indicator = Callable[..., Reading]
INDICATORS: Mapping[str, Indicator] = {
    function.__name__: function
    for function in (
        carbon_rated,
        checked_firms,
        cleared_firms,
        contract_nodes_kept,
        contracts_signed,
        digitalised_share,
        dual_contracts_signed,
        firm_ratio,
        firm_total,
        freed,
        fund_share,
        guarantee_teams,
        idle_candidates,
        idle_handled,
        industrial_grants,
        industrial_land,
        intensity_change,
        investment,
        investment_completion,
        key_users_monitored,
        land_in_states,
        land_inside_line,
        land_replaced,
        landing_rate,
        listed_firms,
        listed_firms_ended,
        low_tax_firms,
        manufacturing_project_share,
        milestone,
        net_above_scale,
        official,
        official_growth,
        official_total,
        projects_reached,
        recognitions,
        registered_collateral,
        section_chief_leads,
        standard_land,
        two_high_assessed,
        two_high_found,
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
    return _read(county, clause.id, clause.indicator)


def with_facts(county: County, judged: Assessment) -> Assessment:
    """Tell what the tables know of a clause without a quantity, in the order of the plan's file.

    No verdict hangs on it: so it is told where it is shown, and not whenever the plan is judged.

    Raises
    ------
    ConfigurationError
        If the plan names an indicator that there is not, or options that it does not take.
    """
    plan, clause = county.plan, judged.clause
    told = tuple(
        tell(
            ref,
            _read(county, clause.id, ref.indicator),
            window=clause.window,
            baseline_year=plan.baseline_year,
            as_of=county.as_of,
        )
        for ref in clause.facts
    )
    return replace(judged, facts=told)


def told_board(county: County, board: Board) -> Board:
    """Give a board whose clauses without a quantity tell their facts (`with_facts`)."""
    return replace(board, assessments=tuple(with_facts(county, one) for one in board.assessments))


def _read(county: County, clause_id: str, ref: IndicatorRef) -> Reading:
    name, options = ref.name, ref.options
    if name not in INDICATORS:
        hint = did_you_mean(name, INDICATORS)
        raise ConfigurationError(f"clause {clause_id}: there is no indicator {name!r}{hint}")
    indicator = INDICATORS[name]
    try:
        _signature(indicator).bind(county, **options)
    except TypeError as error:
        raise ConfigurationError(f"clause {clause_id}: indicator {name}: {error}") from error
    try:
        return indicator(county, **options)
    except Unavailable as lacking:
        return not_supplied(lacking.table, lacking.column)


_signature = cache(inspect.signature)


def judged_by(county: County, clause: Clause) -> tuple[Assessment, tuple[str, ...]]:
    """Judge one clause, and name the policy files that were read for it, in their order.

    The assessment is the one that `assess_plan` gives, with its facts.

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
    policy, watched = _watched(county)
    with policy.heard() as files:
        judged = with_facts(watched, _judged(watched, clause, bands_of(policy["bands"])))
    [assessment] = stopped(county, [judged], _judge)
    return assessment, tuple(sorted(files | ({FILE} if assessment.suspects else set())))


@kept
def _watched(county: County) -> tuple[Watched, County]:
    policy = Watched(county.policy)
    return policy, replace(county, policy=policy)


def _judge(county: County, clause: Clause) -> Assessment:
    return _judged(county, clause, bands_of(county.policy["bands"]))


def _judged(county: County, clause: Clause, bands: Bands) -> Assessment:
    assessment = assess(clause, read(county, clause), as_of=county.as_of, bands=bands)
    if clause.facts:
        assessment = replace(assessment, reason=Reason("only_facts"))
    waiting = with_unread_periods(county, with_set_aside(county, assessment))
    return with_strays(county, waiting)


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
    if not indicators:
        return county.keep.derived.get("assess_plan", lambda: _assessed(county, indicators))
    return _assessed(county, indicators)


def _assessed(county: County, indicators: Collection[str]) -> Board:
    judged = [
        _judge(county, clause)
        for clause in county.plan.clauses
        if not indicators or (clause.indicator and clause.indicator.name in indicators)
    ]
    passed = pace(county.plan.window, county.as_of)
    return Board(county.as_of, passed, stopped(county, judged, _judge))
