"""The tables of a bulletin: the leagues, and the annexes (附表)."""

from fractions import Fraction
from html import escape

from tenglong.measure.bulletin.points import Case, Cases
from tenglong.measure.judge.assessment import Assessment, YearVerdict
from tenglong.measure.league.standing import Sheet, SheetRow, Standing
from tenglong.measure.reading import Grain
from tenglong.measure.sheet.bulletin import BulletinSheet
from tenglong.show import cell
from tenglong.show.cell import Cell
from tenglong.show.number import JOINER, MISSING, figure, plain, unit_text
from tenglong.show.page import Page
from tenglong.show.pages.bulletin_case import step_text
from tenglong.show.pages.bulletin_clause import amount
from tenglong.show.piece import Piece
from tenglong.show.table import Column, table

# Tones of the lights of the league; any other light has none.
TONES = {"green": "good", "yellow": "warn", "red": "bad"}
MARKS = {"green": "●", "yellow": "◐", "red": "▼"}


def joined(*pieces: Piece) -> Piece:
    """Put pieces below one another."""
    csv = {name: text for piece in pieces for name, text in piece.csv.items()}
    return Piece("".join(piece.html for piece in pieces), csv)


def league_tables(page: Page, told: BulletinSheet) -> Piece:
    """Draw the ranking of every league: rank, change, score, light."""
    return joined(*(_league(page, one) for one in told.standings))


def _league(page: Page, standing: Standing) -> Piece:
    sheets = standing.sheets
    labels = {rule.light: rule.label[page.language] for rule in standing.rule.lights}
    columns = [
        Column(_said(page, "rank.place"), [cell.number(one.rank, 0) for one in sheets]),
        Column(
            _said(page, "rank.name"), [cell.text(one.name[page.language]) for one in sheets], True
        ),
        Column(_said(page, "rank.before"), [cell.number(s.rank_before, 0) for s in sheets]),
        Column(_said(page, "rank.change"), [cell.number(s.change, 0, sign=True) for s in sheets]),
        Column(_said(page, "rank.total"), [cell.number(one.total, 1) for one in sheets]),
        Column(_said(page, "rank.gap"), [cell.number(s.gap, 1, sign=True) for s in sheets]),
        Column(_said(page, "rank.light"), [_light(one, labels) for one in sheets]),
        Column(_said(page, "rank.why"), [_why(page, one) for one in sheets]),
    ]
    caption = page.word("bulletin.rank.caption", league=standing.rule.name[page.language])
    note = page.word("bulletin.rank.note")
    return table(columns, caption=caption, name=f"bulletin_{standing.league}", note=note)


def _said(page: Page, key: str) -> str:
    return page.word(f"bulletin.{key}")


def _light(sheet: Sheet, labels: dict[str, str]) -> Cell:
    if sheet.light is None:
        return Cell(MISSING, "")
    mark, tone = MARKS.get(sheet.light, ""), TONES.get(sheet.light, "none")
    label = labels[sheet.light]
    html = f'<span class="status {tone}">{mark} {escape(label)}</span>'
    return Cell(html, label)


def _why(page: Page, sheet: Sheet) -> Cell:
    return cell.text(page.word(f"league.code.{sheet.code}") if sheet.code else "")


def cases_table(page: Page, told: BulletinSheet) -> Piece:
    """List every overdue firm, stuck project and idle parcel."""
    rows = [
        (group, one) for group in told.problems if isinstance(group, Cases) for one in group.cases
    ]
    if not rows:
        return Piece(f'<p class="note">{escape(_said(page, "none_cases"))}</p>')
    columns = [
        Column(
            _said(page, "column.kind"),
            [cell.text(page.word(f"bulletin.kind.{group.code}")) for group, _ in rows],
            css="short",
        ),
        Column(_said(page, "column.name"), [cell.text(one.name) for _, one in rows], True),
        Column(_said(page, "column.place"), [cell.text(one.place or MISSING) for _, one in rows]),
        Column(
            _said(page, "column.step"),
            [cell.text(step_text(page, group.code, one.step)) for group, one in rows],
        ),
        Column(_said(page, "column.since"), [_day(one, "since") for _, one in rows], css="short"),
        Column(_said(page, "column.due"), [_day(one, "due_on") for _, one in rows], css="short"),
        Column(_said(page, "column.days"), [cell.number(one.days, 0) for _, one in rows]),
        Column(_said(page, "column.area"), [cell.number(one.amount) for _, one in rows]),
        Column(
            _said(page, "column.unit"),
            [cell.text(group.units[0] if group.units else MISSING) for group, _ in rows],
            css="unit",
        ),
    ]
    return table(columns, caption=_said(page, "table.cases"), name="bulletin_cases")


def _day(one: Case, name: str) -> Cell:
    day = getattr(one, name)
    return cell.text(day.isoformat() if day else MISSING)


def yearly(page: Page, told: BulletinSheet) -> Piece:
    """Draw the verdict of every year on the clauses for every year; in an annual one only."""
    rows = [one for one in told.board.assessments if one.years]
    if told.period.grain is not Grain.YEAR or not rows:
        return Piece("")
    years = sorted({year.year for one in rows for year in one.years})
    columns = [
        Column(
            page.word("column.clause"),
            [cell.text(one.clause.name[page.language]) for one in rows],
            is_header=True,
        ),
        Column(page.word("column.target"), [amount(page, one.target, one) for one in rows]),
        *(
            Column(
                page.word("bulletin.year", year=year),
                [_verdict(page, one, year) for one in rows],
            )
            for year in years
        ),
        Column(
            page.word("column.lead"),
            [cell.text(one.clause.lead or MISSING) for one in rows],
            css="unit",
        ),
    ]
    return table(columns, caption=_said(page, "table.years"), name="bulletin_years")


def _verdict(page: Page, one: Assessment, year: int) -> Cell:
    found: YearVerdict | None = next((each for each in one.years if each.year == year), None)
    if found is None:
        return Cell(MISSING, "")
    label = page.word(f"verdict.{found.verdict}")
    if found.actual is None:
        return cell.text(label)
    figure = amount(page, found.actual, one)
    return Cell(f"{figure.html} {escape(label)}", f"{figure.plain} {label}")


def scores(page: Page, told: BulletinSheet) -> Piece:
    """Draw the score sheet of every league (考核评分表); in an annual bulletin only."""
    if told.period.grain is not Grain.YEAR:
        return Piece("")
    return joined(*(_scores(page, one) for one in told.standings))


def _scores(page: Page, standing: Standing) -> Piece:
    rows = [(sheet, row) for sheet in standing.ranked for row in sheet.counting]
    if not rows:
        return Piece("")
    columns = [
        Column(_said(page, "rank.name"), [cell.text(s.name[page.language]) for s, _ in rows], True),
        Column(_said(page, "column.item"), [cell.text(r.name[page.language]) for _, r in rows]),
        Column(_said(page, "column.weight"), [cell.number(row.weight, 1) for _, row in rows]),
        Column(
            page.word("column.target"),
            [_quantity(page, row.target, row) for _, row in rows],
        ),
        Column(
            page.word("column.actual"),
            [_quantity(page, row.actual, row) for _, row in rows],
        ),
        Column(_said(page, "column.completion"), [_completion(row) for _, row in rows]),
        Column(_said(page, "column.points"), [cell.number(row.points) for _, row in rows]),
        Column(_said(page, "column.extra"), [cell.number(s.bonus, 1) for s, _ in rows]),
        Column(_said(page, "column.deduction"), [cell.number(s.deduction, 1) for s, _ in rows]),
        Column(_said(page, "rank.total"), [cell.number(sheet.total, 1) for sheet, _ in rows]),
        Column(_said(page, "rank.place"), [cell.number(sheet.rank, 0) for sheet, _ in rows]),
    ]
    caption = page.word("bulletin.table.scores", league=standing.rule.name[page.language])
    return table(columns, caption=caption, name=f"bulletin_scores_{standing.league}")


def _quantity(page: Page, value: Fraction | None, row: SheetRow) -> Cell:
    # A township's share of a count is no whole number: all have decimals.
    text = f"{figure(value)}{JOINER}{unit_text(row.unit, page.language)}".rstrip(JOINER)
    return Cell(MISSING if value is None else escape(text), plain(value), is_number=True)


def _completion(row: SheetRow) -> Cell:
    return cell.number(None if row.completion is None else row.completion * 100, 1)
