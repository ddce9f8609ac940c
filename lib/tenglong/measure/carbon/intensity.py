"""Energy per value added at comparable prices, year by year since the baseline.

A year rests on the first of three that is there: the change of intensity as published; the
published growth of energy; the growth of energy of the same firms in both years (`pairs`). The
last two are held against the published growth of value added. Nominal levels are never divided.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

import pandas as pd

from tenglong.measure.carbon.fuels import Counting, firm_energy
from tenglong.measure.carbon.pairs import Blanks, Pair, lacking_cells, paired_firms, pairs
from tenglong.measure.county import County, Unavailable, attempt
from tenglong.measure.firm.ratios import members, totals
from tenglong.measure.policy.file import most_missing
from tenglong.measure.published.published import Publication
from tenglong.measure.published.rounding import relative_growth
from tenglong.measure.published.series import yearly_rates
from tenglong.measure.reading import (
    Evidence,
    Figure,
    Gap,
    Incomplete,
    NotKnown,
    Part,
    Reading,
    Series,
    not_supplied,
)

# What `official_series` calls them; all of the firms of `SCOPE`.
INTENSITY, ENERGY = "energy_intensity_change_pct", "energy_growth_pct"
VALUE_ADDED = "value_added_growth_pct"
SCOPE = "above_scale_industry"
NOTHING_LEFT = -100  # %


class Basis(StrEnum):
    """What the change of a year rests on; the first that is there goes before the others."""

    INTENSITY = "published_intensity"
    ENERGY = "published_energy"
    PAIR = "pair"


@dataclass(frozen=True)
class IntensityYear:
    """How energy per value added changed in a year, and since the baseline; all in %.

    Attributes
    ----------
    own_pct, change_pct
        The change on the year before, and since the baseline: the judged one.
    energy_pct, value_added_pct
        The two growths that the change follows from; the first is None where the change is
        published itself, the second where it was not published.
    pair
        The firms' own energy in both years; None where no energy of firms was supplied.
    pairs_pct, all_firms_pct
        The change since the baseline by pairs alone; and by the energy of all firms in scope
        in each year, whose number changes: it is not judged. None where a year has none.
    """

    year: int
    basis: Basis
    own_pct: Fraction
    change_pct: Fraction
    energy_pct: Fraction | None
    value_added_pct: Fraction | None
    pair: Pair | None
    pairs_pct: Fraction | None
    all_firms_pct: Fraction | None
    is_preliminary: bool


_Own = tuple[Basis, Fraction, Fraction | None]


@dataclass(frozen=True)
class _Known:
    """What is known of all years: published rates, and the energy of firms."""

    rates: Mapping[str, Mapping[int, Publication] | NotKnown]
    firms: pd.DataFrame | NotKnown
    pairs: Mapping[int, Pair]
    all_firms: Mapping[int, Fraction]
    lacking: Mapping[int, Blanks]

    def rate(self, name: str, year: int) -> Publication | NotKnown | None:
        """Give a published rate of a year; what is wrong where the figures contradict."""
        rates = self.rates[name]
        if isinstance(rates, NotKnown):
            return None if rates.why is Gap.NO_DATA else rates
        found = rates.get(year)
        return found if found and found.value > NOTHING_LEFT else None

    def all_firms_pct(self, year: int) -> Fraction | None:
        """Give the growth of the energy of all firms in scope, whichever they are."""
        now, before = self.all_firms.get(year), self.all_firms.get(year - 1)
        return (now / before - 1) * 100 if before and now is not None else None


def _known(county: County, counting: Counting) -> _Known:
    names = (INTENSITY, ENERGY, VALUE_ADDED)
    rates = {name: yearly_rates(county, name) for name in names}
    if counting == "calorific":  # published figures are at equal value
        unused = NotKnown(Gap.NO_DATA, "not_published", "official_series")
        rates |= {INTENSITY: unused, ENERGY: unused}
    firms = attempt(lambda one: paired_firms(one, scope=SCOPE, counting=counting), county)
    if isinstance(firms, Unavailable):
        return _Known(rates, not_supplied(firms.table, firms.column), {}, {}, {})
    most = most_missing(county.policy)
    inside = members(county, "energy_tce", scope=SCOPE)
    tce = inside["energy_tce"]
    if counting == "calorific":
        tce = firm_energy(county)["calorific_tce"][inside.index]
    every = totals(tce, inside["year"], most_missing=most)
    lacking = lacking_cells(county, firms, scope=SCOPE) if counting == "equal" else {}
    return _Known(rates, firms, pairs(firms, most_missing=most), every, lacking)


def intensity_years(
    county: County, *, counting: Counting = "equal"
) -> tuple[IntensityYear, ...] | NotKnown:
    """Give the years since the baseline, up to the first of which the change is not known.

    Parameters
    ----------
    counting
        `equal`: energy as reported, electricity at its equal value; `calorific`: from the
        firms' fuels, electricity at its calorific value, and no published growth of energy,
        which is at equal value. One ratio never mixes the two.

    Raises
    ------
    Unavailable
        If there are no published figures.

    Examples
    --------
    >>> county = example_county(
    ...     policy=load_policy(),
    ...     enterprises={"usci": ["A"], "industry": ["3441"]},
    ...     enterprise_years={"usci": ["A"] * 3, "year": [2020, 2021, 2022],
    ...                       "is_above_scale": [True] * 3, "energy_tce": [100.0, 104.5, 104.5]},
    ...     official_series={"indicator": [VALUE_ADDED] * 2 + [INTENSITY],
    ...                      "period": ["2021", "2022", "2022"], "value": [10.0, 8.0, -6.0]})
    >>> [(str(one.basis), float(one.own_pct)) for one in intensity_years(county)]
    [('pair', -5.0), ('published_intensity', -6.0)]
    """
    return _years(county, _known(county, counting))


def _years(county: County, known: _Known) -> tuple[IntensityYear, ...] | NotKnown:
    found: list[IntensityYear] = []
    by_pairs: Fraction | None
    of_all: Fraction | None
    factor, by_pairs, of_all = Fraction(1), Fraction(1), Fraction(1)
    for year in range(county.plan.window.start.year, county.plan.window.end.year + 1):
        own = _own(known, year)
        if own is None or (found and isinstance(own, NotKnown) and own.why is Gap.NO_DATA):
            break
        if isinstance(own, NotKnown):
            return own
        basis, change, energy = own
        added = _value(known.rate(VALUE_ADDED, year))
        pair = known.pairs.get(year)
        factor = factor * (1 + change / 100)
        by_pairs = _chained(by_pairs, pair.growth_pct if pair else None, added)
        of_all = _chained(of_all, known.all_firms_pct(year), added)
        found.append(
            IntensityYear(
                year,
                basis,
                change,
                (factor - 1) * 100,
                energy,
                added,
                pair,
                _pct(by_pairs),
                _pct(of_all),
                is_preliminary=bool(basis is Basis.PAIR and pair and pair.is_preliminary)
                or any(one.is_preliminary for one in found),
            )
        )
    return tuple(found)


def _own(known: _Known, year: int) -> _Own | NotKnown | None:
    """Give what a year rests on, its own change and that of energy; None where it is not out."""
    published = known.rate(INTENSITY, year)
    if isinstance(published, Publication):
        return Basis.INTENSITY, published.value, None
    if isinstance(published, NotKnown):
        return published
    added = known.rate(VALUE_ADDED, year)
    if isinstance(added, Publication):
        grown = _energy(known, year)
        if grown is None or isinstance(grown, NotKnown):
            return grown
        return grown[0], relative_growth(grown[1], added.value), grown[1]
    rates = known.rates[VALUE_ADDED]
    return rates if isinstance(rates, NotKnown) else None


def _energy(known: _Known, year: int) -> tuple[Basis, Fraction] | NotKnown | None:
    """Give the growth of energy of a year, and what it rests on; None where it is not out."""
    energy = known.rate(ENERGY, year)
    if isinstance(energy, Publication):
        return Basis.ENERGY, energy.value
    if isinstance(energy, NotKnown):
        return energy
    if isinstance(known.firms, NotKnown):
        return known.firms
    pair = known.pairs.get(year)
    if pair is not None and pair.growth_pct is not None:
        return Basis.PAIR, pair.growth_pct
    if {year, year - 1} <= set(known.firms["year"]):
        blanks = known.lacking.get(year, ())
        place = ("enterprise_years", "energy_tce")
        return NotKnown(Gap.NO_DATA, "population_incomplete", *place, blanks=blanks)
    return None


def _value(rate: Publication | NotKnown | None) -> Fraction | None:
    return rate.value if isinstance(rate, Publication) else None


def _chained(
    factor: Fraction | None, energy: Fraction | None, added: Fraction | None
) -> Fraction | None:
    if factor is None or energy is None or added is None:
        return None
    return factor * (1 + relative_growth(energy, added) / 100)


def _pct(factor: Fraction | None) -> Fraction | None:
    return None if factor is None else (factor - 1) * 100


def intensity_change(county: County, *, counting: Counting = "equal") -> Reading:
    """Change of energy per value added since the baseline year, at comparable prices, in %.

    Formula: Π (1 + g_energy) / (1 + g_value_added) − 1 over the years since the baseline, where
    the change of a year is not published itself; see `intensity_years` for what goes first. A
    year of which none of the three is known ends the chain.
    Source: domain convention, e.g. Hunan's 2008 bulletin.

    Parameters
    ----------
    counting
        See `intensity_years`.

    Returns
    -------
    Series
        By year; the parts tell which years rest on what (`rests_on_…`), what the year's own
        change follows from, and beside it, not judged, the change by pairs alone
        (`pairs_change_pct`) and by all firms of each year (`all_firms_change_pct`).

    Raises
    ------
    Unavailable
        See `intensity_years`.

    Examples
    --------
    >>> county = example_county(
    ...     policy=load_policy(),
    ...     enterprises={"usci": ["A", "B"], "industry": ["3441", "3441"]},
    ...     enterprise_years={"usci": ["A", "B"] * 2, "year": [2020, 2020, 2021, 2021],
    ...                       "is_above_scale": [True, False, True, True],
    ...                       "energy_tce": [100.0, 50.0, 107.0, 49.75]},
    ...     official_series={"indicator": [VALUE_ADDED], "period": ["2021"], "value": [10.0]})
    >>> [float(figure.value) for figure in intensity_change(county).figures]
    [-5.0]
    """
    known = _known(county, counting)
    years = _years(county, known)
    if isinstance(years, NotKnown):
        return years
    figures = tuple(
        Figure(
            date(one.year, 12, 31),
            one.change_pct,
            _parts(years[:number]),
            is_preliminary=one.is_preliminary,
            blanks=_awaited(known, years[:number]),
        )
        for number, one in enumerate(years, start=1)
    )
    evidence = _evidence(county, known)
    return Series(figures, "%", evidence=evidence, incomplete=_incomplete(known, years))


def _awaited(known: _Known, years: tuple[IntensityYear, ...]) -> Blanks:
    """Name the blank cells of the years that rest on pairs of firms; they have no bound."""
    paired = (one.year for one in years if one.basis is Basis.PAIR)
    return tuple(dict.fromkeys(blank for year in paired for blank in known.lacking.get(year, ())))


def _incomplete(known: _Known, years: tuple[IntensityYear, ...]) -> tuple[Incomplete, ...]:
    """Give the year after the last one, where only blank cells keep it from being known."""
    if not years:
        return ()
    after = years[-1].year + 1
    own = _own(known, after)
    if isinstance(own, NotKnown) and own.blanks:
        return (Incomplete(date(after, 12, 31), own.blanks),)
    return ()


def _parts(years: tuple[IntensityYear, ...]) -> dict[str, Part]:
    last = years[-1]
    parts: dict[str, Part | None] = {
        f"rests_on_{basis}": ", ".join(str(one.year) for one in years if one.basis is basis) or None
        for basis in Basis
    }
    parts |= {
        "own_change_pct": last.own_pct,
        "energy_growth_pct": last.energy_pct,
        "value_added_growth_pct": last.value_added_pct,
    }
    if last.pair is not None:
        parts |= {
            "energy_tce": last.pair.energy_tce,
            "energy_tce_before": last.pair.energy_tce_before,
            "firms": last.pair.firms,
            "firms_lacking": last.pair.lacking,
            "firms_new": last.pair.newcomers,
        }
    parts |= {
        "pairs_change_pct": last.pairs_pct,
        "all_firms_change_pct": last.all_firms_pct,
    }
    return {name: value for name, value in parts.items() if value is not None}


def _evidence(county: County, known: _Known) -> tuple[Evidence, ...]:
    first, last = county.plan.window.start.year, county.plan.window.end.year
    used = [
        rate.row
        for rates in known.rates.values()
        if not isinstance(rates, NotKnown)
        for year, rate in rates.items()
        if first <= year <= last
    ]
    published = Evidence("official_series", county.table("official_series").loc[sorted(used)])
    if isinstance(known.firms, NotKnown):
        return (published,)
    inside = known.firms[known.firms["year"].between(first, last)]
    columns = ["usci", "year", "energy_tce", "energy_tce_before"]
    return (Evidence("enterprise_years", inside[columns]), published)
