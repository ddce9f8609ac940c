"""The frame of an evaluation: one row a firm, everything that was found about it."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenglong.measure.county import Unavailable
from tenglong.measure.evaluation.adjustment import Adjustment
from tenglong.measure.evaluation.amounts import Amounts
from tenglong.measure.evaluation.codes import CodeColumn
from tenglong.measure.evaluation.population import NONE, Roll
from tenglong.measure.evaluation.score import Scores
from tenglong.measure.evaluation.verdict import Verdicts
from tenglong.measure.policy.column import Column, Rows

ABOUT = ("name", "township", "industry")
TOTALS = ("points", "bonus", "score")


def sheet(
    roll: Roll,
    found: Sequence[Scores],
    judged: Verdicts,
    adjusted: Mapping[str, Adjustment],
) -> pd.DataFrame:
    """Give the frame of an `Evaluation`; see there for its columns."""
    register = roll.register
    amounts = _amounts(roll)
    sites, firms = _in_order(roll, judged)
    codes = register.firms[firms]
    cells: dict[str, Any] = {
        "usci": codes,
        **_about(roll, firms),
        "year": register.year,
        "site": register.codes[sites],
        "population": _populations(roll)[sites],
        "group": _or_none(judged.groups[sites]),
        **{name: _floats(one.scored)[sites] for name, one in amounts.items()},
        **{name: column[sites] for name, column in _scored(roll, found).items()},
        "rank": _counts(judged.places.ranks[sites]),
        "of": _counts(judged.places.of[sites]),
        "ranked_grade": _or_none(judged.ranked_grades[sites]),
        "grade": _or_none(judged.grades[sites]),
        "why": _why(found, judged)[sites],
        "warnings": _warnings(roll, found, judged)[sites],
    }
    _adjust(cells, codes, adjusted)
    frame = pd.DataFrame(cells, index=range(len(sites)))
    return _typed(frame.reindex(columns=_columns(roll)))


def _amounts(roll: Roll) -> dict[str, Amounts]:
    """Give the indicators that can be computed at all; the others are noted as lacking."""
    amounts = {}
    for name in roll.scheme.indicators:
        try:
            amounts[name] = roll.register.amounts(name)
        except Unavailable as lacking:
            roll.lacks(name, lacking)
    return amounts


def _in_order(roll: Roll, judged: Verdicts) -> tuple[Rows, Rows]:
    """Give the rows of the sites and of the firms that stand in the frame.

    Sorted by population, group, rank and code; what is not ranked comes last.
    """
    register = roll.register
    sites = np.repeat(register.everything, register.sizes)
    firms = np.flatnonzero(np.isin(sites, roll.standings.rows))
    sites = sites[firms]
    populations = roll.standings.populations[sites]
    last = len(roll.scheme.populations)
    ranks, groups = judged.places.ranks[sites], judged.groups[sites].tolist()
    labels = {label: number for number, label in enumerate(sorted(set(groups)))}
    codes = register.firms[firms]
    by_code = np.arange(len(codes))
    if not codes.is_monotonic_increasing:
        by_code = np.argsort(np.argsort(codes.to_numpy(), kind="stable"))
    keys = (
        by_code,
        np.where(ranks == 0, len(ranks), ranks),
        np.array([labels[label] for label in groups], dtype=np.int64),
        ranks == 0,
        np.where(populations == NONE, last, populations),
    )
    order = np.lexsort(keys)
    return sites[order], firms[order]


def _about(roll: Roll, firms: Rows) -> dict[str, Any]:
    rows = roll.register.frame().iloc[roll.register.rows_of()[firms]]
    return {str(name): rows[name].array for name in ABOUT if name in rows}


def _columns(roll: Roll) -> list[str]:
    known = roll.register.frame().columns
    parts = {
        name: None for population in roll.scheme.populations.values() for name in population.parts
    }
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


def _populations(roll: Roll) -> NDArray[np.object_]:
    """Give the population of each site; None of those in none."""
    named = np.array([*roll.scheme.populations, None], dtype="object")
    return named[roll.standings.populations]


def _scored(roll: Roll, found: Sequence[Scores]) -> dict[str, NDArray[np.float64]]:
    """Give the points of the parts, and what they add up to, of every site."""
    columns: dict[str, NDArray[np.float64]] = {}
    for scores in found:
        parts = {f"points_{name}": points for name, points in scores.parts.items()}
        for name, column in {**parts, **{one: getattr(scores, one) for one in TOTALS}}.items():
            blank = np.full(len(roll.register.codes), np.nan)
            columns.setdefault(name, blank)[scores.sites] = _floats(column)
    return columns


def _why(found: Sequence[Scores], judged: Verdicts) -> NDArray[np.object_]:
    """Give the codes of the score, then those of the verdict, of every site."""
    codes = CodeColumn(len(judged.groups))
    for scores in found:
        codes.extend(scores.sites, scores.codes)
    codes.extend(np.arange(len(codes)), judged.codes)
    return codes.tuples()


def _warnings(roll: Roll, found: Sequence[Scores], judged: Verdicts) -> NDArray[np.object_]:
    """Give the codes of what is doubtful, of every site."""
    doubts = CodeColumn(len(judged.groups))
    doubts.extend(np.arange(len(doubts)), judged.doubts)
    for scores in found:
        doubts.extend(scores.sites, scores.doubts)
    of = judged.places.of
    doubts.add(np.flatnonzero((of > 0) & (of < roll.scheme.grading.small_group)), "small_group")
    _tell_incomplete(roll, doubts)
    return doubts.tuples()


def _tell_incomplete(roll: Roll, doubts: CodeColumn) -> None:
    """Tell which of a merged site's firms have no tax or land, which then count as none."""
    register = roll.register
    together = np.flatnonzero(register.sizes > 1)
    if not len(together):
        return
    rows = register.frame()
    lacking = set(rows.loc[rows[["tax_wan", "land_mu"]].isna().any(axis=1), "usci"])
    for site in together.tolist():
        firms = register.members[register.codes[site]]
        codes = [f"site_incomplete:{firm}" for firm in firms if firm in lacking]
        doubts.add(np.array([site]), *codes)


def _adjust(
    cells: dict[str, Any], codes: "pd.Index[Any]", adjusted: Mapping[str, Adjustment]
) -> None:
    """Put in the grades that a decision set."""
    places = codes.get_indexer(pd.Index(list(adjusted), dtype="object"))
    for adjustment, place in zip(adjusted.values(), places.tolist(), strict=True):
        if place >= 0:
            cells["grade"][place] = adjustment.grade
            cells["why"][place] = (*cells["why"][place], f"adjusted:{adjustment.reason}")


def _floats(column: Column) -> NDArray[np.float64]:
    return np.where(column.is_known, column.numbers().floats, np.nan)


def _counts(numbers: NDArray[np.int64]) -> "pd.Series[int]":
    return pd.Series(numbers, dtype="Int64").mask(numbers == 0)


def _or_none(texts: NDArray[np.object_]) -> NDArray[np.object_]:
    found = texts.copy()
    found[found == ""] = None
    return found


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    """Give every column its type, also where it is empty."""
    texts = ("usci", *ABOUT, "site", "population", "group", "ranked_grade", "grade")
    kinds = dict.fromkeys(texts, "str") | dict.fromkeys(("year", "rank", "of"), "Int64")
    kinds |= dict.fromkeys(("why", "warnings"), "object")
    types = {column: kinds.get(str(column), "float64") for column in frame}
    return frame.astype(types)
