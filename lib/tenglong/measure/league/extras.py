"""Bonuses and deductions of a league (加分、扣分): points by what was counted or by statuses."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction

from tenglong.measure.county import County, Unavailable
from tenglong.measure.league.rule import Adjustment, LeagueRule
from tenglong.measure.league.sheet import NOTHING, Extra, Sheet
from tenglong.measure.league.tally import Tallied, tallied
from tenglong.measure.target.assessment import Status

Counts = Tallied | Unavailable | None


def extras(county: County, rule: LeagueRule, sheets: Iterable[Sheet]) -> tuple[Sheet, ...]:
    """Give scored sheets their bonuses and deductions; total = score + bonus − deduction.

    One that cannot be reckoned, for want of a table or column, adds nothing and says so on
    every sheet.
    """
    gains = _counts(county, rule.bonuses)
    losses = _counts(county, rule.deductions)
    return tuple(_with_extras(sheet, rule, gains, losses) for sheet in sheets)


def _counts(county: County, adjustments: Mapping[str, Adjustment]) -> dict[str, Counts]:
    found: dict[str, Counts] = {}
    for code, one in adjustments.items():
        try:
            found[code] = tallied(county, one.count) if one.count else None
        except Unavailable as error:
            found[code] = error
    return found


def _with_extras(
    sheet: Sheet, rule: LeagueRule, gains: Mapping[str, Counts], losses: Mapping[str, Counts]
) -> Sheet:
    added = tuple(_extra(sheet, code, rule.bonuses[code], gains[code]) for code in gains)
    taken = tuple(_extra(sheet, code, rule.deductions[code], losses[code]) for code in losses)
    both = replace(sheet, bonuses=added, deductions=taken)
    if both.score is None:
        return both
    return replace(both, total=both.score + both.bonus - both.deduction)


def _extra(sheet: Sheet, code: str, one: Adjustment, counts: Counts) -> Extra:
    if isinstance(counts, Unavailable):
        lacking = (counts.table, counts.column or "")
        why = "no_column" if counts.column else "no_table"
        return Extra(code, one.name, code=why, lacking=lacking)
    names: dict[str, Fraction | None] = _statuses(sheet)
    counted = None if counts is None else counts.amounts.get(sheet.member, NOTHING)
    undecided = 0 if counts is None else counts.undecided
    try:
        points = one.points({**names, "counted": counted})
    except ZeroDivisionError:
        points = None
    if points is None:
        return Extra(code, one.name, counted=counted, undecided=undecided, code="not_known")
    within = max(NOTHING, Fraction(points))
    capped = within if one.most is None else min(within, one.most)
    return Extra(code, one.name, capped, counted, undecided)


def _statuses(sheet: Sheet) -> dict[str, Fraction | None]:
    """Count the rows of each status, those that count, and those that are not known."""
    counts = {status.value: NOTHING for status in Status}
    for row in sheet.rows:
        if row.status:
            counts[row.status] += 1
    return {
        **counts,
        "items": Fraction(len(sheet.rows)),
        "judged": Fraction(len(sheet.counting)),
        "unknown": Fraction(sum(row.is_unknown for row in sheet.rows)),
        "score": sheet.score,
    }
