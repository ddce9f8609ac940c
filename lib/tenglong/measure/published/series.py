"""Figures that others publish: used as they stand, with their date and their publisher."""

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction

from tenglong.measure.clause import written
from tenglong.measure.county import County
from tenglong.measure.period import Period
from tenglong.measure.published.published import (
    Publication,
    disagree,
    finest,
    holding,
    publications,
)
from tenglong.measure.reading import Evidence, Figure, Flow, Gap, Grain, NotKnown, Reading, Series
from tenglong.measure.unit import UNITS


def published(county: County, indicator: str) -> tuple[Publication, ...] | NotKnown:
    """Give the figure of each period that holds on the day: the latest publication.

    Where the same latest day gives different values for a period, nothing tells which one
    holds: the reading is contradictory. So it is where units cannot be brought together. Values
    that differ by their digits alone (15.7, 15.68) agree: the one with the most of them holds.

    Examples
    --------
    >>> county = example_county(official_series={
    ...     "indicator": ["x", "x"], "period": ["2021", "2021"], "value": [5.0, 5.4],
    ...     "published_on": ["2022-02-20", "2022-05-12"]})
    >>> [float(one.value) for one in published(county, "x")]
    [5.4]
    """
    found = publications(county, indicator)
    if not found:
        return NotKnown(
            Gap.NO_DATA, "not_published", "official_series", "", {"indicator": indicator}
        )
    chosen = []
    for group in holding(found):
        one = finest(group)
        if disagree(group):
            different = sorted({(publication.value, publication.unit) for publication in group})
            said = " / ".join(f"{written(value)} {unit}".rstrip() for value, unit in different)
            parts = {"period": one.period.name, "values": said}
            return _contradictory(county, indicator, "published_twice", parts)
        chosen.append(one)
    units = sorted({one.unit for one in chosen})
    if len(units) > 1:
        return _contradictory(county, indicator, "units_differ", {"values": " / ".join(units)})
    return tuple(chosen)


def _contradictory(county: County, indicator: str, code: str, parts: Mapping[str, str]) -> NotKnown:
    evidence = (_evidence(county, indicator),)
    return NotKnown(Gap.CONTRADICTORY, code, "official_series", "value", dict(parts), evidence)


def _usable(county: County, indicator: str) -> tuple[tuple[Publication, ...], str] | NotKnown:
    """Give the figures that hold, and their one unit: one that can be held against a target."""
    found = published(county, indicator)
    if isinstance(found, NotKnown):
        return found
    (unit,) = {publication.unit for publication in found}
    if unit in UNITS and unit:
        return found, unit
    if "unit" not in county.table("official_series"):
        return NotKnown(Gap.NO_DATA, "no_column", "official_series", "unit")
    code = "unit_unknown" if unit else "no_unit"
    return NotKnown(Gap.NO_DATA, code, "official_series", "unit", {"values": unit})


def _evidence(county: County, indicator: str) -> Evidence:
    frame = county.table("official_series", "indicator")
    return Evidence("official_series", frame[frame["indicator"] == indicator])


def official(county: County, *, indicator: str) -> Reading:
    """Give a published level by period, as it was published, in the published unit.

    A figure without a unit, or in one that is not known here, cannot be used.
    Of two periods that end on the same day (2021 and 2021Q4) the longer one's level is given.

    Examples
    --------
    >>> county = example_county(official_series={
    ...     "indicator": ["x", "x"], "period": ["2021Q4", "2021"], "value": [7.9, 8.0],
    ...     "unit": ["%", "%"]})
    >>> [(str(one.end), float(one.value)) for one in official(county, indicator="x").figures]
    [('2021-12-31', 8.0)]
    """
    usable = _usable(county, indicator)
    if isinstance(usable, NotKnown):
        return usable
    found, unit = usable
    longest: dict[date, Publication] = {}
    for publication in found:  # by their end, the longer period first
        longest.setdefault(publication.period.end, publication)
    return Series(
        tuple(Figure(end, publication.value) for end, publication in longest.items()),
        unit,
        _finest(longest.values()),
        (_evidence(county, indicator),),
    )


def official_total(county: County, *, indicator: str) -> Reading:
    """Add up a published flow: yearly, quarterly or monthly amounts, in the published unit.

    A year and its own quarters or months are never both counted: the finer figures where they
    are all there, else the year's; so with a quarter and its months.

    Examples
    --------
    >>> county = example_county(official_series={
    ...     "indicator": ["x"] * 3, "period": ["2021", "2021Q1", "2022Q1"],
    ...     "value": [2.0, 0.4, 0.5], "unit": ["亿元"] * 3})
    >>> [(str(day), float(amount)) for day, amount in official_total(county, indicator="x").amounts]
    [('2021-12-31', 2.0), ('2022-03-31', 0.5)]
    """
    usable = _usable(county, indicator)
    if isinstance(usable, NotKnown):
        return usable
    found, unit = usable
    kept = without_overlaps({publication.period: publication.value for publication in found})
    amounts = tuple((period.end, value) for period, value in kept.items())
    chosen = [publication for publication in found if publication.period in kept]
    evidence = (_evidence(county, indicator),)
    return Flow(
        amounts,
        unit,
        amounts[-1][0],
        _finest(chosen),
        is_ledger=False,
        evidence=evidence,
    )


def without_overlaps(values: Mapping[Period, Fraction]) -> dict[Period, Fraction]:
    """Drop the periods of a flow that lie inside or around another that is kept.

    A longer period gives way where shorter ones hold all its months; else they do.

    Examples
    --------
    >>> quarters = {Period(2021, Grain.QUARTER, part): Fraction(1) for part in (1, 2, 3, 4)}
    >>> year = Period(2021, Grain.YEAR)
    >>> [period.name for period in without_overlaps({year: Fraction(5), **quarters})]
    ['2021Q1', '2021Q2', '2021Q3', '2021Q4']
    """
    kept = dict(values)
    for period in values:
        inside = [
            one for one in kept if one.year == period.year and set(one.months) < set(period.months)
        ]
        covered = {month for one in inside for month in one.months}
        for dropped in [period] if covered == set(period.months) else inside:
            del kept[dropped]
    return kept


def yearly_rates(county: County, indicator: str) -> dict[int, Publication] | NotKnown:
    """Give the publication of a rate by full year; a quarter's or a month's is not a year's.

    Examples
    --------
    >>> county = example_county(official_series={
    ...     "indicator": ["x", "x"], "period": ["2021", "2022Q1"], "value": [8.9, 4.0]})
    >>> {year: float(rate.value) for year, rate in yearly_rates(county, "x").items()}
    {2021: 8.9}
    """
    found = published(county, indicator)
    if isinstance(found, NotKnown):
        return found
    return {
        publication.period.year: publication
        for publication in found
        if publication.period.grain is Grain.YEAR
    }


def official_growth(county: County, *, indicator: str) -> Reading:
    """Chain published yearly growth rates (%) into an index, 100 the year before the first.

    Formula: index = 100 · Π (1 + g/100) over the window's years, up to the first year without
    a rate. Its compound rate is the geometric mean of (1 + g); levels are never rebuilt.

    Examples
    --------
    >>> county = example_county(official_series={
    ...     "indicator": ["g", "g"], "period": ["2021", "2022"], "value": [40.0, -10.0]})
    >>> [float(figure.value) for figure in official_growth(county, indicator="g").figures]
    [100.0, 140.0, 126.0]
    """
    rates = yearly_rates(county, indicator)
    if isinstance(rates, NotKnown):
        return rates
    first = county.plan.window.start.year
    index, figures = Fraction(100), [Figure(date(first - 1, 12, 31), Fraction(100))]
    for year in range(first, county.plan.window.end.year + 1):
        if year not in rates:
            break
        rate = rates[year].value
        index *= 1 + rate / 100
        figures.append(Figure(date(year, 12, 31), index, {"growth_pct": rate}))
    return Series(tuple(figures), "%", evidence=(_evidence(county, indicator),))


def _finest(found: Iterable[Publication]) -> Grain:
    return min((publication.period.grain for publication in found), key=list(Grain).index)
