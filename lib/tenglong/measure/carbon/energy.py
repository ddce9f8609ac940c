"""Energy: whether key users are monitored, what its counting does, what new projects ask for."""

from datetime import date
from fractions import Fraction

import pandas as pd

from tenglong.measure.carbon.fuels import fuel_mixes
from tenglong.measure.carbon.rule import carbon_rule
from tenglong.measure.county import County
from tenglong.measure.doubt import at_least, cases_of, span
from tenglong.measure.exact import exact, exact_sum
from tenglong.measure.firm.firm_names import firm_names
from tenglong.measure.firm.ratios import members
from tenglong.measure.firm.scope import firm_blanks
from tenglong.measure.policy.duty import opened
from tenglong.measure.reading import (
    Coverage,
    Evidence,
    Gap,
    NotKnown,
    Part,
    Reading,
)
from tenglong.measure.row import preliminary_end, surely


def key_users_monitored(county: County, *, min_energy_tce: float) -> Reading:
    """Firms of this yearly energy use that are monitored online (24 小时监测), in 家.

    Judged by the last year known, energy at equal value; a firm on the line is a key user. A
    firm whose monitoring is not told counts as not monitored, and is counted among the parts;
    so is a firm whose energy is not known, which may be a key user or not.

    Examples
    --------
    >>> county = example_county(enterprise_years={
    ...     "usci": ["A", "B", "C"], "year": [2021] * 3, "energy_tce": [1000.0, 2400.0, 999.9],
    ...     "is_energy_monitored": [True, False, True]})
    >>> reading = key_users_monitored(county, min_energy_tce=1000)
    >>> reading.done, reading.required
    (Fraction(1, 1), Fraction(2, 1))
    """
    frame = county.table("enterprise_years", "usci", "year", "energy_tce", "is_energy_monitored")
    latest = frame[surely(frame["year"] == frame["year"].max())]
    users = latest[latest["energy_tce"] >= min_energy_tce]
    told = users["is_energy_monitored"]
    if told.isna().all() and len(users):
        return NotKnown(Gap.NO_DATA, "column_empty", "enterprise_years", "is_energy_monitored")
    parts: dict[str, Part] = {
        "monitoring_untold": int(told.isna().sum()),
        "energy_unknown": int(latest["energy_tce"].isna().sum()),
    }
    decisive = ("energy_tce", "is_energy_monitored")
    unwatched = users[~surely(told)]
    names = firm_names(county, unwatched["usci"])
    without = [
        (str(name), date(int(year), 12, 31))
        for name, year in zip(names, unwatched["year"], strict=True)
    ]
    inside, flags = at_least(latest["energy_tce"], min_energy_tce), latest["is_energy_monitored"]
    open_ = inside.isna() | (surely(inside) & flags.isna())
    sure = surely(inside) & ~open_
    counted = Fraction(int(surely(flags)[sure].sum())), Fraction(int(sure.sum()))
    cases = [
        cases_of(flag, is_sure=bool(is_sure))
        for flag, is_sure in zip(flags[open_], surely(inside)[open_], strict=True)
    ]
    low, high = span(counted, cases)
    return Coverage(
        Fraction(int(surely(told).sum())),
        Fraction(len(users)),
        "家",
        opened=opened(county.policy, "key_users_monitored", without),
        preliminary=preliminary_end(latest),
        parts=parts,
        evidence=(Evidence("enterprise_years", users[["usci", "year", *decisive]]),),
        blanks=firm_blanks(county, latest[open_], *decisive),
        low=low,
        high=high,
    )


COUNTED = ["year", "firms", "lacking", "equal_tce", "calorific_tce", "key_equal", "key_calorific"]


def counting_effect(county: County) -> pd.DataFrame:
    """Sum the energy of the rated firms in both ways, and count the key users (重点用能企业).

    Returns
    -------
    DataFrame
        By year: `year`, `firms` (whose fuels are known in full), `lacking` (the others; in no
        sum), `equal_tce`, `calorific_tce`, and `key_equal`, `key_calorific`: firms from the
        policy's line up (`two_high.yml`, `min_energy_tce`).

    Raises
    ------
    Unavailable
        If it is not told which firms are in the scope of `carbon.yml`.

    Examples
    --------
    >>> county = example_county(
    ...     policy=load_policy(), enterprises={"usci": ["A"], "industry": ["3441"]},
    ...     enterprise_years={"usci": ["A"], "year": [2021], "is_above_scale": [True],
    ...                       "electricity_10k_kwh": [400.0], "energy_tce": [1200.0]})
    >>> counting_effect(county)[["equal_tce", "calorific_tce", "key_equal", "key_calorific"]
    ...     ].values.tolist()
    [[1200.0, 491.6, 1.0, 0.0]]
    """
    firms = members(county, "energy_tce", scope=carbon_rule(county.policy).scope)
    least = exact(county.policy["two_high"]["min_energy_tce"])
    mixes = fuel_mixes(county)
    lines = []
    for year, rows in firms.groupby("year"):
        known = [mixes[row] for row in rows.index if mixes[row].is_full]
        equal, calorific = [m.equal_tce for m in known], [m.calorific_tce for m in known]
        sums = (float(sum(values, Fraction(0))) for values in (equal, calorific))
        keys = (sum(value >= least for value in values) for values in (equal, calorific))
        lines.append((year, len(known), len(rows) - len(known), *sums, *keys))
    return pd.DataFrame(lines, columns=COUNTED)


DEMANDED = ["kind", "projects", "energy_tce", "energy_unknown"]


def energy_demand(county: County) -> pd.DataFrame:
    """Sum the yearly energy that projects started inside the plan's window ask for.

    The plan wants freed energy used for new industries, for what completes chains and for
    technical upgrading (政策3); no table says which project was given what, so this is demand,
    to be held against what was freed.

    Returns
    -------
    DataFrame
        By kind of project (missing where it is not told; last): `kind`, `projects`,
        `energy_tce` (at equal value, of those that tell it; missing where none does),
        `energy_unknown` (projects).

    Raises
    ------
    Unavailable
        If projects do not tell their kind, their start or their energy.

    Examples
    --------
    >>> county = example_county(projects={
    ...     "project_id": ["P", "Q"], "kind": ["new", "new"], "energy_tce": [480.0, None],
    ...     "started_on": ["2021-07-08", "2022-01-10"]})
    >>> energy_demand(county).values.tolist()
    [['new', 2, 480.0, 1]]
    """
    frame = county.table("projects", "kind", "started_on", "energy_tce")
    window = county.plan.window
    days = frame["started_on"].between(pd.Timestamp(window.start), pd.Timestamp(window.end))
    lines = [
        (
            kind,
            len(group),
            _told(group["energy_tce"]),
            int(group["energy_tce"].isna().sum()),
        )
        for kind, group in frame[days].groupby("kind", dropna=False)
    ]
    return pd.DataFrame(lines, columns=DEMANDED)


def _told(energy: "pd.Series[float]") -> float:
    return float(exact_sum(energy)) if energy.notna().any() else float("nan")
