"""A league as it stands on a day: all its sheets, and the tables that they make."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

import pandas as pd

from tenglong.measure.league.rule import LeagueRule
from tenglong.measure.league.sheet import Sheet


@dataclass(frozen=True)
class Standing:
    """A league as it stands on a day: the ranked first, then those who are not, by code.

    `code` says why nothing is ranked (too_few_members); `unplaced` how many rows of each table
    stand in no member's place.
    """

    league: str
    as_of: date
    rule: LeagueRule
    sheets: tuple[Sheet, ...]
    previous_on: date | None = None
    code: str = ""
    unplaced: Mapping[str, int] = field(default_factory=dict)

    def __getitem__(self, member: str) -> Sheet:
        for sheet in self.sheets:
            if sheet.member == member:
                return sheet
        raise KeyError(member)

    @property
    def ranked(self) -> tuple[Sheet, ...]:
        """The sheets that have a rank."""
        return tuple(sheet for sheet in self.sheets if sheet.rank is not None)

    @property
    def left_out(self) -> tuple[Sheet, ...]:
        """The members that have no total, each with its `code`."""
        return tuple(sheet for sheet in self.sheets if sheet.total is None)

    def to_frame(self, language: str = "zh") -> pd.DataFrame:
        """Give the ranking as a table, one row a member.

        Columns: `member`, `name`, `items` (rows that count), `unknown_share_pct`, `score`,
        `bonus`, `deduction`, `total`, `rank`, `rank_before`, `change`, `gap_points`, `light`,
        `code`. Missing where there is none.
        """
        rows = [
            {
                "member": sheet.member,
                "name": sheet.name[language],
                "items": len(sheet.counting),
                "unknown_share_pct": float(sheet.unknown_share * 100),
                "score": _float(sheet.score),
                "bonus": float(sheet.bonus),
                "deduction": float(sheet.deduction),
                "total": _float(sheet.total),
                "rank": sheet.rank,
                "rank_before": sheet.rank_before,
                "change": sheet.change,
                "gap_points": _float(sheet.gap),
                "light": sheet.light,
                "code": sheet.code,
            }
            for sheet in self.sheets
        ]
        return _frame(rows, RANKING)

    def to_sheet_frame(self, language: str = "zh") -> pd.DataFrame:
        """Give the score sheet as a table, one row a member and item (年度考核评分表).

        Columns: `member`, `name`, `item`, `item_name`, `weight`, `unit`, `target`, `actual`,
        `observed_on`, `progress_pct`, `pace_pct`, `gap_points`, `completion_pct` (never capped),
        `capped_pct`, `points`, then of the member `bonus`, `deduction`, `total`, `rank`,
        `change`, and `light`, `status` and `code` of the row.
        """
        rows = [
            {
                "member": sheet.member,
                "name": sheet.name[language],
                "item": row.item,
                "item_name": row.name[language],
                "weight": float(row.weight),
                "unit": row.unit,
                "target": _float(row.target),
                "actual": _float(row.actual),
                "observed_on": row.observed_on,
                "progress_pct": _float(row.progress, 100),
                "pace_pct": _float(row.pace, 100),
                "gap_points": _float(row.gap),
                "completion_pct": _float(row.completion, 100),
                "capped_pct": _float(row.capped, 100),
                "points": _float(row.points),
                "bonus": float(sheet.bonus),
                "deduction": float(sheet.deduction),
                "total": _float(sheet.total),
                "rank": sheet.rank,
                "change": sheet.change,
                "light": row.light,
                "status": row.status,
                "code": row.code,
            }
            for sheet in self.sheets
            for row in sheet.rows
        ]
        return _frame(rows, SCORES)


_AMOUNTS = ("score", "bonus", "deduction", "total")
RANKING = {
    "member": "str",
    "name": "str",
    "items": "int64",
    "unknown_share_pct": "float64",
    **dict.fromkeys(_AMOUNTS, "float64"),
    **dict.fromkeys(("rank", "rank_before", "change"), "Int64"),
    "gap_points": "float64",
    "light": "str",
    "code": "str",
}
SCORES = {
    **dict.fromkeys(("member", "name", "item", "item_name"), "str"),
    "weight": "float64",
    "unit": "str",
    **dict.fromkeys(("target", "actual"), "float64"),
    "observed_on": "datetime64[s]",
    **dict.fromkeys(("progress_pct", "pace_pct", "gap_points", "completion_pct"), "float64"),
    **dict.fromkeys(("capped_pct", "points", "bonus", "deduction", "total"), "float64"),
    **dict.fromkeys(("rank", "change"), "Int64"),
    **dict.fromkeys(("light", "status", "code"), "str"),
}


def _float(value: Fraction | None, scale: int = 1) -> float | None:
    return None if value is None else float(value * scale)


def _frame(rows: Sequence[Mapping[str, object]], kinds: Mapping[str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(kinds)).astype(dict(kinds))
