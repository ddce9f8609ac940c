"""Evaluations of a few firms by a scheme that is written out where it is used."""

from collections.abc import Mapping
from fractions import Fraction

import numpy as np
import pandas as pd

from build import POLICY, county
from tenglong.measure.county import County
from tenglong.measure.evaluation.amounts import Amounts
from tenglong.measure.evaluation.codes import CodeColumn
from tenglong.measure.evaluation.outcome import Evaluation
from tenglong.measure.evaluation.part import PartPoints
from tenglong.measure.evaluation.ranking import evaluate
from tenglong.measure.evaluation.scheme import Better
from tenglong.measure.evaluation.spread import Spread
from tenglong.measure.policy.column import Column

FIRM = ("name", "township", "industry", "registered_on", "closed_on")
TAX = {"name": {"zh": "亩均税收", "en": "Tax per mu"}, "numerator": "tax_wan"}
TAX_PER_MU = {**TAX, "unit": "万元/亩", "denominator": "land_mu"}
# A name, one part, and two populations of it.
NAME = {"zh": "试", "en": "t"}
PART = {"tax_per_mu": {"weight": 100, "benchmark": 10}}
TWO = {
    "large": {"name": NAME, "scope": "above_scale_industry", "parts": PART},
    "all": {"name": NAME, "parts": PART},
}
ABCD = [
    {"grade": "A", "to_pct": 20},
    {"grade": "B", "to_pct": 80},
    {"grade": "C", "to_pct": 95},
    {"grade": "D"},
]


def scheme(parts=None, *, population=None, **keys) -> dict:
    """Give a scheme of one population: tax per mu against 10, 100 points, unless told."""
    return {
        "name": {"zh": "试验", "en": "test"},
        "source": "试验",
        "indicators": {"tax_per_mu": TAX_PER_MU, **keys.pop("indicators", {})},
        "populations": {
            "all": {
                "name": {"zh": "全部", "en": "all"},
                "parts": parts or {"tax_per_mu": {"weight": 100, "benchmark": 10}},
                **(population or {}),
            }
        },
        **keys,  # `populations` too, where there are several
    }


def firm_county(firms: Mapping[str, Mapping], rules: dict | None = None, **tables) -> County:
    """Give a county of these firms in 2021 (or their own `year`): columns by firm.

    A firm may give a list of years; what belongs to the firm itself is taken from the first.
    """
    years = [
        {"usci": firm, "year": 2021, "land_mu": 1.0, "is_above_scale": False, **row}
        for firm, rows in firms.items()
        for row in (rows if isinstance(rows, list) else [rows])
    ]
    frame = pd.DataFrame(years)
    about = frame.reindex(columns=["usci", *FIRM]).drop_duplicates("usci").dropna(axis=1, how="all")
    about["industry"] = about["industry"].fillna("33") if "industry" in about else "33"
    frame = frame.drop(columns=[name for name in FIRM if name in frame])
    policy = tables.pop("policy", {})
    if rules is not None:
        policy = {**policy, "schemes": {**POLICY["schemes"], "test": rules}}
    return county(
        "2024-06-30",
        policy=policy,
        is_declared=True,
        enterprises=about.to_dict("list"),
        enterprise_years=frame.to_dict("list"),
        **tables,
    )


def evaluated(firms: Mapping[str, Mapping], rules: dict | None = None, **tables) -> Evaluation:
    """Evaluate these firms in 2021."""
    return evaluate(firm_county(firms, rules, **tables), year=2021, scheme="test")


def column(evaluation: Evaluation, name: str) -> dict:
    """Give a column of the sheet by firm; missing is None."""
    cells = evaluation.frame.set_index("usci")[name]
    return {firm: None if _is_missing(cell) else cell for firm, cell in cells.items()}


def _is_missing(cell) -> bool:
    return not isinstance(cell, tuple) and bool(pd.isna(cell))


def taxes(*amounts, **more) -> dict[str, dict]:
    """Give firms a, b, c … that pay so much on one mu."""
    return {
        firm: {"tax_paid_wan": amount, **more}
        for firm, amount in zip("abcdefghijklmnopqrstuvwxyz", amounts, strict=False)
    }


def fractions(*values) -> Column:
    """Give a column of exact numbers; None is not known."""
    return Column.of([None if value is None else Fraction(value) for value in values])


def amounts(*rows) -> Amounts:
    """Give an indicator of firms: their numerators, denominators and values."""
    numerators, denominators, values = (fractions(*cells) for cells in zip(*rows, strict=True))
    gaps = np.where(values.is_known, 0, 1).astype(np.int8)
    return Amounts(values, gaps, numerators, denominators)


def spread(*values, better=Better.HIGHER, before=()) -> Spread:
    """Give the spread of values that are no ratios, and those of the year before."""
    now, earlier = (
        Amounts(fractions(*some), np.zeros(len(some), np.int8)) for some in (values, before)
    )
    return Spread(now, better, lambda: earlier)


def points(*of_parts) -> list[PartPoints]:
    """Give what one firm got on parts; None is not known, "out" is left out."""
    return [
        PartPoints(
            fractions(None if one == "out" else one), CodeColumn(1), np.array([one == "out"])
        )
        for one in of_parts
    ]
