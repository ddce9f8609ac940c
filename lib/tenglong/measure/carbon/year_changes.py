"""Changes of single years, with their bounds, to be held against published ones."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from tenglong.measure.carbon.intensity import ENERGY, NOTHING_LEFT, SCOPE, VALUE_ADDED
from tenglong.measure.carbon.pairs import paired_firms, pairs
from tenglong.measure.county import County
from tenglong.measure.policy.file import most_missing
from tenglong.measure.published.rounding import Rounded, growth_quotient
from tenglong.measure.published.series import yearly_rates
from tenglong.measure.reading import Figure, NotKnown, Reading, Series


def energy_growth(county: County) -> Reading:
    """Growth of energy on the year before, by year, of the firms in scope in the later one, in %.

    Raises
    ------
    Unavailable
        See `paired_firms`.

    Examples
    --------
    >>> county = example_county(
    ...     enterprises={"usci": ["A", "B"], "industry": ["3441", "3441"],
    ...                  "registered_on": ["2010-01-04", "2021-05-01"]},
    ...     enterprise_years={"usci": ["A", "A", "B"], "year": [2020, 2021, 2021],
    ...                       "is_above_scale": [True] * 3, "energy_tce": [100.0, 90.0, 50.0]})
    >>> [float(figure.value) for figure in energy_growth(county).figures]
    [-10.0]
    """
    figures = [Figure(date(year, 12, 31), growth) for year, growth in _pairs(county).items()]
    return Series(tuple(figures), "%")


def pairs_intensity(county: County) -> Reading:
    """Change of each year by pairs of firms, with what the rounding of value added leaves it.

    Formula: (1 + g_energy of `pairs`) / (1 + g_value_added as published) − 1, in %.

    Raises
    ------
    Unavailable
        See `paired_firms`; or if there are no published figures.

    Examples
    --------
    >>> county = example_county(
    ...     policy=load_policy(), enterprises={"usci": ["A"], "industry": ["3441"]},
    ...     enterprise_years={"usci": ["A"] * 2, "year": [2020, 2021],
    ...                       "is_above_scale": [True] * 2, "energy_tce": [100.0, 104.5]},
    ...     official_series={"indicator": [VALUE_ADDED], "period": ["2021"], "value": [10.0]})
    >>> [float(figure.value) for figure in pairs_intensity(county).figures]
    [-5.0]
    """
    growths = {year: Rounded.exactly(growth) for year, growth in _pairs(county).items()}
    return _quotients(county, growths)


def implied_intensity(county: County) -> Reading:
    """Change of each year that the two published growths imply, with what rounding leaves it.

    Formula: (1 + g_energy) / (1 + g_value_added) − 1, both as published, in %.

    Raises
    ------
    Unavailable
        If there are no published figures.

    Examples
    --------
    >>> county = example_county(policy=load_policy(), official_series={
    ...     "indicator": [ENERGY, VALUE_ADDED], "period": ["2020"] * 2, "value": [10.1, 3.6]})
    >>> found = implied_intensity(county).figures[0]
    >>> [round(float(value), 2) for value in (found.value, *found.bounds)]
    [6.27, 6.17, 6.37]
    """
    rates = yearly_rates(county, ENERGY)
    if isinstance(rates, NotKnown):
        return rates
    return _quotients(county, {year: rate.rounded for year, rate in rates.items()})


def _pairs(county: County) -> dict[int, Fraction]:
    """Give the growth of energy of the same firms by year in their order, where it is known."""
    found = pairs(paired_firms(county, scope=SCOPE), most_missing=most_missing(county.policy))
    growths = {year: pair.growth_pct for year, pair in found.items()}
    return {year: growth for year, growth in growths.items() if growth is not None}


def _quotients(county: County, energy: Mapping[int, Rounded]) -> Reading:
    added = yearly_rates(county, VALUE_ADDED)
    if isinstance(added, NotKnown):
        return added
    figures = []
    for year in sorted(energy.keys() & added.keys()):
        growth = added[year].rounded
        if growth.low > NOTHING_LEFT:
            change = growth_quotient(energy[year], growth)
            bounds = (change.low, change.high)
            figures.append(Figure(date(year, 12, 31), change.value, bounds=bounds))
    return Series(tuple(figures), "%")
