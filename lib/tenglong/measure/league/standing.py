"""A league as it stands on a day: all its sheets, and what each of them scores."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from tenglong.measure.clause import Label
from tenglong.measure.judge.assessment import Assessment, Status
from tenglong.measure.league.rule import LeagueRule

NOTHING = Fraction(0)
# What is left out because nothing can be expected of it yet, or ever; the rest is not known.
LEFT_OUT = frozenset({Status.NOT_DUE, Status.NOT_APPLICABLE, Status.NOT_QUANTIFIABLE})


def _gap(progress: Fraction | None, pace: Fraction | None) -> Fraction | None:
    return None if progress is None or pace is None else (progress - pace) * 100


@dataclass(frozen=True)
class SheetRow:
    """One item (or clause) of one member.

    Attributes
    ----------
    progress
        actual / target, as it is: never capped.
    completion
        What is scored, before the cap; `capped` after it.
    points
        weight, rescaled to the items that count, × capped; None where it does not count.
    code
        Why it does not count: no_target, no_task (a target of zero), not_applicable, not_due,
        no_progress or narrative (left out), or what is not known (`is_unknown`).
    is_led
        Whether a unit leads the clause (牵头); else it is responsible together with the lead.
    judged
        Of a township, the verdict on the clause that the item is; None where it is of none.
    """

    item: str
    name: Label
    weight: Fraction
    unit: str = ""
    target: Fraction | None = None
    actual: Fraction | None = None
    observed_on: date | None = None
    progress: Fraction | None = None
    pace: Fraction | None = None
    completion: Fraction | None = None
    capped: Fraction | None = None
    points: Fraction | None = None
    light: str | None = None
    code: str = ""
    is_led: bool = True
    is_unknown: bool = False
    lacking: tuple[str, str] | None = None
    status: str = ""
    judged: Assessment | None = None

    @property
    def gap(self) -> Fraction | None:
        """Progress against pace in percentage points (序时差)."""
        return _gap(self.progress, self.pace)

    @property
    def is_started(self) -> bool | None:
        """Whether anything is done yet; None where that is not known."""
        return None if self.progress is None else self.progress != 0


@dataclass(frozen=True)
class Extra:
    """A bonus or deduction: its points, and what was counted; `code` where it is not known."""

    code_of: str
    name: Label
    points: Fraction = NOTHING
    counted: Fraction | None = None
    undecided: int = 0
    code: str = ""
    lacking: tuple[str, str] | None = None


@dataclass(frozen=True)
class Sheet:
    """One member's sheet.

    Attributes
    ----------
    score
        Σ points of the rows; None where too much is not known, or nothing counts.
    total
        score + bonuses − deductions.
    rank, rank_before, change
        Places; `change` is the places won against the period before.
    code
        Why there is no total or no rank: no_target, too_few_items, too_much_unknown,
        too_few_members; or `new` where it was not ranked before.
    """

    member: str
    name: Label
    rows: tuple[SheetRow, ...]
    bonuses: tuple[Extra, ...] = ()
    deductions: tuple[Extra, ...] = ()
    score: Fraction | None = None
    total: Fraction | None = None
    rank: int | None = None
    rank_before: int | None = None
    light: str | None = None
    code: str = ""

    @property
    def bonus(self) -> Fraction:
        """All bonuses."""
        return sum((bonus.points for bonus in self.bonuses), NOTHING)

    @property
    def deduction(self) -> Fraction:
        """All deductions, as points to be taken off."""
        return sum((deduction.points for deduction in self.deductions), NOTHING)

    @property
    def change(self) -> int | None:
        """Places won against the period before; None where it was not ranked in both."""
        if self.rank is None or self.rank_before is None:
            return None
        return self.rank_before - self.rank

    @property
    def counting(self) -> tuple[SheetRow, ...]:
        """The rows that are scored."""
        return tuple(row for row in self.rows if row.completion is not None)

    @property
    def unknown_share(self) -> Fraction:
        """Weight that is not known, of the weight that ought to count."""
        unknown = sum((row.weight for row in self.rows if row.is_unknown), NOTHING)
        known = sum((row.weight for row in self.counting), NOTHING)
        return unknown / (unknown + known) if unknown else NOTHING

    @property
    def progress(self) -> Fraction | None:
        """Mean by weight of the progress of rows that have a pace, each at most 1."""
        return self._mean([(row, min(made, Fraction(1))) for row, made, _ in self._paced])

    @property
    def pace(self) -> Fraction | None:
        """Mean by weight of the pace of the same rows."""
        return self._mean([(row, due) for row, _, due in self._paced])

    @property
    def gap(self) -> Fraction | None:
        """`progress` against `pace`, in percentage points."""
        return _gap(self.progress, self.pace)

    @property
    def worst_gap(self) -> Fraction | None:
        """The gap of the row that lags most."""
        return min((row.gap for row in self.counting if row.gap is not None), default=None)

    @property
    def is_started(self) -> bool | None:
        """Whether anything is done in any row; None where no row tells."""
        told = [row.is_started for row in self.counting if row.is_started is not None]
        return any(told) if told else None

    @property
    def _paced(self) -> list[tuple[SheetRow, Fraction, Fraction]]:
        """The rows that are scored and have a pace, each with its progress and pace."""
        return [
            (row, row.progress, row.pace)
            for row in self.counting
            if row.progress is not None and row.pace is not None
        ]

    @staticmethod
    def _mean(pairs: list[tuple[SheetRow, Fraction]]) -> Fraction | None:
        weight = sum((row.weight for row, _ in pairs), NOTHING)
        return (
            sum((row.weight * value for row, value in pairs), NOTHING) / weight if weight else None
        )


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
