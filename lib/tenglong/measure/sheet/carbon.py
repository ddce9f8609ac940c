"""Energy and carbon as one page shows them: intensity, months, grades, factors, demand."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from tenglong.measure.board.board import assess_plan
from tenglong.measure.carbon.efficiency import carbon_levels
from tenglong.measure.carbon.energy import counting_effect, energy_demand
from tenglong.measure.carbon.fuels import Counting, fuel_mixes
from tenglong.measure.carbon.intensity import SCOPE, IntensityYear, intensity_years
from tenglong.measure.carbon.months import carbon_by_month
from tenglong.measure.carbon.pairs import paired_firms
from tenglong.measure.carbon.rule import CarbonRule, GridFactor, carbon_rule, grid_factor, grid_of
from tenglong.measure.clause import Label
from tenglong.measure.clearance.freed import FreedCarbon, freed_carbon, implied
from tenglong.measure.county import County, Unavailable, attempt
from tenglong.measure.exact import as_float, exact_sum
from tenglong.measure.firm.firms import industry_labels
from tenglong.measure.firm.places import PLACE, of_township, township_labels
from tenglong.measure.judge.assessment import Board
from tenglong.measure.policy.file import most_missing
from tenglong.measure.reading import NotKnown
from tenglong.measure.sheet.sheet import PageSheet

COLUMNS = ["firms_told", "lacking", "energy_tce", "net_co2_t", "value_added_wan", "l_t_per_wan"]


def carbon_totals(county: County) -> pd.DataFrame:
    """Sum energy, net CO₂ and value added of the rated firms by year.

    Formula: L = Σ net CO₂ / Σ value added; implied ratio = Σ net CO₂ / Σ energy at equal value.
    Sums are over the firms that tell all three; a year has none where more of the firms do not
    than `bands.yml` allows.

    Returns
    -------
    DataFrame
        By year: `year`, `firms_told`, `lacking`, `energy_tce`, `net_co2_t`, `value_added_wan`,
        `l_t_per_wan`, `t_per_tce` and `reason` of the last: `plausible`, `too_low`,
        `too_high` or `no_energy`, see `freed_carbon`, or `incomplete`.

    Raises
    ------
    Unavailable
        See `carbon_levels`.

    Examples
    --------
    >>> county = example_county(
    ...     policy=load_policy(), enterprises={"usci": ["A"], "industry": ["3441"]},
    ...     enterprise_years={"usci": ["A"], "year": [2021], "is_above_scale": [True],
    ...                       "coal_t": [100.0], "energy_tce": [71.43],
    ...                       "value_added_wan": [190.03]})
    >>> carbon_totals(county)[["l_t_per_wan", "t_per_tce", "reason"]].round(2).values.tolist()
    [[1.0, 2.66, 'plausible']]
    """
    plausible = carbon_rule(county.policy).plausible_t_per_tce
    lines = []
    for year, group in _with_energy(county).groupby("year"):
        sums = _sums(group, county)
        per_tce, reason = (None, "incomplete")
        if sums.is_complete:
            per_tce, reason = implied(sums.energy, sums.net, plausible)
        lines.append((year, *sums.cells, as_float(per_tce), reason))
    return pd.DataFrame(lines, columns=["year", *COLUMNS, "t_per_tce", "reason"])


def _with_energy(county: County) -> pd.DataFrame:
    """Give the rated firms with their energy at equal value, by fuels; missing where not known."""
    firms, mixes = carbon_levels(county), fuel_mixes(county)
    energy = [
        float(mixes[row].equal_tce) if mixes[row].is_full else float("nan") for row in firms.index
    ]
    return firms.assign(energy_tce=energy)


@dataclass(frozen=True)
class _Sums:
    """What a group of firms comes to."""

    firms: int
    lacking: int
    energy: Fraction
    net: Fraction
    value_added: Fraction
    is_complete: bool

    @property
    def cells(self) -> tuple[object, ...]:
        """The cells of `COLUMNS`; sums are missing where the group is not complete."""
        level = self.net / self.value_added if self.value_added > 0 else None
        sums = (self.energy, self.net, self.value_added, level)
        shown = sums if self.is_complete else [None] * len(sums)
        return self.firms, self.lacking, *map(as_float, shown)


def _sums(group: pd.DataFrame, county: County) -> _Sums:
    names = ("energy_tce", "net_co2_t", "value_added_wan")
    told = group[group[list(names)].notna().all(axis=1)]
    energy, net, added = (exact_sum(told[name]) for name in names)
    lacking = len(group) - len(told)
    most = most_missing(county.policy)
    is_complete = Fraction(lacking, len(group)) <= most
    return _Sums(len(told), lacking, energy, net, added, is_complete)


INDICATORS = ("intensity_change", "key_users_monitored", "freed")
UNRATED = "unrated"
WORST = 2  # grades that are listed firm by firm
Frame = pd.DataFrame | Unavailable
Years = Mapping[int, IntensityYear] | Unavailable


@dataclass(frozen=True, eq=False, repr=False)
class CarbonSheet(PageSheet):
    """Energy and carbon of a county, or of one township.

    Attributes
    ----------
    intensity, intensity_calorific
        Change against the baseline by year, electricity at equal and at calorific value; of
        the whole county. See `intensity_years`.
    unpaired
        The firms in scope that are in no pair of a year of the plan, see `paired_firms`, with
        `town`; the last years first.
    months
        See `carbon_by_month`.
    firms
        The rated firms of the last year, see `carbon_levels`, with `name`, `town` and `mix`:
        graded over the whole county, then cut.
    year
        That last year; None where there is none.
    by_industry
        Firms by industry and grade, with `unrated`; those with most of the worst first.
    worst, worst_t, worst_share
        The firms of the worst grades, the worst and largest first; their net CO₂, and what
        share of that of all rated ones it is.
    labels
        Names of the industries.
    totals, effect
        See `carbon_totals` and `counting_effect`.
    factors
        By year, the grid's factor that is used for it on the day; None where none was out.
        `used` gives each of them once, with its years.
    demand, freed
        See `energy_demand` and `freed_carbon`; `demand_tce` is the sum of the first.
    """

    intensity: Years
    intensity_calorific: Years
    unpaired: Frame
    months: Frame
    firms: Frame
    year: int | None
    by_industry: pd.DataFrame
    worst: pd.DataFrame
    worst_t: Fraction
    worst_share: Fraction | None
    labels: Mapping[str, Label]
    totals: Frame
    effect: Frame
    factors: Mapping[int, GridFactor | None]
    demand: Frame
    demand_tce: Fraction
    freed: FreedCarbon | Unavailable
    board: Board
    rule: CarbonRule

    @property
    def used(self) -> tuple[tuple[GridFactor, tuple[int, ...]], ...]:
        """Each factor that is used, with the years that it is used for."""
        years: dict[GridFactor, list[int]] = {}
        for year, factor in self.factors.items():
            if factor is not None:
                years.setdefault(factor, []).append(year)
        return tuple((factor, tuple(found)) for factor, found in years.items())


def carbon_sheet(whole: County, county: County) -> CarbonSheet:
    """Measure the energy and carbon of a county.

    Parameters
    ----------
    whole
        All of it: firms are graded against its industries, and cut to the county afterwards.
    county
        The county itself, or one of its townships (`places.within`).

    Examples
    --------
    >>> county = example_county(policy=load_policy())
    >>> str(carbon_sheet(county, county).firms)
    'enterprise_years'
    """
    rule = carbon_rule(whole.policy)
    code = county.township.code if county.township else ""
    firms = attempt(lambda one: of_township(_last_year(one), code), whole)
    known = _nothing() if isinstance(firms, Unavailable) else firms
    demand = attempt(energy_demand, county)
    names = [step.name for step in rule.grades]
    worst = known[known["grade"].isin(names[-WORST:])]
    return CarbonSheet(
        intensity=attempt(lambda one: _intensity(one, "equal"), whole),
        intensity_calorific=attempt(lambda one: _intensity(one, "calorific"), whole),
        unpaired=attempt(lambda one: of_township(_unpaired(one), code), whole),
        months=attempt(carbon_by_month, county),
        firms=firms,
        year=None if known.empty else int(known["year"].max()),
        by_industry=_by_industry(known, names),
        worst=worst.sort_values(["grade", "net_co2_t", "usci"], ascending=[False, False, True]),
        worst_t=exact_sum(worst["net_co2_t"]),
        worst_share=_share(worst["net_co2_t"], known["net_co2_t"]),
        labels=industry_labels(whole),
        totals=attempt(carbon_totals, county),
        effect=attempt(counting_effect, county),
        factors=_factors(whole),
        demand=demand,
        demand_tce=exact_sum([] if isinstance(demand, Unavailable) else demand["energy_tce"]),
        freed=attempt(freed_carbon, county),
        board=assess_plan(whole, indicators=INDICATORS),
        rule=rule,
    )


def _intensity(county: County, counting: Counting) -> Mapping[int, IntensityYear]:
    years = intensity_years(county, counting=counting)
    if isinstance(years, NotKnown):
        raise Unavailable(years.table or "official_series", years.column or None)
    return {one.year: one for one in years}


def _unpaired(county: County) -> pd.DataFrame:
    """Give the firms that are left out of the pairs of the plan's years, with their township."""
    firms = paired_firms(county, scope=SCOPE)
    window, years = county.plan.window, set(firms["year"])
    in_plan = firms["year"].between(window.start.year, window.end.year)
    has_before = (firms["year"] - 1).isin(years)
    left = firms[firms["reason"].notna() & in_plan & has_before]
    about = county.table("enterprises", "usci").drop_duplicates("usci").set_index("usci")
    places = left["usci"].map(about.get(PLACE, pd.Series(None, index=about.index, dtype="str")))
    left = left.assign(**{PLACE: places, "town": places.map(township_labels(county))})
    return left.sort_values(["year", "usci"], ascending=[False, True])


def _nothing() -> pd.DataFrame:
    return pd.DataFrame(columns=["usci", "year", "industry", "grade", "net_co2_t", "reason"])


def _last_year(county: County) -> pd.DataFrame:
    """Give the rated firms of the last year, with what people know them by."""
    levels = carbon_levels(county)
    last = levels[levels["year"] == levels["year"].max()]
    firms = county.table("enterprises", "usci").drop_duplicates("usci").set_index("usci")
    missing = pd.Series(None, index=firms.index, dtype="str")
    places = last["usci"].map(firms.get(PLACE, missing))
    mixes = fuel_mixes(county)
    about = {
        "name": last["usci"].map(firms.get("name", missing)).fillna(last["usci"]),
        PLACE: places,
        "town": places.map(township_labels(county)),
        "mix": [mixes[int(row)].code for row in last.index],
    }
    return pd.DataFrame(last.assign(**about))


def _by_industry(firms: pd.DataFrame, grades: list[str]) -> pd.DataFrame:
    columns = [*grades, UNRATED]
    made = pd.crosstab(firms["industry"].fillna(""), firms["grade"].fillna(UNRATED))
    made = made.reindex(columns=columns, fill_value=0).sort_index()
    return made.sort_values(list(reversed(grades)), ascending=False, kind="stable")


def _share(part: pd.Series, whole: pd.Series) -> Fraction | None:
    total = exact_sum(whole)
    return exact_sum(part) / total if total else None


def _factors(county: County) -> Mapping[int, GridFactor | None]:
    years = county.tables.get("enterprise_years", pd.DataFrame()).get("year")
    months = county.tables.get("enterprise_months", pd.DataFrame()).get("month")
    factors = set() if years is None else set(years.dropna().astype(int))
    factors |= set() if months is None else {month.year for month in months.dropna()}
    grid = grid_of(county.policy)
    return {year: grid_factor(grid, year=year, as_of=county.as_of) for year in sorted(factors)}
