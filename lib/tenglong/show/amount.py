"""A clause's figures in its unit: as a table prints them, and as running text says them."""

from collections.abc import Mapping
from fractions import Fraction
from html import escape

from tenglong.measure.clause import Clause, Kind, Operator, written
from tenglong.measure.judge.assessment import Assessment
from tenglong.show.cell import Cell
from tenglong.show.number import (
    A_YI,
    COUNTS,
    JOINER,
    MISSING,
    POINT,
    WAN,
    figure,
    fraction_text,
    percent,
    plain,
    points,
    quantity,
    spoken,
    unit_text,
)
from tenglong.show.page import Page

SAID: Mapping[Operator, str] = {
    Operator.MORE_THAN: "promise.more_than",
    Operator.AT_MOST: "promise.at_most",
    Operator.LESS_THAN: "promise.less_than",
}


def promise_text(page: Page, clause: Clause) -> str:
    """Give what a clause asks for, as an official text says it; "" without a target.

    A fall is a fall (下降 9 % 以上), a clear-out is one (全面出清), a third is a third.
    """
    target = clause.target
    if target is None or clause.operator is None:
        return ""
    if clause.kind is Kind.CLEAR_OUT and target == 0:
        return page.word("promise.cleared")
    if clause.kind is Kind.CHANGE and target < 0 and clause.operator is Operator.AT_MOST:
        return page.word("promise.falls", amount=as_written(page, -target, clause.unit))
    said = as_written(page, target, clause.unit)
    if clause.operator is Operator.AT_LEAST and fraction_text(target, page.language):
        return page.word("promise.at_least", amount=said)
    return f"{clause.operator.sign} {said}"


def _said(page: Page, number: Fraction, unit: str) -> str:
    """Write a target: money in the unit that running text tells it in, with no idle decimals."""
    if unit not in WAN:
        return as_written(page, number, unit)
    if page.language == "en":
        return spoken(number, unit, "en")
    wan = number * WAN[unit]
    return as_written(page, wan / A_YI, "亿元") if wan >= A_YI else as_written(page, wan, "万元")


def as_written(page: Page, number: Fraction, unit: str) -> str:
    """Print a target as a plan writes it: no more digits than it has, a third as a third."""
    fraction = fraction_text(number, page.language)
    said = fraction or written(number).replace("-", "\N{MINUS SIGN}")
    return f"{said} {unit_text(unit, page.language)}".rstrip()


def in_unit(page: Page, value: Fraction | None, assessment: Assessment) -> str:
    """Print a figure in the clause's unit; a share without a unit as per cent.

    More digits are printed where rounding would cross the target that it is judged by.
    """
    limits = () if assessment.target is None else (assessment.target,)
    if assessment.clause.unit == "" and assessment.clause.kind in (Kind.SHARE, Kind.COVERAGE):
        return percent(value, 2, limits=limits)
    return quantity(value, assessment.clause.unit, page.language, limits=limits)


def difference_cell(page: Page, value: Fraction | None, clause: Clause) -> Cell:
    """Give a difference of figures of a clause: of shares and rates in percentage points."""
    return Cell(escape(difference_text(page, value, clause)), plain(value), is_number=True)


def difference_text(page: Page, value: Fraction | None, clause: Clause) -> str:
    """Print a difference of figures of a clause, or how they move in a month; never as 0 if not."""
    nothing = (Fraction(0),)
    if clause.unit == "" and clause.kind in (Kind.SHARE, Kind.COVERAGE):
        return points(value, page.language, 2, limits=nothing)
    if value is None or clause.unit not in COUNTS:
        unit = POINT if clause.unit == "%" else clause.unit
        return quantity(value, unit, page.language, limits=nothing)
    # A rate has decimals, even of what is counted.
    decimals = 0 if value.denominator == 1 else 2
    shown = f"{figure(value, decimals)}{JOINER}{unit_text(clause.unit, page.language)}"
    return shown.rstrip(JOINER)


def target_said(page: Page, assessment: Assessment) -> Cell:
    """Give the target as running text says it: no sign, and no decimals that the plan has not."""
    clause, target = assessment.clause, assessment.target
    if clause.kind is Kind.MILESTONE:
        return Cell(page.day(clause.due), clause.due.isoformat())
    if target is None:
        return Cell(MISSING, "")
    own = promise_text(page, clause)
    if clause.operator is not None and own.startswith(clause.operator.sign):
        own = _said(page, target, clause.unit)
        if clause.operator in SAID:
            own = page.word(SAID[clause.operator], amount=own)
    return Cell(escape(own), plain(target), is_number=True)


def actual_said(page: Page, assessment: Assessment) -> Cell:
    """Give the actual figure as running text says it: money in its larger unit, a fall as one."""
    value, clause = assessment.actual, assessment.clause
    if clause.kind is Kind.MILESTONE and assessment.observed_on is not None:
        return Cell(page.day(assessment.observed_on), assessment.observed_on.isoformat())
    return amount_said(page, value, clause)


def amount_said(page: Page, value: Fraction | None, clause: Clause) -> Cell:
    """Give a figure of a clause as running text says it, on the side of its target where it is."""
    limits = () if clause.target is None else (clause.target,)
    if value is not None and value and clause.kind is Kind.CHANGE:
        key = "change.fell" if value < 0 else "change.rose"
        sizes = [abs(limit) for limit in limits]
        own = page.word(key, amount=spoken(abs(value), clause.unit, page.language, limits=sizes))
    elif clause.unit == "" and clause.kind in (Kind.SHARE, Kind.COVERAGE):
        own = percent(value, 2, limits=limits)
    else:
        own = spoken(value, clause.unit, page.language, limits=limits)
    return Cell(escape(own), plain(value), is_number=True)
