"""What a page says of an evaluation: who stands where, what moved and why, what follows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import isnan
from typing import Any

import pandas as pd

from tenglong.measure.county import County, Unavailable
from tenglong.measure.evaluation.areas import benchmarked
from tenglong.measure.evaluation.evaluated import Evaluation
from tenglong.measure.evaluation.evaluation import evaluate
from tenglong.measure.evaluation.movement import explained
from tenglong.measure.evaluation.reviewed import (
    GradeMeasure,
    Held,
    Review,
    grades_of,
    low_grades,
    of_grades,
)
from tenglong.measure.exact import exact, exact_sum, ratio
from tenglong.measure.firm.firms import firm_years
from tenglong.measure.firm.members import industry_labels
from tenglong.measure.firm.places import of_township, township_labels, township_named
from tenglong.measure.policy.file import policy_file

NOTHING = pd.DataFrame()


@dataclass(frozen=True)
class GradeMeasures:
    """The file `grade_measures.yml`."""

    measures: Mapping[str, GradeMeasure] = field(default_factory=dict)


def review(county: County, *, scheme: str, year: int = 0, township: str = "") -> Review:
    """Evaluate a year, and compare it with the year before, for a page.

    Parameters
    ----------
    year
        0 is the last year of which figures are known.
    township
        By code or name; only its firms are kept, once all of the county has been ranked.

    What was not supplied is told in `lacking`.

    Raises
    ------
    UsageError
        If there is no such township.

    >>> from tenglong.measure.example import example_county
    >>> from tenglong.source.policy import load_policy
    >>> review(example_county(policy=load_policy()), scheme="default").lacking
    Unavailable('enterprise_years')
    """
    code = township_named(county, township).code if township else ""
    common = _common(county)
    try:
        chosen = year or _last_year(county)
        now = evaluate(county, year=chosen, scheme=scheme)
    except Unavailable as lacking:
        return Review(year, None, NOTHING, NOTHING, NOTHING, lacking=lacking, **common)
    before = _before(county, now, scheme)
    shown = replace(now, frame=of_township(now.frame, code))
    moves = NOTHING if before is None else explained(now, before)
    firms = _firms(county, shown, moves)
    return Review(
        chosen,
        now,
        firms=firms,
        low=held(of_grades(firms, low_grades(grades_of(now)))),
        moves=of_township(moves, code),
        areas=benchmarked(county, shown),
        tax_per_mu=tuple(_tax_per_mu(firms[firms["rank"].notna()])),
        has_before=before is not None,
        **common,
    )


def _common(county: County) -> dict[str, Any]:
    """Give what a review has whether or not there is an evaluation."""
    follows = policy_file(GradeMeasures, county.policy, "grade_measures").measures
    limits = county.policy["parcel_measures"]["measures"]["tax_per_mu"]["limits"]
    return {
        "townships": township_labels(county),
        "industries": industry_labels(county),
        "measures": tuple(follows.values()),
        "limits": tuple(map(exact, limits)),
    }


def _tax_per_mu(firms: pd.DataFrame) -> Iterator[Fraction]:
    for tax, land in zip(firms["tax_wan"], firms["land_mu"], strict=True):
        if not isnan(tax) and land > 0:
            yield exact(tax) / exact(land)


def held(firms: pd.DataFrame) -> Held:
    """Add up what firms hold: `tax_wan` over `land_mu`, of those that tell both.

    >>> firms = pd.DataFrame({"tax_wan": [3.0, None], "land_mu": [6.0, 2.0]})
    >>> held(firms).tax_per_mu, held(firms).firms_lacking
    (Fraction(1, 2), 1)
    """
    both = firms[firms[["tax_wan", "land_mu"]].notna().all(axis=1)]
    tax, land = exact_sum(both["tax_wan"]), exact_sum(both["land_mu"])
    return Held(len(firms), land, tax, ratio(tax, land), len(firms) - len(both))


def _last_year(county: County) -> int:
    years = county.table("enterprise_years", "year")["year"].dropna()
    if years.empty:
        raise Unavailable("enterprise_years", "year")
    return int(years.max())


def _before(county: County, now: Evaluation, scheme: str) -> Evaluation | None:
    try:
        return evaluate(county, year=now.year - 1, scheme=scheme)
    except Unavailable:
        return None


def _firms(county: County, evaluation: Evaluation, moves: pd.DataFrame) -> pd.DataFrame:
    years = firm_years(county)
    of_year = years[years["year"] == evaluation.year].set_index("usci")[["tax_wan", "land_mu"]]
    frame = evaluation.frame.join(of_year, on="usci").join(weakest(evaluation))
    frame["tax_wan_per_mu"] = (frame["tax_wan"] / frame["land_mu"]).where(frame["land_mu"] > 0)
    before = {} if moves.empty else dict(zip(moves["usci"], moves["grade_before"], strict=True))
    return frame.assign(grade_before=frame["usci"].map(before).astype("str"))


def weakest(evaluation: Evaluation) -> pd.DataFrame:
    """Say on which part each firm lost the most points: weight − points.

    Returns
    -------
    DataFrame
        By the rows of the evaluation: `weakest`, the part; `lost`, in points; missing where a
        firm reached the benchmark on every part, or has no points.

    >>> from tenglong.measure.example import example_county
    >>> from tenglong.source.policy import load_policy
    >>> firms = {"usci": ["a"], "industry": ["33"], "name": ["甲"]}
    >>> county = example_county(policy=load_policy(), enterprises=firms, enterprise_years={
    ...     "usci": ["a"], "year": 2021, "is_above_scale": False, "land_mu": [4.0],
    ...     "tax_paid_wan": [23.1864], "electricity_10k_kwh": [9.0]})
    >>> weakest(evaluate(county, year=2021, scheme="huangyan-2022")).values.tolist()
    [['tax_per_mu', 25.0]]
    """
    found = [_weakest(evaluation, row) for row in evaluation.frame.to_dict("records")]
    frame = pd.DataFrame(found, columns=["weakest", "lost"], index=evaluation.frame.index)
    return frame.astype({"weakest": "str", "lost": "float64"})


def _weakest(evaluation: Evaluation, row: Mapping[Any, Any]) -> tuple[str | None, float | None]:
    if pd.isna(row["population"]):
        return None, None
    parts = evaluation.scheme.populations[row["population"]].parts
    lost = {
        name: float(part.weight - exact(row[f"points_{name}"]))
        for name, part in parts.items()
        if not pd.isna(row[f"points_{name}"])
    }
    name = max(lost, key=lambda part: lost[part], default=None)
    return (name, lost[name]) if name is not None and lost[name] > 0 else (None, None)
