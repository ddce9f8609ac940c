"""The roll-up of many counties: their boards side by side, and sums of what can be added."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tenglong.errors import DataError
from tenglong.measure.board.board import assess_plan
from tenglong.measure.clause import Clause, Kind, Plan
from tenglong.measure.county import County
from tenglong.measure.judge.assessment import Assessment, Board, Status

IN_ORDER = (Status.ACHIEVED, Status.AHEAD, Status.ON_TRACK)
FAR_OFF = (Status.FAR_BEHIND, Status.MISSED)
Key = tuple[object, ...]
MOST_UNKNOWN = Fraction(1, 5)  # targets.md: no composite where more is not known


@dataclass(frozen=True, eq=False)
class Standing:
    """A county and how the clauses of its plan stand."""

    county: County
    board: Board

    def count(self, *statuses: Status) -> int:
        """How many of the clauses that can be quantified have one of these statuses."""
        return sum(assessment.status in statuses for assessment in self.board.quantified)

    @property
    def share_in_order(self) -> Fraction | None:
        """The share of the judged clauses that are in order.

        None where more than a fifth of what should be told by now cannot be.
        """
        measured, untold = len(self.board.measured), len(self.board.untold)
        if not measured or Fraction(untold, measured + untold) > MOST_UNKNOWN:
            return None
        return Fraction(self.count(*IN_ORDER), measured)


@dataclass(frozen=True, eq=False)
class Row:
    """One clause in all counties: how it stands in each, by the county's place in the province.

    `total` adds up what the counties have done, where that is a count or an amount; `known` is
    how many counties are in it.
    """

    clause: Clause
    by_county: Mapping[int, Assessment]
    total: Fraction | None
    known: int


@dataclass(frozen=True, eq=False)
class Province:
    """Counties on one day, those that need a push first, and their clauses side by side."""

    standings: tuple[Standing, ...]
    rows: tuple[Row, ...]


# What counties have done since the beginning may be added up; ratios and rates may not.
ADDITIVE = (Kind.CUMULATIVE,)


def province(counties: Sequence[County]) -> Province:
    """Judge the plan of every county, and lay the clauses side by side.

    Every county is judged by its own plan. Clauses of several plans share a row where one
    indicator measures them in one unit; each is held against its own target.

    Raises
    ------
    DataError
        If the counties are not of one day, or one stands twice.
    """
    days = {county.as_of for county in counties}
    if len(days) > 1:
        raise DataError(f"province: counties must be of one day, not {sorted(days)}")
    codes = [county.code for county in counties]
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice:
        raise DataError(f"province: stands twice: {', '.join(twice)}")
    standings = [Standing(county, assess_plan(county)) for county in counties]
    ordered = tuple(sorted(standings, key=_urgency))
    return Province(ordered, _rows(ordered))


def _urgency(standing: Standing) -> tuple[int, int, str]:
    return (
        -standing.count(*FAR_OFF, Status.BEHIND),
        len(standing.board.untold),
        standing.county.code,
    )


def _rows(standings: tuple[Standing, ...]) -> tuple[Row, ...]:
    by_key: dict[Key, dict[int, Assessment]] = {}
    for place, standing in enumerate(standings):
        seen: Counter[Key] = Counter()
        for assessment in standing.board.quantified:
            key = _key(assessment.clause, standing.county.plan)
            seen[key] += 1
            by_key.setdefault((*key, seen[key]), {})[place] = assessment
    return tuple(_row(by_county) for by_county in by_key.values())


def _key(clause: Clause, plan: Plan) -> Key:
    """Say what makes clauses of several plans one: what measures them, in which unit and kind."""
    if clause.indicator is None:
        return plan.id, clause.id
    options = sorted(clause.indicator.options.items())
    return clause.indicator.name, str(options), clause.unit, clause.kind


def _row(by_county: Mapping[int, Assessment]) -> Row:
    clause = next(iter(by_county.values())).clause
    known = [
        assessment.actual
        for assessment in by_county.values()
        if not assessment.status.is_untold
        and assessment.actual is not None
        and clause.kind in ADDITIVE
    ]
    return Row(clause, by_county, sum(known, Fraction(0)) if known else None, len(known))
