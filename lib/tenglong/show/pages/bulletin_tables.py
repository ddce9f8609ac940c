"""The tables of a bulletin: the leagues, and the annexes (附表)."""

from dataclasses import dataclass

from tenglong.measure.bulletin.points import Case, Cases
from tenglong.measure.judge.assessment import Assessment
from tenglong.measure.league.standing import Sheet, SheetRow, Standing
from tenglong.measure.reading import Grain
from tenglong.measure.sheet.bulletin import BulletinSheet
from tenglong.show import cell
from tenglong.show.assessed import amount_cell
from tenglong.show.cell import Cell
from tenglong.show.listing import (
    Field,
    coded,
    filled,
    itself,
    label,
    listing,
    number,
    text,
    whole,
)
from tenglong.show.number import MISSING
from tenglong.show.page import Page
from tenglong.show.pages.bulletin_groups import step_text
from tenglong.show.pages.league import lamp, why
from tenglong.show.pages.league_sheets import completion_fields, target_cell
from tenglong.show.pages.running import running_figures
from tenglong.show.pages.scorecard import CLAUSE, LEAD, TARGET
from tenglong.show.piece import Piece, remark, stacked


@dataclass(frozen=True)
class Listed:
    """A firm, a project or a parcel, and the group that it is of."""

    group: Cases
    case: Case


@dataclass(frozen=True)
class Scored:
    """An item of a member's score sheet."""

    member: Sheet
    row: SheetRow


def _step(page: Page, listed: Listed) -> str:
    return step_text(page, listed.group.code, listed.case.step)


RANKS = (
    Field(".rank.place", whole, "rank"),
    Field(".rank.name", label, is_header=True),
    Field(".rank.before", whole, "rank_before"),
    Field(".rank.change", number(0, sign=True)),
    Field(".rank.total", number(1)),
    Field(".rank.gap", number(1, sign=True)),
)
WHY = Field(".rank.why", why, "code")
CASES = (
    Field("kind", coded(".kind"), "group.code", css="short"),
    Field("name", text, "case.name", is_header=True),
    Field("place", filled, "case.place"),
    Field("step", _step, itself),
    Field("since", text, "case.since", css="short"),
    Field("due", text, "case.due_on", css="short"),
    Field("days", whole, "case.days"),
    Field("area", number(2), "case.amount"),
    Field("unit", text, lambda listed: next(iter(listed.group.units), None), css="unit"),
)
SCORES = (
    Field(".rank.name", label, "member.name", is_header=True),
    Field("item", label, "row.name"),
    Field("weight", number(1), "row.weight"),
    Field("column.target", target_cell, "row", css="verbatim"),
    Field(
        "column.actual", lambda page, row: cell.amount(row.actual, row.unit, page.language), "row"
    ),
)
EARNED = (
    Field("points", number(2), "row.points"),
    Field("extra", number(1), "member.bonus"),
    Field("deduction", number(1), "member.deduction"),
    Field(".rank.total", number(1), "member.total"),
    Field(".rank.place", whole, "member.rank"),
)


def league_tables(page: Page, sheet: BulletinSheet) -> Piece:
    """Draw the ranking of every league: rank, change, score, light."""
    return stacked(*(_league(page, standing) for standing in sheet.standings))


def _league(page: Page, standing: Standing) -> Piece:
    return listing(
        page,
        standing.sheets,
        (*RANKS, Field(".rank.light", lamp(standing.rule, unlit="")), WHY),
        caption=page.word(".rank.caption", league=page.told(standing.rule.name)),
        name=f"bulletin_{standing.league}",
        note=page.word(".rank.note"),
    )


def cases_table(page: Page, sheet: BulletinSheet) -> Piece:
    """List every overdue firm, stuck project and idle parcel."""
    groups = [group for group in sheet.problems if isinstance(group, Cases)]
    return listing(
        page,
        [Listed(group, case) for group in groups for case in group.cases],
        CASES,
        caption=page.word(".table.cases"),
        name="bulletin_cases",
        nothing=remark(page.word(".none_cases")),
    )


def running(page: Page, sheet: BulletinSheet) -> Piece:
    """Set the last twelve months beside the yearly figures; in a monthly bulletin only."""
    if sheet.period.grain is not Grain.MONTH:
        return Piece("")
    return running_figures(page, sheet.board, name="bulletin_running")


def yearly(page: Page, sheet: BulletinSheet) -> Piece:
    """Draw the verdict of every year on the clauses for every year; in an annual one only."""
    rows = [one for one in sheet.board.assessments if one.years]
    if sheet.period.grain is not Grain.YEAR:
        return Piece("")
    years = sorted({year.year for one in rows for year in one.years})
    return listing(
        page,
        rows,
        (CLAUSE, TARGET, *(_verdict(page, year) for year in years), LEAD),
        caption=page.word(".table.years"),
        name="bulletin_years",
        nothing=Piece(""),
    )


def _verdict(page: Page, year: int) -> Field:
    def draw(page: Page, assessment: Assessment) -> Cell:
        judged = next((each for each in assessment.years if each.year == year), None)
        if judged is None:
            return Cell(MISSING, "")
        verdict = cell.text(page.word(f"verdict.{judged.verdict}"))
        if judged.actual is None:
            return verdict
        actual = amount_cell(page, judged.actual, assessment)
        return Cell(f"{actual.html} {verdict.html}", f"{actual.plain} {verdict.plain}")

    return Field("", draw, itself, label=page.word(".year", year=year))


def scores(page: Page, sheet: BulletinSheet) -> Piece:
    """Draw the score sheet of every league (考核评分表); in an annual bulletin only."""
    if sheet.period.grain is not Grain.YEAR:
        return Piece("")
    return stacked(*(_scores(page, standing) for standing in sheet.standings))


def _scores(page: Page, standing: Standing) -> Piece:
    return listing(
        page,
        [Scored(member, row) for member in standing.ranked for row in member.counting],
        (*SCORES, *completion_fields(standing.rule), *EARNED),
        caption=page.word(".table.scores", league=page.told(standing.rule.name)),
        name=f"bulletin_scores_{standing.league}",
        nothing=Piece(""),
    )
