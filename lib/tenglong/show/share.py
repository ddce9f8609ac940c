"""A share by year, held against what the plan wants of every year."""

from datetime import date
from fractions import Fraction

from tenglong.measure.judge.assessment import Assessment, Board
from tenglong.show.cell import Cell, text
from tenglong.show.coded import marked
from tenglong.show.figure.bars import Bar
from tenglong.show.number import MISSING
from tenglong.show.page import Page

# Of a verdict: the tone of its colour, and a shape that tells it without colour.
MARKS = {
    "met": ("good", "✔"),
    "so_far": ("good", "●"),
    "running": ("warn", "◐"),
    "missed": ("bad", "✖"),
}


def promised(board: Board, indicator: str) -> Assessment | None:
    """Give the clause that an indicator measures, if the plan has one."""
    return next(iter(board.measured_by(indicator)), None)


def target_share(assessment: Assessment | None) -> Fraction | None:
    """Give the target of a clause as a share, whether it is told in per cent or not."""
    if assessment is None or assessment.target is None:
        return None
    return assessment.target / 100 if assessment.clause.unit == "%" else assessment.target


def verdict(
    value: Fraction | None, assessment: Assessment | None, *, year: int, as_of: date
) -> str:
    """Judge a year's share: `met` or `missed`; until the year is over, `so_far` or `running`.

    `not_asked` where the plan wants nothing of that year, `unknown` where there is no share.
    """
    target = target_share(assessment)
    if value is None:
        return "unknown"
    if target is None or assessment is None or year < assessment.clause.window.start.year:
        return "not_asked"
    operator = assessment.clause.operator
    holds = operator is not None and operator.holds(value, target)
    if as_of < date(year, 12, 31):
        return "so_far" if holds else "running"
    return "met" if holds else "missed"


def verdict_cell(page: Page, code: str) -> Cell:
    """Give a verdict as shape, word and colour."""
    if code == "unknown":
        return text(MISSING)
    label = page.word(f"share.{code}")
    if code not in MARKS:
        return text(label)
    tone, mark = MARKS[code]
    return marked(label, tone, mark)


def share_bar(
    page: Page, value: Fraction | None, assessment: Assessment | None, *, year: int, as_of: date
) -> Bar:
    """Give a year's share as a bar in per cent, with the plan's target where it is asked."""
    code = verdict(value, assessment, year=year, as_of=as_of)
    target = target_share(assessment) if code != "not_asked" else None
    return Bar(
        page.word("share.year", year=year),
        None if value is None else value * 100,
        None if target is None else target * 100,
        MARKS.get(code, ("all", ""))[0],
    )
