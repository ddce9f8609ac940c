"""What moved between two evaluations: ranks and grades."""

from collections.abc import Mapping, Sequence
from math import isnan
from typing import Any

import pandas as pd

from tenglong.measure.evaluation.evaluated import Evaluation

COMPARED = ("group", "rank", "of", "grade")
ABOUT = ("name", "township", "industry", "population")
TOLD = ("population", "score", "why")
Row = Mapping[Any, Any]


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


def explained(now: Evaluation, before: Evaluation) -> pd.DataFrame:
    """Say of every move who the firm is, and which part of the score drove it.

    Returns
    -------
    DataFrame
        The rows of `moved`, with `name`, `township`, `industry` and `population` where known
        (of the year before for a firm that is gone); `population`, `score` and `why`, each
        also with `_before`; `score_change`, and `driver`, the part whose points moved most in the
        direction of the score, with `driver_change`, in points. A firm that was scored as one
        of another population has none of these three.

    >>> from tenglong.measure.evaluation.evaluation import evaluate
    >>> from tenglong.measure.example import example_county
    >>> from tenglong.source.policy import load_policy
    >>> county = example_county(
    ...     policy=load_policy(), enterprises={"usci": ["a"], "industry": ["33"]},
    ...     enterprise_years={"usci": ["a"] * 2, "year": [2020, 2021], "is_above_scale": False,
    ...         "land_mu": 5.0, "tax_paid_wan": [9.0, 20.5932], "electricity_10k_kwh": [9.0, 90.0]})
    >>> now, before = (evaluate(county, year=year) for year in (2021, 2020))
    >>> explained(now, before)[["driver", "driver_change"]].round(2).values.tolist()
    [['tax_per_kwh', -163.94]]
    """
    later, earlier = (one.frame.set_index("usci", drop=False) for one in (now, before))
    frame = moved(now, before).set_index("usci", drop=False)
    for name in (column for column in ABOUT if column in later and column in earlier):
        was = earlier[name].reindex(frame.index)
        frame[name] = later[name].reindex(frame.index).fillna(was)
    for name in TOLD:
        frame[f"{name}_before"] = earlier[name].reindex(frame.index)
    frame[["score", "why"]] = later[["score", "why"]].reindex(frame.index)
    is_same = frame["population"].eq(frame["population_before"]).fillna(value=False).astype(bool)
    frame["score_change"] = (frame["score"] - frame["score_before"]).where(is_same)
    sheets = [{row["usci"]: row for row in one.to_dict("records")} for one in (later, earlier)]
    driven = [_driver(now, *(sheet.get(usci) for sheet in sheets)) for usci in frame.index]
    frame["driver"] = pd.Series([part for part, _ in driven], index=frame.index, dtype="str")
    changes = [points for _, points in driven]
    frame["driver_change"] = pd.Series(changes, index=frame.index, dtype="float64")
    return frame.reset_index(drop=True)


def _driver(now: Evaluation, row: Row | None, was: Row | None) -> tuple[str | None, float | None]:
    """Give the part whose points moved most in the direction of the score."""
    if row is None or was is None or row["population"] not in now.scheme.populations:
        return None, None
    change = row["score"] - was["score"]
    if row["population"] != was["population"] or isnan(change) or change == 0:
        return None, None
    columns = [(name, f"points_{name}") for name in now.scheme.populations[row["population"]].parts]
    moves = {name: row[column] - was[column] for name, column in columns}
    known = {name: points for name, points in moves.items() if not isnan(points)}
    part = (max if change > 0 else min)(known, key=lambda name: known[name], default=None)
    return part, None if part is None else known[part]
