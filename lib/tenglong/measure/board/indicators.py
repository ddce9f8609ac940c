"""The indicators by name: what a plan may say measures a clause."""

import inspect
from collections.abc import Callable, Mapping

from tenglong.errors import ConfigurationError, did_you_mean
from tenglong.measure.carbon.energy import intensity_change, key_users_monitored
from tenglong.measure.clause import Clause, Kind
from tenglong.measure.clearance.results import checked_firms, cleared_firms, freed, listed_firms
from tenglong.measure.clearance.two_high import two_high_assessed
from tenglong.measure.county import County, Unavailable
from tenglong.measure.firm.ratios import (
    digitalised_share,
    firm_ratio,
    low_tax_firms,
    net_above_scale,
)
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
