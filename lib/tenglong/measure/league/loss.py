"""Where a member of a league loses points: what it has to do next."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from tenglong.measure.league.rule import LeagueRule
from tenglong.measure.league.sheet import NOTHING, Sheet, SheetRow
from tenglong.measure.unit import UNITS


@dataclass(frozen=True)
class Loss:
    """The points that one row costs against completing it to exactly 100 %.

    `short` is what is wanting to be on pace (or to reach the target, of a level), in the row's
    unit, counts rounded up; None where the row's progress is not actual over target.
    """

    row: SheetRow
    points: Fraction
    short: Fraction | None = None


def losses(sheet: Sheet, rule: LeagueRule) -> tuple[Loss, ...]:
    """Give the rows that cost points, the dearest first, of equals in their order.

    Formula: full · weight / Σ weight · (1 − completion counted), over the rows that count.

    >>> from tenglong.measure.clause import Label
    >>> from tenglong.measure.league.rule import Free
    >>> from tenglong.measure.policy.formula import Formula
    >>> rule = LeagueRule(Label("", ""), Free("townships"), full=Fraction(100),
    ...     cap=Fraction(6, 5), completion=Formula.parse("progress"), lights=(),
    ...     least_members=1, least_items=1, most_unknown=Fraction(1, 5))
    >>> half = SheetRow("x", Label("事项", "item"), Fraction(1), "家", Fraction(10), Fraction(5),
    ...     progress=Fraction(1, 2), completion=Fraction(1, 2), capped=Fraction(1, 2))
    >>> found = losses(Sheet("t", Label("", ""), (half,)), rule)
    >>> float(found[0].points), float(found[0].short)
    (50.0, 5.0)
    """
    worth = worths(sheet, rule)
    found = [
        Loss(row, worth[row.item] * (1 - row.capped), _short(row))
        for row in sheet.counting
        if row.capped is not None and row.capped < 1
    ]
    return tuple(sorted(found, key=lambda one: -one.points))


def worths(sheet: Sheet, rule: LeagueRule) -> Mapping[str, Fraction]:
    """Give the points of each row that counts, when it is completed to exactly 100 %."""
    weight = sum((row.weight for row in sheet.counting), NOTHING)
    return {row.item: rule.full * row.weight / weight for row in sheet.counting}


def _short(row: SheetRow) -> Fraction | None:
    if row.target is None or row.actual is None or not row.target:
        return None
    if row.progress != row.actual / row.target:
        return None
    wanting = row.target * (1 if row.pace is None else row.pace) - row.actual
    if wanting <= 0:
        return None
    is_count = UNITS.get(row.unit, ("",))[0] == "count"
    return Fraction(ceil(wanting)) if is_count else wanting
