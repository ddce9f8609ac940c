"""Figures that are both published and computed, with their difference."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any

import pandas as pd

from tenglong.errors import ConfigurationError, Fault, did_you_mean, is_it
from tenglong.measure.board.board import INDICATORS
from tenglong.measure.carbon.year_changes import energy_growth, implied_intensity, pairs_intensity
from tenglong.measure.clause import IndicatorRef, Label
from tenglong.measure.county import County, Unavailable
from tenglong.measure.exact import as_float
from tenglong.measure.period import period_of
from tenglong.measure.published.rounding import Rounded
from tenglong.measure.published.series import published
from tenglong.measure.reading import Flow, Grain, NotKnown, Reading, Series
from tenglong.measure.unit import UNITS, convert
from tenglong.shape import line_of, shaped

RATE = "%"  # of rates the name says the unit, …_pct

COMPUTED: Mapping[str, Callable[..., Reading]] = {
    **INDICATORS,
    **{
        function.__name__: function
        for function in (energy_growth, implied_intensity, pairs_intensity)
    },
}
FIGURES = ["computed", "published", "difference", "tolerance"]
COLUMNS = ["official", "name", "by", "year", *FIGURES, "unit", "reason"]


class Shown(StrEnum):
    """What of the computed figures is held against the published one."""

    VALUE = "value"
    GROWTH_PCT = "growth_pct"
    TOTAL = "total"


@dataclass(frozen=True)
class Comparison:
    """One pair of `data/policy/series.yml`; see there for what each key means."""

    official: str
    name: Label
    indicator: str
    options: Mapping[str, Any]
    by: Label
    shown: Shown
    unit: str


@dataclass(frozen=True)
class Pair:
    """A pair as the file has it, beside `as`."""

    official: str
    name: Label
    computed: IndicatorRef
    by: Label
    unit: str


def comparisons(policy: Mapping[str, Any]) -> tuple[Comparison, ...]:
    """Read the pairs of `data/policy/series.yml`.

    Raises
    ------
    ConfigurationError
        If pairs lack a key or have another, or name an indicator or a way of showing that there
        is not; every fault is told at once.

    Examples
    --------
    >>> from tenglong.errors import ConfigurationError
    >>> try:
    ...     comparisons({"series": {"compared": [{"official": "x"}]}})
    ... except ConfigurationError as error:
    ...     error.faults[0]
    "policy series: compared[1]: the key 'name' is missing"
    """
    faults: list[str] = []
    pairs = []
    for number, raw in enumerate(policy["series"]["compared"], start=1):
        place, before = f"compared[{number}]", len(faults)
        pair = shaped(Pair, raw, place, faults, beside=("as",))
        if len(faults) == before:
            faults += _pair_faults(pair, raw, place)
        pairs.append((pair, raw))
    if faults:
        raise ConfigurationError.of_policy("series", faults)
    return tuple(
        Comparison(
            official=pair.official,
            name=pair.name,
            indicator=pair.computed.name,
            options=pair.computed.options,
            by=pair.by,
            shown=Shown(raw["as"]),
            unit=pair.unit,
        )
        for pair, raw in pairs
    )


def _pair_faults(pair: Pair, raw: Mapping[str, Any], place: str) -> Iterator[Fault]:
    name, said = pair.computed.name, raw.get("as")
    if name not in COMPUTED:
        yield Fault(
            f"there is no indicator {name!r}{did_you_mean(name, COMPUTED)}",
            f"没有指标“{name}”{is_it(name, COMPUTED)}",
            line=line_of(raw, "computed"),
            place=f"{place}.computed",
        )
    ways = [way.value for way in Shown]
    if said not in ways:
        yield Fault(
            f"must be one of {', '.join(ways)}, not {said!r}{did_you_mean(said, ways)}",
            f"应是 {'、'.join(ways)} 之一{is_it(said, ways)}",
            line=line_of(raw, "as") or line_of(raw),
            place=f"{place}.as",
        )


def compare(county: County) -> pd.DataFrame:
    """Hold the kit's own yearly figures against the published ones.

    A difference that rounding explains is none: of the published figure, by the digits that it
    is published with, and of the published figures that the computed one follows from.

    Returns
    -------
    DataFrame
        One row a pair and year that has either: `official` (the published indicator), `name`
        and `by` (`Label`s: what it is, and what it is computed by), `year`, `computed` and
        `published` in `unit`, `difference` (computed − published), `tolerance` (what rounding
        explains), and `reason`: `agree`, `differ`, `only_published`, `only_computed`, or of
        the published figures `contradictory` or `unit_unknown`.

    Examples
    --------
    >>> months = [f"{year}-{month:02d}" for year in (2020, 2021) for month in range(1, 13)]
    >>> county = example_county(
    ...     policy=load_policy(),
    ...     projects={"project_id": ["P"], "is_manufacturing": [True], "is_enclave": [False]},
    ...     project_months={"project_id": ["P"] * 24, "month": months,
    ...                     "invested_wan": [100.0] * 12 + [127.0] * 12},
    ...     official_series={"indicator": ["manufacturing_investment_growth_pct"],
    ...                      "period": ["2021"], "value": [26.0]})
    >>> shown = ["year", "computed", "published", "difference", "tolerance", "reason"]
    >>> found = compare(county)
    >>> found.loc[found["published"].notna(), shown].values.tolist()
    [[2021, 27.0, 26.0, 1.0, 0.5, 'differ']]
    """
    lines = [line for pair in comparisons(county.policy) for line in _lines(county, pair)]
    return pd.DataFrame(lines, columns=COLUMNS)


def _lines(county: County, pair: Comparison) -> list[tuple[object, ...]]:
    computed = _computed(county, pair)
    said, fault = _published(county, pair)
    lines = []
    for year in sorted({*computed, *said}):
        one, other = computed.get(year), said.get(year)
        difference = tolerance = None
        if one is not None and other is not None:
            difference, tolerance = one.value - other.value, one.tolerance(other)
        sides = (None if side is None else side.value for side in (one, other))
        shown = [as_float(value) for value in (*sides, difference, tolerance)]
        reason = fault or _reason(one, other)
        lines.append((pair.official, pair.name, pair.by, year, *shown, pair.unit, reason))
    return lines


def _reason(computed: Rounded | None, said: Rounded | None) -> str:
    if computed is None:
        return "only_published"
    if said is None:
        return "only_computed"
    return "agree" if computed.agrees(said) else "differ"


def _published(county: County, pair: Comparison) -> tuple[dict[int, Rounded], str]:
    """Give the published figures of full years, or why they cannot be used."""
    try:
        found = published(county, pair.official)
    except Unavailable:
        return {}, ""
    if isinstance(found, NotKnown):
        return {}, "" if found.code == "not_published" else "contradictory"
    years = [publication for publication in found if publication.period.grain is Grain.YEAR]
    if pair.unit == RATE:
        return {publication.period.year: publication.rounded for publication in years}, ""
    if any(_dimension(publication.unit) != _dimension(pair.unit) for publication in years):
        return {}, "unit_unknown"
    return {o.period.year: _in_unit(o.rounded, o.unit, pair.unit) for o in years}, ""


def _dimension(unit: str) -> str:
    return UNITS[unit][0] if unit in UNITS else ""


def _computed(county: County, pair: Comparison) -> dict[int, Rounded]:
    try:
        reading = COMPUTED[pair.indicator](county, **pair.options)
    except Unavailable:
        return {}
    match pair.shown:
        case Shown.TOTAL:
            values = _exactly(_totals(reading, county.as_of))
        case Shown.GROWTH_PCT:
            values = _exactly(_growth(_levels(reading)))
        case Shown.VALUE:
            values = _levels(reading)
    unit = pair.unit
    if pair.shown in (Shown.TOTAL, Shown.VALUE) and isinstance(reading, Series | Flow):
        unit = reading.unit
    return {year: _in_unit(one, unit, pair.unit) for year, one in values.items()}


def _in_unit(one: Rounded, unit: str, to: str) -> Rounded:
    return Rounded(*(convert(value, unit=unit, to=to) for value in (one.value, one.low, one.high)))


def _exactly(values: Mapping[int, Fraction]) -> dict[int, Rounded]:
    return {year: Rounded.exactly(value) for year, value in values.items()}


def _levels(reading: Reading) -> dict[int, Rounded]:
    """Give the figures of full years."""
    if not isinstance(reading, Series):
        return {}
    ends = {figure.end.year: figure for figure in reading.figures}
    return {
        year: Rounded(figure.value, *(figure.bounds or (figure.value, figure.value)))
        for year, figure in ends.items()
        if figure.value is not None and figure.end == period_of(str(year)).end
    }


def _growth(levels: Mapping[int, Rounded]) -> dict[int, Fraction]:
    return {
        year: (level.value / levels[year - 1].value - 1) * 100
        for year, level in levels.items()
        if year - 1 in levels and levels[year - 1].value
    }


def _totals(reading: Reading, as_of: date) -> dict[int, Fraction]:
    """Add dated amounts up by year; a year counts once it is known to its end."""
    if not isinstance(reading, Flow):
        return {}
    until = min(as_of, reading.known_until or as_of)
    years = {day.year for day, _ in reading.amounts if date(day.year, 12, 31) <= until}
    return {
        year: sum((x for day, x in reading.amounts if day.year == year), Fraction(0))
        for year in years
    }
