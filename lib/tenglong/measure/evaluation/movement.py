"""What moved between two evaluations: ranks and grades."""

from collections.abc import Sequence

import pandas as pd

from tenglong.measure.evaluation.evaluated import Evaluation

COMPARED = ("group", "rank", "of", "grade")


def moved(now: Evaluation, before: Evaluation) -> pd.DataFrame:
    """Compare every firm's rank and grade with those of an evaluation before.

    Returns
    -------
    DataFrame
        One row a firm of either, by code: `usci`; `group`, `rank`, `of` and `grade`, each also
        with `_before`; `rank_change` (places won; missing where it was ranked in another
        group); `grade_change`: `better`, `worse`, `same`, `new` (not evaluated before), `gone`
        (no longer), `other` (one of the two is no grade of the ranking).

    >>> from tenglong.measure.evaluation.evaluation import evaluate
    >>> from tenglong.measure.example import example_county
    >>> from tenglong.source.policy import load_policy
    >>> county = example_county(
    ...     policy=load_policy(), enterprises={"usci": ["a", "b"], "industry": ["33", "34"]},
    ...     enterprise_years={"usci": ["a", "b"] * 2, "year": [2020] * 2 + [2021] * 2,
    ...         "is_above_scale": False, "land_mu": 4.0, "tax_paid_wan": [1.0, 2.0, 3.0, 2.0],
    ...         "electricity_10k_kwh": 9.0})
    >>> now, before = (evaluate(county, year=year) for year in (2021, 2020))
    >>> moved(now, before)[["usci", "rank_before", "rank", "rank_change"]].values.tolist()
    [['a', 2, 1, 1], ['b', 1, 2, -1]]
    """
    earlier = before.frame.set_index("usci")[[*COMPARED]].add_suffix("_before")
    later = now.frame.set_index("usci")[["population", *COMPARED]]
    both = earlier.join(later, how="outer").sort_index()
    is_peer = (both["group"] == both["group_before"]).fillna(value=False).astype(bool)
    change = both["rank_before"] - both["rank"]
    both["rank_change"] = change.where(is_peer, pd.NA)
    both["grade_change"] = [
        _change(now, population, is_new=usci not in earlier.index, grades=grades)
        for usci, population, *grades in both[["population", "grade_before", "grade"]]
        .fillna("")
        .itertuples()
    ]
    compared = [f"{name}{when}" for name in COMPARED for when in ("_before", "")]
    return both[[*compared, "rank_change", "grade_change"]].reset_index()


def _change(now: Evaluation, population: str, *, is_new: bool, grades: Sequence[str]) -> str:
    """Say how a grade changed; "" for a population is a firm that is no longer evaluated."""
    if is_new:
        return "new"
    if not population:
        return "gone"
    was, has = grades
    if was == has:
        return "same"
    order = now.grades(population)
    if was not in order or has not in order:
        return "other"
    return "better" if order.index(has) < order.index(was) else "worse"
