"""Indicators of an evaluation for the county, its townships or industries: ratios of sums."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pandas as pd

from tenglong.measure.county import County, Unavailable
from tenglong.measure.evaluation.amounts import Amounts
from tenglong.measure.evaluation.outcome import Evaluation
from tenglong.measure.evaluation.register import Register
from tenglong.measure.evaluation.scheme import Sites
from tenglong.measure.exact import as_float, exact, ratio
from tenglong.measure.policy.column import Rows
from tenglong.measure.policy.file import most_missing

COLUMNS = ("population", "indicator", "numerator", "denominator", "value", "firms", "firms_lacking")
BENCHMARKED = ("population", "part", "indicator", "weight", "value", "benchmark", "share")


def area_values(county: County, evaluation: Evaluation, *, by: str | None = None) -> pd.DataFrame:
    """Σ numerator / Σ denominator of every indicator over the firms that are evaluated.

    Parameters
    ----------
    by
        A column of the evaluation's frame that divides the firms (`township`, `industry`,
        `group` …); none for the county as a whole.

    Returns
    -------
    DataFrame
        One row an area, population and indicator: `by` (where given), `population`,
        `indicator`, `numerator`, `denominator`, `value`, `firms` that have both, and
        `firms_lacking`. There is no value where more of the firms lack data than the policy
        allows (`bands.yml`), or the denominators add up to zero; no row where the indicator
        cannot be added up or nothing of it was supplied. Firms of a merged site stand where
        they are themselves.

    >>> from tenglong.measure.evaluation.ranking import evaluate
    >>> firms = {"usci": ["a", "b"], "industry": ["33", "34"], "township": ["t", "t"]}
    >>> county = example_county(policy=load_policy(), enterprises=firms, enterprise_years={
    ...     "usci": ["a", "b"], "year": 2021, "is_above_scale": False, "land_mu": [1.0, 3.0],
    ...     "tax_paid_wan": [30.0, 10.0]})
    >>> of_year = evaluate(county, year=2021, scheme="huangyan-2022")
    >>> found = area_values(county, of_year, by="township")
    >>> found.loc[found["indicator"] == "tax_per_mu", ["township", "value"]].values.tolist()
    [['t', 10.0]]
    """
    frame = evaluation.frame
    is_out = frame["why"].map(lambda codes: any(_leaves_out(code) for code in codes))
    members = frame[frame["population"].notna() & ~is_out.astype(bool)]
    register = Register(county, replace(evaluation.scheme, sites=Sites.APART), evaluation.year)
    head = [] if by is None else [by]
    rows = [
        {**dict(zip((*head, "population"), _key(key), strict=True)), **values}
        for key, group in members.groupby([*head, "population"], sort=True)
        for values in _values(
            register, register.codes.get_indexer(pd.Index(group["usci"], dtype="object"))
        )
    ]
    return pd.DataFrame(rows, columns=[*head, *COLUMNS])


def benchmarked(county: County, evaluation: Evaluation) -> pd.DataFrame:
    """Set the ratio of sums of every part of the score beside the part's benchmark.

    Returns
    -------
    DataFrame
        One row a part of a population that has firms: `population`, `part`, `indicator`,
        `weight`, `value`, `benchmark`, `share` (value / benchmark), `firms`, `firms_lacking`;
        missing where there is no such figure.

    >>> from tenglong.measure.evaluation.ranking import evaluate
    >>> firms = {"usci": ["a", "b"], "industry": ["33", "34"]}
    >>> county = example_county(policy=load_policy(), enterprises=firms, enterprise_years={
    ...     "usci": ["a", "b"], "year": 2021, "is_above_scale": False, "land_mu": [1.0, 3.0],
    ...     "tax_paid_wan": [13.1864, 10.0], "electricity_10k_kwh": [2.0, 3.0]})
    >>> found = benchmarked(county, evaluate(county, year=2021, scheme="huangyan-2022"))
    >>> found.loc[found["part"] == "tax_per_mu", ["value", "benchmark", "share"]].values.tolist()
    [[5.7966, 11.5932, 0.5]]
    """
    rows = area_values(county, evaluation).to_dict("records")
    by_key = {(row["population"], row["indicator"]): row for row in rows}
    found = []
    peopled = {population for population, _ in by_key}
    for one in (each for each in evaluation.benchmarks if each.population in peopled):
        part = evaluation.scheme.populations[one.population].parts[one.part]
        indicator = part.indicator or one.part
        row = by_key.get((one.population, indicator), {})
        value = None if pd.isna(row.get("value")) else exact(row["value"])
        share = None if value is None or not one.value else value / one.value
        numbers = map(as_float, (one.weight, value, one.value, share))
        counts = (row.get("firms", 0), row.get("firms_lacking", 0))
        found.append((one.population, one.part, indicator, *numbers, *counts))
    return pd.DataFrame(found, columns=[*BENCHMARKED, "firms", "firms_lacking"])


def _leaves_out(code: str) -> bool:
    return code == "closed" or code.startswith("excluded:")


def _key(key: Any) -> tuple[Any, ...]:
    return key if isinstance(key, tuple) else (key,)


def _values(register: Register, firms: Rows) -> Iterator[dict[str, Any]]:
    most = most_missing(register.county.policy)
    for name, rule in register.scheme.indicators.items():
        if rule.numerator is None:
            continue
        try:
            amounts = register.amounts(name)
        except Unavailable:
            continue
        yield {"indicator": name, **_sums(amounts.take(firms), most)}


def _sums(amounts: Amounts, most: Fraction) -> dict[str, float | int | None]:
    both, firms = amounts.have_both, len(amounts.scored)
    top, bottom = (
        Fraction(0) if column is None else column.take(both).numbers().total()
        for column in (amounts.numerators, amounts.denominators)
    )
    lacking = firms - int(both.sum())
    value = None if Fraction(lacking, firms) > most else ratio(top, bottom)
    return {
        "numerator": float(top),
        "denominator": float(bottom),
        "value": None if value is None else float(value),
        "firms": firms - lacking,
        "firms_lacking": lacking,
    }
