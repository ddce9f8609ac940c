"""The score sheets of the league (考核评分表), its bonuses and deductions, and its formula."""

from dataclasses import dataclass
from fractions import Fraction
from html import escape
from operator import itemgetter

from tenglong.measure.judge.assessment import Status
from tenglong.measure.league.rule import LeagueRule
from tenglong.measure.league.standing import Extra, Sheet, SheetRow
from tenglong.measure.sheet.league import History, LeagueSheet
from tenglong.show import cell
from tenglong.show.amount import as_written
from tenglong.show.assessed import asked_text, status_cell
from tenglong.show.cell import Cell
from tenglong.show.listing import Field, label, listing, number, points, text, whole
from tenglong.show.number import MISSING, plain
from tenglong.show.page import Page
from tenglong.show.pages.league import lamp, of_league, why
from tenglong.show.piece import Piece, remark, stacked
from tenglong.show.shares import shares_text
from tenglong.show.table import table
from tenglong.show.text.formula import formula_text

MOST_ROWS = 110
MOST_ROWS_OF_UNITS = 60


@dataclass(frozen=True)
class Line:
    """A row of a member's sheet, and the points that it costs; `place` is that in the list."""

    place: int
    sheet: Sheet
    row: SheetRow
    lost: Fraction | None

    @property
    def gap(self) -> Fraction | None:
        """The gap in percentage points: that of the verdict, also of a level scored without."""
        judged = self.row.judged
        return self.row.gap if judged is None or judged.gap is None else judged.gap * 100


@dataclass(frozen=True)
class Given:
    """A bonus of a member, or a deduction: its points have a minus."""

    sheet: Sheet
    extra: Extra
    points: Fraction


def _status(page: Page, status: str) -> Cell:
    """Draw the verdict on a row that is a clause of the plan; none on any other."""
    return status_cell(page, Status(status)) if status else cell.text(MISSING)


def target_cell(page: Page, row: SheetRow) -> Cell:
    """Draw what a row asks for, in the words that every page has for the clause that it is."""
    clauses = (one for one in page.place.plan.clauses if one.id == row.item)
    clause = next((one for one in clauses if one.target == row.target), None)
    if clause is not None:
        return Cell(escape(asked_text(page, clause)), plain(row.target), is_number=True)
    if row.target is None:
        return cell.number(None)
    return Cell(escape(as_written(page, row.target, row.unit)), plain(row.target), is_number=True)


LINES = (
    Field(".line", whole, "place", in_page=False),
    Field(".member", label, "sheet.name", css="short"),
    Field(".item", label, "row.name", is_header=True),
    Field(".weight", number(1), "row.weight"),
    Field(".target", target_cell, "row", css="verbatim"),
    Field(".actual", lambda page, row: cell.amount(row.actual, row.unit, page.language), "row"),
)
SCORED = (
    Field(".gap", number(1, sign=True)),
    Field(".points", number(1), "row.points"),
    Field(".lost", number(1)),
    Field("column.status", _status, "row.status"),
)
WHY = Field(".why", why, "row.code")
EXTRAS = (
    Field(".member", label, "sheet.name", is_header=True),
    Field(".extra", label, "extra.name"),
    Field(".counted", whole, "extra.counted"),
    Field(".extra_points", number(1, sign=True), "points"),
    Field(".why", why, "extra.code"),
)
FORMULA = (Field(".line", whole, itemgetter(0)), Field(".formula", text, itemgetter(1)))


def completion_fields(rule: LeagueRule) -> tuple[Field, Field]:
    """Declare what is done of the target, and what of it is scored, by its own name."""
    scored = "league.completion_paced" if rule.is_paced else "league.completion"
    done = "league.progress_of_units" if rule.is_of_units else "league.progress"
    return (
        Field(done, points(), "row.progress"),
        Field(scored, points(), "row.completion"),
    )


@of_league("league_{}_sheets")
def score_sheets(page: Page, history: History, race: LeagueSheet) -> Piece:
    """Draw every member's sheet, item by item; of one township alone where one is looked at.

    Rows that do not count stand last, each with its reason. Departments have many clauses: what
    costs most points stands first, and the CSV has all.
    """
    now, rule = history.now, history.now.rule
    lines = _lines(history, race.township)
    if not lines:
        return remark(page.word(".no_sheets"))
    most_rows = MOST_ROWS_OF_UNITS if rule.is_of_units else MOST_ROWS
    more = page.word("table.more", rows=len(lines)) if len(lines) > most_rows else ""
    completions = completion_fields(rule)
    fields = (*LINES, *completions, *SCORED, Field(".light", lamp(rule), "row.light"), WHY)
    return table(
        [field.column(page, lines) for field in fields],
        caption=page.word(".sheets_caption", league=page.told(rule.name)),
        name=f"league_{now.league}_sheets",
        note=page.word(".sheets_note") + shares_text(page, race.shares[now.league]) + more,
        most_rows=most_rows,
    )


def _lines(history: History, township: str) -> list[Line]:
    """Give the rows by member in the order of the ranks; those that do not count last."""
    sheets = history.now.sheets
    lost = {
        (member, loss.row.item): loss.points
        for member, losses in history.losses.items()
        for loss in losses
    }
    rows = [
        (sheet, row, lost.get((sheet.member, row.item)))
        for sheet in [sheet for sheet in sheets if sheet.member == township] or sheets
        for row in sheet.rows
    ]
    if history.now.rule.is_of_units:
        rows.sort(key=lambda parts: -(parts[2] or 0))
    rows.sort(key=lambda parts: parts[1].completion is None)
    return [Line(place, *parts) for place, parts in enumerate(rows, start=1)]


@of_league()
def extras_table(page: Page, history: History, _: LeagueSheet) -> Piece:
    """List the bonuses and deductions that were given, and those that could not be reckoned."""
    now = history.now
    return listing(
        page,
        [
            Given(sheet, extra, extra.points * sign)
            for sheet in now.sheets
            for sign, extras in ((1, sheet.bonuses), (-1, sheet.deductions))
            for extra in extras
            if extra.points or extra.code
        ],
        EXTRAS,
        caption=page.word(".extras_caption", league=page.told(now.rule.name)),
        name=f"league_{now.league}_extras",
        nothing=remark(page.word(".no_extras")),
    )


def formula_table(page: Page, race: LeagueSheet, league: str) -> Piece:
    """Print the formula of every league of a section in full, line by line."""
    return stacked(*(_formula(page, race, one) for one in race.sections[league]))


def _formula(page: Page, race: LeagueSheet, league: str) -> Piece:
    name = page.place.policy["league"]["leagues"][league]["name"][page.language]
    return listing(
        page,
        list(enumerate(formula_text(page, race.formulas[league, page.language]), start=1)),
        FORMULA,
        caption=page.word(".formula_caption", league=name),
        name=f"league_{league}_formula",
    )
