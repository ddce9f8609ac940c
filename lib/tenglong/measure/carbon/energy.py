"""Energy: intensity at comparable prices, and whether key users are monitored."""

from datetime import date
from fractions import Fraction

from tenglong.measure.carbon.fuel_mix import firm_energy
from tenglong.measure.carbon.fuels import Counting
from tenglong.measure.county import County
from tenglong.measure.exact import exact
from tenglong.measure.firm.totals import members, totals
from tenglong.measure.reading import (
    Coverage,
    Evidence,
    Figure,
    Gap,
    NotKnown,
    Part,
    Reading,
    Series,
)
from tenglong.measure.title.series import yearly_rates

GROWTH = "value_added_growth_pct"


def intensity_change(
    county: County, *, scope: str = "above_scale_industry", counting: Counting = "equal"
) -> Reading:
    """Change of energy per value added since the baseline year, at comparable prices, in %.

    Formula: Π (1 + g_energy) / (1 + g_value_added) − 1 over the years since the baseline.
    g_energy is from the firms' own energy, over all firms of the scope in each year;
    g_value_added is the published growth at comparable prices (`value_added_growth_pct`).
    Nominal levels of different years are never divided. A year without either ends the chain.
    Source: domain convention, e.g. Hunan's 2008 bulletin.

    Parameters
    ----------
    counting
        `equal`: energy as reported, electricity at its equal value; `calorific`: from the
        fuels, electricity at its calorific value. One ratio never mixes the two.

    Examples
    --------
    >>> from tenglong.measure.example import example_county
    >>> from tenglong.source.policy import load_policy
    >>> county = example_county(
    ...     policy=load_policy(),
    ...     enterprises={"usci": ["A"], "industry": ["3441"]},
    ...     enterprise_years={"usci": ["A"] * 2, "year": [2020, 2021],
    ...                       "is_above_scale": [True] * 2, "energy_tce": [100.0, 104.5]},
    ...     official_series={"indicator": [GROWTH], "period": ["2021"], "value": [10.0]})
    >>> [float(figure.value) for figure in intensity_change(county).figures]
    [-5.0]
    """
    firms = members(county, "energy_tce", scope=scope)
    tce = firms["energy_tce"]
    if counting == "calorific":
        tce = firm_energy(county)["calorific_tce"][firms.index]
    most = exact(county.policy["bands"]["most_missing_share"])
    energy = totals(tce, firms["year"], most_missing=most)
    rates = yearly_rates(county, GROWTH)
    if isinstance(rates, NotKnown):
        return rates
    factor, figures = Fraction(1), []
    for year in range(county.plan.window.start.year, county.plan.window.end.year + 1):
        before, now, rate = energy.get(year - 1), energy.get(year), rates.get(year)
        if not before or now is None or rate is None or rate <= -100:  # noqa: PLR2004 - per cent
            break
        factor *= (now / before) / (1 + rate / 100)
        parts: dict[str, Part] = {
            "energy_tce": now,
            "energy_tce_before": before,
            "value_added_growth_pct": rate,
        }
        figures.append(Figure(date(year, 12, 31), (factor - 1) * 100, parts))
    published = county.table("official_series", "indicator")
    evidence = (
        Evidence("enterprise_years", firms[["usci", "year", "energy_tce"]]),
        Evidence("official_series", published[published["indicator"] == GROWTH]),
    )
    return Series(tuple(figures), "%", evidence=evidence)


def key_users_monitored(county: County, *, min_energy_tce: float) -> Reading:
    """Firms of this yearly energy use that are monitored online (24 小时监测), in 家.

    Judged by the last year known, energy at equal value; a firm on the line is a key user. A
    firm whose monitoring is not told counts as not monitored, and is counted among the parts;
    so is a firm whose energy is not known, which may be a key user or not.

    Examples
    --------
    >>> from tenglong.measure.example import example_county
    >>> county = example_county(enterprise_years={
    ...     "usci": ["A", "B", "C"], "year": [2021] * 3, "energy_tce": [1000.0, 2400.0, 999.9],
    ...     "is_energy_monitored": [True, False, True]})
    >>> reading = key_users_monitored(county, min_energy_tce=1000)
    >>> reading.done, reading.required
    (Fraction(1, 1), Fraction(2, 1))
    """
    frame = county.table("enterprise_years", "usci", "year", "energy_tce", "is_energy_monitored")
    latest = frame[(frame["year"] == frame["year"].max()).fillna(value=False).astype(bool)]
    users = latest[latest["energy_tce"] >= min_energy_tce]
    told = users["is_energy_monitored"]
    if told.isna().all() and len(users):
        return NotKnown(Gap.NO_DATA, "column_empty", "enterprise_years", "is_energy_monitored")
    parts: dict[str, Part] = {
        "monitoring_untold": int(told.isna().sum()),
        "energy_unknown": int(latest["energy_tce"].isna().sum()),
    }
    columns = ["usci", "year", "energy_tce", "is_energy_monitored"]
    return Coverage(
        Fraction(int(told.fillna(value=False).sum())),
        Fraction(len(users)),
        "家",
        parts=parts,
        evidence=(Evidence("enterprise_years", users[columns]),),
    )
