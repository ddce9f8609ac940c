"""The sheet of an evaluation: one row a firm, from its facts to its grade."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pandas as pd

from tenglong.measure.county import Unavailable
from tenglong.measure.evaluation.adjustment import Adjustment
from tenglong.measure.evaluation.register import Amount
from tenglong.measure.evaluation.roll import Roll
from tenglong.measure.evaluation.score import Score
from tenglong.measure.evaluation.verdict import Verdict

ABOUT = ("name", "township", "industry")
TOTALS = ("points", "bonus", "score")
UNSCORED = Score(None, None, None)
Row = dict[str, Any]


def sheet(
    roll: Roll,
    scores: Mapping[str, Score],
    judged: Mapping[str, Verdict],
    adjusted: Mapping[str, Adjustment],
) -> pd.DataFrame:
    """Give the frame of an `Evaluation`; see there for its columns."""
    amounts = _amounts(roll)
    about = _about(roll)
    rows = [
        {
            "usci": firm,
            **about[firm],
            "year": roll.register.year,
            "site": lead,
            "population": roll.standings[lead].population or None,
            **{name: _number(found[lead].value) for name, found in amounts.items()},
            **_scored(scores.get(lead, UNSCORED)),
            **_graded(scores.get(lead, UNSCORED), verdict, adjusted.get(firm)),
            "warnings": _warnings(roll, lead, scores.get(lead, UNSCORED), verdict),
        }
        for lead, verdict in judged.items()
        for firm in roll.register.members[lead]
    ]
    return _typed(pd.DataFrame(rows, columns=_columns(roll)).iloc[_order(roll, rows)])


def _amounts(roll: Roll) -> dict[str, Mapping[str, Amount]]:
    """Give the indicators that can be computed at all; the others are noted as lacking."""
    found = {}
    for name in roll.scheme.indicators:
        try:
            found[name] = roll.register.amounts(name)
        except Unavailable as lacking:
            roll.lacks(name, lacking)
    return found


def _about(roll: Roll) -> Mapping[str, Row]:
    frame = roll.register.frame().set_index("usci")
    frame = frame[[column for column in ABOUT if column in frame]]
    return {str(usci): dict(row) for usci, row in frame.iterrows()}


def _columns(roll: Roll) -> list[str]:
    known = roll.register.frame().columns
    parts = {name: None for one in roll.scheme.populations.values() for name in one.parts}
    return [
        "usci",
        *(column for column in ABOUT if column in known),
        "year",
        "site",
        "population",
        "group",
        *roll.scheme.indicators,
        *(f"points_{name}" for name in parts),
        *TOTALS,
        "rank",
        "of",
        "ranked_grade",
        "grade",
        "why",
        "warnings",
    ]


def _scored(score: Score) -> Row:
    parts = {f"points_{name}": _number(points) for name, points in score.parts.items()}
    return {**parts, **{name: _number(getattr(score, name)) for name in TOTALS}}


def _graded(score: Score, verdict: Verdict, adjustment: Adjustment | None) -> Row:
    why = (*score.codes, *verdict.codes)
    grade = verdict.grade
    if adjustment is not None:
        grade, why = adjustment.grade, (*why, f"adjusted:{adjustment.reason}")
    place = verdict.place
    return {
        "group": verdict.group or None,
        "rank": None if place is None else place.rank,
        "of": None if place is None else place.of,
        "ranked_grade": verdict.ranked_grade or None,
        "grade": grade or None,
        "why": why,
    }


def _warnings(roll: Roll, lead: str, score: Score, verdict: Verdict) -> tuple[str, ...]:
    place, least = verdict.place, roll.scheme.grading.small_group
    small = ("small_group",) if place is not None and place.of < least else ()
    return (*verdict.doubts, *score.doubts, *small, *_incomplete(roll, lead))


def _incomplete(roll: Roll, lead: str) -> tuple[str, ...]:
    """Tell which of a merged site's firms have no tax or land, which then count as none."""
    firms = roll.register.members[lead]
    if len(firms) == 1:
        return ()
    rows = roll.register.frame().set_index("usci").loc[list(firms)]
    lacking = rows.index[rows[["tax_wan", "land_mu"]].isna().any(axis=1)]
    return tuple(f"site_incomplete:{firm}" for firm in lacking)


def _number(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def _order(roll: Roll, rows: list[Row]) -> list[int]:
    """Sort by population, group, rank and code; what is not ranked comes last."""
    populations = {name: number for number, name in enumerate(roll.scheme.populations)}

    def key(number: int) -> tuple[int, bool, str, int, str]:
        row = rows[number]
        last = len(populations)
        rank = row["rank"]
        return (
            populations.get(row["population"], last),
            rank is None,
            row["group"] or "",
            rank or 0,
            row["usci"],
        )

    return sorted(range(len(rows)), key=key)


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    """Give every column its type, also where it is empty."""
    texts = ("usci", *ABOUT, "site", "population", "group", "ranked_grade", "grade")
    kinds = dict.fromkeys(texts, "str") | dict.fromkeys(("year", "rank", "of"), "Int64")
    kinds |= dict.fromkeys(("why", "warnings"), "object")
    types = {column: kinds.get(str(column), "float64") for column in frame}
    return frame.astype(types).reset_index(drop=True)
